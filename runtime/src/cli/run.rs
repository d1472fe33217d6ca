//! `run`: starts an execution or resumes an equal one, and follows it to its end.

use super::{
    Exit,
    args::RunOptions,
    ended::{Ended, how},
    error::Error,
    fields, input,
    machine::Machine,
    out::Out,
    progress::Progress,
    result,
    shape::shape,
    signals::Signals,
    watch::{others, watch},
};
use crate::{
    engine::Status,
    service::{self, Builder, Description, Engine, Handle, HistoryRequest, Json, SlowSegment},
    store::{SqliteStore, Store},
    workflow::WorkflowDef,
};
use serde_json::Value;
use std::{
    ffi::OsStr,
    path::Path,
    process::ExitCode,
    sync::{
        Arc,
        mpsc::{self, Receiver},
    },
};

/// What executions are of.
#[derive(Debug)]
pub(super) enum Subject<'r> {
    /// A workflow of this program.
    Workflow(&'r WorkflowDef),
    /// A machine in a file.
    Machine(&'r Machine),
}

/// What is run.
struct Run<'r> {
    /// How `run` is told of it.
    called: &'r str,
    workflow: &'r str,
    input: Value,
    arguments: &'r RunOptions,
    out: Out,
}

/// How following an execution ended.
enum Followed {
    /// With the execution, and its exit code.
    Ended(ExitCode),
    /// By a signal; the execution has this ARN.
    Interrupted(Exit, String),
}

/// Runs an execution to its end.
pub(super) async fn run(
    builder: Builder,
    subject: &Subject<'_>,
    database: &Path,
    arguments: &RunOptions,
    out: Out,
) -> Result<ExitCode, Error> {
    if let Some(name) = &arguments.name {
        service::check_name(name)?;
    }
    let (called, workflow) = subject.names();
    let input = subject.input(arguments.input.as_deref())?;
    let run = Run { called, workflow, input, arguments, out };
    // An execution that began with an earlier program may have an input that fits no more.
    if let Err(misfit) = subject.check(&builder, &run.input, out)
        && !run.is_unfinished(database).await
    {
        return Err(misfit);
    }
    let shown = std::path::absolute(database).unwrap_or_else(|_| database.to_owned());
    out.note(&format!("database {}", shown.display()));
    let store: Arc<dyn Store> = Arc::new(SqliteStore::open(database)?);
    let file = identity(database);
    // Before the engine owns the store and runs on: afterwards it might have ended already.
    let reading = Engine::reading(Arc::clone(&store))?;
    let pending = match run.earlier(&reading).await? {
        Some(found) if found.status != Status::Running => {
            let (workflow, name) = (&found.workflow, &found.name);
            out.note(&format!(
                "`{workflow}/{name}` has ended already; this is its recorded result"
            ));
            return result::recorded(&reading, &found, out).await;
        }
        Some(found) => {
            let recorded = last_event(&reading, &found.arn).await?;
            Some((found, recorded))
        }
        None => None,
    };
    let builder = subject.put_into(builder, &reading, pending.as_ref(), out).await?;
    let mut signals = Signals::new()?;
    // The others are for the process that serves them: this one ends with its own.
    let (builder, slow) = listening(builder);
    let engine = builder.store(store).on_demand().build().await?;
    let followed = run.follow(&engine, pending, &slow, &mut signals).await;
    let closed = tokio::select! {
        closed = engine.shutdown() => closed,
        // Whoever asks twice does not wait for the tasks that run.
        _ = signals.next() => Ok(()),
    };
    let lost = identity(database) != file;
    if lost {
        let message =
            format!("the database {} was deleted or replaced during the run", database.display());
        out.error(&Error::new(Exit::Store, message).help("what was recorded since is gone"));
    }
    match followed {
        // What is lost does not make the result wrong, but nobody finds it again.
        Ok(Followed::Ended(_)) if lost => Ok(Exit::Store.into()),
        // To run it again would be worse than to have its result.
        Ok(Followed::Ended(code)) => match closed {
            Ok(()) => Ok(code),
            Err(error) => {
                let error = Error::from(error);
                out.error(&error);
                Ok(error.exit.into())
            }
        },
        Ok(Followed::Interrupted(exit, arn)) => {
            let found = reading.describe(&arn).await?;
            if found.status != Status::Running {
                // Its last task has ended meanwhile.
                let code = result::recorded(&reading, &found, out).await?;
                return Ok(if lost { Exit::Store.into() } else { code });
            }
            let error = run.interrupted(exit, &found.name);
            Err(if lost { Error { help: None, ..error } } else { error })
        }
        Err(error) => Err(error),
    }
}

/// Has the engine tell of code that holds others up.
fn listening(builder: Builder) -> (Builder, Receiver<SlowSegment>) {
    let (tell, slow) = mpsc::channel();
    let builder = builder.on_slow(move |segment| {
        // Whoever does not listen any more has ended.
        let _gone = tell.send(segment);
    });
    (builder, slow)
}

impl Subject<'_> {
    /// What it is called on the command line, and in the database.
    fn names(&self) -> (&str, &str) {
        match self {
            Self::Workflow(workflow) => (workflow.name, workflow.name),
            Self::Machine(machine) => (&machine.file, &machine.name),
        }
    }

    /// The input that is given; a machine in a file says nothing of its own and may have none.
    fn input(&self, given: Option<&OsStr>) -> Result<Value, Error> {
        match (self, given) {
            (Self::Workflow(workflow), given) => input::read(given, workflow),
            (Self::Machine(_), None) => Ok(Value::Object(serde_json::Map::new())),
            (Self::Machine(_), Some(given)) => input::parse(given),
        }
    }

    /// Whether an execution can begin, before anything is made or changed.
    fn check(&self, builder: &Builder, input: &Value, out: Out) -> Result<(), Error> {
        match self {
            Self::Workflow(workflow) => check_input(builder, workflow, input, out),
            Self::Machine(machine) => {
                service::check_length(&machine.name, input, builder.limits)?;
                machine.check()
            }
        }
    }

    /// Puts it into an engine; `pending` is the execution that is resumed, and its last event.
    async fn put_into(
        &self,
        builder: Builder,
        reading: &Engine,
        pending: Option<&(Description, u64)>,
        out: Out,
    ) -> Result<Builder, Error> {
        match self {
            // It is in there.
            Self::Workflow(_) => Ok(builder),
            Self::Machine(machine) => {
                let found = pending.map(|(found, _)| found);
                machine.put_into(builder, reading, found, out).await
            }
        }
    }
}

/// Checks the input before anything is made or changed.
fn check_input(
    builder: &Builder,
    workflow: &WorkflowDef,
    input: &Value,
    out: Out,
) -> Result<(), Error> {
    let name = workflow.name;
    (workflow.check_input)(input).map_err(|mismatch| {
        let help = match workflow.params {
            [param] if input.as_object().is_some_and(|members| members.keys().eq([param])) => {
                format!("the input is the value of `{param}` itself, without its name")
            }
            _ => match fields::misspelt(workflow, input, &mismatch) {
                Some((misspelt, meant)) => {
                    format!("it has no field `{misspelt}`: did you mean `{meant}`?")
                }
                None => format!("the input looks like {}", shape(&(workflow.input_schema)())),
            },
        };
        let misfit = service::Error::InvalidInput { workflow: name.to_owned(), mismatch };
        Error::from(misfit).help(help)
    })?;
    service::check_length(name, input, builder.limits)?;
    fields::warn(workflow, input, out);
    Ok(())
}

impl Run<'_> {
    /// Whether the command resumes an execution. A database that can't be read is told later.
    async fn is_unfinished(&self, database: &Path) -> bool {
        let Ok(store) = SqliteStore::open_existing(database) else { return false };
        let store: Arc<dyn Store> = Arc::new(store);
        let Ok(reading) = Engine::reading(store) else { return false };
        let found = self.earlier(&reading).await.ok().flatten();
        found.is_some_and(|found| found.status == Status::Running)
    }

    /// The execution that this command resumes, or whose result it prints.
    async fn earlier(&self, reading: &Engine) -> Result<Option<Description>, Error> {
        let Some(name) = &self.arguments.name else {
            if self.arguments.new {
                return Ok(None);
            }
            return Ok(reading.unfinished(self.workflow, &self.input).await?);
        };
        match reading.describe(&format!("{}/{name}", self.workflow)).await {
            Ok(found) if self.takes(&found) => Ok(Some(found)),
            Ok(found) => Err(self.taken(&found)),
            Err(service::Error::UnknownExecution(_)) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    fn takes(&self, found: &Description) -> bool {
        let open = found.status == Status::Running || self.arguments.once;
        open && *found.input == self.input
    }

    /// Why a name cannot be used again. As with AWS a name means one execution, once: to run
    /// nothing and look like a success would be the mistake that nobody notices.
    fn taken(&self, found: &Description) -> Error {
        let execution = format!("{}/{}", found.workflow, found.name);
        let how = how(&found.status);
        if *found.input != self.input {
            let message = format!("`{execution}` exists already, with another input, and {how}");
            return Error::usage(message)
                .help(format!("choose another --name; `history {execution}` shows that one"));
        }
        Error::usage(format!("`{execution}` has ended already, with this input, and {how}")).help(
            format!(
                "`result {execution}` or --once shows it again; to run again, choose another --name"
            ),
        )
    }

    /// Starts or finds the execution, shows it until it ends, prints the result.
    async fn follow(
        &self,
        engine: &Engine,
        pending: Option<(Description, u64)>,
        slow: &Receiver<SlowSegment>,
        signals: &mut Signals,
    ) -> Result<Followed, Error> {
        let (handle, recorded) = match pending {
            Some((found, recorded)) => {
                self.out.note(&self.resumes(&found, recorded));
                if engine.describe(&found.arn).await?.outdated {
                    self.out.note(&format!(
                        "{} has changed since; the execution goes on with the definition that it \
                         began with",
                        self.called
                    ));
                }
                (engine.find(&found.arn).await?, recorded)
            }
            None => (self.start(engine).await?, 0),
        };
        others(engine, &handle, self.out).await?;
        let mut progress = Progress::new(self.out);
        let status = tokio::select! {
            ended = watch(&handle, recorded, &mut progress, slow) => Ok(ended),
            exit = signals.next() => Err(exit),
        };
        progress.end();
        let status = match status {
            Ok(status) => status?,
            Err(exit) => {
                self.out.note("waits for the tasks that run; Ctrl-C again ends at once");
                return Ok(Followed::Interrupted(exit, handle.arn().to_owned()));
            }
        };
        let ended = Ended {
            arn: handle.arn(),
            workflow: self.workflow,
            name: handle.name(),
            status: &status,
            place: progress.failed_at().unwrap_or_default(),
            took: &progress.took(),
        };
        Ok(Followed::Ended(ended.show(self.out)?))
    }

    fn resumes(&self, found: &Description, recorded: u64) -> String {
        let another = if self.arguments.name.is_some() { "" } else { " (--new starts another)" };
        format!(
            "resumes {}/{}, unfinished after {recorded} recorded events{another}",
            self.workflow, found.name
        )
    }

    async fn start(&self, engine: &Engine) -> Result<Handle<Json>, Error> {
        let mut start = engine.start_json(self.workflow, self.input.clone());
        if let Some(name) = &self.arguments.name {
            start = start.name(name.as_str());
        }
        let handle = match start.await {
            // Another process was quicker.
            Err(service::Error::AlreadyExists { name, .. }) => {
                let found = engine.describe(&format!("{}/{name}", self.workflow)).await?;
                return Err(self.taken(&found));
            }
            started => started?,
        };
        self.out.note(&format!("started {}/{}", self.workflow, handle.name()));
        Ok(handle)
    }

    fn interrupted(&self, exit: Exit, name: &str) -> Error {
        let workflow = self.workflow;
        let again = if self.arguments.new {
            // The same command would start another.
            format!("`run {} --name {name}` with the same input resumes it", self.called)
        } else {
            "the same command resumes it".to_owned()
        };
        let message = format!("interrupted: `{workflow}/{name}` is unfinished");
        Error::new(exit, message).help(format!("{again}; `stop {workflow}/{name}` ends it"))
    }
}

/// The number of recorded events.
async fn last_event(engine: &Engine, execution: &str) -> Result<u64, Error> {
    let last = engine.history(execution, HistoryRequest::new().reverse().limit(1)).await?;
    Ok(last.events.first().map_or(0, |event| event.id))
}

/// Tells a file from another that takes its name later; an empty one holds nothing any more.
fn identity(path: &Path) -> Option<(u64, u64)> {
    let file = std::fs::metadata(path).ok().filter(|file| file.len() > 0)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt as _;
        Some((file.dev(), file.ino()))
    }
    #[cfg(not(unix))]
    {
        Some((0, u64::from(file.is_file())))
    }
}
