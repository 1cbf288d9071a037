//! What operations say about signing, tokens, compression and checksums, through the client.

#[allow(dead_code, missing_docs, reason = "other tests use the rest")]
#[path = "../support/weather.rs"]
mod weather;

mod additions;
mod auth;
#[cfg(feature = "event-stream")]
mod events;
mod payloads;
mod streams;

use std::collections::VecDeque;
use std::convert::Infallible;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http::header::{CONTENT_ENCODING, HeaderName, HeaderValue};
use http::{HeaderMap, Method, Request, Response};
use http_body::{Body as HttpBody, Frame, SizeHint};
use http_body_util::{BodyExt, Full};
use lean_aws_runtime::credentials::{CredentialsError, source_fn};
use lean_aws_runtime::support::RequestWriter;
use lean_aws_runtime::support::ResponseBody;
use lean_aws_runtime::support::Service as Weather;
use lean_aws_runtime::support::Success;
use lean_aws_runtime::support::idempotency::fill_random_tokens;
use lean_aws_runtime::support::{checksum, compression, required_length};
use lean_aws_runtime::{
    Auth, Body, CallOptions, ClientBuilder, Config, Credentials, Endpoint, Error, Operation, RequestSettings,
    ResponseMetadata, Retries,
};
use tower_service::Service;

use self::weather::{Client, WEATHER};

const TOKEN: HeaderName = HeaderName::from_static("x-token");

/// A request as the transport got it.
struct Sent {
    headers: HeaderMap,
    uri: http::Uri,
    /// What the transport could have known of the length beforehand.
    size: SizeHint,
    body: Bytes,
}

impl Sent {
    fn header(&self, name: &str) -> Option<&str> {
        Some(self.headers.get(name)?.to_str().unwrap())
    }
}

/// Answers with these statuses, and then 200.
#[derive(Clone)]
struct Server {
    answers: Arc<Mutex<VecDeque<u16>>>,
    sent: Arc<Mutex<Vec<Sent>>>,
}

impl Server {
    fn new(answers: &[u16]) -> Self {
        Self {
            answers: Arc::new(Mutex::new(answers.iter().copied().collect())),
            sent: Arc::default(),
        }
    }

    fn client(&self) -> ClientBuilder<Client> {
        Client::builder()
            .region("eu-west-1")
            .endpoint_url("http://localhost")
            .retries(Retries::new().max_backoff(Duration::from_millis(1)))
            .transport(self.clone())
    }

    fn signing_client(&self) -> ClientBuilder<Client> {
        self.client()
            .credentials(Credentials::new("id", "secret", None, None, "test"))
    }

    fn sent(&self) -> Vec<Sent> {
        std::mem::take(&mut self.sent.lock().unwrap())
    }

    fn only(&self) -> Sent {
        let mut sent = self.sent();
        assert_eq!(sent.len(), 1);
        sent.remove(0)
    }
}

impl Service<Request<Body>> for Server {
    type Response = Response<Full<Bytes>>;
    type Error = Infallible;
    type Future = std::pin::Pin<Box<dyn Future<Output = Result<Self::Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        let server = self.clone();
        Box::pin(async move {
            let (head, body) = request.into_parts();
            let size = body.size_hint();
            let body = body.collect().await.unwrap().to_bytes();
            server.sent.lock().unwrap().push(Sent {
                headers: head.headers,
                uri: head.uri,
                size,
                body,
            });
            let status = server.answers.lock().unwrap().pop_front().unwrap_or(200);
            Ok(Response::builder().status(status).body(Full::default()).unwrap())
        })
    }
}

/// An operation in the form in which the generator writes one.
macro_rules! operation {
    ($name:ident, { $($item:item)* }) => {
        #[derive(Default)]
        struct $name {
            body: Option<Body>,
            token: Option<String>,
            encoding: Option<String>,
        }

        impl lean_aws_runtime::support::Sealed for $name {}

        impl Operation for $name {
            const NAME: &'static str = stringify!($name);
            const SERVICE: &'static Weather = &WEATHER;
            type Output = ResponseMetadata;
            type Error = weather::Error;

            $($item)*

            fn fill_idempotency_tokens(&mut self, token: &dyn Fn() -> String) {
                self.token.get_or_insert_with(token);
            }

            fn into_request(mut self, endpoint: &Endpoint) -> Result<Request<Body>, Error> {
                fill_random_tokens(&mut self)?;
                let mut request = RequestWriter::new::<Self>(Method::POST, endpoint);
                request.host("data-");
                request.literal("/");
                request.header(TOKEN, "Token", self.token);
                request.header(CONTENT_ENCODING, "Encoding", self.encoding);
                request.payload(self.body, "application/octet-stream");
                request.finish()
            }

            async fn parse_response(response: Response<ResponseBody>) -> Result<ResponseMetadata, Error> {
                let mut response = Success::check::<Self>(response).await?;
                response.skip_body().await?;
                response.finish()
            }
        }
    };
}

operation!(Signed, {});
operation!(Open, {
    const AUTH: Auth = Auth::None;
});
operation!(Upload, {
    const AUTH: Auth = Auth::SigV4UnsignedPayload;
});
operation!(Sized, {
    const AUTH: Auth = Auth::SigV4UnsignedPayload;

    async fn prepare(request: &mut Request<Body>, _: RequestSettings) -> Result<(), Error> {
        required_length::required_length(request).await
    }
});
operation!(Compressed, {
    async fn prepare(request: &mut Request<Body>, settings: RequestSettings) -> Result<(), Error> {
        compression::gzip(request, settings).await?;
        checksum::content_md5(request).await
    }
});
operation!(CompressedStream, {
    async fn prepare(request: &mut Request<Body>, settings: RequestSettings) -> Result<(), Error> {
        compression::gzip_stream(request, settings).await
    }
});

/// A body in pieces whose length is not known.
fn stream(content: &'static str) -> Body {
    struct Pieces(std::slice::Chunks<'static, u8>);

    impl HttpBody for Pieces {
        type Data = Bytes;
        type Error = Infallible;

        fn poll_frame(
            mut self: std::pin::Pin<&mut Self>,
            _: &mut Context<'_>,
        ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
            Poll::Ready(self.0.next().map(|piece| Ok(Frame::data(Bytes::from_static(piece)))))
        }
    }

    Body::from_http_body(Pieces(content.as_bytes().chunks(3)))
}

fn tempfile(content: &[u8]) -> std::path::PathBuf {
    let name = format!("lean-aws-runtime-{}-{}", std::process::id(), fastrand::u64(..));
    let path = std::env::temp_dir().join(name);
    std::fs::write(&path, content).unwrap();
    path
}
