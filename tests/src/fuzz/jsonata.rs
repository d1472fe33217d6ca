//! JSONata: texts put together from the language's tokens, mutated and nested expressions, and
//! expressions that try to take forever. None may panic, overflow the stack, or go on past its second.

use super::{
    Target,
    document::{DEEPEST, depth},
    mutate::Mutator,
};
use crate::{jsonata, random::Random};
use serde_json::json;
use std::time::Duration;
use stepwright::query::jsonata::{Environment, Expression, Template};

/// Expressions with their answers.
const TABLE: &str = include_str!("../../tests/jsonata/table.txt");
/// Machines with expressions.
const MACHINES: &[&str] = &[
    include_str!("../../../runtime/src/export/tests/order.asl.json"),
    include_str!("../../../runtime/core/src/asl/tests/everything.jsonata.asl.json"),
];

/// Pieces of the language.
const TOKENS: &[&str] = &[
    "$",
    "$$",
    "a",
    "`b c`",
    "$x",
    "$states",
    "1",
    "0",
    "1e308",
    "-1",
    "'t'",
    "\"é😀\"",
    "/a+/i",
    "null",
    "true",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    ".",
    "..",
    ",",
    ";",
    ":",
    ":=",
    "?",
    "??",
    "?:",
    "~>",
    "=",
    "!=",
    "<",
    "<=",
    ">",
    ">=",
    "+",
    "-",
    "*",
    "**",
    "/",
    "%",
    "&",
    "and",
    "or",
    "in",
    "^(",
    "@$v",
    "#$i",
    "|",
    "function($x){",
    "λ($x)<n:n>{",
    "$map(",
    "$reduce(",
    "$sum(",
    "$string(",
    "$eval(",
    "$sort(",
    "$each(",
    " ",
    "\n",
    "/*",
    "*/",
    "\\",
    "'",
    "\"",
    "`",
    "\u{0}",
    "\u{feff}",
];

/// Expressions that take as much as they can, with a number to fill in.
const GREEDY: &[&str] = &[
    "[1..{n}]",
    "[1..{n}] ~> $map(function($v){ [1..{n}] })",
    "$string([1..{n}].{'k': [1..{n}]})",
    "($f := function($n){ $f($n + 1) }; $f({n}))",
    "($f := function($n){ 1 + $f($n + 1) }; $f({n}))",
    "($f := function($x){ [$f([$x, $x])] }; $f({n}))",
    "($f := function($s, $n){ $n = 0 ? $s : $f($s & $s, $n - 1) }; $f('x', {n}))",
    "($f := function($x, $n){ $n = 0 ? $x : $f([[$x], [$x]], $n - 1) }; $f(1, {n}))",
    "($f := function($x, $n){ $n = 0 ? $x : $f([[$x], [$x]], $n - 1) }; $f(1, {n}) = $f(1, {n}))",
    "($f := function($x, $n){ $n = 0 ? $x : $f({'a': $x, 'b': $x}, $n - 1) }; $string($f(1, {n})))",
    "($f := function($x, $n){ $n = 0 ? $x : $f({'a': $x, 'b': $x}, $n - 1) }; $f(1, {n}).**)",
    "($f := function($x, $n){ $n = 0 ? $x : $f($append($x, $x), $n - 1) }; $count($f([1], {n})))",
    "($f := function($x, $n){ $n = 0 ? $x : $f([$x, $x], $n - 1) }; $count($f([1], {n})))",
    "$reduce([1..{n}], function($a, $v){ [[$a]] }, 1)",
    "$reduce([1..{n}], function($a, $v){ {'a': $a} }, 1)",
    "$reduce([1..{n}], function($a, $v){ $append($a, $v) }, [])",
    "$reduce([1..{n}], function($a, $v){ $a & 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx' }, '')",
    "$pad('a', {n})",
    "$pad('a', {n}, 'é')",
    "$substring('abc', {n}, {n})",
    "$fromMillis({n}, '[Y,*-{n}]')",
    "$fromMillis({n}, '[Y{n}]')",
    "$formatNumber({n}, '#,##0.{n}')",
    "$formatBase({n}, 2)",
    "$formatInteger({n}, 'w')",
    "$formatInteger({n}, 'I')",
    "$power({n}, {n})",
    "$join($map([1..{n}], function($v){ 'xxxxxxxx' }), $pad('', {n}))",
    "$replace($pad('', {n}), ' ', $pad('', {n}))",
    "$replace($pad('', {n}), / /, function($m){ $pad('', {n}) })",
    "$split($pad('', {n}), '')",
    "$match($pad('', {n}), /(a*)*b/)",
    "$contains($pad('', {n}, 'a'), /^(a+)+$/)",
    "$contains($pad('', {n}, 'a'), /(a|a)*(a|a)*(a|a)*b/)",
    "$contains('a', /a{1000}{1000}{1000}/)",
    "$match($pad('', {n}, 'a'), /a{1,100}{1,100}/)",
    "$sort([1..{n}], function($l, $r){ true })",
    "$sort([1..{n}], function($l, $r){ $error('no') })",
    "$sort([1..{n}], function($l, $r){ $random() > 0.5 })",
    "$distinct([1..{n}].{'k': $})",
    "$distinct($map([1..{n}], function($v){ [$v] }))",
    "[1..{n}][$ in [1..{n}]]",
    "[1..{n}]^(>$)",
    "[1..{n}]{$string($): $}",
    "$zip([1..{n}], [1..{n}])",
    "$shuffle([1..{n}])",
    "$partition([1..{n}], 1)",
    "$range(1, {n}, 1)",
    "$range({n}, 1, -1)",
    "$merge([1..{n}].{$string($): $})",
    "$each($merge([1..{n}].{$string($): $}), function($v, $k){ $k })",
    "[1..{n}]@$a.[1..{n}]@$b.($a + $b)",
    "[1..{n}]#$i.[1..{n}]#$j.($i + $j)",
    "({'a': [1..{n}]} ~> |a|{'b': 1}|)",
    "$encodeUrl($pad('', {n}, 'é'))",
    "$base64encode($pad('', {n}))",
    "$parse($pad('', {n}, '['))",
    "$hash($pad('', {n}), 'SHA-512')",
    "$map([1..{n}], function($v){ $map([1..{n}], function($w){ $v }) })",
    "$filter([1..{n}], function($v){ $count([1..{n}]) > 0 })",
];

/// Numbers to fill in.
const NUMBERS: &[&str] = &[
    "0", "1", "2", "9", "30", "60", "99", "1000", "30000", "100000", "800000", "1e7", "1e9",
    "1e300", "-1",
];

/// The wrapper around the evaluator.
#[derive(Debug)]
pub(super) struct Jsonata(Mutator);

impl Jsonata {
    pub(super) fn new() -> Self {
        let lines = TABLE.lines().filter(|line| !line.starts_with([' ', '#']) && !line.is_empty());
        let table = lines.filter(|line| !line.starts_with("variables "));
        let real = MACHINES.iter().flat_map(|machine| {
            machine.split("{%").skip(1).filter_map(|rest| Some(rest.split_once("%}")?.0))
        });
        Self(Mutator::of_texts(table.chain(real).map(str::to_owned).collect(), TOKENS))
    }
}

impl Target for Jsonata {
    fn name(&self) -> &'static str {
        "jsonata"
    }

    fn input(&self, random: &mut Random) -> String {
        match random.below(20) {
            0..=4 => jsonata::expression(random),
            5..=10 => {
                let text = jsonata::expression(random);
                self.0.changed(&text, random)
            }
            11..=14 => self.0.text(random),
            15 => (0..random.below(40)).map(|_| random.pick(TOKENS)).collect(),
            16 | 17 => nested(random),
            18 => {
                let text = greedy(random);
                self.0.changed(&text, random)
            }
            _ => greedy(random),
        }
    }

    fn run(&self, text: &str) -> Result<(), String> {
        let field = json!(format!("{{%{text}%}}"));
        let (template, refused) = Template::compile_all(&field);
        let Ok(expression) = Expression::compile(text) else {
            let is_taken = refused.is_empty();
            return if is_taken {
                Err("a field with a wrong expression is taken".to_owned())
            } else {
                Ok(())
            };
        };
        if template.is_constant() || !refused.is_empty() {
            return Err("a field with a right expression is refused".to_owned());
        }
        let bindings = jsonata::bindings(&mut Random::new(1));
        let evaluate = || {
            let environment = Environment::new(jsonata::MOMENT).variables(&bindings);
            expression.evaluate(&environment).map_err(|thrown| thrown.message)
        };
        let outcome = evaluate();
        if let Ok(Some(value)) = &outcome
            && depth(value) > DEEPEST
        {
            return Err(format!("it is nested too deep: {}", depth(value)));
        }
        let again = evaluate();
        let stopped = |outcome: &Result<_, String>| {
            outcome.as_ref().is_err_and(|message| message.contains("Expression evaluation timeout"))
        };
        if again != outcome && !stopped(&again) && !stopped(&outcome) {
            return Err(format!("evaluated again it is another one: {outcome:?} and {again:?}"));
        }
        Ok(())
    }

    /// One evaluation may take its second, and what it threw may be looked into for another.
    fn limit(&self) -> Duration {
        Duration::from_secs(5)
    }
}

fn greedy(random: &mut Random) -> String {
    let number = random.pick(NUMBERS);
    random.pick(GREEDY).replace("{n}", number)
}

/// One thing inside itself, often.
fn nested(random: &mut Random) -> String {
    let pairs = [
        "(|)",
        "[|]",
        "{'a':|}",
        "-|",
        "1+|",
        "$f(|)",
        "function(){|}",
        "a[|]",
        "$x ~> |",
        "a.|",
        "true ? |",
        "($x:=|)",
        "|[0]",
        "|.a",
        "|^(a)",
        "|{a:b}",
        "$map(|,|)",
    ];
    let (open, close) = random.pick(&pairs).split_once('|').unwrap_or(("(", ")"));
    let depth = [50, 99, 101, 500, 3_000, 50_000].get(random.below(6)).copied().unwrap_or(1);
    format!("{}1{}", open.repeat(depth), close.replace('|', "1").repeat(depth))
}
