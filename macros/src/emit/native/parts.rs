//! Parts that are moved out of a local: of one that never changes they are moved, after it has been
//! stored whole; of one that may change they are copied, so that it stays whole and can be stored.

use super::{Native, krate, stores::State};
use crate::ir::{Kind, Node};
use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use std::collections::BTreeSet;
use syn::{
    Expr, ExprAssign, ExprBinary, ExprIndex, ExprLet, ExprMatch, ExprMethodCall, ExprReference,
    ExprStruct, Local, Pat, PatIdent, Stmt,
    spanned::Spanned as _,
    visit::{self, Visit},
    visit_mut::{self, VisitMut},
};

impl Native<'_> {
    /// Names of the locals whose parts are copied: they may change and are stored later.
    pub(super) fn copied(&self, state: &State) -> BTreeSet<String> {
        let later = state.dirty.intersection(&state.exits);
        let vars = later.filter_map(|var| self.ir.vars.get(*var));
        vars.filter(|var| var.mutable).map(|var| var.ident.to_string()).collect()
    }
}

/// Copies the parts that an expression takes of these locals.
pub(super) fn copy_in_expr(expr: &mut Expr, copied: BTreeSet<String>) {
    Parts { copied, moved: Vec::new() }.visit_expr_mut(expr);
}

/// Copies the parts that a statement takes of these locals.
pub(super) fn copy_in_stmt(stmt: &mut Stmt, copied: BTreeSet<String>) {
    Parts { copied, moved: Vec::new() }.visit_stmt_mut(stmt);
}

/// Copies what the patterns of a `match` take apart.
pub(super) fn copy_in_scrutinee<'p>(
    expr: &mut Expr,
    pats: impl IntoIterator<Item = &'p Pat>,
    copied: BTreeSet<String>,
) {
    Parts { copied, moved: Vec::new() }.scrutinee(expr, pats);
}

/// The locals of which a node's own fragment may move a part out.
pub(super) fn moved(node: &Node) -> Vec<String> {
    let mut parts = Parts { copied: BTreeSet::new(), moved: Vec::new() };
    match &node.kind {
        Kind::Stmt { stmt, .. } | Kind::LetElse { stmt, .. } => {
            parts.visit_stmt_mut(&mut stmt.clone());
        }
        Kind::Set { expr, .. } | Kind::ForInit { expr, .. } | Kind::Ret { expr, .. } => {
            parts.visit_expr_mut(&mut expr.clone());
        }
        Kind::If { cond, .. } => parts.visit_expr_mut(&mut cond.clone()),
        Kind::Match { scrutinee, arms, .. } => {
            parts.scrutinee(&mut scrutinee.clone(), arms.iter().map(|arm| &arm.pat));
        }
        Kind::Await(step) => parts.visit_expr_mut(&mut step.expr.clone()),
        Kind::Map { items, .. } => parts.visit_expr_mut(&mut items.clone()),
        Kind::Block { .. } | Kind::ForHead { .. } | Kind::Goto(_) | Kind::Spawn(_) => {}
    }
    parts.moved
}

/// Methods that take their receiver by value.
fn consumes(method: &str) -> bool {
    method.starts_with("into")
        || method.starts_with("unwrap")
        || matches!(
            method,
            "expect"
                | "map"
                | "and_then"
                | "or_else"
                | "or"
                | "ok_or"
                | "ok_or_else"
                | "map_err"
                | "filter"
                | "flatten"
                | "zip"
                | "xor"
                | "and"
                | "ok"
                | "err"
                | "map_or"
                | "map_or_else"
        )
}

/// The local of which a place is a part, or which it is.
fn root(place: &Expr) -> Option<String> {
    match place {
        Expr::Path(path) => path.path.get_ident().map(ToString::to_string),
        Expr::Field(field) => root(&field.base),
        Expr::Paren(paren) => root(&paren.expr),
        _ => None,
    }
}

/// The copy has the span of the place, so that rustc has the same to say of both.
fn copy(place: &Expr) -> TokenStream {
    let krate = krate();
    match place {
        Expr::Field(field) => {
            let end = quote_spanned!(field.member.span()=> .__piece());
            quote!(#place #end)
        }
        place => quote_spanned!(place.span()=> #krate::piece(&#place)),
    }
}

/// Looks for places that are used by value.
struct Parts {
    copied: BTreeSet<String>,
    moved: Vec<String>,
}

impl Parts {
    /// A place that is used by value.
    fn take(&mut self, place: &mut Expr) {
        let Some(name) = root(place) else { return visit_mut::visit_expr_mut(self, place) };
        if self.copied.contains(&name) {
            *place = Expr::Verbatim(copy(place));
        }
        self.moved.push(name);
    }

    /// A place that is not used by value: only its indices are looked at.
    fn keep(&mut self, place: &mut Expr) {
        match place {
            Expr::Path(_) => {}
            Expr::Field(field) => self.keep(&mut field.base),
            Expr::Paren(paren) => self.keep(&mut paren.expr),
            Expr::Index(index) => {
                self.keep(&mut index.expr);
                self.visit_expr_mut(&mut index.index);
            }
            other => self.visit_expr_mut(other),
        }
    }

    /// What patterns take apart: a plain local, too. Where they borrow, it stays.
    fn scrutinee<'p>(&mut self, expr: &mut Expr, pats: impl IntoIterator<Item = &'p Pat>) {
        let mut binds = Binds::default();
        pats.into_iter().for_each(|pat| binds.visit_pat(pat));
        match expr {
            Expr::Path(_) | Expr::Field(_) | Expr::Paren(_) | Expr::Index(_)
                if binds.borrow || !binds.take =>
            {
                self.keep(expr);
            }
            Expr::Path(_) | Expr::Field(_) => self.take(expr),
            expr => self.visit_expr_mut(expr),
        }
    }
}

impl VisitMut for Parts {
    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        match expr {
            Expr::Field(_) => self.take(expr),
            expr => visit_mut::visit_expr_mut(self, expr),
        }
    }

    fn visit_expr_index_mut(&mut self, node: &mut ExprIndex) {
        self.keep(&mut node.expr);
        self.visit_expr_mut(&mut node.index);
    }

    fn visit_expr_reference_mut(&mut self, node: &mut ExprReference) {
        self.keep(&mut node.expr);
    }

    fn visit_expr_method_call_mut(&mut self, node: &mut ExprMethodCall) {
        if consumes(&node.method.to_string()) {
            self.visit_expr_mut(&mut node.receiver);
        } else {
            self.keep(&mut node.receiver);
        }
        node.args.iter_mut().for_each(|arg| self.visit_expr_mut(arg));
    }

    fn visit_expr_assign_mut(&mut self, node: &mut ExprAssign) {
        self.keep(&mut node.left);
        self.visit_expr_mut(&mut node.right);
    }

    fn visit_expr_binary_mut(&mut self, node: &mut ExprBinary) {
        for side in [&mut node.left, &mut node.right] {
            self.keep(side);
        }
    }

    fn visit_expr_struct_mut(&mut self, node: &mut ExprStruct) {
        node.fields.iter_mut().for_each(|field| self.visit_expr_mut(&mut field.expr));
        match node.rest.as_deref_mut() {
            Some(rest @ Expr::Path(_)) => self.take(rest),
            Some(rest) => self.visit_expr_mut(rest),
            None => {}
        }
    }

    fn visit_expr_let_mut(&mut self, node: &mut ExprLet) {
        self.scrutinee(&mut node.expr, [&*node.pat]);
    }

    fn visit_expr_match_mut(&mut self, node: &mut ExprMatch) {
        self.scrutinee(&mut node.expr, node.arms.iter().map(|arm| &arm.pat));
        node.arms.iter_mut().for_each(|arm| self.visit_arm_mut(arm));
    }

    fn visit_local_mut(&mut self, node: &mut Local) {
        let Some(init) = &mut node.init else { return };
        let mut pat = &node.pat;
        while let Pat::Type(typed) = pat {
            pat = &typed.pat;
        }
        match pat {
            Pat::Ident(name) if name.by_ref.is_some() => self.keep(&mut init.expr),
            Pat::Ident(_) => self.visit_expr_mut(&mut init.expr),
            pat => self.scrutinee(&mut init.expr, [pat]),
        }
        if let Some((_, diverge)) = &mut init.diverge {
            self.visit_expr_mut(diverge);
        }
    }
}

/// How patterns bind.
#[derive(Default)]
struct Binds {
    take: bool,
    borrow: bool,
}

impl<'a> Visit<'a> for Binds {
    fn visit_pat_ident(&mut self, node: &'a PatIdent) {
        let name = node.ident.to_string();
        if node.by_ref.is_some() {
            self.borrow = true;
        } else if !name.starts_with(char::is_uppercase) {
            self.take = true;
        }
        visit::visit_pat_ident(self, node);
    }
}
