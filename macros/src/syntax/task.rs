//! `#[task(..)]`: its options and its function.

use super::{
    args::{self, Opt, Value},
    signature::{self, Kind, Param},
};
use crate::diagnostics::{Code, Errors};
use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use std::time::Duration;
use syn::{ItemFn, Lit, Path, ext::IdentExt as _, parse2};

const OPTIONS: &[&str] =
    &["retry", "timeout", "heartbeat", "name", "blocking", "activity", "lambda"];
const RETRY_OPTIONS: &[&str] =
    &["on", "interval", "max_attempts", "backoff", "max_delay", "jitter"];

/// Error names of the language that a retrier may name.
const RESERVED: &[&str] =
    &["States.TaskFailed", "States.Timeout", "States.HeartbeatTimeout", "States.Permissions"];

/// A task as written.
pub(crate) struct Task {
    /// The function, without `#[state]` attributes.
    pub(crate) item: ItemFn,
    /// Its parameters.
    pub(crate) params: Vec<Param>,
    /// Its options.
    pub(crate) options: Options,
}

/// The options of a task.
#[derive(Default)]
pub(crate) struct Options {
    /// Name to run it by.
    pub(crate) name: Option<String>,
    /// Retriers, in order.
    pub(crate) retry: Vec<Retry>,
    /// Bounds each attempt.
    pub(crate) timeout: Option<Duration>,
    /// Longest silence between heartbeats.
    pub(crate) heartbeat: Option<Duration>,
    /// Runs off the async threads.
    pub(crate) blocking: bool,
    /// Where it runs, if fixed.
    pub(crate) binding: Binding,
}

/// Where a task runs.
#[derive(Default, PartialEq, Eq)]
pub(crate) enum Binding {
    #[default]
    Any,
    Activity,
    Lambda(String),
}

/// A retrier as written.
#[derive(Default)]
pub(crate) struct Retry {
    /// Errors; empty means any failure.
    pub(crate) on: Vec<On>,
    pub(crate) interval: Option<Duration>,
    pub(crate) max_attempts: Option<u32>,
    pub(crate) backoff: Option<f64>,
    pub(crate) max_delay: Option<Duration>,
    /// `full` or `none`.
    pub(crate) full_jitter: Option<bool>,
    span: Option<Span>,
}

/// An error that a retrier names.
pub(crate) enum On {
    /// A variant of the task's error, or one of its names.
    Variant(Ident),
    /// A name as text.
    Name(String),
}

/// Reads a task.
pub(crate) fn parse(attribute: TokenStream, mut item: ItemFn, errors: &mut Errors) -> Task {
    let options = options(attribute, errors);
    if options.blocking {
        if let Some(token) = &item.sig.asyncness {
            errors
                .push(token, Code::Signature, "a blocking task is a plain `fn`")
                .help("remove `async`, or remove `blocking`");
        }
    } else {
        signature::must_be_async(&mut item.sig, Kind::Task, errors);
    }
    signature::check(&item.sig, Kind::Task, errors);
    let params = signature::params(&mut item.sig, Kind::Task, errors);
    let contexts = params.iter().filter(|param| matches!(param.role, signature::Role::Context));
    if let Some(second) = contexts.map(|param| &param.ident).nth(1) {
        errors.push(second, Code::Signature, "a task has one context");
    }
    Task { item, params, options }
}

impl Task {
    /// The name it is run by.
    pub(crate) fn name(&self) -> String {
        self.options.name.clone().unwrap_or_else(|| self.item.sig.ident.unraw().to_string())
    }

    /// Whether its signature is sound, whatever is wrong with the options.
    pub(crate) fn can_be_called(&self) -> bool {
        let mut errors = Errors::default();
        signature::check(&self.item.sig, Kind::Task, &mut errors);
        let is_async = self.item.sig.asyncness.is_some();
        errors.is_empty()
            && is_async != self.options.blocking
            && self.params.len() == self.item.sig.inputs.len()
    }
}

fn options(attribute: TokenStream, errors: &mut Errors) -> Options {
    let mut found = Options::default();
    let (mut blocking, mut activity, mut lambda) = (None, None, None);
    let mut heartbeat_at = None;
    for opt in args::options(attribute, errors) {
        match opt.name.to_string().as_str() {
            "retry" => found.retry.extend(retry(&opt, errors)),
            "timeout" => {
                let value = opt.seconds(errors);
                args::once(&mut found.timeout, &opt, value, errors);
            }
            "heartbeat" => {
                heartbeat_at = Some(opt.value_span());
                let value = opt.seconds(errors);
                args::once(&mut found.heartbeat, &opt, value, errors);
            }
            "name" => {
                let value = name(&opt, errors);
                args::once(&mut found.name, &opt, value, errors);
            }
            "blocking" => {
                let value = opt.flag(errors).then_some(());
                args::once(&mut blocking, &opt, value, errors);
            }
            "activity" => {
                let value = opt.flag(errors).then_some(opt.name.clone());
                args::once(&mut activity, &opt, value, errors);
            }
            "lambda" => {
                let value = opt.text(errors).map(|function| (function, opt.name.clone()));
                args::once(&mut lambda, &opt, value, errors);
            }
            _ => args::unknown(&opt, "`#[task]`", OPTIONS, errors),
        }
    }
    found.blocking = blocking.is_some();
    found.binding = binding(activity, lambda, errors);
    check_heartbeat(&found, heartbeat_at, errors);
    check_order(&found.retry, errors);
    found
}

fn name(opt: &Opt, errors: &mut Errors) -> Option<String> {
    let name = opt.text(errors)?;
    if let Err(problem) = args::check_name(&name) {
        errors.push(opt.value_span(), Code::Value, format!("{name:?} can't be a name: {problem}"));
    }
    Some(name)
}

fn binding(
    activity: Option<Ident>,
    lambda: Option<(String, Ident)>,
    errors: &mut Errors,
) -> Binding {
    match (activity, lambda) {
        (Some(_), Some((_, name))) => {
            errors
                .push(name, Code::Option, "a task is an activity or a Lambda function, not both")
                .help("remove one; without either, the host and `export --tasks` choose");
            Binding::Activity
        }
        (Some(_), None) => Binding::Activity,
        (None, Some((function, _))) => Binding::Lambda(function),
        (None, None) => Binding::Any,
    }
}

fn check_heartbeat(options: &Options, at: Option<TokenStream>, errors: &mut Errors) {
    let (Some(heartbeat), Some(timeout), Some(at)) = (options.heartbeat, options.timeout, at)
    else {
        return;
    };
    if heartbeat >= timeout {
        errors
            .push(at, Code::Value, "the heartbeat must be shorter than the timeout")
            .help("the task would time out before a missing heartbeat is noticed");
    }
}

/// Retriers that can never be reached.
fn check_order(retry: &[Retry], errors: &mut Errors) {
    let mut seen: Vec<String> = Vec::new();
    let mut any = false;
    for each in retry {
        if any {
            let span = each.span.unwrap_or_else(Span::call_site);
            errors
                .at(span, Code::Option, "this `retry` is never reached")
                .help("the one before it has no `on` and takes every failure: put it last");
            return;
        }
        for on in &each.on {
            let (name, tokens) = match on {
                On::Variant(ident) => (ident.to_string(), ident.span()),
                On::Name(name) => (name.clone(), each.span.unwrap_or_else(Span::call_site)),
            };
            if seen.contains(&name) {
                errors
                    .at(tokens, Code::Option, format!("`{name}` is retried twice"))
                    .help("the first `retry` that names an error decides");
            }
            seen.push(name);
        }
        any = each.on.is_empty();
    }
}

fn retry(opt: &Opt, errors: &mut Errors) -> Option<Retry> {
    match &opt.value {
        Value::Eq(_) => opt.count(errors).map(|times| Retry {
            max_attempts: Some(times),
            span: Some(opt.name.span()),
            ..Retry::default()
        }),
        Value::None => {
            errors.push(&opt.name, Code::Option, "`retry` needs a value").help(
                "write `retry = 3`, or `retry(on = [Name], interval = \"2s\", max_attempts = 5)`",
            );
            None
        }
        Value::List(tokens, span) => Some(retrier(tokens.clone(), *span, errors)),
    }
}

fn retrier(tokens: TokenStream, span: Span, errors: &mut Errors) -> Retry {
    let mut found = Retry { span: Some(span), ..Retry::default() };
    let mut on = None;
    let mut max_delay_at = None;
    for opt in args::options(tokens, errors) {
        match opt.name.to_string().as_str() {
            "on" => {
                let value = names(&opt, errors);
                args::once(&mut on, &opt, value, errors);
            }
            "interval" => {
                let value = opt.seconds(errors);
                args::once(&mut found.interval, &opt, value, errors);
            }
            "max_attempts" => {
                let value = opt.count(errors);
                args::once(&mut found.max_attempts, &opt, value, errors);
            }
            "backoff" => {
                let value = opt.factor(errors);
                args::once(&mut found.backoff, &opt, value, errors);
            }
            "max_delay" => {
                max_delay_at = Some(opt.value_span());
                let value = opt.seconds(errors);
                args::once(&mut found.max_delay, &opt, value, errors);
            }
            "jitter" => {
                let value = jitter(&opt, errors);
                args::once(&mut found.full_jitter, &opt, value, errors);
            }
            _ => args::unknown(&opt, "`retry`", RETRY_OPTIONS, errors),
        }
    }
    found.on = on.unwrap_or_default();
    let interval = found.interval.unwrap_or(Duration::from_secs(1));
    if let (Some(limit), Some(at)) = (found.max_delay, max_delay_at)
        && limit <= interval
    {
        errors
            .push(at, Code::Value, "`max_delay` must be longer than `interval`")
            .help("the first pause would already be over the limit");
    }
    found
}

fn jitter(opt: &Opt, errors: &mut Errors) -> Option<bool> {
    let text = match &opt.value {
        Value::Eq(tokens) => tokens.to_string(),
        Value::None | Value::List(..) => String::new(),
    };
    match text.trim_matches('"') {
        "full" => Some(true),
        "none" => Some(false),
        _ => opt.wrong("`full` or `none`", errors),
    }
}

fn names(opt: &Opt, errors: &mut Errors) -> Option<Vec<On>> {
    let group = match &opt.value {
        Value::Eq(tokens) => match tokens.clone().into_iter().next() {
            Some(TokenTree::Group(group)) if tokens.clone().into_iter().count() == 1 => group,
            _ => {
                return opt
                    .wrong("a list of errors, as `[GatewayDown, \"States.Timeout\"]`", errors);
            }
        },
        Value::None | Value::List(..) => {
            return opt
                .wrong("a list of errors, as `on = [GatewayDown, \"States.Timeout\"]`", errors);
        }
    };
    let parts = args::split(group.stream());
    if parts.is_empty() {
        errors
            .push(&group, Code::Value, "`on` names no error")
            .help("leave `on` out to retry every failure");
        return None;
    }
    Some(parts.into_iter().filter_map(|part| on(part.into_iter().collect(), errors)).collect())
}

fn on(tokens: TokenStream, errors: &mut Errors) -> Option<On> {
    if let Ok(Lit::Str(text)) = parse2::<Lit>(tokens.clone()) {
        let name = text.value();
        reserved(&name, &tokens, errors)?;
        return Some(On::Name(name));
    }
    match parse2::<Path>(tokens.clone()) {
        Ok(path) => path.segments.last().map(|last| On::Variant(last.ident.clone())),
        Err(_) => {
            errors
                .push(tokens, Code::Value, "expected an error's name")
                .help("name a variant of the task's error type, or give a name as text: `\"States.Timeout\"`");
            None
        }
    }
}

/// Checks a name given as text.
fn reserved(name: &str, tokens: &TokenStream, errors: &mut Errors) -> Option<()> {
    let list = RESERVED.iter().map(|name| format!("{name:?}")).collect::<Vec<_>>().join(", ");
    if name == "States.ALL" {
        errors
            .push(tokens, Code::Value, "`States.ALL` would also retry failing expressions")
            .help("leave `on` out to retry every failure of the task and every timeout");
        return None;
    }
    if name.starts_with("States.") && !RESERVED.contains(&name) {
        errors
            .push(
                tokens,
                Code::Value,
                format!("{name:?} is no error that a task can be retried on"),
            )
            .help(format!("the reserved names are {list}"));
        return None;
    }
    if name.is_empty() || name.len() > 256 {
        errors.push(tokens, Code::Value, "an error name has 1 to 256 characters");
        return None;
    }
    Some(())
}
