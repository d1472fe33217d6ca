// errors: 9
use stepwright::prelude::*;

mod data {
    use stepwright::prelude::*;

    #[data]
    pub struct Wrapper(pub Option<i64>);

    #[data]
    #[serde(transparent)]
    pub struct Named {
        pub inner: Option<i64>,
    }

    pub const NOTHING: Option<i64> = None;
}

#[task]
async fn double(n: i64) -> i64 {
    n * 2
}

#[data]
#[derive(TaskError)]
enum Refused {
    Late,
}

#[task]
async fn find(n: i64) -> Result<Option<i64>, Refused> {
    if n > 9 { Err(Refused::Late) } else { Ok(Some(n)) }
}

#[workflow]
async fn run(n: Option<i64>, text: Option<String>, m: i64) -> Result<i64, Refused> {
    let of_tuple = match Some(data::Wrapper(n)) {
        Some(_) => 1,
        None => 2,
    };
    let of_struct = match Some(data::Named { inner: n }) {
        Some(_) => 1,
        None => 2,
    };
    let of_constant = match Some(data::NOTHING) {
        Some(_) => 1,
        None => 2,
    };
    let of_block = match Some({
        let _ = m + 1;
    }) {
        Some(()) => 1,
        None => 2,
    };
    let of_if = match Some(if m > 1 { None } else { n }) {
        Some(_) => 1,
        None => 2,
    };
    let of_copy = match Some(n.as_ref()) {
        Some(_) => 1,
        None => 2,
    };
    let of_closure = text.as_ref().map(|text| {
        let _ = text.is_empty();
    });
    let closed = if of_closure.is_some() { 1 } else { 2 };
    let of_task = match Some(find(m).await?) {
        Some(_) => 1,
        None => 2,
    };
    let all = of_tuple + of_struct + of_constant + of_block + of_if + of_copy + of_task;
    Ok(double(all + closed).await)
}

fn main() {}
