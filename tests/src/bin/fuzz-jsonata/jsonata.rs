//! JSONata: bytes, texts put together from the language's tokens, mutated and nested expressions, and
//! expressions that try to take forever. None may panic, overflow the stack, or go on past its second.

#![allow(
    clippy::disallowed_methods,
    clippy::exit,
    clippy::indexing_slicing,
    clippy::print_stderr,
    clippy::print_stdout,
    reason = "a program that fails by panicking or ending, and measures time"
)]

use std::{
    env, fs, process,
    sync::{Arc, Mutex, mpsc},
    thread,
    time::{Duration, Instant},
};
use stepwright_tests::{
    jsonata::{expression, try_anything},
    random::Random,
};

/// One expression may take its second, and what it threw may be looked into for another. The rest is
/// for a machine that does other things too.
const LONGEST: Duration = Duration::from_secs(10);

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

/// What the process may take: the expression's own bound, this program, and what the allocator keeps.
const MOST_KIBIBYTES: u64 = 400 * 1024;

/// Runs until the time is over.
pub(super) fn run(seed: u64, seconds: u64) {
    let (tried, trying) = mpsc::channel();
    let last = Arc::new(Mutex::new(String::new()));
    let shown = Arc::clone(&last);
    let watch = thread::spawn(move || watch(&trying, &shown));
    let mut random = Random::new(seed);
    let begin = Instant::now();
    let mut count = 0_u64;
    while begin.elapsed() < Duration::from_secs(seconds) {
        let text = text(&mut random);
        if let Ok(mut last) = last.lock() {
            last.clone_from(&text);
        }
        // What overflows the stack can say nothing any more.
        if let Some(path) = env::var_os("FUZZ_LAST") {
            let _written = fs::write(path, &text);
        }
        try_anything(&text);
        let taken = kibibytes();
        assert!(taken <= MOST_KIBIBYTES, "{taken} KiB after {}", shortened(&text));
        count += 1;
        if tried.send(()).is_err() {
            break;
        }
    }
    drop(tried);
    let _watched = watch.join();
    println!("jsonata: {count} expressions from seed {seed}, at most {} KiB", kibibytes());
}

/// Ends the process when one expression takes too long, and says which.
fn watch(trying: &mpsc::Receiver<()>, last: &Mutex<String>) {
    loop {
        match trying.recv_timeout(LONGEST) {
            Ok(()) => {}
            Err(mpsc::RecvTimeoutError::Disconnected) => return,
            Err(mpsc::RecvTimeoutError::Timeout) => {
                let text = last.lock().map(|text| shortened(&text)).unwrap_or_default();
                eprintln!("still running after {LONGEST:?}: {text}");
                process::exit(1);
            }
        }
    }
}

/// The most that this process has ever held, where the system says.
fn kibibytes() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    peak.and_then(|peak| peak.split_whitespace().next()?.parse().ok()).unwrap_or(0)
}

/// The beginning of a text.
fn shortened(text: &str) -> String {
    text.chars().take(2_000).collect()
}

/// Something to try.
fn text(random: &mut Random) -> String {
    match random.below(12) {
        0..=2 => expression(random),
        3..=5 => {
            let text = expression(random);
            mutated(random, &text)
        }
        6 | 7 => (0..random.below(40)).map(|_| random.pick(TOKENS)).collect(),
        8 => {
            let bytes: Vec<u8> =
                (0..random.below(60)).map(|_| random.bits().to_le_bytes()[0]).collect();
            String::from_utf8_lossy(&bytes).into_owned()
        }
        9 => nested(random),
        10 => {
            let text = greedy(random);
            mutated(random, &text)
        }
        _ => greedy(random),
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
    let depth = [50, 99, 101, 500, 3_000, 50_000][random.below(6)];
    format!("{}1{}", open.repeat(depth), close.replace('|', "1").repeat(depth))
}

/// A text with some of its parts taken out, doubled, swapped, or replaced.
fn mutated(random: &mut Random, text: &str) -> String {
    let mut chars: Vec<char> = text.chars().collect();
    for _ in 0..=random.below(4) {
        let start = random.below(chars.len() + 1);
        let end = (start + random.below(12)).min(chars.len());
        match random.below(5) {
            0 => drop(chars.drain(start..end)),
            1 => {
                let part = chars[start..end].to_vec();
                chars.splice(start..start, part);
            }
            2 => chars[start..end].reverse(),
            _ => {
                let token = random.pick(TOKENS).chars();
                chars.splice(start..end.min(start + 1), token);
            }
        }
    }
    chars.into_iter().collect()
}
