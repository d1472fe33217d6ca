// errors: 1
use stepwright::prelude::*;

#[data]
struct Line<'a> {
    text: &'a str,
}

fn main() {
    let _ = Line { text: "x" }.text;
}
