//! The plain `stepwright` binary: definitions in files.

use super::{
    check::{Checked, show},
    error::Error,
    export,
    out::Out,
    render,
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
use clap::{Parser, Subcommand};
#[cfg(feature = "server")]
use std::path::Path;
use std::{path::PathBuf, process::ExitCode};

/// Checks, draws and serves state machines in the Amazon States Language.
///
/// A program with workflows of its own has more commands: see `stepwright::App`.
#[derive(Debug, Parser)]
#[command(name = "stepwright", version)]
struct Arguments {
    /// Print results as JSON, for machines.
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Check definitions against the rules of Step Functions.
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
    let arguments = Arguments::parse();
    let out = Out::new(arguments.json, false);
    dispatch(arguments.command, out).unwrap_or_else(|error| {
        out.error(&error);
        error.exit.into()
    })
}

fn dispatch(command: Command, out: Out) -> Result<ExitCode, Error> {
    match command {
        Command::Check { files, express } => {
            let kind = if express { MachineType::Express } else { MachineType::Standard };
            let checked: Result<Vec<_>, Error> =
                files.iter().map(|file| read(file, kind)).collect();
            Ok(show(&checked?, out))
        }
        Command::Graph { file } => {
            let checked = read(&file, MachineType::Standard)?;
            if let Some(definition) = &checked.definition {
                export::graph(definition);
                return Ok(ExitCode::SUCCESS);
            }
            let errors: Vec<_> = checked.found.into_iter().filter(Diagnostic::is_error).collect();
            out.note(&render::diagnostics(&checked.text, &checked.name, &errors, false));
            Ok(Exit::Failed.into())
        }
        #[cfg(feature = "server")]
        Command::Serve(arguments) => {
            let database = Path::new("stepwright.db");
            wait(serve::serve(Engine::builder(), database, arguments, out))
        }
    }
}

fn read(file: &PathBuf, kind: MachineType) -> Result<Checked, Error> {
    let text = std::fs::read_to_string(file)
        .map_err(|error| Error::usage(format!("cannot read {}: {error}", file.display())))?;
    Ok(Checked::new(file.display().to_string(), text, kind))
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
        let exit = dispatch(command(file), Out::new(false, true)).unwrap();
        assert_eq!(format!("{exit:?}"), format!("{:?}", ExitCode::from(expected)));
    }

    #[test]
    fn check_fails_for_errors_and_not_for_warnings() {
        let checked = |file| Command::Check { files: vec![file], express: false };
        check(checked, GOOD, 0);
        check(checked, &GOOD.replace("$receipt.items", "$reciept.items"), 0);
        check(checked, &GOOD.replace("\"Default\": \"map_reserve\"", "\"Default\": \"map\""), 1);
        check(checked, "{", 1);
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
