//! Our findings in the words of AWS. What it takes without a word has none.

use super::super::{Code, Diagnostic, Node, Operator};
use super::{
    AwsDiagnostic, SCHEMA,
    location::{location, parent},
};

/// Where AWS shows a finding.
enum At {
    /// Where we do.
    Here,
    /// At the object around.
    Around,
}

/// A finding in other words.
struct Told(&'static str, String, At);

/// Says a finding as AWS does; `None` if AWS does not mind.
pub(super) fn tell(found: &Diagnostic, source: &Node) -> Option<AwsDiagnostic> {
    let Told(code, message, at) = form(found)
        .or_else(|| names(found))
        .or_else(|| fields(found))
        .or_else(|| expressions(found))
        .or_else(|| paths(found))?;
    let pointer = match at {
        At::Here => found.pointer.as_str(),
        At::Around => parent(&found.pointer),
    };
    // Of our warnings only those are left of which AWS warns itself.
    let severity = found.severity;
    Some(AwsDiagnostic { severity, code, message, location: Some(location(pointer, source)) })
}

fn here(message: impl Into<String>) -> Told {
    Told(SCHEMA, message.into(), At::Here)
}

fn around(message: impl Into<String>) -> Told {
    Told(SCHEMA, message.into(), At::Around)
}

fn name(found: &Diagnostic, i: usize) -> &str {
    found.names.get(i).map_or("", String::as_str)
}

fn of_type(name: &str) -> String {
    match name {
        "STRING" => "Expected value of type [STRING]".to_owned(),
        "RFC3339" => "String does not match RFC3339 timestamp".to_owned(),
        other => format!("Expected value of type {other}"),
    }
}

/// What a machine is made of.
fn form(found: &Diagnostic) -> Option<Told> {
    let name = name(found, 0);
    let list = || format!("[{}]", found.names.join(", "));
    Some(match found.code {
        Code::WrongType => here(of_type(name)),
        Code::MissingField => here(format!("These fields are required: {}", list())),
        Code::UnknownField => around(format!("Field '{name}' is not supported")),
        Code::InnerQueryLanguage => around("Field 'QueryLanguage' is not supported"),
        Code::JsonPathField => around(other_language("JSONata", name, "JSONPath")),
        Code::JsonataField => around(other_language("JSONPath", name, "JSONata")),
        Code::JsonPath => around(
            "'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine",
        ),
        Code::UnknownValue => here(format!("Value should be one of the following: {}", list())),
        Code::NoForm if name == "And" => {
            here(format!("The object must have only one of the following fields, {}", list()))
        }
        Code::NoForm => {
            here(format!("This object should have only one of the following fields: {}", list()))
        }
        Code::TwoForms => {
            around(format!("There should only be one of the following fields: {}", list()))
        }
        Code::Empty => here("Value cannot be empty"),
        _ => return None,
    })
}

fn other_language(own: &str, field: &str, other: &str) -> String {
    format!(
        "The QueryLanguage is set to '{own}', but field '{field}' is only supported for the \
         '{other}' QueryLanguage"
    )
}

/// Names of states, variables and labels.
fn names(found: &Diagnostic) -> Option<Told> {
    let name = name(found, 0);
    let told = |code, message: String| Told(code, message, At::Here);
    Some(match found.code {
        Code::StateNameLength => told(
            "INVALID_STATE_NAME",
            format!("State name '{name}' exceeds the 80-character limit allowed by the service"),
        ),
        Code::StateNameTwice => {
            told("DUPLICATE_STATE_NAME", format!("Duplicate State name: {name}"))
        }
        Code::VariableName => told(
            "INVALID_VARIABLE_NAME",
            format!(
                "Invalid variable name '{name}': the variable name contains invalid characters."
            ),
        ),
        Code::VariableReserved => told(
            "RESERVED_VARIABLE_NAME",
            "Cannot assign to reserved variable '$states'.".to_owned(),
        ),
        Code::VariableOfOuterScope => told(
            "DUPLICATE_VARIABLE_NAME",
            format!("Variable '{name}' is already assigned in an outer scope."),
        ),
        Code::Label if name.chars().count() > 40 => told(
            "INVALID_LABEL_NAME",
            format!("Label name '{name}' exceeds the 40-character limit allowed by the service"),
        ),
        Code::Label => told(
            "INVALID_LABEL_NAME",
            format!("Invalid label name '{name}': the label name contains invalid characters."),
        ),
        Code::LabelTwice => told("DUPLICATE_LABEL_NAME", format!("Duplicate Label name: {name}")),
        _ => return None,
    })
}

/// Values of fields.
fn fields(found: &Diagnostic) -> Option<Told> {
    let (first, second) = (name(found, 0), name(found, 1));
    Some(match found.code {
        Code::ResourceNotConstant => here("Value is not a valid resource ARN"),
        Code::UnknownPattern => here(format!(
            "The resource provided {first} is not recognized. The value is not a valid resource \
             ARN, or the resource is not available in this region."
        )),
        Code::MissingArgument if second.is_empty() => {
            here(format!("The field '{first}' is required but was missing"))
        }
        Code::MissingArgument => {
            here(format!("{first} field is required for resource ARN: {second}"))
        }
        Code::Heartbeat => here("'HeartbeatSeconds' must be smaller than 'TimeoutSeconds'"),
        Code::Number | Code::Retrier if second.is_empty() => here(of_type(first)),
        Code::Number | Code::Retrier => here(format!("{first} value is {second}")),
        Code::Condition => here("JSONata string must start with {% and end with %}"),
        Code::Timestamp => here(of_type("RFC3339")),
        Code::Items => here(of_type("Array")),
        Code::Operand => here(of_type(first)),
        Code::DistributedOnly => {
            around(format!("Field '{first}' is only supported in 'DISTRIBUTED' mode"))
        }
        Code::ExecutionType if found.pointer.ends_with("/ExecutionType") => {
            around("Field 'ExecutionType' is not supported")
        }
        Code::ExecutionType => here("These fields are required: [ExecutionType]"),
        Code::ReaderConfig => match first {
            "Resource" => here("The field 'Resource' does not match any of the allowed values"),
            "unsupported" => around(format!("Field '{second}' is not supported")),
            _ if second == "CSVHeaderLocation" => here("The field 'CSVHeaderLocation' is required"),
            _ => here(format!("These fields are required: [{second}]")),
        },
        Code::Credentials if first == "activity" => {
            here("The field 'Credentials' is not supported for activities")
        }
        Code::Credentials => here("The field 'RoleArn' is required but was missing"),
        Code::Express => match first {
            "activity" => here("Express state machine does not support Activity ARN"),
            "DISTRIBUTED" => here(
                "The field 'Mode' with value 'DISTRIBUTED' is not supported inside 'EXPRESS' \
                 state machines",
            ),
            // The blank at the end is AWS's own.
            pattern => here(format!(
                "Express state machine does not support '{pattern}' service integration "
            )),
        },
        Code::StatesAll => here("States.ALL must appear alone and at end of list"),
        _ => return None,
    })
}

/// Expressions of JSONata.
fn expressions(found: &Diagnostic) -> Option<Told> {
    let name = name(found, 0);
    let invalid = |message: String| Told("INVALID_JSONATA_EXPRESSION", message, At::Here);
    let unsupported = |message: String| Told("UNSUPPORTED_JSONATA_EXPRESSION", message, At::Here);
    Some(match found.code {
        Code::Brackets => here("JSONata string must start with {% and end with %}"),
        // AWS leaves out JSONata's own code, such as `S0207: `.
        Code::Unparsable => invalid(match name.split_once(": ") {
            Some((code, message)) if code.len() == 5 => message.to_owned(),
            _ => name.to_owned(),
        }),
        // To JSONata 2.0.6 the second character begins a value.
        Code::NewerOperator => {
            let symbol = name.chars().last().unwrap_or('?');
            invalid(format!("The symbol \"{symbol}\" cannot be used as a unary operator"))
        }
        Code::Eval => unsupported("Function '$eval' is not supported.".to_owned()),
        Code::NoContext if name == "$$" => {
            unsupported("Reference to '$$' is not supported.".to_owned())
        }
        Code::NoContext => {
            unsupported(format!("Reference to '{name}' at the top level is not supported."))
        }
        Code::ResultMisplaced => unsupported("Field '$states.result' does not exist.".to_owned()),
        Code::ErrorOutputMisplaced => {
            unsupported("Field '$states.errorOutput' does not exist.".to_owned())
        }
        _ => return None,
    })
}

/// Paths and intrinsic functions of JSONPath.
fn paths(found: &Diagnostic) -> Option<Told> {
    let (name, field) = (name(found, 0), found.pointer.rsplit('/').next().unwrap_or_default());
    let told = |code, message: String| Told(code, message, At::Here);
    Some(match found.code {
        Code::PathOrFunction | Code::UnknownIntrinsic if field.ends_with(".$") => around(format!(
            "The value for the field '{name}' must be a valid JSONPath or a valid intrinsic \
             function call"
        )),
        Code::Path if field == "Variable" || Operator::of_field(field).is_some() => {
            here("Value is not a Reference Path: Reference path didn't start with '$'")
        }
        Code::Path if matches!(field, "ErrorPath" | "CausePath") => {
            here("Value must be a valid JSONPath or a valid intrinsic function call.")
        }
        Code::UnknownIntrinsic => {
            here("Value must be a valid JSONPath or a valid intrinsic function call.")
        }
        Code::Path => here("Value must be a valid JSONPath."),
        Code::ReferencePath => here(format!("Value is not a Reference Path: {name}")),
        Code::NoDollar => told(
            "NO_DOLLAR",
            format!(
                "Field '{name}' looks like a JSONPath or an intrinsic function, but its name does not end with '.$'"
            ),
        ),
        Code::NoPath => told(
            "NO_PATH",
            format!(
                "The value of field '{name}' looks like a path, but the name of the field does not end with 'Path'"
            ),
        ),
        Code::StaticResult => told(
            "PASS_RESULT_IS_STATIC",
            "The Result of a Pass state is static: paths in it are not evaluated".to_owned(),
        ),
        _ => return None,
    })
}
