//! A binary in which types have changed meets executions of the one before: nothing fails, and
//! nothing is read for what it is not.

use super::fixture::Place;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::{borrow::Cow, future::pending};
use stepwright::{
    Engine,
    engine::Status,
    prelude::*,
    program::{Data, Failure},
    service::{Ended, Error, Handle},
    workflow::Durable,
};

#[task]
async fn pause(id: &str) -> String {
    if id == "forever" { pending().await } else { id.to_owned() }
}

/// The binary that the executions begin with.
mod before {
    use super::pause;
    use stepwright::prelude::*;

    #[data]
    pub(super) struct Order {
        pub id: String,
        pub total: i64,
    }

    #[data]
    pub(super) struct Receipt {
        pub number: i64,
    }

    #[task]
    pub(super) async fn charge(order: &Order) -> Receipt {
        Receipt { number: order.total }
    }

    #[task]
    pub(super) async fn ship(receipt: &Receipt) -> i64 {
        receipt.number + 1
    }

    #[workflow(name = "input")]
    pub(super) async fn input(order: Order) -> i64 {
        let _paused = pause(&order.id).await;
        order.total + 1
    }

    #[workflow(name = "local")]
    pub(super) async fn local(id: String) -> i64 {
        let order = Order { id, total: 5 };
        let _paused = pause(&order.id).await;
        order.total + 1
    }

    #[workflow(name = "result")]
    pub(super) async fn result(id: String, total: i64) -> i64 {
        let paused = pause(&id).await;
        let receipt = charge(&Order { id: paused, total }).await;
        receipt.number + 1
    }

    #[workflow(name = "argument")]
    pub(super) async fn argument(id: String) -> i64 {
        let receipt = Receipt { number: 5 };
        let _paused = pause(&id).await;
        ship(&receipt).await
    }

    #[workflow(name = "native", export = false)]
    pub(super) async fn native(id: String) -> i64 {
        let order = Order { id, total: 5 };
        let _paused = pause(&order.id).await;
        order.total.pow(2)
    }
}

/// The next binary: an order has a currency, a receipt a text for its number.
mod after {
    use super::pause;
    use stepwright::prelude::*;

    /// What is ordered, and in which money.
    #[data]
    pub(super) struct Order {
        pub id: String,
        pub total: i64,
        pub currency: String,
    }

    #[data]
    pub(super) struct Receipt {
        pub number: String,
    }

    #[task]
    pub(super) async fn charge(id: &str) -> Receipt {
        Receipt { number: id.to_owned() }
    }

    #[task]
    pub(super) async fn ship(receipt: &Receipt) -> i64 {
        i64::from(!receipt.number.is_empty())
    }

    #[workflow(name = "input")]
    pub(super) async fn input(order: Order) -> i64 {
        let _paused = pause(&order.id).await;
        order.total + 1
    }

    #[workflow(name = "local")]
    pub(super) async fn local(id: String) -> i64 {
        let order = Order { id, total: 5, currency: "EUR".to_owned() };
        let _paused = pause(&order.id).await;
        order.total + 1
    }

    #[workflow(name = "result")]
    pub(super) async fn result(id: String, total: i64) -> i64 {
        let paused = pause(&id).await;
        let _charged = charge(&paused).await;
        total + 1
    }

    #[workflow(name = "argument")]
    pub(super) async fn argument(id: String) -> i64 {
        let receipt = Receipt { number: "5".to_owned() };
        let _paused = pause(&id).await;
        ship(&receipt).await
    }

    #[workflow(name = "native", export = false)]
    pub(super) async fn native(id: String) -> i64 {
        let order = Order { id, total: 5, currency: "EUR".to_owned() };
        let _paused = pause(&order.id).await;
        order.total.pow(2)
    }
}

/// Starts an execution in the old binary, which leaves it in its pause.
async fn left(place: &Place, workflow: &str, input: Value) {
    let builder = Engine::builder().store(place.path()).workflow::<before::input>();
    let builder = builder.workflow::<before::local>().workflow::<before::result>();
    let builder = builder.workflow::<before::argument>().workflow::<before::native>();
    let engine = builder.build().await.unwrap();
    engine.start_json(workflow, input).name("o-1").await.unwrap();
}

/// The next binary, in which the pause is over.
async fn changed(place: &Place) -> Engine {
    let builder = Engine::builder().store(place.path()).workflow::<after::input>();
    let builder = builder.workflow::<after::local>().workflow::<after::result>();
    let builder = builder.workflow::<after::argument>().workflow::<after::native>();
    builder.task("pause", over).build().await.unwrap()
}

async fn over(_: Data, _: TaskContext) -> Result<Data, Failure> {
    Ok(json!("over").into())
}

async fn why(handle: &Handle) -> String {
    match handle.result().await.unwrap_err() {
        Ended::Engine(Error::Stranded(why)) => why,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn an_input_that_gained_a_field_goes_on_by_the_definition_it_began_with() {
    let place = Place::new();
    left(&place, "input", json!({ "id": "forever", "total": 5 })).await;
    let engine = changed(&place).await;
    let order = after::Order { id: "x".to_owned(), total: 1, currency: "EUR".to_owned() };
    let other = engine.start::<after::input>(order).await.unwrap();
    assert_eq!(other.result().await.unwrap(), 2);
    assert_eq!(*engine.find("input/o-1").await.unwrap().result().await.unwrap(), 6);
}

#[tokio::test]
async fn a_local_that_gained_a_field_goes_on_by_the_definition_it_began_with() {
    let place = Place::new();
    left(&place, "local", json!("forever")).await;
    let engine = changed(&place).await;
    assert_eq!(*engine.find("local/o-1").await.unwrap().result().await.unwrap(), 6);
}

#[tokio::test]
async fn a_task_that_takes_something_else_strands_who_would_call_it() {
    let place = Place::new();
    left(&place, "argument", json!("forever")).await;
    let engine = changed(&place).await;
    assert_eq!(
        why(&engine.find("argument/o-1").await.unwrap()).await,
        "the task `ship` of this program does not take what `argument/o-1` has for it \
         (receipt.number: invalid type: integer `5`, expected a string); start the binary that it \
         began with, or stop it"
    );
}

#[tokio::test]
async fn a_task_that_gives_something_else_strands_who_would_call_it() {
    let place = Place::new();
    left(&place, "result", json!({ "id": "forever", "total": 5 })).await;
    let engine = changed(&place).await;
    let stranded = engine.find("result/o-1").await.unwrap();
    assert!(why(&stranded).await.starts_with("the task `charge` of this program does not take"));
    drop((stranded, engine));
    let builder = Engine::builder().store(place.path()).workflow::<before::result>();
    let engine = builder.task("pause", over).build().await.unwrap();
    assert_eq!(*engine.find("result/o-1").await.unwrap().result().await.unwrap(), 6);
}

#[tokio::test]
async fn a_native_workflow_whose_data_has_changed_waits_for_its_binary_and_can_be_stopped() {
    let place = Place::new();
    left(&place, "native", json!("forever")).await;
    let engine = changed(&place).await;
    let handle = engine.find("native/o-1").await.unwrap();
    let expected = "`native/o-1` can't run on: it began with a `native` whose code or data this \
                    program no longer has, and `native` can't be exported, so its stored \
                    definition can't be run; start the binary that it began with, or stop it";
    assert_eq!(why(&handle).await, expected);
    assert_eq!(handle.describe().await.unwrap().stranded.as_deref(), Some(expected));
    drop((handle, engine));
    // Nor does a binary run it that has no such workflow at all.
    let engine = Engine::builder().store(place.path()).workflow::<after::input>().build();
    let engine = engine.await.unwrap();
    let handle = engine.find("native/o-1").await.unwrap();
    assert_eq!(why(&handle).await, expected);
    handle.stop(Failure::new("Enough", "")).await.unwrap();
    let end = loop {
        match handle.end().await {
            Err(Error::Stranded(_)) => tokio::task::yield_now().await,
            other => break other.unwrap(),
        }
    };
    assert!(matches!(end, Status::Aborted(_)));
}

mod gives {
    use stepwright::prelude::*;

    #[data]
    pub(super) struct Less {
        pub other: i64,
    }

    #[data]
    pub(super) struct Same {
        pub number: i64,
    }

    #[data]
    pub(super) struct More {
        pub number: i64,
        pub text: String,
    }

    macro_rules! lookup {
        ($module:ident $type:ident) => {
            #[allow(dead_code, reason = "a workflow runs by its type")]
            pub(super) mod $module {
                use super::$type;
                use stepwright::prelude::*;

                #[task]
                pub(in super::super) async fn look(id: &str) -> $type {
                    super::super::made(id)
                }

                #[workflow(name = "lookup")]
                pub(in super::super) async fn lookup(id: String) -> $type {
                    let paused = super::super::pause(&id).await;
                    look(&paused).await
                }
            }
        };
    }

    lookup!(less Less);
    lookup!(same Same);
    lookup!(more More);
}

/// What the tasks `look` give.
fn made<T: serde::de::DeserializeOwned>(id: &str) -> T {
    serde_json::from_value(json!({ "number": 5, "other": 6, "text": id })).unwrap()
}

#[tokio::test]
async fn a_result_may_gain_a_field_and_not_lose_one() {
    let place = Place::new();
    let engine = Engine::builder().store(place.path()).workflow::<gives::same::lookup>();
    let engine = engine.build().await.unwrap();
    engine.start_json("lookup", json!("forever")).name("o-1").await.unwrap();
    drop(engine);
    let less = Engine::builder().store(place.path()).workflow::<gives::less::lookup>();
    let engine = less.task("pause", over).build().await.unwrap();
    assert_eq!(
        why(&engine.find("o-1").await.unwrap()).await,
        "the task `look` of this program gives something else than `lookup/o-1` counts on; start \
         the binary that it began with, or stop it"
    );
    drop(engine);
    let more = Engine::builder().store(place.path()).workflow::<gives::more::lookup>();
    let engine = more.task("pause", over).build().await.unwrap();
    let result = engine.find("o-1").await.unwrap().result().await.unwrap();
    // the definition that it began with knows of no more
    assert_eq!(*result, json!({ "number": 5 }));
}

/// A type whose schema says nothing of how it is read.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Loose<const TEXT: bool>(Value);

impl<const TEXT: bool> JsonSchema for Loose<TEXT> {
    fn schema_name() -> Cow<'static, str> {
        "Loose".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        true.into()
    }
}

impl<const TEXT: bool> Durable for Loose<TEXT> {
    fn from_json(value: &Value) -> Result<Self, stepwright::workflow::Mismatch> {
        if value.is_string() == TEXT {
            Ok(Self(value.clone()))
        } else {
            Err(stepwright::workflow::Mismatch::new("is of the wrong kind"))
        }
    }
}

mod loose {
    macro_rules! keeper {
        ($module:ident $text:literal $value:expr) => {
            #[allow(dead_code, reason = "a workflow runs by its type")]
            pub(super) mod $module {
                use super::super::{Loose, pause};
                use serde_json::json;
                use stepwright::prelude::*;

                #[task]
                pub(in super::super) async fn make(id: &str) -> Loose<$text> {
                    let _ = id;
                    Loose(json!($value))
                }

                #[task]
                pub(in super::super) async fn take(loose: &Loose<$text>) -> String {
                    loose.0.to_string()
                }

                #[workflow(name = "keeper")]
                pub(in super::super) async fn keeper(id: String) -> String {
                    let made = make(&id).await;
                    let _paused = pause(&id).await;
                    take(&made).await
                }

                #[workflow(name = "hermit", export = false)]
                pub(in super::super) async fn hermit(id: String) -> usize {
                    let made = make(&id).await;
                    let _paused = pause(&id).await;
                    made.0.to_string().len()
                }
            }
        };
    }

    keeper!(before true "five");
    keeper!(after false 5);
}

#[tokio::test]
async fn what_no_schema_shows_is_found_when_it_is_read() {
    let place = Place::new();
    let builder = Engine::builder().store(place.path()).workflow::<loose::before::keeper>();
    let engine = builder.workflow::<loose::before::hermit>().build().await.unwrap();
    for workflow in ["keeper", "hermit"] {
        let handle = engine.start_json(workflow, json!("forever")).name("o-1").await.unwrap();
        let mut events = handle.watch().await.unwrap();
        while let Some(event) = futures::StreamExt::next(&mut events).await {
            if event.unwrap().kind.type_name() == "TaskSucceeded" {
                break;
            }
        }
    }
    drop(engine);
    let builder = Engine::builder().store(place.path()).workflow::<loose::after::keeper>();
    let builder = builder.workflow::<loose::after::hermit>().task("pause", over);
    let engine = builder.build().await.unwrap();
    let keeper = engine.find("keeper/o-1").await.unwrap();
    assert_eq!(
        why(&keeper).await,
        "the task `take` of this program does not take what `keeper/o-1` has for it (loose: is of \
         the wrong kind); start the binary that it began with, or stop it"
    );
    let hermit = engine.find("hermit/o-1").await.unwrap();
    assert_eq!(
        why(&hermit).await,
        "`hermit/o-1` can't run on: what it keeps does not fit this program (the stored `made`: is \
         of the wrong kind); start the binary that it began with, or stop it"
    );
    drop((keeper, hermit, engine));
    let builder = Engine::builder().store(place.path()).workflow::<loose::before::keeper>();
    let builder = builder.workflow::<loose::before::hermit>().task("pause", over);
    let engine = builder.build().await.unwrap();
    let keeper = engine.find("keeper/o-1").await.unwrap();
    assert_eq!(*keeper.result().await.unwrap(), json!("\"five\""));
    assert_eq!(*engine.find("hermit/o-1").await.unwrap().result().await.unwrap(), json!(6));
}

mod said {
    macro_rules! said {
        ($module:ident $(#[$doc:meta])?) => {
            #[allow(dead_code, reason = "a workflow runs by its type")]
            pub(super) mod $module {
                use stepwright::prelude::*;

                $(#[$doc])?
                #[data]
                pub(in super::super) struct Thing {
                    $(#[$doc])?
                    pub title: String,
                }

                #[workflow(name = "thing", export = false)]
                pub(in super::super) async fn thing(thing: Thing) -> usize {
                    let _paused = super::super::pause(&thing.title).await;
                    thing.title.len()
                }
            }
        };
    }

    said!(before);
    said!(after #[doc = "What everybody knows."]);
}

#[tokio::test]
async fn a_comment_strands_nobody() {
    let place = Place::new();
    let builder = Engine::builder().store(place.path()).workflow::<said::before::thing>();
    let engine = builder.build().await.unwrap();
    engine.start_json("thing", json!({ "title": "forever" })).name("o-1").await.unwrap();
    drop(engine);
    let builder = Engine::builder().store(place.path()).workflow::<said::after::thing>();
    let engine = builder.task("pause", over).build().await.unwrap();
    assert_eq!(*engine.find("o-1").await.unwrap().result().await.unwrap(), json!(7));
}
