//! Makes calls with the official SDK, as `cargo xtask interop` tells it: an order a line on standard input, its outcome a line
//! back, both JSON. Outcomes are written as boto3 writes its own.

use std::io::stdin;

use aws_sdk_sagemakerruntime::config::retry::RetryConfig;
use aws_sdk_sagemakerruntime::config::{BehaviorVersion, Credentials, Region};
use aws_sdk_sagemakerruntime::error::ProvideErrorMetadata;
use aws_sdk_sagemakerruntime::operation::invoke_endpoint::InvokeEndpointError;
use aws_sdk_sagemakerruntime::operation::invoke_endpoint_with_response_stream::InvokeEndpointWithResponseStreamError;
use aws_sdk_sagemakerruntime::primitives::Blob;
use aws_sdk_sagemakerruntime::types::ResponseStream;
use aws_sdk_sagemakerruntime::types::error::{ModelError, ResponseStreamError};
use aws_sdk_sagemakerruntime::{Client, Config};
use serde_json::{Map, Value, json};
use workload::BoxError;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), BoxError> {
    for line in stdin().lines() {
        let order: Value = serde_json::from_str(&line?)?;
        println!("{}", call(&order).await?);
    }
    Ok(())
}

/// Makes a call. It fails only where the order is none; every other failure is an outcome.
async fn call(order: &Value) -> Result<Value, BoxError> {
    let client = client(&order["settings"])?;
    let text = |member: &str| order["members"][member].as_str().map(str::to_owned);
    let body = order["members"]["Body"]["hex"]
        .as_str()
        .map(unhex)
        .transpose()?
        .map(Blob::new);
    let endpoint = text("EndpointName");
    Ok(match text_of(&order["operation"])? {
        "InvokeEndpoint" => {
            let call = client.invoke_endpoint().set_endpoint_name(endpoint).set_body(body);
            match call.set_content_type(text("ContentType")).send().await {
                Ok(output) => present([
                    ("ContentType", json!(output.content_type)),
                    ("Body", json!(output.body.map(hex))),
                ]),
                Err(error) => match &error.into_service_error() {
                    InvokeEndpointError::ModelError(error) => model_failure(error),
                    error => failure(error),
                },
            }
        }
        "InvokeEndpointAsync" => {
            let call = client.invoke_endpoint_async().set_endpoint_name(endpoint);
            match call.set_input_location(text("InputLocation")).send().await {
                Ok(output) => present([("OutputLocation", json!(output.output_location))]),
                Err(error) => failure(&error.into_service_error()),
            }
        }
        "InvokeEndpointWithResponseStream" => {
            let call = client.invoke_endpoint_with_response_stream();
            let call = call.set_endpoint_name(endpoint).set_body(body);
            let mut events = Vec::new();
            let mut stream = match call.set_content_type(text("ContentType")).send().await {
                Ok(output) => output.body,
                Err(error) => {
                    let error = error.into_service_error();
                    return Ok(match &error {
                        InvokeEndpointWithResponseStreamError::ModelError(error) => model_failure(error),
                        _ => failure(&error),
                    });
                }
            };
            loop {
                match stream.recv().await {
                    Ok(Some(ResponseStream::PayloadPart(part))) => {
                        events.push(json!({ "PayloadPart": { "Bytes": part.bytes.map(hex) } }));
                    }
                    Ok(Some(event)) => return Err(format!("{event:?}").into()),
                    Ok(None) => break json!({ "Body": events }),
                    Err(error) => break stream_failure(&error.into_service_error())?,
                }
            }
        }
        other => return Err(format!("there is no operation {other}").into()),
    })
}

fn client(settings: &Value) -> Result<Client, BoxError> {
    let [url, region, access_key, secret_key] = [
        "endpoint_url",
        "region_name",
        "aws_access_key_id",
        "aws_secret_access_key",
    ]
    .map(|name| text_of(&settings[name]).map(str::to_owned));
    let config = Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new(region?))
        .credentials_provider(Credentials::new(access_key?, secret_key?, None, None, "interop"))
        .retry_config(RetryConfig::disabled())
        .endpoint_url(url?);
    Ok(Client::from_conf(config.build()))
}

fn failure(error: &impl ProvideErrorMetadata) -> Value {
    present([
        ("Error", json!({"Code": error.code(), "Message": error.message()})),
        ("Message", json!(error.message())),
    ])
}

fn model_failure(error: &ModelError) -> Value {
    let mut outcome = failure(error);
    outcome["OriginalStatusCode"] = json!(error.original_status_code);
    outcome["OriginalMessage"] = json!(error.original_message);
    outcome["LogStreamArn"] = json!(error.log_stream_arn);
    outcome
}

/// The SDK has the code of an error in a stream only as a type.
fn stream_failure(error: &ResponseStreamError) -> Result<Value, BoxError> {
    let (mut outcome, code) = match error {
        ResponseStreamError::InternalStreamFailure(error) => (failure(error), "InternalStreamFailure"),
        ResponseStreamError::ModelStreamError(error) => {
            let mut outcome = failure(error);
            outcome["ErrorCode"] = json!(error.error_code);
            (outcome, "ModelStreamError")
        }
        error => return Err(format!("{error:?}").into()),
    };
    outcome["Error"]["Code"] = json!(code);
    Ok(outcome)
}

/// What is not there is left out.
fn present<const N: usize>(members: [(&str, Value); N]) -> Value {
    let members = members.into_iter().filter(|(_, value)| !value.is_null());
    members
        .map(|(name, value)| (name.to_owned(), value))
        .collect::<Map<_, _>>()
        .into()
}

fn text_of(value: &Value) -> Result<&str, BoxError> {
    value.as_str().ok_or_else(|| format!("{value} is not a text").into())
}

fn hex(bytes: Blob) -> Value {
    let digits: String = bytes.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
    json!({ "hex": digits })
}

fn unhex(digits: &str) -> Result<Vec<u8>, BoxError> {
    let digits = digits.as_bytes().chunks(2).map(str::from_utf8);
    digits.map(|digits| Ok(u8::from_str_radix(digits?, 16)?)).collect()
}
