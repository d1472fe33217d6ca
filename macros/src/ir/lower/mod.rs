//! From the user's function to the representation: awaits are hoisted into nodes in evaluation
//! order, names are resolved, control flow that holds steps or exits becomes nodes.
//!
//! Everything else keeps its tokens. Mistakes are collected; lowering goes on after each.

mod borrow;
mod concurrent;
mod condition;
mod control;
mod escape;
mod expr;
mod inspect;
pub(crate) mod mentions;
mod order;
pub(crate) mod patterns;
pub(crate) mod scope;
pub(crate) mod step;
mod question;
mod stmt;

pub(crate) use inspect::Flow;

use super::{
    Carrier, Ends, Entry, Frame, FrameId, Info, Ir, Kind, ListId, Node, NodeId, Segment, SegmentId,
    VarId,
};
use crate::diagnostics::{Code, Errors};
use proc_macro2::Span;
use scope::Scopes;
use syn::{Block, Expr, FnArg, ItemFn, Pat, ReturnType, Stmt, Type, spanned::Spanned as _};

/// Makes the representation of a workflow's function.
pub(crate) fn lower(function: &ItemFn, errors: &mut Errors) -> Ir {
    let mut lower = Lower {
        ir: Ir::default(),
        errors,
        scopes: Scopes::new(),
        targets: Vec::new(),
        list: 0,
        frame: 0,
        nodes: 0,
        temporaries: 0,
    };
    lower.function(function);
    lower.ir
}

/// The state of lowering.
pub(crate) struct Lower<'e> {
    ir: Ir,
    errors: &'e mut Errors,
    scopes: Scopes,
    /// Loops and labelled blocks around, innermost last.
    targets: Vec<Target>,
    /// Where nodes are added.
    list: ListId,
    frame: FrameId,
    nodes: NodeId,
    temporaries: usize,
}

/// What `break` and `continue` go to.
struct Target {
    label: Option<String>,
    frame: FrameId,
    after: SegmentId,
    /// None for a labelled block.
    head: Option<SegmentId>,
    /// Where the value of `break` goes.
    value: Option<VarId>,
}

/// What becomes of the value of a control expression.
#[derive(Clone)]
enum To {
    /// It is dropped.
    Nothing,
    /// It goes to a variable, of this type if written.
    Value(VarId, Option<Box<Type>>),
    /// It is the value of the frame.
    Return,
}

impl Lower<'_> {
    fn function(&mut self, function: &ItemFn) {
        let ty = match &function.sig.output {
            ReturnType::Default => syn::parse_quote!(()),
            ReturnType::Type(_, ty) => (**ty).clone(),
        };
        let carrier = carrier(Some(&ty), &function.block);
        let body = question::written_out(&function.block, carrier);
        self.ir.frames.push(Frame { entry: 0, ends: Ends::Fails, carrier, ty: Some(ty) });
        let entry = self.segment(Entry::Begin(None));
        self.start(entry);
        self.scopes.push();
        for (position, input) in function.sig.inputs.iter().enumerate() {
            // the signature has been checked: other forms have been reported
            if let FnArg::Typed(typed) = input
                && let Pat::Ident(pat) = &*typed.pat
            {
                let var = self.parameter(position, pat);
                self.var_mut(var).ty = Some((*typed.ty).clone());
            }
        }
        self.ir.params = self.ir.vars.len();
        self.scopes.push();
        self.body(&body);
    }

    // ------------------------------------------------------------------ lists and segments

    fn new_list(&mut self) -> ListId {
        self.ir.lists.push(Vec::new());
        self.ir.lists.len() - 1
    }

    fn segment(&mut self, entry: Entry) -> SegmentId {
        let list = self.new_list();
        self.ir.segments.push(Segment { list, frame: self.frame, entry });
        self.ir.segments.len() - 1
    }

    /// Goes on in `segment`.
    fn start(&mut self, segment: SegmentId) {
        self.ir.order.push(segment);
        if let Some(segment) = self.ir.segments.get_mut(segment) {
            segment.frame = self.frame;
            self.list = segment.list;
        }
    }

    fn nodes_of(&mut self, list: ListId) -> &mut Vec<Node> {
        self.ir.lists.get_mut(list).expect("lists are made before they are filled")
    }

    /// Whether nothing after this point runs.
    fn is_dead(&self) -> bool {
        let nodes = self.ir.lists.get(self.list);
        nodes.and_then(|nodes| nodes.last()).is_some_and(|node| node.kind.terminates())
    }

    fn node_id(&mut self) -> NodeId {
        self.nodes += 1;
        self.nodes - 1
    }

    fn push_as(&mut self, id: NodeId, span: Span, kind: Kind) {
        if !self.is_dead() {
            let list = self.list;
            self.nodes_of(list).push(Node { id, span, kind });
        }
    }

    fn push(&mut self, span: Span, kind: Kind) -> NodeId {
        let id = self.node_id();
        self.push_as(id, span, kind);
        id
    }

    fn goto(&mut self, segment: SegmentId, span: Span) {
        self.push(span, Kind::Goto(segment));
    }

    // ------------------------------------------------------------------ frames

    /// The code of a frame: its tail is the frame's value.
    fn body(&mut self, block: &Block) {
        let (stmts, tail) = split(block);
        for stmt in stmts {
            self.stmt(stmt.clone());
        }
        match tail {
            Some(tail) => self.tail(tail),
            None => {
                let unit = syn::parse_quote_spanned!(block.brace_token.span.join()=> ());
                self.ret(unit);
            }
        }
    }

    /// Lowers `expr`, the value of the frame.
    fn tail(&mut self, expr: Expr) {
        if self.is_dead() {
            return;
        }
        let flow = Flow::of_expr(&expr);
        match expr {
            Expr::Paren(paren) if flow.is_control() => self.tail(*paren.expr),
            Expr::Block(block) if block.label.is_none() => {
                self.scoped(|lower| lower.body(&block.block));
            }
            Expr::If(_) | Expr::Match(_) if flow.is_control() || fails(&expr) => {
                self.control(expr, &To::Return);
            }
            Expr::Return(ret) => self.return_(ret),
            Expr::Break(_) | Expr::Continue(_) => self.jump(expr),
            expr if flow.is_control() => {
                let expr = self.expr(expr, step::Context::Returned);
                self.ret(expr);
            }
            expr => self.ret(expr),
        }
    }

    fn ret(&mut self, mut expr: Expr) {
        let info = self.escaped(&mut expr);
        let frame = self.frame;
        self.push(expr.span(), Kind::Ret { expr, info, frame });
    }

    fn return_(&mut self, ret: syn::ExprReturn) {
        let span = ret.return_token.span;
        self.tail(ret.expr.map_or_else(|| syn::parse_quote_spanned!(span=> ()), |expr| *expr));
    }

    /// Lowers a region of its own; gives its frame.
    fn in_frame(
        &mut self,
        frame: Frame,
        block: &Block,
        item: impl FnOnce(&mut Self) -> Option<VarId>,
    ) -> FrameId {
        let id = self.ir.frames.len();
        let (outer_frame, outer_list) = (self.frame, self.list);
        self.ir.frames.push(frame);
        self.frame = id;
        let entry = self.segment(Entry::Begin(None));
        self.start(entry);
        self.scopes.push();
        let item = item(self);
        if let Some(segment) = self.ir.segments.get_mut(entry) {
            segment.entry = Entry::Begin(item);
        }
        if let Some(frame) = self.ir.frames.get_mut(id) {
            frame.entry = entry;
        }
        self.scopes.push();
        self.body(block);
        self.scopes.pop();
        self.scopes.pop();
        (self.frame, self.list) = (outer_frame, outer_list);
        id
    }

    // ------------------------------------------------------------------ what fragments mention

    fn mentions(&mut self, visit: impl FnOnce(&mut mentions::Mentions<'_, '_>)) -> Info {
        let mut found = mentions::Mentions::new(self);
        visit(&mut found);
        let (info, foreign) = (found.info(), std::mem::take(&mut found.foreign));
        for (span, name) in foreign {
            self.errors
                .at(
                    span,
                    Code::Body,
                    format!(
                        "a concurrent branch can't change `{name}`, which belongs to the enclosing workflow"
                    ),
                )
                .help("return the value from the branch instead")
                .instead_of(proc_macro2::Ident::new(&name, span), crate::diagnostics::How::Hidden);
        }
        info
    }
}

/// A block's statements and its value.
fn split(block: &Block) -> (&[Stmt], Option<Expr>) {
    match block.stmts.split_last() {
        Some((Stmt::Expr(expr, None), rest)) => (rest, Some(expr.clone())),
        Some((Stmt::Macro(mac), rest)) if mac.semi_token.is_none() => {
            let expr = syn::ExprMacro { attrs: mac.attrs.clone(), mac: mac.mac.clone() };
            (rest, Some(Expr::Macro(expr)))
        }
        _ => (&block.stmts, None),
    }
}

/// What `?` in a frame of this type leaves it with.
fn carrier(ty: Option<&Type>, block: &Block) -> Carrier {
    let name = match ty {
        Some(Type::Path(path)) => path.path.segments.last().map(|last| last.ident.to_string()),
        _ => None,
    };
    match name {
        Some(name) if name.ends_with("Result") => Carrier::Result,
        Some(name) if name == "Option" => Carrier::Option,
        _ if Flow::of_block(block).tries => Carrier::Result,
        _ => Carrier::None,
    }
}

/// Whether a branch of `expr` plainly gives an `Err`: a failing end of the frame.
fn fails(expr: &Expr) -> bool {
    let of_block = |block: &Block| split(block).1.is_some_and(|tail| fails(&tail));
    match expr {
        Expr::Call(call) => mentions::plain(&call.func).is_some_and(|name| name == "Err"),
        Expr::Paren(paren) => fails(&paren.expr),
        Expr::Block(block) => of_block(&block.block),
        Expr::If(node) => {
            of_block(&node.then_branch)
                || node.else_branch.as_ref().is_some_and(|(_, els)| fails(els))
        }
        Expr::Match(node) => node.arms.iter().any(|arm| fails(&arm.body)),
        _ => false,
    }
}
