//! This side: typed calls with the generated client, whose outcomes are written as boto3 writes its own.

use sagemaker_runtime::operation::invoke_endpoint::InvokeEndpointOutput;
use sagemaker_runtime::operation::invoke_endpoint_async::InvokeEndpointAsyncOutput;
use sagemaker_runtime::operation::invoke_endpoint_with_response_stream::InvokeEndpointWithResponseStreamOutput;
use sagemaker_runtime::types::ResponseStream;
use sagemaker_runtime::{Client, Credentials, Error, ResponseMetadata, Retries, ServiceError};
use serde_json::{Map, Value, json};

use crate::cases::{Case, Input, Operation, Payload};
use crate::{ACCESS_KEY, REGION, Result, SECRET_KEY};

/// Makes a call. It fails only where the case is no input at all; every other failure is an outcome.
pub(crate) async fn call(url: &str, case: &Case) -> Result<Value> {
    let credentials = Credentials::new(ACCESS_KEY, SECRET_KEY, case.session_token.clone(), None, "interop");
    let client = Client::builder()
        .region(REGION)
        .credentials(credentials)
        .endpoint_url(url)
        .retries(Retries::none())
        .build()?;
    let outcome = match case.operation {
        Operation::InvokeEndpoint => describe(invoke_endpoint(&client, &case.input)?.await).await,
        Operation::InvokeEndpointAsync => invoke_endpoint_async(&client, &case.input)?.await.map(describe_async),
        Operation::InvokeEndpointWithResponseStream => {
            describe_stream(invoke_endpoint_with_response_stream(&client, &case.input)?.await).await
        }
    };
    Ok(outcome.unwrap_or_else(|error| describe_error(&error)))
}

fn invoke_endpoint(
    client: &Client,
    input: &Input,
) -> Result<impl Future<Output = Result<InvokeEndpointOutput, Error>> + use<>> {
    let Some(Payload(body)) = &input.body else {
        return Err("InvokeEndpoint needs a Body".into());
    };
    let mut call = client
        .invoke_endpoint()
        .endpoint_name(&input.endpoint_name)
        .body(body.clone());
    for (member, value) in &input.others {
        call = match member.as_str() {
            "Accept" => call.accept(text(value)?),
            "ContentType" => call.content_type(text(value)?),
            "CustomAttributes" => call.custom_attributes(text(value)?),
            "EnableExplanations" => call.enable_explanations(text(value)?),
            "InferenceComponentName" => call.inference_component_name(text(value)?),
            "InferenceId" => call.inference_id(text(value)?),
            "SessionId" => call.session_id(text(value)?),
            "PrefixAwareId" => call.prefix_aware_id(text(value)?),
            "TargetContainerHostname" => call.target_container_hostname(text(value)?),
            "TargetModel" => call.target_model(text(value)?),
            "TargetVariant" => call.target_variant(text(value)?),
            _ => return Err(format!("InvokeEndpoint has no member {member}").into()),
        };
    }
    Ok(call.send())
}

fn invoke_endpoint_async(
    client: &Client,
    input: &Input,
) -> Result<impl Future<Output = Result<InvokeEndpointAsyncOutput, Error>> + use<>> {
    let mut call = client.invoke_endpoint_async().endpoint_name(&input.endpoint_name);
    if let Some(Payload(body)) = &input.body {
        call = call.body(body.clone());
    }
    for (member, value) in &input.others {
        call = match member.as_str() {
            "Accept" => call.accept(text(value)?),
            "ContentType" => call.content_type(text(value)?),
            "CustomAttributes" => call.custom_attributes(text(value)?),
            "Filename" => call.filename(text(value)?),
            "InferenceId" => call.inference_id(text(value)?),
            "InputLocation" => call.input_location(text(value)?),
            "InvocationTimeoutSeconds" => call.invocation_timeout_seconds(number(value)?),
            "RequestTTLSeconds" => call.request_ttl_seconds(number(value)?),
            "S3OutputPathExtension" => call.s3_output_path_extension(text(value)?),
            _ => return Err(format!("InvokeEndpointAsync has no member {member}").into()),
        };
    }
    Ok(call.send())
}

fn invoke_endpoint_with_response_stream(
    client: &Client,
    input: &Input,
) -> Result<impl Future<Output = Result<InvokeEndpointWithResponseStreamOutput, Error>> + use<>> {
    let Some(Payload(body)) = &input.body else {
        return Err("InvokeEndpointWithResponseStream needs a Body".into());
    };
    let mut call = client
        .invoke_endpoint_with_response_stream()
        .endpoint_name(&input.endpoint_name)
        .body(body.clone());
    for (member, value) in &input.others {
        call = match member.as_str() {
            "Accept" => call.accept(text(value)?),
            "ContentType" => call.content_type(text(value)?),
            "CustomAttributes" => call.custom_attributes(text(value)?),
            "InferenceComponentName" => call.inference_component_name(text(value)?),
            "InferenceId" => call.inference_id(text(value)?),
            "SessionId" => call.session_id(text(value)?),
            "PrefixAwareId" => call.prefix_aware_id(text(value)?),
            "TargetContainerHostname" => call.target_container_hostname(text(value)?),
            "TargetVariant" => call.target_variant(text(value)?),
            _ => return Err(format!("InvokeEndpointWithResponseStream has no member {member}").into()),
        };
    }
    Ok(call.send())
}

fn text(value: &Value) -> Result<&str> {
    value.as_str().ok_or_else(|| format!("{value} is not a text").into())
}

fn number(value: &Value) -> Result<i32> {
    let number = value.as_i64().and_then(|number| number.try_into().ok());
    number.ok_or_else(|| format!("{value} is not a number of 32 bits").into())
}

async fn describe(output: Result<InvokeEndpointOutput, Error>) -> Result<Value, Error> {
    let output = output?;
    Ok(present([
        ("ResponseMetadata", describe_metadata(&output.response_metadata)),
        ("ContentType", json!(output.content_type)),
        ("InvokedProductionVariant", json!(output.invoked_production_variant)),
        ("CustomAttributes", json!(output.custom_attributes)),
        ("NewSessionId", json!(output.new_session_id)),
        ("ClosedSessionId", json!(output.closed_session_id)),
        ("Body", json!({ "hex": hex::encode(output.body.bytes().await?) })),
    ]))
}

fn describe_async(output: InvokeEndpointAsyncOutput) -> Value {
    present([
        ("ResponseMetadata", describe_metadata(&output.response_metadata)),
        ("InferenceId", json!(output.inference_id)),
        ("OutputLocation", json!(output.output_location)),
        ("FailureLocation", json!(output.failure_location)),
    ])
}

async fn describe_stream(output: Result<InvokeEndpointWithResponseStreamOutput, Error>) -> Result<Value, Error> {
    let mut output = output?;
    let mut events = Vec::new();
    while let Some(event) = output.body.recv().await? {
        // boto3 passes over events that it does not know.
        if let ResponseStream::PayloadPart(part) = event {
            events.push(json!({ "PayloadPart": { "Bytes": { "hex": hex::encode(part.bytes.unwrap_or_default()) } } }));
        }
    }
    Ok(present([
        ("ResponseMetadata", describe_metadata(&output.response_metadata)),
        ("ContentType", json!(output.content_type)),
        ("InvokedProductionVariant", json!(output.invoked_production_variant)),
        ("CustomAttributes", json!(output.custom_attributes)),
        ("Body", json!(events)),
    ]))
}

fn describe_error(error: &Error) -> Value {
    let Some(metadata) = error.response_metadata() else {
        return json!({ "NoAnswer": error.to_string() });
    };
    if error.code().is_none() {
        return present([
            ("ResponseMetadata", describe_metadata(metadata)),
            ("Unreadable", json!(error.to_string())),
        ]);
    }
    let (model_error, stream_error) = match error.service_error() {
        Some(ServiceError::ModelError(error)) => (Some(error), None),
        Some(ServiceError::ModelStreamError(error)) => (None, Some(error)),
        _ => (None, None),
    };
    present([
        ("ResponseMetadata", describe_metadata(metadata)),
        ("Error", json!({"Code": error.code(), "Message": error.message()})),
        ("Message", json!(error.service_error().and_then(ServiceError::message))),
        (
            "OriginalStatusCode",
            json!(model_error.and_then(|error| error.original_status_code)),
        ),
        (
            "OriginalMessage",
            json!(model_error.and_then(|error| error.original_message.clone())),
        ),
        (
            "LogStreamArn",
            json!(model_error.and_then(|error| error.log_stream_arn.clone())),
        ),
        (
            "ErrorCode",
            json!(stream_error.and_then(|error| error.error_code.clone())),
        ),
    ])
}

fn describe_metadata(metadata: &ResponseMetadata) -> Value {
    let all = metadata.headers();
    let headers = all.keys().map(|name| {
        let values: Vec<_> = all
            .get_all(name)
            .iter()
            .map(|value| String::from_utf8_lossy(value.as_bytes()))
            .collect();
        (name.to_string(), json!(values.join(", ")))
    });
    present([
        ("RequestId", json!(metadata.request_id())),
        ("HTTPStatusCode", json!(metadata.status().as_u16())),
        ("HTTPHeaders", headers.collect::<Map<_, _>>().into()),
        ("RetryAttempts", json!(metadata.attempts().saturating_sub(1))),
    ])
}

/// boto3 leaves out what is not there.
fn present<const N: usize>(members: [(&str, Value); N]) -> Value {
    let members = members.into_iter().filter(|(_, value)| !value.is_null());
    members
        .map(|(name, value)| (name.to_owned(), value))
        .collect::<Map<_, _>>()
        .into()
}
