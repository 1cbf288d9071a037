//! Signatures, compression and checksums.

use http::Request;
use type_course::operation::checksum::ChecksumInput;
use type_course::operation::checksum_of_gzip::ChecksumOfGzipInput;
use type_course::operation::gzip::GzipInput;
use type_course::operation::no_auth::NoAuthInput;
use type_course::operation::optional_body::OptionalBodyInput;
use type_course::operation::unsigned_length::UnsignedLengthInput;
use type_course::operation::unsigned_payload::UnsignedPayloadInput;
use type_course::test::FakeOperation;
use type_course::{Auth, Body, Operation, RequestSettings};

use crate::{bytes_of, request};

#[tokio::test]
async fn signatures_compression_and_checksums_are_as_described() {
    assert_eq!(OptionalBodyInput::AUTH, Auth::SigV4);
    assert_eq!(NoAuthInput::AUTH, Auth::None);
    assert_eq!(UnsignedPayloadInput::AUTH, Auth::SigV4UnsignedPayload);
    assert_eq!(UnsignedLengthInput::AUTH, Auth::SigV4UnsignedPayload);

    // The MD5 of `{"Text":"small"}`.
    let input = ChecksumInput::builder().text("small").build();
    let request = prepared(input).await;
    assert_eq!(request.headers()["content-md5"], "dpCd7x8R9nZVtTcWHH3XTg==");
    assert!(!request.headers().contains_key("content-encoding"));

    let small = prepared(GzipInput::builder().text("small").build()).await;
    assert!(!small.headers().contains_key("content-encoding"));
    let large = prepared(GzipInput::builder().text("x".repeat(20_000)).build()).await;
    assert_eq!(large.headers()["content-encoding"], "gzip");
    assert!(bytes_of(large).await.starts_with(&[0x1f, 0x8b]));

    // What may be a stream is always compressed, and the checksum is of what is sent.
    let both = prepared(ChecksumOfGzipInput::builder().body("small").build()).await;
    assert_eq!(both.headers()["content-encoding"], "gzip");
    assert!(both.headers().contains_key("content-md5"));
    assert!(bytes_of(both).await.starts_with(&[0x1f, 0x8b]));
}

async fn prepared<I: FakeOperation>(input: I) -> Request<Body> {
    let mut request = request(input);
    I::prepare(&mut request, RequestSettings::default()).await.unwrap();
    request
}
