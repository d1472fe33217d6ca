//! The ARNs of a definition: the canonical one has placeholders where tasks and children live.

use crate::{
    asl::{Definition, State, States},
    catalog::Home,
};
use serde_json::Value;
use std::collections::BTreeSet;

/// What the placeholders become.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Arns {
    /// ARNs in an account and region.
    Home(Home),
    /// `${charge_activity}`, `${charge_function}`, `${refund_machine}`: filled in at deployment.
    Substitutions,
}

/// The fields of a Task's Arguments that name what it calls.
const CALLEES: &[&str] = &["FunctionName", "StateMachineArn"];

/// Rewrites the ARNs of activities, functions and machines in the account and region of the canonical
/// definition. Returns the names of the substitutions that it now needs.
pub fn place(definition: &mut Definition, arns: &Arns) -> BTreeSet<String> {
    let mut needed = BTreeSet::new();
    let before = Home::default();
    scope(&mut definition.states, &mut |arn: &mut String| {
        for (service, kind, what) in [
            ("states", "activity", "activity"),
            ("lambda", "function", "function"),
            ("states", "stateMachine", "machine"),
        ] {
            let Some(name) = arn.strip_prefix(&before.arn(service, kind, "")) else { continue };
            *arn = match arns {
                Arns::Home(home) => home.arn(service, kind, name),
                Arns::Substitutions => {
                    // A function may be named with its alias.
                    let name = name.replace(|c: char| !c.is_alphanumeric(), "_");
                    let substitution = format!("{name}_{what}");
                    let written = format!("${{{substitution}}}");
                    needed.insert(substitution);
                    written
                }
            };
            return;
        }
    });
    needed
}

fn scope(states: &mut States, change: &mut impl FnMut(&mut String)) {
    for state in states.states.values_mut() {
        match state {
            State::Task(task) => {
                change(&mut task.resource);
                let Some(Value::Object(arguments)) = &mut task.arguments else { continue };
                for field in CALLEES {
                    if let Some(Value::String(arn)) = arguments.get_mut(*field) {
                        change(arn);
                    }
                }
            }
            State::Parallel(parallel) => {
                parallel.branches.iter_mut().for_each(|branch| scope(&mut branch.states, change));
            }
            State::Map(map) => scope(&mut map.processor.states, change),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Arns, place};
    use crate::{asl::Definition, catalog::Home};

    /// The ARNs of a small machine, rewritten, and the substitutions that it needs.
    #[track_caller]
    fn check(arns: &Arns, expected: [&str; 5], needed: &[&str]) {
        let text = r#"{ "QueryLanguage": "JSONata", "StartAt": "all", "States": {
            "all": { "Type": "Map", "Next": "elsewhere", "ItemProcessor": { "StartAt": "a", "States": {
                "a": { "Type": "Task", "Next": "b",
                    "Resource": "arn:aws:states:us-east-1:123456789012:activity:charge" },
                "b": { "Type": "Task", "Next": "c",
                    "Resource": "arn:aws:states:::lambda:invoke",
                    "Arguments": { "Payload": "arn:aws:states:us-east-1:123456789012:activity:text",
                        "FunctionName": "arn:aws:lambda:us-east-1:123456789012:function:pack" } },
                "c": { "Type": "Task", "End": true,
                    "Resource": "arn:aws:states:::states:startExecution.sync:2", "Arguments": {
                        "StateMachineArn": "arn:aws:states:us-east-1:123456789012:stateMachine:refund" } } } } },
            "elsewhere": { "Type": "Task", "End": true,
                "Resource": "arn:aws:states:eu-west-1:111122223333:activity:own" } } }"#;
        let mut definition = Definition::parse(text).0.unwrap();
        let found = place(&mut definition, arns);
        let text = definition.to_text();
        for arn in expected {
            assert!(text.contains(&format!("\"{arn}\"")), "{arn} in {text}");
        }
        assert_eq!(found.iter().map(String::as_str).collect::<Vec<_>>(), needed);
    }

    #[test]
    fn tasks_and_children_move_to_an_account_and_region() {
        check(
            &Arns::Home(Home { region: "us-gov-west-1".into(), account: "000000000000".into() }),
            [
                "arn:aws-us-gov:states:us-gov-west-1:000000000000:activity:charge",
                "arn:aws-us-gov:lambda:us-gov-west-1:000000000000:function:pack",
                "arn:aws-us-gov:states:us-gov-west-1:000000000000:stateMachine:refund",
                "arn:aws:states:us-east-1:123456789012:activity:text",
                "arn:aws:states:eu-west-1:111122223333:activity:own",
            ],
            &[],
        );
    }

    #[test]
    fn substitutions_are_named_after_what_they_stand_for() {
        check(
            &Arns::Substitutions,
            [
                "${charge_activity}",
                "${pack_function}",
                "${refund_machine}",
                "arn:aws:states:us-east-1:123456789012:activity:text",
                "arn:aws:states:eu-west-1:111122223333:activity:own",
            ],
            &["charge_activity", "pack_function", "refund_machine"],
        );
    }
}
