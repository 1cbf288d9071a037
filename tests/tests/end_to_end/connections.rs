//! How connections are shared between calls.

use std::collections::BTreeSet;
use std::time::Duration;

use sagemaker_runtime::{CallOptions, Pool, Timeouts};
use tests::server::{Reply, Then};
use tokio::io::AsyncReadExt;
use tokio::task::JoinSet;

use crate::service::{accept, always, answer, builder, client, invoke, listen, scripted, service, skip};

#[tokio::test]
async fn calls_one_after_the_other_share_a_connection() {
    let server = scripted(vec![
        Reply::new(200).body("read to its end"),
        Reply::new(200),
        Reply::new(200).chunks(vec!["in".into(), "chunks".into()]),
        // Errors and retries use it on, too.
        Reply::new(503).body("busy"),
        Reply::new(400).body("{\"message\":\"no\"}"),
        Reply::new(202).body("{}"),
    ])
    .await;
    let client = client(&server);
    for _ in 0..3 {
        invoke(&client).await.unwrap().body.bytes().await.unwrap();
    }
    invoke(&client).await.unwrap_err();
    let queued = client.clone().invoke_endpoint_async().endpoint_name("slow");
    queued.send().await.unwrap();
    assert_eq!(server.requests().len(), 6);
    assert_eq!(server.connections(), 1);
}

/// The end of a payload is known before the connection is free again, in another thread.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn calls_one_after_the_other_share_a_connection_on_many_threads() {
    for reply in [
        Reply::new(200),
        Reply::new(200).body("fine"),
        Reply::new(200).chunks(vec!["fine".into()]),
    ] {
        let server = always(reply).await;
        let clients = [client(&server), builder(server.url()).max_in_flight(1).build().unwrap()];
        for (connections, client) in (1..).zip(clients) {
            for _ in 0..200 {
                invoke(&client).await.unwrap().body.bytes().await.unwrap();
            }
            assert_eq!(server.connections(), connections);
        }
    }
}

/// The server closes each connection after its answer, without saying so: whether the client has noticed when it sends
/// the next request or not, every call succeeds.
#[tokio::test]
async fn a_connection_that_was_closed_meanwhile_is_replaced() {
    let server = always(Reply::new(200).body("fine").then(Then::Close)).await;
    let client = client(&server);
    for _ in 0..20 {
        assert_eq!(invoke(&client).await.unwrap().body.text().await.unwrap(), "fine");
    }
    assert_eq!(server.requests().len(), 20);
    assert_eq!(server.connections(), 20);
}

/// The peer has closed three idle connections at once, which is seen before a request leaves on one of them.
#[tokio::test]
async fn stale_connections_cost_no_request() {
    let (listener, url) = listen().await;
    let client = builder(&url).build().unwrap();
    let mut calls = JoinSet::new();
    let mut streams = Vec::new();
    for _ in 0..3 {
        let client = client.clone();
        calls.spawn(async move { invoke(&client).await.unwrap().body.text().await });
        streams.push(accept(&listener).await);
    }
    for stream in &mut streams {
        answer(stream, "HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nfine").await;
    }
    while let Some(call) = calls.join_next().await {
        assert_eq!(call.unwrap().unwrap(), "fine");
    }
    drop(streams);

    let call = tokio::spawn(async move { invoke(&client).await.unwrap().body.text().await });
    let mut fresh = accept(&listener).await;
    answer(&mut fresh, "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nagain").await;
    assert_eq!(call.await.unwrap().unwrap(), "again");
}

#[tokio::test]
async fn the_pool_can_be_configured() {
    let server = always(Reply::new(200).body("fine")).await;
    let none = builder(server.url()).pool(Pool::new().max_idle(0)).build().unwrap();
    for calls in 1..=3 {
        assert_eq!(invoke(&none).await.unwrap().body.text().await.unwrap(), "fine");
        assert_eq!(server.connections(), calls);
    }
    let pool = Pool::new().idle_timeout(Duration::from_secs(10));
    let short = builder(server.url()).pool(pool).build().unwrap();
    for connections in [4, 5] {
        assert_eq!(invoke(&short).await.unwrap().body.text().await.unwrap(), "fine");
        assert_eq!(invoke(&short).await.unwrap().body.text().await.unwrap(), "fine");
        assert_eq!(server.connections(), connections);
        skip(Duration::from_secs(10)).await;
    }
}

/// As many connections as calls in flight, and never more than allowed.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn calls_in_flight_can_be_limited() {
    let server = always(Reply::new(200).body("fine")).await;
    let client = builder(server.url()).max_in_flight(8).build().unwrap();
    let mut calls = JoinSet::new();
    for number in 0..200 {
        let client = client.clone();
        calls.spawn(async move {
            let mut body = invoke(&client).await.unwrap().body;
            // Half of them need no more than the announced length.
            while body.chunk().await.unwrap().is_some() && number % 2 == 0 {}
        });
    }
    while let Some(call) = calls.join_next().await {
        call.unwrap();
    }
    assert_eq!(server.requests().len(), 200);
    assert!(server.connections() <= 8, "{} connections", server.connections());
}

/// Who came first goes first. Waiting is not silence, and no timeout of an attempt.
#[tokio::test]
async fn calls_beyond_the_limit_wait_in_order() {
    let (listener, url) = listen().await;
    let short = Duration::from_secs(30);
    let client = builder(&url)
        .max_in_flight(1)
        .timeouts(Timeouts::new().read(short).attempt(short))
        .build()
        .unwrap();
    let mut calls = Vec::new();
    for number in 0..10 {
        let call = client
            .invoke_endpoint()
            .endpoint_name(format!("model-{number}"))
            .body("1,2");
        calls.push(tokio::spawn(
            async move { call.send().await.unwrap().body.text().await },
        ));
    }
    let mut stream = None;
    for (number, call) in calls.into_iter().enumerate() {
        let mut connection = match stream.take() {
            None => listener.accept().await.unwrap().0,
            Some(connection) => connection,
        };
        let mut head = Vec::new();
        while !head.ends_with(b"1,2") {
            head.push(connection.read_u8().await.unwrap());
        }
        let line = format!("POST /endpoints/model-{number}/invocations HTTP/1.1\r\n");
        assert!(head.starts_with(line.as_bytes()), "{}", head.escape_ascii());
        skip(Duration::from_secs(20)).await;
        answer(&mut connection, "HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nfine").await;
        assert_eq!(call.await.unwrap().unwrap(), "fine");
        stream = Some(connection);
    }
}

/// Only the timeout of the operation covers the time before a call's turn.
#[tokio::test]
async fn waiting_for_a_turn_ends_with_the_operation() {
    let server = always(Reply::new(200).body("fine")).await;
    let client = builder(server.url()).max_in_flight(1).build().unwrap();
    let unread = invoke(&client).await.unwrap();
    let limit = CallOptions::new().timeouts(Timeouts::new().operation(Duration::from_secs(60)));
    let waiting = client
        .invoke_endpoint()
        .endpoint_name("model")
        .body("1,2")
        .options(limit);
    let waiting = tokio::spawn(waiting.send());
    // It begins now.
    skip(Duration::ZERO).await;
    skip(Duration::from_secs(59)).await;
    assert!(!waiting.is_finished());
    skip(Duration::from_secs(1)).await;
    let error = waiting.await.unwrap().unwrap_err();
    assert!(error.is_timeout(), "{error}");
    assert_eq!(error.attempts(), 0);
    assert_eq!(server.requests().len(), 1);
    // A payload that is dropped lets the next one go as one that is read.
    drop(unread);
    assert_eq!(invoke(&client).await.unwrap().body.text().await.unwrap(), "fine");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_calls_at_once_do_not_mix() {
    let server = service(|request| {
        // A chunk of its own for each line, so that answers are in pieces.
        let lines = request
            .body
            .chunks(7)
            .map(|line| request.body.slice_ref(line))
            .collect();
        let variant = request.target.split('/').nth(2).unwrap();
        Reply::new(200)
            .header("x-Amzn-Invoked-Production-Variant", variant)
            .chunks(lines)
    })
    .await;
    let client = client(&server);
    let mut calls = JoinSet::new();
    for number in 0..64 {
        let client = client.clone();
        calls.spawn(async move {
            let payload = format!("{number},").repeat(number * 10);
            let name = format!("model-{number}");
            for _ in 0..3 {
                let call = client.invoke_endpoint().endpoint_name(&*name).body(&*payload);
                let output = call.send().await.unwrap();
                assert_eq!(output.invoked_production_variant.as_deref(), Some(&*name));
                assert_eq!(output.body.text().await.unwrap(), payload);
            }
        });
    }
    while let Some(call) = calls.join_next().await {
        call.unwrap();
    }
    let requests = server.requests();
    assert_eq!(requests.len(), 3 * 64);
    let ids: BTreeSet<&str> = requests
        .iter()
        .map(|request| request.header("amz-sdk-invocation-id").unwrap())
        .collect();
    assert_eq!(ids.len(), 3 * 64, "each call has an id of its own");
    assert!(server.connections() <= 64, "{} connections", server.connections());
}

/// A future of a call may be spawned, held in a struct and moved between threads.
#[test]
fn calls_and_outputs_can_go_anywhere() {
    fn anywhere<T: Send + 'static>() {}
    fn shared<T: Send + Sync + Clone + 'static>() {}
    anywhere::<
        sagemaker_runtime::operation::Sending<sagemaker_runtime::operation::invoke_endpoint::InvokeEndpointOutput>,
    >();
    anywhere::<sagemaker_runtime::Error>();
    anywhere::<sagemaker_runtime::ByteStream>();
    anywhere::<sagemaker_runtime::Body>();
    shared::<sagemaker_runtime::Client>();
    shared::<sagemaker_runtime::CallOptions>();
}
