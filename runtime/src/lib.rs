//! Ordinary async Rust functions as checked, durable state machines.
//!
//! The modules stand in the order of the data's way; each imports only those above it
//! (`docs/architecture.md`).

#[cfg(feature = "server")]
pub mod api;
pub mod catalog;
#[cfg(all(feature = "cli", feature = "sqlite"))]
pub mod cli;
pub mod driver;
pub mod export;
#[cfg(feature = "server")]
pub mod integrations;
pub mod prelude;
pub mod registry;
pub mod service;
pub mod store;
pub mod testing;
pub mod workflow;

#[doc(hidden)]
pub mod __private;

#[cfg(all(feature = "cli", feature = "sqlite"))]
pub use cli::App;
pub use service::{Engine, Handle};
pub use stepwright_core::{asl, engine, program, program::Failure, query};
/// Makes error names of an error type: those that retries and catches match.
///
/// A variant's name is its error name; the cause is the error's JSON, which gives the value back.
///
/// | on a variant | it is |
/// |---|---|
/// | nothing | an error of its own name, or of `#[task_error(name = "..")]` |
/// | `Charge(#[from] ChargeError)` | the errors of `ChargeError`, names and causes as they are; `?` converts |
/// | `#[task_error(timeout)] Late` | `States.Timeout` and `States.HeartbeatTimeout` |
/// | `#[task_error(other)] Other(Failure)` | everything else that a task can fail with |
///
/// `Display` and `Error` are written too, unless thiserror is derived beside it or
/// `#[task_error(display = false)]` stands on the type.
///
/// ```
/// use stepwright::{Failure, prelude::*};
///
/// #[data]
/// #[derive(TaskError)]
/// enum ChargeError {
///     CardDeclined { code: u16 },
///     GatewayDown,
///     #[task_error(timeout)]
///     Late,
/// }
///
/// let failure = ChargeError::CardDeclined { code: 51 }.to_failure().unwrap();
/// assert_eq!(failure, Failure::new("CardDeclined", r#"{"CardDeclined":{"code":51}}"#));
/// assert_eq!(ChargeError::from_failure(&failure), Some(ChargeError::CardDeclined { code: 51 }));
/// ```
pub use stepwright_macros::TaskError;
/// Makes a struct or enum a type of values that can be kept: written as JSON, and read again.
///
/// It derives serde's `Serialize` and `Deserialize`, schemars' `JsonSchema`, `Clone`, `Debug` and
/// `PartialEq`, as far as the type doesn't derive them itself, and makes it [`Durable`]. serde's
/// attributes work as ever. Write it above other derives. `#[data(without(Debug))]` leaves out what
/// you write by hand. Every field must be durable too; `#[data(unchecked)]` on a field trusts you
/// that its JSON gives it back.
///
/// ```
/// use stepwright::prelude::*;
///
/// #[data]
/// #[serde(rename_all = "camelCase")]
/// struct Order {
///     order_id: String,
///     total: f64,
///     note: Option<String>,
/// }
/// ```
///
/// Refused are types that JSON can't give back: borrows, interior mutability, untagged enums,
/// skipped fields, `Option` of something that may be `null` itself.
pub use stepwright_macros::data;
/// Makes an async function a task: where side effects live, retried and bounded in time.
///
/// | option | it means |
/// |---|---|
/// | `retry = 3` | retry every failure, so often beyond the first attempt |
/// | `retry(on = [GatewayDown], interval = "2s", max_attempts = 5, backoff = 2.0, max_delay = "1m", jitter = full)` | retry these errors; several may stand in a row, the first that matches decides |
/// | `timeout = "30s"` | bounds each attempt |
/// | `heartbeat = "10s"` | longest silence between [`TaskContext::heartbeat`]s |
/// | `name = ".."` | the name it is run by, instead of the function's |
/// | `blocking` | a plain `fn`, run off the async threads |
/// | `activity`, `lambda = ".."` | where it runs, if not the host's choice |
///
/// Parameters are what callers give: data, or references to it. `ctx: &TaskContext` and
/// `#[state] db: &Pool` come from the host, and callers leave them out. In a workflow an awaited
/// call is a step; anywhere else it runs the body, with the state of [`State::provide`].
///
/// ```
/// use stepwright::prelude::*;
///
/// struct Prices(u32);
///
/// #[task(retry = 3, timeout = "30s")]
/// async fn price(#[state] prices: &Prices, item: &str) -> u32 {
///     prices.0 * u32::try_from(item.len()).unwrap_or(1)
/// }
///
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// let state = State::new().with(Prices(7));
/// assert_eq!(state.provide(async { price("tea").await }).await, 21);
/// # });
/// ```
pub use stepwright_macros::task;
pub use stepwright_macros::workflow;
pub use workflow::{Durable, Retry, State, Task, TaskContext, TaskError, Timestamp, Workflow};
