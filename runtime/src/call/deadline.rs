//! The attempt timeout, and that of the call.

use std::pin::Pin;
use std::time::Duration;

use tokio::time::{Instant, timeout_at};

use crate::answer::response_body::ResponseBody;
use crate::error::{Error, Kind, Step, TimedOut};

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

    /// Lets a body end then, in place of the attempt that reads it.
    pub(super) fn move_to(self, body: &mut ResponseBody) -> Self {
        if let Some(end) = self.end {
            body.end_at(end);
        }
        Self { end: None, ..self }
    }

    /// Takes a step of an attempt.
    ///
    /// The future is pinned where it is: one that is handed on takes room wherever it has been.
    ///
    /// # Errors
    ///
    /// When it does not end in time. Which step it was is asked then.
    pub(super) async fn within<T>(
        self,
        step: impl FnOnce() -> Step,
        work: Pin<&mut impl Future<Output = T>>,
    ) -> Result<T, Error> {
        let Some(end) = self.end else {
            return Ok(work.await);
        };
        timeout_at(end, work).await.map_err(|_| {
            Error::new(Kind::Timeout {
                what: self.what,
                limit: self.limit,
                step: step(),
            })
        })
    }
}
