//! Calls that are dropped before their end.

use tests::server::Reply;

use crate::service::{accept, accept_head, always, answer, builder, client, gone, invoke, listen};

#[tokio::test]
async fn a_call_that_is_never_awaited_sends_nothing() {
    let server = always(Reply::new(200)).await;
    let client = client(&server);
    drop(client.invoke_endpoint().endpoint_name("dropped").body("").send());
    invoke(&client).await.unwrap();
    assert_eq!(server.requests().len(), 1);
    assert_eq!(server.requests()[0].target, "/endpoints/model/invocations");
}

/// The future is dropped while it waits for the head: the connection is closed, and the client works on.
#[tokio::test]
async fn dropping_a_call_that_waits_closes_its_connection() {
    let (listener, url) = listen().await;
    let client = builder(&url).build().unwrap();

    let abandoned = client.clone();
    let abandoned = tokio::spawn(async move { invoke(&abandoned).await.map(drop) });
    let connection = accept(&listener).await;
    abandoned.abort();
    gone(connection).await;
    assert!(abandoned.await.unwrap_err().is_cancelled());

    let next = tokio::spawn(async move { invoke(&client).await.unwrap().body.text().await });
    let mut connection = accept(&listener).await;
    answer(&mut connection, "HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nfine").await;
    assert_eq!(next.await.unwrap().unwrap(), "fine");
}

/// The output is dropped in the middle of its payload: what is left of it is not read by the next call.
#[tokio::test]
async fn dropping_a_response_half_read_closes_its_connection() {
    let (listener, url) = listen().await;
    let client = builder(&url).build().unwrap();

    let reading = client.clone();
    let reading = tokio::spawn(async move {
        let mut output = invoke(&reading).await.unwrap();
        let first = output.body.chunk().await.unwrap().unwrap();
        assert_eq!(first, "half");
    });
    let mut connection = accept(&listener).await;
    answer(&mut connection, "HTTP/1.1 200 OK\r\ncontent-length: 8\r\n\r\nhalf").await;
    reading.await.unwrap();
    gone(connection).await;

    let next = tokio::spawn(async move { invoke(&client).await.unwrap().body.text().await });
    let mut connection = accept(&listener).await;
    answer(&mut connection, "HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nfine").await;
    assert_eq!(next.await.unwrap().unwrap(), "fine");
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
