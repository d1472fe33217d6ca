//! Answers of tasks that are not as the task itself would write them: with members that no type
//! names, with keys missing deep inside, with causes and results of other types.

use super::*;
use stepwright::Failure;

#[data]
struct Part {
    n: i64,
    note: Option<String>,
}

#[data]
#[derive(TaskError)]
enum Wrong {
    Part(Part),
    Late { n: i64 },
    Never,
}

#[data]
#[derive(TaskError)]
enum Any {
    Wrong(#[from] Wrong),
    #[task_error(other)]
    Else(Failure),
}

#[task]
async fn fetch(n: i64) -> Result<Part, Wrong> {
    Ok(Part { n, note: None })
}

#[task]
async fn fetch_any(n: i64) -> Result<Part, Any> {
    Ok(Part { n, note: None })
}

#[task]
async fn look(n: i64) -> Part {
    Part { n, note: None }
}

#[task]
async fn count(n: i64) -> u32 {
    n as u32
}

/// A double that gives this.
fn gives(task: &str, result: Value) -> Doubles {
    Doubles::new().task(task, move |_: &testing::Call| Ok(result.clone()))
}

/// A double that fails so.
fn fails_with(task: &str, error: &'static str, cause: &'static str) -> Doubles {
    Doubles::new().task(task, move |_: &testing::Call| Answer::fail(error, cause))
}

fn part(n: i64) -> Value {
    json!({"n": n, "note": null})
}

fn more(n: i64) -> Value {
    json!({"more": [1], "n": n})
}

#[workflow]
async fn returned_at_once(n: i64) -> Part {
    look(n).await
}

#[workflow]
async fn returned_later(n: i64) -> (Part, Vec<Part>) {
    let first = look(n).await;
    let mut all = vec![first.clone()];
    let second = look(n + 1).await;
    all.push(second);
    double(n).await;
    (first, all)
}

#[test]
fn what_a_task_adds_of_its_own_is_not_returned() {
    let one = json!(["look", {"n": 1}]);
    check_with::<returned_at_once>(
        gives("look", more(5)),
        json!(1),
        json!([one]),
        End::Output(part(5)),
    );
    check_with::<returned_later>(
        gives("look", more(5)),
        json!(1),
        json!([one, ["look", {"n": 2}], ["double", {"n": 1}]]),
        End::Output(json!([part(5), [part(5), part(5)]])),
    );
}

#[workflow]
async fn compared(n: i64) -> (bool, bool) {
    let first = look(n).await;
    let same = first == Part { n: 5, note: None };
    let second = look(n).await;
    (same, first != second)
}

#[test]
fn what_a_task_adds_of_its_own_is_not_compared() {
    let doubles = Doubles::new().task("look", |call: &testing::Call| match call.earlier {
        0 => Ok(json!({"more": 1, "n": 5})),
        _ => Ok(json!({"n": 5, "note": null, "less": 2})),
    });
    check_with::<compared>(
        doubles,
        json!(1),
        json!([["look", {"n": 1}], ["look", {"n": 1}]]),
        End::Output(json!([true, false])),
    );
}

#[workflow]
async fn failed(n: i64) -> Result<i64, Wrong> {
    let part = look(n).await;
    double(n).await;
    Err(Wrong::Part(part))
}

#[workflow]
async fn rethrown(n: i64) -> Result<i64, Wrong> {
    match fetch(n).await {
        Ok(part) => Ok(part.n),
        Err(Wrong::Never) => Ok(-1),
        Err(error) => {
            double(n).await;
            Err(error)
        }
    }
}

#[workflow]
async fn rethrown_at_once(n: i64) -> Result<i64, Any> {
    match fetch(n).await {
        Ok(part) => Ok(part.n),
        Err(Wrong::Never) => Ok(-1),
        Err(error) => Err(error.into()),
    }
}

#[test]
fn what_a_task_adds_of_its_own_is_in_no_cause() {
    check_with::<failed>(
        gives("look", more(5)),
        json!(1),
        json!([["look", {"n": 1}], ["double", {"n": 1}]]),
        error("Part", json!({"Part": part(5)})),
    );
    let fails = || fails_with("fetch", "Part", r#"{"Part":{"n":5,"more":1}}"#);
    let fetch = json!(["fetch", {"n": 1}]);
    check_with::<rethrown>(
        fails(),
        json!(1),
        json!([fetch, ["double", {"n": 1}]]),
        error("Part", json!({"Part": part(5)})),
    );
    // what nobody has looked into goes on as it came, as by a question mark
    check_with::<rethrown_at_once>(
        fails(),
        json!(1),
        json!([fetch]),
        error("Part", json!({"Part": {"n": 5, "more": 1}})),
    );
}

#[workflow]
async fn branches(n: i64) -> (Part, Vec<Result<i64, Wrong>>) {
    let (part, all) = join!(look(n), async {
        join_all([n, n].iter().map(|n| async move {
            let part = fetch(*n).await?;
            double(part.n).await;
            Ok::<_, Wrong>(part.n)
        }))
        .await
    });
    (part, all)
}

#[test]
fn what_a_task_adds_of_its_own_does_not_leave_its_branch() {
    let doubles = gives("look", more(5)).task("fetch", |call: &testing::Call| match call.earlier {
        0 => Answer::fail("Part", r#"{"Part":{"n":5,"more":1}}"#),
        _ => Answer::ok(json!({"n": 3, "more": 1})),
    });
    let fetch = json!(["fetch", {"n": 1}]);
    check_with::<branches>(
        doubles,
        json!(1),
        json!([["look", {"n": 1}], fetch, fetch, ["double", {"n": 3}]]),
        End::Output(json!([part(5), [{"Err": {"Part": part(5)}}, {"Ok": 3}]])),
    );
}

#[workflow]
async fn hands_up(n: i64) -> Result<Part, Wrong> {
    let part = fetch(n).await?;
    Ok(part)
}

#[workflow]
async fn asks_a_child(n: i64) -> Result<Part, Wrong> {
    let part = match hands_up(n).await {
        Ok(part) => part,
        Err(Wrong::Part(part)) => part,
        Err(error) => return Err(error),
    };
    double(part.n).await;
    Ok(part)
}

#[test]
fn a_child_hands_on_no_more_than_its_types_name() {
    let calls = json!([["fetch", {"n": 1}], ["double", {"n": 5}]]);
    check_with::<asks_a_child>(
        gives("fetch", more(5)),
        json!(1),
        calls.clone(),
        End::Output(part(5)),
    );
    check_with::<asks_a_child>(
        fails_with("fetch", "Part", r#"{"Part":{"n":5,"more":1}}"#),
        json!(1),
        calls,
        End::Output(part(5)),
    );
}

#[data]
struct Tree {
    n: i64,
    note: Option<String>,
    left: Option<Box<Self>>,
    children: Vec<Self>,
    #[serde(default)]
    size: Size,
}

#[data]
#[derive(Default)]
enum Size {
    #[default]
    Leaf,
    Grown(Box<Sum>),
}

#[data]
enum Sum {
    Of { n: i64, unit: Option<String> },
    Both(Box<Self>, Box<Self>),
    Tree(Box<Tree>),
}

#[task]
async fn plant(tree: &Tree) -> Tree {
    tree.clone()
}

#[workflow]
async fn trees(tree: Tree) -> (Tree, Tree, bool) {
    let planted = plant(&tree).await;
    let again = plant(&planted).await;
    let same = again == tree;
    (tree, again, same)
}

/// A tree as others write it, and as serde does.
fn tree() -> (Value, Value) {
    let given = json!({
        "n": 1,
        "more": 1,
        "left": {"n": 2, "children": [{"n": 3, "children": [], "more": 2}]},
        "children": [{"n": 4, "note": "x", "left": null, "children": []}],
        "size": {"Grown": {"Both": [
            {"Of": {"n": 1, "more": 3}},
            {"Both": [{"Of": {"n": 2, "unit": "m"}}, {"Tree": {"n": 5, "children": []}}]}
        ]}},
    });
    let leaf = |n: i64| json!({"n": n, "note": null, "left": null, "children": [], "size": "Leaf"});
    let written = json!({
        "n": 1,
        "note": null,
        "left": {"n": 2, "note": null, "left": null, "children": [leaf(3)], "size": "Leaf"},
        "children": [{"n": 4, "note": "x", "left": null, "children": [], "size": "Leaf"}],
        "size": {"Grown": {"Both": [
            {"Of": {"n": 1, "unit": null}},
            {"Both": [{"Of": {"n": 2, "unit": "m"}}, {"Tree": leaf(5)}]}
        ]}},
    });
    (given, written)
}

#[test]
fn a_type_that_holds_itself_is_made_whole_at_every_depth() {
    let (given, written) = tree();
    let plant = json!(["plant", {"tree": written}]);
    check_with::<trees>(
        gives("plant", given.clone()),
        given,
        json!([plant, plant]),
        End::Output(json!([written, written, true])),
    );
}

/// A tree of so many levels, each in the one above as `within` says; without the keys that are given
/// a value if it `lacks` them.
fn nested(levels: i64, lacks: bool, within: fn(Value) -> (Value, Value)) -> Value {
    (1..=levels).fold(Value::Null, |below, n| {
        let (left, children) = if n == 1 { (json!(null), json!([])) } else { within(below) };
        let mut tree = json!({"n": n, "left": left, "children": children});
        if !lacks {
            tree["note"] = json!(null);
            tree["size"] = json!("Leaf");
        }
        tree
    })
}

fn as_left(below: Value) -> (Value, Value) {
    (below, json!([]))
}

fn as_child(below: Value) -> (Value, Value) {
    (json!(null), json!([below]))
}

#[track_caller]
fn check_trees(given: Value, written: &Value) {
    let plant = json!(["plant", {"tree": written}]);
    check_with::<trees>(
        gives("plant", given.clone()),
        given,
        json!([plant, plant]),
        End::Output(json!([written, written, true])),
    );
}

#[test]
fn what_lacks_something_is_made_whole_many_levels_deep() {
    for (levels, within) in [(3, as_left as fn(_) -> _), (8, as_left), (3, as_child), (7, as_child)]
    {
        check_trees(nested(levels, true, within), &nested(levels, false, within));
    }
}

#[test]
fn what_lacks_nothing_is_the_same_in_both_forms_however_deep_it_is() {
    for (levels, within) in [
        (5, as_left as fn(_) -> _),
        (11, as_left),
        (15, as_left),
        (60, as_left),
        (5, as_child),
        (11, as_child),
        (40, as_child),
    ] {
        let tree = nested(levels, false, within);
        check_trees(tree.clone(), &tree);
    }
}

#[data]
enum Signal {
    A { n: i64, note: Option<String> },
    B { n: i64, note: Option<String> },
    C { n: i64, note: Option<String> },
    D { n: i64, note: Option<String> },
    E { n: i64, note: Option<String> },
    F { n: i64, note: Option<String> },
    G { n: i64, note: Option<String> },
    H { n: i64, note: Option<String> },
    I { n: i64, note: Option<String> },
    J { n: i64, note: Option<String> },
    K { n: i64, note: Option<String> },
    L { n: i64, note: Option<String> },
    Relayed { by: Box<Self>, note: Option<String> },
}

#[task]
async fn send(signal: &Signal) -> Signal {
    signal.clone()
}

#[workflow]
async fn signals(signal: Signal) -> (Signal, bool) {
    let sent = send(&signal).await;
    let same = sent == signal;
    (sent, same)
}

#[test]
fn many_variants_are_no_reason_to_fail() {
    let relayed = |times: usize, note: fn(Value) -> Value| {
        (0..times).fold(
            json!({"L": note(json!({"n": 1}))}),
            |by, _| json!({"Relayed": note(json!({"by": by}))}),
        )
    };
    let noted = |mut held: Value| {
        held["note"] = json!(null);
        held
    };
    for (given, written) in [
        (relayed(3, |held| held), relayed(3, noted)),
        (relayed(11, noted), relayed(11, noted)),
        (relayed(50, noted), relayed(50, noted)),
    ] {
        check_with::<signals>(
            gives("send", given.clone()),
            given,
            json!([["send", {"signal": written}]]),
            End::Output(json!([written, true])),
        );
    }
}

#[data]
#[derive(TaskError)]
enum Fallen {
    Tree(Tree),
}

#[workflow]
async fn falls(n: i64, text: String) -> Result<i64, Fallen> {
    let tree = Tree { n, note: Some(text), left: None, children: vec![], size: Size::Leaf };
    let planted = plant(&tree).await;
    Err(Fallen::Tree(Tree { children: vec![planted], ..tree }))
}

#[test]
fn a_cause_has_every_digit_at_every_depth() {
    const LONG: i64 = 9_007_199_254_740_991;
    let leaf = |children: Value| json!({"n": LONG, "note": "\"", "left": null, "children": children, "size": "Leaf"});
    check::<falls>(
        json!({"n": LONG, "text": "\""}),
        json!([["plant", {"tree": leaf(json!([]))}]]),
        error("Tree", json!({"Tree": leaf(json!([leaf(json!([]))]))})),
    );
}

#[test]
fn a_cause_is_written_however_deep_it_is() {
    for levels in [5, 11, 40] {
        let planted = nested(levels, false, as_child);
        let leaf = json!({"n": 1, "note": "x", "left": null, "children": [], "size": "Leaf"});
        let mut tree = leaf.clone();
        tree["children"] = json!([planted]);
        check_with::<falls>(
            gives("plant", planted),
            json!({"n": 1, "text": "x"}),
            json!([["plant", {"tree": leaf}]]),
            error("Tree", json!({"Tree": tree})),
        );
    }
}

#[workflow]
async fn by_variant(n: i64) -> Result<i64, Wrong> {
    match fetch(n).await {
        Ok(part) => Ok(part.n),
        Err(Wrong::Late { n }) => Ok(double(n).await),
        Err(error) => Err(error),
    }
}

#[workflow]
async fn by_any_variant(n: i64) -> Result<String, Wrong> {
    match fetch_any(n).await {
        Ok(_) => Ok("fetched".to_owned()),
        Err(Any::Wrong(Wrong::Late { n })) => Ok(format!("late {n}")),
        Err(Any::Wrong(error)) => Err(error),
        Err(Any::Else(failure)) => Ok(failure.error.unwrap_or_default()),
    }
}

#[test]
fn a_cause_that_is_not_its_variant_is_another_failure_of_the_task() {
    for (name, cause) in [
        ("Late", "so late"),
        ("Late", "{}"),
        ("Late", r#"{"Late":{}}"#),
        ("Late", r#"{"Late":{"n":"1"}}"#),
        ("Late", r#"{"Late":[1]}"#),
        ("Late", r#""Never""#),
        ("Never", r#"{"Late":{"n":1}}"#),
        ("Never", "Never"),
    ] {
        check_with::<by_variant>(
            fails_with("fetch", name, cause),
            json!(1),
            json!([["fetch", {"n": 1}]]),
            fails("InvalidResult"),
        );
        check_with::<by_any_variant>(
            fails_with("fetch_any", name, cause),
            json!(1),
            json!([["fetch_any", {"n": 1}]]),
            End::Output(json!("InvalidResult")),
        );
    }
    let late = r#"{"Late":{"n":2.0,"more":1}}"#;
    check_with::<by_variant>(
        fails_with("fetch", "Late", late),
        json!(1),
        json!([["fetch", {"n": 1}], ["double", {"n": 2}]]),
        End::Output(json!(4)),
    );
    check_with::<by_any_variant>(
        fails_with("fetch_any", "Late", late),
        json!(1),
        json!([["fetch_any", {"n": 1}]]),
        End::Output(json!("late 2")),
    );
}

#[workflow]
async fn counted(n: i64) -> i64 {
    let counted = count(n).await;
    count(2).await;
    double(i64::from(counted)).await
}

#[test]
fn a_result_of_another_type_fails_the_task_that_gave_it() {
    for result in [json!("3"), json!(-3), json!(1.5), json!(null), json!([3]), json!({"n": 3})] {
        check_with::<counted>(
            gives("count", result),
            json!(1),
            json!([["count", {"n": 1}]]),
            fails("InvalidResult"),
        );
    }
    let twice = json!([["count", {"n": 1}], ["count", {"n": 2}]]);
    check_with::<counted>(
        Doubles::new().task("count", |call: &testing::Call| match call.earlier {
            0 => Ok(json!(3)),
            _ => Ok(json!("nobody reads this")),
        }),
        json!(1),
        twice,
        fails("InvalidResult"),
    );
    for result in [json!({}), json!({"note": "x"}), json!([5, null]), json!({"n": 5, "note": 1})] {
        check_with::<returned_at_once>(
            gives("look", result),
            json!(1),
            json!([["look", {"n": 1}]]),
            fails("InvalidResult"),
        );
    }
}

#[workflow]
async fn caught(n: i64) -> String {
    match fetch_any(n).await {
        Ok(part) => format!("{}", part.n),
        Err(Any::Else(failure)) => failure.cause.unwrap_or_default(),
        Err(_) => "wrong".to_owned(),
    }
}

#[test]
fn a_result_of_another_type_says_where() {
    check_with::<caught>(
        gives("fetch_any", json!({"n": "x", "note": null})),
        json!(1),
        json!([["fetch_any", {"n": 1}]]),
        End::Output(json!("the result.n: invalid type: string \"x\", expected i64")),
    );
}
