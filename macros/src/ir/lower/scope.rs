//! Names: which variable an ident means, and what it is called in the frame.

use super::Lower;
use super::patterns::Binding;
use crate::ir::{Held, Role, Var, VarId};
use proc_macro2::{Ident, Span};
use std::collections::{BTreeMap, BTreeSet};
use syn::{Expr, PatIdent};

/// Names that a variable can't have: the reserved one, and functions of JSONata, which a variable
/// of the same name would hide.
pub(crate) const TAKEN: &[&str] = &[
    "states",
    "sum",
    "count",
    "max",
    "min",
    "average",
    "string",
    "length",
    "substring",
    "substringBefore",
    "substringAfter",
    "uppercase",
    "lowercase",
    "split",
    "join",
    "trim",
    "pad",
    "match",
    "contains",
    "replace",
    "eval",
    "base64encode",
    "base64decode",
    "encodeUrl",
    "encodeUrlComponent",
    "decodeUrl",
    "decodeUrlComponent",
    "number",
    "floor",
    "ceil",
    "round",
    "abs",
    "sqrt",
    "power",
    "random",
    "boolean",
    "not",
    "map",
    "filter",
    "reduce",
    "sift",
    "each",
    "single",
    "keys",
    "lookup",
    "append",
    "exists",
    "spread",
    "merge",
    "reverse",
    "error",
    "assert",
    "sort",
    "shuffle",
    "zip",
    "distinct",
    "type",
    "clone",
    "now",
    "millis",
    "fromMillis",
    "toMillis",
    "formatNumber",
    "formatBase",
    "formatInteger",
    "parseInteger",
    "partition",
    "range",
    "hash",
    "uuid",
    "parse",
];

/// The longest name of a variable in Step Functions.
const LONGEST: usize = 80;

/// Scopes of idents, innermost last, and the keys given so far.
pub(super) struct Scopes {
    idents: Vec<BTreeMap<String, VarId>>,
    keys: BTreeSet<String>,
}

impl Scopes {
    pub(super) fn new() -> Self {
        let keys = TAKEN.iter().map(|name| (*name).to_owned()).collect();
        Self { idents: vec![BTreeMap::new()], keys }
    }

    pub(super) fn push(&mut self) {
        self.idents.push(BTreeMap::new());
    }

    pub(super) fn pop(&mut self) -> BTreeMap<String, VarId> {
        self.idents.pop().unwrap_or_default()
    }

    pub(super) fn restore(&mut self, scope: BTreeMap<String, VarId>) {
        self.idents.push(scope);
    }

    fn key(&mut self, name: &str) -> String {
        let name = name.trim_start_matches("r#").trim_start_matches('_');
        let starts_well = name.starts_with(char::is_alphabetic);
        let base: String =
            if starts_well { name } else { "value" }.chars().take(LONGEST - 6).collect();
        let numbered = (2..).map(|n: u32| format!("{base}_{n}"));
        let key = std::iter::once(base.clone())
            .chain(numbered)
            .find(|key| !self.keys.contains(key))
            .unwrap_or(base);
        self.keys.insert(key.clone());
        key
    }
}

impl Lower<'_> {
    pub(super) fn lookup(&self, name: &str) -> Option<VarId> {
        self.scopes.idents.iter().rev().find_map(|scope| scope.get(name).copied())
    }

    pub(super) fn scoped<T>(&mut self, inside: impl FnOnce(&mut Self) -> T) -> T {
        self.scopes.push();
        let value = inside(self);
        self.scopes.pop();
        value
    }

    /// Whether the variable belongs to an enclosing frame.
    pub(super) fn is_foreign(&self, var: VarId) -> bool {
        self.ir.vars.get(var).is_some_and(|var| var.frame != self.frame)
    }

    pub(super) fn var_mut(&mut self, var: VarId) -> &mut Var {
        self.ir.vars.get_mut(var).expect("variables are never removed")
    }

    fn new_var(&mut self, ident: Ident, name: &str, role: Role) -> VarId {
        let key = self.scopes.key(name);
        let frame = self.frame;
        self.ir.vars.push(Var {
            ident,
            key,
            mutable: false,
            role,
            held: Held::Value,
            frame,
            ty: None,
        });
        self.ir.vars.len() - 1
    }

    fn name(&mut self, ident: &Ident, var: VarId) {
        if let Some(scope) = self.scopes.idents.last_mut() {
            scope.insert(ident.to_string(), var);
        }
    }

    pub(super) fn parameter(&mut self, position: usize, pat: &PatIdent) -> VarId {
        let name = pat.ident.to_string();
        let var = self.new_var(pat.ident.clone(), &name, Role::Param(position));
        self.var_mut(var).mutable = pat.mutability.is_some();
        self.name(&pat.ident, var);
        var
    }

    /// A local, visible from now on.
    pub(super) fn declare(&mut self, binding: &Binding, held: Held) -> VarId {
        let name = binding.ident.to_string();
        let var = self.new_var(binding.ident.clone(), &name, Role::Local);
        self.name(&binding.ident, var);
        let declared = self.var_mut(var);
        (declared.mutable, declared.held) = (binding.mutable, held);
        var
    }

    /// What a pattern binds, each maybe a borrow.
    pub(super) fn declare_all(&mut self, bindings: &[Binding]) -> Vec<VarId> {
        bindings.iter().map(|binding| self.declare(binding, Held::MaybeBorrow)).collect()
    }

    /// A temporary: `letter` as in `__tN`, `name` for its key.
    pub(super) fn temporary(&mut self, letter: char, span: Span, name: &str, role: Role) -> VarId {
        self.temporaries += 1;
        let ident = Ident::new(&format!("__{letter}{}", self.temporaries), span);
        let var = self.new_var(ident.clone(), name, role);
        // placeholders are unique, and may be mentioned anywhere after
        if let Some(outermost) = self.scopes.idents.first_mut() {
            outermost.insert(ident.to_string(), var);
        }
        var
    }

    /// The temporary as an expression.
    pub(super) fn path(&self, var: VarId) -> Expr {
        let ident = self.ir.vars.get(var).map(|var| var.ident.clone());
        let ident = ident.expect("variables are never removed");
        syn::parse_quote!(#ident)
    }
}
