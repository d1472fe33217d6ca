//! Which API's answer a Task has as its result.

/// An operation of an AWS service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Api<'a> {
    pub(super) service: String,
    pub(super) operation: String,
    pub(super) spelling: Spelling,
    /// Fields in which the integration gives JSON where the API gives a text.
    pub(super) as_json: &'a [&'a str],
}

/// How the names of fields are spelt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Spelling {
    /// As in the API, with a capital in front: optimised integrations.
    Own,
    /// As in the AWS SDK for Java: integrations of `aws-sdk`.
    Sdk,
}

/// What is asked until a job has ended: its answer is the result of the `.sync` pattern.
const POLLS: &[(&str, &str, &str)] = &[
    ("athena", "startQueryExecution", "getQueryExecution"),
    ("batch", "submitJob", "describeJobs"),
    ("codebuild", "startBuild", "batchGetBuilds"),
    ("codebuild", "startBuildBatch", "batchGetBuildBatches"),
    ("databrew", "startJobRun", "describeJobRun"),
    ("ecs", "runTask", "describeTasks"),
    ("eks", "createCluster", "describeCluster"),
    ("eks", "createNodegroup", "describeNodegroup"),
    ("elasticmapreduce", "addStep", "describeStep"),
    ("elasticmapreduce", "createCluster", "describeCluster"),
    ("elasticmapreduce", "terminateCluster", "describeCluster"),
    ("emr-containers", "createVirtualCluster", "describeVirtualCluster"),
    ("emr-containers", "deleteVirtualCluster", "describeVirtualCluster"),
    ("emr-containers", "startJobRun", "describeJobRun"),
    ("emr-serverless", "createApplication", "getApplication"),
    ("emr-serverless", "startApplication", "getApplication"),
    ("emr-serverless", "startJobRun", "getJobRun"),
    ("emr-serverless", "stopApplication", "getApplication"),
    ("glue", "startJobRun", "getJobRun"),
    ("sagemaker", "createHyperParameterTuningJob", "describeHyperParameterTuningJob"),
    ("sagemaker", "createLabelingJob", "describeLabelingJob"),
    ("sagemaker", "createProcessingJob", "describeProcessingJob"),
    ("sagemaker", "createTrainingJob", "describeTrainingJob"),
    ("sagemaker", "createTransformJob", "describeTransformJob"),
    ("states", "startExecution", "describeExecution"),
];

/// Integrations that do more than an API: their result is their own.
const NO_API: &[(&str, &str)] = &[("apigateway", "invoke"), ("eks", "call"), ("http", "invoke")];

impl Api<'_> {
    pub(super) fn of_resource(resource: &str) -> Option<Self> {
        let parts: Vec<&str> = resource.split(':').collect();
        let (integration, spelling) = match parts.as_slice() {
            ["arn", _, "states", _, _, "aws-sdk", rest @ ..] => (rest, Spelling::Sdk),
            ["arn", _, "states", _, _, rest @ ..] => (rest, Spelling::Own),
            _ => return None,
        };
        let (service, action, version) = match integration {
            [service, action] => (*service, *action, None),
            [service, action, version] => (*service, *action, Some(*version)),
            _ => return None,
        };
        if NO_API.contains(&(service, action)) {
            return None;
        }
        let (action, as_json): (&str, &[&str]) = match (action.split_once('.'), version) {
            (None, None) if (service, spelling) == ("lambda", Spelling::Own) => {
                (action, &["Payload"])
            }
            (None, None) => (action, &[]),
            (Some((action, "sync")), version) => {
                let job =
                    |(of, starts, _): &&(&str, &str, &str)| (*of, *starts) == (service, action);
                let (_, _, polls) = POLLS.iter().find(job)?;
                // The second version gives input and output of an execution as JSON.
                let executions = service == "states" && version == Some("2");
                (polls, if executions { &["Input", "Output"] } else { &[] })
            }
            // What is sent back for a token is anyone's.
            _ => return None,
        };
        Some(Self { service: service.to_owned(), operation: action.to_owned(), spelling, as_json })
    }
}
