//! Procedural macros of stepwright: `#[data]`, `#[derive(TaskError)]`, `#[task]` and `#[workflow]`.

mod diagnostics;

#[expect(dead_code, reason = "the passes between are under construction")]
mod cfg;
#[expect(dead_code, reason = "the passes between are under construction")]
mod ir;
#[expect(dead_code, reason = "the passes between are under construction")]
mod emit;
