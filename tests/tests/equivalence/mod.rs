//! The proof that what was tested is what AWS will run: small workflows, one per construct and way
//! to fail, run in both forms. The calls of tasks and the outcomes are thought out by hand.

mod answers;
mod arithmetic;
mod branches;
mod children;
mod children_that_break;
mod concurrency;
mod corners;
mod entangled;
mod expressions;
mod failures;
mod handed_on;
mod hostile;
mod inputs;
mod loops;
mod missing;
mod nullable;
mod numbers;
mod operators;
mod outside;
mod parts;
mod shortcuts;
mod sparse;
mod time;
mod variables;

use serde_json::{Value, json};
use std::path::PathBuf;
use stepwright::{
    Workflow, data,
    prelude::*,
    testing::{self, Answer, Doubles, Run, equivalent},
    workflow,
};

#[data]
pub(crate) struct Item {
    pub(crate) sku: String,
    pub(crate) qty: u32,
    pub(crate) price: f64,
}

#[data]
pub(crate) struct Address {
    pub(crate) street: String,
    pub(crate) zip: u32,
}

#[data]
pub(crate) enum Kind {
    Digital { url: String },
    Physical(Address),
    Unknown,
}

#[data]
pub(crate) struct Order {
    pub(crate) id: String,
    pub(crate) total: i64,
    pub(crate) items: Vec<Item>,
    pub(crate) kind: Kind,
    pub(crate) note: Option<String>,
}

#[data]
pub(crate) struct Receipt {
    pub(crate) no: i64,
}

#[data]
#[derive(TaskError)]
pub(crate) enum ChargeError {
    Declined { code: u16 },
    GatewayDown,
}

#[data]
#[derive(TaskError)]
pub(crate) enum ShipError {
    NoZip,
    NoVan(String),
}

#[data]
#[derive(TaskError)]
pub(crate) enum FlowError {
    Charge(#[from] ChargeError),
    Ship(#[from] ShipError),
    Bad { why: String },
    Empty,
}

/// Declines totals over 1000; the gateway is down for negative ones.
#[task]
pub(crate) async fn charge(order: &Order) -> Result<Receipt, ChargeError> {
    match order.total {
        total if total > 1000 => Err(ChargeError::Declined { code: 51 }),
        total if total < 0 => Err(ChargeError::GatewayDown),
        total => Ok(Receipt { no: total }),
    }
}

/// The gateway is down at the first `downs` attempts.
#[task(retry(on = [GatewayDown], interval = "1s", max_attempts = 2))]
pub(crate) async fn knock(ctx: &TaskContext, downs: u32) -> Result<u32, ChargeError> {
    if ctx.attempt() <= downs { Err(ChargeError::GatewayDown) } else { Ok(ctx.attempt()) }
}

/// Needs a zip.
#[task]
pub(crate) async fn ship(address: &Address, no: i64) -> Result<String, ShipError> {
    match address.zip {
        0 => Err(ShipError::NoZip),
        1 => Err(ShipError::NoVan(address.street.clone())),
        _ => Ok(format!("{}#{no}", address.street)),
    }
}

#[task]
pub(crate) async fn deliver(url: &str) -> String {
    format!("sent:{url}")
}

#[task]
pub(crate) async fn double(n: i64) -> i64 {
    n * 2
}

#[task]
pub(crate) async fn add(a: i64, b: i64) -> i64 {
    a + b
}

#[task]
pub(crate) async fn is_ready(n: u32) -> bool {
    n >= 3
}

#[task]
pub(crate) async fn maybe(n: i64) -> Option<i64> {
    (n > 0).then(|| n - 1)
}

#[task]
pub(crate) async fn page(n: i64) -> Vec<i64> {
    (0..n).collect()
}

#[task]
pub(crate) async fn pair(n: i64) -> (i64, String) {
    (n, format!("p{n}"))
}

/// An order of two items.
pub(crate) fn order(total: i64, kind: &Value) -> Value {
    json!({
        "id": "o1",
        "total": total,
        "items": [{"sku": "a", "qty": 1, "price": 2.5}, {"sku": "c", "qty": 3, "price": 1}],
        "kind": kind,
        "note": "n"
    })
}

/// A kind that can be shipped.
pub(crate) fn physical() -> Value {
    json!({"Physical": {"street": "st", "zip": 7}})
}

/// How an execution ends with a declared error.
pub(crate) fn error(name: &str, cause: Value) -> End {
    End::Error(name.to_owned(), cause)
}

/// How an execution ends with an error whose cause is another's text.
pub(crate) fn fails(name: &str) -> End {
    End::Fails(name.to_owned())
}

/// How an execution ends.
#[derive(Debug, PartialEq)]
pub(crate) enum End {
    /// With this output.
    Output(Value),
    /// With this error, and this JSON as its cause.
    Error(String, Value),
    /// With this error, whatever its cause says.
    Fails(String),
    /// Because an expression failed.
    Breaks,
}

/// Runs a workflow in both forms, which must do the same, and compares the calls of tasks, as
/// `[name, arguments]`, and the end with what is expected.
#[track_caller]
pub(crate) fn check<W: Workflow>(input: Value, calls: Value, end: End) {
    check_with::<W>(Doubles::new(), input, calls, end);
}

/// As [`check`], with doubles for some tasks.
#[track_caller]
pub(crate) fn check_with<W: Workflow>(doubles: Doubles, input: Value, calls: Value, end: End) {
    dump::<W>();
    let runs = equivalent::<W>().doubles(doubles).input(input.clone()).check();
    let [run] = runs.as_slice() else {
        unreachable!("one input gives one run");
    };
    let called: Value = run.calls.iter().map(|call| json!([call.task, call.arguments])).collect();
    assert_eq!(called, calls, "calls of {} with {input}", W::NAME);
    assert_eq!(ended(run, &end), end, "end of {} with {input}", W::NAME);
}

/// How a run ended, in the terms that are expected.
fn ended(run: &Run, expected: &End) -> End {
    if let Some(output) = run.output() {
        return End::Output(output.clone());
    }
    let failure = run.failure().expect("a run that gives no output has failed");
    let error = failure.error.clone().unwrap_or_default();
    match (error.as_str(), expected) {
        ("States.QueryEvaluationError", _) => End::Breaks,
        (_, End::Fails(_)) => End::Fails(error),
        _ => {
            let cause = failure.cause.as_deref().unwrap_or_default();
            End::Error(error, serde_json::from_str(cause).unwrap_or_else(|_| json!(cause)))
        }
    }
}

/// Writes the definition into the folder that `STEPWRIGHT_EXPORT_DUMP` names, for other judges.
fn dump<W: Workflow>() {
    if let Some(folder) = std::env::var_os("STEPWRIGHT_EXPORT_DUMP") {
        let path = PathBuf::from(folder).join(format!("equivalence-{}.asl.json", W::NAME));
        let text = (W::workflow().program)().definition().to_text();
        std::fs::write(path, text).expect("the folder for definitions can be written");
    }
}
