//! Which variables are alive where a segment begins: exactly those are kept across the jump or step
//! before it. Exactness is needed for more than size: a local that was moved out must not be stored.

use crate::ir::{Entry, Info, Ir, Kind, ListId, Node, SegmentId, VarId, Vars};

/// The variables alive at the start of each segment, by segment.
#[derive(Debug)]
pub(crate) struct Live(Vec<Vars>);

/// What the tree of a segment does with variables.
#[derive(Debug, Default)]
pub(crate) struct Summary {
    /// Mentioned anywhere.
    pub mentioned: Vars,
    /// Declared anywhere.
    pub declared: Vars,
    /// Alive at one of its exits.
    pub exits: Vars,
}

impl Live {
    /// The variables alive at the start of `segment`.
    pub(crate) fn at(&self, segment: SegmentId) -> &Vars {
        static NONE: Vars = Vars::new();
        self.0.get(segment).unwrap_or(&NONE)
    }

    /// What a frame keeps while it waits at `node`, or jumps from it: alive where it goes on, and
    /// in the frames that start there.
    pub(crate) fn after(&self, ir: &Ir, node: &Kind) -> Vars {
        let mut alive = Vars::new();
        let spawned = match node {
            Kind::Goto(to) => return self.at(*to).clone(),
            Kind::Await(step) => return self.at(step.resume).clone(),
            Kind::Spawn(spawned) | Kind::Map { spawned, .. } => spawned,
            _ => return alive,
        };
        alive.extend(self.at(spawned.resume));
        for frame in spawned.frames.iter().filter_map(|frame| ir.frames.get(*frame)) {
            alive.extend(self.at(frame.entry));
        }
        alive
    }
}

/// Finds out, to the fixpoint.
pub(crate) fn liveness(ir: &Ir) -> Live {
    let mut live = Live(vec![Vars::new(); ir.segments.len()]);
    loop {
        let mut changed = false;
        for (id, segment) in ir.segments.iter().enumerate().rev() {
            let mut alive = live.list(ir, segment.list, Vars::new());
            if let Entry::Resume(_, var) | Entry::Begin(Some(var)) = segment.entry {
                alive.remove(&var);
            }
            if let Some(known) = live.0.get_mut(id)
                && *known != alive
            {
                *known = alive;
                changed = true;
            }
        }
        if !changed {
            return live;
        }
    }
}

fn without(mut alive: Vars, gone: &[VarId]) -> Vars {
    for var in gone {
        alive.remove(var);
    }
    alive
}

impl Live {
    /// Alive before `list`, where `after` is alive after a list that falls.
    fn list(&self, ir: &Ir, list: ListId, after: Vars) -> Vars {
        let nodes = ir.lists.get(list).map(Vec::as_slice).unwrap_or_default();
        nodes.iter().rev().fold(after, |after, node| self.node(ir, node, after))
    }

    fn mention(&self, alive: &mut Vars, info: &Info) {
        alive.extend(&info.uses);
        for to in &info.jumps {
            alive.extend(self.at(*to).difference(&info.given));
        }
    }

    fn node(&self, ir: &Ir, node: &Node, after: Vars) -> Vars {
        let mut alive = match &node.kind {
            Kind::Stmt { info, .. } => without(without(after, &info.decls), &info.kills),
            Kind::Set { var, .. } => without(after, &[*var]),
            Kind::LetElse { info, els, .. } => {
                let mut alive = without(after, &info.decls);
                alive.extend(self.list(ir, *els, Vars::new()));
                alive
            }
            Kind::If { binds, then, els, .. } => {
                let mut alive = without(self.list(ir, *then, after.clone()), binds);
                alive.extend(self.list(ir, *els, after));
                alive
            }
            Kind::Match { arms, .. } => {
                let arms = arms.iter();
                let each =
                    arms.map(|arm| without(self.list(ir, arm.list, after.clone()), &arm.binds));
                each.flatten().collect()
            }
            Kind::Block { list, .. } => self.list(ir, *list, after),
            Kind::ForInit { list, index, .. } => without(after, &[*list, *index]),
            Kind::ForHead { list, index, binds, body, els, .. } => {
                let mut alive = without(self.list(ir, *body, Vars::new()), binds);
                alive.extend(self.list(ir, *els, Vars::new()));
                alive.extend([*list, *index]);
                alive
            }
            Kind::Map { item, .. } => without(self.after(ir, &node.kind), &[*item]),
            Kind::Goto(_) | Kind::Await(_) | Kind::Spawn(_) => self.after(ir, &node.kind),
            Kind::Ret { .. } => Vars::new(),
        };
        if let Some(info) = node.kind.info() {
            self.mention(&mut alive, info);
        }
        alive
    }

    /// What the tree of `list` does.
    pub(crate) fn summary(&self, ir: &Ir, list: ListId) -> Summary {
        let mut found = Summary::default();
        self.summarize(ir, list, &mut found);
        found
    }

    fn summarize(&self, ir: &Ir, list: ListId, found: &mut Summary) {
        for node in ir.lists.get(list).map(Vec::as_slice).unwrap_or_default() {
            if let Some(info) = node.kind.info() {
                found.mentioned.extend(info.uses.iter().chain(&info.may).chain(&info.kills));
                found.declared.extend(&info.decls);
                info.jumps.iter().for_each(|to| found.exits.extend(self.at(*to)));
            }
            found.exits.extend(self.after(ir, &node.kind));
            match &node.kind {
                Kind::If { binds, then, els, value, .. } => {
                    found.declared.extend(binds.iter().chain(value));
                    self.summarize(ir, *then, found);
                    self.summarize(ir, *els, found);
                }
                Kind::Match { arms, value, .. } => {
                    found.declared.extend(value);
                    for arm in arms {
                        found.declared.extend(&arm.binds);
                        self.summarize(ir, arm.list, found);
                    }
                }
                Kind::Block { list, value } => {
                    found.declared.extend(value);
                    self.summarize(ir, *list, found);
                }
                Kind::LetElse { els, .. } => self.summarize(ir, *els, found),
                Kind::ForHead { binds, body, els, .. } => {
                    found.declared.extend(binds);
                    self.summarize(ir, *body, found);
                    self.summarize(ir, *els, found);
                }
                _ => {}
            }
        }
    }
}
