//! Steps: Task, Wait, Parallel and Map states with their catchers.

use super::{Maker, callee, ret, slot};
use crate::{
    cfg::{
        graph::{Caught, Effect, Side, Way, value},
        names::ChildFailed,
    },
    emit::{
        expression::place_of,
        native::{io, ret_io},
    },
    ir::{Await, Carrier, Ends, Frame, Ir, Kind, NodeId, Spawned, Step, Used, VarId},
};
use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};

/// The edges of a step.
struct Edges {
    /// Code that goes first.
    before: TokenStream,
    next: TokenStream,
    catch: TokenStream,
}

impl Maker<'_> {
    /// The state of a step.
    pub(super) fn step(
        &mut self,
        id: NodeId,
        next: Option<&Way>,
        caught: &Caught,
        carried: &[Effect],
    ) -> TokenStream {
        let Some(next) = next else { return TokenStream::new() };
        let ir: &Ir = self.ir;
        let Some(node) = ir.node(id) else { return TokenStream::new() };
        let name = self.name(id).to_owned();
        match &node.kind {
            Kind::Await(step) => self.call(id, &name, step, (next, caught), carried),
            Kind::Spawn(spawned) => {
                let Edges { before, next, catch } =
                    self.joined(id, spawned, (next, caught), carried);
                let frames = &spawned.frames;
                quote!(#before __graph.parallel(#name, ::std::vec![#(#frames),*], #next, #catch);)
            }
            Kind::Map { item, limit, spawned, .. } => {
                let Edges { before: first, next, catch } =
                    self.joined(id, spawned, (next, caught), carried);
                let before = self.effects(carried);
                let items = self.fragments.items(self.ir, id);
                let io = io(self.ir, *item);
                let limit = match limit {
                    Some(limit) => {
                        quote!(::core::option::Option::Some(__j::constant(&(#limit))))
                    }
                    None => quote!(::core::option::Option::None),
                };
                let body = spawned.frames.first().copied().unwrap_or_default();
                quote! {{
                    #first
                    let __items = {
                        let mut __lets: ::std::vec::Vec<__j::Term> = ::std::vec::Vec::new();
                        #before
                        let __items = #items;
                        #io.pushed(&__j::Term::scope(__lets, &__items))
                    };
                    __graph.map(#name, (&__items, #limit), #body, #next, #catch);
                }}
            }
            _ => TokenStream::new(),
        }
    }

    /// A task, a child or a wait.
    fn call(
        &mut self,
        id: NodeId,
        name: &str,
        step: &Await,
        (next, caught): (&Way, &Caught),
        carried: &[Effect],
    ) -> TokenStream {
        let before = self.effects(carried);
        match &step.step {
            Step::Sleep(_) | Step::SleepUntil(_) => {
                let value = place_of(step.value);
                let unit = quote!(let #value = __j::Term::literal(()););
                let edge = self.edge(next, carried, &unit);
                let (term, is_time) = self.fragments.wait(self.ir, id);
                let method = if is_time { quote!(wait_until) } else { quote!(wait) };
                quote! {{
                    let __term = {
                        let mut __lets: ::std::vec::Vec<__j::Term> = ::std::vec::Vec::new();
                        #before
                        let __term = #term;
                        __j::Term::scope(__lets, &__term)
                    };
                    __graph.#method(#name, &__term, #edge);
                }}
            }
            Step::Call => {
                let called = callee(id);
                let result = quote!(__g::result(&#called));
                let catches = self.catches(id, &called);
                let fallible = quote!(__g::fallible(&#called));
                let edges = self.edges(id, (next, caught), carried, &result, &catches, &fallible);
                let Edges { before: first, next, catch } = edges;
                let (arguments, options) = self.fragments.arguments(self.ir, id);
                quote! {{
                    #first
                    let __arguments: ::std::vec::Vec<__j::Term> = {
                        let mut __lets: ::std::vec::Vec<__j::Term> = ::std::vec::Vec::new();
                        #before
                        let __arguments: ::std::vec::Vec<__j::Term> = ::std::vec![#(#arguments),*];
                        __arguments
                            .iter()
                            .map(|__argument| __j::Term::scope(__lets.clone(), __argument))
                            .collect()
                    };
                    __graph.task(#name, &#called, __arguments, #options, #next, #catch);
                }}
            }
        }
    }

    fn catches(&self, id: NodeId, called: &Ident) -> TokenStream {
        let failed = self.graph.states.get(&id).and_then(|it| self.names.failed.get(&it.frame));
        match (self.names.split.get(&id), failed) {
            (Some(choice), Some(ChildFailed { state, key })) => {
                quote!(__g::Catches::of(&#called, #choice, #state, #key))
            }
            _ => quote!(__g::Catches::none()),
        }
    }

    fn joined(
        &mut self,
        id: NodeId,
        spawned: &Spawned,
        ways: (&Way, &Caught),
        carried: &[Effect],
    ) -> Edges {
        let result = quote!(__j::Term::result());
        let (catches, fallible) = match ways.1 {
            Caught::Up => (quote!(__g::Catches::none()), quote!(false)),
            _ => {
                let errors = self.fragments.errors(self.ir, spawned);
                (quote!(__g::Catches::join(#errors)), quote!(true))
            }
        };
        self.edges(id, ways, carried, &result, &catches, &fallible)
    }

    /// The way on, and the catchers.
    fn edges(
        &mut self,
        id: NodeId,
        (next, caught): (&Way, &Caught),
        carried: &[Effect],
        result: &TokenStream,
        catches: &TokenStream,
        fallible: &TokenStream,
    ) -> Edges {
        let var = self.ir.node(id).and_then(|node| value(&node.kind)).unwrap_or_default();
        let place = place_of(var);
        let plain = quote!(let #place = #result;);
        let conversion = self.conversion(id);
        let mut before = TokenStream::new();
        if let Some((mark, conversion)) = &conversion
            && !self.fragments.is_local()
        {
            before.extend(quote_spanned!(*mark=> #conversion.check();));
        }
        let (next, catch) = match caught {
            Caught::Up => (self.edge(next, carried, &plain), catches.clone()),
            Caught::Data => {
                // The same way for a value and for an error, which both are data on it.
                let given = quote!(let #place = __data.clone(););
                let edge = self.edge(next, carried, &given);
                let way = quote!(|__data: __j::Term| -> __g::Edge { #edge });
                let next = quote!((#way)(__g::kept(#result, #fallible)));
                let catch = quote!(#catches.rest(|__error| (#way)(__j::data::failure(&__error))));
                (next, catch)
            }
            Caught::Leaves => {
                let next = self.edge(next, carried, &plain);
                let (end, catch) = self.leaving(id, var, catches, conversion);
                before.extend(end);
                (next, catch)
            }
            Caught::Arms(arms) => {
                let next = self.edge(next, carried, &plain);
                let mut catch = catches.clone();
                for (side, way) in arms {
                    let edge = self.edge(way, carried, &TokenStream::new());
                    let way = quote!(|#place: __j::Term| -> __g::Edge { #edge });
                    match side {
                        Side::Variants(_, names) => {
                            for name in names {
                                catch.extend(quote!(.variant(#name, #way)));
                            }
                        }
                        Side::Up(_) => {}
                        _ => catch.extend(quote!(.rest(#way))),
                    }
                }
                (next, catch)
            }
        };
        Edges { before, next, catch }
    }

    /// The end that a caught failure comes to by `?`, and the catchers that lead there.
    fn leaving(
        &self,
        id: NodeId,
        var: VarId,
        catches: &TokenStream,
        conversion: Option<(Span, TokenStream)>,
    ) -> (TokenStream, TokenStream) {
        let state = self.names.leaves.get(&id).cloned().unwrap_or_default();
        let conversion = conversion.map(|(_, conversion)| conversion);
        if self.frame_of(id).is_some_and(|frame| frame.ends == Ends::Fails) {
            let end = quote!(__graph.fail(#state, __j::failure::native()););
            let catch = quote! {
                if #conversion.keeps() {
                    #catches
                } else {
                    #catches.rest(|__error| __g::Edge::to(#state, ::std::vec![]))
                }
            };
            return (end, catch);
        }
        let key = self.ir.vars.get(var).map(|var| var.key.clone()).unwrap_or_default();
        let error = match conversion {
            Some(conversion) => quote!(#conversion.data(__error)),
            None => quote!(__error),
        };
        let frame = self.graph.states.get(&id).map_or(0, |state| state.frame);
        let io = ret_io(frame, Span::mixed_site());
        let end = quote! {
            __graph.succeed(#state, #io.ended_as_data(&__j::Term::variable(#key).answered()));
        };
        let catch = quote! {
            #catches.rest(|__error| {
                let __error = __j::data::failure(&#error);
                __g::Edge::to(#state, ::std::vec![(#key, __error)])
            })
        };
        (end, catch)
    }

    fn frame_of(&self, node: NodeId) -> Option<&Frame> {
        self.ir.frames.get(self.graph.states.get(&node)?.frame)
    }

    /// What `?` converts after a step, and where it stands.
    fn conversion(&self, id: NodeId) -> Option<(Span, TokenStream)> {
        let (used, value) = match &self.ir.node(id)?.kind {
            Kind::Await(step) => (step.used, slot(self.ir, step.value)),
            Kind::Spawn(spawned) | Kind::Map { spawned, .. } if spawned.fails_fast => {
                (spawned.used, ret(*spawned.frames.first()?))
            }
            _ => return None,
        };
        let Used::Tried(mark) = used else { return None };
        let target = ret(self.graph.states.get(&id)?.frame);
        let is_result = self.frame_of(id)?.carrier == Carrier::Result;
        let tried = quote_spanned!(mark=> (&&&__convert::tried(&#value, &#target)));
        is_result.then_some((mark, tried))
    }
}
