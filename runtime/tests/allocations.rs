//! How often a call and a server-sent event allocate. The feature `metrics` changes nothing about it while no provider is
//! set.

#[allow(dead_code, missing_docs, reason = "other tests use the rest")]
#[path = "support/weather.rs"]
mod weather;

use std::alloc::System;
use std::convert::Infallible;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::pin::Pin;
use std::slice::Chunks;
use std::sync::Mutex;
use std::task::{Context, Poll};
use std::thread;

use bytes::Bytes;
use http::{Method, Request, Response};
use http_body::Frame;
use lean_aws_runtime::support::{RequestWriter, ResponseBody, Success};
use lean_aws_runtime::{Body, ByteStream, Credentials, Endpoint, Error, Operation, ResponseMetadata};
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

use self::weather::{Client, WEATHER};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// The allocator counts for all threads, so one test runs at a time.
static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

const CALLS: usize = 100;

/// The same with and without `--features metrics`. Fewer are welcome.
const PER_CALL: usize = 21;

struct Forecast;

impl lean_aws_runtime::support::Sealed for Forecast {}

impl Operation for Forecast {
    const NAME: &'static str = "Forecast";
    const SERVICE: &'static lean_aws_runtime::support::Service = &WEATHER;
    type Output = ResponseMetadata;
    type Error = weather::Error;

    fn into_request(self, endpoint: &Endpoint) -> Result<Request<Body>, Error> {
        let mut request = RequestWriter::new::<Self>(Method::POST, endpoint);
        request.literal("/forecast");
        request.payload(Some(Body::from("{}")), "application/json");
        request.finish()
    }

    async fn parse_response(response: Response<ResponseBody>) -> Result<ResponseMetadata, Error> {
        let mut response = Success::check::<Self>(response).await?;
        response.skip_body().await?;
        response.finish()
    }
}

#[test]
fn a_call_allocates_so_often() {
    let _turn = ONE_AT_A_TIME.lock();
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    thread::spawn(move || serve(&listener));
    let client = Client::builder()
        .region("eu-west-1")
        .credentials(Credentials::new("id", "secret", None, None, "test"))
        .endpoint_url(url)
        .no_proxy()
        .build()
        .expect("a client");
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    runtime.enable_all().build().expect("a runtime").block_on(async {
        let calls = async |number| {
            for _ in 0..number {
                client.call(Forecast).await.expect("an answer");
            }
        };
        calls(10).await;
        let region = Region::new(ALLOCATOR);
        calls(CALLS).await;
        let change = region.change();
        // Queues and the like may grow once meanwhile.
        assert_eq!((change.allocations + change.reallocations) / CALLS, PER_CALL);
    });
}

/// Answers each request of a connection, without allocating. A request arrives as a whole.
fn serve(listener: &TcpListener) {
    let (mut stream, _) = listener.accept().expect("a connection");
    stream.set_nodelay(true).expect("a socket");
    let mut buffer = [0; 4096];
    while stream.read(&mut buffer).is_ok_and(|length| length > 0) {
        let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}";
        stream.write_all(answer).expect("an open connection");
    }
}

#[test]
fn a_server_sent_event_allocates_once() {
    /// Parts of a text.
    struct Parts(Chunks<'static, u8>);

    impl http_body::Body for Parts {
        type Data = Bytes;
        type Error = Infallible;

        fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
            Poll::Ready(self.0.next().map(|part| Ok(Frame::data(Bytes::from_static(part)))))
        }
    }

    const EVENTS: usize = 1000;
    let text = "data: {\"token\":\"some words\"}\n\n".repeat(EVENTS).leak();
    let _turn = ONE_AT_A_TIME.lock();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .expect("a runtime");
    runtime.block_on(async {
        let body = ByteStream::<Error>::from_http_body(Parts(text.as_bytes().chunks(64)));
        let mut events = body.sse();
        let region = Region::new(ALLOCATOR);
        for _ in 0..EVENTS {
            events.next().await.expect("no error").expect("an event");
        }
        let change = region.change();
        // Queues and the like may grow meanwhile.
        assert!(change.allocations + change.reallocations < EVENTS + 20, "{change:?}");
    });
}
