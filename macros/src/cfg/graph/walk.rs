//! Finds the states and ways: from each state on, through all that is no state.

use super::{
    Caught, Effect, Graph, Position, Rule, Side, State, StateKind, Test, Way, arms,
    outcome::{branches_on, goes_up, sides},
};
use crate::ir::{
    Carrier, Ends, Entry, FrameId, Ir, Kind, ListId, Node, NodeId, SegmentId, Used, VarId,
};

/// Makes the graph. `exported`: whether errors keep their names where they are converted, so that
/// those which only go up need not be caught.
pub(crate) fn graph(ir: &Ir, exported: bool) -> Graph {
    let mut walker = Walker { ir, exported, graph: Graph::default(), open: Vec::new() };
    for (id, frame) in ir.frames.iter().enumerate() {
        let given = given(ir, id, frame.entry);
        let start = walker.way(Position::start(ir, frame.entry), given);
        let start = start.unwrap_or(Way { effects: Vec::new(), to: NodeId::MAX });
        walker.graph.starts.push(start);
        while let Some((at, node)) = walker.open.pop() {
            walker.state(&at, node, id);
        }
    }
    walker.merge();
    walker.graph
}

/// What a frame begins with besides the variables around it: parameters that change, an item.
fn given(ir: &Ir, frame: FrameId, entry: SegmentId) -> Vec<Effect> {
    let params = ir.vars.iter().take(ir.params).enumerate();
    let changing = params.filter(|(_, var)| frame == 0 && var.mutable).map(|(id, _)| id);
    let item = match ir.segments.get(entry).map(|segment| segment.entry) {
        Some(Entry::Begin(item)) => item,
        _ => None,
    };
    changing.chain(item).map(Effect::Set).collect()
}

struct Walker<'i> {
    ir: &'i Ir,
    exported: bool,
    graph: Graph,
    open: Vec<(Position, &'i Node)>,
}

impl Position {
    pub(super) fn start(ir: &Ir, segment: SegmentId) -> Self {
        Self(vec![(ir.segments.get(segment).map_or(0, |segment| segment.list), 0)])
    }

    pub(super) fn within(&self, list: ListId) -> Self {
        let mut inside = self.next();
        inside.0.push((list, 0));
        inside
    }

    pub(super) fn next(&self) -> Self {
        let mut next = self.clone();
        if let Some((_, index)) = next.0.last_mut() {
            *index += 1;
        }
        next
    }

    /// The node that is next to run; lists that have ended fall.
    pub(super) fn settle(mut self, ir: &Ir) -> Self {
        while let Some((list, index)) = self.0.last()
            && ir.lists.get(*list).is_none_or(|nodes| *index >= nodes.len())
            && self.0.len() > 1
        {
            self.0.pop();
        }
        self
    }

    pub(super) fn node<'i>(&self, ir: &'i Ir) -> Option<&'i Node> {
        self.clone().settle(ir).here(ir)
    }

    /// The node at this very place, if its list has not ended.
    pub(super) fn here<'i>(&self, ir: &'i Ir) -> Option<&'i Node> {
        let (list, index) = self.0.last()?;
        ir.lists.get(*list)?.get(*index)
    }
}

/// Whether a branch that falls has nothing in it that is a state, a jump or a branch on an outcome.
pub(crate) fn folds(ir: &Ir, node: &Node) -> bool {
    let list = |list: &ListId| {
        ir.lists.get(*list).is_some_and(|nodes| nodes.iter().all(|node| folds(ir, node)))
    };
    match &node.kind {
        Kind::Stmt { .. } | Kind::Set { .. } => true,
        Kind::Block { list: inner, .. } => list(inner),
        Kind::If { falls, then, els, .. } => *falls && list(then) && list(els),
        Kind::Match { falls, arms, .. } => *falls && arms.iter().all(|arm| list(&arm.list)),
        _ => false,
    }
}

impl<'i> Walker<'i> {
    /// From a place to the next state, through effects.
    fn way(&mut self, mut at: Position, mut effects: Vec<Effect>) -> Option<Way> {
        let mut seen: Vec<SegmentId> = Vec::new();
        loop {
            at = at.settle(self.ir);
            let node = at.node(self.ir)?;
            match &node.kind {
                Kind::Goto(segment) => {
                    if seen.contains(segment) {
                        self.graph.endless.push(*segment);
                        return None;
                    }
                    seen.push(*segment);
                    at = Position::start(self.ir, *segment);
                }
                Kind::Stmt { .. } | Kind::Set { .. } | Kind::ForInit { .. } => {
                    effects.push(Effect::Node(node.id));
                    at = at.next();
                }
                Kind::Block { list, .. } => at = at.within(*list),
                Kind::If { .. } | Kind::Match { .. } if folds(self.ir, node) => {
                    effects.push(Effect::Node(node.id));
                    at = at.next();
                }
                _ => {
                    if !self.graph.states.contains_key(&node.id)
                        && !self.open.iter().any(|(_, open)| open.id == node.id)
                    {
                        self.open.push((at, node));
                    }
                    return Some(Way { effects, to: node.id });
                }
            }
        }
    }

    fn state(&mut self, at: &Position, node: &'i Node, frame: FrameId) {
        if self.graph.states.contains_key(&node.id) {
            return;
        }
        // The entry stands before its ways are walked: loops come back to it.
        self.graph.states.insert(node.id, State { frame, kind: StateKind::End });
        let kind = match &node.kind {
            Kind::Await(step) => self.step(frame, step.resume, step.value, step.used, true),
            Kind::Spawn(spawned) | Kind::Map { spawned, .. } => {
                self.step(frame, spawned.resume, spawned.value, spawned.used, spawned.fails_fast)
            }
            Kind::If { then, els, .. } => {
                let test = Test::Condition(node.id);
                let way = self.way(at.within(*then), vec![Effect::Bind(test)]);
                let default = self.way(at.within(*els), Vec::new());
                let rules = way.into_iter().map(|way| Rule { test, way }).collect();
                StateKind::Choice { rules, default }
            }
            Kind::Match { .. } | Kind::LetElse { .. } => self.choice(at, node),
            Kind::ForHead { body, els, .. } => {
                let test = Test::More(node.id);
                let way = self.way(at.within(*body), vec![Effect::Bind(test)]);
                let default = self.way(at.within(*els), Vec::new());
                let rules = way.into_iter().map(|way| Rule { test, way }).collect();
                StateKind::Choice { rules, default }
            }
            _ => StateKind::End,
        };
        self.graph.states.insert(node.id, State { frame, kind });
    }

    fn choice(&mut self, at: &Position, node: &'i Node) -> StateKind {
        let Some((_, arms)) = arms(node, at) else {
            return StateKind::Choice { rules: Vec::new(), default: None };
        };
        let last = arms.len().saturating_sub(1);
        let (mut rules, mut default) = (Vec::new(), None);
        for (position, arm) in arms.into_iter().enumerate() {
            let test = Test::Arm(node.id, position);
            let always = arm.guard.is_none() && arm.pat.is_none_or(super::outcome::binds_all);
            let Some(way) = self.way(arm.at, vec![Effect::Bind(test)]) else { continue };
            // The arms cover every value, so what fits none before the last fits it.
            if always || (position == last && arm.guard.is_none()) {
                default = Some(way);
                break;
            }
            rules.push(Rule { test, way });
        }
        StateKind::Choice { rules, default }
    }

    /// The ways after a step. `fails`: whether its value may be a `Result`.
    fn step(
        &mut self,
        frame: FrameId,
        resume: SegmentId,
        value: VarId,
        used: Used,
        fails: bool,
    ) -> StateKind {
        let at = Position::start(self.ir, resume);
        let ends = self.ir.frames.get(frame);
        let is_data = ends.is_some_and(|frame| frame.ends == Ends::Data);
        let converts = !self.exported && ends.is_some_and(|end| end.carrier == Carrier::Result);
        if matches!(used, Used::Matched)
            && let Some(node) = at.node(self.ir)
            && let Some(kind) = self.outcomes(&at, node, value)
        {
            return kind;
        }
        let caught = match used {
            Used::Tried(_) if (is_data || converts) && fails => Caught::Leaves,
            Used::Tried(_) | Used::Returned => Caught::Up,
            Used::Value | Used::Matched | Used::Dropped if fails => Caught::Data,
            _ => Caught::Up,
        };
        StateKind::Step { next: self.way(at, Vec::new()), caught }
    }

    /// A branch on the outcome of the step itself: its arms are edges.
    fn outcomes(&mut self, at: &Position, node: &'i Node, value: VarId) -> Option<StateKind> {
        let at = at.clone().settle(self.ir);
        let (scrutinee, views) = arms(node, &at)?;
        if !branches_on(self.ir, scrutinee, value) {
            return None;
        }
        let sides = sides(&views)?;
        let (mut next, mut catch) = (None, Vec::new());
        let (mut success, mut failure) = (false, false);
        for (view, side) in views.into_iter().zip(sides) {
            let effect = |position: usize| vec![Effect::Outcome(node.id, position)];
            match side {
                Side::Success(position) if !success => {
                    next = self.way(view.at, effect(position));
                    success = true;
                }
                Side::Both(position) => {
                    if !success {
                        next = self.way(view.at.clone(), effect(position));
                        success = true;
                    }
                    if !failure && let Some(way) = self.way(view.at, effect(position)) {
                        catch.push((Side::Failure(position), way));
                    }
                    failure = true;
                }
                Side::Failure(position) if !failure && goes_up(self.ir, &view, self.exported) => {
                    failure = true;
                    if let Some(way) = self.way(view.at, effect(position)) {
                        catch.push((Side::Up(position), way));
                    }
                }
                Side::Failure(position) | Side::Variants(position, _) if !failure => {
                    failure = matches!(side, Side::Failure(_));
                    if let Some(way) = self.way(view.at, effect(position)) {
                        catch.push((side, way));
                    }
                }
                _ => {}
            }
        }
        Some(StateKind::Step { next, caught: Caught::Arms(catch) })
    }

    /// A decision that another comes to at once, and only it, becomes part of it.
    fn merge(&mut self) {
        let ids: Vec<NodeId> = self.graph.states.keys().copied().collect();
        for id in ids {
            while let Some(inner) = self.mergeable(id) {
                let Some(State { kind: StateKind::Choice { rules: more, default: other }, .. }) =
                    self.graph.states.remove(&inner)
                else {
                    break;
                };
                if let Some(State { kind: StateKind::Choice { rules, default }, .. }) =
                    self.graph.states.get_mut(&id)
                {
                    rules.extend(more);
                    *default = other;
                }
            }
        }
    }

    fn mergeable(&self, id: NodeId) -> Option<NodeId> {
        let StateKind::Choice { default: Some(way), .. } = &self.graph.states.get(&id)?.kind else {
            return None;
        };
        let inner = self.graph.states.get(&way.to)?;
        let is_choice = matches!(&inner.kind, StateKind::Choice { rules, .. } if !rules.is_empty());
        // A `while` or `for` is a state of its own: its name says that it loops.
        let silent = way
            .effects
            .iter()
            .all(|effect| matches!(effect, Effect::Bind(test) if self.binds_nothing(*test)));
        let once = self.graph.arrivals(way.to) == 1;
        (is_choice && once && silent && way.to != id).then_some(way.to)
    }

    /// Whether a test leaves nothing to bind.
    fn binds_nothing(&self, test: Test) -> bool {
        match test {
            Test::Arm(node, arm) => match self.ir.node(node).map(|node| &node.kind) {
                Some(Kind::Match { arms, .. }) => {
                    arms.get(arm).is_some_and(|arm| arm.binds.is_empty())
                }
                Some(Kind::LetElse { .. }) => arm > 0,
                _ => false,
            },
            Test::Condition(_) | Test::More(_) => false,
        }
    }
}
