//! The engine: definitions driven event by event, with the histories that AWS recorded for such
//! shapes.

#![expect(
    clippy::needless_pass_by_value,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "values are made for the call, and a test that cannot go on fails"
)]

mod bench;

mod choice;
mod children;
mod data;
mod limits;
mod map;
mod parallel;
mod random;
mod recovery;
mod retry;
mod task;
mod wait;
