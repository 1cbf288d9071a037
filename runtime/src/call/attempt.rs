//! One attempt, up to the head of its response: a permit, credentials, a signature, a connection.

use std::mem;
use std::pin::{Pin, pin};
use std::time::SystemTime;

use http::header::{CONTENT_LENGTH, HeaderName, HeaderValue, USER_AGENT};
use http::uri::Scheme;
use http::{HeaderMap, Method, Request, Response};

use super::Call;
use super::deadline::Deadline;
use super::log::AttemptRecord;
use super::trace::trace_id;
use crate::answer::response_body::ResponseBody;
use crate::auth::credentials::Credentials;
use crate::auth::signing::CONTENT_SHA256;
use crate::call::retry::Tries;
use crate::error::metadata::ResponseContext;
use crate::error::{Error, Kind, Sent, Step, TimedOut};
use crate::transport::{NotAnswered, Permit, Phase, Signs, TransportError};
use crate::wire::body::{Body, Progress};
use crate::words::header_map::first;
use crate::words::hex;
use crate::words::metrics::{self, ResponseSize};
#[cfg(feature = "bearer-auth")]
use crate::{answer::operation::Auth, call::bearer_auth};

const INVOCATION_ID: HeaderName = HeaderName::from_static("amz-sdk-invocation-id");
const ATTEMPT: HeaderName = HeaderName::from_static("amz-sdk-request");
const TRACE_ID: HeaderName = HeaderName::from_static("x-amzn-trace-id");

/// The attempts of a call.
pub(super) struct Attempts {
    pub(super) tries: Tries,
    /// The deadline of the call.
    deadline: Deadline,
    /// The attempt that has a permit and has not been judged yet.
    pub(super) current: Option<Attempt>,
}

/// An attempt, from its permit on.
pub(super) struct Attempt {
    deadline: Deadline,
    pub(super) record: AttemptRecord,
}

/// A future that an operation provides, without its type.
type Work<'a> = Pin<&'a mut (dyn Future<Output = Result<(), Error>> + Send + 'a)>;

impl Attempts {
    /// Starts the time of a call.
    pub(super) fn new(call: &Call) -> Self {
        let limit = call.timeouts.operation_limit();
        let tries = Tries::new(call.retries, limit);
        let deadline = Deadline::of_call(tries.deadline(), limit);
        Self {
            tries,
            deadline,
            current: None,
        }
    }

    /// Lets the operation prepare its request, until the call times out.
    pub(super) async fn prepare(&mut self, preparing: Work<'_>) -> Result<(), Error> {
        self.deadline.within(|| Step::Payload, preparing).await?
    }
}

impl Attempt {
    /// Lets the operation parse the response, until the attempt times out.
    pub(super) async fn read(&mut self, parsing: Work<'_>) -> Result<(), Error> {
        let late = |error: Error| error.in_response(self.record.response.as_ref());
        self.deadline.within(|| Step::Body, parsing).await.map_err(late)?
    }
}

impl Call {
    /// Makes an attempt, up to the head of its response. Writes that to `response`: each function that returned it would copy it.
    ///
    /// An error before the attempt has its permit leaves no current attempt: such an error ends the call.
    ///
    /// The future is boxed so that only this crate compiles it. A program compiles its own copy of every future that it polls
    /// by its type.
    pub(super) fn attempt<'a, 'f>(
        &'f mut self,
        attempts: &'a mut Attempts,
        response: &'f mut Response<ResponseBody>,
    ) -> Pin<Box<dyn Future<Output = Result<&'a mut Attempt, Error>> + Send + 'f>>
    where
        'a: 'f,
    {
        // Allocated first, as in `Caller::call`.
        let place = Box::new_uninit();
        let attempt = Box::write(place, async move {
            if self.payload.is_none() {
                let preparing = pin!(self.prepare_payload());
                attempts.deadline.within(|| Step::Payload, preparing).await??;
            }
            let permit = {
                let acquiring = pin!(self.config.transport.acquire(self.endpoint.peer()));
                attempts.deadline.within(|| Step::Permit, acquiring).await?
            };
            let attempt = attempts.current.insert(Attempt {
                deadline: attempts.deadline.of_attempt(self.timeouts.attempt_limit()),
                record: AttemptRecord::new(attempts.tries.number()),
            });
            self.sign_and_send(permit, &attempts.tries, attempt, response).await?;
            Ok(attempt)
        });
        Box::into_pin(attempt)
    }

    /// Determines the length of the payload and the hash that signatures cover. To do so, it may have to read the payload.
    async fn prepare_payload(&mut self) -> Result<(), Error> {
        let is_https = self.request.uri().scheme() == Some(&Scheme::HTTPS);
        let body = self.request.body_mut();
        let payload = match self.auth.covers_payload(is_https) {
            true => body.prepare().await,
            false => body.prepare_unhashed().await,
        };
        self.payload = Some(payload.map_err(|error| Error::new(Kind::Payload).with_source(error))?);
        Ok(())
    }

    /// Signs and sends a request, and sets up the body of its response.
    async fn sign_and_send(
        &mut self,
        permit: Permit,
        tries: &Tries,
        Attempt { deadline, record }: &mut Attempt,
        response: &mut Response<ResponseBody>,
    ) -> Result<(), Error> {
        let credentials = match self.auth.needs_credentials() {
            false => None,
            true => {
                let credentials = pin!(self.config.credentials(self.credentials.as_ref(), self.auth));
                Some(deadline.within(|| Step::Credentials, credentials).await??)
            }
        };
        let progress = self.payload.as_ref().and_then(Progress::of);
        let mut request = self.copy(progress.clone());
        if let Some(credentials) = credentials {
            let time = self.config.clock.now();
            match self.auth {
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
        *response = self.send(&mut request, progress, permit, fresh, deadline).await?;
        let context = ResponseContext::new(self.operation, response.status(), response.headers(), self.sent);
        record.response = Some(context.clone());
        record.extended_request_id = self.extended_request_id(response.headers());
        let (status, is_success) = (response.status().as_u16(), response.status().is_success());
        let body = response.body_mut();
        body.measure(ResponseSize::of(self.exchange(), status));
        body.set_context(context);
        body.set_limit(self.config.max_response_size);
        if !is_success {
            // The head of an error says what went wrong, even if the body comes too late.
            deadline.move_to(body);
        }
        Ok(())
    }

    /// Copies the request for an attempt.
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

    /// Signs a request, with the hash of the payload where the signature covers it.
    fn sign(&self, request: &mut Request<Body>, credentials: &Credentials, time: SystemTime) -> Result<(), Error> {
        let payload_sha256 = self.payload.as_ref().and_then(|payload| payload.sha256.as_ref());
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

    /// Sets the headers of the attempt and of the connection, which are not signed.
    fn set_unsigned_headers(&self, headers: &mut HeaderMap, tries: &Tries) {
        let payload_means_nothing = matches!(*self.request.method(), Method::GET | Method::HEAD);
        match self.payload_length() {
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
        headers.insert(ATTEMPT, attempt_header(tries.number(), tries.max()));
        if self.config.in_lambda
            && first(headers, &TRACE_ID).is_none()
            && let Some(trace_id) = trace_id()
        {
            headers.insert(TRACE_ID, trace_id);
        }
    }

    /// Sends a request and waits for the head of its response.
    ///
    /// The request is borrowed because it is large: only the connection takes it.
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

    /// Converts an error of the transport, after `sent` bytes of the request had left.
    fn transport_error(&self, error: TransportError, sent: Option<u64>) -> Error {
        let host = self
            .request
            .uri()
            .authority()
            .map(ToString::to_string)
            .unwrap_or_default();
        let of = self.payload_length();
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

/// The value of `amz-sdk-request`.
fn attempt_header(number: u32, max: u32) -> HeaderValue {
    const USUAL: HeaderValue = HeaderValue::from_static("attempt=1; max=3");
    match (number, max) {
        (1, 3) => USUAL,
        _ => HeaderValue::try_from(format!("attempt={number}; max={max}")).unwrap_or(USUAL),
    }
}
