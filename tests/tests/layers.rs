//! Who may import whom: an import goes only down the list of layers, and the pure layers never name
//! the outside world.

use crate::tidy::{files, root};
use std::{fs, path::Path};

/// Modules of `runtime/core/src`: each may name the ones before it.
const CORE: &[&str] = &["query", "asl", "program", "engine"];

/// Modules of `runtime/src`: each may name the ones before it, and all of the core.
const RUNTIME: &[&str] = &[
    "workflow",
    "registry",
    "store",
    "catalog",
    "driver",
    "service",
    "export",
    "api",
    "integrations",
    "console",
    "testing",
    "cli",
];

/// Modules of `macros/src`: each may name the ones before it.
const MACROS: &[&str] = &["diagnostics", "syntax", "ir", "cfg", "emit", "expand"];

/// What may neither do I/O nor read a clock.
const PURE: &[&str] = &["runtime/core/src", "runtime/src/registry.rs", "runtime/src/store/mod.rs"];

/// What a pure module never names.
const OUTSIDE: &[&str] = &[
    "tokio",
    "rusqlite",
    "rustix",
    "std::fs",
    "std::net",
    "std::thread",
    "std::process",
    "std::env",
    "SystemTime",
    "Instant",
    "Timestamp::now",
    "Uuid::new",
];

/// The code of a file: comments and inline tests left out.
fn code(path: &Path) -> String {
    let text = fs::read_to_string(path).unwrap();
    let tests = text.find("#[cfg(test)]\nmod tests {").unwrap_or(text.len());
    let lines = text[..tests].lines();
    lines.map(|line| line.split("//").next().unwrap()).collect::<Vec<_>>().join("\n")
}

/// First segments of all paths that begin with `crate::`, those in braces included.
fn imports(code: &str) -> Vec<String> {
    let mut found = Vec::new();
    for rest in code.split("crate::").skip(1) {
        let Some(group) = rest.strip_prefix('{') else {
            found.push(ident(rest));
            continue;
        };
        let mut depth = 0;
        let mut at_start = true;
        for (at, c) in group.char_indices() {
            match c {
                '}' if depth == 0 => break,
                '{' => depth += 1,
                '}' => depth -= 1,
                ',' if depth == 0 => at_start = true,
                c if at_start && !c.is_whitespace() => {
                    found.push(ident(&group[at..]));
                    at_start = false;
                }
                _ => {}
            }
        }
    }
    found
}

/// The identifier that `text` begins with.
fn ident(text: &str) -> String {
    text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
}

/// Complaints about imports that go up the list of `layers` in `source`.
fn imports_upward(source: &Path, layers: &[&str]) -> Vec<String> {
    let mut wrong = Vec::new();
    for path in files(source, &[".rs"]) {
        let inside = path.strip_prefix(source).unwrap();
        let is_test = inside.ends_with("tests.rs") || inside.iter().any(|part| part == "tests");
        let own = inside.iter().next().unwrap().to_str().unwrap().trim_end_matches(".rs");
        let may_name_all = ["lib", "main", "__private", "prelude"].contains(&own);
        if is_test || may_name_all {
            continue;
        }
        let Some(own_at) = layers.iter().position(|layer| *layer == own) else {
            wrong.push(format!("{}: `{own}` is not in the list of layers", inside.display()));
            continue;
        };
        for name in imports(&code(&path)) {
            if layers.iter().position(|layer| *layer == name).is_some_and(|at| at > own_at) {
                wrong.push(format!("{}: `{own}` names the later `{name}`", inside.display()));
            }
        }
    }
    wrong
}

#[test]
fn imports_go_only_down_the_layers() {
    let mut wrong = imports_upward(&root().join("runtime/core/src"), CORE);
    wrong.extend(imports_upward(&root().join("runtime/src"), RUNTIME));
    wrong.extend(imports_upward(&root().join("macros/src"), MACROS));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_pure_layers_never_name_the_outside_world() {
    for path in files(&root().join("runtime"), &[".rs"]) {
        let inside = path.strip_prefix(root()).unwrap();
        if PURE.iter().any(|pure| inside.starts_with(pure)) {
            let text = code(&path);
            let named: Vec<_> = OUTSIDE.iter().filter(|word| text.contains(**word)).collect();
            assert!(named.is_empty(), "{} names {named:?}", inside.display());
        }
    }
}

/// Files whose threads sleep in real time. Only other processes are waited for so: they live by no clock
/// of ours.
const SLEEPERS: &[&str] = &["store/sqlite/lock.rs"];

#[test]
fn no_thread_sleeps_but_for_other_processes() {
    let source = root().join("runtime/src");
    let sleepers: Vec<_> = files(&source, &[".rs"])
        .into_iter()
        .filter(|path| code(path).contains(concat!("thread::", "sleep")))
        .map(|path| path.strip_prefix(&source).unwrap().to_owned())
        .collect();
    assert_eq!(sleepers, SLEEPERS.iter().map(Path::new).collect::<Vec<_>>());
}

#[test]
fn proc_macro_is_named_in_one_file() {
    let source = root().join("macros/src");
    for path in files(&source, &[".rs"]) {
        let names_it = code(&path).contains("proc_macro::");
        let is_lib = path.strip_prefix(&source).unwrap() == Path::new("lib.rs");
        assert!(!names_it || is_lib, "{} names proc_macro", path.display());
    }
}

#[test]
fn imports_in_groups_are_seen() {
    let code = "use crate::{asl::{self, State}, engine};\nlet x = crate::store::open();";
    assert_eq!(imports(code), ["asl", "engine", "store"]);
}
