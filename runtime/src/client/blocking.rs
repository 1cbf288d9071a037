//! Calls that return their output, for programs that are not asynchronous.

use std::panic::resume_unwind;

use crate::answer::blocking::runtime;
use crate::answer::operation::Operation;
use crate::call::CallOptions;
use crate::client::{self, CoreClient};

pub use crate::answer::blocking::{Iter, iter, wait};

/// A blocking client in the middle of a call: what a builder that can send holds.
#[derive(Clone, Debug)]
pub struct Caller(client::Caller);

impl Caller {
    /// A call with the client's settings.
    pub fn new(client: &CoreClient) -> Self {
        Self(client::Caller::new(client))
    }

    /// The same call with these settings.
    pub fn with_options(self, options: CallOptions) -> Self {
        Self(self.0.with_options(options))
    }

    /// Makes the call.
    ///
    /// # Errors
    ///
    /// See [`Error`](crate::Error).
    ///
    /// # Panics
    ///
    /// In an asynchronous function, whose thread it would block.
    #[track_caller]
    pub fn send<O>(self, input: O) -> Result<O::Output, O::Error>
    where
        O: Operation<Output: 'static, Error: 'static> + 'static,
    {
        let call = self.0.send(input);
        // As a task, so that other threads need not wake this one before the call has ended. It is spawned inside, where
        // that takes no system call if this thread drives the runtime.
        let task = async move { tokio::spawn(call).await };
        match runtime()?.block_on(task) {
            Ok(result) => result,
            Err(error) => resume_unwind(error.into_panic()),
        }
    }
}
