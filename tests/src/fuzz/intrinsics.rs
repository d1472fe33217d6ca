//! Intrinsic functions and payload templates: reading them, and filling them.

use super::{
    Target,
    document::{self, DEEPEST, depth, document, scalar},
    mutate::Mutator,
    paths,
};
use crate::random::Random;
use serde_json::{Map, Value, json};
use stepwright::query::{
    intrinsic::Intrinsic,
    jsonpath::Scope,
    payload::{Expression, Template},
};

/// What is longer and is made of shorter values, no payload of a machine could hold.
const LARGEST: usize = 64 << 20;
const WORDS: &[&str] = &[
    "States.",
    "States.Format('{}', ",
    "States.Array(",
    "States.UUID()",
    "(",
    ")",
    ",",
    "'",
    "\\'",
    "\\",
    "{}",
    "{",
    "$.a",
    "$$",
    "$v.b",
    "null",
    "true",
    "-1",
    "1e9",
    "0.5",
    ".$",
    "$..*",
    " ",
];

/// Calls and templates.
#[derive(Debug)]
pub(super) struct Intrinsics(Mutator);

impl Intrinsics {
    pub(super) fn new() -> Self {
        let mut random = Random::new(1);
        Self(Mutator::of_texts((0..200).map(|_| call(&mut random, 2)).collect(), WORDS))
    }

    fn template(&self, random: &mut Random, depth: usize) -> Value {
        match random.below(if depth == 0 { 2 } else { 8 }) {
            0 | 1 => scalar(random),
            2 => (0..random.below(4)).map(|_| self.template(random, depth - 1)).collect(),
            _ => {
                let fields = (0..random.below(5)).map(|at| {
                    let name = random.pick(document::NAMES);
                    if random.one_in(3) {
                        return (format!("{name}{at}"), self.template(random, depth - 1));
                    }
                    (format!("{name}{at}.$"), self.computed(random))
                });
                Value::Object(fields.collect())
            }
        }
    }

    fn computed(&self, random: &mut Random) -> Value {
        match random.below(12) {
            0 => scalar(random),
            1 => self.0.text(random).into(),
            2 => nested(random).into(),
            3..=5 => paths::path(random, 1).into(),
            _ => call(random, 3).into(),
        }
    }
}

/// A call with about as many arguments as its function takes.
pub(super) fn call(random: &mut Random, depth: usize) -> String {
    let names: Vec<_> = Intrinsic::names().collect();
    let name = random.pick(&names);
    let count = match name {
        "States.UUID" => 0,
        "States.ArrayRange" | "States.JsonMerge" => 3,
        "States.Array" | "States.Format" => random.below(5),
        "States.MathRandom" => 2 + random.below(2),
        "States.ArrayLength"
        | "States.ArrayUnique"
        | "States.Base64Decode"
        | "States.Base64Encode"
        | "States.JsonToString"
        | "States.StringToJson" => 1,
        _ => 2,
    };
    let count = if random.one_in(20) { random.below(5) } else { count };
    let arguments: Vec<_> = (0..count).map(|_| argument(random, depth)).collect();
    format!("{name}({})", arguments.join(if random.one_in(4) { "," } else { ", " }))
}

fn argument(random: &mut Random, depth: usize) -> String {
    let literals = [
        "0",
        "1",
        "-1",
        "2.5",
        "7",
        "1000",
        "1001",
        "2147483647",
        "-2147483648",
        "1e300",
        "true",
        "false",
        "null",
        "''",
        "'a'",
        "'{}'",
        "'{} {}'",
        r"'\{\}'",
        r"'it\'s'",
        "'MD5'",
        "'SHA-512'",
        "'[[1],{\"a\":2}]'",
        "'é😀'",
        "'a,b;c'",
        "','",
    ];
    match random.below(9) {
        0..=3 => random.pick(&literals).to_owned(),
        4 | 5 if depth > 0 => call(random, depth - 1),
        _ => paths::path(random, 1),
    }
}

/// A call inside itself, often.
fn nested(random: &mut Random) -> String {
    let pairs = [
        "States.Array(|)",
        "States.JsonToString(|)",
        "States.Format('{}', |)",
        "States.Array(|, |)",
    ];
    let (open, close) = random.pick(&pairs).split_once('|').unwrap_or_default();
    let depth = [5, 9, 11, 300, 5_000].get(random.below(5)).copied().unwrap_or(1);
    format!("{}$.a{}", open.repeat(depth), close.replace('|', "1").repeat(depth))
}

impl Target for Intrinsics {
    fn name(&self) -> &'static str {
        "intrinsics"
    }

    fn input(&self, random: &mut Random) -> String {
        let template = self.template(random, 4);
        let (one, other) = (document(random, 4), document(random, 3));
        json!({"template": template, "document": one, "value": other}).to_string()
    }

    fn run(&self, input: &str) -> Result<(), String> {
        let Some(input) = document::read(input) else { return Ok(()) };
        let part = |name| input.get(name).cloned().unwrap_or_default();
        let (written, document, value) = (part("template"), part("document"), part("value"));
        let (template, refused) = Template::compile_all(&written);
        for error in &refused {
            let text = written.pointer(&error.pointer);
            let text = text.ok_or_else(|| format!("the error is shown nowhere: {error:?}"))?;
            let (text, reason) = (text.as_str(), error.reason.as_ref());
            if text.zip(reason).is_some_and(|(text, reason)| text.get(reason.offset()..).is_none())
            {
                return Err(format!("the error is shown outside of the text: {error:?}"));
            }
        }
        let fill = || fill(&template, &document);
        let filled = fill();
        if fill() != filled {
            return Err("filled again it is another one".to_owned());
        }
        if let Ok(filled) = &filled {
            bounded(filled)?;
            if refused.is_empty() {
                kept(&written, filled)?;
            }
        }
        for expression in template.expressions() {
            counted(expression, &document)?;
        }
        inverted(&value)
    }
}

fn fill(template: &Template, document: &Value) -> Result<Value, String> {
    let variables = Map::from_iter([("v".to_owned(), document.clone())]);
    let scope = Scope::new(document, 7).context(document).variables(&variables);
    template.evaluate("Parameters", &scope).map_err(|failure| failure.to_string())
}

/// A value is nested no deeper than may be, and not much larger than what it was made of.
fn bounded(value: &Value) -> Result<(), String> {
    let (depth, size) = (depth(value), value.to_string().len());
    if depth > DEEPEST {
        return Err(format!("it is nested too deep: {depth}"));
    }
    if size > LARGEST {
        return Err(format!("it is too large: {size} bytes"));
    }
    Ok(())
}

/// What is not computed is as it was written.
fn kept(written: &Value, filled: &Value) -> Result<(), String> {
    let lost = || Err(format!("what is not computed has changed: {written} became {filled}"));
    match (written, filled) {
        (Value::Object(written), Value::Object(filled)) => {
            for (name, value) in written {
                let bare = name.strip_suffix(".$");
                match filled.get(bare.unwrap_or(name)) {
                    None => return lost(),
                    Some(_) if bare.is_some() => {}
                    Some(filled) => kept(value, filled)?,
                }
            }
            Ok(())
        }
        (Value::Array(written), Value::Array(filled)) if written.len() == filled.len() => {
            written.iter().zip(filled).try_for_each(|(written, filled)| kept(written, filled))
        }
        (written, filled) if written == filled => Ok(()),
        _ => lost(),
    }
}

/// A call that is said to have a wrong number of arguments fails.
fn counted(expression: &Expression, document: &Value) -> Result<(), String> {
    let Expression::Intrinsic(call) = expression else { return Ok(()) };
    if call.calls().iter().all(|called| called.fits) {
        return Ok(());
    }
    match call.evaluate(&Scope::new(document, 1)) {
        Ok(value) => Err(format!("a call with too many or too few arguments gave: {value}")),
        Err(_) => Ok(()),
    }
}

/// Functions that undo each other do.
fn inverted(value: &Value) -> Result<(), String> {
    if depth(value) > 100 {
        return Ok(());
    }
    for (text, expected) in [
        ("States.StringToJson(States.JsonToString($))", Some(value)),
        ("States.ArrayGetItem(States.Array(1, $), 1)", Some(value)),
        (
            "States.StringToJson(States.Base64Decode(States.Base64Encode(States.JsonToString($))))",
            None,
        ),
        ("States.JsonMerge($, $, false)", value.is_object().then_some(value)),
    ] {
        let call = Intrinsic::parse(text).map_err(|error| error.to_string())?;
        let got = call.evaluate(&Scope::new(value, 1));
        match (&got, expected) {
            (Ok(got), Some(expected)) if got != expected => {}
            (Err(_), Some(expected)) if !expected.is_null() => {}
            _ => continue,
        }
        return Err(format!("{text} of {value} gave: {got:?}"));
    }
    Ok(())
}
