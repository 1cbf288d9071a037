//! HTTP requests as text, for snapshots.

use http::Request;
use http_body_util::BodyExt;
use sagemaker_runtime::{Body, Endpoint, Operation};

/// The endpoint of tests that do not care which one it is.
pub(crate) fn endpoint() -> Endpoint {
    Endpoint::new("https://example.com").unwrap()
}

/// The request of an input, or the error that comes instead.
pub(crate) async fn text_of(input: impl Operation) -> String {
    match input.into_request(&endpoint()) {
        Ok(request) => render(request).await,
        Err(error) => format!("error: {error}"),
    }
}

/// Method and URL, then the headers in the order of their names, then the body, where it is short and text.
pub(crate) async fn render(request: Request<Body>) -> String {
    let (head, body) = request.into_parts();
    let mut headers: Vec<String> = head
        .headers
        .iter()
        .map(|(name, value)| format!("{name}: {}", str::from_utf8(value.as_bytes()).unwrap()))
        .collect();
    headers.sort();
    let body = body.collect().await.unwrap().to_bytes();
    let body = match str::from_utf8(&body) {
        Ok(text) if text.len() <= 80 => text.to_owned(),
        _ => format!("({} bytes)", body.len()),
    };
    let text = format!("{} {}\n{}\n\n{body}", head.method, head.uri, headers.join("\n"));
    text.trim_end().to_owned()
}
