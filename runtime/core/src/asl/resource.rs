//! What a Task's Resource names, and how it is called.

use super::parse::is_placeholder;

/// What a Resource names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TaskResource<'d> {
    /// It, or a part of it, is replaced when the machine is deployed.
    Substituted,
    /// A service, called in a certain way.
    Integration {
        /// Such as `sqs`, or `aws-sdk:s3`.
        service: &'d str,
        /// Such as `sendMessage`.
        action: &'d str,
        /// How it is called.
        pattern: Pattern,
    },
    /// An activity, which workers ask for.
    Activity,
    /// A function of Lambda, by its ARN.
    Function,
    /// An ARN of something else.
    Other,
    /// No ARN.
    Malformed,
}

/// How a service is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pattern {
    /// Its answer is the result.
    Request,
    /// The job that it starts is waited for: `.sync`, or `.sync:2`.
    Job {
        /// Whether it is `.sync:2`, whose results are read as JSON.
        second: bool,
    },
    /// Someone with the task's token answers: `.waitForTaskToken`.
    Token,
}

impl Pattern {
    /// What is written behind the action.
    pub fn suffix(self) -> &'static str {
        match self {
            Self::Request => "",
            Self::Job { second: false } => ".sync",
            Self::Job { second: true } => ".sync:2",
            Self::Token => ".waitForTaskToken",
        }
    }
}

impl<'d> TaskResource<'d> {
    /// Tells what a Resource names.
    pub fn of(text: &'d str) -> Self {
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
