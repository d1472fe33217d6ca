//! Reading and writing in a directory that stands for S3.

use super::{Directory, Listed, ObjectError, Objects as _, items, listing};
use crate::program::{ItemFormat, ItemSource, SourceObjects};
use serde_json::{Value, json};
use std::fs;

/// A directory with the bucket `b`, and what is in it.
fn bucket(objects: &[(&str, &str)]) -> (tempfile::TempDir, Directory) {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("b")).unwrap();
    let directory = Directory::new(folder.path());
    for (key, text) in objects {
        directory.put("b", key, text).unwrap();
    }
    (folder, directory)
}

fn keys(directory: &Directory, prefix: &str) -> Vec<String> {
    directory.list("b", prefix).unwrap().into_iter().map(|listed| listed.key).collect()
}

#[track_caller]
fn check_read(
    objects: &[(&str, &str)],
    source: SourceObjects,
    most: Option<u64>,
    expected: &Value,
) {
    let (_folder, directory) = bucket(objects);
    let source = ItemSource { bucket: "b".to_owned(), objects: source, most };
    let read = items(&directory, &source).map_or_else(Value::String, Value::Array);
    assert_eq!(&read, expected, "{source:?}");
}

#[test]
fn an_object_is_what_was_put_last() {
    let (_folder, directory) = bucket(&[("a/b.json", "1"), ("a/b.json", "22")]);
    assert_eq!(directory.get("b", "a/b.json"), Ok("22".to_owned()));
    let listed = directory.list("b", "").unwrap();
    assert_eq!(
        listed.iter().map(|it| (it.key.as_str(), it.size)).collect::<Vec<_>>(),
        [("a/b.json", 2)]
    );
}

#[test]
fn what_is_not_there_is_missed_by_name() {
    let (_folder, directory) = bucket(&[("a/b", "")]);
    let missing =
        |key: &str| Err(ObjectError::NoKey { bucket: "b".to_owned(), key: key.to_owned() });
    assert_eq!(directory.get("b", "c"), missing("c"));
    assert_eq!(directory.get("b", "a"), missing("a"), "a folder is no object");
    assert_eq!(directory.get("c", "a"), Err(ObjectError::NoBucket("c".to_owned())));
    assert_eq!(directory.put("c", "a", ""), Err(ObjectError::NoBucket("c".to_owned())));
    assert_eq!(directory.list("c", ""), Err(ObjectError::NoBucket("c".to_owned())));
}

#[test]
fn nothing_around_the_directory_can_be_named() {
    let (_folder, directory) = bucket(&[]);
    for key in ["../x", "/etc/passwd", "a/../../x", "", "a//b", "./a", "a/", "a\\b", "c:x"] {
        assert_eq!(directory.get("b", key), Err(ObjectError::Name(key.to_owned())));
        assert_eq!(directory.put("b", key, ""), Err(ObjectError::Name(key.to_owned())));
    }
    for bucket in ["..", ".", "", "b/..", "/"] {
        assert_eq!(directory.get(bucket, "x"), Err(ObjectError::Name(bucket.to_owned())));
    }
}

#[test]
fn a_listing_has_the_keys_that_begin_so_in_their_order() {
    let (_folder, directory) =
        bucket(&[("b/2", ""), ("b/1", ""), ("a", ""), ("bb", ""), ("b/c/d/e", "")]);
    assert_eq!(keys(&directory, ""), ["a", "b/1", "b/2", "b/c/d/e", "bb"]);
    assert_eq!(keys(&directory, "b"), ["b/1", "b/2", "b/c/d/e", "bb"]);
    assert_eq!(keys(&directory, "b/"), ["b/1", "b/2", "b/c/d/e"]);
    assert_eq!(keys(&directory, "b/c/d"), ["b/c/d/e"]);
    assert_eq!(keys(&directory, "z"), [""; 0]);
}

#[test]
fn a_listed_object_is_an_item_as_s3_describes_it() {
    let modified = "2026-11-22T12:00:00.5Z".parse().unwrap();
    let listed = Listed { key: "a.txt".to_owned(), size: 11, modified };
    let expected = json!({
        "Etag": "\"1a20320a3f4-b\"",
        "Key": "a.txt",
        "LastModified": 1_795_348_800,
        "Size": 11,
        "StorageClass": "STANDARD",
    });
    assert_eq!(listing(listed), expected);
}

#[test]
fn items_are_read_from_an_object_or_from_all_that_are_listed() {
    let lines = &[("in/1", "1\n2\n"), ("in/2", "3\n"), ("other", "4\n")];
    let object =
        |key: &str| SourceObjects::Object { key: key.to_owned(), format: ItemFormat::JsonLines };
    check_read(lines, object("in/1"), None, &json!([1, 2]));
    check_read(lines, object("in/1"), Some(1), &json!([1]));
    let load =
        || SourceObjects::Listing { prefix: "in/".to_owned(), load: Some(ItemFormat::JsonLines) };
    check_read(lines, load(), None, &json!([1, 2, 3]));
    check_read(lines, load(), Some(2), &json!([1, 2]));
    check_read(lines, object("x"), None, &json!("The specified key does not exist: x in b"));
    let broken = &[("in/1", "1\n"), ("in/2", "{")];
    let why = "in/2: Line 1 is no JSON: EOF while parsing an object at line 1 column 1.";
    check_read(broken, load(), None, &json!(why));
}

#[cfg(unix)]
#[test]
fn links_in_a_bucket_are_no_objects_wherever_they_lead() {
    use std::os::unix::fs::symlink;
    let (folder, directory) = bucket(&[("a", "1")]);
    let outside = folder.path().join("outside");
    fs::create_dir(&outside).unwrap();
    fs::write(outside.join("secret"), "s").unwrap();
    let bucket = folder.path().join("b");
    symlink(outside.join("secret"), bucket.join("file")).unwrap();
    symlink(&outside, bucket.join("folder")).unwrap();
    symlink("nowhere", bucket.join("dangling")).unwrap();
    symlink(".", bucket.join("loop")).unwrap();
    symlink(outside.join("made"), bucket.join("new.unfinished")).unwrap();
    assert_eq!(keys(&directory, ""), ["a"]);
    for key in ["file", "folder/secret", "dangling", "loop/a"] {
        let why =
            format!("{key} in b: a symbolic link is no object, for it may lead out of the bucket");
        assert_eq!(directory.get("b", key).unwrap_err().to_string(), why);
        assert_eq!(directory.put("b", key, "x").unwrap_err().to_string(), why);
    }
    directory.put("b", "new", "2").unwrap();
    assert_eq!(directory.get("b", "new"), Ok("2".to_owned()));
    assert_eq!(fs::read_to_string(outside.join("secret")).unwrap(), "s");
    assert!(!outside.join("made").exists());
}

#[cfg(unix)]
#[test]
fn a_bucket_may_be_a_link() {
    let (folder, directory) = bucket(&[("a", "1")]);
    std::os::unix::fs::symlink("b", folder.path().join("c")).unwrap();
    assert_eq!(directory.get("c", "a"), Ok("1".to_owned()));
}
