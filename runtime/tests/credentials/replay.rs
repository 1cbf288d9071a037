//! A system that is made of a case.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::future::ready;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use lean_aws_runtime::credentials::SourceConfig;
use lean_aws_runtime::support::system::{Answer, Exchange, Local, NoAnswer, NoAnswerKind, Output, Pending, System};
use serde_json::Value;
use zeroize::Zeroizing;

/// Variables, files, the time and a peer that answers.
#[derive(Clone, Default)]
pub(crate) struct Replay(Arc<Inner>);

#[derive(Default)]
struct Inner {
    variables: BTreeMap<String, String>,
    home: Option<PathBuf>,
    is_windows: bool,
    now: Duration,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    files: BTreeMap<PathBuf, Vec<u8>>,
    answers: Vec<Result<Reply, String>>,
    sent: Vec<Sent>,
}

/// An answer that is replayed.
#[derive(Clone)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

/// A request that was sent.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Sent {
    pub(crate) method: String,
    pub(crate) url: String,
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: String,
}

impl Sent {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(String::as_str)
    }
}

impl Replay {
    /// A system with these variables, which are an object of JSON.
    pub(crate) fn new(variables: &Value) -> Self {
        let variables = variables.as_object().into_iter().flatten();
        let variables = variables.map(|(name, value)| (name.clone(), value.as_str().unwrap_or_default().to_owned()));
        Self(Arc::new(Inner {
            variables: variables.collect(),
            ..Inner::default()
        }))
    }

    fn set(&mut self) -> &mut Inner {
        Arc::get_mut(&mut self.0).expect("it is not shared yet")
    }

    pub(crate) fn home(mut self, home: Option<&str>, is_windows: bool) -> Self {
        self.set().home = home.map(PathBuf::from);
        self.set().is_windows = is_windows;
        self
    }

    pub(crate) fn now(mut self, seconds: u64) -> Self {
        self.set().now = Duration::from_secs(seconds);
        self
    }

    pub(crate) fn file(self, path: impl Into<PathBuf>, content: &[u8]) -> Self {
        self.state().files.insert(path.into(), content.to_vec());
        self
    }

    pub(crate) fn answers(self, answers: Vec<Result<Reply, String>>) -> Self {
        self.state().answers = answers;
        self
    }

    pub(crate) fn config(&self) -> SourceConfig {
        SourceConfig::on(Arc::new(self.clone()))
    }

    pub(crate) fn sent(&self) -> Vec<Sent> {
        self.state().sent.clone()
    }

    pub(crate) fn content(&self, path: &Path) -> Option<Vec<u8>> {
        self.state().files.get(path).cloned()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().expect("no panic")
    }
}

impl System for Replay {
    fn variable(&self, name: &str) -> Option<OsString> {
        self.0.variables.get(name).map(OsString::from)
    }

    fn home(&self) -> Option<PathBuf> {
        self.0.home.clone()
    }

    fn is_windows(&self) -> bool {
        self.0.is_windows
    }

    fn now(&self) -> SystemTime {
        UNIX_EPOCH + self.0.now
    }

    fn random(&self, bytes: &mut [u8]) -> io::Result<()> {
        Local.random(bytes)
    }

    fn sleep(&self, _: Duration) -> Pending<'_, ()> {
        Box::pin(ready(()))
    }

    fn read(&self, path: &Path, _: usize) -> io::Result<Zeroizing<Vec<u8>>> {
        let content = self.content(path);
        content
            .map(Zeroizing::new)
            .ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    fn replace(&self, path: &Path, content: &[u8]) -> io::Result<()> {
        self.state().files.insert(path.to_owned(), content.to_vec());
        Ok(())
    }

    fn run<'a>(&'a self, command: &'a str, limit: Duration) -> Pending<'a, io::Result<Output>> {
        Local.run(command, limit)
    }

    fn exchange(&self, exchange: Exchange) -> Pending<'_, Result<Answer, NoAnswer>> {
        let (head, body) = exchange.request.into_parts();
        let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
        let sent = Sent {
            method: head.method.to_string(),
            url: head.uri.to_string(),
            headers: head
                .headers
                .iter()
                .map(|(name, value)| (name.to_string(), text(value)))
                .collect(),
            body: String::from_utf8_lossy(&body).into_owned(),
        };
        let mut state = self.state();
        // A request that is retried has the answer that it had, unless another one was recorded.
        let number = state.sent.len();
        let is_same = |last: &Sent| last.method == sent.method && last.url == sent.url;
        let repeated = state.sent.last().is_some_and(is_same);
        let reply = match state.answers.get(number) {
            Some(reply) => Some(reply.clone()),
            None if repeated => state.answers.last().cloned(),
            None => None,
        };
        if number < state.answers.len() || !repeated {
            state.sent.push(sent);
        }
        drop(state);
        Box::pin(ready(match reply {
            Some(Ok(reply)) => Ok(reply.into_answer()),
            Some(Err(problem)) => Err(NoAnswer {
                kind: NoAnswerKind::Broken,
                source: problem.into(),
            }),
            None => Err(NoAnswer {
                kind: NoAnswerKind::Impossible,
                source: "no such request was recorded".into(),
            }),
        }))
    }
}

impl Reply {
    pub(crate) fn ok(body: impl Into<Vec<u8>>) -> Self {
        Self {
            status: 200,
            headers: Vec::new(),
            body: body.into(),
        }
    }

    fn into_answer(self) -> Answer {
        let headers = self.headers.iter().map(|(name, value)| {
            let name: HeaderName = name.parse().expect("a name");
            (name, HeaderValue::from_str(value).expect("a value"))
        });
        Answer {
            status: StatusCode::from_u16(self.status).expect("a status"),
            headers: HeaderMap::from_iter(headers),
            body: Zeroizing::new(self.body),
        }
    }
}
