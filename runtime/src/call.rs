//! One call: serialize, then sign, send and parse until it succeeds or must not be retried.

mod attempt;
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
use std::time::Duration;

use http::{HeaderMap, Request, Response};
use tokio::time::sleep;
use tracing::{Instrument, Span};

use crate::answer::operation::{self, Auth, Operation};
use crate::auth::credentials::Source;
use crate::call::retry::{Reason, Retries};
use crate::call::timeouts::Timeouts;
use crate::error::{Error, Kind, TimedOut};
use crate::wire::body::{Body, Payload};
use crate::wire::endpoint::Endpoint;
use crate::words::metrics::{self, Exchange, Stopwatch};
use crate::words::service::OperationInfo;
use crate::words::uuid;

use self::attempt::{Attempt, Attempts};
use self::log::AttemptRecord;
pub use self::options::CallOptions;
use self::resolved::Resolved;

/// A call: its request, its settings, and what its attempts have shown.
///
/// Futures borrow it and never own it: a future reserves room for a value wherever it has held one.
pub(crate) struct Call {
    operation: OperationInfo,
    auth: Auth,
    config: Arc<Resolved>,
    endpoint: Arc<Endpoint>,
    credentials: Option<Source>,
    timeouts: Timeouts,
    retries: Retries,
    /// Without the headers of an attempt.
    request: Request<Body>,
    /// The length and hash of the payload, once it has been prepared.
    payload: Option<Payload>,
    /// A UUID, the same for all attempts.
    invocation_id: [u8; 36],
    /// The number of requests that were sent.
    sent: u32,
    last_error: Option<Error>,
    /// Whether a failed attempt may have done the work.
    may_have_executed: bool,
    /// The span of the call while it runs.
    span: Span,
}

impl Call {
    /// Writes the request.
    ///
    /// # Errors
    ///
    /// When the client's configuration is incomplete, or the input or the options cannot be sent.
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
            auth: O::AUTH,
            config: Arc::clone(config),
            endpoint,
            credentials: options.credentials,
            timeouts: options.timeouts.or(config.timeouts),
            retries: options.retries.or(config.retries),
            request,
            payload: None,
            invocation_id: uuid::unique(),
            sent: 0,
            last_error: None,
            may_have_executed: false,
            span: Span::none(),
        })
    }

    /// Makes the call. Its time starts now.
    ///
    /// A call that succeeds writes its output to `output`. Outputs are large: each function that returned one would copy it.
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

    /// Adds the operation, the number of attempts and the signing region to an error.
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

    /// Makes attempts until one succeeds or the call must not be retried.
    ///
    /// A program compiles this for each of its operations, so it contains only what depends on the operation.
    async fn attempts<O: Operation>(&mut self, output: &mut Option<O::Output>) -> Result<(), Error> {
        let mut attempts = Attempts::new(self);
        {
            let preparing = pin!(O::prepare(&mut self.request, self.config.request_settings));
            attempts.prepare(preparing).await?;
        }
        let mut response = Response::default();
        loop {
            let result = match self.attempt(&mut attempts, &mut response).await {
                Ok(attempt) => {
                    // Pinned before it is captured: a block that owned the response would copy it.
                    let mut parsing = pin!(O::parse_response(mem::take(&mut response)));
                    let parsing = pin!(async {
                        match parsing.as_mut().await {
                            Ok(parsed) => *output = Some(parsed),
                            Err(error) => return Err(error),
                        }
                        Ok(())
                    });
                    attempt.read(parsing).await
                }
                Err(error) => Err(error),
            };
            match result {
                Ok(()) => {
                    self.succeed(&attempts);
                    return Ok(());
                }
                Err(error) => self.pause_after(error, &mut attempts).await?,
            }
        }
    }

    /// Reports the attempt that succeeded, and gives back what its retries took from the quota.
    fn succeed(&self, attempts: &Attempts) {
        if let Some(attempt) = &attempts.current {
            self.report(&attempt.record, None);
        }
        self.config.quota.give_back(attempts.tries.paid());
    }

    /// Waits before the next attempt.
    ///
    /// # Errors
    ///
    /// When the call must not be retried.
    async fn pause_after(&mut self, error: Error, attempts: &mut Attempts) -> Result<(), Error> {
        let pause = self.decide(error, attempts)?;
        if !pause.is_zero() {
            sleep(pause).await;
        }
        Ok(())
    }

    /// Decides whether to retry, and returns how long to wait before.
    fn decide(&mut self, error: Error, attempts: &mut Attempts) -> Result<Duration, Error> {
        // Without a payload or a permit, there was no attempt that could be retried.
        let Some(Attempt { record, .. }) = attempts.current.take() else {
            return Err(error);
        };
        let mended = self.mend(&error, &record);
        let is_replayable = self.request.body().is_replayable();
        let decision = attempts.tries.after(&error, mended, is_replayable, &self.config.quota);
        self.report(&record, Some((&error, decision)));
        let again = match decision {
            Ok(again) => again,
            Err(refusal) => return Err(error.giving_up(refusal)),
        };
        self.may_have_executed |= error.may_have_executed();
        self.last_error = Some(error);
        Ok(again.pause)
    }

    /// Corrects the clock or discards expired credentials, if the service refused the signature for one of them.
    fn mend(&self, error: &Error, record: &AttemptRecord) -> Option<Reason> {
        if self.config.clock.correct(error, record.signed_at) {
            return Some(Reason::ClockSkew);
        }
        let source = self.credentials.as_ref().or(self.config.credentials.as_ref());
        let (source, credentials) = (source?, record.credentials.as_ref()?);
        let have_expired = matches!(
            error.code()?,
            "ExpiredToken" | "ExpiredTokenException" | "TokenRefreshRequired"
        );
        (have_expired && source.refuse(credentials)).then_some(Reason::ExpiredCredentials)
    }

    /// The attributes of a request in metrics.
    fn exchange(&self) -> Exchange {
        Exchange::new(self.operation, self.endpoint.peer(), self.request.method())
    }

    /// The length of the payload in bytes, if it is known.
    fn payload_length(&self) -> Option<u64> {
        self.payload.as_ref()?.length
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
