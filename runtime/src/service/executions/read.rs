//! Describing and listing.

use crate::{
    catalog::{
        Resource,
        created::{self, Kind, Revision},
        execution_of, unlabelled,
    },
    service::{
        Description, Engine, Exception, History, HistoryRequest, ListCursor, State,
        machines::{Target, out_of_place},
        read,
    },
    store::{self, ExecutionId, ExecutionRecord, Filter, Page, Store, codec},
};
use jiff::Timestamp;
use std::sync::Arc;

/// Records read at a time where some are left out.
const AT_A_TIME: usize = 1_000;

/// Which executions to list.
#[derive(Debug, Clone)]
pub struct ListExecutions {
    /// What they belong to.
    pub of: Of,
    /// In this state only.
    pub state: Option<State>,
    /// At most so many.
    pub limit: usize,
    /// Where the page before ended.
    pub after: Option<ListCursor>,
}

/// What executions belong to, by its ARN.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Of {
    /// A machine, or a version of it that they run.
    Machine(String),
    /// A Map Run.
    MapRun(String),
}

/// A page of executions, newest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// The executions.
    pub executions: Vec<ListedExecution>,
    /// Where the next page begins, if there is one.
    pub next: Option<ListCursor>,
}

/// A line of the list of executions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedExecution {
    /// Its ARN.
    pub arn: String,
    /// Its name.
    pub name: String,
    /// ARN of its machine.
    pub machine: String,
    /// The version that it was started with.
    pub version: Option<u64>,
    /// How it stands.
    pub state: State,
    /// When it started.
    pub started: Timestamp,
    /// When it ended.
    pub ended: Option<Timestamp>,
    /// The Map Run that was asked for.
    pub map_run: Option<String>,
}

/// What an execution runs.
#[derive(Debug, Clone)]
pub struct Definition {
    /// ARN of its machine.
    pub machine: String,
    /// Name of its machine.
    pub name: String,
    /// The revision that it began with.
    pub revision: Arc<Revision>,
}

impl Engine {
    /// Describes an execution.
    pub async fn describe_execution(&self, arn: &str) -> Result<Description, Exception> {
        let id = self.execution_of(arn).await?;
        let here = self.here();
        let described = self.with_store(move |store| here.describe(store, id)).await?;
        described.ok_or_else(|| Exception::ExecutionDoesNotExist(arn.to_owned()))
    }

    /// Reads a page of an execution's history.
    pub async fn execution_history(
        &self,
        arn: &str,
        request: HistoryRequest,
    ) -> Result<History, Exception> {
        let id = self.execution_of(arn).await?;
        let page = self.with_store(move |store| read::history(store, id, &request));
        Ok(page.await?)
    }

    /// What an execution runs, whatever has become of its machine.
    pub async fn definition_of_execution(&self, arn: &str) -> Result<Definition, Exception> {
        let description = self.describe_execution(arn).await?;
        let Description { machine, workflow: name, revision, .. } = description;
        let of = machine.clone();
        let found =
            self.in_catalog(move |store, _| created::read(store, unlabelled(&of), revision));
        let revision = found.await?.map_err(|refused| Exception::of(refused, &machine))?;
        Ok(Definition { machine, name, revision })
    }

    /// Lists executions of a standard machine, or of a Map Run.
    pub async fn list_executions(&self, asked: ListExecutions) -> Result<Listed, Exception> {
        let ListExecutions { of, state, limit, after } = asked;
        let (machine, wanted) = match of {
            Of::MapRun(arn) => (self.map_run(&arn).await?.machine, Wanted::Run(arn)),
            Of::Machine(arn) => {
                let Target { machine, version } = Target::parse(&arn)?;
                match self.kind_of(&machine) {
                    None => return Err(Exception::StateMachineDoesNotExist(arn)),
                    Some(Kind::Express) => return Err(Exception::StateMachineTypeNotSupported),
                    Some(Kind::Standard) => {}
                }
                (machine, version.map_or(Wanted::All, Wanted::Version))
            }
        };
        let map_run = match &wanted {
            Wanted::Run(arn) => Some(arn.clone()),
            Wanted::All | Wanted::Version(_) => None,
        };
        let filter = Filter { machine: Some(machine), status: state };
        let before = after.map(|ListCursor(id)| id);
        let found = self.with_store(move |store| newest(store, &filter, &wanted, before, limit));
        let mut records = found.await?;
        let more = records.len() > limit;
        records.truncate(limit);
        let next = records.last().filter(|_| more).map(|record| ListCursor(record.id));
        let line = |record| ListedExecution { map_run: map_run.clone(), ..listed(record) };
        Ok(Listed { executions: records.into_iter().map(line).collect(), next })
    }

    /// The number of an execution.
    pub(super) async fn execution_of(&self, arn: &str) -> Result<ExecutionId, Exception> {
        let (machine, name) = match Resource::parse(arn).map_err(Exception::InvalidArn)? {
            Resource::Execution { machine, name } => (machine, name),
            other => return Err(out_of_place(&other)),
        };
        let found = self.with_store(move |store| store.find(&machine, &name)).await?;
        found.ok_or_else(|| Exception::ExecutionDoesNotExist(arn.to_owned()))
    }
}

/// Which executions of a machine are listed.
#[derive(Debug, PartialEq, Eq)]
enum Wanted {
    All,
    /// Those that run this version.
    Version(u64),
    /// Those of the Map Run with this ARN.
    Run(String),
}

impl Wanted {
    fn fits(&self, store: &dyn Store, record: &ExecutionRecord) -> Result<bool, store::Error> {
        Ok(match self {
            Self::All => true,
            Self::Version(version) => record.pin.version == Some(*version),
            Self::Run(arn) => codec::map_run(store, record)?.is_some_and(|part| part.arn == *arn),
        })
    }
}

/// The newest executions, one more than asked for if there are more.
fn newest(
    store: &dyn Store,
    filter: &Filter,
    which: &Wanted,
    mut before: Option<ExecutionId>,
    limit: usize,
) -> Result<Vec<ExecutionRecord>, store::Error> {
    let wanted = limit.saturating_add(1);
    let at_a_time = if *which == Wanted::All { wanted } else { AT_A_TIME };
    let mut found = Vec::new();
    while found.len() < wanted {
        let records = store.list(filter, &Page { before, limit: at_a_time })?;
        let Some(last) = records.last() else { break };
        before = Some(last.id);
        let over = records.len() < at_a_time;
        for record in records {
            if which.fits(store, &record)? {
                found.push(record);
            }
        }
        if over {
            break;
        }
    }
    found.truncate(wanted);
    Ok(found)
}

fn listed(record: ExecutionRecord) -> ListedExecution {
    ListedExecution {
        arn: execution_of(&record.pin.machine, &record.name),
        name: record.name,
        machine: record.pin.machine,
        version: record.pin.version,
        state: record.status,
        started: record.started,
        ended: record.ended,
        map_run: None,
    }
}
