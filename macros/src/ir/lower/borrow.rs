//! Whether a value may be a shared borrow, by syntax.
//!
//! Only a hint: it decides whether rustc is asked at the value's first store. Asking would break
//! inference where the type is known only later, so what can't be a borrow isn't asked.

use super::{Lower, split};
use crate::ir::{Held, awaited};
use syn::{Block, Expr, Lit};

/// Methods that give an owned value of a type which often is inferred later.
const OWNING: &[&str] = &[
    "parse",
    "into",
    "try_into",
    "collect",
    "sum",
    "product",
    "unwrap_or_default",
    "to_string",
    "to_owned",
    "clone",
    "len",
    "is_empty",
    "into_iter",
];

impl Lower<'_> {
    pub(super) fn may_borrow(&self, expr: &Expr) -> bool {
        let of_block = |block: &Block| split(block).1.is_some_and(|tail| self.may_borrow(&tail));
        if awaited(expr).is_some() {
            return false;
        }
        match expr {
            Expr::Lit(lit) => matches!(lit.lit, Lit::Str(_) | Lit::ByteStr(_)),
            Expr::Reference(node) => node.mutability.is_none(),
            Expr::Paren(node) => self.may_borrow(&node.expr),
            Expr::Try(node) => self.may_borrow(&node.expr),
            Expr::Path(path) => match path.path.get_ident() {
                Some(ident) => match self.lookup(&ident.to_string()) {
                    Some(var) => self.ir.vars.get(var).is_some_and(|var| {
                        var.held == Held::MaybeBorrow
                            || matches!(var.ty, Some(syn::Type::Reference(_)))
                    }),
                    None => ident != "None",
                },
                None => true,
            },
            Expr::MethodCall(node) => {
                let name = node.method.to_string();
                let unwraps = matches!(name.as_str(), "unwrap" | "expect");
                !OWNING.contains(&name.as_str()) && (!unwraps || self.may_borrow(&node.receiver))
            }
            Expr::Call(node) => match &*node.func {
                Expr::Path(path) => path.path.segments.last().is_none_or(|last| {
                    !matches!(last.ident.to_string().as_str(), "default" | "new")
                }),
                _ => true,
            },
            Expr::If(node) => {
                of_block(&node.then_branch)
                    || node.else_branch.as_ref().is_some_and(|(_, els)| self.may_borrow(els))
            }
            Expr::Block(node) => of_block(&node.block),
            Expr::Match(node) => node.arms.iter().any(|arm| self.may_borrow(&arm.body)),
            Expr::Field(_) | Expr::Index(_) => true,
            _ => false,
        }
    }
}
