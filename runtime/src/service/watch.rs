//! The history of an execution as a stream.

use super::Error;
use crate::engine::HistoryEvent;
use futures::{Stream, stream::BoxStream};
use std::{
    fmt,
    pin::Pin,
    task::{Context, Poll},
};

/// Events in order, each once, from the first to the last.
pub struct Watch(pub(super) BoxStream<'static, Result<HistoryEvent, Error>>);

impl Stream for Watch {
    type Item = Result<HistoryEvent, Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.as_mut().poll_next(cx)
    }
}

impl fmt::Debug for Watch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Watch")
    }
}
