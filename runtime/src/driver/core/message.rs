//! What messages in the inbox say.

use crate::{
    engine::{ChildOutcome, Event, Token},
    program::{Data, Failure},
    store::Blob,
};
use serde::{Deserialize, Serialize};

/// A message to an execution, as it is stored.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) enum Message {
    /// Somebody asks for its end.
    #[serde(rename = "stop")]
    Stop(Failure),
    /// A child of it has ended.
    #[serde(rename = "child_ended")]
    ChildEnded {
        /// The task that the child was.
        token: Token,
        /// How it ended.
        child: Box<ChildOutcome>,
    },
    /// Somebody with a task's token gives the task's result.
    #[serde(rename = "task_succeeded")]
    TaskSucceeded {
        /// The task.
        token: Token,
        /// The result.
        output: Data,
    },
    /// Somebody with a task's token says that the task failed.
    #[serde(rename = "task_failed")]
    TaskFailed {
        /// The task.
        token: Token,
        /// Why.
        failure: Failure,
    },
}

impl Message {
    /// Encodes it.
    pub(crate) fn encode(&self) -> Blob {
        let text = serde_json::to_string(self);
        // Keys are strings and numbers are finite: a message always has a JSON form.
        Blob::new(text.expect("messages have a JSON form"))
    }

    /// Reads it; `None` if a newer version wrote it, or it is damaged.
    pub(crate) fn decode(blob: &Blob) -> Option<Self> {
        let mut parser = serde_json::Deserializer::from_str(blob.text());
        parser.disable_recursion_limit();
        Self::deserialize(&mut parser).ok()
    }

    /// What it is to the execution.
    pub(crate) fn into_event(self) -> Event {
        match self {
            Self::Stop(why) => Event::Stop(why),
            Self::ChildEnded { token, child } => Event::ChildEnded { token, child },
            Self::TaskSucceeded { token, output } => Event::TaskSucceeded { token, output },
            Self::TaskFailed { token, failure } => Event::TaskFailed { token, failure },
        }
    }

    /// The message that an event came from, if it came from one.
    pub(crate) fn of_event(event: Event) -> Option<Self> {
        match event {
            Event::Stop(why) => Some(Self::Stop(why)),
            Event::ChildEnded { token, child } => Some(Self::ChildEnded { token, child }),
            Event::TaskSucceeded { token, output } => Some(Self::TaskSucceeded { token, output }),
            Event::TaskFailed { token, failure } => Some(Self::TaskFailed { token, failure }),
            _ => None,
        }
    }
}
