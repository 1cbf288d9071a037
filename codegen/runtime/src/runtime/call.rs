//! One call: serialize, then sign, send and parse until it succeeds or must not be tried again.

mod log;
mod options;
mod silence;
mod trace;

use std::borrow::Cow;
use std::mem;
use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use http::header::{CONTENT_LENGTH, HeaderName, HeaderValue, USER_AGENT};
use http::{Method, Request, Response, request};
use tokio::time::{sleep, timeout};
use tracing::Instrument;

use super::body::{Body, Payload, Progress};
use super::byte_stream::ByteStream;
use super::config::{Config, NO_CREDENTIALS, Ready};
use super::credentials::{Credentials, Source};
use super::endpoint::Endpoint;
use super::error::{Broke, Error, Kind, TimedOut};
use super::operation::{Auth, Operation};
use super::response;
use super::retry::Tries;
use super::signing::Scope;
use super::timeouts::Timeouts;
use super::transport::{Heard, NotAnswered, Phase, TransportError, Turn};
use super::uuid;
use crate::service;

use self::log::Facts;
pub use self::options::CallOptions;
pub(crate) use self::options::OWN_HEADERS;
use self::silence::unless_silent;
use self::trace::trace_id;

const INVOCATION_ID: HeaderName = HeaderName::from_static("amz-sdk-invocation-id");
const ATTEMPT: HeaderName = HeaderName::from_static("amz-sdk-request");
const TRACE_ID: HeaderName = HeaderName::from_static("x-amzn-trace-id");

/// A call on its way.
pub(crate) struct Call<'a> {
    operation: &'static str,
    config: &'a Config,
    ready: &'a Ready,
    endpoint: Cow<'a, Endpoint>,
    credentials: Option<Source>,
    timeouts: Timeouts,
    tries: Tries,
    head: request::Parts,
    body: Body,
    payload: Payload,
    invocation_id: HeaderValue,
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
        mut options: CallOptions,
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
        // The input ends here: futures that carry one on take room for it wherever it has been.
        let request = span.in_scope(|| write(config, &endpoint, input, &mut options));
        let request = request.map_err(in_operation)?;
        let call = async {
            let mut call = Call::prepare::<O>(config, ready, endpoint, request, options, &history).await?;
            call.attempts::<O>().await
        };
        let result = {
            let call = pin!(call.instrument(span));
            within(limit, call, || timed_out(TimedOut::Operation, limit)).await
        };
        result.map_err(|error| history.complete(error).in_operation(O::NAME))
    }

    async fn prepare<O: Operation>(
        config: &'a Config,
        ready: &'a Ready,
        endpoint: Cow<'a, Endpoint>,
        mut request: Request<Body>,
        options: CallOptions,
        history: &'a History,
    ) -> Result<Self, Error> {
        let timeouts = options.timeouts.or(config.timeouts);
        let tries = Tries::new(options.retries.or(config.retries), timeouts.operation_limit());
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
            tries,
            head,
            body,
            payload,
            invocation_id: invocation_id(),
            history,
        })
    }

    /// Tries until the call succeeds or must not be tried again.
    async fn attempts<O: Operation>(&mut self) -> Result<O::Output, Error> {
        loop {
            let turn = self.ready.transport.turn().await;
            let mut facts = Facts::new(self.tries.number());
            let error = match self.attempt::<O>(turn, &mut facts).await {
                Ok(output) => {
                    self.log(&facts, None);
                    self.config.quota.give_back(self.tries.paid());
                    return Ok(output);
                }
                Err(error) => error,
            };
            let clock_corrected = self.config.clock.correct(&error, facts.signed_at);
            let is_replayable = self.body.is_replayable();
            let decision = self
                .tries
                .after(&error, clock_corrected, is_replayable, &self.config.quota);
            self.log(&facts, Some((&error, decision)));
            let pause = match decision {
                Ok(again) => again.pause,
                Err(refusal) => return Err(error.giving_up(refusal)),
            };
            *self.history.last_error.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
            if !pause.is_zero() {
                sleep(pause).await;
            }
        }
    }

    async fn attempt<O: Operation>(&mut self, turn: Turn, facts: &mut Facts) -> Result<O::Output, Error> {
        // The call as a whole ends then, too; ending the attempt here lets its event tell so.
        let deadline = self.tries.deadline();
        let left = deadline.map(|deadline| deadline.saturating_duration_since(facts.started));
        let progress = Progress::of(&self.payload);
        let body = self.body.replay(progress.clone());
        let exchange = pin!(self.exchange::<O>(turn, body, progress, facts));
        let limit = self.timeouts.attempt_limit();
        let exchange = pin!(within(limit, exchange, || timed_out(TimedOut::Attempt, limit)));
        let whole = self.timeouts.operation_limit();
        within(left, exchange, || timed_out(TimedOut::Operation, whole)).await
    }

    /// Sends one request and reads its response.
    async fn exchange<O: Operation>(
        &self,
        turn: Turn,
        body: Body,
        progress: Option<Progress>,
        facts: &mut Facts,
    ) -> Result<O::Output, Error> {
        let request = self.signed::<O>(body, facts).await?;
        self.history.attempts.store(facts.number, Ordering::Relaxed);
        let fresh = self.tries.needs_fresh_connection();
        let mut response = self.send(request, progress, turn, fresh).await?;
        facts.status = Some(response.status().as_u16());
        facts.request_id = response::request_id(response.headers()).cloned();
        response
            .body_mut()
            .received_by_client(facts.number, self.timeouts.read_limit());
        O::parse_response(response).await
    }

    async fn signed<O: Operation>(&self, body: Body, facts: &mut Facts) -> Result<Request<Body>, Error> {
        let mut request = Request::new(body);
        *request.method_mut() = self.head.method.clone();
        *request.uri_mut() = self.head.uri.clone();
        *request.headers_mut() = self.head.headers.clone();
        if O::AUTH != Auth::None {
            let time = self.config.clock.now();
            self.sign(&mut request, time).await?;
            facts.signed_at = Some(time);
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
        headers.insert(ATTEMPT, attempt(facts.number, self.tries.max()));
        if self.config.in_lambda
            && !headers.contains_key(TRACE_ID)
            && let Some(trace_id) = trace_id()
        {
            headers.insert(TRACE_ID, trace_id);
        }
        Ok(request)
    }

    async fn sign(&self, request: &mut Request<Body>, time: SystemTime) -> Result<(), Error> {
        let credentials = self.credentials(time).await?;
        let signing = self.endpoint.signing();
        let scope = Scope {
            region: signing.region.as_deref().unwrap_or(&self.ready.region),
            service: signing.name.as_deref().unwrap_or(service::SIGNING_NAME),
            double_encode: signing.double_encode,
            normalize_path: signing.normalize_path,
        };
        let payload_sha256 = self.payload.sha256.as_ref();
        let signer = &self.config.signer;
        signer
            .sign(request, payload_sha256, &credentials, scope, time)
            .map_err(|error| Error::new(Kind::Signing).with_source(error))
    }

    async fn credentials(&self, time: SystemTime) -> Result<Credentials, Error> {
        match self.credentials.as_ref().or(self.ready.credentials.as_ref()) {
            Some(source) => source.get(time).await,
            None => Err(Error::new(Kind::Configuration(NO_CREDENTIALS.to_owned()))),
        }
    }

    /// Sends a request and waits for the head of its response.
    async fn send(
        &self,
        mut request: Request<Body>,
        progress: Option<Progress>,
        mut turn: Turn,
        mut fresh: bool,
    ) -> Result<Response<ByteStream>, Error> {
        loop {
            let limit = self.timeouts.connect_limit();
            let connecting = self.ready.transport.connect(turn, &self.head.uri, fresh, limit);
            let connection = connecting.await.map_err(|error| self.transport_error(error))?;
            let heard = connection.heard();
            let sign_of_life = || {
                let said = progress.as_ref().map(Progress::last);
                said.max(heard.as_ref().and_then(Heard::last))
            };
            let sending = pin!(connection.send(request));
            match unless_silent(self.timeouts.read_limit(), sending, sign_of_life).await? {
                Ok(response) => return Ok(response),
                Err(NotAnswered::Failed(error)) => return Err(self.transport_error(error)),
                Err(NotAnswered::GivenBack(back)) => (request, turn) = *back,
            }
            fresh = true;
        }
    }

    fn transport_error(&self, error: TransportError) -> Error {
        let host = self.head.uri.authority().map(ToString::to_string).unwrap_or_default();
        let broke = |broke| Kind::Connection {
            host: host.clone(),
            broke,
        };
        let kind = match error.phase {
            Phase::Connect(phase) => Kind::Connect { host, phase },
            Phase::ConnectTimeout(phase) => Kind::ConnectTimeout {
                host,
                phase,
                limit: self.timeouts.connect_limit().unwrap_or_default(),
            },
            Phase::Stale => broke(Broke::Stale),
            Phase::Sent => broke(Broke::Silent),
            Phase::Answered => broke(Broke::Answering),
            Phase::Unknown => Kind::Transport,
            Phase::Payload => Kind::Payload,
        };
        Error::new(kind).with_source(error.source)
    }
}

/// Writes the request, without what belongs to an attempt.
fn write<O: Operation>(
    config: &Config,
    endpoint: &Endpoint,
    mut input: O,
    options: &mut CallOptions,
) -> Result<Request<Body>, Error> {
    options.check()?;
    if let Some(tokens) = &config.idempotency_tokens {
        input.fill_idempotency_tokens(&**tokens);
    }
    let mut request = input.into_request(endpoint)?;
    request.headers_mut().extend(mem::take(&mut options.headers));
    Ok(request)
}

/// Which attempt it is, of how many.
fn attempt(number: u32, max: u32) -> HeaderValue {
    const USUAL: HeaderValue = HeaderValue::from_static("attempt=1; max=3");
    match (number, max) {
        (1, 3) => USUAL,
        _ => HeaderValue::try_from(format!("attempt={number}; max={max}")).unwrap_or(USUAL),
    }
}

/// Waits for a future within a limit, if there is one.
///
/// The future is pinned where it is: one that is handed on takes room wherever it has been.
async fn within<T>(
    limit: Option<Duration>,
    future: Pin<&mut impl Future<Output = Result<T, Error>>>,
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

/// The same for all attempts of a call.
fn invocation_id() -> HeaderValue {
    HeaderValue::try_from(uuid::random()).unwrap_or_else(|_| HeaderValue::from_static("0"))
}
