//! A system that tests make up.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::future::ready;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use http::{HeaderMap, StatusCode};
use zeroize::Zeroizing;

use super::context::{LoadContext, SourceConfig};
use super::system::{Answer, Exchange, NoAnswer, NoAnswerKind, Output, Pending, SecretBytes, System};
use crate::error::BoxError;

type Peer = dyn Fn(&Exchange) -> Result<Answer, NoAnswer> + Send + Sync;
type Hook = dyn Fn() + Send + Sync;
type Shell = dyn Fn(&str) -> io::Result<Output> + Send + Sync;

/// A system that tests make up. Clones share what changes.
#[derive(Clone)]
pub(crate) struct Fake {
    variables: BTreeMap<String, OsString>,
    home: Option<PathBuf>,
    is_windows: bool,
    peer: Arc<Peer>,
    shell: Arc<Shell>,
    on_sleep: Arc<Hook>,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    now: Duration,
    files: BTreeMap<PathBuf, Vec<u8>>,
    requests: Vec<String>,
    slept: Vec<Duration>,
    reads: Vec<PathBuf>,
}

impl Fake {
    /// No variables, no files, no peer that answers, and the year 1970.
    pub(crate) fn new() -> Self {
        Self {
            variables: BTreeMap::new(),
            home: None,
            is_windows: false,
            peer: Arc::new(|_| Err(no_answer(NoAnswerKind::ConnectTimeout))),
            shell: Arc::new(|_| Err(io::ErrorKind::NotFound.into())),
            on_sleep: Arc::new(|| ()),
            state: Arc::default(),
        }
    }

    /// The usual home folder with these files in `.aws`.
    pub(crate) fn with_profiles(config: &str, credentials: &str) -> Self {
        Self::new()
            .variable("HOME", "/home/a")
            .file("/home/a/.aws/config", config)
            .file("/home/a/.aws/credentials", credentials)
    }

    pub(crate) fn variable(mut self, name: &str, value: impl Into<OsString>) -> Self {
        self.variables.insert(name.to_owned(), value.into());
        self
    }

    pub(crate) fn home(mut self, path: &str) -> Self {
        self.home = Some(path.into());
        self
    }

    pub(crate) fn file(self, path: &str, content: impl Into<Vec<u8>>) -> Self {
        self.state().files.insert(path.into(), content.into());
        self
    }

    pub(crate) fn now(self, seconds: u64) -> Self {
        self.set_now(seconds);
        self
    }

    pub(crate) fn set_now(&self, seconds: u64) {
        self.state().now = Duration::from_secs(seconds);
    }

    /// Who answers requests.
    pub(crate) fn peer(mut self, peer: impl Fn(&Exchange) -> Result<Answer, NoAnswer> + Send + Sync + 'static) -> Self {
        self.peer = Arc::new(peer);
        self
    }

    /// Answers all requests in this order, and then none.
    pub(crate) fn answers(self, answers: Vec<Result<Answer, NoAnswer>>) -> Self {
        let answers = Mutex::new(answers.into_iter());
        self.peer(move |_| {
            let next = answers.lock().expect("no panic").next();
            next.unwrap_or_else(|| Err(no_answer(NoAnswerKind::Impossible)))
        })
    }

    pub(crate) fn shell(mut self, shell: impl Fn(&str) -> io::Result<Output> + Send + Sync + 'static) -> Self {
        self.shell = Arc::new(shell);
        self
    }

    /// What others do meanwhile.
    pub(crate) fn on_sleep(mut self, hook: impl Fn() + Send + Sync + 'static) -> Self {
        self.on_sleep = Arc::new(hook);
        self
    }

    pub(crate) fn context(&self) -> LoadContext {
        LoadContext::new(self.config())
    }

    pub(crate) fn config(&self) -> SourceConfig {
        SourceConfig::on(Arc::new(self.clone()))
    }

    /// All requests: `METHOD URL`, and the body behind a blank where there is one.
    pub(crate) fn requests(&self) -> Vec<String> {
        self.state().requests.clone()
    }

    pub(crate) fn slept(&self) -> Vec<Duration> {
        self.state().slept.clone()
    }

    /// The files that were read or missed.
    pub(crate) fn reads(&self) -> Vec<PathBuf> {
        self.state().reads.clone()
    }

    pub(crate) fn content(&self, path: &str) -> Option<String> {
        let content = self.state().files.get(Path::new(path)).cloned()?;
        Some(String::from_utf8(content).expect("text"))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("no panic")
    }
}

/// A whole answer.
pub(super) fn answer(status: u16, body: &str) -> Result<Answer, NoAnswer> {
    Ok(Answer {
        status: StatusCode::from_u16(status).expect("a status"),
        headers: HeaderMap::new(),
        body: Zeroizing::new(body.as_bytes().to_vec()),
    })
}

pub(super) fn no_answer(kind: NoAnswerKind) -> NoAnswer {
    NoAnswer {
        kind,
        source: BoxError::from("nobody is there"),
    }
}

impl System for Fake {
    fn variable(&self, name: &str) -> Option<OsString> {
        self.variables.get(name).cloned()
    }

    fn home(&self) -> Option<PathBuf> {
        self.home.clone()
    }

    fn is_windows(&self) -> bool {
        self.is_windows
    }

    fn now(&self) -> SystemTime {
        UNIX_EPOCH + self.state().now
    }

    fn random(&self, bytes: &mut [u8]) -> io::Result<()> {
        bytes.fill(0);
        Ok(())
    }

    fn sleep(&self, pause: Duration) -> Pending<'_, ()> {
        self.state().slept.push(pause);
        (self.on_sleep)();
        Box::pin(ready(()))
    }

    fn read(&self, path: &Path, max: usize) -> io::Result<SecretBytes> {
        let mut state = self.state();
        state.reads.push(path.to_owned());
        let content = state.files.get(path).ok_or(io::ErrorKind::NotFound)?;
        match content.len() {
            length if length > max => Err(io::ErrorKind::FileTooLarge.into()),
            _ => Ok(Zeroizing::new(content.clone())),
        }
    }

    fn replace(&self, path: &Path, content: &[u8]) -> io::Result<()> {
        self.state().files.insert(path.to_owned(), content.to_vec());
        Ok(())
    }

    fn run<'a>(&'a self, command: &'a str, _: Duration) -> Pending<'a, io::Result<Output>> {
        Box::pin(ready((self.shell)(command)))
    }

    fn exchange(&self, exchange: Exchange) -> Pending<'_, Result<Answer, NoAnswer>> {
        let request = &exchange.request;
        let body = String::from_utf8_lossy(request.body());
        let line = format!("{} {} {body}", request.method(), request.uri());
        self.state().requests.push(line.trim_end().to_owned());
        Box::pin(ready((self.peer)(&exchange)))
    }
}
