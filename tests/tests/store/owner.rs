//! One process owns a database; the others read, and write to the inbox.

use super::{at, blob, changing, ready, start, starting, step};
use stepwright::store::{
    Answer, Claim, Error, Filter, HistoryPage, Message, Order, Page, SqliteStore, Started,
    Store as _, Wake,
};

#[test]
fn a_second_owner_is_told_who_the_first_is() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("test.db");
    let first = SqliteStore::open(&path).unwrap();
    first.own("first").unwrap();
    let second = SqliteStore::open(&path).unwrap();
    let refused = second.own("second").unwrap_err();
    assert!(matches!(&refused, Error::Locked { pid: Some(pid), .. } if *pid == std::process::id()));
    let text = refused.to_string();
    assert!(text.ends_with(&format!("another process (pid {})", std::process::id())), "{text}");
    drop(first);
    second.own("second").unwrap();
}

#[test]
fn others_read_and_write_to_the_inbox_while_the_owner_runs() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("test.db");
    let owner = SqliteStore::open(&path).unwrap();
    let (epoch, pin) = ready(&owner);
    let started = owner.commit(starting(start(&pin, "a", epoch, Wake::Owned))).unwrap().starts;
    let [Started::New(id)] = started[..] else { panic!("it is new") };
    let hint = owner.hint().unwrap();

    let other = SqliteStore::open(&path).unwrap();
    let page = Page { before: None, limit: 9 };
    assert_eq!(other.list(&Filter::default(), &page).unwrap()[0].name, "a");
    let whole = HistoryPage { order: Order::Forward, from: None, limit: 9 };
    assert_eq!(other.history(id, &whole).unwrap().len(), 1);
    let stop = Message { execution: Some(id), sent: at(20), body: blob("\"stop\"") };
    other.send(std::slice::from_ref(&stop)).unwrap();
    assert_ne!(owner.hint().unwrap(), hint, "the owner is told to look");
    assert_eq!(owner.inbox(0, 9).unwrap()[0].message, stop);

    let claim = Claim { epoch, now: at(0), lease: at(0), limit: 9 };
    assert!(matches!(other.claim(&claim), Err(Error::NotOwner)));
    let theirs = other.commit(changing(step(id, 1, epoch, Wake::Owned))).unwrap().changes;
    assert_eq!(theirs, [Answer::Conflict], "who does not own changes nothing");
    assert_eq!(
        owner.commit(changing(step(id, 1, epoch, Wake::Owned))).unwrap().changes,
        [Answer::Ok]
    );
    assert_eq!(other.load(id).unwrap().unwrap().version, 2);
}

#[cfg(unix)]
#[test]
fn a_database_has_one_owner_by_whatever_name_it_is_opened() {
    let folder = tempfile::tempdir().unwrap();
    let (path, link) = (folder.path().join("test.db"), folder.path().join("link.db"));
    let first = SqliteStore::open(&path).unwrap();
    first.own("first").unwrap();
    std::os::unix::fs::symlink(&path, &link).unwrap();
    let second = SqliteStore::open(&link).unwrap();
    let refused = second.own("second").unwrap_err();
    assert!(matches!(&refused, Error::Locked { path, .. } if *path == link), "{refused:?}");
}

#[cfg(unix)]
#[test]
fn a_database_with_a_second_name_is_refused_by_each() {
    let folder = tempfile::tempdir().unwrap();
    let (path, link) = (folder.path().join("test.db"), folder.path().join("link.db"));
    let store = SqliteStore::open(&path).unwrap();
    std::fs::hard_link(&path, &link).unwrap();
    for name in [&path, &link] {
        for opened in [SqliteStore::open(name), SqliteStore::open_existing(name)] {
            let refused = opened.unwrap_err().to_string();
            assert!(refused.contains("more names than one (hard links)"), "{refused}");
        }
    }
    drop(store);
    std::fs::remove_file(&link).unwrap();
    SqliteStore::open(&path).unwrap().own("somebody").unwrap();
}

#[cfg(unix)]
#[test]
fn an_owner_whose_lock_was_deleted_learns_of_the_next_one() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("test.db");
    let (first, second) = (SqliteStore::open(&path).unwrap(), SqliteStore::open(&path).unwrap());
    first.own("first").unwrap();
    std::fs::remove_file(folder.path().join("test.db-owner")).unwrap();
    first.hint().unwrap();
    second.own("second").unwrap();
    assert!(matches!(first.hint(), Err(Error::NotOwner)));
    second.hint().unwrap();
}
