//! A definition as a Mermaid flowchart: branches and iterations are boxes, catchers dashed edges.

mod labels;

use crate::asl::{Condition, Definition, State, States, WaitUntil};
use std::fmt::Write as _;

/// Draws a machine.
pub fn flowchart(definition: &Definition) -> String {
    let mut chart = Chart { text: "flowchart TD\n".to_owned(), scopes: 0 };
    chart.scope(&definition.states, 1);
    chart.text
}

/// A flowchart being written. Ids are made of the scope's number and the state's position, since
/// names may hold anything.
struct Chart {
    text: String,
    scopes: usize,
}

impl Chart {
    fn line(&mut self, depth: usize, line: &str) {
        let _ = writeln!(self.text, "{:indent$}{line}", "", indent = depth * 4);
    }

    fn scope(&mut self, scope: &States, depth: usize) {
        let number = self.scopes;
        self.scopes += 1;
        let id = |name: &str| {
            scope.states.get_index_of(name).map(|position| format!("s{number}_{position}"))
        };
        self.line(depth, &format!("begin{number}(( ))"));
        for (name, state) in &scope.states {
            let id = id(name).unwrap_or_default();
            self.node(&id, name, state, depth);
        }
        if scope.states.values().any(ends) {
            self.line(depth, &format!("done{number}((( )))"));
        }
        if let Some(first) = id(&scope.start_at) {
            self.line(depth, &format!("begin{number} --> {first}"));
        }
        for (name, state) in &scope.states {
            let from = id(name).unwrap_or_default();
            for (label, target) in edges(state) {
                if let Some(to) = id(target) {
                    self.line(depth, &format!("{from} -->{}{to}", piped(&label)));
                }
            }
            if ends(state) {
                self.line(depth, &format!("{from} --> done{number}"));
            }
            for catcher in state.catch() {
                if let Some(to) = id(&catcher.next) {
                    let label = piped(&catcher.error_equals.join(", "));
                    self.line(depth, &format!("{from} -.->{label}{to}"));
                }
            }
        }
    }

    fn node(&mut self, id: &str, name: &str, state: &State, depth: usize) {
        let text = quoted(name);
        let branches = state.scopes();
        match state {
            State::Parallel(_) | State::Map(_) => {
                let what = state.kind();
                self.line(
                    depth,
                    &format!("subgraph {id} [{}]", quoted(&format!("{name} ({what})"))),
                );
                for (i, (_, inner)) in branches.iter().enumerate() {
                    let title = if matches!(state, State::Map(_)) {
                        "for each item".to_owned()
                    } else {
                        format!("branch {}", i + 1)
                    };
                    self.line(depth + 1, &format!("subgraph {id}_{i} [{}]", quoted(&title)));
                    self.scope(inner, depth + 2);
                    self.line(depth + 1, "end");
                }
                self.line(depth, "end");
            }
            State::Choice(_) => self.line(depth, &format!("{id}{{{text}}}")),
            State::Wait(wait) => {
                let label = quoted(&format!("{name}: {}", until(&wait.until)));
                self.line(depth, &format!("{id}([{label}])"));
            }
            State::Succeed(_) => self.line(depth, &format!("{id}([{text}])")),
            State::Fail(fail) => {
                let error = fail.error.as_ref().and_then(|error| error.as_str());
                let label = error
                    .map_or_else(|| name.to_owned(), |error| format!("{name}: {}", short(error)));
                self.line(depth, &format!("{id}>{}]", quoted(&label)));
            }
            State::Task(_) => self.line(depth, &format!("{id}[{text}]")),
            State::Pass(_) => self.line(depth, &format!("{id}[/{text}/]")),
        }
    }
}

/// Whether the scope ends well in this state.
fn ends(state: &State) -> bool {
    match state {
        State::Choice(_) | State::Fail(_) => false,
        State::Succeed(_) => true,
        _ => state.flow().next.is_none(),
    }
}

/// The transitions out of a state but those of its catchers, each with its label.
fn edges(state: &State) -> Vec<(String, &str)> {
    match state {
        State::Choice(choice) => {
            let conditions = choice.choices.iter().map(|rule| match &rule.condition {
                Condition::Jsonata(condition) => plain(condition.as_str().unwrap_or("")),
                Condition::Test(test) => test.to_string(),
            });
            let labels = labels::distinct(&conditions.collect::<Vec<_>>());
            let next = choice.choices.iter().map(|rule| rule.next.as_str());
            let rules = labels.into_iter().zip(next);
            let otherwise = choice.default.iter().map(|next| ("else".to_owned(), next.as_str()));
            rules.chain(otherwise).collect()
        }
        _ => {
            let next = state.flow().next.iter();
            next.map(|next| (String::new(), next.as_str())).collect()
        }
    }
}

fn until(until: &WaitUntil) -> String {
    match until {
        WaitUntil::Seconds(seconds) if seconds.is_number() => format!("{seconds} s"),
        WaitUntil::Seconds(text) | WaitUntil::Timestamp(text) => {
            short(text.as_str().unwrap_or_default())
        }
        WaitUntil::SecondsPath(path) => format!("{} s", short(path)),
        WaitUntil::TimestampPath(path) => short(path),
    }
}

/// An expression without its brackets, on one line.
fn plain(text: &str) -> String {
    let inner = text.strip_prefix("{%").and_then(|text| text.strip_suffix("%}")).unwrap_or(text);
    inner.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The same, cut where it gets long.
fn short(text: &str) -> String {
    labels::cut(&plain(text))
}

/// A label on an edge, if there is one.
fn piped(label: &str) -> String {
    if label.is_empty() { " ".to_owned() } else { format!("|{}| ", quoted(label)) }
}

/// Text that Mermaid takes as it is.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => quoted.push_str("#quot;"),
            '#' => quoted.push_str("#35;"),
            '<' => quoted.push_str("#lt;"),
            '>' => quoted.push_str("#gt;"),
            '\n' => quoted.push(' '),
            other => quoted.push(other),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::flowchart;
    use crate::asl::Definition;

    #[test]
    fn branches_are_boxes_and_catchers_are_dashed() {
        let text = include_str!("../tests/order.asl.json");
        let (definition, found) = Definition::check(text);
        assert_eq!(found, []);
        insta::assert_snapshot!(flowchart(&definition.unwrap()), @r#"
        flowchart TD
            begin0(( ))
            s0_0["charge"]
            s0_1{"if_total"}
            s0_2(["wait: 60 s"])
            subgraph s0_3 ["map_reserve (Map)"]
                subgraph s0_3_0 ["for each item"]
                    begin1(( ))
                    s1_0["reserve"]
                    done1((( )))
                    begin1 --> s1_0
                    s1_0 --> done1
                end
            end
            subgraph s0_4 ["join (Parallel)"]
                subgraph s0_4_0 ["branch 1"]
                    begin2(( ))
                    s2_0["label"]
                    done2((( )))
                    begin2 --> s2_0
                    s2_0 --> done2
                end
                subgraph s0_4_1 ["branch 2"]
                    begin3(( ))
                    s3_0(["tell"])
                    done3((( )))
                    begin3 --> s3_0
                    s3_0 --> done3
                end
            end
            s0_5(["give_up"])
            s0_6>"fail: Declined"]
            done0((( )))
            begin0 --> s0_0
            s0_0 --> s0_1
            s0_0 -.->|"CardDeclined"| s0_6
            s0_1 -->|"$receipt.total #gt; 1000 and $receipt.country in ['NO', 'CH', …"| s0_2
            s0_1 -->|"else"| s0_3
            s0_2 --> s0_4
            s0_3 --> s0_4
            s0_4 --> done0
            s0_4 -.->|"States.TaskFailed, States.Timeout"| s0_5
            s0_5 --> done0
        "#);
    }
}
