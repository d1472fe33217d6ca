//! The engine: random machines in both query languages, and whatever can happen to their executions
//! in any order. What must hold is checked after every step, by the bench of the engine's own tests.

mod data;
mod machine;
mod play;

use super::{Target, document};
use crate::{bench::Bench, random::Random};
use play::happenings;
use serde_json::{Value, json};
use stepwright::{
    asl::{Definition, Diagnostic, MachineType},
    engine::Limits,
    program::Interpreter,
};

/// The most events of a history, so that endless loops end soon, and the most bytes of a payload.
const EVENTS: u64 = 500;
const PAYLOAD: u64 = 262_144;

/// The transition function.
#[derive(Debug)]
pub(super) struct Engine;

impl Target for Engine {
    fn name(&self) -> &'static str {
        "engine"
    }

    fn input(&self, random: &mut Random) -> String {
        let machine = machine::machine(random);
        let input =
            if random.one_in(8) { document::document(random, 3) } else { data::input(random) };
        let payload = if random.one_in(3) { 2_000 } else { PAYLOAD };
        let events = 20 + random.below(400);
        let happenings = happenings(random);
        json!({
            "machine": machine, "input": input, "happenings": happenings,
            "limits": {"events": events, "payload": payload},
        })
        .to_string()
    }

    fn run(&self, input: &str) -> Result<(), String> {
        let Some(input) = document::read(input) else { return Ok(()) };
        let part = |name: &str| input.get(name).cloned().unwrap_or_default();
        let text = part("machine").to_string();
        let (definition, found) = Definition::check_as(&text, MachineType::Standard);
        let Some(definition) = definition.filter(|_| !found.iter().any(Diagnostic::is_error))
        else {
            return Ok(());
        };
        if let Err(error) = Interpreter::new(definition.clone()) {
            return Err(format!("a valid machine is not interpreted: {error}"));
        }
        let limit = |name: &str, most| {
            let limit = input.pointer(name).and_then(Value::as_u64).unwrap_or(most);
            limit.clamp(10, most)
        };
        let events = limit("/limits/events", EVENTS);
        let payload = usize::try_from(limit("/limits/payload", PAYLOAD)).unwrap_or(usize::MAX);
        let limits = Limits { events: Some(events), payload: Some(payload) };
        let mut bench = Bench::of(definition, part("input"), limits);
        let happenings = part("happenings");
        for happening in happenings.as_array().into_iter().flatten() {
            play::happen(&mut bench, happening);
        }
        play::finish(&mut bench)
    }
}
