//! What a call needs of the program that makes it: a tokio runtime with timers. Connections need I/O as well, and find out.

use std::cell::Cell;
use std::panic::catch_unwind;
use std::time::Duration;

use tokio::runtime::{Handle, Id};
use tokio::time::sleep;

use crate::error::{Error, Kind};

const NO_RUNTIME: &str = "there is no tokio runtime: await the call in one, such as that of `#[tokio::main]`, or use the \
    client of the feature `blocking`";
const NO_TIMERS: &str = "the tokio runtime has no timers: call `enable_all` on its builder";

thread_local! {
    /// The runtime of this thread, once it has been found to have timers.
    static KNOWN: Cell<Option<Id>> = const { Cell::new(None) };
}

/// # Errors
///
/// When there is no runtime, or one that cannot make a call.
pub(crate) fn check() -> Result<(), Error> {
    let missing = |what: &str| Error::new(Kind::Configuration(what.to_owned()));
    let id = Handle::try_current().map_err(|_| missing(NO_RUNTIME))?.id();
    if KNOWN.get() == Some(id) {
        return Ok(());
    }
    // tokio has no other way to ask.
    catch_unwind(|| drop(sleep(Duration::ZERO))).map_err(|_| missing(NO_TIMERS))?;
    KNOWN.set(Some(id));
    Ok(())
}
