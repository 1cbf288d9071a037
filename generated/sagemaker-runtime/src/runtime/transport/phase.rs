//! How far a request came before it failed.

use super::super::BoxError;

/// Why there is no response.
#[derive(Debug)]
pub(crate) struct TransportError {
    pub(crate) phase: Phase,
    pub(crate) source: BoxError,
}

/// How far a request came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Phase {
    /// There was no connection.
    Connect(Connecting),
    /// There was no connection in time.
    ConnectTimeout(Connecting),
    /// A connection that had been used before broke before a byte of the request left.
    Unsent,
    /// A connection that had been used before broke at once, without a byte of the answer: the peer may have closed it
    /// before it saw the request.
    Stale,
    /// Another connection broke before a byte of the answer arrived.
    Sent,
    /// The connection broke without a byte of the answer too, but so long after the whole request had left that the peer
    /// may have been at work on it.
    Late,
    /// The answer had begun.
    Answered,
    /// That is not known.
    Unknown,
    /// The payload of the request could not be read to its end.
    Payload,
}

/// How far making a connection came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Connecting {
    /// The name of the host was being looked up.
    Resolve,
    /// TCP was connecting.
    Tcp,
    /// The proxy is of a kind that the client does not speak with.
    ForeignProxy,
    /// The proxy was being reached.
    Proxy,
    /// The proxy was asked for a tunnel.
    Tunnel,
    /// The proxy answered that with this status.
    Refused(u16),
    /// TLS was being agreed upon.
    Tls,
    /// The peer's certificate is not to be trusted.
    #[cfg_attr(not(feature = "tls"), allow(dead_code, reason = "there is no TLS"))]
    Certificate(Distrust),
}

/// Why a certificate is not to be trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(
    not(feature = "tls"),
    allow(dead_code, reason = "there are no certificates without TLS")
)]
pub(crate) enum Distrust {
    UnknownIssuer,
    OtherHost,
    Expired,
    NotYetValid,
    /// Something that is seen less often.
    Other,
}

impl Connecting {
    /// Whether it would fail again.
    pub(crate) fn is_final(self) -> bool {
        match self {
            Self::ForeignProxy | Self::Certificate(_) => true,
            // A proxy that cannot reach the host says 502 to 504, and may reach it the next time.
            Self::Refused(status) => status < 500,
            Self::Resolve | Self::Tcp | Self::Proxy | Self::Tunnel | Self::Tls => false,
        }
    }
}
