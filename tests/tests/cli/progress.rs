//! What a run shows of larger workflows, without a terminal.

use super::Shop;
use std::fmt::Write as _;

fn fair(arguments: &[&str]) -> String {
    let shop = Shop::new();
    shop.filtered(&shop.fair(arguments).output().unwrap())
}

#[test]
fn many_items_are_counted_and_not_listed() {
    let lots: Vec<u32> = (1..=1_000).collect();
    let shown = fair(&["run", "draws", "-i", &format!("{lots:?}")]);
    let (_, notes) = shown.split_once("--- stderr\n").unwrap();
    let mut expected = "database FOLDER/stepwright.db\nstarted draws/UUID\n\
                        ELAPSED  map_draw\n"
        .to_owned();
    for tenth in 1..=10 {
        writeln!(expected, "ELAPSED  map_draw: {} of 1000 items", tenth * 100).unwrap();
    }
    assert_eq!(notes, expected + "succeeded in ELAPSED\n--- exit 0");
}

#[test]
fn a_failure_among_many_items_is_shown() {
    let mut lots = vec![1; 20];
    lots[7] = 1_001;
    let shown = fair(&["run", "draws", "-i", &format!("{lots:?}")]);
    assert!(shown.contains("ELAPSED  draw [7]: failed, Blank: \"ä"), "{shown}");
    assert!(shown.contains("error: the execution failed in `draw [7]` after ELAPSED: Blank\n"));
}

#[test]
fn a_long_cause_is_cut_where_people_read_it() {
    let shop = Shop::new();
    let run = shop.fair(&["run", "draws", "--name", "x", "-q", "-i", "[3000]"]).output().unwrap();
    let cause = "ä".repeat(1_999);
    assert_eq!(
        shop.filtered(&run),
        format!(
            "--- stderr\nerror: the execution failed in `draw [0]` after ELAPSED: Blank\n\
             cause: \"{cause}…\nhelp: `result draws/x --json` has the whole cause\n--- exit 1"
        )
    );
    let whole = shop.fair(&["result", "x", "--json"]).output().unwrap();
    let whole: serde_json::Value = serde_json::from_slice(&whole.stdout).unwrap();
    assert_eq!(whole["cause"], format!("{{\"Blank\":\"{}\"}}", "ä".repeat(3_000)));
}

#[test]
fn code_that_fails_after_a_task_is_not_the_tasks_failure() {
    let shown = fair(&["run", "prize", "-i", r#"{"lot": 1, "prizes": ["a"]}"#]);
    assert!(
        shown.contains("ELAPSED  the code after `draw`: failed, States.QueryEvaluationError: "),
        "{shown}"
    );
    assert!(
        shown.contains(
            "error: the execution failed in the code after `draw` after ELAPSED: \
             States.QueryEvaluationError\n"
        ),
        "{shown}"
    );
}

#[test]
fn a_child_workflow_is_a_state_of_its_parent() {
    insta::assert_snapshot!(fair(&["run", "family", "-i", "[7]"]), @r#"
    [
      7
    ]
    --- stderr
    database FOLDER/stepwright.db
    started family/UUID
    ELAPSED  draws
    succeeded in ELAPSED
    --- exit 0
    "#);
}
