//! What S3 has and other services have not, by operations in the form in which the generator writes them.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use http::header::{CONTENT_LENGTH, HeaderValue};
use http::{HeaderMap, Method, Request, Response, Uri};
use http_body::{Body as HttpBody, Frame};
use http_body_util::{BodyExt, Full};
use lean_aws_runtime::support::{
    CoreClient, ErrorFormat, PresignedPayload, RequestWriter, ResponseBody, Sealed, Service as Description,
    ServiceClient, ServiceInfo, Success, http_checksum,
};
use lean_aws_runtime::{
    Auth, Body, ByteStream, Caller, ClientBuilder, Credentials, Endpoint, Error, Operation, OperationOutput,
    RequestSettings, ResponseMetadata, Retries,
};
use tower_service::Service;

static STORE: Description = Description {
    info: ServiceInfo {
        id: "Store",
        package: "store",
        version: "1.2.3",
        signing_name: "s3",
        s3_signatures: true,
        endpoint_url_variable: "AWS_ENDPOINT_URL_STORE",
        read_timeout: Duration::from_secs(60),
        always_signs: true,
        has_host_prefixes: false,
        compresses: false,
        operations_choose_endpoints: false,
        error_format: ErrorFormat::Xml,
        error_message: &[],
        retried_codes: &[],
        transient_statuses: &[],
        codes_by_status: &[(404, "NotFound")],
        region_header: Some("x-amz-bucket-region"),
        hints: &[],
    },
    resolve_endpoint: |params| Endpoint::parse(params.endpoint.unwrap_or("https://store.example.com")),
    parse_error: |_, _| None,
};

#[derive(Clone)]
struct Client(CoreClient);

impl ServiceClient for Client {
    type Error = Error;

    const SERVICE: &'static Description = &STORE;

    fn from_core(core: CoreClient) -> Self {
        Self(core)
    }
}

/// An output with one member.
#[derive(Debug)]
struct Answer<T> {
    value: T,
    metadata: ResponseMetadata,
}

impl<T> OperationOutput for Answer<T> {
    fn response_metadata(&self) -> &ResponseMetadata {
        &self.metadata
    }
}

/// An operation with the key of an object in its path.
macro_rules! operation {
    ($name:ident, $method:ident, $output:ty, { $($item:item)* }, |$response:ident| $parse:expr) => {
        struct $name {
            key: &'static str,
            body: Option<Body>,
            length: Option<i64>,
        }

        impl Sealed for $name {}

        impl Operation for $name {
            type Error = Error;
            type Output = $output;

            const NAME: &'static str = stringify!($name);
            const SERVICE: &'static Description = &STORE;

            $($item)*

            fn into_request(self, endpoint: &Endpoint) -> Result<Request<Body>, Error> {
                let mut request = RequestWriter::new::<Self>(Method::$method, endpoint);
                request.literal("/");
                request.greedy_label("Key", self.key);
                request.header(CONTENT_LENGTH, "ContentLength", self.length);
                request.payload(self.body, "application/octet-stream");
                request.finish()
            }

            async fn parse_response(response: Response<ResponseBody>) -> Result<Self::Output, Error> {
                let mut $response = Success::check::<Self>(response).await?;
                $parse
            }
        }

        impl $name {
            fn of(key: &'static str) -> Self {
                Self { key, body: None, length: None }
            }
        }
    };
}

operation!(
    Get,
    GET,
    Answer<ByteStream>,
    {
        async fn prepare(request: &mut Request<Body>, settings: RequestSettings) -> Result<(), Error> {
            http_checksum::ask(request, settings);
            Ok(())
        }
    },
    |response| {
        let _ = &mut response;
        let (value, metadata) = response.into_checked_body()?;
        Ok(Answer { value, metadata })
    }
);
operation!(
    Put,
    PUT,
    ResponseMetadata,
    {
        const AUTH: Auth = Auth::SigV4UnsignedOverTls;

        async fn prepare(request: &mut Request<Body>, settings: RequestSettings) -> Result<(), Error> {
            http_checksum::add(request, settings, false, true).await
        }
    },
    |response| {
        response.skip_body().await?;
        response.finish()
    }
);
operation!(Complete, POST, Answer<Option<String>>, {}, |response| {
    let body = response.read_body().await?;
    let mut tag = None;
    response.read_xml(&body, |xml| {
        while let Some(name) = xml.next_child()? {
            match name {
                "ETag" => xml.fill(&mut tag)?,
                _ => xml.skip()?,
            }
        }
        Ok(())
    })?;
    Ok(Answer {
        value: tag,
        metadata: response.finish()?,
    })
});

/// A request as the transport got it, with its body.
type Sent = (http::request::Parts, Bytes);

/// Gives the same answer to all requests.
#[derive(Clone)]
struct Server {
    answer: Arc<dyn Fn() -> Response<&'static str> + Send + Sync>,
    sent: Arc<Mutex<Vec<Sent>>>,
}

impl Server {
    fn new(answer: impl Fn() -> Response<&'static str> + Send + Sync + 'static) -> Self {
        Self {
            answer: Arc::new(answer),
            sent: Arc::default(),
        }
    }

    fn builder(&self) -> ClientBuilder<Client> {
        ClientBuilder::new()
            .region("eu-west-1")
            .credentials(Credentials::new("id", "secret", None, None, "test"))
            .retries(Retries::new().max_backoff(Duration::from_millis(1)))
            .transport(self.clone())
    }

    fn only(&self) -> Sent {
        let mut sent = std::mem::take(&mut *self.sent.lock().unwrap());
        assert_eq!(sent.len(), 1);
        sent.remove(0)
    }
}

impl Service<Request<Body>> for Server {
    type Response = Response<Full<Bytes>>;
    type Error = Box<dyn std::error::Error + Send + Sync>;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Self::Error>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        let server = self.clone();
        Box::pin(async move {
            let (head, body) = request.into_parts();
            let body = body.collect().await?.to_bytes();
            server.sent.lock().unwrap().push((head, body));
            Ok((server.answer)().map(Full::from))
        })
    }
}

fn ok() -> Response<&'static str> {
    Response::new("")
}

async fn call<O: Operation<Error = Error> + 'static>(client: &Client, input: O) -> Result<O::Output, Error> {
    client.0.call(input).await
}

fn text<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers.get(name).map(|value| value.to_str().unwrap())
}

/// A stream that may tell its length.
struct Pieces(std::slice::Chunks<'static, u8>, Option<u64>);

impl HttpBody for Pieces {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        Poll::Ready(self.0.next().map(|piece| Ok(Frame::data(Bytes::from_static(piece)))))
    }

    fn size_hint(&self) -> http_body::SizeHint {
        self.1
            .map_or_else(http_body::SizeHint::new, http_body::SizeHint::with_exact)
    }
}

fn stream(length: Option<u64>) -> Body {
    Body::from_http_body(Pieces(b"hello".chunks(2), length))
}

#[tokio::test]
async fn keys_are_sent_as_they_are() {
    let server = Server::new(ok);
    let client = server.builder().build().unwrap();
    call(&client, Get::of("a b/../c+d~é//x")).await.unwrap();
    let (head, _) = server.only();
    assert_eq!(head.uri.path(), "/a%20b/../c%2Bd~%C3%A9//x");
    let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    assert_eq!(text(&head.headers, "x-amz-content-sha256"), Some(empty));
    assert_eq!(text(&head.headers, "x-amz-checksum-mode"), Some("ENABLED"));
    let authorization = text(&head.headers, "authorization").unwrap();
    assert!(
        authorization.contains("x-amz-checksum-mode;x-amz-content-sha256;x-amz-date"),
        "{authorization}"
    );
}

#[tokio::test]
async fn payloads_that_tls_protects_are_not_hashed_for_the_signature() {
    let server = Server::new(ok);
    let client = server.builder().build().unwrap();
    let put = |body| Put {
        body: Some(body),
        ..Put::of("k")
    };
    call(&client, put("hello".into())).await.unwrap();
    let (head, body) = server.only();
    assert_eq!(text(&head.headers, "x-amz-content-sha256"), Some("UNSIGNED-PAYLOAD"));
    assert_eq!(text(&head.headers, "x-amz-checksum-crc32"), Some("NhCmhg=="));
    assert_eq!(text(&head.headers, "x-amz-sdk-checksum-algorithm"), Some("CRC32"));
    assert_eq!(text(&head.headers, "content-length"), Some("5"));
    assert_eq!(body, "hello");

    // Without TLS it is.
    let client = server.builder().endpoint_url("http://localhost").build().unwrap();
    call(&client, put("hello".into())).await.unwrap();
    let (head, _) = server.only();
    let hash = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";
    assert_eq!(text(&head.headers, "x-amz-content-sha256"), Some(hash));
    assert_eq!(text(&head.headers, "x-amz-checksum-crc32"), Some("NhCmhg=="));

    let client = server.builder().request_checksums(false).build().unwrap();
    call(&client, put("hello".into())).await.unwrap();
    let (head, _) = server.only();
    assert_eq!(text(&head.headers, "x-amz-checksum-crc32"), None);
    assert_eq!(text(&head.headers, "x-amz-sdk-checksum-algorithm"), None);
}

#[tokio::test]
async fn the_checksum_of_a_stream_follows_it() {
    let server = Server::new(ok);
    let client = server.builder().build().unwrap();
    let encoded = "5\r\nhello\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\n\r\n";
    // The length is the stream's own, or the caller's.
    for (body, length) in [(stream(Some(5)), None), (stream(None), Some(5))] {
        let input = Put {
            body: Some(body),
            length,
            ..Put::of("k")
        };
        call(&client, input).await.unwrap();
        let (head, body) = server.only();
        assert_eq!(body, encoded);
        let length = encoded.len().to_string();
        for (name, expected) in [
            ("content-length", length.as_str()),
            ("content-encoding", "aws-chunked"),
            ("x-amz-decoded-content-length", "5"),
            ("x-amz-trailer", "x-amz-checksum-crc32"),
            ("x-amz-content-sha256", "STREAMING-UNSIGNED-PAYLOAD-TRAILER"),
        ] {
            assert_eq!(text(&head.headers, name), Some(expected));
        }
    }
    let input = Put {
        body: Some(stream(None)),
        ..Put::of("k")
    };
    let error = call(&client, input).await.unwrap_err();
    assert!(error.is_input(), "{error}");
    let source = std::error::Error::source(&error).expect("there is a cause");
    assert!(
        source.to_string().starts_with("the length of the stream is not known"),
        "{source}"
    );
}

#[tokio::test]
async fn responses_are_checked_by_their_checksum() {
    for (name, checksum, expected) in [
        ("x-amz-checksum-crc32", "NhCmhg==", None),
        ("x-amz-checksum-crc64nvme", "M3eFcAZSQlc=", None),
        ("x-amz-checksum-crc32", "AAAAAA==", Some("CRC32")),
        ("x-amz-checksum-sha1", "AAAAAA==", Some("SHA1")),
        // Of the checksums of parts, or in an algorithm that is not ours.
        ("x-amz-checksum-crc32", "AAAAAA==-3", None),
        ("x-amz-checksum-xxhash64", "AAAAAA==", None),
    ] {
        let server = Server::new(move || {
            let mut response = Response::new("hello");
            response.headers_mut().insert(name, HeaderValue::from_static(checksum));
            response
        });
        let client = server.builder().build().unwrap();
        let result = call(&client, Get::of("k")).await.unwrap().value.bytes().await;
        match (result, expected) {
            (Ok(bytes), None) => assert_eq!(bytes, "hello"),
            (Err(error), Some(algorithm)) => {
                assert!(error.is_response() && error.is_retryable(), "{error}");
                assert!(
                    error
                        .to_string()
                        .contains(&format!("does not have the {algorithm} checksum")),
                    "{error}"
                );
            }
            (result, _) => panic!("{name}: {result:?}"),
        }
    }
}

#[tokio::test]
async fn an_error_after_a_status_of_success_is_retried() {
    let server = Server::new(|| {
        Response::new("  \n<?xml version=\"1.0\"?><Error><Code>InternalError</Code><Message>again</Message></Error>")
    });
    let client = server.builder().build().unwrap();
    let error = call(&client, Complete::of("k")).await.unwrap_err();
    assert_eq!((error.code(), error.message()), (Some("InternalError"), Some("again")));
    assert_eq!(error.attempts(), 3);

    let server = Server::new(|| Response::new(" \n<?xml version=\"1.0\"?><Done><ETag>x</ETag></Done>"));
    let client = server.builder().build().unwrap();
    assert_eq!(
        call(&client, Complete::of("k")).await.unwrap().value.as_deref(),
        Some("x")
    );
}

#[tokio::test]
async fn an_error_without_a_body_has_the_code_of_its_status() {
    let server = Server::new(|| Response::builder().status(404).body("").unwrap());
    let client = server.builder().build().unwrap();
    let error = call(&client, Get::of("k")).await.unwrap_err();
    assert_eq!((error.code(), error.message()), (Some("NotFound"), Some("Not Found")));
    let server = Server::new(|| Response::builder().status(412).body("").unwrap());
    let client = server.builder().build().unwrap();
    let error = call(&client, Get::of("k")).await.unwrap_err();
    assert_eq!(error.code(), Some("412"));
}

#[tokio::test]
async fn the_region_of_a_bucket_is_in_the_error() {
    let malformed = "<Error><Code>AuthorizationHeaderMalformed</Code><Region>us-west-2</Region></Error>";
    for (status, region, body, expected) in [
        (301, Some("us-west-2"), "", Some("us-west-2")),
        (400, None, malformed, Some("us-west-2")),
        // It is where the client looked for it.
        (403, Some("eu-west-1"), "", None),
    ] {
        let server = Server::new(move || {
            let mut response = Response::builder().status(status).body(body).unwrap();
            let region = region.map(HeaderValue::from_static);
            response
                .headers_mut()
                .extend(region.map(|region| (http::HeaderName::from_static("x-amz-bucket-region"), region)));
            response
        });
        let client = server.builder().build().unwrap();
        let error = call(&client, Get::of("k")).await.unwrap_err();
        assert_eq!(error.right_region(), expected, "{error}");
        let hint = "hint: the service says that this is in the region `us-west-2`";
        assert_eq!(error.to_string().contains(hint), expected.is_some(), "{error}");
    }
}

#[tokio::test]
async fn requests_can_be_signed_for_others() {
    let server = Server::new(ok);
    let in_an_hour = SystemTime::now() + Duration::from_secs(3600);
    let credentials = Credentials::new(
        "id",
        "secret",
        Some("secret/token".to_owned()),
        Some(in_an_hour),
        "test",
    );
    let client = server.builder().credentials(credentials).build().unwrap();
    let presign = |seconds| {
        let caller = Caller::new(&client.0);
        caller.presign(Get::of("a b"), PresignedPayload::Empty, Duration::from_secs(seconds))
    };
    let presigned = presign(60).await.unwrap();
    let url: Uri = presigned.url().parse().unwrap();
    assert_eq!((url.host(), url.path()), (Some("store.example.com"), "/a%20b"));
    let query = url.query().unwrap();
    for part in [
        "X-Amz-Expires=60",
        "X-Amz-SignedHeaders=host",
        "X-Amz-Security-Token=secret%2Ftoken",
    ] {
        assert!(query.contains(part), "{query}");
    }
    assert!(presigned.headers().is_empty());
    let debug = format!("{presigned:?}");
    assert!(!debug.contains("token") && !debug.contains("Signature"), "{debug}");

    // No longer than the credentials are valid.
    let presigned = presign(7200).await.unwrap();
    assert!(presigned.expires_at() <= in_an_hour);
    for seconds in [0, 604_801] {
        let error = presign(seconds).await.unwrap_err();
        assert!(error.is_input(), "{error}");
    }
    assert!(server.sent.lock().unwrap().is_empty());
}

#[tokio::test]
async fn a_response_that_is_too_large_is_refused() {
    let server = Server::new(|| Response::new("<Done><ETag>x</ETag></Done>"));
    for (limit, fits) in [(27, true), (26, false), (0, false)] {
        let client = server.builder().max_response_size(limit).build().unwrap();
        match call(&client, Complete::of("k")).await {
            Ok(answer) => assert!(fits && answer.value.as_deref() == Some("x"), "{limit}"),
            Err(error) => {
                assert!(!fits && error.is_response() && !error.is_retryable(), "{error}");
                let expected = format!("a payload of the response exceeds the limit of {limit} bytes");
                assert!(error.to_string().contains(&expected), "{error}");
            }
        }
    }
}
