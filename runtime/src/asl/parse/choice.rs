//! The rules of a Choice: expressions in JSONata, trees of comparisons in JSONPath.

use super::super::{
    ChoiceRule, Code, Comparison, Condition, Diagnostic, Node, Operand, Operator, QueryLanguage,
    Test, diagnostic::below,
};
use super::fields::Fields;

/// Fields of a rule that are no comparison.
const OTHER: &[&str] =
    &["Variable", "And", "Or", "Not", "Next", "Comment", "Assign", "Output", "Condition"];

/// Reads the rules of a Choice.
pub(super) fn rules(
    fields: &mut Fields<'_>,
    found: &mut Vec<Diagnostic>,
) -> Option<Vec<ChoiceRule>> {
    let language = fields.language();
    fields.list("Choices", found, |node, pointer, found| {
        let fields = Fields::open(node, pointer, "a rule of a Choice", found)?;
        rule(fields.speaking(language), found)
    })
}

fn rule(mut fields: Fields<'_>, found: &mut Vec<Diagnostic>) -> Option<ChoiceRule> {
    let comment = fields.string("Comment", found);
    let condition = match fields.language() {
        QueryLanguage::Jsonata => {
            let condition = fields.required("Condition", found);
            condition.map(|node| Condition::Jsonata(node.to_value()))
        }
        QueryLanguage::JsonPath => test(&mut fields, found).map(Condition::Test),
    };
    let assign = fields.templates("Assign", found);
    let output = fields.jsonata("Output");
    let next = fields.required("Next", found);
    let next = next.and_then(|node| fields.as_string("Next", node, found));
    fields.close(found);
    Some(ChoiceRule { comment, condition: condition?, assign, output, next: next? })
}

/// Reads what an object tests: a comparison, or `And`, `Or`, `Not` over others.
fn test(fields: &mut Fields<'_>, found: &mut Vec<Diagnostic>) -> Option<Test> {
    let mut kinds = ["And", "Or", "Not", "Variable"].into_iter().filter(|name| fields.has(name));
    let (first, second) = (kinds.next(), kinds.next());
    if let (Some(first), Some(second)) = (first, second) {
        let message = format!("a rule has one of `{first}` and `{second}`, not both");
        found.push(fields.finding(Code::TwoForms, second, message));
        return None;
    }
    match first {
        Some("And") => tests(fields, "And", found).map(Test::And),
        Some("Or") => tests(fields, "Or", found).map(Test::Or),
        Some("Not") => {
            let pointer = below(fields.pointer(), "Not");
            let node = fields.take("Not")?;
            Some(Test::Not(Box::new(inner(node, &pointer, found)?)))
        }
        Some(_) => comparison(fields, found).map(Test::Compare),
        None => {
            let message = "a rule needs `Variable` with a comparison, or `And`, `Or` or `Not`";
            found.push(fields.finding_here(Code::MissingField, message));
            None
        }
    }
}

fn tests(
    fields: &mut Fields<'_>,
    name: &'static str,
    found: &mut Vec<Diagnostic>,
) -> Option<Vec<Test>> {
    let tests = fields.list(name, found, inner)?;
    if tests.is_empty() {
        let message = format!("`{name}` needs at least one test");
        found.push(fields.finding(Code::Empty, name, message));
    }
    Some(tests)
}

/// Reads a test that stands inside another one: it leads nowhere itself.
fn inner(node: &Node, pointer: &str, found: &mut Vec<Diagnostic>) -> Option<Test> {
    let mut fields = Fields::open(node, pointer, "a test", found)?;
    fields.string("Comment", found);
    let test = test(&mut fields, found);
    fields.close(found);
    test
}

fn comparison(fields: &mut Fields<'_>, found: &mut Vec<Diagnostic>) -> Option<Comparison> {
    let variable = fields.string("Variable", found);
    let candidates = fields.members().iter().filter(|member| !OTHER.contains(&&*member.key));
    let mut known = candidates.filter_map(|member| {
        Operator::of_field(&member.key).map(|(operator, is_path)| (member, operator, is_path))
    });
    let Some((member, operator, is_path)) = known.next() else {
        let message = "a rule with `Variable` needs a comparison, such as `StringEquals`";
        found.push(fields.finding_here(Code::MissingField, message));
        return None;
    };
    if let Some((second, ..)) = known.next() {
        let message =
            format!("a rule has one comparison, not `{}` and `{}`", member.key, second.key);
        let finding = fields.finding(Code::TwoForms, &second.key, message);
        found.push(finding.help("join two rules with `And` or `Or`"));
        fields.note(&second.key);
    }
    fields.note(&member.key);
    let operand = if is_path {
        Operand::Path(fields.as_string(&member.key, &member.value, found)?)
    } else {
        Operand::Value(member.value.to_value())
    };
    Some(Comparison { variable: variable?, operator, operand })
}
