//! A machine in JSONPath mode: every field there and back.

use super::super::Definition;

/// A machine with every field that only JSONPath has, in canonical order.
const EVERYTHING: &str = include_str!("everything.jsonpath.asl.json");

#[test]
fn a_machine_in_jsonpath_comes_back_as_it_was() {
    let (definition, found) = Definition::check(EVERYTHING);
    assert_eq!(found, []);
    assert_eq!(definition.unwrap().to_text(), EVERYTHING);
}
