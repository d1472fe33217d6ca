//! The history events of one commit.

use super::values::{Kept, KeptVars, Packer, Unpacker};
use crate::engine::history::{HistoryEvent, HistoryKind, Resource, StateKind};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// A history event as it is stored. Ids are dense, so that the group's first one says them all.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct EventRecord<'a> {
    #[serde(rename = "after")]
    previous: u64,
    at: Timestamp,
    kind: KindRecord<'a>,
}

/// The kinds whose values are kept apart when they are long; the others are stored as they are.
#[derive(Debug, Serialize, Deserialize)]
enum KindRecord<'a> {
    ExecutionStarted {
        input: Kept,
        role_arn: Cow<'a, str>,
    },
    ExecutionSucceeded {
        output: Kept,
    },
    StateEntered {
        state: StateKind,
        name: Cow<'a, str>,
        input: Kept,
    },
    StateExited {
        state: StateKind,
        name: Cow<'a, str>,
        output: Kept,
        #[serde(default, skip_serializing_if = "KeptVars::is_empty")]
        assigned: KeptVars<'a>,
    },
    TaskScheduled {
        resource: Cow<'a, Resource>,
        parameters: Kept,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        timeout: Option<u64>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        heartbeat: Option<u64>,
    },
    TaskSubmitted {
        resource: Cow<'a, Resource>,
        output: Kept,
    },
    TaskSucceeded {
        resource: Cow<'a, Resource>,
        output: Kept,
    },
    ActivityScheduled {
        resource: Cow<'a, str>,
        input: Kept,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        timeout: Option<u64>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        heartbeat: Option<u64>,
    },
    ActivitySucceeded {
        output: Kept,
    },
    LambdaFunctionScheduled {
        resource: Cow<'a, str>,
        input: Kept,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        timeout: Option<u64>,
    },
    LambdaFunctionSucceeded {
        output: Kept,
    },
    Other(Cow<'a, HistoryKind>),
}

impl<'a> EventRecord<'a> {
    pub(super) fn pack(event: &'a HistoryEvent, packer: &mut Packer<'_>) -> Self {
        let HistoryEvent { id: _, previous_event_id, timestamp, kind } = event;
        let kind = pack_kind(kind, packer);
        Self { previous: *previous_event_id, at: *timestamp, kind }
    }

    pub(super) fn unpack(
        self,
        id: u64,
        unpacker: &mut Unpacker<'_>,
    ) -> super::Result<HistoryEvent> {
        let kind = unpack_kind(self.kind, unpacker)?;
        Ok(HistoryEvent { id, previous_event_id: self.previous, timestamp: self.at, kind })
    }
}

fn pack_kind<'a>(kind: &'a HistoryKind, packer: &mut Packer<'_>) -> KindRecord<'a> {
    match kind {
        HistoryKind::ExecutionStarted { input, role_arn } => {
            let input = packer.keep_written(input);
            KindRecord::ExecutionStarted { input, role_arn: role_arn.into() }
        }
        HistoryKind::ExecutionSucceeded { output } => {
            KindRecord::ExecutionSucceeded { output: packer.keep(output) }
        }
        HistoryKind::StateEntered { state, name, input } => {
            let input = packer.keep_written(input);
            KindRecord::StateEntered { state: *state, name: name.into(), input }
        }
        HistoryKind::StateExited { state, name, output, assigned } => KindRecord::StateExited {
            state: *state,
            name: name.into(),
            output: packer.keep(output),
            assigned: packer.keep_all(assigned),
        },
        HistoryKind::TaskScheduled { resource, parameters, timeout, heartbeat } => {
            KindRecord::TaskScheduled {
                resource: Cow::Borrowed(resource),
                parameters: packer.keep(parameters),
                timeout: *timeout,
                heartbeat: *heartbeat,
            }
        }
        HistoryKind::TaskSubmitted { resource, output } => KindRecord::TaskSubmitted {
            resource: Cow::Borrowed(resource),
            output: packer.keep(output),
        },
        HistoryKind::TaskSucceeded { resource, output } => KindRecord::TaskSucceeded {
            resource: Cow::Borrowed(resource),
            output: packer.keep(output),
        },
        HistoryKind::ActivityScheduled { resource, input, timeout, heartbeat } => {
            KindRecord::ActivityScheduled {
                resource: resource.into(),
                input: packer.keep(input),
                timeout: *timeout,
                heartbeat: *heartbeat,
            }
        }
        HistoryKind::ActivitySucceeded { output } => {
            KindRecord::ActivitySucceeded { output: packer.keep(output) }
        }
        HistoryKind::LambdaFunctionScheduled { resource, input, timeout } => {
            KindRecord::LambdaFunctionScheduled {
                resource: resource.into(),
                input: packer.keep(input),
                timeout: *timeout,
            }
        }
        HistoryKind::LambdaFunctionSucceeded { output } => {
            KindRecord::LambdaFunctionSucceeded { output: packer.keep(output) }
        }
        other => KindRecord::Other(Cow::Borrowed(other)),
    }
}

fn unpack_kind(record: KindRecord<'_>, unpacker: &mut Unpacker<'_>) -> super::Result<HistoryKind> {
    Ok(match record {
        KindRecord::ExecutionStarted { input, role_arn } => HistoryKind::ExecutionStarted {
            input: unpacker.data(input)?,
            role_arn: role_arn.into_owned(),
        },
        KindRecord::ExecutionSucceeded { output } => {
            HistoryKind::ExecutionSucceeded { output: unpacker.data(output)? }
        }
        KindRecord::StateEntered { state, name, input } => HistoryKind::StateEntered {
            state,
            name: name.into_owned(),
            input: unpacker.data(input)?,
        },
        KindRecord::StateExited { state, name, output, assigned } => HistoryKind::StateExited {
            state,
            name: name.into_owned(),
            output: unpacker.data(output)?,
            assigned: unpacker.vars(assigned)?,
        },
        KindRecord::TaskScheduled { resource, parameters, timeout, heartbeat } => {
            HistoryKind::TaskScheduled {
                resource: resource.into_owned(),
                parameters: unpacker.data(parameters)?,
                timeout,
                heartbeat,
            }
        }
        KindRecord::TaskSubmitted { resource, output } => HistoryKind::TaskSubmitted {
            resource: resource.into_owned(),
            output: unpacker.data(output)?,
        },
        KindRecord::TaskSucceeded { resource, output } => HistoryKind::TaskSucceeded {
            resource: resource.into_owned(),
            output: unpacker.data(output)?,
        },
        KindRecord::ActivityScheduled { resource, input, timeout, heartbeat } => {
            HistoryKind::ActivityScheduled {
                resource: resource.into_owned(),
                input: unpacker.data(input)?,
                timeout,
                heartbeat,
            }
        }
        KindRecord::ActivitySucceeded { output } => {
            HistoryKind::ActivitySucceeded { output: unpacker.data(output)? }
        }
        KindRecord::LambdaFunctionScheduled { resource, input, timeout } => {
            HistoryKind::LambdaFunctionScheduled {
                resource: resource.into_owned(),
                input: unpacker.data(input)?,
                timeout,
            }
        }
        KindRecord::LambdaFunctionSucceeded { output } => {
            HistoryKind::LambdaFunctionSucceeded { output: unpacker.data(output)? }
        }
        KindRecord::Other(kind) => kind.into_owned(),
    })
}
