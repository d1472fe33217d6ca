//! The engine as a user has it: start, wait, stop, list, reopen.

mod basics;
mod fixture;
