//! Ways between states: what they set, in the order of the source, and the Assign that comes of it.

use super::{Maker, fragment::Ret};
use crate::{
    cfg::graph::{Effect, Rule, StateKind, Test, Way, changes, late},
    emit::{expression::place_of, native::io},
    ir::{Kind, NodeId, Role, VarId, Vars},
};
use proc_macro2::TokenStream;
use quote::quote;

impl Maker<'_> {
    /// What stores the items of the list that a `for` walks.
    fn walked(&self, var: VarId) -> Option<TokenStream> {
        let mut nodes = self.ir.lists.iter().flatten();
        nodes.find_map(|node| match &node.kind {
            Kind::ForInit { list, item, .. } if *list == var => {
                Some(quote!(::stepwright::__private::keep(&#item)))
            }
            _ => None,
        })
    }

    /// The edge of a way. `carried`: what the state before has worked out for itself; `value`: code
    /// that goes first.
    pub(super) fn edge(
        &mut self,
        way: &Way,
        carried: &[Effect],
        value: &TokenStream,
    ) -> TokenStream {
        let state = self.name(way.to).to_owned();
        if self.fragments.is_local() {
            return if self.returns(way.to) {
                quote!(__g::Edge::end(#state, ::std::vec![], __j::Term::native()))
            } else {
                quote!(__g::Edge::to(#state, ::std::vec![]))
            };
        }
        let before = self.effects(carried);
        let effects = self.effects(&way.effects);
        let assign = self.assign(way, carried);
        let done = match self.fragments.ret(self.ir, way.to) {
            Some(Ret::Value(output)) => quote! {{
                let __output = #output;
                __g::Edge::end(#state, #assign, __output).after(__lets)
            }},
            _ => quote!(__g::Edge::to(#state, #assign).after(__lets)),
        };
        quote! {{
            let mut __lets: ::std::vec::Vec<__j::Term> = ::std::vec::Vec::new();
            #before
            #value
            #effects
            #done
        }}
    }

    /// Whether a state only gives the frame's value.
    fn returns(&mut self, node: NodeId) -> bool {
        matches!(self.graph.states.get(&node).map(|state| &state.kind), Some(StateKind::End))
            && !matches!(self.fragments.ret(self.ir, node), Some(Ret::Fail(_)) | None)
    }

    /// The variables that are alive at the end of a way and were set on it.
    fn assign(&self, way: &Way, carried: &[Effect]) -> TokenStream {
        let alive = self.live.get(&way.to).cloned().unwrap_or_default();
        let mut changed: Vars = carried
            .iter()
            .chain(&way.effects)
            .flat_map(|effect| changes(self.ir, effect))
            .collect();
        // The value of the step before is set without an effect.
        changed.extend(
            alive
                .iter()
                .filter(|var| self.ir.vars.get(**var).is_some_and(|var| var.role.is_awaited())),
        );
        let mut set: Vars = alive.intersection(&changed).copied().collect();
        // What may fail is worked out even if nothing reads it.
        set.extend(late(self.ir, &way.effects, Some(&alive)));
        let entries = set.iter().filter_map(|var| {
            let found = self.ir.vars.get(*var)?;
            if matches!(found.role, Role::Param(_)) && !found.mutable {
                return None;
            }
            let (key, place) = (&found.key, place_of(*var));
            let value = match found.role {
                Role::Index => quote!(#place.clone()),
                Role::List => {
                    let io = self.walked(*var)?;
                    quote!(#io.pushed(&#place))
                }
                _ if !self.kept.contains(var) => quote!(#place.clone()),
                _ => {
                    let io = io(self.ir, *var);
                    quote!(#io.stored(&#place))
                }
            };
            Some(quote!((#key, #value)))
        });
        quote!(::std::vec![#(#entries),*])
    }

    /// The code of effects.
    pub(super) fn effects(&mut self, effects: &[Effect]) -> TokenStream {
        effects.iter().map(|effect| self.effect(effect)).collect()
    }

    fn effect(&mut self, effect: &Effect) -> TokenStream {
        match effect {
            Effect::Node(node) => self.fragments.node(self.ir, *node),
            Effect::Bind(Test::Condition(node)) => self.fragments.condition(self.ir, *node).binds,
            Effect::Bind(Test::Arm(node, arm)) => self.fragments.arm(self.ir, *node, *arm).binds,
            Effect::Bind(Test::More(node)) => self.fragments.item(self.ir, *node),
            Effect::Outcome(node, arm) => self.fragments.outcome(self.ir, *node, *arm),
            Effect::Set(var) => {
                let place = place_of(*var);
                let term = match self.ir.vars.get(*var).map(|var| var.role) {
                    Some(Role::Item) => quote!(__j::Term::state_input()),
                    _ => self.input(*var),
                };
                quote!(let #place = #term;)
            }
        }
    }

    /// A Choice state.
    pub(super) fn choice(
        &mut self,
        id: NodeId,
        rules: &[Rule],
        default: Option<&Way>,
        carried: &[Effect],
    ) -> TokenStream {
        let name = self.name(id).to_owned();
        let rules: Vec<TokenStream> = rules
            .iter()
            .map(|rule| {
                let test = self.test(rule.test, carried);
                let edge = self.edge(&rule.way, carried, &TokenStream::new());
                quote!((#test, #edge))
            })
            .collect();
        let Some(default) = default else { return TokenStream::new() };
        let default = self.edge(default, carried, &TokenStream::new());
        quote!(__graph.choice(#name, ::std::vec![#(#rules),*], #default);)
    }

    fn test(&mut self, test: Test, carried: &[Effect]) -> TokenStream {
        if self.fragments.is_local() {
            return quote!(__j::Term::native());
        }
        let before = self.effects(carried);
        let condition = match test {
            Test::Condition(node) => self.fragments.condition(self.ir, node),
            Test::Arm(node, arm) => self.fragments.arm(self.ir, node, arm),
            Test::More(node) => self.fragments.more(self.ir, node),
        };
        let (binds, test) = (condition.binds, condition.test);
        quote! {{
            let mut __lets: ::std::vec::Vec<__j::Term> = ::std::vec::Vec::new();
            #before
            #binds
            let __test = #test;
            __j::Term::scope(__lets, &__test)
        }}
    }

    /// A Succeed or a Fail state.
    pub(super) fn end(&mut self, id: NodeId, carried: &[Effect]) -> TokenStream {
        let name = self.name(id).to_owned();
        let before = self.effects(carried);
        let local = self.fragments.is_local();
        let is_ret = self.ir.node(id).is_some_and(|node| matches!(node.kind, Kind::Ret { .. }));
        match self.fragments.ret(self.ir, id) {
            Some(Ret::Fail(_)) if local => quote!(__graph.fail(#name, __j::failure::native());),
            Some(Ret::Fail(failing)) => quote! {{
                let mut __lets: ::std::vec::Vec<__j::Term> = ::std::vec::Vec::new();
                #before
                let __failing = #failing;
                __graph.fail(#name, __failing.within(__lets));
            }},
            Some(Ret::Value(_)) if local => {
                quote!(__graph.succeed(#name, __j::Term::native());)
            }
            Some(Ret::Value(value)) => quote! {{
                let mut __lets: ::std::vec::Vec<__j::Term> = ::std::vec::Vec::new();
                #before
                let __value = #value;
                __graph.succeed(#name, __g::evaluated(__lets, __value));
            }},
            None => {
                debug_assert!(!is_ret);
                TokenStream::new()
            }
        }
    }
}
