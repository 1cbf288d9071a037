//! What calls measure, as instruments of OpenTelemetry. `metrics.md` lists them.
//!
//! Without the feature `metrics`, `without_metrics.rs` stands here: the same names, with nothing in them.

mod attributes;

use std::sync::{Arc, LazyLock};
use std::time::{Duration, SystemTime};

use http::Method;
use opentelemetry::metrics::{Counter, Gauge, Histogram, UpDownCounter};
use opentelemetry::{InstrumentationScope, KeyValue, global};
use tokio::time::Instant;

use self::attributes::{of_call, of_peer, with_error, with_outcome};
use crate::words::service::OperationInfo;

/// The bounds of buckets for durations, in seconds, as the conventions have them; and more, because models take their time.
const SECONDS: [f64; 17] = [
    0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0, 30.0, 60.0, 120.0,
];

/// The bounds of buckets for payloads, in bytes.
const BYTES: [f64; 10] = [
    0.0,
    256.0,
    1024.0,
    4096.0,
    16_384.0,
    65_536.0,
    262_144.0,
    1_048_576.0,
    6_291_456.0,
    26_214_400.0,
];

/// The bounds of buckets for the attempts of a call.
const ATTEMPTS: [f64; 5] = [1.0, 2.0, 3.0, 5.0, 10.0];

struct Instruments {
    call_duration: Histogram<f64>,
    call_attempts: Histogram<u64>,
    retries: Counter<u64>,
    request_duration: Histogram<f64>,
    request_size: Histogram<u64>,
    response_size: Histogram<u64>,
    active_requests: UpDownCounter<i64>,
    waiting_calls: UpDownCounter<i64>,
    open_connections: UpDownCounter<i64>,
    connect_duration: Histogram<f64>,
    credentials_age: Gauge<f64>,
    credentials_expire_in: Gauge<f64>,
}

/// Those of the process. OpenTelemetry has one provider for it, and who sets that does so before the first call.
static INSTRUMENTS: LazyLock<Instruments> = LazyLock::new(Instruments::new);

impl Instruments {
    fn new() -> Self {
        let scope = InstrumentationScope::builder(env!("CARGO_PKG_NAME")).with_version(env!("CARGO_PKG_VERSION"));
        let meter = global::meter_with_scope(scope.build());
        let seconds = |name, what| {
            let histogram = meter.f64_histogram(name).with_description(what).with_unit("s");
            histogram.with_boundaries(SECONDS.into()).build()
        };
        let bytes = |name, what| {
            let histogram = meter.u64_histogram(name).with_description(what).with_unit("By");
            histogram.with_boundaries(BYTES.into()).build()
        };
        let number = |name, what, unit| {
            let counter = meter.i64_up_down_counter(name).with_description(what);
            counter.with_unit(unit).build()
        };
        let gauge = |name, what| meter.f64_gauge(name).with_description(what).with_unit("s").build();
        Self {
            call_duration: seconds(
                "rpc.client.call.duration",
                "Duration of calls, with all their attempts.",
            ),
            call_attempts: meter
                .u64_histogram("lean_aws.client.call.attempts")
                .with_description("Requests that a call sends.")
                .with_unit("{attempt}")
                .with_boundaries(ATTEMPTS.into())
                .build(),
            retries: meter
                .u64_counter("lean_aws.client.call.retries")
                .with_description("Retries, by reason.")
                .with_unit("{retry}")
                .build(),
            request_duration: seconds("http.client.request.duration", "Duration of attempts."),
            request_size: bytes("http.client.request.body.size", "Size of the payloads of requests."),
            response_size: bytes("http.client.response.body.size", "Size of the payloads of responses."),
            active_requests: number(
                "http.client.active_requests",
                "Requests whose responses have not been read to their end.",
                "{request}",
            ),
            waiting_calls: number(
                "lean_aws.client.call.waiting",
                "Calls that wait until fewer requests are in flight.",
                "{call}",
            ),
            open_connections: number(
                "http.client.open_connections",
                "Connections that a request uses or that are idle.",
                "{connection}",
            ),
            connect_duration: seconds(
                "lean_aws.client.connection.create_time",
                "Time to make a connection: name, TCP, proxy and TLS.",
            ),
            credentials_age: gauge(
                "lean_aws.client.credentials.age",
                "How long ago the credentials of the last signature were found.",
            ),
            credentials_expire_in: gauge(
                "lean_aws.client.credentials.expire_in",
                "How long the credentials of the last signature are still valid.",
            ),
        }
    }
}

/// Where requests go, as attributes have it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Peer {
    address: Arc<str>,
    port: u16,
}

impl Peer {
    pub(crate) fn new(host: &str, port: Option<u16>, is_https: bool) -> Self {
        Self {
            address: host.into(),
            port: port.unwrap_or(if is_https { 443 } else { 80 }),
        }
    }
}

/// The time since something began.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stopwatch(Instant);

impl Stopwatch {
    pub(crate) fn start() -> Self {
        Self(Instant::now())
    }

    fn seconds(self) -> f64 {
        self.0.elapsed().as_secs_f64()
    }
}

/// A call has ended, after so many attempts.
pub(crate) fn call(operation: OperationInfo, peer: &Peer, time: Stopwatch, attempts: u32, error: Option<&str>) {
    let [system, service, method] = of_call(operation);
    let [address, port] = of_peer(peer);
    let base = [system, service, method, address, port];
    let record = |attributes: &[KeyValue]| {
        INSTRUMENTS.call_duration.record(time.seconds(), attributes);
        INSTRUMENTS.call_attempts.record(attempts.into(), attributes);
    };
    match error {
        None => record(&base),
        Some(_) => with_error(base, error, record),
    }
}

/// Another attempt follows a failed one.
pub(crate) fn retry(operation: OperationInfo, reason: &'static str) {
    let [system, service, method] = of_call(operation);
    let attributes = [system, service, method, KeyValue::new("retry.reason", reason)];
    INSTRUMENTS.retries.add(1, &attributes);
}

/// A request: what its measurements have in common.
#[derive(Clone, Debug)]
pub(crate) struct Exchange {
    operation: OperationInfo,
    peer: Peer,
    method: &'static str,
}

impl Exchange {
    pub(crate) fn new(operation: OperationInfo, peer: &Peer, method: &Method) -> Self {
        Self {
            operation,
            peer: peer.clone(),
            method: attributes::method(method),
        }
    }

    fn attributes(&self) -> [KeyValue; 6] {
        let [system, service, method] = of_call(self.operation);
        let [address, port] = of_peer(&self.peer);
        let http_method = KeyValue::new("http.request.method", self.method);
        [system, service, method, address, port, http_method]
    }

    /// An attempt has ended, which began then. The length of the payload is that of the request, if it is known.
    pub(crate) fn attempt(&self, started: Instant, length: Option<u64>, status: Option<u16>, error: Option<&str>) {
        with_outcome(self.attributes(), status, error, |attributes| {
            let time = started.elapsed();
            INSTRUMENTS.request_duration.record(time.as_secs_f64(), attributes);
            if let Some(length) = length {
                INSTRUMENTS.request_size.record(length, attributes);
            }
        });
    }
}

/// The size of a response, which is told when its payload is dropped.
#[derive(Debug, Default)]
pub(crate) struct ResponseSize {
    exchange: Option<(Exchange, u16)>,
    bytes: u64,
}

impl ResponseSize {
    /// Of the response to a request.
    pub(crate) fn of(exchange: Exchange, status: u16) -> Self {
        Self {
            exchange: Some((exchange, status)),
            bytes: 0,
        }
    }

    pub(crate) fn add(&mut self, bytes: usize) {
        self.bytes += bytes as u64;
    }
}

impl Drop for ResponseSize {
    fn drop(&mut self) {
        if let Some((exchange, status)) = &self.exchange {
            with_outcome(exchange.attributes(), Some(*status), None, |attributes| {
                INSTRUMENTS.response_size.record(self.bytes, attributes);
            });
        }
    }
}

/// A request in flight, until it is dropped.
#[derive(Debug, Default)]
pub(crate) struct InFlight(Option<Peer>);

impl InFlight {
    pub(crate) fn to(peer: &Peer) -> Self {
        INSTRUMENTS.active_requests.add(1, &of_peer(peer));
        Self(Some(peer.clone()))
    }
}

impl Drop for InFlight {
    fn drop(&mut self) {
        if let Some(peer) = &self.0 {
            INSTRUMENTS.active_requests.add(-1, &of_peer(peer));
        }
    }
}

/// A call that waits for a permit, until it is dropped.
#[derive(Debug)]
pub(crate) struct Waiting<'a>(&'a Peer);

impl<'a> Waiting<'a> {
    pub(crate) fn for_permit(peer: &'a Peer) -> Self {
        INSTRUMENTS.waiting_calls.add(1, &of_peer(peer));
        Self(peer)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        INSTRUMENTS.waiting_calls.add(-1, &of_peer(self.0));
    }
}

/// An open connection, until it is dropped.
#[derive(Debug)]
pub(crate) struct OpenConnection {
    peer: Peer,
    is_idle: bool,
}

impl OpenConnection {
    /// One that a request uses.
    pub(crate) fn to(peer: Peer) -> Self {
        let connection = Self { peer, is_idle: false };
        connection.add(1);
        connection
    }

    /// It took so long to make it.
    pub(crate) fn made_in(&self, time: Duration) {
        INSTRUMENTS
            .connect_duration
            .record(time.as_secs_f64(), &of_peer(&self.peer));
    }

    /// Whether no request uses it now.
    pub(crate) fn set_idle(&mut self, is_idle: bool) {
        self.add(-1);
        self.is_idle = is_idle;
        self.add(1);
    }

    fn add(&self, number: i64) {
        let [address, port] = of_peer(&self.peer);
        let state = if self.is_idle { "idle" } else { "active" };
        let attributes = [address, port, KeyValue::new("http.connection.state", state)];
        INSTRUMENTS.open_connections.add(number, &attributes);
    }
}

impl Drop for OpenConnection {
    fn drop(&mut self) {
        self.add(-1);
    }
}

/// A request is signed with credentials that were found then.
pub(crate) fn signed(operation: OperationInfo, found: Stopwatch, expiry: Option<SystemTime>, now: SystemTime) {
    let [system, service, _] = of_call(operation);
    let attributes = [system, service];
    INSTRUMENTS.credentials_age.record(found.seconds(), &attributes);
    if let Some(expiry) = expiry {
        let left = expiry.duration_since(now).unwrap_or_default();
        INSTRUMENTS
            .credentials_expire_in
            .record(left.as_secs_f64(), &attributes);
    }
}
