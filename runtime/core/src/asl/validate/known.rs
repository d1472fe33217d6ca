//! Which variables are set at a place: sets of names, small enough to keep one for every state of a
//! large machine.

use std::collections::BTreeMap;

/// The names that a machine assigns, each with a number.
#[derive(Debug, Default)]
pub(super) struct Names<'d> {
    numbers: BTreeMap<&'d str, usize>,
}

impl<'d> Names<'d> {
    /// Gives a name its number, the same one every time.
    pub(super) fn add(&mut self, name: &'d str) {
        let next = self.numbers.len();
        self.numbers.entry(name).or_insert(next);
    }

    fn number(&self, name: &str) -> Option<usize> {
        self.numbers.get(name).copied()
    }

    /// The names in a set.
    pub(super) fn of(&self, set: &Set) -> impl Iterator<Item = &'d str> {
        self.numbers.iter().filter(|(_, number)| set.has(**number)).map(|(name, _)| *name)
    }
}

/// A set of names, by their numbers.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Set(Vec<u64>);

impl Set {
    fn has(&self, number: usize) -> bool {
        self.0.get(number / 64).is_some_and(|word| word >> (number % 64) & 1 == 1)
    }

    /// Whether a name is in it.
    pub(super) fn contains(&self, names: &Names<'_>, name: &str) -> bool {
        names.number(name).is_some_and(|number| self.has(number))
    }

    /// Adds a name.
    pub(super) fn insert(&mut self, names: &Names<'_>, name: &str) {
        let Some(number) = names.number(name) else { return };
        if self.0.len() <= number / 64 {
            self.0.resize(number / 64 + 1, 0);
        }
        if let Some(word) = self.0.get_mut(number / 64) {
            *word |= 1 << (number % 64);
        }
    }

    /// Adds all of another set.
    pub(super) fn extend(&mut self, other: &Self) {
        if self.0.len() < other.0.len() {
            self.0.resize(other.0.len(), 0);
        }
        for (word, more) in self.0.iter_mut().zip(&other.0) {
            *word |= more;
        }
    }

    /// Keeps what is in another set too.
    fn retain(&mut self, other: &Self) {
        self.0.truncate(other.0.len());
        for (word, kept) in self.0.iter_mut().zip(&other.0) {
            *word &= kept;
        }
    }
}

/// The variables set on entry to a state.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Known {
    /// On every path.
    pub(super) always: Set,
    /// On some path.
    pub(super) sometimes: Set,
}

impl Known {
    /// After an Assign of `assigned`.
    pub(super) fn with<'n>(
        &self,
        names: &Names<'_>,
        assigned: impl Iterator<Item = &'n str>,
    ) -> Self {
        let mut known = self.clone();
        for name in assigned {
            known.always.insert(names, name);
            known.sometimes.insert(names, name);
        }
        known
    }

    /// Where another path comes in; says whether anything changed.
    pub(super) fn meet(&mut self, other: &Self) -> bool {
        let before = self.clone();
        self.always.retain(&other.always);
        self.sometimes.extend(&other.sometimes);
        *self != before
    }
}
