//! Answers by state or Resource, as people write them; and what can be wrong with them.

use super::Outcome;
use crate::{
    asl::{Json, Member, Node, nearest},
    program::Failure,
};
use indexmap::IndexMap;
use std::{fmt, ops::Range};

/// A text that holds no answers to the tasks of a definition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadAnswers {
    /// What is wrong, in the order of the text.
    pub mistakes: Vec<Mistake>,
}

/// Something wrong in such a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// One line without a full stop.
    pub message: String,
    /// Where, in bytes.
    pub span: Range<usize>,
    /// A way out.
    pub help: Option<String>,
}

impl BadAnswers {
    pub(super) fn one(message: impl Into<String>, span: Range<usize>) -> Self {
        Self { mistakes: vec![Mistake { message: message.into(), span, help: None }] }
    }
}

impl fmt::Display for BadAnswers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let messages = self.mistakes.iter().map(|mistake| mistake.message.as_str());
        f.write_str(&messages.collect::<Vec<_>>().join("; "))
    }
}

impl std::error::Error for BadAnswers {}

/// Mistakes that are being collected.
#[derive(Debug, Default)]
pub(super) struct Mistakes(Vec<Mistake>);

impl Mistakes {
    pub(super) fn add(&mut self, span: &Range<usize>, message: impl Into<String>) {
        self.0.push(Mistake { message: message.into(), span: span.clone(), help: None });
    }

    pub(super) fn helped(
        &mut self,
        span: &Range<usize>,
        message: impl Into<String>,
        help: Option<String>,
    ) {
        self.0.push(Mistake { message: message.into(), span: span.clone(), help });
    }

    /// The value if nothing was wrong.
    pub(super) fn or<T>(mut self, value: T) -> Result<T, BadAnswers> {
        self.0.sort_by_key(|mistake| mistake.span.start);
        if self.0.is_empty() { Ok(value) } else { Err(BadAnswers { mistakes: self.0 }) }
    }

    /// The entries of an object; each key counts once.
    pub(super) fn members<'n>(&mut self, node: &'n Node, what: &str) -> &'n [Member] {
        let Json::Object(members) = &node.json else {
            self.add(&node.span, format!("{what} must be an object"));
            return &[];
        };
        for (at, member) in members.iter().enumerate() {
            if members.iter().take(at).any(|earlier| earlier.key == member.key) {
                self.add(&member.key_span, format!("`{}` stands here twice", member.key));
            }
        }
        members
    }

    /// A failure from its fields, which are called so.
    pub(super) fn failure(&mut self, error: Option<&Node>, cause: Option<&Node>) -> Failure {
        let mut text = |node: Option<&Node>| {
            let node = node?;
            if node.text().is_none() {
                self.add(&node.span, "a text must stand here");
            }
            node.text().map(str::to_owned)
        };
        Failure { error: text(error), cause: text(cause) }
    }
}

/// Reads the answers by state or Resource; `known` are the states that have tasks.
pub(super) fn read(
    node: &Node,
    test_case: Option<&str>,
    known: &IndexMap<String, String>,
) -> Result<IndexMap<String, Vec<Outcome>>, BadAnswers> {
    let mut mistakes = Mistakes::default();
    if test_case.is_some() {
        let message = "there are no test cases here: only a mock configuration with StateMachines \
                       and MockedResponses has some";
        mistakes.add(&(0..1), message);
    }
    let mut lists = IndexMap::new();
    for member in mistakes.members(node, "the answers") {
        let key = &member.key;
        if !known.contains_key(key) && !known.values().any(|resource| resource == key) {
            let message = format!(
                "no state of the definition with a task is called `{key}`, and none has that Resource"
            );
            mistakes.helped(&member.key_span, message, did_you_mean(key, known));
        }
        let outcomes = match &member.value.json {
            Json::Array(items) if items.is_empty() => {
                mistakes.add(&member.value.span, format!("`{key}` needs at least one outcome"));
                Vec::new()
            }
            Json::Array(items) => items.iter().map(|item| outcome(item, &mut mistakes)).collect(),
            _ => vec![outcome(&member.value, &mut mistakes)],
        };
        lists.insert(key.clone(), outcomes);
    }
    mistakes.or(lists)
}

/// The state or Resource that may be meant.
pub(super) fn did_you_mean(key: &str, known: &IndexMap<String, String>) -> Option<String> {
    let names = known.iter().flat_map(|(state, resource)| [state.as_str(), resource.as_str()]);
    nearest(key, names).map(|near| format!("did you mean `{near}`?"))
}

fn outcome(node: &Node, mistakes: &mut Mistakes) -> Outcome {
    let members = mistakes.members(node, "an outcome");
    let get = |name: &str| members.iter().find(|member| member.key == name).map(|it| &it.value);
    for member in members {
        if !["result", "error", "cause"].contains(&member.key.as_str()) {
            let message = format!("an outcome has no field `{}`", member.key);
            let help = "it is {\"result\": ..} or {\"error\": \"Name\", \"cause\": \"..\"}";
            mistakes.helped(&member.key_span, message, Some(help.to_owned()));
        }
    }
    match (get("result"), get("error").or_else(|| get("cause"))) {
        (Some(result), None) => Ok(result.to_value().into()),
        (None, Some(_)) => Err(mistakes.failure(get("error"), get("cause"))),
        (Some(_), Some(_)) => {
            mistakes.add(&node.span, "an outcome is a result or an error, not both");
            Ok(serde_json::Value::Null.into())
        }
        (None, None) => {
            if matches!(&node.json, Json::Object(members) if members.is_empty()) {
                mistakes.add(&node.span, "an outcome needs `result` or `error`");
            }
            Ok(serde_json::Value::Null.into())
        }
    }
}
