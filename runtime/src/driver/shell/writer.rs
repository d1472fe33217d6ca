//! The thread that writes large groups, so that the shell goes on stepping meanwhile.
//!
//! A small group is written by the shell itself: handing it over and back would take longer than
//! what could be done in that time.

use crate::{
    driver::Signal,
    store::{self, Batch, Store},
};
use std::{
    sync::{
        Arc,
        mpsc::{self, Receiver, Sender},
    },
    thread::JoinHandle,
};

/// Changes that a group must have to be handed over. Waking two threads takes about as long as
/// stepping this many executions.
const LARGE: usize = 8;

/// Hands groups over, one at a time. Ends the thread when it is dropped.
#[derive(Debug)]
pub(super) struct Writer {
    groups: Option<Sender<Batch>>,
    thread: Option<JoinHandle<()>>,
}

impl Writer {
    /// Starts the thread; its answers come as signals.
    pub(super) fn start(
        store: Arc<dyn Store>,
        answers: Sender<Signal>,
    ) -> Result<Self, std::io::Error> {
        let (sender, groups) = mpsc::channel();
        let thread = std::thread::Builder::new().name("stepwright-write".to_owned());
        let thread = thread.spawn(move || write(&*store, &groups, &answers))?;
        Ok(Self { groups: Some(sender), thread: Some(thread) })
    }

    /// Whether a group is better written here.
    pub(super) fn takes(group: &Batch) -> bool {
        group.starts.len() + group.changes.len() >= LARGE
    }

    /// Writes a group; the answer comes as a signal.
    pub(super) fn commit(&self, group: Batch) {
        if let Some(groups) = &self.groups {
            // The thread ends only with this handle.
            let _sent = groups.send(group);
        }
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.groups = None;
        if let Some(thread) = self.thread.take() {
            // Whoever opens the store next must find it closed.
            let _panicked = thread.join();
        }
    }
}

fn write(store: &dyn Store, groups: &Receiver<Batch>, answers: &Sender<Signal>) {
    for group in groups {
        let committed: Result<_, store::Error> = store.commit(group);
        let written = committed.is_ok();
        // A shell that has gone learns of the group from the store, when it comes again.
        let _gone = answers.send(Signal::Committed(committed));
        // Between the groups, when nobody waits. What is wrong with it shows at the next commit.
        let _later = written.then(|| store.checkpoint());
    }
}
