//! The code of each node's fragment, translated once however many ways pass it.

use super::{
    Mode,
    parts::{is_result, options, side},
};
use crate::{
    cfg::graph::{inner, node_changes},
    emit::{
        expression::{Condition, Translator, either, merged, place_of, test_of},
        native::{pause, ret_io},
    },
    ir::{Arm, Ends, Info, Ir, Kind, ListId, NodeId, Spawned, Step},
};
use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote};
use std::collections::BTreeMap;
use syn::{Expr, Pat, Stmt};

/// What the end of a frame is.
#[derive(Debug, Clone)]
pub(super) enum Ret {
    /// A value.
    Value(TokenStream),
    /// A failure.
    Fail(TokenStream),
}

/// Translated fragments.
pub(super) struct Fragments<'a> {
    translator: Translator<'a>,
    mode: Mode,
    nodes: BTreeMap<NodeId, TokenStream>,
    conditions: BTreeMap<NodeId, Condition>,
    arms: BTreeMap<NodeId, Vec<Condition>>,
    outcomes: BTreeMap<(NodeId, usize), TokenStream>,
    arguments: BTreeMap<NodeId, (Vec<TokenStream>, TokenStream)>,
    rets: BTreeMap<NodeId, Ret>,
    witnesses: BTreeMap<NodeId, TokenStream>,
    typed: BTreeMap<NodeId, Kind>,
}

/// The Rust local that holds what a node branches on.
fn subject(node: NodeId) -> Ident {
    format_ident!("__m{node}", span = Span::mixed_site())
}

impl<'a> Fragments<'a> {
    pub(super) fn new(translator: Translator<'a>, mode: Mode) -> Self {
        Self {
            translator,
            mode,
            nodes: BTreeMap::new(),
            conditions: BTreeMap::new(),
            arms: BTreeMap::new(),
            outcomes: BTreeMap::new(),
            arguments: BTreeMap::new(),
            rets: BTreeMap::new(),
            witnesses: BTreeMap::new(),
            typed: BTreeMap::new(),
        }
    }

    /// Declarations of witnesses, dead code by node, and the nodes with dead code inside of them.
    pub(super) fn finish(
        self,
    ) -> (TokenStream, BTreeMap<NodeId, TokenStream>, BTreeMap<NodeId, Kind>) {
        (self.translator.finish(), self.witnesses, self.typed)
    }

    pub(super) fn is_local(&self) -> bool {
        self.mode == Mode::Local
    }

    /// Translates what a node has of code.
    fn translate<T: Default>(
        &mut self,
        node: NodeId,
        kind: Kind,
        with: impl FnOnce(&mut Translator<'_>, &mut Kind) -> T,
    ) -> T {
        if self.is_local() {
            return T::default();
        }
        let info = kind.info().cloned().unwrap_or_default();
        let mut kind = kind;
        let (code, dead) =
            self.translator.fragment(&info, |translator| with(translator, &mut kind));
        self.witnesses.entry(node).or_default().extend(dead);
        self.typed.insert(node, kind);
        code
    }

    fn kind(&self, ir: &Ir, node: NodeId) -> Option<Kind> {
        // Dead code that went into it before must stay.
        let typed = self.typed.get(&node).cloned();
        typed.or_else(|| ir.node(node).map(|node| node.kind.clone()))
    }

    /// The code of an effect.
    pub(super) fn node(&mut self, ir: &Ir, node: NodeId) -> TokenStream {
        if let Some(known) = self.nodes.get(&node) {
            return known.clone();
        }
        let Some(kind) = self.kind(ir, node) else { return TokenStream::new() };
        let code = match &kind {
            Kind::Stmt { info, .. } => {
                let declared = info.decls.clone();
                self.translate(node, kind, |translator, kind| match kind {
                    Kind::Stmt { stmt, .. } => translator.stmt(stmt, &declared),
                    _ => TokenStream::new(),
                })
            }
            Kind::Set { var, .. } => {
                let (place, key) = (place_of(*var), key(ir, *var));
                self.translate(node, kind, |translator, kind| match kind {
                    Kind::Set { expr, .. } => {
                        let value = translator.expr(expr);
                        quote! {
                            let #place = (#value).shared(#key);
                            __lets.push(#place.clone());
                        }
                    }
                    _ => TokenStream::new(),
                })
            }
            Kind::ForInit { list, index, .. } => {
                let (list, index, name) = (place_of(*list), place_of(*index), key(ir, *list));
                self.translate(node, kind, |translator, kind| match kind {
                    Kind::ForInit { expr, .. } => {
                        let items = translator.iterable(expr);
                        quote! {
                            let #list = (#items).shared(#name);
                            __lets.push(#list.clone());
                            let #index = __j::Term::literal(0);
                        }
                    }
                    _ => TokenStream::new(),
                })
            }
            Kind::Block { list, .. } => self.list(ir, *list),
            Kind::If { .. } | Kind::Match { .. } => self.fold(ir, node, &kind),
            _ => TokenStream::new(),
        };
        self.nodes.insert(node, code.clone());
        code
    }

    fn list(&mut self, ir: &Ir, list: ListId) -> TokenStream {
        let ids: Vec<NodeId> = ir
            .lists
            .get(list)
            .map(|nodes| nodes.iter().map(|node| node.id).collect())
            .unwrap_or_default();
        ids.into_iter().map(|id| self.node(ir, id)).collect()
    }

    /// A branch without states: what it sets is chosen by conditions.
    fn fold(&mut self, ir: &Ir, node: NodeId, kind: &Kind) -> TokenStream {
        let places: Vec<Ident> = node_changes(ir, kind).into_iter().map(place_of).collect();
        if self.is_local() {
            return TokenStream::new();
        }
        let branch = |this: &mut Self, list: ListId, binds: &TokenStream| {
            let code = this.list(ir, list);
            quote! {{
                let mut __lets: ::std::vec::Vec<__j::Term> = ::std::vec::Vec::new();
                #binds
                #code
                (#(__j::Term::scope(__lets.clone(), &#places),)*)
            }}
        };
        let nothing = TokenStream::new();
        let values = match kind {
            Kind::If { then, els, .. } => {
                let condition = self.condition(ir, node);
                let then = branch(self, *then, &nothing);
                let otherwise = branch(self, *els, &nothing);
                either(&condition.binds, &condition.test, &then, &otherwise, &places)
            }
            Kind::Match { arms, .. } => {
                let mut values: Option<TokenStream> = None;
                for (position, arm) in arms.iter().enumerate().rev() {
                    let condition = self.arm(ir, node, position);
                    let then = branch(self, arm.list, &nothing);
                    let Condition { binds, test } = condition;
                    values = Some(match values {
                        None => quote!({
                            let mut __lets: ::std::vec::Vec<__j::Term> = ::std::vec::Vec::new();
                            #binds
                            #then
                        }),
                        Some(otherwise) => {
                            let binds = quote! {
                                let mut __lets: ::std::vec::Vec<__j::Term> =
                                    ::std::vec::Vec::new();
                                #binds
                            };
                            either(&binds, &test, &then, &otherwise, &places)
                        }
                    });
                }
                values.unwrap_or_else(|| quote!((#(#places.clone(),)*)))
            }
            _ => return nothing,
        };
        merged(&places, &values)
    }

    /// The condition of an `If` node.
    pub(super) fn condition(&mut self, ir: &Ir, node: NodeId) -> Condition {
        if let Some(known) = self.conditions.get(&node) {
            return known.clone();
        }
        let Some(kind) = self.kind(ir, node) else { return Condition::default() };
        let condition = self.translate(node, kind, |translator, kind| match kind {
            Kind::If { cond, binds, .. } => translator.condition(cond, &binds.clone(), false),
            _ => Condition::default(),
        });
        self.conditions.insert(node, condition.clone());
        condition
    }

    /// What an arm of a `Match` or `LetElse` node tests and binds.
    pub(super) fn arm(&mut self, ir: &Ir, node: NodeId, arm: usize) -> Condition {
        if !self.arms.contains_key(&node) {
            let arms = self.arms_of(ir, node);
            self.arms.insert(node, arms);
        }
        self.arms.get(&node).and_then(|arms| arms.get(arm)).cloned().unwrap_or_default()
    }

    fn arms_of(&mut self, ir: &Ir, node: NodeId) -> Vec<Condition> {
        let Some(kind) = self.kind(ir, node) else { return Vec::new() };
        let subject = subject(node);
        self.translate(node, kind, |translator, kind| match kind {
            Kind::Match { scrutinee, arms, .. } => {
                let term = translator.expr(scrutinee);
                let subject = &subject;
                let term = &term;
                arms.iter_mut().map(|arm| match_arm(translator, arm, subject, term)).collect()
            }
            Kind::LetElse { stmt: Stmt::Local(local), info, .. } => {
                let Some(init) = &mut local.init else { return Vec::new() };
                let term = translator.expr(&mut init.expr);
                let fit = translator.pattern(&local.pat, &quote!(#subject.clone()));
                let binds = translator.bind_all(&fit, &info.decls);
                let given = given(&subject, &term);
                let fits = Condition { binds: quote!(#given #binds), test: test_of(&fit) };
                vec![fits, Condition::default()]
            }
            _ => Vec::new(),
        })
    }

    /// What the pattern in `Ok(..)` or `Err(..)` of an arm binds of the step's value.
    pub(super) fn outcome(&mut self, ir: &Ir, node: NodeId, arm: usize) -> TokenStream {
        if let Some(known) = self.outcomes.get(&(node, arm)) {
            return known.clone();
        }
        let Some(kind) = self.kind(ir, node) else { return TokenStream::new() };
        let code = self.translate(node, kind, |translator, kind| {
            let (scrutinee, pat, binds): (&Expr, &Pat, &[usize]) = match kind {
                Kind::Match { scrutinee, arms, .. } => match arms.get(arm) {
                    Some(arm) => (scrutinee, &arm.pat, &arm.binds),
                    None => return TokenStream::new(),
                },
                Kind::If { cond: Expr::Let(cond), binds, .. } if arm == 0 => {
                    (&cond.expr, &cond.pat, binds)
                }
                Kind::LetElse { stmt: Stmt::Local(local), info, .. } if arm == 0 => {
                    match &local.init {
                        Some(init) => (&init.expr, &local.pat, &info.decls),
                        None => return TokenStream::new(),
                    }
                }
                _ => return TokenStream::new(),
            };
            let Some((_, held)) = inner(pat) else { return TokenStream::new() };
            let (held, binds) = (held.clone(), binds.to_vec());
            let value = translator.expr(&mut scrutinee.clone());
            let fit = translator.pattern(&held, &value);
            translator.bind_all(&fit, &binds)
        });
        self.outcomes.insert((node, arm), code.clone());
        code
    }

    /// Whether a `for` has another item.
    pub(super) fn more(&mut self, ir: &Ir, node: NodeId) -> Condition {
        match self.kind(ir, node) {
            Some(Kind::ForHead { list, index, .. }) => {
                let (list, index) = (place_of(list), place_of(index));
                Condition {
                    binds: TokenStream::new(),
                    test: quote!(__j::list::more(&#list, &#index)),
                }
            }
            _ => Condition::default(),
        }
    }

    /// The next item of a `for`, bound; the index is raised.
    pub(super) fn item(&mut self, ir: &Ir, node: NodeId) -> TokenStream {
        if let Some(known) = self.nodes.get(&node) {
            return known.clone();
        }
        let Some(kind) = self.kind(ir, node) else { return TokenStream::new() };
        let code = self.translate(node, kind, |translator, kind| match kind {
            Kind::ForHead { pat, list, index, binds, .. } => {
                let (list, index) = (place_of(*list), place_of(*index));
                let fit = translator.pattern(pat, &quote!(__j::list::next(&#list, &__index)));
                let binds = translator.bind_all(&fit, binds);
                quote! {
                    let __index = #index.clone();
                    let #index = __j::list::after(&#index);
                    #binds
                }
            }
            _ => TokenStream::new(),
        });
        self.nodes.insert(node, code.clone());
        code
    }

    // ------------------------------------------------------------------ steps

    /// The arguments of a call, and its options.
    pub(super) fn arguments(&mut self, ir: &Ir, node: NodeId) -> (Vec<TokenStream>, TokenStream) {
        if let Some(known) = self.arguments.get(&node) {
            return known.clone();
        }
        let options = match ir.node(node).map(|node| &node.kind) {
            Some(Kind::Await(step)) => options(&step.expr),
            _ => TokenStream::new(),
        };
        let options = quote!(::stepwright::__private::workflow::Options::default() #options);
        let Some(kind) = self.kind(ir, node) else { return (Vec::new(), options) };
        let arguments = self.translate(node, kind, |translator, kind| match kind {
            Kind::Await(step) => translator.call_arguments(&mut step.expr),
            _ => Vec::new(),
        });
        self.arguments.insert(node, (arguments.clone(), options.clone()));
        (arguments, options)
    }

    /// How long a wait is; true if it is until a time.
    pub(super) fn wait(&mut self, ir: &Ir, node: NodeId) -> (TokenStream, bool) {
        let Some(kind) = self.kind(ir, node) else { return (TokenStream::new(), false) };
        let Kind::Await(step) = &kind else { return (TokenStream::new(), false) };
        let is_time = matches!(step.step, Step::SleepUntil(_));
        if self.is_local() {
            return (quote!(__j::Term::native()), is_time);
        }
        let (constant, sleep) = (step.info.uses.is_empty(), pause(step));
        let term = self.translate(node, kind, |translator, kind| match kind {
            Kind::Await(step) => match &mut step.step {
                Step::Sleep(duration) if constant => {
                    quote!(__g::seconds(&#sleep(#duration)))
                }
                Step::Sleep(duration) => translator.duration(duration),
                Step::SleepUntil(time) => translator.expr(time),
                Step::Call => TokenStream::new(),
            },
            _ => TokenStream::new(),
        });
        (term, is_time)
    }

    /// The items of a map.
    pub(super) fn items(&mut self, ir: &Ir, node: NodeId) -> TokenStream {
        if self.is_local() {
            return quote!(__j::Term::native());
        }
        if let Some(known) = self.nodes.get(&node) {
            return known.clone();
        }
        let Some(kind) = self.kind(ir, node) else { return TokenStream::new() };
        let items = self.translate(node, kind, |translator, kind| match kind {
            Kind::Map { items, .. } => translator.iterable(items),
            _ => TokenStream::new(),
        });
        self.nodes.insert(node, items.clone());
        items
    }

    /// The errors that the branches of a join can fail with, from the type of its value.
    pub(super) fn errors(&mut self, ir: &Ir, spawned: &Spawned) -> TokenStream {
        let segment = ir.segments.get(spawned.resume);
        let first = segment.and_then(|segment| ir.lists.get(segment.list)?.first());
        let (Some(first), Some(value)) = (first, ir.vars.get(spawned.value)) else {
            return quote!(&[]);
        };
        let placeholder = &value.ident;
        let value: Expr = syn::parse_quote!(#placeholder.v);
        let (witness, dead) =
            self.translator.fragment(&Info::default(), |translator| translator.one(&value));
        self.witnesses.entry(first.id).or_default().extend(dead);
        quote!(__g::errors(#witness))
    }

    // ------------------------------------------------------------------ ends

    /// What a `Ret` node ends with.
    pub(super) fn ret(&mut self, ir: &Ir, node: NodeId) -> Option<Ret> {
        if let Some(known) = self.rets.get(&node) {
            return Some(known.clone());
        }
        let kind = self.kind(ir, node)?;
        let Kind::Ret { frame, expr, .. } = &kind else { return None };
        let frame = *frame;
        let fails = ir.frames.get(frame).is_some_and(|frame| frame.ends == Ends::Fails);
        let fails_here = fails && matches!(side(expr), Some(false));
        if self.is_local() {
            let code = TokenStream::new();
            return Some(if fails_here { Ret::Fail(code) } else { Ret::Value(code) });
        }
        let is_result = fails && is_result(ir, frame);
        let code = self.translate(node, kind, |translator, kind| match kind {
            Kind::Ret { expr, .. } if fails => translator.ended(expr, frame, is_result),
            Kind::Ret { expr, .. } => translator.expr(expr),
            _ => TokenStream::new(),
        });
        let code = match (fails_here, fails) {
            (true, _) => code,
            (false, true) => {
                let io = ret_io(frame, Span::mixed_site());
                quote!(#io.ended(&#code))
            }
            (false, false) => {
                let io = ret_io(frame, Span::mixed_site());
                quote!(#io.ended_as_data(&#code))
            }
        };
        let ret = if fails_here { Ret::Fail(code) } else { Ret::Value(code) };
        self.rets.insert(node, ret.clone());
        Some(ret)
    }
}

fn key(ir: &Ir, var: usize) -> String {
    ir.vars.get(var).map(|var| var.key.clone()).unwrap_or_default()
}

/// Gives a name to what a node branches on.
fn given(subject: &Ident, term: &TokenStream) -> TokenStream {
    quote! {
        let #subject = (#term).shared("value");
        __lets.push(#subject.clone());
    }
}

fn match_arm(
    translator: &mut Translator<'_>,
    arm: &mut Arm,
    subject: &Ident,
    term: &TokenStream,
) -> Condition {
    let fit = translator.pattern(&arm.pat, &quote!(#subject.clone()));
    translator.scoped(|translator| {
        let binds = translator.bind_all(&fit, &arm.binds);
        let mut test = test_of(&fit);
        if let Some(guard) = &mut arm.guard {
            let guard = translator.typed(guard);
            test = quote!(__j::compare::and(&#test, &#guard));
        }
        let given = given(subject, term);
        Condition { binds: quote!(#given #binds), test }
    })
}
