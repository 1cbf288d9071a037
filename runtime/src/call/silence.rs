//! The read timeout, until the head of a response has come.

use std::pin::Pin;
use std::time::Duration;

use tokio::time::timeout_at;

use crate::transport::{Signs, Silence};

/// The read timeout, which has passed.
pub(super) struct Silent(pub(super) Duration);

/// Waits as long as there are signs of life, or the read timeout lasts.
pub(super) async fn unless_silent<T>(
    limit: Option<Duration>,
    mut sending: Pin<&mut impl Future<Output = T>>,
    signs: Signs<'_>,
) -> Result<T, Silent> {
    let Some(limit) = limit else {
        return Ok(sending.await);
    };
    let mut silence = Silence::new(limit);
    loop {
        if let Ok(result) = timeout_at(silence.end(), &mut sending).await {
            return Ok(result);
        }
        if silence.has_ended(signs) {
            return Err(Silent(limit));
        }
    }
}
