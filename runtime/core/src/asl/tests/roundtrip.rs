//! Text to definition and back: nothing is lost, and the order is always the same.

use super::super::Definition;

/// A machine with every field of every type of state, in canonical order.
const EVERYTHING: &str = include_str!("everything.jsonata.asl.json");

#[test]
fn canonical_text_comes_back_as_it_was_and_has_no_findings() {
    let (definition, found) = Definition::check(EVERYTHING);
    assert_eq!(found, []);
    assert_eq!(definition.unwrap().to_text(), EVERYTHING);
}

#[test]
fn keys_in_any_order_give_the_canonical_text() {
    let text = r#"{"States": {"b": {"End": true, "Type": "Pass"}, "a": {"Next": "b", "Type": "Wait",
        "Seconds": 1}}, "StartAt": "a", "QueryLanguage": "JSONata"}"#;
    let (definition, found) = Definition::check(text);
    assert_eq!(found, []);
    insta::assert_snapshot!(definition.unwrap().to_text(), @r#"
    {
      "QueryLanguage": "JSONata",
      "StartAt": "a",
      "States": {
        "b": {
          "Type": "Pass",
          "End": true
        },
        "a": {
          "Type": "Wait",
          "Seconds": 1,
          "Next": "b"
        }
      }
    }
    "#);
}

#[test]
fn whole_backoff_rates_are_printed_as_integers() {
    let text = EVERYTHING.replace("\"BackoffRate\": 1.5", "\"BackoffRate\": 2.0");
    let printed = Definition::parse(&text).0.unwrap().to_text();
    assert!(printed.contains("\"BackoffRate\": 2,"));
    assert_eq!(Definition::parse(&printed).0, Definition::parse(&text).0);
}
