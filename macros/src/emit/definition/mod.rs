//! The tokens that construct a workflow's definition when it is asked for.
//!
//! Every variable of the workflow is a Rust local `__vN` there, which holds its term. At the top
//! that is the variable itself; a way between states shadows it with what the way sets.

mod fragment;
mod given;
mod parts;
mod step;
mod way;

use crate::{
    cfg::{
        graph::{Begin, Graph, StateKind, begin, graph},
        keys,
        liveness::liveness,
        names::{Names, names},
    },
    diagnostics::Errors,
    emit::expression::{Translator, place_of},
    ir::{FrameId, Ir, Kind, NodeId, Role, VarId, Vars, lower::scope::TAKEN},
};
use fragment::Fragments;
use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote};
use std::collections::BTreeMap;
use syn::Type;

/// What the export of a workflow puts into its one function.
#[derive(Debug, Default)]
pub(crate) struct Exported {
    /// The states.
    pub names: Names,
    /// Declares the witnesses, before the arms: `let __k1 = ..;`.
    pub declarations: TokenStream,
    /// Dead code that goes before a node's own code, in the same scope: it tells rustc the types.
    pub witnesses: BTreeMap<NodeId, TokenStream>,
    /// An expression of type `asl::Definition`, for after the arms, where all types are known. It
    /// reads the witnesses and the [`callee`] of each [`crate::ir::Kind::Await`].
    pub definition: TokenStream,
    /// Where each state is written: name, line and column, as `&[(&str, u32, u32)]`.
    pub sources: TokenStream,
}

/// Whether a workflow is to be exported.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    /// Every expression has its JSONata, or is refused.
    Exported,
    /// `export = false`: the graph only, for the engine.
    Local,
}

/// The local that holds the `workflow::Callee` of an `Await` node.
pub(crate) fn callee(node: NodeId) -> Ident {
    format_ident!("__c{node}", span = Span::mixed_site())
}

/// The slot of a local in native code, with the local's span: an error about it is at the binding.
pub(crate) fn slot(ir: &Ir, var: VarId) -> Ident {
    let span = ir.vars.get(var).map_or_else(Span::mixed_site, |var| var.ident.span());
    format_ident!("__s{var}", span = span)
}

/// The slot of a frame's value in native code.
pub(crate) fn ret(frame: FrameId) -> Ident {
    format_ident!("__ret{frame}", span = Span::mixed_site())
}

/// Makes the export. Closures and arms inside the fragments of `ir` get their dead code in place.
/// What has no form in the exported language goes to `errors`.
pub(crate) fn export(ir: &mut Ir, mode: Mode, errors: &mut Errors) -> Exported {
    let graph = graph(ir, mode == Mode::Exported);
    let live = graph.live(ir);
    keys::assign(ir, &live, TAKEN);
    let names = names(ir, &graph, &live);
    let (definition, declarations, witnesses, typed) = {
        let mut maker = Maker {
            ir,
            given: &given::given(ir),
            kept: &kept(ir),
            graph: &graph,
            names: &names,
            live: &live,
            fragments: Fragments::new(Translator::new(ir, errors), mode),
        };
        let definition = maker.definition();
        let (declarations, witnesses, typed) = maker.fragments.finish();
        (definition, declarations, witnesses, typed)
    };
    for (node, kind) in typed {
        let found = ir.lists.iter_mut().flatten().find(|found| found.id == node);
        if let Some(found) = found {
            found.kind = kind;
        }
    }
    let sources = sources(ir, &names);
    Exported { names, declarations, witnesses, definition, sources }
}

fn sources(ir: &Ir, names: &Names) -> TokenStream {
    let places = names.states.iter().filter_map(|(id, name)| {
        let start = ir.node(*id)?.span.start();
        let (line, column) = (u32::try_from(start.line).ok()?, u32::try_from(start.column).ok()?);
        let column = column + 1;
        Some(quote!((#name, #line, #column)))
    });
    quote!(&[#(#places),*])
}

/// Makes the tokens.
struct Maker<'a> {
    ir: &'a Ir,
    graph: &'a Graph,
    names: &'a Names,
    live: &'a BTreeMap<NodeId, Vars>,
    /// What may hold a part of the input or of an answer.
    given: &'a Vars,
    /// What native code stores, too: its slot knows the type.
    kept: &'a Vars,
    fragments: Fragments<'a>,
}

impl Maker<'_> {
    fn definition(&mut self) -> TokenStream {
        let variables = (0..self.ir.vars.len()).map(|var| {
            let (place, term) = (place_of(var), self.initial(var));
            quote!(let #place = #term;)
        });
        let variables: TokenStream = variables.collect();
        let scopes: TokenStream =
            (0..self.ir.frames.len()).map(|frame| self.scope(frame)).collect();
        // Code whose values nothing reads has no place in the definition, but must have a form.
        for node in self.ir.lists.iter().flatten() {
            if matches!(node.kind, Kind::Stmt { .. } | Kind::Set { .. } | Kind::ForInit { .. }) {
                self.fragments.node(self.ir, node.id);
            }
        }
        quote! {{
            use ::stepwright::__private::{
                ViaKeep as _, ViaNoKeep as _,
                workflow::{
                    conversion::{
                        self as __convert, Changes as _, Keeps as _, Nothing as _, Throws as _,
                        ThrowsOther as _,
                    },
                    definition as __g, jsonata as __j,
                },
            };
            let mut __graph = __g::Graph::new();
            #variables
            #scopes
            __graph.finish()
        }}
    }

    /// The term that a variable has where nothing has set it on the way.
    fn initial(&self, var: usize) -> TokenStream {
        match self.ir.vars.get(var) {
            Some(found) if matches!(found.role, Role::Param(_)) && !found.mutable => {
                self.input(var)
            }
            Some(found) => {
                let key = &found.key;
                let given = self.given.contains(&var).then(|| quote!(.given()));
                let raw = !found.role.is_raw() && !self.kept.contains(&var);
                let raw = raw.then(|| quote!(.written_elsewhere()));
                quote!(__j::Term::variable(#key) #given #raw)
            }
            None => quote!(__j::Term::literal(())),
        }
    }

    /// A parameter in the execution's input.
    fn input(&self, var: usize) -> TokenStream {
        let Some(found) = self.ir.vars.get(var) else { return quote!(__j::Term::literal(())) };
        if self.ir.params == 1 {
            return quote!(__j::Term::execution_input());
        }
        let name = found.ident.to_string();
        let name = name.trim_start_matches("r#");
        let optional = is_option(found.ty.as_ref()).then(|| quote!(.optional()));
        quote!(__j::Term::execution_input().member(#name) #optional)
    }

    /// The states of a frame.
    fn scope(&mut self, frame: FrameId) -> TokenStream {
        let Some(start) = self.names.starts.get(&frame) else { return TokenStream::new() };
        let mut code = quote!(__graph.scope(#start););
        let begins = begin(self.graph, self.ir, self.live, frame);
        let first = self.graph.starts.get(frame);
        if let (Begin::Pass, Some(way)) = (begins, first) {
            let edge = self.edge(way, &[], &TokenStream::new());
            code.extend(quote!(__graph.pass(#start, #edge);));
        }
        for (id, state) in &self.graph.states {
            if state.frame != frame {
                continue;
            }
            let carried = match first {
                Some(way) if begins == Begin::Carried && way.to == *id => way.effects.clone(),
                _ => Vec::new(),
            };
            code.extend(match &state.kind {
                StateKind::Step { next, caught } => self.step(*id, next.as_ref(), caught, &carried),
                StateKind::Choice { rules, default } => {
                    self.choice(*id, rules, default.as_ref(), &carried)
                }
                StateKind::End => self.end(*id, &carried),
            });
        }
        code
    }

    fn name(&self, node: NodeId) -> &str {
        self.names.states.get(&node).map_or("", String::as_str)
    }
}

/// The variables that native code stores, too. Between two steps a Choice may need others.
fn kept(ir: &Ir) -> Vars {
    let live = liveness(ir);
    let segments = (0..ir.segments.len()).flat_map(|segment| live.at(segment).iter().copied());
    let params = ir.vars.iter().enumerate();
    let params = params.filter(|(_, var)| matches!(var.role, Role::Param(_))).map(|(id, _)| id);
    segments.chain(params).collect()
}

/// Whether a type is an `Option`, by syntax.
fn is_option(ty: Option<&Type>) -> bool {
    match ty {
        Some(Type::Path(path)) => {
            path.path.segments.last().is_some_and(|last| last.ident == "Option")
        }
        Some(Type::Reference(inner)) => is_option(Some(&inner.elem)),
        _ => false,
    }
}
