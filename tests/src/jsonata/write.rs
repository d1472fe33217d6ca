//! Writing an expression: what is in scope, and what kind of value is wanted.

use super::data;
use crate::random::Random;

/// The kinds of values that an expression can be asked to give. It may give another: an expression
/// of the wrong kind is put in now and then, and what is missing has none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Number,
    Text,
    Boolean,
    List,
    Object,
    Any,
}

const KINDS: [Kind; 5] = [Kind::Number, Kind::Text, Kind::Boolean, Kind::List, Kind::Object];

/// Writes expressions. Parts are put in parentheses wherever an operator could take them apart.
pub(super) struct Writer<'r> {
    pub(super) random: &'r mut Random,
    /// Variables that the expression has bound, innermost last.
    pub(super) scope: Vec<(String, Kind)>,
    /// Whether there is a focus with the fields of the objects in `$os`.
    pub(super) focus: bool,
    bound: usize,
}

/// One expression.
pub fn expression(random: &mut Random) -> String {
    let mut writer = Writer { random, scope: Vec::new(), focus: false, bound: 0 };
    let depth = 1 + writer.random.below(5);
    writer.write(Kind::Any, depth)
}

impl Writer<'_> {
    /// An expression of a kind, nested so deep at most.
    pub(super) fn write(&mut self, kind: Kind, depth: usize) -> String {
        let kind = match kind {
            Kind::Any => KINDS[self.random.below(KINDS.len())],
            _ if self.random.one_in(25) => KINDS[self.random.below(KINDS.len())],
            kind => kind,
        };
        if self.random.one_in(40) {
            return self
                .random
                .pick(&["null", "$missing", "$u", "$o.missing", "$none[0]"])
                .to_owned();
        }
        if self.random.one_in(6)
            && let Some(name) = self.variable(kind)
        {
            return name;
        }
        if depth == 0 {
            return self.leaf(kind);
        }
        match self.random.below(14) {
            0 => self.conditional(kind, depth - 1),
            1 => self.block(kind, depth - 1),
            2 if depth > 1 => self.call(kind, depth - 1),
            _ => match kind {
                Kind::Number => self.number(depth - 1),
                Kind::Text => self.text(depth - 1),
                Kind::Boolean => self.boolean(depth - 1),
                Kind::List => self.list(depth - 1),
                Kind::Object | Kind::Any => self.object(depth - 1),
            },
        }
    }

    /// An expression in parentheses, where it is not a single name or literal.
    pub(super) fn part(&mut self, kind: Kind, depth: usize) -> String {
        let written = self.write(kind, depth);
        let is_word = written.chars().all(|c| c.is_ascii_alphanumeric() || "$._".contains(c));
        if is_word { written } else { format!("({written})") }
    }

    pub(super) fn leaf(&mut self, kind: Kind) -> String {
        let choices: &[&str] = match kind {
            Kind::Number if self.focus => &["a", "c.d", "i", "$n", "$count(c.e)"],
            Kind::Text if self.focus => &["b", "t", "$s"],
            Kind::Number if self.random.one_in(3) => &["$n", "$xs[0]", "$o.a", "$one", "$os[0].a"],
            Kind::Number => data::NUMBERS,
            Kind::Text if self.random.one_in(3) => &["$s", "$ts[0]", "$o.b", "$os[1].b", "$ts[-1]"],
            Kind::Text => data::TEXTS,
            Kind::Boolean => &["true", "false", "$b"],
            Kind::List => &[
                "$xs",
                "$ts",
                "$os",
                "$one",
                "$none",
                "$nested",
                "$mixed",
                "$os.a",
                "$os.c.e",
                "$o.c.d",
                "$os.b",
                "[1..4]",
                "[]",
                "[1,2,3]",
                "$o.*",
                "$os.c",
                "$nested[0]",
            ],
            Kind::Object | Kind::Any => {
                &["$o", "$os[0]", "{}", "{'a': 1, 'b': 'x'}", "$o.c", "$os[-1]"]
            }
        };
        self.random.pick(choices).to_owned()
    }

    fn variable(&mut self, kind: Kind) -> Option<String> {
        let fitting: Vec<_> = self.scope.iter().filter(|(_, bound)| *bound == kind).collect();
        let (name, _) = fitting.get(self.random.below(fitting.len()))?;
        Some(format!("${name}"))
    }

    /// A name that nothing else has.
    pub(super) fn name(&mut self) -> String {
        self.bound += 1;
        format!("v{}", self.bound)
    }

    /// Writes with variables in scope.
    pub(super) fn with(
        &mut self,
        bound: &[(&str, Kind)],
        write: impl FnOnce(&mut Self) -> String,
    ) -> String {
        let outer = self.scope.len();
        self.scope.extend(bound.iter().map(|(name, kind)| ((*name).to_owned(), *kind)));
        let written = write(self);
        self.scope.truncate(outer);
        written
    }

    /// Writes where the objects of `$os` are the focus.
    pub(super) fn focused(&mut self, write: impl FnOnce(&mut Self) -> String) -> String {
        let outer = std::mem::replace(&mut self.focus, true);
        let written = write(self);
        self.focus = outer;
        written
    }

    fn conditional(&mut self, kind: Kind, depth: usize) -> String {
        let condition = self.part(Kind::Boolean, depth);
        let (yes, no) = (self.part(kind, depth), self.part(kind, depth));
        if self.random.one_in(4) {
            return format!("({condition} ? {yes})");
        }
        format!("({condition} ? {yes} : {no})")
    }

    fn block(&mut self, kind: Kind, depth: usize) -> String {
        let bound = KINDS[self.random.below(KINDS.len())];
        let name = self.name();
        let value = self.write(bound, depth);
        let rest = self.with(&[(&name, bound)], |writer| writer.write(kind, depth));
        format!("(${name} := {value}; {rest})")
    }

    /// A function of the expression's own, called directly, through a name, or with an argument left
    /// open.
    fn call(&mut self, kind: Kind, depth: usize) -> String {
        let taken = KINDS[self.random.below(KINDS.len())];
        let (name, function) = (self.name(), self.name());
        let body = self.with(&[(&name, taken)], |writer| writer.write(kind, depth));
        let arg = self.write(taken, depth);
        match self.random.below(4) {
            0 => format!("function(${name}){{ {body} }}({arg})"),
            1 => format!("(${function} := λ(${name}) {{ {body} }}; ${function}({arg}))"),
            2 => format!("({arg} ~> function(${name}){{ {body} }})"),
            _ => format!(
                "(${function} := function(${name}, $other){{ {body} }}; \
                 ${function}(?, 1)({arg}))"
            ),
        }
    }
}
