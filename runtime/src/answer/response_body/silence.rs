//! The read timeout, once the head of a response has come.

use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::time::{Sleep, sleep_until};

use crate::transport::{Signs, Silence};

/// Waits while nothing arrives.
pub(super) struct ReadTimeout {
    pub(super) limit: Duration,
    /// What is being waited through.
    silence: Option<Silence>,
    /// Made for the first silence. For others it is only set anew when it has run down: a stream has many of them.
    timer: Option<Pin<Box<Sleep>>>,
}

impl ReadTimeout {
    pub(super) fn new(limit: Duration) -> Self {
        Self {
            limit,
            silence: None,
            timer: None,
        }
    }

    /// Something has arrived.
    pub(super) fn end(&mut self) {
        self.silence = None;
    }

    /// Whether nothing has arrived for so long.
    pub(super) fn poll(&mut self, context: &mut Context<'_>, signs: Signs<'_>) -> Poll<()> {
        let silence = self.silence.get_or_insert_with(|| Silence::new(self.limit));
        let timer = self.timer.get_or_insert_with(|| Box::pin(sleep_until(silence.end())));
        loop {
            ready!(timer.as_mut().poll(context));
            if silence.has_ended(signs) {
                return Poll::Ready(());
            }
            timer.as_mut().reset(silence.end());
        }
    }
}

#[cfg(test)]
mod tests {
    use std::task::Waker;

    use tokio::time::advance;

    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn has_passed(timeout: &mut ReadTimeout) -> bool {
        let mut context = Context::from_waker(Waker::noop());
        timeout.poll(&mut context, Signs::default()).is_ready()
    }

    #[tokio::test(start_paused = true)]
    async fn each_silence_is_counted_by_itself() {
        let mut timeout = ReadTimeout::new(60 * SECOND);
        for _ in 0..3 {
            assert!(!has_passed(&mut timeout));
            advance(59 * SECOND).await;
            assert!(!has_passed(&mut timeout));
            timeout.end();
            advance(10 * SECOND).await;
        }
        assert!(!has_passed(&mut timeout));
        advance(60 * SECOND).await;
        // A transport that tells nothing has another turn.
        assert!(!has_passed(&mut timeout));
        advance(SECOND).await;
        assert!(has_passed(&mut timeout));
    }

    #[tokio::test]
    async fn a_limit_may_be_longer_than_time() {
        let mut timeout = ReadTimeout::new(Duration::MAX);
        assert!(!has_passed(&mut timeout));
    }
}
