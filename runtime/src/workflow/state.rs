//! What the host provides to tasks: connections, clients, settings, each found by its type.

use indexmap::IndexMap;
use std::{
    any::{Any, TypeId, type_name},
    fmt,
    future::Future,
    sync::Arc,
};

tokio::task_local! {
    static PROVIDED: State;
}

/// Values by type, given to the tasks that ask for them with `#[state]`.
#[derive(Clone, Default)]
pub struct State {
    values: IndexMap<TypeId, (&'static str, Arc<dyn Any + Send + Sync>)>,
}

/// A value that a task asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Need {
    /// Its type.
    pub id: TypeId,
    /// The type's name, for messages.
    pub name: &'static str,
}

impl Need {
    /// A need of a `T`.
    pub fn of<T: Any>() -> Self {
        Self { id: TypeId::of::<T>(), name: type_name::<T>() }
    }
}

impl State {
    /// Nothing provided.
    pub fn new() -> Self {
        Self::default()
    }

    /// Provides a value; one of the same type given before is replaced.
    #[must_use]
    pub fn with<T: Any + Send + Sync>(mut self, value: T) -> Self {
        self.insert(value);
        self
    }

    /// Provides a value; one of the same type given before is replaced.
    pub fn insert<T: Any + Send + Sync>(&mut self, value: T) {
        self.values.insert(TypeId::of::<T>(), (type_name::<T>(), Arc::new(value)));
    }

    /// The value of this type.
    pub fn get<T: Any + Send + Sync>(&self) -> Option<Arc<T>> {
        let (_, value) = self.values.get(&TypeId::of::<T>())?;
        Arc::clone(value).downcast().ok()
    }

    /// Whether it has what a task asks for.
    pub fn has(&self, need: &Need) -> bool {
        self.values.contains_key(&need.id)
    }

    /// Runs a future in which direct calls of tasks find these values: for unit tests.
    pub async fn provide<F: Future>(self, future: F) -> F::Output {
        PROVIDED.scope(self, future).await
    }

    /// What a direct call finds.
    pub(super) fn provided() -> Self {
        PROVIDED.try_with(Clone::clone).unwrap_or_default()
    }
}

impl fmt::Debug for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.values.values().map(|(name, _)| name)).finish()
    }
}
