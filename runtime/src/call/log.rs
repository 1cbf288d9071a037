//! What logs say of attempts.

use std::time::SystemTime;

use tokio::time::Instant;

use super::Call;
use crate::answer::response_body::Origin;
use crate::auth::credentials::Credentials;
use crate::call::retry::RetryDecision;
use crate::error::{Error, Refusal};

/// What is known of an attempt.
pub(super) struct AttemptRecord {
    /// Counted from 1.
    pub(super) number: u32,
    pub(super) started: Instant,
    /// The time in its signature.
    pub(super) signed_at: Option<SystemTime>,
    /// What it was signed with.
    pub(super) credentials: Option<Credentials>,
    /// Its response, once the head has come.
    pub(super) response: Option<Origin>,
}

impl AttemptRecord {
    pub(super) fn new(number: u32) -> Self {
        Self {
            number,
            started: Instant::now(),
            signed_at: None,
            credentials: None,
            response: None,
        }
    }
}

impl Call {
    /// Tells of an attempt, and of what follows if it failed.
    pub(super) fn log(&self, record: &AttemptRecord, failure: Option<(&Error, Result<RetryDecision, Refusal>)>) {
        let decision = failure.map(|(_, decision)| decision);
        let again = decision.and_then(Result::ok);
        let reason = decision.map(|decision| decision.map_or_else(Refusal::label, |again| again.reason.label()));
        let safe = failure
            .filter(|_| again.is_some())
            .map(|(error, _)| error.cause().why_safe);
        let request_id = record
            .response
            .as_ref()
            .and_then(|response| response.request_id.as_ref());
        tracing::debug!(
            rpc.method = self.operation.name,
            server.address = self.endpoint.host(),
            attempt = record.number,
            http.response.status_code = record.response.as_ref().map(|response| response.status.as_u16()),
            aws.request_id = request_id.and_then(|id| id.to_str().ok()),
            duration_ms = record.started.elapsed().as_millis() as u64,
            "error.type" = failure.map(|(error, _)| error.cause().label),
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
                "trying again"
            );
        }
    }
}
