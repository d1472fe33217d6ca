//! Calls that have no exported form, and what belongs there instead.

use super::{ADVICE, Translator};
use crate::{
    diagnostics::{Code, How},
    ir::{Kind, lower::patterns},
};
use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::{Expr, ExprMethodCall, ExprPath, Pat, Path};

/// What to do about a call while its type is not known.
const AWAIT_OR_MOVE: &str = "if it calls a task or a workflow, write `.await` after it; if not, move it into a `#[task]`, or mark the workflow `#[workflow(export = false)]`";

const PRINTING: &[&str] = &["print", "println", "eprint", "eprintln", "dbg"];
const LOGGING: &[&str] = &["trace", "debug", "info", "warn", "error", "log", "event"];
const PANICKING: &[&str] =
    &["panic", "todo", "unimplemented", "unreachable", "assert", "assert_eq", "assert_ne"];

const CLOCKS: &[&str] =
    &["Instant", "SystemTime", "Utc", "Local", "Timestamp", "Zoned", "OffsetDateTime"];
const RANDOM: &[&str] =
    &["rand", "fastrand", "getrandom", "random", "thread_rng", "rng", "new_v4", "now_v7"];
const SHARED: &[&str] =
    &["Mutex", "RwLock", "RefCell", "Cell", "OnceCell", "OnceLock", "Rc", "Arc"];
const UNORDERED: &[&str] = &["HashMap", "HashSet"];
const OUTSIDE: &[&str] = &[
    "fs",
    "File",
    "env",
    "process",
    "Command",
    "net",
    "TcpStream",
    "UdpSocket",
    "thread",
    "io",
    "reqwest",
    "sqlx",
];

const CRATES: &[&str] = &["std", "tokio", "rand", "fastrand", "getrandom", "reqwest", "sqlx"];

/// What is wrong with a function that reaches outside the workflow, and what to do.
fn outside(path: &Path) -> Option<(String, &'static str)> {
    let names: Vec<String> = path.segments.iter().map(|part| part.ident.to_string()).collect();
    let shown = names.join("::");
    let has = |known: &[&str]| names.iter().any(|name| known.contains(&name.as_str()));
    let function = names.last()?;
    let found = if has(CLOCKS) && function.starts_with("now") {
        (
            format!("`{shown}` reads the clock, which an exported workflow can't"),
            "read it in a `#[task]` that returns the time; to wait, write `sleep(duration).await`",
        )
    } else if has(RANDOM) {
        (
            format!("`{shown}` gives something else each time, which an exported workflow can't"),
            "draw it in a `#[task]` that returns it",
        )
    } else if has(SHARED) {
        (
            format!("`{shown}` makes memory to share, which an exported workflow can't"),
            "keep plain values in variables; what tasks share, they are given with `#[state]`",
        )
    } else if has(UNORDERED) {
        (
            format!("`{shown}` has no order of its own, which an exported workflow needs"),
            "use a `BTreeMap` or a sorted `Vec`",
        )
    } else if has(OUTSIDE) {
        (
            format!("`{shown}` is a side effect, which an exported workflow can't have"),
            "call it in a `#[task]` that returns what it gives",
        )
    } else {
        return None;
    };
    Some(found)
}

/// Whether a path plainly names no task: it is of a type, or of a crate known to have none.
fn is_no_task(path: &Path) -> bool {
    let is_type = |name: &str| name.starts_with(char::is_uppercase);
    let owner = path.segments.iter().rev().nth(1).map(|owner| owner.ident.to_string());
    let first = path.segments.first().map(|first| first.ident.to_string());
    owner.is_some_and(|owner| is_type(&owner))
        || (path.segments.len() > 1 && first.is_some_and(|first| CRATES.contains(&&*first)))
}

impl Translator<'_> {
    /// A call of a function that is not known: its type says whether an `.await` is missing.
    pub(super) fn refuse_call(&mut self, path: &Path, call: &Expr) -> TokenStream {
        let name = path.segments.last().map(|last| last.ident.to_string()).unwrap_or_default();
        let (text, help) = match outside(path) {
            Some((text, help)) if is_no_task(path) => return self.refuse_with(path, &text, help),
            Some((text, help)) => (text, Some(help)),
            None => (format!("the function `{name}` has no exported form"), None),
        };
        let (maybe, help) = (help.unwrap_or(AWAIT_OR_MOVE), help.unwrap_or(ADVICE));
        self.refuse_by_type(path, &text, maybe, (call, How::Called(help)))
    }

    /// A method that is not known, or an option of a call that lacks its `.await`.
    pub(super) fn refuse_method(&mut self, node: &ExprMethodCall) -> TokenStream {
        let (method, call) = (&node.method, Expr::MethodCall(node.clone()));
        let text = format!("the method `{method}` has no exported form");
        self.refuse_by_type(method, &text, ADVICE, (&call, How::Called(ADVICE)))
    }

    /// A method of an iterator that is not known.
    pub(super) fn refuse_iterator(&mut self, node: &ExprMethodCall) -> TokenStream {
        let (method, call) = (&node.method, Expr::MethodCall(node.clone()));
        let text = format!("`{method}` of an iterator has no exported form");
        self.refuse_by_type(method, &text, ADVICE, (&call, How::Called(ADVICE)))
    }

    /// A path that names no variable, constant or variant.
    pub(super) fn refuse_path(&mut self, path: &ExprPath) -> TokenStream {
        let name = path.path.segments.last().map(|last| last.ident.to_string()).unwrap_or_default();
        let text = format!("`{name}` has no exported form");
        let whole = Expr::Path(path.clone());
        self.refuse_by_type(path, &text, ADVICE, (&whole, How::Called(ADVICE)))
    }

    /// Reports at `at` what the type of an expression may show to be another mistake.
    fn refuse_by_type(
        &mut self,
        at: impl ToTokens,
        text: &str,
        help: &str,
        (expr, how): (&Expr, How),
    ) -> TokenStream {
        self.errors.push(at, Code::Export, text).help(help).instead_of(expr, how);
        self.is_refused = true;
        quote!(__j::Term::literal(()))
    }

    /// Whether an expression reads what was refused where it was declared.
    pub(super) fn reads_refused(&self, expr: &Expr) -> bool {
        match expr {
            Expr::Path(path) => path
                .path
                .get_ident()
                .and_then(|name| self.lookup(name))
                .is_some_and(|place| self.refused.contains(&place)),
            Expr::MethodCall(node) => self.reads_refused(&node.receiver),
            Expr::Field(node) => self.reads_refused(&node.base),
            Expr::Index(node) => self.reads_refused(&node.expr),
            Expr::Paren(node) => self.reads_refused(&node.expr),
            Expr::Reference(node) => self.reads_refused(&node.expr),
            Expr::Unary(node) => self.reads_refused(&node.expr),
            Expr::Try(node) => self.reads_refused(&node.expr),
            _ => false,
        }
    }

    /// Whether a `let` names a call that is awaited elsewhere, where it is refused.
    pub(super) fn is_awaited_later(&self, pat: &Pat) -> bool {
        let Pat::Ident(pat) = pat else { return false };
        self.ir.lists.iter().flatten().any(|node| match &node.kind {
            Kind::Await(step) => {
                matches!(&step.expr, Expr::Path(path) if path.path.is_ident(&pat.ident))
            }
            _ => false,
        })
    }

    /// Remembers names whose value was refused.
    pub(super) fn declared_refused(&mut self, pat: &Pat) {
        for binding in patterns::of_pattern(pat) {
            self.refused.extend(self.lookup(&binding.ident));
        }
    }

    /// `?` on what is not awaited.
    pub(super) fn refuse_try(&mut self, node: &syn::ExprTry) -> TokenStream {
        let text = "`?` on a value that is not awaited has no exported form";
        let help = "use `match` or `let .. else` here, or move it into a `#[task]`";
        let whole = Expr::Try(node.clone());
        self.refuse_by_type(node.question_token, text, help, (&whole, How::Called(help)))
    }

    /// A `Result` whose side is not written. Of another type rustc says that it is none.
    pub(crate) fn refuse_result(&mut self, expr: &Expr) -> TokenStream {
        let text =
            "a `Result` that is not written as `Ok(..)` or `Err(..)` here has no exported form";
        let help = "write `Ok(value?)`, or match on it";
        self.refuse_by_type(expr, text, help, (expr, How::Returned))
    }

    pub(super) fn refuse_loop(&mut self, token: impl ToTokens) -> TokenStream {
        self.refuse_with(
            token,
            "a loop without a step in it has no exported form",
            "use an iterator chain, move the loop into a `#[task]`, or mark the workflow `#[workflow(export = false)]`",
        )
    }

    /// A macro that is not known.
    pub(super) fn refuse_macro(&mut self, path: &Path) -> TokenStream {
        let name = path.segments.last().map(|last| last.ident.to_string()).unwrap_or_default();
        let is = |known: &[&str]| known.contains(&name.as_str());
        let (what, help) = if is(PRINTING) {
            ("is a side effect, which an exported workflow can't have", "print in a `#[task]`")
        } else if is(LOGGING) {
            (
                "is a side effect, which an exported workflow can't have",
                "log in a `#[task]`; the history records every step by itself",
            )
        } else if is(PANICKING) {
            ("has no exported form: a state can't panic", "return an error instead")
        } else {
            ("has no exported form", ADVICE)
        };
        self.refuse_with(path, &format!("`{name}!` {what}"), help)
    }

    pub(crate) fn refuse_with(&mut self, at: impl ToTokens, text: &str, help: &str) -> TokenStream {
        self.errors.push(at, Code::Export, text).help(help);
        self.is_refused = true;
        quote!(__j::Term::literal(()))
    }
}
