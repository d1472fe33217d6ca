//! A field of a state: JSON whose strings may be `{% expressions %}`.

use super::{Environment, EvaluationError, Expression, SyntaxError, error::type_name};
use crate::query::pointer::{below, extended};
use serde_json::{Map, Value};

/// A compiled field.
#[derive(Debug)]
pub struct Template {
    node: Node,
}

#[derive(Debug)]
enum Node {
    /// JSON without expressions.
    Constant(Value),
    Expression(Expression),
    Array(Vec<Self>),
    Object(Vec<(String, Self)>),
}

/// A string in a field that AWS refuses at create.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TemplateError {
    /// The expression in it is refused.
    #[error("{error}")]
    Expression {
        /// Where it is inside the field: a JSON pointer, empty for the field itself.
        pointer: String,
        /// Why.
        error: SyntaxError,
    },
    /// `{%` without `%}`, the other way round, or text outside of them.
    #[error("`{{%` and `%}}` must enclose the whole string")]
    Brackets {
        /// Where it is inside the field: a JSON pointer, empty for the field itself.
        pointer: String,
    },
}

/// The expression inside a string, if the string is one.
enum Text<'a> {
    Plain,
    Expression(&'a str),
    HalfOpen,
}

fn text(string: &str) -> Text<'_> {
    if let Some(inner) = string.strip_prefix("{%").and_then(|rest| rest.strip_suffix("%}")) {
        return Text::Expression(inner);
    }
    // Recorded: with blanks around its brackets a string is a constant to AWS.
    if string.starts_with("{%") || string.ends_with("%}") { Text::HalfOpen } else { Text::Plain }
}

impl Template {
    /// Compiles a field.
    ///
    /// # Errors
    /// The first string in it that AWS refuses.
    pub fn compile(value: &Value) -> Result<Self, TemplateError> {
        let (template, mut errors) = Self::compile_all(value);
        if errors.is_empty() { Ok(template) } else { Err(errors.swap_remove(0)) }
    }

    /// Compiles a field and lists every string in it that AWS refuses; those stay as they are.
    pub fn compile_all(value: &Value) -> (Self, Vec<TemplateError>) {
        let mut errors = Vec::new();
        let node = Node::compile(value, &mut String::new(), &mut errors);
        (Self { node }, errors)
    }

    /// Makes a field in which nothing is an expression.
    pub fn constant(value: Value) -> Self {
        Self { node: Node::Constant(value) }
    }

    /// Whether it has no expression.
    pub fn is_constant(&self) -> bool {
        matches!(self.node, Node::Constant(_))
    }

    /// Its expressions, each with the JSON pointer of the string that holds it.
    pub fn expressions(&self) -> Vec<(String, &Expression)> {
        let mut found = Vec::new();
        self.node.expressions(&mut String::new(), &mut found);
        found
    }

    /// Evaluates the field. `field` is its name in causes, such as `Output` or
    /// `Choices[1]/Assign/x`.
    ///
    /// # Errors
    /// The first expression in it that fails or is undefined.
    pub fn evaluate(
        &self,
        environment: &Environment<'_>,
        field: &str,
    ) -> Result<Value, EvaluationError> {
        self.node.evaluate(environment, &mut field.to_owned())
    }

    /// The error for a value of the wrong type; `expected` is the name of a JSON type.
    pub fn unexpected(&self, field: &str, expected: &'static str, value: Value) -> EvaluationError {
        let expression = match &self.node {
            Node::Expression(expression) => expression.text().to_owned(),
            _ => value.to_string(),
        };
        let actual = type_name(&value);
        let value = Box::new(value);
        EvaluationError::Type { expression, field: field.to_owned(), expected, actual, value }
    }
}

impl Node {
    fn compile(value: &Value, pointer: &mut String, errors: &mut Vec<TemplateError>) -> Self {
        match value {
            Value::String(string) => match text(string) {
                Text::Plain => Self::Constant(value.clone()),
                Text::HalfOpen => {
                    errors.push(TemplateError::Brackets { pointer: pointer.clone() });
                    Self::Constant(value.clone())
                }
                Text::Expression(inner) => Self::compile_text(inner, value, pointer, errors),
            },
            Value::Array(items) => {
                let nodes: Vec<_> = items
                    .iter()
                    .enumerate()
                    .map(|(i, item)| {
                        below(pointer, &i.to_string(), |p| Self::compile(item, p, errors))
                    })
                    .collect();
                let constant = nodes.iter().all(|node| matches!(node, Self::Constant(_)));
                if constant { Self::Constant(value.clone()) } else { Self::Array(nodes) }
            }
            Value::Object(map) => {
                let nodes: Vec<_> = map
                    .iter()
                    .map(|(key, item)| {
                        let node = below(pointer, key, |p| Self::compile(item, p, errors));
                        (key.clone(), node)
                    })
                    .collect();
                let constant = nodes.iter().all(|(_, node)| matches!(node, Self::Constant(_)));
                if constant { Self::Constant(value.clone()) } else { Self::Object(nodes) }
            }
            other => Self::Constant(other.clone()),
        }
    }

    fn compile_text(
        inner: &str,
        value: &Value,
        pointer: &str,
        errors: &mut Vec<TemplateError>,
    ) -> Self {
        let mut refuse = |error| {
            errors.push(TemplateError::Expression { pointer: pointer.to_owned(), error });
        };
        match Expression::compile_all(inner) {
            Ok((expression, refused)) => {
                refused.into_iter().for_each(refuse);
                Self::Expression(expression)
            }
            Err(error) => {
                refuse(error);
                Self::Constant(value.clone())
            }
        }
    }

    fn evaluate(
        &self,
        environment: &Environment<'_>,
        field: &mut String,
    ) -> Result<Value, EvaluationError> {
        match self {
            Self::Constant(value) => Ok(value.clone()),
            Self::Expression(expression) => match expression.evaluate(environment) {
                Ok(Some(value)) => Ok(value),
                Ok(None) => Err(EvaluationError::Undefined {
                    expression: expression.text().to_owned(),
                    field: field.clone(),
                }),
                Err(thrown) => Err(EvaluationError::Threw {
                    expression: expression.text().to_owned(),
                    field: field.clone(),
                    thrown,
                }),
            },
            Self::Array(nodes) => nodes
                .iter()
                .enumerate()
                .map(|(i, node)| {
                    extended(field, &format!("[{i}]"), |f| node.evaluate(environment, f))
                })
                .collect::<Result<Vec<_>, _>>()
                .map(Value::Array),
            Self::Object(nodes) => nodes
                .iter()
                .map(|(key, node)| {
                    let value =
                        extended(field, &format!("/{key}"), |f| node.evaluate(environment, f))?;
                    Ok((key.clone(), value))
                })
                .collect::<Result<Map<_, _>, _>>()
                .map(Value::Object),
        }
    }

    fn expressions<'n>(&'n self, pointer: &mut String, found: &mut Vec<(String, &'n Expression)>) {
        match self {
            Self::Constant(_) => {}
            Self::Expression(expression) => found.push((pointer.clone(), expression)),
            Self::Array(nodes) => {
                for (i, node) in nodes.iter().enumerate() {
                    below(pointer, &i.to_string(), |p| node.expressions(p, found));
                }
            }
            Self::Object(nodes) => {
                for (key, node) in nodes {
                    below(pointer, key, |p| node.expressions(p, found));
                }
            }
        }
    }
}
