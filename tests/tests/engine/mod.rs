//! The engine: definitions driven event by event, with the histories that AWS recorded for such
//! shapes.

mod choice;
mod children;
mod data;
mod limits;
mod map;
mod map_run;
mod parallel;
mod recovery;
mod retry;
mod task;
mod wait;
