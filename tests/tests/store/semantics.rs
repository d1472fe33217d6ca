//! What every store must do, one sentence each.

use super::{
    Disk, Memory, STATUSES, World, at, blob, changing, machine, ready, start, starting, step,
};
use std::collections::BTreeSet;
use stepwright::store::{
    Answer, Batch, Claim, Epoch, Error, EventGroup, ExecutionId, Filter, FrameRow, HistoryPage,
    MapRunRow, Message, Order, Outcome, Page, Pin, Register, ResultRow, Revision, Started, Status,
    Store, StoredValue, ValueId, Wake,
};

macro_rules! for_both {
    ($($sentence:ident)*) => {
        mod memory {
            $(#[test] fn $sentence() { super::$sentence::<super::Memory>(); })*
        }
        mod sqlite {
            $(#[test] fn $sentence() { super::$sentence::<super::Disk>(); })*
        }
    };
}

for_both! {
    a_name_starts_one_execution_per_machine
    a_change_needs_the_version_it_expects
    a_change_needs_the_owners_epoch
    a_conflict_spares_the_rest_of_the_group
    a_start_by_a_former_owner_is_refused
    an_execution_may_change_twice_in_a_group
    what_an_owner_leaves_behind_is_claimed_once
    an_execution_sleeps_until_its_time
    a_message_wakes_whom_nobody_owns
    messages_stay_until_they_are_applied
    an_execution_given_back_is_due_again
    what_was_left_behind_and_given_back_is_due_again
    a_former_owner_gives_nothing_back
    who_never_owned_takes_no_message_out
    a_claim_among_some_takes_no_others
    history_is_read_in_both_directions
    executions_are_listed_newest_first
    frames_are_rewritten_and_removed
    results_are_added_until_their_join_ends
    a_value_is_stored_once
    the_end_of_an_execution_is_kept
    a_machine_gets_a_revision_per_definition
    a_machine_made_at_run_time_is_written_under_the_version_it_expects
    a_machine_made_at_run_time_goes_on_where_a_recorded_one_was
    executions_of_map_runs_have_a_machine_of_their_own
    a_map_run_is_found_by_its_arn_and_by_its_execution
}

fn new(store: &dyn Store, start: stepwright::store::Start) -> ExecutionId {
    match store.commit(starting(start)).unwrap().starts[..] {
        [Started::New(id)] => id,
        ref other => panic!("not started: {other:?}"),
    }
}

fn claim(store: &dyn Store, epoch: Epoch, now: i64) -> Vec<ExecutionId> {
    store.claim(&Claim { epoch, now: at(now), lease: at(now + 60), limit: 100 }).unwrap()
}

fn message(to: Option<ExecutionId>, text: &str) -> Message {
    Message { execution: to, sent: at(20), body: blob(text) }
}

fn texts(groups: &[EventGroup]) -> Vec<&str> {
    groups.iter().map(|group| group.events.text()).collect()
}

fn a_name_starts_one_execution_per_machine<W: World>() {
    let mut world = W::new();
    let (epoch, order) = ready(world.store());
    let other = world.store().put_machine(&machine("other", "{}")).unwrap();
    let id = new(world.store(), start(&order, "a", epoch, Wake::Owned));
    let again = world.store().commit(Batch {
        starts: vec![
            start(&order, "a", epoch, Wake::Owned),
            start(&other, "a", epoch, Wake::Owned),
        ],
        ..Batch::default()
    });
    let again = again.unwrap().starts;
    assert_eq!(again[0], Started::Exists(id));
    assert!(matches!(again[1], Started::New(_)));
    world.restart();
    assert_eq!(world.store().find("arn:order", "a").unwrap(), Some(id));
    assert_eq!(world.store().find("arn:order", "b").unwrap(), None);
    let stored = world.store().load(id).unwrap().unwrap();
    assert_eq!(stored.record.pin, order);
    assert_eq!((stored.record.name.as_str(), stored.record.started), ("a", at(10)));
    assert_eq!((stored.version, stored.record.header), (1, blob("\"a\"")));
}

fn a_change_needs_the_version_it_expects<W: World>() {
    let world = W::new();
    let (epoch, pin) = ready(world.store());
    let id = new(world.store(), start(&pin, "a", epoch, Wake::Owned));
    let answers = |expected| {
        let change = step(id, expected, epoch, Wake::Owned);
        world.store().commit(changing(change)).unwrap().changes[0]
    };
    assert_eq!(answers(0), Answer::Conflict);
    assert_eq!(answers(2), Answer::Conflict);
    assert_eq!(answers(1), Answer::Ok);
    assert_eq!(answers(1), Answer::Conflict);
    let page = HistoryPage { order: Order::Forward, from: None, limit: 10 };
    assert_eq!(texts(&world.store().history(id, &page).unwrap()), ["\"0:1\"", "\"1:2\""]);
    assert_eq!(world.store().load(id).unwrap().unwrap().version, 2);
}

fn a_change_needs_the_owners_epoch<W: World>() {
    let mut world = W::new();
    let (first, pin) = ready(world.store());
    let id = new(world.store(), start(&pin, "a", first, Wake::Owned));
    world.restart();
    let second = world.store().own("next").unwrap();
    assert!(second > first);
    let answer = |epoch| {
        let change = step(id, 1, epoch, Wake::Owned);
        world.store().commit(changing(change)).unwrap().changes[0]
    };
    assert_eq!(answer(first), Answer::Conflict, "of the former owner");
    assert_eq!(answer(second), Answer::Conflict, "before the claim");
    assert_eq!(claim(world.store(), second, 0), [id]);
    assert_eq!(world.store().load(id).unwrap().unwrap().owner, Some(second));
    assert_eq!(answer(second), Answer::Ok);
    assert_eq!(world.store().load(id).unwrap().unwrap().owner, Some(second));
}

fn a_conflict_spares_the_rest_of_the_group<W: World>() {
    let world = W::new();
    let (epoch, pin) = ready(world.store());
    let ids: Vec<_> = ["a", "b", "c"]
        .map(|name| new(world.store(), start(&pin, name, epoch, Wake::Owned)))
        .into();
    let expected = [1, 7, 1];
    let changes = ids.iter().zip(expected).map(|(id, at)| step(*id, at, epoch, Wake::Owned));
    let batch = Batch { changes: changes.collect(), ..Batch::default() };
    let answers = world.store().commit(batch).unwrap().changes;
    assert_eq!(answers, [Answer::Ok, Answer::Conflict, Answer::Ok]);
    let versions: Vec<_> =
        ids.iter().map(|id| world.store().load(*id).unwrap().unwrap().version).collect();
    assert_eq!(versions, [2, 1, 2]);
}

fn a_start_by_a_former_owner_is_refused<W: World>() {
    let mut world = W::new();
    let (first, pin) = ready(world.store());
    world.restart();
    world.store().own("next").unwrap();
    let refused = world.store().commit(starting(start(&pin, "a", first, Wake::Owned)));
    assert!(matches!(refused, Err(Error::NotOwner)), "{refused:?}");
    assert_eq!(world.store().find("arn:order", "a").unwrap(), None);
}

fn an_execution_may_change_twice_in_a_group<W: World>() {
    let world = W::new();
    let (epoch, pin) = ready(world.store());
    let id = new(world.store(), start(&pin, "a", epoch, Wake::Owned));
    let changes = [1, 2].map(|version| step(id, version, epoch, Wake::Owned)).into();
    let answers = world.store().commit(Batch { changes, ..Batch::default() }).unwrap().changes;
    assert_eq!(answers, [Answer::Ok, Answer::Ok]);
    assert_eq!(world.store().load(id).unwrap().unwrap().version, 3);
}

fn what_an_owner_leaves_behind_is_claimed_once<W: World>() {
    let mut world = W::new();
    let (first, pin) = ready(world.store());
    let ids: Vec<_> = (0..5)
        .map(|i| new(world.store(), start(&pin, &format!("n{i}"), first, Wake::Owned)))
        .collect();
    assert!(claim(world.store(), first, 100).is_empty(), "they are owned");
    world.restart();
    let second = world.store().own("next").unwrap();
    let few = Claim { epoch: second, now: at(0), lease: at(9), limit: 2 };
    let mut claimed = Vec::new();
    for expected in [2, 2, 1, 0] {
        let some = world.store().claim(&few).unwrap();
        assert_eq!(some.len(), expected);
        claimed.extend(some);
    }
    claimed.sort();
    assert_eq!(claimed, ids);
    assert_eq!(world.store().next_due().unwrap(), None);
}

fn an_execution_sleeps_until_its_time<W: World>() {
    let mut world = W::new();
    let (epoch, pin) = ready(world.store());
    let late = new(world.store(), start(&pin, "late", epoch, Wake::At(at(200))));
    let early = new(world.store(), start(&pin, "early", epoch, Wake::At(at(100))));
    new(world.store(), start(&pin, "never", epoch, Wake::Message));
    assert_eq!(world.store().next_due().unwrap(), Some(at(100)));
    assert!(claim(world.store(), epoch, 99).is_empty());
    assert_eq!(world.store().due(at(150), 9).unwrap(), [(at(100), early)]);
    assert_eq!(world.store().due(at(250), 9).unwrap(), [(at(100), early), (at(200), late)]);
    assert_eq!(claim(world.store(), epoch, 100), [early]);
    assert!(claim(world.store(), epoch, 100).is_empty(), "it is claimed already");
    assert_eq!(world.store().next_due().unwrap(), Some(at(200)));
    let again = step(early, 1, epoch, Wake::At(at(300)));
    assert_eq!(world.store().commit(changing(again)).unwrap().changes, [Answer::Ok]);
    world.restart();
    let epoch = world.store().own("next").unwrap();
    assert_eq!(claim(world.store(), epoch, 1000), [late, early]);
}

fn a_message_wakes_whom_nobody_owns<W: World>() {
    let world = W::new();
    let (epoch, pin) = ready(world.store());
    let owned = new(world.store(), start(&pin, "owned", epoch, Wake::Owned));
    let waiting = new(world.store(), start(&pin, "waiting", epoch, Wake::Message));
    let sleeping = new(world.store(), start(&pin, "sleeping", epoch, Wake::At(at(500))));
    let before = world.store().hint().unwrap();
    let sent = [owned, waiting, sleeping].map(|id| message(Some(id), "\"stop\""));
    world.store().send(&sent).unwrap();
    assert_ne!(world.store().hint().unwrap(), before);
    assert_eq!(claim(world.store(), epoch, 100), [waiting, sleeping]);
    assert!(claim(world.store(), epoch, 100).is_empty());
}

fn messages_stay_until_they_are_applied<W: World>() {
    let mut world = W::new();
    let (epoch, pin) = ready(world.store());
    let id = new(world.store(), start(&pin, "a", epoch, Wake::Owned));
    let sent = [message(Some(id), "1"), message(None, "2"), message(Some(id), "3")];
    world.store().send(&sent).unwrap();
    world.restart();
    let epoch = world.store().own("next").unwrap();
    let inbox = world.store().inbox(0, 9).unwrap();
    assert_eq!(inbox.iter().map(|got| got.message.clone()).collect::<Vec<_>>(), sent);
    assert_eq!(world.store().inbox(inbox[0].id, 1).unwrap(), inbox[1..2]);

    claim(world.store(), epoch, 0);
    let mut wrong = step(id, 7, epoch, Wake::Owned);
    wrong.applied = vec![inbox[0].id];
    wrong.messages = vec![message(None, "0")];
    world.store().commit(changing(wrong)).unwrap();
    assert_eq!(world.store().inbox(0, 9).unwrap().len(), 3, "a conflict applies and sends nothing");

    let mut right = step(id, 1, epoch, Wake::Owned);
    right.applied = vec![inbox[0].id];
    right.messages = vec![message(Some(id), "4")];
    let applied = vec![inbox[1].id];
    let messages = vec![message(None, "5")];
    let before = world.store().hint().unwrap();
    let batch = Batch { changes: vec![right], applied, messages, ..Batch::default() };
    world.store().commit(batch).unwrap();
    let left = world.store().inbox(0, 9).unwrap();
    let bodies: Vec<_> = left.iter().map(|got| got.message.body.text()).collect();
    assert_eq!(bodies, ["3", "4", "5"]);
    assert_ne!(world.store().hint().unwrap(), before);
    assert!(left[1].id > inbox[2].id, "ids rise though others were removed");
}

fn an_execution_given_back_is_due_again<W: World>() {
    let world = W::new();
    let (epoch, pin) = ready(world.store());
    let id = new(world.store(), start(&pin, "a", epoch, Wake::At(at(50))));
    assert_eq!(claim(world.store(), epoch, 60), [id]);
    world.store().commit(Batch { released: vec![(id, epoch)], ..Batch::default() }).unwrap();
    assert!(claim(world.store(), epoch, 49).is_empty());
    assert_eq!(claim(world.store(), epoch, 50), [id]);
}

fn what_was_left_behind_and_given_back_is_due_again<W: World>() {
    let mut world = W::new();
    let (first, pin) = ready(world.store());
    let id = new(world.store(), start(&pin, "a", first, Wake::Owned));
    world.restart();
    let epoch = world.store().own("next").unwrap();
    assert_eq!(claim(world.store(), epoch, 0), [id]);
    world.store().commit(Batch { released: vec![(id, epoch)], ..Batch::default() }).unwrap();
    assert_eq!(world.store().load(id).unwrap().unwrap().owner, None);
    assert_eq!(claim(world.store(), epoch, 0), [id]);
}

fn who_never_owned_takes_no_message_out<W: World>() {
    let world = W::new();
    world.store().send(&[message(None, "1")]).unwrap();
    let id = world.store().inbox(0, 9).unwrap()[0].id;
    let refused = world.store().commit(Batch { applied: vec![id], ..Batch::default() });
    assert!(matches!(refused, Err(Error::NotOwner)), "{refused:?}");
    assert_eq!(world.store().inbox(0, 9).unwrap().len(), 1);
}

fn a_former_owner_gives_nothing_back<W: World>() {
    let mut world = W::new();
    let (first, pin) = ready(world.store());
    let id = new(world.store(), start(&pin, "a", first, Wake::Owned));
    world.restart();
    let second = world.store().own("next").unwrap();
    assert_eq!(claim(world.store(), second, 0), [id]);
    world.store().commit(Batch { released: vec![(id, first)], ..Batch::default() }).unwrap();
    assert_eq!(world.store().load(id).unwrap().unwrap().owner, Some(second));
    assert!(claim(world.store(), second, 99).is_empty(), "it is handed out once");
    let claim = Claim { epoch: first, now: at(0), lease: at(9), limit: 9 };
    assert!(matches!(world.store().claim(&claim), Err(Error::NotOwner)));
    let among = world.store().claim_among(&claim, &BTreeSet::from([id]));
    assert!(matches!(among, Err(Error::NotOwner)));
}

fn a_claim_among_some_takes_no_others<W: World>() {
    let mut world = W::new();
    let (first, pin) = ready(world.store());
    let left = new(world.store(), start(&pin, "left", first, Wake::Owned));
    let sleeps = new(world.store(), start(&pin, "sleeps", first, Wake::At(at(50))));
    let hears = new(world.store(), start(&pin, "hears", first, Wake::Message));
    let other = new(world.store(), start(&pin, "other", first, Wake::Owned));
    world.restart();
    let epoch = world.store().own("next").unwrap();
    let among = |now, these: &[ExecutionId]| {
        let claim = Claim { epoch, now: at(now), lease: at(now + 60), limit: 9 };
        let these = these.iter().copied().collect();
        let claimed = world.store().claim_among(&claim, &these).unwrap();
        (claimed.executions, claimed.next_due)
    };
    let these = [left, sleeps, hears, ExecutionId(77)];
    assert_eq!(among(10, &these), (vec![left], Some(at(50))));
    assert_eq!(among(10, &these), (vec![], Some(at(50))), "each is handed out once");
    world.store().send(&[message(Some(hears), "1")]).unwrap();
    assert_eq!(among(50, &these), (vec![sleeps, hears], None));
    assert_eq!(claim(world.store(), epoch, 99), [other], "and not to anybody else");
}

fn history_is_read_in_both_directions<W: World>() {
    let mut world = W::new();
    let (epoch, pin) = ready(world.store());
    let group = |first, count| {
        Some(EventGroup { first, count, events: blob(&format!("\"{first}+{count}\"")) })
    };
    let mut begin = start(&pin, "a", epoch, Wake::Owned);
    begin.first.events = group(1, 3);
    let id = new(world.store(), begin);
    for (expected, events) in [(1, group(4, 1)), (2, None), (3, group(5, 6)), (4, group(11, 2))] {
        let mut change = step(id, expected, epoch, Wake::Owned);
        change.events = events;
        world.store().commit(changing(change)).unwrap();
    }
    world.restart();
    let page = |order, from, limit| {
        let page = HistoryPage { order, from, limit };
        let groups = world.store().history(id, &page).unwrap();
        groups.iter().map(|group| format!("{}+{}", group.first, group.count)).collect::<Vec<_>>()
    };
    assert_eq!(page(Order::Forward, None, 9), ["1+3", "4+1", "5+6", "11+2"]);
    assert_eq!(page(Order::Forward, Some(7), 9), ["5+6", "11+2"]);
    assert_eq!(page(Order::Forward, Some(4), 1), ["4+1"]);
    assert_eq!(page(Order::Reverse, None, 2), ["11+2", "5+6"]);
    assert_eq!(page(Order::Reverse, Some(10), 2), ["5+6", "4+1"]);
    assert_eq!(page(Order::Reverse, Some(2), 9), ["1+3"]);
}

fn executions_are_listed_newest_first<W: World>() {
    let mut world = W::new();
    let (epoch, order) = ready(world.store());
    let other = world.store().put_machine(&machine("other", "{}")).unwrap();
    let ids: Vec<_> = (0..10)
        .map(|i| {
            let pin = if i % 3 == 0 { &other } else { &order };
            let id = new(world.store(), start(pin, &format!("n{i}"), epoch, Wake::Owned));
            let status = STATUSES[i % 5];
            let mut end = step(id, 1, epoch, Wake::Message);
            end.outcome = Some(Outcome { status, ended: Some(at(30)), result: None });
            world.store().commit(changing(end)).unwrap();
            id
        })
        .collect();
    world.restart();
    let list = |machine: Option<&str>, status, before: Option<usize>, limit| {
        let filter = Filter { machine: machine.map(str::to_owned), status };
        let page = Page { before: before.map(|i| ids[i]), limit };
        let found = world.store().list(&filter, &page).unwrap();
        found.iter().map(|record| record.name.clone()).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(list(None, None, None, 3), "n9 n8 n7");
    assert_eq!(list(None, None, Some(2), 9), "n1 n0");
    assert_eq!(list(Some("arn:other"), None, None, 9), "n9 n6 n3 n0");
    assert_eq!(list(Some("arn:other"), None, Some(9), 2), "n6 n3");
    assert_eq!(list(None, Some(Status::Succeeded), None, 9), "n6 n1");
    assert_eq!(list(Some("arn:order"), Some(Status::Succeeded), None, 9), "n1");
    assert_eq!(list(Some("arn:nobody"), None, None, 9), "");
}

fn frames_are_rewritten_and_removed<W: World>() {
    let mut world = W::new();
    let (epoch, pin) = ready(world.store());
    let id = new(world.store(), start(&pin, "a", epoch, Wake::Owned));
    let frame = |id, text: Option<&str>| FrameRow { id, state: text.map(blob) };
    let mut change = step(id, 1, epoch, Wake::Owned);
    change.frames = vec![frame(1, Some("\"one\"")), frame(2, Some("\"two\""))];
    world.store().commit(changing(change)).unwrap();
    let mut change = step(id, 2, epoch, Wake::Owned);
    change.frames = vec![frame(0, None), frame(1, None), frame(2, Some("\"second\""))];
    world.store().commit(changing(change)).unwrap();
    world.restart();
    assert_eq!(world.store().load(id).unwrap().unwrap().frames, [(2, blob("\"second\""))]);
}

fn results_are_added_until_their_join_ends<W: World>() {
    let mut world = W::new();
    let (epoch, pin) = ready(world.store());
    let id = new(world.store(), start(&pin, "a", epoch, Wake::Owned));
    let row = |join, index| ResultRow { join, index, result: blob(&format!("\"{join}.{index}\"")) };
    for (expected, results, ended_joins) in [
        (1, vec![row(5, 1), row(9, 0)], vec![]),
        (2, vec![row(5, 0)], vec![]),
        (3, vec![row(12, 0)], vec![9]),
    ] {
        let mut change = step(id, expected, epoch, Wake::Owned);
        (change.results, change.ended_joins) = (results, ended_joins);
        world.store().commit(changing(change)).unwrap();
    }
    world.restart();
    let results = world.store().load(id).unwrap().unwrap().results;
    assert_eq!(results, [row(5, 0), row(5, 1), row(12, 0)]);
}

fn a_value_is_stored_once<W: World>() {
    let mut world = W::new();
    let (epoch, pin) = ready(world.store());
    let name = ValueId("abc".to_owned());
    let mut begin = start(&pin, "a", epoch, Wake::Owned);
    begin.first.values = vec![StoredValue { id: name.clone(), value: blob("\"first\"") }];
    let id = new(world.store(), begin);
    let mut change = step(id, 1, epoch, Wake::Owned);
    change.values = vec![StoredValue { id: name.clone(), value: blob("\"second\"") }];
    world.store().commit(changing(change)).unwrap();
    world.restart();
    assert_eq!(world.store().value(id, &name).unwrap(), Some(blob("\"first\"")));
    assert_eq!(world.store().value(ExecutionId(id.0 + 1), &name).unwrap(), None);
}

fn the_end_of_an_execution_is_kept<W: World>() {
    let mut world = W::new();
    let (epoch, pin) = ready(world.store());
    let id = new(world.store(), start(&pin, "a", epoch, Wake::Owned));
    let mut end = step(id, 1, epoch, Wake::Message);
    let result = Some(blob("\"done\""));
    let outcome = Outcome { status: Status::Failed, ended: Some(at(99)), result: result.clone() };
    end.outcome = Some(outcome);
    world.store().commit(changing(end)).unwrap();
    world.restart();
    let epoch = world.store().own("next").unwrap();
    assert!(claim(world.store(), epoch, 1000).is_empty());
    let record = world.store().describe(id).unwrap().unwrap();
    assert_eq!(record.status, Status::Failed);
    assert_eq!((record.ended, record.result), (Some(at(99)), result));
    assert_eq!(world.store().describe(ExecutionId(77)).unwrap(), None);
    assert_eq!(world.store().load(ExecutionId(77)).unwrap(), None);
}

fn a_machine_gets_a_revision_per_definition<W: World>() {
    let mut world = W::new();
    let refused = world.store().put_machine(&machine("order", "one"));
    assert!(matches!(refused, Err(Error::NotOwner)), "{refused:?}");
    world.store().own("test").unwrap();
    let put = |definition| world.store().put_machine(&machine("order", definition)).unwrap();
    assert_eq!(put("one").revision, 1);
    assert_eq!(put("one").revision, 1);
    assert_eq!(put("two").revision, 2);
    assert_eq!(put("one").revision, 3, "a definition that comes back is a new revision");
    world.store().put_machine(&machine("bill", "one")).unwrap();
    world.restart();
    let latest = world.store().machine("arn:order").unwrap().unwrap();
    assert_eq!((latest.revision, latest.definition.as_str()), (3, "one"));
    let two = world.store().definition("hash of two").unwrap();
    assert_eq!(two.as_deref(), Some("two"));
    assert_eq!(world.store().definition("hash of three").unwrap(), None);
    assert_eq!(world.store().machine("arn:nobody").unwrap(), None);
    let names: Vec<_> = world.store().machines().unwrap().into_iter().map(|m| m.name).collect();
    assert_eq!(names, ["bill", "order"]);
}

fn register(expected: u64, state: &str, revision: Option<u64>) -> Register {
    let revision = revision.map(|number| Revision {
        number,
        hash: format!("hash {number}"),
        definition: format!("definition {number}"),
        created: at(number.try_into().unwrap()),
        facts: Some(blob(&format!("\"facts {number}\""))),
    });
    let (arn, name) = ("arn:made".to_owned(), "made".to_owned());
    Register { arn, name, expected, state: blob(state), revision }
}

fn a_machine_made_at_run_time_is_written_under_the_version_it_expects<W: World>() {
    let mut world = W::new();
    let store = world.store();
    assert_eq!(store.register(&register(1, "\"early\"", None)).unwrap(), Answer::Conflict);
    assert_eq!(store.register(&register(0, "\"a\"", Some(2))).unwrap(), Answer::Conflict);
    assert!(store.registrations().unwrap().is_empty());
    assert_eq!(store.register(&register(0, "\"a\"", Some(1))).unwrap(), Answer::Ok);
    assert_eq!(store.register(&register(0, "\"late\"", None)).unwrap(), Answer::Conflict);
    assert_eq!(store.register(&register(1, "\"b\"", Some(2))).unwrap(), Answer::Ok);
    assert_eq!(store.register(&register(2, "\"c\"", None)).unwrap(), Answer::Ok);
    world.restart();
    let store = world.store();
    let all = store.registrations().unwrap();
    let [made] = &all[..] else { panic!("{all:?}") };
    assert_eq!((made.arn.as_str(), made.name.as_str()), ("arn:made", "made"));
    assert_eq!((made.version, made.state.text()), (3, "\"c\""));
    for number in [1, 2] {
        let expected = register(0, "", Some(number)).revision;
        assert_eq!(store.revision("arn:made", number).unwrap(), expected);
    }
    assert_eq!(store.revision("arn:made", 3).unwrap(), None);
    assert_eq!(store.revision("arn:other", 1).unwrap(), None);
    assert_eq!(store.definition("hash 1").unwrap().as_deref(), Some("definition 1"));
    assert_eq!(store.machine("arn:made").unwrap().unwrap().revision, 2);
}

fn a_machine_made_at_run_time_goes_on_where_a_recorded_one_was<W: World>() {
    let world = W::new();
    let store = world.store();
    let (epoch, _) = ready(store);
    store.put_machine(&machine("made", "{}")).unwrap();
    let recorded = store.revision("arn:made", 1).unwrap().unwrap();
    assert_eq!((recorded.definition.as_str(), recorded.facts), ("{}", None));
    assert_eq!(store.register(&register(0, "\"a\"", Some(2))).unwrap(), Answer::Ok);
    let pin = Pin {
        machine: "arn:made".to_owned(),
        revision: 2,
        hash: "hash 2".to_owned(),
        version: Some(1),
        alias: None,
    };
    let id = new(store, start(&pin, "e", epoch, Wake::Owned));
    assert_eq!(store.describe(id).unwrap().unwrap().pin, pin);
}

fn executions_of_map_runs_have_a_machine_of_their_own<W: World>() {
    let mut world = W::new();
    let (epoch, pin) = ready(world.store());
    let second = world.store().put_machine(&machine("order", "two")).unwrap();
    let labelled = |pin: &Pin| Pin { machine: "arn:order/each".to_owned(), ..pin.clone() };
    let own = new(world.store(), start(&pin, "e", epoch, Wake::Owned));
    for (pin, name) in [(&pin, "e"), (&second, "f"), (&pin, "g")] {
        let id = new(world.store(), start(&labelled(pin), name, epoch, Wake::Owned));
        assert_eq!(world.store().find("arn:order/each", name).unwrap(), Some(id));
        assert_eq!(world.store().describe(id).unwrap().unwrap().pin, labelled(pin));
    }
    world.restart();
    let listed = |machine: &str| {
        let filter = Filter { machine: Some(machine.to_owned()), status: None };
        let records = world.store().list(&filter, &Page { before: None, limit: 9 }).unwrap();
        records.into_iter().map(|record| record.name).collect::<Vec<_>>()
    };
    assert_eq!(listed("arn:order/each"), ["g", "f", "e"]);
    assert_eq!(listed("arn:order"), ["e"]);
    assert_eq!(world.store().find("arn:order", "e").unwrap(), Some(own));
    let machines = world.store().machines().unwrap().into_iter().map(|machine| machine.name);
    assert_eq!(machines.collect::<Vec<_>>(), ["order"], "nobody can start it");
}

fn a_map_run_is_found_by_its_arn_and_by_its_execution<W: World>() {
    let mut world = W::new();
    let (epoch, pin) = ready(world.store());
    let row = |arn: &str, event| MapRunRow { arn: arn.to_owned(), event };
    let mut first = start(&pin, "e", epoch, Wake::Owned);
    first.first.map_runs = vec![row("arn:run:a", 4)];
    let id = new(world.store(), first);
    let mut more = step(id, 1, epoch, Wake::Owned);
    more.map_runs = vec![row("arn:run:c", 12), row("arn:run:b", 14)];
    world.store().commit(changing(more)).unwrap();
    let mut late = step(id, 1, epoch, Wake::Owned);
    late.map_runs = vec![row("arn:run:late", 15)];
    assert_eq!(world.store().commit(changing(late)).unwrap().changes, [Answer::Conflict]);
    world.restart();
    let found = world.store().map_run("arn:run:b").unwrap();
    assert_eq!(found, Some((id, row("arn:run:b", 14))));
    assert_eq!(world.store().map_run("arn:run:late").unwrap(), None);
    let all = [row("arn:run:a", 4), row("arn:run:c", 12), row("arn:run:b", 14)];
    assert_eq!(world.store().map_runs(id).unwrap(), all);
    assert_eq!(world.store().map_runs(ExecutionId(77)).unwrap(), []);
}
