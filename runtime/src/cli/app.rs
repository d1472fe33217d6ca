//! A binary with workflows: registers them and runs the command that was given.

use super::{
    args::{self, Arguments, Command, EXIT_CODES},
    check,
    error::Error,
    export, history, list,
    out::Out,
    result, run, stop, which,
};
use crate::{Engine, Workflow, registry::Registry, service::Builder, store::SqliteStore};
use clap::CommandFactory as _;
use std::{any::Any, ffi::OsString, path::Path, process::ExitCode, sync::Arc, thread};
use tokio::runtime::Handle;

/// The command line of a binary with workflows.
///
/// ```no_run
/// # use std::process::ExitCode;
/// fn main() -> ExitCode {
///     stepwright::App::new().run()
/// }
/// ```
#[derive(Debug)]
#[must_use = "nothing happens before `run`"]
pub struct App {
    builder: Builder,
    registry: Registry,
    version: Option<String>,
}

impl Default for App {
    fn default() -> Self {
        Self::new()
    }
}

impl App {
    /// A command line without workflows.
    pub fn new() -> Self {
        Self { builder: Engine::builder(), registry: Registry::new(), version: None }
    }

    /// Adds a workflow with all the tasks and child workflows that it can start.
    pub fn workflow<W: Workflow>(self) -> Self {
        Self { builder: self.builder.workflow::<W>(), registry: self.registry.with::<W>(), ..self }
    }

    /// Provides a value to the tasks that ask for its type with `#[state]`.
    pub fn state<T: Any + Send + Sync>(self, value: T) -> Self {
        Self { builder: self.builder.state(value), ..self }
    }

    /// Changes settings of the engine that `run` uses; the store is the command line's.
    pub fn engine(self, change: impl FnOnce(Builder) -> Builder) -> Self {
        Self { builder: change(self.builder), ..self }
    }

    /// Has `--version` tell the version of the program: `env!("CARGO_PKG_VERSION")`. Without this it
    /// tells that of stepwright alone.
    pub fn version(self, version: impl Into<String>) -> Self {
        Self { version: Some(version.into()), ..self }
    }

    /// Runs the command that this process was started with.
    #[must_use = "`main` returns the exit code: without it, every failure looks like a success"]
    pub fn run(self) -> ExitCode {
        self.run_from(std::env::args_os())
    }

    /// Runs a command; the first argument is the program's name.
    pub fn run_from(
        self,
        arguments: impl IntoIterator<Item = impl Into<OsString> + Clone>,
    ) -> ExitCode {
        let command = Arguments::command().after_help(self.help()).version(self.versions());
        match args::parse::<Arguments>(command, arguments) {
            Ok(arguments) => {
                let out = Out::new(arguments.json, arguments.quiet);
                let dispatched = outside_of_runtimes(|| self.dispatch(arguments, out));
                dispatched.unwrap_or_else(|error| out.refuse(&error))
            }
            Err(code) => code,
        }
    }

    /// The program's own version, if it is known, and that of stepwright.
    fn versions(&self) -> String {
        let stepwright = concat!("stepwright ", env!("CARGO_PKG_VERSION"));
        match &self.version {
            Some(own) => format!("{own} ({stepwright})"),
            None => format!("({stepwright})"),
        }
    }

    /// What stands below the help text.
    fn help(&self) -> String {
        let names: Vec<_> = self.registry.workflows().map(|each| each.def.name).collect();
        match names.as_slice() {
            [] => EXIT_CODES.to_owned(),
            names => format!("Workflows: {}\n\n{EXIT_CODES}", names.join(", ")),
        }
    }

    fn dispatch(self, arguments: Arguments, out: Out) -> Result<ExitCode, Error> {
        match arguments.command {
            Command::Run(run) => {
                let workflow = which::workflow(&self.registry, &run.workflow)?.def;
                let subject = run::Subject::Workflow(&workflow);
                wait(run::run(self.builder, &subject, &arguments.db, &run.options, out))
            }
            Command::List(list) => {
                wait(list::list(&reading(self.builder, &arguments.db)?, &list, &self.registry, out))
            }
            Command::History { execution } => {
                wait(history::history(&reading(self.builder, &arguments.db)?, &execution, out))
            }
            Command::Result { execution } => {
                wait(result::result(&reading(self.builder, &arguments.db)?, &execution, out))
            }
            Command::Stop(stop) => wait(stop::stop(self.builder, &arguments.db, stop, out)),
            Command::Graph { workflow } => {
                let found = which::workflow(&self.registry, &workflow)?;
                export::graph(found.program.definition(), out)?;
                check::warn(&self.registry, found, out);
                Ok(ExitCode::SUCCESS)
            }
            Command::Export(arguments) => {
                let found = which::workflow(&self.registry, &arguments.workflow)?;
                export::export(&self.registry, found, arguments, out)?;
                check::warn(&self.registry, found, out);
                Ok(ExitCode::SUCCESS)
            }
            #[cfg(feature = "server")]
            Command::Serve(serve) => {
                wait(super::serve::serve(self.builder, &arguments.db, serve, out))
            }
            Command::Check => check::workflows(&self.registry, out),
        }
    }
}

/// Runs what waits on a runtime of its own: on another thread if `main` is itself async, for no
/// thread can wait on two.
fn outside_of_runtimes<T: Send>(run: impl FnOnce() -> T + Send) -> T {
    if Handle::try_current().is_err() {
        return run();
    }
    let ended = thread::scope(|scope| scope.spawn(run).join());
    ended.unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}

/// Opens a database that another process may own. Makes none.
pub(super) fn reading(builder: Builder, database: &Path) -> Result<Engine, Error> {
    if !database.exists() {
        return Err(Error::usage(format!("there is no database {}", database.display()))
            .help("`run` makes one; --db names another"));
    }
    let store: Arc<dyn crate::store::Store> = Arc::new(SqliteStore::open_existing(database)?);
    Ok(builder.store(store).reading()?)
}

/// Runs a command that waits.
pub(super) fn wait<T>(command: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = runtime.map_err(|error| {
        Error::new(super::Exit::Setup, format!("cannot start threads: {error}"))
    })?;
    let ended = runtime.block_on(async {
        survive_file_limit();
        command.await
    });
    // What ended is stored; a blocking task that goes on in vain is not waited for.
    runtime.shutdown_background();
    ended
}

/// Has a file that may not grow be an error of the write, as a full disk is, and not a signal that
/// ends the process.
fn survive_file_limit() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        /// SIGXFSZ on every system that tokio knows but MIPS.
        const FILE_SIZE_LIMIT: i32 = 25;
        // Once taken, the signal keeps its handler; without one the limit just ends the process.
        let _taken = signal(SignalKind::from_raw(FILE_SIZE_LIMIT));
    }
}
