//! Paths of a state in JSONPath mode: what they pick, and the words in which they fail.

use super::{
    compile::{CompileError, Compiler},
    visit::{Evaluated, Visit, state_failed},
};
use crate::{
    asl::MaybePath,
    program::Data,
    query::jsonpath::{Path, Root, Unmatched},
};
use serde_json::{Value, json};
use std::borrow::Cow;

/// `InputPath`, `OutputPath` or `ItemsPath`.
#[derive(Debug)]
pub(super) enum Picked {
    /// `null`: an empty object.
    Nothing,
    /// `$` or nothing said: the whole.
    Whole,
    /// What a path leads to.
    At(Path),
}

impl Picked {
    pub(super) fn compile(
        compiler: &Compiler<'_>,
        field: &str,
        path: Option<&MaybePath>,
    ) -> Result<Self, CompileError> {
        match path {
            None => Ok(Self::Whole),
            Some(MaybePath::Null) => Ok(Self::Nothing),
            Some(MaybePath::Path(text)) if text == "$" => Ok(Self::Whole),
            Some(MaybePath::Path(text)) => Ok(Self::At(compiler.path(field, text)?)),
        }
    }

    /// Picks what the state sees of its input.
    pub(super) fn pick_input(&self, visit: &Visit<'_>) -> Evaluated {
        let picked = self.pick(visit, visit.input())?;
        visit.note(|trace| trace.input_path = Some(picked.clone()));
        Ok(picked)
    }

    /// Picks from `data`, which is what `$` stands for.
    pub(super) fn pick(&self, visit: &Visit<'_>, data: &Data) -> Evaluated {
        match self {
            Self::Nothing => Ok(json!({}).into()),
            Self::Whole => Ok(data.clone()),
            Self::At(path) => filter(visit, path, data).map(Into::into),
        }
    }
}

/// Follows the path of a field that picks, which must lead somewhere.
pub(super) fn filter(visit: &Visit<'_>, path: &Path, input: &Value) -> Evaluated<Value> {
    let scope = visit.paths(input, matches!(path.root(), Root::Context));
    path.filter(&scope).map(Cow::into_owned).map_err(|why| state_failed(why.to_string()))
}

/// Follows a path, `$` of which stands for `input`.
pub(super) fn look_up(visit: &Visit<'_>, path: &Path, input: &Value) -> Result<Value, Unmatched> {
    let reads_context = matches!(path.root(), Root::Context);
    path.evaluate(&visit.paths(input, reads_context))
        .map(|selection| selection.into_value().into_owned())
}
