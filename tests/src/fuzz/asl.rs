//! Definitions: reading, all rules, what AWS would say, printing, and reading again.

use super::{Target, mutate::Mutator};
use crate::random::Random;
use stepwright::{
    asl::{Definition, Diagnostic, MachineType, answer, refusal},
    program::Interpreter,
};

/// The machines of the unit tests, each with a mistake between marks.
const MISTAKES: &str = include_str!("../../../runtime/core/src/asl/tests/mistakes.txt");
/// Machines in full.
const MACHINES: &[&str] = &[
    include_str!("../../../runtime/src/export/tests/order.asl.json"),
    include_str!("../../../runtime/core/src/asl/tests/everything.jsonata.asl.json"),
    include_str!("../../../runtime/core/src/asl/tests/everything.jsonpath.asl.json"),
];

/// The reader and the validator of definitions.
#[derive(Debug)]
pub(super) struct Asl(Mutator);

impl Asl {
    pub(super) fn new() -> Self {
        Self(Mutator::of_json(seeds(), WORDS))
    }
}

/// Texts to begin with: good ones, and ones with a mistake.
fn seeds() -> Vec<String> {
    let cases = MISTAKES.split("\n\n").filter(|block| block.starts_with('['));
    let cases = cases.filter_map(|block| {
        let (head, rest) = block.split_once('\n')?;
        let (_, states) = rest.split_once('\n')?;
        let states = states.trim_end().replace(['«', '»'], "");
        let language = match head {
            head if head.starts_with("[text]") => return Some(states),
            head if head.contains("jsonata") => "JSONata",
            _ => "JSONPath",
        };
        let first = states.split('"').nth(1)?;
        Some(format!(
            r#"{{"QueryLanguage": "{language}", "StartAt": "{first}", "States": {{{states}}}}}"#
        ))
    });
    cases.chain(MACHINES.iter().map(|text| (*text).to_owned())).collect()
}

/// Words that mean something, to be put anywhere.
const WORDS: &[&str] = &[
    "{%",
    "%}",
    "{% $states.input %}",
    "{% $states.result %}",
    "{% $x := 1 %}",
    "$",
    "$$",
    "$.a",
    "$$.Map.Item.Value",
    "$x",
    ".$",
    "States.Format('{}', $.a)",
    "States.ALL",
    "States.UUID()",
    "JSONata",
    "JSONPath",
    "\"QueryLanguage\": \"JSONata\",",
    "Path",
    "arn:aws:states:::",
    "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
    ".sync:2",
    "DISTRIBUTED",
    "2026-01-31T12:00:00Z",
    "null",
    "true",
    "[[[[[[[[",
    "{\"a\":{\"a\":",
    "$..[?(@.a == 1)]",
    "\\u0000",
    "\\ud800",
    "${Name}",
    "«",
    "~1",
    "~0",
];

impl Target for Asl {
    fn name(&self) -> &'static str {
        "asl"
    }

    fn input(&self, random: &mut Random) -> String {
        self.0.text(random)
    }

    fn run(&self, text: &str) -> Result<(), String> {
        for kind in [MachineType::Standard, MachineType::Express] {
            let (definition, found) = Definition::check_as(text, kind);
            for finding in &found {
                let span = finding.span.clone().unwrap_or_default();
                if text.get(span.clone()).is_none() {
                    return Err(format!("{finding} is shown at {span:?}, outside of the text"));
                }
            }
            let listed = answer(text, &found);
            let refused = refusal(&listed);
            if definition.is_none() && refused.is_none() && !found.iter().any(Diagnostic::is_error)
            {
                return Err("a text without a definition has no errors".to_owned());
            }
            let Some(definition) = definition else { continue };
            if !found.iter().any(Diagnostic::is_error)
                && let Err(error) = Interpreter::new(definition.clone())
            {
                return Err(format!("a machine without a mistake is not interpreted: {error}"));
            }
            let printed = definition.to_text();
            let (again, _) = Definition::parse(&printed);
            if again.as_ref() != Some(&definition) {
                return Err(format!("printed and read again it is another one:\n{printed}"));
            }
        }
        Ok(())
    }
}
