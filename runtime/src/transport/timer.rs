//! Waiting until a point in time.

use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, Waker, ready};

use tokio::runtime::{Handle, Id};
use tokio::task::unconstrained;
use tokio::time::{Instant, Sleep, sleep_until};

/// A timer that is made for the first wait and serves all later ones.
#[derive(Default)]
pub(crate) struct Timer(Option<(Id, Pin<Box<Sleep>>)>);

impl Timer {
    /// Whether a point in time has come. Wakes the task when it comes, and at times before.
    ///
    /// Most waits end early, so a later end does not move the timer: only when it goes off is it set anew.
    pub(crate) fn poll_until(&mut self, end: Instant, context: &mut Context<'_>) -> Poll<()> {
        // A timer goes off only while the runtime that it was made in is at work.
        if let Some(here) = here()
            && self.0.as_ref().is_none_or(|(of, _)| *of != here)
        {
            self.0 = Some((here, Box::pin(sleep_until(end))));
        }
        let Some((_, sleep)) = &mut self.0 else {
            // This is outside of Tokio, where no timer can be made.
            return Poll::Pending;
        };
        if sleep.deadline() > end {
            sleep.as_mut().reset(end);
        }
        loop {
            ready!(poll(sleep, context));
            if sleep.deadline() >= end {
                return Poll::Ready(());
            }
            sleep.as_mut().reset(end);
        }
    }

    /// Forgets the task that waited last, whose memory would be kept otherwise.
    pub(super) fn rest(&mut self) {
        match &mut self.0 {
            Some((of, sleep)) if Some(*of) == here() => {
                let _ = poll(sleep, &mut Context::from_waker(Waker::noop()));
            }
            // Its runtime may be gone, and then it must not be asked.
            timer => *timer = None,
        }
    }
}

/// The runtime that this is done in, if there is one.
fn here() -> Option<Id> {
    Handle::try_current().map(|runtime| runtime.id()).ok()
}

/// Asks a timer even if the task has used up its budget with what it waits for.
fn poll(sleep: &mut Pin<Box<Sleep>>, context: &mut Context<'_>) -> Poll<()> {
    Pin::new(&mut unconstrained(sleep.as_mut())).poll(context)
}

/// When waiting ends, and the timer that says so. The default is never.
#[derive(Default)]
pub(crate) struct Deadline {
    end: Option<Instant>,
    timer: Timer,
}

impl Deadline {
    pub(crate) fn new(end: Option<Instant>) -> Self {
        Self {
            end,
            timer: Timer::default(),
        }
    }

    pub(crate) fn end(&self) -> Option<Instant> {
        self.end
    }

    /// Whether it has passed. Wakes the task when it does.
    pub(crate) fn poll(&mut self, context: &mut Context<'_>) -> Poll<()> {
        match self.end {
            Some(end) => self.timer.poll_until(end, context),
            None => Poll::Pending,
        }
    }
}

/// Waits for work, or for what ends it.
///
/// The work is pinned where it is: a future that is handed on takes room wherever it has been.
///
/// # Errors
///
/// When the end comes first.
pub(crate) async fn unless<T, E>(
    mut work: Pin<&mut (impl Future<Output = T> + ?Sized)>,
    mut end: impl FnMut(&mut Context<'_>) -> Poll<E>,
) -> Result<T, E> {
    poll_fn(|context| match work.as_mut().poll(context) {
        Poll::Ready(result) => Poll::Ready(Ok(result)),
        Poll::Pending => end(context).map(Err),
    })
    .await
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::task::Wake;
    use std::time::Duration;

    use tokio::runtime::Builder;
    use tokio::time::advance;

    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn has_come(timer: &mut Timer, end: Instant) -> bool {
        let mut context = Context::from_waker(Waker::noop());
        timer.poll_until(end, &mut context).is_ready()
    }

    #[tokio::test(start_paused = true)]
    async fn one_timer_serves_waits_of_any_order() {
        let (mut timer, start) = (Timer::default(), Instant::now());
        assert!(!has_come(&mut timer, start + 60 * SECOND));
        // Later, then earlier than the wait before.
        assert!(!has_come(&mut timer, start + 90 * SECOND));
        assert!(!has_come(&mut timer, start + 30 * SECOND));
        advance(30 * SECOND).await;
        assert!(has_come(&mut timer, start + 30 * SECOND));
        assert!(!has_come(&mut timer, start + 90 * SECOND));
        advance(59 * SECOND).await;
        assert!(!has_come(&mut timer, start + 90 * SECOND));
        advance(SECOND).await;
        assert!(has_come(&mut timer, start + 90 * SECOND));
        assert!(has_come(&mut timer, start));
    }

    #[tokio::test(start_paused = true)]
    async fn a_later_end_wakes_the_task() {
        let (mut timer, start) = (Timer::default(), Instant::now());
        assert!(!has_come(&mut timer, start + 30 * SECOND));
        poll_fn(|context| timer.poll_until(start + 90 * SECOND, context)).await;
        assert_eq!(start.elapsed(), 90 * SECOND);
    }

    /// The clock of a paused runtime that waits jumps to the next timer of its own.
    #[test]
    fn a_runtime_waits_with_a_timer_of_its_own() {
        let runtime = || {
            Builder::new_current_thread()
                .enable_all()
                .start_paused(true)
                .build()
                .unwrap()
        };
        let (idle, mut timer) = (runtime(), Timer::default());
        idle.block_on(async {
            assert!(!has_come(&mut timer, Instant::now() + SECOND));
        });
        runtime().block_on(async {
            let end = Instant::now() + 60 * SECOND;
            poll_fn(|context| timer.poll_until(end, context)).await;
            assert!(Instant::now() >= end);
        });
        // The runtime of the timer is gone.
        idle.block_on(async {
            timer.rest();
            assert!(!has_come(&mut timer, Instant::now() + SECOND));
        });
    }

    #[test]
    fn outside_of_a_runtime_nothing_comes_and_nothing_panics() {
        let mut timer = Timer::default();
        assert!(!has_come(&mut timer, Instant::now()));
        timer.rest();
    }

    #[tokio::test]
    async fn a_timer_at_rest_keeps_no_task() {
        struct Task;
        impl Wake for Task {
            fn wake(self: Arc<Self>) {}
        }
        let (mut timer, task) = (Timer::default(), Arc::new(Task));
        let waker = Waker::from(Arc::clone(&task));
        let end = Instant::now() + 60 * SECOND;
        assert!(timer.poll_until(end, &mut Context::from_waker(&waker)).is_pending());
        drop(waker);
        assert_eq!(Arc::strong_count(&task), 2);
        timer.rest();
        assert_eq!(Arc::strong_count(&task), 1);
    }

    /// What it waits for may always be there.
    #[tokio::test(start_paused = true)]
    async fn a_deadline_passes_even_for_a_task_that_is_always_busy() {
        let mut deadline = Deadline::new(Some(Instant::now() + SECOND));
        let busy = std::pin::pin!(async {
            loop {
                advance(SECOND / 100).await;
            }
        });
        let result: Result<(), ()> = unless(busy, |context| deadline.poll(context)).await;
        assert!(result.is_err());
    }
}
