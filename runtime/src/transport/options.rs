//! What users say about connections.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// Which connections are kept for later calls, and how they are kept alive.
///
/// A call takes the connection of its host that was used last, else it makes one. It never waits for one that another
/// call uses, so none has to be configured for a busy client; [`ClientBuilder::max_in_flight`](crate::ClientBuilder::max_in_flight) limits how many there are.
/// What has been read to its end leaves its connection to the next call; dropping a call or a payload before that closes it,
/// and so does an answer that comes before the whole request has been sent.
///
/// Before a request leaves on a connection that was used before, the operating system is asked what has arrived on it. If
/// the service has closed it, or has sent anything after its last answer, the request goes out on another one.
///
/// Clones of a client share its connections. Each Tokio runtime has its own, because a connection works only while the
/// runtime does that made it.
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

    /// How many connections are kept while no call uses them, those of all hosts together. When there are more, the one
    /// unused for longest is closed. Default no limit; 0 keeps none.
    ///
    /// A limit below the number of calls in flight makes each burst of calls connect anew, as the 10 connections do that
    /// boto3 keeps. Without one there are as many as calls have been in flight at once, until the idle timeout ends them.
    pub fn max_idle(mut self, connections: usize) -> Self {
        self.max_idle = connections;
        self
    }

    /// How long a connection is kept while no call uses it. Default 50 s; zero keeps none.
    ///
    /// AWS's load balancers drop such connections after 60 s. A request that meets a connection just being dropped has to be sent
    /// again, so less than what the peer allows is right.
    pub fn idle_timeout(mut self, limit: Duration) -> Self {
        self.idle_timeout = limit;
        self
    }

    /// How long a connection may be silent before TCP asks whether the peer is still there, while a model is at work or
    /// between the pieces of a stream. Default 60 s; `None` never asks.
    ///
    /// The answers keep NAT gateways and firewalls from forgetting the connection: those of AWS do so after 350 s. A peer
    /// that does not answer is asked three more times, every 15 s, and then the connection breaks. Whole seconds count,
    /// from 1 s to 9 h. Some operating systems use numbers of their own.
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
