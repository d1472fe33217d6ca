//! What may stand on the command line of a binary with workflows.

use clap::{Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

/// The end of the help text.
pub(super) const EXIT_CODES: &str = "Exit codes: 0 success; 1 the workflow failed or was stopped, or `check` \
found errors; 2 the command line, a name or the input is wrong; 3 the database cannot be used; 4 \
the program is put together wrongly.";

/// Runs workflows durably, and shows what ran.
#[derive(Debug, Parser)]
#[command(after_help = EXIT_CODES)]
pub(super) struct Arguments {
    /// The SQLite database that executions are kept in.
    #[arg(long, global = true, value_name = "PATH", default_value = "stepwright.db")]
    pub(super) db: PathBuf,
    /// Print results as JSON, for machines.
    #[arg(long, global = true)]
    pub(super) json: bool,
    /// Print nothing but results and errors.
    #[arg(long, short, global = true)]
    pub(super) quiet: bool,
    #[command(subcommand)]
    pub(super) command: Command,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Run a workflow to its end and print its result.
    ///
    /// The same command again resumes an unfinished execution of the same workflow and input.
    Run(RunArguments),
    /// List executions, newest first.
    List(ListArguments),
    /// Show the history of an execution.
    History {
        /// Its name, WORKFLOW/NAME, its ARN, or a workflow's name for the newest one.
        execution: String,
    },
    /// Draw a workflow as a Mermaid flowchart.
    Graph {
        /// The workflow.
        workflow: String,
    },
    /// Print the definition of a workflow.
    Export {
        /// The workflow.
        workflow: String,
        /// What to print.
        #[arg(long, value_enum, default_value_t = Format::Asl)]
        format: Format,
        /// What runs its tasks on AWS.
        #[arg(long, value_enum, default_value_t = Tasks::Activity)]
        tasks: Tasks,
    },
    /// Check all workflows against the rules of Step Functions.
    Check,
    /// Stop an execution.
    Stop(StopArguments),
    /// Serve the API of AWS Step Functions, for any AWS SDK.
    #[cfg(feature = "server")]
    Serve(super::serve::ServeArguments),
}

#[derive(Debug, Args)]
pub(super) struct RunArguments {
    /// The workflow.
    pub(super) workflow: String,
    /// Its input: a file, `-` for standard input, or JSON itself.
    #[arg(long, short, value_name = "FILE|-|JSON")]
    pub(super) input: Option<String>,
    /// Name the execution; a name is used once per workflow.
    #[arg(long, value_name = "NAME")]
    pub(super) name: Option<String>,
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
    #[arg(long, value_name = "N", default_value_t = 50)]
    pub(super) limit: usize,
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
