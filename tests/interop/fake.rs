//! The fake of the service, called by clients that others wrote.

#[path = "../examples/fake-endpoint/rules.rs"]
mod rules;

use sagemaker_runtime::Credentials;
use sagemaker_runtime::test::FakeServer;
use serde_json::{Value, json};

use crate::cases::{Case, Operation};
use crate::difference::Differences;
use crate::other_side::OtherSide;
use crate::report::Report;
use crate::{ACCESS_KEY, Result, SECRET_KEY, client};

/// The errors that an operation has.
fn errors(operation: Operation) -> &'static [&'static str] {
    match operation {
        Operation::InvokeEndpoint => &[
            "InternalDependencyException",
            "InternalFailure",
            "ModelError",
            "ModelNotReadyException",
            "ServiceUnavailable",
            "ValidationError",
        ],
        Operation::InvokeEndpointAsync => &["InternalFailure", "ServiceUnavailable", "ValidationError"],
        Operation::InvokeEndpointWithResponseStream => &[
            "InternalFailure",
            "InternalStreamFailure",
            "ModelError",
            "ModelStreamError",
            "ServiceUnavailable",
            "ValidationError",
        ],
    }
}

/// Compares what both make of the answers of the fake: those of each operation, and every error.
pub(crate) async fn compare(other_side: &mut OtherSide, report: &mut Report) -> Result<()> {
    let keys = Credentials::new(ACCESS_KEY, SECRET_KEY, None, None, "interop");
    let server = FakeServer::listen(rules::endpoints(), 0, keys).await?;
    let url = server.url();
    for operation in [
        Operation::InvokeEndpoint,
        Operation::InvokeEndpointAsync,
        Operation::InvokeEndpointWithResponseStream,
    ] {
        for endpoint in [&["churn"], errors(operation)].concat() {
            let case = case(operation, endpoint)?;
            let theirs = told(other_side.call(&url, &case).await?);
            let ours = told(client::call(&url, &case).await?);
            let mut differences = Differences::default();
            differences.compare_outcomes("output", Some(&theirs), Some(&ours));
            report.add(&case, differences);
        }
    }
    Ok(())
}

fn case(operation: Operation, endpoint: &str) -> Result<Case> {
    let input = match operation {
        Operation::InvokeEndpointAsync => json!({"EndpointName": endpoint, "InputLocation": "s3://bucket/in"}),
        _ => json!({"EndpointName": endpoint, "ContentType": "text/csv", "Body": "1,2"}),
    };
    let case = json!({"operation": operation.to_string(), "name": endpoint, "input": input});
    Ok(serde_json::from_value(case)?)
}

/// What the fake was told to answer: each call has another request id.
fn told(mut outcome: Value) -> Value {
    if let Value::Object(members) = &mut outcome {
        members.remove("ResponseMetadata");
    }
    outcome
}
