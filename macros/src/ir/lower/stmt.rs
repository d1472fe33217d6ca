//! Statements.

use super::{Flow, Lower, To, mentions::plain, patterns, step::Context};
use crate::{
    diagnostics::Code,
    ir::{Held, Kind, VarId, awaited},
};
use syn::{Expr, Local, Pat, Stmt, Type, spanned::Spanned as _};

impl Lower<'_> {
    pub(super) fn stmt(&mut self, stmt: Stmt) {
        if self.is_dead() {
            return;
        }
        let flow = Flow::of_stmt(&stmt);
        match stmt {
            Stmt::Local(local) if diverges(&local) => self.let_else(local),
            Stmt::Local(local) if flow.is_control() => self.local(local),
            Stmt::Expr(expr, _) if is_jump(&expr) => self.tail(expr),
            Stmt::Expr(expr, semi) if flow.is_control() => self.expr_stmt(expr, semi),
            Stmt::Macro(mac) if flow.is_control() => {
                let expr = syn::ExprMacro { attrs: mac.attrs, mac: mac.mac };
                self.expr_stmt(Expr::Macro(expr), mac.semi_token);
            }
            Stmt::Item(item) => self.item(&item),
            stmt => self.pure(stmt),
        }
    }

    /// A statement that stays as it is.
    pub(super) fn pure(&mut self, mut stmt: Stmt) {
        let mut info = self.escaped_stmt(&mut stmt);
        match &stmt {
            Stmt::Local(local) => info.decls = self.declare_local(local),
            Stmt::Expr(Expr::Assign(assign), _) => {
                info.kills.extend(plain(&assign.left).and_then(|to| self.lookup(&to.to_string())));
            }
            _ => {}
        }
        self.push(stmt.span(), Kind::Stmt { stmt, info });
    }

    fn declare_local(&mut self, local: &Local) -> Vec<VarId> {
        let (pat, ty) = patterns::typed(&local.pat);
        let is_name =
            matches!(pat, Pat::Ident(pat) if pat.subpat.is_none() && pat.by_ref.is_none());
        let borrows = local.init.as_ref().is_some_and(|init| self.may_borrow(&init.expr));
        let mut declared = Vec::new();
        for mut binding in patterns::of_pattern(pat) {
            // `let x;` is assigned once, maybe in another segment than declared
            binding.mutable |= local.init.is_none();
            let ty = ty.filter(|ty| is_name && !has_holes(ty));
            let held = match ty {
                Some(Type::Reference(_)) => Held::MaybeBorrow,
                Some(_) => Held::Value,
                None if is_name && !borrows => Held::Value,
                None => Held::MaybeBorrow,
            };
            let var = self.declare(&binding, held);
            self.var_mut(var).ty = ty.cloned();
            declared.push(var);
        }
        declared
    }

    fn local(&mut self, mut local: Local) {
        let Some(init) = &mut local.init else { return self.pure(Stmt::Local(local)) };
        let ty = patterns::typed(&local.pat).1.cloned();
        let expr = take(&mut init.expr);
        *init.expr = self.expr(expr, Context::typed(ty));
        if !self.is_dead() {
            self.pure(Stmt::Local(local));
        }
    }

    fn let_else(&mut self, mut local: Local) {
        let Some(init) = &mut local.init else { return };
        let Some((_, diverge)) = init.diverge.take() else { return };
        let expr = take(&mut init.expr);
        *init.expr = if Flow::of_expr(&expr).is_control() {
            self.expr(expr, Context::Matched)
        } else {
            expr
        };
        let els = self.new_list();
        let here = self.list;
        self.list = els;
        let block = super::control::block(*diverge);
        self.scoped(|lower| lower.statements(&block));
        self.list = here;
        let span = local.let_token.span;
        let mut stmt = Stmt::Local(local);
        let mut info = self.escaped_stmt(&mut stmt);
        if let Stmt::Local(local) = &stmt {
            info.decls = self.declare_local(local);
        }
        self.push(span, Kind::LetElse { stmt, info, els });
    }

    /// A block whose value is dropped.
    pub(super) fn statements(&mut self, block: &syn::Block) {
        for stmt in &block.stmts {
            self.stmt(stmt.clone());
        }
    }

    fn expr_stmt(&mut self, expr: Expr, semi: Option<syn::Token![;]>) {
        match expr {
            Expr::If(_)
            | Expr::Match(_)
            | Expr::Block(_)
            | Expr::Loop(_)
            | Expr::While(_)
            | Expr::ForLoop(_) => self.control(expr, &To::Nothing),
            expr => {
                let expr = self.expr(expr, Context::Dropped);
                // a step whose value is dropped leaves nothing to do
                if awaited(&expr).is_none() && !self.is_dead() {
                    let semi = semi.or_else(|| Some(syn::token::Semi::default()));
                    self.pure(Stmt::Expr(expr, semi));
                }
            }
        }
    }

    /// The items at the head of the body have been taken out.
    fn item(&mut self, item: &syn::Item) {
        self.errors
            .push(item, Code::Body, "an item can't stand inside this block of a workflow")
            .help("move it to the top of the workflow's body, or out of it");
    }

    /// `break` or `continue` of a lowered loop or block.
    pub(super) fn jump(&mut self, expr: Expr) {
        let span = expr.span();
        match expr {
            Expr::Break(node) => {
                let Some(target) = self.target(node.label.as_ref(), true) else { return };
                let (after, value) = (target.after, target.value);
                if let Some(expr) = node.expr {
                    match value {
                        Some(var) => self.give(*expr, var, None),
                        None => self.expr_stmt_or_pure(*expr),
                    }
                }
                self.goto(after, span);
            }
            Expr::Continue(node) => {
                let head = self.target(node.label.as_ref(), true).and_then(|target| target.head);
                if let Some(head) = head {
                    self.goto(head, span);
                }
            }
            _ => {}
        }
    }

    fn expr_stmt_or_pure(&mut self, expr: Expr) {
        self.stmt(Stmt::Expr(expr, Some(syn::token::Semi::default())));
    }

    /// The value `expr` goes to `var`.
    pub(super) fn give(&mut self, expr: Expr, var: VarId, ty: Option<Box<Type>>) {
        let mut expr = if Flow::of_expr(&expr).is_control() {
            self.expr_into(expr, var, ty.clone())
        } else {
            Some(expr)
        };
        if let Some(expr) = &mut expr
            && !self.is_dead()
        {
            let borrows = self.may_borrow(expr);
            let mut info = self.escaped(expr);
            info.decls.push(var);
            let declared = self.var_mut(var);
            if borrows {
                declared.held = Held::MaybeBorrow;
            }
            if let Some(ty) = ty.filter(|ty| !has_holes(ty)) {
                declared.ty = Some(*ty);
            }
            let expr = expr.clone();
            self.push(expr.span(), Kind::Set { var, expr, info, falls: false });
        }
    }
}

fn diverges(local: &Local) -> bool {
    local.init.as_ref().is_some_and(|init| init.diverge.is_some())
}

fn is_jump(expr: &Expr) -> bool {
    matches!(expr, Expr::Return(_) | Expr::Break(_) | Expr::Continue(_))
}

/// Whether a type has `_` in it.
pub(super) fn has_holes(ty: &Type) -> bool {
    #[derive(Default)]
    struct Holes(bool);
    impl<'a> syn::visit::Visit<'a> for Holes {
        fn visit_type_infer(&mut self, _: &'a syn::TypeInfer) {
            self.0 = true;
        }
    }
    let mut holes = Holes::default();
    syn::visit::Visit::visit_type(&mut holes, ty);
    holes.0
}

/// Takes an expression out of its place.
pub(super) fn take(expr: &mut Expr) -> Expr {
    std::mem::replace(expr, Expr::PLACEHOLDER)
}
