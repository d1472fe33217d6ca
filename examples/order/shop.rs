//! The shop's books, as files in a folder: what the tasks read and write.
//!
//! A task runs at least once. What it writes is therefore filed under its idempotency key, and a
//! second run with the same key finds that it has been done.

use serde::{Deserialize, Serialize};
use std::{
    collections::BTreeMap,
    fs,
    io::{self, Write as _},
    path::PathBuf,
    sync::{Mutex, PoisonError},
};

/// The books, one file.
#[derive(Debug, Serialize, Deserialize)]
struct Books {
    /// What is on the shelves, by article.
    stock: BTreeMap<String, u32>,
    /// What was reserved, by idempotency key: how many were left.
    reservations: BTreeMap<String, u32>,
    /// Money taken, by idempotency key.
    payments: BTreeMap<String, f64>,
    /// Calls to the courier, by idempotency key.
    calls: BTreeMap<String, String>,
}

/// A folder with the books, the journal and what the office prints.
#[derive(Debug)]
pub(crate) struct Shop {
    folder: PathBuf,
    /// Only one task at a time turns the pages.
    turn: Mutex<()>,
}

impl Shop {
    /// Opens the shop in `folder`, which is made when a task writes for the first time.
    pub(crate) fn open(folder: PathBuf) -> Self {
        Self { folder, turn: Mutex::new(()) }
    }

    /// Writes a line into the journal.
    pub(crate) fn note(&self, what: &str, about: &str) {
        let line = format!("{what} {about}\n");
        let written = fs::create_dir_all(&self.folder).and_then(|()| {
            let journal = self.folder.join("journal.txt");
            fs::OpenOptions::new()
                .create(true)
                .append(true)
                .open(journal)?
                .write_all(line.as_bytes())
        });
        written.expect("the shop's folder can be written");
    }

    /// Takes `amount` for an order, once for each key.
    pub(crate) fn charge(&self, key: &str, order: &str, amount: f64) {
        self.turn_pages(|books| {
            books.payments.insert(key.to_owned(), amount);
        });
        self.note("charge", &format!("{order} {amount:.2}"));
    }

    /// Takes articles from the shelf, once for each key, and says how many are left; `None` if
    /// there are not enough.
    pub(crate) fn reserve(&self, key: &str, sku: &str, quantity: u32) -> Option<u32> {
        let left = self.turn_pages(|books| {
            if let Some(left) = books.reservations.get(key) {
                return Some(*left);
            }
            let stock = books.stock.get_mut(sku)?;
            *stock = stock.checked_sub(quantity)?;
            books.reservations.insert(key.to_owned(), *stock);
            Some(*stock)
        });
        self.note("reserve", &format!("{sku} {quantity}: {left:?} left"));
        left
    }

    /// Calls the courier about a label, and says how often that was done, this call included.
    pub(crate) fn call(&self, key: &str, label: &str) -> u32 {
        let calls = self.turn_pages(|books| {
            books.calls.insert(key.to_owned(), label.to_owned());
            books.calls.values().filter(|about| *about == label).count()
        });
        self.note("call", &format!("{label}: {calls}"));
        u32::try_from(calls).unwrap_or(u32::MAX)
    }

    /// Prints a paper and gives its name.
    pub(crate) fn print(&self, name: &str, text: &str) -> io::Result<String> {
        fs::create_dir_all(&self.folder)?;
        fs::write(self.folder.join(name), text)?;
        self.note("print", name);
        Ok(name.to_owned())
    }

    /// Reads the books, changes them, and puts them back in one move.
    fn turn_pages<T>(&self, change: impl FnOnce(&mut Books) -> T) -> T {
        let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        let path = self.folder.join("books.json");
        let mut books = match fs::read(&path) {
            Ok(text) => serde_json::from_slice(&text).expect("the books are what we wrote"),
            Err(_) => Books::new(),
        };
        let result = change(&mut books);
        let text = serde_json::to_vec_pretty(&books).expect("books are plain data");
        let draft = self.folder.join("books.draft.json");
        let written = fs::create_dir_all(&self.folder)
            .and_then(|()| fs::write(&draft, text))
            .and_then(|()| fs::rename(&draft, &path));
        written.expect("the shop's folder can be written");
        result
    }
}

impl Books {
    /// The shelves of a shop that has just opened.
    fn new() -> Self {
        let stock = [("lamp", 500), ("chair", 400), ("table", 90)];
        Self {
            stock: stock.map(|(sku, quantity)| (sku.to_owned(), quantity)).into(),
            reservations: BTreeMap::new(),
            payments: BTreeMap::new(),
            calls: BTreeMap::new(),
        }
    }
}
