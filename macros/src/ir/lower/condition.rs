//! Conditions: chains of `&&` with `let`s and awaits in them.

use super::{Flow, Lower, control::End, patterns, step::Context, stmt::take};
use crate::ir::{Entry, Kind, ListId, Origin};
use proc_macro2::Span;
use syn::{BinOp, Expr};

impl Lower<'_> {
    /// Lowers a two-way branch and joins its ends. `then` and `els` lower into the list they get.
    ///
    /// `a && b.await && c` becomes an `if a` that holds the step and an `if b && c`; their `else`s
    /// share a segment.
    pub(super) fn two_way(
        &mut self,
        origin: Origin,
        cond: Expr,
        span: Span,
        then: impl FnOnce(&mut Self, ListId) -> End,
        els: impl FnOnce(&mut Self, ListId) -> End,
    ) {
        let runs = runs(cond);
        let is_chain = runs.len() > 1;
        let shared = is_chain.then(|| self.segment(Entry::Jump));
        let (mut first, mut scopes) = (None, 0);
        for run in runs {
            let Some(cond) = self.run(run) else { break };
            let (at, id) = (self.list, self.node_id());
            let (list, other) = (self.new_list(), self.new_list());
            self.two_way_node(id, origin, cond, span, (list, other));
            scopes += 1;
            first.get_or_insert((at, id, other));
            if let Some(shared) = shared {
                self.list = other;
                self.goto(shared, span);
            }
            self.list = list;
        }
        let Some((at, id, other)) = first else { return };
        let list = self.list;
        let then = then(self, list);
        for _ in 0..scopes {
            self.scopes.pop();
        }
        match shared {
            None => {
                let els = els(self, other);
                self.join(at, id, &[then, els], span);
            }
            Some(shared) => {
                self.start(shared);
                let list = self.list;
                let els = els(self, list);
                self.join(at, id, &[then.cut(), els.cut()], span);
            }
        }
    }

    /// Adds the node and opens the scope of what `cond` binds.
    fn two_way_node(
        &mut self,
        id: usize,
        origin: Origin,
        mut cond: Expr,
        span: Span,
        (then, els): (ListId, ListId),
    ) {
        let info = self.escaped(&mut cond);
        self.scopes.push();
        let binds = self.declare_all(&patterns::of_condition(&cond));
        let kind = Kind::If { origin, cond, info, binds, then, els, falls: false, value: None };
        self.push_as(id, span, kind);
    }

    /// One condition of conjuncts of which only the first may hold steps.
    fn run(&mut self, run: Vec<Expr>) -> Option<Expr> {
        if self.is_dead() {
            return None;
        }
        let mut whole: Option<Expr> = None;
        for conjunct in run {
            let conjunct = if Flow::of_expr(&conjunct).is_control() {
                self.conjunct(conjunct)
            } else {
                conjunct
            };
            whole = Some(match whole {
                None => conjunct,
                Some(left) => Expr::Binary(syn::ExprBinary {
                    attrs: Vec::new(),
                    left: Box::new(left),
                    op: BinOp::And(syn::token::AndAnd::default()),
                    right: Box::new(conjunct),
                }),
            });
        }
        if self.is_dead() { None } else { whole }
    }

    fn conjunct(&mut self, conjunct: Expr) -> Expr {
        match conjunct {
            Expr::Let(mut node) => {
                let expr = take(&mut node.expr);
                *node.expr = self.expr(expr, Context::Matched);
                Expr::Let(node)
            }
            conjunct => self.expr(conjunct, Context::typed(Some(syn::parse_quote!(bool)))),
        }
    }
}

/// The conjuncts of a condition, cut before each that holds steps or exits.
fn runs(cond: Expr) -> Vec<Vec<Expr>> {
    let mut conjuncts = Vec::new();
    flatten(cond, &mut conjuncts);
    let mut runs: Vec<Vec<Expr>> = Vec::new();
    for conjunct in conjuncts {
        match runs.last_mut() {
            Some(run) if !Flow::of_expr(&conjunct).is_control() => run.push(conjunct),
            _ => runs.push(vec![conjunct]),
        }
    }
    runs
}

fn flatten(cond: Expr, into: &mut Vec<Expr>) {
    match cond {
        Expr::Binary(node) if matches!(node.op, BinOp::And(_)) => {
            flatten(*node.left, into);
            flatten(*node.right, into);
        }
        cond => into.push(cond),
    }
}
