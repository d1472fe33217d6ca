//! How long a thread or a process has had a processor: on a busy machine the time on the wall says
//! little.

use std::{
    fs,
    time::{Duration, Instant},
};

/// How long this thread has had a processor. Where the system does not tell, the time on the wall
/// has to do, which grows when others want the processor too.
pub fn worked(began: Instant) -> Duration {
    told("/proc/thread-self/schedstat").unwrap_or_else(|| began.elapsed())
}

/// How long all threads of a process have had one.
pub fn worked_in_all(process: u32, began: Instant) -> Duration {
    let threads = fs::read_dir(format!("/proc/{process}/task")).into_iter().flatten().flatten();
    let times = threads.filter_map(|thread| told(thread.path().join("schedstat").to_str()?));
    times.reduce(|all, one| all + one).unwrap_or_else(|| began.elapsed())
}

fn told(path: &str) -> Option<Duration> {
    let told = fs::read_to_string(path).ok()?;
    let nanos: u64 = told.split(' ').next()?.parse().ok()?;
    (nanos > 0).then(|| Duration::from_nanos(nanos))
}
