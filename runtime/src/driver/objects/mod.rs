//! Objects in buckets, as S3 has them: where a distributed Map finds its items and puts its results.

mod directory;

pub use directory::Directory;

use crate::{
    engine::{Event, ReadItems, WriteResults},
    program::{Data, Failure, ItemFormat, ItemSource, SourceObjects, names},
};
use jiff::Timestamp;
use serde_json::{Value, json};

/// Keeps objects.
///
/// Calls block; they come from threads that may.
pub trait Objects: Send + Sync + std::fmt::Debug {
    /// Reads an object, which is text.
    fn get(&self, bucket: &str, key: &str) -> Result<String, ObjectError>;

    /// Lists the objects whose keys begin so, by key.
    fn list(&self, bucket: &str, prefix: &str) -> Result<Vec<Listed>, ObjectError>;

    /// Writes an object, whole or not at all, in place of one that is there.
    fn put(&self, bucket: &str, key: &str, text: &str) -> Result<(), ObjectError>;
}

/// What a listing says of an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Its key.
    pub key: String,
    /// Its length in bytes.
    pub size: u64,
    /// When it was last changed.
    pub modified: Timestamp,
}

/// Why objects can't be read or written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ObjectError {
    /// This process has no place for objects.
    #[error(
        "This process reads and writes no objects: give it a directory of buckets, with `--objects` \
         or `Builder::objects`"
    )]
    NoPlace,
    /// There is no such bucket.
    #[error("The specified bucket does not exist: {0}")]
    NoBucket(String),
    /// There is no such object.
    #[error("The specified key does not exist: {key} in {bucket}")]
    NoKey {
        /// The bucket.
        bucket: String,
        /// The key.
        key: String,
    },
    /// It can't be kept under that name.
    #[error("'{0}' can't be the name of a file or folder")]
    Name(String),
    /// The system refuses.
    #[error("{key} in {bucket}: {why}")]
    Refused {
        /// The bucket.
        bucket: String,
        /// The key, or how keys begin.
        key: String,
        /// Why.
        why: String,
    },
}

/// No place for objects.
#[derive(Debug)]
pub(crate) struct Nowhere;

impl Objects for Nowhere {
    fn get(&self, _bucket: &str, _key: &str) -> Result<String, ObjectError> {
        Err(ObjectError::NoPlace)
    }

    fn list(&self, _bucket: &str, _prefix: &str) -> Result<Vec<Listed>, ObjectError> {
        Err(ObjectError::NoPlace)
    }

    fn put(&self, _bucket: &str, _key: &str, _text: &str) -> Result<(), ObjectError> {
        Err(ObjectError::NoPlace)
    }
}

/// Reads the items of a distributed Map; says so, or why that failed.
pub(crate) fn read(objects: &dyn Objects, asked: &ReadItems) -> Event {
    let token = asked.token;
    match items(objects, &asked.source) {
        Ok(items) => Event::ItemsRead { token, items: items.into_iter().map(Data::from).collect() },
        Err(cause) => {
            Event::TaskFailed { token, failure: Failure::new(names::ITEM_READER_FAILED, cause) }
        }
    }
}

/// Writes the results of a distributed Map; says so, or why that failed.
pub(crate) fn write(objects: &dyn Objects, asked: &WriteResults) -> Event {
    let token = asked.token;
    for (key, text) in &asked.objects {
        if let Err(error) = objects.put(&asked.bucket, key, text) {
            let failure = Failure::new(names::RESULT_WRITER_FAILED, error.to_string());
            return Event::TaskFailed { token, failure };
        }
    }
    Event::ResultsWritten { token }
}

fn items(objects: &dyn Objects, source: &ItemSource) -> Result<Vec<Value>, String> {
    let most = source.most.and_then(|most| usize::try_from(most).ok()).unwrap_or(usize::MAX);
    let read = |key: &str, format: &ItemFormat, most| {
        let text = objects.get(&source.bucket, key).map_err(|error| error.to_string())?;
        format.read(&text, most)
    };
    match &source.objects {
        SourceObjects::Object { key, format } => read(key, format, most),
        SourceObjects::Listing { prefix, load } => {
            let listed = objects.list(&source.bucket, prefix).map_err(|error| error.to_string())?;
            let Some(format) = load else {
                return Ok(listed.into_iter().take(most).map(listing).collect());
            };
            let mut items = Vec::new();
            for Listed { key, .. } in listed {
                if items.len() >= most {
                    break;
                }
                let found = read(&key, format, most - items.len());
                items.extend(found.map_err(|why| format!("{key}: {why}"))?);
            }
            Ok(items)
        }
    }
}

/// An object as an item.
fn listing(listed: Listed) -> Value {
    let Listed { key, size, modified } = listed;
    json!({
        "Etag": format!("\"{:x}-{size:x}\"", modified.as_millisecond()),
        "Key": key,
        "LastModified": modified.as_second(),
        "Size": size,
        "StorageClass": "STANDARD",
    })
}

#[cfg(test)]
mod tests;
