//! Errors of the service: typed, complete, and retried where that is safe.

use sagemaker_runtime::ServiceError;
use tests::server::{Reply, Then};

use crate::service::{always, client, failure, invoke};

/// Every error of the service, with how often its request is sent.
#[tokio::test]
async fn each_error_of_the_service_is_typed_and_retried_where_safe() {
    for (status, code, requests) in [
        (400, "ValidationError", 1),
        (424, "ModelError", 1),
        (429, "ModelNotReadyException", 3),
        (500, "InternalFailure", 3),
        (503, "ServiceUnavailable", 3),
        (530, "InternalDependencyException", 3),
    ] {
        let server = always(failure(status, code)).await;
        let error = invoke(&client(&server)).await.unwrap_err();

        let known = error
            .service_error()
            .unwrap_or_else(|| panic!("{code} is not known: {error}"));
        let typed = matches!(
            (code, known),
            ("ValidationError", ServiceError::ValidationError(_))
                | ("ModelError", ServiceError::ModelError(_))
                | ("ModelNotReadyException", ServiceError::ModelNotReadyException(_))
                | ("InternalFailure", ServiceError::InternalFailure(_))
                | ("ServiceUnavailable", ServiceError::ServiceUnavailable(_))
                | (
                    "InternalDependencyException",
                    ServiceError::InternalDependencyException(_)
                )
        );
        assert!(typed, "{code} is {known:?}");
        assert_eq!(known.code(), code);
        assert_eq!(error.code(), Some(code));
        let message = format!("about {code}");
        assert_eq!(known.message(), Some(&*message));
        assert_eq!(error.message(), Some(&*message));

        assert_eq!(error.operation(), Some("InvokeEndpoint"));
        assert_eq!(error.status().unwrap(), status);
        assert_eq!(error.request_id(), Some("req-1"));
        assert_eq!(
            error.raw_body().unwrap(),
            format!(r#"{{"Message":"{message}"}}"#).as_bytes()
        );
        assert!(error.is_service());
        assert_eq!(error.is_throttling(), code == "ModelNotReadyException");
        assert!(!error.is_timeout() && !error.is_connect() && !error.is_response() && !error.is_input());

        assert_eq!(server.requests().len(), requests, "{code}");
        assert_eq!(error.attempts() as usize, requests);
        let attempts = if requests == 1 { "1 attempt" } else { "3 attempts" };
        let hint = error.hint().map(|hint| format!(", hint: {hint}")).unwrap_or_default();
        assert_eq!(hint.is_empty(), code != "ModelNotReadyException");
        assert_eq!(
            error.to_string(),
            format!("InvokeEndpoint failed: {code} ({status}): {message} [request id req-1, {attempts}{hint}]")
        );
    }
}

#[tokio::test]
async fn a_model_error_has_all_its_fields() {
    let body = r#"{"Message":"Received server error (500)","OriginalStatusCode":500,
        "OriginalMessage":"KeyError: 'age'\nat line 1","LogStreamArn":"arn:aws:logs:x","ErrorCode":"SOMETHING_NEW"}"#;
    let server = always(Reply::new(424).header("x-amzn-ErrorType", "ModelError").body(body)).await;
    let error = invoke(&client(&server)).await.unwrap_err();
    let Some(ServiceError::ModelError(model)) = error.service_error() else {
        panic!("{error}")
    };
    assert_eq!(model.message.as_deref(), Some("Received server error (500)"));
    assert_eq!(model.original_status_code, Some(500));
    assert_eq!(model.original_message.as_deref(), Some("KeyError: 'age'\nat line 1"));
    assert_eq!(model.log_stream_arn.as_deref(), Some("arn:aws:logs:x"));
    assert_eq!(
        error.to_string(),
        "InvokeEndpoint failed: ModelError (424): Received server error (500) [original status 500, \
         original message KeyError: 'age' at line 1, log stream arn:aws:logs:x, 1 attempt]"
    );
}

/// Answers that the description does not know, such as those of proxies, and how often their requests are sent.
#[tokio::test]
async fn other_errors_are_retried_where_safe() {
    let html = "<html>\n<h1>Bad Gateway</h1></html>";
    for (status, header, body, requests, code, text) in [
        (502, "", html, 3, "502", "HTTP 502: Bad Gateway"),
        (504, "", "", 3, "504", "HTTP 504: Gateway Timeout"),
        (500, "", "out of\nmemory", 3, "500", "HTTP 500: out of memory"),
        (503, "", html, 3, "503", "HTTP 503: Service Unavailable"),
        (501, "", "", 1, "501", "HTTP 501: Not Implemented"),
        (530, "", html, 3, "530", "HTTP 530"),
        (531, "", "", 1, "531", "HTTP 531"),
        (
            403,
            "AccessDeniedException",
            "{}",
            1,
            "AccessDeniedException",
            "AccessDeniedException (403)",
        ),
        (
            403,
            "ExpiredTokenException:http://x/",
            "{}",
            1,
            "ExpiredTokenException",
            "ExpiredTokenException (403)",
        ),
        (
            404,
            "",
            r#"{"__type":"com.x#NotFound","message":"no"}"#,
            1,
            "NotFound",
            "NotFound (404): no",
        ),
        (
            400,
            "ThrottlingException",
            r#"{"message":null}"#,
            3,
            "ThrottlingException",
            "ThrottlingException (400)",
        ),
        (429, "", "{}", 3, "429", "HTTP 429: Too Many Requests"),
        (429, "", html, 3, "429", "HTTP 429: Too Many Requests"),
        (429, "RateLimited", "{}", 3, "RateLimited", "RateLimited (429)"),
        (
            408,
            "",
            r#"{"code":"RequestTimeout"}"#,
            3,
            "RequestTimeout",
            "RequestTimeout (408)",
        ),
        (307, "", "", 1, "307", "HTTP 307: Temporary Redirect"),
    ] {
        // A redirect is not followed: the signature is for this host.
        let mut reply = Reply::new(status).header("Location", "http://127.0.0.1:1/").body(body);
        if !header.is_empty() {
            reply = reply.header("x-amzn-ErrorType", header);
        }
        let server = always(reply).await;
        let error = invoke(&client(&server)).await.unwrap_err();
        assert_eq!(server.requests().len(), requests, "{text}");
        assert_eq!(error.service_error(), None);
        assert_eq!(error.code(), Some(code));
        let attempts = if requests == 1 { "1 attempt" } else { "3 attempts" };
        let hint = error.hint().map(|hint| format!(", hint: {hint}")).unwrap_or_default();
        assert_eq!(hint.is_empty(), status != 403, "{text}");
        assert_eq!(
            error.to_string(),
            format!("InvokeEndpoint failed: {text} [{attempts}{hint}]")
        );
        assert_eq!(error.raw_body().unwrap(), body);
    }
}

/// A body that does not end neither fills the memory nor hides the error.
#[tokio::test]
async fn the_body_of_an_error_is_read_up_to_a_limit() {
    const LIMIT: usize = 1024 * 1024;
    let whole = failure(400, "Odd").body("x".repeat(LIMIT));
    let endless = failure(400, "Odd")
        .header("content-length", "5000000000")
        .body("x".repeat(LIMIT + 1))
        .then(Then::Hang);
    for (reply, message) in [(whole, "x".repeat(LIMIT)), (endless, String::new())] {
        let server = always(reply).await;
        let error = invoke(&client(&server)).await.unwrap_err();
        assert_eq!(error.raw_body().unwrap().len(), LIMIT);
        assert_eq!(error.code(), Some("Odd"));
        assert!(error.message() == Some(&*message), "of {} bytes", message.len());
        assert_eq!(error.request_id(), Some("req-1"));
        assert_eq!(server.requests().len(), 1);
    }
}

#[tokio::test]
async fn a_success_of_the_wrong_form_is_an_error_and_not_retried() {
    for body in ["[]", "{", "\"text\"", r#"{"InferenceId":7}"#] {
        let server = always(Reply::new(202).header("x-amzn-RequestId", "req-1").body(body)).await;
        let call = client(&server).invoke_endpoint_async().endpoint_name("slow");
        let error = call.send().await.unwrap_err();
        assert!(error.is_response(), "{body}: {error}");
        assert_eq!(error.request_id(), Some("req-1"));
        assert_eq!(error.raw_body().unwrap(), body);
        assert!(std::error::Error::source(&error).is_some());
        assert_eq!(server.requests().len(), 1);
    }
}
