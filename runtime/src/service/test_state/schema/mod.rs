//! Whether a mocked result is one that the API of a Task gives.

mod api;

use api::{Api, Spelling};
use serde_json::{Map, Value};

/// What AWS APIs answer; `tests/botocore/shapes.py` writes it and says what its lines mean.
const SHAPES: &str = include_str!("shapes.txt");

/// Checks the mocked result of a Task with that Resource; `strict` asks for required fields too.
///
/// # Errors
///
/// What is wrong, in AWS's words. A result of what is no API, or of one that is not in the table,
/// is taken as it is.
pub(super) fn check(resource: &str, result: &Value, strict: bool) -> Result<(), String> {
    let Some(api) = Api::of_resource(resource) else { return Ok(()) };
    let Some(service) = Service::find(&api.service) else { return Ok(()) };
    let Some(kind) = service.answer(&api.operation) else { return Ok(()) };
    Check { service, api, strict }.value(result, kind, "")
}

/// The part of the table about one service.
#[derive(Debug)]
struct Service {
    operations: Vec<&'static str>,
    shapes: Vec<&'static str>,
}

impl Service {
    fn find(name: &str) -> Option<Self> {
        let mut lines = SHAPES.lines();
        lines.find(|line| {
            let mut names = line.split('\t');
            names.next() == Some("=") && names.any(|known| known == name)
        })?;
        let (operations, shapes) =
            lines.take_while(|line| !line.starts_with('=')).partition(|line| line.starts_with('>'));
        Some(Self { operations, shapes })
    }

    /// The type of an operation's answer.
    fn answer(&self, operation: &str) -> Option<&'static str> {
        self.operations.iter().find_map(|line| {
            let mut fields = line.split('\t').skip(1);
            fields.next().filter(|name| name.eq_ignore_ascii_case(operation))?;
            fields.next()
        })
    }
}

struct Check<'a> {
    service: Service,
    api: Api<'a>,
    strict: bool,
}

impl Check<'_> {
    /// Checks a value of a type; `field` is the name of the field that has it, or that of the list
    /// around it.
    fn value(&self, value: &Value, kind: &str, field: &str) -> Result<(), String> {
        if value.is_null() {
            return Ok(());
        }
        let must_be = |what: &str, is: bool| {
            if is { Ok(()) } else { Err(format!("Field '{field}' must be {what}")) }
        };
        match kind.split_at_checked(1) {
            Some(("s", limits)) => {
                must_be("a string", value.is_string())?;
                let length = value.as_str().unwrap_or_default().encode_utf16().count();
                within(limits.split_once('-'), &length, (field, "smaller", "length"))
            }
            Some(("n", limits)) => {
                must_be("a number", value.is_number())?;
                let number = value.as_f64().unwrap_or_default();
                within(limits.split_once('~'), &number, (field, "less", "value"))
            }
            Some(("b", "")) => must_be("a boolean", value.is_boolean()),
            Some(("*", "")) => Ok(()),
            _ => {
                let shape = kind.parse().ok().and_then(|at: usize| self.service.shapes.get(at));
                shape.map_or(Ok(()), |shape| self.shape(value, shape, field))
            }
        }
    }

    fn shape(&self, value: &Value, shape: &str, field: &str) -> Result<(), String> {
        let mut parts = shape.split('\t');
        let is = |what: &str| Err(format!("Field '{field}' must be {what}"));
        match (parts.next(), value) {
            (Some("{"), Value::Object(fields)) => self.structure(fields, parts),
            (Some("{"), _) if field.is_empty() => Err("Result must be an object".to_owned()),
            (Some("["), Value::Array(items)) => {
                let kind = parts.next().unwrap_or("*");
                items.iter().try_for_each(|item| self.value(item, kind, field))
            }
            (Some("%"), Value::Object(fields)) => {
                let kind = parts.next().unwrap_or("*");
                fields.values().try_for_each(|value| self.value(value, kind, field))
            }
            (Some("e"), Value::String(text)) => {
                let known = parts.any(|known| known == text);
                let unknown = || format!("Field '{field}' is not an expected value");
                if known { Ok(()) } else { Err(unknown()) }
            }
            (Some("["), _) => is("an array"),
            (Some("e"), _) => is("a string"),
            _ => is("an object"),
        }
    }

    fn structure<'s>(
        &self,
        fields: &Map<String, Value>,
        members: impl Iterator<Item = &'s str>,
    ) -> Result<(), String> {
        let members: Vec<_> =
            members.filter_map(|member| Member::read(member, &self.api)).collect();
        if self.strict {
            let missing = |it: &&Member<'_>| it.required && !fields.contains_key(it.name);
            if let Some(missing) = members.iter().find(missing) {
                return Err(format!("Required field '{}' is missing", missing.name));
            }
        }
        // Fields that the API does not have may come with a later version of it.
        fields.iter().try_for_each(|(name, value)| {
            let member = members.iter().find(|member| member.name == name);
            member.map_or(Ok(()), |member| self.value(value, member.kind, name))
        })
    }
}

/// A field of a structure.
struct Member<'s> {
    required: bool,
    name: &'s str,
    kind: &'s str,
}

impl<'s> Member<'s> {
    fn read(text: &'s str, api: &Api<'_>) -> Option<Self> {
        let (names, kind) = text.rsplit_once(':')?;
        let (required, names) = match names.strip_prefix('!') {
            Some(names) => (true, names),
            None => (false, names),
        };
        let name = match (names.split_once('|'), api.spelling) {
            (Some((own, _)), Spelling::Own) => own,
            (Some((_, other)), Spelling::Sdk) => other,
            (None, _) => names,
        };
        let kind = if api.as_json.contains(&name) { "*" } else { kind };
        Some(Self { required, name, kind })
    }
}

/// Checks limits, either of which may be missing.
fn within<N: PartialOrd + std::str::FromStr>(
    limits: Option<(&str, &str)>,
    value: &N,
    (field, smaller, what): (&str, &str, &str),
) -> Result<(), String> {
    let Some((least, most)) = limits else { return Ok(()) };
    if least.parse::<N>().is_ok_and(|least| *value < least) {
        return Err(format!("Field '{field}' is {smaller} than the minimum {what}"));
    }
    if most.parse::<N>().is_ok_and(|most| *value > most) {
        return Err(format!("Field '{field}' exceeds the maximum {what}"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{SHAPES, Service};

    fn is_type(kind: &str, shapes: usize) -> bool {
        let number = |limit: &str| limit.is_empty() || limit.parse::<f64>().is_ok();
        let limits = |limits: Option<(&str, &str)>| {
            limits.is_some_and(|(least, most)| number(least) && number(most))
        };
        match kind.split_at(1) {
            ("s" | "n" | "b" | "*", "") => true,
            ("s", length) => limits(length.split_once('-')),
            ("n", range) => limits(range.split_once('~')),
            _ => kind.parse::<usize>().is_ok_and(|shape| shape < shapes),
        }
    }

    #[test]
    fn every_line_of_the_table_can_be_read() {
        let names = SHAPES.lines().filter_map(|line| line.strip_prefix("=\t"));
        let mut fields = 0;
        for name in names.flat_map(|names| names.split('\t')) {
            let service = Service::find(name).unwrap();
            assert!(!service.operations.is_empty(), "{name} has no operations");
            for line in service.operations.iter().chain(&service.shapes) {
                let mut parts = line.split('\t');
                let kinds: Vec<_> = match parts.next().unwrap() {
                    ">" => parts.skip(1).collect(),
                    "{" => parts.map(|field| field.rsplit_once(':').unwrap().1).collect(),
                    "[" | "%" => parts.collect(),
                    "e" => continue,
                    other => panic!("{name}: a line with {other}"),
                };
                fields += kinds.len();
                let unread = kinds.iter().find(|kind| !is_type(kind, service.shapes.len()));
                assert_eq!(unread, None, "{name}: {line}");
            }
        }
        assert!(fields > 10_000, "{fields} fields");
    }
}
