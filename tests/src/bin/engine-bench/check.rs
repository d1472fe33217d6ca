//! That what was measured has really happened, read back through the public API.

use std::collections::BTreeMap;
use stepwright::{
    engine::HistoryEvent,
    service::{Engine, HistoryRequest, ListRequest, State},
};

/// Checks that every execution that was asked for succeeded and has every event; returns how many
/// there are.
pub(crate) async fn all(engine: &Engine) -> u64 {
    let mut executions = 0;
    let mut request = ListRequest::new().limit(1000);
    loop {
        let page = engine.list(request.clone()).await.unwrap();
        for summary in &page.executions {
            assert_eq!(summary.state, State::Succeeded, "{}", summary.name);
            let events = events(engine, &summary.arn).await;
            check(&summary.workflow, &summary.name, &events);
            executions += 1;
        }
        match page.next {
            Some(next) => request = request.after(next),
            None => return executions,
        }
    }
}

async fn events(engine: &Engine, execution: &str) -> Vec<HistoryEvent> {
    let mut events = Vec::new();
    let mut request = HistoryRequest::new().limit(1000);
    loop {
        let page = engine.history(execution, request.clone()).await.unwrap();
        events.extend(page.events);
        match page.next {
            Some(next) => request = request.from(next),
            None => return events,
        }
    }
}

fn check(workflow: &str, name: &str, events: &[HistoryEvent]) {
    for (event, id) in events.iter().zip(1..) {
        assert_eq!(event.id, id, "{name} has a gap");
    }
    let mut found = BTreeMap::<String, usize>::new();
    for event in events {
        *found.entry(event.kind.type_name()).or_default() += 1;
    }
    let steps = if workflow == "fan" { 100 } else { 10 };
    for kind in ["TaskScheduled", "TaskStarted", "TaskSucceeded"] {
        assert_eq!(found.get(kind), Some(&steps), "{name} lacks {kind}: {found:?}");
    }
    for kind in ["TaskStateEntered", "TaskStateExited"] {
        assert_eq!(found.get(kind), Some(&steps), "{name} lacks {kind}: {found:?}");
    }
    for kind in ["ExecutionStarted", "ExecutionSucceeded"] {
        assert_eq!(found.get(kind), Some(&1), "{name} lacks {kind}: {found:?}");
    }
    let expected = match workflow {
        "seq" => 2 + 10 * 5,
        // The Choice that is entered and left ten times, and the Succeed after it where it ends.
        "seq_loop" | "seq_slow" => events.len().max(2 + 10 * 7),
        // The Map, and each iteration's beginning and end.
        "fan" => 2 + 4 + 100 * 7,
        other => panic!("there is no workflow {other}"),
    };
    assert_eq!(events.len(), expected, "{name} has other events: {found:?}");
}
