//! Express executions: run as any other, on a store that forgets them with the process.

use super::{Description, Engine, Error, History, HistoryRequest, Summary, read};
use crate::{
    catalog::{Machine, Resource, execution_of, hash},
    driver::{Children, Driver, Parts},
    engine::{Limits, Status},
    program::Data,
    store::{self, ExecutionId, Filter, MachineRecord, MemoryStore, Page, Pin},
};
use indexmap::IndexMap;
use jiff::Timestamp;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// Executions that have ended are shown until so many have come after them.
const KEPT: usize = 1_000;

/// What runs express executions. Nothing is started before the first of them.
#[derive(Debug)]
pub(super) struct Express {
    parts: Parts,
    driver: OnceLock<Result<Driver, store::Error>>,
    /// Machines as the store knows them.
    pinned: Mutex<IndexMap<Pinned, Arc<Machine>>>,
}

/// A machine by its ARN, revision and version.
type Pinned = (String, u64, Option<u64>);

/// An express execution that runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Run {
    id: ExecutionId,
    pub(super) arn: String,
    pub(super) started: Timestamp,
}

impl Express {
    /// Takes what durable executions run with, but for the store and the bound of histories.
    pub(super) fn new(mut parts: Parts) -> Self {
        parts.store = Arc::new(MemoryStore::keeping(KEPT));
        parts.children = Children::Elsewhere;
        parts.limits.execution = Limits { events: None, ..parts.limits.execution };
        Self { parts, driver: OnceLock::new(), pinned: Mutex::default() }
    }

    /// What runs tasks.
    #[cfg(feature = "server")]
    pub(super) fn functions(&self) -> &crate::driver::Functions {
        &self.parts.functions
    }

    fn driver(&self) -> Result<&Driver, Error> {
        let started = self.driver.get_or_init(|| {
            let epoch = self.parts.store.own("express executions")?;
            Driver::start(self.parts.clone(), epoch)
        });
        started.as_ref().map_err(|error| Error::Store(error.clone()))
    }

    /// Starts an execution. Names may repeat: the id after it tells executions apart.
    pub(super) async fn begin(
        &self,
        machine: &Arc<Machine>,
        name: &str,
        input: Data,
    ) -> Result<Run, Error> {
        let name = format!("{name}:{}", self.parts.entropy.uuid());
        let arn = machine.execution_arn(&name);
        // The driver owns the store, and only its owner may put machines into it.
        let driver = self.driver()?;
        let machine = self.pin(machine)?;
        let begun = driver.begin(machine, name, input).await;
        let id = begun.map_err(|error| Error::of(error, &arn))?.execution;
        let record = self.parts.store.describe(id)?;
        let started = record.map_or_else(|| self.parts.clock.now(), |record| record.started);
        Ok(Run { id, arn, started })
    }

    /// Waits for the end of an execution.
    pub(super) async fn end(&self, run: &Run) -> Result<(Status, Timestamp), Error> {
        let status = self.driver()?.wait(run.id).await;
        let status = status.map_err(|error| Error::of(error, &run.arn))?;
        let ended = self.parts.store.describe(run.id)?.and_then(|record| record.ended);
        Ok((status, ended.unwrap_or_else(|| self.parts.clock.now())))
    }

    pub(super) async fn shut_down(&self) -> Result<(), Error> {
        match self.driver.get() {
            Some(Ok(driver)) => driver.shut_down().await.map_err(|error| Error::of(error, "")),
            _ => Ok(()),
        }
    }

    /// The machine with a pin that this store knows: what it runs differs from the durable form by
    /// the bound of its time.
    fn pin(&self, machine: &Arc<Machine>) -> Result<Arc<Machine>, store::Error> {
        let Pin { revision, version, .. } = machine.pin;
        let key = (machine.arn.clone(), revision, version);
        let mut pinned = self.pinned.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(machine) = pinned.get(&key) {
            return Ok(Arc::clone(machine));
        }
        let definition = machine.program.definition().to_text();
        let hash = hash(&definition);
        self.parts.store.put_machine(&MachineRecord {
            arn: machine.arn.clone(),
            name: machine.name.clone(),
            revision: 0,
            hash: hash.clone(),
            definition,
            shapes: None,
            created: self.parts.clock.now(),
        })?;
        let pin = Pin { hash, ..machine.pin.clone() };
        let machine = Arc::new(Machine { pin, ..(**machine).clone() });
        pinned.insert(key, Arc::clone(&machine));
        Ok(machine)
    }

    fn find(&self, arn: &str) -> Result<Option<ExecutionId>, store::Error> {
        match Resource::parse(arn) {
            Ok(Resource::Express { machine, name }) => self.parts.store.find(&machine, &name),
            _ => Ok(None),
        }
    }
}

impl Engine {
    /// Lists express executions of this process, newest first. They live in memory; of those that
    /// have ended the latest are kept.
    pub fn express_executions(&self) -> Result<Vec<Summary>, Error> {
        let Some(express) = &self.inner.express else { return Ok(Vec::new()) };
        let everything = Page { before: None, limit: usize::MAX };
        let records = express.parts.store.list(&Filter::default(), &everything)?;
        let (here, stops) = (self.here(), read::stops(&*express.parts.store)?);
        let shown = records.iter().map(|record| {
            let arn = execution_of(&record.pin.machine, &record.name);
            let name = record.name.split(':').next().unwrap_or_default();
            let summary = here.summary(&*express.parts.store, record, &stops)?;
            Ok(Summary { arn, name: name.to_owned(), ..summary })
        });
        shown.collect()
    }

    /// Describes an express execution, if the ARN names one that is known.
    pub(super) fn describe_express(&self, arn: &str) -> Result<Option<Description>, Error> {
        let Some((express, id)) = self.find_express(arn)? else { return Ok(None) };
        Ok(self.here().describe(&*express.parts.store, id)?)
    }

    /// A page of the history of an express execution, if the ARN names one that is known.
    pub(super) fn express_history(
        &self,
        arn: &str,
        request: &HistoryRequest,
    ) -> Result<Option<History>, Error> {
        let Some((express, id)) = self.find_express(arn)? else { return Ok(None) };
        Ok(Some(read::history(&*express.parts.store, id, request)?))
    }

    fn find_express(&self, arn: &str) -> Result<Option<(&Express, ExecutionId)>, Error> {
        let Some(express) = &self.inner.express else { return Ok(None) };
        Ok(express.find(arn)?.map(|id| (express, id)))
    }
}
