//! A request and its response, on one of the client's own connections.

use std::future::poll_fn;
use std::mem;
use std::pin::pin;
use std::sync::{Arc, Weak};
use std::task::Poll;
use std::time::Duration;

use http::{Request, Response};
use tokio::time::Instant;

use super::connection::Connection;
use super::idle::Idle;
use super::incoming::{Frames, Incoming};
use super::lease::Lease;
use super::phase::{Phase, TransportError};
use super::{NotAnswered, Permit};
use crate::error::Broke;
use crate::wire::body::{Body, Progress};

/// How long after a request a break can mean that the peer had given the connection up before: it says so when the first
/// bytes arrive, a round trip later. After that it may have been at work on the request, if it had all of it.
pub(super) const STALE_LIMIT: Duration = Duration::from_secs(2);

/// Sends a request, and waits for the head of its response until the read timeout.
///
/// The request is large, so it is taken only where it leaves.
pub(super) async fn send(
    mut connection: Box<Connection>,
    idle: Weak<Idle>,
    permit: Permit,
    request: &mut Request<Body>,
    progress: Option<&Progress>,
    read_limit: Option<Duration>,
) -> Result<Response<Incoming>, NotAnswered> {
    let (asked, was_used) = (connection.taken, connection.is_used());
    let shared = Arc::clone(connection.shared());
    let mut answer = pin!(connection.request(mem::take(request)));
    let mut lease = Lease::new(connection, idle, permit, read_limit, asked);
    let answered = poll_fn(|context| {
        // First, so that what it brings is found at once.
        lease.work(context);
        match answer.as_mut().poll(context) {
            Poll::Ready(answered) => Poll::Ready(Ok(answered)),
            Poll::Pending => lease.poll_silence(context, progress).map(Err),
        }
    });
    let mut error = match answered.await {
        Ok(Ok(response)) => {
            lease.heard();
            return Ok(response.map(|body| Incoming {
                frames: Frames::Hyper(body),
                lease,
            }));
        }
        Ok(Err(error)) => error,
        Err(limit) => return Err(NotAnswered::Silent(limit)),
    };
    // The peer has done with the connection before this request: that has nothing to do with it.
    if was_used && let Some(request) = error.take_message() {
        let request = request.map(|outgoing| outgoing.body);
        return Err(NotAnswered::GivenBack(Box::new((request, lease.take_permit()))));
    }
    let error = error.into_error();
    let broke = shared.closed().unwrap_or_else(Instant::now);
    let lasted_since = |start: Instant| broke.saturating_duration_since(start) >= STALE_LIMIT;
    let phase = match error.is_user() {
        true => Phase::Payload,
        false if is_too_large(&error) => Phase::TooLarge,
        false if shared.answered() => Phase::Broke(Broke::Answering),
        false if shared.left().is_some_and(lasted_since) => Phase::Broke(Broke::Late),
        false if was_used && shared.sent() == 0 => Phase::Broke(Broke::Unsent),
        false if was_used && !lasted_since(asked) => Phase::Broke(Broke::Stale),
        false => Phase::Broke(Broke::Silent),
    };
    let source = error.into();
    Err(NotAnswered::Failed(TransportError { phase, source }))
}

/// Whether Hyper read no more of a head because it is too large. It has a method for that only with its server.
fn is_too_large(error: &hyper::Error) -> bool {
    error.is_parse() && error.to_string() == "message head is too large"
}

#[cfg(test)]
pub(super) mod tests;
