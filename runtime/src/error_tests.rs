//! The text of every kind of error, in one place.

use std::io;
use std::path::Path;
use std::time::Duration;

use http::{HeaderMap, HeaderValue, StatusCode};
use insta::assert_snapshot;

use crate::auth::credentials::Credentials;
use crate::error::metadata::{REQUEST_ID, ResponseMetadata};
use crate::error::{
    Broke, Connecting, Distrust, Error, ErrorKind, FileProblem, Kind, Refusal, Sent, Step, TimedOut, Waited,
};
use crate::weather::{Rain, ServiceError, WEATHER};

/// The first ones can also take too long.
const CONNECTING: [Connecting; 14] = [
    Connecting::Resolve,
    Connecting::Tcp,
    Connecting::Proxy,
    Connecting::Tunnel,
    Connecting::Tls,
    Connecting::ForeignProxy,
    Connecting::Refused(403),
    Connecting::Refused(407),
    Connecting::Refused(502),
    Connecting::Certificate(Distrust::UnknownIssuer),
    Connecting::Certificate(Distrust::OtherHost),
    Connecting::Certificate(Distrust::Expired),
    Connecting::Certificate(Distrust::NotYetValid),
    Connecting::Certificate(Distrust::Other),
];

fn host() -> String {
    "weather.example:443".to_owned()
}

/// An error of a call after one attempt.
fn error(kind: Kind) -> Error {
    Error::new(kind)
        .in_operation(WEATHER.info.operation("Forecast"))
        .with_attempts(1)
}

/// An error with which the service answered.
fn answer(status: u16, code: &str, message: &str) -> Error {
    let id = (REQUEST_ID, HeaderValue::from_static("1f2e"));
    let status = StatusCode::from_u16(status).expect("a status");
    error(Kind::Service {
        code: code.to_owned(),
        message: message.to_owned(),
        modeled: None,
    })
    .with_metadata(ResponseMetadata::new(status, HeaderMap::from_iter([id]), 1))
}

fn lines(errors: impl IntoIterator<Item = Error>) -> String {
    let lines: Vec<String> = errors.into_iter().map(|error| error.to_string()).collect();
    assert!(lines.iter().all(|line| !line.contains(char::is_control)));
    lines.join("\n")
}

#[test]
fn before_a_request() {
    let configuration = |problem: &str| {
        Error::new(Kind::Configuration(problem.to_owned())).in_operation(WEATHER.info.operation("Forecast"))
    };
    let unsent = |kind| Error::new(kind).in_operation(WEATHER.info.operation("Forecast"));
    let flaw = Credentials::new("AKID", "", None, None, "vault")
        .flaw()
        .expect("a flaw");
    assert_snapshot!(lines([
        Error::new(Kind::Configuration("no region is set".to_owned())),
        configuration("no region is set"),
        configuration("Invalid ARN: a\r\nb\u{1b}[31m\u{202e}c"),
        configuration("Invalid Configuration: FIPS and custom endpoint are not supported"),
        configuration("Invalid Configuration: Dualstack and custom endpoint are not supported"),
        unsent(Kind::Input { member: "City", problem: "is empty".to_owned() }),
        unsent(Kind::Payload),
        unsent(no_credentials(false, "the profile `dev`: the token has expired [/home/a/.aws/config:7]")),
        unsent(no_credentials(true, "no credentials found: environment: nothing; profile: nothing")),
        unsent(Kind::ExpiredCredentials),
        unsent(Kind::BadCredentials(flaw)),
        unsent(Kind::Signing),
    ]), @r#"
    no region is set
    Forecast failed: no region is set
    Forecast failed: Invalid ARN: a b\u{1b}[31m\u{202e}c
    Forecast failed: Invalid Configuration: FIPS and custom endpoint are not supported [hint: leave out the endpoint URL, or switch FIPS off; see `AWS_ENDPOINT_URL` and `AWS_USE_FIPS_ENDPOINT` if the code sets neither]
    Forecast failed: Invalid Configuration: Dualstack and custom endpoint are not supported [hint: leave out the endpoint URL, or switch dual-stack off; see `AWS_ENDPOINT_URL` and `AWS_USE_DUALSTACK_ENDPOINT` if the code sets neither]
    Forecast failed: the member `City` is empty
    Forecast failed: the payload of the request cannot be read
    Forecast failed: the profile `dev`: the token has expired [/home/a/.aws/config:7]
    Forecast failed: no credentials found: environment: nothing; profile: nothing [hint: set environment variables or a profile, or give this machine a role]
    Forecast failed: the credentials to sign with have expired [hint: get new credentials, or use a source that renews them, such as a profile]
    Forecast failed: the secret access key of the credentials from `vault` is empty
    Forecast failed: the request cannot be signed
    "#);
}

fn no_credentials(none_found: bool, report: &str) -> Kind {
    Kind::Credentials {
        none_found,
        report: report.to_owned(),
    }
}

#[test]
fn connecting() {
    let failed = CONNECTING.map(|phase| error(Kind::Connect { host: host(), phase }));
    let late = CONNECTING[..5].iter().map(|&phase| {
        let limit = Duration::from_secs(5);
        error(Kind::ConnectTimeout {
            host: host(),
            phase,
            limit,
        })
    });
    let refused = error(Kind::Connect {
        host: host(),
        phase: Connecting::Tcp,
    })
    .with_source(io::Error::from(io::ErrorKind::ConnectionRefused));
    assert_snapshot!(lines(failed.into_iter().chain(late).chain([refused])), @r#"
    Forecast failed: cannot connect to weather.example:443: DNS lookup failed [1 attempt, hint: check the region, the endpoint URL and the name server]
    Forecast failed: cannot connect to weather.example:443: TCP connect failed [1 attempt, hint: check that routes and firewalls let this machine reach the host]
    Forecast failed: cannot connect to weather.example:443: the proxy cannot be reached [1 attempt, hint: check the proxy that `HTTPS_PROXY`, `HTTP_PROXY` or `ALL_PROXY` names, or add the host to `NO_PROXY`]
    Forecast failed: cannot connect to weather.example:443: the proxy did not open a tunnel [1 attempt, hint: check the proxy that `HTTPS_PROXY`, `HTTP_PROXY` or `ALL_PROXY` names, or add the host to `NO_PROXY`]
    Forecast failed: cannot connect to weather.example:443: TLS handshake failed [1 attempt, hint: check that the port of the endpoint URL speaks TLS]
    Forecast failed: cannot connect to weather.example:443: the URL of the proxy does not begin with `http://` [1 attempt, hint: use a proxy whose URL begins with `http://`, or add the host to `NO_PROXY`]
    Forecast failed: cannot connect to weather.example:443: the proxy refused a tunnel (403) [1 attempt, hint: check that the proxy allows the host and its port, or add the host to `NO_PROXY`]
    Forecast failed: cannot connect to weather.example:443: the proxy refused a tunnel (407) [1 attempt, hint: set user and password in the URL of the proxy, percent-encoded]
    Forecast failed: cannot connect to weather.example:443: the proxy refused a tunnel (502) [1 attempt, hint: check that the proxy can reach the host, or add the host to `NO_PROXY`]
    Forecast failed: cannot connect to weather.example:443: its certificate is signed by an untrusted authority [1 attempt, hint: check the endpoint URL, or trust a certificate authority of your own with `AWS_CA_BUNDLE` or `.ca_bundle(..)`]
    Forecast failed: cannot connect to weather.example:443: its certificate is for another host [1 attempt, hint: check the host of the endpoint URL]
    Forecast failed: cannot connect to weather.example:443: its certificate has expired [1 attempt, hint: check the clock of this machine; if it is right, the host needs a new certificate]
    Forecast failed: cannot connect to weather.example:443: its certificate is not valid yet [1 attempt, hint: check the clock of this machine; if it is right, the host needs a new certificate]
    Forecast failed: cannot connect to weather.example:443: its certificate is not trusted [1 attempt, hint: the cause of the error says what is wrong with it]
    Forecast failed: connecting to weather.example:443 timed out after 5 s during the DNS lookup [1 attempt, hint: check the region, the endpoint URL and the name server]
    Forecast failed: connecting to weather.example:443 timed out after 5 s during the TCP handshake [1 attempt, hint: check that routes and firewalls let this machine reach the host]
    Forecast failed: connecting to weather.example:443 timed out after 5 s while connecting to the proxy [1 attempt, hint: check the proxy that `HTTPS_PROXY`, `HTTP_PROXY` or `ALL_PROXY` names, or add the host to `NO_PROXY`]
    Forecast failed: connecting to weather.example:443 timed out after 5 s while waiting for the tunnel of the proxy [1 attempt, hint: check the proxy that `HTTPS_PROXY`, `HTTP_PROXY` or `ALL_PROXY` names, or add the host to `NO_PROXY`]
    Forecast failed: connecting to weather.example:443 timed out after 5 s during the TLS handshake [1 attempt, hint: check that the port of the endpoint URL speaks TLS]
    Forecast failed: cannot connect to weather.example:443: TCP connect failed: connection refused [1 attempt, hint: check host and port of the endpoint URL, and that something listens there]
    "#);
}

#[test]
fn after_a_request() {
    let broke_after = |broke, sent| {
        error(Kind::Connection {
            host: host(),
            broke,
            sent,
        })
    };
    let broke = |broke| broke_after(broke, None);
    let sent = |bytes, of| broke_after(Broke::Silent, Some(Sent { bytes, of }));
    let waiter = |waited, calls, state: Option<&str>| {
        error(Kind::Waiter {
            name: "Sunny",
            waited,
            calls,
            state: state.map(str::to_owned),
        })
    };
    assert_snapshot!(lines([
        broke(Broke::Unsent),
        broke(Broke::Stale),
        broke(Broke::Silent),
        sent(3_149_999, Some(8_000_000)),
        sent(1_000, Some(8_000_000)),
        sent(999_999, Some(999_999)),
        sent(12, Some(999)),
        sent(3_149_999, None),
        sent(70_000, None),
        sent(u64::MAX, None),
        broke(Broke::Late),
        broke(Broke::Answering),
        error(Kind::HeadTooLarge { host: host() }),
        error(Kind::Transport),
        error(Kind::Header { name: "x-rain".to_owned(), problem: "is not a number".to_owned() }),
        error(Kind::Unreadable("JSON of the wanted form")),
        error(Kind::EventStream("a frame\nis cut off".to_owned())).in_stream(),
        error(Kind::Body { received: 5, expected: Some(20) }),
        error(Kind::Body { received: 5, expected: None }),
        error(Kind::Body { received: 5, expected: Some(5) }),
        error(Kind::RepeatedToken),
        waiter(Waited::TooLong(Duration::from_secs(60)), 12, Some("Sky is GREY")),
        waiter(Waited::InVain, 1, None),
    ]), @r#"
    Forecast failed: the connection to weather.example:443 broke before a response arrived [1 attempt]
    Forecast failed: the connection to weather.example:443 broke before a response arrived [1 attempt]
    Forecast failed: the connection to weather.example:443 broke before a response arrived [1 attempt]
    Forecast failed: the connection to weather.example:443 broke before a response arrived, after 3.1 of 8.0 MB of the request had been sent [1 attempt]
    Forecast failed: the connection to weather.example:443 broke before a response arrived, after 0.0 of 8.0 MB of the request had been sent [1 attempt]
    Forecast failed: the connection to weather.example:443 broke before a response arrived, after 999.9 of 999.9 KB of the request had been sent [1 attempt]
    Forecast failed: the connection to weather.example:443 broke before a response arrived, after 12 of 999 bytes of the request had been sent [1 attempt]
    Forecast failed: the connection to weather.example:443 broke before a response arrived, after 3.1 MB of the request had been sent [1 attempt]
    Forecast failed: the connection to weather.example:443 broke before a response arrived, after 70.0 KB of the request had been sent [1 attempt]
    Forecast failed: the connection to weather.example:443 broke before a response arrived, after 18446744073709.5 MB of the request had been sent [1 attempt]
    Forecast failed: the connection to weather.example:443 broke without a response while the service may have been at work [1 attempt, hint: make the call again only if the service may do its work twice; see `Retries::after_timeout`]
    Forecast failed: the response of weather.example:443 broke off or is not HTTP [1 attempt]
    Forecast failed: the response head of weather.example:443 is too large: it has more than 100 header lines or 256 KiB [1 attempt]
    Forecast failed: the transport failed [1 attempt]
    Forecast failed: the response header `x-rain` is not a number [1 attempt]
    Forecast failed: the payload of the response is not JSON of the wanted form [1 attempt]
    Forecast failed: the event stream cannot be read: a frame is cut off [in the event stream, 1 attempt]
    Forecast failed: the payload of the response broke off after 5 of 20 bytes [1 attempt]
    Forecast failed: the payload of the response broke off after 5 bytes [1 attempt]
    Forecast failed: the payload of the response continues after the announced 5 bytes [1 attempt]
    Forecast failed: the service returned the same token for the next page twice [1 attempt]
    Forecast failed: the waiter Sunny timed out after 60 s and 12 calls: Sky is GREY [1 attempt]
    Forecast failed: the waiter Sunny failed after 1 call [1 attempt]
    "#);
}

/// What was waited for is said.
#[test]
fn timeouts() {
    let timeout = |what, seconds, step| {
        let limit = Duration::from_secs(seconds);
        error(Kind::Timeout { what, limit, step })
    };
    let attempt = |step| timeout(TimedOut::Attempt, 20, step);
    assert_snapshot!(lines([
        timeout(TimedOut::Read, 70, Step::Sending),
        timeout(TimedOut::Read, 70, Step::Head),
        timeout(TimedOut::Read, 70, Step::Body),
        attempt(Step::Credentials),
        attempt(Step::Connecting),
        attempt(Step::Sending),
        attempt(Step::Head),
        attempt(Step::Body),
        timeout(TimedOut::Operation, 120, Step::Payload),
        timeout(TimedOut::Operation, 120, Step::Permit),
        timeout(TimedOut::Operation, 120, Step::Credentials),
        timeout(TimedOut::Operation, 120, Step::Head),
    ]), @"
    Forecast failed: read timeout: no data for 70 s while sending the request [1 attempt, hint: allow a longer silence with `Timeouts::read` if the service needs it]
    Forecast failed: read timeout: no data for 70 s while waiting for the response [1 attempt, hint: allow a longer silence with `Timeouts::read` if the service needs it]
    Forecast failed: read timeout: no data for 70 s while reading the response [1 attempt, hint: allow a longer silence with `Timeouts::read` if the service needs it]
    Forecast failed: attempt timed out after 20 s while waiting for credentials [1 attempt, hint: allow more time with `Timeouts::attempt` if the provider of credentials needs it]
    Forecast failed: attempt timed out after 20 s while connecting [1 attempt, hint: allow more time with `Timeouts::attempt` if the service needs it]
    Forecast failed: attempt timed out after 20 s while sending the request [1 attempt, hint: allow more time with `Timeouts::attempt` if the service needs it]
    Forecast failed: attempt timed out after 20 s while waiting for the response [1 attempt, hint: allow more time with `Timeouts::attempt` if the service needs it]
    Forecast failed: attempt timed out after 20 s while reading the response [1 attempt, hint: allow more time with `Timeouts::attempt` if the service needs it]
    Forecast failed: call timed out after 120 s while reading the payload of the request [1 attempt, hint: allow more time with `Timeouts::operation` if the service needs it]
    Forecast failed: call timed out after 120 s while waiting for a permit of `max_in_flight` [1 attempt, hint: allow more requests at once with `ClientBuilder::max_in_flight`, or more time with `Timeouts::operation`]
    Forecast failed: call timed out after 120 s while waiting for credentials [1 attempt, hint: allow more time with `Timeouts::operation` if the provider of credentials needs it]
    Forecast failed: call timed out after 120 s while waiting for the response [1 attempt, hint: allow more time with `Timeouts::operation` if the service needs it]
    ");
}

#[test]
fn answers() {
    let rain = Rain {
        message: None,
        intensity: Some(7),
    };
    let modeled = error(Kind::Service {
        code: "Rain".to_owned(),
        message: "it rains\ncats and dogs".to_owned(),
        modeled: Some(Box::new(ServiceError::Rain(rain))),
    });
    let status = StatusCode::FAILED_DEPENDENCY;
    let modeled = modeled.with_metadata(ResponseMetadata::new(status, HeaderMap::new(), 1));
    assert_snapshot!(lines([
        modeled.with_attempts(3),
        answer(424, "Rain", "it rains dogs"),
        answer(400, "Rain", "it rains cats and dogs"),
        answer(503, "503", "Service Unavailable"),
        answer(530, "530", ""),
        answer(400, "ThrottlingException", ""),
        answer(200, "Rain", "").in_stream(),
    ]), @r#"
    Forecast failed: Rain (424): it rains cats and dogs [intensity 7, 3 attempts, hint: take an umbrella]
    Forecast failed: Rain (424): it rains dogs [request id 1f2e, 1 attempt]
    Forecast failed: Rain (400): it rains cats and dogs [request id 1f2e, 1 attempt]
    Forecast failed: HTTP 503: Service Unavailable [request id 1f2e, 1 attempt]
    Forecast failed: HTTP 530 [request id 1f2e, 1 attempt]
    Forecast failed: ThrottlingException (400) [request id 1f2e, 1 attempt]
    Forecast failed: Rain [in the event stream, request id 1f2e, 1 attempt]
    "#);
}

#[test]
fn what_to_do() {
    let codes = [
        "ExpiredToken",
        "ExpiredTokenException",
        "RequestExpired",
        "RequestInTheFuture",
        "RequestTimeTooSkewed",
        "InvalidSignatureException",
        "SignatureDoesNotMatch",
        "UnrecognizedClientException",
        "InvalidClientTokenId",
        "MissingAuthenticationTokenException",
        "AccessDenied",
        "AccessDeniedException",
        "NoHintForThis",
    ];
    let codes = codes.map(|code| answer(403, code, ""));
    let statuses = [
        answer(413, "413", "Payload Too Large"),
        // A proxy that reads the requests answers like a service.
        answer(407, "407", "Proxy Authentication Required"),
    ];
    assert_snapshot!(lines(codes.into_iter().chain(statuses)), @r#"
    Forecast failed: ExpiredToken (403) [request id 1f2e, 1 attempt, hint: get new credentials, or use a source that renews them, such as a profile]
    Forecast failed: ExpiredTokenException (403) [request id 1f2e, 1 attempt, hint: get new credentials, or use a source that renews them, such as a profile]
    Forecast failed: RequestExpired (403) [request id 1f2e, 1 attempt, hint: set the clock of this machine]
    Forecast failed: RequestInTheFuture (403) [request id 1f2e, 1 attempt, hint: set the clock of this machine]
    Forecast failed: RequestTimeTooSkewed (403) [request id 1f2e, 1 attempt, hint: set the clock of this machine]
    Forecast failed: InvalidSignatureException (403) [request id 1f2e, 1 attempt, hint: check the secret access key and the clock of this machine, and that no proxy changes requests]
    Forecast failed: SignatureDoesNotMatch (403) [request id 1f2e, 1 attempt, hint: check the secret access key and the clock of this machine, and that no proxy changes requests]
    Forecast failed: UnrecognizedClientException (403) [request id 1f2e, 1 attempt, hint: check that the access key is active and belongs to this AWS partition, and that temporary credentials have their session token]
    Forecast failed: InvalidClientTokenId (403) [request id 1f2e, 1 attempt, hint: check that the access key is active and belongs to this AWS partition, and that temporary credentials have their session token]
    Forecast failed: MissingAuthenticationTokenException (403) [request id 1f2e, 1 attempt, hint: check the endpoint URL, and that no proxy removes headers]
    Forecast failed: AccessDenied (403) [request id 1f2e, 1 attempt, hint: check what the policies allow these credentials to do]
    Forecast failed: AccessDeniedException (403) [request id 1f2e, 1 attempt, hint: check what the policies allow these credentials to do]
    Forecast failed: NoHintForThis (403) [request id 1f2e, 1 attempt]
    Forecast failed: HTTP 413: Payload Too Large [request id 1f2e, 1 attempt, hint: send a smaller payload]
    Forecast failed: HTTP 407: Proxy Authentication Required [request id 1f2e, 1 attempt, hint: set user and password in the URL of the proxy, percent-encoded]
    "#);
}

#[test]
fn why_it_was_not_tried_again() {
    let refusals = [
        Refusal::Never("the error is final"),
        Refusal::Attempts,
        Refusal::Stream,
        Refusal::Quota,
        Refusal::Deadline,
        Refusal::NotReady(Duration::from_secs(600)),
    ];
    assert_snapshot!(lines(refusals.map(|refusal| answer(503, "Fog", "").giving_up(refusal))), @r#"
    Forecast failed: Fog (503) [request id 1f2e, 1 attempt]
    Forecast failed: Fog (503) [request id 1f2e, 1 attempt]
    Forecast failed: Fog (503) [not retried because its payload is a stream, which can be sent only once, request id 1f2e, 1 attempt]
    Forecast failed: Fog (503) [not retried because too many calls have failed: the retry quota is used up, request id 1f2e, 1 attempt]
    Forecast failed: Fog (503) [not retried because the operation timeout would pass before, request id 1f2e, 1 attempt]
    Forecast failed: Fog (503) [not ready within 600 s, request id 1f2e, 1 attempt]
    "#);
}

#[test]
fn an_error_is_of_one_kind() {
    let timeout = |what, step| {
        error(Kind::Timeout {
            what,
            limit: Duration::from_secs(1),
            step,
        })
    };
    let connecting = error(Kind::ConnectTimeout {
        host: host(),
        phase: Connecting::Tcp,
        limit: Duration::from_secs(5),
    });
    assert!(connecting.is_connect() && connecting.is_timeout());
    let kinds = [
        (connecting, ErrorKind::Timeout),
        (timeout(TimedOut::Operation, Step::Credentials), ErrorKind::Timeout),
        (error(Kind::NoCredentials(String::new())), ErrorKind::Credentials),
        (error(Kind::Payload), ErrorKind::Input),
        (error(Kind::Transport), ErrorKind::Connection),
        (answer(429, "429", "slow down"), ErrorKind::Throttling),
        (answer(400, "ValidationError", "bad"), ErrorKind::Service),
        (answer(503, "503", ""), ErrorKind::Service),
        (error(Kind::Unreadable("JSON")), ErrorKind::Response),
    ];
    for (error, kind) in kinds {
        assert_eq!(error.kind(), kind, "{error}");
    }
}

/// `main` and `unwrap` print it.
#[test]
fn debug_begins_with_the_line_for_people() {
    let refused = error(Kind::Connect {
        host: host(),
        phase: Connecting::Tcp,
    })
    .with_source(io::Error::other("connection\nrefused"));
    assert_eq!(
        format!("{refused:?}"),
        format!("{refused}; caused by: connection refused")
    );
    let fields = format!("{refused:#?}");
    assert!(fields.starts_with(&format!("{refused}\nError {{\n")), "{fields}");
}

/// The line names the root, and the chain has the error of the operating system.
#[test]
fn the_root_of_an_error_is_in_its_line() {
    let connect = |phase, source: io::Error| error(Kind::Connect { host: host(), phase }).with_source(source);
    let refused = || io::Error::from_raw_os_error(111);
    assert_snapshot!(lines([
        connect(Connecting::Tcp, io::Error::other("No route to host (os error 113)")),
        connect(Connecting::Tcp, io::Error::other("DNS is not what failed")),
        connect(Connecting::Tls, io::Error::other("received fatal alert: HandshakeFailure")),
        connect(Connecting::Resolve, io::Error::other("Name or service not known")),
        error(Kind::Payload).with_source(FileProblem::wrap(Path::new("/no\npe"), io::ErrorKind::NotFound.into())),
        error(Kind::Payload).with_source(io::Error::other("what a stream of the caller says")),
    ]), @"
    Forecast failed: cannot connect to weather.example:443: TCP connect failed: no route to host [1 attempt, hint: check that routes and firewalls let this machine reach the host]
    Forecast failed: cannot connect to weather.example:443: TCP connect failed: DNS is not what failed [1 attempt, hint: check that routes and firewalls let this machine reach the host]
    Forecast failed: cannot connect to weather.example:443: TLS handshake failed: received fatal alert: HandshakeFailure [1 attempt, hint: check that the port of the endpoint URL speaks TLS]
    Forecast failed: cannot connect to weather.example:443: DNS lookup failed [1 attempt, hint: check the region, the endpoint URL and the name server]
    Forecast failed: cannot read /no pe: entity not found [1 attempt]
    Forecast failed: the payload of the request cannot be read [1 attempt]
    ");
    if cfg!(target_os = "linux") {
        let text = connect(Connecting::Proxy, refused()).to_string();
        assert!(
            text.contains(": the proxy cannot be reached: connection refused ["),
            "{text}"
        );
    }
}

/// Whether another call is safe, and what a gateway says.
#[test]
fn what_may_have_executed() {
    let timeout = |step| {
        error(Kind::Timeout {
            what: TimedOut::Operation,
            limit: Duration::from_secs(1),
            step,
        })
    };
    let broke = |broke| {
        error(Kind::Connection {
            host: host(),
            broke,
            sent: None,
        })
    };
    let cases = [
        (error(Kind::Payload), false, 400),
        (error(Kind::NoCredentials(String::new())), false, 500),
        (timeout(Step::Credentials), false, 504),
        (timeout(Step::Sending), true, 504),
        (broke(Broke::Unsent), false, 502),
        (broke(Broke::Silent), true, 502),
        (error(Kind::Unreadable("JSON")), true, 502),
        (answer(400, "ValidationError", "bad"), false, 400),
        (answer(403, "AccessDeniedException", ""), false, 502),
        (answer(413, "413", ""), false, 413),
        (answer(424, "ModelError", ""), true, 502),
        (answer(429, "429", ""), false, 429),
        (answer(429, "Sunrise", ""), false, 503),
        (answer(503, "503", ""), true, 502),
        (answer(503, "Overcast", ""), false, 429),
    ];
    for (error, may_have_executed, status) in cases {
        assert_eq!(error.may_have_executed(), may_have_executed, "{error}");
        assert_eq!(error.http_status_hint().as_u16(), status, "{error}");
    }
    let refused_at_last = answer(429, "429", "").after_attempts_that_may_have_executed(true);
    assert!(refused_at_last.may_have_executed());
}
