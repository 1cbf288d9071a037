//! How connections are shared between calls.

use std::collections::BTreeSet;

use tests::server::{Reply, Then};
use tokio::task::JoinSet;

use crate::service::{always, client, invoke, scripted, service};

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
    // A pool may open a connection and then take another one that has just become free: some more than 64 are right.
    assert!(
        server.connections() < requests.len(),
        "{} connections",
        server.connections()
    );
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
