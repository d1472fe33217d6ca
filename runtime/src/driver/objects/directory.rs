//! A directory that stands for S3: its folders are buckets, the files in them objects.

use super::{Listed, ObjectError, Objects};
use jiff::Timestamp;
use std::{
    fs::{self, File},
    io::{self, Write as _},
    path::{Path, PathBuf},
};

/// Objects in a local directory: the object `a/b.json` of the bucket `orders` is the file
/// `orders/a/b.json` in it. A bucket may be a symbolic link to a folder; links in it are no objects.
#[derive(Debug, Clone)]
pub struct Directory(PathBuf);

impl Directory {
    /// Takes the directory. It need not be there yet; a bucket is a folder that somebody makes.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self(path.into())
    }

    fn bucket(&self, name: &str) -> Result<PathBuf, ObjectError> {
        if !is_name(name) {
            return Err(ObjectError::Name(name.to_owned()));
        }
        let path = self.0.join(name);
        if path.is_dir() { Ok(path) } else { Err(ObjectError::NoBucket(name.to_owned())) }
    }

    fn object(&self, bucket: &str, key: &str) -> Result<PathBuf, ObjectError> {
        let mut path = self.bucket(bucket)?;
        if !key.split('/').all(is_name) {
            return Err(ObjectError::Name(key.to_owned()));
        }
        for part in key.split('/') {
            path.push(part);
            if path.is_symlink() {
                let why = "a symbolic link is no object, for it may lead out of the bucket";
                return Err(refused(bucket, key, &io::Error::other(why)));
            }
        }
        Ok(path)
    }
}

/// Whether a part of a path names something in its folder, and nothing around it.
fn is_name(part: &str) -> bool {
    !matches!(part, "" | "." | "..") && !part.contains(['/', '\\', '\0', ':'])
}

impl Objects for Directory {
    fn get(&self, bucket: &str, key: &str) -> Result<String, ObjectError> {
        let path = self.object(bucket, key)?;
        if !path.is_file() {
            return Err(ObjectError::NoKey { bucket: bucket.to_owned(), key: key.to_owned() });
        }
        fs::read_to_string(path).map_err(|error| refused(bucket, key, &error))
    }

    fn list(&self, bucket: &str, prefix: &str) -> Result<Vec<Listed>, ObjectError> {
        let root = self.bucket(bucket)?;
        let (mut found, mut folders) = (Vec::new(), vec![String::new()]);
        while let Some(folder) = folders.pop() {
            let entries = fs::read_dir(root.join(&folder));
            for entry in entries.map_err(|error| refused(bucket, &folder, &error))? {
                let listed = entry.and_then(|entry| list(&entry, &folder));
                match listed.map_err(|error| refused(bucket, &folder, &error))? {
                    Entry::Folder(path) if may_begin(&path, prefix) => folders.push(path),
                    Entry::Object(listed) if listed.key.starts_with(prefix) => found.push(listed),
                    _ => {}
                }
            }
        }
        found.sort_by(|a, b| a.key.cmp(&b.key));
        Ok(found)
    }

    fn put(&self, bucket: &str, key: &str, text: &str) -> Result<(), ObjectError> {
        let path = self.object(bucket, key)?;
        write(&path, text).map_err(|error| refused(bucket, key, &error))
    }
}

/// Whether keys that begin with `prefix` can be in the folder of this path.
fn may_begin(path: &str, prefix: &str) -> bool {
    path.starts_with(prefix) || prefix.starts_with(path)
}

/// What is in a folder.
enum Entry {
    /// A folder, by its path in the bucket with a `/` at the end.
    Folder(String),
    Object(Listed),
    /// Nothing that has a key.
    Other,
}

fn list(entry: &fs::DirEntry, folder: &str) -> io::Result<Entry> {
    let name = entry.file_name();
    let Some(name) = name.to_str() else { return Ok(Entry::Other) };
    // of a link itself, which is neither file nor folder
    let facts = match entry.metadata() {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Entry::Other),
        facts => facts?,
    };
    Ok(match () {
        () if facts.is_dir() => Entry::Folder(format!("{folder}{name}/")),
        () if facts.is_file() && !name.ends_with(UNFINISHED) => Entry::Object(Listed {
            key: format!("{folder}{name}"),
            size: facts.len(),
            modified: Timestamp::try_from(facts.modified()?).unwrap_or_default(),
        }),
        () => Entry::Other,
    })
}

/// How files end that are being written; they are no objects.
const UNFINISHED: &str = ".unfinished";

/// Writes a file beside its place and moves it there, so that nobody sees a part of it.
fn write(path: &Path, text: &str) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let mut unfinished = path.as_os_str().to_owned();
    unfinished.push(UNFINISHED);
    // whatever has that name, a link for example, is not written through
    let _left_over = fs::remove_file(&unfinished);
    File::create_new(&unfinished)?.write_all(text.as_bytes())?;
    fs::rename(&unfinished, path)
}

fn refused(bucket: &str, key: &str, error: &io::Error) -> ObjectError {
    ObjectError::Refused { bucket: bucket.to_owned(), key: key.to_owned(), why: error.to_string() }
}
