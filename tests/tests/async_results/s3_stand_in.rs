//! A stand-in for S3 and SageMaker Runtime, as the transport of clients.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};

use bytes::Bytes;
use http::{Request, Response};
use http_body::{Body as HttpBody, Frame, SizeHint};
use http_body_util::BodyExt;
use sagemaker_runtime::{Body, Credentials, Retries};
use tokio::time::Instant;
use tower_service::Service;

/// A request that has come.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    pub(crate) method: String,
    path: String,
    region: String,
    second: u64,
    pub(crate) body: Bytes,
    pub(crate) headers: http::HeaderMap,
}

impl Asked {
    /// `/bucket/key`.
    pub(crate) fn path(&self) -> &str {
        &self.path
    }

    /// The one that it was signed for.
    pub(crate) fn region(&self) -> &str {
        &self.region
    }
}

/// The payload of an answer.
pub(crate) struct Content {
    chunk: Option<Bytes>,
    length: u64,
}

/// What is there, and then silence if that is not all.
impl HttpBody for Content {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        match self.chunk.take().filter(|chunk| !chunk.is_empty()) {
            Some(chunk) => {
                self.length -= chunk.len() as u64;
                Poll::Ready(Some(Ok(Frame::data(chunk))))
            }
            None if self.length > 0 => Poll::Pending,
            None => Poll::Ready(None),
        }
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.length)
    }
}

/// What a stand-in answers.
pub(crate) struct Answer(Option<Response<Content>>);

impl Answer {
    pub(crate) fn new(status: u16, headers: &[(&str, &str)], body: &str) -> Self {
        let response = Response::builder().status(status).header("x-amz-request-id", "1f2e");
        let response = headers
            .iter()
            .fold(response, |response, (name, value)| response.header(*name, *value));
        let content = Content {
            chunk: Some(body.to_owned().into()),
            length: body.len() as u64,
        };
        Self(Some(response.body(content).unwrap()))
    }

    /// An object of this length, of which only this much comes.
    pub(crate) fn beginning(content: &str, length: u64) -> Self {
        let mut answer = Self::object(content);
        if let Some(response) = &mut answer.0 {
            response.body_mut().length = length;
            response.headers_mut().insert("content-length", length.into());
        }
        answer
    }

    pub(crate) fn object(content: &str) -> Self {
        Self::new(200, &[("content-length", &content.len().to_string())], content)
    }

    pub(crate) fn error(status: u16, code: &str) -> Self {
        let body = format!("<Error><Code>{code}</Code><Message>m</Message></Error>");
        Self::new(status, &[], &body)
    }

    pub(crate) fn missing() -> Self {
        Self::error(404, "NoSuchKey")
    }

    pub(crate) fn forbidden() -> Self {
        Self::error(403, "AccessDenied")
    }

    pub(crate) fn redirect(region: &str) -> Self {
        let body = "<Error><Code>PermanentRedirect</Code><Message>m</Message></Error>";
        Self::new(301, &[("x-amz-bucket-region", region)], body)
    }

    /// None.
    pub(crate) fn silence() -> Self {
        Self(None)
    }
}

type Handler = dyn Fn(&Asked, u64) -> Answer + Send + Sync;

/// The stand-in.
#[derive(Clone)]
pub(crate) struct StandIn {
    handler: Arc<Handler>,
    begin: Instant,
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl StandIn {
    /// Answers a request with what the handler says, which knows how many seconds have passed.
    pub(crate) fn new(handler: impl Fn(&Asked, u64) -> Answer + Send + Sync + 'static) -> Self {
        Self {
            handler: Arc::new(handler),
            begin: Instant::now(),
            asked: Arc::default(),
        }
    }

    /// A client of S3.
    pub(crate) fn client(&self) -> s3::Client {
        s3::Client::from_config(&self.config()).unwrap()
    }

    /// A client of SageMaker Runtime.
    pub(crate) fn runtime_client(&self) -> sagemaker_runtime::Client {
        sagemaker_runtime::Client::from_config(&self.config()).unwrap()
    }

    fn config(&self) -> sagemaker_runtime::Config {
        let config = sagemaker_runtime::Config::builder()
            .region("us-east-1")
            .credentials(Credentials::new("AKID", "SECRET", None, None, "test"))
            .retries(Retries::none())
            .transport(self.clone());
        config.build().unwrap()
    }

    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }

    pub(crate) fn paths(&self) -> Vec<String> {
        self.asked().into_iter().map(|asked| asked.path).collect()
    }

    pub(crate) fn regions(&self) -> Vec<String> {
        self.asked().into_iter().map(|asked| asked.region).collect()
    }

    /// When requests have come.
    pub(crate) fn seconds(&self) -> Vec<u64> {
        self.asked().into_iter().map(|asked| asked.second).collect()
    }
}

impl Service<Request<Body>> for StandIn {
    type Response = Response<Content>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        let stand_in = self.clone();
        Box::pin(async move {
            let (head, body) = request.into_parts();
            let body = body.collect().await.unwrap().to_bytes();
            let authorization = head.headers["authorization"].to_str().unwrap();
            // `bucket.s3.region.amazonaws.com`, of which the stand-in makes a path again.
            let host = head.uri.host().unwrap();
            let bucket = host
                .split_once(".s3.")
                .map_or(String::new(), |(bucket, _)| format!("/{bucket}"));
            let asked = Asked {
                method: head.method.to_string(),
                path: format!("{bucket}{}", head.uri.path()),
                region: authorization.split('/').nth(2).unwrap().to_owned(),
                second: stand_in.begin.elapsed().as_secs(),
                body,
                headers: head.headers.clone(),
            };
            let answer = (stand_in.handler)(&asked, asked.second);
            stand_in.asked.lock().unwrap().push(asked);
            match answer.0 {
                Some(response) => Ok(response),
                None => std::future::pending().await,
            }
        })
    }
}
