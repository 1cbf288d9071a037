//! Stand-ins for SageMaker, its runtime, its feature store, its metrics and S3, on one port.

use tests::frame;
use tests::server::{Recorded, Reply, Server};

pub(crate) async fn start() -> Server {
    Server::start(answer).await
}

fn answer(request: &Recorded) -> Reply {
    let reply = |status| Reply::new(status).header("x-amzn-RequestId", "7d1c0a52");
    if let Some(operation) = request.header("x-amz-target") {
        return reply(200).body(manage(operation));
    }
    let path = request.target.split('?').next().unwrap_or_default();
    match (request.method.as_str(), path.rsplit('/').next().unwrap_or_default()) {
        (_, "invocations") => reply(200).body("0.8317"),
        (_, "invocations-response-stream") => reply(200).header("Content-Type", frame::MEDIA_TYPE).chunks(
            ["0.83", "17"]
                .map(|part| frame::event("PayloadPart", part.as_bytes()).into())
                .into(),
        ),
        (_, "async-invocations") => reply(202)
            .header("X-Amzn-SageMaker-OutputLocation", "s3://my-bucket/results/42.out")
            .header("X-Amzn-SageMaker-FailureLocation", "s3://my-bucket/failures/42.out")
            .body(r#"{"InferenceId":"42"}"#),
        ("GET", "42.out") => reply(200).body("0.8317"),
        (_, "BatchPutMetrics") => reply(200).body("{}"),
        // A record, or an object.
        _ => reply(200),
    }
}

/// What SageMaker answers. Endpoints come up at once.
fn manage(operation: &str) -> &'static str {
    match operation.rsplit('.').next().unwrap_or_default() {
        "CreateModel" => r#"{"ModelArn":"arn:aws:sagemaker:us-east-1:123456789012:model/churn"}"#,
        "CreateEndpointConfig" => {
            r#"{"EndpointConfigArn":"arn:aws:sagemaker:us-east-1:123456789012:endpoint-config/churn"}"#
        }
        "DescribeEndpoint" => r#"{"EndpointName":"churn","EndpointStatus":"InService"}"#,
        operation if operation.ends_with("Endpoint") || operation.ends_with("Capacities") => {
            r#"{"EndpointArn":"arn:aws:sagemaker:us-east-1:123456789012:endpoint/churn"}"#
        }
        _ => "{}",
    }
}
