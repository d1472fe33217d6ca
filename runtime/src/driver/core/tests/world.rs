//! A core, a store and what runs between them, under a test's hand.

use super::machines;
use crate::{
    catalog::{self, Catalog, Machine},
    driver::{
        Limits,
        core::{Children, Core, Input, Message, Origin, Output, Run, Setting, Start, Work},
        reader::{Execution, Reader},
        strand::Performer,
    },
    engine::{ChildOutcome, Event, FrameId, HistoryEvent, Host, Status, Token, execution::Waiting},
    program::{Data, Failure},
    store::{self, Answer, Batch, Claim, Epoch, ExecutionId, MessageId, Store, codec},
};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

/// The role of every execution.
const ROLE: &str = "arn:aws:iam::123456789012:role/r";

/// The activity that is for workers, of which there are none.
const FOR_WORKERS: &str = "for-workers";

/// Runs every activity in this process, but those that its binary lacks.
#[derive(Debug)]
struct Tasks(Binary);

/// What a process is a process of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Binary {
    /// The one that everything begins with.
    First,
    /// One with other definitions, that has all tasks.
    Changed,
    /// One with other definitions, that lacks tasks and a machine.
    Poorer,
}

const LACKS: [&str; 3] = ["b", "flaky", "y"];

impl Host for Tasks {
    fn task_in_process(&self, resource: &str) -> Option<String> {
        let (_, name) = resource.split_once(":activity:")?;
        self.has(name).then(|| name.to_owned())
    }
}

impl Performer for Tasks {
    fn has(&self, task: &str) -> bool {
        task != FOR_WORKERS && (self.0 != Binary::Poorer || !LACKS.contains(&task))
    }

    fn asks_workers(&self, _activity: &str) -> bool {
        false
    }

    fn refuses(&self, _task: &str, _arguments: &Data) -> Option<String> {
        None
    }

    fn gives(&self, _task: &str) -> Option<Value> {
        None
    }
}

/// What was acknowledged: it must be true for ever.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    /// By the number under which the start was asked.
    pub(super) started: BTreeMap<u64, ExecutionId>,
    /// The last event told of.
    pub(super) events: BTreeMap<ExecutionId, u64>,
    pub(super) ended: BTreeMap<ExecutionId, Status>,
    /// Attempts whose end was recorded.
    pub(super) recorded: BTreeSet<(ExecutionId, Token)>,
    /// Attempts handed out, and how often.
    pub(super) runs: BTreeMap<(ExecutionId, Token), u32>,
}

/// When a crash comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Crash {
    Never,
    /// The group was given out and is not written.
    BeforeCommit,
    /// The group is written and nobody has been told.
    AfterCommit,
    /// No crash, but the group takes until after the next turn's news.
    Slow,
}

pub(super) struct World {
    pub(super) store: Arc<dyn Store>,
    catalog: Arc<Catalog>,
    pub(super) binary: Binary,
    pub(super) core: Core,
    epoch: Epoch,
    seed: u64,
    pub(super) now: Timestamp,
    /// News that the core has not been given yet.
    pub(super) inputs: Vec<Input>,
    /// Tasks that run.
    pub(super) running: Vec<Run>,
    cursor: MessageId,
    claim_at: Option<Timestamp>,
    /// A group that is being written, and the reports that are in it.
    writing: Option<(Batch, BTreeSet<(ExecutionId, Token)>)>,
    pub(super) ledger: Ledger,
}

impl World {
    pub(super) fn new(store: Arc<dyn Store>, seed: u64) -> Self {
        Self::of(store, seed, |store, now| machines::catalog(store, now, Binary::First))
    }

    /// A world of other machines.
    pub(super) fn of(
        store: Arc<dyn Store>,
        seed: u64,
        catalog: impl FnOnce(&dyn Store, Timestamp) -> Catalog,
    ) -> Self {
        let now = Timestamp::from_second(1_700_000_000).unwrap();
        let epoch = store.own("test").unwrap();
        let catalog = Arc::new(catalog(&*store, now));
        Self {
            core: core(Arc::clone(&catalog), epoch, seed, Binary::First),
            binary: Binary::First,
            store,
            catalog,
            epoch,
            seed,
            now,
            inputs: Vec::new(),
            running: Vec::new(),
            cursor: 0,
            claim_at: Some(Timestamp::MIN),
            writing: None,
            ledger: Ledger::default(),
        }
    }

    /// The process ends, and one of another binary takes the store over.
    pub(super) fn deploy(&mut self, binary: Binary) {
        self.binary = binary;
        self.catalog = Arc::new(machines::catalog(&*self.store, self.now, binary));
        self.crash();
    }

    /// Whether something can't go on in this binary.
    pub(super) fn is_stranded(&self) -> bool {
        let mut live = self.core.live.values();
        !self.core.aside.is_empty() || live.any(|live| live.execution.stranded().is_some())
    }

    /// The process ends, and another takes the store over.
    pub(super) fn crash(&mut self) {
        self.seed += 1;
        self.epoch = self.store.own("test").unwrap();
        self.core = core(Arc::clone(&self.catalog), self.epoch, self.seed, self.binary);
        self.inputs.clear();
        self.running.clear();
        self.writing = None;
        self.cursor = 0;
        self.claim_at = Some(Timestamp::MIN);
        self.check_ledger();
    }

    /// What was acknowledged is still there.
    pub(super) fn check_ledger(&self) {
        for (id, last) in &self.ledger.events {
            let stored = self.last_event(*id);
            assert!(stored >= *last, "{id:?} had {last} events and has {stored}");
        }
        for (id, status) in &self.ledger.ended {
            assert_eq!(&self.status(*id), status);
        }
        for id in self.ledger.started.values() {
            assert!(self.store.describe(*id).unwrap().is_some());
        }
    }

    pub(super) fn status(&self, id: ExecutionId) -> Status {
        let record = self.store.describe(id).unwrap().unwrap();
        codec::status(&*self.store, &record).unwrap()
    }

    /// The history of an execution; its ids have no gaps.
    pub(super) fn events(&self, id: ExecutionId) -> Vec<HistoryEvent> {
        let page = store::HistoryPage { order: store::Order::Forward, from: None, limit: 10_000 };
        let events = codec::history(&*self.store, id, &page).unwrap();
        for (index, event) in events.iter().enumerate() {
            assert_eq!(event.id, index as u64 + 1);
        }
        events
    }

    /// Types and names of an execution's events.
    pub(super) fn history(&self, id: ExecutionId) -> Vec<String> {
        let line = |event: &HistoryEvent| {
            let json = event.to_json();
            let details = event.kind.details().map(|(_, details)| details);
            let name = details.and_then(|details| details.get("name").cloned());
            format!("{} {}", json["type"], name.unwrap_or_default())
        };
        self.events(id).iter().map(line).collect()
    }

    /// How many executions a machine has.
    pub(super) fn executions_of(&self, machine: &str) -> usize {
        let filter = store::Filter { machine: Some(catalog::machine_arn(machine)), status: None };
        let page = store::Page { before: None, limit: 10_000 };
        self.store.list(&filter, &page).unwrap().len()
    }

    /// The times of an execution's events, in their order.
    pub(super) fn times(&self, id: ExecutionId) -> Vec<Timestamp> {
        self.events(id).into_iter().map(|event| event.timestamp).collect()
    }

    fn last_event(&self, id: ExecutionId) -> u64 {
        let page = store::HistoryPage { order: store::Order::Reverse, from: None, limit: 1 };
        let groups = self.store.history(id, &page).unwrap();
        groups.first().map_or(0, |group| group.first + u64::from(group.count) - 1)
    }

    /// Whether an execution has ended, told or not.
    pub(super) fn has_ended(&self, id: ExecutionId) -> bool {
        self.ledger.ended.contains_key(&id)
            || self.store.describe(id).unwrap().unwrap().status != store::Status::Running
    }

    /// How often the task that was handed out most often was. What is being written may not be
    /// there after a crash, so that more may count then.
    pub(super) fn deliveries(&self) -> u32 {
        if self.writing.is_some() {
            return u32::MAX;
        }
        let frames = self.core.live.values().flat_map(|live| live.execution.frames.values());
        let tasks = frames.filter_map(|frame| match &frame.waiting {
            Waiting::Task(task) => Some(task.deliveries),
            _ => None,
        });
        tasks.max().unwrap_or(0)
    }

    pub(super) fn start(&mut self, caller: u64, machine: &str, name: &str, input: Value) {
        let machine = Arc::clone(self.catalog.by_name(machine).unwrap());
        let machine = Arc::new(Machine { role_arn: ROLE.to_owned(), ..Machine::clone(&machine) });
        let origin = Origin::Caller(caller);
        let (name, input) = (name.to_owned(), Data::from(input));
        self.inputs.push(Input::Start(Box::new(Start { origin, machine, name, input })));
    }

    pub(super) fn stop(&mut self, id: ExecutionId) {
        let body = Message::Stop(Failure::new("Stopped", "by the test")).encode();
        let message = store::Message { execution: Some(id), sent: self.now, body };
        self.store.send(&[message]).unwrap();
    }

    /// Sends news of a child that the execution does not wait for.
    pub(super) fn tell_nothing(&mut self, id: ExecutionId) {
        let token = Token { frame: FrameId::ROOT, entry: 0, attempt: 0, random: 0 };
        let child = ChildOutcome {
            execution: String::new(),
            name: String::new(),
            machine: String::new(),
            input: Data::default(),
            started: self.now,
            stopped: self.now,
            status: Status::Succeeded(Data::default()),
        };
        let body = Message::ChildEnded { token, child: Box::new(child) }.encode();
        let message = store::Message { execution: Some(id), sent: self.now, body };
        self.store.send(&[message]).unwrap();
    }

    /// Ends the task at this place among those that run.
    pub(super) fn finish(&mut self, index: usize, event: impl FnOnce(&Run) -> Event) {
        let run = self.running.swap_remove(index);
        let (execution, token) = (run.execution, run.token());
        let event = event(&run);
        self.inputs.push(Input::Task { execution, token, event });
    }

    /// Gives the core its news until it is at rest, or until the crash at its next commit.
    pub(super) fn turn(&mut self, crash: Crash) {
        self.turn_to(0, crash);
    }

    /// The same, with the crash after so many commits. Returns how many groups were given out.
    pub(super) fn turn_to(&mut self, commits: usize, crash: Crash) -> usize {
        let mut groups = 0;
        for round in 0.. {
            self.look_out();
            let inputs = std::mem::take(&mut self.inputs);
            assert!(round < 10_000, "no rest in sight: {inputs:?}");
            let output = self.core.poll(self.now, inputs);
            if let Some(group) = self.act(output) {
                self.writing = Some((group, self.reports()));
                groups += 1;
                match crash {
                    _ if groups <= commits => {}
                    Crash::BeforeCommit => {
                        self.crash();
                        break;
                    }
                    Crash::AfterCommit => {
                        self.commit();
                        self.crash();
                        break;
                    }
                    Crash::Slow => break,
                    Crash::Never => {}
                }
            }
            self.commit();
            let due = self.claim_at.is_some_and(|due| due <= self.now);
            if self.inputs.is_empty() && !self.core.is_ready() && !due {
                break;
            }
        }
        groups
    }

    /// The ends of tasks that the group which has just been given out records.
    fn reports(&self) -> BTreeSet<(ExecutionId, Token)> {
        let pending = self.core.flight.iter().flat_map(|group| &group.pending);
        let news = pending
            .flat_map(|pending| pending.stepped.news.iter().map(|(event, _)| (pending.id, event)));
        let ends = news.filter_map(|(id, event)| match event {
            Event::TaskSucceeded { token, .. } | Event::TaskFailed { token, .. } => {
                Some((id, *token))
            }
            _ => None,
        });
        ends.collect()
    }

    /// Writes the group that is being written, if there is one.
    fn commit(&mut self) {
        let Some((group, mut reports)) = self.writing.take() else { return };
        let changed: Vec<_> = group.changes.iter().map(|change| change.execution).collect();
        let committed = self.store.commit(group).unwrap();
        for (id, answer) in changed.iter().zip(&committed.changes) {
            if *answer == Answer::Ok {
                self.ledger.recorded.extend(reports.extract_if(.., |(of, _)| of == id));
            }
        }
        self.inputs.push(Input::Committed(committed));
    }

    fn act(&mut self, output: Output) -> Option<Batch> {
        for key in &output.cancel {
            self.running.retain(|run| (run.execution, run.token()) != *key);
        }
        for run in output.run {
            let key = (run.execution, run.token());
            assert!(!self.ledger.recorded.contains(&key), "{key:?} was recorded and runs again");
            let runs = self.ledger.runs.entry(key).or_default();
            *runs += 1;
            // Reading and writing again is harmless.
            let is_task = matches!(run.work, Work::Task(_));
            assert!(!is_task || *runs <= 3, "{key:?} ran more than three times");
            self.running.push(run);
        }
        for answered in output.started {
            if let Origin::Caller(caller) = answered.origin {
                self.ledger.started.insert(caller, answered.execution);
            }
        }
        for (id, history) in output.history {
            let last = self.ledger.events.entry(id).or_default();
            for event in history {
                assert!(event.id > *last, "events of {id:?} are told once, in order");
                *last = event.id;
            }
        }
        for (id, status) in output.ended {
            assert!(self.ledger.ended.insert(id, status).is_none(), "{id:?} ended twice");
        }
        let claim = output.claim.then_some(Timestamp::MIN);
        self.claim_at = [self.claim_at, output.rested_until, claim].into_iter().flatten().min();
        let reader = self.reader();
        for (parent, child, input) in output.found {
            self.inputs.extend(reader.child(parent, child, input).unwrap());
        }
        assert!(output.admit.is_empty(), "all machines are in memory");
        assert!(output.refused.is_empty(), "no limit is near");
        for id in output.read {
            self.inputs.push(read(&reader, id));
        }
        output.group
    }

    fn look_out(&mut self) {
        let reader = self.reader();
        reader.messages(&mut self.cursor, &mut self.inputs).unwrap();
        if self.claim_at.is_none_or(|due| due > self.now) {
            return;
        }
        let lease = self.now + SignedDuration::from_secs(30);
        let claim = Claim { epoch: self.epoch, now: self.now, lease, limit: 100 };
        let claimed = self.store.claim(&claim).unwrap();
        self.claim_at = self.store.next_due().unwrap();
        self.inputs.extend(claimed.into_iter().map(|id| read(&reader, id)));
    }

    fn reader(&self) -> Reader {
        Reader { store: Arc::clone(&self.store), catalog: Arc::clone(&self.catalog) }
    }

    /// Whether only time can bring news.
    pub(super) fn is_idle(&self) -> bool {
        self.running.is_empty() && self.inputs.is_empty() && self.core.is_idle()
    }

    /// When something happens by itself.
    pub(super) fn next_due(&self) -> Option<Timestamp> {
        [self.core.next_timer(), self.claim_at].into_iter().flatten().min()
    }
}

fn core(catalog: Arc<Catalog>, epoch: Epoch, seed: u64, binary: Binary) -> Core {
    Core::new(Setting {
        epoch,
        catalog,
        host: Arc::new(Tasks(binary)),
        limits: Limits { running_tasks: 64, ..Limits::default() },
        open: 0,
        children: Children::Here,
        seed,
    })
}

fn read(reader: &Reader, id: ExecutionId) -> Input {
    match reader.execution(id, None).unwrap() {
        Execution::Input(input) => input,
        Execution::Stranded(why) => panic!("{why}"),
    }
}

/// What the task of a run gives: the same in every order of events.
pub(super) fn outcome(run: &Run) -> Event {
    let token = run.token();
    let task = match &run.work {
        Work::Task(task) => task,
        Work::Read(_) => {
            let items = (0..5).map(|n| Data::from(json!(n))).collect();
            return Event::ItemsRead { token, items };
        }
        Work::Write(_) => return Event::ResultsWritten { token },
    };
    let crate::engine::execution::Place::Process(name) = &task.place else {
        panic!("not in this process")
    };
    let fail = |error: &str| Event::TaskFailed { token, failure: Failure::new(error, "made up") };
    match name.as_str() {
        "flaky" if token.attempt < 2 => fail("Flaky"),
        "doomed" => fail("Doom"),
        name => Event::TaskSucceeded { token, output: Data::from(json!({ "by": name })) },
    }
}
