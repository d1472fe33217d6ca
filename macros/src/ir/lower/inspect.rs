//! What control does inside a fragment, by syntax: decides what must become nodes.

use proc_macro2::{TokenStream, TokenTree};
use syn::{
    Block, Expr, ExprAsync, ExprAwait, ExprBlock, ExprBreak, ExprClosure, ExprContinue,
    ExprForLoop, ExprIf, ExprLoop, ExprMatch, ExprReturn, ExprTry, ExprWhile, Item, Macro, Stmt,
    visit::{self, Visit},
};

/// What control does inside a fragment, closures aside.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Flow {
    /// It stops at a step.
    pub awaits: bool,
    /// It returns, or breaks out of the fragment, outside of native loops.
    pub exits: bool,
    /// A `?` stands in a branch.
    pub tries_in_branch: bool,
    /// A `?` stands anywhere.
    pub tries: bool,
    depth: usize,
}

impl Flow {
    /// Whether the fragment must be taken apart.
    pub(crate) fn is_control(self) -> bool {
        self.awaits || self.exits || self.tries_in_branch
    }

    pub(crate) fn of_expr(expr: &Expr) -> Self {
        let mut flow = Self::default();
        flow.visit_expr(expr);
        flow
    }

    pub(crate) fn of_stmt(stmt: &Stmt) -> Self {
        let mut flow = Self::default();
        flow.visit_stmt(stmt);
        flow
    }

    pub(crate) fn of_block(block: &Block) -> Self {
        let mut flow = Self::default();
        flow.visit_block(block);
        flow
    }

    /// A loop or labelled block stays native unless it holds a step.
    fn native(&mut self, inside: impl FnOnce(&mut Self)) {
        let mut flow = Self::default();
        inside(&mut flow);
        self.tries |= flow.tries;
        self.awaits |= flow.awaits;
    }

    fn branch(&mut self, inside: impl FnOnce(&mut Self)) {
        self.depth += 1;
        inside(self);
        self.depth -= 1;
    }
}

impl<'a> Visit<'a> for Flow {
    fn visit_expr_await(&mut self, node: &'a ExprAwait) {
        self.awaits = true;
        visit::visit_expr_await(self, node);
    }

    fn visit_macro(&mut self, node: &'a Macro) {
        self.awaits |= join(node).is_some() || holds_await(node.tokens.clone());
    }

    fn visit_expr_return(&mut self, node: &'a ExprReturn) {
        self.exits = true;
        visit::visit_expr_return(self, node);
    }

    fn visit_expr_break(&mut self, node: &'a ExprBreak) {
        self.exits = true;
        visit::visit_expr_break(self, node);
    }

    fn visit_expr_continue(&mut self, _: &'a ExprContinue) {
        self.exits = true;
    }

    fn visit_expr_try(&mut self, node: &'a ExprTry) {
        self.tries = true;
        self.tries_in_branch |= self.depth > 0;
        visit::visit_expr_try(self, node);
    }

    fn visit_expr_if(&mut self, node: &'a ExprIf) {
        self.visit_expr(&node.cond);
        self.branch(|flow| {
            flow.visit_block(&node.then_branch);
            if let Some((_, els)) = &node.else_branch {
                flow.visit_expr(els);
            }
        });
    }

    fn visit_expr_match(&mut self, node: &'a ExprMatch) {
        self.visit_expr(&node.expr);
        self.branch(|flow| node.arms.iter().for_each(|arm| flow.visit_arm(arm)));
    }

    fn visit_expr_block(&mut self, node: &'a ExprBlock) {
        if node.label.is_some() {
            self.native(|flow| flow.visit_block(&node.block));
        } else {
            self.branch(|flow| flow.visit_block(&node.block));
        }
    }

    fn visit_expr_loop(&mut self, node: &'a ExprLoop) {
        self.native(|flow| flow.visit_block(&node.body));
    }

    fn visit_expr_while(&mut self, node: &'a ExprWhile) {
        self.native(|flow| {
            flow.visit_expr(&node.cond);
            flow.visit_block(&node.body);
        });
    }

    fn visit_expr_for_loop(&mut self, node: &'a ExprForLoop) {
        self.visit_expr(&node.expr);
        self.native(|flow| flow.visit_block(&node.body));
    }

    fn visit_expr_closure(&mut self, _: &'a ExprClosure) {}

    fn visit_expr_async(&mut self, _: &'a ExprAsync) {}

    fn visit_item(&mut self, _: &'a Item) {}
}

/// Whether a macro call is `join!` (`false`) or `try_join!` (`true`), by any path.
pub(crate) fn join(mac: &Macro) -> Option<bool> {
    let name = &mac.path.segments.last()?.ident;
    if name == "join" { Some(false) } else { (name == "try_join").then_some(true) }
}

fn holds_await(tokens: TokenStream) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Ident(ident) => ident == "await",
        TokenTree::Group(group) => holds_await(group.stream()),
        TokenTree::Punct(_) | TokenTree::Literal(_) => false,
    })
}
