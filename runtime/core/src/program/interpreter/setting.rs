//! A number of a state: written in the definition, given by an expression, or found by a path.

use super::{
    compile::{CompileError, Compiler, Field},
    paths::look_up,
    visit::{Evaluated, Visit, failed, state_failed},
};
use crate::{asl::Template, program::Data, query::jsonpath::Path};
use serde_json::Value;

/// A field that exists with a path too.
#[derive(Debug)]
pub(super) enum Setting {
    /// The value, or an expression.
    Field(Field),
    /// Where the value is.
    Path(Path),
}

/// What a field takes.
#[derive(Debug)]
pub(super) struct Number {
    /// The field's name.
    pub(super) name: &'static str,
    /// Whether it takes fractions.
    pub(super) fractions: bool,
    pub(super) least: f64,
    pub(super) most: f64,
    /// What AWS says of a number outside of the bounds that a path has found.
    pub(super) outside: Option<&'static str>,
}

impl Number {
    fn takes(&self, number: f64) -> bool {
        number.is_finite() && (self.fractions || number.fract().abs() < f64::EPSILON)
    }

    fn is_within(&self, number: f64) -> bool {
        (self.least..=self.most).contains(&number)
    }

    /// As AWS names what the value of a path must be.
    fn of_path(&self) -> &'static str {
        if self.fractions { "float" } else { "integer" }
    }

    /// As AWS names what an expression must give.
    fn of_expression(&self) -> &'static str {
        if self.fractions { "number" } else { "integer" }
    }

    /// Reads what a path leads to: AWS takes a number in a string too (recorded).
    fn read(&self, value: &Value) -> Option<f64> {
        let number = match value {
            Value::String(text) => text.trim().parse().ok(),
            value => value.as_f64(),
        };
        number.filter(|number| self.takes(*number))
    }

    fn found(&self, path: &Path, value: &Value) -> Evaluated<f64> {
        let number = self.read(value);
        if let (Some(number), Some(outside)) = (number, self.outside)
            && !self.is_within(number)
        {
            return Err(state_failed(outside));
        }
        number.filter(|number| self.is_within(*number)).ok_or_else(|| {
            let (name, kind, shown) = (self.name, self.of_path(), path.shown());
            let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            state_failed(format!(
                "The {name}Path field refers to value \"{text}\" which is not a valid {kind}: {shown}"
            ))
        })
    }
}

impl Setting {
    /// Compiles a field, or its other form with a path.
    pub(super) fn compile(
        compiler: &Compiler<'_>,
        number: &Number,
        value: Option<&Template>,
        path: Option<&str>,
    ) -> Result<Option<Self>, CompileError> {
        let name = number.name;
        if let Some(path) = compiler.optional_path(&format!("{name}Path"), path)? {
            return Ok(Some(Self::Path(path)));
        }
        Ok(compiler.optional(name, value)?.map(Self::Field))
    }

    /// Evaluates it; `input` is what `$` stands for.
    pub(super) fn evaluate(
        &self,
        visit: &Visit<'_>,
        input: &Data,
        number: &Number,
    ) -> Evaluated<f64> {
        match self {
            Self::Field(field) => {
                let value = visit.evaluate(field, number.name)?;
                let fits = |found: &f64| number.takes(*found) && number.is_within(*found);
                value.as_f64().filter(fits).ok_or_else(|| {
                    let value = value.into_value();
                    failed(&field.unexpected(number.name, number.of_expression(), value))
                })
            }
            Self::Path(path) => {
                let value = look_up(visit, path, input).map_err(|_nothing| {
                    let (name, shown) = (number.name, path.shown());
                    state_failed(format!(
                        "The {name}Path parameter does not reference an input value: {shown}"
                    ))
                })?;
                number.found(path, &value)
            }
        }
    }
}
