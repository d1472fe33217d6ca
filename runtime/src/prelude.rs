//! What a file with workflows and tasks needs: `use stepwright::prelude::*;`.

pub use crate::workflow::{
    Jitter, Retry, State, TaskContext, TaskError, Timestamp, join, join_all, sleep, sleep_until,
    try_join, try_join_all,
};
pub use std::{process::ExitCode, time::Duration};
pub use stepwright_macros::{TaskError, data, task, workflow};
