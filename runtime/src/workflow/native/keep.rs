//! Storing and loading what a slot holds. [`keep`] is the only place that asks for durability, so a
//! local that can't be kept is reported once.

use super::{
    super::{
        Durable, Look, Mismatch, Numbers, Refused, json,
        jsonata::{Term, canonical},
        ops::Violation,
        schema,
    },
    Arena, Run,
    run::Ended,
    slot::{Held, Pair, Ref, Slot, Val},
};
use crate::program::{Data, Failure};
use serde_json::Value;
use std::{fmt, marker::PhantomData};

/// An endless iterator must not hold up the engine: no list that is stored has so many items.
const MOST_ITEMS: usize = 1_000_000;

/// What a frame ends with, if its value has an exact JSON.
type End = Result<Result<Data, Failure>, Refused>;

/// What may be held across an await in this way.
#[diagnostic::on_unimplemented(
    message = "`{T}` can't be kept across an `.await` in a workflow",
    label = "this value is needed after an `.await`, so it must be saved",
    note = "mark its type with `#[data]`, or move its use into a `#[task]`, or finish with it before the `.await`"
)]
pub trait Keep<T: ?Sized>: Held<T> {
    /// How its JSON looks.
    const LOOK: Look;

    /// Reads it.
    fn load<'a>(value: &Value, arena: &'a Arena) -> Result<Self::Out<'a>, Mismatch>;

    /// Writes it.
    fn save(value: &Self::Out<'_>, numbers: Numbers) -> Result<Value, Refused>;

    /// JSON schema of what is written.
    fn schema() -> Value;

    /// The value of a step that gave this.
    fn given<'a>(value: &Value, arena: &'a Arena) -> Result<Self::Out<'a>, Mismatch> {
        Self::load(value, arena)
    }

    /// The value of a step that failed so.
    fn failed<'a>(_failure: &Failure, _arena: &'a Arena) -> Option<Self::Out<'a>> {
        None
    }

    /// What a frame ends with that has this value.
    fn outcome(value: &Self::Out<'_>, numbers: Numbers) -> End {
        Self::save(value, numbers).map(|value| Ok(value.into()))
    }
}

#[diagnostic::do_not_recommend]
impl<T: Durable> Keep<T> for Val {
    const LOOK: Look = T::LOOK;

    fn load(value: &Value, _: &Arena) -> Result<T, Mismatch> {
        T::from_json(value)
    }

    fn save(value: &T, numbers: Numbers) -> Result<Value, Refused> {
        value.to_json(numbers)
    }

    fn schema() -> Value {
        schema::<T>()
    }

    fn given(value: &Value, _: &Arena) -> Result<T, Mismatch> {
        T::from_success(value)
    }

    fn failed(failure: &Failure, _: &Arena) -> Option<T> {
        T::from_failed(failure)
    }

    fn outcome(value: &T, numbers: Numbers) -> End {
        value.to_outcome(numbers)
    }
}

#[diagnostic::do_not_recommend]
impl<T: Lent + ?Sized> Keep<T> for Ref {
    const LOOK: Look = T::LOOK;

    fn load<'a>(value: &Value, arena: &'a Arena) -> Result<&'a T, Mismatch> {
        T::lend(value, arena)
    }

    fn save(value: &&T, numbers: Numbers) -> Result<Value, Refused> {
        T::save(value, numbers)
    }

    fn schema() -> Value {
        T::schema()
    }
}

#[diagnostic::do_not_recommend]
impl<A: Durable, B: Durable> Keep<(A, PhantomData<B>)> for Pair {
    const LOOK: Look = Look::Tuple(&[<A as Durable>::LOOK, <B as Durable>::LOOK]);

    fn load<'a>(value: &Value, arena: &'a Arena) -> Result<(A, &'a B), Mismatch> {
        let part = |index: usize| value.get(index).unwrap_or(&Value::Null);
        Ok((A::from_json(part(0))?, B::lend(part(1), arena)?))
    }

    fn save(value: &(A, &B), numbers: Numbers) -> Result<Value, Refused> {
        Ok(Value::Array(vec![value.0.to_json(numbers)?, value.1.to_json(numbers)?]))
    }

    fn schema() -> Value {
        schema::<(A, B)>()
    }
}

/// What a shared borrow may point to.
pub trait Lent: 'static {
    /// How its JSON looks.
    const LOOK: Look;

    /// Reads the value and lends it.
    fn lend<'a>(value: &Value, arena: &'a Arena) -> Result<&'a Self, Mismatch>;

    /// Writes the value.
    fn save(&self, numbers: Numbers) -> Result<Value, Refused>;

    /// JSON schema of what is written.
    fn schema() -> Value;
}

impl<T: Durable> Lent for T {
    const LOOK: Look = <T as Durable>::LOOK;

    fn lend<'a>(value: &Value, arena: &'a Arena) -> Result<&'a T, Mismatch> {
        Ok(arena.keep(T::from_json(value)?))
    }

    fn save(&self, numbers: Numbers) -> Result<Value, Refused> {
        self.to_json(numbers)
    }

    fn schema() -> Value {
        schema::<T>()
    }
}

impl Lent for str {
    const LOOK: Look = Look::Text;

    fn lend<'a>(value: &Value, arena: &'a Arena) -> Result<&'a Self, Mismatch> {
        Ok(arena.keep(String::from_json(value)?).as_str())
    }

    fn save(&self, _: Numbers) -> Result<Value, Refused> {
        Ok(self.into())
    }

    fn schema() -> Value {
        schema::<String>()
    }
}

impl<T: Durable> Lent for [T] {
    const LOOK: Look = Look::List(&<T as Durable>::LOOK);

    fn lend<'a>(value: &Value, arena: &'a Arena) -> Result<&'a Self, Mismatch> {
        Ok(arena.keep(Vec::<T>::from_json(value)?).as_slice())
    }

    fn save(&self, numbers: Numbers) -> Result<Value, Refused> {
        self.iter().map(|item| item.to_json(numbers)).collect::<Result<_, _>>().map(Value::Array)
    }

    fn schema() -> Value {
        schema::<Vec<T>>()
    }
}

/// Stores and loads what a slot holds: the functions of [`Keep`] without its bound.
pub struct Io<M: Held<T>, T: ?Sized> {
    look: Look,
    load: for<'a> fn(&Value, &'a Arena) -> Result<M::Out<'a>, Mismatch>,
    save: for<'a> fn(&M::Out<'a>, Numbers) -> Result<Value, Refused>,
    given: for<'a> fn(&Value, &'a Arena) -> Result<M::Out<'a>, Mismatch>,
    failed: for<'a> fn(&Failure, &'a Arena) -> Option<M::Out<'a>>,
    outcome: for<'a> fn(&M::Out<'a>, Numbers) -> End,
    schema: fn() -> Value,
}

impl<M: Held<T>, T: ?Sized> fmt::Debug for Io<M, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Io")
    }
}

/// The one place that asks for durability.
pub fn keep<M: Keep<T>, T: ?Sized>(_: &Slot<M, T>) -> Io<M, T> {
    Io {
        look: M::LOOK,
        load: M::load,
        save: M::save,
        given: M::given,
        failed: M::failed,
        outcome: M::outcome,
        schema: M::schema,
    }
}

/// A slot of a parameter or of the returned value. The signature is where a missing bound is
/// reported: method lookup finds [`ViaKeep`] where the type can be kept, else [`ViaNoKeep`].
pub struct Written<'s, M, T: ?Sized>(pub &'s Slot<M, T>);

impl<M, T: ?Sized> fmt::Debug for Written<'_, M, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Written")
    }
}

/// The slot's type can be kept.
pub trait ViaKeep<M: Held<T>, T: ?Sized> {
    /// Stores and loads it.
    fn io(&self) -> Io<M, T>;
}

#[diagnostic::do_not_recommend]
impl<M: Keep<T>, T: ?Sized> ViaKeep<M, T> for Written<'_, M, T> {
    fn io(&self) -> Io<M, T> {
        keep(self.0)
    }
}

/// Stands in for a bound that is reported elsewhere.
pub trait ViaNoKeep<M: Held<T>, T: ?Sized> {
    /// Fails when it is used.
    fn io(&self) -> Io<M, T> {
        Io {
            look: Look::Opaque,
            load: |_, _| Err(Mismatch::new("is no durable value")),
            save: |_, _| Err(Refused::new("is no durable value")),
            given: |_, _| Err(Mismatch::new("is no durable value")),
            failed: |_, _| None,
            outcome: |_, _| Err(Refused::new("is no durable value")),
            schema: || Value::Bool(true),
        }
    }
}

impl<M: Held<T>, T: ?Sized> ViaNoKeep<M, T> for &Written<'_, M, T> {}

/// What was kept. Code that can't read it is not the code that it was kept for.
fn fitting<T>(what: &str, result: Result<T, Mismatch>) -> T {
    result.unwrap_or_else(|mismatch| Violation::misfit(format!("{what}: {mismatch}")).unwind())
}

/// What a task gave. One that gives something else has failed.
fn arrived<T>(result: Result<T, Mismatch>) -> T {
    result.unwrap_or_else(|mismatch| Violation::new(format!("the result: {mismatch}")).unwind())
}

fn exact<T>(what: &str, result: Result<T, Refused>) -> T {
    result.unwrap_or_else(|refused| Violation::new(format!("`{what}`: {refused}")).unwind())
}

impl<M: Held<T>, T: ?Sized> Io<M, T> {
    /// JSON schema of what it stores.
    pub fn schema(&self) -> Value {
        (self.schema)()
    }

    /// What an exported expression stores, as [`Io::store`] does.
    pub fn stored(&self, value: &Term) -> Term {
        canonical::complete(&self.look, value)
    }

    /// The list that an exported `for` or map walks, its items as [`Io::push`] writes them.
    pub fn pushed(&self, items: &Term) -> Term {
        canonical::items(&self.look, items)
    }

    /// What an exported frame ends with that has this value, and does not fail.
    pub fn ended(&self, value: &Term) -> Term {
        canonical::returned(&self.look, value)
    }

    /// What an exported frame ends with whose value is data.
    pub fn ended_as_data(&self, value: &Term) -> Term {
        canonical::exact(&self.look, value)
    }

    /// Reads the variable `key`, of this frame or of one around it.
    pub fn load<'a>(&self, run: &Run<'_>, key: &str, arena: &'a Arena) -> M::Out<'a> {
        let value = run.variable(key);
        fitting(&format!("the stored `{key}`"), (self.load)(&value, arena))
    }

    /// Reads a parameter that never changes: the whole input, or its member `name`.
    pub fn parameter<'a>(&self, run: &Run<'_>, name: Option<&str>, arena: &'a Arena) -> M::Out<'a> {
        let value = run.parameter(name);
        fitting("the input", (self.load)(value, arena))
    }

    /// Reads a parameter that may have been changed.
    pub fn changed_parameter<'a>(
        &self,
        run: &Run<'_>,
        key: &str,
        name: Option<&str>,
        arena: &'a Arena,
    ) -> M::Out<'a> {
        if run.has(key) { self.load(run, key, arena) } else { self.parameter(run, name, arena) }
    }

    /// Writes the variable `key`.
    pub fn store(&self, run: &mut Run<'_>, key: &str, value: &M::Out<'_>) {
        let value = exact(key, (self.save)(value, run.numbers()));
        run.set(key, value);
    }

    /// Adds an item to the list that a `for` or a map walks.
    pub fn push(&self, run: &Run<'_>, items: &mut Vec<Value>, item: &M::Out<'_>) {
        if items.len() >= MOST_ITEMS {
            Violation::new(format!("a list of more than {MOST_ITEMS} items is walked")).unwind();
        }
        items.push(exact("item", (self.save)(item, run.numbers())));
    }

    /// The next item of a `for`, if there is one.
    pub fn next<'a>(
        &self,
        run: &mut Run<'_>,
        list: &str,
        index: &str,
        arena: &'a Arena,
    ) -> Option<M::Out<'a>> {
        let item = run.next_item(list, index)?;
        Some(fitting("an item", (self.load)(&item, arena)))
    }

    /// The item of the map that this frame is an iteration of.
    pub fn item<'a>(&self, run: &Run<'_>, arena: &'a Arena) -> M::Out<'a> {
        fitting("the item", (self.load)(&run.item(), arena))
    }
}

impl<T> Io<Val, T> {
    /// The value of the step that this segment resumes after.
    pub fn take(&self, run: &Run<'_>) -> T {
        match run.ended() {
            Ended::Given(value) => {
                // an expression that reads it would fail
                exact("the result", json::check(value, run.numbers()));
                arrived((self.given)(value, &Arena::new()))
            }
            Ended::Failed(failure) => {
                (self.failed)(failure, &Arena::new()).unwrap_or_else(|| run.uncaught())
            }
        }
    }

    /// The value of a step that nothing reads.
    pub fn unread(&self, run: &Run<'_>) -> T {
        match run.ended() {
            Ended::Given(value) => fitting("the result", (self.given)(value, &Arena::new())),
            Ended::Failed(_) => self.take(run),
        }
    }

    /// The value of a branch that keeps it as data.
    pub fn branch(&self, run: &Run<'_>, index: usize) -> T {
        fitting("a branch's result", (self.load)(&run.branch(index), &Arena::new()))
    }

    /// The values of a map's iterations that keep them as data.
    pub fn iterations(&self, run: &Run<'_>) -> Vec<T> {
        let load =
            |value: &Value| fitting("an iteration's result", (self.load)(value, &Arena::new()));
        run.results().iter().map(load).collect()
    }

    /// The end of a frame that fails by an `Err`.
    pub fn end(&self, run: &Run<'_>, value: &T) -> super::Action {
        let end = exact("the returned value", (self.outcome)(value, run.numbers()));
        if let Err(failure) = &end
            && run.numbers() == Numbers::Portable
            && !matches!(run.ended_before(), Some(Ended::Failed(caught)) if caught == failure)
        {
            let cause = failure.cause.as_deref().map(serde_json::from_str::<Value>);
            if let Some(Ok(cause)) = cause {
                exact("the error", json::check_digits(&cause));
            }
        }
        super::Action::End(end)
    }

    /// The end of a frame whose value is data.
    pub fn end_as_data(&self, run: &Run<'_>, value: &T) -> super::Action {
        let value = exact("the value of a branch", (self.save)(value, run.numbers()));
        super::Action::End(Ok(value.into()))
    }
}

impl<T, E> Io<Val, Result<T, E>> {
    /// The failure of a join or map that was caught.
    pub fn caught(&self, run: &Run<'_>) -> Option<E> {
        match run.ended() {
            Ended::Given(_) => None,
            Ended::Failed(failure) => match (self.failed)(failure, &Arena::new()) {
                Some(Err(error)) => Some(error),
                Some(Ok(_)) | None => run.uncaught(),
            },
        }
    }

    /// The value of a branch that did not fail.
    pub fn good(&self, run: &Run<'_>, index: usize) -> T {
        self.given_good(&run.branch(index))
    }

    /// The values of iterations, none of which failed.
    pub fn all_good(&self, run: &Run<'_>) -> Vec<T> {
        run.results().iter().map(|value| self.given_good(value)).collect()
    }

    fn given_good(&self, value: &Value) -> T {
        match fitting("a branch's result", (self.given)(value, &Arena::new())) {
            Ok(value) => value,
            Err(_) => Violation::new("a branch that did not fail has an error").unwind(),
        }
    }
}
