//! One execution from start to end.

use super::fixture::{chain, with_increment};
use serde_json::json;
use stepwright::{Engine, engine::Status, service::ListRequest, store::MemoryStore};

#[tokio::test]
async fn three_tasks_give_their_result() {
    let builder = Engine::builder().store(MemoryStore::new());
    let builder = builder.definition("count", chain(&["increment", "increment", "increment"]));
    let engine = with_increment(builder).build().await.unwrap();
    let handle = engine.start_json("count", json!(1)).name("one").await.unwrap();
    assert_eq!(handle.end().await.unwrap(), Status::Succeeded(json!(4).into()));
    let list = engine.list(ListRequest::new()).await.unwrap();
    assert_eq!(list.executions.len(), 1);
}
