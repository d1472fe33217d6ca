// errors: 6
use stepwright::prelude::*;

#[data]
struct Part {
    note: Option<i64>,
}

#[task]
async fn double(n: i64) -> i64 {
    n * 2
}

#[workflow]
async fn run(list: Vec<Option<i64>>, units: Vec<()>, part: Option<Part>) -> i64 {
    let first = match list.first() {
        Some(_) => 1,
        None => 2,
    };
    let last = list.last().copied().is_some();
    let mut i = 0;
    let mut n = 0;
    while let Some(each) = list.get(i) {
        n += double(each.unwrap_or(1)).await;
        i += 1;
    }
    let unit = units.first().is_some();
    let note = part.as_ref().map(|part| part.note).is_some();
    let wrapped = match Some(list[0]) {
        Some(_) => 1,
        None => 2,
    };
    if last && unit && note {
        n += 1;
    }
    double(first + n + wrapped).await
}

fn main() {}
