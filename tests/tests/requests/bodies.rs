//! Payloads and their type.

use http::header::{CONTENT_TYPE, HeaderValue};
use http_body_util::{BodyExt, Full};
use insta::assert_snapshot;
use sagemaker_runtime::{Body, Operation};

use crate::http_text::endpoint;
use crate::{invoke, invoke_async};

#[tokio::test]
async fn default_content_type() {
    let content_type = |request: http::Request<Body>| request.headers().get(CONTENT_TYPE).cloned();
    let octets = Some(HeaderValue::from_static("application/octet-stream"));

    let request = invoke().body(Body::empty()).build().into_request(&endpoint());
    assert_eq!(content_type(request.unwrap()), octets, "an empty payload is one");
    let request = invoke().content_type("").build().into_request(&endpoint());
    assert_eq!(content_type(request.unwrap()), Some(HeaderValue::from_static("")));

    let request = invoke_async()
        .content_type("text/csv")
        .build()
        .into_request(&endpoint());
    assert_eq!(content_type(request.unwrap()), None, "there is no payload");
    let request = invoke_async()
        .content_type("text/csv")
        .body("")
        .build()
        .into_request(&endpoint());
    assert_eq!(
        content_type(request.unwrap()),
        octets,
        "the member has a header of its own"
    );
}

#[tokio::test]
async fn kinds_of_bodies() {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    std::io::Write::write_all(&mut file, b"from a file").unwrap();
    let large = vec![7; 200_000];
    let cases: [(Body, &[u8]); 11] = [
        ("text".into(), b"text"),
        (String::from("größe").into(), "größe".as_bytes()),
        (vec![0, 159, 146, 150].into(), &[0, 159, 146, 150]),
        (b"array".into(), b"array"),
        (b"slice".as_slice().into(), b"slice"),
        (bytes::Bytes::from_static(b"shared").into(), b"shared"),
        ("".into(), b""),
        (Body::default(), b""),
        (large.clone().into(), &large),
        (Body::from_path(file.path()), b"from a file"),
        (
            Body::from_http_body(Full::<bytes::Bytes>::from("from a stream")),
            b"from a stream",
        ),
    ];
    for (body, expected) in cases {
        let kind = format!("{body:?}");
        let request = invoke().body(body).build().into_request(&endpoint()).unwrap();
        let sent = request.into_body().collect().await.unwrap().to_bytes();
        assert!(sent == expected, "{kind}");
    }
}

#[tokio::test]
async fn a_file_that_is_not_there_is_named() {
    let input = invoke().body(Body::from_path("/no/such/file"));
    let request = input.build().into_request(&endpoint()).unwrap();
    let error = request.into_body().collect().await.unwrap_err();
    assert_snapshot!(error, @"/no/such/file: No such file or directory (os error 2)");
}
