//! Tasks: whether what they call can be called that way, and what the call needs.

use super::super::{
    Code, Diagnostic, MachineType, Pattern, QueryLanguage, Task, TaskResource, Template,
    diagnostic::below, nearest,
};
use super::{Site, integrations};

/// Checks what a Task calls.
pub(super) fn check(
    task: &Task,
    site: Site<'_, '_>,
    kind: MachineType,
    found: &mut Vec<Diagnostic>,
) {
    let at = below(site.at, "Resource");
    let resource = TaskResource::of(&task.resource);
    match resource {
        TaskResource::Malformed => {
            let message = format!("`{}` is not an ARN", task.resource);
            let help =
                "a Resource is a constant; what varies goes into `Arguments` or `Parameters`";
            found.push(Diagnostic::new(Code::ResourceNotConstant, at, message).help(help));
        }
        TaskResource::Other => {
            let message = format!("a Task cannot call `{}`", task.resource);
            let help =
                "it calls a Lambda function, an activity, or `arn:aws:states:::service:action`";
            found.push(Diagnostic::new(Code::UnknownIntegration, at, message).help(help));
        }
        TaskResource::Activity if kind == MachineType::Express => {
            let message = "an express machine has no activities";
            let finding = Diagnostic::new(Code::Express, at, message).naming(["activity"]);
            found.push(finding.help("call a Lambda function, or make the machine a standard one"));
        }
        TaskResource::Integration { service, action, pattern } => {
            let call = Call { service, action, pattern };
            call.check(kind, task, &at, found);
            arguments(task, &call, site, found);
        }
        TaskResource::Substituted | TaskResource::Activity | TaskResource::Function => {}
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

fn credentials(
    task: &Task,
    resource: TaskResource<'_>,
    pointer: &str,
    found: &mut Vec<Diagnostic>,
) {
    let Some(credentials) = &task.credentials else { return };
    let at = below(pointer, "Credentials");
    if resource == TaskResource::Activity {
        let message = "an activity is done by whoever asks for it: it takes no `Credentials`";
        let finding = Diagnostic::new(Code::Credentials, at, message).naming(["activity"]);
        found.push(finding.help("remove them"));
    } else if credentials.as_object().is_some_and(|object| !has(object, "RoleArn")) {
        let message = "`Credentials` name no role";
        let finding = Diagnostic::new(Code::Credentials, at, message).naming(["RoleArn"]);
        found.push(finding.help("add `RoleArn`"));
    }
}
