//! Output that cannot be written: never a silent success, and nothing recorded is lost.

use super::{Shop, shown};
use std::{fs::File, io, process::Output};

const INPUT: &str = r#"{"id": "o-1", "total": 1}"#;
const COMMANDS: [&[&str]; 8] = [
    &["list"],
    &["history", "one"],
    &["result", "one", "-q"],
    &["graph", "buy"],
    &["export", "buy"],
    &["check"],
    &["list", "--json"],
    &["--help"],
];

fn ran() -> Shop {
    let shop = Shop::new();
    shop.json(&["run", "buy", "--name", "one", "--json", "-i", INPUT]);
    shop
}

/// Runs a command whose output nobody reads.
fn unread(shop: &Shop, arguments: &[&str]) -> Output {
    let (reader, writer) = io::pipe().unwrap();
    drop(reader);
    shop.command(arguments).stdout(writer).output().unwrap()
}

#[test]
fn a_reader_who_has_gone_away_ends_a_command_quietly() {
    let shop = ran();
    for command in COMMANDS {
        let output = unread(&shop, command);
        assert_eq!(output.status.code(), Some(141), "{command:?}");
        assert!(output.stderr.is_empty(), "{command:?}: {}", shown(&output));
    }
    let run = unread(&shop, &["run", "buy", "--name", "two", "-q", "-i", INPUT]);
    assert_eq!(run.status.code(), Some(141));
    assert_eq!(shop.json(&["result", "two", "--json"])["status"], "SUCCEEDED");
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_under_the_output_is_an_error() {
    let shop = ran();
    let full = |arguments: &[&str]| {
        let full = File::options().write(true).open("/dev/full").unwrap();
        shop.command(arguments).stdout(full).output().unwrap()
    };
    let expected =
        "error: cannot write to standard output: No space left on device (os error 28)\n";
    for command in COMMANDS {
        let output = full(command);
        assert_eq!(output.status.code(), Some(5), "{command:?}");
        let error = String::from_utf8(output.stderr).unwrap();
        assert!(error.starts_with(expected), "{command:?}: {error}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_run_whose_result_cannot_be_written_says_what_has_happened() {
    let shop = Shop::new();
    let full = |arguments: &[&str]| {
        let full = File::options().write(true).open("/dev/full").unwrap();
        shop.filtered(&shop.command(arguments).stdout(full).output().unwrap())
    };
    let run = ["run", "buy", "-q", "--name", "one", "-i", INPUT];
    insta::assert_snapshot!(full(&run), @r#"
    --- stderr
    error: cannot write to standard output: No space left on device (os error 28)
    help: the execution succeeded and its result is recorded: `result buy/one` prints it
    --- exit 5
    "#);
    assert_eq!(shop.json(&["result", "one", "--json"])["output"], "receipt of o-1");
    let declined = ["run", "buy", "--json", "-i", r#"{"id": "o-1", "total": 13}"#];
    insta::assert_snapshot!(full(&declined), @r#"
    --- stderr
    error: cannot write to standard output: No space left on device (os error 28)
    error: the execution failed in `charge` after ELAPSED: CardDeclined
    cause: {"code":51}
    --- exit 1
    "#);
}
