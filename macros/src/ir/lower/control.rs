//! Branches, loops and blocks that hold steps or exits.
//!
//! After its branches are lowered, a node *falls* if each of them ends where it began, in the same
//! segment: then native code simply goes on after it. Else its open ends jump to a segment of
//! their own.

use super::{Flow, Lower, Target, To, patterns, step::Context};
use crate::{
    diagnostics::Code,
    ir::{Arm, Entry, Kind, ListId, NodeId, Origin, Role, SegmentId},
};
use proc_macro2::Span;
use syn::{
    Block, Expr, ExprBlock, ExprForLoop, ExprIf, ExprLoop, ExprMatch, ExprWhile, Label, Pat, Stmt,
    spanned::Spanned as _,
};

/// Where the lowering of a branch came to its end.
#[derive(Debug, Clone, Copy)]
pub(super) struct End {
    /// The branch's own list; none where it can't fall.
    list: Option<ListId>,
    /// The list it ends in, if control comes to its end.
    open: Option<ListId>,
}

impl Lower<'_> {
    /// Lowers a control expression, its value going `to`.
    pub(super) fn control(&mut self, expr: Expr, to: &To) {
        match expr {
            Expr::Block(node) if node.label.is_some() => self.labelled(&node, to),
            Expr::Block(node) => self.block(&node, to),
            Expr::If(node) => self.if_(node, to),
            Expr::Match(node) => self.match_(node, to),
            Expr::While(node) => self.while_(node),
            Expr::Loop(node) => self.loop_(&node, to),
            Expr::ForLoop(node) => self.for_(node),
            expr => self.branch_value(expr, to),
        }
    }

    // ------------------------------------------------------------------ the ends of branches

    /// Lowers a branch into `list`.
    pub(super) fn branch(&mut self, list: ListId, block: &Block, to: &To) -> End {
        self.list = list;
        self.scoped(|lower| lower.branch_body(block, to));
        self.end(list)
    }

    pub(super) fn end(&self, list: ListId) -> End {
        End { list: Some(list), open: (!self.is_dead()).then_some(self.list) }
    }

    fn branch_body(&mut self, block: &Block, to: &To) {
        if let To::Return = to {
            return self.body(block);
        }
        let (stmts, tail) = super::split(block);
        for stmt in stmts {
            self.stmt(stmt.clone());
        }
        match tail {
            Some(tail) => self.branch_value(tail, to),
            None if self.is_dead() => {}
            None => {
                if let To::Value(var, ty) = to {
                    let span = block.brace_token.span.close();
                    self.give(syn::parse_quote_spanned!(span=> ()), *var, ty.clone());
                }
            }
        }
    }

    fn branch_value(&mut self, value: Expr, to: &To) {
        if self.is_dead() {
            return;
        }
        match to {
            To::Nothing => self.stmt(Stmt::Expr(value, Some(syn::token::Semi::default()))),
            To::Value(..) if is_jump(&value) => self.tail(value),
            To::Value(var, ty) => self.give(value, *var, ty.clone()),
            To::Return => self.tail(value),
        }
    }

    /// Joins branches after the node `id` at the end of `at`: goes on in place if all of them fall.
    pub(super) fn join(&mut self, at: ListId, id: NodeId, ends: &[End], span: Span) {
        let open: Vec<ListId> = ends.iter().filter_map(|end| end.open).collect();
        if open.is_empty() {
            self.list = at;
            return;
        }
        if ends.iter().all(|end| end.open.is_none_or(|open| Some(open) == end.list)) {
            self.let_fall(at, id, &open);
            self.list = at;
            return;
        }
        let join = self.segment(Entry::Jump);
        for list in open {
            self.list = list;
            self.goto(join, span);
        }
        self.start(join);
    }

    fn let_fall(&mut self, at: ListId, id: NodeId, open: &[ListId]) {
        let mut value = None;
        for list in open {
            // the last node gives the value, if there is one: directly, or as a node that falls
            if let Some(last) = self.nodes_of(*list).last_mut() {
                match &mut last.kind {
                    Kind::Set { var, falls, .. } => {
                        *falls = true;
                        value = Some(*var);
                    }
                    Kind::If { value: Some(var), .. }
                    | Kind::Match { value: Some(var), .. }
                    | Kind::Block { value: Some(var), .. } => value = Some(*var),
                    _ => {}
                }
            }
        }
        let node = self.nodes_of(at).iter_mut().rev().find(|node| node.id == id);
        if let Some(node) = node {
            match &mut node.kind {
                Kind::If { falls, value: to, .. } | Kind::Match { falls, value: to, .. } => {
                    (*falls, *to) = (true, value);
                }
                Kind::Block { value: to, .. } => *to = value,
                _ => {}
            }
        }
    }

    // ------------------------------------------------------------------ blocks

    fn block(&mut self, node: &ExprBlock, to: &To) {
        if let To::Return = to {
            return self.scoped(|lower| lower.body(&node.block));
        }
        let (at, id, list) = (self.list, self.node_id(), self.new_list());
        let span = node.block.brace_token.span.open();
        self.push_as(id, span, Kind::Block { list, value: None });
        let end = self.branch(list, &node.block, to);
        self.join(at, id, &[end], span);
    }

    fn labelled(&mut self, node: &ExprBlock, to: &To) {
        let span = node.block.brace_token.span.open();
        self.with_value(to, span, |lower, to| {
            let after = lower.segment(Entry::Jump);
            let target = Target::new(lower.frame, after, None, to);
            lower.within(node.label.as_ref(), target, |lower| {
                lower.control(Expr::Block(ExprBlock { label: None, ..node.clone() }), to);
                lower.goto(after, span);
            });
            lower.start(after);
        });
    }

    /// Gives a `break` with a value somewhere to put it, also in tail position.
    fn with_value(&mut self, to: &To, span: Span, inside: impl FnOnce(&mut Self, &To)) {
        let To::Return = to else { return inside(self, to) };
        let var = self.temporary('d', span, "value", Role::Value);
        inside(self, &To::Value(var, None));
        if !self.is_dead() {
            let value = self.path(var);
            self.ret(value);
        }
    }

    fn within(
        &mut self,
        label: Option<&Label>,
        mut target: Target,
        inside: impl FnOnce(&mut Self),
    ) {
        target.label = label.map(|label| label.name.ident.to_string());
        self.targets.push(target);
        inside(self);
        self.targets.pop();
    }

    // ------------------------------------------------------------------ branches

    fn if_(&mut self, node: ExprIf, to: &To) {
        let span = node.if_token.span;
        let els = match node.else_branch {
            Some((_, els)) => block(*els),
            None => Block { brace_token: node.then_branch.brace_token, stmts: Vec::new() },
        };
        self.two_way(
            Origin::If,
            *node.cond,
            span,
            |lower, list| lower.branch(list, &node.then_branch, to),
            |lower, list| lower.branch(list, &els, to),
        );
    }

    fn match_(&mut self, node: ExprMatch, to: &To) {
        let mut scrutinee = *node.expr;
        if Flow::of_expr(&scrutinee).is_control() {
            scrutinee = self.expr(scrutinee, Context::Matched);
        }
        if self.is_dead() {
            return;
        }
        let mut info = self.escaped(&mut scrutinee);
        let (at, id, span) = (self.list, self.node_id(), node.match_token.span);
        let mut arms = Vec::new();
        let mut bodies = Vec::new();
        for arm in node.arms {
            let list = self.new_list();
            self.scopes.push();
            let binds = self.declare_all(&patterns::of_pattern(&arm.pat));
            let (pat, guard) = guarded(arm.pat);
            let guard = guard.map(|mut guard| {
                if Flow::of_expr(&guard).awaits {
                    self.errors
                        .push(&guard, Code::Body, "a match guard can't await")
                        .help("await before the `match`, or in the arm");
                }
                let found = self.escaped(&mut guard);
                info.uses.extend(found.uses.iter().filter(|var| !binds.contains(var)));
                guard
            });
            bodies.push((list, self.scopes.pop(), *arm.body));
            arms.push(Arm { pat, guard, binds, list });
        }
        let kind = Kind::Match { scrutinee, info, arms, falls: false, value: None };
        self.push_as(id, span, kind);
        let mut ends = Vec::new();
        for (list, scope, body) in bodies {
            self.scopes.restore(scope);
            ends.push(self.branch(list, &block(body), to));
            self.scopes.pop();
        }
        self.join(at, id, &ends, span);
    }

    // ------------------------------------------------------------------ loops

    fn loop_(&mut self, node: &ExprLoop, to: &To) {
        let span = node.loop_token.span;
        self.with_value(to, span, |lower, to| {
            let (head, after) = (lower.head(span), lower.segment(Entry::Jump));
            lower.loop_body(node.label.as_ref(), &node.body, head, after, to);
            lower.start(after);
        });
    }

    fn head(&mut self, span: Span) -> SegmentId {
        let head = self.segment(Entry::Jump);
        self.goto(head, span);
        self.start(head);
        head
    }

    fn loop_body(
        &mut self,
        label: Option<&Label>,
        body: &Block,
        head: SegmentId,
        after: SegmentId,
        to: &To,
    ) {
        let target = Target::new(self.frame, after, Some(head), to);
        self.within(label, target, |lower| {
            let list = lower.list;
            let end = lower.branch(list, body, &To::Nothing);
            if let Some(open) = end.open {
                lower.list = open;
                lower.goto(head, body.brace_token.span.close());
            }
        });
    }

    fn while_(&mut self, node: ExprWhile) {
        let span = node.while_token.span;
        let head = self.head(span);
        let after = self.segment(Entry::Jump);
        let end = |lower: &mut Self, list| {
            lower.list = list;
            lower.goto(after, span);
            lower.end(list)
        };
        self.two_way(
            Origin::While,
            *node.cond,
            span,
            |lower, list| {
                lower.list = list;
                lower.loop_body(node.label.as_ref(), &node.body, head, after, &To::Nothing);
                lower.end(list)
            },
            end,
        );
        self.start(after);
    }

    fn for_(&mut self, node: ExprForLoop) {
        let span = node.for_token.span;
        let mut walked = *node.expr;
        if Flow::of_expr(&walked).is_control() {
            walked = self.expr(walked, Context::VALUE);
        }
        if self.is_dead() {
            return;
        }
        let info = self.escaped(&mut walked);
        let bindings = patterns::of_pattern(&node.pat);
        let name = bindings.first().map_or_else(|| "item".to_owned(), |b| b.ident.to_string());
        let list = self.temporary('l', span, &format!("{name}_list"), Role::List);
        let index = self.temporary('n', span, &format!("{name}_index"), Role::Index);
        let item = syn::Ident::new(&format!("__item{list}"), Span::mixed_site());
        let init = Kind::ForInit { expr: walked, info, item: item.clone(), list, index };
        self.push(span, init);
        let head = self.head(span);
        let after = self.segment(Entry::Jump);
        let (body, els, at) = (self.new_list(), self.new_list(), self.list);
        self.scopes.push();
        let binds = self.declare_all(&bindings);
        let pat = *node.pat;
        self.push(span, Kind::ForHead { pat, item, list, index, binds, body, els });
        self.list = els;
        self.goto(after, span);
        self.list = body;
        self.loop_body(node.label.as_ref(), &node.body, head, after, &To::Nothing);
        self.scopes.pop();
        self.list = at;
        self.start(after);
    }
}

impl End {
    /// The same end of a branch that other segments go to.
    pub(super) fn cut(self) -> Self {
        Self { list: None, ..self }
    }
}

impl Target {
    fn new(frame: usize, after: SegmentId, head: Option<SegmentId>, to: &To) -> Self {
        let value = match to {
            To::Value(var, _) => Some(*var),
            To::Nothing | To::Return => None,
        };
        Self { label: None, frame, after, head, value }
    }
}

/// An expression as a block.
pub(super) fn block(expr: Expr) -> Block {
    match expr {
        Expr::Block(node) if node.label.is_none() => node.block,
        expr => {
            let span = expr.span();
            let brace_token = syn::token::Brace(span);
            Block { brace_token, stmts: vec![Stmt::Expr(expr, None)] }
        }
    }
}

/// A pattern and its guard.
fn guarded(pat: Pat) -> (Pat, Option<Expr>) {
    match pat {
        Pat::Guard(node) => (*node.pat, Some(*node.guard)),
        pat => (pat, None),
    }
}

fn is_jump(expr: &Expr) -> bool {
    matches!(expr, Expr::Return(_) | Expr::Break(_) | Expr::Continue(_))
}
