//! All integration tests, in one binary: one link instead of forty.

#![allow(
    clippy::indexing_slicing,
    clippy::needless_pass_by_value,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking, and its values are made for the call"
)]
#![allow(
    clippy::cast_lossless,
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    clippy::cloned_instead_of_copied,
    clippy::duration_suboptimal_units,
    clippy::excessive_precision,
    clippy::float_cmp,
    clippy::format_push_string,
    clippy::let_and_return,
    clippy::manual_swap,
    clippy::manual_unwrap_or,
    clippy::map_clone,
    clippy::needless_collect,
    clippy::needless_return,
    clippy::nonminimal_bool,
    clippy::partialeq_to_none,
    clippy::redundant_closure,
    clippy::redundant_closure_for_method_calls,
    clippy::redundant_pattern_matching,
    clippy::single_char_add_str,
    clippy::single_char_pattern,
    clippy::single_match,
    clippy::str_to_string,
    clippy::uninlined_format_args,
    clippy::unnecessary_first_then_check,
    clippy::unnecessary_fold,
    clippy::unnested_or_patterns,
    clippy::unused_async,
    clippy::used_underscore_binding,
    clippy::useless_vec,
    reason = "workflows under test are written in all the ways that users write them"
)]

mod api;
mod cli;
mod crash;
mod definitions;
mod driver;
mod engine;
mod equivalence;
mod fuzz;
mod jsonata;
mod layers;
mod native;
mod store;
mod targets;
mod tasks;
mod testing;
mod tidy;
mod ui;

use std::{fs, path::Path};

/// A test file that nobody declares compiles to nothing and never fails.
#[test]
fn no_test_file_is_forgotten() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let mut forgotten = Vec::new();
    check_declared(&root, "main.rs", &mut forgotten);
    assert!(forgotten.is_empty(), "not declared with `mod`: {forgotten:?}");
}

/// Collects the modules of `folder` that its `parent` file does not declare, recursively.
fn check_declared(folder: &Path, parent: &str, forgotten: &mut Vec<String>) {
    let declarations = fs::read_to_string(folder.join(parent)).unwrap();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let is_folder_module = path.join("mod.rs").exists();
        let is_file_module = path.extension().is_some_and(|ext| ext == "rs")
            && path.file_name().is_some_and(|file| file != parent);
        if !is_folder_module && !is_file_module {
            continue;
        }
        let declared = declarations.lines().any(|line| {
            line.trim() == format!("mod {name};") || line.trim() == format!("pub mod {name};")
        });
        if !declared {
            forgotten.push(path.display().to_string());
        }
        if is_folder_module {
            check_declared(&path, "mod.rs", forgotten);
        }
    }
}
