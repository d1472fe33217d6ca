//! A machine in JSONPath mode: every field there and back.

use super::super::Definition;

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
      "Iterator": {
        "StartAt": "one",
        "States": {
          "one": {
            "Type": "Pass",
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
      "ToleratedFailureCountPath": "$.few",
      "ToleratedFailurePercentagePath": "$.share",
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
    let (definition, found) = Definition::check(EVERYTHING);
    assert_eq!(found, []);
    assert_eq!(definition.unwrap().to_text(), EVERYTHING);
}
