//! The command line, as a user has it: a process, its exit code, what it prints.

mod bad_input;
mod files;
mod json;
mod named;
mod output;
mod progress;
mod read_only;
mod run;
mod show;
mod signals;
mod stop;
mod store;

use std::{
    io,
    path::PathBuf,
    process::{Command, Output},
};
use tempfile::TempDir;

/// An empty folder with the shop's binary.
struct Shop {
    folder: TempDir,
}

impl Shop {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn database(&self) -> PathBuf {
        self.path("stepwright.db")
    }

    fn command(&self, arguments: &[&str]) -> Command {
        self.program(env!("CARGO_BIN_EXE_shop"), arguments)
    }

    /// A command of the fair, which has more kinds of workflows.
    fn fair(&self, arguments: &[&str]) -> Command {
        self.program(env!("CARGO_BIN_EXE_fair"), arguments)
    }

    fn program(&self, program: &str, arguments: &[&str]) -> Command {
        let mut command = Command::new(program);
        command.args(arguments).current_dir(self.folder.path());
        command.env_remove("NO_COLOR").env("RUST_BACKTRACE", "0");
        command
    }

    fn output(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    /// Standard output of a command that must succeed.
    fn json(&self, arguments: &[&str]) -> serde_json::Value {
        let output = self.output(arguments);
        assert!(output.status.success(), "{}", shown(&output));
        serde_json::from_slice(&output.stdout).unwrap()
    }

    /// What a command prints, without what changes from run to run.
    fn shown(&self, arguments: &[&str]) -> String {
        self.filtered(&self.output(arguments))
    }

    fn filtered(&self, output: &Output) -> String {
        let folder = self.folder.path().canonicalize().unwrap();
        let text = shown(output).replace(&folder.display().to_string(), "FOLDER");
        let text = text.replace(&self.folder.path().display().to_string(), "FOLDER");
        text.split('\n').map(steady).collect::<Vec<_>>().join("\n").trim_end().to_owned()
    }
}

fn shown(output: &Output) -> String {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    let code = output.status.code().map_or_else(|| "none".to_owned(), |code| code.to_string());
    format!("{}--- stderr\n{}--- exit {code}\n", text(&output.stdout), text(&output.stderr))
}

/// Waits for a line of a running process that has `text` in it.
fn wait_for(lines: &mut impl Iterator<Item = io::Result<String>>, text: &str) {
    let found = lines.any(|line| line.unwrap().contains(text));
    assert!(found, "the process ended without saying `{text}`");
}

/// A line whose times and generated names are replaced; runs of blanks before a time shrink.
fn steady(line: &str) -> String {
    let mut words: Vec<String> = Vec::new();
    for word in line.split(' ') {
        let bare = word.trim_matches(|c: char| matches!(c, '"' | ',' | '\'' | ':'));
        let (head, tail) = bare.rsplit_once(['/', ':']).unwrap_or(("", bare));
        if tail.len() == 36 && tail.matches('-').count() == 4 {
            let separator = bare.get(head.len()..bare.len() - 36).unwrap_or("");
            words.push(word.replace(bare, &format!("{head}{separator}UUID")));
        } else if bare.len() > 15 && bare.starts_with("20") && bare.ends_with('Z') {
            words.push(word.replace(bare, "TIME"));
        } else if bare == "ms" || bare == "s" {
            // A duration: its number is the word before.
            let number = words.last().is_some_and(|word| word.parse::<f64>().is_ok());
            if number {
                words.pop();
                while words.last().is_some_and(String::is_empty) {
                    words.pop();
                }
                words.push(word.replace(bare, "ELAPSED"));
            } else {
                words.push(word.to_owned());
            }
        } else {
            words.push(word.to_owned());
        }
    }
    words.join(" ").trim_end().to_owned()
}
