//! The fields of a state in JSONPath: paths, and payload templates with keys that end in `.$`.

use super::super::{
    Choice, MaybePath, Operand, QueryLanguage, State, Template, WaitUntil, diagnostic::below,
};
use super::{Site, comparisons::each_comparison};
use indexmap::IndexMap;

/// What a field takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// Any path.
    Path,
    /// A path that names one place: of the input, the context object or a variable.
    Reference,
    /// A path into the input, where something is to be put.
    Target,
    /// A path that names one place, or a call of an intrinsic function.
    Computed,
}

/// A text that is a path.
pub(super) struct PathField<'d> {
    /// Its JSON pointer.
    pub(super) at: String,
    pub(super) text: &'d str,
    pub(super) form: Form,
}

/// A template whose keys may end in `.$`.
pub(super) struct Payload<'d> {
    /// Its JSON pointer.
    pub(super) at: String,
    pub(super) template: &'d Template,
    /// What of the context object exists there, beyond what exists everywhere.
    pub(super) sees: Sees,
}

/// Parts of the context object that exist in some places only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Sees {
    /// `$$.Map.Item`.
    pub(super) item: bool,
    /// `$$.Task.Token`.
    pub(super) token: bool,
}

/// Every path of a state in JSONPath.
pub(super) fn paths<'d>(site: Site<'_, 'd>) -> Vec<PathField<'d>> {
    let mut all = PathFields { at: site.at, all: Vec::new() };
    let flow = site.state.flow();
    all.maybe("InputPath", flow.paths.input_path.as_ref(), Form::Path);
    match site.state {
        State::Task(task) => {
            all.add("TimeoutSecondsPath", task.timeout_seconds_path.as_ref(), Form::Reference);
            all.add("HeartbeatSecondsPath", task.heartbeat_seconds_path.as_ref(), Form::Reference);
        }
        State::Choice(choice) => all.choice(choice),
        State::Wait(wait) => match &wait.until {
            WaitUntil::SecondsPath(path) => all.add("SecondsPath", Some(path), Form::Reference),
            WaitUntil::TimestampPath(path) => all.add("TimestampPath", Some(path), Form::Reference),
            WaitUntil::Seconds(_) | WaitUntil::Timestamp(_) => {}
        },
        State::Fail(fail) => {
            all.add("ErrorPath", fail.error_path.as_ref(), Form::Computed);
            all.add("CausePath", fail.cause_path.as_ref(), Form::Computed);
        }
        State::Map(map) => {
            let reader = map.item_reader.as_ref().and_then(|reader| reader.config.as_ref());
            let most = reader.and_then(|config| config.max_items_path.as_ref());
            let batcher = map.item_batcher.as_ref();
            let items = batcher.and_then(|it| it.max_items_per_batch_path.as_ref());
            let bytes = batcher.and_then(|it| it.max_input_bytes_per_batch_path.as_ref());
            for (name, path) in [
                ("ItemsPath", map.items_path.as_ref()),
                ("ItemReader/ReaderConfig/MaxItemsPath", most),
                ("ItemBatcher/MaxItemsPerBatchPath", items),
                ("ItemBatcher/MaxInputBytesPerBatchPath", bytes),
                ("MaxConcurrencyPath", map.max_concurrency_path.as_ref()),
                ("ToleratedFailureCountPath", map.tolerated_failure_count_path.as_ref()),
                ("ToleratedFailurePercentagePath", map.tolerated_failure_percentage_path.as_ref()),
            ] {
                all.add(name, path, Form::Reference);
            }
        }
        State::Pass(_) | State::Succeed(_) | State::Parallel(_) => {}
    }
    all.maybe("ResultPath", flow.paths.result_path.as_ref(), Form::Target);
    all.maybe("OutputPath", flow.paths.output_path.as_ref(), Form::Path);
    for (i, catcher) in site.state.catch().iter().enumerate() {
        all.maybe(&format!("Catch/{i}/ResultPath"), catcher.result_path.as_ref(), Form::Target);
    }
    all.all
}

struct PathFields<'a, 'd> {
    at: &'a str,
    all: Vec<PathField<'d>>,
}

impl<'d> PathFields<'_, 'd> {
    fn add(&mut self, name: &str, path: Option<&'d String>, form: Form) {
        let at = self.at;
        self.all.extend(path.map(|text| PathField { at: format!("{at}/{name}"), text, form }));
    }

    fn maybe(&mut self, name: &str, path: Option<&'d MaybePath>, form: Form) {
        if let Some(MaybePath::Path(text)) = path {
            self.add(name, Some(text), form);
        }
    }

    fn choice(&mut self, choice: &'d Choice) {
        let all = &mut self.all;
        each_comparison(choice, self.at, &mut |comparison, at| {
            let form = Form::Reference;
            all.push(PathField { at: below(at, "Variable"), text: &comparison.variable, form });
            if let Operand::Path(text) = &comparison.operand {
                all.push(PathField { at: below(at, comparison.field()), text, form });
            }
        });
    }
}

/// Every payload template of a state in JSONPath; of an Assign, each variable's value apart.
pub(super) fn payloads<'d>(site: Site<'_, 'd>) -> Vec<Payload<'d>> {
    if site.language == QueryLanguage::Jsonata {
        return Vec::new();
    }
    let mut all = Vec::new();
    let mut add = |name: &str, template: Option<&'d Template>, sees: Sees| {
        let at = format!("{}/{name}", site.at);
        all.extend(template.map(|template| Payload { at, template, sees }));
    };
    let paths = &site.state.flow().paths;
    let item = Sees { item: true, token: false };
    let nothing = Sees::default();
    match site.state {
        State::Task(task) => {
            add("Parameters", paths.parameters.as_ref(), Sees { item: false, token: true });
            add("Credentials", task.credentials.as_ref(), nothing);
        }
        State::Map(map) => {
            add("Parameters", paths.parameters.as_ref(), item);
            add("ItemSelector", map.item_selector.as_ref(), item);
            let reader = map.item_reader.as_ref().and_then(|it| it.parameters.as_ref());
            let batch = map.item_batcher.as_ref().and_then(|it| it.batch_input.as_ref());
            let writer = map.result_writer.as_ref().and_then(|it| it.parameters.as_ref());
            add("ItemReader/Parameters", reader, nothing);
            add("ItemBatcher/BatchInput", batch, nothing);
            add("ResultWriter/Parameters", writer, nothing);
        }
        _ => add("Parameters", paths.parameters.as_ref(), nothing),
    }
    add("ResultSelector", paths.result_selector.as_ref(), nothing);
    all
}

/// Every Assign of a state, with its JSON pointer.
pub(super) fn assigns<'d>(site: Site<'_, 'd>) -> Vec<(String, &'d IndexMap<String, Template>)> {
    let mut all = Vec::new();
    let mut add = |part: &str, assign: &'d Option<IndexMap<String, Template>>| {
        all.extend(assign.iter().map(|assign| (format!("{}{part}/Assign", site.at), assign)));
    };
    add("", &site.state.flow().assign);
    if let State::Choice(choice) = site.state {
        for (i, rule) in choice.choices.iter().enumerate() {
            add(&format!("/Choices/{i}"), &rule.assign);
        }
    }
    for (i, catcher) in site.state.catch().iter().enumerate() {
        add(&format!("/Catch/{i}"), &catcher.assign);
    }
    all
}
