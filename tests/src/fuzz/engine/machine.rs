//! Random machines: every kind of state, scopes in scopes, retriers and catchers, loops.

use super::data::{self, Sees, condition, expression, jsonata, path, payload, place, test};
use crate::random::Random;
use serde_json::{Map, Value, json};

const PREFIX: &str = "arn:aws:states:us-east-1:123456789012";

/// Writes a machine.
struct Writer<'r> {
    random: &'r mut Random,
    /// Whether states are in JSONata mode where they do not say.
    jsonata: bool,
    states: usize,
    /// Variables that have been assigned, of the scopes around too.
    variables: Vec<String>,
}

/// A state that is being written.
struct State {
    fields: Map<String, Value>,
    jsonata: bool,
    /// States that it may lead to.
    scope: Vec<String>,
    /// The one behind it, if it is not the last.
    following: Option<String>,
    /// The variable that its scope assigns.
    variable: String,
}

/// A machine.
pub(super) fn machine(random: &mut Random) -> Value {
    let jsonata = random.one_in(2);
    let mut writer = Writer { random, jsonata, states: 0, variables: Vec::new() };
    let mut machine = writer.scope(2);
    if let Some(machine) = machine.as_object_mut() {
        let language = if jsonata { "JSONata" } else { "JSONPath" };
        machine.insert("QueryLanguage".to_owned(), language.into());
        if writer.random.one_in(6) {
            machine.insert("TimeoutSeconds".to_owned(), (5 + writer.random.below(60)).into());
        }
    }
    machine
}

impl Writer<'_> {
    /// States that lead to each other, with scopes nested so deep at most.
    fn scope(&mut self, depth: usize) -> Value {
        let outer = self.variables.len();
        let count = 1 + self.random.below(5);
        let names: Vec<_> = (0..count).map(|at| format!("s{}", self.states + at)).collect();
        let variable = format!("v{}", self.states);
        self.states += count;
        let mut states = Map::new();
        for (at, name) in names.iter().enumerate() {
            let mut state = State {
                fields: Map::new(),
                jsonata: self.jsonata || self.random.one_in(6),
                scope: names.clone(),
                following: names.get(at + 1).cloned(),
                variable: variable.clone(),
            };
            if state.jsonata && !self.jsonata {
                state.put("QueryLanguage", "JSONata");
            }
            if at == 0 && self.random.one_in(2) {
                state.put("Type", "Pass");
                let value = if self.random.one_in(2) { json!(0) } else { json!("text") };
                state.put("Assign", json!({&variable: value}));
                self.next(&mut state);
                self.variables.push(variable.clone());
            } else {
                self.state(&mut state, depth);
            }
            states.insert(name.clone(), Value::Object(state.fields));
        }
        self.variables.truncate(outer);
        json!({"StartAt": names.first(), "States": states})
    }

    fn state(&mut self, state: &mut State, depth: usize) {
        let kinds = if depth == 0 { 10 } else { 15 };
        match self.random.below(kinds) {
            0..=3 => self.task(state),
            4 | 5 => self.pass(state),
            6 | 7 if state.following.is_some() => self.choice(state),
            8 => self.wait(state),
            9 if self.random.one_in(2) => self.fail(state),
            9 => self.succeed(state),
            10..=12 => self.parallel(state, depth - 1),
            13.. => self.map(state, depth - 1),
            _ => self.pass(state),
        }
    }

    fn next(&mut self, state: &mut State) {
        let anywhere = self.random.one_of(&state.scope).cloned();
        match (state.following.clone(), anywhere) {
            (Some(_), Some(name)) if self.random.one_in(8) => state.put("Next", name),
            (Some(name), _) if !self.random.one_in(12) => state.put("Next", name),
            _ => state.put("End", true),
        }
    }

    fn somewhere(&mut self, state: &State) -> String {
        self.random.one_of(&state.scope).cloned().unwrap_or_default()
    }

    /// What a state makes of its data.
    fn data(&mut self, state: &mut State, sees: Sees) {
        let is_new = !self.variables.contains(&state.variable);
        if self.random.one_in(4) && !is_new {
            let value = self.value(state, sees);
            let name = state.variable.clone();
            match (state.jsonata, value) {
                (false, Value::String(path)) => {
                    state.put("Assign", json!({format!("{name}.$"): path}));
                }
                (_, value) => state.put("Assign", json!({name: value})),
            }
        }
        if state.jsonata {
            if self.random.one_in(3) {
                let output = jsonata(self.random, sees, &self.variables);
                state.put("Output", output);
            }
            return;
        }
        self.input_paths(state);
        if self.random.one_in(6) {
            let output = path(self.random, &self.variables);
            state.put("OutputPath", output);
        }
    }

    fn input_paths(&mut self, state: &mut State) {
        if self.random.one_in(8) {
            let input = path(self.random, &self.variables);
            state.put("InputPath", input);
        }
    }

    fn value(&mut self, state: &State, sees: Sees) -> Value {
        if state.jsonata {
            expression(self.random, sees, &self.variables).into()
        } else {
            path(self.random, &self.variables).into()
        }
    }

    /// What a state in JSONPath mode makes of a result.
    fn result(&mut self, state: &mut State) {
        if state.jsonata {
            return;
        }
        if self.random.one_in(2) {
            let place = place(self.random);
            state.put("ResultPath", place);
        }
    }

    /// What a task or branches get, and what becomes of what they give.
    fn step(&mut self, state: &mut State) {
        self.data(state, Sees::Result);
        self.result(state);
        if !state.jsonata && self.random.one_in(5) {
            let selector = payload(self.random, &self.variables);
            state.put("ResultSelector", selector);
        }
        if self.random.one_in(3) {
            let retriers: Vec<_> = (0..=self.random.below(2)).map(|_| self.retrier()).collect();
            state.put("Retry", retriers);
        }
        if self.random.one_in(3) {
            let catchers: Vec<_> =
                (0..=self.random.below(2)).map(|_| self.catcher(state)).collect();
            state.put("Catch", catchers);
        }
        self.next(state);
    }

    fn errors(&mut self) -> Value {
        match self.random.below(8) {
            0 => json!(["A"]),
            1 => json!(["B", "States.Timeout"]),
            2 => json!(["States.TaskFailed"]),
            3 => json!(["States.HeartbeatTimeout", "Stepwright.TaskLost"]),
            4 => json!(["States.QueryEvaluationError", "States.ResultPathMatchFailure"]),
            5 => json!(["States.DataLimitExceeded"]),
            _ => json!(["States.ALL"]),
        }
    }

    fn retrier(&mut self) -> Value {
        let mut retrier =
            json!({"ErrorEquals": self.errors(), "MaxAttempts": self.random.below(4)});
        let more = match self.random.below(4) {
            0 => json!({"IntervalSeconds": 1 + self.random.below(9), "BackoffRate": 1.5}),
            1 => json!({"JitterStrategy": "FULL", "MaxDelaySeconds": 9, "IntervalSeconds": 4}),
            2 => json!({"MaxAttempts": 99_999_999, "BackoffRate": 999.5}),
            _ => json!({}),
        };
        if let (Value::Object(retrier), Value::Object(more)) = (&mut retrier, more) {
            retrier.extend(more);
        }
        retrier
    }

    fn catcher(&mut self, state: &State) -> Value {
        let mut catcher = json!({"ErrorEquals": self.errors(), "Next": self.somewhere(state)});
        let Some(fields) = catcher.as_object_mut() else { return catcher };
        if state.jsonata && self.random.one_in(2) {
            let output = jsonata(self.random, Sees::Error, &self.variables);
            fields.insert("Output".to_owned(), output);
        }
        if !state.jsonata && self.random.one_in(2) {
            fields.insert("ResultPath".to_owned(), place(self.random));
        }
        catcher
    }

    fn task(&mut self, state: &mut State) {
        state.put("Type", "Task");
        let resource = match self.random.below(20) {
            0..=7 => format!("{PREFIX}:activity:here"),
            8..=14 => format!("{PREFIX}:activity:remote"),
            15 => format!("{PREFIX}:activity:absent"),
            16 | 17 => "arn:aws:states:::states:startExecution.sync:2".to_owned(),
            18 => "arn:aws:states:::states:startExecution.sync".to_owned(),
            _ => "arn:aws:states:::lambda:invoke".to_owned(),
        };
        let arguments = if resource.contains("startExecution") {
            Some(
                json!({"StateMachineArn": format!("{PREFIX}:stateMachine:child"), "Input": {"a": 1}}),
            )
        } else if resource.contains("lambda") {
            Some(json!({"FunctionName": "f"}))
        } else {
            self.random.one_in(3).then(|| self.arguments(state))
        };
        state.put("Resource", resource);
        if let Some(arguments) = arguments {
            state.put(if state.jsonata { "Arguments" } else { "Parameters" }, arguments);
        }
        if self.random.one_in(3) {
            match (state.jsonata, self.random.one_in(3)) {
                (true, true) => state.put("TimeoutSeconds", "{% $states.input.s + 11 %}"),
                (false, true) => state.put("TimeoutSecondsPath", "$.s"),
                (_, false) => state.put("TimeoutSeconds", 10 + self.random.below(30)),
            }
            if !state.fields.contains_key("TimeoutSecondsPath") && self.random.one_in(2) {
                state.put("HeartbeatSeconds", 1 + self.random.below(9));
            }
        }
        self.step(state);
    }

    fn arguments(&mut self, state: &State) -> Value {
        if state.jsonata {
            jsonata(self.random, Sees::Input, &self.variables)
        } else {
            payload(self.random, &self.variables)
        }
    }

    fn pass(&mut self, state: &mut State) {
        state.put("Type", "Pass");
        self.data(state, Sees::Input);
        self.result(state);
        if !state.jsonata {
            match self.random.below(4) {
                0 => state.put("Result", json!({"a": 1, "items": [1, 2, 3]})),
                1 => {
                    let parameters = payload(self.random, &self.variables);
                    state.put("Parameters", parameters);
                }
                _ => {}
            }
        }
        self.next(state);
    }

    fn choice(&mut self, state: &mut State) {
        state.put("Type", "Choice");
        self.data(state, Sees::Input);
        let rules: Vec<_> = (0..=self.random.below(3)).map(|_| self.rule(state)).collect();
        state.put("Choices", rules);
        if !self.random.one_in(5) {
            let default = state.following.clone();
            state.put("Default", default);
        }
    }

    fn rule(&mut self, state: &State) -> Value {
        let next = self.somewhere(state);
        let mut rule = if state.jsonata {
            json!({"Condition": condition(self.random, &self.variables)})
        } else {
            test(self.random, &self.variables, 2)
        };
        if let Some(rule) = rule.as_object_mut() {
            rule.insert("Next".to_owned(), next.into());
            if state.jsonata && self.variables.contains(&state.variable) && self.random.one_in(2) {
                let value = expression(self.random, Sees::Input, &self.variables);
                rule.insert("Assign".to_owned(), json!({&state.variable: value}));
            }
        }
        rule
    }

    fn wait(&mut self, state: &mut State) {
        state.put("Type", "Wait");
        self.data(state, Sees::Input);
        match (state.jsonata, self.random.below(4)) {
            (true, 0) => state.put("Seconds", "{% $states.input.s %}"),
            (true, 1) => state.put("Timestamp", "{% $states.input.at %}"),
            (false, 0) => state.put("SecondsPath", "$.s"),
            (false, 1) => state.put("TimestampPath", "$.at"),
            (_, 2) => state.put("Timestamp", data::time(self.random)),
            _ => state.put("Seconds", self.random.below(20)),
        }
        self.next(state);
    }

    fn succeed(&mut self, state: &mut State) {
        state.put("Type", "Succeed");
        if state.jsonata {
            self.data(state, Sees::Input);
            state.fields.shift_remove("Assign");
        } else {
            self.input_paths(state);
        }
    }

    fn fail(&mut self, state: &mut State) {
        state.put("Type", "Fail");
        if self.random.one_in(2) {
            state.put("Error", self.random.pick(&["A", "B", "States.Timeout"]));
        }
        match (state.jsonata, self.random.below(4)) {
            (true, 0) => state.put("Cause", "{% $states.input.b %}"),
            (false, 0) => state.put("CausePath", "$.b"),
            (false, 1) => state.put("CausePath", "States.Format('{}', $.b)"),
            _ => {}
        }
    }

    fn parallel(&mut self, state: &mut State, depth: usize) {
        state.put("Type", "Parallel");
        let branches: Vec<_> = (0..=self.random.below(3)).map(|_| self.scope(depth)).collect();
        state.put("Branches", branches);
        if self.random.one_in(3) {
            let arguments = self.arguments(state);
            state.put(if state.jsonata { "Arguments" } else { "Parameters" }, arguments);
        }
        self.step(state);
    }

    fn map(&mut self, state: &mut State, depth: usize) {
        state.put("Type", "Map");
        match (state.jsonata, self.random.below(3)) {
            (true, 0) => state.put("Items", "{% $states.input.items %}"),
            (true, _) => state.put("Items", json!([1, {"a": 2, "items": []}, "x"])),
            (false, _) => state.put("ItemsPath", "$.items"),
        }
        if self.random.one_in(3) {
            let selector = if state.jsonata {
                json!({"a": "{% $states.context.Map.Item.Value %}", "items": [1]})
            } else {
                json!({"a.$": "$$.Map.Item.Value", "i.$": "$$.Map.Item.Index", "items": [1]})
            };
            state.put("ItemSelector", selector);
        }
        match (state.jsonata, self.random.below(4)) {
            (_, 0) => state.put("MaxConcurrency", self.random.below(4)),
            (true, 1) => state.put("MaxConcurrency", "{% $states.input.s %}"),
            (false, 1) => state.put("MaxConcurrencyPath", "$.s"),
            _ => {}
        }
        let processor = self.scope(depth);
        let name =
            if state.jsonata || self.random.one_in(2) { "ItemProcessor" } else { "Iterator" };
        state.put(name, processor);
        self.step(state);
    }
}

impl State {
    fn put(&mut self, name: &str, value: impl Into<Value>) {
        self.fields.insert(name.to_owned(), value.into());
    }
}
