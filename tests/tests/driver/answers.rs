//! Machines whose tasks are answered from a list, and engines that have no answer.

use super::fixture::Place;
use serde_json::{Value, json};
use stepwright::{
    Engine,
    asl::Definition,
    service::{Answers, Ended, Error, Handle},
};

fn definition() -> Definition {
    let text = json!({ "QueryLanguage": "JSONata", "StartAt": "Tell", "States": {
        "Tell": { "Type": "Task", "Resource": "arn:aws:states:::sns:publish", "Next": "Ask" },
        "Ask": { "Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
            "TimeoutSeconds": 1, "End": true } } });
    Definition::parse(&text.to_string()).0.unwrap()
}

async fn engine(place: &Place, doubles: Value) -> Engine {
    let answers = Answers::parse(&doubles.to_string(), "m", None, &definition()).unwrap();
    let builder = Engine::builder().store(place.path()).definition("m", definition());
    builder.answers(answers).build().await.unwrap()
}

#[track_caller]
fn held(ended: Result<stepwright::program::Data, Ended>, expected: &str) {
    match ended {
        Err(Ended::Engine(Error::Stranded(why))) => assert_eq!(why, expected),
        other => panic!("it is not held up: {other:?}"),
    }
}

#[tokio::test]
async fn an_execution_waits_for_an_answer_in_every_engine_that_has_none() {
    let place = Place::new();
    let first = engine(&place, json!({ "Tell": { "result": 1 } })).await;
    let begun: Handle = first.start_json("m", json!({})).name("e").await.unwrap();
    held(
        begun.result().await,
        "nothing answers the task of `Ask`, which asks for \
         `arn:aws:states:::sqs:sendMessage.waitForTaskToken`: add \"Ask\": {\"result\": ..} to the \
         doubles, and it goes on",
    );
    first.shutdown().await.unwrap();
    let stranger = Engine::builder().store(place.path()).build().await.unwrap();
    held(
        stranger.find("m/e").await.unwrap().result().await,
        "this program has no task `arn:aws:states:::sqs:sendMessage.waitForTaskToken`, which `m/e` \
         is waiting for; start the binary that has it, or stop it",
    );
    stranger.shutdown().await.unwrap();
    let last = engine(&place, json!({ "Ask": { "result": "yes" } })).await;
    assert_eq!(*last.find("m/e").await.unwrap().result().await.unwrap(), json!("yes"));
    last.shutdown().await.unwrap();
}
