//! The rules of a Choice: expressions in JSONata, trees of comparisons in JSONPath.

use super::super::{
    ChoiceRule, Code, Comparison, Condition, Diagnostic, Node, Operand, Operator, QueryLanguage,
    Template, Test, diagnostic::below, nearest,
};
use super::fields::{Fields, Found};

/// Fields of a rule that are no comparison.
const OTHER: &[&str] =
    &["Variable", "And", "Or", "Not", "Next", "Comment", "Assign", "Output", "Condition"];

/// Reads the rules of a Choice.
pub(super) fn rules(fields: &mut Fields<'_>, found: &mut Found) -> Option<Vec<ChoiceRule>> {
    let language = fields.language();
    fields.list("Choices", found, |node, pointer, found| {
        let fields = Fields::open(node, pointer, "a rule of a Choice", found)?;
        rule(fields.speaking(language), found)
    })
}

fn rule(mut fields: Fields<'_>, found: &mut Found) -> Option<ChoiceRule> {
    let comment = fields.string("Comment", found);
    let condition = match fields.language() {
        QueryLanguage::Jsonata => condition(&mut fields, found).map(Condition::Jsonata),
        // A rule of JSONata is reported as such when the fields end.
        QueryLanguage::JsonPath if fields.has("Condition") && kinds(&fields).is_empty() => None,
        QueryLanguage::JsonPath => test(&mut fields, found).map(Condition::Test),
    };
    let assign = fields.templates("Assign", found);
    let output = fields.jsonata("Output");
    let next = fields.required("Next", found);
    let next = next.and_then(|node| fields.as_string("Next", node, found));
    fields.close(found);
    Some(ChoiceRule { comment, condition: condition?, assign, output, next: next? })
}

/// Reads the condition of a rule in JSONata.
fn condition(fields: &mut Fields<'_>, found: &mut Found) -> Option<Template> {
    if !fields.has("Condition") && !kinds(fields).is_empty() {
        // One mistake: a rule of JSONPath. Its `Variable` or `And` is reported when the fields end.
        for member in fields.members() {
            if Operator::of_field(&member.key).is_some() {
                fields.note(&member.key);
            }
        }
        return None;
    }
    fields.required("Condition", found).map(Node::to_value)
}

/// What says which kind of test an object is.
const KINDS: &[&str] = &["And", "Or", "Not", "Variable"];

fn kinds(fields: &Fields<'_>) -> Vec<&'static str> {
    KINDS.iter().copied().filter(|name| fields.has(name)).collect()
}

/// Reads what an object tests: a comparison, or `And`, `Or`, `Not` over others.
fn test(fields: &mut Fields<'_>, found: &mut Found) -> Option<Test> {
    let kinds = kinds(fields);
    if let [first, second, ..] = kinds.as_slice() {
        let help = "put one test into the other, or join them with `And`";
        fields.exclusive((first, second), help, found);
        // What belongs to the other one is not a mistake of its own.
        fields.members().iter().for_each(|member| fields.note(&member.key));
        return None;
    }
    match kinds.first().copied() {
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
            let names = ["And", "Or", "Not", "Variable", "Condition"];
            found.push(fields.finding_here(Code::NoForm, message).naming(names));
            fields.members().iter().for_each(|member| fields.note(&member.key));
            None
        }
    }
}

fn tests(fields: &mut Fields<'_>, name: &'static str, found: &mut Found) -> Option<Vec<Test>> {
    let tests = fields.list(name, found, inner)?;
    if tests.is_empty() {
        let message = format!("`{name}` needs at least one test");
        found.push(fields.finding(Code::Empty, name, message));
    }
    Some(tests)
}

/// Reads a test that stands inside another one: it leads nowhere itself.
fn inner(node: &Node, pointer: &str, found: &mut Found) -> Option<Test> {
    let mut fields = Fields::open(node, pointer, "a test", found)?;
    fields.string("Comment", found);
    let test = test(&mut fields, found);
    fields.close(found);
    test
}

fn comparison(fields: &mut Fields<'_>, found: &mut Found) -> Option<Comparison> {
    let variable = fields.string("Variable", found);
    let candidates = fields.members().iter().filter(|member| !OTHER.contains(&&*member.key));
    let mut known = candidates.filter_map(|member| {
        Operator::of_field(&member.key).map(|(operator, is_path)| (member, operator, is_path))
    });
    let Some((member, operator, is_path)) = known.next() else {
        let finding = misspelt(fields).unwrap_or_else(|| {
            let message = "a rule with `Variable` needs a comparison, such as `StringEquals`";
            fields.finding_here(Code::NoForm, message).naming(Operator::fields())
        });
        found.push(finding);
        return None;
    };
    if let Some((second, ..)) = known.next() {
        let message =
            format!("a rule has one comparison, not `{}` and `{}`", member.key, second.key);
        let finding = fields.finding(Code::TwoForms, &second.key, message);
        let names = [member.key.as_str(), second.key.as_str()];
        found.push(finding.help("join two rules with `And` or `Or`").naming(names));
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

/// Takes an unknown field beside `Variable` for the comparison that is missing.
fn misspelt(fields: &mut Fields<'_>) -> Option<Diagnostic> {
    let member = fields.members().iter().find(|member| !OTHER.contains(&&*member.key))?;
    fields.note(&member.key);
    let finding = Diagnostic::new(
        Code::UnknownField,
        below(fields.pointer(), &member.key),
        format!("there is no comparison `{}`", member.key),
    )
    .naming([member.key.as_str()])
    .at(member.key_span.clone());
    Some(match nearest(&member.key, Operator::fields().iter().map(String::as_str)) {
        Some(near) => finding.help(format!("did you mean `{near}`?")),
        None => finding,
    })
}
