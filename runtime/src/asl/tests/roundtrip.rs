//! Text to definition and back: nothing is lost, and the order is always the same.

use super::super::Definition;

/// A machine with every field of every type of state, in canonical order.
const EVERYTHING: &str = r#"{
  "Comment": "Everything",
  "QueryLanguage": "JSONata",
  "Version": "1.0",
  "TimeoutSeconds": 3600,
  "StartAt": "charge",
  "States": {
    "charge": {
      "Type": "Task",
      "Comment": "A task",
      "QueryLanguage": "JSONata",
      "Resource": "arn:aws:lambda:us-east-1:123456789012:function:charge",
      "Arguments": {
        "order": "{% $states.context.Execution.Input %}"
      },
      "Credentials": {
        "RoleArn": "arn:aws:iam::123456789012:role/r"
      },
      "TimeoutSeconds": 30,
      "HeartbeatSeconds": "{% 5 + 5 %}",
      "Assign": {
        "receipt": "{% $states.result %}",
        "i": 0
      },
      "Output": null,
      "Retry": [
        {
          "Comment": "A retrier",
          "ErrorEquals": [
            "GatewayDown",
            "States.Timeout"
          ],
          "IntervalSeconds": 2,
          "MaxAttempts": 0,
          "BackoffRate": 1.5,
          "MaxDelaySeconds": 60,
          "JitterStrategy": "FULL"
        }
      ],
      "Catch": [
        {
          "Comment": "A catcher",
          "ErrorEquals": [
            "States.ALL"
          ],
          "Assign": {
            "problem": "{% $states.errorOutput.Cause %}"
          },
          "Output": {
            "failed": true
          },
          "Next": "declined"
        }
      ],
      "Next": "if_total"
    },
    "if_total": {
      "Type": "Choice",
      "Choices": [
        {
          "Comment": "A rule",
          "Condition": "{% $receipt.total > 1000 %}",
          "Assign": {
            "i": 1
          },
          "Output": "{% $i %}",
          "Next": "wait"
        },
        {
          "Condition": true,
          "Next": "wait_until"
        }
      ],
      "Default": "parallel",
      "Assign": {
        "i": 2
      },
      "Output": 1.5
    },
    "wait": {
      "Type": "Wait",
      "Seconds": 60,
      "Next": "parallel"
    },
    "wait_until": {
      "Type": "Wait",
      "Timestamp": "{% $now() %}",
      "Next": "parallel"
    },
    "parallel": {
      "Type": "Parallel",
      "Arguments": {
        "a": 1
      },
      "Branches": [
        {
          "Comment": "A branch",
          "StartAt": "label",
          "States": {
            "label": {
              "Type": "Pass",
              "Output": "{% $states.input.a %}",
              "End": true
            }
          }
        }
      ],
      "Next": "map_reserve"
    },
    "map_reserve": {
      "Type": "Map",
      "Items": "{% $receipt.items %}",
      "ItemSelector": {
        "item": "{% $states.context.Map.Item.Value %}"
      },
      "MaxConcurrency": 4,
      "ToleratedFailureCount": 1,
      "ToleratedFailurePercentage": 10,
      "Label": "reserve",
      "ItemProcessor": {
        "ProcessorConfig": {
          "Mode": "DISTRIBUTED",
          "ExecutionType": "STANDARD"
        },
        "StartAt": "reserve",
        "States": {
          "reserve": {
            "Type": "Succeed",
            "Output": "{% $states.input.item %}"
          }
        }
      },
      "End": true
    },
    "declined": {
      "Type": "Fail",
      "Comment": "The end",
      "Error": "Declined",
      "Cause": "{% $problem %}"
    }
  }
}
"#;

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
