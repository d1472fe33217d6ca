//! Turns of the interpreter by themselves; whole executions are tested on the engine.

use super::*;
use crate::program::{Context, Item, ItemFormat, MapStep, RunItems, RunStep, SourceObjects, Step};
use serde_json::{Value, json};

fn context() -> Context {
    Context {
        execution_arn: "arn:execution".to_owned(),
        execution_name: "e".to_owned(),
        input: json!({ "n": 1 }).into(),
        started: jiff::Timestamp::UNIX_EPOCH,
        role_arn: "role".to_owned(),
        machine_arn: "arn:machine".to_owned(),
        machine_name: "m".to_owned(),
        map_run: None,
    }
}

fn interpreter(states: &Value) -> Interpreter {
    let first = states.as_object().and_then(|states| states.keys().next()).cloned();
    let asl = json!({ "QueryLanguage": "JSONata", "StartAt": first, "States": states });
    let (definition, found) = asl::Definition::parse(&asl.to_string());
    Interpreter::new(definition.unwrap_or_else(|| panic!("{found:?}"))).expect("it compiles")
}

fn turn(program: &Interpreter, vars: &mut Vars, resume: Resume) -> Turn {
    let context = context();
    let scope = Scope {
        context: &context,
        outer: &[],
        frame: 0,
        item: None,
        now: jiff::Timestamp::UNIX_EPOCH,
        wall: jiff::Timestamp::UNIX_EPOCH,
        entered: jiff::Timestamp::UNIX_EPOCH,
        retry_count: 2,
        seed: 1,
    };
    program.resume(&scope, vars, resume)
}

fn enter(state: &str) -> Resume {
    Resume::Enter { state: state.to_owned(), input: Data::default() }
}

#[test]
fn a_turn_enters_64_states_and_then_yields() {
    let program = interpreter(&json!({ "a": { "Type": "Pass", "Next": "a" } }));
    let turn = turn(&program, &mut Vars::new(), enter("a"));
    assert_eq!(turn.passed.len(), 128);
    assert!(matches!(turn.then, Then::Yield { state, .. } if state == "a"));
}

#[test]
fn a_turn_yields_where_a_state_has_made_much_data() {
    let output = "{% [$states.input, $states.input] %}";
    let program = interpreter(&json!({ "a": { "Type": "Pass", "Output": output, "Next": "a" } }));
    let input = Data::from(json!("x".repeat(100_000)));
    let resume = Resume::Enter { state: "a".to_owned(), input };
    let turn = turn(&program, &mut Vars::new(), resume);
    assert_eq!(turn.passed.len(), 4, "200,000 bytes, then 400,000");
    assert!(matches!(turn.then, Then::Yield { state, .. } if state == "a"));
}

#[test]
fn a_failing_state_assigns_nothing_and_the_states_before_it_do() {
    let program = interpreter(&json!({
        "a": { "Type": "Pass", "Assign": { "x": 1 }, "Next": "b" },
        "b": { "Type": "Pass", "Assign": { "x": 2, "y": "{% $missing %}" }, "End": true },
    }));
    let mut vars = Vars::new();
    let turn = turn(&program, &mut vars, enter("a"));
    let Then::EvaluationFailed { location, .. } = turn.then else { panic!("{:?}", turn.then) };
    assert_eq!(location.as_deref(), Some("Assign/y"));
    assert_eq!(vars, Vars::from_iter([("x".to_owned(), json!(1).into())]));
}

#[test]
fn only_states_that_can_be_retried_have_a_retry_count() {
    let count = "{% $states.context.State.RetryCount %}";
    let none = "{% $exists($states.context.State.RetryCount) %}";
    let program = interpreter(&json!({
        "a": { "Type": "Task", "Resource": "r", "Output": count, "Next": "b" },
        "b": { "Type": "Pass", "Output": ["{% $states.input %}", none], "End": true },
    }));
    let input = Data::default();
    let done = Resume::Done { state: "a".to_owned(), input, result: json!(0).into() };
    let turn = turn(&program, &mut Vars::new(), done);
    assert!(matches!(turn.then, Then::Succeeded(output) if *output == json!([2, false])));
}

#[test]
fn a_frame_that_does_not_fit_the_definition_is_a_runtime_error() {
    let program = interpreter(&json!({ "a": { "Type": "Pass", "End": true } }));
    let (state, input) = ("a".to_owned(), Data::default());
    let wrong = [
        enter("nowhere"),
        Resume::Done { state: state.clone(), input: input.clone(), result: Data::default() },
        Resume::Caught { state, input, catcher: 0, failure: Failure::new("E", "") },
    ];
    for resume in wrong {
        let turn = turn(&program, &mut Vars::new(), resume);
        let Then::Failed(failure) = turn.then else { panic!("{:?}", turn.then) };
        assert_eq!(failure.error.as_deref(), Some(names::RUNTIME));
    }
}

#[test]
fn a_map_makes_an_iterations_input_when_it_is_asked_and_only_with_a_selector() {
    let program = interpreter(&json!({ "m": { "Type": "Map", "Items": [1, 2], "End": true,
        "ItemProcessor": { "StartAt": "i", "States": { "i": { "Type": "Succeed" } } } } }));
    let begun = turn(&program, &mut Vars::new(), enter("m"));
    let Then::Step(Step::Map(map)) = begun.then else { panic!("{:?}", begun.then) };
    assert_eq!((map.items.len(), map.selects, map.max_concurrency), (2, false, 0));
    let program = interpreter(&json!({ "m": { "Type": "Map", "Items": [1, 2], "End": true,
        "ItemSelector": { "n": "{% 1 / $states.context.Map.Item.Value %}" },
        "ItemProcessor": { "StartAt": "i", "States": { "i": { "Type": "Succeed" } } } } }));
    let begun = turn(&program, &mut Vars::new(), enter("m"));
    assert!(matches!(begun.then, Then::Step(Step::Map(MapStep { selects: true, .. }))));
    let item = Item { index: 1, value: json!(2).into() };
    let item = Resume::Item { state: "m".to_owned(), input: Data::default(), item };
    let begun = turn(&program, &mut Vars::new(), item);
    assert!(matches!(begun.then, Then::Step(Step::Input(input)) if *input == json!({ "n": 0.5 })));
}

#[test]
fn an_expression_that_does_not_parse_is_refused_with_its_place() {
    let states = json!({ "a": { "Type": "Pass", "Output": { "x": "{% 1 + %}" }, "End": true } });
    let asl = json!({ "QueryLanguage": "JSONata", "StartAt": "a", "States": states });
    let definition = asl::Definition::parse(&asl.to_string()).0.expect("its form is right");
    let refused = Interpreter::new(definition).expect_err("its expression is not");
    assert!(refused.to_string().starts_with("the state `a`, Output: "), "{refused}");
}

fn distributed(more: &Value) -> Value {
    let mut map = json!({ "Type": "Map", "End": true, "ItemProcessor": {
        "ProcessorConfig": { "Mode": "DISTRIBUTED", "ExecutionType": "EXPRESS" },
        "StartAt": "i", "States": { "i": { "Type": "Succeed" } } } });
    map.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    map
}

fn run_of(more: &Value) -> RunStep {
    let program = interpreter(&json!({ "m": distributed(more) }));
    let turn = turn(&program, &mut Vars::new(), enter("m"));
    let Then::Step(Step::Run(run)) = turn.then else { panic!("{:?}", turn.then) };
    *run
}

#[test]
fn a_distributed_map_without_a_label_has_the_same_one_whenever_it_runs() {
    let label = || run_of(&json!({ "Items": [] })).label;
    assert_eq!(label(), label());
    assert_eq!(label().len(), 36);
    assert_eq!(run_of(&json!({ "Items": [], "Label": "L" })).label, "L");
}

#[test]
fn a_reader_says_where_the_items_are_and_how_they_stand_there() {
    let run = run_of(&json!({
        "MaxConcurrency": 4,
        "ItemReader": {
            "Resource": "arn:aws:states:::s3:getObject",
            "ReaderConfig": {
                "InputType": "CSV", "CSVDelimiter": "TAB", "CSVHeaderLocation": "GIVEN",
                "CSVHeaders": ["a"], "MaxItems": 9,
            },
            "Arguments": { "Bucket": "b", "Key": "{% 'k' & 1 %}" },
        },
    }));
    assert_eq!((run.express, run.max_concurrency), (true, 4));
    let RunItems::At(source) = run.items else { panic!("{:?}", run.items) };
    let format = ItemFormat::Csv { delimiter: '\t', headers: Some(vec!["a".to_owned()]) };
    let objects = SourceObjects::Object { key: "k1".to_owned(), format };
    assert_eq!((source.bucket.as_str(), source.objects, source.most), ("b", objects, Some(9)));
}

#[track_caller]
fn check_place(more: &Value, field: &str, why: &str) {
    let program = interpreter(&json!({ "m": distributed(more) }));
    let turn = turn(&program, &mut Vars::new(), enter("m"));
    let then = match turn.then {
        Then::Begun { then, .. } => *then,
        then => then,
    };
    let Then::EvaluationFailed { location, message } = then else { panic!("{then:?}") };
    assert_eq!((location.as_deref(), message.as_str()), (Some(field), why));
}

#[test]
fn a_reader_and_a_writer_name_a_bucket_by_a_text() {
    let reader = |arguments: &Value| {
        let resource = "arn:aws:states:::s3:listObjectsV2";
        json!({ "ItemReader": { "Resource": resource, "Arguments": arguments } })
    };
    let field = "ItemReader/Arguments/Bucket";
    check_place(&reader(&json!({})), field, &format!("The field '{field}' is missing."));
    let why = format!("The field '{field}' must be a string.");
    check_place(&reader(&json!({ "Bucket": 1 })), field, &why);
    let writer = json!({ "Items": [], "ResultWriter": {
        "Resource": "arn:aws:states:::s3:putObject", "Arguments": { "Prefix": "p" } } });
    let field = "ResultWriter/Arguments/Bucket";
    check_place(&writer, field, &format!("The field '{field}' is missing."));
}
