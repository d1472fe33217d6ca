// errors: 4
use stepwright::prelude::*;

#[data]
struct Receipt {
    id: String,
    paid: i64,
}

#[data]
#[derive(TaskError)]
enum Refused {
    Late,
}

#[task]
async fn charge(n: i64) -> Receipt {
    Receipt { id: n.to_string(), paid: n }
}

#[task]
async fn double(n: i64) -> i64 {
    n * 2
}

#[task]
async fn find(n: i64) -> Result<i64, Refused> {
    if n > 9 { Err(Refused::Late) } else { Ok(n) }
}

#[workflow]
async fn of_a_field(n: i64) -> i64 {
    let receipt = charge(n);
    double(receipt.paid).await
}

#[workflow]
async fn of_an_argument(n: i64) -> i64 {
    let doubled = double(n);
    let more = doubled + 1;
    double(more).await
}

#[workflow]
async fn of_a_condition(n: i64) -> i64 {
    let doubled = double(n);
    if doubled > 3 {
        return double(doubled).await;
    }
    1
}

#[workflow]
async fn of_a_match(n: i64) -> i64 {
    match find(n) {
        Ok(found) => double(found).await,
        Err(Refused::Late) => 0,
    }
}

fn main() {}
