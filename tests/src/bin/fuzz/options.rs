//! What the command line asks for.

use std::{env, path::PathBuf};

/// What to do.
pub(super) struct Options {
    pub(super) target: String,
    pub(super) seconds: u64,
    pub(super) seed: u64,
    /// Run this input alone.
    pub(super) at: Option<u64>,
    /// Run the input in this file alone.
    pub(super) input: Option<PathBuf>,
    /// Where the process that runs the inputs writes which one it is at.
    pub(super) note: Option<PathBuf>,
}

const USAGE: &str = "fuzz TARGET [--seconds N] [--seed N] [--at N | --input FILE]";

impl Options {
    pub(super) fn read() -> Result<Self, String> {
        let mut arguments = env::args().skip(1);
        let target = arguments.next().ok_or(USAGE)?;
        let mut options = Self { target, seconds: 60, seed: 1, at: None, input: None, note: None };
        while let Some(name) = arguments.next() {
            let value = arguments.next().ok_or_else(|| format!("{name} wants a value"))?;
            let number = || value.parse().map_err(|_| format!("{name} wants a number"));
            match name.as_str() {
                "--seconds" => options.seconds = number()?,
                "--seed" => options.seed = number()?,
                "--at" => options.at = Some(number()?),
                "--input" => options.input = Some(value.into()),
                "--note" => options.note = Some(value.into()),
                _ => return Err(USAGE.to_owned()),
            }
        }
        Ok(options)
    }
}
