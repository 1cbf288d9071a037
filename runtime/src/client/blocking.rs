//! Calls that return their output, for programs that are not asynchronous.

use std::io;
use std::time::Duration;

use crate::answer::blocking::try_wait;
use crate::answer::operation::{self, Operation};
use crate::call::CallOptions;
use crate::call::presign::{PresignedPayload, PresignedRequest};
use crate::client::{self, CoreClient, MakesCalls, Sending};
use crate::error::Error;
use crate::transport::Seat;

pub use crate::answer::blocking::{Iter, iter, wait};

/// A blocking client in the middle of a call: what a builder that can send holds.
#[derive(Clone, Debug)]
pub struct Caller(client::Caller);

impl MakesCalls for Caller {
    fn with_options(self, options: CallOptions) -> Self {
        self.with_options(options)
    }
}

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
    /// See [`Error`](crate::Error). In an asynchronous function, whose thread it would block, nothing is sent
    /// ([`is_configuration`](crate::CallError::is_configuration)).
    pub fn send<O>(self, input: O) -> Result<O::Output, O::Error>
    where
        O: Operation<Output: 'static, Error: 'static> + 'static,
    {
        self.wait_for::<O, _>(None, |caller| caller.send(input))
    }

    /// Signs the request of a call in its URL, for others to send.
    ///
    /// # Errors
    ///
    /// See [`Error`](crate::Error). In an asynchronous function, whose thread it would block, nothing is signed
    /// ([`is_configuration`](crate::CallError::is_configuration)).
    pub fn presign<O>(
        self,
        input: O,
        payload: PresignedPayload,
        valid_for: Duration,
    ) -> Result<PresignedRequest, O::Error>
    where
        O: Operation<Error: 'static> + 'static,
    {
        self.wait_for::<O, _>(None, |caller| caller.presign(input, payload, valid_for))
    }

    /// Waits for work of the client that is not a call, such as for a bearer token.
    ///
    /// # Errors
    ///
    /// Those of the work. In an asynchronous function, whose thread it would block, nothing is done
    /// ([`is_configuration`](crate::CallError::is_configuration)).
    #[doc(hidden)]
    pub fn wait<T, E: From<Error>>(self, work: Sending<T, E>) -> Result<T, E> {
        try_wait(self.seat(None), work)?
    }

    /// Waits for the end of a call of an operation, which may use another client on the way.
    pub(super) fn wait_for<O: Operation, T>(
        self,
        other: Option<&CoreClient>,
        call: impl FnOnce(client::Caller) -> Sending<T, O::Error>,
    ) -> Result<T, O::Error> {
        let seat = self.seat(other);
        try_wait(seat, call(self.0)).map_err(|error| error.in_operation(operation::info::<O>()))?
    }

    fn seat(&self, other: Option<&CoreClient>) -> io::Result<Seat> {
        let is_custom = CoreClient::has_custom_transport;
        match is_custom(&self.0.client) || other.is_some_and(is_custom) {
            true => Seat::common(),
            false => Seat::free(),
        }
    }
}
