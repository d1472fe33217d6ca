//! Reading: descriptions, lists, histories, also beside another process that owns the store.

use super::{
    Description, Engine, Error, History, HistoryOrder, HistoryRequest, List, ListCursor,
    ListRequest, Summary,
};
use crate::{
    catalog::{execution_of, machine_arn, name_of},
    engine::{HistoryEvent, Status},
    program::Data,
    store::{self, ExecutionId, ExecutionRecord, Filter, HistoryPage, Order, Page, Store, codec},
};
use serde_json::Value;
use std::time::Duration;

/// Groups of events read at a time.
const GROUPS: usize = 64;

/// How often another process's executions are looked at: it does not tell of them.
pub(super) const LOOK_EVERY: Duration = Duration::from_millis(500);

impl Engine {
    /// Describes an execution, named as for [`find`](Self::find).
    pub async fn describe(&self, execution: &str) -> Result<Description, Error> {
        if let Some(described) = self.describe_express(execution)? {
            return Ok(described);
        }
        let found = self.lookup(execution).await?;
        let described = self.with_store(move |store| describe(store, found.id)).await?;
        described.ok_or_else(|| Error::UnknownExecution(execution.to_owned()))
    }

    /// Lists executions, newest first.
    pub async fn list(&self, request: ListRequest) -> Result<List, Error> {
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
            Ok(List { executions: records.iter().map(summary).collect(), next })
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
        let input = Data::from(input.clone());
        self.with_store(move |store| {
            let mut before = None;
            loop {
                let records = store.list(&filter, &Page { before, limit: 100 })?;
                let Some(last) = records.last() else { return Ok(None) };
                before = Some(last.id);
                for record in &records {
                    if codec::context(store, record)?.input == input {
                        return describe(store, record.id);
                    }
                }
            }
        })
        .await
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

pub(super) fn describe(
    store: &dyn Store,
    id: ExecutionId,
) -> Result<Option<Description>, store::Error> {
    let Some(record) = store.describe(id)? else { return Ok(None) };
    let context = codec::context(store, &record)?;
    let status = codec::status(store, &record)?;
    Ok(Some(Description {
        arn: context.execution_arn,
        name: record.name,
        workflow: context.machine_name,
        machine: record.pin.machine,
        revision: record.pin.revision,
        version: record.pin.version,
        hash: record.pin.hash,
        input: context.input,
        status,
        started: record.started,
        ended: record.ended,
    }))
}

pub(super) fn summary(record: &ExecutionRecord) -> Summary {
    let workflow = name_of(&record.pin.machine);
    Summary {
        arn: execution_of(&record.pin.machine, &record.name),
        name: record.name.clone(),
        workflow: workflow.to_owned(),
        state: record.status,
        started: record.started,
        ended: record.ended,
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
