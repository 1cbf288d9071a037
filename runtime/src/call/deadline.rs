//! The attempt timeout, and that of the call.

use std::mem;
use std::pin::Pin;
use std::time::Duration;

use tokio::time::Instant;

use crate::answer::response_body::ResponseBody;
use crate::error::{Error, Kind, Step, TimedOut};
use crate::transport::{self, unless};

/// When an attempt has to end, and which timeout says so.
pub(super) struct Deadline {
    end: transport::Deadline,
    what: TimedOut,
    limit: Duration,
}

impl Deadline {
    /// Of a call that has to end then, which is so long after it began.
    pub(super) fn of_call(end: Option<Instant>, limit: Option<Duration>) -> Self {
        Self {
            end: transport::Deadline::new(end),
            what: TimedOut::Operation,
            limit: limit.unwrap_or_default(),
        }
    }

    /// Of an attempt that begins now. The end of the call also ends the attempt.
    pub(super) fn of_attempt(&self, limit: Option<Duration>) -> Self {
        let own = limit.and_then(|limit| Some((limit, Instant::now().checked_add(limit)?)));
        let (end, what, limit) = match own {
            Some((limit, end)) if self.end.end().is_none_or(|call| end <= call) => {
                (Some(end), TimedOut::Attempt, limit)
            }
            _ => (self.end.end(), self.what, self.limit),
        };
        Self {
            end: transport::Deadline::new(end),
            what,
            limit,
        }
    }

    /// Lets a body end then, in place of the attempt that reads it.
    pub(super) fn move_to(&mut self, body: &mut ResponseBody) {
        body.set_deadline(mem::take(&mut self.end));
    }

    /// Takes a step of an attempt.
    ///
    /// # Errors
    ///
    /// When it does not end in time. Which step it was is asked then.
    pub(super) async fn within<T>(
        &mut self,
        step: impl FnOnce() -> Step,
        work: Pin<&mut (impl Future<Output = T> + ?Sized)>,
    ) -> Result<T, Error> {
        unless(work, |context| self.end.poll(context)).await.map_err(|()| {
            Error::new(Kind::Timeout {
                what: self.what,
                limit: self.limit,
                step: step(),
            })
        })
    }
}
