//! A store that forgets everything with the process, with the semantics of one that does not.
//!
//! Tests use it; it can be made to answer [`Answer::Conflict`] at seeded random, as a store with
//! several owners would.

use super::{
    Answer, Batch, Blob, Change, Claim, Claimed, Committed, Epoch, Error, EventGroup, ExecutionId,
    ExecutionRecord, Facts, Filter, FrameId, HistoryPage, MachineRecord, MapRunRow, Message,
    MessageId, Order, Page, Pin, Received, Register, Registration, Result, ResultRow, Revision,
    Start, Started, Status, Store, Stored, ValueId, Version, Wake, registration::Registrations,
};
use jiff::Timestamp;
use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    sync::{Mutex, MutexGuard, PoisonError},
};

/// Keeps everything in memory.
#[derive(Debug, Default)]
pub struct MemoryStore {
    state: Mutex<State>,
}

impl MemoryStore {
    /// Makes an empty store.
    pub fn new() -> Self {
        Self::default()
    }

    /// Makes an empty store that refuses about one change in `one_in`, as if another owner had
    /// been quicker. Some of the executions concerned are released, as after a lost lease.
    pub fn with_conflicts(seed: u64, one_in: u64) -> Self {
        let conflicts = Some(Conflicts { seed: seed | 1, one_in: one_in.max(1) });
        Self { state: Mutex::new(State { conflicts, ..State::default() }) }
    }

    /// Makes an empty store that forgets executions that have ended, the oldest end first, once there
    /// are more than `ended` of them.
    pub fn keeping(ended: usize) -> Self {
        let retention = Some(Retention { most: ended, ended: VecDeque::new() });
        Self { state: Mutex::new(State { retention, ..State::default() }) }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Nothing below leaves the state half changed if it panics: it does not panic.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[derive(Debug, Default)]
struct State {
    epoch: u64,
    executions: BTreeMap<ExecutionId, Execution>,
    last_execution: i64,
    names: BTreeMap<(String, String), ExecutionId>,
    /// Executions that nobody owns, by the time at which they are due.
    due: BTreeSet<(Timestamp, ExecutionId)>,
    inbox: BTreeMap<MessageId, Message>,
    last_message: MessageId,
    machines: BTreeMap<String, Vec<MachineRecord>>,
    registrations: Registrations,
    commits: u64,
    conflicts: Option<Conflicts>,
    retention: Option<Retention>,
}

/// How many executions that have ended are kept.
#[derive(Debug)]
struct Retention {
    most: usize,
    /// In the order of their ends.
    ended: VecDeque<ExecutionId>,
}

#[derive(Debug)]
struct Execution {
    record: ExecutionRecord,
    version: Version,
    owner: Option<Epoch>,
    /// It was claimed and has not been changed since.
    claimed: bool,
    due: Option<Timestamp>,
    control: Blob,
    frames: BTreeMap<FrameId, Blob>,
    results: BTreeMap<(u64, u32), Blob>,
    events: BTreeMap<u64, EventGroup>,
    values: BTreeMap<ValueId, Blob>,
    map_runs: Vec<MapRunRow>,
}

#[derive(Debug)]
struct Conflicts {
    seed: u64,
    one_in: u64,
}

impl Conflicts {
    /// Draws a number (xorshift64*).
    fn draw(&mut self) -> u64 {
        self.seed ^= self.seed << 13;
        self.seed ^= self.seed >> 7;
        self.seed ^= self.seed << 17;
        self.seed.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 32
    }
}

impl State {
    fn start(&mut self, start: Start) -> Started {
        let key = (start.pin.machine.clone(), start.name.clone());
        if let Some(id) = self.names.get(&key) {
            return Started::Exists(*id);
        }
        self.last_execution += 1;
        let id = ExecutionId(self.last_execution);
        let record = ExecutionRecord {
            id,
            pin: start.pin,
            name: start.name,
            status: Status::Running,
            started: start.started,
            ended: None,
            header: start.header,
            result: None,
        };
        let mut execution = Execution {
            record,
            version: 0,
            owner: Some(start.first.epoch),
            claimed: false,
            due: None,
            control: Blob::default(),
            frames: BTreeMap::new(),
            results: BTreeMap::new(),
            events: BTreeMap::new(),
            values: BTreeMap::new(),
            map_runs: Vec::new(),
        };
        for id in &start.first.applied {
            self.inbox.remove(id);
        }
        self.send(&start.first.messages);
        execution.change(start.first);
        self.schedule(id, None, execution.due);
        self.executions.insert(id, execution);
        self.names.insert(key, id);
        Started::New(id)
    }

    fn change(&mut self, change: Change) -> Answer {
        let epoch = self.epoch;
        let Some(execution) = self.executions.get_mut(&change.execution) else {
            return Answer::Conflict;
        };
        let owned = execution.owner == Some(change.epoch) && change.epoch.0 == epoch;
        if !owned || execution.version != change.expected {
            return Answer::Conflict;
        }
        if let Some(conflicts) = &mut self.conflicts
            && conflicts.draw() % conflicts.one_in == 0
        {
            if conflicts.draw() % 2 == 0 {
                execution.owner = None;
                execution.due = Some(Timestamp::UNIX_EPOCH);
                self.due.insert((Timestamp::UNIX_EPOCH, change.execution));
            }
            return Answer::Conflict;
        }
        for id in &change.applied {
            self.inbox.remove(id);
        }
        let id = change.execution;
        let messages = change.messages.clone();
        let before = execution.due;
        execution.change(change);
        let after = execution.due;
        self.schedule(id, before, after);
        self.send(&messages);
        Answer::Ok
    }

    fn schedule(&mut self, id: ExecutionId, before: Option<Timestamp>, after: Option<Timestamp>) {
        if let Some(before) = before {
            self.due.remove(&(before, id));
        }
        if let Some(after) = after {
            self.due.insert((after, id));
        }
    }

    fn send(&mut self, messages: &[Message]) {
        for message in messages {
            self.last_message += 1;
            self.inbox.insert(self.last_message, message.clone());
        }
    }

    /// Forgets executions that ended long ago.
    fn retain(&mut self, ended: Vec<ExecutionId>) {
        let Some(retention) = &mut self.retention else { return };
        retention.ended.extend(ended);
        while retention.ended.len() > retention.most {
            let Some(oldest) = retention.ended.pop_front() else { return };
            if let Some(Execution { record, .. }) = self.executions.remove(&oldest) {
                self.names.remove(&(record.pin.machine, record.name));
            }
        }
    }

    fn release(&mut self, id: ExecutionId, epoch: Epoch) {
        if let Some(execution) = self.executions.get_mut(&id)
            && execution.owner == Some(epoch)
        {
            execution.owner = None;
            self.due.extend(execution.due.map(|due| (due, id)));
        }
    }

    fn own(&mut self) -> Epoch {
        self.epoch += 1;
        for (id, execution) in &mut self.executions {
            if execution.owner.take().is_some() {
                // A claim leaves no trace; who has been changed since is due at once.
                if !execution.claimed {
                    execution.due = Some(Timestamp::UNIX_EPOCH);
                }
                self.due.extend(execution.due.map(|due| (due, *id)));
            }
        }
        Epoch(self.epoch)
    }

    fn claim(&mut self, claim: &Claim) -> Result<Vec<ExecutionId>> {
        if claim.epoch.0 != self.epoch {
            return Err(Error::NotOwner);
        }
        let addressed = self.inbox.values().filter_map(|message| message.execution);
        let free = |id: &ExecutionId| {
            self.executions.get(id).is_some_and(|execution| execution.owner.is_none())
        };
        let mut ids: Vec<_> = Vec::new();
        let due = self.due.iter().take_while(|(at, _)| *at <= claim.now).map(|(_, id)| *id);
        for id in due.chain(addressed.filter(free)) {
            if ids.len() < claim.limit && !ids.contains(&id) {
                ids.push(id);
            }
        }
        for id in &ids {
            self.hand_out(*id, claim.epoch);
        }
        Ok(ids)
    }

    fn claim_among(&mut self, claim: &Claim, these: &BTreeSet<ExecutionId>) -> Result<Claimed> {
        if claim.epoch.0 != self.epoch {
            return Err(Error::NotOwner);
        }
        let addressed = self.inbox.values().filter_map(|message| message.execution);
        let addressed: BTreeSet<_> = addressed.collect();
        let mut claimed = Claimed::default();
        for id in these {
            let free = self.executions.get(id).filter(|execution| execution.owner.is_none());
            let Some(due) = free.map(|execution| execution.due) else { continue };
            let is_due = due.is_some_and(|due| due <= claim.now) || addressed.contains(id);
            if is_due && claimed.executions.len() < claim.limit {
                self.hand_out(*id, claim.epoch);
                claimed.executions.push(*id);
            } else {
                claimed.next_due = claimed.next_due.into_iter().chain(due).min();
            }
        }
        Ok(claimed)
    }

    fn hand_out(&mut self, id: ExecutionId, epoch: Epoch) {
        if let Some(execution) = self.executions.get_mut(&id) {
            execution.owner = Some(epoch);
            execution.claimed = true;
            if let Some(due) = execution.due {
                self.due.remove(&(due, id));
            }
        }
    }
}

impl Execution {
    fn results(&self) -> Vec<ResultRow> {
        let row = |(&(join, index), result): (_, &Blob)| ResultRow {
            join,
            index,
            result: result.clone(),
        };
        self.results.iter().map(row).collect()
    }

    fn change(&mut self, change: Change) {
        self.version += 1;
        self.map_runs.extend(change.map_runs);
        self.claimed = false;
        self.control = change.control;
        for frame in change.frames {
            match frame.state {
                Some(state) => self.frames.insert(frame.id, state),
                None => self.frames.remove(&frame.id),
            };
        }
        for join in change.ended_joins {
            self.results.retain(|(other, _), _| *other != join);
        }
        for row in change.results {
            self.results.insert((row.join, row.index), row.result);
        }
        if let Some(group) = change.events {
            self.events.insert(group.first, group);
        }
        for value in change.values {
            self.values.entry(value.id).or_insert(value.value);
        }
        (self.owner, self.due) = match change.wake {
            Wake::Owned => (Some(change.epoch), None),
            Wake::At(at) => (None, Some(at)),
            Wake::Message => (None, None),
        };
        if let Some(outcome) = change.outcome {
            self.record.status = outcome.status;
            self.record.ended = outcome.ended;
            self.record.result = outcome.result;
        }
    }
}

impl Store for MemoryStore {
    fn own(&self, _owner: &str) -> Result<Epoch> {
        Ok(self.state().own())
    }

    fn claim(&self, claim: &Claim) -> Result<Vec<ExecutionId>> {
        self.state().claim(claim)
    }

    fn claim_among(&self, claim: &Claim, these: &BTreeSet<ExecutionId>) -> Result<Claimed> {
        self.state().claim_among(claim, these)
    }

    fn next_due(&self) -> Result<Option<Timestamp>> {
        Ok(self.state().due.first().map(|(at, _)| *at))
    }

    fn due(&self, until: Timestamp, limit: usize) -> Result<Vec<(Timestamp, ExecutionId)>> {
        let state = self.state();
        Ok(state.due.iter().take_while(|(at, _)| *at <= until).take(limit).copied().collect())
    }

    fn commit(&self, batch: Batch) -> Result<Committed> {
        let mut state = self.state();
        if batch.starts.iter().any(|start| start.first.epoch.0 != state.epoch) {
            return Err(Error::NotOwner);
        }
        if state.epoch == 0 && batch.is_for_owners() {
            return Err(Error::NotOwner);
        }
        let ends = |change: &Change| change.outcome.as_ref().is_some_and(|it| it.ended.is_some());
        let mut ended = Vec::new();
        let mut starts = Vec::new();
        for start in batch.starts {
            let ends = ends(&start.first);
            starts.push(state.start(start));
            if let (Some(Started::New(id)), true) = (starts.last(), ends) {
                ended.push(*id);
            }
        }
        let mut changes = Vec::new();
        for change in batch.changes {
            let (id, ends) = (change.execution, ends(&change));
            changes.push(state.change(change));
            if let (Some(Answer::Ok), true) = (changes.last(), ends) {
                ended.push(id);
            }
        }
        state.retain(ended);
        state.send(&batch.messages);
        for id in &batch.applied {
            state.inbox.remove(id);
        }
        for (id, epoch) in batch.released {
            state.release(id, epoch);
        }
        state.commits += 1;
        Ok(Committed { starts, changes })
    }

    fn checkpoint(&self) -> Result<()> {
        Ok(())
    }

    fn load(&self, execution: ExecutionId) -> Result<Option<Stored>> {
        Ok(self.state().executions.get(&execution).map(|execution| Stored {
            record: execution.record.clone(),
            version: execution.version,
            owner: execution.owner,
            control: execution.control.clone(),
            frames: execution.frames.iter().map(|(id, blob)| (*id, blob.clone())).collect(),
            results: execution.results(),
        }))
    }

    fn value(&self, execution: ExecutionId, id: &ValueId) -> Result<Option<Blob>> {
        let state = self.state();
        Ok(state.executions.get(&execution).and_then(|execution| execution.values.get(id).cloned()))
    }

    fn describe(&self, execution: ExecutionId) -> Result<Option<ExecutionRecord>> {
        Ok(self.state().executions.get(&execution).map(|execution| execution.record.clone()))
    }

    fn find(&self, machine: &str, name: &str) -> Result<Option<ExecutionId>> {
        Ok(self.state().names.get(&(machine.to_owned(), name.to_owned())).copied())
    }

    fn map_run(&self, arn: &str) -> Result<Option<(ExecutionId, MapRunRow)>> {
        let state = self.state();
        let found = state.executions.iter().rev().find_map(|(id, execution)| {
            let run = execution.map_runs.iter().find(|run| run.arn == arn)?;
            Some((*id, run.clone()))
        });
        Ok(found)
    }

    fn map_runs(&self, execution: ExecutionId) -> Result<Vec<MapRunRow>> {
        let state = self.state();
        Ok(state.executions.get(&execution).map_or_else(Vec::new, |it| it.map_runs.clone()))
    }

    fn running(&self) -> Result<u64> {
        let state = self.state();
        let statuses = state.executions.values().map(|execution| execution.record.status);
        let running = statuses.filter(|status| *status == Status::Running).count();
        Ok(u64::try_from(running).unwrap_or(u64::MAX))
    }

    fn list(&self, filter: &Filter, page: &Page) -> Result<Vec<ExecutionRecord>> {
        let state = self.state();
        let before = page.before.unwrap_or(ExecutionId(i64::MAX));
        let matches = |record: &&ExecutionRecord| {
            filter.machine.as_ref().is_none_or(|machine| *machine == record.pin.machine)
                && filter.status.is_none_or(|status| status == record.status)
        };
        let newest = state.executions.range(..before).rev().map(|(_, execution)| &execution.record);
        Ok(newest.filter(matches).take(page.limit).cloned().collect())
    }

    fn history(&self, execution: ExecutionId, page: &HistoryPage) -> Result<Vec<EventGroup>> {
        let state = self.state();
        let Some(execution) = state.executions.get(&execution) else {
            return Ok(Vec::new());
        };
        let events = &execution.events;
        Ok(match page.order {
            Order::Forward => {
                let from = page.from.unwrap_or(1);
                let first = events.range(..=from).next_back().map_or(1, |(first, _)| *first);
                events.range(first..).take(page.limit).map(|(_, group)| group.clone()).collect()
            }
            Order::Reverse => {
                let groups = events.range(..=page.from.unwrap_or(u64::MAX)).rev();
                groups.take(page.limit).map(|(_, group)| group.clone()).collect()
            }
        })
    }

    fn send(&self, messages: &[Message]) -> Result<()> {
        self.state().send(messages);
        Ok(())
    }

    fn inbox(&self, after: MessageId, limit: usize) -> Result<Vec<Received>> {
        let state = self.state();
        let later = state.inbox.range(after.saturating_add(1)..).take(limit);
        Ok(later.map(|(id, message)| Received { id: *id, message: message.clone() }).collect())
    }

    fn hint(&self) -> Result<u64> {
        Ok(self.state().last_message.unsigned_abs())
    }

    fn put_machine(&self, machine: &MachineRecord) -> Result<Pin> {
        let mut state = self.state();
        if state.epoch == 0 {
            return Err(Error::NotOwner);
        }
        let revisions = state.machines.entry(machine.arn.clone()).or_default();
        if revisions.last().is_none_or(|latest| latest.hash != machine.hash) {
            let revision = revisions.len() as u64 + 1;
            revisions.push(MachineRecord { revision, ..machine.clone() });
        }
        Ok(Pin {
            machine: machine.arn.clone(),
            revision: revisions.len() as u64,
            hash: machine.hash.clone(),
            version: None,
            alias: None,
        })
    }

    fn machine(&self, arn: &str) -> Result<Option<MachineRecord>> {
        Ok(self.state().machines.get(arn).and_then(|revisions| revisions.last()).cloned())
    }

    fn machines(&self) -> Result<Vec<MachineRecord>> {
        let state = self.state();
        Ok(state.machines.values().filter_map(|revisions| revisions.last()).cloned().collect())
    }

    fn definition(&self, hash: &str) -> Result<Option<String>> {
        let state = self.state();
        let mut revisions = state.machines.values().flatten();
        Ok(revisions.find(|revision| revision.hash == hash).map(|found| found.definition.clone()))
    }

    fn shapes(&self, hash: &str) -> Result<Option<String>> {
        let state = self.state();
        let mut revisions = state.machines.values().flatten();
        let found = revisions.find(|revision| revision.hash == hash);
        Ok(found.and_then(|found| found.shapes.clone()))
    }

    fn register(&self, change: &Register) -> Result<Answer> {
        let State { machines, registrations, .. } = &mut *self.state();
        let revisions = machines.entry(change.arn.clone()).or_default();
        Ok(registrations.register(change, revisions))
    }

    fn registrations(&self) -> Result<Vec<Registration>> {
        Ok(self.state().registrations.all())
    }

    fn revision(&self, arn: &str, number: u64) -> Result<Option<Revision>> {
        let state = self.state();
        let mut revisions = state.machines.get(arn).into_iter().flatten();
        let found = revisions.find(|record| record.revision == number);
        Ok(found.map(|record| state.registrations.revision(record)))
    }

    fn facts(&self) -> Result<Facts> {
        let place = "memory".to_owned();
        Ok(Facts {
            place,
            format: super::FORMAT,
            commits: self.state().commits,
            ..Facts::default()
        })
    }
}
