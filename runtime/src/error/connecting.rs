//! How far making a connection came.

/// How far making a connection came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Connecting {
    /// The name of the host was being looked up.
    Resolve,
    /// TCP was connecting.
    Tcp,
    /// The tokio runtime has no I/O.
    WithoutIo,
    /// The proxy is of a kind that the client does not speak with.
    ForeignProxy,
    /// The proxy was being reached.
    Proxy,
    /// The proxy was asked for a tunnel.
    Tunnel,
    /// The proxy refused it with this status.
    Refused(u16),
    /// The TLS handshake.
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
            Self::WithoutIo | Self::ForeignProxy | Self::Certificate(_) => true,
            // A proxy that cannot reach the host says 502 to 504, and may reach it the next time.
            Self::Refused(status) => status < 500,
            Self::Resolve | Self::Tcp | Self::Proxy | Self::Tunnel | Self::Tls => false,
        }
    }
}
