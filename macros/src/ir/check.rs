//! Rules of a workflow's body that need no representation: what may not stand anywhere in it.

use super::lower::{Flow, patterns};
use crate::diagnostics::{Code, Errors, How};
use syn::{
    Attribute, Block, Expr, ExprAsync, ExprAwait, ExprCall, ExprClosure, ExprForLoop, ExprTryBlock,
    ExprUnsafe, ExprYield, Item, Local, Macro, Pat, Path,
    spanned::Spanned as _,
    visit::{self, Visit},
};

/// Reports what a workflow can't have.
pub(crate) fn check(body: &Block, errors: &mut Errors) {
    Check { errors }.visit_block(body);
}

struct Check<'e> {
    errors: &'e mut Errors,
}

fn ends_with(path: &Path, name: &str) -> bool {
    path.segments.last().is_some_and(|last| last.ident == name)
}

fn is_of(path: &Path, krate: &str) -> bool {
    path.segments.iter().rev().skip(1).any(|segment| segment.ident == krate)
}

/// Whether a function is tokio's `spawn`, which is reported with all that is given to it.
pub(super) fn is_spawn(function: &Expr) -> bool {
    matches!(function, Expr::Path(path) if is_of(&path.path, "tokio") && ends_with(&path.path, "spawn"))
}

/// Whether an iterator never ends, as far as syntax says.
fn is_endless(expr: &Expr) -> bool {
    match expr {
        Expr::Range(range) => range.end.is_none(),
        Expr::Paren(paren) => is_endless(&paren.expr),
        Expr::MethodCall(call) => {
            let bounds = ["take", "take_while", "zip", "map_while"];
            !bounds.iter().any(|name| call.method == name) && is_endless(&call.receiver)
        }
        _ => false,
    }
}

impl<'a> Visit<'a> for Check<'_> {
    fn visit_expr_unsafe(&mut self, node: &'a ExprUnsafe) {
        self.errors
            .at(node.unsafe_token.span, Code::Body, "`unsafe` is not allowed in a workflow")
            .help("move it into a `#[task]`");
    }

    fn visit_expr_try_block(&mut self, node: &'a ExprTryBlock) {
        self.errors.at(node.span(), Code::Body, "a `try` block is not supported in a workflow");
    }

    fn visit_expr_yield(&mut self, node: &'a ExprYield) {
        self.errors.at(node.span(), Code::Body, "`yield` is not supported in a workflow");
    }

    fn visit_macro(&mut self, node: &'a Macro) {
        if ends_with(&node.path, "select") || ends_with(&node.path, "select_biased") {
            self.errors
                .push(&node.path, Code::Body, "`select!` is not supported in a workflow")
                .help("bound a call with `.timeout(duration)`, or wait for all with `join!`");
        }
    }

    fn visit_expr_call(&mut self, node: &'a ExprCall) {
        if let Expr::Path(function) = &*node.func {
            let path = &function.path;
            let is_time = is_of(path, "tokio") || is_of(path, "time");
            if is_time && ends_with(path, "timeout") {
                self.errors
                    .push(path, Code::Body, "tokio's `timeout` can't bound a durable step")
                    .help("give the limit to the call: `task(..).timeout(duration).await`");
            }
            if is_of(path, "thread") && ends_with(path, "sleep") {
                self.errors
                    .push(path, Code::Body, "`thread::sleep` would hold up the engine")
                    .help("write `sleep(duration).await`, which survives restarts");
            }
            if is_of(path, "tokio") && (ends_with(path, "sleep_until") || ends_with(path, "spawn"))
            {
                let name = path.segments.last().map(|last| last.ident.to_string());
                let name = name.unwrap_or_default();
                let advice = match name.as_str() {
                    "spawn" => "run calls at the same time with `join!`",
                    _ => "use `stepwright`'s `sleep_until(timestamp)`, which survives restarts",
                };
                self.errors
                    .push(path, Code::Body, format!("tokio's `{name}` can't be used in a workflow"))
                    .help(advice);
            }
        }
        visit::visit_expr_call(self, node);
    }

    fn visit_expr_closure(&mut self, node: &'a ExprClosure) {
        if node.asyncness.is_none() {
            Awaits { errors: self.errors }.visit_expr(&node.body);
        }
        visit::visit_expr_closure(self, node);
    }

    fn visit_local(&mut self, node: &'a Local) {
        let names = patterns::of_pattern(&node.pat);
        if node.init.is_none() && !matches!(patterns::typed(&node.pat).0, Pat::Ident(_)) {
            let each: Vec<_> = names.iter().map(|name| format!("let {};", name.ident)).collect();
            self.errors
                .push(
                    &node.pat,
                    Code::Body,
                    "a pattern without a value can't stand in a workflow: each of its names is saved by itself",
                )
                .help(format!("write `{}`", each.join(" ")));
        }
        visit::visit_local(self, node);
    }

    fn visit_expr_for_loop(&mut self, node: &'a ExprForLoop) {
        if is_endless(&node.expr) && Flow::of_block(&node.body).awaits {
            self.errors
                .push(&node.expr, Code::Body, "a `for` with steps can't walk an endless range")
                .help("count in a `loop`, or give the range an end");
        }
        visit::visit_expr_for_loop(self, node);
    }

    fn visit_attribute(&mut self, node: &'a Attribute) {
        if node.path().is_ident("cfg") || node.path().is_ident("cfg_attr") {
            self.errors
                .push(node.path(), Code::Body, "`#[cfg]` can't stand inside a workflow")
                .help("put it on the workflow, or test `cfg!(..)` in the body");
        }
    }

    fn visit_item(&mut self, _: &'a Item) {}
}

/// Looks for steps in a closure that is not async.
struct Awaits<'e> {
    errors: &'e mut Errors,
}

impl<'a> Visit<'a> for Awaits<'_> {
    fn visit_expr_await(&mut self, node: &'a ExprAwait) {
        self.errors
            .push(node, Code::Body, "a closure can't await")
            .help("write `join_all(items.iter().map(|item| task(item))).await`, or a `for` loop")
            .instead_of(node, How::Hidden);
    }

    fn visit_expr_async(&mut self, _: &'a ExprAsync) {}

    fn visit_expr_closure(&mut self, _: &'a ExprClosure) {}

    fn visit_item(&mut self, _: &'a Item) {}
}
