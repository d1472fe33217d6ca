//! `list`, `history`, `graph`, `export`, `check`.

use super::Shop;
use serde_json::json;
use stepwright::asl::Definition;

#[test]
fn what_ran_is_listed_and_told() {
    let shop = Shop::new();
    insta::assert_snapshot!(
        shop.shown(&["run", "buy", "--name", "bad", "-q", "--input", r#"{"id": "o-1", "total": 13}"#]),
        @r#"
        --- stderr
        error: the execution failed in `charge` after ELAPSED: CardDeclined
        cause: {"code":51}
        --- exit 1
        "#
    );
    insta::assert_snapshot!(shop.shown(&["list"]), @r#"
    WORKFLOW  NAME  STATUS     STARTED               TOOK
    buy       bad   FAILED     TIME ELAPSED
    --- stderr
    --- exit 0
    "#);
    insta::assert_snapshot!(shop.shown(&["list", "--status", "running"]), @r#"
    --- stderr
    no executions
    --- exit 0
    "#);
    insta::assert_snapshot!(shop.shown(&["history", "bad"]), @r#"
       ID       TIME  EVENT             STATE   DETAIL
        1 ELAPSED  ExecutionStarted          {"id":"o-1","total":13}
        2 ELAPSED  TaskStateEntered  charge
        3 ELAPSED  TaskScheduled     charge  charge  {"order":{"id":"o-1","total":13}}
        4 ELAPSED  TaskStarted       charge  charge
        5 ELAPSED  TaskFailed        charge  charge  CardDeclined: {"code":51}
        6 ELAPSED  ExecutionFailed           CardDeclined: {"code":51}
    --- stderr
    --- exit 0
    "#);
    insta::assert_snapshot!(shop.shown(&["result", "bad"]), @r#"
    --- stderr
    error: the execution failed in `charge` after ELAPSED: CardDeclined
    cause: {"code":51}
    --- exit 1
    "#);
    let history = shop.json(&["history", "buy/bad", "--json"]);
    assert_eq!(history["events"][0]["type"], "ExecutionStarted");
    assert_eq!(
        history["events"][0]["executionStartedEventDetails"]["input"],
        r#"{"id":"o-1","total":13}"#
    );
    let newest = shop.output(&["history", "buy"]);
    assert_eq!(newest.stdout, shop.output(&["history", "bad"]).stdout);
    assert_eq!(
        String::from_utf8_lossy(&newest.stderr),
        "the newest execution of `buy`: bad\n",
        "a workflow's name means its newest execution, and that is said"
    );
    insta::assert_snapshot!(shop.shown(&["history", "worse"]), @r#"
    --- stderr
    error: there is no execution named `worse`
    help: `list` shows all executions
    --- exit 2
    "#);
}

#[test]
fn a_workflow_is_drawn_exported_and_checked() {
    let shop = Shop::new();
    insta::assert_snapshot!(shop.shown(&["graph", "buy"]), @r#"
    flowchart TD
        begin0(( ))
        s0_0["charge"]
        s0_1(["wait: 1 s"])
        subgraph s0_2 ["map_pack (Map)"]
            subgraph s0_2_0 ["for each item"]
                begin1(( ))
                s1_0["pack"]
                done1((( )))
                begin1 --> s1_0
                s1_0 --> done1
            end
        end
        done0((( )))
        begin0 --> s0_0
        s0_0 --> s0_1
        s0_1 --> s0_2
        s0_2 --> done0
    --- stderr
    --- exit 0
    "#);
    let exported = shop.output(&["export", "buy", "--format", "asl"]);
    let exported = String::from_utf8(exported.stdout).unwrap();
    assert_eq!(exported, include_str!("../../src/shop.asl.json"));
    let (definition, found) = Definition::check(&exported);
    assert_eq!(found, []);
    assert_eq!(definition.unwrap().to_text(), exported);
    let lambda = shop.json(&["export", "buy", "--tasks", "lambda"]);
    assert_eq!(lambda["States"]["charge"]["Resource"], "arn:aws:states:::lambda:invoke");
    insta::assert_snapshot!(shop.shown(&["check"]), @r#"
    buy: 4 states, no findings
    --- stderr
    --- exit 0
    "#);
    assert_eq!(shop.json(&["check", "--json"]), json!([{"name": "buy", "findings": []}]));
}

#[test]
fn an_export_has_the_account_and_region_of_its_deployment_or_names_to_fill_in() {
    let shop = Shop::new();
    let here = ["--account", "111122223333", "--region", "eu-west-1"];
    let resource = |more: &[&str]| {
        let exported = shop.json(&[&["export", "buy"], more].concat());
        exported["States"]["charge"]["Resource"].as_str().unwrap().to_owned()
    };
    assert_eq!(resource(&[]), "arn:aws:states:us-east-1:123456789012:activity:charge");
    assert_eq!(resource(&here), "arn:aws:states:eu-west-1:111122223333:activity:charge");
    assert_eq!(resource(&["--substitutions"]), "${charge_activity}");
    let substituted = shop.output(&["export", "buy", "--tasks", "lambda", "--substitutions"]);
    assert_eq!(
        String::from_utf8(substituted.stderr).unwrap(),
        "to be filled in: charge_function, pack_function\n"
    );
    let both = shop.output(&[&["export", "buy", "--substitutions"], &here[..]].concat());
    assert_eq!(both.status.code(), Some(2));
}

#[test]
fn a_history_tells_iterations_and_attempts_apart() {
    let shop = Shop::new();
    shop.output(&["run", "buy", "--name", "one", "--input", r#"{"id": "o-1", "total": 14}"#]);
    let shown = shop.shown(&["history", "one"]);
    // The boxes may be packed in either order.
    let begun: Vec<_> = shown.lines().take(21).collect();
    insta::assert_snapshot!(begun.join("\n"), @r#"
    ID       TIME  EVENT                  STATE     DETAIL
     1 ELAPSED  ExecutionStarted                 {"id":"o-1","total":14}
     2 ELAPSED  TaskStateEntered       charge
     3 ELAPSED  TaskScheduled          charge    charge  {"order":{"id":"o-1","total":14}}
     4 ELAPSED  TaskStarted            charge    charge
     5 ELAPSED  TaskFailed             charge    charge  GatewayDown
     6 ELAPSED  TaskScheduled          charge    attempt 2  charge  {"order":{"id":"o-1","total":14}}
     7 ELAPSED  TaskStarted            charge    attempt 2  charge
     8 ELAPSED  TaskSucceeded          charge    attempt 2  charge  "receipt of o-1"
     9 ELAPSED  TaskStateExited        charge    "receipt of o-1"
    10 ELAPSED  WaitStateEntered       wait
    11 ELAPSED  WaitStateExited        wait      null
    12 ELAPSED  MapStateEntered        map_pack
    13 ELAPSED  MapStateStarted                  2 items
    14 ELAPSED  MapIterationStarted    map_pack  item 0
    15 ELAPSED  MapIterationStarted    map_pack  item 1
    16 ELAPSED  TaskStateEntered       pack [0]
    17 ELAPSED  TaskScheduled          pack [0]  pack  {"item":1}
    18 ELAPSED  TaskStarted            pack [0]  pack
    19 ELAPSED  TaskStateEntered       pack [1]
    20 ELAPSED  TaskScheduled          pack [1]  pack  {"item":2}
    "#);
    let left = |line: &str| line.contains("TaskStateExited ") && line.contains(" pack [0] ");
    assert!(shown.lines().any(left), "{shown}");
}

#[test]
fn the_version_is_that_of_the_program_and_of_stepwright() {
    let shop = Shop::new();
    let own = concat!("(stepwright ", env!("CARGO_PKG_VERSION"), ")\n");
    let check = |command: &mut std::process::Command, expected: String| {
        assert_eq!(String::from_utf8(command.output().unwrap().stdout).unwrap(), expected);
    };
    check(&mut shop.command(&["--version"]), format!("shop {own}"));
    check(&mut shop.fair(&["--version"]), format!("fair 1.2.3 {own}"));
}

#[test]
fn help_names_the_workflows_and_the_exit_codes() {
    let shop = Shop::new();
    let help = String::from_utf8(shop.output(&["--help"]).stdout).unwrap();
    assert!(help.contains("Workflows: buy"), "{help}");
    assert!(help.contains("Exit codes:"), "{help}");
    assert_eq!(shop.output(&["frobnicate"]).status.code(), Some(2));
}
