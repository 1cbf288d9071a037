//! The read timeout: how long a connection may be silent.

use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::time::Instant;

use super::io::Shared;
use super::timer::Timer;
use crate::wire::body::Progress;

/// No timeout is longer. Longer ones could not be added to a point in time.
const FOREVER: Duration = Duration::from_secs(365 * 24 * 60 * 60);

/// How long a transport that tells nothing may take to hand on what it has. Every task of a runtime gets its turn
/// meanwhile.
const TURN: Duration = Duration::from_millis(10);

/// What tells of life while a call waits.
#[derive(Clone, Copy, Default)]
pub(crate) struct Signs<'a> {
    /// The payload of the request on its way, if it is sent in pieces.
    pub(crate) progress: Option<&'a Progress>,
    /// The connection, if it is one of the client's own.
    pub(crate) connection: Option<&'a Shared>,
}

impl Signs<'_> {
    /// When there was a sign last.
    fn last(self) -> Option<Instant> {
        let taken = self.progress.map(Progress::last);
        taken.max(self.connection.and_then(Shared::last))
    }

    /// Whether the whole request has left.
    pub(crate) fn has_left(self) -> bool {
        match self.connection {
            Some(connection) => connection.left().is_some(),
            None => self.progress.is_none_or(Progress::is_whole),
        }
    }
}

/// The read timeout of a call: first while it waits for the head of its response, then for each piece of the body. The
/// default is none.
#[derive(Default)]
pub(crate) struct ReadTimeout {
    limit: Option<Duration>,
    /// What is being waited through.
    silence: Option<Silence>,
    timer: Timer,
}

impl ReadTimeout {
    /// Begins anew, for a call whose wait begins at this time. The timer stays: it serves one call after the other.
    pub(super) fn begin(&mut self, limit: Option<Duration>, since: Instant) {
        self.limit = limit;
        self.silence = limit.map(|limit| Silence::new(limit, since));
    }

    /// Something has arrived.
    pub(super) fn heard(&mut self) {
        self.silence = None;
    }

    /// Whether nothing has arrived for so long.
    pub(super) fn poll(&mut self, context: &mut Context<'_>, signs: Signs<'_>) -> Poll<Duration> {
        let Some(limit) = self.limit else {
            return Poll::Pending;
        };
        let silence = self.silence.get_or_insert_with(|| Silence::new(limit, Instant::now()));
        loop {
            ready!(self.timer.poll_until(silence.end, context));
            if silence.has_ended(signs) {
                return Poll::Ready(limit);
            }
        }
    }

    /// Forgets the task of the call, which has ended.
    pub(super) fn rest(&mut self) {
        self.timer.rest();
    }
}

/// A silence while somebody waits for the peer.
///
/// That a point in time has passed does not mean that the peer was silent: the thread may have been busy, or the process
/// have stood still, while its bytes arrived. So a silence ends a wait only when the operating system has nothing either.
struct Silence {
    limit: Duration,
    since: Instant,
    /// When it has lasted for too long, as far as is known now.
    end: Instant,
    /// Whether it is extended after its time has passed. That happens once: what has arrived may never be read.
    is_extended: bool,
}

impl Silence {
    fn new(limit: Duration, since: Instant) -> Self {
        let limit = limit.min(FOREVER);
        Self {
            limit,
            since,
            end: since + limit,
            is_extended: false,
        }
    }

    /// Decides, when the end has come, whether it is one. Otherwise there is a later end.
    fn has_ended(&mut self, signs: Signs<'_>) -> bool {
        let now = Instant::now();
        if now < self.end {
            return false;
        }
        if let Some(last) = signs.last().filter(|last| *last > self.since) {
            (self.since, self.end, self.is_extended) = (last, last + self.limit, false);
            return now >= self.end && self.has_ended(signs);
        }
        if self.is_extended {
            return true;
        }
        self.is_extended = true;
        self.end = match signs.connection {
            Some(connection) if connection.has_unread() => now + self.limit,
            Some(_) => return true,
            None => now + TURN,
        };
        false
    }
}

#[cfg(test)]
mod tests {
    use std::task::Waker;

    use tokio::time::advance;

    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn timeout(limit: Duration) -> ReadTimeout {
        let mut timeout = ReadTimeout::default();
        timeout.begin(Some(limit), Instant::now());
        timeout
    }

    fn has_passed(timeout: &mut ReadTimeout) -> bool {
        let mut context = Context::from_waker(Waker::noop());
        timeout.poll(&mut context, Signs::default()).is_ready()
    }

    #[tokio::test(start_paused = true)]
    async fn each_silence_is_counted_by_itself() {
        let mut timeout = timeout(60 * SECOND);
        for _ in 0..3 {
            assert!(!has_passed(&mut timeout));
            advance(59 * SECOND).await;
            assert!(!has_passed(&mut timeout));
            timeout.heard();
            advance(10 * SECOND).await;
        }
        assert!(!has_passed(&mut timeout));
        advance(60 * SECOND).await;
        // A transport that tells nothing has another turn.
        assert!(!has_passed(&mut timeout));
        advance(SECOND).await;
        assert!(has_passed(&mut timeout));
    }

    #[tokio::test]
    async fn a_limit_may_be_longer_than_time() {
        assert!(!has_passed(&mut timeout(Duration::MAX)));
    }

    #[tokio::test(start_paused = true)]
    async fn the_timer_serves_the_next_call() {
        let mut timeout = timeout(60 * SECOND);
        assert!(!has_passed(&mut timeout));
        timeout.rest();
        timeout.begin(Some(5 * SECOND), Instant::now());
        assert!(!has_passed(&mut timeout));
        advance(6 * SECOND).await;
        assert!(!has_passed(&mut timeout));
        advance(SECOND).await;
        assert!(has_passed(&mut timeout));
    }
}
