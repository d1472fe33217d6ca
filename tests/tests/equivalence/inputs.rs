//! Missing, null and defaulted data.

use super::*;

#[data]
struct Wish {
    name: String,
    note: Option<String>,
    #[serde(default)]
    count: i64,
    #[serde(rename = "colour")]
    color: Option<String>,
}

#[workflow]
async fn wished(wish: Wish) -> String {
    let n = double(wish.count).await;
    let note = match &wish.note {
        Some(note) => note.clone(),
        None => "none".to_owned(),
    };
    if wish.color.is_some() {
        deliver(&wish.name).await;
    }
    format!("{note} {n}")
}

#[test]
fn an_absent_field_is_none_or_its_default() {
    check::<wished>(
        json!({"name": "x"}),
        json!([["double", {"n": 0}]]),
        End::Output(json!("none 0")),
    );
    check::<wished>(
        json!({"name": "x", "note": null, "count": 3, "colour": null}),
        json!([["double", {"n": 3}]]),
        End::Output(json!("none 6")),
    );
    check::<wished>(
        json!({"name": "x", "note": "n", "count": 3, "colour": "red"}),
        json!([["double", {"n": 3}], ["deliver", {"url": "x"}]]),
        End::Output(json!("n 6")),
    );
}

#[workflow]
async fn echoed(wish: Wish) -> Wish {
    wish
}

#[test]
fn what_is_returned_has_every_field() {
    let whole = json!({"name": "x", "note": null, "count": 0, "colour": null});
    check::<echoed>(whole.clone(), json!([]), End::Output(whole));
}

#[workflow]
async fn maybe_nothing(n: Option<i64>) -> Option<i64> {
    match n {
        Some(n) => maybe(n).await,
        None => None,
    }
}

#[test]
fn null_is_none() {
    check::<maybe_nothing>(json!(null), json!([]), End::Output(json!(null)));
    check::<maybe_nothing>(json!(3), json!([["maybe", {"n": 3}]]), End::Output(json!(2)));
    check::<maybe_nothing>(json!(0), json!([["maybe", {"n": 0}]]), End::Output(json!(null)));
}

#[workflow]
async fn unicode(text: String) -> String {
    let sent = deliver(&text).await;
    if sent == "sent:größe 𝄞" { format!("{sent}!") } else { sent }
}

#[test]
fn text_is_any_text() {
    check::<unicode>(
        json!("größe 𝄞"),
        json!([["deliver", {"url": "größe 𝄞"}]]),
        End::Output(json!("sent:größe 𝄞!")),
    );
    check::<unicode>(
        json!("quote \" brace {% %} back\\slash\nline"),
        json!([["deliver", {"url": "quote \" brace {% %} back\\slash\nline"}]]),
        End::Output(json!("sent:quote \" brace {% %} back\\slash\nline")),
    );
}
