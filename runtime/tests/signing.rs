//! Signatures beside those of aws-sigv4, over requests made at random.

#[path = "signing/judge.rs"]
mod judge;

use std::time::{Duration, SystemTime};

use fastrand::Rng;
use http::{HeaderName, HeaderValue, Request};
use lean_aws_runtime::Credentials;
use lean_aws_runtime::support::signing::{Scope, Signer};

/// As many as `SOAK_CASES` says, or enough to find what goes wrong once in a hundred requests.
fn cases() -> u64 {
    let cases = std::env::var("SOAK_CASES").ok();
    cases.map_or(2_000, |cases| cases.parse().expect("a number"))
}

#[test]
fn signatures_are_those_of_aws_sigv4() {
    let signer = Signer::default();
    for seed in 0..cases() {
        let mut random = Rng::with_seed(seed);
        let request = request(&mut random);
        let credentials = credentials(&mut random);
        let region = random.choice(["eu-central-1", "us-east-1"]).expect("not empty");
        let scope = Scope {
            region,
            service: random.choice(["sagemaker", "polly"]).expect("not empty"),
            double_encode: random.bool(),
            normalize_path: random.bool(),
        };
        let hash = random.bool().then(|| std::array::from_fn(|_| random.u8(..)));
        // Some days, so that keys are used again and others are needed.
        let time = Duration::from_secs(random.u64(..3) * 86_400 * 400 + random.u64(..86_400));
        let time = SystemTime::UNIX_EPOCH + time;

        let mut signed = request.clone();
        signer
            .sign(&mut signed, hash.as_ref(), &credentials, scope, time)
            .expect("it can be signed");
        let expected = judge::sign_by_aws(received(request), hash.as_ref(), &credentials, scope, time);
        let expected = expected.expect("it can be signed");
        assert_eq!(signed.uri(), expected.uri());
        let signed = received(signed);
        assert_eq!(signed.headers(), expected.headers(), "seed {seed}: {}", signed.uri());
    }
}

/// The example of <https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html>.
#[test]
fn a_presigned_request_is_that_of_the_documentation() {
    let credentials = Credentials::new(
        "AKIAIOSFODNN7EXAMPLE",
        "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
        None,
        None,
        "test",
    );
    let scope = Scope {
        region: "us-east-1",
        service: "s3",
        double_encode: false,
        normalize_path: false,
    };
    let time = SystemTime::UNIX_EPOCH + Duration::from_secs(1_369_353_600);
    let mut request = Request::get("https://examplebucket.s3.amazonaws.com/test.txt")
        .body(())
        .expect("a request");
    Signer::default()
        .presign(&mut request, None, &credentials, scope, time, 86_400)
        .expect("it can be signed");
    let expected = "https://examplebucket.s3.amazonaws.com/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256\
        &X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Date=20130524T000000Z\
        &X-Amz-Expires=86400&X-Amz-SignedHeaders=host\
        &X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404";
    assert_eq!(request.uri().to_string(), expected);
    assert!(request.headers().is_empty());
}

#[test]
fn presigned_requests_are_those_of_aws_sigv4() {
    let signer = Signer::default();
    for seed in 0..cases() / 4 {
        let mut random = Rng::with_seed(seed);
        let request = received(request(&mut random));
        let credentials = credentials(&mut random);
        let scope = Scope {
            region: "eu-central-1",
            service: "s3",
            double_encode: random.bool(),
            normalize_path: random.bool(),
        };
        let hash = random.bool().then(|| std::array::from_fn(|_| random.u8(..)));
        let time = SystemTime::UNIX_EPOCH + Duration::from_secs(random.u64(..4_000_000_000));
        let seconds = random.u64(1..=604_800);
        let mut signed = request.clone();
        signer
            .presign(&mut signed, hash.as_ref(), &credentials, scope, time, seconds)
            .expect("it can be signed");
        let expected = judge::presign_by_aws(request, hash.as_ref(), &credentials, scope, time, seconds);
        let expected = expected.expect("it can be signed");
        assert_eq!(
            signature(&signed),
            signature(&expected),
            "seed {seed}: {}",
            signed.uri()
        );
        assert_eq!(signed.headers(), expected.headers());
    }
}

/// The parameters of the query that begin with `X-Amz-`, sorted. The others may be encoded in another way.
fn signature(request: &Request<()>) -> Vec<&str> {
    let parameters = request.uri().query().unwrap_or_default().split('&');
    let mut parameters: Vec<&str> = parameters.filter(|pair| pair.starts_with("X-Amz-")).collect();
    parameters.sort_unstable();
    parameters
}

/// The request as a server sees it: HTTP takes the blanks at both ends of a header's value off, tabs as well as spaces.
/// aws-sigv4 signs these tabs, and the service finds the signature wrong.
fn received(mut request: Request<()>) -> Request<()> {
    for value in request.headers_mut().values_mut() {
        *value = HeaderValue::from_bytes(value.as_bytes().trim_ascii()).expect("a part of a value");
    }
    request
}

fn credentials(random: &mut Rng) -> Credentials {
    let token = random.bool().then(|| word(random, "TOKEN+/=", 1..40));
    let secret = random.choice(["secret", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"]);
    Credentials::new("AKIDEXAMPLE", secret.expect("not empty"), token, None, "test")
}

fn request(random: &mut Rng) -> Request<()> {
    let scheme = random.choice(["http", "https"]).expect("not empty");
    let host = random
        .choice(["host.example", "[::1]", "127.0.0.1"])
        .expect("not empty");
    let port = random.choice(["", ":80", ":443", ":8080"]).expect("not empty");
    let path = word(random, "aZ0-._~/./../%41%2F%c3%A9:@!$&'()*+,;=", 0..30);
    let query = word(random, "aZ0-._~/%41%2F%C3%A9:@!$'()*,;+=&&==?", 0..30);
    let mark = if random.bool() { "?" } else { "" };
    let query = if mark.is_empty() { "" } else { &query };
    let url = format!("{scheme}://{host}{port}/{path}{mark}{query}");
    let mut request = Request::new(());
    *request.method_mut() = random
        .choice(["GET", "POST", "DELETE"])
        .expect("not empty")
        .parse()
        .expect("a method");
    *request.uri_mut() = url.parse().unwrap_or_else(|error| panic!("{url}: {error}"));
    let names = [
        "content-type",
        "accept",
        "x-a",
        "x-a-b",
        "x-ab",
        "x-amzn-trace-id",
        "user-agent",
        "te",
        "content-length",
        "x-amz-date",
        "authorization",
        "host",
    ];
    for _ in 0..random.usize(..8) {
        let name = HeaderName::from_static(random.choice(names).expect("not empty"));
        let value = word(random, "abc   ,;\"\t  z", 0..12);
        let value = HeaderValue::try_from(value).expect("a value");
        if matches!(name.as_str(), "x-amz-date" | "authorization") {
            // Of a signature that is to be replaced.
            request.headers_mut().insert(name, value);
        } else {
            request.headers_mut().append(name, value);
        }
    }
    request
}

/// Some characters of an alphabet, in which a percent sign comes with what it encodes.
fn word(random: &mut Rng, alphabet: &str, length: std::ops::Range<usize>) -> String {
    let mut pieces = Vec::new();
    let mut rest = alphabet;
    while !rest.is_empty() {
        let (piece, after) = rest.split_at(match rest {
            rest if rest.starts_with("%C3") || rest.starts_with("%c3") => "%C3%A9".len(),
            rest if rest.starts_with('%') => "%41".len(),
            _ => 1,
        });
        pieces.push(piece);
        rest = after;
    }
    let length = random.usize(length);
    (0..length).map(|_| pieces[random.usize(..pieces.len())]).collect()
}
