//! The client's signatures against the published vectors, and against a verifier of our own.

use std::time::{Duration, SystemTime};

use http::{HeaderName, HeaderValue, Request};
use lean_aws_runtime::Credentials;
use lean_aws_runtime::support::signing::{Scope, Signer};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use sha2::{Digest, Sha256};
use tests::server::Recorded;
use tests::sigv4::vectors::Vector;
use tests::sigv4::{Keys, verify};

const ACCESS_KEY: &str = "AKIDEXAMPLE";
const SECRET_KEY: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

/// 2015-08-30T12:36:00Z, in seconds.
const TIME: u64 = 1_440_938_160;

/// What a client writes into a path: labels are encoded but for the unreserved characters. One vector is encoded already.
const PATH: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'%')
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b'/');
/// What of a query is not a URL as it stands.
const QUERY: &AsciiSet = &PATH.remove(b'&').remove(b'=');

/// As the client signs its requests.
const SCOPE: Scope<'_> = Scope {
    region: "eu-central-1",
    service: "sagemaker",
    double_encode: true,
    normalize_path: true,
};

fn time() -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(TIME)
}

/// Credentials that do not expire.
fn credentials(access_key: &str, secret_key: &str, token: Option<String>) -> Credentials {
    Credentials::new(access_key, secret_key, token, None, "test")
}

#[test]
fn published_vectors() {
    let vectors = Vector::all();
    for vector in &vectors {
        let name = &vector.name;
        // A token that is added later takes no part in the signature.
        let token = vector.token.clone().filter(|_| !vector.omit_token);
        let credentials = credentials(ACCESS_KEY, SECRET_KEY, token.clone());
        let mut request = parse(&vector.read("request"));
        let scope = Scope {
            region: "us-east-1",
            service: "service",
            double_encode: false,
            normalize_path: vector.normalize,
        };
        let hash = Sha256::digest(request.body());
        if vector.sign_body {
            let value = hex::encode(hash).try_into().unwrap();
            request.headers_mut().insert("x-amz-content-sha256", value);
        }
        Signer::default()
            .sign(&mut request, Some(&hash.into()), &credentials, scope, time())
            .unwrap();

        let authorization = request.headers()["authorization"].to_str().unwrap();
        let expected = vector.read("header-signed-request");
        let expected = expected.lines().find_map(|line| line.strip_prefix("Authorization:"));
        assert_eq!(Some(authorization), expected, "{name}");
        assert!(authorization.ends_with(&vector.read("header-signature")), "{name}");
        assert_eq!(request.headers()["x-amz-date"], "20150830T123600Z");
        let sent = request.headers().get("x-amz-security-token");
        let sent = sent.map(HeaderValue::as_bytes);
        assert_eq!(sent, token.as_deref().map(str::as_bytes), "{name}");
    }
    for what in [
        |vector: &Vector| vector.normalize,
        |vector: &Vector| !vector.normalize,
        |vector: &Vector| vector.sign_body,
        |vector: &Vector| vector.token.is_some(),
    ] {
        assert!(vectors.iter().any(what), "not all kinds of vectors are there");
    }
}

/// The request of a vector, as this client would write it.
///
/// `Host`, `X-Amz-Date` and the token are left out: signing adds them. A value over several lines becomes one line, as
/// HTTP's parsers did while it was still allowed; the blanks in it stay.
fn parse(text: &str) -> Request<String> {
    let (head, body) = text.split_once("\n\n").unwrap_or((text, ""));
    let (request_line, headers) = head.split_once('\n').unwrap();
    let (method, rest) = request_line.split_once(' ').unwrap();
    let target = rest.strip_suffix(" HTTP/1.1").unwrap();
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let path = utf8_percent_encode(path, PATH);
    let query = match query {
        "" => String::new(),
        query => format!("?{}", utf8_percent_encode(query, QUERY)),
    };

    let mut host = "";
    let mut request = Request::new(body.to_owned());
    let headers = headers.replace("\n ", " ");
    for line in headers.lines() {
        let (name, value) = line.split_once(':').unwrap();
        match name {
            "Host" => host = value,
            "X-Amz-Date" | "X-Amz-Security-Token" => {}
            _ => {
                let name = HeaderName::try_from(name).unwrap();
                request.headers_mut().append(name, value.try_into().unwrap());
            }
        }
    }
    *request.method_mut() = method.parse().unwrap();
    *request.uri_mut() = format!("https://{host}{path}{query}").parse().unwrap();
    request
}

/// What a server would receive.
fn record(request: &Request<String>) -> Recorded {
    let host = request.uri().authority().unwrap().as_str();
    let headers = request.headers().iter();
    let mut headers: Vec<_> = headers
        .map(|(name, value)| (name.to_string(), value.as_bytes().into()))
        .collect();
    headers.push(("Host".to_owned(), host.into()));
    Recorded {
        connection: 0,
        method: request.method().to_string(),
        target: request.uri().path_and_query().unwrap().to_string(),
        headers,
        body: request.body().clone().into(),
    }
}

/// Services other than S3 encode the path of the URL again, so that `%` becomes `%25`.
#[test]
fn paths_are_encoded_twice() {
    let mut request =
        Request::post("https://127.0.0.1:8443/a%20b%2Fc%25%7Ed/$x:@/./../%E1%88%B4//?b=2&a=x%20y&a=1&flag")
            .header("content-type", "text/csv")
            .header("x-amzn-sagemaker-custom-attributes", "  größe   \"a   b\" ")
            .header("x-amzn-sagemaker-inference-id", "")
            .header("x-repeated", "2")
            .header("x-repeated", "1")
            .header("user-agent", "test")
            .header("x-amzn-trace-id", "Root=1")
            .body("42,0,1".to_owned())
            .unwrap();
    let keys = Keys {
        access_key: ACCESS_KEY.to_owned(),
        secret_key: SECRET_KEY.to_owned(),
        session_token: Some("TOKEN+/=".to_owned()),
    };
    let credentials = credentials(ACCESS_KEY, SECRET_KEY, Some("TOKEN+/=".to_owned()));
    let hash = Sha256::digest(request.body()).into();

    let mut once = request.clone();
    let single = Scope {
        double_encode: false,
        ..SCOPE
    };
    Signer::default()
        .sign(&mut once, Some(&hash), &credentials, single, time())
        .unwrap();
    assert!(verify(&record(&once), &keys, "sagemaker").is_err());

    Signer::default()
        .sign(&mut request, Some(&hash), &credentials, SCOPE, time())
        .unwrap();
    let valid = verify(&record(&request), &keys, "sagemaker").unwrap();
    assert_eq!(valid.timestamp, "20150830T123600Z");
    assert_eq!(valid.region, "eu-central-1");
    let signed = "content-type host x-amz-date x-amz-security-token x-amzn-sagemaker-custom-attributes \
        x-amzn-sagemaker-inference-id x-repeated";
    assert_eq!(valid.signed_headers.join(" "), signed);
    let token = &request.headers()["x-amz-security-token"];
    assert!(token.is_sensitive(), "it must not get into logs");
}

/// A request that is signed again has the headers of the last signature only.
#[test]
fn signing_again_replaces_the_signature() {
    let mut request = Request::get("https://example.com/").body(String::new()).unwrap();
    let hash = Sha256::digest("").into();
    let temporary = credentials("OTHER", "secret", Some("TOKEN".to_owned()));
    Signer::default()
        .sign(&mut request, Some(&hash), &temporary, SCOPE, SystemTime::now())
        .unwrap();
    let keys = Keys {
        access_key: ACCESS_KEY.to_owned(),
        secret_key: SECRET_KEY.to_owned(),
        session_token: Some("TOKEN+/=".to_owned()),
    };
    let credentials = credentials(ACCESS_KEY, SECRET_KEY, keys.session_token.clone());
    Signer::default()
        .sign(&mut request, Some(&hash), &credentials, SCOPE, time())
        .unwrap();
    verify(&record(&request), &keys, "sagemaker").unwrap();
}

/// What no header can hold is an error, and nothing that was given is in it.
#[test]
fn credentials_that_cannot_sign() {
    let of_test = "of the credentials from `test` has a";
    for (access_key, secret_key, token, expected) in [
        (
            "AK ID",
            "secret",
            None,
            format!("the access key id {of_test} character that a header cannot carry"),
        ),
        (
            "AKID",
            "sec\nret",
            None,
            format!("the secret access key {of_test} control character"),
        ),
        (
            "AKID",
            "secret",
            Some("tökén"),
            format!("the session token {of_test} character that a header cannot carry"),
        ),
    ] {
        let credentials = credentials(access_key, secret_key, token.map(str::to_owned));
        let mut request = Request::get("https://example.com/").body(()).unwrap();
        let error = Signer::default()
            .sign(&mut request, Some(&[0; 32]), &credentials, SCOPE, time())
            .unwrap_err();
        assert_eq!(error.to_string(), expected);
        assert!(request.headers().is_empty());
    }
}
