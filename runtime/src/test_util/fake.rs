//! A service that is not there.

use std::fmt::{self, Write as _};
use std::marker::PhantomData;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderValue, Request};
use tokio::time::sleep;

use super::operation::{FakeOperation, FakeOperationInfo, FakeService};
use super::request::ReceivedRequest;
use super::rule::{Answer, Entry, Reply, Rule};
use super::transport::FakeTransport;
use crate::auth::credentials::Credentials;
use crate::call::retry::Retries;
use crate::client::config::ClientBuilder;
use crate::error::metadata::{REQUEST_ID, request_id};

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
            state: Arc::new(State {
                operations: C::OPERATIONS,
                inner: Mutex::default(),
            }),
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
        ClientBuilder::new()
            .region("us-east-1")
            .credentials(credentials())
            .retries(Retries::new().max_backoff(Duration::from_millis(1)))
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

/// What clients of fakes sign with.
pub(super) fn credentials() -> Credentials {
    Credentials::new("AKIDFAKE", "fake", None, None, "fake")
}

/// What a fake and its clients share.
pub(super) struct State {
    operations: &'static [FakeOperationInfo],
    inner: Mutex<Inner>,
}

#[derive(Default)]
struct Inner {
    rules: Vec<Entry>,
    calls: Vec<Call>,
    /// The calls that there was no answer to, in words.
    unexpected: Vec<String>,
    allows_unused: bool,
}

struct Call {
    /// `None` for what no operation of the service sends.
    operation: Option<&'static str>,
    request: Arc<ReceivedRequest>,
}

impl State {
    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds a rule, and returns its place.
    pub(super) fn add(&self, rule: Entry) -> usize {
        let mut inner = self.lock();
        inner.rules.push(rule);
        inner.rules.len() - 1
    }

    pub(super) fn change<T>(&self, rule: usize, change: impl FnOnce(&mut Entry) -> T) -> T {
        change(&mut self.lock().rules[rule])
    }

    /// Answers a request, or says in a line why there is no answer.
    pub(super) async fn reply(&self, request: ReceivedRequest) -> Result<Reply, String> {
        let (request, number, answer) = self.claim(request)?;
        let made = {
            let mut make = answer.make.lock().unwrap_or_else(PoisonError::into_inner);
            make(&request)
        };
        let mut made = made.inspect_err(|problem| self.lock().unexpected.push(problem.clone()))?;
        if !answer.delay.is_zero() {
            sleep(answer.delay).await;
        }
        if let Reply::Response(response) = &mut made
            && request_id(response.headers()).is_none()
            && let Ok(id) = HeaderValue::try_from(format!("fake-{number}"))
        {
            response.headers_mut().insert(REQUEST_ID, id);
        }
        Ok(made.with(answer.fate))
    }

    /// Keeps a request, and takes the answer that it gets; with how many there are so far.
    fn claim(&self, mut request: ReceivedRequest) -> Result<(Arc<ReceivedRequest>, usize, Answer), String> {
        let method = request.parts.method.as_str();
        let found = self.find(method, request.path(), request.query_text());
        let operation = found.map(|(operation, labels)| {
            request.labels = labels;
            operation
        });
        let request = Arc::new(request);
        let mut inner = self.lock();
        inner.calls.push(Call {
            operation: operation.map(|operation| operation.name),
            request: Arc::clone(&request),
        });
        let number = inner.calls.len();
        let Some(operation) = operation else {
            let url = format!("{} {}", request.parts.method, request.parts.uri);
            let text = format!("no operation of the service has the request {url}");
            inner.unexpected.push(text.clone());
            return Err(text);
        };
        let mut rules = inner.rules.iter_mut();
        let of_operation = |rule: &&mut Entry| rule.operation == operation.name && rule.fits(&request);
        let answer = rules.by_ref().filter(of_operation).find_map(Entry::take);
        answer
            .map(|answer| (Arc::clone(&request), number, answer))
            .ok_or_else(|| {
                let text = inner.unexpected_call(operation, &request);
                inner.unexpected.push(text.clone());
                text
            })
    }

    /// The operation that a request is for, and the labels of its path.
    pub(super) fn find(
        &self,
        method: &str,
        path: &str,
        query: &str,
    ) -> Option<(&'static FakeOperationInfo, Vec<String>)> {
        let operations = self.operations.iter();
        let found = operations.filter_map(|operation| Some((operation, operation.route.labels(method, path, query)?)));
        found.max_by_key(|(operation, _)| operation.route.weight())
    }
}

impl Inner {
    /// Why a call has no answer, in a line.
    fn unexpected_call(&self, operation: &FakeOperationInfo, request: &ReceivedRequest) -> String {
        let mut text = format!("no rule of the fake answers {}", (operation.describe)(request));
        let rules = self.rules.iter().filter(|rule| rule.operation == operation.name);
        let rules: Vec<String> = rules.map(ToString::to_string).collect();
        match rules.is_empty() {
            true => _ = write!(text, "; there are no rules for {}", operation.name),
            false => _ = write!(text, "; its rules are: {}", rules.join(" | ")),
        }
        text
    }

    /// What the test has to be told, if anything.
    fn problem(&self) -> Option<String> {
        let mut text = String::new();
        for problem in &self.unexpected {
            let _ = write!(text, "\n  unexpected: {problem}");
        }
        let unused = self.rules.iter().filter(|rule| rule.is_unused() && !self.allows_unused);
        for rule in unused {
            let _ = write!(text, "\n  not used up: {rule}");
        }
        (!text.is_empty()).then(|| format!("the fake was not called as its rules say:{text}"))
    }
}
