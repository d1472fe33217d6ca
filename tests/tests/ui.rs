//! Wrong programs under `tests/ui`, each named by its mistake: what the user reads, and that every
//! mistake is one diagnostic.

use serde_json::Value;
use std::{
    collections::BTreeMap,
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

fn programs() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("ui");
    let paths = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut programs: Vec<_> =
        paths.filter(|path| path.extension().is_some_and(|ext| ext == "rs")).collect();
    programs.sort();
    programs
}

fn stem(path: &Path) -> String {
    path.file_stem().unwrap().to_str().unwrap().to_owned()
}

#[test]
fn every_mistake_has_a_good_message() {
    let cases = trybuild::TestCases::new();
    for program in programs() {
        cases.compile_fail(program);
    }
}

/// Rendered text hides diagnostics that look equal; editors show each, so the raw ones are counted,
/// with incremental compilation as editors have it. The first line of a program says how many.
#[test]
fn every_mistake_is_one_diagnostic() {
    let project = project();
    let output = Command::new(env!("CARGO"))
        .args(["check", "--offline", "--keep-going", "--bins", "--message-format=json"])
        .current_dir(&project)
        .env("CARGO_TARGET_DIR", project.join("target"))
        .env("CARGO_INCREMENTAL", "1")
        .env_remove("RUSTFLAGS")
        .output()
        .unwrap();
    let found = errors(&String::from_utf8(output.stdout).unwrap());
    let log = String::from_utf8_lossy(&output.stderr);
    let mut wrong = Vec::new();
    for program in programs() {
        let text = fs::read_to_string(&program).unwrap();
        let expected: usize = text
            .lines()
            .next()
            .and_then(|line| line.strip_prefix("// errors: "))
            .and_then(|count| count.parse().ok())
            .unwrap_or_else(|| {
                panic!("{}: the first line is no `// errors: N`", program.display())
            });
        let messages = found.get(&stem(&program)).cloned().unwrap_or_default();
        if messages.len() != expected {
            wrong.push(format!("{}: {expected} expected: {messages:#?}", stem(&program)));
        }
    }
    assert!(wrong.is_empty(), "{}\n{log}", wrong.join("\n"));
}

/// A row of the guide has a program, and says what that prints.
#[test]
fn the_guide_says_what_is_printed() {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    let page = fs::read_to_string(tests.join("../docs/guide/language.md")).unwrap();
    let rows = page.lines().filter_map(|line| {
        let cells: Vec<_> = line.strip_prefix("| ")?.strip_suffix(" |")?.split(" | ").collect();
        match cells.as_slice() {
            [_, said, case] if *case != "Case" => Some(((*said).to_owned(), (*case).to_owned())),
            _ => None,
        }
    });
    let rows: Vec<_> = rows.collect();
    assert!(rows.len() > 30, "the tables of the page were not found");
    for (said, case) in rows {
        let printed = fs::read_to_string(tests.join(format!("ui/{case}.stderr"))).unwrap();
        assert!(printed.contains(&said), "`{case}` does not print: {said}");
    }
}

/// Messages of errors by program.
fn errors(output: &str) -> BTreeMap<String, Vec<String>> {
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for line in output.lines() {
        let entry: Value = serde_json::from_str(line).unwrap();
        let at = |path| entry.pointer(path).and_then(Value::as_str).unwrap_or_default();
        let text = at("/message/message");
        if at("/message/level") == "error" && !text.starts_with("aborting due to") {
            let program = at("/target/name").to_owned();
            found.entry(program).or_default().push(text.to_owned());
        }
    }
    found
}

/// A package with every program as a binary of its own.
fn project() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let project = Path::new(env!("CARGO_TARGET_TMPDIR")).join("ui");
    let runtime = root.join("runtime");
    let mut manifest = format!(
        "[package]\nname = \"ui\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n\n\
         [dependencies]\nstepwright = {{ path = \"{}\", default-features = false }}\n\
         futures = \"0.3\"\ntokio = {{ version = \"1\", features = [\"time\"] }}\n\n",
        runtime.display()
    );
    for path in programs() {
        let name = stem(&path);
        let path = path.display();
        writeln!(manifest, "[[bin]]\nname = \"{name}\"\npath = \"{path}\"").unwrap();
    }
    fs::create_dir_all(&project).unwrap();
    write_if_changed(&project.join("Cargo.toml"), &manifest);
    // the versions that the workspace has, so that nothing is fetched
    fs::copy(root.join("Cargo.lock"), project.join("Cargo.lock")).unwrap();
    project
}

fn write_if_changed(path: &Path, text: &str) {
    if fs::read_to_string(path).ok().as_deref() != Some(text) {
        fs::write(path, text).unwrap();
    }
}
