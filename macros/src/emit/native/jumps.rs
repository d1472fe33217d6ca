//! How native code leaves a segment: jumps, and the ends of frames.

use super::{Native, krate, number, ret_io, stores::State};
use crate::emit::checked;
use crate::ir::{Carrier, Ends, FrameId, Vars};
use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::{
    Expr, LitInt, Macro, Stmt, Token,
    parse::ParseStream,
    spanned::Spanned as _,
    visit_mut::{self, VisitMut},
};

impl Native<'_> {
    /// `return` of an action, as the frame's `?` wants it.
    pub(super) fn done(&self, action: &TokenStream) -> TokenStream {
        match self.carrier() {
            Carrier::None => quote!(return #action;),
            Carrier::Result => quote!(return ::core::result::Result::Ok(#action);),
            Carrier::Option => quote!(return ::core::option::Option::Some(#action);),
        }
    }
}

/// Ends the frame with a value.
pub(super) fn leave(
    native: &Native<'_>,
    frame_id: FrameId,
    value: &TokenStream,
    span: Span,
) -> TokenStream {
    // a value of what `?` is short for has the macro's own names, which do not see `__run`
    let span = span.resolved_at(Span::call_site());
    let io = ret_io(frame_id, span);
    let Some(frame) = native.ir.frames.get(frame_id) else { return TokenStream::new() };
    let (krate, returned) = (krate(), frame_id == 0);
    // of a value that the workflow returns the body says whether its type is right
    let ty = frame.ty.as_ref().filter(|_| !returned).map(|ty| quote!(: #ty));
    let bind = quote_spanned!(span=> let __value #ty = #value;);
    let end = match frame.ends {
        Ends::Fails if returned => {
            quote_spanned!(span=> (&#krate::Matching(&#io, &__value)).end(__run))
        }
        Ends::Fails => quote_spanned!(span=> #io.end(__run, &__value)),
        Ends::Data => quote_spanned!(span=> #io.end_as_data(__run, &__value)),
    };
    let done = native.done(&end);
    quote!(#bind #done)
}

/// Replaces the jumps that lowering left in native loops.
struct Jumps<'n, 'a> {
    native: &'n Native<'a>,
    state: &'n State,
}

pub(super) fn replace_in_expr(native: &Native<'_>, expr: &mut Expr, state: &State) {
    Jumps { native, state }.visit_expr_mut(expr);
    if native.settings.export {
        checked::expr(expr);
    }
}

pub(super) fn replace_in_stmt(native: &Native<'_>, stmt: &mut Stmt, state: &State) {
    Jumps { native, state }.visit_stmt_mut(stmt);
    if native.settings.export {
        checked::stmt(stmt);
    }
}

impl Jumps<'_, '_> {
    fn replaced(&self, mac: &Macro) -> Option<Expr> {
        let code = if mac.path.is_ident("__goto") {
            let (to, var) = mac.parse_body_with(parse_goto).ok()?;
            let mut state = self.state.clone();
            state.dirty.extend(var);
            let alive: Vars = self.native.live.at(to).clone();
            let save = self.native.save(&alive, &state);
            let (krate, to) = (krate(), number(to));
            let done = self.native.done(&quote!(#krate::Action::Goto(#to)));
            quote!({ #save #done })
        } else if mac.path.is_ident("__leave") {
            let (frame, value) = mac.parse_body_with(parse_leave).ok()?;
            let leave = leave(self.native, frame, &quote!(#value), value.span());
            quote!({ #leave })
        } else {
            return None;
        };
        syn::parse2(code).ok()
    }
}

impl VisitMut for Jumps<'_, '_> {
    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        if let Expr::Macro(mac) = expr
            && let Some(code) = self.replaced(&mac.mac)
        {
            *expr = code;
            // the value of a `return` may hold another jump
            return visit_mut::visit_expr_mut(self, expr);
        }
        visit_mut::visit_expr_mut(self, expr);
    }

    fn visit_stmt_mut(&mut self, stmt: &mut Stmt) {
        if let Stmt::Macro(mac) = stmt
            && let Some(code) = self.replaced(&mac.mac)
        {
            *stmt = Stmt::Expr(code, mac.semi_token);
        }
        visit_mut::visit_stmt_mut(self, stmt);
    }
}

fn parse_goto(input: ParseStream<'_>) -> syn::Result<(usize, Option<usize>)> {
    let to = input.parse::<LitInt>()?.base10_parse()?;
    let var = match input.parse::<Option<Token![,]>>()? {
        Some(_) => Some(input.parse::<LitInt>()?.base10_parse()?),
        None => None,
    };
    Ok((to, var))
}

fn parse_leave(input: ParseStream<'_>) -> syn::Result<(FrameId, Expr)> {
    let frame = input.parse::<LitInt>()?.base10_parse()?;
    input.parse::<Token![,]>()?;
    Ok((frame, input.parse()?))
}
