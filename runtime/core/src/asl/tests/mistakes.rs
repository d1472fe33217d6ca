//! One machine for each mistake: it is found, where it is, and nothing else is.

use super::{Code, Definition, Diagnostic, MachineType, Severity};
use std::{collections::BTreeSet, ops::Range};

/// The text that the cases stand in.
const CASES: &str = include_str!("mistakes.txt");

/// A case.
pub(super) struct Case<'t> {
    pub(super) title: &'t str,
    language: &'t str,
    /// The line that says what is to be found.
    expected: &'t str,
    /// The machine, without marks.
    pub(super) text: String,
    /// Where the finding is to be shown.
    place: Range<usize>,
}

impl Case<'_> {
    /// What the machine is to run as.
    pub(super) fn kind(&self) -> MachineType {
        let is_express = self.language.starts_with("express");
        if is_express { MachineType::Express } else { MachineType::Standard }
    }
}

/// Reads all cases.
pub(super) fn cases() -> Vec<Case<'static>> {
    let blocks = CASES.split("\n\n").filter(|block| block.starts_with('['));
    blocks
        .map(|block| {
            let (head, rest) = block.split_once('\n').unwrap();
            let (language, title) = head.strip_prefix('[').unwrap().split_once("] ").unwrap();
            let (expected, states) = rest.split_once('\n').unwrap();
            let marked = machine(language, states);
            let (start, end) = (marked.find('«').unwrap(), marked.find('»').unwrap());
            let place = start..end - '«'.len_utf8();
            Case { title, language, expected, text: marked.replace(['«', '»'], ""), place }
        })
        .collect()
}

/// A machine of these states, which begins at the first of them.
fn machine(language: &str, states: &str) -> String {
    let states = states.trim_end();
    let name = match language.trim_start_matches("express ") {
        "text" => return states.to_owned(),
        "jsonata" => "JSONata",
        "jsonpath" => "JSONPath",
        other => panic!("no language {other}"),
    };
    let first = states.trim_start_matches('«').split('"').nth(1).unwrap();
    format!(
        "{{\n\"QueryLanguage\": \"{name}\",\n\"StartAt\": \"{first}\",\n\"States\": {{\n{states}\n}}\n}}\n"
    )
}

/// What is wrong with the findings of a case, if anything is.
fn wrong(case: &Case<'_>) -> Option<String> {
    let (_, found) = Definition::check_as(&case.text, case.kind());
    let [only] = found.as_slice() else {
        let all: Vec<_> = found.iter().map(ToString::to_string).collect();
        return Some(format!("{} findings: {all:#?}", found.len()));
    };
    let (code, rest) = case.expected.split_once(' ').unwrap();
    let rest = rest.strip_prefix("- ").unwrap_or(rest);
    let shown = format!("{} {}", only.pointer, only.message);
    if only.code.as_str() != code || !shown.trim_start().starts_with(rest) {
        return Some(format!("found {} {shown}\nnot   {}", only.code, case.expected));
    }
    (only.span.as_ref() != Some(&case.place)).then(|| {
        let place = only.span.clone().unwrap_or_default();
        format!("shown at {:?}, not at {:?}", &case.text[place], &case.text[case.place.clone()])
    })
}

#[test]
fn each_mistake_is_found_at_its_place_and_nothing_else() {
    let complaints: Vec<_> = cases()
        .iter()
        .filter_map(|case| Some(format!("[{}] {}\n{}\n", case.language, case.title, wrong(case)?)))
        .collect();
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
    assert!(cases().len() >= 200, "the cases are not read");
}

/// Machines that are right come out of the ones that are wrong.
#[test]
fn every_code_has_a_case() {
    let shown: BTreeSet<_> =
        cases().iter().map(|case| case.expected.split(' ').next().unwrap().to_owned()).collect();
    // Its text is a mebibyte long.
    let elsewhere = [Code::TooLarge];
    for code in Code::ALL.iter().filter(|code| !elsewhere.contains(code)) {
        assert!(shown.contains(code.as_str()), "no case shows {code}: {}", code.summary());
    }
}

#[test]
fn every_error_says_what_to_do_or_names_what_is_allowed() {
    let helpless: Vec<_> = cases()
        .iter()
        .flat_map(|case| Definition::check(&case.text).1)
        .filter(|found: &Diagnostic| found.severity == Severity::Error && found.help.is_none())
        .filter(|found| !SELF_EXPLAINING.contains(&found.code))
        .map(|found| found.to_string())
        .collect();
    assert!(helpless.is_empty(), "{}", helpless.join("\n"));
}

/// Findings whose message says what should be there.
const SELF_EXPLAINING: &[Code] = &[
    Code::Json,
    Code::WrongType,
    Code::MissingField,
    Code::UnknownField,
    Code::NoForm,
    Code::DanglingTarget,
    Code::Empty,
    Code::StateNameLength,
    Code::Number,
    Code::Items,
    Code::MissingArgument,
    Code::Label,
    Code::ReaderConfig,
    Code::Operand,
    Code::Retrier,
    Code::Unparsable,
    Code::Path,
    Code::PathOrFunction,
    Code::UnknownIntrinsic,
    Code::IntrinsicArguments,
];
