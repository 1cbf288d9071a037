//! How often a call allocates. The feature `metrics` changes nothing about it while no provider is set.
//!
//! It is the only test of its program: the allocator counts for all threads.

#[allow(dead_code, missing_docs, reason = "other tests use the rest")]
#[path = "support/weather.rs"]
mod weather;

use std::alloc::System;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::thread;

use http::{Method, Request, Response};
use lean_aws_runtime::support::{RequestWriter, ResponseBody, Success};
use lean_aws_runtime::{Body, Credentials, Endpoint, Error, Operation};
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

use self::weather::{Client, WEATHER};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

const CALLS: usize = 100;

/// The same with and without `--features metrics`. Fewer are welcome.
const PER_CALL: usize = 20;

struct Forecast;

impl lean_aws_runtime::support::Sealed for Forecast {}

impl Operation for Forecast {
    const NAME: &'static str = "Forecast";
    const SERVICE: &'static lean_aws_runtime::support::Service = &WEATHER;
    type Output = ();
    type Error = weather::Error;

    fn into_request(self, endpoint: &Endpoint) -> Result<Request<Body>, Error> {
        let mut request = RequestWriter::new::<Self>(Method::POST, endpoint);
        request.literal("/forecast");
        request.payload(Some(Body::from("{}")), "application/json");
        request.finish()
    }

    async fn parse_response(response: Response<ResponseBody>) -> Result<(), Error> {
        Success::check::<Self>(response).await?.finish().await?;
        Ok(())
    }
}

#[test]
fn a_call_allocates_so_often() {
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
