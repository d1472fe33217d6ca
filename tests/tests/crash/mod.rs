//! A process is killed at random moments, 200 times, and the same command goes on each time from
//! what was stored: no recorded step runs again, none is left out, the result is right.

use serde_json::json;
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    io::Read as _,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::mpsc,
    thread,
    time::Duration,
};
use stepwright::{
    Engine,
    engine::HistoryKind,
    service::{HistoryRequest, ListRequest, State},
};

/// How often a process is killed.
const KILLS: u32 = 200;

/// Steps of a march come in threes: left and right at once, then forward.
const PACES: u32 = 40;

/// A task and the number it was called with: in one march no two calls are equal.
type Step = (String, u64);

/// A march, its input and the lines that its tasks write.
struct March {
    number: u64,
    folder: PathBuf,
}

/// How a process ended.
#[derive(Debug)]
enum End {
    Killed,
    Succeeded { stdout: String },
}

/// What is known after a kill.
#[derive(Debug, Default)]
struct Known {
    /// The execution, if it has begun.
    state: Option<State>,
    recorded: BTreeSet<Step>,
    /// How often each step ran.
    runs: BTreeMap<Step, u32>,
}

impl March {
    fn new(number: u64, folder: &Path) -> Self {
        let march = Self { number, folder: folder.to_owned() };
        let input = json!({ "number": number, "paces": PACES });
        fs::write(march.path("json"), input.to_string()).unwrap();
        march
    }

    fn path(&self, extension: &str) -> PathBuf {
        self.folder.join(format!("march-{}.{extension}", self.number))
    }

    /// Runs the command, kills it after a while unless it has ended, and gives what it said.
    fn run(&self, patience: Duration) -> (End, String) {
        let mut child = Command::new(env!("CARGO_BIN_EXE_march"))
            .args(["run", "march", "--input"])
            .arg(self.path("json"))
            .current_dir(&self.folder)
            .env("MARCH_LOG", self.path("log"))
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let (mut out, mut err) = (child.stdout.take().unwrap(), child.stderr.take().unwrap());
        let (ended, end) = mpsc::channel();
        let reader = thread::spawn(move || {
            let mut stdout = String::new();
            out.read_to_string(&mut stdout).unwrap();
            // The process closes its output at its end, however that comes.
            let _late = ended.send(());
            stdout
        });
        let said = thread::spawn(move || {
            let mut said = String::new();
            err.read_to_string(&mut said).unwrap();
            said
        });
        if end.recv_timeout(patience).is_err() {
            child.kill().unwrap();
        }
        let status = child.wait().unwrap();
        let (stdout, said) = (reader.join().unwrap(), said.join().unwrap());
        match status.code() {
            None => (End::Killed, said),
            Some(0) => (End::Succeeded { stdout }, said),
            Some(code) => panic!("march {} ended with {code}: {said}", self.number),
        }
    }

    /// Reads what is stored and what was written.
    fn known(&self) -> Known {
        let log = fs::read_to_string(self.path("log")).unwrap_or_default();
        let mut known = Known::default();
        for line in log.lines() {
            let mut words = line.split(' ');
            let step = (words.next().unwrap().to_owned(), words.next().unwrap().parse().unwrap());
            *known.runs.entry(step).or_default() += 1;
        }
        let database = self.folder.join("stepwright.db");
        if database.exists() {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.unwrap().block_on(self.stored(&database, &mut known));
        }
        known
    }

    async fn stored(&self, database: &Path, known: &mut Known) {
        let engine = Engine::reading(database).unwrap();
        let running = engine.list(ListRequest::new().limit(1)).await.unwrap();
        let Some(newest) = running.executions.first() else { return };
        let description = engine.describe(&newest.arn).await.unwrap();
        if description.input["number"] != self.number {
            return;
        }
        known.state = Some(newest.state);
        let history = HistoryRequest::new().limit(10_000);
        for event in engine.history(&newest.arn, history).await.unwrap().events {
            if let HistoryKind::TaskSucceeded { resource, output } = event.kind {
                let moved = u64::from(resource.name == "forward");
                known.recorded.insert((resource.name, output.as_u64().unwrap() - moved));
            }
        }
    }
}

/// Random moments from a seed (xorshift64*).
struct Chance(u64);

impl Chance {
    fn millis(&mut self, below: u64) -> Duration {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        let drawn = self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33;
        Duration::from_micros(drawn % (below * 1000))
    }
}

#[test]
fn a_killed_run_resumes_and_repeats_no_recorded_step() {
    let seed = u64::from(std::process::id()) | 1;
    println!("seed {seed}");
    let mut chance = Chance(seed);
    let folder = tempfile::tempdir().unwrap();
    let mut kills = 0;
    let mut number = 0;
    while kills < KILLS {
        number += 1;
        let march = March::new(number, folder.path());
        kills += live_through(&march, &mut chance);
    }
}

/// Runs a march until it ends by itself, and says how often it was killed.
fn live_through(march: &March, chance: &mut Chance) -> u32 {
    let mut before = Known::default();
    let mut stuck = false;
    for kills in 0.. {
        // A task that is handed out three times without an answer counts as lost: after a kill
        // that may have hit the same step again, the next process may run on. Two steps at most
        // wait at a time, so two newly recorded ones tell that none of them waits any more.
        let patience = if stuck { Duration::from_secs(20) } else { chance.millis(100) };
        let (end, said) = march.run(patience);
        let after = march.known();
        if before.state.is_some() && matches!(end, End::Succeeded { .. }) {
            assert!(said.contains("resumes march/"), "{said}");
        }
        for step in &before.recorded {
            assert!(after.recorded.contains(step), "{step:?} was recorded and is not");
            assert_eq!(after.runs[step], before.runs[step], "{step:?} ran again");
        }
        for step in &after.recorded {
            assert!(after.runs.contains_key(step), "{step:?} is recorded and never ran");
        }
        if let End::Succeeded { stdout } = &end {
            let expected = march.number * 1000 + u64::from(PACES);
            assert_eq!(stdout.trim(), expected.to_string());
        }
        // A kill may also come between the last commit and the last word.
        if after.state == Some(State::Succeeded) {
            assert_eq!(after.recorded.len(), 3 * PACES as usize);
            return kills + u32::from(matches!(end, End::Killed));
        }
        assert!(matches!(end, End::Killed), "{end:?}, but {:?}", after.state);
        stuck = before.state.is_some() && after.recorded.len() < before.recorded.len() + 2;
        before = after;
    }
    unreachable!("kills are counted until the march ends")
}
