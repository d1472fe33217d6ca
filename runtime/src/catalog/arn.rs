//! The ARNs of local machines and executions: AWS's form, with the account of its examples.

use super::Resource;
use crate::store::{Error, ExecutionId, Store};

const REGION_AND_ACCOUNT: &str = "us-east-1:123456789012";

/// The ARN of a state machine.
pub fn machine_arn(name: &str) -> String {
    format!("arn:aws:states:{REGION_AND_ACCOUNT}:stateMachine:{name}")
}

/// The ARN of an execution.
pub fn execution_arn(machine: &str, name: &str) -> String {
    format!("arn:aws:states:{REGION_AND_ACCOUNT}:execution:{machine}:{name}")
}

/// The ARN of the activity that stands for a task.
pub fn activity_arn(task: &str) -> String {
    format!("arn:aws:states:{REGION_AND_ACCOUNT}:activity:{task}")
}

/// The last part of an ARN: the name of a machine, an activity, an execution.
pub fn name_of(arn: &str) -> &str {
    arn.rsplit(':').next().unwrap_or(arn)
}

/// The execution of this ARN, if it is stored.
pub fn find(store: &dyn Store, execution: &str) -> Result<Option<ExecutionId>, Error> {
    match Resource::parse(execution) {
        Ok(Resource::Execution { machine, name }) => store.find(&machine, &name),
        _ => Ok(None),
    }
}

/// The names of machine and execution in the ARN of an execution.
pub fn machine_of(execution: &str) -> Option<(&str, &str)> {
    let (_, names) = execution.split_once(":execution:")?;
    names.split_once(':')
}

/// The ARN of a machine without the label of a Map Run, which may follow the machine's name.
pub fn unlabelled(machine: &str) -> &str {
    machine.split('/').next().unwrap_or(machine)
}
