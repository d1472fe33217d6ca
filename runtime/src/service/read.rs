//! Reading: descriptions, lists, histories, also beside another process that owns the store.

use super::{
    Description, Engine, Error, History, HistoryOrder, HistoryRequest, List, ListCursor,
    ListRequest, Summary,
};
use crate::{
    catalog::{Catalog, Fit, execution_of, machine_arn, name_of},
    driver::{self, Functions, Message, TaskProgress},
    engine::{HistoryEvent, Status},
    program::Data,
    store::{
        self, ExecutionId, ExecutionRecord, Filter, HistoryPage, Order, Page, Pin, Store, codec,
    },
};
use serde_json::Value;
use std::{collections::BTreeSet, sync::Arc, time::Duration};

/// Groups of events read at a time.
const GROUPS: usize = 64;

/// Messages read at a time.
const MESSAGES: usize = 256;

/// How often another process's executions are looked at: it does not tell of them.
pub(super) const LOOK_EVERY: Duration = Duration::from_millis(500);

impl Engine {
    /// Describes an execution, named as for [`find`](Self::find).
    pub async fn describe(&self, execution: &str) -> Result<Description, Error> {
        if let Some(described) = self.describe_express(execution)? {
            return Ok(described);
        }
        let found = self.lookup(execution).await?;
        let here = self.here();
        let described = self.with_store(move |store| here.describe(store, found.id)).await?;
        let described = described.ok_or_else(|| Error::UnknownExecution(execution.to_owned()))?;
        let progress = self.progress(found.id, execution).await?;
        Ok(Description { progress, ..described })
    }

    /// What the tasks of an execution have last said, if they run in this process.
    pub(super) async fn progress(
        &self,
        id: ExecutionId,
        execution: &str,
    ) -> Result<Vec<TaskProgress>, Error> {
        let Some(driver) = &self.inner.driver else { return Ok(Vec::new()) };
        match driver.progress(id).await {
            // What has ended is described all the same.
            Err(driver::Error::Gone) => Ok(Vec::new()),
            other => other.map_err(|error| Error::of(error, execution)),
        }
    }

    /// Lists executions, newest first.
    pub async fn list(&self, request: ListRequest) -> Result<List, Error> {
        let here = self.here();
        self.with_store(move |store| {
            let filter = Filter {
                machine: request.workflow.as_deref().map(machine_arn),
                status: request.state,
            };
            let limit = if request.limit == 0 { 100 } else { request.limit };
            let before = request.after.map(|ListCursor(id)| id);
            let records = store.list(&filter, &Page { before, limit })?;
            let last = records.last().filter(|_| records.len() == limit);
            let next = last.map(|record| ListCursor(record.id));
            let running = records.iter().any(|record| record.status == store::Status::Running);
            let stops = if running { stops(store)? } else { BTreeSet::new() };
            let summaries = records.iter().map(|record| here.summary(store, record, &stops));
            Ok(List { executions: summaries.collect::<Result<_, _>>()?, next })
        })
        .await
    }

    /// Whether an execution has ended, and with it all children that its end was to stop.
    pub async fn has_ended(&self, execution: &str) -> Result<bool, Error> {
        let id = self.lookup(execution).await?.id;
        self.with_store(move |store| {
            if store.describe(id)?.is_some_and(|record| record.status == store::Status::Running) {
                return Ok(false);
            }
            // The messages that stop its children were sent with its own end.
            for stopping in stops(store)? {
                if descends(store, stopping, id)? {
                    return Ok(false);
                }
            }
            Ok(true)
        })
        .await
    }

    /// Reads a page of an execution's history.
    pub async fn history(
        &self,
        execution: &str,
        request: HistoryRequest,
    ) -> Result<History, Error> {
        if let Some(history) = self.express_history(execution, &request)? {
            return Ok(history);
        }
        let found = self.lookup(execution).await?;
        self.with_store(move |store| history(store, found.id, &request)).await
    }

    /// The newest execution of this workflow and input that has not ended.
    pub async fn unfinished(
        &self,
        workflow: &str,
        input: &Value,
    ) -> Result<Option<Description>, Error> {
        let filter =
            Filter { machine: Some(machine_arn(workflow)), status: Some(store::Status::Running) };
        let (here, input) = (self.here(), Data::from(input.clone()));
        self.with_store(move |store| {
            let mut before = None;
            loop {
                let records = store.list(&filter, &Page { before, limit: 100 })?;
                let Some(last) = records.last() else { return Ok(None) };
                before = Some(last.id);
                for record in &records {
                    if codec::context(store, record)?.input == input {
                        return here.describe(store, record.id);
                    }
                }
            }
        })
        .await
    }

    /// How many executions have not ended, without this one and without the children of others;
    /// counted up to `most`.
    pub async fn count_unfinished(&self, besides: &str, most: usize) -> Result<usize, Error> {
        let own = self.lookup(besides).await?.id;
        let filter = Filter { machine: None, status: Some(store::Status::Running) };
        self.with_store(move |store| {
            let (mut count, mut before) = (0, None);
            while count < most {
                let records = store.list(&filter, &Page { before, limit: 100 })?;
                let Some(last) = records.last() else { break };
                before = Some(last.id);
                for record in records.iter().filter(|record| record.id != own) {
                    count += usize::from(codec::parent(store, record)?.is_none());
                }
            }
            Ok(count.min(most))
        })
        .await
    }

    pub(super) fn here(&self) -> Here {
        let catalog = Arc::clone(&self.inner.catalog);
        let tells = self.inner.driver.is_some() || !catalog.names().is_empty();
        Here { catalog, functions: Arc::clone(&self.inner.functions), tells }
    }

    /// A page of events from this one on.
    pub(super) async fn events(
        &self,
        id: ExecutionId,
        from: u64,
    ) -> Result<Vec<HistoryEvent>, Error> {
        let request = HistoryRequest::new().from(from);
        Ok(self.with_store(move |store| history(store, id, &request)).await?.events)
    }

    /// How an execution stands.
    pub(super) async fn status(&self, id: ExecutionId) -> Result<Status, Error> {
        let status = self.with_store(move |store| match store.describe(id)? {
            Some(record) => codec::status(store, &record).map(Some),
            None => Ok(None),
        });
        status.await?.ok_or_else(|| Error::UnknownExecution(id.0.to_string()))
    }

    /// Waits for the end of an execution that another process runs.
    pub(super) async fn wait_for_owner(&self, id: ExecutionId) -> Result<Status, Error> {
        let mut looks = tokio::time::interval(LOOK_EVERY);
        loop {
            looks.tick().await;
            let status = self.status(id).await?;
            if status.is_ended() {
                return Ok(status);
            }
        }
    }
}

/// What this program knows, against which executions are looked at.
pub(super) struct Here {
    catalog: Arc<Catalog>,
    functions: Arc<Functions>,
    /// A program without workflows can't tell what another one misses.
    tells: bool,
}

impl Here {
    fn stranded(&self, store: &dyn Store, id: ExecutionId) -> Result<Option<String>, store::Error> {
        if self.tells {
            driver::stranded(store, &self.catalog, &*self.functions, id)
        } else {
            Ok(None)
        }
    }

    /// Whether the definition that an execution is pinned to is another than this program's.
    fn outdates(&self, store: &dyn Store, pin: &Pin) -> Result<bool, store::Error> {
        Ok(self.tells && matches!(self.catalog.code(store, pin)?.fit, Fit::Stored(_)))
    }

    pub(super) fn describe(
        &self,
        store: &dyn Store,
        id: ExecutionId,
    ) -> Result<Option<Description>, store::Error> {
        let Some(record) = store.describe(id)? else { return Ok(None) };
        let context = codec::context(store, &record)?;
        let status = codec::status(store, &record)?;
        let running = !status.is_ended();
        let outdated = running && self.outdates(store, &record.pin)?;
        let parent = parent(store, &record)?.map(|(_, arn)| arn);
        Ok(Some(Description {
            arn: context.execution_arn,
            name: record.name,
            workflow: context.machine_name,
            machine: record.pin.machine,
            revision: record.pin.revision,
            version: record.pin.version,
            hash: record.pin.hash,
            map_run: context.map_run.map(|part| part.arn),
            input: context.input,
            status,
            started: record.started,
            ended: record.ended,
            stopping: running && stops(store)?.contains(&id),
            stranded: if running { self.stranded(store, id)? } else { None },
            outdated,
            parent,
            progress: Vec::new(),
        }))
    }

    pub(super) fn summary(
        &self,
        store: &dyn Store,
        record: &ExecutionRecord,
        stops: &BTreeSet<ExecutionId>,
    ) -> Result<Summary, store::Error> {
        let workflow = name_of(&record.pin.machine);
        let running = record.status == store::Status::Running;
        Ok(Summary {
            arn: execution_of(&record.pin.machine, &record.name),
            name: record.name.clone(),
            workflow: workflow.to_owned(),
            state: record.status,
            started: record.started,
            ended: record.ended,
            stopping: running && stops.contains(&record.id),
            stranded: if running { self.stranded(store, record.id)? } else { None },
            outdated: running && self.outdates(store, &record.pin)?,
            parent: parent(store, record)?.map(|(_, arn)| arn),
        })
    }
}

/// The execution that started this one, and its ARN.
fn parent(
    store: &dyn Store,
    record: &ExecutionRecord,
) -> Result<Option<(ExecutionRecord, String)>, store::Error> {
    let Some(parent) = codec::parent(store, record)? else { return Ok(None) };
    let parent = store.describe(ExecutionId(parent.execution))?;
    Ok(parent.map(|parent| {
        let arn = execution_of(&parent.pin.machine, &parent.name);
        (parent, arn)
    }))
}

/// Whether an execution was started by another one, or by one that this one started.
fn descends(store: &dyn Store, id: ExecutionId, from: ExecutionId) -> Result<bool, store::Error> {
    let mut record = store.describe(id)?;
    while let Some(child) = record {
        record = parent(store, &child)?.map(|(parent, _)| parent);
        if record.as_ref().is_some_and(|parent| parent.id == from) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The executions whose end was asked for by messages that nobody has read yet.
pub(super) fn stops(store: &dyn Store) -> Result<BTreeSet<ExecutionId>, store::Error> {
    let (mut found, mut after) = (BTreeSet::new(), 0);
    loop {
        let page = store.inbox(after, MESSAGES)?;
        let Some(last) = page.last() else { return Ok(found) };
        after = last.id;
        let is_stop = |body| matches!(Message::decode(body), Some(Message::Stop(_)));
        let stops = page.iter().filter(|received| is_stop(&received.message.body));
        found.extend(stops.filter_map(|received| received.message.execution));
    }
}

pub(super) fn history(
    store: &dyn Store,
    id: ExecutionId,
    request: &HistoryRequest,
) -> Result<History, store::Error> {
    let limit = if request.limit == 0 { 1_000 } else { request.limit };
    let order = match request.order {
        HistoryOrder::Forward => Order::Forward,
        HistoryOrder::Reverse => Order::Reverse,
    };
    let wanted = |event: &HistoryEvent, from: Option<u64>| match request.order {
        HistoryOrder::Forward => from.is_none_or(|from| event.id >= from),
        HistoryOrder::Reverse => from.is_none_or(|from| event.id <= from),
    };
    let after = |event: &HistoryEvent| match request.order {
        HistoryOrder::Forward => Some(event.id + 1),
        HistoryOrder::Reverse => event.id.checked_sub(1).filter(|id| *id > 0),
    };
    let mut events: Vec<HistoryEvent> = Vec::new();
    let mut from = request.from;
    // One more than asked for tells whether there is another page.
    while events.len() <= limit {
        let page = codec::history(store, id, &HistoryPage { order, from, limit: GROUPS })?;
        let before = events.len();
        events.extend(page.into_iter().filter(|event| wanted(event, from)));
        let Some(last) = events.last().filter(|_| events.len() > before) else { break };
        from = after(last);
        if from.is_none() {
            break;
        }
    }
    let next = events.get(limit).map(|event| event.id);
    events.truncate(limit);
    Ok(History { events, next })
}
