//! The plain `stepwright` binary: definitions in files.

use super::{
    Exit,
    app::{reading, wait},
    args::{self, ListArguments, RunOptions, StopArguments},
    check::{refused, show},
    error::Error,
    export, history, list,
    machine::{Machine, checked, meant},
    out::Out,
    result,
    run::{self, Subject},
    stop,
};
#[cfg(feature = "server")]
use crate::cli::serve::{self, ServeArguments};
use crate::{
    Engine,
    asl::{Diagnostic, MachineType},
    driver::objects::Directory,
    registry::Registry,
};
use clap::{Args, CommandFactory as _, Parser, Subcommand};
use std::{path::PathBuf, process::ExitCode};

/// Checks, draws, runs and serves state machines in the Amazon States Language.
///
/// A program with workflows of its own has more commands: see `stepwright::App`.
#[derive(Debug, Parser)]
#[command(name = "stepwright", version, after_help = EXIT_CODES)]
struct Arguments {
    /// Print one JSON document on standard output, also for an error.
    #[arg(long, global = true)]
    json: bool,
    /// Print nothing but results and errors.
    #[arg(long, short, global = true)]
    quiet: bool,
    #[command(subcommand)]
    command: Command,
}

const EXIT_CODES: &str = "\
Exit codes: 0 success; 1 the execution failed, timed out or was stopped, or `check` found errors; 2 \
the command line, a file or the input is wrong, and nothing has changed; 3 the database cannot be \
used; 4 an execution can't go on, for a double that is missing; 5 standard output cannot be \
written; 130 interrupted.";

const CHECK_EXAMPLE: &str = "\
Example:
  stepwright check order.asl.json refund.asl.json";

const RUN_EXAMPLES: &str = "\
Examples:
  stepwright run order.asl.json --input order.json --doubles doubles.json
  stepwright run order.asl.json --input '{\"id\": \"o-1\"}' --name order-1 --doubles doubles.json
  stepwright run order.asl.json --doubles MockConfigFile.json --test-case HappyPath

Doubles:
  {\"Charge\": [{\"error\": \"GatewayDown\", \"cause\": \"503\"}, {\"result\": {\"receipt\": \"r-1\"}}],
   \"arn:aws:states:::sns:publish\": {\"result\": {\"MessageId\": \"m-1\"}}}";

#[derive(Debug, Subcommand)]
enum Command {
    /// Check definitions against the rules of Step Functions.
    #[command(after_help = CHECK_EXAMPLE)]
    Check {
        /// Definitions in JSON.
        #[arg(required = true)]
        files: Vec<PathBuf>,
        /// They are of express machines, which can do less.
        #[arg(long)]
        express: bool,
    },
    /// Draw a definition as a Mermaid flowchart.
    Graph {
        /// A definition in JSON.
        file: PathBuf,
    },
    /// Run a definition to its end and print its result.
    ///
    /// The same command again resumes an unfinished execution of the same machine and input, on the
    /// definition that it began with. Tasks are answered by doubles; nothing is called on AWS.
    #[command(after_help = RUN_EXAMPLES)]
    Run(RunFile),
    /// List executions, newest first.
    List {
        #[command(flatten)]
        list: ListArguments,
        #[command(flatten)]
        database: Database,
    },
    /// Show the history of an execution.
    History(Of),
    /// Print the result of an execution that has ended, as `run` prints it.
    ///
    /// Runs nothing. The exit code is that of `run`: 0 for a success, 1 for a failure.
    Result(Of),
    /// Stop an execution.
    ///
    /// Works beside the process that runs it. If none does, the next `run` ends the execution.
    Stop {
        #[command(flatten)]
        stop: StopArguments,
        #[command(flatten)]
        database: Database,
    },
    /// Serve the API of AWS Step Functions, for any AWS SDK.
    #[cfg(feature = "server")]
    Serve(ServeArguments),
}

/// Where executions are kept.
#[derive(Debug, Args)]
struct Database {
    /// The SQLite database that executions are kept in.
    #[arg(long, visible_alias = "store", value_name = "PATH", default_value = DATABASE)]
    db: PathBuf,
}

const DATABASE: &str = "stepwright.db";

#[derive(Debug, Args)]
struct Of {
    /// Its name, MACHINE/NAME, its ARN, or a machine's name or file for the newest one.
    execution: String,
    #[command(flatten)]
    database: Database,
}

#[derive(Debug, Args)]
struct RunFile {
    /// A definition in JSON.
    file: PathBuf,
    #[command(flatten)]
    options: RunOptions,
    /// What answers the tasks: by state or by Resource, or a mock configuration of Step Functions
    /// Local.
    #[arg(long, value_name = "FILE")]
    doubles: Option<PathBuf>,
    /// The test case of a mock configuration that has several.
    #[arg(long, value_name = "NAME", requires = "doubles")]
    test_case: Option<String>,
    /// What to call the machine; without this, as its file without `.asl.json`.
    #[arg(long, value_name = "NAME")]
    machine: Option<String>,
    /// A directory that stands for S3: its folders are the buckets that distributed Maps read items
    /// from and write results to.
    #[arg(long, value_name = "DIRECTORY")]
    objects: Option<PathBuf>,
    #[command(flatten)]
    database: Database,
}

/// Runs the `stepwright` binary.
pub fn main() -> ExitCode {
    match args::parse::<Arguments>(Arguments::command(), std::env::args_os()) {
        Ok(arguments) => {
            let out = Out::new(arguments.json, arguments.quiet);
            dispatch(arguments.command, out).unwrap_or_else(|error| out.refuse(&error))
        }
        Err(code) => code,
    }
}

fn dispatch(command: Command, out: Out) -> Result<ExitCode, Error> {
    match command {
        Command::Check { files, express } => {
            let kind = if express { MachineType::Express } else { MachineType::Standard };
            let checked: Result<Vec<_>, Error> =
                files.iter().map(|file| checked(file, kind)).collect();
            show(&checked?, out)
        }
        Command::Graph { file } => {
            let checked = checked(&file, MachineType::Standard)?;
            if let Some(definition) = &checked.definition {
                export::graph(definition, out)?;
                checked.warn(out);
                return Ok(ExitCode::SUCCESS);
            }
            let errors: Vec<_> = checked.found.into_iter().filter(Diagnostic::is_error).collect();
            let follows = (checked.name.as_str(), "there is nothing to draw");
            Err(refused(Exit::Failed, follows, &checked.text, &errors))
        }
        Command::Run(RunFile { file, options, doubles, test_case, machine, objects, database }) => {
            let machine = Machine::read(&file, machine.as_deref(), out)?;
            let machine = machine.doubles(doubles.as_ref(), test_case)?;
            let subject = Subject::Machine(&machine);
            let builder = match objects {
                Some(path) => Engine::builder().objects(Directory::new(path)),
                None => Engine::builder(),
            };
            wait(run::run(builder, &subject, &database.db, &options, out))
        }
        Command::List { mut list, database } => {
            list.workflow = list.workflow.map(meant);
            let engine = reading(Engine::builder(), &database.db)?;
            wait(list::list(&engine, &list, &Registry::new(), out))
        }
        Command::History(Of { execution, database }) => {
            let engine = reading(Engine::builder(), &database.db)?;
            wait(history::history(&engine, &meant(execution), out))
        }
        Command::Result(Of { execution, database }) => {
            let engine = reading(Engine::builder(), &database.db)?;
            wait(result::result(&engine, &meant(execution), out))
        }
        Command::Stop { mut stop, database } => {
            stop.execution = meant(stop.execution);
            wait(stop::stop(Engine::builder(), &database.db, stop, out))
        }
        #[cfg(feature = "server")]
        Command::Serve(arguments) => {
            wait(serve::serve(Engine::builder(), DATABASE.as_ref(), arguments, out))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Command, Out, dispatch};
    use std::process::ExitCode;

    const GOOD: &str = include_str!("../export/tests/order.asl.json");

    #[track_caller]
    fn check(command: impl Fn(std::path::PathBuf) -> Command, text: &str, expected: u8) {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("machine.asl.json");
        std::fs::write(&file, text).unwrap();
        let exit = dispatch(command(file), Out::new(false, true));
        let exit = exit.unwrap_or_else(|error| error.exit.into());
        assert_eq!(format!("{exit:?}"), format!("{:?}", ExitCode::from(expected)));
    }

    #[test]
    fn check_fails_for_errors_and_not_for_warnings() {
        let checked = |file| Command::Check { files: vec![file], express: false };
        check(checked, GOOD, 0);
        check(checked, &GOOD.replace("$receipt.items", "$reciept.items"), 0);
        check(checked, &GOOD.replace("\"Default\": \"map_reserve\"", "\"Default\": \"map\""), 1);
        check(checked, "{", 1);
        check(checked, &format!("\u{feff}{GOOD}"), 0);
    }

    #[test]
    fn check_knows_express_machines() {
        let waits = r#"{"StartAt": "A", "States": {"A": {"Type": "Task", "End": true,
            "Resource": "arn:aws:states:::ecs:runTask.sync", "Parameters": {"TaskDefinition": "t"}}}}"#;
        check(|file| Command::Check { files: vec![file], express: false }, waits, 0);
        check(|file| Command::Check { files: vec![file], express: true }, waits, 1);
    }

    #[test]
    fn graph_draws_what_can_be_read() {
        check(|file| Command::Graph { file }, GOOD, 0);
        check(|file| Command::Graph { file }, "{}", 1);
    }

    #[test]
    fn a_file_that_is_missing_is_a_usage_error() {
        let missing = Command::Graph { file: "nowhere.asl.json".into() };
        let error = dispatch(missing, Out::new(false, true)).unwrap_err();
        assert_eq!(error.exit, super::Exit::Usage);
        assert!(error.message.starts_with("cannot read nowhere.asl.json"), "{}", error.message);
    }
}
