//! Tasks. They are boxed, because Tokio compiles a task anew for each type of work.

use std::io;
use std::pin::Pin;

use tokio::sync::oneshot;
use tokio::task::{JoinHandle, spawn_blocking};

/// Spawns a task on the current runtime.
pub(crate) fn spawn(work: impl Future<Output = ()> + Send + 'static) -> JoinHandle<()> {
    let work: Pin<Box<dyn Future<Output = ()> + Send>> = Box::pin(work);
    tokio::spawn(work)
}

/// Does work that blocks its thread, on a thread for such work.
///
/// # Errors
///
/// When the work panics.
pub(crate) async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> io::Result<T> {
    let (tell, done) = oneshot::channel();
    // Nobody may wait for the result any more.
    let work: Box<dyn FnOnce() + Send> = Box::new(move || _ = tell.send(work()));
    drop(spawn_blocking(work));
    done.await
        .map_err(|_| io::Error::other("the thread that does it has panicked"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_panic_is_an_error() {
        assert_eq!(blocking(|| 1).await.expect("it is done"), 1);
        let lost = blocking(|| assert_eq!(1, 2)).await.expect_err("it panicked");
        assert_eq!(lost.to_string(), "the thread that does it has panicked");
    }
}
