//! The services that a Task can call by name: their actions, the ways of calling them, and the
//! arguments without which AWS refuses the definition.

use crate::asl::Pattern;

/// A service.
pub(super) struct Integration {
    service: &'static str,
    pub(super) actions: &'static [&'static str],
    /// Whether some action of it can be waited for with `.sync`.
    job: bool,
    /// Whether some action of it can be waited for with `.waitForTaskToken`.
    token: bool,
}

const fn service(
    service: &'static str,
    actions: &'static [&'static str],
    (job, token): (bool, bool),
) -> Integration {
    Integration { service, actions, job, token }
}

const REQUESTS: (bool, bool) = (false, false);
const TOKENS: (bool, bool) = (false, true);
const JOBS: (bool, bool) = (true, false);
const BOTH: (bool, bool) = (true, true);

const INTEGRATIONS: &[Integration] = &[
    service("apigateway", &["invoke"], TOKENS),
    service(
        "athena",
        &["startQueryExecution", "stopQueryExecution", "getQueryExecution", "getQueryResults"],
        JOBS,
    ),
    service("batch", &["submitJob"], JOBS),
    service("bedrock", &["invokeModel", "createModelCustomizationJob"], BOTH),
    service(
        "codebuild",
        &[
            "startBuild",
            "stopBuild",
            "batchDeleteBuilds",
            "batchGetReports",
            "startBuildBatch",
            "stopBuildBatch",
            "retryBuildBatch",
            "deleteBuildBatch",
        ],
        JOBS,
    ),
    service("databrew", &["startJobRun"], JOBS),
    service("dynamodb", &["getItem", "putItem", "updateItem", "deleteItem"], REQUESTS),
    service("ecs", &["runTask"], BOTH),
    service(
        "eks",
        &[
            "call",
            "runJob",
            "createCluster",
            "deleteCluster",
            "createFargateProfile",
            "deleteFargateProfile",
            "createNodegroup",
            "deleteNodegroup",
        ],
        BOTH,
    ),
    service(
        "elasticmapreduce",
        &[
            "createCluster",
            "setClusterTerminationProtection",
            "terminateCluster",
            "addStep",
            "cancelStep",
            "modifyInstanceFleetByName",
            "modifyInstanceGroupByName",
        ],
        JOBS,
    ),
    service(
        "emr-containers",
        &["createVirtualCluster", "deleteVirtualCluster", "startJobRun"],
        JOBS,
    ),
    service(
        "emr-serverless",
        &[
            "createApplication",
            "startApplication",
            "stopApplication",
            "deleteApplication",
            "startJobRun",
            "cancelJobRun",
        ],
        JOBS,
    ),
    service("events", &["putEvents"], TOKENS),
    service("glue", &["startJobRun"], JOBS),
    service("http", &["invoke"], REQUESTS),
    service("lambda", &["invoke"], TOKENS),
    service("mediaconvert", &["createJob"], JOBS),
    service(
        "sagemaker",
        &[
            "createEndpoint",
            "createEndpointConfig",
            "createHyperParameterTuningJob",
            "createLabelingJob",
            "createModel",
            "createProcessingJob",
            "createTrainingJob",
            "createTransformJob",
            "updateEndpoint",
        ],
        JOBS,
    ),
    service("sns", &["publish"], TOKENS),
    service("sqs", &["sendMessage"], TOKENS),
    service("states", &["startExecution"], BOTH),
];

/// Arguments that AWS asks for when a machine is made.
const NEEDED: &[(&str, &str, &[&str])] = &[
    ("dynamodb", "getItem", &["TableName", "Key"]),
    ("dynamodb", "putItem", &["TableName", "Item"]),
    ("ecs", "runTask", &["TaskDefinition"]),
    ("events", "putEvents", &["Entries"]),
    ("glue", "startJobRun", &["JobName"]),
    ("lambda", "invoke", &["FunctionName"]),
    ("sns", "publish", &["Message"]),
    ("sqs", "sendMessage", &["QueueUrl", "MessageBody"]),
    ("states", "startExecution", &["StateMachineArn"]),
];

/// The service of that name.
pub(super) fn find(service: &str) -> Option<&'static Integration> {
    INTEGRATIONS.iter().find(|known| known.service == service)
}

/// The names of all services.
pub(super) fn services() -> impl Iterator<Item = &'static str> {
    INTEGRATIONS.iter().map(|known| known.service)
}

/// Whether a service can be called in that way. One that is not known may offer anything.
pub(super) fn offers(service: &str, pattern: Pattern) -> bool {
    if service.starts_with("aws-sdk:") {
        return !matches!(pattern, Pattern::Job { .. });
    }
    find(service).is_none_or(|known| match pattern {
        Pattern::Request => true,
        Pattern::Job { second } => known.job && (!second || service == "states"),
        Pattern::Token => known.token,
    })
}

/// The arguments without which a call is refused.
pub(super) fn needs(service: &str, action: &str) -> &'static [&'static str] {
    let known = NEEDED.iter().find(|(s, a, _)| (*s, *a) == (service, action));
    known.map_or(&[], |(_, _, needed)| needed)
}
