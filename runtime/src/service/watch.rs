//! The history of an execution as a stream.

use super::{Engine, Error, read::LOOK_EVERY};
use crate::{driver, engine::HistoryEvent, store::ExecutionId};
use futures_util::{Stream, StreamExt as _, stream};
use std::{
    collections::VecDeque,
    fmt,
    pin::Pin,
    task::{Context, Poll},
};
use tokio::{sync::watch, time::Interval};

/// Events in order, each once, from the first to the last.
pub struct Watch(stream::BoxStream<'static, Result<HistoryEvent, Error>>);

/// What tells of new events. They are read from the store, so a slow reader costs no memory.
enum News {
    /// The driver, until the execution ends.
    Told(watch::Receiver<u64>),
    /// Nobody: another process runs it.
    Untold(Interval),
    /// There are no more to come.
    Over,
}

struct Reader {
    engine: Engine,
    id: ExecutionId,
    read: VecDeque<HistoryEvent>,
    next: u64,
    news: News,
}

impl Watch {
    pub(super) async fn open(engine: Engine, id: ExecutionId) -> Result<Self, Error> {
        let news = match &engine.inner.driver {
            Some(driver) => match driver.watch(id).await {
                Ok(receiver) => News::Told(receiver),
                // What was recorded before is shown first.
                Err(driver::Error::Stranded(_)) => News::Over,
                Err(error) => return Err(Error::of(error, "")),
            },
            None => News::Untold(tokio::time::interval(LOOK_EVERY)),
        };
        let reader = Reader { engine, id, read: VecDeque::new(), next: 1, news };
        let events = stream::try_unfold(reader, async |mut reader| {
            let event = reader.event().await?;
            Ok(event.map(|event| (event, reader)))
        });
        Ok(Self(events.boxed()))
    }
}

impl Reader {
    async fn event(&mut self) -> Result<Option<HistoryEvent>, Error> {
        loop {
            if let Some(event) = self.read.pop_front() {
                self.next = event.id + 1;
                return Ok(Some(event));
            }
            // Whoever looks before it reads misses nothing that comes in between.
            let over = match &mut self.news {
                News::Over => true,
                News::Told(receiver) => receiver.has_changed().is_err(),
                News::Untold(_) => self.engine.status(self.id).await?.is_ended(),
            };
            if let News::Told(receiver) = &mut self.news {
                receiver.mark_unchanged();
            }
            self.read = self.engine.events(self.id, self.next).await?.into();
            if !self.read.is_empty() {
                continue;
            }
            if over {
                return self.end().await;
            }
            let closed = match &mut self.news {
                News::Told(receiver) => receiver.changed().await.is_err(),
                News::Untold(looks) => {
                    looks.tick().await;
                    false
                }
                News::Over => true,
            };
            if closed {
                self.news = News::Over;
            }
        }
    }

    /// No events are to come: the execution has ended, or whoever ran it has.
    async fn end(&self) -> Result<Option<HistoryEvent>, Error> {
        if self.engine.status(self.id).await?.is_ended() {
            return Ok(None);
        }
        self.engine.wait(self.id, "").await.map(|_| None)
    }
}

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
