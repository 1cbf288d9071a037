use bytes::Bytes;

use super::canonical::canonical_request;
use super::vectors::Vector;
use super::{Authorization, Keys, verify};
use crate::server::Recorded;

fn keys() -> Keys {
    Keys {
        access_key: "AKIDEXAMPLE".to_owned(),
        secret_key: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY".to_owned(),
        session_token: Some("TOKEN+/=".to_owned()),
    }
}

/// A request whose signature was computed by botocore 1.43.
fn example() -> Recorded {
    let headers = [
        ("Content-Type", "text/csv"),
        ("X-Amzn-SageMaker-Custom-Attributes", "  one   two "),
        ("user-agent", "test"),
        ("content-length", "6"),
        ("amz-sdk-request", "attempt=1"),
        ("x-amz-date", "20150830T123600Z"),
        ("x-amz-security-token", "TOKEN+/="),
        (
            "authorization",
            "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/eu-central-1/sagemaker/aws4_request, \
             SignedHeaders=content-type;host;x-amz-date;x-amz-security-token;x-amzn-sagemaker-custom-attributes, \
             Signature=0bcc95fb90c060de74906f8ddf97d52cd2d3afbceae011b9286e1344663bd8df",
        ),
        ("Host", "127.0.0.1:8080"),
    ];
    Recorded {
        connection: 0,
        method: "POST".to_owned(),
        target: "/endpoints/a%20b%2Fc~d/invocations?b=2&a=x%20y&a=x%2By&flag".to_owned(),
        headers: headers.map(|(name, value)| (name.to_owned(), value.into())).into(),
        body: Bytes::from_static(b"42,0,1"),
    }
}

#[test]
fn a_good_signature_is_accepted() {
    let scope = verify(&example(), &keys(), "sagemaker").unwrap();
    assert_eq!(scope.timestamp, "20150830T123600Z");
    assert_eq!(scope.region, "eu-central-1");
    assert_eq!(scope.service, "sagemaker");
    assert_eq!(scope.signed_headers.len(), 5);
}

#[test]
fn a_bad_signature_is_explained() {
    let mut request = example();
    request.body = Bytes::from_static(b"42,0,2");
    let error = verify(&request, &keys(), "sagemaker").unwrap_err();
    assert!(error.starts_with("the signature is 0bcc95fb90"), "{error}");
    assert!(
        error.contains("POST\n/endpoints/a%2520b%252Fc~d/invocations\na=x%20y&a=x%2By&b=2&flag=\n"),
        "{error}"
    );
    assert!(
        error.contains("string to sign:\nAWS4-HMAC-SHA256\n20150830T123600Z\n20150830/eu-central-1/"),
        "{error}"
    );
}

/// Whatever differs from what was signed, or from what is to be signed, is found.
#[test]
fn every_deviation_is_found() {
    #[track_caller]
    fn check(expected: &str, deviate: impl Fn(&mut Recorded, &mut Keys)) {
        let (mut request, mut keys) = (example(), keys());
        deviate(&mut request, &mut keys);
        let error = verify(&request, &keys, "sagemaker").unwrap_err();
        assert!(error.contains(expected), "{error}");
    }
    fn add(request: &mut Recorded, name: &str, value: &str) {
        request.headers.push((name.to_owned(), value.into()));
    }
    fn replace(request: &mut Recorded, from: &str, to: &str) {
        for (_, value) in &mut request.headers {
            *value = String::from_utf8(value.clone()).unwrap().replace(from, to).into();
        }
    }

    check("the signature is", |request, _| request.method = "PUT".to_owned());
    check("the signature is", |request, _| request.target += "=1");
    check("the signature is", |request, _| {
        replace(request, "text/csv", "text/plain")
    });
    check("the signature is", |_, keys| keys.secret_key.push('x'));

    check("0 headers authorization", |request, _| {
        request.headers.retain(|(name, _)| name != "authorization")
    });
    check("2 headers x-amz-date", |request, _| {
        add(request, "X-Amz-Date", "20150830T123600Z")
    });
    check("malformed authorization", |request, _| {
        replace(request, "AWS4-HMAC-SHA256", "AWS4-HMAC-SHA1")
    });
    check("malformed authorization", |request, _| {
        replace(request, "/aws4_request", "")
    });

    check("access key AKIDEXAMPLE, expected OTHER", |_, keys| {
        keys.access_key = "OTHER".to_owned()
    });
    check("service s3, expected sagemaker", |request, _| {
        replace(request, "/sagemaker/", "/s3/")
    });
    check("no region", |request, _| replace(request, "/eu-central-1/", "//"));
    check("for date 20150831", |request, _| {
        replace(request, "/20150830/", "/20150831/")
    });
    check("at 20150830", |request, _| {
        replace(request, "20150830T123600Z", "20150830")
    });
    check("x-amz-content-sha256 is present", |request, _| {
        add(request, "X-Amz-Content-SHA256", "UNSIGNED-PAYLOAD")
    });
    check("x-amz-security-token is [\"TOKEN+/=\"], expected None", |_, keys| {
        keys.session_token = None
    });

    check("not sorted", |request, _| {
        replace(request, "content-type;host", "host;content-type")
    });
    check("host is not signed", |request, _| replace(request, ";host", ""));
    check("content-type is not signed", |request, _| {
        replace(request, "content-type;", "")
    });
    check("accept is not signed", |request, _| add(request, "Accept", "*/*"));
    check("x-amz-foo is not signed", |request, _| add(request, "X-Amz-Foo", "bar"));
    check("x-amzn-sagemaker-foo is not signed", |request, _| {
        add(request, "X-Amzn-SageMaker-Foo", "bar")
    });
    check("user-agent is signed", |request, _| {
        replace(request, "host;", "host;user-agent;")
    });
    check("content-length is signed", |request, _| {
        replace(request, "content-type;", "content-length;content-type;")
    });
    check("foo is signed, but not there", |request, _| {
        replace(request, ";host", ";foo;host")
    });
}

/// The published vectors. Their paths are not encoded before they are signed, so encoding once is right for them.
#[test]
fn the_published_vectors_agree() {
    let mut vectors = Vector::all();
    // This verifier wants paths as all services but S3 do.
    vectors.retain(|vector| vector.normalize);
    assert!(vectors.len() > 20, "{}", vectors.len());
    for vector in vectors {
        let request = parse(&vector.read("header-signed-request"));
        let authorization = Authorization::of(&request).unwrap();
        let canonical = canonical_request(&request, &authorization.signed_headers).unwrap();
        assert_eq!(canonical, vector.read("header-canonical-request"), "{}", vector.name);
        let to_sign = authorization.string_to_sign(&canonical);
        assert_eq!(to_sign, vector.read("header-string-to-sign"), "{}", vector.name);
        let signature = authorization.sign(&to_sign, &keys());
        assert_eq!(signature, authorization.signature, "{}", vector.name);
        assert_eq!(signature, vector.read("header-signature"), "{}", vector.name);
    }
}

/// The suite has what no HTTP parser takes: spaces in the target, values over several lines.
fn parse(text: &str) -> Recorded {
    let (head, body) = text.split_once("\n\n").unwrap_or((text, ""));
    let (request_line, headers) = head.split_once('\n').unwrap();
    let (method, rest) = request_line.split_once(' ').unwrap();
    let (target, _) = rest.rsplit_once(' ').unwrap();
    Recorded {
        connection: 0,
        method: method.to_owned(),
        target: target.to_owned(),
        headers: headers
            .replace("\n ", " ")
            .lines()
            .map(|line| line.split_once(':').unwrap())
            .map(|(name, value)| (name.to_owned(), value.trim().into()))
            .collect(),
        body: Bytes::copy_from_slice(body.as_bytes()),
    }
}
