//! A distributed Map: executions to run, where their items come from and their results go.

use super::{Data, ItemFormat, Tolerance};
use serde::{Deserialize, Serialize};

/// Executions to run for the items of a distributed Map: a Map Run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RunStep {
    /// What it is called in ARNs.
    pub label: String,
    /// Whether the executions are express ones.
    pub express: bool,
    /// The items.
    pub items: RunItems,
    /// At most so many executions at a time; 0 means no limit.
    pub max_concurrency: u32,
    /// How many items may fail.
    pub tolerance: Tolerance,
    /// What becomes of the results.
    pub results: RunResults,
}

/// Items, or where they are.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum RunItems {
    /// What the state found in its data.
    Here(Inputs),
    /// They are read first.
    At(ItemSource),
}

/// The inputs of a Map Run's executions.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Inputs {
    /// An array with the input of each.
    pub each: Data,
    /// Whether an input is a batch, whose `Items` are the items.
    pub batched: bool,
}

/// Objects that hold items.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemSource {
    /// The bucket.
    pub bucket: String,
    /// What of it is read.
    pub objects: SourceObjects,
    /// At most so many items, if any number is set.
    pub most: Option<u64>,
}

/// What an `ItemReader` reads of a bucket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum SourceObjects {
    /// The items in one object.
    Object {
        /// The object's key.
        key: String,
        /// How the items stand in it.
        format: ItemFormat,
    },
    /// The objects themselves, by what a listing says of them.
    Listing {
        /// How their keys begin.
        prefix: String,
        /// How items stand in the objects, if the items in them are read.
        load: Option<ItemFormat>,
    },
}

/// What becomes of the results of a Map Run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RunResults {
    /// Where they are written, if they are.
    pub to: Option<Destination>,
    /// What a result is.
    pub form: ResultForm,
    /// Whether files are JSON lines and not JSON arrays.
    pub lines: bool,
}

/// A place for results.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Destination {
    /// The bucket.
    pub bucket: String,
    /// How the keys of all objects begin; may be empty.
    pub prefix: String,
}

/// `Transformation` of a `WriterConfig`. An execution that failed is always described.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ResultForm {
    /// `NONE`: the execution is described, with its input and output.
    Described,
    /// `COMPACT`: the output.
    Output,
    /// `FLATTEN`: the output, and the elements of one that is an array.
    Flattened,
}

impl Inputs {
    /// How many executions there are to run.
    pub fn len(&self) -> usize {
        self.each.as_array().map_or(0, Vec::len)
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The input of the execution with this index.
    pub fn get(&self, index: usize) -> Option<Data> {
        self.each.get(index).cloned().map(Data::from)
    }

    /// How many items the execution with this index has.
    pub fn items_of(&self, index: usize) -> u32 {
        let batch = self.each.get(index).filter(|_| self.batched);
        let items = batch.and_then(|batch| batch.get("Items")?.as_array());
        items.map_or(1, |items| u32::try_from(items.len()).unwrap_or(u32::MAX))
    }

    /// How many items there are.
    pub fn items(&self) -> u32 {
        (0..self.len()).fold(0, |items, index| items.saturating_add(self.items_of(index)))
    }
}
