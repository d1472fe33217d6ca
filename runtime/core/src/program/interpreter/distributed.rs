//! What only a distributed Map has: its label, where its items are read and its results written.

use super::{
    compile::{CompileError, Compiler, Field, Filled},
    visit::{Evaluated, Visit, state_failed, unusable},
};
use crate::{
    asl::{self, QueryLanguage},
    program::{
        Data, Destination, ItemFormat, ItemSource, ResultForm, RunResults, SourceObjects, Then,
    },
};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

#[derive(Debug)]
pub(super) struct Distributed {
    pub(super) label: String,
    pub(super) express: bool,
    pub(super) reader: Option<Reader>,
    writer: Writer,
}

/// `ItemReader`.
#[derive(Debug)]
pub(super) struct Reader {
    call: Call,
    place: Place,
}

/// What is called to find the items.
#[derive(Debug)]
enum Call {
    GetObject(ItemFormat),
    ListObjects(Option<ItemFormat>),
}

/// `ResultWriter`, or what holds without one.
#[derive(Debug)]
struct Writer {
    place: Option<Place>,
    form: ResultForm,
    lines: bool,
}

/// Arguments or Parameters that name a bucket and something in it.
#[derive(Debug)]
struct Place {
    /// The field around them.
    of: &'static str,
    arguments: Arguments,
}

#[derive(Debug)]
enum Arguments {
    Missing,
    Field(Field),
    Filled(Filled),
}

impl Distributed {
    /// Compiles what a Map has for it, if its mode is `DISTRIBUTED`.
    pub(super) fn compile(
        compiler: &Compiler<'_>,
        state: &asl::Map,
    ) -> Result<Option<Self>, CompileError> {
        if !state.processor.is_distributed() {
            return Ok(None);
        }
        let config = state.processor.config.as_ref();
        let kind = config.and_then(|config| config.execution_type.as_deref());
        let reader = state.item_reader.as_ref();
        Ok(Some(Self {
            label: state.label.clone().unwrap_or_else(|| label(compiler.state)),
            express: kind == Some("EXPRESS"),
            reader: reader.map(|reader| Reader::compile(compiler, reader)).transpose()?,
            writer: Writer::compile(compiler, state.result_writer.as_ref())?,
        }))
    }

    /// What becomes of the results; `input` is what `$` stands for.
    pub(super) fn results(&self, visit: &Visit<'_>, input: &Data) -> Evaluated<RunResults> {
        let to = self.writer.place.as_ref().map(|place| {
            let place = place.evaluate(visit, input)?;
            Ok(Destination {
                prefix: place.optional("Prefix")?.unwrap_or_default(),
                bucket: place.required("Bucket")?,
            })
        });
        let Writer { form, lines, .. } = self.writer;
        Ok(RunResults { to: to.transpose()?, form, lines })
    }
}

impl Reader {
    fn compile(compiler: &Compiler<'_>, reader: &asl::ItemReader) -> Result<Self, CompileError> {
        let config = reader.config.clone().unwrap_or_default();
        let arguments = (reader.arguments.as_ref(), reader.parameters.as_ref());
        let call = if reader.resource.ends_with(":listObjectsV2") {
            let loads = config.transformation.as_deref() == Some("LOAD_AND_FLATTEN");
            Call::ListObjects(loads.then(|| ItemFormat::of(&config)))
        } else {
            Call::GetObject(ItemFormat::of(&config))
        };
        Ok(Self { call, place: Place::compile(compiler, "ItemReader", arguments)? })
    }

    /// Where the items are; `input` is what `$` stands for.
    pub(super) fn source(
        &self,
        visit: &Visit<'_>,
        input: &Data,
        most: Option<u64>,
    ) -> Evaluated<ItemSource> {
        let place = self.place.evaluate(visit, input)?;
        let objects = match &self.call {
            Call::GetObject(format) => {
                SourceObjects::Object { key: place.required("Key")?, format: format.clone() }
            }
            Call::ListObjects(load) => SourceObjects::Listing {
                prefix: place.optional("Prefix")?.unwrap_or_default(),
                load: load.clone(),
            },
        };
        Ok(ItemSource { bucket: place.required("Bucket")?, objects, most })
    }
}

impl Writer {
    fn compile(
        compiler: &Compiler<'_>,
        writer: Option<&asl::ResultWriter>,
    ) -> Result<Self, CompileError> {
        let Some(writer) = writer else {
            return Ok(Self { place: None, form: ResultForm::Output, lines: false });
        };
        let config = |name: &str| writer.config.as_ref()?.get(name)?.as_str();
        let form = match config("Transformation") {
            Some("COMPACT") => ResultForm::Output,
            Some("FLATTEN") => ResultForm::Flattened,
            _ => ResultForm::Described,
        };
        let arguments = (writer.arguments.as_ref(), writer.parameters.as_ref());
        let place = writer.resource.as_ref();
        let place = place.map(|_| Place::compile(compiler, "ResultWriter", arguments));
        Ok(Self { place: place.transpose()?, form, lines: config("OutputType") == Some("JSONL") })
    }
}

impl Place {
    fn compile(
        compiler: &Compiler<'_>,
        of: &'static str,
        (arguments, parameters): (Option<&asl::Template>, Option<&asl::Template>),
    ) -> Result<Self, CompileError> {
        let arguments = match (compiler.language, arguments, parameters) {
            (QueryLanguage::Jsonata, Some(arguments), _) => {
                Arguments::Field(compiler.field(&format!("{of}/Arguments"), arguments)?)
            }
            (QueryLanguage::JsonPath, _, Some(parameters)) => {
                let field = format!("{of}/Parameters");
                Arguments::Filled(Filled::compile(compiler, &field, parameters)?)
            }
            _ => Arguments::Missing,
        };
        Ok(Self { of, arguments })
    }

    fn evaluate(&self, visit: &Visit<'_>, input: &Data) -> Evaluated<Named> {
        let (field, values) = match &self.arguments {
            Arguments::Missing => ("Parameters", Value::Null.into()),
            Arguments::Field(field) => {
                ("Arguments", visit.evaluate(field, &format!("{}/Arguments", self.of))?)
            }
            Arguments::Filled(filled) => ("Parameters", filled.fill(visit, input)?),
        };
        let is_expression = matches!(self.arguments, Arguments::Field(_));
        Ok(Named { field: format!("{}/{field}", self.of), is_expression, values })
    }
}

/// The values of Arguments or Parameters.
struct Named {
    field: String,
    is_expression: bool,
    values: Data,
}

impl Named {
    fn required(&self, name: &str) -> Evaluated<String> {
        match self.optional(name)? {
            Some(text) => Ok(text),
            None => Err(self.refused(name, "is missing")),
        }
    }

    fn optional(&self, name: &str) -> Evaluated<Option<String>> {
        match self.values.get(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.clone())),
            Some(_) => Err(self.refused(name, "must be a string")),
        }
    }

    fn refused(&self, name: &str, why: &str) -> Then {
        let field = format!("{}/{name}", self.field);
        let message = format!("The field '{field}' {why}.");
        if self.is_expression { unusable(&field, message) } else { state_failed(message) }
    }
}

/// The label of a Map that has none: the same whenever it runs.
fn label(state: &str) -> String {
    let mut bytes = [0; 16];
    for (byte, from) in bytes.iter_mut().zip(Sha256::digest(state)) {
        *byte = from;
    }
    uuid::Builder::from_random_bytes(bytes).into_uuid().to_string()
}
