//! The model of a Choice rule in JSONPath mode: comparisons and what joins them.

use serde_json::Value;
use std::fmt;

/// What a rule tests.
#[derive(Debug, Clone, PartialEq)]
pub enum Test {
    /// Every one holds.
    And(Vec<Self>),
    /// At least one holds.
    Or(Vec<Self>),
    /// It does not hold.
    Not(Box<Self>),
    /// One comparison.
    Compare(Comparison),
}

/// A variable and what it is compared with.
#[derive(Debug, Clone, PartialEq)]
pub struct Comparison {
    /// Path of the value that is tested.
    pub variable: String,
    /// How it is compared.
    pub operator: Operator,
    /// With what.
    pub operand: Operand,
}

/// The right-hand side of a comparison.
#[derive(Debug, Clone, PartialEq)]
pub enum Operand {
    /// It stands in the definition.
    Value(Value),
    /// It is looked up: the operator's name ends in `Path`.
    Path(String),
}

/// How a variable is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operator {
    /// Whether the path leads somewhere: `IsPresent`.
    IsPresent,
    /// Whether the value is null: `IsNull`.
    IsNull,
    /// Whether the value is of a kind: `IsString` and its like.
    Is(Kind),
    /// Whether a text fits a pattern with `*`: `StringMatches`.
    Matches,
    /// The order of two values of a kind: `NumericLessThan` and its like.
    Compare(Kind, Relation),
}

/// The kinds of values that comparisons know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the kinds are the language's own")]
pub enum Kind {
    Boolean,
    Numeric,
    String,
    Timestamp,
}

/// The relations of two values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the relations are the language's own")]
pub enum Relation {
    Equals,
    LessThan,
    LessThanEquals,
    GreaterThan,
    GreaterThanEquals,
}

/// Every operator with its name. Those of `Compare` exist with `Path` behind the name too.
const OPERATORS: &[(&str, Operator)] = {
    use Kind::{Boolean, Numeric, String, Timestamp};
    use Operator::{Compare, Is, IsNull, IsPresent, Matches};
    use Relation::{Equals, GreaterThan, GreaterThanEquals, LessThan, LessThanEquals};
    &[
        ("IsPresent", IsPresent),
        ("IsNull", IsNull),
        ("IsBoolean", Is(Boolean)),
        ("IsNumeric", Is(Numeric)),
        ("IsString", Is(String)),
        ("IsTimestamp", Is(Timestamp)),
        ("BooleanEquals", Compare(Boolean, Equals)),
        ("NumericEquals", Compare(Numeric, Equals)),
        ("NumericLessThan", Compare(Numeric, LessThan)),
        ("NumericLessThanEquals", Compare(Numeric, LessThanEquals)),
        ("NumericGreaterThan", Compare(Numeric, GreaterThan)),
        ("NumericGreaterThanEquals", Compare(Numeric, GreaterThanEquals)),
        ("StringEquals", Compare(String, Equals)),
        ("StringLessThan", Compare(String, LessThan)),
        ("StringLessThanEquals", Compare(String, LessThanEquals)),
        ("StringGreaterThan", Compare(String, GreaterThan)),
        ("StringGreaterThanEquals", Compare(String, GreaterThanEquals)),
        ("StringMatches", Matches),
        ("TimestampEquals", Compare(Timestamp, Equals)),
        ("TimestampLessThan", Compare(Timestamp, LessThan)),
        ("TimestampLessThanEquals", Compare(Timestamp, LessThanEquals)),
        ("TimestampGreaterThan", Compare(Timestamp, GreaterThan)),
        ("TimestampGreaterThanEquals", Compare(Timestamp, GreaterThanEquals)),
    ]
};

impl Operator {
    /// Every operator.
    pub fn all() -> impl Iterator<Item = Self> {
        OPERATORS.iter().map(|(_, operator)| *operator)
    }

    /// The fields that say it, with a value and with a path.
    pub fn fields() -> Vec<String> {
        let name = |operator: Self| match operator {
            Self::Compare(..) => vec![operator.name().into(), format!("{}Path", operator.name())],
            _ => vec![operator.name().to_owned()],
        };
        Self::all().flat_map(name).collect()
    }

    /// The field that says it with a value in the definition.
    pub fn name(self) -> &'static str {
        let found = OPERATORS.iter().find(|(_, operator)| *operator == self);
        found.map_or("", |(name, _)| name)
    }

    /// The operator of a field, and whether the field holds a path.
    pub fn of_field(field: &str) -> Option<(Self, bool)> {
        let find = |name: &str| OPERATORS.iter().find(|(known, _)| *known == name);
        if let Some((_, operator)) = find(field) {
            return Some((*operator, false));
        }
        match find(field.strip_suffix("Path")?)? {
            (_, operator @ Self::Compare(..)) => Some((*operator, true)),
            _ => None,
        }
    }
}

/// As a person would write it: `$.total > 100 and not ($.paid is present)`.
impl fmt::Display for Test {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let joined = |f: &mut fmt::Formatter<'_>, tests: &[Self], word: &str| {
            for (i, test) in tests.iter().enumerate() {
                let before = if i == 0 { String::new() } else { format!(" {word} ") };
                match test {
                    Self::And(_) | Self::Or(_) => write!(f, "{before}({test})")?,
                    Self::Not(_) | Self::Compare(_) => write!(f, "{before}{test}")?,
                }
            }
            Ok(())
        };
        match self {
            Self::And(tests) => joined(f, tests, "and"),
            Self::Or(tests) => joined(f, tests, "or"),
            Self::Not(test) => write!(f, "not ({test})"),
            Self::Compare(comparison) => comparison.fmt(f),
        }
    }
}

impl fmt::Display for Comparison {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { variable, operator, operand } = self;
        let no = if *operand == Operand::Value(false.into()) { "not " } else { "" };
        let is = match operator {
            Operator::IsPresent => "present",
            Operator::IsNull => "null",
            Operator::Is(Kind::Boolean) => "a boolean",
            Operator::Is(Kind::Numeric) => "a number",
            Operator::Is(Kind::String) => "a string",
            Operator::Is(Kind::Timestamp) => "a timestamp",
            Operator::Matches => return write!(f, "{variable} matches {operand}"),
            Operator::Compare(_, relation) => return write!(f, "{variable} {relation} {operand}"),
        };
        write!(f, "{variable} is {no}{is}")
    }
}

impl fmt::Display for Relation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Equals => "=",
            Self::LessThan => "<",
            Self::LessThanEquals => "<=",
            Self::GreaterThan => ">",
            Self::GreaterThanEquals => ">=",
        })
    }
}

impl fmt::Display for Operand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Value(value) => value.fmt(f),
            Self::Path(path) => f.write_str(path),
        }
    }
}

impl Comparison {
    /// The field that says how it compares.
    pub fn field(&self) -> String {
        match self.operand {
            Operand::Value(_) => self.operator.name().to_owned(),
            Operand::Path(_) => format!("{}Path", self.operator.name()),
        }
    }
}
