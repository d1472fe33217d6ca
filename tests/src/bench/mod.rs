//! An execution on the bench: one event at a time, with the clock in the test's hand.
//!
//! After each step everything is checked that holds after every step (`invariants`), and that the
//! execution can be written and read back (`stored`).

#![expect(clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

mod invariants;
mod stored;

use invariants::Invariants;
use serde::Deserialize as _;
use serde_json::{Value, json};
use std::{collections::BTreeMap, time::Duration};
use stepwright::{
    asl::Definition,
    engine::{
        self, ChildOutcome, Effect, Event, Execution, HistoryEvent, Host, Limits, Moment, Output,
        RunTask, Status, Taken, Token, execution::Place,
    },
    program::{Context, Failure, Interpreter, TaskStep},
};
use stored::Stored;

const PREFIX: &str = "arn:aws:states:us-east-1:123456789012";

/// Activities and functions run here, but `..:activity:remote*` is for workers elsewhere and
/// `..:activity:absent*` are tasks of a process that has them: this one has not.
#[derive(Debug)]
struct Bindings;

impl Host for Bindings {
    fn task_in_process(&self, resource: &str) -> Option<String> {
        let function = || resource.split_once(":function:");
        let (_, task) = resource.split_once(":activity:").or_else(function)?;
        (!task.starts_with("remote")).then(|| task.to_owned())
    }

    fn strands(&self, _state: &str, step: &TaskStep) -> Option<String> {
        step.resource.contains(":activity:absent").then(|| "it is not in this process".to_owned())
    }
}

/// An execution under test. After each step it is serialised and read back, so that nothing
/// depends on memory.
#[derive(Debug)]
pub struct Bench {
    program: Interpreter,
    /// As it is now.
    pub execution: Execution,
    now: jiff::Timestamp,
    seed: u64,
    /// All its events.
    pub history: Vec<HistoryEvent>,
    /// Tasks that were asked for and not answered, by state.
    pub open: BTreeMap<(String, u32), RunTask>,
    /// Everything that it asked for.
    pub effects: Vec<Effect>,
    invariants: Invariants,
    stored: Stored,
}

/// Writes the activity ARN of a task.
pub fn activity(task: &str) -> String {
    format!("{PREFIX}:activity:{task}")
}

/// Makes a definition in JSONata mode of its states, beginning at the first.
pub fn machine(states: &Value) -> String {
    let first = states.as_object().and_then(|states| states.keys().next()).unwrap();
    json!({ "QueryLanguage": "JSONata", "StartAt": first, "States": states }).to_string()
}

impl Bench {
    /// An execution that has not begun.
    pub fn new(asl: &str, input: Value) -> Self {
        Self::with_limits(asl, input, Limits::AWS)
    }

    /// The same under other limits.
    pub fn with_limits(asl: &str, input: Value, limits: Limits) -> Self {
        let (definition, found) = Definition::parse(asl);
        let definition = definition.unwrap_or_else(|| panic!("{found:?}"));
        Self::of(definition, input, limits)
    }

    /// An execution of a definition.
    pub fn of(definition: Definition, input: Value, limits: Limits) -> Self {
        let now = "2026-11-22T12:00:00Z".parse().unwrap();
        let context = Context {
            execution_arn: format!("{PREFIX}:execution:m:e"),
            execution_name: "e".to_owned(),
            input: input.into(),
            started: now,
            role_arn: "role".to_owned(),
            machine_arn: format!("{PREFIX}:stateMachine:m"),
            machine_name: "m".to_owned(),
            map_run: None,
        };
        Self {
            program: Interpreter::new(definition).unwrap(),
            execution: Execution::new(context, limits),
            now,
            seed: 7,
            history: Vec::new(),
            open: BTreeMap::new(),
            effects: Vec::new(),
            invariants: Invariants::default(),
            stored: Stored::default(),
        }
    }

    /// Starts it and runs it on to where it waits.
    pub fn started(asl: &str, input: Value) -> Self {
        let mut bench = Self::new(asl, input);
        bench.give(Event::Started);
        bench
    }

    /// Gives an event, and then Continue as often as it is asked for.
    pub fn give(&mut self, event: Event) -> Taken {
        let output = self.step(event);
        let mut more = output.effects.contains(&Effect::Continue);
        while more {
            more = self.step(Event::Continue).effects.contains(&Effect::Continue);
        }
        output.taken
    }

    /// Gives an event.
    #[expect(clippy::needless_pass_by_value, reason = "as the driver gives it")]
    pub fn step(&mut self, event: Event) -> Output {
        self.seed += 1;
        let moment = Moment { now: self.now, seed: self.seed };
        let before = self.execution.clone();
        let take = |execution: &mut Execution| {
            engine::step(&self.program, execution, event.clone(), moment, &Bindings)
        };
        let output = take(&mut self.execution);
        let changes = self.execution.take_changes();
        let mut again = before.clone();
        assert_eq!(take(&mut again), output, "the same event gives the same once more");
        assert_eq!(again.take_changes(), changes, "the same event changes the same once more");
        let text = serde_json::to_string(&self.execution).unwrap();
        assert_eq!(
            serde_json::to_string(&again).unwrap(),
            text,
            "and leaves the same, to the byte"
        );
        let mut reader = serde_json::Deserializer::from_str(&text);
        reader.disable_recursion_limit();
        let read = Execution::deserialize(&mut reader).unwrap();
        assert_eq!(read, self.execution, "an execution survives its JSON");
        self.execution = read;
        self.history.extend(output.history.iter().cloned());
        self.stored.check(&before, &self.execution, &changes, &output);
        self.invariants.check(&event, self.now, &before, &self.execution, &self.history, &output);
        for effect in &output.effects {
            match effect {
                Effect::RunTask(task) => {
                    self.open.insert((task.state.clone(), task.token.frame.0), (**task).clone());
                }
                Effect::CancelTask { token, .. } => {
                    self.open.retain(|_, task| task.token != *token);
                }
                _ => {}
            }
        }
        self.effects.extend(output.effects.iter().cloned());
        output
    }

    /// What it waits for that was asked of others, and where that is done.
    pub fn asked(&self) -> &BTreeMap<Token, Place> {
        self.invariants.asked()
    }

    /// Whether it has more to do at once.
    pub fn owes(&self) -> bool {
        self.invariants.owes()
    }

    fn take(&mut self, state: &str) -> Token {
        let key = self.open.keys().find(|(name, _)| name == state).cloned();
        let key = key.unwrap_or_else(|| panic!("`{state}` asks for nothing: {:?}", self.open));
        self.open.remove(&key).unwrap().token
    }

    /// Returns the token of the first unanswered task of a state.
    pub fn token(&self, state: &str) -> Token {
        self.open.iter().find(|((name, _), _)| name == state).unwrap().1.token
    }

    /// Lets the first unanswered task of a state succeed.
    pub fn succeed(&mut self, state: &str, output: Value) -> Taken {
        let token = self.take(state);
        self.give(Event::TaskSucceeded { token, output: output.into() })
    }

    /// Lets it fail.
    pub fn fail(&mut self, state: &str, error: &str, cause: &str) -> Taken {
        let token = self.take(state);
        self.give(Event::TaskFailed { token, failure: Failure::new(error, cause) })
    }

    /// Moves the clock on, to everything due on the way.
    pub fn advance(&mut self, seconds: f64) {
        let until = self.now + jiff::SignedDuration::from_secs_f64(seconds);
        while let Some(due) = self.execution.next_due().filter(|due| *due <= until) {
            self.now = self.now.max(due);
            self.give(Event::TimersDue);
        }
        self.now = until;
    }

    /// Moves the clock on to what is due next.
    pub fn jump(&mut self) {
        if let Some(due) = self.execution.next_due() {
            self.now = self.now.max(due);
            self.give(Event::TimersDue);
        }
    }

    /// Moves the clock, also back, without anything noticing.
    pub fn sleep(&mut self, seconds: i64) {
        self.now += jiff::SignedDuration::from_secs(seconds);
    }

    /// Returns how long it waits at most, from now.
    pub fn next_due(&self) -> Option<Duration> {
        Some(self.execution.next_due()?.duration_since(self.now).unsigned_abs())
    }

    /// What is known of a child that ended now.
    pub fn child(&self, status: Status) -> Box<ChildOutcome> {
        let input: Value = json!({ "n": 1 });
        Box::new(ChildOutcome {
            execution: format!("{PREFIX}:execution:child:c"),
            name: "c".to_owned(),
            machine: format!("{PREFIX}:stateMachine:child"),
            input: input.into(),
            started: self.now,
            stopped: self.now,
            status,
        })
    }

    /// Shows the history, one event a line: id, the event it follows, type, details.
    pub fn shown(&self) -> String {
        self.lines(0)
    }

    /// Shows the history after an event.
    pub fn lines(&self, after: u64) -> String {
        let events = self.history.iter().filter(|event| event.id > after);
        events.map(line).collect::<Vec<_>>().join("\n")
    }

    /// Shows how it ended.
    pub fn ended(&self) -> String {
        match &self.execution.head.status {
            Status::Succeeded(output) => format!("SUCCEEDED {}", **output),
            other => {
                let failure = other.failure().cloned();
                let error = failure.as_ref().and_then(|failure| failure.error.clone());
                let cause = failure.and_then(|failure| failure.cause);
                let parts = [Some(other.name().to_owned()), error, cause];
                parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
            }
        }
    }
}

/// Shows an event without what never matters: truncation marks and the region.
fn line(event: &HistoryEvent) -> String {
    let mut text = format!("{} < {} {}", event.id, event.previous_event_id, event.kind.type_name());
    if let Some((_, Value::Object(details))) = event.kind.details() {
        for (key, value) in details {
            let hidden = key.ends_with("Details") || key == "region" || key == "roleArn";
            let value = value.as_str().map_or_else(|| value.to_string(), ToOwned::to_owned);
            if !hidden {
                text.extend([" ", &key, "=", &value]);
            }
        }
    }
    text
}
