//! How fast whole workflows run on SQLite with full durability: the verbs and lines of the peers.
//!
//! `lat N` runs one workflow of ten steps at a time; `fan N` a hundred parallel steps and a join;
//! `tput C SECONDS` runs C workflows of ten steps at a time; `crash-start N` and `crash-resume N`
//! are to be killed and restarted in between; `sleepers N` starts workflows that sleep for hours.
//! `DB` is the path of the database: without it, one that is removed afterwards, but for the
//! crashes, which need `engine-bench.db`. After each run, what it claims is checked through the
//! public API, and a benchmark that cheats fails.

#![expect(clippy::print_stdout, reason = "a benchmark prints its figures")]
#![expect(clippy::disallowed_methods, reason = "a benchmark reads the clock")]
#![expect(clippy::unwrap_used, clippy::panic, reason = "a benchmark that cannot go on fails")]
#![expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "figures have three digits"
)]

mod check;
mod measure;
mod steps;

use measure::{measure_many, measure_one, resident_kilobytes};
use std::{
    env, fs,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};
use steps::{Fan, fan, nap, seq, seq_loop, seq_slow};
use stepwright::{
    Workflow,
    service::{Engine, Error},
};

#[tokio::main]
async fn main() {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [verb, rest @ ..] = &arguments[..] else {
        panic!("engine-bench lat|fan|tput|crash-start|crash-resume|sleepers N [SECONDS]");
    };
    let count: usize = rest.first().map_or(10, |text| text.parse().unwrap());
    let begin = Instant::now();
    let database = Database::new(verb);
    let engine = database.open().await;
    let name = label(&engine).await;
    match verb.as_str() {
        "lat" => latency(&engine, &name, count, database.folder()).await,
        "fan" => fans(&engine, &name, count).await,
        "tput" => {
            let seconds = rest.get(1).map_or(12.0, |text| text.parse().unwrap());
            throughput(&engine, &name, count, seconds).await;
        }
        "crash-start" => crash_start(&engine, count).await,
        "crash-resume" => crash_resume(&engine, &name, count, begin).await,
        "sleepers" => sleepers(&engine, &name, count).await,
        other => panic!("there is no verb {other}"),
    }
    engine.shutdown().await.unwrap();
}

/// Where the executions are.
struct Database {
    path: PathBuf,
    _temporary: Option<tempfile::TempDir>,
}

impl Database {
    fn new(verb: &str) -> Self {
        let fixed = env::var_os("DB").map(PathBuf::from);
        let fixed = fixed.or_else(|| verb.starts_with("crash").then(|| "engine-bench.db".into()));
        let Some(path) = fixed else {
            // Beside the build, because a temporary folder may be in memory.
            let folder = env::current_exe().unwrap().parent().unwrap().to_owned();
            let temporary = tempfile::tempdir_in(folder).unwrap();
            let path = temporary.path().join("engine-bench.db");
            return Self { path, _temporary: Some(temporary) };
        };
        if verb != "crash-resume" {
            for suffix in ["", "-wal", "-shm", "-owner"] {
                let _absent = fs::remove_file(format!("{}{suffix}", path.display()));
            }
        }
        Self { path, _temporary: None }
    }

    fn folder(&self) -> &Path {
        self.path
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty())
            .unwrap_or_else(|| Path::new("."))
    }

    async fn open(&self) -> Engine {
        Engine::builder()
            .store(self.path.as_path())
            .workflow::<seq>()
            .workflow::<seq_loop>()
            .workflow::<seq_slow>()
            .workflow::<fan>()
            .workflow::<nap>()
            .build()
            .await
            .unwrap()
    }
}

/// The engine as it appears in the lines, with what is in force.
async fn label(engine: &Engine) -> String {
    let facts = engine.facts().await.unwrap();
    assert_eq!((facts.synchronous.as_str(), facts.journal.as_str()), ("FULL", "wal"));
    let (version, synchronous) = (env!("CARGO_PKG_VERSION"), facts.synchronous);
    format!("stepwright-{version}(sqlite,synchronous={synchronous})")
}

async fn run_seq(engine: &Engine, id: String) {
    let name = id.clone();
    if env::var("SHAPE").as_deref() == Ok("loop") {
        engine.start::<seq_loop>(id).name(name).await.unwrap().result().await.unwrap();
    } else {
        engine.start::<seq>(id).name(name).await.unwrap().result().await.unwrap();
    }
}

async fn latency(engine: &Engine, name: &str, count: usize, folder: &Path) {
    let before = engine.facts().await.unwrap().commits;
    measure_one(name, "seq10", count, |id| run_seq(engine, id)).await;
    let commits = engine.facts().await.unwrap().commits - before;
    let executions = check::all(engine).await;
    assert!(commits >= executions * 11, "{executions} of ten steps made only {commits} commits");
    measure::syncs(name, folder, count);
}

async fn fans(engine: &Engine, name: &str, count: usize) {
    measure_one(name, "fan100", count, async |id: String| {
        let input = Fan { id: id.clone(), steps: (0..100).collect() };
        let joined = engine.start::<fan>(input).name(id).await.unwrap().result().await.unwrap();
        assert_eq!(joined, 100);
    })
    .await;
    check::all(engine).await;
}

async fn throughput(engine: &Engine, name: &str, workflows: usize, seconds: f64) {
    let shared = engine.clone();
    let run = move |id| {
        let engine = shared.clone();
        async move { run_seq(&engine, id).await }
    };
    measure_many(name, "seq10", workflows, seconds, 10, run).await;
    let commits = engine.facts().await.unwrap().commits;
    let executions = check::all(engine).await;
    println!("{name}\tchecked\texecutions={executions}\tgroups={commits}");
}

/// Starts many executions, some at a time: what is measured is who runs, not who waits to be
/// started.
async fn start_many<W>(engine: &Engine, count: usize, prefix: &'static str)
where
    W: Workflow<Input = String> + 'static,
{
    let starters = (0..64).map(|starter| {
        let engine = engine.clone();
        tokio::spawn(async move {
            for i in (starter..count).step_by(64) {
                let id = format!("{prefix}-{i}");
                engine.start::<W>(id.clone()).name(id).await.unwrap();
            }
        })
    });
    for started in futures::future::join_all(starters).await {
        started.unwrap();
    }
}

async fn crash_start(engine: &Engine, count: usize) {
    start_many::<seq_slow>(engine, count, "crash").await;
    println!("started {count}");
    tokio::time::sleep(Duration::from_mins(10)).await;
}

async fn crash_resume(engine: &Engine, name: &str, count: usize, begin: Instant) {
    for i in 0..count {
        let id = format!("crash-{i}");
        let ended = match engine.execution::<seq_slow>(&id).await {
            Ok(execution) => execution.end().await.map(|status| status.failure().cloned()),
            Err(error) => Err::<_, Error>(error),
        };
        if !matches!(ended, Ok(None)) {
            println!("NOT DONE {id}: {ended:?}");
        }
    }
    println!("{name}\tresume\tall_done_s={:.2}", begin.elapsed().as_secs_f64());
    check::all(engine).await;
}

async fn sleepers(engine: &Engine, name: &str, count: usize) {
    let before = resident_kilobytes();
    let begin = Instant::now();
    start_many::<nap>(engine, count, "sl").await;
    let started = begin.elapsed().as_secs_f64();
    let settle = env::var("SETTLE").ok().and_then(|text| text.parse().ok()).unwrap_or(30);
    tokio::time::sleep(Duration::from_secs(settle)).await;
    let after = resident_kilobytes();
    let each = (after as f64 - before as f64) / 1024.0 * 10_000.0 / count as f64;
    println!(
        "{name}\tsleepers={count}\tstart_s={started:.1}\trss_before_kb={before}\t\
         rss_after_kb={after}\tper_10k_MiB={each:.1}"
    );
}
