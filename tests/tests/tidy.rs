//! The habits of the tree that a machine can check: file heads and lengths, forbidden words, a page
//! for every diagnostic code, the number of packages a user builds.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

/// Longer files hide where a newcomer should look.
const MAX_LINES: usize = 600;

/// What a user's crate may cost to build: unique normal and build packages with default features.
const MAX_PACKAGES: usize = 150;

/// The root of the repository.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").canonicalize().unwrap()
}

/// Every file below `folder` whose name ends in one of `extensions`, but build products.
pub(crate) fn files(folder: &Path, extensions: &[&str]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap();
            if path.is_dir() {
                let is_product = ["target", "node_modules", "wip", ".git"].contains(&name);
                if !is_product {
                    folders.push(path);
                }
            } else if extensions.iter().any(|extension| name.ends_with(extension)) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// Asserts that `wrong` gives no complaint about any file with these extensions.
#[track_caller]
fn check(extensions: &[&str], wrong: impl Fn(&str, &str) -> Option<String>) {
    let root = root();
    let mut complaints = Vec::new();
    for path in files(&root, extensions) {
        let name = path.strip_prefix(&root).unwrap().display().to_string();
        let text = fs::read_to_string(&path).unwrap();
        if let Some(complaint) = wrong(&name, &text) {
            complaints.push(format!("{name}: {complaint}"));
        }
    }
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

/// The first line of `text` that contains one of `words`, with its number.
fn line_with(text: &str, words: &[String]) -> Option<String> {
    text.lines().enumerate().find_map(|(number, line)| {
        let word = words.iter().find(|word| line.contains(word.as_str()))?;
        Some(format!("line {} says `{word}`", number + 1))
    })
}

#[test]
fn every_file_says_what_it_is() {
    check(&[".rs"], |name, text| {
        let is_fixture = name.starts_with("tests/ui/");
        (!is_fixture && !text.starts_with("//!"))
            .then(|| "the first line is not `//! …`".to_owned())
    });
}

#[test]
fn no_merge_is_unfinished() {
    // not as a literal, which would be found here
    let marks = ["<", ">"].map(|mark| mark.repeat(7));
    check(&[".rs", ".md", ".toml", ".sh", ".json", ".mjs", "run"], |_, text| {
        let unfinished = |line: &str| marks.iter().any(|mark| line.starts_with(mark.as_str()));
        let number = text.lines().position(unfinished)?;
        Some(format!("line {} is a mark of a merge", number + 1))
    });
}

#[test]
fn no_file_is_long() {
    check(&[".rs"], |_, text| {
        let lines = text.lines().count();
        (lines > MAX_LINES).then(|| format!("{lines} lines, at most {MAX_LINES}"))
    });
}

#[test]
fn nothing_is_left_to_do() {
    let words = ["todo", "unimplemented"].map(|word| format!("{word}!("));
    check(&[".rs"], |_, text| line_with(text, &words));
}

#[test]
fn nothing_names_a_machine_or_its_folders() {
    let words =
        ["work/main", "work/shared", "tmp/wt", "root/", "home/"].map(|dir| format!("/{dir}"));
    check(&[".rs", ".md", ".toml", ".sh", ".mjs", ".json", ".yml", "run", ".stderr"], |_, text| {
        line_with(text, &words)
    });
}

#[test]
fn tests_neither_sleep_nor_hide() {
    let words = ["thread::sleep", "time::sleep", "[ignore", "[should_panic"].map(str::to_owned);
    check(&[".rs"], |name, text| {
        let is_test = name.starts_with("tests/tests/")
            || name.contains("/tests/")
            || name.ends_with("/tests.rs");
        let is_this = name == "tests/tests/tidy.rs" || name.starts_with("tests/ui/");
        (is_test && !is_this).then(|| line_with(text, &words)).flatten()
    });
}

#[test]
fn the_changelog_is_kept() {
    let text = fs::read_to_string(root().join("CHANGELOG.md")).unwrap();
    assert!(text.contains("## [Unreleased]"), "CHANGELOG.md has no Unreleased section");
}

/// Words like `W0103` in `text`.
fn codes(text: &str) -> BTreeSet<String> {
    text.split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| {
            let mut chars = word.chars();
            word.len() == 5
                && chars.next().is_some_and(|c| c.is_ascii_uppercase())
                && chars.all(|c| c.is_ascii_digit())
        })
        .map(str::to_owned)
        .collect()
}

#[test]
fn every_diagnostic_code_has_a_page() {
    let named = codes(&fs::read_to_string(root().join("runtime/core/src/asl/code.rs")).unwrap());
    assert!(named.len() > 30, "the list of codes is elsewhere: {named:?}");
    let pages: BTreeSet<_> = files(&root().join("docs/errors"), &[".md"])
        .iter()
        .map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned())
        .filter(|page| page != "README")
        .collect();
    let missing: Vec<_> = named.difference(&pages).collect();
    let stale: Vec<_> = pages.difference(&named).collect();
    assert!(missing.is_empty() && stale.is_empty(), "no page: {missing:?}; no code: {stale:?}");
}

#[test]
fn every_link_of_the_book_leads_to_a_file() {
    let docs = root().join("docs");
    let summary = fs::read_to_string(docs.join("SUMMARY.md")).unwrap();
    for link in summary.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
        assert!(docs.join(link).is_file(), "SUMMARY.md links to {link}, which does not exist");
    }
    let listed = |path: &PathBuf| {
        summary.contains(&format!("({})", path.strip_prefix(&docs).unwrap().display()))
    };
    let unlisted: Vec<_> = files(&docs, &[".md"])
        .into_iter()
        .filter(|path| !path.ends_with("SUMMARY.md") && !path.starts_with(docs.join("errors")))
        .filter(|path| !listed(path))
        .collect();
    assert!(unlisted.is_empty(), "pages that SUMMARY.md does not list: {unlisted:?}");
}

#[test]
fn a_user_builds_few_packages() {
    let tree = Command::new(env!("CARGO"))
        .args(["tree", "--offline", "-p", "stepwright", "-e", "normal,build", "--prefix", "none"])
        .current_dir(root())
        .output()
        .unwrap();
    assert!(tree.status.success(), "{}", String::from_utf8_lossy(&tree.stderr));
    let packages: BTreeSet<String> = String::from_utf8(tree.stdout)
        .unwrap()
        .lines()
        .filter_map(|line| {
            let mut words = line.split_whitespace();
            Some(format!("{} {}", words.next()?, words.next()?))
        })
        .collect();
    assert!(packages.len() > 20, "cargo tree gave only {packages:?}");
    assert!(packages.len() <= MAX_PACKAGES, "{} packages, at most {MAX_PACKAGES}", packages.len());
}
