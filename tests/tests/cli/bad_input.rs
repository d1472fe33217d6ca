//! Wrong commands and wrong inputs: one clear error, exit code 2, nothing changed.

use super::Shop;
use std::fs;

#[track_caller]
fn check(arguments: &[&str], expected: &str) {
    let shop = Shop::new();
    let output = shop.output(arguments);
    assert_eq!(output.status.code(), Some(2), "{arguments:?}");
    assert!(output.stdout.is_empty(), "{arguments:?}");
    assert_eq!(String::from_utf8(output.stderr).unwrap().trim_end(), expected, "{arguments:?}");
    assert!(!shop.database().exists(), "{arguments:?} made a database");
}

#[test]
fn names_that_do_not_exist() {
    check(
        &["run", "buyy", "--input", "{}"],
        "error: there is no workflow `buyy`\nhelp: did you mean `buy`?",
    );
    check(&["graph", "reticulate"], "error: there is no workflow `reticulate`\nhelp: there is buy");
    check(
        &["history", "nobody"],
        "error: there is no database stepwright.db\nhelp: `run` makes one; --db names another",
    );
}

#[test]
fn inputs_that_are_no_json_or_do_not_fit() {
    check(
        &["run", "buy"],
        "error: `buy` needs an input: the value of `order`, {\"id\": string, \"total\": number}\nhelp: give it with --input FILE, --input - or --input '{..}'",
    );
    check(
        &["run", "buy", "--input", "missing.json"],
        "error: cannot read the input from missing.json: No such file or directory (os error 2)\nhelp: JSON itself begins with { or [ or \"",
    );
    check(
        &["run", "buy", "--input", "{\"id\": \"ä\", total: 1}"],
        "error: the input is not JSON: key must be a string, at --input line 1 column 13\n  |\n1 | {\"id\": \"ä\", total: 1}\n  |             ^",
    );
    check(
        &["run", "buy", "--input", r#"{"id": "o-1", "total": "much"}"#],
        "error: the input does not fit `buy`: total: invalid type: string \"much\", expected f64\nhelp: the input looks like {\"id\": string, \"total\": number}",
    );
    check(
        &["run", "buy", "--input", r#"{"order": {"id": "o-1", "total": 1}}"#],
        "error: the input does not fit `buy`: missing field `id`\nhelp: the input is the value of `order` itself, without its name",
    );
    check(
        &["run", "buy", "--input", r#"{"id": "o-1"}"#],
        "error: the input does not fit `buy`: missing field `total`\nhelp: the input looks like {\"id\": string, \"total\": number}",
    );
    check(
        &["run", "buy", "--input", r#"{"id": "o-1", "totl": 1}"#],
        "error: the input does not fit `buy`: missing field `total`\nhelp: it has no field `totl`: did you mean `total`?",
    );
}

#[test]
fn the_input_of_several_parameters_is_an_object_of_them() {
    let check = |input: &[&str], expected: &str| {
        let shop = Shop::new();
        let output = shop.fair(&[&["run", "prize"], input].concat()).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{input:?}");
        assert_eq!(String::from_utf8(output.stderr).unwrap().trim_end(), expected, "{input:?}");
    };
    let looks = r#"{"lot": integer, "prizes": [string, ..]}"#;
    check(
        &[],
        &format!(
            "error: `prize` needs an input: an object with lot, prizes, {looks}\n\
             help: give it with --input FILE, --input - or --input '{{..}}'"
        ),
    );
    check(
        &["-i", "[1, []]"],
        &format!(
            "error: the input does not fit `prize`: the input must be an object with a member for \
             each parameter\nhelp: the input looks like {looks}"
        ),
    );
    check(
        &["-i", r#"{"lot": 1, "prices": []}"#],
        "error: the input does not fit `prize`: missing field `prizes`\n\
         help: it has no field `prices`: did you mean `prizes`?",
    );
}

#[test]
fn inputs_that_hold_nothing_or_no_text() {
    for empty in ["", "  ", "\n"] {
        check(&["run", "buy", "-i", empty], "error: the input is empty: nothing is in --input");
    }
    check(
        &["run", "buy", "-i", "."],
        "error: cannot read the input from .: Is a directory (os error 21)",
    );
    let check = |bytes: &[u8], expected: &str| {
        let shop = Shop::new();
        fs::write(shop.path("input"), bytes).unwrap();
        let output = shop.output(&["run", "buy", "-i", "input"]);
        assert_eq!(output.status.code(), Some(2), "{expected}");
        assert_eq!(String::from_utf8(output.stderr).unwrap().trim_end(), expected);
        assert!(!shop.database().exists(), "{expected}");
    };
    check(b"", "error: the input is empty: nothing is in input");
    check(
        b"{\"id\": \"\xff\"}",
        "error: input is not UTF-8 text: it has something else after 8 bytes",
    );
    let deep = "[".repeat(100_000) + &"]".repeat(100_000);
    check(
        deep.as_bytes(),
        "error: the input is not JSON: more than 127 values within each other, at input line 1 column 128",
    );
    let long = format!(r#"{{"id": "{}", "total": 1}}"#, "x".repeat(262_144));
    check(
        long.as_bytes(),
        "error: the input of `buy` has 262163 bytes of JSON, and at most 262144 are allowed",
    );
}

#[test]
fn a_mark_before_the_text_is_no_part_of_the_input() {
    let shop = Shop::new();
    fs::write(shop.path("input.json"), "\u{feff}{\"id\": \"o-1\", \"total\": 1}").unwrap();
    let result = shop.json(&["run", "buy", "--json", "-i", "input.json"]);
    assert_eq!(result["output"], "receipt of o-1");
}

#[test]
fn names_that_break_the_rules() {
    let run = |name: &str, why: &str| {
        check(
            &["run", "buy", "-i", r#"{"id": "o-1", "total": 1}"#, &format!("--name={name}")],
            &format!("error: `{name}` can't name an execution: {why}"),
        );
    };
    run("", "it is empty");
    run("a b", "it has white space or control characters");
    run("buy/a", "it has one of < > { } [ ] ? * \" # % \\ ^ | ~ ` $ & , ; : /");
    run(&"x".repeat(81), "it is longer than 80 characters");
}

#[test]
fn a_value_that_looks_like_an_option_is_told_how_to_be_given() {
    let unexpected = |tip: &str| {
        format!(
            "error: unexpected argument '-x' found\n\n  tip: {tip}\n\nUsage: shop run [OPTIONS] \
             <WORKFLOW>\n\nFor more information, try '--help'."
        )
    };
    let tip = "a value that begins with `-` is given as `--name=-xy`";
    check(&["run", "buy", "--name", "-xy"], &unexpected(tip));
    let tip = "to pass '-x' as a value, use '-- -x'";
    check(&["run", "buy", "--once", "-x"], &unexpected(tip));
}

#[test]
fn a_negative_number_is_an_input_and_no_option() {
    let shop = Shop::new();
    for input in ["-5", "-1.5e3"] {
        for option in ["--input", "-i"] {
            let output = shop.output(&["run", "buy", option, input]);
            let error = String::from_utf8(output.stderr).unwrap();
            assert!(error.contains("does not fit"), "{error}");
        }
    }
}

#[test]
fn a_misspelt_field_is_warned_of() {
    let shop = Shop::new();
    let run = |options: &[&str]| {
        let input = r#"{"id": "o-1", "totl": 2, "total": 13}"#;
        let mut arguments = vec!["run", "buy", "--input", input];
        arguments.extend(options);
        String::from_utf8(shop.output(&arguments).stderr).unwrap()
    };
    let warning = "warning: `buy` ignores `totl` of its input\nhelp: did you mean `total`?\n";
    assert!(run(&[]).starts_with(warning));
    assert!(run(&["--json"]).starts_with(warning));
    assert!(run(&["-q"]).starts_with("error: the execution failed"));
    let input = ["run", "ride", "--input", "[1]", "--name", "a b"];
    let ride = shop.fair(&input).output().unwrap();
    assert_eq!(ride.status.code(), Some(2), "a wrong name comes first");
}

#[test]
fn lists_of_nothing() {
    let shop = Shop::new();
    drop(stepwright::store::SqliteStore::open(shop.database()).unwrap());
    insta::assert_snapshot!(shop.shown(&["list", "--workflow", "buyy"]), @r#"
    --- stderr
    error: there is no workflow `buyy`
    help: did you mean `buy`?
    --- exit 2
    "#);
    insta::assert_snapshot!(shop.shown(&["list", "--workflow", "buy"]), @r#"
    --- stderr
    no executions
    --- exit 0
    "#);
    insta::assert_snapshot!(shop.shown(&["list", "--limit", "0"]), @r#"
    --- stderr
    error: invalid value '0' for '--limit <N>': it is no number from 1 on

    For more information, try '--help'.
    --- exit 2
    "#);
}
