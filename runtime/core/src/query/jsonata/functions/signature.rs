//! Checking the arguments of a function as the reference checks them, with its signatures.
//!
//! A signature has a letter per parameter: `s` text, `n` number, `b` boolean, `l` null, `o` object,
//! `a` list, `f` function, `j` anything but a function, `x` anything, `(sf)` one of these. Behind it
//! stand `?` if it may be left out, `-` if the focus stands in for it, `+` if it may be repeated, and
//! in `<>` the type of a list's items.

use super::thrown;
use jsonata_core::{evaluator::EvaluatorError, value::JValue};

/// One parameter.
#[derive(Debug, Default)]
struct Parameter {
    /// Letters of the arguments that it takes.
    letters: String,
    is_list: bool,
    items: Option<char>,
    least: usize,
    most: usize,
    focus: bool,
}

/// Reads a signature, without its angle brackets and its result.
fn parameters(signature: &str) -> Vec<Parameter> {
    let mut read = Vec::<Parameter>::new();
    let mut letters = signature.chars();
    while let Some(letter) = letters.next() {
        let accepted = match letter {
            'a' | 'x' => "asnblfom".to_owned(),
            'j' => "asnblom".to_owned(),
            'f' => "f".to_owned(),
            '(' => letters.by_ref().take_while(|letter| *letter != ')').chain(['m']).collect(),
            's' | 'n' | 'b' | 'l' | 'o' => [letter, 'm'].into_iter().collect(),
            ':' => break,
            _ => {
                if let Some(last) = read.last_mut() {
                    modify(last, letter, &mut letters);
                }
                continue;
            }
        };
        let is_list = letter == 'a';
        let parameter =
            Parameter { letters: accepted, is_list, least: 1, most: 1, ..Parameter::default() };
        read.push(parameter);
    }
    read
}

fn modify(parameter: &mut Parameter, by: char, rest: &mut std::str::Chars<'_>) {
    match by {
        '?' => parameter.least = 0,
        '-' => (parameter.least, parameter.focus) = (0, true),
        '+' => parameter.most = usize::MAX,
        '<' => {
            let mut depth = 1;
            let inner: String = rest
                .take_while(|letter| {
                    depth += i32::from(*letter == '<') - i32::from(*letter == '>');
                    depth > 0
                })
                .collect();
            parameter.items = inner.chars().next();
        }
        _ => {}
    }
}

/// The letter of a value's type.
fn letter(value: &JValue) -> char {
    match value {
        JValue::Undefined => 'm',
        JValue::Null => 'l',
        JValue::Bool(_) => 'b',
        JValue::Number(_) => 'n',
        JValue::String(_) => 's',
        JValue::Array(_) => 'a',
        JValue::Object(_) => 'o',
        JValue::Lambda(_) | JValue::Builtin { .. } | JValue::Regex { .. } => 'f',
    }
}

/// Gives each parameter its argument, undefined where it has none. A parameter that may be repeated
/// gets its first.
///
/// # Errors
/// The first argument that fits no parameter, a focus or an item of the wrong type.
pub(super) fn arguments<'a>(
    function: Option<&str>,
    signature: &str,
    focus: &'a JValue,
    args: &'a [JValue],
) -> Result<Vec<&'a JValue>, EvaluatorError> {
    let parameters = parameters(signature);
    let letters: Vec<char> = args.iter().map(letter).collect();
    let mut counts = Vec::new();
    if take(&parameters, &letters, true, &mut counts).is_none() {
        return Err(mismatch(function, wrong(&parameters, &letters) + 1));
    }
    let mut values = Vec::with_capacity(parameters.len());
    let mut position = 0;
    for (parameter, count) in parameters.iter().zip(counts) {
        if count == 0 && parameter.focus {
            if !parameter.letters.contains(letter(focus)) {
                return Err(thrown(format!(
                    "T0411: Context value is not a compatible type with argument {} of function {}",
                    position + 1,
                    quoted(function)
                )));
            }
            values.push(focus);
            continue;
        }
        let taken = args.get(position..position + count).unwrap_or(&[]);
        if parameter.is_list {
            check_items(function, parameter, taken, position)?;
        }
        values.push(taken.first().unwrap_or(&JValue::Undefined));
        // The reference steps over a parameter that was left out as if it had one.
        position += count;
    }
    Ok(values)
}

fn check_items(
    function: Option<&str>,
    parameter: &Parameter,
    taken: &[JValue],
    position: usize,
) -> Result<(), EvaluatorError> {
    let Some(items) = parameter.items else { return Ok(()) };
    for (index, value) in taken.iter().enumerate() {
        let fits = match value {
            JValue::Undefined => true,
            JValue::Array(list) => list.iter().all(|item| letter(item) == items),
            single => taken.len() == 1 && letter(single) == items,
        };
        if !fits {
            let kind = match items {
                'a' => "\"arrays\"",
                'b' => "\"booleans\"",
                'f' => "\"functions\"",
                'n' => "\"numbers\"",
                'o' => "\"objects\"",
                's' => "\"strings\"",
                _ => "undefined",
            };
            return Err(thrown(format!(
                "T0412: Argument {} of function {} must be an array of {kind}",
                position + index + 1,
                quoted(function)
            )));
        }
    }
    Ok(())
}

/// The error for an argument of the wrong type; positions begin with 1.
pub(super) fn mismatch(function: Option<&str>, position: usize) -> EvaluatorError {
    thrown(format!(
        "T0410: Argument {position} of function {} does not match function signature",
        quoted(function)
    ))
}

fn quoted(function: Option<&str>) -> String {
    function.map_or_else(|| "undefined".to_owned(), |name| format!("\"{name}\""))
}

/// How many arguments the parameters take, each as many as it can; `None` if they cannot. `counts`
/// has how many each takes. If `all`, none may be left.
fn take(
    parameters: &[Parameter],
    letters: &[char],
    all: bool,
    counts: &mut Vec<usize>,
) -> Option<usize> {
    let [parameter, rest @ ..] = parameters else {
        return (!all || letters.is_empty()).then_some(0);
    };
    let fitting = letters.iter().take_while(|letter| parameter.letters.contains(**letter)).count();
    let before = counts.len();
    for count in (parameter.least..=fitting.min(parameter.most)).rev() {
        counts.truncate(before);
        counts.push(count);
        let after = take(rest, letters.get(count..).unwrap_or(&[]), all, counts);
        if let Some(after) = after {
            return Some(count + after);
        }
    }
    counts.truncate(before);
    None
}

/// The first argument that the parameters do not reach.
fn wrong(parameters: &[Parameter], letters: &[char]) -> usize {
    let mut good = 0;
    for end in 1..=parameters.len() {
        let first = parameters.get(..end).unwrap_or(parameters);
        match take(first, letters, false, &mut Vec::new()) {
            Some(taken) => good = taken,
            None => return good,
        }
    }
    good
}

#[cfg(test)]
mod tests {
    use super::arguments;
    use jsonata_core::value::JValue;

    #[track_caller]
    fn check(signature: &str, args: &[JValue], expected: Result<&[JValue], &str>) {
        let focus = JValue::string("focus");
        match arguments(Some("f"), signature, &focus, args) {
            Ok(found) => {
                assert_eq!(found.into_iter().cloned().collect::<Vec<_>>(), expected.unwrap());
            }
            Err(error) => assert_eq!(error.message(), expected.unwrap_err()),
        }
    }

    #[test]
    fn arguments_go_to_their_parameters_and_the_focus_stands_in() {
        let (a, n, u) = (JValue::string("a"), JValue::Number(1.0), JValue::Undefined);
        let focus = JValue::string("focus");
        check("s-ns?", &[a.clone(), n.clone()], Ok(&[a.clone(), n.clone(), u.clone()]));
        check("s-ns?", std::slice::from_ref(&n), Ok(&[focus, n.clone(), u.clone()]));
        check(
            "s-ns?",
            &[n.clone(), a.clone(), a.clone()],
            Err("T0410: Argument 3 of function \"f\" does not match function signature"),
        );
        check(
            "s-ns?",
            &[],
            Err("T0410: Argument 1 of function \"f\" does not match function signature"),
        );
        check(
            "n-",
            &[],
            Err("T0411: Context value is not a compatible type with argument 1 of function \"f\""),
        );
        check(
            "a<n>",
            &[JValue::array(vec![n.clone(), a])],
            Err("T0412: Argument 1 of function \"f\" must be an array of \"numbers\""),
        );
        check("(nsb)-", std::slice::from_ref(&n), Ok(std::slice::from_ref(&n)));
        check(
            "xf",
            &[n.clone(), u],
            Err("T0410: Argument 2 of function \"f\" does not match function signature"),
        );
        check("n+", &[n.clone(), n.clone()], Ok(&[n]));
    }
}
