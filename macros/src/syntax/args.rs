//! Options of an attribute, `name`, `name = value` or `name(..)`, and the values they may have.

use crate::diagnostics::{Code, Errors};
use proc_macro2::{Delimiter, Ident, Span, TokenStream, TokenTree};
use std::time::Duration;
use syn::{Expr, ExprLit, Lit, parse2};

/// One option.
pub(crate) struct Opt {
    /// Its name.
    pub(crate) name: Ident,
    /// What is given to it.
    pub(crate) value: Value,
}

/// What is given to an option.
pub(crate) enum Value {
    /// Nothing: a flag.
    None,
    /// `= tokens`.
    Eq(TokenStream),
    /// `(tokens)`, with the span of the parentheses.
    List(TokenStream, Span),
}

/// Splits an attribute's tokens at its commas into options. What is no option is reported and
/// skipped.
pub(crate) fn options(tokens: TokenStream, errors: &mut Errors) -> Vec<Opt> {
    split(tokens).into_iter().filter_map(|part| option(part, errors)).collect()
}

/// Splits tokens at their commas.
pub(crate) fn split(tokens: TokenStream) -> Vec<Vec<TokenTree>> {
    let mut parts = vec![Vec::new()];
    for token in tokens {
        match token {
            TokenTree::Punct(punct) if punct.as_char() == ',' => parts.push(Vec::new()),
            other => match parts.last_mut() {
                Some(part) => part.push(other),
                None => parts.push(vec![other]),
            },
        }
    }
    parts.retain(|part| !part.is_empty());
    parts
}

fn option(part: Vec<TokenTree>, errors: &mut Errors) -> Option<Opt> {
    let whole: TokenStream = part.iter().cloned().collect();
    let mut tokens = part.into_iter();
    let Some(TokenTree::Ident(name)) = tokens.next() else {
        errors
            .push(whole, Code::Option, "expected an option")
            .help("options look like `name`, `name = value` or `name(..)`");
        return None;
    };
    let value = match tokens.next() {
        None => Value::None,
        Some(TokenTree::Punct(punct)) if punct.as_char() == '=' => {
            let rest: TokenStream = tokens.collect();
            if rest.is_empty() {
                errors.push(whole, Code::Option, format!("`{name} =` has no value"));
                return None;
            }
            Value::Eq(rest)
        }
        Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Parenthesis => {
            if let Some(extra) = tokens.next() {
                errors.at(extra.span(), Code::Option, "expected `,` after this option");
            }
            Value::List(group.stream(), group.span())
        }
        Some(other) => {
            errors
                .at(other.span(), Code::Option, format!("unexpected token after `{name}`"))
                .help(format!("write `{name}`, `{name} = value` or `{name}(..)`"));
            return None;
        }
    };
    Some(Opt { name, value })
}

/// Reports an option that does not exist, with those that do.
pub(crate) fn unknown(opt: &Opt, of: &str, known: &[&str], errors: &mut Errors) {
    let name = opt.name.to_string();
    let list = known.iter().map(|known| format!("`{known}`")).collect::<Vec<_>>().join(", ");
    let mistake = errors.push(&opt.name, Code::Option, format!("{of} has no option `{name}`"));
    match closest(&name, known) {
        Some(meant) => mistake.help(format!("did you mean `{meant}`? The options are {list}")),
        None => mistake.help(format!("the options are {list}")),
    };
}

/// The known name that differs least, if it differs little.
pub(crate) fn closest<'a>(name: &str, known: &[&'a str]) -> Option<&'a str> {
    let best = known.iter().map(|each| (distance(name, each), *each)).min()?;
    (best.0 <= name.len() / 3 + 1).then_some(best.1)
}

/// Edit distance.
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (at, a) in one.chars().enumerate() {
        let mut next = vec![at + 1];
        for (b, window) in other.iter().zip(row.windows(2)) {
            let [diagonal, above] = window else { continue };
            let left = next.last().copied().unwrap_or_default();
            next.push((diagonal + usize::from(a != *b)).min(above + 1).min(left + 1));
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}

impl Opt {
    /// The option as a flag.
    pub(crate) fn flag(&self, errors: &mut Errors) -> bool {
        match &self.value {
            Value::None => {}
            Value::Eq(tokens) | Value::List(tokens, _) => {
                let name = &self.name;
                errors
                    .push(tokens, Code::Value, format!("`{name}` takes no value"))
                    .help(format!("write just `{name}`"));
            }
        }
        true
    }

    /// `true` or `false`; a flag alone means `true`.
    pub(crate) fn boolean(&self, errors: &mut Errors) -> Option<bool> {
        if matches!(self.value, Value::None) {
            return Some(true);
        }
        match self.literal() {
            Some(Lit::Bool(value)) => Some(value.value),
            _ => self.wrong("`true` or `false`", errors),
        }
    }

    /// The span of the value, or of the name where there is none.
    pub(crate) fn value_span(&self) -> TokenStream {
        match &self.value {
            Value::Eq(tokens) if !tokens.is_empty() => tokens.clone(),
            _ => TokenTree::Ident(self.name.clone()).into(),
        }
    }

    /// A string.
    pub(crate) fn text(&self, errors: &mut Errors) -> Option<String> {
        match self.literal() {
            Some(Lit::Str(text)) => Some(text.value()),
            _ => self.wrong("a string", errors),
        }
    }

    /// A whole number, not negative.
    pub(crate) fn count(&self, errors: &mut Errors) -> Option<u32> {
        match self.literal() {
            Some(Lit::Int(number)) => match number.base10_parse::<u32>() {
                Ok(value) if value <= 99_999_999 => Some(value),
                _ => self.wrong("a number from 0 to 99999999", errors),
            },
            _ => self.wrong("a whole number", errors),
        }
    }

    /// A factor.
    pub(crate) fn factor(&self, errors: &mut Errors) -> Option<f64> {
        let value = match self.literal() {
            Some(Lit::Float(number)) => number.base10_parse::<f64>().ok(),
            Some(Lit::Int(number)) => number.base10_parse::<f64>().ok(),
            _ => None,
        };
        match value {
            Some(value) if value >= 1.0 && value.is_finite() => Some(value),
            _ => self.wrong("a factor of at least 1.0, as `2.0`", errors),
        }
    }

    /// A duration in whole seconds, at least one.
    pub(crate) fn seconds(&self, errors: &mut Errors) -> Option<Duration> {
        let Some(Lit::Str(text)) = self.literal() else {
            return self
                .wrong("a duration as text: `\"30s\"`, `\"5m\"`, `\"1h30m\"`, `\"2d\"`", errors);
        };
        match duration(&text.value()) {
            Ok(value) if value.subsec_nanos() > 0 || value.is_zero() => {
                let name = &self.name;
                errors
                    .push(
                        &text,
                        Code::Value,
                        format!("`{name}` must be whole seconds, at least one"),
                    )
                    .help("AWS Step Functions counts in whole seconds: round it up");
                None
            }
            Ok(value) if value.as_secs() <= 99_999_999 => Some(value),
            Ok(_) => {
                let name = &self.name;
                errors.push(&text, Code::Value, format!("`{name}` is over 99999999 seconds"));
                None
            }
            Err(problem) => {
                errors
                    .push(
                        &text,
                        Code::Value,
                        format!("{:?} is not a duration: {problem}", text.value()),
                    )
                    .help(
                        "write numbers with units, as `\"30s\"`, `\"5m\"`, `\"1h30m\"`, `\"2d\"`",
                    );
                None
            }
        }
    }

    fn literal(&self) -> Option<Lit> {
        match &self.value {
            Value::Eq(tokens) => match parse2::<Expr>(tokens.clone()) {
                Ok(Expr::Lit(ExprLit { lit, .. })) => Some(lit),
                _ => None,
            },
            Value::None | Value::List(..) => None,
        }
    }

    /// Reports a value of another kind.
    pub(crate) fn wrong<T>(&self, expected: &str, errors: &mut Errors) -> Option<T> {
        let name = &self.name;
        errors.push(self.value_span(), Code::Value, format!("`{name}` must be {expected}"));
        None
    }
}

/// Reads `"1h30m"`.
pub(crate) fn duration(text: &str) -> Result<Duration, &'static str> {
    let mut rest = text.trim();
    if rest.is_empty() {
        return Err("it is empty");
    }
    let mut total = Duration::ZERO;
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit()).ok_or("the unit is missing")?;
        let (number, after) = rest.split_at(digits);
        let number: u64 = number.parse().map_err(|_| "expected a number")?;
        let letters = after.find(|c: char| !c.is_alphabetic()).unwrap_or(after.len());
        let (unit, after) = after.split_at(letters);
        let one = match unit {
            "ms" => Duration::from_millis(1),
            "s" => Duration::from_secs(1),
            "m" => Duration::from_mins(1),
            "h" => Duration::from_hours(1),
            "d" => Duration::from_hours(24),
            _ => return Err("the units are ms, s, m, h and d"),
        };
        let part = u32::try_from(number).ok().and_then(|number| one.checked_mul(number));
        total = part.and_then(|part| total.checked_add(part)).ok_or("it is too long")?;
        rest = after.trim_start();
    }
    Ok(total)
}

/// Reports an option that stands twice.
pub(crate) fn once<T>(seen: &mut Option<T>, opt: &Opt, value: Option<T>, errors: &mut Errors) {
    if seen.is_some() {
        errors.push(&opt.name, Code::Option, format!("`{}` stands twice", opt.name));
    }
    if value.is_some() {
        *seen = value;
    }
}

/// Whether a name can be that of a task or workflow, or why not.
pub(crate) fn check_name(name: &str) -> Result<(), &'static str> {
    if name.is_empty() || name.len() > 80 {
        return Err("a name has 1 to 80 characters");
    }
    if name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.')) {
        Ok(())
    } else {
        Err("a name has letters, digits, `_`, `-` and `.` only")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_add_up() {
        let cases = [("30s", 30), ("5m", 300), ("1h30m", 5400), ("2d", 172_800), ("1m 5s", 65)];
        for (text, seconds) in cases {
            assert_eq!(duration(text), Ok(Duration::from_secs(seconds)), "{text}");
        }
        assert_eq!(duration("1500ms"), Ok(Duration::from_millis(1500)));
    }

    #[test]
    fn what_is_no_duration_says_why() {
        let cases = [
            ("", "it is empty"),
            ("30", "the unit is missing"),
            ("s", "expected a number"),
            ("1.5s", "the units are ms, s, m, h and d"),
            ("3 weeks", "the units are ms, s, m, h and d"),
            ("99999999999999999999s", "expected a number"),
            ("9999999999d", "it is too long"),
        ];
        for (text, why) in cases {
            assert_eq!(duration(text), Err(why), "{text}");
        }
    }

    #[test]
    fn a_slip_finds_the_name_that_was_meant() {
        let known = ["retry", "timeout", "heartbeat"];
        assert_eq!(closest("retries", &known), Some("retry"));
        assert_eq!(closest("time_out", &known), Some("timeout"));
        assert_eq!(closest("region", &known), None);
    }

    #[test]
    fn names_are_those_that_aws_takes() {
        assert_eq!(check_name("charge-card_2.live"), Ok(()));
        assert!(check_name("").is_err() && check_name(&"x".repeat(81)).is_err());
        assert!(check_name("a b").is_err() && check_name("größe").is_err());
    }

    #[test]
    fn options_are_split_and_what_is_none_is_reported() {
        let mut errors = Errors::default();
        let tokens = quote::quote!(a, b = [1, 2], c(x, y = 3), = 4, d = , e f);
        let names: Vec<_> =
            options(tokens, &mut errors).iter().map(|opt| opt.name.to_string()).collect();
        assert_eq!(names, ["a", "b", "c"]);
        assert_eq!(errors.to_compile_errors().to_string().matches("compile_error").count(), 3);
    }
}
