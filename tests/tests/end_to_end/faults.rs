//! Connections that cannot be made, break, or do not speak HTTP.

use std::error::Error as _;

use tests::server::{Reply, Server, Then};
use tokio::io::AsyncReadExt;

use crate::service::{accept_head, always, answer, builder, client, gone, invoke, listen, scripted};

fn host(server: &Server) -> &str {
    server.url().strip_prefix("http://").unwrap()
}

#[tokio::test]
async fn a_connection_that_breaks_before_an_answer_is_retried() {
    for reply in [Reply::close(), Reply::close().reset()] {
        let server = scripted(vec![reply.clone(), reply.clone(), Reply::new(200)]).await;
        let output = invoke(&client(&server)).await.unwrap();
        assert_eq!(output.response_metadata.attempts(), 3);

        let server = always(reply).await;
        let error = invoke(&client(&server)).await.unwrap_err();
        assert_eq!(server.requests().len(), 3);
        assert_eq!(
            error.to_string(),
            format!(
                "InvokeEndpoint failed: the connection to {} broke before an answer came [3 attempts]",
                host(&server)
            )
        );
        assert!(!error.is_connect() && !error.is_timeout() && !error.is_response() && !error.is_service());
        assert!(error.source().is_some());
        assert_eq!(error.status(), None);
        assert_eq!(error.raw_body(), None);
    }
}

/// From the first byte of an answer on, the model may have run: nothing is sent again.
#[tokio::test]
async fn an_answer_that_breaks_off_or_is_not_http_is_not_retried() {
    let many_headers = "a: b\r\n".repeat(200);
    let large_header = format!("a: {}\r\n", "b".repeat(1 << 20));
    for answer in [
        "H",
        "HTTP/1.1 200 OK\r\nContent-Le",
        "HTTP/1.1 100 Continue\r\n\r\n",
        "SSH-2.0-OpenSSH_9.6\r\n",
        "HTTP/1.1 2000 Fine\r\n\r\n",
        "HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab",
        &format!("HTTP/1.1 200 OK\r\n{many_headers}\r\n"),
        &format!("HTTP/1.1 200 OK\r\n{large_header}\r\n"),
    ] {
        let shown = &answer[..answer.len().min(60)];
        for then in [Then::Close, Then::Reset] {
            let server = always(Reply::raw(answer.to_owned(), then)).await;
            let error = invoke(&client(&server)).await.expect_err(shown);
            // A reset may overtake the bytes before it: then the client cannot know that there were some.
            if then == Then::Close {
                assert_eq!(server.requests().len(), 1, "{shown}");
                assert_eq!(
                    error.to_string(),
                    format!(
                        "InvokeEndpoint failed: the answer of {} broke off or is not HTTP [1 attempt]",
                        host(&server)
                    ),
                    "{shown}"
                );
            }
            assert!(error.source().is_some());
            assert!(!error.is_connect() && !error.is_timeout() && !error.is_service());
        }
    }
}

#[tokio::test]
async fn a_payload_that_breaks_off_says_where_and_is_not_retried() {
    let whole = Reply::new(200).header("x-amzn-RequestId", "req-1").body("0123456789");
    for reply in [whole.clone().close_after(4), whole.clone().close_after(4).reset()] {
        let server = always(reply).await;
        let client = client(&server);
        // A reset may overtake the bytes before it, but not if they have been read.
        let Ok(mut output) = invoke(&client).await else {
            continue;
        };
        let Ok(Some(start)) = output.body.chunk().await else {
            continue;
        };
        assert_eq!(start, "0123");
        let error = output.body.chunk().await.unwrap_err();
        assert_eq!(
            error.to_string(),
            "InvokeEndpoint failed: the payload of the response broke off after 4 of 10 bytes [request id req-1, \
             1 attempt]"
        );
        assert!(error.is_response() && !error.is_timeout());
        assert_eq!(error.status().unwrap(), 200);
        assert_eq!(server.requests().len(), 1);
    }
    for read in ["bytes", "text", "json"] {
        let server = always(whole.clone().close_after(4)).await;
        let body = invoke(&client(&server)).await.unwrap().body;
        let error = match read {
            "bytes" => body.bytes().await.unwrap_err(),
            "text" => body.text().await.unwrap_err(),
            _ => body.json::<u64>().await.unwrap_err(),
        };
        assert!(error.to_string().contains("after 4 of 10 bytes"), "{read}: {error}");
        assert_eq!(server.requests().len(), 1);
    }
    // Without a length, and where the call itself reads the payload.
    let server = always(
        Reply::new(202)
            .chunks(vec!["{\"Infe".into(), "renceId\":\"1\"}".into()])
            .close_after(11),
    )
    .await;
    let call = client(&server).invoke_endpoint_async().endpoint_name("slow");
    let error = call.send().await.unwrap_err();
    assert!(error.to_string().contains("broke off after 6 bytes"), "{error}");
    assert!(error.is_response());
    assert_eq!(server.requests().len(), 1);
}

/// A service that refuses a payload answers before all of it has arrived.
#[tokio::test]
async fn an_answer_before_the_end_of_the_request_counts() {
    let (listener, url) = listen().await;
    let client = builder(&url).build().unwrap();
    let call = tokio::spawn(async move {
        let call = client.invoke_endpoint().endpoint_name("model").body(vec![0; 8 << 20]);
        call.send().await.map(drop)
    });
    let mut connection = accept_head(&listener).await;
    answer(
        &mut connection,
        "HTTP/1.1 413 Too Large\r\ncontent-length: 3\r\n\r\nbig",
    )
    .await;
    let error = call.await.unwrap().unwrap_err();
    assert_eq!(error.to_string(), "InvokeEndpoint failed: HTTP 413: big [1 attempt]");
    gone(connection).await;
}

/// The answer begins while the request is still being sent, and breaks off: it has begun all the same.
#[tokio::test]
async fn an_early_answer_that_breaks_off_is_not_retried() {
    let (listener, url) = listen().await;
    let client = builder(&url).build().unwrap();
    let length = 8 << 20;
    let call = tokio::spawn(async move {
        let call = client.invoke_endpoint().endpoint_name("model").body(vec![0; length]);
        call.send().await.map(drop)
    });
    let mut connection = accept_head(&listener).await;
    answer(&mut connection, "HTTP/1.1 2").await;
    // The rest of the request arrives behind the start of the answer.
    let mut rest = vec![0; length];
    connection.read_exact(&mut rest).await.unwrap();
    drop(connection);
    tokio::select! {
        result = call => {
            let error = result.unwrap().unwrap_err();
            assert!(error.to_string().ends_with("broke off or is not HTTP [1 attempt]"), "{error}");
        }
        _ = listener.accept() => panic!("the request was sent again"),
    }
}

/// A client is of further use after every kind of fault.
#[tokio::test]
async fn faults_do_not_outlive_their_calls() {
    let server = scripted(vec![
        Reply::raw("not HTTP", Then::Close),
        Reply::new(200).body("0123456789").close_after(4),
        Reply::new(200).body("fine"),
    ])
    .await;
    let client = client(&server);
    invoke(&client).await.unwrap_err();
    invoke(&client).await.unwrap().body.bytes().await.unwrap_err();
    assert_eq!(invoke(&client).await.unwrap().body.text().await.unwrap(), "fine");
}
