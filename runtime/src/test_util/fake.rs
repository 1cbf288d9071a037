//! A service that is not there.

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

/// A service that answers as a test wants, without a network, a port or credentials.
///
/// [`on`](Self::on) makes rules: what calls of an operation are answered. [`client`](Self::client) makes clients of the
/// fake. They are the real ones: requests are written and signed, responses parsed, errors retried. Pauses between attempts
/// take a millisecond at most.
///
/// A call that no rule is for fails with an error that shows the input and the rules
/// ([`is_configuration`](crate::CallError::is_configuration)).
///
/// # Panics
///
/// When it is dropped and there was such a call, or answers were not given that should have been; [`Rule`] says which.
/// [`allow_unused`](Self::allow_unused) allows the latter. It does not panic while the test does already.
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
    /// When the environment names a proxy or certificates that cannot be used.
    pub fn client(&self) -> C {
        match self.builder().build() {
            Ok(client) => client,
            Err(error) => panic!("{error}"),
        }
    }

    /// A client of the fake with other settings: timeouts, retries and all that the builder has.
    pub fn builder(&self) -> ClientBuilder<C> {
        settings()
            .credentials(credentials(C::OPERATIONS))
            .transport(FakeTransport(Arc::clone(&self.state)))
    }

    /// Makes a rule for the calls of an operation, which its input names. It has no answer yet.
    pub fn on<O: FakeOperation<Error = C::Error>>(&self) -> Rule<'_, O> {
        Rule::new(&self.state)
    }

    /// The inputs of all calls of an operation so far, read back from the requests. Each attempt counts.
    pub fn calls<O: FakeOperation<Error = C::Error>>(&self) -> Vec<O> {
        let inner = self.state.lock();
        let calls = inner.calls.iter().filter(|call| call.operation == Some(O::NAME));
        calls.filter_map(|call| O::read(&call.request).ok()).collect()
    }

    /// All requests so far, in the order in which they came, with their signatures.
    pub fn requests(&self) -> Vec<Request<Bytes>> {
        let inner = self.state.lock();
        let requests = inner.calls.iter().map(|call| &call.request);
        let requests = requests.map(|request| Request::from_parts(request.parts.clone(), request.body.clone()));
        requests.collect()
    }

    /// Answers that are never given are no error, whatever the rule.
    pub fn allow_unused(&self) {
        self.state.lock().allows_unused = true;
    }

    /// Checks what dropping the fake checks.
    ///
    /// # Panics
    ///
    /// When there was a call that no rule is for, or answers were not given that should have been.
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
