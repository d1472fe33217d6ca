//! How a frame begins: in its first state, maybe with values that this state works out itself, or
//! in a Pass that assigns what a loop or the branches of a join read.

use super::{
    Effect, Graph,
    live::{before, changes, touches},
};
use crate::ir::{Ir, Kind, NodeId, Vars};
use std::collections::BTreeMap;
use syn::{BinOp, Expr, ExprBinary, ExprCast, ExprIndex, ExprMethodCall, visit::Visit};

/// How a frame begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Begin {
    /// In its first state; nothing need be assigned before.
    Plain,
    /// In its first state, which works out what stands before it.
    Carried,
    /// In a state that assigns what stands before the first.
    Pass,
}

/// How `frame` begins.
pub(crate) fn begin(graph: &Graph, ir: &Ir, live: &BTreeMap<NodeId, Vars>, frame: usize) -> Begin {
    let Some(way) = graph.starts.get(frame) else { return Begin::Plain };
    let alive = live.get(&way.to).cloned().unwrap_or_default();
    let changed: Vars = way.effects.iter().flat_map(|effect| changes(ir, effect)).collect();
    if changed.is_disjoint(&alive) {
        let own = ir.node(way.to).and_then(|node| node.kind.info());
        let late = !late(ir, &way.effects, own.map(|info| &info.uses)).is_empty();
        return if late { Begin::Pass } else { Begin::Plain };
    }
    if graph.arrivals(way.to) > 1 || must_precede(graph, ir, live, way.to, &way.effects, &changed) {
        return Begin::Pass;
    }
    Begin::Carried
}

/// Whether a step would come too early: its branches read what is assigned, or what might fail
/// would fail after the step has run.
fn must_precede(
    graph: &Graph,
    ir: &Ir,
    live: &BTreeMap<NodeId, Vars>,
    to: NodeId,
    effects: &[Effect],
    changed: &Vars,
) -> bool {
    let Some(node) = ir.node(to) else { return false };
    match &node.kind {
        Kind::Spawn(spawned) | Kind::Map { spawned, .. } => {
            spawned.frames.iter().any(|frame| {
                graph
                    .starts
                    .get(*frame)
                    .is_some_and(|way| !before(ir, live, way).is_disjoint(changed))
            }) || !late(ir, effects, node.kind.info().map(|info| &info.uses)).is_empty()
        }
        Kind::Await(step) => !late(ir, effects, Some(&step.info.uses)).is_empty(),
        _ => false,
    }
}

/// What effects set that may fail though none of `needed`, what is needed after them, reads it.
pub(crate) fn late(ir: &Ir, effects: &[Effect], needed: Option<&Vars>) -> Vars {
    let mut needed = needed.cloned().unwrap_or_default();
    let mut late = Vars::new();
    for effect in effects.iter().rev() {
        let (uses, sets) = touches(ir, effect);
        let read = sets.iter().any(|var| needed.contains(var));
        let fails = !read && may_fail(ir, effect);
        if fails {
            late.extend(sets);
        }
        if read || fails {
            needed.extend(uses);
        }
    }
    late
}

/// Whether code can fail for some type: arithmetic, indexing, conversions, unwrapping.
#[derive(Default)]
struct Failing(bool);

impl<'a> Visit<'a> for Failing {
    fn visit_expr_binary(&mut self, node: &'a ExprBinary) {
        self.0 |= matches!(
            node.op,
            BinOp::Add(_)
                | BinOp::Sub(_)
                | BinOp::Mul(_)
                | BinOp::Div(_)
                | BinOp::Rem(_)
                | BinOp::AddAssign(_)
                | BinOp::SubAssign(_)
                | BinOp::MulAssign(_)
                | BinOp::DivAssign(_)
                | BinOp::RemAssign(_)
        );
        syn::visit::visit_expr_binary(self, node);
    }

    fn visit_expr_index(&mut self, _: &'a ExprIndex) {
        self.0 = true;
    }

    fn visit_expr_cast(&mut self, _: &'a ExprCast) {
        self.0 = true;
    }

    fn visit_expr_method_call(&mut self, node: &'a ExprMethodCall) {
        self.0 |= node.method == "unwrap" || node.method == "expect" || node.method == "sum";
        syn::visit::visit_expr_method_call(self, node);
    }

    fn visit_expr_unary(&mut self, node: &'a syn::ExprUnary) {
        self.0 |= matches!(node.op, syn::UnOp::Neg(_)) && !matches!(*node.expr, Expr::Lit(_));
        syn::visit::visit_expr_unary(self, node);
    }
}

fn may_fail(ir: &Ir, effect: &Effect) -> bool {
    let Effect::Node(node) = effect else { return false };
    let mut failing = Failing::default();
    if let Some(node) = ir.node(*node) {
        node_may_fail(ir, &node.kind, &mut failing);
    }
    failing.0
}

fn node_may_fail(ir: &Ir, kind: &Kind, failing: &mut Failing) {
    let list = |list: usize, failing: &mut Failing| {
        for node in ir.lists.get(list).map(Vec::as_slice).unwrap_or_default() {
            node_may_fail(ir, &node.kind, failing);
        }
    };
    match kind {
        Kind::Stmt { stmt, .. } => failing.visit_stmt(stmt),
        Kind::Set { expr, .. } | Kind::ForInit { expr, .. } => failing.visit_expr(expr),
        Kind::Block { list: inner, .. } => list(*inner, failing),
        Kind::If { cond, then, els, .. } => {
            failing.visit_expr(cond);
            list(*then, failing);
            list(*els, failing);
        }
        Kind::Match { scrutinee, arms, .. } => {
            failing.visit_expr(scrutinee);
            for arm in arms {
                list(arm.list, failing);
            }
        }
        _ => {}
    }
}
