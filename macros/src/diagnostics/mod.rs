//! Mistakes of the user, collected: all of them are reported, each at its own tokens.

mod codes;
mod place;

pub(crate) use codes::Code;
pub(crate) use place::How;

use place::Place;
use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote_spanned};

/// First and last span of some tokens.
pub(crate) fn ends(tokens: impl ToTokens) -> (Span, Span) {
    let mut spans = tokens.into_token_stream().into_iter().map(|token| token.span());
    let first = spans.next().unwrap_or_else(Span::call_site);
    (first, spans.last().unwrap_or(first))
}

/// The mistakes found in one item.
#[derive(Debug, Default)]
pub(crate) struct Errors {
    found: Vec<Mistake>,
}

/// A mistake: where, which, what to do.
#[derive(Debug, Clone)]
pub(crate) struct Mistake {
    start: Span,
    end: Span,
    /// Which kind of mistake.
    pub(crate) code: Code,
    /// What is wrong, in lower case and without a full stop.
    pub(crate) text: String,
    /// What to do about it.
    pub(crate) help: Option<String>,
    /// Where it is told in the body.
    place: Option<Place>,
}

impl Errors {
    /// Adds a mistake at `tokens`.
    pub(crate) fn push(
        &mut self,
        tokens: impl ToTokens,
        code: Code,
        text: impl Into<String>,
    ) -> &mut Mistake {
        let (start, end) = ends(tokens);
        self.add(Mistake { start, end, code, text: text.into(), help: None, place: None })
    }

    /// Adds a mistake at a single span.
    pub(crate) fn at(&mut self, span: Span, code: Code, text: impl Into<String>) -> &mut Mistake {
        self.add(Mistake {
            start: span,
            end: span,
            code,
            text: text.into(),
            help: None,
            place: None,
        })
    }

    /// Adds the errors of `syn`.
    pub(crate) fn syntax(&mut self, error: syn::Error) {
        for each in error {
            self.at(each.span(), Code::Syntax, each.to_string());
        }
    }

    /// Whether there are none.
    pub(crate) fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// Tokens that make the compiler report every mistake.
    pub(crate) fn to_compile_errors(&self) -> TokenStream {
        self.found.iter().map(Mistake::to_compile_error).collect()
    }

    fn add(&mut self, mistake: Mistake) -> &mut Mistake {
        self.found.push_mut(mistake)
    }
}

impl Mistake {
    /// Says what to do.
    pub(crate) fn help(&mut self, text: impl Into<String>) -> &mut Self {
        self.help = Some(text.into());
        self
    }

    /// Tells it in the place of an expression.
    pub(crate) fn instead_of(&mut self, expr: impl ToTokens, how: How) -> &mut Self {
        self.place = Some(Place::of(expr, how));
        self
    }

    /// From its first token to its last.
    pub(crate) const fn spans(&self) -> (Span, Span) {
        (self.start, self.end)
    }

    /// The whole text: what is wrong, and below it what to do.
    pub(crate) fn message(&self) -> String {
        match self.help.as_deref().or_else(|| self.code.advice()) {
            Some(help) => format!("{}\n\nhelp: {help}", self.text),
            None => self.text.clone(),
        }
    }

    fn to_compile_error(&self) -> TokenStream {
        let message = self.message();
        self.compile_error(&quote_spanned!(self.end=> { #message }))
    }

    /// The same where an expression stands.
    fn to_expression(&self) -> TokenStream {
        let message = self.message();
        self.compile_error(&quote_spanned!(self.end=> (#message)))
    }

    // `start` and `end` are on the first and the last token, so that rustc marks all between
    fn compile_error(&self, arguments: &TokenStream) -> TokenStream {
        let path = quote_spanned!(self.start=> ::core::compile_error);
        quote_spanned!(self.start=> #path ! #arguments)
    }
}
