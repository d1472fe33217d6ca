//! State machines of others, run on doubles: each case says by hand which states are entered and how
//! it ends. Time is simulated; what runs side by side is answered in the order in which it was asked.

use serde::Deserialize;
use serde_json::Value;
use std::{collections::BTreeMap, fs, path::PathBuf, sync::Arc};
use stepwright::{
    Engine,
    asl::Definition,
    driver::clock::{SeededEntropy, SimulatedClock},
    engine::{HistoryKind, Status},
    export::mermaid,
    service::{Answers, Failure, HistoryRequest},
};

/// An execution, and what must come of it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    /// What it needs that there is not yet. A case that runs must not say so.
    needs: Option<String>,
    input: Value,
    doubles: Value,
    states: Vec<String>,
    output: Option<Value>,
    failure: Option<Ended>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Ended {
    error: Option<String>,
    cause: Option<String>,
}

/// The text of each machine, and its cases, by name.
fn machines() -> BTreeMap<String, (String, Vec<Case>)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures/targets");
    let names = fs::read_dir(&folder).unwrap().filter_map(|entry| {
        let name = entry.unwrap().file_name().into_string().unwrap();
        name.strip_suffix(".asl.json").map(str::to_owned)
    });
    let read = |name: String| {
        let text = |ending: &str| fs::read_to_string(folder.join(format!("{name}.{ending}")));
        let cases = serde_json::from_str(&text("cases.json").unwrap()).unwrap();
        let machine = text("asl.json").unwrap();
        (name, (machine, cases))
    };
    names.map(read).collect()
}

/// The names of all states of a definition, those in branches and iterations too.
fn names(definition: &Value, into: &mut Vec<String>) {
    match definition {
        Value::Array(parts) => parts.iter().for_each(|part| names(part, into)),
        Value::Object(fields) => {
            for (name, value) in fields {
                if let ("States", Some(states)) = (name.as_str(), value.as_object()) {
                    into.extend(states.keys().cloned());
                }
                names(value, into);
            }
        }
        _ => {}
    }
}

/// Runs a case; says in what it differs.
async fn run(machine: &str, definition: &Definition, case: &Case) -> Result<(), String> {
    let start = "2026-01-01T00:00:00Z".parse().unwrap();
    let answers = Answers::parse(&case.doubles.to_string(), machine, None, definition);
    let engine = Engine::builder()
        .clock(Arc::new(SimulatedClock::automatic(start)))
        .entropy(Arc::new(SeededEntropy::new(1)))
        .definition(machine, definition.clone())
        .answers(answers.map_err(|bad| bad.to_string())?)
        .build();
    let engine = engine.await.map_err(|error| error.to_string())?;
    let handle = engine.start_json(machine, case.input.clone()).await;
    let handle = handle.map_err(|error| error.to_string())?;
    let status = handle.end().await.map_err(|error| error.to_string())?;
    let expected = match (&case.output, &case.failure) {
        (Some(output), None) => Status::Succeeded(output.clone().into()),
        (None, Some(Ended { error, cause })) => {
            Status::Failed(Failure { error: error.clone(), cause: cause.clone() })
        }
        _ => panic!("{machine}: a case has an output or a failure"),
    };
    let events = handle.history(HistoryRequest::new().limit(1_000)).await.unwrap().events;
    let entered = events.into_iter().filter_map(|event| match event.kind {
        HistoryKind::StateEntered { name, .. } => Some(name),
        _ => None,
    });
    let entered: Vec<_> = entered.collect();
    engine.shutdown().await.map_err(|error| error.to_string())?;
    if (&status, &entered) == (&expected, &case.states) {
        return Ok(());
    }
    Err(format!(
        "{machine}, {}:\n  {status:?}\n  {entered:?}\nexpected:\n  {expected:?}\n  {:?}",
        case.name, case.states
    ))
}

#[test]
fn machines_of_others_check_clean_and_are_drawn_whole() {
    let machines = machines();
    assert_eq!(machines.len(), 15);
    for (name, (text, _)) in machines {
        let (definition, found) = Definition::check(&text);
        assert_eq!(found, [], "{name}");
        let drawn = mermaid::flowchart(&definition.unwrap());
        let mut states = Vec::new();
        names(&serde_json::from_str(&text).unwrap(), &mut states);
        for state in states {
            assert!(drawn.contains(&state), "{name} is drawn without `{state}`:\n{drawn}");
        }
    }
}

#[tokio::test]
async fn machines_of_others_run_to_the_right_end_on_doubles() {
    let mut wrong = Vec::new();
    for (name, (text, cases)) in machines() {
        let definition = Definition::parse(&text).0.unwrap();
        assert!(!cases.is_empty(), "{name} has no cases");
        for case in cases {
            match (run(&name, &definition, &case).await, &case.needs) {
                (Ok(()), None) | (Err(_), Some(_)) => {}
                (Err(why), None) => wrong.push(why),
                (Ok(()), Some(needs)) => {
                    wrong.push(format!("{name}, {}: it runs, it needs no {needs}", case.name));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}
