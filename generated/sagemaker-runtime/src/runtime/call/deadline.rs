//! The attempt timeout, and that of the call.

use std::pin::Pin;
use std::time::Duration;

use tokio::time::{Instant, timeout_at};

use crate::runtime::error::{Error, Kind, Step, TimedOut};

/// When an attempt has to end, and which timeout says so.
#[derive(Clone, Copy)]
pub(super) struct Deadline {
    /// `None` for never.
    end: Option<Instant>,
    what: TimedOut,
    limit: Duration,
}

impl Deadline {
    /// Of a call that has to end then, which is so long after it began.
    pub(super) fn of_call(end: Option<Instant>, limit: Option<Duration>) -> Self {
        Self {
            end,
            what: TimedOut::Operation,
            limit: limit.unwrap_or_default(),
        }
    }

    /// Of an attempt that begins now. The end of the call is that of the attempt, too.
    pub(super) fn of_attempt(self, limit: Option<Duration>) -> Self {
        let own = limit.and_then(|limit| Some((limit, Instant::now().checked_add(limit)?)));
        match own {
            Some((limit, end)) if self.end.is_none_or(|call| end <= call) => Self {
                end: Some(end),
                what: TimedOut::Attempt,
                limit,
            },
            _ => self,
        }
    }

    pub(super) fn end(self) -> Option<Instant> {
        self.end
    }

    /// Takes a step of an attempt.
    ///
    /// The future is pinned where it is: one that is handed on takes room wherever it has been.
    ///
    /// # Errors
    ///
    /// When it does not end in time.
    pub(super) async fn within<T>(self, step: Step, work: Pin<&mut impl Future<Output = T>>) -> Result<T, Error> {
        self.unless_passed(work).await.ok_or_else(|| self.passed(step))
    }

    /// Waits for a future. `None` if it does not end in time.
    pub(super) async fn unless_passed<T>(self, work: Pin<&mut impl Future<Output = T>>) -> Option<T> {
        match self.end {
            Some(end) => timeout_at(end, work).await.ok(),
            None => Some(work.await),
        }
    }

    /// The error of an attempt that was at this step.
    pub(super) fn passed(self, step: Step) -> Error {
        let (what, limit) = (self.what, self.limit);
        Error::new(Kind::Timeout { what, limit, step })
    }
}
