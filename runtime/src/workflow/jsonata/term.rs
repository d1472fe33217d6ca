//! JSONata as a tree: generated code builds it, `print` writes it, `template` puts it into a field.

use super::print::reads;
use serde_json::Value;
use std::rc::Rc;

/// The greatest integer that a double holds exactly with all its neighbours: 2^53 - 1.
pub(super) const MAX_SAFE: i128 = 9_007_199_254_740_991;

/// What a caught error's value is read from.
const CAUGHT_CAUSE: &str = "$parse($states.errorOutput.Cause)";

/// An expression over the variables of a state. Cloning is cheap.
#[derive(Debug, Clone)]
pub struct Term {
    kind: Rc<Kind>,
    /// Bounds of an integer, where they are known.
    range: Option<(i128, i128)>,
    /// How far it may be from what serde writes.
    outside: Outside,
    /// It may be missing itself.
    missing: bool,
    /// Its evaluation may fail.
    fails: bool,
}

/// How far a value that comes from outside may be from what serde writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Outside {
    /// Keys may be missing that serde fills in.
    lacks: bool,
    /// Members may be there that no type names.
    more: bool,
}

impl Outside {
    fn or(self, other: Self) -> Self {
        Self { lacks: self.lacks || other.lacks, more: self.more || other.more }
    }

    fn of<'t>(parts: impl IntoIterator<Item = &'t Term>) -> Self {
        parts.into_iter().fold(Self::default(), |all, part| all.or(part.outside))
    }
}

/// The kinds of expression that exports use.
#[derive(Debug)]
pub(super) enum Kind {
    /// A constant.
    Literal(Value),
    /// `$name`: a variable of the state machine.
    Variable(String),
    /// A variable bound in the expression; the node is its identity, the text only a hint.
    Parameter(&'static str),
    /// Text that binds as tight as a name: `$states.result`.
    Atom(String),
    /// `base.name`.
    Field(Term, String),
    /// `base[index]`.
    Index(Term, Term),
    /// `value[]`.
    KeepArray(Term),
    /// `[value]` of a sequence: an array even of one or none.
    Gathered(Term),
    /// `[low..high]`.
    Sequence(Term, Term),
    /// `$function(arguments)`.
    Call(&'static str, Vec<Term>),
    /// `-value`.
    Negative(Term),
    /// `left operator right`.
    Binary(Operator, Term, Term),
    /// `condition ? then : else`.
    Condition(Term, Term, Term),
    /// `{"key": value}`; every value is known to be there.
    Object(Vec<(String, Term)>),
    /// `{key: value}` of a computed key.
    Entry(Term, Term),
    /// `[items]`, each item with whether it may itself be an array, which JSONata would splice.
    Array(Vec<(Term, bool)>),
    /// `function($parameters){body}`.
    Lambda(Vec<Term>, Term),
    /// `($name := function($parameter){body}; $name(argument))` of a function that calls itself.
    /// Where too few levels of evaluation are left for its body, it gives `deepest`.
    Recursive { name: Term, parameter: Term, body: Term, deepest: Term, argument: Term },
    /// `$name(argument)` in the body of such a function.
    Again(Term, Term),
    /// The body, with the `Shared` terms of its block.
    Scope(Vec<Term>, Term),
    /// The value, after checking that it lies in the range; fails with the text otherwise.
    Checked { value: Term, low: Option<i128>, high: Option<i128>, error: String },
    /// The value of floats, which fails where it is no finite number. Arithmetic asks that of its
    /// operands itself.
    Finite(Term),
    /// The second, after the first was evaluated for its failure alone.
    After(Term, Term),
    /// A `let` of the source that more than one place may read.
    Shared(&'static str, Term),
}

/// Binary operators, by binding power.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operator {
    Or,
    And,
    Equal,
    NotEqual,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    In,
    Concat,
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
}

impl Term {
    fn new(kind: Kind, parts: &[&Self]) -> Self {
        let fails = parts.iter().any(|part| part.fails);
        let outside = Outside::of(parts.iter().copied());
        Self { kind: Rc::new(kind), range: None, outside, missing: false, fails }
    }

    pub(super) fn kind(&self) -> &Kind {
        &self.kind
    }

    /// Whether both are the same node, not only equal ones.
    pub(super) fn same(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.kind, &other.kind)
    }

    /// Its value, if it is a constant.
    pub(super) fn as_constant(&self) -> Option<&Value> {
        match self.kind() {
            Kind::Literal(value) => Some(value),
            _ => None,
        }
    }

    pub(super) fn range(&self) -> Option<(i128, i128)> {
        self.range
    }

    /// Whether keys of it may be missing that serde fills in.
    pub(super) fn may_lack(&self) -> bool {
        self.outside.lacks
    }

    /// Whether members of it may be there that no type names.
    pub(super) fn may_have_more(&self) -> bool {
        self.outside.more
    }

    /// Whether it may be anything else than what serde writes.
    pub(super) fn is_outside(&self) -> bool {
        self.outside != Outside::default()
    }

    pub(super) fn is_missing(&self) -> bool {
        self.missing
    }

    /// The same value, which the caller of the workflow may have left out.
    #[must_use]
    pub fn optional(mut self) -> Self {
        self.missing = self.outside.lacks;
        self
    }

    /// The same value, which is missing only where `other` is: a condition has asked for the rest.
    #[must_use]
    pub(super) fn missing_where(mut self, other: &Self) -> Self {
        self.missing = other.missing;
        self
    }

    /// The same value, which may hold a part of the input or of an answer, and with it members that
    /// no type names.
    #[must_use]
    pub fn given(mut self) -> Self {
        self.outside.more = true;
        self
    }

    /// The same value, as somebody else wrote it.
    #[must_use]
    pub fn written_elsewhere(mut self) -> Self {
        self.outside.lacks = true;
        self
    }

    /// The same value, as a task has answered it.
    #[must_use]
    pub fn answered(self) -> Self {
        self.given().written_elsewhere()
    }

    /// The same value, which serde fills in where a key is missing.
    #[must_use]
    pub(super) fn complete(mut self) -> Self {
        self.outside.lacks = false;
        self
    }

    /// The same value, as serde writes it.
    #[must_use]
    pub(super) fn exact(mut self) -> Self {
        self.outside = Outside::default();
        self
    }

    /// The same value, which is what the other is made of.
    #[must_use]
    pub(super) fn made_of(mut self, other: &Self) -> Self {
        self.outside = self.outside.or(other.outside);
        self
    }

    pub(in super::super) fn may_fail(&self) -> bool {
        self.fails
    }

    /// The same value with a promise about its bounds.
    pub(super) fn within(mut self, low: i128, high: i128) -> Self {
        self.range = Some((low, high));
        self
    }

    /// A constant.
    pub fn literal(value: impl Into<Value>) -> Self {
        let value = value.into();
        let range = value.as_i64().map(i128::from).or_else(|| value.as_u64().map(i128::from));
        let mut term = Self::new(Kind::Literal(value), &[]);
        term.range = range.map(|n| (n, n));
        term
    }

    /// A variable bound in the expression, to be cloned wherever it is read.
    pub fn parameter(hint: &'static str) -> Self {
        Self::new(Kind::Parameter(hint), &[])
    }

    /// The same for an item of a list.
    pub fn item(hint: &'static str, list: &Self) -> Self {
        Self::parameter(hint).made_of(list)
    }

    /// A variable of the state machine.
    pub fn variable(name: impl Into<String>) -> Self {
        Self::new(Kind::Variable(name.into()), &[])
    }

    /// The result of the step whose Assign or Output this is.
    pub fn result() -> Self {
        Self::new(Kind::Atom("$states.result".into()), &[])
    }

    /// The input of the state: the item, in the first state of a Map's iteration.
    pub fn state_input() -> Self {
        Self::new(Kind::Atom("$states.input".into()), &[])
    }

    /// The cause of the caught failure, as the JSON that our tasks write.
    pub fn caught_cause() -> Self {
        Self::new(Kind::Atom(CAUGHT_CAUSE.into()), &[]).answered()
    }

    /// Whether it is the cause of the caught failure.
    pub(super) fn is_caught_cause(&self) -> bool {
        matches!(self.kind(), Kind::Atom(text) if text == CAUGHT_CAUSE)
    }

    /// The name of the caught failure.
    pub fn caught_error() -> Self {
        Self::new(Kind::Atom("$states.errorOutput.Error".into()), &[])
    }

    /// The cause of the caught failure, as text.
    pub fn caught_text() -> Self {
        Self::new(Kind::Atom("$states.errorOutput.Cause".into()), &[])
    }

    /// Whether it is the result of the step, as it came.
    pub fn is_result(&self) -> bool {
        matches!(self.kind(), Kind::Atom(text) if text == "$states.result")
    }

    /// Whether it is this variable.
    pub fn is_variable(&self, name: &str) -> bool {
        matches!(self.kind(), Kind::Variable(own) if own == name)
    }

    /// The execution's input.
    pub fn execution_input() -> Self {
        let input = Kind::Atom("$states.context.Execution.Input".into());
        Self::new(input, &[]).given().written_elsewhere()
    }

    /// `self.name`.
    #[must_use]
    pub fn member(&self, name: &str) -> Self {
        if let Kind::Object(entries) = self.resolved().kind()
            && let Some((_, value)) = entries.iter().find(|(key, _)| key == name)
            && self.resolved().has(name)
        {
            return value.clone();
        }
        match self.kind() {
            Kind::Condition(condition, then, otherwise)
                if then.has(name) && otherwise.has(name) =>
            {
                return Self::condition(condition, &then.member(name), &otherwise.member(name));
            }
            Kind::Scope(lets, body) if body.has(name) => {
                return Self::scope(lets.clone(), &body.member(name));
            }
            _ => {}
        }
        Self::new(Kind::Field(self.clone(), name.to_owned()), &[self])
    }

    /// Whether it is built here with this key, so that the key can be read without the whole.
    fn has(&self, name: &str) -> bool {
        match self.kind() {
            Kind::Object(entries) => {
                entries.iter().any(|(key, _)| key == name)
                    && entries.iter().all(|(key, value)| key == name || !value.fails)
            }
            Kind::Condition(_, then, otherwise) => then.has(name) && otherwise.has(name),
            Kind::Scope(_, body) => body.has(name),
            _ => false,
        }
    }

    /// `self[index]`, without a check.
    pub(super) fn at(&self, index: &Self) -> Self {
        Self::new(Kind::Index(self.clone(), index.clone()), &[self, index])
    }

    pub(super) fn call(function: &'static str, arguments: Vec<Self>) -> Self {
        let fails = arguments.iter().any(Self::may_fail);
        let outside = Outside::of(&arguments);
        let mut term = Self::new(Kind::Call(function, arguments), &[]);
        (term.fails, term.outside) = (fails, outside);
        term
    }

    /// A regular expression.
    pub(super) fn regex(text: &str) -> Self {
        Self::atom(text)
    }

    /// What is written out: a call, or something else that no operator takes apart.
    pub(in crate::workflow) fn atom(text: &str) -> Self {
        Self::new(Kind::Atom(text.to_owned()), &[])
    }

    /// `value[]`: an array even of one.
    pub(super) fn keep_array(value: &Self) -> Self {
        Self::new(Kind::KeepArray(value.clone()), &[value])
    }

    /// `[value]` of a sequence, whose items are no arrays.
    pub(super) fn gathered(value: &Self) -> Self {
        Self::new(Kind::Gathered(value.clone()), &[value])
    }

    /// `[low..high]`.
    pub(super) fn sequence(low: &Self, high: &Self) -> Self {
        Self::new(Kind::Sequence(low.clone(), high.clone()), &[low, high])
    }

    /// Says that its evaluation may fail.
    pub(super) fn mark_failing(&mut self) {
        self.fails = true;
    }

    /// `$error(text)`.
    pub(in crate::workflow) fn error(text: &str) -> Self {
        let mut term = Self::call("error", vec![Self::literal(text)]);
        term.fails = true;
        term
    }

    pub(super) fn negative(value: &Self) -> Self {
        let range = value.range.map(|(low, high)| (-high, -low));
        let mut term = Self::new(Kind::Negative(value.clone()), &[value]);
        term.range = range;
        term
    }

    pub(super) fn binary(operator: Operator, left: &Self, right: &Self) -> Self {
        Self::new(Kind::Binary(operator, left.clone(), right.clone()), &[left, right])
    }

    /// `condition ? then : otherwise`.
    pub fn condition(condition: &Self, then: &Self, otherwise: &Self) -> Self {
        if let Kind::Literal(Value::Bool(known)) = condition.kind() {
            return if *known { then.clone() } else { otherwise.clone() };
        }
        if then.same(otherwise) && !condition.fails {
            return then.clone();
        }
        let kind = Kind::Condition(condition.clone(), then.clone(), otherwise.clone());
        let mut term = Self::new(kind, &[condition, then, otherwise]);
        if let (Some((a, b)), Some((c, d))) = (then.range, otherwise.range) {
            term.range = Some((a.min(c), b.max(d)));
        }
        term.outside = then.outside.or(otherwise.outside);
        term.missing = then.missing || otherwise.missing;
        term
    }

    /// An object whose values are known to be there.
    pub fn object(entries: Vec<(String, Self)>) -> Self {
        let fails = entries.iter().any(|(_, value)| value.fails);
        let outside = Outside::of(entries.iter().map(|(_, value)| value));
        let mut term = Self::new(Kind::Object(entries), &[]);
        (term.fails, term.outside) = (fails, outside);
        term
    }

    /// `null`.
    pub(super) fn unit() -> Self {
        Self::literal(Value::Null)
    }

    /// The object without this key.
    pub(super) fn without(&self, key: &str) -> Self {
        let (value, name) = (Self::parameter("value"), Self::parameter("key"));
        let other = Self::binary(Operator::NotEqual, &name, &Self::literal(key));
        Self::call("sift", vec![self.clone(), Self::lambda(vec![value, name], &other)])
    }

    /// The entries of two objects in one.
    pub(super) fn merged(&self, other: &Self) -> Self {
        match (self.kind(), other.kind()) {
            (_, Kind::Object(two)) if two.is_empty() => self.clone(),
            (Kind::Object(one), Kind::Object(two)) => {
                Self::object(one.iter().chain(two).cloned().collect())
            }
            _ => Self::call(
                "merge",
                vec![Self::array(vec![(self.clone(), false), (other.clone(), false)])],
            ),
        }
    }

    pub(super) fn array(items: Vec<(Self, bool)>) -> Self {
        let fails = items.iter().any(|(value, _)| value.fails);
        let outside = Outside::of(items.iter().map(|(value, _)| value));
        let mut term = Self::new(Kind::Array(items), &[]);
        (term.fails, term.outside) = (fails, outside);
        term
    }

    /// `{key: value}` of a key that is not known here.
    pub(super) fn entry(key: &Self, value: &Self) -> Self {
        Self::new(Kind::Entry(key.clone(), value.clone()), &[key, value])
    }

    pub(super) fn lambda(parameters: Vec<Self>, body: &Self) -> Self {
        Self::new(Kind::Lambda(parameters, body.clone()), &[body])
    }

    /// `function(argument)` of a function of this parameter that calls itself by this name.
    pub(super) fn recursive(
        (name, parameter): (Self, Self),
        body: &Self,
        deepest: &Self,
        argument: &Self,
    ) -> Self {
        let kind = Kind::Recursive {
            name,
            parameter,
            body: body.clone(),
            deepest: deepest.clone(),
            argument: argument.clone(),
        };
        Self::new(kind, &[body, deepest, argument])
    }

    /// A call of the function around it.
    pub(super) fn again(name: &Self, argument: &Self) -> Self {
        Self::new(Kind::Again(name.clone(), argument.clone()), &[argument])
    }

    /// `self`, after `first` was evaluated for its failure alone.
    pub(in super::super) fn after(&self, first: &Self) -> Self {
        Self::new(Kind::After(first.clone(), self.clone()), &[first, self])
    }

    /// What stands in for every expression of a workflow that is not exported.
    pub fn native() -> Self {
        Self::new(Kind::Atom("$error('native code')".into()), &[])
    }

    /// The body of a block whose `let`s are these `shared` terms. Those that it does not read are
    /// left out.
    pub fn scope(lets: Vec<Self>, body: &Self) -> Self {
        let mut kept: Vec<Self> = Vec::new();
        for term in lets.into_iter().rev() {
            let read = reads(body, &term) > 0 || kept.iter().any(|later| later.reads(&term));
            let known = kept.iter().any(|later| later.same(&term));
            if read && !known && matches!(term.kind(), Kind::Shared(..)) {
                kept.push(term);
            }
        }
        kept.reverse();
        if kept.is_empty() {
            return body.clone();
        }
        let fails = body.fails || kept.iter().any(Self::may_fail);
        let mut term = Self::new(Kind::Scope(kept, body.clone()), &[]);
        (term.range, term.outside, term.fails) = (body.range, body.outside, fails);
        term.missing = body.missing;
        term
    }

    /// Whether the value of this `let` reads another.
    fn reads(&self, other: &Self) -> bool {
        match self.kind() {
            Kind::Shared(_, value) => reads(value, other) > 0,
            _ => false,
        }
    }

    /// The value that a `let` stands for.
    pub(super) fn resolved(&self) -> &Self {
        match self.kind() {
            Kind::Shared(_, value) => value.resolved(),
            _ => self,
        }
    }

    /// A `let` of the source: written once where several places read it.
    #[must_use]
    pub fn shared(&self, name: &'static str) -> Self {
        if self.is_short() || matches!(self.kind(), Kind::Shared(..)) {
            return self.clone();
        }
        let mut term = Self::new(Kind::Shared(name, self.clone()), &[self]);
        (term.range, term.outside, term.missing) = (self.range, self.outside, self.missing);
        term
    }

    /// The value, checked to lie between the bounds where its own range does not prove it.
    pub(super) fn checked(self, low: i128, high: i128, error: &str) -> Self {
        let (from, to) = self.range.unwrap_or((i128::MIN, i128::MAX));
        let (below, above) = ((from < low).then_some(low), (to > high).then_some(high));
        if below.is_none() && above.is_none() {
            return self;
        }
        let kind = Kind::Checked { value: self, low: below, high: above, error: error.to_owned() };
        let mut term = Self::new(kind, &[]);
        (term.range, term.fails) = (Some((from.max(low), to.min(high))), true);
        term
    }

    /// The value, checked to be a finite number.
    pub(super) fn finite(self) -> Self {
        let mut term = Self::new(Kind::Finite(self), &[]);
        term.fails = true;
        term
    }

    /// Whether repeating it costs nothing: a constant, a variable, a path.
    pub(super) fn is_short(&self) -> bool {
        match self.kind() {
            Kind::Literal(Value::Array(items)) => items.is_empty(),
            Kind::Literal(value) => !value.is_object(),
            Kind::Variable(_) | Kind::Parameter(_) | Kind::Atom(_) => true,
            Kind::Field(base, _) => base.is_short(),
            _ => false,
        }
    }
}
