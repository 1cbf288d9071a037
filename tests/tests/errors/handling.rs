//! How programs handle errors: predicates, hints, and other error types.

use std::error::Error as StdError;

use insta::assert_snapshot;
use sagemaker_runtime::operation::invoke_endpoint::InvokeEndpointInput;
use sagemaker_runtime::operation::invoke_endpoint_async::InvokeEndpointAsyncInput;
use sagemaker_runtime::operation::invoke_endpoint_with_response_stream::InvokeEndpointWithResponseStreamInput;
use sagemaker_runtime::{Error, Operation, ServiceError};

use super::parse;
use super::pieces::Pieces;
use super::reply::reply;

/// A program decides by these.
#[tokio::test]
async fn predicates() {
    for (code, throttling) in [
        ("ModelNotReadyException", true),
        ("ThrottlingException", true),
        ("TooManyRequestsException", true),
        ("ModelError", false),
        ("InternalDependencyException", false),
        // Not of the service: the status says what it means.
        ("", true),
        ("RateLimited", true),
    ] {
        let error = parse(429, &[("x-amzn-errortype", code)], "").await;
        assert_eq!(error.is_throttling(), throttling, "{code}");
        assert!(!error.is_configuration() && !error.is_credentials());
    }
    for body in ["", "<html>", "slow down", r#"{"Message":"Rate exceeded"}"#] {
        assert!(parse(429, &[], body).await.is_throttling(), "{body}");
        assert!(!parse(400, &[], body).await.is_throttling(), "{body}");
    }
}

#[tokio::test]
async fn the_type_is_easy_to_handle() {
    fn send_sync_static<T: Send + Sync + 'static>() {}
    send_sync_static::<Error>();
    send_sync_static::<ServiceError>();
    assert_eq!(size_of::<Error>(), size_of::<usize>());
    assert_eq!(size_of::<Result<(), Error>>(), size_of::<usize>());

    async fn fails() -> Result<(), Box<dyn StdError + Send + Sync>> {
        InvokeEndpointInput::parse_response(reply(400, &[], "")).await?;
        Ok(())
    }
    let error = fails().await.unwrap_err();
    assert_eq!(error.downcast_ref::<Error>().unwrap().status().unwrap(), 400);
}

/// What applications do with errors.
#[tokio::test]
async fn it_goes_into_anyhow_and_thiserror() {
    #[derive(Debug, thiserror::Error)]
    enum Failure {
        #[error("no prediction")]
        Prediction(#[from] Error),
        #[error(transparent)]
        Transparent(Error),
    }

    async fn predict() -> Result<(), Error> {
        let body = Pieces::new([Err("reset")]);
        let input = InvokeEndpointAsyncInput::parse_response(reply(202, &[], body));
        input.await.map(drop)
    }

    async fn with_anyhow() -> anyhow::Result<()> {
        predict().await?;
        Ok(())
    }

    async fn with_thiserror() -> Result<(), Failure> {
        predict().await?;
        Ok(())
    }

    const LINE: &str = "InvokeEndpointAsync failed: the payload of the response broke off after 0 bytes [1 attempt]";
    let error = with_anyhow().await.unwrap_err().context("predicting");
    let chain: Vec<String> = error.chain().map(ToString::to_string).collect();
    assert_eq!(chain, ["predicting", LINE, "reset"]);
    assert!(error.downcast_ref::<Error>().is_some_and(Error::is_response));
    assert_eq!(format!("{error:#}"), format!("predicting: {LINE}: reset"));

    let error = with_thiserror().await.unwrap_err();
    assert_eq!(error.to_string(), "no prediction");
    assert_eq!(error.source().unwrap().to_string(), LINE);
    assert_eq!(error.source().unwrap().source().unwrap().to_string(), "reset");
    let error = Failure::Transparent(predict().await.unwrap_err());
    assert_eq!(error.to_string(), LINE);
    assert_eq!(error.source().unwrap().to_string(), "reset");
}

/// What to do about errors of this service.
#[tokio::test]
async fn hints_of_the_service() {
    async fn line<O: Operation>(status: u16, code: &str, message: &str) -> String {
        let body = serde_json::json!({ "Message": message }).to_string();
        let response = reply(status, &[("x-amzn-errortype", code.as_bytes())], body);
        match O::parse_response(response).await {
            Ok(_) => panic!("a status of {status} is an error"),
            Err(error) => {
                let hint = error.hint().map(|hint| format!(", hint: {hint}]"));
                assert!(hint.is_none_or(|hint| error.to_string().ends_with(&hint)));
                error.to_string()
            }
        }
    }

    const NOT_A_NAME: &str = "1 validation error detected: Value at 'endpointName' failed to satisfy constraint";
    const TOO_LARGE: &str = "1 validation error detected: Value at 'body' failed to satisfy constraint: Member must have \
        length less than or equal to 6291456";
    let lines = [
        line::<InvokeEndpointInput>(429, "ModelNotReadyException", "").await,
        line::<InvokeEndpointInput>(400, "ValidationError", "Endpoint churn of account 123456789012 not found.").await,
        line::<InvokeEndpointInput>(400, "ValidationError", "Variant blue not found").await,
        line::<InvokeEndpointInput>(413, "", "HTTP content length exceeded 6291456 bytes.").await,
        line::<InvokeEndpointAsyncInput>(413, "", "").await,
        line::<InvokeEndpointWithResponseStreamInput>(413, "", "").await,
        line::<InvokeEndpointInput>(400, "ValidationError", TOO_LARGE).await,
        line::<InvokeEndpointAsyncInput>(400, "ValidationError", TOO_LARGE).await,
        line::<InvokeEndpointInput>(400, "ValidationError", "Request 1f2e has oversize body.").await,
        line::<InvokeEndpointInput>(
            424,
            "ModelError",
            "Received server error (0) from primary with message \"Your invocation timed out while waiting for a response\"",
        )
        .await,
        line::<InvokeEndpointInput>(424, "ModelError", "Received server error (500) from primary").await,
        line::<InvokeEndpointInput>(400, "ValidationError", NOT_A_NAME).await,
        line::<InvokeEndpointAsyncInput>(400, "ValidationError", "InputLocation is missing").await,
    ];
    assert_snapshot!(lines.join("\n"), @r#"
    InvokeEndpoint failed: ModelNotReadyException (429) [1 attempt, hint: give the model more time with `CallOptions::wait_until_ready`]
    InvokeEndpoint failed: ValidationError (400): Endpoint churn of account 123456789012 not found. [1 attempt, hint: check the endpoint's name, the region, and the account of the credentials]
    InvokeEndpoint failed: ValidationError (400): Variant blue not found [1 attempt]
    InvokeEndpoint failed: HTTP 413: HTTP content length exceeded 6291456 bytes. [1 attempt, hint: send at most 6 MiB, or use InvokeEndpointAsync, which takes larger input from S3]
    InvokeEndpointAsync failed: HTTP 413: Payload Too Large [1 attempt, hint: send at most 128,000 bytes, or put the input into S3 and set `input_location`]
    InvokeEndpointWithResponseStream failed: HTTP 413: Payload Too Large [1 attempt, hint: send a smaller payload]
    InvokeEndpoint failed: ValidationError (400): 1 validation error detected: Value at 'body' failed to satisfy constraint: Member must have length less than or equal to 6291456 [1 attempt, hint: send at most 6 MiB, or use InvokeEndpointAsync, which takes larger input from S3]
    InvokeEndpointAsync failed: ValidationError (400): 1 validation error detected: Value at 'body' failed to satisfy constraint: Member must have length less than or equal to 6291456 [1 attempt, hint: send at most 128,000 bytes, or put the input into S3 and set `input_location`]
    InvokeEndpoint failed: ValidationError (400): Request 1f2e has oversize body. [1 attempt, hint: send a smaller payload, or use InvokeEndpointAsync, which takes larger input from S3]
    InvokeEndpoint failed: ModelError (424): Received server error (0) from primary with message "Your invocation timed out while waiting for a response" [1 attempt, hint: use InvokeEndpointAsync for a model that needs more than 60 s]
    InvokeEndpoint failed: ModelError (424): Received server error (500) from primary [1 attempt]
    InvokeEndpoint failed: ValidationError (400): 1 validation error detected: Value at 'endpointName' failed to satisfy constraint [1 attempt, hint: give the name of the endpoint, not its ARN or URL]
    InvokeEndpointAsync failed: ValidationError (400): InputLocation is missing [1 attempt, hint: set exactly one of `input_location` and `body`]
    "#);
}
