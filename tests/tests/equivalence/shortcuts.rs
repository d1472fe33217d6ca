//! What is short for a `match`, and blanks around a text.

use super::*;

#[task]
async fn keep(text: &str) -> String {
    text.to_owned()
}

#[workflow]
async fn twice(n: i64) -> Option<i64> {
    let one = maybe(n).await?;
    let other = maybe(one).await?;
    Some(other + 10)
}

#[workflow]
async fn first_and_last(list: Vec<i64>) -> Option<(i64, i64)> {
    let first = *list.first()?;
    let doubled = double(first).await;
    let last = maybe(*list.last()?).await?;
    Some((doubled, last))
}

#[test]
fn a_question_mark_on_nothing_ends_with_nothing() {
    check::<twice>(
        json!(3),
        json!([["maybe", {"n": 3}], ["maybe", {"n": 2}]]),
        End::Output(json!(11)),
    );
    check::<twice>(
        json!(1),
        json!([["maybe", {"n": 1}], ["maybe", {"n": 0}]]),
        End::Output(json!(null)),
    );
    check::<twice>(json!(0), json!([["maybe", {"n": 0}]]), End::Output(json!(null)));
    check::<first_and_last>(json!([]), json!([]), End::Output(json!(null)));
    check::<first_and_last>(
        json!([4, 5]),
        json!([["double", {"n": 4}], ["maybe", {"n": 5}]]),
        End::Output(json!([8, 4])),
    );
    check::<first_and_last>(
        json!([4, 0]),
        json!([["double", {"n": 4}], ["maybe", {"n": 0}]]),
        End::Output(json!(null)),
    );
}

#[workflow]
async fn told(order: Order) -> Result<i64, FlowError> {
    let what = order.id.clone();
    let receipt = charge(&order).await.map_err(|error| match error {
        ChargeError::Declined { code } => FlowError::Bad { why: format!("{what} {code}") },
        ChargeError::GatewayDown => FlowError::Empty,
    })?;
    double(receipt.no).await;
    knock(5).await.map_err(|_| FlowError::Empty)?;
    Ok(receipt.no)
}

#[workflow]
async fn passed_on(order: Order) -> Result<Receipt, ShipError> {
    charge(&order).await.map_err(|error: ChargeError| match error {
        ChargeError::Declined { .. } => ShipError::NoZip,
        ChargeError::GatewayDown => ShipError::NoVan("down".to_owned()),
    })
}

#[test]
fn an_error_is_made_another() {
    let order = |total: i64| order(total, &physical());
    let charged = |total: i64| json!(["charge", {"order": order(total)}]);
    check::<told>(
        order(5000),
        json!([charged(5000)]),
        error("Bad", json!({"Bad": {"why": "o1 51"}})),
    );
    check::<told>(order(-1), json!([charged(-1)]), error("Empty", json!("Empty")));
    let knocks = json!(["knock", {"downs": 5}]);
    check::<told>(
        order(5),
        json!([charged(5), ["double", {"n": 5}], knocks, knocks, knocks]),
        error("Empty", json!("Empty")),
    );
    check::<passed_on>(order(5000), json!([charged(5000)]), error("NoZip", json!("NoZip")));
    check::<passed_on>(order(-1), json!([charged(-1)]), error("NoVan", json!({"NoVan": "down"})));
    check::<passed_on>(order(7), json!([charged(7)]), End::Output(json!({"no": 7})));
}

#[workflow]
async fn trimmed(text: String) -> (String, String, String) {
    let inner = keep(text.trim()).await;
    (inner, text.trim_start().to_owned(), text.trim_end().to_owned())
}

#[test]
fn blanks_around_a_text_are_those_of_rust() {
    for (given, inner, start, end) in [
        ("  a  b\t", "a  b", "a  b\t", "  a  b"),
        ("\u{85}\u{3000}x\u{2029}\n", "x", "x\u{2029}\n", "\u{85}\u{3000}x"),
        ("\u{FEFF}x\u{200B}", "\u{FEFF}x\u{200B}", "\u{FEFF}x\u{200B}", "\u{FEFF}x\u{200B}"),
        (" \r\n", "", "", ""),
        ("", "", "", ""),
    ] {
        check::<trimmed>(
            json!(given),
            json!([["keep", {"text": inner}]]),
            End::Output(json!([inner, start, end])),
        );
    }
}
