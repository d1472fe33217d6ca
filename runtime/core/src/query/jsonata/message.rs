//! What an expression threw, in the words of 2.0.6.
//!
//! `jsonata-core` has the reference's codes and mostly words of its own; Step Functions shows the
//! reference's.

use super::{
    error::Thrown,
    limits::{TOO_DEEP, TOO_MUCH_MEMORY, TOO_SLOW},
};
use jsonata_core::evaluator::error_code_prefix;
use serde_json::Value;

/// Makes what the evaluator says what the reference says.
pub(super) fn thrown(message: &str) -> Thrown {
    let message = from_code(message);
    let Some(code) = error_code_prefix(message) else {
        return Thrown { message: message.to_owned(), coded: false };
    };
    let bound = match code {
        "D1011" | "U1001" => Some(TOO_DEEP),
        "D1012" => Some(TOO_SLOW),
        "D2015" => Some(TOO_MUCH_MEMORY),
        _ => None,
    };
    if let Some(bound) = bound {
        return Thrown { message: bound.to_owned(), coded: false };
    }
    let said = message.get(code.len() + 2..).unwrap_or("");
    let words = worded(code, said).unwrap_or_else(|| said.to_owned());
    Thrown { message: format!("{code}: {words}"), coded: true }
}

/// What is wrong with an expression that does not parse.
pub(super) fn unparsable(message: &str) -> String {
    if message.ends_with("Unclosed comment") {
        return "S0106: Comment has no closing tag".to_owned();
    }
    thrown(message).message
}

/// Leaves out what `jsonata-core` writes before JSONata's own code.
fn from_code(message: &str) -> &str {
    if error_code_prefix(message).is_some() {
        return message;
    }
    message
        .match_indices(": ")
        .filter_map(|(i, separator)| message.get(i + separator.len()..))
        .find(|rest| error_code_prefix(rest).is_some())
        .unwrap_or(message)
}

/// Whether the words lack what only a second look can find.
pub(super) fn is_vague(message: &str) -> bool {
    let code = error_code_prefix(message).unwrap_or_default();
    let vague = ["T0410", "T0411", "T0412", "T1003", "T2009", "T2010", "T2011", "T2012"];
    vague.contains(&code)
}

/// Names the function that an error of arguments is about: the call that was entered last.
pub(super) fn completed(thrown: &Thrown, entered: Option<&str>) -> Thrown {
    let name = entered.map_or_else(|| "undefined".to_owned(), |name| format!("\"{name}\""));
    let message = thrown.message.replace("function {}", &format!("function {name}"));
    Thrown { message, coded: thrown.coded }
}

/// The reference's words for a code, with the parts that `said` holds; `None` where they are equal.
fn worded(code: &str, said: &str) -> Option<String> {
    if let Ok(index) = WORDS.binary_search_by(|(known, _)| (*known).cmp(code)) {
        return WORDS.get(index).map(|(_, words)| (*words).to_owned());
    }
    let after = |before: &str| said.split_once(before).map(|(_, rest)| rest);
    let within = |before: &str, after_it: char| {
        after(before).map(|rest| rest.split(after_it).next().unwrap_or(rest))
    };
    let json = |text: &str| Value::from(text).to_string();
    if code.starts_with('S') {
        return syntax(code, said);
    }
    Some(match code {
        "T0410" | "T0411" | "T0412" if !said.contains('"') => return arguments(code, said),
        "T2001" | "T2002" => {
            let operator = within(" side of the ", ' ')?;
            let side = if code == "T2001" { "left" } else { "right" };
            format!("The {side} side of the \"{operator}\" operator must evaluate to a number")
        }
        "D1009" => {
            let key = after("key: ")?;
            let key = if key.starts_with('"') { key.to_owned() } else { json(key) };
            format!("Multiple key definitions evaluate to same key: {key}")
        }
        "D3030" => {
            let value = after("Cannot convert '")?.strip_suffix("' to number")?;
            format!("Unable to cast value to a number: {}", json(value))
        }
        "D3100" => {
            let radix = after("got ")?;
            format!(
                "The radix of the formatBase function must be between 2 and 36.  It was given \
                 {radix}"
            )
        }
        "D3130" => format!(
            "Formatting or parsing an integer as a sequence starting with {} is not supported by \
             this implementation",
            json(said)
        ),
        "D3132" => {
            format!("Unknown component specifier {} in date/time picture string", json(said))
        }
        "D3133" => format!(
            "The 'name' modifier can only be applied to months and days in the date/time picture \
             string, not {}",
            json(said)
        ),
        "T1010" => {
            let function = within("passed to function $", ' ')?;
            format!(
                "The matcher function argument passed to function \"{function}\" does not return \
                 the correct object structure"
            )
        }
        _ => return None,
    })
}

/// The reference's words for what does not parse.
fn syntax(code: &str, said: &str) -> Option<String> {
    let after = |before: &str| said.split_once(before).map(|(_, rest)| rest);
    let json = |text: &str| Value::from(text).to_string();
    Some(match code {
        "S0102" => format!("Number out of range: {}", json(after(": ")?)),
        "S0103" => format!("Unsupported escape sequence: \\{}", json(after(": \\")?)),
        "S0201" => format!("Syntax error: {}", token(after(": ")?)),
        "S0202" => {
            let (expected, got) = after("Expected ")?.split_once(", got ")?;
            format!("Expected {}, got {}", token(expected), token(got))
        }
        "S0203" => {
            let expected = after("Expected ")?.strip_suffix(" before end of expression")?;
            format!("Expected {} before end of expression", token(expected))
        }
        "S0204" => format!("Unknown operator: {}", json(after(": ")?)),
        "S0211" => {
            let symbol =
                after("The symbol ")?.strip_suffix(" cannot be used as a unary operator")?;
            format!("The symbol {} cannot be used as a unary operator", token(symbol))
        }
        "S0214" => {
            let symbol = after("variable reference after ")?;
            format!("The right side of {} must be a variable name (start with $)", json(symbol))
        }
        _ => return None,
    })
}

/// Errors of arguments, with `{}` for the function.
fn arguments(code: &str, said: &str) -> Option<String> {
    let numbers = said.split(|c: char| !c.is_ascii_digit());
    let mut numbers = numbers.filter_map(|digits| digits.parse::<usize>().ok());
    let index = match (said.contains("count mismatch"), numbers.next(), numbers.next()) {
        (true, Some(expected), Some(got)) => expected.min(got) + 1,
        (_, index, _) => index.unwrap_or(1),
    };
    if code.starts_with('S') {
        return syntax(code, said);
    }
    Some(match code {
        "T0410" => format!("Argument {index} of function {{}} does not match function signature"),
        "T0411" => {
            format!("Context value is not a compatible type with argument {index} of function {{}}")
        }
        _ => {
            let kind = said.rsplit(' ').next()?.to_lowercase();
            format!("Argument {index} of function {{}} must be an array of \"{kind}s\"")
        }
    })
}

/// A token of the parser as it is written in an expression.
fn token(name: &str) -> String {
    let quoted = name.split_once("(\"").and_then(|(_, rest)| rest.strip_suffix("\")"));
    let text = TOKENS.iter().find(|(known, _)| *known == name).map(|(_, text)| *text);
    Value::from(quoted.or(text).unwrap_or(name)).to_string()
}

/// Names that the parser gives to symbols.
const TOKENS: &[(&str, &str)] = &[
    ("LeftParen", "("),
    ("RightParen", ")"),
    ("LeftBracket", "["),
    ("RightBracket", "]"),
    ("LeftBrace", "{"),
    ("RightBrace", "}"),
    ("Comma", ","),
    ("Semicolon", ";"),
    ("Colon", ":"),
    ("Dot", "."),
    ("Question", "?"),
    ("Hash", "#"),
    ("At", "@"),
    ("Caret", "^"),
    ("Pipe", "|"),
    ("Plus", "+"),
    ("Minus", "-"),
    ("Star", "*"),
    ("StarStar", "**"),
    ("Slash", "/"),
    ("Percent", "%"),
    ("Ampersand", "&"),
    ("Equal", "="),
    ("NotEqual", "!="),
    ("LessThan", "<"),
    ("LessThanOrEqual", "<="),
    ("GreaterThan", ">"),
    ("GreaterThanOrEqual", ">="),
    ("DotDot", ".."),
    ("ColonEqual", ":="),
    ("ChainPipe", "~>"),
    ("In", "in"),
    ("And", "and"),
    ("Or", "or"),
];

/// Words without parts, by code.
const WORDS: &[(&str, &str)] = &[
    ("D1001", "Number out of range: null"),
    ("D3010", "Second argument of replace function cannot be an empty string"),
    ("D3020", "Third argument of split function must evaluate to a positive number"),
    ("D3080", "The picture string must only contain a maximum of two sub-pictures"),
    (
        "D3081",
        "The sub-picture must not contain more than one instance of the 'decimal-separator' character",
    ),
    ("D3082", "The sub-picture must not contain more than one instance of the 'percent' character"),
    (
        "D3083",
        "The sub-picture must not contain more than one instance of the 'per-mille' character",
    ),
    ("D3084", "The sub-picture must not contain both a 'percent' and a 'per-mille' character"),
    (
        "D3085",
        "The mantissa part of a sub-picture must contain at least one character that is either an 'optional digit character' or a member of the 'decimal digit family'",
    ),
    (
        "D3086",
        "The sub-picture must not contain a passive character that is preceded by an active character and that is followed by another active character",
    ),
    (
        "D3087",
        "The sub-picture must not contain a 'grouping-separator' character that appears adjacent to a 'decimal-separator' character",
    ),
    (
        "D3088",
        "The sub-picture must not contain a 'grouping-separator' at the end of the integer part",
    ),
    (
        "D3089",
        "The sub-picture must not contain two adjacent instances of the 'grouping-separator' character",
    ),
    (
        "D3090",
        "The integer part of the sub-picture must not contain a member of the 'decimal digit family' that is followed by an instance of the 'optional digit character'",
    ),
    (
        "D3091",
        "The fractional part of the sub-picture must not contain an instance of the 'optional digit character' that is followed by a member of the 'decimal digit family'",
    ),
    (
        "D3092",
        "A sub-picture that contains a 'percent' or 'per-mille' character must not contain a character treated as an 'exponent-separator'",
    ),
    (
        "D3093",
        "The exponent part of the sub-picture must comprise only of one or more characters that are members of the 'decimal digit family'",
    ),
    ("D3131", "In a decimal digit pattern, all digits must be from the same decimal group"),
    ("D3134", "The timezone integer format specifier cannot have more than four digits"),
    ("D3135", "No matching closing bracket ']' in date/time picture string"),
    ("D3136", "The date/time picture string is missing specifiers required to parse the timestamp"),
    (
        "D3138",
        "The $single() function expected exactly 1 matching result.  Instead it matched more.",
    ),
    ("T1006", "Attempted to invoke a non-function"),
];
