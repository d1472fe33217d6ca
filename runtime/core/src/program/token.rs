//! Task tokens: what a `.waitForTaskToken` tells somebody, so that they can answer for the task.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use std::{fmt, str::FromStr};

/// Names one attempt of a task among all executions. As text it says nothing to those who carry it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaskToken {
    /// ARN of the execution.
    pub execution: String,
    /// Number of the frame that waits.
    pub frame: u32,
    /// What makes it impossible to guess.
    pub random: u64,
}

/// A text that is no task token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoToken;

/// Begins what is encoded, so that other encoded texts are no tokens.
const MARK: &str = "task";

impl fmt::Display for TaskToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { execution, frame, random } = self;
        f.write_str(&STANDARD.encode(format!("{MARK} {frame} {random:016x} {execution}")))
    }
}

impl FromStr for TaskToken {
    type Err = NoToken;

    fn from_str(text: &str) -> Result<Self, NoToken> {
        read(text).ok_or(NoToken)
    }
}

fn read(text: &str) -> Option<TaskToken> {
    let decoded = String::from_utf8(STANDARD.decode(text).ok()?).ok()?;
    let mut parts = decoded.splitn(4, ' ');
    parts.next().filter(|mark| *mark == MARK)?;
    let frame = parts.next()?.parse().ok()?;
    let random = u64::from_str_radix(parts.next()?, 16).ok()?;
    Some(TaskToken { execution: parts.next()?.to_owned(), frame, random })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_read_back_from_its_text() {
        let execution = "arn:aws:states:us-east-1:123456789012:execution:m:é 1".to_owned();
        let token = TaskToken { execution, frame: 7, random: 0x0123_4567_89ab_cdef };
        assert_eq!(token.to_string().parse(), Ok(token));
    }

    #[test]
    fn what_is_no_token_is_refused() {
        let token = TaskToken { execution: "e".to_owned(), frame: 0, random: 1 }.to_string();
        let other = STANDARD.encode("hello 0 1 e");
        for wrong in ["", "NoSuchTaskToken", &token[1..], &other] {
            assert_eq!(wrong.parse::<TaskToken>(), Err(NoToken), "{wrong}");
        }
    }
}
