//! The names of states: which nodes are states of the graph, and what each is called.

use super::graph::{Begin, Caught, Graph, Side, StateKind, begin};
use crate::ir::{FrameId, Ir, Kind, Node, NodeId, Origin, Role, Step, VarId, Vars};
use std::collections::{BTreeMap, BTreeSet};
use syn::{Expr, ExprField, ExprPath, Member, Pat, Stmt, visit::Visit};

/// The longest name of a state in Step Functions.
const LONGEST: usize = 80;

/// The states of a workflow.
///
/// Native code reports a state where control enters its node, before it evaluates anything of it.
/// An [`crate::ir::Kind::Await`], `Spawn` and `Map` node always is a state. A `Ret` node's state may
/// be missing in the definition (its value is then the Output of the step before): native code
/// reports it all the same and the report counts only if the definition has the state.
///
/// A frame begins in its StartAt, which is entered before any of its code runs. If the first report
/// of a frame's turn names the state that it was begun or entered in, it is that same entry.
#[derive(Debug, Default)]
pub(crate) struct Names {
    /// The state that a node is; nodes without one are folded into others.
    pub states: BTreeMap<NodeId, String>,
    /// The StartAt of each frame.
    pub starts: BTreeMap<FrameId, String>,
    /// Calls: where the errors of a child are told apart, if one is called and some of them are
    /// taken. To be reported where a caught failure resumes.
    pub split: BTreeMap<NodeId, String>,
    /// Frames with calls: where the failures of children end that nothing takes, if there are any.
    /// To be reported where one goes on as it came.
    pub failed: BTreeMap<FrameId, ChildFailed>,
    /// Ends of arms that only hand the error of a call on.
    pub up: BTreeSet<NodeId>,
    /// Steps in a frame whose `Err` is data: where `?` leaves it after a caught failure. To be
    /// reported when the step's catcher goes there.
    pub leaves: BTreeMap<NodeId, String>,
}

/// Where the failures of a frame's children end that nothing takes.
#[derive(Debug)]
pub(crate) struct ChildFailed {
    /// The Fail state.
    pub state: String,
    /// The variable that holds the failure of the child that failed last.
    pub key: String,
}

/// Names all states, in the order of the source.
pub(crate) fn names(ir: &Ir, graph: &Graph, live: &BTreeMap<NodeId, Vars>) -> Names {
    let mut names = Names::default();
    let mut taken = BTreeSet::new();
    let begins: Vec<Begin> =
        (0..ir.frames.len()).map(|frame| begin(graph, ir, live, frame)).collect();
    // The value of the workflow itself is `done`; an end that only steps lead to is seldom a state.
    let ends = |id: NodeId| match ir.node(id).map(|node| &node.kind) {
        Some(Kind::Ret { expr, frame, .. }) if failing(expr).is_none() => {
            1 + usize::from(*frame > 0) + 2 * usize::from(!turned_to(graph, id))
        }
        _ => 0,
    };
    let mut order: Vec<NodeId> = graph.states.keys().copied().collect();
    order.sort_by_key(|id| (ends(*id), *id));
    for id in &order {
        for (frame, way) in graph.starts.iter().enumerate() {
            if way.to == *id && begins.get(frame) == Some(&Begin::Pass) {
                names.starts.insert(frame, unique("begin", &mut taken));
            }
        }
        let Some(node) = ir.node(*id) else { continue };
        names.states.insert(*id, unique(&hint(ir, node), &mut taken));
    }
    names.around(ir, graph, &order, &mut taken);
    for (frame, way) in graph.starts.iter().enumerate() {
        if let Some(name) = names.states.get(&way.to) {
            names.starts.entry(frame).or_insert_with(|| name.clone());
        }
    }
    names
}

impl Names {
    /// Names the states around calls, which are seldom in the definition: after all others, so that
    /// none of those has a number for their sake.
    fn around(&mut self, ir: &Ir, graph: &Graph, order: &[NodeId], taken: &mut BTreeSet<String>) {
        let mut frames = BTreeSet::new();
        for id in order {
            let (Some(state), Some(node), Some(name)) =
                (graph.states.get(id), ir.node(*id), self.states.get(id))
            else {
                continue;
            };
            let calls = matches!(&node.kind, Kind::Await(step) if matches!(step.step, Step::Call));
            let StateKind::Step { caught, .. } = &state.kind else { continue };
            if calls {
                self.split.insert(*id, unique(&format!("match_{name}"), taken));
                self.up.extend(ups(caught));
                frames.insert(state.frame);
            }
            if matches!(caught, Caught::Leaves) {
                self.leaves.insert(*id, unique(&format!("{name}_failed"), taken));
            }
        }
        // a frame inside another may not set a variable of its name
        let mut keys: BTreeSet<String> = ir.vars.iter().map(|var| var.key.clone()).collect();
        self.failed.extend(frames.into_iter().map(|frame| {
            let state = unique("child_failed", taken);
            (frame, ChildFailed { state, key: unique("child_failure", &mut keys) })
        }));
    }
}

/// The ends of the arms that only hand an error on.
fn ups(caught: &Caught) -> impl Iterator<Item = NodeId> {
    let arms = match caught {
        Caught::Arms(arms) => arms.as_slice(),
        _ => &[],
    };
    arms.iter().filter(|(side, _)| matches!(side, Side::Up(_))).map(|(_, way)| way.to)
}

/// Whether other states than steps that succeed lead to this one.
fn turned_to(graph: &Graph, id: NodeId) -> bool {
    let turns = graph.states.values().flat_map(|state| match &state.kind {
        StateKind::Step { next, .. } => {
            Graph::ways(state).into_iter().skip(usize::from(next.is_some())).collect()
        }
        _ => Graph::ways(state),
    });
    turns.chain(&graph.starts).any(|way| way.to == id)
}

fn unique(hint: &str, taken: &mut BTreeSet<String>) -> String {
    let base: String = hint.chars().take(LONGEST - 6).collect();
    let numbered = (2..).map(|n: u32| format!("{base}_{n}"));
    let name = std::iter::once(base.clone())
        .chain(numbered)
        .find(|name| !taken.contains(name))
        .unwrap_or(base);
    taken.insert(name.clone());
    name
}

fn hint(ir: &Ir, node: &Node) -> String {
    let with = |prefix: &str, expr: &Expr| match meaning(ir, expr) {
        Some(word) => format!("{prefix}_{word}"),
        None => prefix.to_owned(),
    };
    match &node.kind {
        Kind::Await(step) => match &step.step {
            Step::Sleep(_) | Step::SleepUntil(_) => "wait".to_owned(),
            Step::Call => called(&step.expr).unwrap_or_else(|| "step".to_owned()),
        },
        Kind::Spawn(_) => "join".to_owned(),
        Kind::Map { spawned, .. } => map_name(ir, &spawned.frames),
        Kind::If { origin: Origin::While, cond, .. } => with("while", cond),
        Kind::If { cond, .. } => with("if", cond),
        Kind::Match { scrutinee, .. } => with("match", scrutinee),
        Kind::LetElse { stmt: Stmt::Local(local), .. } => {
            local.init.as_ref().map_or_else(|| "let".to_owned(), |init| with("let", &init.expr))
        }
        Kind::ForHead { pat, .. } => {
            bound(pat).map_or_else(|| "for".to_owned(), |name| format!("for_{name}"))
        }
        Kind::Ret { expr, .. } => failing(expr).unwrap_or_else(|| "done".to_owned()),
        _ => "state".to_owned(),
    }
}

fn called(expr: &Expr) -> Option<String> {
    crate::ir::lower::step::called(expr).map(|ident| plain(&ident.to_string()))
}

fn plain(ident: &str) -> String {
    ident.trim_start_matches("r#").trim_start_matches('_').to_owned()
}

fn map_name(ir: &Ir, frames: &[FrameId]) -> String {
    let first = |frame: &FrameId| {
        let segments = ir.segments.iter().filter(|segment| segment.frame == *frame);
        let mut nodes = segments.filter_map(|segment| ir.lists.get(segment.list)).flatten();
        nodes.find_map(|node| match &node.kind {
            Kind::Await(step) if matches!(step.step, Step::Call) => called(&step.expr),
            _ => None,
        })
    };
    match frames.iter().find_map(first) {
        Some(name) => format!("map_{name}"),
        None => "map".to_owned(),
    }
}

/// The first name that a pattern binds.
fn bound(pat: &Pat) -> Option<String> {
    let bindings = crate::ir::lower::patterns::of_pattern(pat);
    bindings.first().map(|binding| plain(&binding.ident.to_string()))
}

/// Whether a pattern binds no name.
pub(crate) fn binds_nothing(pat: &Pat) -> bool {
    crate::ir::lower::patterns::of_pattern(pat).is_empty()
}

/// The name of a Fail state: the variant's, in snake case.
fn failing(expr: &Expr) -> Option<String> {
    let Expr::Call(call) = expr else { return None };
    let is_err = matches!(&*call.func, Expr::Path(path) if path.path.is_ident("Err"));
    if !is_err {
        return None;
    }
    let path = match call.args.first()? {
        Expr::Call(inner) => match &*inner.func {
            Expr::Path(path) => Some(&path.path),
            _ => None,
        },
        Expr::Struct(inner) => Some(&inner.path),
        Expr::Path(path) => Some(&path.path),
        _ => None,
    };
    let variant = path.and_then(|path| path.segments.last()).map(|last| last.ident.to_string());
    match variant {
        Some(variant) if variant.starts_with(char::is_uppercase) => Some(snake(&variant)),
        _ => Some("fail".to_owned()),
    }
}

fn snake(name: &str) -> String {
    let mut snake = String::new();
    for letter in name.chars() {
        if letter.is_uppercase() && !snake.is_empty() {
            snake.push('_');
        }
        snake.extend(letter.to_lowercase());
    }
    snake
}

/// The first meaningful word of an expression: the last field of its first place.
fn meaning(ir: &Ir, expr: &Expr) -> Option<String> {
    struct First<'i> {
        ir: &'i Ir,
        found: Option<String>,
    }

    impl First<'_> {
        fn take(&mut self, word: &str) {
            if self.found.is_none() {
                self.found = Some(plain(word));
            }
        }

        /// The key of a temporary, without what says that it is one.
        fn temporary(&mut self, var: VarId) {
            if let Some(var) = self.ir.vars.get(var) {
                let word = var.key.split_once("_result").map_or(&*var.key, |(word, _)| word);
                let word = word.to_owned();
                self.take(&word);
            }
        }
    }

    impl<'a> Visit<'a> for First<'_> {
        fn visit_expr_field(&mut self, node: &'a ExprField) {
            let whole = Expr::Field(node.clone());
            if let Some(var) =
                crate::ir::awaited(&whole).and_then(|ident| self.ir.placeholder(ident))
            {
                return self.temporary(var);
            }
            match &node.member {
                Member::Named(name) => self.take(&name.to_string()),
                Member::Unnamed(_) => self.visit_expr(&node.base),
            }
        }

        fn visit_expr_path(&mut self, node: &'a ExprPath) {
            let Some(ident) = node.path.get_ident() else { return };
            let var = self.ir.placeholder(ident);
            match var.and_then(|var| self.ir.vars.get(var).map(|found| (var, found.role))) {
                Some((var, Role::Awaited | Role::Returned | Role::Value | Role::Item)) => {
                    self.temporary(var);
                }
                _ if ident.to_string().starts_with(char::is_uppercase) => {}
                _ => self.take(&ident.to_string()),
            }
        }

        fn visit_expr_call(&mut self, node: &'a syn::ExprCall) {
            node.args.iter().for_each(|argument| self.visit_expr(argument));
        }

        fn visit_pat(&mut self, _: &'a Pat) {}
    }

    let mut first = First { ir, found: None };
    first.visit_expr(expr);
    first.found
}
