//! The fake of a service.

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use bytes::Bytes;
use http::Request;

use super::operation::{FakeOperation, FakeOperationInfo, FakeService};
use super::rule::Rule;
use super::state::State;
use super::transport::FakeTransport;
#[cfg(feature = "bearer-auth")]
use crate::answer::operation::Auth;
use crate::auth::credentials::Credentials;
use crate::call::retry::Retries;
use crate::client::config::ClientBuilder;

/// A fake of a service, which needs no network, port or credentials.
///
/// [`on`](Self::on) adds a rule, which answers the calls of an operation. [`client`](Self::client) makes clients of the
/// fake. They are the real ones: they write and sign requests, parse responses and retry errors. Pauses between attempts
/// take a millisecond at most.
///
/// A call without a matching rule fails with an error that shows the input and the rules
/// ([`is_configuration`](crate::CallError::is_configuration)).
///
/// # Panics
///
/// Dropping it panics if there was such a call, or if answers are unused that [`Rule`] expects to be given;
/// [`allow_unused`](Self::allow_unused) allows the latter. It does not panic during another panic.
pub struct Fake<C> {
    pub(super) state: Arc<State>,
    client: PhantomData<fn() -> C>,
}

impl<C: FakeService> Fake<C> {
    /// A fake without rules.
    pub fn new() -> Self {
        Self {
            state: Arc::new(State::new(C::OPERATIONS)),
            client: PhantomData,
        }
    }

    /// A client of the fake.
    ///
    /// # Panics
    ///
    /// If the environment names a proxy or certificates that cannot be used.
    pub fn client(&self) -> C {
        match self.builder().build() {
            Ok(client) => client,
            Err(error) => panic!("{error}"),
        }
    }

    /// Configures a client of the fake, with timeouts and retries of its own for example.
    pub fn builder(&self) -> ClientBuilder<C> {
        settings()
            .credentials(credentials(C::OPERATIONS))
            .transport(FakeTransport(Arc::clone(&self.state)))
    }

    /// Adds a rule for the calls of the operation with this input. It has no answer yet.
    pub fn on<O: FakeOperation<Error = C::Error>>(&self) -> Rule<'_, O> {
        Rule::new(&self.state)
    }

    /// Returns the inputs of all calls of an operation so far, read back from the requests. Each attempt counts.
    pub fn calls<O: FakeOperation<Error = C::Error>>(&self) -> Vec<O> {
        let inner = self.state.lock();
        let calls = inner.calls.iter().filter(|call| call.operation == Some(O::NAME));
        calls.filter_map(|call| O::read(&call.request).ok()).collect()
    }

    /// Returns all requests so far in the order of their arrival, with their signatures.
    pub fn requests(&self) -> Vec<Request<Bytes>> {
        let inner = self.state.lock();
        let requests = inner.calls.iter().map(|call| &call.request);
        let requests = requests.map(|request| Request::from_parts(request.parts.clone(), request.body.clone()));
        requests.collect()
    }

    /// Allows answers of all rules to stay unused.
    pub fn allow_unused(&self) {
        self.state.lock().allows_unused = true;
    }

    /// Checks what dropping the fake checks.
    ///
    /// # Panics
    ///
    /// If there was a call without a matching rule, or an unused answer.
    #[track_caller]
    pub fn verify(&self) {
        let problem = self.state.lock().problem();
        if let Some(problem) = problem {
            panic!("{problem}");
        }
    }
}

impl<C: FakeService> Default for Fake<C> {
    fn default() -> Self {
        Self::new()
    }
}

impl<C> Drop for Fake<C> {
    fn drop(&mut self) {
        let problem = self.state.lock().problem();
        match problem {
            Some(problem) if !thread::panicking() => panic!("{problem}"),
            _ => {}
        }
    }
}

impl<C> fmt::Debug for Fake<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = self.state.lock();
        write!(f, "Fake({} rules, {} calls)", inner.rules.len(), inner.calls.len())
    }
}

/// What clients of fakes have in common.
pub(super) fn settings<C>() -> ClientBuilder<C> {
    ClientBuilder::new()
        .region("us-east-1")
        .retries(Retries::new().max_backoff(Duration::from_millis(1)))
}

/// The credentials of clients of fakes.
pub(super) fn credentials(operations: &[FakeOperationInfo]) -> Credentials {
    #[cfg(feature = "bearer-auth")]
    if operations.iter().all(|operation| operation.auth == Auth::Bearer) {
        return Credentials::from_bearer_token("fake", None, "fake");
    }
    let _ = operations;
    Credentials::new("AKIDFAKE", "fake", None, None, "fake")
}
