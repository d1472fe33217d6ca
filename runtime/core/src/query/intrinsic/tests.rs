//! Calls against answers that AWS gave, and against texts that nobody would write.

use super::{Intrinsic, IntrinsicError, IntrinsicFailure};
use crate::query::jsonpath::Scope;
use serde_json::{Map, Value, json};

const SEED: u64 = 7;

/// The value of a call as JSON, or the text after `!` of why there is none.
fn answer(text: &str, input: &Value) -> String {
    let context = json!({"StateMachine": {"Id": "arn:x:y", "Name": "orders-7"}});
    let variables: Map<String, Value> =
        serde_json::from_value(json!({"bias": 4.3, "order": {"ids": [1, 2]}})).unwrap();
    let scope = Scope::new(input, SEED).context(&context).variables(&variables);
    match Intrinsic::parse(text).map(|call| call.evaluate(&scope)) {
        Ok(Ok(value)) => value.to_string(),
        Ok(Err(failure)) => format!("!{}", failure.message),
        Err(error) => format!("!{error}"),
    }
}

/// Checks calls, without their `States.`, on one input.
#[track_caller]
fn check(input: &Value, expected: &[(&str, &str)]) {
    for (text, expected) in expected {
        assert_eq!(answer(&format!("States.{text}"), input), *expected, "{text}");
    }
}

/// Checks that arguments do not fit.
#[track_caller]
fn check_invalid(input: &Value, calls: &[&str]) {
    for text in calls {
        let (name, _) = text.split_once('(').unwrap();
        let expected = format!("!Invalid arguments in States.{name}");
        assert_eq!(answer(&format!("States.{text}"), input), expected, "{text}");
    }
}

#[test]
fn format_shows_values_as_java_does() {
    let input = json!({"name": "Arnav", "template": "Hello, {}.", "escaped": r"a \{{}\} \x\\",
        "object": {"a": [1, "x"], "b": null}, "nothing": null, "empty": "", "n": 1.1});
    check(
        &input,
        &[
            ("Format('Hello, {}.', $.name)", r#""Hello, Arnav.""#),
            ("Format($.template, $.name)", r#""Hello, Arnav.""#),
            ("Format($.escaped, 1)", r#""a {1} \\x\\""#),
            (r"Format('\'{}\' \{\} \\', $.name)", r#""'Arnav' {} \\""#),
            ("Format('{}|{}|{}|{}', $.nothing, $.empty, $.n, true)", r#""null||1.1|true""#),
            ("Format('{}', $.object)", r#""{a=[1, x], b=null}""#),
            ("Format('snd={}.', $$.StateMachine)", r#""snd={Id=arn:x:y, Name=orders-7}.""#),
            ("Format('{}{}', $order.ids[1], $bias)", r#""24.3""#),
            ("Format('  {}  ', 'x')", r#""  x  ""#),
            ("Format('plain')", r#""plain""#),
            ("Format('{}', 'a,b)')", r#""a,b)""#),
            (
                "Format('{}')",
                "!Invalid arguments in States.Format: number of arguments do not match the \
            occurrences of {}",
            ),
            (
                "Format('{}', 1, 2)",
                "!Invalid arguments in States.Format: number of arguments do not match \
            the occurrences of {}",
            ),
            (
                "Format('a {', 1)",
                "!Invalid template in States.Format: matching '}' not found for '{'.",
            ),
            (
                "Format('{{}}', 1)",
                "!Invalid template in States.Format: matching '}' not found for '{'.",
            ),
            ("Format('}')", "!Invalid template in States.Format: matching '{' not found for '}'."),
        ],
    );
    check_invalid(&input, &["Format()", "Format($.n, 1)", "Format(null)"]);
}

#[test]
fn json_goes_into_texts_and_out_of_them() {
    let input = json!({"json": r#" {"a": [1, 1.5]} "#, "bad": "{bad}", "empty": "",
        "left": {"x": {"a": 1}, "y": 1}, "right": {"x": {"b": 2}, "z": null}, "n": 1});
    check(
        &input,
        &[
            ("StringToJson($.json)", r#"{"a":[1,1.5]}"#),
            ("StringToJson('\"x\"')", r#""x""#),
            (r"StringToJson('\{\}')", "{}"),
            ("StringToJson('{\"plain\": \"{}\"}')", r#"{"plain":"{}"}"#),
            ("StringToJson($.empty)", "null"),
            ("JsonToString($.left)", r#""{\"x\":{\"a\":1},\"y\":1}""#),
            ("JsonToString(null)", r#""null""#),
            ("JsonMerge($.left, $.right, false)", r#"{"x":{"b":2},"y":1,"z":null}"#),
            ("JsonMerge($.left, $.right, 'false')", r#"{"x":{"b":2},"y":1,"z":null}"#),
            (
                "JsonMerge(States.StringToJson('{\"a\": \"false\"}'), $.left, false)",
                r#"{"a":"false","x":{"a":1},"y":1}"#,
            ),
        ],
    );
    check_invalid(
        &input,
        &[
            "StringToJson($.bad)",
            "StringToJson($.n)",
            "StringToJson()",
            "StringToJson('1', '2')",
            "JsonMerge($.left, $.right, true)",
            "JsonMerge($.left, $.right)",
            "JsonMerge($.left, $.n, false)",
            "JsonMerge(null, $.left, false)",
            "JsonToString()",
        ],
    );
    let deep = json!({"text": "[".repeat(100_000)});
    check_invalid(&deep, &["StringToJson($.text)"]);
}

#[test]
fn lists_are_made_cut_and_searched() {
    let input = json!({"list": [1, 2, 3, 4, 5], "none": [], "words": ["true", "12", "null"],
        "objects": [{"a": 1, "b": 2}], "same": {"a": 1, "b": 2}, "other": {"b": 2, "a": 1}});
    check(
        &input,
        &[
            ("Array()", "[]"),
            ("Array('a', 1, $.none, null)", r#"["a",1,[],null]"#),
            ("ArrayPartition($.list, 2)", "[[1,2],[3,4],[5]]"),
            ("ArrayPartition($.list, 2.9)", "[[1,2],[3,4],[5]]"),
            ("ArrayPartition($.list, 2147483647)", "[[1,2,3,4,5]]"),
            ("ArrayPartition($.none, 3)", "[]"),
            ("ArrayContains($.list, 5)", "true"),
            ("ArrayContains($.list, 5.0)", "false"),
            ("ArrayContains($.list, '5')", "true"),
            ("ArrayContains($.words, true)", "true"),
            ("ArrayContains($.words, 12)", "true"),
            ("ArrayContains($.objects, $.same)", "true"),
            ("ArrayContains($.objects, $.other)", "false"),
            ("ArrayContains($.none, null)", "false"),
            ("ArrayRange(1, 9, 2)", "[1,3,5,7,9]"),
            ("ArrayRange(1, 10, 2)", "[1,3,5,7,9]"),
            ("ArrayRange(5, 1, -2)", "[5,3,1]"),
            ("ArrayRange(5.4, -0.6, -2.4)", "[5,3,1]"),
            ("ArrayRange(1.6, 1.4, 1)", "[1]"),
            ("ArrayRange(3, 3, -1)", "[3]"),
            ("ArrayRange(5, 1, 1)", "[]"),
            ("ArrayRange(1, 2, -5)", "[]"),
            ("ArrayGetItem($.list, 4)", "5"),
            ("ArrayGetItem($.list, 1.9)", "2"),
            ("ArrayGetItem($.none, 999)", "null"),
            ("ArrayLength($.list)", "5"),
            ("ArrayLength(States.ArrayRange(1, 1000, 1))", "1000"),
            ("ArrayLength(States.ArrayRange(1000, 1, -1))", "1000"),
        ],
    );
    check_invalid(
        &input,
        &[
            "ArrayPartition($.list, 0)",
            "ArrayPartition($.list, 0.6)",
            "ArrayPartition($.list, -1)",
            "ArrayPartition($.list, '2')",
            "ArrayPartition('x', 2)",
            "ArrayPartition($.list)",
            "ArrayContains('x', 'x')",
            "ArrayContains($.list, 1, 2)",
            "ArrayRange(1, 1001, 1)",
            "ArrayRange(1001, 1, -1)",
            "ArrayRange(1, 10, 0)",
            "ArrayRange(1, 10, 0.49)",
            "ArrayRange('a', 5, 1)",
            "ArrayRange(1, 5)",
            "ArrayRange(-2147483648, 2147483647, 1)",
            "ArrayGetItem($.list, 5)",
            "ArrayGetItem($.list, -1)",
            "ArrayGetItem($.list, '1')",
            "ArrayGetItem('x', 0)",
            "ArrayLength('x')",
            "ArrayLength()",
            "ArrayUnique($.same)",
            "ArrayUnique()",
        ],
    );
}

#[test]
fn unique_items_come_in_the_order_of_a_java_set() {
    let unique = |list: Value| answer("States.ArrayUnique($)", &list);
    assert_eq!(unique(json!([1, 2, 2, 3, 3, 4])), "[1,2,3,4]");
    assert_eq!(unique(json!(["b", "a", "b", "c"])), r#"["a","b","c"]"#);
    assert_eq!(unique(json!([true, false, true])), "[false,true]");
    assert_eq!(unique(json!([1, null, null])), "[null,1]");
    assert_eq!(unique(json!([[1, 2], [1, 2], [2, 1]])), "[[2,1],[1,2]]");
    assert_eq!(unique(json!([{"a": 1, "b": 2}, {"b": 2, "a": 1}])), r#"[{"a":1,"b":2}]"#);
    assert_eq!(unique(json!([1, "1", "01"])), r#"[1,"1","01"]"#);
    // Texts with one hash: time must not grow with the square.
    let clash =
        |n: u32| -> String { (0..16).map(|i| if n >> i & 1 == 0 { "Aa" } else { "BB" }).collect() };
    let list: Value = (0..65_536).map(clash).collect();
    assert_eq!(answer("States.ArrayLength(States.ArrayUnique($))", &list), "65536");
}

#[test]
fn texts_are_encoded_hashed_and_split() {
    let input = json!({"long": "a".repeat(10_000), "longer": "a".repeat(10_001), "n": 123,
        "csv": ",,a,,b\n,", "object": {"a": 1}, "marks": "This.is+a,test=string"});
    check(
        &input,
        &[
            ("Base64Encode('Data to encode')", r#""RGF0YSB0byBlbmNvZGU=""#),
            ("Base64Encode('>>>???')", r#""Pj4+Pz8/""#),
            ("Base64Encode('')", r#""""#),
            ("Base64Decode('RGF0YSB0byBlbmNvZGU=')", r#""Data to encode""#),
            ("Base64Decode('4pyT')", "\"\u{2713}\""),
            ("Base64Decode(' YWJj\nZA== ')", r#""abcd""#),
            ("Base64Decode('YWJjZA')", r#""abcd""#),
            ("Base64Decode('YWI=cdef')", r#""ab""#),
            ("Base64Decode('YWJjZ')", r#""abc""#),
            ("Base64Decode('abc')", "\"i\u{fffd}\""),
            ("Base64Decode('')", r#""""#),
            ("Base64Decode(States.Base64Encode('ü'))", "\"ü\""),
            ("Hash('input data', 'SHA-1')", r#""aaff4a450a104cd177d28d18d74485e8cae074b7""#),
            ("Hash('hello', 'MD5')", r#""5d41402abc4b2a76b9719d911017c592""#),
            (
                "Hash('Hash this string', 'SHA-256')",
                r#""1cac63f39fd68d8c531f27b807610fb3d50f0fc3f186995767fb6316e7200a3e""#,
            ),
            ("StringSplit('1,2,3,4,5', ',')", r#"["1","2","3","4","5"]"#),
            ("StringSplit($.marks, '.+,=')", r#"["This","is","a","test","string"]"#),
            ("StringSplit($.csv, ',')", r#"["a","b\n"]"#),
            ("StringSplit('Hello\nWorld', '\n')", r#"["Hello","World"]"#),
            ("StringSplit('1a2b3ab4', 'ab')", r#"["1","2","3","4"]"#),
            ("StringSplit(',,', ',')", "[]"),
            ("StringSplit('', ',')", "[]"),
            ("StringSplit('abc', '')", r#"["abc"]"#),
            ("ArrayLength(States.StringSplit(States.Base64Encode($.long), '='))", "1"),
        ],
    );
    for (algorithm, digits) in [("SHA-384", 96), ("SHA-512", 128)] {
        let hash = answer(&format!("States.Hash($.object, '{algorithm}')"), &input);
        assert_eq!(hash.len(), digits + 2, "{hash}");
    }
    assert_eq!(
        answer("States.Hash(123, 'MD5')", &input),
        answer("States.Hash('123', 'MD5')", &input)
    );
    check_invalid(
        &input,
        &[
            "Base64Encode($.longer)",
            "Base64Encode($.n)",
            "Base64Decode($.longer)",
            "Base64Decode($.object)",
            "Base64Decode('a', 'b')",
            "Hash($.longer, 'MD5')",
            "Hash('x', 'sha-256')",
            "Hash('x', 'SHA256')",
            "Hash('x', '')",
            "Hash('x', 1)",
            "Hash('x')",
            "StringSplit($.n, ',')",
            "StringSplit($.csv, $.n)",
            "StringSplit('a')",
        ],
    );
}

#[test]
fn sums_are_rounded_and_stay_in_32_bits() {
    let input = json!({"a": 1.6, "b": 2.7, "text": "1"});
    check(
        &input,
        &[
            ("MathAdd(111, -1)", "110"),
            ("MathAdd($.a, $.b)", "5"),
            ("MathAdd(0.1, 0.2)", "0"),
            ("MathAdd(2.5, 0)", "3"),
            ("MathAdd(-2.5, 0)", "-2"),
            ("MathAdd(States.MathAdd(53, 6), $bias)", "63"),
            ("MathAdd(2147483646, 1)", "2147483647"),
            ("MathAdd(-2147483647, -1)", "-2147483648"),
        ],
    );
    check_invalid(
        &input,
        &[
            "MathAdd(2147483647, 1)",
            "MathAdd(-2147483648, -1)",
            "MathAdd(3000000000, 1)",
            "MathAdd($.text, 1)",
            "MathAdd(true, 1)",
            "MathAdd(null, 1)",
            "MathAdd(1)",
            "MathAdd(1, 2, 3)",
            "MathAdd(1e300, 1)",
        ],
    );
}

#[test]
fn randomness_comes_from_the_scope() {
    let number = |text: &str| answer(text, &json!({"big": 2_147_483_647})).parse::<i64>().unwrap();
    for seed in 0..200 {
        let seeded = number(&format!("States.MathRandom(1, 10, {seed})"));
        assert!((1..10).contains(&seeded), "{seeded}");
    }
    assert_eq!(number("States.MathRandom(1, 999, 42)"), number("States.MathRandom(1, 999, 42)"));
    assert_eq!(number("States.MathRandom(1.6, 2.9)"), 1);
    assert!(number("States.MathRandom(-2147483648, $.big)") < 2_147_483_647);
    check_invalid(
        &json!({}),
        &[
            "MathRandom(1, 1)",
            "MathRandom(10, 5)",
            "MathRandom(1.4, 1.6)",
            "MathRandom('a', 10)",
            "MathRandom(1, 10, 'x')",
            "MathRandom(1, 10, null)",
            "MathRandom(1)",
            "MathRandom(1, 10, 5, 99)",
        ],
    );

    let input = json!({});
    let draw =
        |scope: &Scope<'_>| Intrinsic::parse("States.UUID()").unwrap().evaluate(scope).unwrap();
    let scope = Scope::new(&input, SEED);
    let (first, second) = (draw(&scope), draw(&scope.with_input(&json!(1))));
    assert_ne!(first, second);
    assert_eq!(first, draw(&Scope::new(&input, SEED)));
    let uuid: uuid::Uuid = first.as_str().unwrap().parse().unwrap();
    assert_eq!(uuid.get_version_num(), 4);
    check_invalid(&input, &["UUID(1)"]);
}

#[test]
fn calls_nest_and_paths_end_where_the_argument_does() {
    let input = json!({"a": [{"x": "b,c)", "n": 1}, {"x": "d", "n": 2}], "it's": 5});
    check(
        &input,
        &[
            (
                "ArrayGetItem(States.StringSplit($$.StateMachine.Name, '-'), \
            States.MathAdd(States.ArrayLength(States.StringSplit($$.StateMachine.Name, '-')), -1))",
                r#""7""#,
            ),
            ("ArrayLength($.a[?(@.x == 'b,c)')])", "1"),
            ("ArrayLength($.a[?(@.x in ['d', 'e'])].x)", "1"),
            ("MathAdd($.a.length(), $.a[*].n.length())", "!Invalid arguments in States.MathAdd"),
            ("MathAdd($.a.length(), 1)", "3"),
            ("Array($.it's, 1)", "[5,1]"),
            ("Array( $.a[0].n ,$.a[1].n )", "[1,2]"),
            ("JsonToString($)", &json!(input.to_string()).to_string()),
        ],
    );
}

#[test]
fn a_path_that_finds_nothing_is_named_with_the_whole_expression() {
    let failure = |text: &str, input: Value| {
        Intrinsic::parse(text).unwrap().evaluate(&Scope::new(&input, 0)).unwrap_err()
    };
    let inner = "States.Format('{}', States.Format('{}',$.nope))";
    assert_eq!(
        failure(inner, json!({"other": 1})).to_string(),
        "The function 'States.Format('{}', States.Format('{}',$.nope))' had the following error: The \
         JsonPath argument for the field '$.nope' could not be found in the input '{\"other\":1}'"
    );
    assert_eq!(IntrinsicFailure::ERROR, "States.Runtime");
    let missing = |path: &str| {
        format!(
            "!The JsonPath argument for the field '{path}' could not be found in the input \
            '{{\"items\":[1,2],\"other\":1}}'"
        )
    };
    check(
        &json!({"items": [1, 2], "other": 1}),
        &[
            ("Array(1, $.a.b)", &missing("$.a.b")),
            ("Array($.items[5])", &missing("$.items[5]")),
            ("Array($.items[5].x)", &missing("$.items[5].x")),
            ("Array($$.Nope.Deep)", &missing("$.Nope.Deep")),
            (
                "Array($.other[0])",
                "!Filter: [0] can only be applied to arrays. Current context is: 1",
            ),
            ("ArrayLength($.items[*].nope)", "0"),
            ("ArrayLength($.nope[*].nope)", "0"),
            ("Array($none)", "!The variable 'none' has not been assigned"),
        ],
    );
}

#[test]
fn what_aws_refuses_is_refused_when_parsed() {
    let expected = |offset, message: &str| IntrinsicError { offset, message: message.to_owned() };
    let argument = "expected a path, a text in single quotes, a number, true, false, null or an \
        intrinsic function";
    for (text, offset, message) in [
        ("", 0, "there is no intrinsic function named ``"),
        ("States.Nope()", 0, "there is no intrinsic function named `States.Nope`"),
        ("States.Array", 12, "expected `(` after the name of the function"),
        ("States.Array(", 13, argument),
        ("States.Array(1,)", 15, argument),
        ("States.Array(x)", 13, argument),
        ("States.Array(1 2)", 15, "expected `,` or `)` after an argument"),
        ("States.Array(1) x", 16, "expected nothing after the call"),
        ("States.Array(01)", 13, "this is not a number of JSON"),
        ("States.Array(1e309)", 13, "this is not a number of JSON"),
        ("States.Array('a)", 13, "the text has no closing `'`"),
        (r"States.Array('a\n')", 15, r"`\` may only stand before `'`, `{`, `}` and `\`"),
        (
            r#"States.StringToJson('{"a":"\"b\""}')"#,
            27,
            r"`\` may only stand before `'`, `{`, `}` and `\`",
        ),
        (
            "States.Array($.ä b)",
            17,
            "Use bracket notion ['my prop'] if your property contains blank \
            characters. position: 2",
        ),
        ("States.StringSplit('a', 'b')[0]", 28, "expected nothing after the call"),
        ("States.Format({ ...$.obj1 })", 14, argument),
    ] {
        let expected = expected(offset, message);
        if text.contains('ä') {
            assert_eq!(Intrinsic::parse(text).unwrap_err().message, expected.message, "{text}");
        } else {
            assert_eq!(Intrinsic::parse(text).unwrap_err(), expected, "{text}");
        }
    }
    let nested = |count: usize| format!("{}{}", "States.Array(".repeat(count), ")".repeat(count));
    assert!(Intrinsic::parse(&nested(10)).is_ok());
    assert!(Intrinsic::parse(&nested(11)).is_err());
    assert!(Intrinsic::parse(&nested(100_000)).is_err());
}

#[test]
fn a_call_lists_its_paths() {
    let call = Intrinsic::parse("States.Array($.a, States.Format($v, $$.b), 'x')").unwrap();
    let paths: Vec<_> = call.paths().into_iter().map(crate::query::jsonpath::Path::text).collect();
    assert_eq!(paths, ["$.a", "$v", "$$.b"]);
    assert_eq!(call.text(), "States.Array($.a, States.Format($v, $$.b), 'x')");
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(1_000))]

    #[test]
    fn any_text_is_a_call_or_an_error_within_it(
        name in "States\\.(Array|Format|MathAdd|StringSplit|UUID|Hash)",
        rest in "\\([$.\\[\\]()'{}\\\\,0-9eE+-a-zß ]{0,30}\\)?"
    ) {
        let text = format!("{name}{rest}");
        match Intrinsic::parse(&text) {
            Ok(call) => drop(call.evaluate(&Scope::new(&json!({"a": [1, "x"]}), 0))),
            Err(error) => proptest::prop_assert!(text.is_char_boundary(error.offset)),
        }
    }

    #[test]
    fn every_function_takes_any_values(
        function in "(Array|ArrayContains|ArrayGetItem|ArrayLength|ArrayPartition|ArrayRange|ArrayUnique|Base64Decode|Base64Encode|Format|Hash|JsonMerge|JsonToString|MathAdd|MathRandom|StringSplit|StringToJson|UUID)",
        picks in proptest::collection::vec(0_usize..16, 0..4)
    ) {
        let values = [json!(null), json!(true), json!(0), json!(-1), json!(3), json!(1.5), json!(1e300),
            json!(u64::MAX), json!(i64::MIN), json!(""), json!("a{}b"), json!("{"), json!("MD5"),
            json!([]), json!([1, "a", [], {}, null, 1]), json!({"a": {"b": 1}})];
        let input = json!({ "v": values });
        let arguments: Vec<_> = picks.iter().map(|pick| format!("$.v[{pick}]")).collect();
        let text = format!("States.{function}({})", arguments.join(", "));
        let result = Intrinsic::parse(&text).unwrap().evaluate(&Scope::new(&input, 0));
        if let Err(failure) = result {
            let name = format!("States.{function}");
            proptest::prop_assert!(failure.message.contains(&name), "{}", failure);
        }
    }
}
