//! How long typical expressions take: `cargo bench -p stepwright --bench jsonata`.

#![allow(missing_docs, reason = "a benchmark's macro makes items without")]

use divan::{Bencher, black_box};
use serde_json::{Map, Value, json};
use stepwright::query::jsonata::{Environment, Expression, Moment};

const MOMENT: Moment = Moment { millis: 1_763_814_896_789, seed: 7 };

/// What is read, computed, tested, picked, put together and folded in workflows.
const TYPICAL: &[&str] = &[
    "$states.input.order.total",
    "$order.total > 1000 and $order.paid = false",
    "'order ' & $order.id & ' costs ' & $string($order.total)",
    "$sum($order.items.(price * count))",
    "$order.items[price > 50].name",
    "$map($order.items, function($item) { {'name': $item.name, 'price': $item.price * 1.2} })",
    "$reduce($order.items, function($sum, $item) { $sum + $item.price }, 0)",
    "$order.items^(>price)[0].name",
    "$order.items{category: $sum(price)}",
    "$append($order.items, [[{'name': 'more'}]])",
    "$merge([$order, {'paid': true}])",
];

/// An order of a hundred items, about 8 KB.
fn variables() -> Map<String, Value> {
    let items: Value = (0..100)
        .map(|i| {
            let category = format!("c{}", i % 3);
            json!({"name": format!("item {i}"), "price": i, "count": i % 3, "category": category})
        })
        .collect();
    let order = json!({"id": "o-1", "total": 1234.5, "paid": false, "items": items});
    [("order".to_owned(), order)].into_iter().collect()
}

/// Compiling, which happens once for each machine.
#[divan::bench(args = TYPICAL)]
fn compile(text: &str) {
    let _compiled = black_box(Expression::compile(black_box(text)));
}

/// Evaluating in an environment in which nothing has been converted yet, as the first expression of a
/// state is.
#[divan::bench(args = TYPICAL)]
fn first(bencher: Bencher<'_, '_>, text: &str) {
    let (variables, input) = (variables(), json!({"order": {"total": 5}}));
    let Ok(expression) = Expression::compile(text) else { return };
    bencher.bench_local(|| {
        let environment = Environment::new(MOMENT).input(&input).variables(&variables);
        black_box(expression.evaluate(&environment))
    });
}

/// Evaluating where an expression before has had the variables converted.
#[divan::bench(args = TYPICAL)]
fn another(bencher: Bencher<'_, '_>, text: &str) {
    let (variables, input) = (variables(), json!({"order": {"total": 5}}));
    let Ok(expression) = Expression::compile(text) else { return };
    let environment = Environment::new(MOMENT).input(&input).variables(&variables);
    let _converted = expression.evaluate(&environment);
    bencher.bench_local(|| black_box(expression.evaluate(&environment)));
}

fn main() {
    divan::main();
}
