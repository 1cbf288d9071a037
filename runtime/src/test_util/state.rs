//! What a fake and its clients share.

use std::fmt::Write as _;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use http::{HeaderValue, Method};
use tokio::time::sleep;

use super::answers::{Answer, Entry, Reply};
use super::operation::FakeOperationInfo;
use super::request::ReceivedRequest;
use crate::answer::response_body::ResponseBody;
use crate::error::metadata::{REQUEST_ID, request_id};

/// What a fake and its clients share.
pub(super) struct State {
    operations: &'static [FakeOperationInfo],
    inner: Mutex<Inner>,
}

#[derive(Default)]
pub(super) struct Inner {
    pub(super) rules: Vec<Entry>,
    pub(super) calls: Vec<Call>,
    /// The calls that there was no answer to, in words.
    unexpected: Vec<String>,
    pub(super) allows_unused: bool,
}

pub(super) struct Call {
    /// `None` for what no operation of the service sends.
    pub(super) operation: Option<&'static str>,
    pub(super) request: Arc<ReceivedRequest>,
}

impl State {
    pub(super) fn new(operations: &'static [FakeOperationInfo]) -> Self {
        Self {
            operations,
            inner: Mutex::default(),
        }
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, Inner> {
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
        let (request, answer) = self.claim(request)?;
        let made = {
            let mut make = answer.make.lock().unwrap_or_else(PoisonError::into_inner);
            make(&request)
        };
        let mut made = made.inspect_err(|problem| self.lock().unexpected.push(problem.clone()))?;
        if !answer.delay.is_zero() {
            sleep(answer.delay).await;
        }
        if let Reply::Response(response) = &mut made {
            if request_id(response.headers()).is_none()
                && let Ok(id) = HeaderValue::try_from(&request.id)
            {
                response.headers_mut().insert(REQUEST_ID, id);
            }
            if request.parts.method == Method::HEAD {
                *response.body_mut() = ResponseBody::default();
            }
        }
        Ok(made.with(answer.fate))
    }

    /// Keeps a request, and takes the answer that it gets.
    fn claim(&self, mut request: ReceivedRequest) -> Result<(Arc<ReceivedRequest>, Answer), String> {
        let operation = self.find(&request).map(|(operation, labels)| {
            request.labels = labels;
            operation
        });
        let mut inner = self.lock();
        request.id = format!("fake-{}", inner.calls.len() + 1);
        let request = Arc::new(request);
        inner.calls.push(Call {
            operation: operation.map(|operation| operation.name),
            request: Arc::clone(&request),
        });
        let Some(operation) = operation else {
            let url = format!("{} {}", request.parts.method, request.parts.uri);
            let text = format!("no operation of the service has the request {url}");
            inner.unexpected.push(text.clone());
            return Err(text);
        };
        let mut rules = inner.rules.iter_mut();
        let of_operation = |rule: &&mut Entry| rule.operation == operation.name && rule.fits(&request);
        let answer = rules.by_ref().filter(of_operation).find_map(Entry::take);
        answer.map(|answer| (Arc::clone(&request), answer)).ok_or_else(|| {
            let text = inner.unexpected_call(operation, &request);
            inner.unexpected.push(text.clone());
            text
        })
    }

    /// The operation that a request is for, and the labels of its path.
    pub(super) fn find(&self, request: &ReceivedRequest) -> Option<(&'static FakeOperationInfo, Vec<String>)> {
        let operations = self.operations.iter();
        let found = operations.filter_map(|operation| Some((operation, operation.route.labels(request)?)));
        found.max_by_key(|(operation, _)| operation.route.weight(request))
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
    pub(super) fn problem(&self) -> Option<String> {
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
