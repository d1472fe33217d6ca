//! `serve`: answers the API of Step Functions until the process is told to end.

use super::{Exit, error::Error, home::HomeArguments, out::Out};
use crate::{
    api,
    driver::objects::Directory,
    integrations::{self, Endpoint, Endpoints, NoEndpoint},
    service::Builder,
    store::{MemoryStore, SqliteStore, Store},
};
use clap::Args;
use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
};
use tokio::net::TcpListener;

/// What stands for a store that is no file.
const MEMORY: &str = "memory";

#[derive(Debug, Args)]
pub(super) struct ServeArguments {
    /// The address to listen on; port 0 takes a free one.
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:8083")]
    pub(super) listen: SocketAddr,
    /// Where machines and executions are kept: an SQLite database, or `memory` to forget them.
    ///
    /// Without it, `stepwright.db`, or what --db names.
    #[arg(long, value_name = "PATH|memory")]
    pub(super) store: Option<PathBuf>,
    #[command(flatten)]
    pub(super) home: HomeArguments,
    /// A directory that stands for S3: its folders are the buckets that distributed Maps read items
    /// from and write results to.
    #[arg(long, value_name = "DIRECTORY")]
    pub(super) objects: Option<PathBuf>,
    /// Where tasks invoke Lambda functions: a server on this machine or beside it.
    ///
    /// Without it, what `AWS_ENDPOINT_URL_LAMBDA` or `AWS_ENDPOINT_URL` names.
    #[arg(long, value_name = "URL")]
    pub(super) lambda_endpoint: Option<Endpoint>,
}

/// The endpoint that the environment names for Lambda. It may be meant for others: one that can't be
/// called is only told of.
fn endpoint_of_environment(out: Out) -> Option<Endpoint> {
    let (name, url) = ["AWS_ENDPOINT_URL_LAMBDA", "AWS_ENDPOINT_URL"]
        .into_iter()
        .find_map(|name| Some((name, std::env::var(name).ok().filter(|url| !url.is_empty())?)))?;
    let endpoint = url.parse();
    endpoint
        .inspect_err(|error: &NoEndpoint| {
            out.note(&format!("tasks can't invoke Lambda functions: in {name}, {error}"));
        })
        .ok()
}

/// Serves what the builder holds, from this database if the arguments name none.
pub(super) async fn serve(
    builder: Builder,
    database: &Path,
    arguments: ServeArguments,
    out: Out,
) -> Result<ExitCode, Error> {
    let ServeArguments { listen, store, home, objects, lambda_endpoint } = arguments;
    if !listen.ip().is_loopback() {
        let message = format!("{listen} can be reached from other machines");
        return Err(Error::usage(message)
            .help("without access keys, which are not checked yet, listen on 127.0.0.1 or [::1]"));
    }
    let lambda = lambda_endpoint.or_else(|| endpoint_of_environment(out));
    let ended = ending()?;
    let socket = TcpListener::bind(listen).await;
    let socket = socket.map_err(|error| {
        Error::usage(format!("cannot listen on {listen}: {error}"))
            .help("--listen names another address; port 0 takes a free port")
    })?;
    let address = socket.local_addr().unwrap_or(listen);
    let home = home.home();
    let path = store.as_deref().unwrap_or(database);
    let (kept, place): (Arc<dyn Store>, String) = if path == Path::new(MEMORY) {
        (Arc::new(MemoryStore::new()), "memory: nothing outlives this process".to_owned())
    } else {
        let shown = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        (Arc::new(SqliteStore::open(path)?), format!("database {}", shown.display()))
    };
    let builder = match objects {
        Some(path) => builder.objects(Directory::new(path)),
        None => builder,
    };
    let builder = builder.store(kept).home(home.clone());
    let engine = integrations::add(builder, Endpoints { lambda }).build().await?;
    out.note(&format!(
        "{place}\naccount {}, region {}\nfor StartSyncExecution and TestState, clients need \
         AWS_DISABLE_HOST_PREFIX_INJECTION=true, or inject_host_prefix=False in boto3's Config",
        home.account, home.region
    ));
    Out::result(&format!("listening on http://{address}"))?;
    let served = api::serve(engine.clone(), socket, ended).await;
    let closed = engine.shutdown().await;
    served.map_err(|error| {
        Error::new(Exit::Setup, format!("the socket of {address} failed: {error}"))
    })?;
    closed?;
    if path != Path::new(MEMORY) {
        out.note("ended; what has not finished goes on when the database is served again");
    }
    Ok(ExitCode::SUCCESS)
}

/// Ends when the process is interrupted or told to terminate. The handlers are in place at once.
fn ending() -> Result<impl Future<Output = ()> + Send + 'static, Error> {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let fault = |error| Error::new(Exit::Setup, format!("cannot wait for signals: {error}"));
        let mut terminate = signal(SignalKind::terminate()).map_err(fault)?;
        let mut interrupt = signal(SignalKind::interrupt()).map_err(fault)?;
        Ok(async move {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
        })
    }
    #[cfg(not(unix))]
    {
        Ok(async {
            let _interrupted = tokio::signal::ctrl_c().await;
        })
    }
}
