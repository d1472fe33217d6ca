//! Machines in JSONPath mode: every field there and back, and what is wrong with the others.

use super::{super::Definition, findings};
use serde_json::{Value, json};

/// A machine with every field that only JSONPath has, in canonical order.
const EVERYTHING: &str = r#"{
  "QueryLanguage": "JSONPath",
  "StartAt": "call",
  "States": {
    "call": {
      "Type": "Task",
      "InputPath": "$.order",
      "Resource": "arn:aws:states:::lambda:invoke",
      "Parameters": {
        "FunctionName": "charge",
        "Payload.$": "$"
      },
      "TimeoutSecondsPath": "$.timeout",
      "HeartbeatSecondsPath": "$.heartbeat",
      "Assign": {
        "receipt.$": "$.Payload"
      },
      "ResultSelector": {
        "receipt.$": "$.Payload"
      },
      "ResultPath": "$.charged",
      "OutputPath": "$",
      "Catch": [
        {
          "ErrorEquals": [
            "States.ALL"
          ],
          "ResultPath": "$.error",
          "Next": "failed"
        }
      ],
      "Next": "which"
    },
    "which": {
      "Type": "Choice",
      "InputPath": "$",
      "Choices": [
        {
          "And": [
            {
              "Variable": "$.a",
              "IsPresent": true
            },
            {
              "Or": [
                {
                  "Variable": "$.a",
                  "NumericLessThanEquals": 3
                },
                {
                  "Not": {
                    "Variable": "$.a",
                    "StringEqualsPath": "$.b"
                  }
                }
              ]
            }
          ],
          "Next": "nap"
        }
      ],
      "Default": "each"
    },
    "nap": {
      "Type": "Wait",
      "SecondsPath": "$.seconds",
      "Next": "until"
    },
    "until": {
      "Type": "Wait",
      "TimestampPath": "$.at",
      "Next": "each"
    },
    "each": {
      "Type": "Map",
      "ItemsPath": "$.items",
      "ItemSelector": {
        "item.$": "$$.Map.Item.Value"
      },
      "MaxConcurrencyPath": "$.most",
      "ToleratedFailureCountPath": "$.few",
      "ToleratedFailurePercentagePath": "$.share",
      "Iterator": {
        "StartAt": "one",
        "States": {
          "one": {
            "Type": "Pass",
            "Parameters": {
              "x": 1
            },
            "Result": null,
            "ResultPath": null,
            "End": true
          }
        }
      },
      "Next": "all"
    },
    "all": {
      "Type": "Map",
      "ItemReader": {
        "Resource": "arn:aws:states:::s3:getObject",
        "Parameters": {
          "Bucket": "b",
          "Key.$": "$.key"
        },
        "ReaderConfig": {
          "InputType": "CSV",
          "CSVDelimiter": "SEMICOLON",
          "CSVHeaderLocation": "GIVEN",
          "CSVHeaders": [
            "a",
            "b"
          ],
          "MaxItemsPath": "$.most"
        }
      },
      "ItemBatcher": {
        "BatchInput": {
          "run.$": "$.run"
        },
        "MaxItemsPerBatchPath": "$.n",
        "MaxInputBytesPerBatch": 1000
      },
      "Label": "all",
      "ItemProcessor": {
        "ProcessorConfig": {
          "Mode": "DISTRIBUTED",
          "ExecutionType": "EXPRESS"
        },
        "StartAt": "two",
        "States": {
          "two": {
            "Type": "Succeed",
            "InputPath": null
          }
        }
      },
      "ResultWriter": {
        "Resource": "arn:aws:states:::s3:putObject",
        "Parameters": {
          "Bucket": "b"
        },
        "WriterConfig": {
          "OutputType": "JSON"
        }
      },
      "Next": "failed"
    },
    "failed": {
      "Type": "Fail",
      "ErrorPath": "$.Error",
      "CausePath": "States.Format('{}', $.Cause)"
    }
  }
}
"#;

#[test]
fn a_machine_in_jsonpath_comes_back_as_it_was() {
    let (definition, found) = Definition::parse(EVERYTHING);
    assert_eq!(found, []);
    assert_eq!(definition.unwrap().to_text(), EVERYTHING);
}

/// Machines, each with one mistake, as one state or rule of a Choice.
fn cases() -> Vec<(Value, &'static str)> {
    vec![
        (
            json!({"Type": "Pass", "Output": 1, "End": true}),
            "error[A0112] /States/A/Output: `Output` is a field of JSONata (help: write `\"QueryLanguage\": \"JSONata\"`, or the fields of JSONPath)",
        ),
        (
            choice(&json!({"Condition": true, "Next": "B"})),
            "error[A0104] /States/A/Choices/0: a rule needs `Variable` with a comparison, or `And`, `Or` or `Not`\n\
             error[A0112] /States/A/Choices/0/Condition: `Condition` is a field of JSONata (help: write `\"QueryLanguage\": \"JSONata\"`, or the fields of JSONPath)",
        ),
        (
            choice(&json!({"Variable": "$.a", "Next": "B"})),
            "error[A0104] /States/A/Choices/0: a rule with `Variable` needs a comparison, such as `StringEquals`",
        ),
        (
            choice(&json!({"Variable": "$.a", "IsNull": true, "IsString": true, "Next": "B"})),
            "error[A0113] /States/A/Choices/0/IsString: a rule has one comparison, not `IsNull` and `IsString` (help: join two rules with `And` or `Or`)",
        ),
        (
            choice(&json!({"Not": {"Variable": "$.a", "IsNull": true, "Next": "B"}, "Next": "B"})),
            "error[A0105] /States/A/Choices/0/Not/Next: a test has no field `Next`",
        ),
        (
            choice(&json!({"And": [], "Next": "B"})),
            "error[A0204] /States/A/Choices/0/And: `And` needs at least one test",
        ),
        (
            choice(&json!({"Variable": "$.a", "NumericEqualsPath": 1, "Next": "B"})),
            "error[A0103] /States/A/Choices/0/NumericEqualsPath: `NumericEqualsPath` is a string, not a number",
        ),
        (
            json!({"Type": "Wait", "SecondsPath": "$.a", "Seconds": 1, "End": true}),
            "error[A0110] /States/A: a Wait state needs one of `Seconds`, `SecondsPath`, `Timestamp` and `TimestampPath`, not several",
        ),
    ]
}

fn choice(rule: &Value) -> Value {
    json!({"Type": "Choice", "Choices": [rule], "Default": "B"})
}

fn machine(state: &Value) -> String {
    let states = json!({"A": state, "B": {"Type": "Succeed"}});
    json!({"StartAt": "A", "States": states}).to_string()
}

/// The findings of all cases, one below the other.
pub(super) fn all_findings() -> String {
    cases().iter().map(|(state, _)| findings(&machine(state))).collect()
}

#[test]
fn each_mistake_in_jsonpath_is_found_at_its_place() {
    for (state, expected) in cases() {
        let found = findings(&machine(&state));
        let found: Vec<_> = found.lines().filter_map(|line| line.split_once(" error[")).collect();
        let found: Vec<_> = found.into_iter().map(|(_, rest)| format!("error[{rest}")).collect();
        // The state that only the other ones lead to is not the point here.
        let found: Vec<_> = found.into_iter().filter(|line| !line.contains("A0202")).collect();
        assert_eq!(found.join("\n"), expected, "{state}");
    }
}
