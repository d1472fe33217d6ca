//! The definitions themselves: what a reader of an export sees.

#![expect(
    clippy::duration_suboptimal_units,
    clippy::indexing_slicing,
    clippy::needless_collect,
    clippy::too_many_lines,
    reason = "programs of users, and what becomes of them"
)]

use super::*;
use std::time::Duration;

/// The definition as text.
fn definition<W: Workflow>() -> String {
    (W::workflow().program)().definition().to_text()
}

/// Every expression of the definition, with the place of its field.
fn expressions<W: Workflow>() -> String {
    fn collect(value: &Value, at: &str, into: &mut String) {
        match value {
            Value::String(text) if text.starts_with("{%") => {
                into.extend([at, ": ", text, "\n"]);
            }
            Value::Object(members) => {
                for (name, member) in members {
                    let at = if at.is_empty() { name.clone() } else { format!("{at}.{name}") };
                    collect(member, &at, into);
                }
            }
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    collect(item, &format!("{at}[{index}]"), into);
                }
            }
            _ => {}
        }
    }
    let mut text = String::new();
    collect(&(W::workflow().program)().definition().to_json()["States"], "", &mut text);
    text
}

#[data]
struct Parcel {
    id: String,
    total: f64,
    lines: Vec<Line>,
}

#[data]
struct Line {
    sku: String,
    qty: u32,
}

#[data]
struct Slip {
    no: u32,
}

#[data]
struct Seen {
    collected: bool,
}

#[data]
#[derive(TaskError)]
enum PayError {
    CardDeclined { code: u16 },
    GatewayDown,
}

#[data]
#[derive(TaskError)]
enum ParcelError {
    Declined(u16),
    Pay(#[from] PayError),
}

#[task]
async fn approve(id: &str) -> Result<(), PayError> {
    if id.is_empty() { Err(PayError::GatewayDown) } else { Ok(()) }
}

#[task(
    retry(on = [GatewayDown], interval = "2s", max_attempts = 5, backoff = 2.0),
    timeout = "30s",
    heartbeat = "10s"
)]
async fn charge(parcel: &Parcel) -> Result<Slip, PayError> {
    if parcel.total < 0.0 {
        return Err(PayError::CardDeclined { code: 1 });
    }
    Ok(Slip { no: 1 })
}

#[task]
async fn reserve(line: &Line) -> Result<u32, PayError> {
    Ok(line.qty)
}

#[task]
async fn print_label(parcel: &Parcel) -> Result<String, PayError> {
    Ok(parcel.id.clone())
}

#[task]
async fn write_invoice(slip: &Slip) -> Result<String, PayError> {
    Ok(slip.no.to_string())
}

#[task]
async fn courier_status(label: &str) -> Result<Seen, PayError> {
    Ok(Seen { collected: !label.is_empty() })
}

#[data]
struct Sent {
    label: String,
    invoice: String,
    reserved: Vec<u32>,
}

#[workflow]
async fn fulfil(parcel: Parcel) -> Result<Sent, ParcelError> {
    if parcel.total > 1000.0 {
        approve(&parcel.id).await?;
    }
    let slip = match charge(&parcel).await {
        Ok(slip) => slip,
        Err(PayError::CardDeclined { code }) => return Err(ParcelError::Declined(code)),
        Err(e) => return Err(e.into()),
    };
    let reserved = try_join_all(parcel.lines.iter().map(|line| reserve(line))).await?;
    let (label, invoice) = try_join!(print_label(&parcel), write_invoice(&slip))?;
    let mut seen = courier_status(&label).await?;
    while !seen.collected {
        sleep(Duration::from_secs(60)).await;
        seen = courier_status(&label).await?;
    }
    Ok(Sent { label, invoice, reserved })
}

#[test]
fn an_order_process_reads_like_written_by_hand() {
    insta::assert_snapshot!(definition::<fulfil>(), @r##"
    {
      "QueryLanguage": "JSONata",
      "StartAt": "if_total",
      "States": {
        "if_total": {
          "Type": "Choice",
          "Choices": [
            {
              "Condition": "{% $states.context.Execution.Input.total > 1000 %}",
              "Next": "approve"
            }
          ],
          "Default": "charge"
        },
        "approve": {
          "Type": "Task",
          "Resource": "arn:aws:states:us-east-1:123456789012:activity:approve",
          "Arguments": {
            "id": "{% $states.context.Execution.Input.id %}"
          },
          "Next": "charge"
        },
        "charge": {
          "Type": "Task",
          "Resource": "arn:aws:states:us-east-1:123456789012:activity:charge",
          "Arguments": {
            "parcel": "{% $states.context.Execution.Input %}"
          },
          "TimeoutSeconds": 30,
          "HeartbeatSeconds": 10,
          "Assign": {
            "slip": "{% $states.result %}"
          },
          "Retry": [
            {
              "ErrorEquals": [
                "GatewayDown"
              ],
              "IntervalSeconds": 2,
              "MaxAttempts": 5,
              "BackoffRate": 2
            }
          ],
          "Catch": [
            {
              "ErrorEquals": [
                "CardDeclined"
              ],
              "Assign": {
                "code": "{% $parse($states.errorOutput.Cause).CardDeclined.code %}"
              },
              "Next": "declined"
            }
          ],
          "Next": "map_reserve"
        },
        "map_reserve": {
          "Type": "Map",
          "Items": "{% $states.context.Execution.Input.lines %}",
          "ItemProcessor": {
            "StartAt": "reserve",
            "States": {
              "reserve": {
                "Type": "Task",
                "Resource": "arn:aws:states:us-east-1:123456789012:activity:reserve",
                "Arguments": {
                  "line": "{% $states.input %}"
                },
                "End": true
              }
            }
          },
          "Assign": {
            "reserved": "{% $states.result %}"
          },
          "Next": "join"
        },
        "join": {
          "Type": "Parallel",
          "Branches": [
            {
              "StartAt": "print_label",
              "States": {
                "print_label": {
                  "Type": "Task",
                  "Resource": "arn:aws:states:us-east-1:123456789012:activity:print_label",
                  "Arguments": {
                    "parcel": "{% $states.context.Execution.Input %}"
                  },
                  "End": true
                }
              }
            },
            {
              "StartAt": "write_invoice",
              "States": {
                "write_invoice": {
                  "Type": "Task",
                  "Resource": "arn:aws:states:us-east-1:123456789012:activity:write_invoice",
                  "Arguments": {
                    "slip": "{% $slip %}"
                  },
                  "End": true
                }
              }
            }
          ],
          "Assign": {
            "label": "{% $states.result[0] %}",
            "invoice": "{% $states.result[1] %}"
          },
          "Next": "courier_status"
        },
        "courier_status": {
          "Type": "Task",
          "Resource": "arn:aws:states:us-east-1:123456789012:activity:courier_status",
          "Arguments": {
            "label": "{% $label %}"
          },
          "Assign": {
            "seen": "{% $states.result %}"
          },
          "Next": "while_collected"
        },
        "while_collected": {
          "Type": "Choice",
          "Choices": [
            {
              "Condition": "{% $not($seen.collected) %}",
              "Next": "wait"
            }
          ],
          "Default": "done"
        },
        "wait": {
          "Type": "Wait",
          "Seconds": 60,
          "Next": "courier_status_2"
        },
        "courier_status_2": {
          "Type": "Task",
          "Resource": "arn:aws:states:us-east-1:123456789012:activity:courier_status",
          "Arguments": {
            "label": "{% $label %}"
          },
          "Assign": {
            "seen": "{% $states.result %}"
          },
          "Next": "while_collected"
        },
        "done": {
          "Type": "Succeed",
          "Output": {
            "label": "{% $label %}",
            "invoice": "{% $invoice %}",
            "reserved": "{% $reserved %}"
          }
        },
        "declined": {
          "Type": "Fail",
          "Error": "Declined",
          "Cause": "{% $string({\"Declined\": $code}) %}"
        }
      }
    }
    "##);
}

#[workflow]
async fn chosen(a: i64, b: i64, name: String, note: Option<String>, xs: Vec<i64>) -> String {
    let doubled = double(a).await;
    let sum = doubled + b;
    let half = sum / 2;
    let rest = b % 7;
    let small = a as u8;
    let title = name + "!";
    let shown = note.unwrap_or_default();
    let size = if half > 10 && xs.len() > 1 { "big" } else { "small" };
    let first = xs[0];
    let next: Vec<i64> = xs.iter().filter(|x| **x > 1).map(|x| x + 1).collect::<Vec<i64>>();
    let label = text(&title).await;
    format!("{label} {half} {rest} {small} {shown} {size} {first} {}", next.len())
}

#[test]
fn types_choose_the_text() {
    insta::assert_snapshot!(expressions::<chosen>(), @r##"
    double.Arguments.n: {% $states.context.Execution.Input.a %}
    double.Assign.half: {% ($sum_2 := ($v := $states.result + $states.context.Execution.Input.b; $v >= -9007199254740991 and $v <= 9007199254740991 ? $v : $error('attempt to add with overflow')); ($sum_2 - $sum_2 % 2) / 2) %}
    double.Assign.rest: {% $states.context.Execution.Input.b % 7 %}
    double.Assign.small: {% $states.context.Execution.Input.a >= 0 and $states.context.Execution.Input.a <= 255 ? $states.context.Execution.Input.a : $error('number does not fit its new type') %}
    double.Assign.title: {% $states.context.Execution.Input.name & '!' %}
    double.Assign.shown: {% $states.context.Execution.Input.note != null ? $states.context.Execution.Input.note : '' %}
    double.Assign.size: {% ($sum_2 := ($v := $states.result + $states.context.Execution.Input.b; $v >= -9007199254740991 and $v <= 9007199254740991 ? $v : $error('attempt to add with overflow')); $half := ($sum_2 - $sum_2 % 2) / 2; $half > 10 and $count($states.context.Execution.Input.xs) > 1 ? 'big' : 'small') %}
    double.Assign.first: {% 0 < $count($states.context.Execution.Input.xs) ? $states.context.Execution.Input.xs[0] : $error('index out of bounds') %}
    double.Assign.next: {% [$map([$filter($states.context.Execution.Input.xs, function($x){$x > 1})], function($x){($v := $x + 1; $v <= 9007199254740991 ? $v : $error('attempt to add with overflow'))})] %}
    text.Arguments.s: {% $title %}
    text.Output: {% $states.result & ' ' & $formatBase($half, 10) & ' ' & $formatBase($rest, 10) & ' ' & $formatBase($small, 10) & ' ' & $shown & ' ' & $size & ' ' & $formatBase($first, 10) & ' ' & $formatBase($count($next), 10) %}
    "##);
}

#[workflow]
async fn counted(n: u32) -> u32 {
    let mut tries = 0;
    while tries < n {
        double(i64::from(tries)).await;
        tries += 1;
    }
    tries
}

#[test]
fn a_loop_at_the_start_needs_a_pass_that_assigns() {
    insta::assert_snapshot!(definition::<counted>(), @r##"
    {
      "QueryLanguage": "JSONata",
      "StartAt": "begin",
      "States": {
        "begin": {
          "Type": "Pass",
          "Assign": {
            "tries": 0
          },
          "Next": "while_tries"
        },
        "while_tries": {
          "Type": "Choice",
          "Choices": [
            {
              "Condition": "{% $tries < $states.context.Execution.Input %}",
              "Next": "double"
            }
          ],
          "Default": "done"
        },
        "double": {
          "Type": "Task",
          "Resource": "arn:aws:states:us-east-1:123456789012:activity:double",
          "Arguments": {
            "n": "{% $tries %}"
          },
          "Assign": {
            "tries": "{% ($v := $tries + 1; $v <= 4294967295 ? $v : $error('attempt to add with overflow')) %}"
          },
          "Next": "while_tries"
        },
        "done": {
          "Type": "Succeed",
          "Output": "{% $tries %}"
        }
      }
    }
    "##);
}

#[workflow]
async fn pair_of(n: i64) -> i64 {
    let (a, b) = join!(double(n), double(n + 1));
    a + b
}

#[test]
fn a_returned_value_is_the_output_of_the_last_step() {
    insta::assert_snapshot!(definition::<pair_of>(), @r##"
    {
      "QueryLanguage": "JSONata",
      "StartAt": "join",
      "States": {
        "join": {
          "Type": "Parallel",
          "Branches": [
            {
              "StartAt": "double",
              "States": {
                "double": {
                  "Type": "Task",
                  "Resource": "arn:aws:states:us-east-1:123456789012:activity:double",
                  "Arguments": {
                    "n": "{% $states.context.Execution.Input %}"
                  },
                  "End": true
                }
              }
            },
            {
              "StartAt": "double_2",
              "States": {
                "double_2": {
                  "Type": "Task",
                  "Resource": "arn:aws:states:us-east-1:123456789012:activity:double",
                  "Arguments": {
                    "n": "{% ($v := $states.context.Execution.Input + 1; $v <= 9007199254740991 ? $v : $error('attempt to add with overflow')) %}"
                  },
                  "End": true
                }
              }
            }
          ],
          "Output": "{% ($v := $states.result[0] + $states.result[1]; $v >= -9007199254740991 and $v <= 9007199254740991 ? $v : $error('attempt to add with overflow')) %}",
          "End": true
        }
      }
    }
    "##);
}
