//! What operations say about signing, tokens, compression and checksums, through the client.

#[allow(dead_code, missing_docs, reason = "other tests use the rest")]
#[path = "support/weather.rs"]
mod weather;

use std::collections::VecDeque;
use std::convert::Infallible;
use std::io::Read;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use flate2::read::GzDecoder;
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
    Auth, Body, CallOptions, ClientBuilder, Config, Credentials, Endpoint, Error, Operation, RequestSettings, Retries,
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
            type Output = ();
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
                request.header(TOKEN, "Token", self.token)?;
                request.header(CONTENT_ENCODING, "Encoding", self.encoding)?;
                request.payload(self.body, "application/octet-stream");
                request.finish()
            }

            async fn parse_response(response: Response<ResponseBody>) -> Result<(), Error> {
                Success::check::<Self>(response).await?.finish().await?;
                Ok(())
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

fn unzipped(bytes: &[u8]) -> Vec<u8> {
    let mut content = Vec::new();
    GzDecoder::new(bytes).read_to_end(&mut content).unwrap();
    content
}

#[tokio::test]
async fn an_operation_without_signature_needs_no_credentials() {
    let server = Server::new(&[503]);
    let none = source_fn(|| async { Err(CredentialsError::not_configured("there is no vault")) });
    let client = server.client().credentials(none).build().unwrap();
    let body = Some(Body::from("a"));
    client
        .call(Open {
            body,
            ..Open::default()
        })
        .await
        .unwrap();
    let sent = server.sent();
    assert_eq!(sent.len(), 2);
    for request in sent {
        assert_eq!(request.body, "a");
        for name in ["authorization", "x-amz-date", "x-amz-content-sha256"] {
            assert_eq!(request.header(name), None);
        }
        assert!(request.header("amz-sdk-invocation-id").is_some());
    }
    // One that is signed needs them all the same, from the client or for this call.
    let error = client.call(Signed::default()).await.unwrap_err();
    assert!(error.is_credentials());
    let expected = "Signed failed: there is no vault [hint: set environment variables or a profile, or give this machine a \
        role]";
    assert_eq!(error.to_string(), expected);
    assert!(server.sent().is_empty());
    let options = CallOptions::new().credentials(Credentials::new("id", "secret", None, None, "test"));
    client.call_with(Signed::default(), options).await.unwrap();
    assert!(server.only().header("authorization").is_some());
}

#[tokio::test]
async fn clients_of_one_configuration_ask_for_credentials_once() {
    let server = Server::new(&[]);
    let asked = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&asked);
    let source = source_fn(move || {
        counted.fetch_add(1, Ordering::SeqCst);
        async { Ok(Credentials::new("id", "secret", None, None, "test")) }
    });
    let config = Config::builder()
        .region("eu-west-1")
        .endpoint_url("http://localhost")
        .credentials(source)
        .transport(server.clone())
        .build()
        .unwrap();
    for _ in 0..2 {
        let client = Client::builder().config(&config).build().unwrap();
        client.call(Signed::default()).await.unwrap();
    }
    assert_eq!(server.sent().len(), 2);
    assert_eq!(asked.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn credentials_do_not_go_to_operations_without_signature() {
    let server = Server::new(&[]);
    server
        .signing_client()
        .build()
        .unwrap()
        .call(Open::default())
        .await
        .unwrap();
    assert_eq!(server.only().header("authorization"), None);
}

#[tokio::test]
async fn payloads_that_are_not_signed() {
    let server = Server::new(&[]);
    let client = server.signing_client().build().unwrap();
    let body = Some(stream("0123456789"));
    client
        .call(Upload {
            body,
            ..Upload::default()
        })
        .await
        .unwrap();
    let sent = server.only();
    assert_eq!(sent.body, "0123456789");
    assert_eq!(sent.size.exact(), None, "it has not been collected");
    assert_eq!(sent.header("content-length"), None);
    assert_eq!(sent.header("x-amz-content-sha256"), Some("UNSIGNED-PAYLOAD"));
    let authorization = sent.header("authorization").unwrap();
    assert!(
        authorization.contains("x-amz-content-sha256;x-amz-date"),
        "{authorization}"
    );

    let body = Some(Body::from_http_body(Full::new(Bytes::from("0123"))));
    client
        .call(Upload {
            body,
            ..Upload::default()
        })
        .await
        .unwrap();
    assert_eq!(server.only().header("content-length"), Some("4"));

    let body = Some(stream("0123456789"));
    client
        .call(Sized {
            body,
            ..Sized::default()
        })
        .await
        .unwrap();
    assert_eq!(server.only().header("content-length"), Some("10"));

    // What is signed is collected before.
    let body = Some(stream("0123456789"));
    client
        .call(Signed {
            body,
            ..Signed::default()
        })
        .await
        .unwrap();
    let sent = server.only();
    assert_eq!(sent.header("content-length"), Some("10"));
    assert_eq!(sent.header("x-amz-content-sha256"), None);
}

#[tokio::test]
async fn a_stream_is_sent_once() {
    let server = Server::new(&[503]);
    let client = server.signing_client().build().unwrap();
    let body = Some(stream("0123456789"));
    let error = client
        .call(Upload {
            body,
            ..Upload::default()
        })
        .await
        .unwrap_err();
    assert_eq!(server.sent().len(), 1);
    let expected = "not tried again because its payload is a stream, which is there only once";
    assert!(error.to_string().contains(expected), "{error}");

    let server = Server::new(&[503, 503]);
    let client = server.signing_client().build().unwrap();
    let file = tempfile(b"content");
    let body = Some(Body::from_path(&file));
    client
        .call(Upload {
            body,
            ..Upload::default()
        })
        .await
        .unwrap();
    let sent = server.sent();
    assert_eq!(sent.len(), 3);
    assert!(sent.iter().all(|request| request.body == "content"));
    assert!(sent.iter().all(|request| request.header("content-length") == Some("7")));
    std::fs::remove_file(file).unwrap();
}

/// A body that goes on without end.
struct Endless;

impl HttpBody for Endless {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        self: std::pin::Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let piece = Bytes::from_static(&[0; 64 << 10]);
        Poll::Ready(Some(Ok(Frame::data(piece))))
    }
}

/// A server that goes away while it is sent to, and how far the request came, as the error tells.
async fn cut_off(body: Body) -> String {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let client = Client::builder()
        .region("eu-west-1")
        .endpoint_url(format!("http://{}", listener.local_addr().unwrap()))
        .credentials(Credentials::new("id", "secret", None, None, "test"))
        .disable_host_prefix(true)
        .no_proxy()
        .retries(Retries::none())
        .build()
        .unwrap();
    let serving = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        stream.read_exact(&mut [0; 1 << 20]).unwrap();
    });
    let call = Upload {
        body: Some(body),
        ..Upload::default()
    };
    let error = client.call(call).await.unwrap_err();
    serving.join().unwrap();
    assert!(error.is_connection(), "{error}");
    let text = error.to_string();
    let (_, far) = text.split_once("broke before an answer came, after ").expect(&text);
    far.to_owned()
}

#[tokio::test]
async fn a_break_while_a_request_is_sent_tells_how_far_it_came() {
    let told = cut_off(vec![0; 64_000_000].into()).await;
    let (sent, rest) = told.split_once(" of ").unwrap();
    assert_eq!(rest, "64.0 MB of the request had been sent [1 attempt]");
    assert!((1.0..64.0).contains(&sent.parse().unwrap()), "{told}");

    let told = cut_off(Body::from_http_body(Endless)).await;
    let (sent, rest) = told.split_once(" MB ").unwrap();
    assert_eq!(rest, "of the request had been sent [1 attempt]");
    assert!(sent.parse::<f64>().unwrap() >= 1.0, "{told}");
}

fn tempfile(content: &[u8]) -> std::path::PathBuf {
    let name = format!("lean-aws-runtime-{}-{}", std::process::id(), fastrand::u64(..));
    let path = std::env::temp_dir().join(name);
    std::fs::write(&path, content).unwrap();
    path
}

#[tokio::test]
async fn a_call_has_one_idempotency_token() {
    let server = Server::new(&[503, 503]);
    let made = Arc::new(AtomicUsize::new(0));
    let count = made.clone();
    let tokens = move || format!("token-{}", count.fetch_add(1, Ordering::Relaxed));
    let client = server.signing_client().idempotency_tokens(tokens).build().unwrap();
    client.call(Signed::default()).await.unwrap();
    let sent = server.sent();
    let tokens: Vec<_> = sent.iter().map(|request| request.header("x-token").unwrap()).collect();
    assert_eq!(tokens, ["token-0"; 3]);

    client.call(Signed::default()).await.unwrap();
    assert_eq!(server.only().header("x-token"), Some("token-1"));

    let token = Some("mine".to_owned());
    client
        .call(Signed {
            token,
            ..Signed::default()
        })
        .await
        .unwrap();
    assert_eq!(server.only().header("x-token"), Some("mine"));
    assert_eq!(made.load(Ordering::Relaxed), 2);
}

#[tokio::test]
async fn idempotency_tokens_are_random() {
    let server = Server::new(&[503]);
    let client = server.signing_client().build().unwrap();
    client.call(Signed::default()).await.unwrap();
    client.call(Signed::default()).await.unwrap();
    let sent = server.sent();
    let tokens: Vec<_> = sent.iter().map(|request| request.header("x-token").unwrap()).collect();
    assert_eq!(tokens[0], tokens[1]);
    assert_ne!(tokens[1], tokens[2]);
    assert_eq!(tokens[0].len(), 36);
    // Without a client as well.
    let endpoint = Endpoint::new("http://localhost").unwrap();
    let request = Signed::default().into_request(&endpoint).unwrap();
    assert_eq!(request.headers()[TOKEN].len(), 36);
}

#[tokio::test]
async fn prefixes_of_hosts_can_be_switched_off() {
    let server = Server::new(&[]);
    let call = async |client: ClientBuilder<Client>| {
        client.build().unwrap().call(Signed::default()).await.unwrap();
        server.only().uri.to_string()
    };
    assert_eq!(call(server.signing_client()).await, "http://data-localhost/");
    assert_eq!(
        call(server.signing_client().disable_host_prefix(true)).await,
        "http://localhost/"
    );
}

#[tokio::test]
async fn payloads_are_compressed_from_a_size_on() {
    let server = Server::new(&[503]);
    let client = server.signing_client().build().unwrap();
    let call = async |client: &Client, length: usize, encoding: Option<&str>| {
        let input = Compressed {
            body: Some(Body::from("x".repeat(length))),
            encoding: encoding.map(str::to_owned),
            ..Compressed::default()
        };
        client.call(input).await.unwrap();
        let mut sent = server.sent();
        sent.pop().unwrap()
    };
    // After an error it is the same request.
    let sent = call(&client, 10_240, None).await;
    assert_eq!(sent.header("content-encoding"), Some("gzip"));
    assert_eq!(sent.header("content-length"), Some(&*sent.body.len().to_string()));
    assert_eq!(unzipped(&sent.body), "x".repeat(10_240).as_bytes());
    let signed = sent.header("authorization").unwrap();
    assert!(signed.contains("content-encoding;content-md5;"), "{signed}");

    let sent = call(&client, 10_240, Some("custom")).await;
    assert_eq!(sent.header("content-encoding"), Some("custom, gzip"));

    let sent = call(&client, 10_239, Some("custom")).await;
    assert_eq!(sent.header("content-encoding"), Some("custom"));
    assert_eq!(sent.body.len(), 10_239);

    let small = server
        .signing_client()
        .request_min_compression_size_bytes(1)
        .build()
        .unwrap();
    assert_eq!(call(&small, 1, None).await.header("content-encoding"), Some("gzip"));
    assert_eq!(call(&small, 0, None).await.header("content-encoding"), None);

    let never = server
        .signing_client()
        .disable_request_compression(true)
        .build()
        .unwrap();
    assert_eq!(call(&never, 20_000, None).await.header("content-encoding"), None);
}

#[tokio::test]
async fn streams_are_compressed() {
    let server = Server::new(&[]);
    let client = server.signing_client().build().unwrap();
    let body = Some(stream("0123456789"));
    client
        .call(Compressed {
            body,
            ..Compressed::default()
        })
        .await
        .unwrap();
    let sent = server.only();
    assert_eq!(sent.header("content-encoding"), Some("gzip"));
    assert_eq!(unzipped(&sent.body), b"0123456789");

    let body = Some(Body::from("short"));
    client
        .call(CompressedStream {
            body,
            ..CompressedStream::default()
        })
        .await
        .unwrap();
    assert_eq!(unzipped(&server.only().body), b"short");

    let file = tempfile(&[b'x'; 20_000]);
    let body = Some(Body::from_path(&file));
    client
        .call(Compressed {
            body,
            ..Compressed::default()
        })
        .await
        .unwrap();
    assert_eq!(unzipped(&server.only().body), [b'x'; 20_000]);
    std::fs::remove_file(file).unwrap();
}

#[test]
fn sizes_to_compress_from() {
    for size in [0, 1_048_577] {
        let error = Server::new(&[])
            .client()
            .request_min_compression_size_bytes(size)
            .build()
            .unwrap_err();
        let expected = format!("payloads cannot be compressed from {size} bytes on: it must be 1 to 1048576");
        assert_eq!(error.to_string(), expected);
    }
    let client = Server::new(&[]).client();
    assert!(client.request_min_compression_size_bytes(1_048_576).build().is_ok());
}

#[tokio::test]
async fn checksums_of_payloads() {
    let server = Server::new(&[]);
    let client = server.signing_client().build().unwrap();
    // The checksums are those of RFC 1321, A.5.
    let file = tempfile(b"abc");
    for (body, expected) in [
        (Body::empty(), "1B2M2Y8AsgTpgAmY7PhCfg=="),
        (Body::from("abc"), "kAFQmDzST7DWlj99KOF/cg=="),
        (Body::from_path(&file), "kAFQmDzST7DWlj99KOF/cg=="),
    ] {
        let body = Some(body);
        client
            .call(Compressed {
                body,
                ..Compressed::default()
            })
            .await
            .unwrap();
        assert_eq!(server.only().header("content-md5"), Some(expected));
    }
    std::fs::remove_file(file).unwrap();
    let own = CallOptions::new().header(HeaderName::from_static("content-md5"), HeaderValue::from_static("own"));
    client.call_with(Compressed::default(), own).await.unwrap();
    assert_eq!(server.only().header("content-md5"), Some("own"));
    let missing = Some(Body::from_path("/no/such/file"));
    let error = client
        .call(Compressed {
            body: missing,
            ..Compressed::default()
        })
        .await
        .unwrap_err();
    assert!(error.is_input());
    assert_eq!(
        error.to_string(),
        "Compressed failed: the payload of the request cannot be read"
    );
}
