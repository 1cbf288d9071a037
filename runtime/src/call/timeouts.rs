//! How long a call may take.

use std::time::Duration;

/// Limits how long a call and its parts may take.
///
/// What is not set here is taken from the client and then from the defaults; `None` switches a timeout off.
///
/// | timeout | covers | default |
/// |---|---|---|
/// | [`connect`](Self::connect) | DNS, TCP, proxy and TLS of a new connection, together | 5 s |
/// | [`read`](Self::read) | silence once there is a connection: no byte of the response arrives, and the operating system (TLS before it, or a transport of your own) takes no byte of the request | 60 s, or what the crate's documentation says of its service |
/// | [`attempt`](Self::attempt) | one attempt: credentials, signing, connecting, sending, and the response up to the output | none |
/// | [`operation`](Self::operation) | the call with all attempts, the pauses between them, and waiting for permits, up to the output | none |
///
/// Calls wait for a permit only where [`ClientBuilder::max_in_flight`](crate::ClientBuilder::max_in_flight) limits them.
/// Reading a streamed payload after the call has returned, whether as bytes, events, lines or text, is covered by `read`
/// alone: that of the call's [`CallOptions`](crate::CallOptions) if they set one. It counts while a read waits for the
/// service, not while the program is at work between two reads.
///
/// A read timeout passes only when the operating system has no byte of the response either: what arrived in time counts,
/// even if the thread was busy or the process stood still meanwhile. A transport of your own cannot be asked, and has
/// 10 ms more.
///
/// Bytes of the request count as sent once they have been taken, though a slow line may not have carried them yet: leave
/// time for that in `read`.
///
/// The text of the error says what the call was waiting for, such as `attempt timed out after 20 s while waiting for
/// credentials`. A timeout while connecting is retried like any failure to connect. After any other read or attempt
/// timeout the service may be at work on the request, so it is not sent again unless
/// [`Retries::after_timeout`](crate::Retries::after_timeout) says so. The operation timeout ends the call.
///
/// An error of the service is known by its head. A timeout that passes while its body arrives ends the body alone: the call
/// fails, or is retried, with that error.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Timeouts {
    connect: Setting,
    read: Setting,
    attempt: Setting,
    operation: Setting,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Setting {
    #[default]
    Unset,
    Off,
    After(Duration),
}

impl Setting {
    fn or(self, other: Self) -> Self {
        if self == Self::Unset { other } else { self }
    }

    fn limit(self, default: Option<Duration>) -> Option<Duration> {
        match self {
            Self::Unset => default,
            Self::Off => None,
            Self::After(limit) => Some(limit),
        }
    }
}

impl From<Option<Duration>> for Setting {
    fn from(limit: Option<Duration>) -> Self {
        limit.map_or(Self::Off, Self::After)
    }
}

impl Timeouts {
    /// Sets nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// Limits the time to make a connection.
    pub fn connect(mut self, limit: impl Into<Option<Duration>>) -> Self {
        self.connect = limit.into().into();
        self
    }

    /// Limits the time without data, while waiting for the response and while reading it.
    ///
    /// Outside of a Tokio runtime, reading a payload has no such limit.
    pub fn read(mut self, limit: impl Into<Option<Duration>>) -> Self {
        self.read = limit.into().into();
        self
    }

    /// Limits each attempt.
    pub fn attempt(mut self, limit: impl Into<Option<Duration>>) -> Self {
        self.attempt = limit.into().into();
        self
    }

    /// Limits the whole call.
    pub fn operation(mut self, limit: impl Into<Option<Duration>>) -> Self {
        self.operation = limit.into().into();
        self
    }

    /// These settings, and where they say nothing, the others.
    pub(crate) fn or(self, other: Self) -> Self {
        Self {
            connect: self.connect.or(other.connect),
            read: self.read.or(other.read),
            attempt: self.attempt.or(other.attempt),
            operation: self.operation.or(other.operation),
        }
    }

    pub(crate) fn connect_limit(self) -> Option<Duration> {
        self.connect.limit(Some(Duration::from_secs(5)))
    }

    pub(crate) fn read_limit(self) -> Option<Duration> {
        self.read.limit(Some(Duration::from_secs(60)))
    }

    pub(crate) fn attempt_limit(self) -> Option<Duration> {
        self.attempt.limit(None)
    }

    pub(crate) fn operation_limit(self) -> Option<Duration> {
        self.operation.limit(None)
    }
}
