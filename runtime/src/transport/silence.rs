//! The read timeout: how long a connection may be silent.

use std::time::Duration;

use tokio::time::Instant;

use super::io::Shared;
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

/// A silence while somebody waits for the peer.
///
/// That a point in time has passed does not mean that the peer was silent: the thread may have been busy, or the process
/// have stood still, while its bytes arrived. So a silence ends a wait only when the operating system has nothing either.
#[derive(Debug)]
pub(crate) struct Silence {
    limit: Duration,
    since: Instant,
    end: Instant,
    /// Whether it goes on although its time has passed. That happens once: nobody may ever read what has arrived.
    is_extended: bool,
}

impl Silence {
    /// A silence that begins now.
    pub(crate) fn new(limit: Duration) -> Self {
        let limit = limit.min(FOREVER);
        let since = Instant::now();
        Self {
            limit,
            since,
            end: since + limit,
            is_extended: false,
        }
    }

    /// When it has lasted for too long, as far as is known now.
    pub(crate) fn end(&self) -> Instant {
        self.end
    }

    /// Decides, when the end has come, whether it is one. Otherwise there is a later end.
    pub(crate) fn has_ended(&mut self, signs: Signs<'_>) -> bool {
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
