//! The client in action: `cargo run --example quickstart`.
//!
//! Without arguments it needs neither an AWS account nor a network: a stand-in for the service listens on this machine.
//! `cargo run --example quickstart -- --endpoint NAME` asks a real endpoint instead.

use std::error::Error as _;
use std::process::ExitCode;

use sagemaker_runtime::{Client, Credentials, Error, ServiceError};
use tests::frame;
use tests::server::{Recorded, Reply, Server};

const HELP: &str = "\
Sends requests for predictions with the generated client and shows what comes back.

usage: cargo run --example quickstart [-- --endpoint NAME]

  (no argument)    talk to a stand-in for the service on this machine
  --endpoint NAME  invoke this endpoint of your AWS account with a line of CSV; reads AWS_REGION,
                   AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN
  --help           show this text";

#[tokio::main]
async fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let result = match arguments[..] {
        [] => on_this_machine().await,
        ["--endpoint", name] => on_aws(name).await,
        ["--help" | "-h"] => {
            println!("{HELP}");
            Ok(())
        }
        _ => {
            eprintln!("error: cannot make sense of `{}`\n\n{HELP}", arguments.join(" "));
            return ExitCode::FAILURE;
        }
    };
    if let Err(error) = result {
        // One line says all that matters; the causes behind it say why.
        eprintln!("error: {error}");
        let mut cause = error.source();
        while let Some(reason) = cause {
            eprintln!("  because: {reason}");
            cause = reason.source();
        }
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}

/// Everything is found where the AWS CLI finds it: in variables, a profile, a container or on an instance.
async fn on_aws(endpoint: &str) -> Result<(), Error> {
    let client = Client::from_env()?;
    println!("Sending requests to {}\n", client.endpoint()?);
    predict(&client, endpoint).await
}

/// Everything is configured in code.
async fn on_this_machine() -> Result<(), Error> {
    let stand_in = Server::start(answer).await;
    println!(
        "A stand-in for Amazon SageMaker Runtime listens on {}\n",
        stand_in.url()
    );
    let client = Client::builder()
        .region("us-east-1")
        .credentials(Credentials::new("AKIDEXAMPLE", "a secret", None, None, "quickstart"))
        .endpoint_url(stand_in.url())
        .no_proxy()
        .build()?;

    predict(&client, "churn-xgboost").await?;
    stream(&client, "chat").await?;
    queue(&client, "churn-slow").await?;
    fail(&client, "churn-broken").await;
    Ok(())
}

/// Asks a model and waits for its answer.
async fn predict(client: &Client, endpoint: &str) -> Result<(), Error> {
    let prediction = client
        .invoke_endpoint()
        .endpoint_name(endpoint)
        .content_type("text/csv")
        .body("42,0,1,3.5")
        .send()
        .await?;

    println!("InvokeEndpoint: ask {endpoint} and wait for the answer");
    show("variant", prediction.invoked_production_variant.as_deref());
    show("request id", prediction.response_metadata.request_id());
    // The stand-in says once that its model is not ready yet. The client has waited and asked again by itself.
    show("attempts", Some(&prediction.response_metadata.attempts().to_string()));
    show("output", Some(&prediction.body.text().await?));
    println!();
    Ok(())
}

/// Takes the parts of an answer while the model is still writing it.
async fn stream(client: &Client, endpoint: &str) -> Result<(), Error> {
    let answer = client
        .invoke_endpoint_with_response_stream()
        .endpoint_name(endpoint)
        .content_type("application/json")
        .body(r#"{"inputs": "How is the weather?", "stream": true}"#)
        .send()
        .await?;

    println!("InvokeEndpointWithResponseStream: ask {endpoint} and read along");
    show("request id", answer.response_metadata.request_id());
    // A part may end within a character: this puts it together. `sse`, `lines` and `json_lines` do more.
    let mut text = answer.body.into_bytes().text_chunks();
    while let Some(piece) = text.next().await? {
        show("part", Some(&piece));
    }
    println!();
    Ok(())
}

/// Leaves a request in a queue. The answer will be in S3.
async fn queue(client: &Client, endpoint: &str) -> Result<(), Error> {
    let queued = client
        .invoke_endpoint_async()
        .endpoint_name(endpoint)
        .input_location("s3://my-bucket/customers.csv")
        .send()
        .await?;

    println!("InvokeEndpointAsync: queue a request for {endpoint}");
    show("inference id", queued.inference_id.as_deref());
    show("output will be", queued.output_location.as_deref());
    show("request id", queued.response_metadata.request_id());
    println!();
    Ok(())
}

/// An error of the service is a value of its own type, with all that the service tells.
async fn fail(client: &Client, endpoint: &str) {
    println!("InvokeEndpoint: ask {endpoint}, whose model fails");
    let result = client
        .invoke_endpoint()
        .endpoint_name(endpoint)
        .body("42,0,1")
        .send()
        .await;
    let Err(error) = result else {
        println!("  it did not fail after all");
        return;
    };
    if let Some(ServiceError::ModelError(model)) = error.service_error() {
        show(
            "model's status",
            model.original_status_code.map(|code| code.to_string()).as_deref(),
        );
        show("model's words", model.original_message.as_deref());
        show("look into", model.log_stream_arn.as_deref());
    }
    show("in one line", Some(&error.to_string()));
}

fn show(label: &str, value: Option<&str>) {
    println!("  {label:<16}{}", value.unwrap_or("-"));
}

/// What the stand-in answers.
fn answer(request: &Recorded) -> Reply {
    let reply = |status, id: &str| Reply::new(status).header("x-amzn-RequestId", id);
    let first = request
        .header("amz-sdk-request")
        .is_some_and(|numbers| numbers.starts_with("attempt=1;"));
    match &*request.target {
        "/endpoints/churn-xgboost/invocations" if first => reply(429, "7d1c0a52-0001")
            .header("x-amzn-ErrorType", "ModelNotReadyException")
            .body(r#"{"Message":"The model is being loaded"}"#),
        "/endpoints/churn-xgboost/invocations" => reply(200, "7d1c0a52-0002")
            .header("x-Amzn-Invoked-Production-Variant", "AllTraffic")
            .body("0.8317"),
        "/endpoints/chat/invocations-response-stream" => reply(200, "7d1c0a52-0005")
            .header("Content-Type", frame::MEDIA_TYPE)
            .header("X-Amzn-SageMaker-Content-Type", "text/plain")
            .chunks(
                ["Sunny", ", with a light", " breeze."]
                    .map(|part| frame::event("PayloadPart", part.as_bytes()).into())
                    .into(),
            ),
        "/endpoints/churn-slow/async-invocations" => reply(202, "7d1c0a52-0003")
            .header("X-Amzn-SageMaker-OutputLocation", "s3://my-bucket/out/42.csv")
            .body(r#"{"InferenceId":"42"}"#),
        _ => reply(424, "7d1c0a52-0004")
            .header("x-amzn-ErrorType", "ModelError")
            .body(
                r#"{"Message":"The container answered with an error", "OriginalStatusCode":500,
                "OriginalMessage":"expected 4 columns, got 3", "LogStreamArn":"arn:aws:logs:us-east-1:1:churn"}"#,
            ),
    }
}
