//! The plain `stepwright` binary: definitions in files.

use super::{
    args,
    check::{Checked, show},
    error::Error,
    export,
    out::Out,
    render,
    text::decode,
};
use crate::asl::{Diagnostic, MachineType};
use crate::cli::Exit;
#[cfg(feature = "server")]
use crate::{
    Engine,
    cli::{
        app::wait,
        serve::{self, ServeArguments},
    },
};
use clap::{CommandFactory as _, Parser, Subcommand};
#[cfg(feature = "server")]
use std::path::Path;
use std::{path::PathBuf, process::ExitCode};

/// Checks, draws and serves state machines in the Amazon States Language.
///
/// A program with workflows of its own has more commands: see `stepwright::App`.
#[derive(Debug, Parser)]
#[command(name = "stepwright", version, after_help = EXIT_CODES)]
struct Arguments {
    /// Print one JSON document on standard output, also for an error.
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    command: Command,
}

const EXIT_CODES: &str = "\
Exit codes: 0 success; 1 a definition has errors; 2 the command line or a file is wrong; 5 standard \
output cannot be written.";

const CHECK_EXAMPLE: &str = "\
Example:
  stepwright check order.asl.json refund.asl.json";

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
    /// Serve the API of AWS Step Functions, for any AWS SDK.
    #[cfg(feature = "server")]
    Serve(ServeArguments),
}

/// Runs the `stepwright` binary.
pub fn main() -> ExitCode {
    match args::parse::<Arguments>(Arguments::command(), std::env::args_os()) {
        Ok(arguments) => {
            let out = Out::new(arguments.json, false);
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
                files.iter().map(|file| read(file, kind)).collect();
            show(&checked?, out)
        }
        Command::Graph { file } => {
            let checked = read(&file, MachineType::Standard)?;
            if let Some(definition) = &checked.definition {
                export::graph(definition, out)?;
                return Ok(ExitCode::SUCCESS);
            }
            let errors: Vec<_> = checked.found.into_iter().filter(Diagnostic::is_error).collect();
            let shown = render::diagnostics(&checked.text, &checked.name, &errors, false);
            let message = format!("there is nothing to draw\n\n{}", shown.trim_end());
            Err(Error { exit: Exit::Failed, message, help: None })
        }
        #[cfg(feature = "server")]
        Command::Serve(arguments) => {
            let database = Path::new("stepwright.db");
            wait(serve::serve(Engine::builder(), database, arguments, out))
        }
    }
}

fn read(file: &PathBuf, kind: MachineType) -> Result<Checked, Error> {
    let place = file.display().to_string();
    let bytes = std::fs::read(file)
        .map_err(|error| Error::usage(format!("cannot read {place}: {error}")))?;
    Ok(Checked::new(place.clone(), decode(&bytes, &place)?, kind))
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
