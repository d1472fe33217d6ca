//! `run`: progress, results, failures, resuming.

use super::Shop;
use serde_json::json;
use std::{
    fs,
    io::Write as _,
    process::{ExitCode, Stdio},
    time::Duration,
};
use stepwright::{Engine, Failure, engine::Status, service::Limits, store::SqliteStore};
use stepwright_tests::shop::buy;

#[test]
fn a_run_shows_states_attempts_and_the_result() {
    let shop = Shop::new();
    insta::assert_snapshot!(
        shop.shown(&["run", "buy", "--name", "first", "--input", r#"{"id": "o-1", "total": 14}"#]),
        @r#"
        "receipt of o-1"
        --- stderr
        database FOLDER/stepwright.db
        started buy/first
        ELAPSED  charge
        ELAPSED  charge: failed, GatewayDown
        ELAPSED  charge: attempt 2
        ELAPSED  wait
        ELAPSED  map_pack
        ELAPSED  pack [0]
        ELAPSED  pack [1]
        succeeded in ELAPSED
        --- exit 0
        "#
    );
}

#[test]
fn a_failed_run_says_where_and_why() {
    let shop = Shop::new();
    insta::assert_snapshot!(
        shop.shown(&["run", "buy", "--input", r#"{"id": "o-1", "total": 13}"#]),
        @r#"
        --- stderr
        database FOLDER/stepwright.db
        started buy/UUID
        ELAPSED  charge
        ELAPSED  charge: failed, CardDeclined: {"code":51}
        error: the execution failed in `charge` after ELAPSED: CardDeclined
        cause: {"code":51}
        --- exit 1
        "#
    );
}

#[test]
fn machines_get_json_on_standard_output_alone() {
    let shop = Shop::new();
    let input = |total: u32| format!(r#"{{"id": "o-1", "total": {total}}}"#);
    let run = |total| shop.output(&["run", "buy", "--json", "-q", "--input", &input(total)]);
    let succeeded = run(1);
    assert_eq!(succeeded.status.code(), Some(0));
    assert!(succeeded.stderr.is_empty());
    let result: serde_json::Value = serde_json::from_slice(&succeeded.stdout).unwrap();
    assert_eq!(result["status"], "SUCCEEDED");
    assert_eq!(result["output"], "receipt of o-1");
    let failed = run(13);
    assert_eq!(failed.status.code(), Some(1));
    let result: serde_json::Value = serde_json::from_slice(&failed.stdout).unwrap();
    assert_eq!(result["status"], "FAILED");
    assert_eq!(result["error"], "CardDeclined");
    assert_eq!(result["cause"], r#"{"CardDeclined":{"code":51}}"#);
}

#[test]
fn an_input_comes_from_a_file_or_standard_input() {
    let shop = Shop::new();
    fs::write(shop.path("input.json"), r#"{"id": "of a file", "total": 1}"#).unwrap();
    let result = shop.json(&["run", "buy", "--json", "--input", "input.json"]);
    assert_eq!(result["output"], "receipt of of a file");
    let mut child = shop
        .command(&["run", "buy", "--json", "--input", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(br#"{"id": "of a pipe", "total": 1}"#).unwrap();
    let output = child.wait_with_output().unwrap();
    let result: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(result["output"], "receipt of of a pipe");
}

/// Leaves an execution behind that waits for `pack`, as a process does that was killed.
async fn leave_unfinished(shop: &Shop, name: Option<&str>) {
    let store = SqliteStore::open(shop.database()).unwrap();
    let mut limits = Limits::default();
    limits.grace = Duration::ZERO;
    let engine = Engine::builder()
        .store(store)
        .workflow::<buy>()
        .task("pack", |_, _| std::future::pending())
        .limits(limits)
        .build()
        .await
        .unwrap();
    let mut start = engine.start_json("buy", json!({"id": "o-1", "total": 1.0}));
    if let Some(name) = name {
        start = start.name(name);
    }
    let handle = start.await.unwrap();
    let mut events = handle.watch().await.unwrap();
    while let Some(event) = futures::StreamExt::next(&mut events).await {
        if event.unwrap().kind.type_name() == "MapStateEntered" {
            break;
        }
    }
    engine.shutdown().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn list_history_and_stop_work_beside_the_process_that_runs() {
    let shop = Shop::new();
    let engine = Engine::builder()
        .store(SqliteStore::open(shop.database()).unwrap())
        .workflow::<buy>()
        .task("charge", |_, _| std::future::pending())
        .build()
        .await
        .unwrap();
    let order = json!({"id": "o-1", "total": 1.0});
    let handle = engine.start_json("buy", order).name("long").await.unwrap();
    let running = shop.json(&["list", "--status", "running", "--json"]);
    assert_eq!(running[0]["name"], "long");
    let history = shop.json(&["history", "long", "--json"]);
    assert_eq!(history["events"][1]["type"], "TaskStateEntered");
    let stopped =
        shop.output(&["stop", "long", "--error", "Enough", "--cause", "it took too long"]);
    assert_eq!(stopped.status.code(), Some(0));
    let why = Failure::new("Enough", "it took too long");
    assert_eq!(handle.end().await.unwrap(), Status::Aborted(why));
    engine.shutdown().await.unwrap();
}

const SAME: &str = r#"{"total": 1.0, "id": "o-1"}"#;

#[tokio::test(flavor = "multi_thread")]
async fn the_same_command_resumes_what_is_unfinished() {
    let shop = Shop::new();
    leave_unfinished(&shop, Some("left")).await;
    let shown = shop.shown(&["run", "buy", "--input", SAME]);
    insta::assert_snapshot!(shown, @r#"
    "receipt of o-1"
    --- stderr
    database FOLDER/stepwright.db
    resumes buy/left, unfinished after 18 recorded events (--new starts another)
               goes on in map_pack, pack [0], pack [1]
    succeeded in ELAPSED
    --- exit 0
    "#);
    let executions = shop.json(&["list", "--json"]);
    assert_eq!(executions.as_array().unwrap().len(), 1, "{executions}");
    // No recorded step has run twice.
    let history = shop.json(&["history", "left", "--json"]);
    let charges = history["events"].as_array().unwrap().iter();
    let charges = charges.filter(|event| event["type"] == "TaskScheduled");
    assert_eq!(charges.count(), 3, "one charge and two boxes");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_resumed_took_from_its_start_to_its_end_whoever_tells() {
    let shop = Shop::new();
    leave_unfinished(&shop, Some("left")).await;
    let run = shop.output(&["run", "buy", "--input", SAME]);
    let run = String::from_utf8(run.stderr).unwrap();
    let took = run.lines().find_map(|line| line.strip_prefix("succeeded in ")).unwrap();
    let list = String::from_utf8(shop.output(&["list"]).stdout).unwrap();
    assert!(list.trim_end().ends_with(&format!("  {took}")), "{took} in {list}");
    // The workflow waits a second before it is left behind.
    assert!(took.ends_with(" s"), "{took}");
    let result = String::from_utf8(shop.output(&["result", "left"]).stderr).unwrap();
    assert_eq!(result, format!("succeeded in {took}\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_resumes_its_execution() {
    let shop = Shop::new();
    leave_unfinished(&shop, Some("left")).await;
    let output = shop.output(&["run", "buy", "--name", "left", "--input", SAME]);
    assert_eq!(output.status.code(), Some(0));
    assert!(String::from_utf8(output.stderr).unwrap().contains("resumes buy/left"));
}

#[tokio::test(flavor = "multi_thread")]
async fn another_input_or_new_starts_another() {
    let shop = Shop::new();
    leave_unfinished(&shop, Some("left")).await;
    let other = shop.output(&["run", "buy", "--input", r#"{"id": "o-2", "total": 1}"#]);
    assert!(String::from_utf8(other.stderr).unwrap().contains("started buy/"));
    let shop = Shop::new();
    leave_unfinished(&shop, Some("left")).await;
    let new = shop.output(&["run", "buy", "--new", "--input", SAME]);
    assert!(String::from_utf8(new.stderr).unwrap().contains("started buy/"));
    let executions = shop.json(&["list", "--json"]);
    assert_eq!(executions.as_array().unwrap().len(), 2, "{executions}");
}

#[tokio::test(flavor = "multi_thread")]
async fn stop_ends_what_nobody_runs() {
    let shop = Shop::new();
    leave_unfinished(&shop, Some("left")).await;
    insta::assert_snapshot!(shop.shown(&["stop", "left", "--cause", "enough"]), @r#"
    stopped buy/left
    --- stderr
    --- exit 0
    "#);
    insta::assert_snapshot!(shop.shown(&["result", "left"]), @r#"
    --- stderr
    error: the execution was stopped after ELAPSED
    cause: enough
    --- exit 1
    "#);
    insta::assert_snapshot!(shop.shown(&["stop", "left"]), @r#"
    --- stderr
    error: `buy/left` has ended already, and was stopped
    help: `list --status running` shows what can be stopped
    --- exit 2
    "#);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_leaves_others_as_they_are_and_says_so() {
    let shop = Shop::new();
    leave_unfinished(&shop, Some("left")).await;
    let before = shop.json(&["history", "left", "--json"]);
    let other = &["run", "buy", "--name", "other", "--input", r#"{"id": "o-2", "total": 13}"#];
    insta::assert_snapshot!(shop.shown(other), @r#"
    --- stderr
    database FOLDER/stepwright.db
    started buy/other
    1 other unfinished execution in this database waits: `list --status running`
    ELAPSED  charge
    ELAPSED  charge: failed, CardDeclined: {"code":51}
    error: the execution failed in `charge` after ELAPSED: CardDeclined
    cause: {"code":51}
    --- exit 1
    "#);
    assert_eq!(shop.json(&["history", "left", "--json"]), before);
    let left = &["run", "buy", "--name", "left", "--input", SAME];
    assert_eq!(shop.output(left).status.code(), Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_that_nobody_has_read_is_listed() {
    let shop = Shop::new();
    leave_unfinished(&shop, Some("left")).await;
    let reading = Engine::reading(SqliteStore::open(shop.database()).unwrap()).unwrap();
    reading.stop("left", Failure::new("Enough", "")).await.unwrap();
    insta::assert_snapshot!(shop.shown(&["list"]), @r#"
    WORKFLOW  NAME  STATUS     STARTED               TOOK
    buy       left  RUNNING    TIME  -  a stop is requested
    --- stderr
    --- exit 0
    "#);
    assert_eq!(shop.json(&["list", "--json"])[0]["stopping"], true);
}

/// The shop's workflow as it was when boxes were wrapped, not packed.
mod earlier {
    use stepwright::prelude::*;
    use stepwright_tests::shop::{ChargeError, Order};

    #[task]
    pub(super) async fn wrap(id: &str) -> String {
        std::future::pending::<()>().await;
        id.to_owned()
    }

    #[workflow(name = "buy")]
    pub(super) async fn buy(order: Order) -> Result<String, ChargeError> {
        Ok(wrap(&order.id).await)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_execution_whose_task_is_gone_is_stranded_and_everybody_says_so() {
    let shop = Shop::new();
    let builder = Engine::builder().store(SqliteStore::open(shop.database()).unwrap());
    let mut limits = Limits::default();
    limits.grace = Duration::ZERO;
    let engine = builder.workflow::<earlier::buy>().limits(limits).build().await.unwrap();
    engine.start_json("buy", json!({"id": "o-1", "total": 1.0})).name("left").await.unwrap();
    engine.shutdown().await.unwrap();
    insta::assert_snapshot!(shop.shown(&["list"]), @r#"
    WORKFLOW  NAME  STATUS     STARTED               TOOK
    buy       left  RUNNING    TIME  -  stranded: this program has no task `wrap`, which `buy/left` is waiting for; start the binary that has it (`#[task(name = "wrap")]` keeps a name), or stop it
    --- stderr
    --- exit 0
    "#);
    insta::assert_snapshot!(shop.shown(&["run", "buy", "--input", SAME]), @r#"
    --- stderr
    database FOLDER/stepwright.db
    resumes buy/left, unfinished after 4 recorded events (--new starts another)
    buy has changed since; the execution goes on with the definition that it began with
               goes on in wrap
    error: this program has no task `wrap`, which `buy/left` is waiting for; start the binary that has it (`#[task(name = "wrap")]` keeps a name), or stop it
    --- exit 4
    "#);
    insta::assert_snapshot!(shop.shown(&["result", "left"]), @r#"
    --- stderr
    error: `buy/left` has not ended: this program has no task `wrap`, which `buy/left` is waiting for; start the binary that has it (`#[task(name = "wrap")]` keeps a name), or stop it
    --- exit 4
    "#);
    let stranded = &shop.json(&["list", "--json"])[0]["stranded"];
    assert!(stranded.as_str().unwrap().starts_with("this program has no task `wrap`"));
}

/// The shop before its orders had prices.
mod before {
    use stepwright::prelude::*;

    #[workflow(name = "buy")]
    pub(super) async fn buy(id: String) -> String {
        sleep(Duration::from_secs(1)).await;
        id
    }
}

#[tokio::test]
async fn an_execution_whose_input_has_another_type_now_is_resumed_all_the_same() {
    let shop = Shop::new();
    let store = SqliteStore::open(shop.database()).unwrap();
    let engine = Engine::builder().store(store).workflow::<before::buy>().build().await.unwrap();
    engine.start_json("buy", json!("o-1")).name("old").await.unwrap();
    engine.shutdown().await.unwrap();
    drop(engine);
    insta::assert_snapshot!(shop.shown(&["list"]), @r"
    WORKFLOW  NAME  STATUS     STARTED               TOOK
    buy       old   RUNNING    TIME  -  `buy` has changed since it began
    --- stderr
    --- exit 0
    ");
    assert_eq!(shop.json(&["list", "--json"])[0]["outdated"], true);
    let again = shop.output(&["run", "buy", "--name", "old", "--input", r#""o-1""#]);
    assert_eq!(String::from_utf8_lossy(&again.stdout), "\"o-1\"\n");
    assert_eq!(again.status.code(), Some(0), "{again:?}");
    let told = String::from_utf8(again.stderr).unwrap();
    let changed =
        "buy has changed since; the execution goes on with the definition that it began with";
    assert!(told.contains(changed), "{told}");
    let new = shop.output(&["run", "buy", "--input", r#""o-2""#]);
    assert_eq!(new.status.code(), Some(2), "{new:?}");
}

#[tokio::test]
async fn a_program_whose_main_is_async_runs_all_the_same() {
    let shop = Shop::new();
    let database = shop.database();
    let input = r#"{"id": "o-1", "total": 1}"#;
    let app = stepwright::App::new().workflow::<buy>();
    let code = app.run_from([
        "shop".as_ref(),
        "--quiet".as_ref(),
        "--db".as_ref(),
        database.as_os_str(),
        "run".as_ref(),
        "buy".as_ref(),
        "--input".as_ref(),
        input.as_ref(),
    ]);
    assert_eq!(code, ExitCode::SUCCESS);
}
