//! Watches the process that runs the inputs, and says which one it did not survive.

use super::options::Options;
use std::{
    env, fs, io,
    path::Path,
    process::{Child, Command, ExitCode},
    thread,
    time::{Duration, Instant},
};
use stepwright_tests::fuzz::{Inputs, Target, worked_in_all};

/// What the process may have, in kibibytes: with more, an allocation fails and ends it.
const MEMORY: u32 = 1024 * 1024;
/// After this an input counts as one that hangs.
const HANGS: Duration = Duration::from_mins(1);
const PAUSE: Duration = Duration::from_millis(200);

/// Runs the inputs in a process of their own.
#[expect(clippy::print_stderr, reason = "there is nobody else left to say it")]
pub(super) fn watch(target: &dyn Target, options: &Options) -> ExitCode {
    let inputs = Inputs::new(target, options.seed);
    let target = target.name();
    match run(target, options) {
        Ok(Ended::Itself(code)) => code,
        Ok(Ended::Died { at, how }) => {
            eprintln!("{target}: {how}\nseed {}, --at {at}\n{}", options.seed, inputs.input(at));
            ExitCode::FAILURE
        }
        Err(error) => {
            eprintln!("{target}: cannot be run: {error}");
            ExitCode::from(2)
        }
    }
}

enum Ended {
    /// It has said what there was to say.
    Itself(ExitCode),
    /// It did not survive an input.
    Died { at: u64, how: String },
}

fn run(target: &str, options: &Options) -> io::Result<Ended> {
    let note = tempfile::NamedTempFile::new()?;
    let limited = format!("ulimit -v {MEMORY}; exec \"$@\"");
    let mut child = Command::new("sh")
        .args(["-c", &limited, "sh"])
        .arg(env::current_exe()?)
        .arg(target)
        .args(["--seconds", &options.seconds.to_string(), "--seed", &options.seed.to_string()])
        .arg("--note")
        .arg(note.path())
        .spawn()?;
    watch_child(&mut child, note.path())
}

#[expect(clippy::disallowed_methods, reason = "what is measured here is the real time")]
fn watch_child(child: &mut Child, note: &Path) -> io::Result<Ended> {
    let began = Instant::now();
    let (mut at, mut since) = (0, Duration::ZERO);
    loop {
        let ended = child.try_wait()?;
        let (now_at, worked) = (number(note), worked_in_all(child.id(), began));
        match ended {
            Some(status) if status.success() => return Ok(Ended::Itself(ExitCode::SUCCESS)),
            Some(status) if status.code() == Some(1) => {
                return Ok(Ended::Itself(ExitCode::FAILURE));
            }
            Some(status) => {
                let how = format!("it ended the process: {status}");
                return Ok(Ended::Died { at: now_at, how });
            }
            None if now_at != at => (at, since) = (now_at, worked),
            None if worked.saturating_sub(since) > HANGS => {
                child.kill()?;
                child.wait()?;
                let how = format!("it does not come to an end: {HANGS:?}");
                return Ok(Ended::Died { at, how });
            }
            None => {}
        }
        thread::sleep(PAUSE);
    }
}

/// The number of the input that the process is at.
fn number(note: &Path) -> u64 {
    let bytes = fs::read(note).unwrap_or_default();
    bytes.try_into().map_or(0, u64::from_le_bytes)
}
