//! Leaving a state in JSONPath mode: `ResultSelector`, Assign, `ResultPath`, `OutputPath`.

use super::super::{
    compile::{CompileError, Compiler, Filled},
    paths::Picked,
    visit::{Evaluated, Visit},
};
use crate::{
    asl::{MaybePath, Paths, Template},
    program::{Data, Then, Vars, names},
    query::jsonpath::ReferencePath,
};
use indexmap::IndexMap;
use serde_json::Value;

/// What is done on one way out of a state.
#[derive(Debug)]
pub(super) struct Effects {
    /// What a state without a result sees of its input.
    input: Picked,
    selector: Option<Filled>,
    assign: Option<Filled>,
    place: Place,
    output: Picked,
}

/// Where the result goes in the state's input.
#[derive(Debug)]
enum Place {
    /// Nowhere: `null`.
    Nowhere,
    /// It takes the place of the input.
    Whole,
    At(ReferencePath),
}

impl Effects {
    /// The way out of a state that did what it was for.
    pub(super) fn of_state(
        compiler: &Compiler<'_>,
        paths: &Paths,
        assign: Option<&IndexMap<String, Template>>,
    ) -> Result<Self, CompileError> {
        Ok(Self {
            input: Picked::compile(compiler, "InputPath", paths.input_path.as_ref())?,
            selector: compiler.filled("ResultSelector", paths.result_selector.as_ref())?,
            assign: assigned(compiler, assign)?,
            place: Place::compile(compiler, paths.result_path.as_ref())?,
            output: Picked::compile(compiler, "OutputPath", paths.output_path.as_ref())?,
        })
    }

    /// The way out by a catcher, whose result is the Error Output.
    pub(super) fn of_catcher(
        compiler: &Compiler<'_>,
        result_path: Option<&MaybePath>,
        assign: Option<&IndexMap<String, Template>>,
    ) -> Result<Self, CompileError> {
        Ok(Self {
            input: Picked::Whole,
            selector: None,
            assign: assigned(compiler, assign)?,
            place: Place::compile(compiler, result_path)?,
            output: Picked::Whole,
        })
    }

    /// The variables to set, and the output.
    pub(super) fn evaluate(
        &self,
        visit: &Visit<'_>,
        result: Option<&Data>,
    ) -> Evaluated<(Vars, Data)> {
        let Some(result) = result else {
            let input = self.input.pick_input(visit)?;
            let assigned = self.assigned(visit, &input)?;
            return Ok((assigned, self.output.pick(visit, &input)?));
        };
        let selected = match &self.selector {
            Some(selector) => selector.fill(visit, result)?,
            None => result.clone(),
        };
        visit.note(|trace| trace.result_selector = Some(selected.clone()));
        let assigned = self.assigned(visit, &selected)?;
        let combined = self.place.combine(visit.input(), selected)?;
        visit.note(|trace| trace.result_path = Some(combined.clone()));
        Ok((assigned, self.output.pick(visit, &combined)?))
    }

    fn assigned(&self, visit: &Visit<'_>, result: &Data) -> Evaluated<Vars> {
        let Some(assign) = &self.assign else { return Ok(Vars::new()) };
        match assign.fill(visit, result)?.into_value() {
            Value::Object(fields) => {
                Ok(fields.into_iter().map(|(name, value)| (name, value.into())).collect())
            }
            _ => Ok(Vars::new()),
        }
    }
}

fn assigned(
    compiler: &Compiler<'_>,
    assign: Option<&IndexMap<String, Template>>,
) -> Result<Option<Filled>, CompileError> {
    let object = assign.map(|assign| {
        let fields = assign.iter().map(|(name, value)| (name.clone(), value.clone()));
        Value::Object(fields.collect())
    });
    compiler.filled("Assign", object.as_ref())
}

impl Place {
    fn compile(compiler: &Compiler<'_>, path: Option<&MaybePath>) -> Result<Self, CompileError> {
        match path {
            None => Ok(Self::Whole),
            Some(MaybePath::Null) => Ok(Self::Nowhere),
            Some(MaybePath::Path(text)) if text == "$" => Ok(Self::Whole),
            Some(MaybePath::Path(text)) => {
                Ok(Self::At(compiler.reference_path("ResultPath", text)?))
            }
        }
    }

    fn combine(&self, input: &Data, result: Data) -> Evaluated {
        match self {
            Self::Nowhere => Ok(input.clone()),
            Self::Whole => Ok(result),
            Self::At(path) => {
                let mut combined = (**input).clone();
                match path.set(&mut combined, result.into_value()) {
                    Ok(()) => Ok(combined.into()),
                    Err(why) => Err(Then::StateFailed {
                        error: names::RESULT_PATH_MATCH_FAILURE,
                        message: why.to_string(),
                    }),
                }
            }
        }
    }
}
