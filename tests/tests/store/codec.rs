//! What the engine keeps in memory comes back from a store as it was.

use super::{Disk, Memory, World, machine};
use serde_json::{Value, json};
use std::{collections::BTreeMap, time::Duration};
use stepwright::{
    engine::{
        HistoryEvent, HistoryKind,
        execution::{
            Again, Changes, Counts, Execution, Frame, FrameId, Head, Heartbeat, Join, JoinKind,
            Limits, MapRun, Phase, Place, Ready, ResultId, Retries, Role, Status, TaskWait, Token,
            Waiting,
        },
        history::{MapRunCounts, Resource, StateKind},
    },
    program::{
        Context, Data, Destination, Failure, Inputs, Item, ItemFormat, ItemSource, MapRunPart,
        ResultForm, RunItems, RunResults, RunStep, SourceObjects, TaskStep, Tolerance, Vars,
    },
    store::{
        Batch, ExecutionId, Filter, HistoryPage, Order, Page, Started, Wake,
        codec::{self, Values, Write},
    },
};

pub(super) fn data(value: Value) -> Data {
    Data::from(value)
}

/// A value whose text is longer than 1 KiB.
pub(super) fn long(what: &str) -> Data {
    data(json!({ "what": what, "padding": "é".repeat(2000) }))
}

fn step(arguments: Data) -> TaskStep {
    TaskStep {
        resource: "arn:aws:states:us-east-1:123456789012:activity:charge".to_owned(),
        arguments,
        timeout: Some(Duration::from_secs(30)),
        heartbeat: None,
        token: None,
        renewed: false,
    }
}

fn map(items: Data) -> Join {
    let kind = JoinKind::Map {
        items,
        selects: false,
        max_concurrency: 3,
        tolerance: Tolerance { count: Some(1), percentage: Some(12.5) },
    };
    Join { id: 17, kind, total: 4, begun: 3, succeeded: 1, failed: 1, bytes: 0 }
}

fn task() -> TaskWait {
    TaskWait {
        step: step(long("arguments")),
        place: Place::Child { machine: "arn:child".to_owned(), execution: None },
        token: Token { frame: FrameId(2), entry: 3, attempt: 1, random: u64::MAX },
        deadline: Some(super::at(77)),
        started: true,
        heartbeat: Some(Heartbeat {
            interval: Duration::from_millis(1500),
            due: Some(super::at(78)),
        }),
        deliveries: 2,
        submitted: false,
    }
}

/// A frame for everything that a frame can wait for.
fn frames() -> BTreeMap<FrameId, Frame> {
    let failure = Failure::new("Declined", "{}");
    let parallel = JoinKind::Parallel(long("input of all branches"));
    let join =
        Join { id: 9, kind: parallel, total: 2, begun: 2, succeeded: 0, failed: 0, bytes: 0 };
    let waits = vec![
        Waiting::Ready(Ready::Begin("first".to_owned())),
        Waiting::Ready(Ready::Enter("next".to_owned())),
        Waiting::Ready(Ready::Caught { catcher: 1, failure }),
        Waiting::Task(task()),
        Waiting::Timer(super::at(99)),
        Waiting::Retry { due: super::at(98), again: Again::Task(step(data(json!({})))) },
        Waiting::Retry { due: super::at(97), again: Again::State },
        Waiting::Children(join),
        Waiting::Children(map(long("items"))),
        Waiting::Failed(Again::Task(step(long("arguments")))),
    ];
    let roles = [
        Role::Root,
        Role::Branch { parent: FrameId(0), index: 1 },
        Role::Iteration {
            parent: FrameId(0),
            item: Item { index: 2, value: long("item") },
            bytes: 0,
        },
    ];
    let vars = Vars::from_iter([
        ("z".to_owned(), data(json!([1, 2.5, null, 0.1 + 0.2, u64::MAX, i64::MIN]))),
        ("a".to_owned(), long("variable")),
    ]);
    let frame = |(index, waiting): (u32, Waiting)| {
        let frame = Frame {
            role: roles[index as usize % roles.len()].clone(),
            state: format!("state_{index}"),
            entry: 5,
            entered_event: 11,
            entered: super::at(40),
            previous_event: 12,
            input: long("input"),
            vars: vars.clone(),
            retries: Retries { total: index, by_retrier: vec![0; index as usize] },
            waiting,
        };
        (FrameId(index), frame)
    };
    (0..).zip(waits).map(frame).collect()
}

pub(super) fn execution(status: Status) -> Execution {
    let context = Context {
        execution_arn: "arn:execution:order:a".to_owned(),
        execution_name: "a".to_owned(),
        input: long("input"),
        started: super::at(10),
        role_arn: String::new(),
        machine_arn: "arn:order".to_owned(),
        machine_name: "order".to_owned(),
        map_run: None,
    };
    let head = Head {
        ended: status.is_ended().then(|| super::at(50)),
        status,
        deadline: Some(super::at(500)),
        last_event: 6,
        last_time: super::at(41),
        next_frame: 12,
    };
    let results = [
        (ResultId { join: 17, index: 0 }, long("result")),
        (ResultId { join: 17, index: 3 }, data(json!("short"))),
    ];
    Execution::restored(context, Limits::NONE, head, frames(), results.into())
}

pub(super) fn events() -> Vec<HistoryEvent> {
    let resource = Resource {
        kind: "task".to_owned(),
        name: "charge".to_owned(),
        region: "us-east-1".to_owned(),
    };
    let name = || "charge".to_owned();
    let assigned = Vars::from_iter([("receipt".to_owned(), long("receipt"))]);
    let kinds = vec![
        HistoryKind::ExecutionStarted { input: long("input"), role_arn: "arn:role".to_owned() },
        HistoryKind::StateEntered { state: StateKind::Task, name: name(), input: long("input") },
        HistoryKind::TaskScheduled {
            resource: resource.clone(),
            parameters: data(json!({ "order": 1 })),
            timeout: Some(30),
            heartbeat: None,
        },
        HistoryKind::TaskStarted { resource: resource.clone() },
        HistoryKind::TaskFailed { resource: resource.clone(), failure: Failure::new("E", "c") },
        HistoryKind::TaskSucceeded { resource, output: long("output") },
        HistoryKind::StateExited {
            state: StateKind::Task,
            name: name(),
            output: data(json!(null)),
            assigned,
        },
        HistoryKind::MapIterationStarted { name: name(), index: 4 },
        HistoryKind::MapStateStarted { length: 3 },
        HistoryKind::ParallelStateStarted,
        HistoryKind::ExecutionFailed(Failure { error: None, cause: None }),
        HistoryKind::ExecutionSucceeded { output: long("output") },
    ];
    let event = |(id, kind)| HistoryEvent {
        id,
        previous_event_id: id - 1,
        timestamp: super::at(40) + Duration::from_millis(id),
        kind,
    };
    (1..).zip(kinds).map(event).collect()
}

/// Writes an execution with all its rows as its start, and reads it back.
fn write<W: World>(execution: &Execution, history: &[HistoryEvent]) -> (W, ExecutionId) {
    let mut world = W::new();
    let epoch = world.store().own("test").unwrap();
    let pin = world.store().put_machine(&machine("order", "{}")).unwrap();
    let changes = Changes {
        frames: execution.frames.keys().copied().collect(),
        results: execution.results.keys().copied().collect(),
        ..Changes::default()
    };
    let write = Write { execution, changes: &changes, history, wake: Wake::Owned, epoch };
    let start = codec::start(pin, None, &write, &mut Values::default());
    let batch = Batch { starts: vec![start], ..Batch::default() };
    let [Started::New(id)] = world.store().commit(batch).unwrap().starts[..] else {
        panic!("it is new")
    };
    world.restart();
    (world, id)
}

fn check<W: World>(status: Status) {
    let execution = execution(status);
    let (world, id) = write::<W>(&execution, &events());
    let loaded = codec::load(world.store(), id).unwrap().unwrap();
    assert_eq!(loaded.execution, execution);
    let mut events = events();
    let page = |order| HistoryPage { order, from: None, limit: 9 };
    assert_eq!(codec::history(world.store(), id, &page(Order::Forward)).unwrap(), events);
    events.reverse();
    assert_eq!(codec::history(world.store(), id, &page(Order::Reverse)).unwrap(), events);
    let list = world.store().list(&Filter::default(), &Page { before: None, limit: 9 }).unwrap();
    assert_eq!(codec::context(world.store(), &list[0]).unwrap(), execution.context);
    assert_eq!(codec::status(world.store(), &list[0]).unwrap(), execution.head.status);
}

#[test]
fn an_execution_comes_back_as_it_was() {
    let failure = || Failure::new("Declined", "{\"code\":51}");
    for status in [
        Status::Running,
        Status::Succeeded(long("output")),
        Status::Failed(failure()),
        Status::TimedOut(failure()),
        Status::Aborted(Failure { error: None, cause: None }),
    ] {
        check::<Memory>(status.clone());
        check::<Disk>(status);
    }
}

#[test]
fn a_long_value_is_written_once_however_often_it_is_named() {
    let mut execution = execution(Status::Running);
    let shared = long("one and the same");
    for frame in execution.frames.values_mut() {
        frame.input = shared.clone();
        frame.vars = Vars::from_iter([("x".to_owned(), shared.clone())]);
        frame.waiting = Waiting::Timer(super::at(99));
        frame.role = Role::Root;
    }
    execution.results.clear();
    execution.context.input = shared;
    let (changes, mut values) = (
        Changes { frames: execution.frames.keys().copied().collect(), ..Changes::default() },
        Values::default(),
    );
    let epoch = stepwright::store::Epoch(1);
    let write =
        Write { execution: &execution, changes: &changes, history: &[], wake: Wake::Owned, epoch };
    let first = codec::change(ExecutionId(1), 1, &write, &mut values);
    assert_eq!((first.values.len(), first.frames.len()), (1, 10));
    let longest = first.frames.iter().filter_map(|row| row.state.as_ref()).map(|s| s.text().len());
    assert!(longest.max() < Some(600), "a frame's row is control state only");
    let second = codec::change(ExecutionId(1), 2, &write, &mut values);
    assert!(second.values.is_empty(), "it is known to be stored");
}

#[test]
fn a_call_that_waits_for_its_token_comes_back() {
    let mut execution = execution(Status::Running);
    let step = TaskStep { token: Some(u64::MAX), renewed: true, ..step(long("arguments")) };
    let call = TaskWait { step, place: Place::Call, submitted: true, ..task() };
    execution.frames.get_mut(&FrameId(0)).unwrap().waiting = Waiting::Task(call);
    let (world, id) = write::<Disk>(&execution, &[]);
    assert_eq!(codec::load(world.store(), id).unwrap().unwrap().execution, execution);
}

#[test]
fn deep_values_come_back() {
    let deep = (0..500).fold(json!(1), |inner, _| json!([inner]));
    let mut execution = execution(Status::Running);
    execution.context.input = data(deep);
    let (world, id) = write::<Disk>(&execution, &[]);
    assert_eq!(codec::load(world.store(), id).unwrap().unwrap().execution, execution);
}

fn run_step(items: RunItems) -> RunStep {
    let to = Destination { bucket: "b".to_owned(), prefix: "p".to_owned() };
    RunStep {
        label: "each".to_owned(),
        express: true,
        items,
        max_concurrency: 7,
        tolerance: Tolerance { count: Some(1), percentage: Some(12.5) },
        results: RunResults { to: Some(to), form: ResultForm::Flattened, lines: true },
    }
}

fn map_run(step: RunStep, inputs: Inputs, phase: Phase) -> MapRun {
    MapRun {
        id: 12,
        arn: "arn:aws:states:us-east-1:1:mapRun:m/each:1".to_owned(),
        step,
        inputs,
        phase,
        random: u64::MAX,
        begun: 3,
        executions: Counts { total: 9, succeeded: 1, failed: 1, timed_out: 1, aborted: 0 },
        items: Counts { total: 18, succeeded: 2, failed: 2, timed_out: 2, aborted: 0 },
    }
}

#[test]
fn a_map_run_and_its_executions_come_back_as_they_were() {
    let inputs = || Inputs { each: long("inputs"), batched: true };
    let csv = ItemFormat::Csv { delimiter: ';', headers: Some(vec!["a".to_owned()]) };
    let objects = SourceObjects::Object { key: "k".to_owned(), format: csv };
    let source = ItemSource { bucket: "b".to_owned(), objects, most: Some(3) };
    let (here, at) = (RunItems::Here(inputs()), RunItems::At(source));
    let failure = Some(Failure::new("E", "c"));
    let waits = [
        Waiting::Run(Box::new(map_run(run_step(here.clone()), inputs(), Phase::Running))),
        Waiting::Run(Box::new(map_run(
            run_step(at.clone()),
            Inputs::default(),
            Phase::Reading { random: 5 },
        ))),
        Waiting::Run(Box::new(map_run(
            run_step(at.clone()),
            inputs(),
            Phase::Writing { random: 6, failure },
        ))),
        Waiting::Retry { due: super::at(97), again: Again::Run(Box::new(run_step(at))) },
        Waiting::Failed(Again::Run(Box::new(run_step(here)))),
    ];
    let mut execution = execution(Status::Running);
    for (frame, waiting) in execution.frames.values_mut().zip(waits) {
        frame.waiting = waiting;
    }
    let part = MapRunPart { arn: "arn:run".to_owned(), state: "each".to_owned(), express: true };
    execution.context.map_run = Some(part.clone());
    let counts = Counts { total: 3, succeeded: 3, ..Counts::default() };
    let counts = MapRunCounts { run: 2, executions: counts, items: counts };
    let kinds = [
        HistoryKind::MapStateStarted { length: 3 },
        HistoryKind::MapRunStarted {
            arn: "arn:run".to_owned(),
            max_concurrency: 3,
            tolerance: Tolerance { count: None, percentage: Some(1.5) },
        },
        HistoryKind::MapRunSucceeded(counts),
        HistoryKind::MapRunFailed { failure: Failure::new("E", "c"), counts },
        HistoryKind::MapRunAborted(counts),
    ];
    let event =
        |(id, kind)| HistoryEvent { id, previous_event_id: id - 1, timestamp: super::at(40), kind };
    let events: Vec<_> = (1..).zip(kinds).map(event).collect();
    let (world, id) = write::<Disk>(&execution, &events);
    assert_eq!(codec::load(world.store(), id).unwrap().unwrap().execution, execution);
    let page = HistoryPage { order: Order::Forward, from: None, limit: 9 };
    assert_eq!(codec::history(world.store(), id, &page).unwrap(), events);
    let record = world.store().describe(id).unwrap().unwrap();
    assert_eq!(codec::map_run(world.store(), &record).unwrap(), Some(part));
    let found = world.store().map_run("arn:run").unwrap().map(|(id, row)| (id, row.event));
    assert_eq!(found, Some((id, 2)));
}
