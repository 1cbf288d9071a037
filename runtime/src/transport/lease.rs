//! What a request holds until its response has ended.

use std::mem;
use std::sync::Weak;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::time::Instant;

use super::Permit;
use super::connection::Connection;
use super::home::{Home, InUse};
use super::idle::Idle;
use super::read_timeout::{ReadTimeout, Signs};
use crate::wire::body::Progress;

/// What a request has until its response has ended: a connection, if it is one of the client's own, and its permit.
///
/// Dropped before that, it closes the connection: the rest of an answer must not meet the next request.
#[derive(Default)]
pub(crate) struct Lease {
    // Dropped in this order: the connection is closed before the permit is given back.
    held: Held,
    permit: Permit,
    in_use: InUse,
    /// Where the connection goes then. Connections must not keep each other alive when the client is gone.
    idle: Weak<Idle>,
}

/// What has the read timeout. Outside of the lease, because responses are moved with it.
#[derive(Default)]
enum Held {
    /// The response has ended.
    #[default]
    Nothing,
    Connection(Box<Connection>),
    /// Another transport has the connection.
    Elsewhere(Box<ReadTimeout>),
}

impl Lease {
    pub(super) fn new(
        mut connection: Box<Connection>,
        idle: Weak<Idle>,
        permit: Permit,
        read_limit: Option<Duration>,
        asked: Instant,
    ) -> Self {
        connection.read_timeout.begin(read_limit, asked);
        Self {
            in_use: connection.home.in_use(),
            held: Held::Connection(connection),
            permit,
            idle,
        }
    }

    /// For a request by another transport.
    pub(crate) fn without_connection(permit: Permit, read_limit: Option<Duration>) -> Self {
        let mut read_timeout = Box::new(ReadTimeout::default());
        read_timeout.begin(read_limit, Instant::now());
        Self {
            in_use: Home::common().in_use(),
            held: Held::Elsewhere(read_timeout),
            permit,
            idle: Weak::new(),
        }
    }

    /// Whether the peer has been silent for longer than the read timeout, which is returned then. Wakes the task when it
    /// has.
    pub(crate) fn poll_silence(&mut self, context: &mut Context<'_>, progress: Option<&Progress>) -> Poll<Duration> {
        self.in_use.need();
        let connection = None;
        match &mut self.held {
            Held::Nothing => Poll::Pending,
            Held::Connection(connection) => connection.poll_silence(context, progress),
            Held::Elsewhere(read_timeout) => read_timeout.poll(context, Signs { progress, connection }),
        }
    }

    /// Drives the connection, unless a task does. Tells whether it was polled.
    pub(super) fn work(&mut self, context: &mut Context<'_>) -> bool {
        match &mut self.held {
            Held::Connection(connection) => connection.work(context),
            Held::Nothing | Held::Elsewhere(_) => false,
        }
    }

    /// Something has arrived: a silence begins with the next wait.
    pub(crate) fn heard(&mut self) {
        match &mut self.held {
            Held::Nothing => {}
            Held::Connection(connection) => connection.read_timeout.heard(),
            Held::Elsewhere(read_timeout) => read_timeout.heard(),
        }
    }

    /// The permit, for another connection.
    pub(super) fn take_permit(&mut self) -> Permit {
        mem::take(&mut self.permit)
    }

    /// The response has ended: the connection is left to the next request, and the permit is given back.
    ///
    /// Where the service has answered before it had the whole request, the connection is closed instead: to send the rest
    /// would take longer than to make another one, and the service may never read it.
    ///
    /// Tells whether more has come than was announced, as far as it is already known.
    pub(crate) fn finish(&mut self) -> bool {
        let permit = mem::take(&mut self.permit);
        _ = mem::take(&mut self.in_use);
        let held = mem::take(&mut self.held);
        let Held::Connection(mut connection) = held else {
            // Whoever asks another transport for more still waits no longer than the read timeout.
            self.held = held;
            return false;
        };
        connection.read_timeout.rest();
        connection.rest();
        let exceeded = connection.shared().exceeded();
        if connection.shared().left().is_some()
            && let Some(idle) = self.idle.upgrade()
        {
            idle.put(connection);
        }
        drop(permit);
        exceeded
    }
}
