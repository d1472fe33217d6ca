//! A small shop, for the tests of the command line: the binary `shop` runs it.

use std::{any::TypeId, future::ready, sync::Arc};
use stepwright::{
    Durable as _,
    asl::Definition,
    prelude::*,
    program::{Interpreter, Program},
    workflow::{Def, Kind, Source, Workflow, WorkflowDef},
};

/// What is bought.
#[data]
pub struct Order {
    /// Its number.
    pub id: String,
    /// What it costs; 13 is declined.
    pub total: f64,
}

/// Why the gateway did not charge.
#[data]
#[derive(TaskError)]
pub enum ChargeError {
    /// The card is no good.
    CardDeclined {
        /// The gateway's reason.
        code: u16,
    },
    /// Try again.
    GatewayDown,
}

/// Charges; declines a total of 13, and is down at the first attempt for a total of 14.
#[task(retry(on = [GatewayDown], interval = "1s", max_attempts = 2))]
pub async fn charge(ctx: &TaskContext, order: &Order) -> Result<String, ChargeError> {
    // Where a shop of bricks would call its gateway.
    ready(()).await;
    match order.total {
        13.0 => Err(ChargeError::CardDeclined { code: 51 }),
        14.0 if ctx.attempt() == 1 => Err(ChargeError::GatewayDown),
        _ => Ok(format!("receipt of {}", order.id)),
    }
}

/// Packs what was bought.
#[task]
pub async fn pack(item: u32) -> String {
    ready(format!("box {item}")).await
}

/// Charges, waits, packs two boxes.
#[derive(Debug)]
#[expect(non_camel_case_types, reason = "named as the function would be")]
pub enum buy {}

impl Def for buy {
    const NAME: &'static str = "buy";

    fn kind() -> Kind {
        Kind::Workflow(Self::workflow())
    }
}

impl Workflow for buy {
    type Output = Result<String, ChargeError>;

    fn workflow() -> WorkflowDef {
        WorkflowDef {
            name: Self::NAME,
            id: TypeId::of::<Self>,
            source: Source { file: file!(), line: line!(), column: column!() },
            params: &["order"],
            program: || -> Arc<dyn Program> {
                let (definition, _) = Definition::parse(include_str!("shop.asl.json"));
                let definition = definition.expect("the file beside is a definition");
                Arc::new(Interpreter::new(definition).expect("its expressions compile"))
            },
            calls: |into| {
                charge::register(into);
                pack::register(into);
            },
            check_input: |value| Order::from_json(value).map(|_| ()),
            input_schema: stepwright::workflow::schema::<Order>,
            output_schema: <Result<String, ChargeError>>::success_schema,
            errors: || <Result<String, ChargeError>>::ERRORS,
            export: true,
        }
    }
}
