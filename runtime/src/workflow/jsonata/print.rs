//! Writes a [`Term`] as the text of one expression.
//!
//! Names bound in the expression never hide a variable of the state machine or a function.

use super::{
    levels::{self, Levels},
    term::{Kind, Operator, Term},
};
use crate::query::jsonata::function_names;
use serde_json::Value;
use std::collections::BTreeSet;

/// The text of the expression, without the marks around it.
pub fn text(term: &Term) -> String {
    let mut printer = Printer::default();
    // A variable of such a name would hide the function, or what Step Functions gives.
    printer.taken.extend(function_names().chain(["states"]).map(str::to_owned));
    variables(term, &mut printer.taken);
    printer.print(term, 0)
}

#[derive(Default)]
struct Printer<'t> {
    taken: BTreeSet<String>,
    names: Vec<(&'t Term, String)>,
    levels: Levels,
}

/// Binding power, as JSONata's parser has it.
pub(super) const CONDITION: u8 = 20;
pub(super) const UNARY: u8 = 70;
pub(super) const TIGHT: u8 = 100;

impl Operator {
    pub(super) fn power(self) -> u8 {
        match self {
            Self::Or => 25,
            Self::And => 30,
            Self::Equal
            | Self::NotEqual
            | Self::Less
            | Self::LessEqual
            | Self::Greater
            | Self::GreaterEqual
            | Self::In => 40,
            Self::Concat | Self::Add | Self::Subtract => 50,
            Self::Multiply | Self::Divide | Self::Remainder => 60,
        }
    }

    /// Whether it computes with numbers.
    fn computes(self) -> bool {
        self.power() >= Self::Add.power() && self != Self::Concat
    }

    fn text(self) -> &'static str {
        match self {
            Self::Or => "or",
            Self::And => "and",
            Self::Equal => "=",
            Self::NotEqual => "!=",
            Self::Less => "<",
            Self::LessEqual => "<=",
            Self::Greater => ">",
            Self::GreaterEqual => ">=",
            Self::In => "in",
            Self::Concat => "&",
            Self::Add => "+",
            Self::Subtract => "-",
            Self::Multiply => "*",
            Self::Divide => "/",
            Self::Remainder => "%",
        }
    }

    /// Whether `a op (b op c)` may be written without the parentheses.
    fn associates(self) -> bool {
        matches!(self, Self::Or | Self::And | Self::Concat)
    }
}

impl<'t> Printer<'t> {
    fn fresh(&mut self, hint: &str) -> String {
        let mut name = hint.trim_start_matches('_').to_owned();
        if name.is_empty() {
            name.push('v');
        }
        let base = name.clone();
        let mut count = 1;
        while !self.taken.insert(name.clone()) {
            count += 1;
            name = format!("{base}_{count}");
        }
        name
    }

    fn name_of(&self, term: &Term) -> Option<&str> {
        self.names.iter().rev().find(|(known, _)| known.same(term)).map(|(_, name)| name.as_str())
    }

    /// Text that may stand where an operator of this power takes an operand.
    fn print(&mut self, term: &'t Term, power: u8) -> String {
        if let Some(name) = self.name_of(term) {
            let text = format!("${name}");
            self.levels.enter(1);
            self.levels.leave(1);
            return text;
        }
        let levels = levels::of(term, power);
        self.levels.enter(levels);
        let text = self.written(term, power);
        self.levels.leave(levels);
        text
    }

    fn written(&mut self, term: &'t Term, power: u8) -> String {
        match term.kind() {
            Kind::Literal(value) => match value.as_f64() {
                Some(number) if number < 0.0 && power > UNARY => format!("({})", literal(value)),
                _ => literal(value),
            },
            Kind::Variable(name) => format!("${name}"),
            Kind::Parameter(hint) => format!("${hint}"),
            Kind::Atom(text) => text.clone(),
            // between backticks a name can hold anything but one
            Kind::Field(base, name) => self.field(base, name),
            Kind::Index(base, index) => self.index(base, index),
            Kind::KeepArray(value) => format!("{}[]", self.print(value, TIGHT)),
            Kind::Gathered(value) => format!("[{}]", self.print(value, 0)),
            Kind::Sequence(low, high) => {
                format!("[{}..{}]", self.print(low, 21), self.print(high, 21))
            }
            Kind::Call(function, arguments) => {
                let arguments: Vec<String> =
                    arguments.iter().map(|argument| self.print(argument, 0)).collect();
                format!("${function}({})", arguments.join(", "))
            }
            Kind::Negative(value) => wrap(format!("-{}", self.operand(value, TIGHT)), UNARY, power),
            Kind::Binary(operator, left, right) => {
                let own = operator.power();
                let same = matches!(right.kind(), Kind::Binary(inner, ..) if inner == operator);
                let right_power = if operator.associates() && same { own } else { own + 1 };
                let (left, right) = if operator.computes() {
                    (self.operand(left, own), self.operand(right, right_power))
                } else {
                    (self.print(left, own), self.print(right, right_power))
                };
                wrap(format!("{left} {} {right}", operator.text()), own, power)
            }
            Kind::Condition(condition, then, otherwise) => {
                let text = format!(
                    "{} ? {} : {}",
                    self.print(condition, CONDITION + 1),
                    self.print(then, CONDITION + 1),
                    self.print(otherwise, CONDITION)
                );
                wrap(text, CONDITION, power)
            }
            Kind::Object(entries) => self.object(entries),
            Kind::Entry(key, value) => {
                format!("{{{}: {}}}", self.print(key, 0), self.print(value, 0))
            }
            Kind::Array(items) => self.array(items),
            Kind::Lambda(parameters, body) => self.lambda(parameters, body),
            Kind::Recursive { name, parameter, body, deepest, argument } => {
                self.recursive(name, parameter, (body, deepest), argument)
            }
            Kind::Again(name, argument) => {
                let left = self.levels.call();
                format!("{}({}, {left})", self.print(name, TIGHT), self.print(argument, 0))
            }
            Kind::Scope(lets, body) => self.scope(lets, body, power),
            Kind::Checked { value, low, high, error } => {
                self.checked(value, (*low, *high), error, power)
            }
            // adding to what is not finite fails
            Kind::Finite(value) => {
                let own = Operator::Add.power();
                wrap(format!("{} + 0", self.print(value, own)), own, power)
            }
            Kind::Shared(_, value) => self.print(value, power),
            Kind::After(first, then) => {
                format!("({}; {})", self.print(first, 0), self.print(then, 0))
            }
        }
    }

    /// An operand of arithmetic, which fails by itself where it is not finite.
    fn operand(&mut self, term: &'t Term, power: u8) -> String {
        match term.kind() {
            Kind::Finite(value) => self.print(value, power),
            Kind::Shared(_, value) if self.name_of(term).is_none() => self.operand(value, power),
            _ => self.print(term, power),
        }
    }

    fn field(&mut self, base: &'t Term, name: &str) -> String {
        if name.contains('`') {
            // between backticks a name can hold anything but one
            return format!("$lookup({}, {})", self.print(base, 0), literal(&name.into()));
        }
        format!("{}.{}", self.print(base, TIGHT), key(name))
    }

    fn index(&mut self, base: &'t Term, index: &'t Term) -> String {
        // `a[i][0]` would take the first of what `a[i]` gives as a sequence.
        let list = match base.resolved().kind() {
            Kind::Index(..) => format!("({})", self.print(base, 0)),
            _ => self.print(base, TIGHT),
        };
        format!("{list}[{}]", self.print(index, 0))
    }

    fn object(&mut self, entries: &'t [(String, Term)]) -> String {
        let entries: Vec<String> = entries
            .iter()
            .map(|(name, value)| {
                format!("{}: {}", Value::from(name.as_str()), self.print(value, 0))
            })
            .collect();
        format!("{{{}}}", entries.join(", "))
    }

    fn array(&mut self, items: &'t [(Term, bool)]) -> String {
        let items: Vec<String> = items
            .iter()
            .map(|(item, is_array)| {
                let text = self.print(item, 0);
                // A constructor is not spliced into the one around it, any other array is.
                if *is_array && !text.starts_with('[') { format!("[{text}]") } else { text }
            })
            .collect();
        format!("[{}]", items.join(", "))
    }

    fn lambda(&mut self, parameters: &'t [Term], body: &'t Term) -> String {
        let depth = self.names.len();
        let mut list = Vec::new();
        for parameter in parameters {
            let hint = match parameter.kind() {
                Kind::Parameter(hint) => hint,
                _ => "v",
            };
            let name = self.fresh(hint);
            list.push(format!("${name}"));
            self.names.push((parameter, name));
        }
        let body = self.print(body, 0);
        self.forget(depth);
        format!("function({}){{{body}}}", list.join(", "))
    }

    /// The function gets the levels that are left to it beside its value, so that no value is too
    /// deep for an expression.
    fn recursive(
        &mut self,
        name: &'t Term,
        parameter: &'t Term,
        (body, deepest): (&'t Term, &'t Term),
        argument: &'t Term,
    ) -> String {
        let argument = self.print(argument, 0);
        let given = self.levels.call();
        let depth = self.names.len();
        let (called, value) = (self.fresh("whole"), self.fresh("value"));
        self.names.push((name, called.clone()));
        self.names.push((parameter, value.clone()));
        let left = self.fresh("left");
        self.levels.begin(left.clone());
        let deepest = self.print(deepest, CONDITION + 1);
        let body = self.print(body, CONDITION);
        let needed = self.levels.end();
        self.taken.remove(&left);
        self.forget(depth);
        format!(
            "(${called} := function(${value}, ${left}){{${left} < {needed} ? {deepest} : {body}}}; \
             ${called}({argument}, {given}))"
        )
    }

    fn checked(
        &mut self,
        value: &'t Term,
        (low, high): (Option<i128>, Option<i128>),
        error: &str,
        power: u8,
    ) -> String {
        let short = value.is_short() || self.name_of(value).is_some();
        let (bind, name) = if short {
            (String::new(), self.print(value, 50))
        } else {
            let text = self.print(value, 0);
            let name = self.fresh("v");
            self.taken.remove(&name);
            (format!("${name} := {text}; "), format!("${name}"))
        };
        let low = low.map(|bound| format!("{name} >= {bound}"));
        let high = high.map(|bound| format!("{name} <= {bound}"));
        let tests: Vec<String> = low.into_iter().chain(high).collect();
        let text =
            format!("{bind}{} ? {name} : $error({})", tests.join(" and "), literal(&error.into()));
        if short { wrap(text, CONDITION, power) } else { format!("({text})") }
    }

    /// A block: its `let`s that are read more than once, or that may fail, then its value.
    fn scope(&mut self, lets: &'t [Term], body: &'t Term, power: u8) -> String {
        let depth = self.names.len();
        let mut bound = Vec::new();
        for (position, term) in lets.iter().enumerate() {
            let Kind::Shared(hint, value) = term.kind() else { continue };
            if self.name_of(term).is_some() {
                continue;
            }
            let later = lets.iter().skip(position + 1).map(|later| reads(later, term));
            let reads = later.sum::<usize>() + reads(body, term);
            if reads > 1 || (reads == 1 && value.may_fail() && !certain(body, term)) {
                self.levels.enter(1);
                let text = self.print(value, 0);
                self.levels.leave(1);
                let name = self.fresh(hint);
                bound.push(format!("${name} := {text}"));
                self.names.push((term, name));
            }
        }
        let text = if bound.is_empty() {
            self.print(body, power)
        } else {
            format!("({}; {})", bound.join("; "), self.print(body, 0))
        };
        self.forget(depth);
        text
    }

    /// Ends the scope of the names after the first `depth`.
    fn forget(&mut self, depth: usize) {
        for (_, name) in self.names.drain(depth..) {
            self.taken.remove(&name);
        }
    }
}

fn wrap(text: String, own: u8, power: u8) -> String {
    if own < power { format!("({text})") } else { text }
}

/// A key after a dot: as it is where it is a name, else between backticks.
fn key(name: &str) -> String {
    let mut chars = name.chars();
    let plain = chars.next().is_some_and(|first| first.is_ascii_alphabetic() || first == '_')
        && chars.all(|rest| rest.is_ascii_alphanumeric() || rest == '_');
    let word = matches!(name, "and" | "or" | "in" | "true" | "false" | "null" | "function");
    if plain && !word { name.to_owned() } else { format!("`{name}`") }
}

/// A constant. Strings stand in single quotes where that needs no escape, for definitions are JSON.
pub(super) fn literal(value: &Value) -> String {
    match value {
        Value::String(text) if !text.contains(['\'', '\\']) && !text.contains(char::is_control) => {
            format!("'{text}'")
        }
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(literal).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Object(entries) => {
            let entries: Vec<String> = entries
                .iter()
                .map(|(name, value)| format!("{}: {}", Value::from(name.as_str()), literal(value)))
                .collect();
            format!("{{{}}}", entries.join(", "))
        }
        Value::Number(number) if number.is_f64() => match number.as_f64() {
            // `1000`, not `1000.0`: there is one kind of numbers.
            Some(float) => float.to_string(),
            None => number.to_string(),
        },
        other => other.to_string(),
    }
}

impl Term {
    /// The parts, and whether each is evaluated whenever the whole is.
    fn parts(&self) -> Vec<(&Self, bool)> {
        match self.kind() {
            Kind::Literal(_) | Kind::Variable(_) | Kind::Parameter(_) | Kind::Atom(_) => Vec::new(),
            Kind::Field(base, _)
            | Kind::Again(_, base)
            | Kind::Negative(base)
            | Kind::KeepArray(base)
            | Kind::Gathered(base) => {
                vec![(base, true)]
            }
            Kind::Index(one, other)
            | Kind::Entry(one, other)
            | Kind::Sequence(one, other)
            | Kind::After(one, other) => vec![(one, true), (other, true)],
            Kind::Recursive { body, deepest, argument, .. } => {
                vec![(argument, true), (body, false), (deepest, false)]
            }
            Kind::Call(_, arguments) => arguments.iter().map(|term| (term, true)).collect(),
            Kind::Binary(operator, left, right) => {
                let both = !matches!(operator, Operator::And | Operator::Or);
                vec![(left, true), (right, both)]
            }
            Kind::Condition(condition, then, otherwise) => {
                vec![(condition, true), (then, false), (otherwise, false)]
            }
            Kind::Object(entries) => entries.iter().map(|(_, value)| (value, true)).collect(),
            Kind::Array(items) => items.iter().map(|(item, _)| (item, true)).collect(),
            Kind::Lambda(_, body) => vec![(body, false)],
            Kind::Scope(lets, body) => {
                let mut parts: Vec<(&Self, bool)> = lets.iter().map(|term| (term, false)).collect();
                parts.push((body, true));
                parts
            }
            Kind::Checked { value, .. } | Kind::Finite(value) | Kind::Shared(_, value) => {
                vec![(value, true)]
            }
        }
    }
}

/// How many places of `term` read `wanted`; a place in a lambda counts as many.
pub(in crate::workflow) fn reads(term: &Term, wanted: &Term) -> usize {
    if term.same(wanted) {
        return 1;
    }
    let count: usize = match term.kind() {
        // The `let`s of an inner block are written where they are read.
        Kind::Scope(lets, body) => {
            let inner = lets.iter().flat_map(Term::parts).map(|(part, _)| reads(part, wanted));
            inner.sum::<usize>() + reads(body, wanted)
        }
        Kind::Recursive { body, deepest, argument, .. } => {
            2 * (reads(body, wanted) + reads(deepest, wanted)) + reads(argument, wanted)
        }
        _ => term.parts().into_iter().map(|(part, _)| reads(part, wanted)).sum(),
    };
    let factor = if matches!(term.kind(), Kind::Lambda(..)) { 2 } else { 1 };
    count * factor
}

/// Whether evaluating `term` always evaluates `wanted`.
fn certain(term: &Term, wanted: &Term) -> bool {
    term.same(wanted)
        || term.parts().into_iter().any(|(part, always)| always && certain(part, wanted))
}

fn variables(term: &Term, into: &mut BTreeSet<String>) {
    if let Kind::Variable(name) = term.kind() {
        into.insert(name.clone());
    }
    for (part, _) in term.parts() {
        variables(part, into);
    }
}
