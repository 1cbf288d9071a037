//! The read timeout, once the head of a response has come.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::time::{Sleep, sleep};

/// It runs while nothing arrives.
pub(super) struct Silence {
    pub(super) timeout: Duration,
    /// Made for the first wait and set anew for each other: a stream has many of them.
    timer: Option<Pin<Box<Sleep>>>,
    is_running: bool,
}

impl Silence {
    pub(super) fn new(timeout: Duration) -> Self {
        Self {
            timeout,
            timer: None,
            is_running: false,
        }
    }

    /// Something has arrived.
    pub(super) fn end(&mut self) {
        self.is_running = false;
    }

    /// Whether nothing has arrived for so long.
    pub(super) fn poll(&mut self, context: &mut Context<'_>) -> Poll<()> {
        let timer = self.timer.get_or_insert_with(|| {
            self.is_running = true;
            Box::pin(sleep(self.timeout))
        });
        if !self.is_running {
            self.is_running = true;
            timer.set(sleep(self.timeout));
        }
        timer.as_mut().poll(context)
    }
}

#[cfg(test)]
mod tests {
    use std::task::Waker;

    use tokio::time::advance;

    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn has_passed(silence: &mut Silence) -> bool {
        silence.poll(&mut Context::from_waker(Waker::noop())).is_ready()
    }

    #[tokio::test(start_paused = true)]
    async fn each_silence_is_counted_by_itself() {
        let mut silence = Silence::new(60 * SECOND);
        for _ in 0..3 {
            assert!(!has_passed(&mut silence));
            advance(59 * SECOND).await;
            assert!(!has_passed(&mut silence));
            silence.end();
            advance(10 * SECOND).await;
        }
        assert!(!has_passed(&mut silence));
        advance(60 * SECOND).await;
        assert!(has_passed(&mut silence));
    }
}
