//! The connections that no request uses.

use std::collections::VecDeque;
use std::mem;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use http::Uri;
use tokio::runtime::Handle;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep_until};

use super::connection::Connection;
use crate::words::task::spawn;

/// The connections that no request uses, those used last at the end.
///
/// Closing one takes system calls, so it is done when the lock has been dropped.
pub(crate) struct Idle {
    max: usize,
    timeout: Duration,
    resting: Mutex<Resting>,
}

/// A connection, and since when it is idle.
type Resident = (Instant, Box<Connection>);

#[derive(Default)]
struct Resting {
    connections: VecDeque<Resident>,
    /// Closes them in time. There may be none while there are no connections.
    reaper: Option<JoinHandle<()>>,
}

impl Idle {
    pub(super) fn new(max: usize, timeout: Duration) -> Self {
        Self {
            max,
            timeout,
            resting: Mutex::default(),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Resting> {
        self.resting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The connection of this runtime to the host of a URL that was used last, unless it is known to be closed.
    pub(super) fn take(&self, uri: &Uri) -> Option<Box<Connection>> {
        let runtime = Handle::try_current().ok()?.id();
        // Declared before the lock, so dropped after it.
        let mut closing = Vec::new();
        let mut resting = self.lock();
        loop {
            let last = resting
                .connections
                .iter()
                .rposition(|(_, connection)| connection.is_of(runtime) && connection.leads_to(uri))?;
            let (since, mut connection) = resting.connections.remove(last)?;
            let now = Instant::now();
            if !connection.is_closed() && now.saturating_duration_since(since) < self.timeout {
                connection.taken = now;
                connection.measured.set_idle(false);
                return Some(connection);
            }
            closing.push(connection);
        }
    }

    /// Keeps a connection, if it is wanted.
    pub(super) fn put(self: &Arc<Self>, mut connection: Box<Connection>) {
        if self.max == 0 {
            return;
        }
        let (mut resting, now) = (self.lock(), Instant::now());
        if resting.reaper.as_ref().is_none_or(JoinHandle::is_finished) {
            // Without a runtime nothing would close it.
            if Handle::try_current().is_err() {
                return;
            }
            // Until then there is nothing to close. Who looks earlier finds nothing between two calls, and ends.
            let first = now + self.timeout;
            resting.reaper = Some(spawn(reap(Arc::downgrade(self), first)));
        }
        // The reaper may be in a runtime that rests.
        let mut closing = resting.take_old(now, self.timeout);
        if resting.connections.len() >= self.max {
            closing.extend(resting.connections.pop_front());
        }
        connection.measured.set_idle(true);
        resting.connections.push_back((now, connection));
        drop(resting);
        drop(closing);
    }

    /// Closes the connections of this runtime to the host of a URL.
    pub(super) fn close_all(&self, uri: &Uri) {
        let Ok(runtime) = Handle::try_current() else { return };
        let mut resting = self.lock();
        let connections = mem::take(&mut resting.connections);
        let is_closing = |(_, connection): &Resident| connection.is_of(runtime.id()) && connection.leads_to(uri);
        let (closing, kept) = connections.into_iter().partition::<VecDeque<_>, _>(is_closing);
        resting.connections = kept;
        drop(resting);
        drop(closing);
    }

    /// The turn of the reaper: tells when the next one is.
    fn close_old(&self) -> Option<Instant> {
        let mut resting = self.lock();
        let closing = resting.take_old(Instant::now(), self.timeout);
        let next = resting.connections.front().map(|(since, _)| *since + self.timeout);
        if next.is_none() {
            resting.reaper = None;
        }
        drop(resting);
        drop(closing);
        next
    }
}

impl Resting {
    /// Takes out what has been idle for too long.
    fn take_old(&mut self, now: Instant, timeout: Duration) -> Vec<Resident> {
        let is_old = |(since, _): &&Resident| *since + timeout <= now;
        let old = self.connections.iter().take_while(is_old).count();
        self.connections.drain(..old).collect()
    }
}

impl Drop for Idle {
    fn drop(&mut self) {
        if let Some(reaper) = &self.lock().reaper {
            reaper.abort();
        }
    }
}

/// Closes idle connections in time, even if no call follows that would notice.
async fn reap(idle: Weak<Idle>, first: Instant) {
    let mut next = Some(first);
    while let Some(end) = next {
        sleep_until(end).await;
        next = idle.upgrade().and_then(|idle| idle.close_old());
    }
}

#[cfg(test)]
mod tests {
    use tokio::task::yield_now;

    use super::super::exchange::tests::{URL, connect, is_closed};
    use super::*;

    /// Every task gets its turn.
    async fn settle() {
        for _ in 0..20 {
            yield_now().await;
        }
    }

    /// The next call has taken the connection before the reaper looks.
    #[tokio::test(start_paused = true)]
    async fn a_reaper_outlives_the_calls() {
        let idle = Arc::new(Idle::new(1, Duration::from_secs(50)));
        let (mut connection, _far) = connect(1024).await;
        settle().await;
        let mut reaper = None;
        for _ in 0..10 {
            idle.put(connection);
            let id = idle.lock().reaper.as_ref().map(JoinHandle::id);
            assert_eq!(*reaper.get_or_insert(id), id);
            connection = idle.take(&URL.parse().expect("a URL")).expect("the connection");
            settle().await;
        }
        // There is nothing to do for it any more.
        tokio::time::advance(Duration::from_secs(50)).await;
        settle().await;
        assert!(idle.lock().reaper.is_none());
    }

    /// The permit of its call is given back next, and another call may connect then.
    #[tokio::test]
    async fn what_is_not_kept_is_closed_at_once() {
        let none = Arc::new(Idle::new(0, Duration::from_secs(50)));
        let (connection, mut far) = connect(1024).await;
        none.put(connection);
        assert!(is_closed(&mut far));

        let one = Arc::new(Idle::new(1, Duration::from_secs(50)));
        let (older, mut first) = connect(1024).await;
        let (newer, mut second) = connect(1024).await;
        one.put(older);
        assert!(!is_closed(&mut first));
        one.put(newer);
        assert!(is_closed(&mut first));
        assert!(!is_closed(&mut second));
    }
}
