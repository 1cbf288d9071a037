//! What logs and metrics say of attempts.

use std::time::SystemTime;

use http::HeaderMap;
use http::header::{HeaderName, HeaderValue};
use tokio::time::Instant;
use tracing::Span;
use tracing::field::Empty;

use super::Call;
use crate::auth::credentials::Credentials;
use crate::call::retry::RetryDecision;
use crate::error::metadata::ResponseContext;
use crate::error::{Error, Refusal};
use crate::words::header_map::first;
use crate::words::metrics;

const EXTENDED_REQUEST_ID: HeaderName = HeaderName::from_static("x-amz-id-2");

/// What is known of an attempt.
pub(super) struct AttemptRecord {
    /// Counted from 1.
    pub(super) number: u32,
    pub(super) started: Instant,
    /// The time in its signature.
    pub(super) signed_at: Option<SystemTime>,
    /// What it was signed with.
    pub(super) credentials: Option<Credentials>,
    /// Its response, once the head has arrived.
    pub(super) response: Option<ResponseContext>,
    /// The second identifier of the request, if the service has one and the span is recorded.
    pub(super) extended_request_id: Option<HeaderValue>,
}

impl AttemptRecord {
    pub(super) fn new(number: u32) -> Self {
        Self {
            number,
            started: Instant::now(),
            signed_at: None,
            credentials: None,
            response: None,
            extended_request_id: None,
        }
    }
}

impl Call {
    /// The span of the call, as the conventions of OpenTelemetry have those of AWS SDKs.
    pub(super) fn new_span(&self) -> Span {
        let (service, method) = (self.operation.service.id, self.operation.name);
        tracing::info_span!(
            "call",
            otel.name = format_args!("{service}.{method}"),
            otel.kind = "client",
            otel.status_code = Empty,
            rpc.system = "aws-api",
            rpc.service = service,
            rpc.method = method,
            server.address = self.endpoint.host(),
            cloud.region = self.region(),
            http.response.status_code = Empty,
            aws.request_id = Empty,
            aws.extended_request_id = Empty,
            "error.type" = Empty,
        )
    }

    /// The region that requests go to.
    fn region(&self) -> &str {
        let scope = self.config.signing_scope(&self.endpoint, self.operation.service);
        scope.region
    }

    /// The second identifier of a request, which Amazon S3 sends.
    pub(super) fn extended_request_id(&self, headers: &HeaderMap) -> Option<HeaderValue> {
        // Looking for it takes time even if nobody records the span.
        (!self.span.is_disabled()).then(|| first(headers, &EXTENDED_REQUEST_ID).cloned())?
    }

    /// Tells the span why the call failed.
    pub(super) fn record_error(&self, label: &str) {
        self.span.record("error.type", label);
        self.span.record("otel.status_code", "ERROR");
    }

    /// Tells of an attempt, and of what follows if it failed.
    pub(super) fn report(&self, record: &AttemptRecord, failure: Option<(&Error, Result<RetryDecision, Refusal>)>) {
        let decision = failure.map(|(_, decision)| decision);
        let again = decision.and_then(Result::ok);
        let reason = decision.map(|decision| decision.map_or_else(Refusal::label, |again| again.reason.label()));
        let safe = failure
            .filter(|_| again.is_some())
            .map(|(error, _)| error.cause().why_safe);
        let response = record.response.as_ref();
        let request_id = || response.and_then(ResponseContext::request_id);
        let status = response.map(|response| response.status().as_u16());
        let label = failure.map(|(error, _)| error.cause().label);
        // OpenTelemetry has numbers of this type alone.
        let number = status.map(i64::from);
        // Looking for the fields takes time even if nobody records the span.
        if again.is_none() && !self.span.is_disabled() {
            // Those of the last attempt: exporters keep all that a span is given.
            self.span.record("http.response.status_code", number);
            self.span.record("aws.request_id", request_id());
            let extended = record.extended_request_id.as_ref();
            if let Some(id) = extended.and_then(|id| id.to_str().ok()) {
                self.span.record("aws.extended_request_id", id);
            }
        }
        tracing::debug!(
            rpc.method = self.operation.name,
            server.address = self.endpoint.host(),
            attempt = record.number,
            http.response.status_code = number,
            aws.request_id = request_id(),
            duration_ms = record.started.elapsed().as_millis() as u64,
            "error.type" = label,
            retry.again = decision.map(|decision| decision.is_ok()),
            retry.reason = reason,
            retry.safe = safe,
            "attempt"
        );
        if let Some(again) = again {
            tracing::debug!(
                attempt = record.number,
                retry.reason = reason,
                retry.safe = safe,
                pause_ms = again.pause.as_millis() as u64,
                "retrying"
            );
            metrics::retry(self.operation, again.reason.label());
        }
        self.exchange()
            .attempt(record.started, self.payload_length(), status, label);
    }
}
