//! What happens to an execution: answers, late answers, time, stops, restarts.

use crate::{
    bench::Bench,
    fuzz::document::{document, scalar},
    random::Random,
};
use serde_json::{Value, json};
use stepwright::{
    engine::{Effect, Event, Status, Token, execution::Place},
    program::Failure,
};

/// Rounds after which an execution should have ended: with every round goes an event or a timer.
const ROUNDS: usize = 20_000;

/// Errors that tasks fail with.
pub(super) const ERRORS: &[&str] =
    &["A", "B", "C", "States.Timeout", "States.Runtime", "States.TaskFailed"];

/// What happens, as lists: a word, the attempt it is about, and a value.
pub(super) fn happenings(random: &mut Random) -> Value {
    let mut all = vec![json!(["start"])];
    for _ in 0..random.below(60) {
        all.push(happening(random));
    }
    Value::Array(all)
}

fn happening(random: &mut Random) -> Value {
    // Of those that are awaited, or of all that ever were.
    let which = random.below(100);
    match random.below(40) {
        0..=10 => json!(["succeed", which, answer(random)]),
        11..=15 => json!(["fail", which, random.pick(ERRORS)]),
        16..=18 => json!(["take", which]),
        19 | 20 => json!(["beat", which]),
        21 | 22 => json!(["child starts", which]),
        23..=26 => json!(["child ends", which, random.below(4)]),
        27..=31 => json!(["pass", random.below(30)]),
        32 => json!(["sleep", random.below(30)]),
        33 => json!(["sleep", -1 - i64::try_from(random.below(100)).unwrap_or(0)]),
        34 => json!(["due"]),
        35 => json!(["recover"]),
        36 => json!(["give back"]),
        37 => json!(["forge", which]),
        38 if random.one_in(6) => json!(["stop"]),
        39 if random.one_in(4) => json!(["start"]),
        _ => json!(["continue"]),
    }
}

fn answer(random: &mut Random) -> Value {
    match random.below(12) {
        0 => "x".repeat(3_000).into(),
        1 => document(random, 3),
        2..=4 => scalar(random),
        5 => json!([1, 2, 3]),
        _ => json!({"a": random.below(4), "items": [1, 2], "b": "text"}),
    }
}

/// Lets one thing happen.
pub(super) fn happen(bench: &mut Bench, happening: &Value) {
    let word = happening.get(0).and_then(Value::as_str).unwrap_or_default();
    let number = happening.get(1).and_then(Value::as_i64).unwrap_or(0).clamp(-1_000, 1_000);
    let token = token(bench, usize::try_from(number).unwrap_or(0));
    let value = happening.get(2).cloned().unwrap_or_default();
    match (word, token) {
        ("start", _) => give(bench, Event::Started),
        ("continue", _) => give(bench, Event::Continue),
        ("due", _) => give(bench, Event::TimersDue),
        ("recover", _) => give(bench, Event::Recovered),
        ("give back", _) => give(bench, Event::GivenBack),
        ("stop", _) => give(bench, Event::Stop(Failure { error: None, cause: None })),
        ("sleep", _) => bench.sleep(number),
        #[expect(clippy::cast_precision_loss, reason = "clamped above")]
        ("pass", _) => bench.advance(number.max(0) as f64),
        ("succeed", Some(token)) => {
            give(bench, Event::TaskSucceeded { token, output: value.into() });
        }
        ("fail", Some(token)) => {
            let failure = Failure::new(value.as_str().unwrap_or("A"), "made up");
            give(bench, Event::TaskFailed { token, failure });
        }
        ("take", Some(token)) => give(bench, Event::TaskStarted { token, worker: None }),
        ("beat", Some(token)) => give(bench, Event::Heartbeat { token }),
        ("child starts", Some(token)) => child_starts(bench, token),
        ("child ends", Some(token)) => child_ends(bench, token, value.as_u64().unwrap_or(0)),
        ("forge", Some(token)) => {
            let token = Token { random: token.random ^ 1, ..token };
            give(bench, Event::TaskSucceeded { token, output: json!("never").into() });
        }
        _ => {}
    }
}

/// Gives an event as the driver does, but for what more there is to do at once: something else may
/// come first.
fn give(bench: &mut Bench, event: Event) {
    let _output = bench.step(event);
}

/// One of the attempts that are awaited, or of all that ever were.
fn token(bench: &Bench, number: usize) -> Option<Token> {
    let awaited: Vec<Token> = bench.asked().keys().copied().collect();
    let ever = bench.effects.iter().filter_map(|effect| match effect {
        Effect::RunTask(task) => Some(task.token),
        Effect::StartChild(child) => Some(child.token),
        _ => None,
    });
    let all: Vec<Token> = if number % 4 == 3 { ever.collect() } else { awaited };
    all.get((number / 4).checked_rem(all.len())?).copied()
}

fn child_starts(bench: &mut Bench, token: Token) {
    let child = bench.child(Status::Running);
    let (execution, started) = (child.execution, child.started);
    give(bench, Event::ChildStarted { token, execution, started });
}

fn child_ends(bench: &mut Bench, token: Token, how: u64) {
    let failure = Failure::new("A", "made up");
    let child = bench.child(match how {
        0 => Status::Failed(failure),
        1 => Status::TimedOut(failure),
        2 => Status::Aborted(Failure { error: None, cause: None }),
        _ => Status::Succeeded(json!({"a": 1}).into()),
    });
    give(bench, Event::ChildEnded { token, child });
}

/// Lets everything go well from here on: it ends, or cannot go on in this process.
pub(super) fn finish(bench: &mut Bench) -> Result<(), String> {
    give(bench, Event::Started);
    for _ in 0..ROUNDS {
        let asked = bench.asked().first_key_value().map(|(token, place)| (*token, place.clone()));
        if bench.execution.is_ended() {
            give(bench, Event::Continue);
            give(bench, Event::TimersDue);
            return Ok(());
        } else if bench.owes() {
            give(bench, Event::Continue);
        } else if let Some((token, Place::Child { .. })) = asked {
            child_ends(bench, token, 3);
        } else if let Some((token, _)) = asked {
            give(bench, Event::TaskSucceeded { token, output: json!({"a": 1}).into() });
        } else if bench.next_due().is_some() {
            bench.jump();
        } else if bench.execution.stranded().is_some() {
            return Ok(());
        } else {
            return Err("it waits for nothing that could happen".to_owned());
        }
    }
    Err("it comes to no end".to_owned())
}
