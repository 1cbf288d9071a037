//! Why a call is not retried.

use std::fmt;
use std::time::Duration;

use crate::words::duration::Spelled;

/// Why there is no other attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// It would not be safe, or of no use.
    Never(&'static str),
    /// All attempts were made.
    Attempts,
    /// The payload cannot be sent again.
    Stream,
    /// The quota is used up.
    Quota,
    /// The operation timeout would pass.
    Deadline,
    /// The service was not ready for so long.
    NotReady(Duration),
}

impl Refusal {
    /// Words for logs.
    pub(crate) fn label(self) -> &'static str {
        match self {
            Self::Never(why) => why,
            Self::Attempts => "no attempts are left",
            Self::Stream => "the payload is a stream",
            Self::Quota => "the retry quota is used up",
            Self::Deadline => "the operation timeout would pass",
            Self::NotReady(_) => "the time to become ready is over",
        }
    }

    /// Whether the error does not say it anyway.
    pub(crate) fn is_news(self) -> bool {
        !matches!(self, Self::Never(_) | Self::Attempts)
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let reason = match self {
            Self::NotReady(limit) => return write!(f, "not ready within {}", Spelled(*limit)),
            Self::Never(why) => why,
            Self::Attempts => "no attempts are left",
            Self::Stream => "its payload is a stream, which can be sent only once",
            Self::Quota => "too many calls have failed: the retry quota is used up",
            Self::Deadline => "the operation timeout would pass before",
        };
        write!(f, "not retried because {reason}")
    }
}
