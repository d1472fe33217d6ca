//! The variables that made-up expressions read, and the literals that they contain.

use crate::random::Random;
use serde_json::{Map, Value, json};

/// Numbers at their edges, as an expression writes them.
pub(super) const NUMBERS: &[&str] = &[
    "0",
    "1",
    "2",
    "3",
    "4",
    "5",
    "7",
    "10",
    "12",
    "42",
    "99",
    "100",
    "255",
    "1000",
    "-1",
    "-2",
    "-3",
    "-7",
    "0.1",
    "0.2",
    "0.3",
    "0.5",
    "1.5",
    "2.5",
    "3.5",
    "-0.5",
    "-1.5",
    "-2.5",
    "4.35",
    "1.005",
    "2.675",
    "1e3",
    "1e15",
    "1e16",
    "1e20",
    "1e21",
    "1e-5",
    "1e-6",
    "1e-7",
    "1e100",
    "1e300",
    "5e-324",
    "9007199254740991",
    "9007199254740993",
    "1732255000123456",
    "123456789012345680",
    "0.30000000000000004",
    "123456.789",
    "99999999999999.99",
    "65536",
    "2147483648",
    "-2147483649",
    "1234567890123456.7",
    "100000000000000.5",
];

/// Texts, as an expression writes them.
pub(super) const TEXTS: &[&str] = &[
    "''",
    "'a'",
    "'b'",
    "'B'",
    "'abc'",
    "'Hello World'",
    "' two  blanks '",
    "'a,b,,c'",
    "'10'",
    "'-2.5'",
    "'1e3'",
    "'0x1F'",
    "'x1y22z333'",
    "'é'",
    "'naïve café'",
    "'日本語'",
    "'😀'",
    "'a😀b'",
    "\"it's\"",
    "'tab\\tnew\\nline'",
    "'\\u00e9'",
    "'\"quoted\"'",
    "'null'",
    "'true'",
    "'100%'",
    "'a+b=c&d/e?f#g'",
    "'the quick brown fox'",
    "'ÀÉÎ'",
    "'straße'",
    "'\\\\'",
];

/// Regular expressions that mean the same everywhere.
pub(super) const PATTERNS: &[&str] = &[
    "/a/",
    "/[a-z]+/",
    "/[0-9]+/",
    "/(\\w)(\\d*)/",
    "/b|c/i",
    "/^h/i",
    "/o$/",
    "/ +/",
    "/,/",
    "/[^a]/",
    "/x(?:y|1)/",
    "/\\s/",
    "/l+/",
    "/(a|b)/",
];

/// Date-times.
pub(super) const TIMES: &[&str] = &[
    "'2018-03-27T13:59:00.123Z'",
    "'1970-01-01T00:00:00Z'",
    "'2024-02-29'",
    "'2017'",
    "'2017-10'",
    "'1999-12-31T23:59:59.999+01:00'",
    "'2017-10-30T16:25:32+0530'",
    "'nonsense'",
];

/// Pictures of date-times that mean the same everywhere.
pub(super) const TIME_PICTURES: &[&str] = &[
    "'[Y0001]-[M01]-[D01]'",
    "'[H01]:[m01]:[s01].[f001]'",
    "'[D1o] [MNn] [Y]'",
    "'[FNn], [D] [MNn,3-3] [Y0001]'",
    "'[h]:[m01] [P]'",
    "'[Y,2-2]/[M]/[D]'",
    "'[X0001]-W[W01]-[F1]'",
    "'[Y0001][M01][D01]T[H01][m01][s01][Z0101t]'",
    "'[d]'",
    "'[DWwo] [MNn]'",
    "'[[ [Y] ]]'",
    "'[q]'",
];

/// Pictures of numbers that mean the same everywhere.
pub(super) const NUMBER_PICTURES: &[&str] = &[
    "'0'",
    "'00'",
    "'#'",
    "'#,##0.00'",
    "'0.0'",
    "'#0.###'",
    "'#,###,##0'",
    "'0%'",
    "'0.0%'",
    "'(0);[0]'",
    "'0.00;(0.00)'",
    "'$#,##0.00'",
    "'00.000'",
    "'0.0.0'",
    "'x'",
    "'0‰'",
];

/// Integers that their pictures read: what others give, not a number, is not compared.
pub(super) const INTEGERS: &[&str] = &[
    "$parseInteger('12', '0')",
    "$parseInteger('012', '000')",
    "$parseInteger('1,234', '#,##0')",
    "$parseInteger('XIV', 'I')",
    "$parseInteger('twelve', 'w')",
    "$parseInteger('ONE HUNDRED AND TWO', 'W')",
    "$parseInteger('b', 'a')",
    "$parseInteger('AB', 'A')",
    "$parseInteger('3rd', '1;o')",
    "$parseInteger('twenty-first', 'w;o')",
    "$parseInteger('-5', '0')",
];

/// Pictures of integers.
pub(super) const INTEGER_PICTURES: &[&str] = &[
    "'0'", "'000'", "'#,##0'", "'I'", "'i'", "'A'", "'a'", "'w'", "'W'", "'Ww'", "'1;o'", "'w;o'",
];

/// The variables of one case.
pub fn bindings(random: &mut Random) -> Map<String, Value> {
    let number = |random: &mut Random| {
        let numbers =
            [json!(0), json!(1), json!(2), json!(3), json!(-4), json!(0.5), json!(2.5), json!(100)];
        numbers[random.below(numbers.len())].clone()
    };
    let text = |random: &mut Random| {
        json!(random.pick(&["", "a", "b", "abc", "Hello", "é", "日本", "z9", "1x", "😀", "a b"]))
    };
    let numbers =
        |random: &mut Random| -> Value { (0..random.below(5)).map(|_| number(random)).collect() };
    let xs = numbers(random);
    let texts: Value = (0..random.below(5)).map(|_| text(random)).collect();
    let objects: Value = (0..random.below(5))
        .map(|index| {
            let mut object = json!({"a": random.below(4), "b": text(random), "i": index});
            if !random.one_in(4) {
                object["c"] = json!({"d": number(random), "e": numbers(random)});
            }
            if random.one_in(3) {
                object["t"] = json!(["x", "y", "z"][random.below(3)]);
            }
            if random.one_in(6) {
                object["n"] = Value::Null;
            }
            object
        })
        .collect();
    let bound = json!({
        "n": number(random),
        "s": text(random),
        "b": random.one_in(2),
        "u": null,
        "xs": xs,
        "ts": texts,
        "os": objects,
        "o": {"a": number(random), "b": text(random), "c": {"d": numbers(random), "e": {"f": [[1, 2], [3]]}}, "k": [], "z": null},
        "one": [number(random)],
        "none": [],
        "nested": [[1, 2], [3], [], 4, [[5, 6]]],
        "mixed": [1, "a", null, true, {"a": 1}, [2, 3], 2.5],
    });
    let Value::Object(bound) = bound else { return Map::new() };
    bound
}
