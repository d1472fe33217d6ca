//! The data and the tasks of these tests.

pub(super) use stepwright::prelude::*;

#[data]
#[derive(PartialEq)]
pub(super) struct Item {
    pub(super) sku: String,
    pub(super) qty: u32,
    pub(super) price: f64,
}

#[data]
#[derive(PartialEq)]
pub(super) enum Parcel {
    Digital { url: String },
    Physical(Address),
    Nothing,
}

#[data]
#[derive(PartialEq)]
pub(super) struct Address {
    pub(super) street: String,
    pub(super) zip: u32,
}

#[data]
#[derive(PartialEq)]
pub(super) struct Order {
    pub(super) id: String,
    pub(super) total: i64,
    pub(super) items: Vec<Item>,
    pub(super) parcel: Parcel,
    pub(super) note: Option<String>,
}

#[data]
#[derive(PartialEq)]
pub(super) struct Receipt {
    pub(super) no: u32,
}

#[data]
#[derive(TaskError, PartialEq)]
pub(super) enum ChargeError {
    Declined { why: String },
    Retryable(u32),
    Unknown,
}

#[data]
#[derive(TaskError, PartialEq)]
pub(super) enum ShipError {
    NoZip(String),
}

#[data]
#[derive(TaskError, PartialEq)]
pub(super) enum FlowError {
    Charge(#[from] ChargeError),
    Ship(#[from] ShipError),
    Bad(String),
}

impl From<String> for FlowError {
    fn from(text: String) -> Self {
        Self::Bad(text)
    }
}

impl From<&str> for FlowError {
    fn from(text: &str) -> Self {
        Self::Bad(text.to_owned())
    }
}

#[task]
pub(super) async fn charge(order: &Order) -> Result<Receipt, ChargeError> {
    match order.total {
        1001.. => Err(ChargeError::Declined { why: "big".to_owned() }),
        ..0 => Err(ChargeError::Retryable(7)),
        total => Ok(Receipt { no: total as u32 }),
    }
}

#[task]
pub(super) async fn ship(address: Address, no: u32) -> Result<String, ShipError> {
    if address.zip == 0 {
        return Err(ShipError::NoZip(address.street));
    }
    Ok(format!("{}#{no}", address.street))
}

#[task]
pub(super) async fn deliver(url: &str) -> String {
    format!("sent:{url}")
}

#[task]
pub(super) async fn double(n: i64) -> i64 {
    n * 2
}

#[task]
pub(super) async fn add(a: i64, b: i64) -> i64 {
    a + b
}

#[task]
pub(super) async fn is_ready(n: u32) -> bool {
    n >= 3
}

#[task]
pub(super) async fn price(item: Item) -> Result<f64, ChargeError> {
    if item.qty == 0 { Err(ChargeError::Unknown) } else { Ok(item.price * f64::from(item.qty)) }
}

#[task]
pub(super) async fn pair(n: i64) -> (i64, String) {
    (n, format!("p{n}"))
}

#[task]
pub(super) async fn maybe(n: i64) -> Option<i64> {
    (n > 0).then(|| n - 1)
}

#[task]
pub(super) async fn page(n: u32) -> Vec<i64> {
    (0..i64::from(n)).collect()
}

#[task]
pub(super) async fn count(items: Vec<Item>) -> i64 {
    items.len() as i64
}

pub(super) fn item(sku: &str, qty: u32, price: f64) -> Item {
    Item { sku: sku.to_owned(), qty, price }
}

pub(super) fn physical(zip: u32) -> Parcel {
    Parcel::Physical(Address { street: "st".to_owned(), zip })
}

pub(super) fn order(total: i64, parcel: Parcel) -> Order {
    let items =
        vec![item("a", 1, 2.5), item("b", 99, 1.0), item("c", 3, 1.0), item("stop", 1, 1.0)];
    Order { id: "o1".to_owned(), total, items, parcel, note: Some("n".to_owned()) }
}

pub(super) fn sample(total: i64) -> Order {
    Order { items: vec![item("a", 1, 2.5), item("c", 3, 1.0)], ..order(total, physical(1)) }
}
