//! Compression and checksums of payloads.

use std::io::Read;

use flate2::read::GzDecoder;

use super::*;

fn unzipped(bytes: &[u8]) -> Vec<u8> {
    let mut content = Vec::new();
    GzDecoder::new(bytes).read_to_end(&mut content).unwrap();
    content
}

#[tokio::test]
async fn payloads_are_compressed_from_a_size_on() {
    let server = Server::new(&[503]);
    let client = server.signing_client().build().unwrap();
    let call = async |client: &Client, length: usize, encoding: Option<&str>| {
        let input = Compressed {
            body: Some(Body::from("x".repeat(length))),
            encoding: encoding.map(str::to_owned),
            ..Compressed::default()
        };
        client.call(input).await.unwrap();
        let mut sent = server.sent();
        sent.pop().unwrap()
    };
    // After an error it is the same request.
    let sent = call(&client, 10_240, None).await;
    assert_eq!(sent.header("content-encoding"), Some("gzip"));
    assert_eq!(sent.header("content-length"), Some(&*sent.body.len().to_string()));
    assert_eq!(unzipped(&sent.body), "x".repeat(10_240).as_bytes());
    let signed = sent.header("authorization").unwrap();
    assert!(signed.contains("content-encoding;content-md5;"), "{signed}");

    let sent = call(&client, 10_240, Some("custom")).await;
    assert_eq!(sent.header("content-encoding"), Some("custom, gzip"));

    let sent = call(&client, 10_239, Some("custom")).await;
    assert_eq!(sent.header("content-encoding"), Some("custom"));
    assert_eq!(sent.body.len(), 10_239);

    let small = server
        .signing_client()
        .request_min_compression_size_bytes(1)
        .build()
        .unwrap();
    assert_eq!(call(&small, 1, None).await.header("content-encoding"), Some("gzip"));
    assert_eq!(call(&small, 0, None).await.header("content-encoding"), None);

    let never = server
        .signing_client()
        .disable_request_compression(true)
        .build()
        .unwrap();
    assert_eq!(call(&never, 20_000, None).await.header("content-encoding"), None);
}

#[tokio::test]
async fn streams_are_compressed() {
    let server = Server::new(&[]);
    let client = server.signing_client().build().unwrap();
    let body = Some(stream("0123456789"));
    client
        .call(Compressed {
            body,
            ..Compressed::default()
        })
        .await
        .unwrap();
    let sent = server.only();
    assert_eq!(sent.header("content-encoding"), Some("gzip"));
    assert_eq!(unzipped(&sent.body), b"0123456789");

    let body = Some(Body::from("short"));
    client
        .call(CompressedStream {
            body,
            ..CompressedStream::default()
        })
        .await
        .unwrap();
    assert_eq!(unzipped(&server.only().body), b"short");

    let file = tempfile(&[b'x'; 20_000]);
    let body = Some(Body::from_path(&file));
    client
        .call(Compressed {
            body,
            ..Compressed::default()
        })
        .await
        .unwrap();
    assert_eq!(unzipped(&server.only().body), [b'x'; 20_000]);
    std::fs::remove_file(file).unwrap();
}

#[test]
fn sizes_to_compress_from() {
    for size in [0, 1_048_577] {
        let error = Server::new(&[])
            .client()
            .request_min_compression_size_bytes(size)
            .build()
            .unwrap_err();
        let expected = format!("payloads cannot be compressed from {size} bytes on: it must be 1 to 1048576");
        assert_eq!(error.to_string(), expected);
    }
    let client = Server::new(&[]).client();
    assert!(client.request_min_compression_size_bytes(1_048_576).build().is_ok());
}

#[tokio::test]
async fn checksums_of_payloads() {
    let server = Server::new(&[]);
    let client = server.signing_client().build().unwrap();
    // The checksums are those of RFC 1321, A.5.
    let file = tempfile(b"abc");
    for (body, expected) in [
        (Body::empty(), "1B2M2Y8AsgTpgAmY7PhCfg=="),
        (Body::from("abc"), "kAFQmDzST7DWlj99KOF/cg=="),
        (Body::from_path(&file), "kAFQmDzST7DWlj99KOF/cg=="),
    ] {
        let body = Some(body);
        client
            .call(Compressed {
                body,
                ..Compressed::default()
            })
            .await
            .unwrap();
        assert_eq!(server.only().header("content-md5"), Some(expected));
    }
    std::fs::remove_file(file).unwrap();
    let own = CallOptions::new().header(HeaderName::from_static("content-md5"), HeaderValue::from_static("own"));
    client.call_with(Compressed::default(), own).await.unwrap();
    assert_eq!(server.only().header("content-md5"), Some("own"));
    let missing = Some(Body::from_path("/no/such/file"));
    let error = client
        .call(Compressed {
            body: missing,
            ..Compressed::default()
        })
        .await
        .unwrap_err();
    assert!(error.is_input());
    assert_eq!(
        error.to_string(),
        "Compressed failed: cannot read /no/such/file: No such file or directory"
    );
}
