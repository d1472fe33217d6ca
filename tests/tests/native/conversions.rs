//! Errors that become others by an `impl From` of the user's own, which only `export = false`
//! allows: they do so in the engine as in the direct call.

use super::{check, data::*};

/// What a customer is told.
#[data]
#[derive(TaskError, PartialEq)]
enum ShopError {
    NotPaid { hint: String },
    NotSent,
    Flow(#[from] FlowError),
}

impl From<ChargeError> for ShopError {
    fn from(error: ChargeError) -> Self {
        match error {
            ChargeError::Declined { why } => Self::NotPaid { hint: why },
            other => Self::NotPaid { hint: format!("{other:?}") },
        }
    }
}

impl From<ShipError> for ShopError {
    fn from(_: ShipError) -> Self {
        Self::NotSent
    }
}

/// Totals at which `charge` works, declines, and fails otherwise.
const TOTALS: [i64; 3] = [5, 5000, -1];

#[workflow(export = false)]
async fn bought(order: Order) -> Result<i64, ShopError> {
    let receipt = charge(&order).await?;
    let sent = ship(Address { street: "st".to_owned(), zip: receipt.no - 5 }, 1).await?;
    Ok(sent.len() as i64)
}

#[test]
fn a_question_mark_converts_as_in_rust() {
    for total in TOTALS {
        check(|| bought(sample(total)));
    }
    check(|| bought(sample(6)));
}

#[workflow(export = false)]
async fn handed_on(order: Order) -> Result<i64, ShopError> {
    let receipt = match charge(&order).await {
        Ok(receipt) => receipt,
        Err(error) => return Err(error.into()),
    };
    let text = match ship(Address { street: "st".to_owned(), zip: receipt.no - 5 }, 1).await {
        Ok(text) => text,
        Err(error) => return Err(ShopError::from(error)),
    };
    Ok(text.len() as i64)
}

#[test]
fn into_converts_as_in_rust() {
    for total in TOTALS {
        check(|| handed_on(sample(total)));
    }
    check(|| handed_on(sample(6)));
}

#[workflow(export = false)]
async fn in_branches(order: Order) -> Result<String, ShopError> {
    let kept = join!(double(1), async {
        let receipt = charge(&order).await?;
        Ok::<_, ShopError>(receipt.no)
    });
    let (receipt, doubled) = try_join!(
        async {
            let receipt = charge(&order).await?;
            Ok::<_, ShopError>(receipt.no)
        },
        async { Ok(double(2).await) }
    )?;
    let lost = try_join_all([1, 0].into_iter().map(async |no| {
        let address = Address { street: "st".to_owned(), zip: no };
        ship(address, receipt).await
    }))
    .await?;
    Ok(format!("{kept:?} {receipt} {doubled} {}", lost.len()))
}

#[test]
fn a_question_mark_of_a_branch_or_after_a_join_converts_as_in_rust() {
    for total in TOTALS {
        check(|| in_branches(sample(total)));
    }
}

#[workflow(export = false)]
async fn parent(order: Order) -> Result<i64, ShopError> {
    Ok(child(order).await? + 1)
}

#[workflow(export = false)]
async fn child(order: Order) -> Result<i64, ChargeError> {
    Ok(i64::from(charge(&order).await?.no))
}

#[test]
fn a_question_mark_converts_the_error_of_a_child() {
    for total in TOTALS {
        check(|| parent(sample(total)));
    }
}
