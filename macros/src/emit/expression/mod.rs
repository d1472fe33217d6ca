//! Pure Rust to terms: each fragment becomes Rust code that constructs its JSONata.
//!
//! A variable of the workflow is the Rust local `__vN` there, a local of the fragment `__lN`; an
//! assignment shadows it. So the same code serves wherever the variables have other terms. Where
//! the text depends on a type, a *witness* `__kN` is bound in dead code and asked afterwards.

mod block;
mod call;
mod chain;
mod fold;
mod method;
mod operator;
mod pattern;
mod place;
mod refused;
mod some;

pub(crate) use block::{Condition, either, merged, test_of};

use crate::{
    diagnostics::Errors,
    ir::{Carrier, Info, Ir, VarId, awaited},
};
use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use std::collections::BTreeSet;
use syn::{Expr, ExprLit, ExprPath, Lit, Member, UnOp, spanned::Spanned as _};

/// What to do about an expression without an exported form.
const ADVICE: &str = "move it into a `#[task]`, or mark the workflow `#[workflow(export = false)]`";

/// Translates the fragments of one workflow.
pub(crate) struct Translator<'a> {
    ir: &'a Ir,
    errors: &'a mut Errors,
    /// What the fragment mentions.
    info: Info,
    /// Witnesses so far.
    count: usize,
    /// Locals so far.
    locals: usize,
    /// `let __kN = ..;`.
    declarations: TokenStream,
    /// Dead code for the place that is being translated, innermost last.
    dead: Vec<Vec<TokenStream>>,
    /// Names of the fragment's own, innermost last.
    scopes: Vec<Vec<(String, Ident)>>,
    /// Rust locals of what was refused where it was declared: more about it would only follow.
    refused: BTreeSet<Ident>,
    /// Whether something was refused in the expression that is being translated.
    is_refused: bool,
}

/// The Rust local with the term of a variable.
pub(crate) fn place_of(var: VarId) -> Ident {
    format_ident!("__v{var}", span = Span::mixed_site())
}

impl<'a> Translator<'a> {
    pub(crate) fn new(ir: &'a Ir, errors: &'a mut Errors) -> Self {
        Self {
            ir,
            errors,
            info: Info::default(),
            count: 0,
            locals: 0,
            declarations: TokenStream::new(),
            dead: Vec::new(),
            scopes: Vec::new(),
            refused: BTreeSet::new(),
            is_refused: false,
        }
    }

    /// The declarations of all witnesses.
    pub(crate) fn finish(self) -> TokenStream {
        self.declarations
    }

    /// Translates a fragment that mentions `info`; gives its code and the dead code before it.
    pub(crate) fn fragment<T>(
        &mut self,
        info: &Info,
        translate: impl FnOnce(&mut Self) -> T,
    ) -> (T, TokenStream) {
        self.info = info.clone();
        self.is_refused = false;
        if info.leaves {
            // Reported where the `?` or `return` stands.
        }
        self.dead.push(Vec::new());
        self.scopes.push(Vec::new());
        let code = translate(self);
        self.scopes.pop();
        let dead = self.dead.pop().unwrap_or_default();
        (code, dead_code(&dead))
    }

    /// Reports something without an exported form.
    pub(crate) fn refuse(&mut self, at: impl ToTokens, what: impl AsRef<str>) -> TokenStream {
        self.refuse_with(at, &format!("{} has no exported form", what.as_ref()), ADVICE)
    }

    // ------------------------------------------------------------------ witnesses

    /// A witness of the type of `expr`.
    pub(crate) fn one(&mut self, expr: &Expr) -> TokenStream {
        self.one_at(expr, expr.span())
    }

    /// The same; a type without a form is reported at `span`.
    fn one_at(&mut self, expr: &Expr, span: Span) -> TokenStream {
        let witness = self.witness(&quote!(one), span);
        let bind = quote_spanned!(expr.span()=> #witness.bind(&(#expr)););
        self.bind(bind);
        asked(&witness)
    }

    /// A witness of what a field is read of. A local with a written type needs no borrow, which a
    /// value that was moved out of in part would not give.
    fn subject(&mut self, base: &Expr) -> TokenStream {
        if let Expr::Path(path) = base
            && let Some(name) = path.path.get_ident()
            && let Some(var) = self.ir.resolve(&self.info, name)
            && self.lookup(name) == Some(place_of(var))
            && let Some(ty) = self.ir.vars.get(var).and_then(|var| var.ty.as_ref())
        {
            return quote!(&__j::witness::one::<#ty>());
        }
        self.one(base)
    }

    /// A witness of the types of two sides; of one, where both have the same type. That one is
    /// named once, for it may be moved there.
    fn pair(&mut self, left: &Expr, right: Option<&Expr>, span: Span) -> TokenStream {
        let witness = self.witness(&quote!(pair), span);
        let bind = match right {
            Some(right) => quote_spanned!(span=> #witness.bind(&(#left), &(#right));),
            None => quote_spanned!(span=> #witness.both(&(#left));),
        };
        self.bind(bind);
        asked(&witness)
    }

    fn witness(&mut self, kind: &TokenStream, span: Span) -> Ident {
        self.count += 1;
        let witness =
            format_ident!("__k{}", self.count, span = span.resolved_at(Span::mixed_site()));
        self.declarations.extend(quote! {
            let #witness = ::stepwright::__private::workflow::jsonata::witness::#kind();
        });
        witness
    }

    fn bind(&mut self, tokens: TokenStream) {
        if let Some(dead) = self.dead.last_mut() {
            dead.push(tokens);
        }
    }

    // ------------------------------------------------------------------ names

    /// A new local of the fragment.
    fn local(&mut self) -> Ident {
        self.locals += 1;
        format_ident!("__l{}", self.locals, span = Span::mixed_site())
    }

    /// The Rust local that a name of the fragment has from now on: the variable's if it declares
    /// one.
    fn declare(&mut self, name: &Ident, declared: &[VarId]) -> Ident {
        let var = declared
            .iter()
            .find(|var| self.ir.vars.get(**var).is_some_and(|var| var.ident == *name));
        let place = match var {
            Some(var) => place_of(*var),
            None => self.local(),
        };
        if let Some(scope) = self.scopes.last_mut() {
            scope.push((name.to_string(), place.clone()));
        }
        place
    }

    /// The Rust local of a name, if it is a local of the workflow or the fragment.
    fn lookup(&self, name: &Ident) -> Option<Ident> {
        let text = name.to_string();
        let own = self.scopes.iter().rev().flat_map(|scope| scope.iter().rev());
        own.into_iter()
            .find(|(known, _)| *known == text)
            .map(|(_, place)| place.clone())
            .or_else(|| self.ir.resolve(&self.info, name).map(place_of))
            .or_else(|| self.ir.placeholder(name).map(place_of))
    }

    pub(crate) fn scoped<T>(&mut self, inside: impl FnOnce(&mut Self) -> T) -> T {
        self.scopes.push(Vec::new());
        let value = inside(self);
        self.scopes.pop();
        value
    }

    // ------------------------------------------------------------------ expressions

    /// The term of an expression. One with a part that was refused has none: what is asked of it
    /// would only follow from that.
    pub(crate) fn expr(&mut self, expr: &mut Expr) -> TokenStream {
        let around = std::mem::take(&mut self.is_refused);
        let term = self.term(expr);
        let is_refused = std::mem::replace(&mut self.is_refused, around);
        self.is_refused |= is_refused;
        if is_refused { quote!(__j::Term::literal(())) } else { term }
    }

    fn term(&mut self, expr: &mut Expr) -> TokenStream {
        if let Some(var) = awaited(expr).and_then(|ident| self.ir.placeholder(ident)) {
            let place = place_of(var);
            return quote!(#place.clone());
        }
        match expr {
            Expr::Lit(literal) => self.literal(literal),
            Expr::Path(path) => self.path(path),
            Expr::Paren(inner) => self.expr(&mut inner.expr),
            Expr::Group(inner) => self.expr(&mut inner.expr),
            Expr::Reference(inner) if inner.mutability.is_none() => self.expr(&mut inner.expr),
            Expr::Reference(node) => self.refuse_with(
                &*node,
                "a `&mut` borrow has no exported form",
                "change the variable itself, let a function return the new value, or mark the workflow `#[workflow(export = false)]`",
            ),
            Expr::Field(field) => {
                let witness = self.subject(&field.base);
                let base = self.expr(&mut field.base);
                match &field.member {
                    Member::Named(name) => {
                        let name = name.to_string();
                        let name = name.trim_start_matches("r#");
                        quote!(__j::data::field(#witness, &#base, #name))
                    }
                    Member::Unnamed(index) => {
                        let position = u64::from(index.index);
                        quote!(__j::data::element(#witness, &#base, #position))
                    }
                }
            }
            Expr::Index(node) => {
                let witness = self.one(&node.expr);
                let (list, index) = (self.expr(&mut node.expr), self.expr(&mut node.index));
                quote!(__j::list::index(#witness, &#list, &#index))
            }
            Expr::Unary(node) => self.unary(node),
            Expr::Binary(node) => self.binary(node),
            Expr::Cast(node) => self.cast(node),
            Expr::MethodCall(node) => self.method(node),
            Expr::Call(node) => self.call(node),
            Expr::Struct(node) => self.record(node),
            Expr::Tuple(node) if node.elems.is_empty() => quote!(__j::Term::literal(())),
            Expr::Tuple(node) => self.array(node.elems.iter_mut()),
            Expr::Array(node) => self.array(node.elems.iter_mut()),
            Expr::If(_) | Expr::Match(_) | Expr::Block(_) => self.branch_value(expr),
            Expr::Try(node) if self.leaves_with_option() => self.refuse_with(
                node.question_token,
                "`?` on an `Option` has no exported form",
                "write `let Some(value) = .. else { return None };`",
            ),
            Expr::Try(node) if awaited(&node.expr).is_some() => self.expr(&mut node.expr),
            Expr::Try(node) => self.refuse_try(node),
            Expr::Macro(node) => self.macro_call(&mut node.mac),
            Expr::Let(node) => self.refuse(node.let_token, "a `let` here"),
            Expr::Closure(node) => self.refuse(node.inputs_begin, "a closure here"),
            Expr::Assign(node) => self.refuse(node.eq_token, "an assignment inside an expression"),
            Expr::ForLoop(node) => self.refuse_loop(node.for_token),
            Expr::While(node) => self.refuse_loop(node.while_token),
            Expr::Loop(node) => self.refuse_loop(node.loop_token),
            other => self.refuse(&*other, "this expression"),
        }
    }

    /// Whether `?` leaves the workflow with `None`: its `None` is a value, which no state fails with.
    fn leaves_with_option(&self) -> bool {
        self.ir.frames.first().is_some_and(|frame| frame.carrier == Carrier::Option)
    }

    fn literal(&mut self, node: &ExprLit) -> TokenStream {
        match &node.lit {
            Lit::Int(number) => match number.base10_parse::<i64>() {
                _ if number.suffix().starts_with('f') => {
                    self.float(number.base10_digits(), number.suffix(), node)
                }
                Ok(value) if value <= 9_007_199_254_740_991 => quote!(__j::Term::literal(#value)),
                _ => self.refuse_with(
                    node,
                    "this number has no exact JSON: exported workflows count to 2^53 - 1",
                    "use a string, or mark the workflow `#[workflow(export = false)]`",
                ),
            },
            Lit::Float(number) => self.float(number.base10_digits(), number.suffix(), node),
            Lit::Bool(value) => {
                let value = value.value;
                quote!(__j::Term::literal(#value))
            }
            Lit::Str(text) => {
                let text = text.value();
                quote!(__j::Term::literal(#text))
            }
            Lit::Char(letter) => {
                let text = letter.value().to_string();
                quote!(__j::Term::literal(#text))
            }
            _ => self.refuse(node, "this literal"),
        }
    }

    fn float(&mut self, digits: &str, suffix: &str, node: &ExprLit) -> TokenStream {
        // an `f32` is written in its own digits
        let short = digits.parse::<f32>().map(|value| value.to_string());
        let digits = if suffix == "f32" { short.as_deref().unwrap_or(digits) } else { digits };
        match digits.parse::<f64>() {
            Ok(value) if value.is_finite() => quote!(__j::Term::literal(#value)),
            _ => self.refuse(node, "this number"),
        }
    }

    fn path(&mut self, path: &ExprPath) -> TokenStream {
        if let Some(name) = path.path.get_ident() {
            if let Some(place) = self.lookup(name) {
                self.is_refused |= self.refused.contains(&place);
                return quote!(#place.clone());
            }
            if name == "None" {
                return quote!(__j::Term::literal(()));
            }
        }
        let Some(last) = path.path.segments.last() else { return quote!(__j::Term::literal(())) };
        if is_unbounded(&path.path) {
            return self.refuse_with(
                path,
                "JSON has no such number: an exported workflow can't keep it, or compute with it",
                "begin with `f64::MAX` or `f64::MIN`, or with an `Option`",
            );
        }
        if is_constant(&last.ident) {
            return quote!(__j::constant(&#path));
        }
        match pattern::enum_of(&path.path) {
            Some(ty) => {
                let name = last.ident.to_string();
                quote!(__j::data::variant_of::<#ty>(#name, __j::data::Payload::Unit))
            }
            None => self.refuse_path(path),
        }
    }

    /// `[a, b]` and `(a, b)`: items that are arrays must be known.
    fn array<'e>(&mut self, items: impl Iterator<Item = &'e mut Expr>) -> TokenStream {
        let items: Vec<TokenStream> = items
            .map(|item| {
                let look = self.look(item);
                let term = self.expr(item);
                quote!((#term, #look))
            })
            .collect();
        quote!(__j::list::array_of(::std::vec![#(#items),*]))
    }

    /// How the JSON of an item looks: by syntax where its type alone would say too little.
    fn look(&mut self, item: &Expr) -> TokenStream {
        let name = match item {
            Expr::Paren(inner) => return self.look(&inner.expr),
            Expr::Reference(inner) => return self.look(&inner.expr),
            Expr::Unary(node) if matches!(node.op, UnOp::Deref(_)) => return self.look(&node.expr),
            // operators give numbers, texts and booleans
            Expr::Lit(_) | Expr::Struct(_) | Expr::Binary(_) | Expr::Unary(_) | Expr::Cast(_) => {
                "Opaque"
            }
            Expr::Array(_) | Expr::Tuple(_) => "List",
            Expr::Macro(node) if node.mac.path.is_ident("vec") => "List",
            Expr::Macro(_) => "Text",
            Expr::Path(path) if path.path.is_ident("None") => "Opaque",
            Expr::MethodCall(node) if node.method == "collect" => "List",
            Expr::MethodCall(node) if node.method == "into" => return self.look(&node.receiver),
            Expr::Call(node) => match &*node.func {
                Expr::Path(path) if path.path.is_ident("Some") => {
                    return node
                        .args
                        .first()
                        .map_or_else(TokenStream::new, |inner| self.look(inner));
                }
                Expr::Path(path) => {
                    let owner = path.path.segments.first().map(|first| first.ident.to_string());
                    let owner = owner.unwrap_or_default();
                    if path.path.get_ident().is_some() && owner.starts_with(char::is_uppercase) {
                        // a tuple struct may be an array
                        return quote!(__j::list::look(&__j::witness::one::<#path>()));
                    }
                    if owner == "Vec" { "List" } else { "Opaque" }
                }
                _ => "Opaque",
            },
            _ => {
                let witness = self.one(item);
                return quote!(__j::list::look(#witness));
            }
        };
        let name = format_ident!("{name}");
        if name == "List" {
            quote!(__j::look::Look::List(&__j::look::Look::Opaque))
        } else {
            quote!(__j::look::Look::#name)
        }
    }
}

/// The witness as an argument: its span is the user's, where rustc reports a type without a form.
fn asked(witness: &Ident) -> TokenStream {
    quote_spanned!(witness.span()=> &#witness)
}

/// Whether an ident names a constant, by the rules of names.
pub(crate) fn is_constant(ident: &Ident) -> bool {
    let name = ident.to_string();
    name.starts_with(char::is_uppercase) && !name.contains(char::is_lowercase)
}

/// Whether a path names a float without JSON, as `f64::INFINITY` does.
fn is_unbounded(path: &syn::Path) -> bool {
    let mut names = path.segments.iter().rev().map(|segment| segment.ident.to_string());
    let name = names.next().unwrap_or_default();
    matches!(name.as_str(), "INFINITY" | "NEG_INFINITY" | "NAN")
        && names.next().is_some_and(|ty| matches!(ty.as_str(), "f32" | "f64"))
}

/// Code that is never run but typed. Each statement stands alone: one may move what another
/// borrows.
pub(crate) fn dead_code(statements: &[TokenStream]) -> TokenStream {
    statements.iter().map(|statement| quote!(if false { #statement loop {} })).collect()
}
