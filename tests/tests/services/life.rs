//! What the example `endpoint-life` leaves behind when a step fails: nothing.

#[allow(dead_code, reason = "the clients here are those of fakes")]
#[path = "../../examples/endpoint-life/steps.rs"]
mod steps;

use sagemaker::operation::create_endpoint::{CreateEndpointInput, CreateEndpointOutput};
use sagemaker::operation::create_endpoint_config::{CreateEndpointConfigInput, CreateEndpointConfigOutput};
use sagemaker::operation::create_model::{CreateModelInput, CreateModelOutput};
use sagemaker::operation::delete_endpoint::{DeleteEndpointInput, DeleteEndpointOutput};
use sagemaker::operation::delete_endpoint_config::{DeleteEndpointConfigInput, DeleteEndpointConfigOutput};
use sagemaker::operation::delete_model::{DeleteModelInput, DeleteModelOutput};
use sagemaker::operation::describe_endpoint::{DescribeEndpointInput, DescribeEndpointOutput};
use sagemaker::test::{Fake, With as _};

use self::steps::{Clients, Plan, live};

const INVALID: &str = "ValidationException";

/// Goes through the life with this SageMaker. Nothing else is called before both endpoints are in service.
async fn failure(sagemaker: &Fake) -> String {
    let clients = Clients {
        sagemaker: sagemaker.client(),
        runtime: sagemaker_runtime::test::Fake::new().client(),
        features: sagemaker_featurestore_runtime::test::Fake::new().client(),
        metrics: sagemaker_metrics::test::Fake::new().client(),
        s3: s3::test::Fake::new().client(),
    };
    let plan = Plan::new(["role", "image", "s3://my-bucket/model.tar.gz", "my-bucket"]);
    live(&clients, &plan).await.unwrap_err().to_string()
}

fn endpoint(status: &'static str) -> DescribeEndpointOutput {
    DescribeEndpointOutput::default().with(|endpoint| {
        endpoint.endpoint_status = status.into();
        endpoint.failure_reason = (status == "Failed").then(|| "out of\nmemory".to_owned());
    })
}

fn targets(sagemaker: &Fake) -> Vec<String> {
    let requests = sagemaker.requests();
    let targets = requests
        .iter()
        .map(|request| request.headers()["x-amz-target"].to_str().unwrap());
    targets
        .map(|target| target.trim_start_matches("SageMaker.").to_owned())
        .collect()
}

/// SageMaker refuses to delete an endpoint that is still being created.
#[tokio::test(start_paused = true)]
async fn an_endpoint_is_deleted_once_it_can_be() {
    let sagemaker = Fake::new();
    sagemaker
        .on::<CreateModelInput>()
        .answer(|_| CreateModelOutput::default());
    sagemaker
        .on::<CreateEndpointConfigInput>()
        .answer(|_| CreateEndpointConfigOutput::default());
    sagemaker
        .on::<CreateEndpointInput>()
        .answer(|_| CreateEndpointOutput::default());
    let is_queue = |input: &DescribeEndpointInput| input.endpoint_name.ends_with("-queue");
    sagemaker
        .on()
        .when(move |input| !is_queue(input))
        .answer(|_| endpoint("Failed"));
    sagemaker
        .on()
        .when(is_queue)
        .answer(|_| endpoint("Creating"))
        .times(3)
        .answer(|_| endpoint("InService"));
    sagemaker
        .on::<DeleteEndpointInput>()
        .answer(|_| DeleteEndpointOutput::default());
    sagemaker
        .on::<DeleteEndpointConfigInput>()
        .answer(|_| DeleteEndpointConfigOutput::default());
    sagemaker
        .on::<DeleteModelInput>()
        .answer(|_| DeleteModelOutput::default());

    let error = failure(&sagemaker).await;
    assert_eq!(
        error,
        "DescribeEndpoint failed: the waiter EndpointInService failed after 1 call: EndpointStatus is Failed: out of memory"
    );
    let targets = targets(&sagemaker);
    let calls: Vec<&str> = targets.iter().map(String::as_str).collect();
    let deleted = [
        &["DescribeEndpoint", "DeleteEndpoint", "DeleteEndpointConfig"][..],
        &["DescribeEndpoint"; 4],
        &["DeleteEndpoint", "DeleteEndpointConfig", "DeleteModel"],
    ];
    assert!(calls.ends_with(&deleted.concat()), "{calls:?}");
}

/// What was not created need not be deleted.
#[tokio::test(start_paused = true)]
async fn what_is_missing_is_no_failure() {
    let sagemaker = Fake::new();
    let role = "Could not assume role role";
    sagemaker.on::<CreateModelInput>().fail_with(400, INVALID, role);
    let missing = "Could not find endpoint \"arn:..\"";
    sagemaker.on::<DescribeEndpointInput>().fail_with(400, INVALID, missing);
    sagemaker.on::<DeleteEndpointInput>().fail_with(400, INVALID, missing);
    let missing = "Could not find endpoint configuration \"arn:..\"";
    sagemaker
        .on::<DeleteEndpointConfigInput>()
        .fail_with(400, INVALID, missing);
    let missing = "Could not find model \"arn:..\"";
    sagemaker.on::<DeleteModelInput>().fail_with(400, INVALID, missing);
    let error = failure(&sagemaker).await;
    assert!(
        error.starts_with("CreateModel failed: ") && error.contains(role),
        "{error}"
    );
    assert!(!error.contains("look for"), "{error}");
}

/// The error at the end names what costs money.
#[tokio::test(start_paused = true)]
async fn what_cannot_be_deleted_is_named() {
    let sagemaker = Fake::new();
    sagemaker
        .on::<CreateModelInput>()
        .fail_with(400, "AccessDeniedException", "no");
    sagemaker
        .on::<DescribeEndpointInput>()
        .answer(|_| endpoint("InService"));
    sagemaker
        .on::<DeleteEndpointInput>()
        .fail_with(400, "AccessDeniedException", "no");
    sagemaker
        .on::<DeleteEndpointConfigInput>()
        .answer(|_| DeleteEndpointConfigOutput::default());
    sagemaker
        .on::<DeleteModelInput>()
        .answer(|_| DeleteModelOutput::default());
    let error = failure(&sagemaker).await;
    assert!(
        error.starts_with("CreateModel failed: AccessDeniedException"),
        "{error}"
    );
    assert!(error.contains("; look for what is left of endpoint-life-"), "{error}");
    assert!(
        error.contains("DeleteEndpoint failed: AccessDeniedException"),
        "{error}"
    );
}
