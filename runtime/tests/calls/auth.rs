//! Which operations are signed, and with whose credentials.

use super::*;

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
