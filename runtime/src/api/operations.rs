//! The operations by name.

use super::{Fault, Fields, execution, history, machine, map_run, task, test_state, version};
use crate::service::Engine;
use futures_util::future::BoxFuture;
use serde_json::Value;

/// Answers a request.
pub(super) type Operation = fn(Engine, Fields) -> BoxFuture<'static, Result<Value, Fault>>;

macro_rules! operations {
    ($($name:literal => $answer:path,)*) => {
        &[$(($name, |engine, fields| Box::pin(async move { $answer(&engine, fields).await })),)*]
    };
}

/// What is answered.
const OPERATIONS: &[(&str, Operation)] = operations! {
    "CreateStateMachine" => machine::create,
    "DeleteStateMachine" => machine::delete,
    "DeleteStateMachineVersion" => version::delete,
    "DescribeExecution" => execution::describe,
    "DescribeMapRun" => map_run::describe,
    "DescribeStateMachine" => machine::describe,
    "DescribeStateMachineForExecution" => machine::describe_for_execution,
    "GetExecutionHistory" => history::get,
    "ListExecutions" => execution::list,
    "ListMapRuns" => map_run::list,
    "ListStateMachines" => machine::list,
    "ListStateMachineVersions" => version::list,
    "PublishStateMachineVersion" => version::publish,
    "SendTaskFailure" => task::fail,
    "SendTaskHeartbeat" => task::beat,
    "SendTaskSuccess" => task::succeed,
    "StartExecution" => execution::start,
    "StartSyncExecution" => execution::start_sync,
    "StopExecution" => execution::stop,
    "TestState" => test_state::test,
    "UpdateStateMachine" => machine::update,
    "ValidateStateMachineDefinition" => machine::validate,
};

/// What AWS answers and this server does not.
const MISSING: &[&str] = &[
    "CreateActivity",
    "CreateStateMachineAlias",
    "DeleteActivity",
    "DeleteStateMachineAlias",
    "DescribeActivity",
    "DescribeStateMachineAlias",
    "GetActivityTask",
    "ListActivities",
    "ListStateMachineAliases",
    "ListTagsForResource",
    "RedriveExecution",
    "TagResource",
    "UntagResource",
    "UpdateMapRun",
    "UpdateStateMachineAlias",
];

/// Finds an operation.
pub(super) fn find(name: &str) -> Result<Operation, Fault> {
    if let Some((_, operation)) = OPERATIONS.iter().find(|(known, _)| *known == name) {
        return Ok(*operation);
    }
    Err(Fault::unknown_operation(if MISSING.contains(&name) {
        format!("{name} is not answered by this version of stepwright")
    } else {
        format!("Step Functions has no operation {name}")
    }))
}

#[cfg(test)]
mod tests {
    use super::{MISSING, OPERATIONS};

    #[test]
    fn all_37_operations_are_known_by_name() {
        let mut names: Vec<_> = OPERATIONS.iter().map(|(name, _)| *name).collect();
        names.extend(MISSING);
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), 37);
    }
}
