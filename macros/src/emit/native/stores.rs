//! Storing what is alive at an exit, and what keeps a segment's locals in order meanwhile.

use super::{Native, krate, parts::moved};
use crate::ir::{Held, Info, Kind, ListId, Role, VarId, Vars};
use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::Type;

/// What is known of the locals at a point of a segment.
#[derive(Debug, Clone, Default)]
pub(super) struct State {
    /// To be stored at an exit where they are alive.
    pub dirty: Vars,
    /// Alive at some exit of the segment.
    pub exits: Vars,
}

impl Native<'_> {
    /// Stores one local.
    fn store(&self, var: VarId) -> TokenStream {
        let krate = krate();
        let Some(local) = self.ir.vars.get(var) else { return TokenStream::new() };
        let (ident, slot, key) = (&local.ident, self.slot(var), &local.key);
        let span = ident.span();
        if local.role.is_awaited() {
            return quote_spanned!(span=> #krate::keep(&#slot).store(__run, #key, &#ident.v););
        }
        if local.role == Role::Value {
            let tie = self
                .is_probed(var)
                .then(|| quote_spanned!(span=> (&&#krate::Matching(&#slot, &#ident)).tie();));
            let io = self.io(var);
            return quote_spanned! {span=>
                #tie (&#krate::Matching(&#io, &#ident)).store(__run, #key);
            };
        }
        let probe = self
            .is_probed(var)
            .then(|| quote_spanned!(span=> (&#krate::Probe(&#ident)).tie(&#slot);));
        let io = self.io(var);
        quote_spanned!(span=> #probe #io.store(__run, #key, &#ident);)
    }

    /// Whether rustc is asked how the local is held.
    pub(super) fn is_probed(&self, var: VarId) -> bool {
        self.ir.vars.get(var).is_some_and(|var| {
            var.held == Held::MaybeBorrow && var.ty.is_none() && !var.role.is_awaited()
        })
    }

    /// Stores what is alive after `node` and not yet in the frame, and drops the rest of the frame.
    pub(super) fn save(&self, alive: &Vars, state: &State) -> TokenStream {
        let krate_run = quote!(__run);
        let stores = alive
            .iter()
            .filter(|var| state.dirty.contains(var) && !self.is_raw(**var))
            .map(|var| self.store(*var));
        let kept = alive.iter().filter_map(|var| self.ir.vars.get(*var));
        let keys = kept.filter(|var| !var.is_input()).map(|var| &var.key);
        quote!(#(#stores)* #krate_run.keep(&[#(#keys),*]);)
    }

    fn is_raw(&self, var: VarId) -> bool {
        self.ir.vars.get(var).is_some_and(|var| var.role.is_raw())
    }

    /// Stores what declarations are about to shadow: it can't be named afterwards.
    pub(super) fn shadow(&self, declared: &[VarId], state: &mut State) -> TokenStream {
        let mut stores = TokenStream::new();
        for new in declared {
            let Some(name) = self.ir.vars.get(*new).map(|var| &var.ident) else { continue };
            let hidden: Vec<VarId> = state
                .dirty
                .iter()
                .copied()
                .filter(|var| !declared.contains(var) && state.exits.contains(var))
                .filter(|var| self.ir.vars.get(*var).is_some_and(|var| var.ident == *name))
                .collect();
            for var in hidden {
                stores.extend(self.store(var));
                state.dirty.remove(&var);
            }
        }
        stores
    }

    /// Stores locals of which the fragment may move a part out, while they are whole. Those that may
    /// change stay whole: their parts are copied.
    pub(super) fn checkpoint(
        &self,
        moved: &[String],
        info: &Info,
        state: &mut State,
    ) -> TokenStream {
        let mut stores = TokenStream::new();
        for var in &info.uses {
            let Some(local) = self.ir.vars.get(*var) else { continue };
            let is_moved = !local.mutable && moved.contains(&local.ident.to_string());
            if is_moved && state.exits.contains(var) && state.dirty.remove(var) {
                stores.extend(self.store(*var));
            }
        }
        stores
    }

    /// The same for all of a node's branches, which come together again after it.
    pub(super) fn checkpoint_branches(&self, lists: &[ListId], state: &mut State) -> TokenStream {
        let mut stores = TokenStream::new();
        for list in lists {
            for node in self.ir.lists.get(*list).into_iter().flatten() {
                let moved = moved(node);
                if let Some(info) = node.kind.info() {
                    let uses = info.uses.iter().filter(|var| state.dirty.contains(var));
                    let info = Info { uses: uses.copied().collect(), ..Info::default() };
                    stores.extend(self.checkpoint(&moved, &info, state));
                }
                stores.extend(self.checkpoint_branches(&branches(&node.kind), state));
            }
        }
        stores
    }
}

/// The lists inside a node.
pub(super) fn branches(kind: &Kind) -> Vec<ListId> {
    match kind {
        Kind::If { then, els, .. } => vec![*then, *els],
        Kind::Match { arms, .. } => arms.iter().map(|arm| arm.list).collect(),
        Kind::LetElse { els, .. } => vec![*els],
        Kind::Block { list, .. } => vec![*list],
        Kind::ForHead { body, els, .. } => vec![*body, *els],
        _ => Vec::new(),
    }
}

/// How a slot of a written type is held, and its type.
pub(super) fn held(ty: &Type) -> TokenStream {
    let krate = krate();
    match ty {
        Type::Reference(reference) => {
            let inner = &reference.elem;
            quote!(#krate::Ref, #inner)
        }
        ty => quote!(#krate::Val, #ty),
    }
}
