//! The text of any HTTP response, as what each operation reads and as each type that a header can hold.
//!
//! The first byte says in which pieces the body comes.

#![no_main]

#[allow(dead_code, reason = "only the service itself is needed")]
#[path = "../../runtime/tests/support/weather.rs"]
mod weather;

use std::collections::HashMap;

use fuzz::{Pieces, check_text, headers, now};
use http::header::HeaderName;
use http::{HeaderMap, Method, Request, Response, StatusCode};
use lean_aws_runtime::DateTime;
use lean_aws_runtime::support::response::Success;
use lean_aws_runtime::support::{RequestWriter, ResponseBody, Service};
use libfuzzer_sys::fuzz_target;
use sagemaker_runtime::operation::invoke_endpoint::InvokeEndpointInput;
use sagemaker_runtime::operation::invoke_endpoint_async::InvokeEndpointAsyncInput;
use sagemaker_runtime::operation::invoke_endpoint_with_response_stream::InvokeEndpointWithResponseStreamInput;
use sagemaker_runtime::{ByteStream, Error, Operation, ResponseMetadata};

use self::weather::WEATHER;

fuzz_target!(|data: &[u8]| {
    let Some((&pieces, text)) = data.split_first() else {
        return;
    };
    let mut parsed = [httparse::EMPTY_HEADER; 32];
    let mut head = httparse::Response::new(&mut parsed);
    let Ok(httparse::Status::Complete(length)) = head.parse(text) else {
        return;
    };
    let Some(status) = head.code.and_then(|code| StatusCode::from_u16(code).ok()) else {
        return;
    };
    let Some(headers) = headers(head.headers) else { return };
    let body = &text[length..];
    let head = Head {
        status,
        headers,
        body,
        pieces,
    };
    check_payload(&head);
    check_json(&head);
    check_events(&head);
    check_headers(&head);
});

struct Head<'a> {
    status: StatusCode,
    headers: HeaderMap,
    body: &'a [u8],
    pieces: u8,
}

impl Head<'_> {
    fn response<B>(&self, body: B) -> Response<B> {
        let mut response = Response::new(body);
        *response.status_mut() = self.status;
        *response.headers_mut() = self.headers.clone();
        response
    }

    fn parse<O: Operation>(&self) -> Option<O::Output> {
        let body = ByteStream::from_http_body(Pieces::of(self.body, &[self.pieces]));
        match now(O::parse_response(self.response(body))) {
            Ok(output) => {
                assert!(self.status.is_success());
                Some(output)
            }
            Err(error) => {
                self.check(&error);
                None
            }
        }
    }

    fn check(&self, error: &Error) {
        check_text(error);
        assert_eq!(error.status(), Some(self.status));
        assert_eq!(error.is_service(), !self.status.is_success(), "{error}");
        assert_eq!(error.is_response(), self.status.is_success(), "{error}");
        // What to do about it, and whether to try again, is decided for any.
        _ = (error.hint(), error.is_retryable(), error.is_throttling());
    }
}

/// A payload is what has come, byte for byte.
fn check_payload(head: &Head<'_>) {
    let Some(output) = head.parse::<InvokeEndpointInput>() else {
        return;
    };
    let bytes = now(output.body.bytes()).expect("a body that is not cut off");
    assert_eq!(bytes, head.body);
}

fn check_json(head: &Head<'_>) {
    let Some(output) = head.parse::<InvokeEndpointAsyncInput>() else {
        return;
    };
    assert_eq!(output.response_metadata.status(), head.status);
}

fn check_events(head: &Head<'_>) {
    let Some(mut output) = head.parse::<InvokeEndpointWithResponseStreamInput>() else {
        return;
    };
    loop {
        match now(output.body.recv()) {
            Ok(Some(_)) => {}
            Ok(None) => return,
            Err(error) => return check_text(&error),
        }
    }
}

/// What has a header of each type.
struct Each;

impl lean_aws_runtime::support::Sealed for Each {}

impl lean_aws_runtime::Operation for Each {
    const SERVICE: &'static Service = &WEATHER;
    const NAME: &'static str = "Each";
    type Output = ResponseMetadata;
    type Error = lean_aws_runtime::Error;

    fn into_request(
        self,
        endpoint: &lean_aws_runtime::Endpoint,
    ) -> Result<Request<lean_aws_runtime::Body>, lean_aws_runtime::Error> {
        RequestWriter::new::<Self>(Method::GET, endpoint).finish()
    }

    async fn parse_response(response: Response<ResponseBody>) -> Result<ResponseMetadata, lean_aws_runtime::Error> {
        let mut success = Success::check::<Self>(response).await?;
        let name = |name| HeaderName::from_static(name);
        success.header::<bool>(&name("x-bool"));
        success.header::<i8>(&name("x-i8"));
        success.header::<i64>(&name("x-i64"));
        success.header::<f64>(&name("x-f64"));
        success.header::<String>(&name("x-text"));
        success.header::<DateTime>(&name("x-time"));
        success.header::<Vec<i32>>(&name("x-numbers"));
        success.header::<Vec<String>>(&name("x-texts"));
        success.header::<Vec<DateTime>>(&name("x-times"));
        success.json_header(&name("x-json"));
        let _: Option<HashMap<String, String>> = success.prefix_headers("x-");
        success.finish()
    }
}

fn check_headers(head: &Head<'_>) {
    let response = head
        .response(ByteStream::from(head.body.to_vec()))
        .map(ByteStream::into_response_body);
    if let Err(error) = now(<Each as lean_aws_runtime::Operation>::parse_response(response)) {
        check_text(&error);
        assert_eq!(error.is_service(), !head.status.is_success(), "{error}");
    }
}
