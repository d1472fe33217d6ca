//! `#[data]`: what is derived, how its JSON names fields, what comes back.

use serde_json::{Value, json};
use std::{cmp::Ordering, collections::BTreeMap, fmt, time::Duration};
use stepwright::{
    Durable,
    prelude::*,
    workflow::{Fields as _, NotNull, Numbers, Presence, Shape, Tagging},
};

#[data]
#[serde(rename_all = "camelCase")]
struct Order {
    parcel_id: String,
    #[serde(rename = "sum")]
    total: f64,
    note: Option<String>,
    #[serde(default)]
    count: u32,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    tags: Vec<String>,
    r#type: Kind,
}

#[data]
#[derive(Copy, Eq, PartialOrd)]
#[serde(tag = "kind", rename_all = "snake_case", rename_all_fields = "camelCase")]
enum Kind {
    Digital,
    PhysicalGood { weight_grams: u32 },
}

#[data]
enum Tree {
    Leaf(i64),
    Node(Box<Self>, Box<Self>),
}

#[data]
struct Page<T> {
    items: Vec<T>,
    next: Option<u32>,
}

#[data]
struct Wrapper(String);

#[data]
struct Nothing;

#[data(without(Debug, PartialEq))]
struct Secret(String);

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

impl PartialEq for Secret {
    fn eq(&self, other: &Self) -> bool {
        self.0.len() == other.0.len()
    }
}

#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
struct Foreign(u8);

impl schemars_of_stepwright::JsonSchema for Foreign {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Foreign".into()
    }

    fn json_schema(
        generator: &mut schemars_of_stepwright::SchemaGenerator,
    ) -> schemars_of_stepwright::Schema {
        generator.subschema_for::<u8>()
    }
}

use stepwright::__private::schemars as schemars_of_stepwright;

#[data]
struct Trusting {
    #[data(unchecked)]
    foreign: Foreign,
}

#[track_caller]
fn comes_back<T: Durable + PartialEq + fmt::Debug>(value: &T, expected: &Value) {
    let json = value.to_json(Numbers::Portable).unwrap();
    assert_eq!(&json, expected);
    assert_eq!(&T::from_json(&json).unwrap(), value);
}

#[test]
fn values_come_back_from_their_json() {
    let order = Order {
        parcel_id: "o-1".into(),
        total: 2.5,
        note: None,
        count: 3,
        tags: Vec::new(),
        r#type: Kind::PhysicalGood { weight_grams: 7 },
    };
    comes_back(
        &order,
        &json!({
            "parcelId": "o-1", "sum": 2.5, "note": null, "count": 3,
            "type": {"kind": "physical_good", "weightGrams": 7},
        }),
    );
    let tree = Tree::Node(Box::new(Tree::Leaf(1)), Box::new(Tree::Leaf(2)));
    comes_back(&tree, &json!({"Node": [{"Leaf": 1}, {"Leaf": 2}]}));
    comes_back(
        &Page { items: vec![Kind::Digital], next: None },
        &json!({"items": [{"kind": "digital"}], "next": null}),
    );
    comes_back(&Wrapper("x".into()), &json!("x"));
    comes_back(&Nothing, &Value::Null);
    comes_back(&Trusting { foreign: Foreign(1) }, &json!({"foreign": 1}));
}

#[test]
fn standard_data_comes_back() {
    comes_back(&(1_u8, 'x', [true, false], Some(-1_i64)), &json!([1, "x", [true, false], -1]));
    comes_back(&BTreeMap::from([("a".to_owned(), vec![Some(1.5)])]), &json!({"a": [1.5]}));
    comes_back(&Duration::from_millis(1500), &json!({"secs": 1, "nanos": 500_000_000}));
    comes_back(
        &"2026-11-22T12:00:00Z".parse::<Timestamp>().unwrap(),
        &json!("2026-11-22T12:00:00Z"),
    );
    comes_back(&Ok::<u8, String>(1), &json!({"Ok": 1}));
    comes_back(&Err::<u8, String>("no".into()), &json!({"Err": "no"}));
    comes_back(&(), &Value::Null);
}

#[test]
fn the_shape_has_the_names_of_the_json() {
    let presence = |rust| Order::SHAPE.field(rust).map(|field| (field.json, field.presence));
    assert_eq!(presence("parcel_id"), Some(("parcelId", Presence::Always)));
    assert_eq!(presence("total"), Some(("sum", Presence::Always)));
    assert_eq!(presence("note"), Some(("note", Presence::Optional)));
    assert_eq!(presence("count"), Some(("count", Presence::Defaulted)));
    assert_eq!(presence("tags"), Some(("tags", Presence::Skipped)));
    assert_eq!(presence("type"), Some(("type", Presence::Always)));
    assert_eq!(presence("missing"), None);
    let (tagging, variant) = Kind::SHAPE.variant("PhysicalGood").unwrap();
    assert_eq!((tagging, variant.json), (Tagging::Internal { tag: "kind" }, "physical_good"));
    assert_eq!(variant.shape.field("weight_grams").unwrap().json, "weightGrams");
    let node = Tree::SHAPE.variant("Node").unwrap().1.shape;
    assert!(matches!(node, Shape::Tuple(&[_, _])), "{node:?}");
    assert_eq!(Page::<u8>::SHAPE.fields().len(), 2);
    let shapes = (Wrapper::SHAPE, Nothing::SHAPE);
    assert!(matches!(shapes, (Shape::Newtype(_), Shape::Unit)), "{shapes:?}");
}

#[test]
fn what_is_derived_or_declined_stays_the_users() {
    assert_eq!(Kind::Digital.partial_cmp(&Kind::Digital), Some(Ordering::Equal));
    assert_eq!(format!("{:?}", Secret("x".into())), "***");
    assert_eq!(Secret("x".into()), Secret("y".into()));
}

#[test]
fn what_is_never_null_may_be_in_an_option() {
    fn json_of_some<T: NotNull>(value: T) -> Value {
        Some(value).to_json(Numbers::Portable).unwrap()
    }
    let page = Page { items: vec![Tree::Leaf(1)], next: None };
    assert_eq!(json_of_some(page), json!({"items": [{"Leaf": 1}], "next": null}));
    assert_eq!(json_of_some(Kind::Digital), json!({"kind": "digital"}));
    comes_back(&Some(Wrapper("x".into())), &json!("x"));
    comes_back(&None::<Kind>, &Value::Null);
}

#[test]
fn json_that_does_not_fit_says_where() {
    let wrong =
        json!({"parcelId": "o", "sum": 1, "type": {"kind": "physical_good", "weightGrams": -1}});
    let mismatch = Order::from_json(&wrong).unwrap_err();
    assert_eq!(mismatch.path, "type");
    let wrong = json!({"items": [1, "x"]});
    let mismatch = Page::<u8>::from_json(&wrong).unwrap_err();
    assert_eq!(mismatch.to_string(), "items[1]: invalid type: string \"x\", expected u8");
}
