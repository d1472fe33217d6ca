//! Which variables may hold a part of the execution's input or of an answer, with members that no
//! type names.

use crate::ir::{Info, Ir, Kind, Role, VarId, Vars};

/// The variables, by what flows into them. What a frame ends with is as serde writes it.
pub(super) fn given(ir: &Ir) -> Vars {
    let params = ir.vars.iter().enumerate().filter(|(_, var)| matches!(var.role, Role::Param(_)));
    let answers = ir.lists.iter().flatten().filter_map(|node| match &node.kind {
        Kind::Await(step) => Some(step.value),
        _ => None,
    });
    let vars = params.map(|(id, _)| id).chain(answers).collect();
    let mut given = Given { ir, vars };
    while given.spread() {}
    given.vars
}

struct Given<'a> {
    ir: &'a Ir,
    vars: Vars,
}

impl Given<'_> {
    /// Follows every node once; says whether something was new.
    fn spread(&mut self) -> bool {
        let before = self.vars.len();
        for node in self.ir.lists.iter().flatten() {
            self.node(&node.kind);
        }
        before != self.vars.len()
    }

    fn node(&mut self, kind: &Kind) {
        if let Kind::ForHead { list, binds, .. } = kind
            && self.vars.contains(list)
        {
            self.vars.extend(binds);
        }
        let reads = |info: &Info| info.uses.iter().any(|var| self.vars.contains(var));
        let Some(info) = kind.info().filter(|info| reads(info)) else { return };
        match kind {
            Kind::Await(_) | Kind::Ret { .. } => return,
            Kind::Set { var, .. } => {
                self.vars.insert(*var);
            }
            Kind::If { binds, .. } => self.vars.extend(binds),
            Kind::Match { arms, .. } => {
                self.vars.extend(arms.iter().flat_map(|arm| &arm.binds));
            }
            Kind::ForInit { list, .. } => {
                self.vars.insert(*list);
            }
            Kind::Map { item, .. } => {
                self.vars.insert(*item);
            }
            _ => {}
        }
        self.written(info);
    }

    /// What a fragment that reads such a variable writes, also by a method.
    fn written(&mut self, info: &Info) {
        let is_mutable = |var: &&VarId| self.ir.vars.get(**var).is_some_and(|var| var.mutable);
        let changed: Vec<VarId> = info.uses.iter().filter(is_mutable).copied().collect();
        self.vars.extend(changed);
        self.vars.extend(&info.decls);
        self.vars.extend(&info.kills);
        self.vars.extend(&info.may);
        self.vars.extend(&info.given);
    }
}
