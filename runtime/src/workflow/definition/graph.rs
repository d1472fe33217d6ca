//! States and edges as generated code names them, and the definition that they make.

use super::{Catches, call, catch::Caught};
use crate::asl::{self, Template};
use crate::workflow::{
    Callee, Def, Options,
    jsonata::{
        Term,
        failure::Failing,
        print::reads,
        template::{self, expression, template},
    },
};
use indexmap::{IndexMap, IndexSet};

/// Where a state goes on, and the variables it sets on the way.
#[derive(Debug, Clone)]
pub struct Edge {
    /// Variables and their values, which read what was true before the state was left.
    pub assign: Vec<(&'static str, Term)>,
    /// Where to.
    pub to: To,
}

/// Where an edge leads.
#[derive(Debug, Clone)]
pub enum To {
    /// To a state.
    State(&'static str),
    /// To the end of the frame, with this value; by way of the state if others come there, too.
    End {
        /// The Succeed state.
        state: &'static str,
        /// The value, as the step before has it.
        output: Term,
    },
}

impl To {
    fn state(&self) -> &'static str {
        match self {
            Self::State(state) | Self::End { state, .. } => state,
        }
    }
}

impl Edge {
    /// An edge to a state.
    pub fn to(state: &'static str, assign: Vec<(&'static str, Term)>) -> Self {
        Self { assign, to: To::State(state) }
    }

    /// The same edge with the `let`s of the source that its values read.
    #[must_use]
    pub fn after(mut self, lets: Vec<Term>) -> Self {
        let mut values: Vec<&mut Term> = self.assign.iter_mut().map(|(_, value)| value).collect();
        for value in &mut values {
            **value = Term::scope(lets.clone(), value);
        }
        if let To::End { output, .. } = &mut self.to {
            *output = evaluated(lets, output.clone());
        }
        self
    }

    /// An edge to the end of the frame.
    pub fn end(state: &'static str, assign: Vec<(&'static str, Term)>, output: Term) -> Self {
        Self { assign, to: To::End { state, output } }
    }
}

/// A value after the `let`s before it. One that may fail is evaluated even if nothing reads it.
pub fn evaluated(lets: Vec<Term>, value: Term) -> Term {
    let unread = lets.iter().filter(|term| term.may_fail() && reads(&value, term) == 0);
    let unread: Vec<Term> = unread.cloned().collect();
    let value = unread.iter().rev().fold(value, |value, term| value.after(term));
    Term::scope(lets, &value)
}

/// A step: a state that waits and goes on to one place, but for its catchers.
#[derive(Debug)]
enum Step {
    Task(Box<asl::Task>),
    Wait(asl::WaitUntil),
    Parallel(Vec<usize>),
    Map { items: Template, body: usize, limit: Option<Template> },
}

/// A state with its edges still open.
#[derive(Debug)]
enum Open {
    Step(Box<OpenStep>),
    Choice { rules: Vec<(Term, Edge)>, default: Edge },
    Pass(Edge),
    Succeed(Term),
    Fail(Failing),
}

/// A step, its way on and its catchers.
#[derive(Debug)]
struct OpenStep {
    step: Step,
    next: Edge,
    catch: Vec<(Vec<String>, Edge)>,
}

/// A scope of states under construction.
#[derive(Debug)]
struct Scope {
    start: &'static str,
    states: IndexMap<&'static str, Open>,
}

/// A definition under construction: one scope for each frame of the workflow.
#[derive(Debug, Default)]
pub struct Graph {
    scopes: Vec<Scope>,
}

impl Graph {
    /// Nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Begins the scope of the next frame. States that follow belong to it.
    pub fn scope(&mut self, start: &'static str) {
        self.scopes.push(Scope { start, states: IndexMap::new() });
    }

    fn add(&mut self, name: &'static str, state: Open) {
        if let Some(scope) = self.scopes.last_mut() {
            scope.states.insert(name, state);
        }
    }

    /// A task or a child workflow.
    pub fn task<D: Def>(
        &mut self,
        name: &'static str,
        _: &Callee<D>,
        arguments: Vec<Term>,
        options: Options,
        next: Edge,
        catch: Catches,
    ) {
        let step = Step::Task(Box::new(call(D::kind(), arguments, options)));
        self.step(name, step, next, catch);
    }

    fn step(&mut self, name: &'static str, step: Step, next: Edge, catch: Catches) {
        let times_out = matches!(&step, Step::Task(task) if task.timeout_seconds.is_some());
        let Caught { catch, choice, fail } = catch.into_states(times_out);
        self.add(name, Open::Step(Box::new(OpenStep { step, next, catch })));
        if let Some(split) = choice {
            self.choice(split.choice, split.rules, split.default);
        }
        if let Some((name, failing)) = fail {
            self.fail(name, failing);
        }
    }

    /// A pause of so many seconds.
    pub fn wait(&mut self, name: &'static str, seconds: &Term, next: Edge) {
        let step = Step::Wait(asl::WaitUntil::Seconds(template(seconds)));
        self.add(name, Open::Step(Box::new(OpenStep { step, next, catch: Vec::new() })));
    }

    /// A pause until a time.
    pub fn wait_until(&mut self, name: &'static str, timestamp: &Term, next: Edge) {
        let step = Step::Wait(asl::WaitUntil::Timestamp(template(timestamp)));
        self.add(name, Open::Step(Box::new(OpenStep { step, next, catch: Vec::new() })));
    }

    /// A join of the scopes of these frames.
    pub fn parallel(&mut self, name: &'static str, frames: Vec<usize>, next: Edge, catch: Catches) {
        self.step(name, Step::Parallel(frames), next, catch);
    }

    /// The scope of one frame for each item.
    pub fn map(
        &mut self,
        name: &'static str,
        (items, limit): (&Term, Option<Term>),
        body: usize,
        next: Edge,
        catch: Catches,
    ) {
        let step =
            Step::Map { items: template(items), body, limit: limit.map(|limit| template(&limit)) };
        self.step(name, step, next, catch);
    }

    /// A decision.
    pub fn choice(&mut self, name: &'static str, rules: Vec<(Term, Edge)>, default: Edge) {
        self.add(name, Open::Choice { rules, default });
    }

    /// A state that only sets variables, where a scope begins so.
    pub fn pass(&mut self, name: &'static str, next: Edge) {
        self.add(name, Open::Pass(next));
    }

    /// The end of a scope.
    pub fn succeed(&mut self, name: &'static str, output: Term) {
        self.add(name, Open::Succeed(output));
    }

    /// The failure of a scope.
    pub fn fail(&mut self, name: &'static str, failing: Failing) {
        self.add(name, Open::Fail(failing));
    }

    /// The definition.
    pub fn finish(self) -> asl::Definition {
        let scopes: Vec<Closed> = self.scopes.into_iter().map(Scope::close).collect();
        asl::Definition {
            comment: None,
            query_language: asl::QueryLanguage::Jsonata,
            version: None,
            timeout_seconds: None,
            states: assemble(&scopes, 0),
        }
    }
}

/// A scope whose states only lack the scopes inside them.
#[derive(Debug)]
struct Closed {
    start: &'static str,
    states: IndexMap<String, Inner>,
}

#[derive(Debug)]
enum Inner {
    State(Box<asl::State>),
    Parallel(Box<asl::Parallel>, Vec<usize>),
    Map(Box<asl::Map>, usize),
}

impl Inner {
    fn state(state: asl::State) -> Self {
        Self::State(Box::new(state))
    }
}

fn assemble(scopes: &[Closed], index: usize) -> asl::States {
    let Some(scope) = scopes.get(index) else {
        return asl::States { start_at: String::new(), states: IndexMap::new() };
    };
    let branch = |frame: &usize| asl::Branch {
        comment: None,
        states: assemble(scopes, *frame),
        config: None,
    };
    let states = scope.states.iter().map(|(name, state)| {
        let state = match state {
            Inner::State(state) => (**state).clone(),
            Inner::Parallel(parallel, frames) => {
                let mut parallel = (**parallel).clone();
                parallel.branches = frames.iter().map(branch).collect();
                asl::State::Parallel(parallel)
            }
            Inner::Map(map, frame) => {
                let mut map = (**map).clone();
                map.processor = branch(frame);
                asl::State::Map(map)
            }
        };
        (name.clone(), state)
    });
    asl::States { start_at: scope.start.to_owned(), states: states.collect() }
}

impl Open {
    /// Edges that cannot end the scope themselves.
    fn turns(&self) -> Vec<&Edge> {
        match self {
            Self::Step(step) => step.catch.iter().map(|(_, edge)| edge).collect(),
            Self::Choice { rules, default } => {
                rules.iter().map(|(_, edge)| edge).chain([default]).collect()
            }
            Self::Pass(edge) => vec![edge],
            Self::Succeed(_) | Self::Fail(_) => Vec::new(),
        }
    }

    /// All edges, in the order in which a reader follows them.
    fn edges(&self) -> Vec<&Edge> {
        let next = match self {
            Self::Step(step) => Some(&step.next),
            _ => None,
        };
        next.into_iter().chain(self.turns()).collect()
    }
}

impl Scope {
    /// States that are reached, from the start on, each way to its end before the next.
    fn reached(&self) -> IndexSet<&'static str> {
        let mut reached = IndexSet::new();
        let mut open = vec![self.start];
        while let Some(name) = open.pop() {
            if reached.insert(name) {
                let edges = self.states.get(name).map(Open::edges).unwrap_or_default();
                open.extend(edges.into_iter().rev().map(|edge| edge.to.state()));
            }
        }
        reached
    }

    /// Succeed states that more than steps lead to.
    fn kept_ends(&self, reached: &IndexSet<&'static str>) -> IndexSet<&'static str> {
        let live = self.states.iter().filter(|(name, _)| reached.contains(*name));
        let turns = live.flat_map(|(_, state)| state.turns());
        turns.map(|edge| edge.to.state()).chain([self.start]).collect()
    }

    fn close(self) -> Closed {
        let reached = self.reached();
        let kept = self.kept_ends(&reached);
        let start = self.start;
        let mut open = self.states;
        let mut states = IndexMap::new();
        for name in reached {
            let Some(state) = open.swap_remove(name) else { continue };
            let dropped = matches!(state, Open::Succeed(_)) && !kept.contains(name);
            if !dropped {
                states.insert(name.to_owned(), close(state, &kept));
            }
        }
        Closed { start, states }
    }
}

fn assignments(assign: Vec<(&'static str, Term)>) -> Option<IndexMap<String, Template>> {
    let set: IndexMap<String, Template> = assign
        .into_iter()
        .filter(|(name, value)| !value.is_variable(name))
        .map(|(name, value)| (name.to_owned(), template(&value)))
        .collect();
    (!set.is_empty()).then_some(set)
}

/// The shared fields of a state with this way on.
fn flow(edge: Edge, ends: bool, own_result: bool) -> asl::Flow {
    match edge.to {
        To::End { output, .. } if ends => asl::Flow {
            output: (!(own_result && output.is_result())).then(|| template::output(&output)),
            ..asl::Flow::default()
        },
        to => asl::Flow {
            assign: assignments(edge.assign),
            next: Some(to.state().to_owned()),
            ..asl::Flow::default()
        },
    }
}

fn close(state: Open, kept: &IndexSet<&'static str>) -> Inner {
    match state {
        Open::Step(step) => close_step(*step, kept),
        Open::Choice { rules, default } => {
            let choices = rules.into_iter().map(|(condition, edge)| asl::ChoiceRule {
                comment: None,
                condition: asl::Condition::Jsonata(expression(&condition)),
                next: edge.to.state().to_owned(),
                assign: assignments(edge.assign),
                output: None,
            });
            let choices = choices.collect();
            let to = default.to.state().to_owned();
            let flow = asl::Flow { assign: assignments(default.assign), ..asl::Flow::default() };
            Inner::state(asl::State::Choice(asl::Choice { flow, choices, default: Some(to) }))
        }
        Open::Pass(edge) => Inner::state(asl::State::Pass(asl::Pass {
            flow: flow(edge, false, false),
            result: None,
        })),
        Open::Succeed(output) => {
            let flow =
                asl::Flow { output: Some(template::output(&output)), ..asl::Flow::default() };
            Inner::state(asl::State::Succeed(asl::Succeed { flow }))
        }
        Open::Fail(failing) => Inner::state(asl::State::Fail(asl::Fail {
            error: Some(template(&failing.error)),
            cause: Some(template(&failing.cause)),
            ..asl::Fail::default()
        })),
    }
}

fn close_step(step: OpenStep, kept: &IndexSet<&'static str>) -> Inner {
    let OpenStep { step, next, catch } = step;
    let ends = !kept.contains(next.to.state());
    let catch: Vec<asl::Catcher> = catch
        .into_iter()
        .map(|(error_equals, edge)| asl::Catcher {
            comment: None,
            error_equals,
            next: edge.to.state().to_owned(),
            assign: assignments(edge.assign),
            output: None,
            result_path: None,
        })
        .collect();
    let flow = flow(next, ends, !matches!(step, Step::Wait(_)));
    match step {
        Step::Task(task) => Inner::state(asl::State::Task(asl::Task { flow, catch, ..*task })),
        Step::Wait(until) => Inner::state(asl::State::Wait(asl::Wait { flow, until })),
        Step::Parallel(frames) => Inner::Parallel(
            Box::new(asl::Parallel {
                flow,
                branches: Vec::new(),
                arguments: None,
                retry: Vec::new(),
                catch,
            }),
            frames,
        ),
        Step::Map { items, body, limit } => Inner::Map(
            Box::new(asl::Map {
                flow,
                items: Some(items),
                max_concurrency: limit,
                catch,
                ..asl::Map::default()
            }),
            body,
        ),
    }
}
