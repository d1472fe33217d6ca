//! Answers that stand in for what performs a machine's tasks elsewhere: from a file, by state or by
//! Resource, one after another.

mod file;
mod mock_config;
mod progress;
mod reach;

pub use file::{BadAnswers, Mistake};

use crate::{
    asl::{Definition, Node, State, States},
    driver::StandIn,
    engine::{HistoryEvent, RunTask},
    program::{Data, Failure, names},
};
use indexmap::IndexMap;
use progress::Progress;
use std::sync::{Mutex, PoisonError};

/// What one call of a task gives.
type Outcome = Result<Data, Failure>;

/// Answers to the tasks of a definition. The calls of a state, or of a Resource, get the answers
/// listed for it one after another, and the last one again and again. A call is counted when it is
/// scheduled; what is delivered again after a crash gets its answer again.
#[derive(Debug, Default)]
pub struct Answers {
    lists: Vec<Vec<Outcome>>,
    /// What answers each state that has a task: an index of `lists`.
    by_state: IndexMap<String, Tasked>,
    progress: Mutex<Progress>,
}

/// A state with a task.
#[derive(Debug)]
struct Tasked {
    resource: String,
    list: Option<usize>,
}

/// A state whose task has no answer.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Unanswered {
    /// Its name.
    pub state: String,
    /// What it asks for.
    pub resource: String,
}

impl Answers {
    /// No answers to the tasks of a definition.
    pub fn none(definition: &Definition) -> Self {
        Self::of(IndexMap::new(), definition)
    }

    /// Reads answers to the tasks of a definition.
    ///
    /// The text is an object whose keys are states or Resources and whose values are one outcome or a
    /// list: `{"result": ..}` or `{"error": "Name", "cause": ".."}`. A mock configuration of Step
    /// Functions Local is read too: it names the machine, and `test_case` one of its cases where it
    /// has several.
    ///
    /// # Errors
    ///
    /// Every mistake in the text, with its place.
    pub fn parse(
        text: &str,
        machine: &str,
        test_case: Option<&str>,
        definition: &Definition,
    ) -> Result<Self, BadAnswers> {
        let node = Node::parse(text).map_err(|error| BadAnswers::one(error.message, error.span))?;
        let known = tasks(definition);
        let lists = if mock_config::is_one(&node) {
            mock_config::read(&node, machine, test_case, &known)?
        } else {
            file::read(&node, test_case, &known)?
        };
        Ok(Self::of(lists, definition))
    }

    fn of(lists: IndexMap<String, Vec<Outcome>>, definition: &Definition) -> Self {
        let by_state = tasks(definition).into_iter().map(|(state, resource)| {
            let list = lists.get_index_of(&state).or_else(|| lists.get_index_of(&resource));
            (state, Tasked { resource, list })
        });
        let by_state = by_state.collect();
        Self { lists: lists.into_values().collect(), by_state, progress: Mutex::default() }
    }

    /// Goes on where an execution stands that was answered before: by its history so far. The
    /// executions of its Map Runs are answered from the same lists: each is given here, too.
    #[must_use]
    pub fn resuming(mut self, execution: &str, history: &[HistoryEvent]) -> Self {
        let list = |state: &str| self.by_state.get(state).and_then(|tasked| tasked.list);
        let progress = self.progress.get_mut().unwrap_or_else(PoisonError::into_inner);
        progress.add(execution, history, list);
        self
    }

    /// The states whose tasks have no answer.
    pub fn unanswered(&self) -> Vec<Unanswered> {
        let unanswered = self.by_state.iter().filter(|(_, tasked)| tasked.list.is_none());
        unanswered
            .map(|(state, tasked)| Unanswered {
                state: state.clone(),
                resource: tasked.resource.clone(),
            })
            .collect()
    }

    /// The tasks without an answer that no execution can get past: whatever it decides, it comes to
    /// one of them before it ends. None if some way leads to an end.
    pub fn impasse(&self, definition: &Definition) -> Vec<Unanswered> {
        reach::impasse(self, definition)
    }

    fn outcomes(&self, state: &str) -> Option<&[Outcome]> {
        Some(self.lists.get(self.by_state.get(state)?.list?)?.as_slice())
    }
}

impl StandIn for Answers {
    fn lacks(&self, state: &str, resource: &str) -> Option<String> {
        self.outcomes(state).is_none().then(|| {
            format!(
                "nothing answers the task of `{state}`, which asks for `{resource}`: add \
                 \"{state}\": {{\"result\": ..}} to the doubles, and it goes on"
            )
        })
    }

    fn answer(&self, task: &RunTask) -> Outcome {
        let list = self.by_state.get(&task.state).and_then(|tasked| tasked.list);
        let answer = list.and_then(|list| {
            let outcomes = self.lists.get(list)?;
            let mut progress = self.progress.lock().unwrap_or_else(PoisonError::into_inner);
            outcomes.get(progress.next(task.execution(), list).min(outcomes.len().checked_sub(1)?))
        });
        answer.cloned().unwrap_or_else(|| {
            let why = format!("nothing answers the task of the state '{}'", task.state);
            Err(Failure::new(names::RUNTIME, why))
        })
    }
}

/// The states of all scopes that have a task, with its Resource.
fn tasks(definition: &Definition) -> IndexMap<String, String> {
    fn collect(scope: &States, into: &mut IndexMap<String, String>) {
        for (name, state) in &scope.states {
            if let State::Task(task) = state {
                into.insert(name.clone(), task.resource.clone());
            }
            state.scopes().iter().for_each(|(_, inner)| collect(inner, into));
        }
    }
    let mut found = IndexMap::new();
    collect(&definition.states, &mut found);
    found
}

#[cfg(test)]
mod tests;
