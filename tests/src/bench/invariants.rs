//! What holds after every step, whatever the event was.

use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet};
use stepwright::engine::{
    Effect, Event, Execution, FrameId, HistoryEvent, HistoryKind, Output, Taken, Token,
    execution::{Frame, JoinKind, MapRun, Phase, Place, Ready, Waiting},
    history::StateKind,
};

/// What must be remembered from step to step.
#[derive(Debug, Default)]
pub(super) struct Invariants {
    /// Attempts that were asked for, and neither answered nor called off.
    asked: BTreeMap<Token, Place>,
    /// Those of executions that nobody stops: whoever asked for them just goes on.
    detached: BTreeSet<Token>,
    /// What Map Runs asked to be read or written, and was neither answered nor called off.
    objects: BTreeSet<Token>,
    /// States that were entered and neither left nor failed: by the event, the kind and the name.
    inside: BTreeMap<u64, (StateKind, String)>,
    /// Whether `Continue` was asked for and not given.
    owes: bool,
}

impl Invariants {
    pub(super) fn asked(&self) -> &BTreeMap<Token, Place> {
        &self.asked
    }

    pub(super) fn owes(&self) -> bool {
        self.owes
    }

    /// Checks a step. `history` is the whole of it.
    pub(super) fn check(
        &mut self,
        event: &Event,
        now: Timestamp,
        before: &Execution,
        after: &Execution,
        history: &[HistoryEvent],
        output: &Output,
    ) {
        let passive = output.taken != Taken::Committing;
        assert!(!matches!(output.taken, Taken::Misfit(_)), "it fits its own program: {output:?}");
        assert!(!passive || (output.history.is_empty() && output.effects.is_empty()), "{output:?}");
        assert!(!before.is_ended() || output.taken == Taken::Stale, "nothing comes after the end");
        let was_due = before.next_due().is_some_and(|due| due <= now);
        if *event == Event::TimersDue && before.head.last_event > 0 {
            assert_eq!(was_due, !passive, "what is due happens, and nothing else");
        }
        check_history(before, after, history, output);
        self.check_states(before, after, history, output);
        self.check_effects(event, after, output);
        self.owes =
            (self.owes && *event != Event::Continue) || output.effects.contains(&Effect::Continue);
        if !after.is_ended() && after.head.last_event > 0 {
            self.check_waiting(after);
        }
    }

    /// Every state that was entered is left, fails, or is where a frame stands.
    fn check_states(
        &mut self,
        before: &Execution,
        after: &Execution,
        history: &[HistoryEvent],
        output: &Output,
    ) {
        for event in &output.history {
            match &event.kind {
                HistoryKind::StateEntered { state, name, .. } => {
                    self.inside.insert(event.id, (*state, name.clone()));
                }
                HistoryKind::StateExited { name, .. } => {
                    let entry = entry_of(event, name, history);
                    let left = self.inside.remove(&entry);
                    assert!(left.is_some(), "`{name}` is left twice: {event:?}");
                }
                _ => {}
            }
        }
        // One that did not end well keeps its frames as they were.
        if after.head.status.failure().is_some() {
            return;
        }
        let mut lost = self.inside.clone();
        for frame in after.frames.values() {
            let between =
                matches!(&frame.waiting, Waiting::Ready(Ready::Begin(_) | Ready::Enter(_)));
            if !between {
                let stands = lost.remove(&frame.entered_event);
                assert_eq!(stands.map(|(_, name)| name).as_ref(), Some(&frame.state), "{frame:?}");
            }
        }
        let retries = |execution: &Execution, id: &FrameId| {
            execution.frames.get(id).map_or(0, |frame| frame.retries.total)
        };
        let is_repeated = after.frames.keys().any(|id| retries(after, id) > retries(before, id));
        let has_failed = is_repeated || output.history.iter().any(|event| is_failure(&event.kind));
        for (entry, (kind, name)) in lost {
            assert!(has_failed || kind == StateKind::Fail, "`{name}` (#{entry}) is lost");
            self.inside.remove(&entry);
        }
    }

    /// Effects are about attempts that live, and whatever is waited for was asked for.
    fn check_effects(&mut self, event: &Event, after: &Execution, output: &Output) {
        if output.taken == Taken::Committing {
            self.take_answer(event, after);
        }
        if *event == Event::Recovered {
            // What ran in the process has ended with it.
            self.asked.retain(|_, place| !matches!(place, Place::Process(_)));
            self.objects.clear();
        }
        let last = output.effects.len().saturating_sub(1);
        for (at, effect) in output.effects.iter().enumerate() {
            let (token, place) = match effect {
                Effect::RunTask(task) => (task.token, task.place.clone()),
                Effect::StartChild(child) => {
                    let (machine, execution) = (child.machine.clone(), None);
                    self.detached.extend(child.detached.then_some(child.token));
                    (child.token, Place::Child { machine, execution })
                }
                Effect::CancelTask { token, .. } | Effect::StopChild { token, .. } => {
                    assert!(self.asked.remove(token).is_some(), "it was not asked for: {effect:?}");
                    continue;
                }
                Effect::ReadItems(_) | Effect::WriteResults(_) => {
                    let is_new = asked_of_objects(effect).is_some_and(|it| self.objects.insert(it));
                    assert!(is_new, "asked twice: {effect:?}");
                    continue;
                }
                Effect::CancelObjects { token } => {
                    assert!(self.objects.remove(token), "it was not asked for: {effect:?}");
                    continue;
                }
                Effect::Ended(status) => {
                    assert_eq!((status, at), (&after.head.status, last), "the end comes last");
                    continue;
                }
                Effect::Continue => continue,
            };
            let again = *event == Event::Recovered;
            assert!(again || !self.asked.contains_key(&token), "asked twice: {effect:?}");
            self.asked.insert(token, place);
        }
        assert_eq!(
            output.effects.iter().any(|effect| matches!(effect, Effect::Ended(_))),
            after.is_ended() && output.taken == Taken::Committing,
            "the end is told once",
        );
        let (mut waited, mut objects) = (BTreeSet::new(), BTreeSet::new());
        for (id, frame) in after.frames.iter().filter(|_| !after.is_ended()) {
            match &frame.waiting {
                Waiting::Task(task) => {
                    assert_eq!((task.token.frame, task.token.entry), (*id, frame.entry));
                    waited.insert(task.token);
                }
                Waiting::Run(run) => match run.phase {
                    Phase::Reading { random } | Phase::Writing { random, .. } => {
                        let entry = frame.entry;
                        objects.insert(Token { frame: *id, entry, attempt: 0, random });
                    }
                    Phase::Running => {
                        let alive = run.alive(&after.results).into_iter();
                        waited.extend(alive.map(|index| run.token((*id, frame.entry), index)));
                    }
                    Phase::Failed => {}
                },
                _ => {}
            }
        }
        self.asked.retain(|token, _| waited.contains(token) || !self.detached.contains(token));
        let asked: BTreeSet<_> = self.asked.keys().copied().collect();
        assert_eq!(waited, asked, "what is waited for is what was asked for");
        assert_eq!(objects, self.objects, "what is read and written is what was asked for");
    }

    /// An answer counts once, and then nobody waits for it any more.
    fn take_answer(&mut self, event: &Event, after: &Execution) {
        match event {
            Event::TaskSucceeded { token, .. }
            | Event::TaskFailed { token, .. }
            | Event::ChildEnded { token, .. }
            | Event::CallRefused { token, .. }
            | Event::ItemsRead { token, .. }
            | Event::ResultsWritten { token } => {
                let was_asked = self.asked.remove(token).is_some() || self.objects.remove(token);
                assert!(was_asked, "an answer counts once: {event:?}");
            }
            // Some tasks are no more than the call or the start.
            Event::CallAnswered { token, .. } | Event::ChildStarted { token, .. }
                if !after.waits_for(*token) =>
            {
                assert!(self.asked.remove(token).is_some(), "an answer counts once: {event:?}");
            }
            _ => {}
        }
    }

    /// Each frame waits for something that can happen.
    fn check_waiting(&self, execution: &Execution) {
        assert!(execution.frames.contains_key(&FrameId::ROOT), "it goes on somewhere");
        for (id, frame) in &execution.frames {
            let children =
                execution.frames.values().filter(|child| child.role.parent() == Some(*id));
            let children = u32::try_from(children.count()).unwrap_or(u32::MAX);
            match &frame.waiting {
                Waiting::Ready(_) => assert!(self.owes, "nobody runs frame {id} on: {frame:?}"),
                Waiting::Children(join) => {
                    assert_eq!(join.running(), children, "children of frame {id}");
                    let goes_on = !join.is_complete() && children > 0;
                    assert!(goes_on || self.owes, "nobody ends the join of frame {id}: {join:?}");
                    check_results(execution, join.id, join.succeeded + join.failed);
                }
                Waiting::Run(run) => {
                    assert_eq!(children, 0, "frame {id} has children and a Map Run");
                    let idles =
                        run.phase == Phase::Running && run.alive(&execution.results).is_empty();
                    assert!(!idles || self.owes, "nobody ends the Map Run of frame {id}: {run:?}");
                    check_results(execution, run.id, run.executions.ended());
                }
                Waiting::Failed(_) => panic!("frame {id} has failed and nothing came of it"),
                Waiting::Task(_)
                | Waiting::Absent(_)
                | Waiting::Timer(_)
                | Waiting::Retry { .. } => {
                    assert_eq!(children, 0, "frame {id} has children and no join");
                }
            }
            if let Some(parent) = frame.role.parent() {
                assert!(execution.frames.contains_key(&parent), "frame {id} has lost its parent");
            }
            check_size(execution, *id, frame);
        }
        let joins: Vec<_> = execution.frames.values().filter_map(join_id).collect();
        let open = execution.results.keys().all(|result| joins.contains(&result.join));
        assert!(open, "results belong to open joins");
    }
}

fn asked_of_objects(effect: &Effect) -> Option<Token> {
    match effect {
        Effect::ReadItems(read) => Some(read.token),
        Effect::WriteResults(write) => Some(write.token),
        _ => None,
    }
}

fn join_id(frame: &Frame) -> Option<u64> {
    match &frame.waiting {
        Waiting::Children(join) => Some(join.id),
        Waiting::Run(run) => Some(run.id),
        _ => None,
    }
}

fn check_results(execution: &Execution, join: u64, ended: u32) {
    let kept = execution.results.keys().filter(|result| result.join == join).count();
    assert_eq!(kept, ended as usize, "each child that ended has left a result");
}

/// A frame has its input, its variables, and the payload of what it waits for: each within the limit,
/// but for the items of a Map, of which each is.
fn check_size(execution: &Execution, id: FrameId, frame: &Frame) {
    let Some(limit) = execution.limits.payload else { return };
    let payloads = match &frame.waiting {
        Waiting::Children(join) => match &join.kind {
            JoinKind::Map { items, .. } => 2 * items.as_array().map_or(0, Vec::len),
            JoinKind::Parallel(_) => 1,
        },
        Waiting::Run(run) => 2 * inputs_of(run),
        _ => 2,
    };
    // Its input, its item, a failure, and names.
    let most = (4 + frame.vars.len() + payloads) * limit + 100_000;
    let size = serde_json::to_vec(frame).unwrap().len();
    assert!(size <= most, "frame {id} has {size} bytes, more than {most}");
}

/// What a Map Run has of payloads: its items, and what was asked of it.
fn inputs_of(run: &MapRun) -> usize {
    1 + run.inputs.items() as usize
}

/// Ids are dense, an event follows an earlier one, time never goes back, and the end is the end.
fn check_history(before: &Execution, after: &Execution, history: &[HistoryEvent], output: &Output) {
    let mut last = (before.head.last_event, before.head.last_time);
    for event in &output.history {
        assert_eq!(event.id, last.0 + 1, "ids are dense: {event:?}");
        assert!(event.previous_event_id < event.id, "it follows an earlier one: {event:?}");
        assert!(event.timestamp >= last.1, "history never goes back in time: {event:?}");
        last = (event.id, event.timestamp);
    }
    assert_eq!((after.head.last_event, after.head.last_time), last);
    assert_eq!(after.head.last_event, history.len() as u64);
    let (end, rest) = match output.history.split_last() {
        Some((last, rest)) => (last.kind.ends_execution(), rest),
        None => (false, &output.history[..]),
    };
    assert!(!rest.iter().any(|event| event.kind.ends_execution()), "the end comes last");
    let ends = after.is_ended() && !before.is_ended();
    assert_eq!(end, ends, "the history ends when the execution does");
    assert!(after.limits.events.is_none_or(|most| after.head.last_event <= most), "too long");
}

/// The entry of the state that an event leaves: back along its line of control.
fn entry_of(exit: &HistoryEvent, name: &str, history: &[HistoryEvent]) -> u64 {
    let mut at = exit.previous_event_id;
    loop {
        let before = usize::try_from(at).ok().and_then(|at| history.get(..at));
        let Some((event, before)) = before.and_then(<[_]>::split_last) else {
            panic!("`{name}` is left and was not entered: {exit:?}")
        };
        let enters = |event: &HistoryEvent| match &event.kind {
            HistoryKind::StateEntered { name: entered, .. } => entered == name,
            _ => false,
        };
        if enters(event) {
            return event.id;
        }
        at = event.previous_event_id;
        // AWS: what fails while a state is entered follows what the entry follows, not the entry.
        if matches!(&event.kind, HistoryKind::EvaluationFailed { state, .. } if state == name) {
            let beside = |event: &&HistoryEvent| event.previous_event_id == at && enters(event);
            if let Some(entry) = before.iter().rev().find(beside) {
                return entry.id;
            }
        }
    }
}

fn is_failure(kind: &HistoryKind) -> bool {
    matches!(
        kind,
        HistoryKind::EvaluationFailed { .. }
            | HistoryKind::StateAborted { .. }
            | HistoryKind::TaskFailed { .. }
            | HistoryKind::TaskTimedOut { .. }
            | HistoryKind::ActivityFailed(_)
            | HistoryKind::ActivityTimedOut(_)
            | HistoryKind::LambdaFunctionFailed(_)
            | HistoryKind::LambdaFunctionTimedOut(_)
            | HistoryKind::TaskSubmitFailed { .. }
            | HistoryKind::MapRunFailed { .. }
            | HistoryKind::MapRunAborted(_)
            | HistoryKind::ParallelStateFailed
            | HistoryKind::MapStateFailed
            | HistoryKind::MapIterationFailed { .. }
            | HistoryKind::MapIterationAborted { .. }
    )
}
