//! Payload templates of a state in JSONPath mode, and single fields that are computed like theirs.

use super::{
    compile::{CompileError, Compiler},
    visit::{Evaluated, Visit},
};
use crate::{
    asl,
    program::{Data, Then},
    query::{
        jsonpath::{Path, Root},
        payload::{Expression, PayloadFailure, Template},
    },
};

/// A compiled template: `Parameters`, `ResultSelector`, `Assign` and their like.
#[derive(Debug)]
pub(super) struct Filled {
    field: String,
    template: Template,
    reads_context: bool,
}

impl Filled {
    pub(super) fn compile(
        compiler: &Compiler<'_>,
        field: &str,
        template: &asl::Template,
    ) -> Result<Self, CompileError> {
        let template = Template::compile(template).map_err(|source| {
            let state = compiler.state.to_owned();
            CompileError::Payload { state, field: field.to_owned(), source: Box::new(source) }
        })?;
        let reads_context =
            template.expressions().iter().flat_map(|it| it.paths()).any(reads_context);
        Ok(Self { field: field.to_owned(), template, reads_context })
    }

    /// Fills the template; `$` stands for `input`.
    pub(super) fn fill(&self, visit: &Visit<'_>, input: &Data) -> Evaluated {
        let scope = visit.paths(input, self.reads_context);
        self.template.evaluate(&self.field, &scope).map(Into::into).map_err(|why| failed(&why))
    }
}

/// A compiled field that is a path or a call of an intrinsic function.
#[derive(Debug)]
pub(super) struct Computed {
    field: String,
    expression: Expression,
    reads_context: bool,
}

impl Computed {
    pub(super) fn compile(
        compiler: &Compiler<'_>,
        field: String,
        text: &str,
    ) -> Result<Self, CompileError> {
        let expression = Expression::parse(text).map_err(|source| CompileError::Expression {
            state: compiler.state.to_owned(),
            field: field.clone(),
            source: Box::new(source),
        })?;
        let reads_context = expression.paths().into_iter().any(reads_context);
        Ok(Self { field, expression, reads_context })
    }

    /// Computes the field; `$` stands for `input`.
    pub(super) fn value(&self, visit: &Visit<'_>, input: &Data) -> Evaluated {
        let scope = visit.paths(input, self.reads_context);
        let value = self.expression.evaluate(&self.field, &scope);
        value.map(Into::into).map_err(|why| failed(&why))
    }
}

fn reads_context(path: &Path) -> bool {
    matches!(path.root(), Root::Context)
}

fn failed(why: &PayloadFailure) -> Then {
    Then::StateFailed { error: PayloadFailure::ERROR, message: why.to_string() }
}
