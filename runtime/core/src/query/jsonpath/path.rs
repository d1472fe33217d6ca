//! A parsed path.

use super::{
    InvalidPath, PathError, Scope, Selection, Unmatched, evaluate, filter::Filter,
    function::Function, parser,
};
use serde_json::Value;
use std::{
    borrow::Cow,
    fmt::{self, Write as _},
};

/// What the first step of a path starts from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Root {
    /// `$`: the input of the field that the path stands in.
    Input,
    /// `$$`: the context object.
    Context,
    /// `$name`: a workflow variable.
    Variable(String),
}

/// A parsed path.
#[derive(Debug, Clone)]
pub struct Path {
    text: String,
    root: Root,
    steps: Vec<Step>,
}

/// One step from nodes to nodes.
#[derive(Debug, Clone)]
pub(super) enum Step {
    /// `.name`, `['name']`, `['a','b']`; never empty.
    Members { names: Vec<String>, quote: char },
    /// `[0]`, `[-1]`, `[0,2]`; never empty.
    Indices(Vec<i32>),
    /// `[1:3]`, `[1:]`, `[:3]`; one of them at least.
    Slice { from: Option<i32>, to: Option<i32> },
    /// `*`, `[*]`.
    Wildcard,
    /// `..`; the next step is taken from every node below.
    Scan,
    /// `[?(..)]`.
    Filter(Filter),
    /// `.length()`; always the last.
    Function(Function),
}

impl Path {
    /// Parses a path.
    ///
    /// # Errors
    /// The text is not a path; the message is that of the library that AWS uses.
    pub fn parse(text: &str) -> Result<Self, PathError> {
        let (root, steps) = parser::parse(text)?;
        Ok(Self { text: text.trim().to_owned(), root, steps })
    }

    /// The text, without outer blanks.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The text as AWS repeats it in causes, where a path into the context object begins with one `$`.
    pub fn shown(&self) -> &str {
        match self.root {
            Root::Context => self.text.get(1..).unwrap_or(&self.text),
            Root::Input | Root::Variable(_) => &self.text,
        }
    }

    /// What it starts from.
    pub fn root(&self) -> &Root {
        &self.root
    }

    /// Whether it names one node. An indefinite path always gives a list.
    pub fn is_definite(&self) -> bool {
        is_definite(&self.steps)
    }

    /// Applies it to what its root stands for in `scope`.
    ///
    /// # Errors
    /// Nothing is there, or the path cannot be applied to what is.
    pub fn evaluate<'a>(&self, scope: &Scope<'a>) -> Result<Selection<'a>, Unmatched> {
        scope.apply(self)
    }

    /// The value of the path for a template or a function, where an indefinite path that cannot be
    /// followed is a list of nothing.
    ///
    /// # Errors
    /// As [`Path::evaluate`].
    pub fn value<'a>(&self, scope: &Scope<'a>) -> Result<Cow<'a, Value>, Unmatched> {
        match self.evaluate(scope) {
            Ok(selection) => Ok(selection.into_value()),
            Err(unmatched) if unmatched.is_absence() && !self.is_definite() => {
                Ok(Cow::Owned(Value::Array(Vec::new())))
            }
            Err(unmatched) => Err(unmatched),
        }
    }

    /// The value of the path for `InputPath`, `OutputPath` and their like, which take nothing for
    /// nothing.
    ///
    /// # Errors
    /// As [`Path::evaluate`], with the path named.
    pub fn filter<'a>(&self, scope: &Scope<'a>) -> Result<Cow<'a, Value>, InvalidPath> {
        self.evaluate(scope)
            .map(Selection::into_value)
            .map_err(|unmatched| InvalidPath { path: self.shown().to_owned(), unmatched })
    }

    /// Applies its steps to `document`, whatever its root is.
    ///
    /// # Errors
    /// As [`Path::evaluate`].
    pub fn select<'a>(&self, document: &'a Value) -> Result<Selection<'a>, Unmatched> {
        evaluate::select(self, 0, document)
    }

    /// Its steps.
    pub(super) fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// The canonical text of its root and its first `count` steps.
    pub(super) fn location(&self, count: usize) -> String {
        let root = match &self.root {
            Root::Input | Root::Context => "$".to_owned(),
            Root::Variable(name) => format!("${name}"),
        };
        self.steps.iter().take(count).fold(root, |mut text, step| {
            let _ = write!(text, "{step}");
            text
        })
    }
}

/// Whether steps lead to one node at most.
pub(super) fn is_definite(steps: &[Step]) -> bool {
    let (function, path) = match steps.split_last() {
        Some((Step::Function(_), path)) => (true, path),
        _ => (false, steps),
    };
    // A function over all that a descent finds takes them as one list.
    if function && matches!(path.first(), Some(Step::Scan)) {
        return true;
    }
    match path.split_last() {
        // The last step gives one object of several members.
        Some((Step::Members { .. }, before)) if !function => before.iter().all(Step::is_definite),
        _ => path.iter().all(Step::is_definite),
    }
}

impl Step {
    /// Whether it leads from one node to one, with more steps to come.
    pub(super) fn is_definite(&self) -> bool {
        match self {
            Self::Members { names, .. } => names.len() == 1,
            Self::Indices(indices) => indices.len() == 1,
            Self::Slice { .. } | Self::Wildcard | Self::Scan | Self::Filter(_) => false,
            Self::Function(_) => true,
        }
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Members { names, quote } => {
                let names: Vec<_> =
                    names.iter().map(|name| format!("{quote}{name}{quote}")).collect();
                write!(f, "[{}]", names.join(","))
            }
            Self::Indices(indices) => {
                let indices: Vec<_> = indices.iter().map(i32::to_string).collect();
                write!(f, "[{}]", indices.join(","))
            }
            Self::Slice { from, to } => {
                let bound = |bound: &Option<i32>| bound.map(|n| n.to_string()).unwrap_or_default();
                write!(f, "[{}:{}]", bound(from), bound(to))
            }
            Self::Wildcard => f.write_str("[*]"),
            Self::Scan => f.write_str(".."),
            Self::Filter(_) => f.write_str("[?]"),
            Self::Function(function) => write!(f, ".{function}()"),
        }
    }
}
