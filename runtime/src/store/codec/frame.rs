//! A frame's row.

use super::{
    map_run::{MapRunRecord, RunStepRecord, pack_run, pack_run_step, unpack_run, unpack_run_step},
    values::{Kept, KeptVars, Packer, Unpacker},
};
use crate::{
    engine::execution::{
        AbsentTask, Again, Frame, FrameId, Heartbeat, Join, JoinKind, Place, Ready, Retries, Role,
        TaskWait, Token, Waiting,
    },
    program::{Item, TaskStep, Tolerance},
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::{borrow::Cow, time::Duration};

/// A frame as it is stored.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct FrameRecord<'a> {
    role: RoleRecord,
    state: Cow<'a, str>,
    entry: u64,
    entered_event: u64,
    entered: Timestamp,
    previous_event: u64,
    input: Kept,
    vars: KeptVars<'a>,
    #[serde(default, skip_serializing_if = "never_retried")]
    retries: Cow<'a, Retries>,
    waiting: WaitingRecord<'a>,
}

#[expect(clippy::ptr_arg, reason = "serde hands over the field as it is")]
fn never_retried(retries: &Cow<'_, Retries>) -> bool {
    **retries == Retries::default()
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over the field as it is")]
fn is_zero(bytes: &u64) -> bool {
    *bytes == 0
}

#[derive(Debug, Serialize, Deserialize)]
enum RoleRecord {
    Root,
    Branch {
        parent: FrameId,
        index: u32,
    },
    Iteration {
        parent: FrameId,
        index: u64,
        value: Kept,
        #[serde(default, skip_serializing_if = "is_zero")]
        bytes: u64,
    },
}

#[derive(Debug, Serialize, Deserialize)]
enum WaitingRecord<'a> {
    Ready(Cow<'a, Ready>),
    Task(TaskWaitRecord<'a>),
    Timer(Timestamp),
    Retry { due: Timestamp, again: AgainRecord<'a> },
    Children(JoinRecord),
    Run(Box<MapRunRecord<'a>>),
    Failed(AgainRecord<'a>),
}

#[derive(Debug, Serialize, Deserialize)]
enum AgainRecord<'a> {
    Task(TaskStepRecord<'a>),
    Children(JoinKindRecord),
    Run(Box<RunStepRecord<'a>>),
    State,
}

#[derive(Debug, Serialize, Deserialize)]
struct TaskWaitRecord<'a> {
    step: TaskStepRecord<'a>,
    place: Cow<'a, Place>,
    token: Token,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    deadline: Option<Timestamp>,
    started: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    heartbeat: Option<Heartbeat>,
    deliveries: u32,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    submitted: bool,
}

#[derive(Debug, Serialize, Deserialize)]
struct TaskStepRecord<'a> {
    resource: Cow<'a, str>,
    arguments: Kept,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    timeout: Option<Duration>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    heartbeat: Option<Duration>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    token: Option<u64>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    renewed: bool,
}

#[derive(Debug, Serialize, Deserialize)]
struct JoinRecord {
    id: u64,
    kind: JoinKindRecord,
    total: u32,
    begun: u32,
    succeeded: u32,
    failed: u32,
    #[serde(default, skip_serializing_if = "is_zero")]
    bytes: u64,
}

#[derive(Debug, Serialize, Deserialize)]
enum JoinKindRecord {
    Parallel(Kept),
    Map {
        items: Kept,
        /// Earlier versions made all inputs before the first iteration, and wrote them.
        #[serde(default, skip_serializing)]
        inputs: Option<Kept>,
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        selects: bool,
        max_concurrency: u32,
        tolerance: Tolerance,
    },
}

impl<'a> FrameRecord<'a> {
    pub(super) fn pack(frame: &'a Frame, packer: &mut Packer<'_>) -> Self {
        let Frame {
            role,
            state,
            entry,
            entered_event,
            entered,
            previous_event,
            input,
            vars,
            retries,
            waiting,
        } = frame;
        Self {
            role: match role {
                Role::Root => RoleRecord::Root,
                Role::Branch { parent, index } => {
                    RoleRecord::Branch { parent: *parent, index: *index }
                }
                Role::Iteration { parent, item: Item { index, value }, bytes } => {
                    RoleRecord::Iteration {
                        parent: *parent,
                        index: *index,
                        value: packer.keep(value),
                        bytes: *bytes,
                    }
                }
            },
            state: state.into(),
            entry: *entry,
            entered_event: *entered_event,
            entered: *entered,
            previous_event: *previous_event,
            input: packer.keep(input),
            vars: packer.keep_all(vars),
            retries: Cow::Borrowed(retries),
            waiting: pack_waiting(waiting, packer),
        }
    }

    pub(super) fn unpack(self, unpacker: &mut Unpacker<'_>) -> super::Result<Frame> {
        Ok(Frame {
            role: match self.role {
                RoleRecord::Root => Role::Root,
                RoleRecord::Branch { parent, index } => Role::Branch { parent, index },
                RoleRecord::Iteration { parent, index, value, bytes } => {
                    let item = Item { index, value: unpacker.data(value)? };
                    Role::Iteration { parent, item, bytes }
                }
            },
            state: self.state.into_owned(),
            entry: self.entry,
            entered_event: self.entered_event,
            entered: self.entered,
            previous_event: self.previous_event,
            input: unpacker.data(self.input)?,
            vars: unpacker.vars(self.vars)?,
            retries: self.retries.into_owned(),
            waiting: unpack_waiting(self.waiting, unpacker)?,
        })
    }
}

fn pack_waiting<'a>(waiting: &'a Waiting, packer: &mut Packer<'_>) -> WaitingRecord<'a> {
    match waiting {
        Waiting::Ready(ready) => WaitingRecord::Ready(Cow::Borrowed(ready)),
        Waiting::Task(task) => WaitingRecord::Task(pack_task(task, packer)),
        // Whether a process can do it is not the next one's matter: that one is to try at once.
        Waiting::Absent(absent) => match &absent.task {
            AbsentTask::Asked(task) => WaitingRecord::Task(pack_task(task, packer)),
            AbsentTask::New(step) => WaitingRecord::Retry {
                due: Timestamp::UNIX_EPOCH,
                again: AgainRecord::Task(pack_step(step, packer)),
            },
        },
        Waiting::Timer(due) => WaitingRecord::Timer(*due),
        Waiting::Retry { due, again } => {
            WaitingRecord::Retry { due: *due, again: pack_again(again, packer) }
        }
        Waiting::Failed(again) => WaitingRecord::Failed(pack_again(again, packer)),
        Waiting::Children(join) => WaitingRecord::Children(pack_join(join, packer)),
        Waiting::Run(run) => WaitingRecord::Run(Box::new(pack_run(run, packer))),
    }
}

fn pack_task<'a>(task: &'a TaskWait, packer: &mut Packer<'_>) -> TaskWaitRecord<'a> {
    let TaskWait { step, place, token, deadline, started, heartbeat, deliveries, submitted } = task;
    TaskWaitRecord {
        step: pack_step(step, packer),
        place: Cow::Borrowed(place),
        token: *token,
        deadline: *deadline,
        started: *started,
        heartbeat: heartbeat.clone(),
        deliveries: *deliveries,
        submitted: *submitted,
    }
}

fn unpack_waiting(
    record: WaitingRecord<'_>,
    unpacker: &mut Unpacker<'_>,
) -> super::Result<Waiting> {
    Ok(match record {
        WaitingRecord::Ready(ready) => Waiting::Ready(ready.into_owned()),
        WaitingRecord::Task(task) => Waiting::Task(TaskWait {
            step: unpack_step(task.step, unpacker)?,
            place: task.place.into_owned(),
            token: task.token,
            deadline: task.deadline,
            started: task.started,
            heartbeat: task.heartbeat,
            deliveries: task.deliveries,
            submitted: task.submitted,
        }),
        WaitingRecord::Timer(due) => Waiting::Timer(due),
        WaitingRecord::Retry { due, again } => {
            Waiting::Retry { due, again: unpack_again(again, unpacker)? }
        }
        WaitingRecord::Failed(again) => Waiting::Failed(unpack_again(again, unpacker)?),
        WaitingRecord::Children(join) => Waiting::Children(unpack_join(join, unpacker)?),
        WaitingRecord::Run(run) => Waiting::Run(Box::new(unpack_run(*run, unpacker)?)),
    })
}

fn pack_again<'a>(again: &'a Again, packer: &mut Packer<'_>) -> AgainRecord<'a> {
    match again {
        Again::Task(step) => AgainRecord::Task(pack_step(step, packer)),
        Again::Children(kind) => AgainRecord::Children(pack_kind(kind, packer)),
        Again::Run(step) => AgainRecord::Run(Box::new(pack_run_step(step, packer))),
        Again::State => AgainRecord::State,
    }
}

fn unpack_again(record: AgainRecord<'_>, unpacker: &mut Unpacker<'_>) -> super::Result<Again> {
    Ok(match record {
        AgainRecord::Task(step) => Again::Task(unpack_step(step, unpacker)?),
        AgainRecord::Children(kind) => Again::Children(unpack_kind(kind, unpacker)?),
        AgainRecord::Run(step) => Again::Run(Box::new(unpack_run_step(*step, unpacker)?)),
        AgainRecord::State => Again::State,
    })
}

fn pack_step<'a>(step: &'a TaskStep, packer: &mut Packer<'_>) -> TaskStepRecord<'a> {
    let TaskStep { resource, arguments, timeout, heartbeat, token, renewed } = step;
    TaskStepRecord {
        resource: resource.into(),
        arguments: packer.keep(arguments),
        timeout: *timeout,
        heartbeat: *heartbeat,
        token: *token,
        renewed: *renewed,
    }
}

fn unpack_step(record: TaskStepRecord<'_>, unpacker: &mut Unpacker<'_>) -> super::Result<TaskStep> {
    Ok(TaskStep {
        resource: record.resource.into_owned(),
        arguments: unpacker.data(record.arguments)?,
        timeout: record.timeout,
        heartbeat: record.heartbeat,
        token: record.token,
        renewed: record.renewed,
    })
}

fn pack_join(join: &Join, packer: &mut Packer<'_>) -> JoinRecord {
    let Join { id, kind, total, begun, succeeded, failed, bytes } = join;
    JoinRecord {
        id: *id,
        kind: pack_kind(kind, packer),
        total: *total,
        begun: *begun,
        succeeded: *succeeded,
        failed: *failed,
        bytes: *bytes,
    }
}

fn unpack_join(record: JoinRecord, unpacker: &mut Unpacker<'_>) -> super::Result<Join> {
    Ok(Join {
        id: record.id,
        kind: unpack_kind(record.kind, unpacker)?,
        total: record.total,
        begun: record.begun,
        succeeded: record.succeeded,
        failed: record.failed,
        bytes: record.bytes,
    })
}

fn pack_kind(kind: &JoinKind, packer: &mut Packer<'_>) -> JoinKindRecord {
    match kind {
        JoinKind::Parallel(input) => JoinKindRecord::Parallel(packer.keep(input)),
        JoinKind::Map { items, selects, max_concurrency, tolerance } => JoinKindRecord::Map {
            items: packer.keep(items),
            inputs: None,
            selects: *selects,
            max_concurrency: *max_concurrency,
            tolerance: *tolerance,
        },
    }
}

fn unpack_kind(record: JoinKindRecord, unpacker: &mut Unpacker<'_>) -> super::Result<JoinKind> {
    Ok(match record {
        JoinKindRecord::Parallel(input) => JoinKind::Parallel(unpacker.data(input)?),
        JoinKindRecord::Map { items, inputs, selects, max_concurrency, tolerance } => {
            let items = unpacker.data(items)?;
            let inputs = inputs.map(|inputs| unpacker.data(inputs)).transpose()?;
            let selects = selects || inputs.is_some_and(|inputs| inputs != items);
            JoinKind::Map { items, selects, max_concurrency, tolerance }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    /// What earlier versions kept of a Map, and whether its iterations' inputs are still to be made.
    fn check(inputs: &serde_json::Value, expected: bool) {
        let kept = json!({ "Map": { "items": { "is": [1, 2] }, "inputs": { "is": inputs },
            "max_concurrency": 1, "tolerance": { "count": null, "percentage": null } } });
        let record = serde_json::from_value(kept).expect("an earlier record");
        let mut nothing = |id: &_| unreachable!("{id:?}");
        let kind = unpack_kind(record, &mut Unpacker::new(&mut nothing)).expect("it is whole");
        assert!(matches!(kind, JoinKind::Map { selects, .. } if selects == expected), "{kind:?}");
    }

    #[test]
    fn a_map_of_an_earlier_version_makes_the_inputs_that_are_left_anew() {
        check(&json!([1, 2]), false);
        check(&json!([{ "n": 1 }, { "n": 2 }]), true);
    }
}
