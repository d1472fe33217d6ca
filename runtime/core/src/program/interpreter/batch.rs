//! `ItemBatcher`: several items of a distributed Map in the input of one child.

use super::{
    compile::{CompileError, Compiler, Field, Filled},
    setting::{Number, Setting},
    visit::{Evaluated, Visit},
};
use crate::{
    asl::{self, QueryLanguage},
    program::Data,
};
use serde_json::{Map, Value};

/// The largest input of a child, in bytes.
const LARGEST: f64 = 262_144.0;

const MAX_ITEMS: Number = count("MaxItemsPerBatch", 100_000_000.0);
const MAX_BYTES: Number = count("MaxInputBytesPerBatch", LARGEST);

const fn count(name: &'static str, most: f64) -> Number {
    Number { name, fractions: false, least: 1.0, most, outside: None }
}

#[derive(Debug)]
pub(super) struct Batcher {
    input: Option<Input>,
    max_items: Option<Setting>,
    max_bytes: Option<Setting>,
}

/// What every batch has beside its items.
#[derive(Debug)]
enum Input {
    Field(Field),
    Filled(Filled),
}

impl Batcher {
    pub(super) fn compile(
        compiler: &Compiler<'_>,
        batcher: &asl::ItemBatcher,
    ) -> Result<Self, CompileError> {
        let field = "ItemBatcher/BatchInput";
        let input = batcher.batch_input.as_ref().map(|template| {
            Ok(match compiler.language {
                QueryLanguage::Jsonata => Input::Field(compiler.field(field, template)?),
                QueryLanguage::JsonPath => {
                    Input::Filled(Filled::compile(compiler, field, template)?)
                }
            })
        });
        Ok(Self {
            input: input.transpose()?,
            max_items: Setting::compile(
                compiler,
                &MAX_ITEMS,
                batcher.max_items_per_batch.as_ref(),
                batcher.max_items_per_batch_path.as_deref(),
            )?,
            max_bytes: Setting::compile(
                compiler,
                &MAX_BYTES,
                batcher.max_input_bytes_per_batch.as_ref(),
                batcher.max_input_bytes_per_batch_path.as_deref(),
            )?,
        })
    }

    /// Packs the items, in their order; `input` is what `$` stands for.
    pub(super) fn pack(
        &self,
        visit: &Visit<'_>,
        input: &Data,
        items: &[Data],
    ) -> Evaluated<Vec<Data>> {
        let most = |setting: &Option<Setting>, number| {
            setting.as_ref().map(|setting| setting.evaluate(visit, input, number)).transpose()
        };
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked")]
        let limit = |number: Option<f64>| number.map_or(usize::MAX, |number| number as usize);
        let max_items = limit(most(&self.max_items, &MAX_ITEMS)?);
        let max_bytes = limit(most(&self.max_bytes, &MAX_BYTES)?.or(Some(LARGEST)));
        let shared = match &self.input {
            Some(Input::Field(field)) => Some(visit.evaluate(field, "ItemBatcher/BatchInput")?),
            Some(Input::Filled(filled)) => Some(filled.fill(visit, input)?),
            None => None,
        };
        let empty = length(&batch(shared.as_ref(), Vec::new()));
        let mut batches = Vec::new();
        let (mut packed, mut bytes) = (Vec::new(), empty);
        for item in items {
            let more = length(item) + 1;
            if !packed.is_empty() && (packed.len() >= max_items || bytes + more > max_bytes) {
                batches.push(batch(shared.as_ref(), std::mem::take(&mut packed)).into());
                bytes = empty;
            }
            packed.push((**item).clone());
            bytes += more;
        }
        if !packed.is_empty() {
            batches.push(batch(shared.as_ref(), packed).into());
        }
        Ok(batches)
    }
}

fn batch(shared: Option<&Data>, items: Vec<Value>) -> Value {
    let shared = shared.map(|shared| ("BatchInput".to_owned(), (**shared).clone()));
    let items = ("Items".to_owned(), Value::Array(items));
    Value::Object(shared.into_iter().chain([items]).collect::<Map<_, _>>())
}

/// The length of the JSON of a value, in bytes.
fn length(value: &Value) -> usize {
    value.to_string().len()
}
