//! What the programs of `cargo xtask protocol-tests` are made of: ends of the wire that take requests down or answer as told,
//! and ways to show what a client makes of an answer.

use std::error::Error;
use std::fmt::Display;
use std::future::{Ready, ready};
use std::pin::Pin;
use std::process::ExitCode;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Request, Response, StatusCode};
use http_body_util::{BodyExt, Full};
use serde_json::{Map, Value, json};
use tower_service::Service;

/// Anything that can go wrong.
pub type BoxError = Box<dyn Error + Send + Sync>;

/// What a case has shown.
pub type Observed = Result<Value, BoxError>;

/// A call that is going to be made.
pub type Call = Pin<Box<dyn Future<Output = Observed> + Send>>;

/// A case: its name, the call, and the same call with what a fake of the service has read or written, if that is tried.
pub type Case = (&'static str, Call, Option<Call>);

/// Makes all calls, and prints a line of JSON for each case: its name and what has been observed.
pub fn run(cases: Vec<Case>) -> ExitCode {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let Ok(runtime) = runtime else { return ExitCode::FAILURE };
    let observed = |call: Call| match runtime.block_on(runtime.spawn(call)) {
        Ok(Ok(observed)) => observed,
        Ok(Err(error)) => json!({ "failure": error.to_string() }),
        Err(error) => json!({ "failure": error.to_string() }),
    };
    for (name, case, with_fake) in cases {
        let (observed, with_fake) = (observed(case), with_fake.map(observed));
        println!(
            "{}",
            json!({ "case": name, "observed": observed, "with_fake": with_fake })
        );
    }
    ExitCode::SUCCESS
}

/// Takes the first request down, and answers with an empty object.
#[derive(Clone, Debug, Default)]
pub struct Recorder {
    first: Arc<Mutex<Option<Request<Bytes>>>>,
}

impl Recorder {
    /// The request.
    ///
    /// # Errors
    ///
    /// When there is none, with the error that the call has ended with.
    pub fn request(&self, error: Option<String>) -> Result<Request<Bytes>, BoxError> {
        let first = self.first.lock().unwrap_or_else(PoisonError::into_inner).take();
        first.ok_or_else(|| match error {
            Some(error) => format!("nothing was sent: {error}").into(),
            None => "nothing was sent".into(),
        })
    }

    /// What is to be seen of the request.
    ///
    /// # Errors
    ///
    /// When there is none, with the error that the call has ended with.
    pub fn observation(&self, error: Option<String>) -> Observed {
        let (head, body) = self.request(error)?.into_parts();
        let headers = head
            .headers
            .iter()
            .map(|(name, value)| (name.as_str(), text(value.as_bytes())));
        Ok(json!({ "request": {
            "method": head.method.as_str(),
            "authority": head.uri.authority().map(|authority| authority.as_str()),
            "uri": head.uri.path_and_query().map(|path| path.as_str()),
            "headers": headers.collect::<Vec<_>>(),
            "body": hex::encode(&body),
        } }))
    }
}

impl<B> Service<Request<B>> for Recorder
where
    B: http_body::Body + Send + 'static,
    B::Data: Send,
    B::Error: Into<BoxError>,
{
    type Response = Response<Full<Bytes>>;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, BoxError>> + Send>>;

    fn poll_ready(&mut self, _context: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let first = Arc::clone(&self.first);
        Box::pin(async move {
            let (head, body) = request.into_parts();
            let body = body.collect().await.map_err(Into::into)?.to_bytes();
            first
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .get_or_insert(Request::from_parts(head, body));
            Ok(Response::new(Full::new(Bytes::from_static(b"{}"))))
        })
    }
}

/// Answers all requests alike.
#[derive(Clone, Debug)]
pub struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
}

impl Answer {
    /// With this status, headers and body.
    ///
    /// # Errors
    ///
    /// When HTTP does not have such a status or header.
    pub fn new(status: u16, headers: &[(&str, &str)], body: &'static [u8]) -> Result<Self, BoxError> {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            // Servers send what they like, so the bytes are taken as they are.
            map.append(HeaderName::try_from(*name)?, HeaderValue::from_bytes(value.as_bytes())?);
        }
        Ok(Self {
            status: StatusCode::from_u16(status)?,
            headers: map,
            body: Bytes::from_static(body),
        })
    }
}

impl<B> Service<Request<B>> for Answer {
    type Response = Response<Full<Bytes>>;
    type Error = BoxError;
    type Future = Ready<Result<Self::Response, BoxError>>;

    fn poll_ready(&mut self, _context: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _request: Request<B>) -> Self::Future {
        let mut response = Response::new(Full::new(self.body.clone()));
        *response.status_mut() = self.status;
        *response.headers_mut() = self.headers.clone();
        ready(Ok(response))
    }
}

/// An observed output.
pub fn output(members: Value) -> Value {
    json!({ "output": members })
}

/// An observed error.
pub fn error(code: Option<&str>, message: Option<&str>, members: Value, text: &str) -> Value {
    json!({ "error": { "code": code, "message": message, "members": members, "text": text } })
}

/// JSON of any kind.
///
/// # Panics
///
/// When it is not JSON.
pub fn document(text: &str) -> Value {
    serde_json::from_str(text).expect("xtask has written JSON")
}

/// Bytes, which are text in suites.
pub fn text(bytes: &[u8]) -> Value {
    String::from_utf8_lossy(bytes).into()
}

/// A number, or the name of what is none.
pub fn float(number: &impl Display) -> Value {
    let text = number.to_string();
    match text.parse::<f64>() {
        Ok(number) if number.is_nan() => "NaN".into(),
        Ok(f64::INFINITY) => "Infinity".into(),
        Ok(f64::NEG_INFINITY) => "-Infinity".into(),
        Ok(number) => number.into(),
        Err(_) => text.into(),
    }
}

/// Seconds since 1970, from nanoseconds.
pub fn timestamp(nanos: i128) -> Value {
    const SECOND: u128 = 1_000_000_000;

    // Through text, which is what suites are parsed from.
    let sign = if nanos < 0 { "-" } else { "" };
    let nanos = nanos.unsigned_abs();
    let text = match (nanos / SECOND, nanos % SECOND) {
        (seconds, 0) => format!("{sign}{seconds}"),
        (seconds, nanos) => format!("{sign}{seconds}.{nanos:09}"),
    };
    serde_json::from_str(&text).unwrap_or_default()
}

/// A union.
pub fn member(name: &str, value: Value) -> Value {
    Value::Object(Map::from_iter([(name.to_owned(), value)]))
}

/// A union with a member that the client does not know.
pub fn unknown_member(name: &str) -> Value {
    member("SDK_UNKNOWN_MEMBER", json!({ "name": name }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_look_as_in_suites() {
        assert_eq!(float(&1.2_f32), json!(1.2));
        assert_eq!(float(&f64::NAN), json!("NaN"));
        assert_eq!(float(&f32::NEG_INFINITY), json!("-Infinity"));
        assert_eq!(timestamp(5_000_000_000), json!(5));
        assert_eq!(timestamp(-1_500_000_000), json!(-1.5));
    }
}
