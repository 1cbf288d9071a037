//! What the endpoints answer.

use sagemaker_runtime::ServiceError;
use sagemaker_runtime::operation::invoke_endpoint::{InvokeEndpointInput, InvokeEndpointOutput};
use sagemaker_runtime::operation::invoke_endpoint_async::{InvokeEndpointAsyncInput, InvokeEndpointAsyncOutput};
use sagemaker_runtime::operation::invoke_endpoint_with_response_stream::InvokeEndpointWithResponseStreamInput;
use sagemaker_runtime::test::{Fake, With};
use sagemaker_runtime::types::error::*;

/// The rules of all endpoints.
pub(crate) fn endpoints() -> Fake {
    let fake = Fake::new();
    fake.allow_unused();
    for error in errors() {
        let code = error.code();
        fake.on::<InvokeEndpointInput>()
            .when(move |input| input.endpoint_name == code)
            .fail(error.clone());
        fake.on::<InvokeEndpointAsyncInput>()
            .when(move |input| input.endpoint_name == code)
            .fail(error.clone());
        let rule = fake
            .on::<InvokeEndpointWithResponseStreamInput>()
            .when(move |input| input.endpoint_name == code);
        match &error {
            ServiceError::InternalStreamFailure(_) | ServiceError::ModelStreamError(_) => {
                rule.events(["one", "two"]).then_fail(error);
            }
            _ => {
                rule.fail(error);
            }
        }
    }
    fake.on::<InvokeEndpointInput>().answer(|input| {
        let content_type = input.content_type.clone();
        InvokeEndpointOutput::of(format!("{input:?}")).with(|output| output.content_type = content_type)
    });
    fake.on::<InvokeEndpointAsyncInput>().answer(|input| {
        InvokeEndpointAsyncOutput::default().with(|output| {
            output.output_location = input.input_location.map(|location| format!("{location}.out"));
            output.inference_id = input.inference_id;
        })
    });
    fake.on::<InvokeEndpointWithResponseStreamInput>()
        .events(["one", "two", "three"]);
    fake
}

/// Every error of the service, with its members.
fn errors() -> Vec<ServiceError> {
    let message = || Some("as it was asked for".to_owned());
    let model_error = ModelError::default().with(|error| {
        error.message = message();
        error.original_status_code = Some(500);
        error.original_message = Some("expected 4 columns, got 3".to_owned());
        error.log_stream_arn = Some("arn:aws:logs:us-east-1:1:churn".to_owned());
    });
    let stream_error = ModelStreamError::default().with(|error| {
        error.message = message();
        error.error_code = Some("StreamBroken".to_owned());
    });
    vec![
        InternalDependencyException::default()
            .with(|error| error.message = message())
            .into(),
        InternalFailure::default()
            .with(|error| error.message = message())
            .into(),
        InternalStreamFailure::default()
            .with(|error| error.message = message())
            .into(),
        ModelNotReadyException::default()
            .with(|error| error.message = message())
            .into(),
        ServiceUnavailable::default()
            .with(|error| error.message = message())
            .into(),
        ValidationError::default()
            .with(|error| error.message = message())
            .into(),
        model_error.into(),
        stream_error.into(),
    ]
}
