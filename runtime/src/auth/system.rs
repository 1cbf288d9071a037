//! The one way to everything outside: variables, files, the clock, processes and the network.
//!
//! Sources of credentials take it as a value, so that tests can replay whole chains. [`Local`] is the machine that the
//! program runs on.

mod file;
mod http;
mod process;

use std::ffi::OsString;
use std::fmt;
use std::io;
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use ::http::{HeaderMap, Request, StatusCode};
use ring::error::Unspecified;
use ring::rand::{SecureRandom, SystemRandom};
use zeroize::Zeroizing;

use crate::error::BoxError;

/// Bytes that may be secret. They are overwritten when they are dropped.
pub type SecretBytes = Zeroizing<Vec<u8>>;

/// A boxed future, for traits that are used as objects.
pub type Pending<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// The system that sources of credentials look at.
///
/// Programs need none but the default, the machine that they run on. Tests implement it to replay recorded cases.
pub trait System: Send + Sync + 'static {
    /// The value of an environment variable.
    fn variable(&self, name: &str) -> Option<OsString>;

    /// The user's home folder, as the operating system knows it: for when no variable says where it is.
    fn home(&self) -> Option<PathBuf>;

    /// Whether paths and variables follow the conventions of Windows.
    fn is_windows(&self) -> bool {
        cfg!(windows)
    }

    /// The time.
    fn now(&self) -> SystemTime;

    /// Fills a buffer with random bytes.
    ///
    /// # Errors
    ///
    /// When the operating system has none.
    fn random(&self, bytes: &mut [u8]) -> io::Result<()>;

    /// Waits.
    fn sleep(&self, pause: Duration) -> Pending<'_, ()>;

    /// Reads a file of at most so many bytes. It blocks the thread.
    ///
    /// # Errors
    ///
    /// When the file cannot be read or is larger.
    fn read(&self, path: &Path, max: usize) -> io::Result<SecretBytes>;

    /// Replaces a file atomically: readers see the old or the new content, and only its owner may read it.
    /// It blocks the thread.
    ///
    /// # Errors
    ///
    /// When the file cannot be written. The old one stays as it was.
    fn replace(&self, path: &Path, content: &[u8]) -> io::Result<()>;

    /// Runs a command of the shell to its end.
    ///
    /// # Errors
    ///
    /// When it cannot be started, does not end within the limit ([`io::ErrorKind::TimedOut`]), or prints too much
    /// ([`io::ErrorKind::FileTooLarge`]).
    fn run<'a>(&'a self, command: &'a str, limit: Duration) -> Pending<'a, io::Result<Output>>;

    /// Sends a request and reads the whole answer. Redirects are not followed.
    ///
    /// # Errors
    ///
    /// When there is no whole answer.
    fn exchange(&self, exchange: Exchange) -> Pending<'_, Result<Answer, NoAnswer>>;
}

/// What a command did.
pub struct Output {
    /// Its exit code; `None` where a signal ended it.
    pub code: Option<i32>,
    /// What it printed: a secret.
    pub stdout: SecretBytes,
    /// The end of what it complained about.
    pub stderr: Vec<u8>,
}

/// A request and how it is to be sent.
pub struct Exchange {
    /// The request. Its URL is absolute.
    pub request: Request<SecretBytes>,
    /// How to get to the host.
    pub route: Route,
    /// The certificates to trust instead of the platform's, in PEM.
    pub ca_bundle: Option<Arc<[u8]>>,
    /// How long connecting may take.
    pub connect_limit: Duration,
    /// How long everything may take, connecting included.
    pub limit: Duration,
}

/// How a request gets to its host.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Route {
    /// Through the proxy that the environment names, if it names one.
    Usual,
    /// Never through a proxy.
    Direct,
    /// Never through a proxy, and only to addresses on this machine and those of AWS's container agents. All addresses
    /// of the host are checked, and the connection goes to one that was.
    ContainerAgent,
}

/// Whether an address is on this machine or that of a container agent of AWS: ECS, or EKS Pod Identity.
pub fn is_container_agent(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(v4) => v4.is_loopback() || matches!(v4.octets(), [169, 254, 170, 2 | 23]),
        IpAddr::V6(v6) => v6.is_loopback() || v6.segments() == [0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x23],
    }
}

/// A whole response.
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: SecretBytes,
}

/// Why there is no whole answer.
#[derive(Debug)]
pub struct NoAnswer {
    /// What happened.
    pub kind: NoAnswerKind,
    /// The cause.
    pub source: BoxError,
}

/// How far a request came that has no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoAnswerKind {
    /// There was no connection.
    Connect,
    /// There was no connection in time.
    ConnectTimeout,
    /// The answer did not come in time.
    Timeout,
    /// The connection broke, or the answer is not HTTP.
    Broken,
    /// The answer is too long.
    TooLong,
    /// The route does not allow an address of the host.
    Forbidden,
    /// The request cannot be sent as it is, or the client has no TLS.
    Impossible,
}

impl NoAnswerKind {
    /// Whether another attempt may have an answer.
    pub fn may_pass(self) -> bool {
        matches!(
            self,
            Self::Connect | Self::ConnectTimeout | Self::Timeout | Self::Broken
        )
    }
}

impl fmt::Display for NoAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            NoAnswerKind::Connect => write!(f, "no connection: {}", last_cause(&self.source)),
            NoAnswerKind::ConnectTimeout => f.write_str("no connection in time"),
            NoAnswerKind::Timeout => f.write_str("no answer in time"),
            NoAnswerKind::Broken => write!(f, "the answer broke off: {}", last_cause(&self.source)),
            NoAnswerKind::TooLong | NoAnswerKind::Forbidden | NoAnswerKind::Impossible => self.source.fmt(f),
        }
    }
}

impl std::error::Error for NoAnswer {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&*self.source)
    }
}

/// The innermost cause, which says most.
fn last_cause(error: &BoxError) -> &(dyn std::error::Error + 'static) {
    let mut cause: &(dyn std::error::Error + 'static) = &**error;
    while let Some(next) = cause.source() {
        cause = next;
    }
    cause
}

/// The value of a variable, unless it is empty or blank. What is not Unicode is replaced, so that it is seen to be wrong
/// instead of being ignored.
pub(crate) fn variable(system: &dyn System, name: &str) -> Option<String> {
    let value = system.variable(name)?;
    let value = value.to_string_lossy();
    let value = value.trim();
    (!value.is_empty()).then(|| value.to_owned())
}

pub(crate) fn no_random_bytes(_: Unspecified) -> io::Error {
    io::Error::other("the operating system has no random bytes")
}

/// The machine that the program runs on.
#[derive(Clone, Copy, Debug, Default)]
pub struct Local;

impl System for Local {
    fn variable(&self, name: &str) -> Option<OsString> {
        std::env::var_os(name)
    }

    fn home(&self) -> Option<PathBuf> {
        std::env::home_dir()
    }

    fn now(&self) -> SystemTime {
        SystemTime::now()
    }

    fn random(&self, bytes: &mut [u8]) -> io::Result<()> {
        let filled = SystemRandom::new().fill(bytes);
        filled.map_err(no_random_bytes)
    }

    fn sleep(&self, pause: Duration) -> Pending<'_, ()> {
        Box::pin(tokio::time::sleep(pause))
    }

    fn read(&self, path: &Path, max: usize) -> io::Result<SecretBytes> {
        file::read(path, max)
    }

    fn replace(&self, path: &Path, content: &[u8]) -> io::Result<()> {
        file::replace(path, content)
    }

    fn run<'a>(&'a self, command: &'a str, limit: Duration) -> Pending<'a, io::Result<Output>> {
        Box::pin(process::run(command, limit))
    }

    fn exchange(&self, exchange: Exchange) -> Pending<'_, Result<Answer, NoAnswer>> {
        Box::pin(http::exchange(exchange))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_container_agents() {
        for address in [
            "127.0.0.1",
            "127.9.9.9",
            "::1",
            "::ffff:127.0.0.1",
            "169.254.170.2",
            "169.254.170.23",
            "fd00:ec2::23",
        ] {
            assert!(is_container_agent(address.parse().unwrap()), "{address}");
        }
        for address in [
            "169.254.169.254",
            "169.254.170.3",
            "10.0.0.1",
            "192.168.0.1",
            "0.0.0.0",
            "fd00:ec2::254",
            "::ffff:10.0.0.1",
            "8.8.8.8",
        ] {
            assert!(!is_container_agent(address.parse().unwrap()), "{address}");
        }
    }

    #[test]
    fn random_bytes_differ() {
        let mut bytes = [[0; 16]; 2];
        bytes
            .iter_mut()
            .for_each(|bytes| Local.random(bytes).expect("random bytes"));
        assert_ne!(bytes[0], bytes[1]);
    }
}
