//! Branches on the outcome of a step: patterns of `Ok` and `Err` that become edges.

use super::Position;
use crate::ir::{Ends, Ir, Kind, Node, awaited};
use syn::{Expr, Pat, Stmt};

/// An arm of a branch: its pattern, if it has one, and where it goes on.
pub(crate) struct ArmView<'a> {
    /// The pattern; `None` fits everything.
    pub pat: Option<&'a Pat>,
    /// The guard.
    pub guard: Option<&'a Expr>,
    /// Its code.
    pub at: Position,
}

/// Which outcomes of a step an arm takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Side {
    /// `Ok(..)`, whatever is in it.
    Success(usize),
    /// Both.
    Both(usize),
    /// `Err(Type::Variant ..)`, one or several of them.
    Variants(usize, Vec<String>),
    /// `Err(..)`, whatever is in it.
    Failure(usize),
    /// The same, and the error only goes on: nothing is caught.
    Up(usize),
}

/// What a branching node decides by, and its arms.
pub(crate) fn arms<'a>(node: &'a Node, at: &Position) -> Option<(&'a Expr, Vec<ArmView<'a>>)> {
    match &node.kind {
        Kind::Match { scrutinee, arms, .. } => {
            let arms = arms.iter().map(|arm| ArmView {
                pat: Some(&arm.pat),
                guard: arm.guard.as_ref(),
                at: at.within(arm.list),
            });
            Some((scrutinee, arms.collect()))
        }
        Kind::If { cond: Expr::Let(cond), then, els, .. } => {
            let fits = ArmView { pat: Some(&cond.pat), guard: None, at: at.within(*then) };
            let other = ArmView { pat: None, guard: None, at: at.within(*els) };
            Some((&cond.expr, vec![fits, other]))
        }
        Kind::LetElse { stmt: Stmt::Local(local), els, .. } => {
            let scrutinee = &local.init.as_ref()?.expr;
            let fits = ArmView { pat: Some(&local.pat), guard: None, at: at.next() };
            let other = ArmView { pat: None, guard: None, at: at.within(*els) };
            Some((scrutinee, vec![fits, other]))
        }
        _ => None,
    }
}

fn unparenthesized(expr: &Expr) -> &Expr {
    match expr {
        Expr::Paren(inner) => unparenthesized(&inner.expr),
        Expr::Reference(inner) => unparenthesized(&inner.expr),
        other => other,
    }
}

/// Whether the node branches on this temporary itself.
pub(crate) fn branches_on(ir: &Ir, scrutinee: &Expr, value: usize) -> bool {
    awaited(unparenthesized(scrutinee)).and_then(|ident| ir.placeholder(ident)) == Some(value)
}

/// What each arm takes, if all of them are so plain that catchers can tell them apart.
pub(crate) fn sides(arms: &[ArmView<'_>]) -> Option<Vec<Side>> {
    let mut outcome = false;
    let mut sides = Vec::new();
    for (position, arm) in arms.iter().enumerate() {
        if arm.guard.is_some() {
            return None;
        }
        let side = match arm.pat.map(naked) {
            None | Some(Pat::Wild(_)) => Side::Both(position),
            Some(pat) => side(pat, position)?,
        };
        outcome |= !matches!(side, Side::Both(_));
        sides.push(side);
    }
    outcome.then_some(sides)
}

fn naked(pat: &Pat) -> &Pat {
    match pat {
        Pat::Paren(inner) => naked(&inner.pat),
        Pat::Reference(inner) => naked(&inner.pat),
        Pat::Type(inner) => naked(&inner.pat),
        other => other,
    }
}

fn side(pat: &Pat, position: usize) -> Option<Side> {
    let (ok, inner) = inner(pat)?;
    if ok {
        return binds_all(inner).then_some(Side::Success(position));
    }
    if binds_all(inner) && matches!(naked(inner), Pat::Ident(_) | Pat::Wild(_)) {
        return Some(Side::Failure(position));
    }
    variants(inner).map(|names| Side::Variants(position, names))
}

/// The pattern inside of `Ok(..)` (true) or `Err(..)` (false).
pub(crate) fn inner(pat: &Pat) -> Option<(bool, &Pat)> {
    let Pat::TupleStruct(tuple) = naked(pat) else { return None };
    let name = &tuple.path.segments.last()?.ident;
    let ok = name == "Ok";
    if !ok && name != "Err" {
        return None;
    }
    tuple.elems.first().map(|inner| (ok, inner))
}

/// Whether a pattern fits every value, by syntax.
pub(crate) fn binds_all(pat: &Pat) -> bool {
    match naked(pat) {
        Pat::Wild(_) | Pat::Rest(_) => true,
        Pat::Ident(pat) => {
            let path = pat.by_ref.is_none()
                && pat.mutability.is_none()
                && pat.ident.to_string().starts_with(char::is_uppercase);
            !path && pat.subpat.as_ref().is_none_or(|(_, inner)| binds_all(inner))
        }
        Pat::Tuple(pat) => pat.elems.iter().all(binds_all),
        // a struct, where one segment or a type can't be a variant by the rules of names
        Pat::Struct(pat) => {
            pat.path.segments.len() == 1 && pat.fields.iter().all(|field| binds_all(&field.pat))
        }
        _ => false,
    }
}

/// The variants that a pattern names, if their payload is bound whatever it is.
fn variants(pat: &Pat) -> Option<Vec<String>> {
    let (path, plain) = match naked(pat) {
        Pat::Path(pat) => (&pat.path, true),
        Pat::Struct(pat) => (&pat.path, pat.fields.iter().all(|field| binds_all(&field.pat))),
        Pat::TupleStruct(pat) => (&pat.path, pat.elems.iter().all(binds_all)),
        Pat::Or(pat) => {
            let names: Option<Vec<Vec<String>>> = pat.cases.iter().map(variants).collect();
            let binds = pat.cases.iter().any(|case| !super::super::names::binds_nothing(case));
            return names.filter(|_| !binds).map(|names| names.concat());
        }
        _ => return None,
    };
    let name = path.segments.last()?.ident.to_string();
    (plain && path.segments.len() > 1).then(|| vec![name])
}

/// Whether an arm only hands the caught error on: it fails the frame with it, so nothing need be
/// caught. `exported`: whether it does so where it converts the error.
pub(crate) fn goes_up(ir: &Ir, arm: &ArmView<'_>, exported: bool) -> bool {
    let Some((false, inner)) = arm.pat.and_then(inner) else { return false };
    let Pat::Ident(bound) = naked(inner) else { return false };
    // what stands after an empty arm is another's
    let Some(node) = arm.at.here(ir) else { return false };
    let Kind::Ret { expr: Expr::Call(call), frame, .. } = &node.kind else { return false };
    let fails = ir.frames.get(*frame).is_some_and(|frame| frame.ends == Ends::Fails);
    let is_err = matches!(&*call.func, Expr::Path(path) if path.path.is_ident("Err"));
    fails && is_err && call.args.first().is_some_and(|value| passes(value, &bound.ident, exported))
}

/// Whether `value` is the local, or its conversion by `into` if that counts.
fn passes(value: &Expr, local: &syn::Ident, converted: bool) -> bool {
    match value {
        Expr::Path(path) => path.path.is_ident(local),
        Expr::MethodCall(call) => {
            converted && call.method == "into" && passes(&call.receiver, local, converted)
        }
        Expr::Paren(inner) => passes(&inner.expr, local, converted),
        _ => false,
    }
}
