//! Lists, histories and streams of events.

use super::fixture::{Place, in_memory};
use futures::TryStreamExt as _;
use serde_json::json;
use stepwright::service::{HistoryRequest, ListRequest, State};

#[tokio::test]
async fn lists_are_filtered_and_come_in_pages_newest_first() {
    let place = Place::new();
    let engine = place.engine().await;
    for number in 0..5 {
        let name = format!("c{number}");
        engine.start_json("count", json!(number)).name(name).await.unwrap().end().await.unwrap();
    }
    engine.start_json("hang", json!(1)).name("h").await.unwrap();
    let request = ListRequest::new().limit(4);
    let first = engine.list(request.clone()).await.unwrap();
    let second = engine.list(request.after(first.next.unwrap())).await.unwrap();
    let pages = first.executions.iter().chain(&second.executions);
    let names: Vec<_> = pages.map(|line| (line.name.as_str(), line.state)).collect();
    let succeeded = ["c4", "c3", "c2", "c1", "c0"].map(|name| (name, State::Succeeded));
    assert_eq!(names[0], ("h", State::Running));
    assert_eq!(names[1..], succeeded);
    assert_eq!(second.next, None);
    let hanging = engine.list(ListRequest::new().workflow("hang")).await.unwrap();
    assert_eq!(hanging.executions.len(), 1);
}

#[tokio::test]
async fn histories_come_in_pages_from_both_ends() {
    let place = Place::new();
    let engine = place.engine().await;
    let handle = engine.start_json("count", json!(1)).await.unwrap();
    handle.end().await.unwrap();
    let all = handle.history(HistoryRequest::new()).await.unwrap();
    let ids: Vec<u64> = all.events.iter().map(|event| event.id).collect();
    assert_eq!(ids, (1..=17).collect::<Vec<_>>());
    assert_eq!(all.next, None);
    for limit in [1, 2, 5, 16, 17] {
        let mut forward = Vec::new();
        let mut request = Some(HistoryRequest::new().limit(limit));
        while let Some(asked) = request {
            let page = handle.history(asked).await.unwrap();
            forward.extend(page.events.iter().map(|event| event.id));
            request = page.next.map(|from| HistoryRequest::new().limit(limit).from(from));
        }
        assert_eq!(forward, ids, "pages of {limit}");
        let mut backward = Vec::new();
        let mut request = Some(HistoryRequest::new().reverse().limit(limit));
        while let Some(asked) = request {
            let page = handle.history(asked).await.unwrap();
            backward.extend(page.events.iter().map(|event| event.id));
            request = page.next.map(|from| HistoryRequest::new().reverse().limit(limit).from(from));
        }
        backward.reverse();
        assert_eq!(backward, ids, "pages of {limit}, from the end");
    }
}

#[tokio::test]
async fn a_watch_sees_every_event_once_and_ends_with_the_execution() {
    let engine = in_memory().await;
    let handle = engine.start_json("count", json!(1)).await.unwrap();
    let events: Vec<_> = handle.watch().await.unwrap().try_collect().await.unwrap();
    let ids: Vec<u64> = events.iter().map(|event| event.id).collect();
    assert_eq!(ids, (1..=17).collect::<Vec<_>>());
    let again: Vec<_> = handle.watch().await.unwrap().try_collect().await.unwrap();
    assert_eq!(again, events);
}

#[tokio::test]
async fn an_unfinished_execution_of_equal_input_is_found() {
    let place = Place::new();
    let engine = place.engine().await;
    engine.start_json("hang", json!({ "a": 1, "b": 2 })).name("one").await.unwrap();
    let found = engine.unfinished("hang", &json!({ "b": 2, "a": 1 })).await.unwrap();
    assert_eq!(found.unwrap().name, "one");
    assert_eq!(engine.unfinished("hang", &json!({ "a": 1 })).await.unwrap(), None);
    assert_eq!(engine.unfinished("count", &json!({ "a": 1, "b": 2 })).await.unwrap(), None);
}
