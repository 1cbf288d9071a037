//! Names and endpoints in URLs.

use http::Method;
use insta::assert_snapshot;
use sagemaker_runtime::{Endpoint, Operation};

use crate::http_text::endpoint;
use crate::{invoke, invoke_async, invoke_stream};

#[test]
fn names_become_one_segment_of_the_path() {
    let longest = "x".repeat(63);
    for (name, segment) in [
        ("a", "a"),
        (&longest, &*longest),
        ("a b", "a%20b"),
        ("a/b", "a%2Fb"),
        ("/", "%2F"),
        ("100%", "100%25"),
        ("a%20b", "a%2520b"),
        ("%2E%2E", "%252E%252E"),
        ("-._~", "-._~"),
        ("...", "..."),
        (".a", ".a"),
        ("../a", "..%2Fa"),
        ("a+b", "a%2Bb"),
        (
            ":/?#[]@!$&'()*+,;=",
            "%3A%2F%3F%23%5B%5D%40%21%24%26%27%28%29%2A%2B%2C%3B%3D",
        ),
        ("\"<>\\^`{|}", "%22%3C%3E%5C%5E%60%7B%7C%7D"),
        ("\r\n\t\0\u{7f}", "%0D%0A%09%00%7F"),
        ("größe", "gr%C3%B6%C3%9Fe"),
        ("日本", "%E6%97%A5%E6%9C%AC"),
        ("🦀", "%F0%9F%A6%80"),
        ("{EndpointName}", "%7BEndpointName%7D"),
    ] {
        let request = invoke().endpoint_name(name).build().into_request(&endpoint()).unwrap();
        let url = format!("https://example.com/endpoints/{segment}/invocations");
        assert_eq!(request.uri().to_string(), url, "{name:?}");
        let request = invoke_async()
            .endpoint_name(name)
            .build()
            .into_request(&endpoint())
            .unwrap();
        let url = format!("https://example.com/endpoints/{segment}/async-invocations");
        assert_eq!(request.uri().to_string(), url, "{name:?}");
        assert_eq!(request.method(), Method::POST);
        let input = invoke_stream().endpoint_name(name).build();
        let request = input.into_request(&endpoint()).unwrap();
        let url = format!("https://example.com/endpoints/{segment}/invocations-response-stream");
        assert_eq!(request.uri().to_string(), url, "{name:?}");
    }
}

/// RFC 3986's unreserved characters are literal, all others are not.
#[test]
fn every_ascii_character_in_a_name() {
    for byte in 0..128_u8 {
        let c = char::from(byte);
        let segment = match c {
            'A'..='Z' | 'a'..='z' | '0'..='9' | '-' | '_' | '~' | '.' => format!("x{c}"),
            _ => format!("x%{byte:02X}"),
        };
        let input = invoke().endpoint_name(format!("x{c}")).build();
        let request = input.into_request(&endpoint()).unwrap();
        assert_eq!(request.uri().path(), format!("/endpoints/{segment}/invocations"));
    }
}

#[tokio::test]
async fn names_that_are_no_segment() {
    for (name, problem) in [
        ("", "is empty, but is part of the URL"),
        (".", "is `.` or `..`, which would change the path of the URL"),
        ("..", "is `.` or `..`, which would change the path of the URL"),
    ] {
        let error = invoke()
            .endpoint_name(name)
            .build()
            .into_request(&endpoint())
            .unwrap_err();
        assert_eq!(
            error.to_string(),
            format!("InvokeEndpoint failed: the member `EndpointName` {problem}")
        );
        assert!(error.is_input());
        assert_eq!(error.attempts(), 0);
        let error = invoke_async()
            .endpoint_name(name)
            .build()
            .into_request(&endpoint())
            .unwrap_err();
        assert_eq!(
            error.to_string(),
            format!("InvokeEndpointAsync failed: the member `EndpointName` {problem}")
        );
        let input = invoke_stream().endpoint_name(name).build();
        let error = input.into_request(&endpoint()).unwrap_err();
        assert_eq!(
            error.to_string(),
            format!("InvokeEndpointWithResponseStream failed: the member `EndpointName` {problem}")
        );
    }
}

#[test]
fn a_name_that_no_url_can_hold() {
    let input = invoke().endpoint_name("x".repeat(70_000)).build();
    let error = input.into_request(&endpoint()).unwrap_err();
    assert_snapshot!(error, @"InvokeEndpoint failed: the member `EndpointName` makes the URL longer than HTTP can carry");
    assert!(error.is_input());
}

#[test]
fn endpoints_with_a_path() {
    for (url, expected) in [
        ("https://example.com", "https://example.com"),
        ("https://example.com/", "https://example.com"),
        ("https://example.com/base", "https://example.com/base"),
        ("https://example.com/base/", "https://example.com/base"),
        // One slash is the end of the path; another one belongs to it.
        ("https://example.com/base//", "https://example.com/base/"),
        ("https://example.com/two/levels%20", "https://example.com/two/levels%20"),
        ("http://localhost:8080/", "http://localhost:8080"),
        ("http://localhost:08080/", "http://localhost:8080"),
        ("http://[::1]:8080/base", "http://[::1]:8080/base"),
        ("https://example.com:443", "https://example.com:443"),
    ] {
        let endpoint = Endpoint::new(url).unwrap();
        assert_eq!(endpoint.to_string(), expected);
        let request = invoke().build().into_request(&endpoint).unwrap();
        assert_eq!(
            request.uri().to_string(),
            format!("{expected}/endpoints/churn/invocations")
        );
    }
}
