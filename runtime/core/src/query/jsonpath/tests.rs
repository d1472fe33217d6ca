//! Paths against the answers of Jayway and of AWS, and against texts that nobody would write.

use super::{Path, PathError, ReferencePath, Root, Scope, Selection, Unmatched};
use serde_json::{Map, Value, json};

const TABLE: &str = include_str!("jayway.tsv");

/// Kind and answer, as the table writes them.
fn answer(path: &str, scope: &Scope<'_>) -> (&'static str, String) {
    let selected = match Path::parse(path) {
        Ok(path) => path.evaluate(scope),
        Err(error) => return ("refused", error.to_string()),
    };
    match selected {
        Ok(Selection::One(value)) => ("one", value.to_string()),
        Ok(many @ Selection::Many(_)) => ("many", many.into_value().to_string()),
        Err(error @ (Unmatched::Inapplicable(_) | Unmatched::TooMuch)) => {
            ("unusable", error.to_string())
        }
        Err(error) => ("missing", error.to_string()),
    }
}

/// The rows of the table: path, kind, answer.
fn rows() -> impl Iterator<Item = (&'static str, &'static str, &'static str)> {
    TABLE.lines().filter(|line| !line.starts_with('#')).map(|line| {
        let mut cells = line.splitn(3, '\t');
        (cells.next().unwrap(), cells.next().unwrap(), cells.next().unwrap())
    })
}

fn document() -> Value {
    serde_json::from_str(rows().next().unwrap().2).unwrap()
}

/// Checks paths against the document of the table.
#[track_caller]
fn check(expected: &[(&str, &str, &str)]) {
    let document = document();
    for (path, kind, text) in expected {
        let (got, answer) = answer(path, &Scope::new(&document, 0));
        assert_eq!((got, answer.as_str()), (*kind, *text), "{path}");
    }
}

#[test]
fn every_path_of_the_table_has_its_answer() {
    let rows: Vec<_> = rows().collect();
    assert_eq!(rows.len(), 110);
    check(&rows);
}

#[test]
fn names_may_be_in_quotes_of_either_kind() {
    check(&[
        ("  $.a.b  ", "one", "1"),
        ("$[ 'a' ][\"b\"]", "one", "1"),
        (r"$['a\u0000']", "missing", r"No results for path: $['a\u0000']"),
        (r"$['a\'b']", "missing", r"No results for path: $['a\'b']"),
        ("$[\"a'b\"]", "missing", "No results for path: $[\"a'b\"]"),
        ("$['a', 'b']", "one", &format!(r#"{{"a":{}}}"#, document()["a"])),
        (
            "$['a' 'b']",
            "refused",
            "Property must be separated by comma or Property must be \
            terminated close square bracket at index 4",
        ),
        ("$['a',]", "refused", "Found empty property at index 6"),
        ("$['a',,'b']", "refused", "Found empty property at index 6"),
        ("$['a", "refused", "Property has not been closed - missing closing '"),
        ("$.a...b", "refused", "Character '.' on position 5 is not valid."),
        ("$.a.['b']", "one", "1"),
        ("$. a", "refused", "Could not parse token starting at position 2"),
        ("$", "one", &document().to_string()),
        ("", "refused", "Path must start with '$'"),
        ("@.a", "refused", "Path must start with '$'"),
    ]);
}

#[test]
fn one_character_after_a_complete_step_is_not_looked_at() {
    check(&[
        ("$.a.arr[0]]", "one", "10"),
        ("$.a.arr[0]x", "one", "10"),
        ("$.nums[*]x", "many", "[1,2,3,5,8]"),
        ("$[", "refused", "Could not parse token starting at position 1. Expected ?, ', 0-9, * "),
    ]);
}

#[test]
fn slices_and_indices_are_forgiving() {
    check(&[
        ("$.a.arr[ 0 , 2 ]", "many", "[10,30]"),
        ("$.a.arr[-3:-1]", "many", "[20,30]"),
        ("$.a.arr[-2:1]", "many", "[30,40,10]"),
        ("$.a.arr[:-1]", "many", "[10,20,30]"),
        ("$.a.arr[9:]", "many", "[]"),
        ("$.a.arr[-9:]", "many", "[10,20,30,40]"),
        ("$.a.arr[:]", "refused", "Failed to parse SliceOperation: :"),
        ("$.a.arr[1-2]", "refused", "Failed to parse token in ArrayIndexOperation: 1-2"),
        (
            "$.a.arr[99999999999]",
            "refused",
            "Failed to parse token in ArrayIndexOperation: 99999999999",
        ),
        ("$.a.arr[2147483647]", "missing", "No results for path: $['a']['arr'][2147483647]"),
        ("$.a.arr[-2147483648]", "missing", "No results for path: $['a']['arr'][-2147483648]"),
        ("$.a.n[0]", "missing", "The path $['a']['n'] is null"),
        (
            "$.a[0:1]",
            "missing",
            "Filter: [0:1] can only be applied to arrays. Current context is: \
            {b=1, arr=[10, 20, 30, 40], s=str, n=null, empty=[], eo={}}",
        ),
        ("$.items[*][0]", "many", "[]"),
    ]);
}

#[test]
fn descents_take_the_next_step_everywhere() {
    check(&[
        ("$..['x']", "many", "[1,2,3,100,5]"),
        (
            "$..[0]",
            "many",
            r#"[10,{"x":1,"n":"one","t":["p","q"]},"p",{"a":1},1,[1,2],1,3,{"id":"only"},1]"#,
        ),
        ("$..items[?(@.x > 2)].n", "many", r#"["three"]"#),
        ("$.jar..a", "many", "[1,5,2,7,3]"),
        ("$..['x','n']", "many", r#"[{"x":1,"n":"one"},{"x":2,"n":"two"},{"x":3,"n":"three"}]"#),
        ("$.a..length()", "many", "[]"),
        ("$..x.sum()", "one", "111.0"),
        ("$..x.length()", "one", "5"),
        ("$.a.b..x", "many", "[]"),
    ]);
}

#[test]
fn filters_compare_by_kind() {
    check(&[
        ("$.jar[?(@.a == 5 || @.a == 7)].a", "many", "[5,7]"),
        ("$.jar[?(@.a > 1 && @.a < 7 && @.a != 3)].a", "many", "[5,2]"),
        ("$.jar[?(!(@.a > 2))].a", "many", "[1,2]"),
        ("$.jar[?((@.a > 1 && @.a < 3) || @.a == 7)].a", "many", "[2,7]"),
        ("$.jar[?(@.a in [1,7])].a", "many", "[1,7]"),
        ("$.jar[?(@.a in $.nums)].a", "many", "[1,5,2,3]"),
        ("$.jar[?(@.a nin $.nums)].a", "many", "[7]"),
        ("$.jar[?(@.a === '5')].a", "many", "[]"),
        ("$.jar[?(@.a == '5')].a", "many", "[5]"),
        ("$.jar[?('5' == @.a)].a", "many", "[5]"),
        ("$.jar[?(@.a !== '5')].a", "many", "[1,5,2,7,3]"),
        ("$.items[?(@.t contains 'q')].x", "many", "[1]"),
        ("$.items[?(@.n contains 'wo')].x", "many", "[2]"),
        ("$.items[?(@.t empty true)].x", "many", "[2]"),
        ("$.items[?(@.n size 3)].x", "many", "[1,2]"),
        ("$.items[?(@.t subsetof ['p','q','r'])].x", "many", "[1,2]"),
        ("$.items[?(@.t anyof ['q'])].x", "many", "[1]"),
        ("$.items[?(@.t noneof ['q'])].x", "many", "[2]"),
        ("$.items[?(@.t all ['p'])].x", "many", "[1]"),
        ("$.items[?(@.t ANYOF ['q'])].x", "many", "[1]"),
        ("$.items[?(@.n =~ /T.*/i)].x", "many", "[2,3]"),
        ("$.items[?(@.n =~ /wo/)].x", "many", "[]"),
        ("$.items[?(/t.*/ =~ @.n)].x", "many", "[2,3]"),
        ("$.items[?(@.n =~ /on|one/)].x", "many", "[1]"),
        (
            "$.items[?(@.n =~ /(/)].x",
            "refused",
            "The regular expression /(/ cannot be used: regex \
            parse error:\n    \\A(?:()\\z\n      ^\nerror: unclosed group",
        ),
        ("$.mixed[?(@ == true)]", "many", "[true]"),
        ("$.mixed[?(@ == null)]", "many", "[null]"),
        ("$.mixed[?(@ == {\"x\": 5})]", "many", r#"[{"x":5}]"#),
        ("$.nested[?(@ == [1,2])]", "many", "[[1,2]]"),
        ("$.nested[?(@[0] > 2)]", "many", "[[3,4]]"),
        ("$.nested[?(@[?(@ > 3)])]", "many", "[[1,2],[3,4]]"),
        ("$.nested[?(@[?(@ > 3)] size 1)]", "many", "[[3,4]]"),
        ("$.items[?(@.t[5])].x", "many", "[]"),
        ("$.a[?(@.b == 1)]", "many", &format!("[{}]", document()["a"])),
        (
            "$.str1[?(@ == 'abc')]",
            "unusable",
            "Filter: [?] can not be applied to primitives. Current context is: abc",
        ),
        ("$.items[?(@.x == foo)]", "refused", "Expected character: )"),
        ("$.items[?(@.x == x)]", "refused", "Failed to parse filter: expected a value at 'x)'"),
        ("$.items[?('a')]", "refused", "Expected path node"),
        (
            "$.items[?]",
            "refused",
            "Could not parse token starting at position 7. Expected ?, ', 0-9, * ",
        ),
        ("$.items[?(@.x == $$.x)]", "refused", "Expected character: )"),
    ]);
}

#[test]
fn functions_end_a_path() {
    check(&[
        ("$.nums.size()", "one", "5"),
        ("$.nums.first()", "one", "1"),
        ("$.nums.last()", "one", "8"),
        ("$.nums.index(2)", "one", "3"),
        ("$.nums.index(-2)", "one", "5"),
        ("$.nums.stddev()", "one", "2.4819347291981715"),
        (
            "$.a.empty.sum()",
            "unusable",
            "Aggregation function attempted to calculate value using empty array",
        ),
        ("$.a.empty.first()", "missing", "No item 0 in a list of 0"),
        ("$.nums.sum().x", "refused", "A function must be the last step of a path"),
        ("$.nums.total()", "refused", "Function with name: total does not exist."),
        ("$.nums.sum(", "refused", "Arguments to function: 'sum' are not closed properly."),
        ("$.nums.sum($.x)", "refused", "sum() takes no argument"),
        ("$.missing.length()", "missing", "Missing property in path $['missing']"),
    ]);
}

#[test]
fn roots_are_the_input_the_context_and_variables() {
    let (input, execution) = (json!({"a": 1}), json!({"a": 2}));
    let context = json!({"Execution": {"Id": "arn"}, "State": {"Name": "S"}});
    let variables: Map<String, Value> =
        serde_json::from_value(json!({"order": {"items": [{"id": 7}]}, "_x": null, "ü1": 3}))
            .unwrap();
    let scope =
        Scope::new(&input, 0).context(&context).execution_input(&execution).variables(&variables);
    let whole = r#"{"Execution":{"Id":"arn","Input":{"a":2}},"State":{"Name":"S"}}"#;
    for (path, expected) in [
        ("$.a", "1"),
        ("$$.State.Name", r#""S""#),
        ("$$.Execution.Id", r#""arn""#),
        ("$$.Execution.Input", r#"{"a":2}"#),
        ("$$['Execution'].Input.a", "2"),
        ("$$", whole),
        ("$$.Execution", r#"{"Id":"arn","Input":{"a":2}}"#),
        ("$$..a", "[2]"),
        ("$$.Execution.*", r#"["arn",{"a":2}]"#),
        (
            "$$['State','Execution']",
            r#"{"State":{"Name":"S"},"Execution":{"Id":"arn","Input":{"a":2}}}"#,
        ),
        ("$order.items[0].id", "7"),
        ("$order.items[?(@.id == $.items[0].id)].id", "[7]"),
        ("$_x", "null"),
        ("$ü1", "3"),
        ("$$.Execution.Input.b", "No results for path: $['Execution']['Input']['b']"),
        ("$$.Nope.Deep", "Missing property in path $['Nope']"),
        ("$order.b", "No results for path: $order['b']"),
        ("$b.c", "The variable 'b' has not been assigned"),
    ] {
        assert_eq!(answer(path, &scope).1, expected, "{path}");
    }
    assert_eq!(Path::parse("$order[0]").unwrap().root(), &Root::Variable("order".to_owned()));
    assert_eq!(Path::parse("$$.State").unwrap().shown(), "$.State");
}

#[test]
fn an_error_says_where_it_is() {
    let error = |text| Path::parse(text).unwrap_err();
    let at = |offset, message: &str| PathError { offset, message: message.to_owned() };
    assert_eq!(
        error("$ä[0].b c"),
        at(
            7,
            "Use bracket notion ['my prop'] if your property contains \
        blank characters. position: 6"
        )
    );
    assert_eq!(error("$.a[?(@.b == 1 c)]").offset, 15);
}

#[test]
fn reference_paths_name_one_place() {
    for text in ["$", "$.a", "$.a['b'][0]", "$$.a", "$v.a[-1]"] {
        assert_eq!(ReferencePath::parse(text).unwrap().text(), text);
    }
    for text in
        ["$.a[*]", "$..a", "$.a[0,1]", "$['a','b']", "$.a[1:]", "$.a[?(@.b)]", "$.length()", "a"]
    {
        assert!(ReferencePath::parse(text).is_err(), "{text}");
    }
    let path = ReferencePath::parse("$.a[-1].b").unwrap();
    assert_eq!(*path.get(&Scope::new(&json!({"a": [0, {"b": 5}]}), 0)).unwrap(), 5);
}

/// Writes 9 into a place.
#[track_caller]
fn check_set(path: &str, document: &Value, expected: &Result<Value, String>) {
    let mut changed = document.clone();
    let set = ReferencePath::parse(path).unwrap().set(&mut changed, json!(9));
    match expected {
        Ok(expected) => assert_eq!((set, &changed), (Ok(()), expected), "{path}"),
        Err(text) => {
            assert_eq!(
                (set.unwrap_err().to_string(), &changed),
                (text.clone(), document),
                "{path}"
            );
        }
    }
}

#[test]
fn writing_makes_objects_on_the_way_and_never_lists() {
    let document = json!({"a": {"b": 1}, "list": [1, {"x": 2}], "s": "text"});
    for (path, pointer) in [
        ("$.a.b", "/a/b"),
        ("$.list[0]", "/list/0"),
        ("$.list[-1].x", "/list/1/x"),
        ("$.a", "/a"),
        ("$['s']", "/s"),
        ("$", ""),
    ] {
        let mut expected = document.clone();
        *expected.pointer_mut(pointer).unwrap() = json!(9);
        check_set(path, &document, &Ok(expected));
    }
    check_set("$.new.deep.er", &json!({"a": 1}), &Ok(json!({"a": 1, "new": {"deep": {"er": 9}}})));
    check_set("$.list[1].y", &json!({"list": [1, {}]}), &Ok(json!({"list": [1, {"y": 9}]})));
    check_set("$[1].y", &json!([1, {"z": 0}]), &Ok(json!([1, {"z": 0, "y": 9}])));
    let refused = |path: &str, document: Value| {
        let text = format!("Unable to apply ReferencePath {path} to input {document}");
        check_set(path, &document, &Err(text));
    };
    refused("$.s.x", json!({"s": "text"}));
    refused("$.list[2]", json!({"list": [1, 2]}));
    refused("$.list[-3]", json!({"list": [1, 2]}));
    refused("$.new[0]", json!({"a": 1}));
    refused("$.new.list[0].x", json!({"a": 1}));
    refused("$.x", json!("text"));
    refused("$.x", json!(null));
    refused("$.x", json!([1]));
    refused(&format!("${}", ".x".repeat(257)), json!({}));
    check_set(
        &format!("${}", ".x".repeat(256)),
        &json!({}),
        &Ok((0..256).fold(json!(9), |v, _| json!({ "x": v }))),
    );
}

#[test]
fn absurd_paths_end_in_an_answer() {
    let mut deep = json!(1);
    for _ in 0..100 {
        deep = json!({"a": [deep, 1, "x"]});
    }
    let wide: Value = (0..20_000).collect();
    let filters = |depth: usize| format!("$[?({}@.a{})]", "(".repeat(depth), ")".repeat(depth));
    let nested = |depth: usize| format!("$.a{}{}", "[?(@".repeat(depth), ")]".repeat(depth));
    let paths = [
        "$..*..*..*..*..*..*".to_owned(),
        "$..a..a..a..a..a..a..a".to_owned(),
        "$..[?(@..*[?(@..* size 5)])]".to_owned(),
        "$[?(@ in $)]".to_owned(),
        "$[?($..* anyof $..*)]".to_owned(),
        "$[?(@ == 0 || $ == $)]".to_owned(),
        format!("${}", ".a".repeat(499)),
        format!("${}", ".a".repeat(4_999)),
        format!("${}", "[0]".repeat(100_000)),
        format!("$[?({}@.a)]", "!".repeat(5_000)),
        format!("$[?(@.a{})]", " && @.a".repeat(1_000)),
        format!("$[?(@.a =~ /{}/)]", "(a{1000}){1000}".repeat(10)),
        format!("$['{}']", "\\".repeat(9_000)),
        filters(10),
        filters(4_000),
        nested(10),
        nested(1_000),
    ];
    for path in &paths {
        for document in [&deep, &wide] {
            drop(answer(path, &Scope::new(document, 0)));
        }
    }
    assert_eq!(answer("$..*..*..*..*", &Scope::new(&deep, 0)).1, "The path selects too much");
    assert_eq!(answer(&nested(1_000), &Scope::new(&deep, 0)).1, "Filters are nested too deep");
    assert_eq!(answer(&filters(4_000), &Scope::new(&deep, 0)).1, "Filters are nested too deep");
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(1_000))]

    #[test]
    fn any_text_is_a_path_or_an_error_within_it(
        text in "\\$[$.\\[\\]()'\"?@*:,0-9a-c&|!<>=~/ \\\\{}äß-]{0,40}"
    ) {
        let document = document();
        match Path::parse(&text) {
            Ok(path) => {
                let selected = path.evaluate(&Scope::new(&document, 0));
                if let Ok(selection) = selected {
                    let is_one = matches!(selection, Selection::One(_));
                    proptest::prop_assert_eq!(is_one, path.is_definite());
                }
            }
            Err(error) => proptest::prop_assert!(text.is_char_boundary(error.offset)),
        }
    }

    #[test]
    fn a_path_of_the_table_with_a_change_is_a_path_or_an_error(
        row in 0_usize..110, at in 0_usize..40, cut in 0_usize..3, piece in "[$.\\[\\]()'?@*:,0a&|!=/ -]{0,3}"
    ) {
        let (path, ..) = rows().nth(row).unwrap();
        let mut chars: Vec<char> = path.chars().collect();
        let at = at.min(chars.len());
        let end = (at + cut).min(chars.len());
        chars.splice(at..end, piece.chars());
        let text: String = chars.into_iter().collect();
        let document = document();
        drop(answer(&text, &Scope::new(&document, 0)));
    }
}
