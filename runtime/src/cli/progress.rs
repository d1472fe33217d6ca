//! What a run shows while it runs: each state as it is entered, each further attempt, each failure.

use super::{
    out::{Out, Style, printable},
    states::{States, What},
};
use crate::{engine::HistoryEvent, service::TaskProgress};
use indicatif::{ProgressBar, ProgressStyle};
use jiff::{SignedDuration, Timestamp};
use std::time::Duration;

/// Shows the events of one execution.
pub(super) struct Progress {
    out: Out,
    /// When the execution started and when its last event was.
    time: Option<(Timestamp, Timestamp)>,
    spinner: Option<ProgressBar>,
    states: States,
}

impl Progress {
    /// Begins, before the first event.
    pub(super) fn new(out: Out) -> Self {
        let spinner = out.live.then(|| {
            let spinner = ProgressBar::new_spinner();
            if let Ok(style) = ProgressStyle::with_template("{spinner} {elapsed:>6}  {wide_msg}") {
                spinner.set_style(style);
            }
            spinner.enable_steady_tick(Duration::from_millis(100));
            spinner
        });
        Self { out, time: None, spinner, states: States::default() }
    }

    /// Where the execution failed, once it has: " in `charge`".
    pub(super) fn failed_at(&self) -> Option<&str> {
        self.states.failed_at()
    }

    /// How long the execution took to its last event.
    pub(super) fn took(&self) -> String {
        self.time.map(|(started, last)| took(started, last)).unwrap_or_default()
    }

    /// Takes an event; shows it if it is `new` in this run.
    pub(super) fn event(&mut self, event: &HistoryEvent, new: bool) {
        let started = self.time.map_or(event.timestamp, |(started, _)| started);
        self.time = Some((started, event.timestamp));
        let what = self.states.event(event);
        if new && let Some(What { state, failed, text }) = what {
            let failed = failed.map(|failed| self.out.err(Style::Warn, failed));
            let elapsed = took(started, event.timestamp);
            let failed = failed.unwrap_or_default();
            self.line(&format!("{elapsed:>9}  {state}{failed}{}", printable(&text)));
        }
        if let Some(spinner) = &self.spinner {
            spinner.set_message(self.states.standing());
        }
    }

    /// Shows where the execution stands before its first new event.
    pub(super) fn resumed(&self) {
        let standing = self.states.standing();
        if !standing.is_empty() {
            self.line(&format!("{:>9}  goes on in {standing}", ""));
        }
    }

    /// Whether there is a line that can be redrawn.
    pub(super) fn is_live(&self) -> bool {
        self.spinner.is_some()
    }

    /// Shows what running tasks have last said.
    pub(super) fn tasks(&mut self, tasks: &[TaskProgress]) {
        let said = tasks.iter().map(|task| (task.state.clone(), task.progress.to_string()));
        self.states.said(said.collect());
        if let Some(spinner) = &self.spinner {
            spinner.set_message(self.states.standing());
        }
    }

    /// Prints a warning above the spinner.
    pub(super) fn warn(&self, text: &str) {
        self.line(&format!("{} {text}", self.out.err(Style::Warn, "warning:")));
    }

    /// Prints a line above the spinner.
    fn line(&self, line: &str) {
        match &self.spinner {
            Some(spinner) => spinner.suspend(|| self.out.note(line)),
            None => self.out.note(line),
        }
    }

    /// Removes the spinner.
    pub(super) fn end(&mut self) {
        if let Some(spinner) = self.spinner.take() {
            spinner.finish_and_clear();
        }
    }
}

/// A duration as seconds, minutes or hours. A clock that was set back is no reason for negative
/// ones.
fn seconds(duration: SignedDuration) -> String {
    let duration = duration.max(SignedDuration::ZERO);
    let seconds = duration.as_secs();
    let tenths = duration.subsec_millis() / 100;
    match seconds {
        0 if tenths < 1 => format!("{} ms", duration.as_millis()),
        0..60 => format!("{seconds}.{tenths} s"),
        60..3600 => format!("{}m {:02}s", seconds / 60, seconds % 60),
        _ => format!("{}h {:02}m", seconds / 3600, seconds % 3600 / 60),
    }
}

/// How long an execution took: from its start to its end by the wall clock, whatever processes ran it
/// and however long none did. Both are taken as they are listed, in whole milliseconds.
pub(super) fn took(started: Timestamp, ended: Timestamp) -> String {
    let milliseconds = ended.as_millisecond().saturating_sub(started.as_millisecond());
    seconds(SignedDuration::from_millis(milliseconds))
}

/// Text on one line, cut where it gets long.
pub(super) fn cut(text: &str, most: usize) -> String {
    // What lies far behind the cut is not looked at.
    let near = text.char_indices().nth(most.saturating_mul(8)).map_or(text.len(), |(at, _)| at);
    let line = text.get(..near).unwrap_or_default();
    let line = printable(&line.split_whitespace().collect::<Vec<_>>().join(" "));
    if near == text.len() && line.chars().count() <= most {
        return line;
    }
    let cut: String = line.chars().take(most.saturating_sub(1)).collect();
    format!("{cut}…")
}

#[cfg(test)]
mod tests {
    use super::{cut, seconds};
    use jiff::SignedDuration;

    #[test]
    fn durations_are_short_and_never_negative() {
        let check = |milliseconds, expected: &str| {
            assert_eq!(seconds(SignedDuration::from_millis(milliseconds)), expected);
        };
        check(-1_500, "0 ms");
        check(0, "0 ms");
        check(99, "99 ms");
        check(1_250, "1.2 s");
        check(61_000, "1m 01s");
        check(3_725_000, "1h 02m");
    }

    #[test]
    fn text_is_cut_to_one_line_that_steers_no_terminal() {
        assert_eq!(cut("a\n b", 5), "a b");
        assert_eq!(cut("größer", 6), "größer");
        assert_eq!(cut("größere", 6), "größe…");
        assert_eq!(cut("\u{1b}[2Jx", 9), "\u{fffd}[2Jx");
        assert_eq!(cut(&"x".repeat(1_000_000), 4), "xxx…");
        assert_eq!(cut(&" ".repeat(1_000_000), 4), "…");
    }
}
