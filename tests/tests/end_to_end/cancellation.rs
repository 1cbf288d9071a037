//! Calls that are dropped before their end.

use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use aws_credential_types::provider::{self, ProvideCredentials, future};
use sagemaker_runtime::{Client, Error};
use tests::server::{Reply, Server};
use tokio::task::yield_now;
use tokio::time::timeout;

use crate::service::{
    accept, accept_head, always, answer, builder, client, credentials, gone, invoke, keys, listen, service,
};

#[tokio::test]
async fn a_call_that_is_never_awaited_sends_nothing() {
    let server = always(Reply::new(200)).await;
    let client = client(&server);
    drop(client.invoke_endpoint().endpoint_name("dropped").body("").send());
    invoke(&client).await.unwrap();
    assert_eq!(server.requests().len(), 1);
    assert_eq!(server.requests()[0].target, "/endpoints/model/invocations");
}

/// The future is dropped while it sends a payload that nobody reads.
#[tokio::test]
async fn dropping_a_call_that_sends_closes_its_connection() {
    let (listener, url) = listen().await;
    let client = builder(&url).build().unwrap();

    let abandoned = client.clone();
    let abandoned = tokio::spawn(async move {
        // More than the buffers of a connection hold.
        let call = abandoned
            .invoke_endpoint()
            .endpoint_name("model")
            .body(vec![0; 8 << 20]);
        call.send().await.map(drop)
    });
    let connection = accept_head(&listener).await;
    abandoned.abort();
    gone(connection).await;

    let next = tokio::spawn(async move { invoke(&client).await.map(drop) });
    let mut connection = accept(&listener).await;
    answer(&mut connection, "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").await;
    next.await.unwrap().unwrap();
}

/// A call is dropped after every turn that the runtime takes for it, until there are no more. Whatever it leaves behind,
/// the next call of the client gets its own answer.
#[test]
fn a_call_can_be_dropped_at_every_point() {
    for (payload, is_warm) in [(1000, false), (1000, true)] {
        let mut turns = 0;
        while !dropped_after(turns, payload, is_warm) {
            turns += 1;
        }
        // Credentials, a connection, the request, a head and the pieces of a payload.
        assert!(turns > 20, "{turns} turns");
    }
}

/// The same with a payload that leaves in many pieces, and fewer points.
#[test]
fn a_call_that_sends_much_can_be_dropped_at_every_point() {
    let mut turns = 0;
    while !dropped_after(turns, 1 << 20, false) {
        turns += 3;
    }
    assert!(turns > 30, "{turns} turns");
}

/// Drops a call after so many turns of the runtime, and makes another one. Tells whether the call had ended by itself.
fn dropped_after(turns: usize, payload: usize, is_warm: bool) -> bool {
    // What happens on sockets is noticed after every turn.
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .event_interval(1)
        .build()
        .unwrap();
    let test = async {
        let server = echo().await;
        let client = builder(server.url()).credentials(SlowCredentials).build().unwrap();
        if is_warm {
            ask(&client, "first", 1).await.unwrap();
        }
        let mut ended = false;
        {
            let mut call = pin!(ask(&client, "dropped", payload));
            for _ in 0..turns {
                if let Poll::Ready(result) = poll_once(call.as_mut()).await {
                    result.unwrap();
                    ended = true;
                    break;
                }
                yield_now().await;
            }
        }
        for name in ["next", "last"] {
            ask(&client, name, 1).await.unwrap();
        }
        ended
    };
    let hour = Duration::from_secs(3600);
    let test = async { timeout(hour, test).await.expect("the next call gets an answer") };
    runtime.block_on(test)
}

/// Polls once.
async fn poll_once<F: Future>(mut future: std::pin::Pin<&mut F>) -> Poll<F::Output> {
    std::future::poll_fn(|context| Poll::Ready(future.as_mut().poll(context))).await
}

/// A service that repeats the name of the endpoint, in many pieces.
async fn echo() -> Server {
    service(|request| {
        let name = request.target.split('/').nth(2).unwrap().to_owned();
        Reply::new(200).chunks(vec![name.into(); 10])
    })
    .await
}

/// Makes a call and checks that the answer is its own.
async fn ask(client: &Client, name: &str, payload: usize) -> Result<(), Error> {
    let call = client.invoke_endpoint().endpoint_name(name).body(vec![0; payload]);
    let answer = call.send().await?.body.text().await?;
    assert_eq!(answer, name.repeat(10));
    Ok(())
}

/// A provider that takes some time.
#[derive(Debug)]
struct SlowCredentials;

impl ProvideCredentials for SlowCredentials {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(async {
            for _ in 0..5 {
                yield_now().await;
            }
            provider::Result::Ok(credentials(keys()).into())
        })
    }
}
