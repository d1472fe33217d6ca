//! What may stand on the command line of a binary with workflows.

use super::{error::Error, home::HomeArguments, out::Out};
use clap::{
    Args, FromArgMatches, Parser, Subcommand, ValueEnum,
    error::{ContextKind, ContextValue, ErrorKind},
};
use std::{
    ffi::OsString,
    num::NonZeroUsize,
    path::{Path, PathBuf},
    process::ExitCode,
};

/// The end of the help text.
pub(super) const EXIT_CODES: &str = "\
Exit codes: 0 success; 1 the workflow failed, timed out or was stopped, or `check` found errors; \
2 the command line, a name or the input is wrong, and nothing has changed; 3 the database cannot be \
used; 4 the program is put together wrongly; 5 standard output cannot be written; 130 interrupted.";

/// Heads the options that every command takes.
const EVERYWHERE: &str = "Options of every command";

const RUN_EXAMPLES: &str = "\
Examples:
  run buy --input order.json
  run buy --input '{\"id\": \"o-1\", \"total\": 12.5}' --name order-1 --once
  jq .order mail.json | run buy --input - --json";

const HISTORY_EXAMPLES: &str = "\
Examples:
  history order-1
  history buy             the newest execution of `buy`
  history buy/order-1 --json";

const RESULT_EXAMPLES: &str = "\
Examples:
  result order-1
  result buy              the newest execution of `buy`
  result buy/order-1 --json";

const EXPORT_EXAMPLES: &str = "\
Examples:
  export buy --region eu-west-1 --account 111122223333
  export buy --tasks lambda --substitutions";

const STOP_EXAMPLE: &str = "\
Example:
  stop order-1 --error Cancelled --cause 'the customer has changed her mind'";

/// Runs workflows durably, and shows what ran.
#[derive(Debug, Parser)]
#[command(after_help = EXIT_CODES)]
pub(super) struct Arguments {
    /// The SQLite database that executions are kept in.
    #[arg(long, global = true, help_heading = EVERYWHERE, value_name = "PATH", default_value = "stepwright.db")]
    pub(super) db: PathBuf,
    /// Print one JSON document on standard output, also for an error.
    #[arg(long, global = true, help_heading = EVERYWHERE)]
    pub(super) json: bool,
    /// Print nothing but results and errors.
    #[arg(long, short, global = true, help_heading = EVERYWHERE)]
    pub(super) quiet: bool,
    #[command(subcommand)]
    pub(super) command: Command,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Run a workflow to its end and print its result.
    ///
    /// The same command again resumes an unfinished execution of the same workflow and input.
    #[command(after_help = RUN_EXAMPLES)]
    Run(RunArguments),
    /// List executions, newest first.
    List(ListArguments),
    /// Show the history of an execution.
    #[command(after_help = HISTORY_EXAMPLES)]
    History {
        /// Its name, WORKFLOW/NAME, its ARN, or a workflow's name for the newest one.
        execution: String,
    },
    /// Print the result of an execution that has ended, as `run` prints it.
    ///
    /// Runs nothing. The exit code is that of `run`: 0 for a success, 1 for a failure.
    #[command(after_help = RESULT_EXAMPLES)]
    Result {
        /// Its name, WORKFLOW/NAME, its ARN, or a workflow's name for the newest one.
        execution: String,
    },
    /// Stop an execution.
    ///
    /// Its children are stopped with it. If no process runs it, this one ends it; otherwise this one
    /// waits until the other has done so.
    #[command(after_help = STOP_EXAMPLE)]
    Stop(StopArguments),
    /// Draw a workflow as a Mermaid flowchart.
    Graph {
        /// The workflow's name.
        workflow: String,
    },
    /// Print the definition of a workflow.
    ///
    /// Its ARNs have the account 123456789012 and the region us-east-1, unless others are given.
    #[command(after_help = EXPORT_EXAMPLES)]
    Export(ExportArguments),
    /// Check all workflows against the rules of Step Functions.
    Check,
    /// Serve the API of AWS Step Functions, for any AWS SDK.
    #[cfg(feature = "server")]
    Serve(super::serve::ServeArguments),
}

#[derive(Debug, Args)]
pub(super) struct RunArguments {
    /// The workflow's name.
    pub(super) workflow: String,
    #[command(flatten)]
    pub(super) options: RunOptions,
}

/// Which execution is run.
#[derive(Debug, Args)]
pub(super) struct RunOptions {
    /// Its input: a file, `-` for standard input, or JSON itself.
    #[arg(long, short, value_name = "FILE|-|JSON", allow_negative_numbers = true)]
    pub(super) input: Option<OsString>,
    /// Name the execution. A workflow uses a name once.
    ///
    /// While the execution is unfinished, the same name and input resume it. Afterwards the name is
    /// taken, and `result` shows how it ended.
    #[arg(long, value_name = "NAME")]
    pub(super) name: Option<String>,
    /// If the named execution has ended with this input, print its result and run nothing.
    #[arg(long, requires = "name")]
    pub(super) once: bool,
    /// Start another execution even if an equal one is unfinished.
    #[arg(long, conflicts_with = "name")]
    pub(super) new: bool,
}

#[derive(Debug, Args)]
pub(super) struct ListArguments {
    /// Only executions of this workflow.
    #[arg(long, value_name = "NAME")]
    pub(super) workflow: Option<String>,
    /// Only executions in this state.
    #[arg(long, value_enum, value_name = "STATE")]
    pub(super) status: Option<Status>,
    /// At most so many.
    #[arg(long, value_name = "N", default_value = "50", value_parser = at_least_one)]
    pub(super) limit: NonZeroUsize,
}

#[derive(Debug, Args)]
pub(super) struct StopArguments {
    /// Its name, WORKFLOW/NAME, its ARN, or a workflow's name for the newest one.
    pub(super) execution: String,
    /// An error name to record.
    #[arg(long, value_name = "NAME")]
    pub(super) error: Option<String>,
    /// A reason to record.
    #[arg(long, value_name = "TEXT")]
    pub(super) cause: Option<String>,
    /// How long to wait for the process that owns the database.
    #[arg(long, value_name = "SECONDS", default_value_t = 10)]
    pub(super) wait: u64,
}

#[derive(Debug, Args)]
pub(super) struct ExportArguments {
    /// The workflow's name.
    pub(super) workflow: String,
    /// What to print.
    #[arg(long, value_enum, default_value_t = Format::Asl)]
    pub(super) format: Format,
    /// What runs its tasks on AWS.
    #[arg(long, value_enum, default_value_t = Tasks::Activity)]
    pub(super) tasks: Tasks,
    #[command(flatten)]
    pub(super) home: HomeArguments,
    /// Write `${charge_function}` and the like instead of ARNs, to be filled in at deployment.
    #[arg(long, conflicts_with_all = ["account", "region"])]
    pub(super) substitutions: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// Amazon States Language, in JSON.
    Asl,
    /// A Mermaid flowchart.
    Mermaid,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Tasks {
    /// Workers that poll an activity for each task.
    Activity,
    /// A Lambda function for each task.
    Lambda,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Status {
    Running,
    Succeeded,
    Failed,
    TimedOut,
    Aborted,
}

fn at_least_one(text: &str) -> Result<NonZeroUsize, &'static str> {
    text.parse().map_err(|_| "it is no number from 1 on")
}

/// Reads a command line. Help that was asked for, and what is wrong, is printed.
pub(super) fn parse<A: FromArgMatches>(
    command: clap::Command,
    arguments: impl IntoIterator<Item = impl Into<OsString>>,
) -> Result<A, ExitCode> {
    let arguments: Vec<OsString> = arguments.into_iter().map(Into::into).collect();
    // As the program is called, so it calls itself.
    let program = arguments.first().and_then(|program| Path::new(program).file_stem());
    let mut command = match program.and_then(|program| program.to_str()) {
        Some(program) => command.display_name(program.to_owned()),
        None => command,
    };
    let matches = command.try_get_matches_from_mut(&arguments);
    matches.and_then(|matches| A::from_arg_matches(&matches)).map_err(|mut error| {
        if let Some(tip) = hyphened(&command, &arguments, &error) {
            error.insert(ContextKind::Suggested, ContextValue::StyledStrs(vec![tip.into()]));
        }
        let mut options = arguments.iter().take_while(|argument| *argument != "--");
        let out = Out::new(options.any(|argument| argument == "--json"), false);
        if error.use_stderr() && out.json {
            let text = error.to_string();
            return out.refuse(&Error::usage(text.trim_start_matches("error: ").trim_end()));
        }
        // Clap knows where each text goes and how it looks there.
        let printed = error.print();
        match (printed, error.use_stderr()) {
            (Err(failed), false) => out.refuse(&Error::unwritten(&failed)),
            _ => ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2)),
        }
    })
}

/// How an option is given a value that was taken for another option.
fn hyphened(
    command: &clap::Command,
    arguments: &[OsString],
    error: &clap::Error,
) -> Option<String> {
    let Some(ContextValue::String(unknown)) = error.get(ContextKind::InvalidArg) else {
        return None;
    };
    arguments.windows(2).filter(|_| error.kind() == ErrorKind::UnknownArgument).find_map(|pair| {
        let [option, value] = pair else { return None };
        let (option, value) = (option.to_str()?, value.to_str()?);
        let long = option.strip_prefix("--")?;
        (value.starts_with(unknown) && takes_value(command, long))
            .then(|| format!("a value that begins with `-` is given as `{option}={value}`"))
    })
}

fn takes_value(command: &clap::Command, long: &str) -> bool {
    let mut own = command.get_arguments();
    own.any(|each| each.get_long() == Some(long) && each.get_action().takes_values())
        || command.get_subcommands().any(|inner| takes_value(inner, long))
}
