//! Waiting for what is asynchronous, in programs that are not.

use std::fmt;
use std::future::poll_fn;
use std::io::{self, BufRead, Read};
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};

use futures_core::Stream;
use tokio::runtime::Handle;
use tokio::task::coop;

use super::byte_stream::ByteStream;
use crate::error::{BoxError, Error, Kind};
use crate::transport::Seat;

const IN_ASYNC: &str = "a blocking client would block the thread of an asynchronous function: call the asynchronous client \
    there, or wait in `tokio::task::spawn_blocking`";

/// Waits for a future in a runtime of blocking clients.
///
/// # Errors
///
/// In an asynchronous function, and when the operating system has no resources for a runtime.
pub(crate) fn try_wait<F: Future>(seat: io::Result<Seat>, future: F) -> Result<F::Output, Error> {
    if is_async() {
        return Err(Error::new(Kind::Configuration(IN_ASYNC.to_owned())));
    }
    Ok(seat.map_err(no_runtime)?.block_on(pin!(future)))
}

fn no_runtime(cause: io::Error) -> Error {
    let problem = "the runtime of blocking clients cannot be started".to_owned();
    Error::new(Kind::Configuration(problem)).with_source(cause)
}

/// Whether an asynchronous function of Tokio runs in this thread, so that nothing may block it.
///
/// Tokio does not tell. But it gives what it polls a budget, which runs out, and none where blocking is right.
fn is_async() -> bool {
    let mut context = Context::from_waker(Waker::noop());
    // Gives back, when it is dropped, all that is spent here.
    let Poll::Ready(_restore) = coop::poll_proceed(&mut context) else {
        return true;
    };
    let mut spend = || coop::poll_proceed(&mut context).map(|spent| spent.made_progress());
    Handle::try_current().is_ok() && (0..u8::MAX).any(|_| spend().is_pending())
}

/// Waits for a future of a client: a call, what is read of a payload, or a result in Amazon S3.
///
/// A task that the future spawns makes progress only while this thread waits, so join it within the future.
///
/// ```no_run
/// # use lean_aws_runtime::{ByteStream, Error, blocking};
/// # fn example(body: ByteStream) -> Result<(), Error> {
/// let text = blocking::wait(body.text())?;
/// # Ok(())
/// # }
/// ```
///
/// # Panics
///
/// In an asynchronous function, whose thread it would block: await the future there, or use
/// `tokio::task::spawn_blocking`. Also when the operating system has no resources for a runtime.
#[track_caller]
pub fn wait<F: IntoFuture>(future: F) -> F::Output {
    expect(try_wait(Seat::last(), future.into_future()))
}

#[track_caller]
fn expect<T>(result: Result<T, Error>) -> T {
    match result {
        Ok(output) => output,
        Err(error) => panic!("{error}"),
    }
}

/// Waits for what is often there already.
fn wait_briefly<F: Future>(mut future: Pin<&mut F>) -> Result<F::Output, Error> {
    let seat = Seat::last().map_err(no_runtime)?;
    match seat.poll_once(future.as_mut()) {
        Ok(output) => Ok(output),
        Err(seat) => try_wait(Ok(seat), future),
    }
}

/// The items of a stream, one after the other: events, lines, JSON values, pieces of a payload, or pages.
///
/// ```no_run
/// # use lean_aws_runtime::{ByteStream, Error, blocking};
/// # fn example(body: ByteStream) -> Result<(), Error> {
/// for line in blocking::iter(body.lines()) {
///     println!("{}", line?);
/// }
/// # Ok(())
/// # }
/// ```
pub fn iter<S: Stream + Unpin>(stream: S) -> Iter<S> {
    Iter(stream)
}

/// The items of a stream, from [`iter`]. Its `next` panics where [`wait`] does.
pub struct Iter<S>(S);

impl<S: Stream + Unpin> Iterator for Iter<S> {
    type Item = S::Item;

    #[track_caller]
    fn next(&mut self) -> Option<S::Item> {
        expect(wait_briefly(pin!(poll_fn(|context| {
            Pin::new(&mut self.0).poll_next(context)
        }))))
    }
}

impl<S> fmt::Debug for Iter<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Iter").finish_non_exhaustive()
    }
}

/// Reads a payload, and waits for it, in programs that are not asynchronous. It needs the feature `blocking`.
impl<E: From<Error> + Into<BoxError>> Read for ByteStream<E> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.fill_buf()?.read(buffer)?;
        self.consume(read);
        Ok(read)
    }
}

/// Hands out the pieces of a payload as they arrive, without a copy. It needs the feature `blocking`.
impl<E: From<Error> + Into<BoxError>> BufRead for ByteStream<E> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.body_mut().buffered().is_empty() {
            let chunk = wait_briefly(pin!(self.chunk())).map_err(io::Error::other)?;
            let chunk = chunk.map_err(io::Error::other)?;
            self.body_mut().unread(chunk.unwrap_or_default());
        }
        Ok(self.body_mut().buffered())
    }

    fn consume(&mut self, amount: usize) {
        self.body_mut().consume(amount);
    }
}
