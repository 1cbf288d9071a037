//! Other HTTP clients in place of the built-in one, and none at all.

use std::convert::Infallible;
use std::future::{Ready, ready};
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};

use bytes::Bytes;
use http::{Request, Response};
use http_body::{Body as HttpBody, Frame, SizeHint};
use http_body_util::{BodyExt, Full};
use hyper_util::client::legacy::Client as HyperClient;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use sagemaker_runtime::operation::invoke_endpoint::InvokeEndpointInput;
use sagemaker_runtime::operation::invoke_endpoint_async::InvokeEndpointAsyncInput;
use sagemaker_runtime::{Body, ByteStream, Endpoint, Operation, ServiceError};
use tests::server::Reply;
use tokio::net::TcpSocket;
use tower_service::Service;

use crate::service::{BoxError, ServiceFn, builder, failure, invoke, scripted};

/// Not even a name is looked up: there is no such host.
#[tokio::test]
async fn a_function_can_be_the_transport() {
    let heads = Arc::new(Mutex::new(Vec::new()));
    let recorder = heads.clone();
    let transport = ServiceFn(move |request: Request<Body>| {
        let heads = recorder.clone();
        async move {
            let (head, body) = request.into_parts();
            assert_eq!(body.collect().await?.to_bytes(), "1,2");
            let attempt = {
                let mut heads = heads.lock().unwrap();
                heads.push(head);
                heads.len()
            };
            let status = if attempt == 1 { 503 } else { 200 };
            Ok::<_, BoxError>(Response::builder().status(status).body(Full::<Bytes>::from("fine"))?)
        }
    });
    let client = builder("https://no-such-host.invalid/base")
        .transport(transport)
        .build()
        .unwrap();
    let output = invoke(&client).await.unwrap();
    assert_eq!(output.response_metadata.attempts(), 2);
    assert_eq!(output.body.text().await.unwrap(), "fine");

    let heads = heads.lock().unwrap();
    assert_eq!(heads.len(), 2);
    for head in &*heads {
        assert_eq!(
            head.uri,
            "https://no-such-host.invalid/base/endpoints/model/invocations"
        );
        assert!(head.headers.contains_key("authorization"));
        assert!(head.headers["x-amz-security-token"].is_sensitive());
        assert!(!format!("{head:?}").contains("TOKEN"), "{head:?}");
    }
}

type Plain = HyperClient<HttpConnector, Body>;

/// What layers and other clients around hyper-util's look like.
#[derive(Clone)]
struct Wrapped(Plain);

impl Service<Request<Body>> for Wrapped {
    type Response = <Plain as Service<Request<Body>>>::Response;
    type Error = Layered;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Layered>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Layered>> {
        self.0.poll_ready(context).map_err(Layered)
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        let response = self.0.call(request);
        Box::pin(async { response.await.map_err(Layered) })
    }
}

#[derive(Debug)]
struct Layered(hyper_util::client::legacy::Error);

impl std::fmt::Display for Layered {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("in a layer")
    }
}

impl std::error::Error for Layered {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.0)
    }
}

fn plain() -> Plain {
    HyperClient::builder(TokioExecutor::new()).build_http()
}

#[tokio::test]
async fn another_hyper_client_can_be_the_transport() {
    let server = scripted(vec![failure(503, "ServiceUnavailable"), Reply::new(200).body("fine")]).await;
    for client in [
        builder(server.url()).transport(plain()).build().unwrap(),
        builder(server.url()).transport(Wrapped(plain())).build().unwrap(),
    ] {
        let output = invoke(&client).await.unwrap();
        assert_eq!(output.body.text().await.unwrap(), "fine");
    }
    assert_eq!(server.requests().len(), 3);
    assert_eq!(server.connections(), 2);
}

/// A refused connection is understood behind layers. Whether an answer had begun is not known there.
#[tokio::test]
async fn errors_of_another_hyper_client_are_understood() {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let url = format!("http://{}", socket.local_addr().unwrap());
    let server = scripted(vec![Reply::close()]).await;
    for wrapped in [false, true] {
        let client = |url: &str| match wrapped {
            true => builder(url).transport(Wrapped(plain())).build().unwrap(),
            false => builder(url).transport(plain()).build().unwrap(),
        };
        let error = invoke(&client(&url)).await.unwrap_err();
        assert!(error.is_connect(), "{error}");
        assert_eq!(error.attempts(), 3);

        let before = server.requests().len();
        let error = invoke(&client(server.url())).await.unwrap_err();
        assert!(!error.is_connect(), "{error}");
        assert_eq!(error.attempts(), 1);
        assert_eq!(server.requests().len(), before + 1);
    }
}

#[tokio::test]
async fn an_error_of_a_transport_is_the_cause_and_not_retried() {
    let transport = ServiceFn(|_| ready(Err::<Response<String>, _>(std::fmt::Error)));
    let client = builder("http://model").transport(transport).build().unwrap();
    let error = invoke(&client).await.unwrap_err();
    assert_eq!(error.attempts(), 1);
    let cause = std::error::Error::source(&error).unwrap();
    assert!(cause.is::<std::fmt::Error>(), "{cause:?}");
}

/// A payload that ends before the length that it has announced.
struct Short(Option<Bytes>);

impl HttpBody for Short {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        Poll::Ready(self.0.take().map(|piece| Ok(Frame::data(piece))))
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(10)
    }
}

/// Not every HTTP client compares lengths.
#[tokio::test]
async fn a_transport_that_loses_bytes_is_found_out() {
    let transport = ServiceFn(|_| ready(Ok::<_, BoxError>(Response::new(Short(Some("0123".into()))))));
    let client = builder("http://model").transport(transport).build().unwrap();
    let error = invoke(&client).await.unwrap().body.bytes().await.unwrap_err();
    assert!(error.is_response());
    assert_eq!(
        error.to_string(),
        "InvokeEndpoint failed: the payload of the response broke off after 4 of 10 bytes [1 attempt]"
    );
}

/// A service that says when it is ready, such as one with a limit of calls at once.
#[derive(Default)]
struct Shy {
    asked: bool,
    ready: bool,
}

impl Clone for Shy {
    /// Only the original was ready.
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl Service<Request<Body>> for Shy {
    type Response = Response<String>;
    type Error = BoxError;
    type Future = Ready<Result<Response<String>, BoxError>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        if !self.asked {
            self.asked = true;
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        self.ready = true;
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: Request<Body>) -> Self::Future {
        ready(match self.ready {
            true => Ok(Response::new("fine".to_owned())),
            false => Err("called before it was ready".into()),
        })
    }
}

#[tokio::test]
async fn a_transport_is_called_when_it_is_ready() {
    let client = builder("http://model").transport(Shy::default()).build().unwrap();
    for _ in 0..2 {
        assert_eq!(invoke(&client).await.unwrap().body.text().await.unwrap(), "fine");
    }
}

/// A limit of calls in flight holds for any transport.
#[tokio::test]
async fn a_transport_can_be_limited() {
    let transport = ServiceFn(|_| ready(Ok::<_, BoxError>(Response::new("fine".to_owned()))));
    let client = builder("http://model")
        .transport(transport)
        .max_in_flight(1)
        .build()
        .unwrap();
    for drop_it in [true, false] {
        let unread = invoke(&client).await.unwrap();
        let waiting = client.clone();
        let waiting = tokio::spawn(async move { invoke(&waiting).await });
        for _ in 0..10 {
            tokio::task::yield_now().await;
        }
        assert!(!waiting.is_finished());
        match drop_it {
            true => drop(unread),
            false => assert_eq!(unread.body.text().await.unwrap(), "fine"),
        }
        assert_eq!(waiting.await.unwrap().unwrap().body.text().await.unwrap(), "fine");
    }
}

#[tokio::test]
async fn operations_work_without_a_client() {
    let endpoint = Endpoint::new("https://model.example/base/").unwrap();
    let input = InvokeEndpointInput::builder()
        .endpoint_name("a b")
        .body("1,2")
        .content_type("text/csv")
        .build();
    let request = input.into_request(&endpoint).unwrap();
    assert_eq!(request.method(), "POST");
    assert_eq!(request.uri(), "https://model.example/base/endpoints/a%20b/invocations");
    assert_eq!(request.headers()["content-type"], "text/csv");
    assert!(!request.headers().contains_key("authorization"));
    assert_eq!(request.into_body().collect().await.unwrap().to_bytes(), "1,2");

    let response = Response::builder().header("x-amzn-invoked-production-variant", "blue");
    let response = response.body(ByteStream::from("fine")).unwrap();
    let output = InvokeEndpointInput::parse_response(response).await.unwrap();
    assert_eq!(output.invoked_production_variant.as_deref(), Some("blue"));
    assert_eq!(output.response_metadata.attempts(), 1);
    assert_eq!(output.body.text().await.unwrap(), "fine");

    let response = Response::builder()
        .status(400)
        .header("x-amzn-errortype", "ValidationError");
    let body = ByteStream::from_http_body(Full::<Bytes>::from("{\"Message\":\"no\"}"));
    let error = InvokeEndpointAsyncInput::parse_response(response.body(body).unwrap())
        .await
        .unwrap_err();
    assert!(matches!(error.service_error(), Some(ServiceError::ValidationError(_))));
    assert_eq!(
        error.to_string(),
        "InvokeEndpointAsync failed: ValidationError (400): no [1 attempt]"
    );
}

/// The trait is enough to write code for all operations.
#[tokio::test]
async fn code_can_be_generic_over_operations() {
    async fn answered_with<O: Operation>(
        input: O,
        answer: &'static str,
    ) -> Result<O::Output, sagemaker_runtime::Error> {
        let request = input.into_request(&Endpoint::new("http://model").unwrap())?;
        assert!(request.uri().path().starts_with("/endpoints/model/"), "{}", O::NAME);
        O::parse_response(Response::new(answer.into())).await
    }

    let input = InvokeEndpointInput::builder().endpoint_name("model").body("").build();
    assert_eq!(
        answered_with(input, "fine").await.unwrap().body.text().await.unwrap(),
        "fine"
    );
    let input = InvokeEndpointAsyncInput::builder().endpoint_name("model").build();
    let output = answered_with(input, "{\"InferenceId\":\"1\"}").await.unwrap();
    assert_eq!(output.inference_id.as_deref(), Some("1"));
}
