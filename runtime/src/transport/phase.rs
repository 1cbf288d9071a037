//! How far a request came before it failed.

use crate::error::{BoxError, Broke, Connecting};

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
    /// The connection broke.
    Broke(Broke),
    /// The head of the answer is larger than what is read of one.
    TooLarge,
    /// That is not known.
    Unknown,
    /// The payload of the request could not be read to its end.
    Payload,
    /// A fake has no answer to the request.
    #[cfg(feature = "test-util")]
    Unexpected,
}

/// A failure that a fake makes, as if it were one of the client's own connections.
#[cfg(feature = "test-util")]
#[derive(Debug)]
pub(crate) struct FakeFailure {
    phase: Phase,
    text: String,
}

#[cfg(feature = "test-util")]
impl FakeFailure {
    pub(crate) fn boxed(phase: Phase, text: impl Into<String>) -> BoxError {
        let text = text.into();
        Box::new(Self { phase, text })
    }
}

#[cfg(feature = "test-util")]
impl From<FakeFailure> for TransportError {
    fn from(failure: FakeFailure) -> Self {
        Self {
            phase: failure.phase,
            source: failure.text.into(),
        }
    }
}

#[cfg(feature = "test-util")]
impl std::fmt::Display for FakeFailure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.text)
    }
}

#[cfg(feature = "test-util")]
impl std::error::Error for FakeFailure {}
