//! Random paths, as somebody would write them.

use super::document::NAMES;
use crate::random::Random;
use std::fmt::Write as _;

const OPERATORS: &[&str] = &[
    "==", "!=", "<", "<=", ">", ">=", "=~", "===", "in", "nin", "subsetof", "anyof", "noneof",
    "size", "sizeof", "empty", "contains", "exists", "type", "near", "all", "CONTAINS",
];

const LITERALS: &[&str] = &[
    "1",
    "-1",
    "0.5",
    "1e9",
    "'a'",
    "\"it's\"",
    "true",
    "false",
    "null",
    "[1,2]",
    "['a','b']",
    "{\"a\":1}",
    "/a+/i",
    "/(a*)*b/",
    "/a{1,50}{1,50}/",
    "'\\u00e9'",
    "9223372036854775808",
];

const FUNCTIONS: &[&str] = &[
    "length()",
    "size()",
    "sum()",
    "min()",
    "max()",
    "avg()",
    "stddev()",
    "first()",
    "last()",
    "keys()",
    "index(0)",
    "index(-1)",
    "index(99999999999)",
    "concat('a')",
    "append(1)",
    "length(1)",
    "nothing()",
];

/// A path with steps and filters nested so deep at most.
pub(super) fn path(random: &mut Random, depth: usize) -> String {
    let root = match random.below(12) {
        0 => "$$",
        1 => "$v",
        2 => "$missing",
        _ => "$",
    };
    let mut text = root.to_owned();
    steps(random, depth, &mut text);
    text
}

/// A path that may begin in a filter.
fn operand(random: &mut Random, depth: usize) -> String {
    let mut text = if random.one_in(5) { "$" } else { "@" }.to_owned();
    steps(random, depth, &mut text);
    text
}

fn steps(random: &mut Random, depth: usize, text: &mut String) {
    let count = if random.one_in(80) { random.below(300) } else { random.below(5) };
    for _ in 0..count {
        step(random, depth, text);
    }
    if random.one_in(8) {
        let _ = write!(text, ".{}", random.pick(FUNCTIONS));
    }
}

fn step(random: &mut Random, depth: usize, text: &mut String) {
    let name = random.pick(NAMES);
    let other = random.pick(NAMES);
    let index = index(random);
    let _ = match random.below(18) {
        0..=4 => write!(text, ".{name}"),
        5 => write!(text, "['{}']", name.replace('\'', "\\'")),
        6 => write!(text, "[\"{name}\"]"),
        7 => write!(text, "['{name}','{other}']"),
        8 | 9 => write!(text, "[{index}]"),
        10 => write!(text, "[{index},{}]", self::index(random)),
        11 => write!(text, "[{index}:{}]", self::index(random)),
        12 => write!(text, "[:{index}]"),
        13 => write!(text, "[*]"),
        14 => write!(text, ".*"),
        15 => write!(text, "..{}", if random.one_in(2) { "*" } else { name }),
        _ if depth > 0 => write!(text, "[?({})]", filter(random, depth - 1)),
        _ => write!(text, "[?(@.{name})]"),
    };
}

fn index(random: &mut Random) -> i64 {
    match random.below(10) {
        0 => 2_147_483_648,
        1 => -2_147_483_648,
        2 => -1,
        _ => i64::try_from(random.below(4)).unwrap_or(0),
    }
}

fn filter(random: &mut Random, depth: usize) -> String {
    if depth > 0 {
        match random.below(6) {
            0 => return format!("({})", filter(random, depth - 1)),
            1 => return format!("!({})", filter(random, depth - 1)),
            2 => return format!("{} && {}", filter(random, depth - 1), filter(random, depth - 1)),
            3 => return format!("{} || {}", filter(random, depth - 1), filter(random, depth - 1)),
            _ => {}
        }
    }
    let left = operand(random, depth);
    let operator = random.pick(OPERATORS);
    match random.below(6) {
        0 => left,
        1 => format!("!{left}"),
        2 => format!("{} {operator} {left}", random.pick(LITERALS)),
        3 => format!("{left} {operator} {}", operand(random, depth)),
        _ => format!("{left} {operator} {}", random.pick(LITERALS)),
    }
}

/// One part of a path inside itself, often.
pub(super) fn nested(random: &mut Random) -> String {
    let pairs = [
        "[?(|)]",
        "[?(@.a|)]",
        "[?(!|)]",
        ".a|",
        "[0]|",
        "..a|",
        "..*|",
        "[*]|",
        "[?(@[?(|)])]",
        "[?((|))]",
        "[?(@.a == @|)]",
        "[?(@.a || |)]",
        "['a',|]",
    ];
    let (open, close) = random.pick(&pairs).split_once('|').unwrap_or_default();
    let depth = [9, 30, 63, 65, 200, 3_000].get(random.below(6)).copied().unwrap_or(1);
    format!("${}@.a{}", open.repeat(depth), close.repeat(depth))
}
