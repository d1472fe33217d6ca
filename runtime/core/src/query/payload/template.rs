//! A template: compiled once, filled often.

use super::{Expression, ExpressionError, PayloadFailure};
use crate::query::{depth, jsonpath::Scope, pointer::below};
use serde_json::{Map, Value};

/// What the name of a computed field ends in.
const MARK: &str = ".$";

/// A compiled template.
#[derive(Debug)]
pub struct Template {
    node: Node,
}

#[derive(Debug)]
enum Node {
    /// JSON without computed fields.
    Constant(Value),
    Array(Vec<Self>),
    Object(Vec<Field>),
}

#[derive(Debug)]
enum Field {
    Plain(String, Node),
    /// The name with its mark, and what computes the value.
    Computed(String, Expression),
}

/// A field that AWS refuses at create.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "The value for the field '{field}' must be a valid JSONPath or a valid intrinsic function call"
)]
pub struct TemplateError {
    /// Where the field is inside the template: a JSON pointer.
    pub pointer: String,
    /// The name of the field, with its `.$`.
    pub field: String,
    /// What is wrong with the text; `None` if the value is no text.
    pub reason: Option<ExpressionError>,
}

impl Template {
    /// Compiles a template.
    ///
    /// # Errors
    /// The first field in it that AWS refuses.
    pub fn compile(value: &Value) -> Result<Self, TemplateError> {
        let (template, mut errors) = Self::compile_all(value);
        if errors.is_empty() { Ok(template) } else { Err(errors.swap_remove(0)) }
    }

    /// Compiles a template and lists every field in it that AWS refuses; those are left out.
    pub fn compile_all(value: &Value) -> (Self, Vec<TemplateError>) {
        let mut errors = Vec::new();
        let node = Node::compile(value, &mut String::new(), &mut errors);
        (Self { node }, errors)
    }

    /// Whether nothing in it is computed.
    pub fn is_constant(&self) -> bool {
        matches!(self.node, Node::Constant(_))
    }

    /// What computes its fields, in order.
    pub fn expressions(&self) -> Vec<&Expression> {
        let mut found = Vec::new();
        self.node.expressions(&mut found);
        found
    }

    /// Fills the template. `field` is the name of the field that it is, such as `Parameters`.
    ///
    /// # Errors
    /// The first field in it that cannot be computed, or a value that is nested too deep.
    pub fn evaluate(&self, field: &str, scope: &Scope<'_>) -> Result<Value, PayloadFailure> {
        let value = self.node.evaluate(scope)?;
        let too_deep = || PayloadFailure::TooDeep { field: field.to_owned() };
        depth::fits(&value, 0).then_some(value).ok_or_else(too_deep)
    }
}

impl Node {
    fn compile(value: &Value, pointer: &mut String, errors: &mut Vec<TemplateError>) -> Self {
        match value {
            Value::Array(items) => {
                let nodes: Vec<_> = items
                    .iter()
                    .enumerate()
                    .map(|(i, item)| {
                        below(pointer, &i.to_string(), |p| Self::compile(item, p, errors))
                    })
                    .collect();
                let is_constant = nodes.iter().all(Self::is_constant);
                if is_constant { Self::Constant(value.clone()) } else { Self::Array(nodes) }
            }
            Value::Object(map) => {
                let fields: Vec<_> = map
                    .iter()
                    .filter_map(|(name, value)| {
                        below(pointer, name, |p| Field::compile(name, value, p, errors))
                    })
                    .collect();
                let is_constant =
                    fields.len() == map.len() && fields.iter().all(Field::is_constant);
                if is_constant { Self::Constant(value.clone()) } else { Self::Object(fields) }
            }
            other => Self::Constant(other.clone()),
        }
    }

    fn is_constant(&self) -> bool {
        matches!(self, Self::Constant(_))
    }

    fn expressions<'n>(&'n self, found: &mut Vec<&'n Expression>) {
        match self {
            Self::Constant(_) => {}
            Self::Array(nodes) => nodes.iter().for_each(|node| node.expressions(found)),
            Self::Object(fields) => {
                for field in fields {
                    match field {
                        Field::Plain(_, node) => node.expressions(found),
                        Field::Computed(_, expression) => found.push(expression),
                    }
                }
            }
        }
    }

    fn evaluate(&self, scope: &Scope<'_>) -> Result<Value, PayloadFailure> {
        Ok(match self {
            Self::Constant(value) => value.clone(),
            Self::Array(nodes) => {
                let items = nodes.iter().map(|node| node.evaluate(scope));
                Value::Array(items.collect::<Result<_, _>>()?)
            }
            Self::Object(fields) => {
                let fields = fields.iter().map(|field| field.evaluate(scope));
                Value::Object(fields.collect::<Result<Map<_, _>, _>>()?)
            }
        })
    }
}

impl Field {
    /// Compiles a field of the name and value; `None` if AWS refuses it.
    fn compile(
        name: &str,
        value: &Value,
        pointer: &mut String,
        errors: &mut Vec<TemplateError>,
    ) -> Option<Self> {
        if !name.ends_with(MARK) {
            return Some(Self::Plain(name.to_owned(), Node::compile(value, pointer, errors)));
        }
        let reason = match value.as_str().map(Expression::parse) {
            Some(Ok(expression)) => return Some(Self::Computed(name.to_owned(), expression)),
            Some(Err(error)) => Some(error),
            None => None,
        };
        errors.push(TemplateError { pointer: pointer.clone(), field: name.to_owned(), reason });
        None
    }

    fn is_constant(&self) -> bool {
        match self {
            Self::Plain(_, node) => node.is_constant(),
            Self::Computed(..) => false,
        }
    }

    /// Its name, without the mark, and its value.
    fn evaluate(&self, scope: &Scope<'_>) -> Result<(String, Value), PayloadFailure> {
        match self {
            Self::Plain(name, node) => Ok((name.clone(), node.evaluate(scope)?)),
            Self::Computed(name, expression) => {
                let bare = name.strip_suffix(MARK).unwrap_or(name);
                Ok((bare.to_owned(), expression.evaluate(name, scope)?))
            }
        }
    }
}
