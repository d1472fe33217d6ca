//! The Amazon States Language: its model, its JSON, its rules. No I/O, no clock, no async.
//!
//! Invariant: parsing never stops at the first mistake; it gives `(Option<Definition>, diagnostics)`.

mod model;

pub use model::{
    Branch, Catcher, Choice, ChoiceRule, Common, Definition, Fail, Map, Parallel, Pass,
    ProcessorConfig, QueryLanguage, Retrier, State, States, Succeed, Task, Template, Wait,
    WaitUntil,
};
