//! One call: serialize, then sign, send and parse until it succeeds or must not be tried again.

use std::borrow::Cow;
use std::fmt;
use std::pin::pin;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use aws_credential_types::Credentials;
use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider};
use http::header::{CONTENT_LENGTH, HeaderName, HeaderValue, USER_AGENT};
use http::{HeaderMap, Method, Request, Response, request};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use tokio::time::{Instant, sleep, timeout};
use tracing::Instrument;

use super::body::{Body, Payload, Progress};
use super::byte_stream::ByteStream;
use super::config::{Config, NO_CREDENTIALS, Ready};
use super::endpoint::Endpoint;
use super::error::{Error, Kind, TimedOut};
use super::operation::{Auth, Operation};
use super::response;
use super::retry::{self, Retries};
use super::signing::{self, Scope};
use super::timeouts::Timeouts;
use super::transport::{Phase, TransportError};
use super::uuid;
use crate::service;

const INVOCATION_ID: HeaderName = HeaderName::from_static("amz-sdk-invocation-id");
const ATTEMPT: HeaderName = HeaderName::from_static("amz-sdk-request");
const TRACE_ID: HeaderName = HeaderName::from_static("x-amzn-trace-id");

/// Headers that the client sets for each attempt: from anyone else they would spoil the signature.
pub(crate) const OWN_HEADERS: [&str; 13] = [
    "amz-sdk-invocation-id",
    "amz-sdk-request",
    "authorization",
    "connection",
    "content-length",
    "expect",
    "host",
    "transfer-encoding",
    "user-agent",
    "x-amz-content-sha256",
    "x-amz-date",
    "x-amz-security-token",
    "x-amz-user-agent",
];

/// What AWS leaves as it is in a trace id.
const TRACE_ID_ESCAPED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'=')
    .remove(b';')
    .remove(b':')
    .remove(b'+')
    .remove(b'&')
    .remove(b'[')
    .remove(b']')
    .remove(b'{')
    .remove(b'}')
    .remove(b'"')
    .remove(b'\'')
    .remove(b',')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// Settings for one call, in place of the client's.
#[derive(Clone, Default)]
pub struct CallOptions {
    timeouts: Timeouts,
    retries: Retries,
    credentials: Option<SharedCredentialsProvider>,
    headers: HeaderMap,
}

impl CallOptions {
    /// Nothing set: the client's settings hold.
    pub fn new() -> Self {
        Self::default()
    }

    /// How long this call may take. What the argument leaves unset is the client's.
    pub fn timeouts(mut self, timeouts: Timeouts) -> Self {
        self.timeouts = timeouts.or(self.timeouts);
        self
    }

    /// How this call is tried again. What the argument leaves unset is the client's.
    pub fn retries(mut self, retries: Retries) -> Self {
        self.retries = retries.or(self.retries);
        self
    }

    /// What this call is signed with. The provider is asked for each attempt.
    pub fn credentials(mut self, provider: impl ProvideCredentials + 'static) -> Self {
        self.credentials = Some(SharedCredentialsProvider::new(provider));
        self
    }

    /// Sends one more header, signed like the others. It replaces one of the same name that the input sets.
    ///
    /// The call fails if it is one that the client sets itself: `amz-sdk-..`, `authorization`, `connection`,
    /// `content-length`, `host`, `transfer-encoding`, `user-agent`, `x-amz-content-sha256`, `x-amz-date` or
    /// `x-amz-security-token`.
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.insert(name, value);
        self
    }
}

impl fmt::Debug for CallOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The values of headers may be secrets.
        let names: Vec<&str> = self.headers.keys().map(HeaderName::as_str).collect();
        f.debug_struct("CallOptions")
            .field("timeouts", &self.timeouts)
            .field("retries", &self.retries)
            .field("headers", &names)
            .finish_non_exhaustive()
    }
}

/// A call on its way.
pub(crate) struct Call<'a> {
    operation: &'static str,
    config: &'a Config,
    ready: &'a Ready,
    endpoint: Cow<'a, Endpoint>,
    credentials: Option<SharedCredentialsProvider>,
    timeouts: Timeouts,
    retries: Retries,
    head: request::Parts,
    body: Body,
    payload: Payload,
    invocation_id: HeaderValue,
    deadline: Option<Instant>,
    history: &'a History,
}

/// What a call has been through. It outlives a call that its timeout drops.
#[derive(Default)]
struct History {
    attempts: AtomicU32,
    last_error: Mutex<Option<Error>>,
}

impl History {
    /// Adds to the error of a call what is known of the call.
    fn complete(self, error: Error) -> Error {
        let error = error.with_attempts(self.attempts.into_inner());
        let last = self.last_error.into_inner().unwrap_or_else(PoisonError::into_inner);
        match (error.kind(), last) {
            (Kind::Timeout(TimedOut::Operation, _), Some(last)) => error.with_source(last),
            _ => error,
        }
    }
}

impl<'a> Call<'a> {
    pub(crate) async fn run<O: Operation>(
        config: &'a Config,
        input: O,
        options: CallOptions,
    ) -> Result<O::Output, Error> {
        let in_operation = |error: Error| error.in_operation(O::NAME);
        let ready = config.check().map_err(in_operation)?;
        let endpoint = ready.endpoint_for(&input).map_err(in_operation)?;
        let span = tracing::info_span!(
            "call",
            rpc.system = "aws-api",
            rpc.service = service::ID,
            rpc.method = O::NAME,
            server.address = endpoint.host(),
        );
        let limit = options.timeouts.or(config.timeouts).operation_limit();
        let history = History::default();
        let call = async {
            let mut call = Call::prepare(config, ready, endpoint, input, options, &history).await?;
            call.attempts::<O>().await
        };
        let result = within(limit, call.instrument(span), || timed_out(TimedOut::Operation, limit)).await;
        result.map_err(|error| history.complete(error).in_operation(O::NAME))
    }

    async fn prepare<O: Operation>(
        config: &'a Config,
        ready: &'a Ready,
        endpoint: Cow<'a, Endpoint>,
        mut input: O,
        options: CallOptions,
        history: &'a History,
    ) -> Result<Self, Error> {
        if let Some(name) = options.headers.keys().find(|name| OWN_HEADERS.contains(&name.as_str())) {
            let problem = format!("the header `{name}` is set by the client, so the options of a call cannot set it");
            return Err(Error::new(Kind::Configuration(problem)));
        }
        let timeouts = options.timeouts.or(config.timeouts);
        let deadline = timeouts
            .operation_limit()
            .and_then(|limit| Instant::now().checked_add(limit));
        if let Some(tokens) = &config.idempotency_tokens {
            input.fill_idempotency_tokens(&**tokens);
        }
        let mut request = input.into_request(&endpoint)?;
        request.headers_mut().extend(options.headers);
        O::prepare(&mut request, config.request_settings).await?;
        let (head, mut body) = request.into_parts();
        let payload = match O::AUTH {
            Auth::SigV4 => body.prepare().await,
            Auth::SigV4UnsignedPayload | Auth::None => body.prepare_unhashed().await,
        };
        let payload = payload.map_err(|error| Error::new(Kind::Payload).with_source(error))?;
        Ok(Self {
            operation: O::NAME,
            config,
            ready,
            endpoint,
            credentials: options.credentials,
            timeouts,
            retries: options.retries.or(config.retries),
            head,
            body,
            payload,
            invocation_id: invocation_id(),
            deadline,
            history,
        })
    }

    /// Tries until the call succeeds or must not be tried again.
    async fn attempts<O: Operation>(&mut self) -> Result<O::Output, Error> {
        let mut paid = None;
        let mut attempt = 1;
        loop {
            let error = match self.attempt::<O>(attempt).await {
                Ok(output) => {
                    self.config.quota.give_back(paid);
                    return Ok(output);
                }
                Err(error) => error,
            };
            let Some(kind) = self.retries.kind_of(&error) else {
                return Err(error);
            };
            if attempt >= self.retries.attempts() {
                return Err(error);
            }
            if !self.body.is_replayable() {
                return Err(
                    error.giving_up("not tried again because its payload is a stream, which is there only once")
                );
            }
            paid = self.config.quota.spend(kind);
            if paid.is_none() {
                return Err(error.giving_up("not tried again because too many calls have failed"));
            }
            let pause = self.retries.pause(kind, attempt, retry::asked_pause(&error));
            if self.deadline.is_some_and(|deadline| Instant::now() + pause >= deadline) {
                return Err(error.giving_up("not tried again because the operation timeout would pass before"));
            }
            tracing::debug!(attempt, ?kind, pause_ms = pause.as_millis() as u64, "trying again");
            *self.history.last_error.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
            sleep(pause).await;
            attempt += 1;
        }
    }

    async fn attempt<O: Operation>(&mut self, attempt: u32) -> Result<O::Output, Error> {
        let started = Instant::now();
        let mut head = Head::default();
        let progress = Progress::of(&self.payload);
        let body = self.body.replay(progress.clone());
        let exchange = self.exchange::<O>(attempt, body, progress, &mut head);
        let limit = self.timeouts.attempt_limit();
        let exchange = within(limit, exchange, || timed_out(TimedOut::Attempt, limit));
        // The call as a whole ends then, too; ending the attempt here lets its event tell so.
        let left = self
            .deadline
            .map(|deadline| deadline.saturating_duration_since(started));
        let whole = self.timeouts.operation_limit();
        let result = within(left, exchange, || timed_out(TimedOut::Operation, whole)).await;
        tracing::debug!(
            rpc.method = self.operation,
            server.address = self.endpoint.host(),
            attempt,
            http.response.status_code = head.status,
            aws.request_id = head.request_id.as_ref().and_then(|id| id.to_str().ok()),
            duration_ms = started.elapsed().as_millis() as u64,
            "error.type" = result.as_ref().err().map(Error::label),
            "attempt"
        );
        result
    }

    /// Sends one request and reads its response.
    async fn exchange<O: Operation>(
        &self,
        attempt: u32,
        body: Body,
        progress: Option<Progress>,
        head: &mut Head,
    ) -> Result<O::Output, Error> {
        let request = self.signed::<O>(attempt, body).await?;
        self.history.attempts.store(attempt, Ordering::Relaxed);
        let mut response = self.send(request, progress).await?;
        head.status = Some(response.status().as_u16());
        head.request_id = response::request_id(response.headers()).cloned();
        response
            .body_mut()
            .received_by_client(attempt, self.timeouts.read_limit());
        O::parse_response(response).await
    }

    async fn signed<O: Operation>(&self, attempt: u32, body: Body) -> Result<Request<Body>, Error> {
        let mut request = Request::new(body);
        *request.method_mut() = self.head.method.clone();
        *request.uri_mut() = self.head.uri.clone();
        *request.headers_mut() = self.head.headers.clone();
        if O::AUTH != Auth::None {
            self.sign(&mut request).await?;
        }
        // These belong to the attempt or to the connection, and are not signed.
        let headers = request.headers_mut();
        let payload_means_nothing = matches!(self.head.method, Method::GET | Method::HEAD);
        match self.payload.length {
            Some(0) if payload_means_nothing => {}
            Some(length) => {
                headers.insert(CONTENT_LENGTH, length.into());
            }
            None => {}
        }
        headers.insert(USER_AGENT, self.config.user_agent.clone());
        headers.insert(INVOCATION_ID, self.invocation_id.clone());
        let numbers = format!("attempt={attempt}; max={}", self.retries.attempts());
        if let Ok(numbers) = HeaderValue::try_from(numbers) {
            headers.insert(ATTEMPT, numbers);
        }
        if self.config.in_lambda
            && !headers.contains_key(TRACE_ID)
            && let Some(trace_id) = trace_id()
        {
            headers.insert(TRACE_ID, trace_id);
        }
        Ok(request)
    }

    async fn sign(&self, request: &mut Request<Body>) -> Result<(), Error> {
        let credentials = self.credentials().await?;
        let signing = self.endpoint.signing();
        let scope = Scope {
            region: signing.region.as_deref().unwrap_or(&self.ready.region),
            service: signing.name.as_deref().unwrap_or(service::SIGNING_NAME),
            double_encode: signing.double_encode,
            normalize_path: signing.normalize_path,
        };
        let payload_sha256 = self.payload.sha256.as_ref();
        signing::sign(request, payload_sha256, &credentials, scope, SystemTime::now())
            .map_err(|error| Error::new(Kind::Signing).with_source(error))
    }

    async fn credentials(&self) -> Result<Credentials, Error> {
        let failed = Error::new(Kind::Credentials);
        match (&self.credentials, &self.ready.credentials) {
            (Some(provider), _) => provider
                .provide_credentials()
                .await
                .map_err(|error| failed.with_source(error)),
            (None, Some(cache)) => {
                let kept = cache.get(SystemTime::now()).await;
                kept.map_err(|error| failed.with_source(error))
            }
            (None, None) => Err(Error::new(Kind::Configuration(NO_CREDENTIALS.to_owned()))),
        }
    }

    /// Sends a request and waits for the head of its response as long as bytes leave or the read timeout lasts.
    async fn send(&self, request: Request<Body>, progress: Option<Progress>) -> Result<Response<ByteStream>, Error> {
        let sending = self.ready.transport.send(request, self.timeouts.connect_limit());
        let Some(limit) = self.timeouts.read_limit() else {
            return sending.await.map_err(|error| self.transport_error(error));
        };
        let mut sending = pin!(sending);
        let mut quiet_since = Instant::now();
        loop {
            let quiet = quiet_since.elapsed();
            if let Ok(result) = timeout(limit.saturating_sub(quiet), &mut sending).await {
                return result.map_err(|error| self.transport_error(error));
            }
            match progress.as_ref().map(Progress::last) {
                Some(last) if last > quiet_since => quiet_since = last,
                _ => return Err(Error::new(Kind::Timeout(TimedOut::Read, limit))),
            }
        }
    }

    fn transport_error(&self, error: TransportError) -> Error {
        let host = self.head.uri.authority().map(ToString::to_string).unwrap_or_default();
        let kind = match error.phase {
            Phase::Connect => Kind::Connect { host },
            Phase::ConnectTimeout => {
                Kind::Timeout(TimedOut::Connect, self.timeouts.connect_limit().unwrap_or_default())
            }
            Phase::Sent => Kind::Connection { host, answered: false },
            Phase::Answered => Kind::Connection { host, answered: true },
            Phase::Unknown => Kind::Transport,
            Phase::Payload => Kind::Payload,
        };
        Error::new(kind).with_source(error.source)
    }
}

/// Waits for a future within a limit, if there is one.
async fn within<T>(
    limit: Option<Duration>,
    future: impl Future<Output = Result<T, Error>>,
    timed_out: impl FnOnce() -> Error,
) -> Result<T, Error> {
    match limit {
        Some(limit) => timeout(limit, future).await.unwrap_or_else(|_| Err(timed_out())),
        None => future.await,
    }
}

fn timed_out(what: TimedOut, limit: Option<Duration>) -> Error {
    Error::new(Kind::Timeout(what, limit.unwrap_or_default()))
}

/// What the event of an attempt tells of its response.
#[derive(Default)]
struct Head {
    status: Option<u16>,
    request_id: Option<HeaderValue>,
}

/// The same for all attempts of a call.
fn invocation_id() -> HeaderValue {
    HeaderValue::try_from(uuid::random()).unwrap_or_else(|_| HeaderValue::from_static("0"))
}

/// The trace that a Lambda function is part of, so that a function that calls itself can be found out.
fn trace_id() -> Option<HeaderValue> {
    let id = std::env::var("_X_AMZN_TRACE_ID").ok()?;
    HeaderValue::try_from(utf8_percent_encode(&id, TRACE_ID_ESCAPED).to_string()).ok()
}
