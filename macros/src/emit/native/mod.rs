//! The native side of a workflow: one arm for each segment, slots for the locals, the table of
//! states.

mod jumps;
mod nodes;
mod parts;
mod stores;

use crate::{
    cfg::{liveness::Live, names::Names},
    emit::definition::{self, Exported, ret},
    ir::{
        Await, Carrier, Ends, Entry, FrameId, Ir, Kind, ListId, Node, NodeId, Role, SegmentId,
        Step, VarId, lower::step::called,
    },
};
use nodes::Tail;
use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{quote, quote_spanned};
use std::{cell::Cell, collections::BTreeSet};
use stores::{State, held};

/// What the emission reads.
pub(crate) struct Native<'a> {
    ir: &'a Ir,
    live: &'a Live,
    exported: &'a Exported,
    settings: &'a Settings<'a>,
    /// The frame whose segment is being written.
    frame: Cell<FrameId>,
}

/// What the workflow's attribute and signature say.
#[derive(Debug)]
pub(crate) struct Settings<'a> {
    /// Names of the parameters in JSON, if the input is an object of them.
    pub keys: Option<&'a [String]>,
    /// Whether arithmetic is checked.
    pub export: bool,
}

/// The native code of a workflow.
pub(crate) struct Code {
    /// Declarations of slots, before anything else.
    pub slots: TokenStream,
    /// The arms of the `match` on a segment's number.
    pub arms: TokenStream,
    /// The table that ties states to segments.
    pub table: TokenStream,
    /// The locals that say what each step calls.
    pub callees: Vec<Ident>,
    /// Says what the frames keep.
    pub shapes: TokenStream,
}

/// Where generated code finds what it names.
pub(crate) fn krate() -> TokenStream {
    quote!(::stepwright::__private)
}

fn number(segment: SegmentId) -> u32 {
    u32::try_from(segment).unwrap_or(u32::MAX)
}

fn callee(node: NodeId) -> Ident {
    definition::callee(node)
}

fn item_slot(item: &Ident) -> Ident {
    item.clone()
}

/// What stores and loads a local. Parameters and what calls give are checked in signatures.
pub(crate) fn io(ir: &Ir, var: VarId) -> TokenStream {
    let (krate, slot) = (krate(), definition::slot(ir, var));
    let span = slot.span();
    match ir.vars.get(var).map(|var| var.role) {
        Some(Role::Param(_) | Role::Returned) => {
            quote_spanned!(span=> (&#krate::Written(&#slot)).io())
        }
        _ => quote_spanned!(span=> #krate::keep(&#slot)),
    }
}

/// What stores the value of a frame. The workflow's own is checked in the signature.
pub(crate) fn ret_io(frame: FrameId, span: Span) -> TokenStream {
    let (krate, ret) = (krate(), ret(frame));
    if frame == 0 {
        quote_spanned!(span=> (&#krate::Written(&#ret)).io())
    } else {
        quote_spanned!(span=> #krate::keep(&#ret))
    }
}

/// The function that makes a pause. It has the span of the user's name for it, so that rustc reports
/// an argument of another type in both as one.
pub(crate) fn pause(step: &Await) -> TokenStream {
    let name = match &step.step {
        Step::SleepUntil(_) => "sleep_until",
        Step::Sleep(_) | Step::Call => "sleep",
    };
    let span = called(&step.expr).map_or_else(Span::call_site, Ident::span);
    let name = Ident::new(name, span);
    quote_spanned!(span=> ::stepwright::__private::#name)
}

/// Writes the native code.
pub(crate) fn native(ir: &Ir, live: &Live, exported: &Exported, settings: &Settings<'_>) -> Code {
    let native = Native { ir, live, exported, settings, frame: Cell::new(0) };
    let arms: Vec<TokenStream> = ir.order.iter().map(|segment| native.arm(*segment)).collect();
    let arms = quote!(#(#arms)*);
    let mut used = BTreeSet::new();
    idents(arms.clone(), &mut used);
    let callees = native.callees();
    let (slots, table, shapes) = (native.slots(&used, &callees), native.table(), native.shapes());
    Code { slots, arms, table, callees, shapes }
}

fn idents(tokens: TokenStream, into: &mut BTreeSet<String>) {
    for token in tokens {
        match token {
            TokenTree::Ident(ident) => {
                into.insert(ident.to_string());
            }
            TokenTree::Group(group) => idents(group.stream(), into),
            TokenTree::Punct(_) | TokenTree::Literal(_) => {}
        }
    }
}

impl Native<'_> {
    fn slot(&self, var: VarId) -> Ident {
        definition::slot(self.ir, var)
    }

    fn key(&self, var: VarId) -> &str {
        self.ir.vars.get(var).map_or("", |var| &var.key)
    }

    fn carrier(&self) -> Carrier {
        self.ir.frames.get(self.frame.get()).map_or(Carrier::None, |frame| frame.carrier)
    }

    /// Reports the state that a node is.
    fn enter(&self, node: &Node) -> TokenStream {
        match self.exported.names.states.get(&node.id) {
            Some(name) => quote!(__run.enter(#name);),
            None => TokenStream::new(),
        }
    }

    /// Where the failure of a child ends that nothing takes.
    fn child_failed(&self) -> Option<&str> {
        Some(&self.exported.names.failed.get(&self.frame.get())?.state)
    }

    fn witness(&self, node: &Node) -> Option<&TokenStream> {
        self.exported.witnesses.get(&node.id)
    }

    // ------------------------------------------------------------------ arms

    fn arm(&self, id: SegmentId) -> TokenStream {
        let Some(segment) = self.ir.segments.get(id) else { return TokenStream::new() };
        let Some(frame) = self.ir.frames.get(segment.frame) else { return TokenStream::new() };
        self.frame.set(segment.frame);
        let summary = self.live.summary(self.ir, segment.list);
        let mut state = State { exits: summary.exits, ..State::default() };
        let bound = match segment.entry {
            Entry::Resume(_, var) | Entry::Begin(Some(var)) => Some(var),
            Entry::Begin(None) | Entry::Jump => None,
        };
        let loaded = summary.mentioned.iter().copied().filter(|var| {
            !summary.declared.contains(var) && Some(*var) != bound && !self.is_list(*var)
        });
        let mut loads = TokenStream::new();
        for var in loaded {
            loads.extend(self.load(var, id));
            if self.ir.vars.get(var).is_some_and(|var| var.mutable) {
                state.dirty.insert(var);
            }
        }
        let entry = self.entry(segment.entry);
        state.dirty.extend(bound);
        let body = self.list(segment.list, &mut state, Tail::None);
        let (krate, number, ret) = (krate(), number(id), ret(segment.frame));
        let io = ret_io(segment.frame, Span::mixed_site());
        let body = quote!(#loads #entry #body);
        let run = quote!(|__run: &mut #krate::Run<'_>|);
        let call = match (frame.carrier, frame.ends) {
            (Carrier::None, _) => quote!(#krate::arm_plain(__run, #run { #body })),
            (Carrier::Option, _) => {
                quote!(#krate::arm_option(__run, &#ret, &#io, #run { #body }))
            }
            (Carrier::Result, Ends::Fails) => {
                quote!(#krate::arm(__run, &#ret, &#io, #run { #body }))
            }
            (Carrier::Result, Ends::Data) => {
                quote!(#krate::arm_data(__run, &#ret, &#io, #run { #body }))
            }
        };
        quote!(#number => #call,)
    }

    fn is_list(&self, var: VarId) -> bool {
        self.ir.vars.get(var).is_some_and(|var| var.role.is_raw())
    }

    fn io(&self, var: VarId) -> TokenStream {
        io(self.ir, var)
    }

    fn load(&self, var: VarId, segment: SegmentId) -> TokenStream {
        let (krate, slot) = (krate(), self.slot(var));
        let Some(local) = self.ir.vars.get(var) else { return TokenStream::new() };
        let (ident, key) = (&local.ident, &local.key);
        let span = ident.span();
        if !self.live.at(segment).contains(&var) {
            // declared before, assigned in here
            return quote_spanned!(span=> let mut #ident; if false { #ident = #slot.any(); });
        }
        let io = self.io(var);
        let load = match local.role {
            Role::Param(position) => {
                let name = match self.settings.keys.and_then(|keys| keys.get(position)) {
                    Some(name) => quote!(::core::option::Option::Some(#name)),
                    None => quote!(::core::option::Option::None),
                };
                if local.mutable {
                    quote_spanned!(span=>
                        #io.changed_parameter(__run, #key, #name, __arena))
                } else {
                    quote_spanned!(span=> #io.parameter(__run, #name, __arena))
                }
            }
            _ => quote_spanned!(span=> #io.load(__run, #key, __arena)),
        };
        if local.role.is_awaited() {
            return quote_spanned!(span=> let mut #ident = #krate::Awaited { v: #load };);
        }
        // what belongs to an enclosing frame can't be changed here
        let is_own = local.frame == self.frame.get();
        let mutable = is_own.then(|| quote_spanned!(span=> mut));
        quote_spanned!(span=> let #mutable #ident = #load;)
    }

    /// What the start of a segment binds.
    fn entry(&self, entry: Entry) -> TokenStream {
        let krate = krate();
        match entry {
            Entry::Begin(Some(item)) => {
                let slot = self.slot(item);
                let Some(var) = self.ir.vars.get(item) else { return TokenStream::new() };
                let ident = &var.ident;
                quote_spanned!(ident.span()=>
                    let mut #ident = #krate::keep(&#slot).item(__run, __arena);)
            }
            Entry::Resume(node, value) => {
                let (Some(node), Some(var)) = (self.ir.node(node), self.ir.vars.get(value)) else {
                    return TokenStream::new();
                };
                let (ident, resumed) = (&var.ident, self.resumed(node, value));
                let leaves = self.exported.names.leaves.get(&node.id);
                let leaves = leaves.map(|name| quote!(__run.enter_if_caught(#name);));
                let split = self.exported.names.split.get(&node.id);
                let split = split.zip(self.child_failed());
                let split = split.map(|(split, failed)| quote!(__run.caught(#split, #failed);));
                quote_spanned!(ident.span()=> #split let mut #ident = #krate::Awaited { v: #resumed }; #leaves)
            }
            Entry::Begin(None) | Entry::Jump => TokenStream::new(),
        }
    }

    // ------------------------------------------------------------------ slots

    fn slots(&self, used: &BTreeSet<String>, callees: &[Ident]) -> TokenStream {
        let krate = krate();
        let mut code = TokenStream::new();
        for (id, var) in self.ir.vars.iter().enumerate().filter(|(_, var)| !var.role.is_raw()) {
            let slot = self.slot(id);
            let is_param = matches!(var.role, Role::Param(_));
            if !is_param && !used.contains(&slot.to_string()) {
                continue;
            }
            code.extend(quote!(let #slot = #krate::slot();));
            if let Some(ty) = &var.ty {
                let held = held(ty);
                code.extend(quote!(let _: &#krate::Slot<#held> = &#slot;));
            } else if !self.is_probed(id) {
                code.extend(quote!(let _: &#krate::Slot<#krate::Val, _> = &#slot;));
            }
        }
        for node in self.ir.lists.iter().flatten() {
            if let Kind::ForInit { item, .. } = &node.kind {
                code.extend(quote!(let #item = #krate::slot();));
            }
        }
        for (id, frame) in self.ir.frames.iter().enumerate() {
            let ret = ret(id);
            let ty = frame.ty.as_ref().map_or_else(|| quote!(_), |ty| quote!(#ty));
            code.extend(quote!(let #ret = #krate::slot::<#krate::Val, #ty>();));
        }
        quote!(#code #(let #callees = #krate::callee();)*)
    }

    fn callees(&self) -> Vec<Ident> {
        let is_call = |node: &&Node| matches!(&node.kind, Kind::Await(step) if matches!(step.step, Step::Call));
        self.ir.lists.iter().flatten().filter(is_call).map(|node| callee(node.id)).collect()
    }

    // ------------------------------------------------------------------ shapes

    /// What frames keep: locals, the items of lists that are walked, the values of branches. And
    /// which of them each segment reads.
    fn shapes(&self) -> TokenStream {
        let mut code = TokenStream::new();
        let mut kept = BTreeSet::new();
        for id in &self.ir.order {
            let alive = self.live.at(*id);
            kept.extend(alive.iter().copied().filter(|var| !self.is_list(*var)));
            if let Some(Entry::Begin(Some(item))) = self.ir.segments.get(*id).map(|it| it.entry) {
                kept.insert(item);
            }
            let keys = alive.iter().map(|var| self.key(*var));
            code.extend(quote!(__shapes.segment(&[#(#keys),*]);));
        }
        for var in kept {
            let (key, io) = (self.key(var), self.io(var));
            code.extend(quote!(__shapes.kept(#key, #io.schema());));
        }
        let krate = krate();
        for node in self.ir.lists.iter().flatten() {
            if let Kind::ForInit { item, list, .. } = &node.kind {
                let (key, slot) = (self.key(*list), item_slot(item));
                code.extend(quote!(__shapes.kept(#key, #krate::keep(&#slot).schema());));
            }
        }
        for frame in 1..self.ir.frames.len() {
            let (name, io) = (frame.to_string(), ret_io(frame, Span::mixed_site()));
            code.extend(quote!(__shapes.kept(#name, #io.schema());));
        }
        code
    }

    // ------------------------------------------------------------------ the table

    fn table(&self) -> TokenStream {
        let krate = krate();
        let Names { states, starts, .. } = &self.exported.names;
        let starts = starts.iter().filter_map(|(frame, name)| {
            let entry = number(self.ir.frames.get(*frame)?.entry);
            Some(quote!((#name, #entry)))
        });
        let nodes = self.ir.lists.iter().flatten();
        let steps = nodes.filter_map(|node| {
            let resume = match &node.kind {
                Kind::Await(step) => step.resume,
                Kind::Spawn(spawned) | Kind::Map { spawned, .. } => spawned.resume,
                _ => return None,
            };
            let (name, resume) = (states.get(&node.id)?, number(resume));
            Some(quote!((#name, #resume)))
        });
        let heads = self.ir.segments.iter().enumerate().filter_map(|(id, segment)| {
            let is_head = matches!(segment.entry, Entry::Jump | Entry::Begin(None));
            let name = states.get(&self.first(segment.list)?.id).filter(|_| is_head)?;
            let id = number(id);
            Some(quote!((#name, #id)))
        });
        quote! {
            #krate::Table {
                starts: &[#(#starts),*],
                steps: &[#(#steps),*],
                heads: &[#(#heads),*],
                exported: __EXPORTED,
            }
        }
    }

    fn first(&self, list: ListId) -> Option<&Node> {
        self.ir.lists.get(list)?.first()
    }
}
