//! What users say about connections.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// Which connections are kept for later calls, and how they are kept alive.
///
/// A call reuses the connection of its host that was used last, or opens one. It never waits for another call's
/// connection, so a busy client needs no configuration; [`ClientBuilder::max_in_flight`](crate::ClientBuilder::max_in_flight) limits how many there are.
/// A response that has been read to its end leaves its connection to the next call. Dropping a call or a payload before
/// that closes the connection, as does an answer that arrives before the whole request has been sent.
///
/// Before the client reuses a connection, it asks the operating system what has arrived on it. If the service has closed
/// it, or has sent anything after its last answer, the request goes out on another one.
///
/// Clones of a client share its connections. Each Tokio runtime has its own, because a connection works only while its
/// runtime does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pool {
    max_idle: usize,
    idle_timeout: Duration,
    keepalive: Option<Duration>,
}

impl Pool {
    /// The longest time that connections are kept. Longer ones could not be added to a point in time.
    const FOREVER: Duration = Duration::from_secs(365 * 24 * 60 * 60);

    /// The defaults.
    pub fn new() -> Self {
        Self {
            max_idle: usize::MAX,
            idle_timeout: Duration::from_secs(50),
            keepalive: Some(Duration::from_secs(60)),
        }
    }

    /// Limits how many idle connections are kept, over all hosts. If there are more, the one idle for longest is closed.
    /// Default: no limit; 0 keeps none.
    ///
    /// With a limit below the number of calls in flight, each burst of calls connects anew, as with the 10 connections that
    /// boto3 keeps. Without a limit, as many stay open as calls were in flight at once, until the idle timeout closes them.
    pub fn max_idle(mut self, connections: usize) -> Self {
        self.max_idle = connections;
        self
    }

    /// How long an idle connection is kept. Default: 50 s; zero keeps none.
    ///
    /// AWS's load balancers drop such connections after 60 s. A request on a connection that is just being dropped has to be
    /// sent again, so stay below the limit of the peer.
    pub fn idle_timeout(mut self, limit: Duration) -> Self {
        self.idle_timeout = limit;
        self
    }

    /// How long a connection is silent before TCP probes the peer, while a model is at work or between the pieces of a
    /// stream. Default: 60 s; `None` sends no probes.
    ///
    /// The answers keep NAT gateways and firewalls from forgetting the connection: those of AWS do so after 350 s. A peer
    /// that does not answer is probed three more times, every 15 s, and then the connection breaks. Whole seconds count,
    /// from 1 s to 9 h. Some operating systems use values of their own.
    pub fn tcp_keepalive(mut self, silence: impl Into<Option<Duration>>) -> Self {
        self.keepalive = silence.into();
        self
    }

    pub(super) fn keepalive(self) -> Option<Duration> {
        const HOUR: Duration = Duration::from_secs(60 * 60);
        self.keepalive
            .map(|silence| silence.clamp(Duration::from_secs(1), 9 * HOUR))
    }

    pub(super) fn idle_limits(self) -> (usize, Duration) {
        let none = self.idle_timeout.is_zero();
        let most = if none { 0 } else { self.max_idle };
        (most, self.idle_timeout.min(Self::FOREVER))
    }
}

impl Default for Pool {
    fn default() -> Self {
        Self::new()
    }
}

/// What a builder has been told about connections.
#[derive(Clone, Default)]
pub(crate) struct ConnectionSettings {
    pub(crate) pool: Pool,
    pub(crate) max_in_flight: Option<usize>,
    pub(crate) ca_bundle: Option<CaBundle>,
}

/// The certificates to trust instead of the platform's.
#[derive(Clone)]
pub(crate) struct CaBundle {
    /// In PEM.
    pub(crate) pem: Arc<[u8]>,
    /// What errors call it.
    #[cfg_attr(not(feature = "tls"), allow(dead_code, reason = "nothing can be wrong with it"))]
    pub(crate) origin: Cow<'static, str>,
}

impl fmt::Debug for ConnectionSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ConnectionSettings")
            .field("pool", &self.pool)
            .field("max_in_flight", &self.max_in_flight)
            .field("ca_bundle", &self.ca_bundle.as_ref().map(|bundle| bundle.pem.len()))
            .finish()
    }
}
