//! What follows a failed attempt: another one, or the error.

use std::time::Duration;

use tokio::time::Instant;

use super::{Retries, RetryQuota};
use crate::error::{Broke, Error, Kind, Refusal};
use crate::words::service::RetryKind;

/// The attempts of one call, and what may follow.
///
/// Most retries are paid for: with one of the attempts that the call may make, and from the quota of the client. Those
/// that cannot add to the load on a service in trouble are free.
#[derive(Debug)]
pub(crate) struct Tries {
    retries: Retries,
    /// If any limit counts from there.
    started: Option<Instant>,
    deadline: Option<Instant>,
    /// The number of the attempt on its way, counted from 1.
    number: u32,
    /// How many of the attempts were free.
    free: u32,
    /// How many of the answers said that the service is not ready.
    not_ready: u32,
    /// Whether there was the retry that a call may make once with another time.
    was_skewed: bool,
    /// Whether there was the one with other credentials.
    had_expired: bool,
    /// Whether the connection of the last attempt may have been closed while it was idle. Others may be closed as well.
    was_stale: bool,
    /// What the last retry took from the quota.
    paid: Option<u32>,
}

/// Another attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct RetryDecision {
    pub(crate) reason: Reason,
    pub(crate) pause: Duration,
}

/// Why there is another attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reason {
    /// A fault that passes.
    Transient,
    /// The service throttles.
    Throttling,
    /// The service is not ready, and the caller wants to wait until it is.
    NotReady,
    /// The connection was closed before anything was sent.
    StaleConnection,
    /// The time that was signed was wrong, and is known now.
    ClockSkew,
    /// The credentials have expired, and their source may have others.
    ExpiredCredentials,
}

impl Tries {
    /// Before the first attempt of a call that has begun now.
    pub(crate) fn new(retries: Retries, limit: Option<Duration>) -> Self {
        let started = (limit.is_some() || retries.ready_within.is_some()).then(Instant::now);
        Self {
            retries,
            started,
            deadline: limit
                .zip(started)
                .and_then(|(limit, started)| started.checked_add(limit)),
            number: 1,
            free: 0,
            not_ready: 0,
            was_skewed: false,
            had_expired: false,
            was_stale: false,
            paid: None,
        }
    }

    /// When the operation timeout passes.
    pub(crate) fn deadline(&self) -> Option<Instant> {
        self.deadline
    }

    /// The number of the attempt, counted from 1.
    pub(crate) fn number(&self) -> u32 {
        self.number
    }

    /// How many attempts there may be, as far as that is known: those that were free come on top.
    pub(crate) fn max(&self) -> u32 {
        self.retries.attempts().saturating_add(self.free)
    }

    /// Whether the attempt must have a connection of its own.
    pub(crate) fn needs_fresh_connection(&self) -> bool {
        self.was_stale
    }

    /// What the last retry took from the quota.
    pub(crate) fn paid(&self) -> Option<u32> {
        self.paid
    }

    /// Decides what follows an attempt that failed, and counts it. What was wrong with its signature may have been mended.
    pub(crate) fn after(
        &mut self,
        error: &Error,
        mended: Option<Reason>,
        is_replayable: bool,
        quota: &RetryQuota,
    ) -> Result<RetryDecision, Refusal> {
        let reason = self.reason_for(error, mended)?;
        let kind = match reason {
            Reason::Transient => Some(RetryKind::Transient),
            Reason::Throttling => Some(RetryKind::Throttling),
            Reason::NotReady | Reason::StaleConnection | Reason::ClockSkew | Reason::ExpiredCredentials => None,
        };
        let paid_for = self.number - self.free;
        if kind.is_some() && paid_for >= self.retries.attempts() {
            return Err(Refusal::Attempts);
        }
        if !is_replayable {
            return Err(Refusal::Stream);
        }
        let pause = match (reason, kind) {
            (Reason::NotReady, _) => self.pause_until_ready(error)?,
            (_, None) => Duration::ZERO,
            (_, Some(kind)) => self.retries.pause(kind, paid_for, error.retry_after()),
        };
        let past_deadline = |deadline| Instant::now() + pause >= deadline;
        if self.deadline.is_some_and(past_deadline) {
            return Err(Refusal::Deadline);
        }
        if let Some(kind) = kind {
            self.paid = Some(quota.spend(kind).ok_or(Refusal::Quota)?);
        }
        self.number += 1;
        self.free += u32::from(kind.is_none());
        self.was_skewed |= reason == Reason::ClockSkew;
        self.had_expired |= reason == Reason::ExpiredCredentials;
        self.was_stale = matches!(broke(error), Some(Broke::Unsent | Broke::Stale));
        Ok(RetryDecision { reason, pause })
    }

    fn reason_for(&self, error: &Error, mended: Option<Reason>) -> Result<Reason, Refusal> {
        // It comes on a fresh connection, which cannot be stale: this does not go on and on.
        if broke(error) == Some(Broke::Unsent) {
            return Ok(Reason::StaleConnection);
        }
        let is_second = |reason: &Reason| match reason {
            Reason::ExpiredCredentials => self.had_expired,
            _ => self.was_skewed,
        };
        if self.retries.attempts() > 1
            && let Some(reason) = mended.filter(|reason| !is_second(reason))
        {
            return Ok(reason);
        }
        match self.retries.kind_of(error) {
            Some(RetryKind::NotReady) if self.retries.ready_within.is_some() => Ok(Reason::NotReady),
            Some(RetryKind::NotReady | RetryKind::Throttling) => Ok(Reason::Throttling),
            Some(RetryKind::Transient) => Ok(Reason::Transient),
            None => Err(Refusal::Never(error.cause().why_never)),
        }
    }

    /// The pause that throttling makes, and at most what is left. With nothing left there is no other attempt.
    fn pause_until_ready(&mut self, error: &Error) -> Result<Duration, Refusal> {
        let limit = self.retries.ready_within.unwrap_or_default();
        let left = limit.saturating_sub(self.started.map_or(Duration::ZERO, |started| started.elapsed()));
        if left.is_zero() {
            return Err(Refusal::NotReady(limit));
        }
        self.not_ready += 1;
        let pause = self
            .retries
            .pause(RetryKind::NotReady, self.not_ready, error.retry_after());
        Ok(pause.min(left))
    }
}

impl Reason {
    /// A word for logs.
    pub(crate) fn label(self) -> &'static str {
        match self {
            Self::Transient => "transient",
            Self::Throttling => "throttling",
            Self::NotReady => "not-ready",
            Self::StaleConnection => "stale-connection",
            Self::ClockSkew => "clock-skew",
            Self::ExpiredCredentials => "expired-credentials",
        }
    }
}

/// How the connection broke, if that is the error.
fn broke(error: &Error) -> Option<Broke> {
    match error.what() {
        Kind::Connection { broke, .. } => Some(*broke),
        _ => None,
    }
}
