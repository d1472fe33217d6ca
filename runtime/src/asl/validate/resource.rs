//! Tasks: what they call, whether it can be called that way, and what the call needs.

use super::super::{
    Code, Diagnostic, MachineType, QueryLanguage, Task, Template, diagnostic::below, nearest,
    parse::is_placeholder,
};
use super::{Site, integrations};

/// What a Resource names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Resource<'d> {
    /// It, or a part of it, is replaced when the machine is deployed.
    Substituted,
    /// A service, called in a certain way.
    Integration {
        /// Such as `sqs`, or `aws-sdk:s3`.
        service: &'d str,
        /// Such as `sendMessage`.
        action: &'d str,
        pattern: Pattern,
    },
    Activity,
    Function,
    /// An ARN of something else.
    Other,
    /// No ARN.
    Malformed,
}

/// How a service is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pattern {
    /// Its answer is the result.
    Request,
    /// The job that it starts is waited for: `.sync`, or `.sync:2`.
    Job { second: bool },
    /// Someone with the task's token answers: `.waitForTaskToken`.
    Token,
}

impl Pattern {
    /// What is written behind the action.
    fn suffix(self) -> &'static str {
        match self {
            Self::Request => "",
            Self::Job { second: false } => ".sync",
            Self::Job { second: true } => ".sync:2",
            Self::Token => ".waitForTaskToken",
        }
    }
}

impl<'d> Resource<'d> {
    pub(super) fn of(text: &'d str) -> Self {
        if is_placeholder(text) || (text.starts_with("arn:") && text.contains("${")) {
            return Self::Substituted;
        }
        let parts: Vec<_> = text.splitn(6, ':').collect();
        let ["arn", partition, service, region, account, rest] = parts.as_slice() else {
            return Self::Malformed;
        };
        if partition.is_empty() || rest.is_empty() || text.contains(char::is_whitespace) {
            return Self::Malformed;
        }
        match *service {
            "states" if rest.starts_with("activity:") => Self::Activity,
            "states" if region.is_empty() && account.is_empty() => Self::integration(rest),
            "lambda" if rest.starts_with("function:") => Self::Function,
            "" => Self::Malformed,
            _ => Self::Other,
        }
    }

    fn integration(rest: &'d str) -> Self {
        let patterns =
            [Pattern::Job { second: false }, Pattern::Job { second: true }, Pattern::Token];
        let found = patterns
            .into_iter()
            .find_map(|pattern| Some((rest.strip_suffix(pattern.suffix())?, pattern)));
        let (called, pattern) = found.unwrap_or((rest, Pattern::Request));
        match called.rsplit_once(':') {
            Some((service, action)) => Self::Integration { service, action, pattern },
            None => Self::Malformed,
        }
    }
}

/// Checks what a Task calls.
pub(super) fn check(
    task: &Task,
    site: Site<'_, '_>,
    kind: MachineType,
    found: &mut Vec<Diagnostic>,
) {
    let at = below(site.at, "Resource");
    let resource = Resource::of(&task.resource);
    match resource {
        Resource::Malformed => {
            let message = format!("`{}` is not an ARN", task.resource);
            let help =
                "a Resource is a constant; what varies goes into `Arguments` or `Parameters`";
            found.push(Diagnostic::new(Code::ResourceNotConstant, at, message).help(help));
        }
        Resource::Other => {
            let message = format!("a Task cannot call `{}`", task.resource);
            let help =
                "it calls a Lambda function, an activity, or `arn:aws:states:::service:action`";
            found.push(Diagnostic::new(Code::UnknownIntegration, at, message).help(help));
        }
        Resource::Activity if kind == MachineType::Express => {
            let message = "an express machine has no activities";
            let finding = Diagnostic::new(Code::Express, at, message).naming(["activity"]);
            found.push(finding.help("call a Lambda function, or make the machine a standard one"));
        }
        Resource::Integration { service, action, pattern } => {
            let call = Call { service, action, pattern };
            call.check(kind, task, &at, found);
            arguments(task, &call, site, found);
        }
        Resource::Substituted | Resource::Activity | Resource::Function => {}
    }
    credentials(task, resource, site.at, found);
}

/// A call of a service.
struct Call<'d> {
    service: &'d str,
    action: &'d str,
    pattern: Pattern,
}

impl Call<'_> {
    fn check(&self, kind: MachineType, task: &Task, at: &str, found: &mut Vec<Diagnostic>) {
        let Self { service, action, pattern } = *self;
        let mut warn = |message: String, help: Option<String>| {
            let finding = Diagnostic::new(Code::UnknownIntegration, at, message);
            found.push(match help {
                Some(help) => finding.help(help),
                None => finding,
            });
        };
        if let Some(api) = service.strip_prefix("aws-sdk:") {
            let is_lower = |name: &str| name.starts_with(|c: char| c.is_ascii_lowercase());
            if !is_lower(api) || !is_lower(action) {
                let help = "service and action begin with small letters: `aws-sdk:s3:listBuckets`";
                warn(format!("`{service}:{action}` is not spelt as AWS does"), Some(help.into()));
            }
        } else if let Some(known) = integrations::find(service) {
            if !known.actions.contains(&action) {
                let near = nearest(action, known.actions.iter().copied());
                let help = near.map_or_else(
                    || format!("its actions are {}", known.actions.join(", ")),
                    |near| format!("did you mean `{near}`?"),
                );
                warn(format!("`{service}` has no action `{action}`"), Some(help));
            }
        } else {
            let near = nearest(service, integrations::services());
            let help = near.map_or_else(
                || format!("any API of AWS can be called as `aws-sdk:{service}:{action}`"),
                |near| format!("did you mean `{near}`?"),
            );
            warn(format!("there is no integration of a service `{service}`"), Some(help));
        }
        if kind == MachineType::Express && pattern != Pattern::Request {
            let suffix = pattern.suffix().trim_end_matches(":2");
            let message = format!("an express machine cannot wait with `{suffix}`");
            let finding = Diagnostic::new(Code::Express, at, message).naming([suffix]);
            found.push(finding.help("drop the ending, or make the machine a standard one"));
        } else if !integrations::offers(service, pattern) {
            let suffix = pattern.suffix();
            let message = format!("`{service}:{action}` cannot be called with `{suffix}`");
            let finding = Diagnostic::new(Code::UnknownPattern, at, message);
            found.push(finding.naming([task.resource.as_str()]).help("drop the ending"));
        }
    }
}

/// Checks that the call has arguments, and those that its service refuses to miss.
fn arguments(task: &Task, call: &Call<'_>, site: Site<'_, '_>, found: &mut Vec<Diagnostic>) {
    let (name, given) = match site.language {
        QueryLanguage::Jsonata => ("Arguments", task.arguments.as_ref()),
        QueryLanguage::JsonPath => ("Parameters", task.flow.paths.parameters.as_ref()),
    };
    let Call { service, action, .. } = call;
    let Some(given) = given else {
        let message = format!("a call of `{service}:{action}` needs `{name}`");
        let finding = Diagnostic::new(Code::MissingArgument, site.at, message);
        let arn = format!("arn:aws:states:::{service}:{action}");
        found.push(finding.help("write `{}` for none").naming([name, &arn]));
        return;
    };
    let Some(given) = given.as_object() else { return };
    for needed in integrations::needs(service, action) {
        if !has(given, needed) {
            let message = format!("a call of `{service}:{action}` needs `{needed}`");
            let finding = Diagnostic::new(Code::MissingArgument, below(site.at, name), message);
            found.push(finding.naming([*needed]));
        }
    }
}

/// Whether an object has a key, or the same key for a path.
fn has(object: &serde_json::Map<String, Template>, key: &str) -> bool {
    object.contains_key(key) || object.contains_key(&format!("{key}.$"))
}

fn credentials(task: &Task, resource: Resource<'_>, pointer: &str, found: &mut Vec<Diagnostic>) {
    let Some(credentials) = &task.credentials else { return };
    let at = below(pointer, "Credentials");
    if resource == Resource::Activity {
        let message = "an activity is done by whoever asks for it: it takes no `Credentials`";
        let finding = Diagnostic::new(Code::Credentials, at, message).naming(["activity"]);
        found.push(finding.help("remove them"));
    } else if credentials.as_object().is_some_and(|object| !has(object, "RoleArn")) {
        let message = "`Credentials` name no role";
        let finding = Diagnostic::new(Code::Credentials, at, message).naming(["RoleArn"]);
        found.push(finding.help("add `RoleArn`"));
    }
}
