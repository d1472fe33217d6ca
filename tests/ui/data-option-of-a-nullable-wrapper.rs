// errors: 1
use stepwright::prelude::*;

#[data]
struct Note(Option<String>);

#[data]
struct Answer {
    note: Option<Note>,
}

fn main() {
    let _ = |answer: Answer| answer.note.map(|note| note.0);
}
