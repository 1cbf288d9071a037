//! One call: serialize, then sign, send and parse until it succeeds or must not be retried.

#[cfg(feature = "bearer-auth")]
mod bearer_auth;
#[cfg(feature = "bearer-token")]
pub(crate) mod bearer_token;
mod deadline;
mod log;
mod options;
pub(crate) mod presign;
pub(crate) mod readiness;
pub(crate) mod resolved;
pub(crate) mod retry;
pub(crate) mod timeouts;
pub(crate) mod tokio_runtime;
mod trace;

use std::mem;
use std::pin::pin;
use std::sync::Arc;
use std::time::SystemTime;

use http::header::{CONTENT_LENGTH, HeaderName, HeaderValue, USER_AGENT};
use http::uri::Scheme;
use http::{HeaderMap, Method, Request, Response};
use tokio::time::sleep;
use tracing::{Instrument, Span};

use crate::answer::operation::{self, Auth, Operation};
use crate::answer::response_body::ResponseBody;
use crate::auth::credentials::{Credentials, Source};
use crate::auth::signing::CONTENT_SHA256;
use crate::call::retry::{Reason, Retries, Tries};
use crate::call::timeouts::Timeouts;
use crate::error::metadata::ResponseContext;
use crate::error::{Error, Kind, Sent, Step, TimedOut};
use crate::transport::{NotAnswered, Permit, Phase, Signs, TransportError};
use crate::wire::body::{Body, Payload, Progress};
use crate::wire::endpoint::Endpoint;
use crate::words::header_map::first;
use crate::words::metrics::{self, Exchange, ResponseSize, Stopwatch};
use crate::words::service::OperationInfo;
use crate::words::{hex, uuid};

use self::deadline::Deadline;
use self::log::AttemptRecord;
pub use self::options::CallOptions;
use self::resolved::Resolved;
use self::trace::trace_id;

const INVOCATION_ID: HeaderName = HeaderName::from_static("amz-sdk-invocation-id");
const ATTEMPT: HeaderName = HeaderName::from_static("amz-sdk-request");
const TRACE_ID: HeaderName = HeaderName::from_static("x-amzn-trace-id");

/// A call: what it sends, and what it has been through.
///
/// It stays where it was made, and futures borrow it: one that owns something takes room for it wherever it has been.
pub(crate) struct Call {
    operation: OperationInfo,
    config: Arc<Resolved>,
    endpoint: Arc<Endpoint>,
    credentials: Option<Source>,
    timeouts: Timeouts,
    retries: Retries,
    /// Without what belongs to an attempt.
    request: Request<Body>,
    payload: Payload,
    /// A UUID, the same for all attempts.
    invocation_id: [u8; 36],
    /// How many requests were sent.
    sent: u32,
    last_error: Option<Error>,
    /// Whether a failed attempt may have done the work.
    may_have_executed: bool,
    /// Of the call while it is made.
    span: Span,
}

impl Call {
    /// Writes the request.
    ///
    /// # Errors
    ///
    /// When the client is not complete, or the input or the options have what cannot be sent.
    pub(crate) fn new<O: Operation>(
        config: &Arc<Resolved>,
        input: O,
        options: Option<Box<CallOptions>>,
    ) -> Result<Self, Error> {
        Self::write(config, input, options).map_err(|error| error.in_operation(operation::info::<O>()))
    }

    fn write<O: Operation>(
        config: &Arc<Resolved>,
        mut input: O,
        options: Option<Box<CallOptions>>,
    ) -> Result<Self, Error> {
        let endpoint = config.endpoint_for(&input)?;
        let options = options.map(|options| *options).unwrap_or_default();
        options.check()?;
        if let Some(tokens) = &config.idempotency_tokens {
            input.fill_idempotency_tokens(&**tokens);
        }
        let mut request = input.into_request(&endpoint)?;
        set_all(request.headers_mut(), &options.headers);
        Ok(Self {
            operation: operation::info::<O>(),
            config: Arc::clone(config),
            endpoint,
            credentials: options.credentials,
            timeouts: options.timeouts.or(config.timeouts),
            retries: options.retries.or(config.retries),
            request,
            payload: Payload::default(),
            invocation_id: uuid::unique(),
            sent: 0,
            last_error: None,
            may_have_executed: false,
            span: Span::none(),
        })
    }

    /// Makes the call. Its time begins now.
    ///
    /// A call that succeeds leaves its output in the place for it. An output is large: each function on the way that
    /// returned it would copy it.
    pub(crate) async fn run<O: Operation>(&mut self, output: &mut Option<O::Output>) -> Result<(), Error> {
        tokio_runtime::check().map_err(|error| error.in_operation(self.operation))?;
        let time = Stopwatch::start();
        self.span = self.new_span();
        let span = self.span.clone();
        let result = {
            let attempts = pin!(self.attempts::<O>(output));
            attempts.instrument(span).await
        };
        let error = match result {
            Ok(()) => {
                metrics::call(self.operation, self.endpoint.peer(), time, self.sent, None);
                return Ok(());
            }
            Err(error) => self.complete(error),
        };
        let label = error.cause().label;
        self.record_error(label);
        metrics::call(self.operation, self.endpoint.peer(), time, self.sent, Some(label));
        Err(error)
    }

    /// Adds to an error what is known of the call.
    fn complete(&mut self, error: Error) -> Error {
        let scope = self.config.signing_scope(&self.endpoint, self.operation.service);
        let error = error
            .with_attempts(self.sent)
            .after_attempts_that_may_have_executed(self.may_have_executed)
            .in_operation(self.operation)
            .signed_for(scope.region);
        match (error.what(), self.last_error.take()) {
            (
                Kind::Timeout {
                    what: TimedOut::Operation,
                    ..
                },
                Some(last),
            ) => error.with_source(last),
            _ => error,
        }
    }

    /// Tries until the call succeeds or must not be retried.
    async fn attempts<O: Operation>(&mut self, output: &mut Option<O::Output>) -> Result<(), Error> {
        let limit = self.timeouts.operation_limit();
        let mut tries = Tries::new(self.retries, limit);
        let mut deadline = Deadline::of_call(tries.deadline(), limit);
        deadline.within(|| Step::Payload, pin!(self.prepare::<O>())).await??;
        loop {
            let permit = deadline
                .within(
                    || Step::Permit,
                    pin!(self.config.transport.acquire(self.endpoint.peer())),
                )
                .await?;
            let mut deadline = deadline.of_attempt(self.timeouts.attempt_limit());
            let mut record = AttemptRecord::new(tries.number());
            let error = match self
                .attempt::<O>(permit, &tries, &mut deadline, &mut record, output)
                .await
            {
                Ok(()) => {
                    self.report(&record, None);
                    self.config.quota.give_back(tries.paid());
                    return Ok(());
                }
                Err(error) => error,
            };
            let mended = self.mend(&error, &record);
            let is_replayable = self.request.body().is_replayable();
            let decision = tries.after(&error, mended, is_replayable, &self.config.quota);
            self.report(&record, Some((&error, decision)));
            let pause = match decision {
                Ok(again) => again.pause,
                Err(refusal) => return Err(error.giving_up(refusal)),
            };
            self.may_have_executed |= error.may_have_executed();
            self.last_error = Some(error);
            if !pause.is_zero() {
                sleep(pause).await;
            }
        }
    }

    /// What is the same for all attempts, and may have to read the payload.
    async fn prepare<O: Operation>(&mut self) -> Result<(), Error> {
        O::prepare(&mut self.request, self.config.request_settings).await?;
        let is_https = self.request.uri().scheme() == Some(&Scheme::HTTPS);
        let body = self.request.body_mut();
        let payload = match O::AUTH.covers_payload(is_https) {
            true => body.prepare().await,
            false => body.prepare_unhashed().await,
        };
        self.payload = payload.map_err(|error| Error::new(Kind::Payload).with_source(error))?;
        Ok(())
    }

    /// Sends one request and reads its response.
    async fn attempt<O: Operation>(
        &mut self,
        permit: Permit,
        tries: &Tries,
        deadline: &mut Deadline,
        record: &mut AttemptRecord,
        output: &mut Option<O::Output>,
    ) -> Result<(), Error> {
        let credentials = match O::AUTH.needs_credentials() {
            false => None,
            true => {
                let credentials = pin!(self.credentials(O::AUTH));
                Some(deadline.within(|| Step::Credentials, credentials).await??)
            }
        };
        let progress = Progress::of(&self.payload);
        let mut request = self.copy(progress.clone());
        if let Some(credentials) = credentials {
            let time = self.config.clock.now();
            match O::AUTH {
                #[cfg(feature = "bearer-auth")]
                Auth::Bearer => bearer_auth::authorize(request.headers_mut(), &credentials)?,
                _ => self.sign(&mut request, &credentials, time)?,
            }
            metrics::signed(self.operation, credentials.found(), credentials.expiry(), time);
            record.signed_at = Some(time);
            record.credentials = Some(credentials);
        }
        self.set_unsigned_headers(request.headers_mut(), tries);
        self.sent = tries.number();
        let fresh = tries.needs_fresh_connection();
        let mut response = self.send(&mut request, progress, permit, fresh, deadline).await?;
        let context = ResponseContext::new(self.operation, response.status(), response.headers(), self.sent);
        record.response = Some(context.clone());
        record.extended_request_id = self.extended_request_id(response.headers());
        let (status, is_success) = (response.status().as_u16(), response.status().is_success());
        let body = response.body_mut();
        body.measure(ResponseSize::of(self.exchange(), status));
        body.set_context(context);
        body.set_limit(self.config.max_response_size);
        if !is_success {
            // The head of an error says what went wrong: too late for the rest is not too late for that.
            deadline.move_to(body);
        }
        let mut parsing = pin!(O::parse_response(response));
        let parsing = pin!(async {
            match parsing.as_mut().await {
                Ok(parsed) => *output = Some(parsed),
                Err(error) => return Err(error),
            }
            Ok(())
        });
        let late = |error: Error| error.in_response(record.response.as_ref());
        deadline.within(|| Step::Body, parsing).await.map_err(late)?
    }

    /// The request for another attempt.
    fn copy(&mut self, progress: Option<Progress>) -> Request<Body> {
        let body = self.request.body_mut().replay(progress);
        let mut request = Request::new(body);
        *request.method_mut() = self.request.method().clone();
        *request.uri_mut() = self.request.uri().clone();
        // The first attempt gets the map that has room for more headers.
        let headers = self.request.headers().clone();
        *request.headers_mut() = mem::replace(self.request.headers_mut(), headers);
        request
    }

    fn credentials_source(&self) -> Option<&Source> {
        self.credentials.as_ref().or(self.config.credentials.as_ref())
    }

    async fn credentials(&self, auth: Auth) -> Result<Credentials, Error> {
        self.config.credentials(self.credentials.as_ref(), auth).await
    }

    /// Does away with what was wrong with a refused signature, if that can be known: its time or its credentials.
    fn mend(&self, error: &Error, record: &AttemptRecord) -> Option<Reason> {
        if self.config.clock.correct(error, record.signed_at) {
            return Some(Reason::ClockSkew);
        }
        let (source, credentials) = (self.credentials_source()?, record.credentials.as_ref()?);
        let have_expired = matches!(
            error.code()?,
            "ExpiredToken" | "ExpiredTokenException" | "TokenRefreshRequired"
        );
        (have_expired && source.refuse(credentials)).then_some(Reason::ExpiredCredentials)
    }

    fn sign(&self, request: &mut Request<Body>, credentials: &Credentials, time: SystemTime) -> Result<(), Error> {
        let payload_sha256 = self.payload.sha256.as_ref();
        if let Some(hash) = payload_sha256
            && self.operation.service.s3_signatures
            && let Ok(hash) = HeaderValue::from_bytes(&hex::of_hash(hash))
        {
            request.headers_mut().insert(CONTENT_SHA256, hash);
        }
        let scope = self.config.signing_scope(&self.endpoint, self.operation.service);
        let signer = &self.config.signer;
        signer
            .sign(request, payload_sha256, credentials, scope, time)
            .map_err(|error| Error::new(Kind::Signing).with_source(error))
    }

    /// These belong to the attempt or to the connection, and are not signed.
    fn set_unsigned_headers(&self, headers: &mut HeaderMap, tries: &Tries) {
        let payload_means_nothing = matches!(*self.request.method(), Method::GET | Method::HEAD);
        match self.payload.length {
            Some(0) if payload_means_nothing => {}
            Some(length) => {
                headers.insert(CONTENT_LENGTH, length.into());
            }
            None => {}
        }
        headers.insert(USER_AGENT, self.config.user_agent.clone());
        if let Ok(id) = HeaderValue::from_bytes(&self.invocation_id) {
            headers.insert(INVOCATION_ID, id);
        }
        headers.insert(ATTEMPT, attempt(tries.number(), tries.max()));
        if self.config.in_lambda
            && first(headers, &TRACE_ID).is_none()
            && let Some(trace_id) = trace_id()
        {
            headers.insert(TRACE_ID, trace_id);
        }
    }

    /// Sends a request and waits for the head of its response. The request is large, so it is taken only where it leaves.
    async fn send(
        &self,
        request: &mut Request<Body>,
        progress: Option<Progress>,
        mut permit: Permit,
        fresh: bool,
        deadline: &mut Deadline,
    ) -> Result<Response<ResponseBody>, Error> {
        loop {
            let limit = self.timeouts.connect_limit();
            let connecting = self.config.transport.connect(permit, self.request.uri(), fresh, limit);
            let connection = deadline.within(|| Step::Connecting, pin!(connecting)).await?;
            let connection = connection.map_err(|error| self.transport_error(error, None))?;
            let shared = connection.shared();
            let signs = Signs {
                connection: shared.as_deref(),
                progress: progress.as_ref(),
            };
            let waits_for = || if signs.has_left() { Step::Head } else { Step::Sending };
            let sent = {
                let sending = pin!(connection.send(request, progress.as_ref(), self.timeouts.read_limit()));
                deadline.within(waits_for, sending).await?
            };
            match sent {
                Ok(response) => return Ok(response.map(ResponseBody::from)),
                Err(NotAnswered::Failed(error)) => {
                    let sent = shared.as_ref().and_then(|shared| shared.sent_in_part());
                    return Err(self.transport_error(error, sent));
                }
                Err(NotAnswered::GivenBack(back)) => (*request, permit) = *back,
                Err(NotAnswered::Silent(limit)) => {
                    return Err(Error::new(Kind::Timeout {
                        what: TimedOut::Read,
                        limit,
                        step: waits_for(),
                    }));
                }
            }
        }
    }

    /// What measurements say of a request.
    fn exchange(&self) -> Exchange {
        Exchange::new(self.operation, self.endpoint.peer(), self.request.method())
    }

    /// Says what a failure of the transport means for the call, of whose request so many bytes had left.
    fn transport_error(&self, error: TransportError, sent: Option<u64>) -> Error {
        let host = self
            .request
            .uri()
            .authority()
            .map(ToString::to_string)
            .unwrap_or_default();
        let of = self.payload.length;
        let broke = |broke| Kind::Connection {
            host: host.clone(),
            broke,
            // The head is no part of the length.
            sent: sent.filter(|_| of != Some(0)).map(|bytes| Sent {
                bytes: bytes.min(of.unwrap_or(bytes)),
                of,
            }),
        };
        let kind = match error.phase {
            Phase::Connect(phase) => Kind::Connect { host, phase },
            Phase::ConnectTimeout(phase) => Kind::ConnectTimeout {
                host,
                phase,
                limit: self.timeouts.connect_limit().unwrap_or_default(),
            },
            Phase::Broke(how) => broke(how),
            Phase::TooLarge => Kind::HeadTooLarge { host },
            Phase::Unknown => Kind::Transport,
            Phase::Payload => Kind::Payload,
            #[cfg(feature = "test-util")]
            Phase::Unexpected => return Error::new(Kind::Configuration(error.source.to_string())),
        };
        Error::new(kind).with_source(error.source)
    }
}

/// Sets headers, in place of those with the same names.
fn set_all(headers: &mut HeaderMap, new: &HeaderMap) {
    for name in new.keys() {
        headers.remove(name);
    }
    for (name, value) in new {
        headers.append(name.clone(), value.clone());
    }
}

/// Which attempt it is, of how many.
fn attempt(number: u32, max: u32) -> HeaderValue {
    const USUAL: HeaderValue = HeaderValue::from_static("attempt=1; max=3");
    match (number, max) {
        (1, 3) => USUAL,
        _ => HeaderValue::try_from(format!("attempt={number}; max={max}")).unwrap_or(USUAL),
    }
}
