//! The read timeout, until the head of a response has come.

use std::pin::Pin;
use std::time::Duration;

use tokio::time::{Instant, timeout};

/// The read timeout, which has passed.
pub(super) struct Silent(pub(super) Duration);

/// Waits as long as there are signs of life, or the read timeout lasts.
pub(super) async fn unless_silent<T>(
    limit: Option<Duration>,
    mut sending: Pin<&mut impl Future<Output = T>>,
    sign_of_life: impl Fn() -> Option<Instant>,
) -> Result<T, Silent> {
    let Some(limit) = limit else {
        return Ok(sending.await);
    };
    let mut quiet_since = Instant::now();
    loop {
        let quiet = quiet_since.elapsed();
        if let Ok(result) = timeout(limit.saturating_sub(quiet), &mut sending).await {
            return Ok(result);
        }
        match sign_of_life() {
            Some(last) if last > quiet_since => quiet_since = last,
            _ => return Err(Silent(limit)),
        }
    }
}
