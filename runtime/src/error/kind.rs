//! What can go wrong, and how it is said.

use std::fmt;
use std::time::Duration;

use http::StatusCode;

use super::{Connecting, Distrust, Flaw, ModeledError};
use crate::words::duration::Spelled;
use crate::words::limits::{MAX_HEAD, MAX_HEADER_LINES};
use crate::words::one_line::OneLine;
#[cfg(feature = "objects")]
use crate::words::s3_uri::S3Uri;

/// What went wrong.
#[derive(Debug)]
pub(crate) enum Kind {
    /// The client cannot be used as it is configured.
    Configuration(String),
    /// The client cannot be used as it is configured, and credentials that can sign are among what it lacks.
    NoCredentials(String),
    /// A member of the input has a value that cannot be sent.
    Input { member: &'static str, problem: String },
    /// What is to be signed ahead would be valid for too short or too long a time.
    ValidFor { given: Duration, max: Duration },
    /// The payload could not be read, so it could not be hashed and signed.
    Payload,
    /// The value that is to be the payload cannot be written as JSON.
    #[cfg(feature = "json")]
    NotJson,
    /// The source of credentials has none.
    Credentials {
        /// Whether it has not failed, but found nothing.
        none_found: bool,
        /// What it says of that, in one line.
        report: String,
    },
    /// The credentials cannot sign, whatever they are for.
    BadCredentials(Flaw),
    /// The credentials are no longer valid, and there is no provider of others.
    ExpiredCredentials,
    /// The request could not be signed.
    Signing,
    /// No connection to the host.
    Connect { host: String, phase: Connecting },
    /// No connection to the host in time.
    ConnectTimeout {
        host: String,
        phase: Connecting,
        limit: Duration,
    },
    /// The connection failed after the request was sent or while it was.
    Connection {
        host: String,
        broke: Broke,
        /// How much of the request had left, if it was still being sent.
        sent: Option<Sent>,
    },
    /// A transport of the user's failed, and how far the request came is not known.
    Transport,
    /// Something took too long.
    Timeout {
        what: TimedOut,
        limit: Duration,
        step: Step,
    },
    /// The head of the response has more lines or bytes than are read.
    HeadTooLarge { host: String },
    /// The head of the response has a member that cannot be read.
    Header { name: String, problem: String },
    /// The payload of the response does not have the form that the description or the caller gives it.
    Unreadable(&'static str),
    /// The payload of the response is not the stream of events that it should be.
    #[cfg_attr(
        not(feature = "event-stream"),
        allow(dead_code, reason = "there are no event streams")
    )]
    EventStream(String),
    /// A part of the payload of the response exceeds its limit, in bytes.
    TooLong { what: &'static str, max: usize },
    /// The payload of the response was cut off, or is longer than announced.
    Body { received: u64, expected: Option<u64> },
    /// The payload of the response does not have the checksum that came with it, in this algorithm.
    #[cfg_attr(not(feature = "http-checksum"), allow(dead_code, reason = "nothing is checked"))]
    Checksum(&'static str),
    /// The service answered with an error.
    Service {
        code: String,
        message: String,
        modeled: Option<Box<dyn ModeledError>>,
    },
    /// A page came with the token that it was asked for with.
    #[cfg_attr(not(feature = "paginator"), allow(dead_code, reason = "there are no pages"))]
    RepeatedToken,
    /// The response names no address of a result, or one that is none.
    #[cfg_attr(not(feature = "objects"), allow(dead_code, reason = "there are no results in S3"))]
    Location { member: &'static str, problem: String },
    /// The service has written why there is no result.
    #[cfg(feature = "objects")]
    Failure { text: String, uri: S3Uri },
    /// No result came in time.
    #[cfg_attr(not(feature = "objects"), allow(dead_code, reason = "there are no results in S3"))]
    NoResult {
        limit: Duration,
        rounds: u32,
        /// Each address, and what was said of it last.
        places: String,
        /// Whether permission may be all that is missing.
        is_forbidden: bool,
    },
    /// A waiter ended without what it waits for.
    #[cfg_attr(not(feature = "waiter"), allow(dead_code, reason = "there are no waiters"))]
    Waiter {
        name: &'static str,
        waited: Waited,
        calls: u32,
        /// What the last answer said.
        state: Option<String>,
    },
}

/// How a waiter ended without what it waits for.
#[cfg_attr(not(feature = "waiter"), allow(dead_code, reason = "there are no waiters"))]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Waited {
    /// Until its deadline.
    TooLong(Duration),
    /// It will never come.
    InVain,
}

/// When a connection failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Broke {
    /// Before a byte of the request left, and after it had served another one.
    Unsent,
    /// Before a byte of the answer came, and after it had served another request: the peer may have closed it before it saw
    /// this one.
    Stale,
    /// Before a byte of the answer came.
    Silent,
    /// Before a byte of the answer came, but so long after the whole request had left that the service may have been at
    /// work on it.
    Late,
    /// When the answer had begun, or what began is no answer.
    Answering,
}

/// How much of a request has been sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Sent {
    /// In bytes.
    pub(crate) bytes: u64,
    /// How many there are, if that is known.
    pub(crate) of: Option<u64>,
}

/// Which timeout passed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TimedOut {
    /// Of a silence, once there was a connection.
    Read,
    /// One attempt.
    Attempt,
    /// The call with all its attempts.
    Operation,
}

/// What a call waits for, in the order in which it does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// The payload of the request, which is read to be hashed.
    Payload,
    /// A permit to have one more request in flight.
    Permit,
    /// Credentials to sign with.
    Credentials,
    /// A connection.
    Connecting,
    /// The peer, to take the rest of the request.
    Sending,
    /// The head of the response.
    Head,
    /// The rest of the response.
    Body,
}

impl Step {
    /// Whether nothing of the request has been sent yet.
    pub(crate) fn is_before_request(self) -> bool {
        match self {
            Self::Payload | Self::Permit | Self::Credentials | Self::Connecting => true,
            Self::Sending | Self::Head | Self::Body => false,
        }
    }
}

impl Kind {
    /// Writes what went wrong.
    pub(super) fn describe(&self, status: Option<StatusCode>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Configuration(problem) | Self::NoCredentials(problem) => f.write_str(problem),
            Self::Credentials { report, .. } => f.write_str(report),
            Self::Input { member, problem } => write!(f, "the member `{member}` {problem}"),
            Self::ValidFor { given, max } => {
                let hours = max.as_secs() / 3600;
                let (max, unit) = if hours % 24 == 0 {
                    (hours / 24, "days")
                } else {
                    (hours, "hours")
                };
                write!(
                    f,
                    "`valid_for` is {}; it must be from 1 s to {max} {unit}",
                    Spelled(*given)
                )
            }
            Self::Payload => f.write_str("the payload of the request cannot be read"),
            #[cfg(feature = "json")]
            Self::NotJson => f.write_str("the payload cannot be written as JSON"),
            Self::BadCredentials(flaw) => write!(f, "{flaw}"),
            Self::ExpiredCredentials => f.write_str("the credentials to sign with have expired"),
            Self::Signing => f.write_str("the request cannot be signed"),
            Self::Connect {
                host,
                phase: Connecting::Refused(status),
            } => write!(f, "cannot connect to {host}: the proxy refused a tunnel ({status})"),
            Self::Connect { host, phase } => write!(f, "cannot connect to {host}: {}", failed(*phase)),
            Self::ConnectTimeout { host, phase, limit } => {
                let (limit, phase) = (Spelled(*limit), unfinished(*phase));
                write!(f, "connecting to {host} timed out after {limit} {phase}")
            }
            Self::Connection {
                host,
                broke: Broke::Answering,
                ..
            } => {
                write!(f, "the response of {host} broke off or is not HTTP")
            }
            Self::Connection {
                host,
                broke: Broke::Late,
                ..
            } => {
                write!(
                    f,
                    "the connection to {host} broke without a response while the service may have been at work"
                )
            }
            Self::Connection { host, sent, .. } => {
                write!(f, "the connection to {host} broke before a response arrived")?;
                match sent {
                    Some(sent) => write!(f, ", after {sent} of the request had been sent"),
                    None => Ok(()),
                }
            }
            Self::Transport => f.write_str("the transport failed"),
            Self::Timeout { what, limit, step } => write!(f, "{what} {} {step}", Spelled(*limit)),
            Self::HeadTooLarge { host } => {
                let kibibytes = MAX_HEAD / 1024;
                write!(
                    f,
                    "the response head of {host} is too large: it has more than {MAX_HEADER_LINES} header lines or \
                     {kibibytes} KiB"
                )
            }
            Self::Header { name, problem } => write!(f, "the response header `{name}` {problem}"),
            Self::Unreadable(form) => write!(f, "the payload of the response is not {form}"),
            Self::EventStream(problem) => write!(f, "the event stream cannot be read: {}", OneLine(problem)),
            Self::TooLong { what, max } => write!(f, "a {what} of the response exceeds the limit of {max} bytes"),
            Self::Body {
                received,
                expected: Some(expected),
            } if received >= expected => {
                write!(
                    f,
                    "the payload of the response continues after the announced {expected} bytes"
                )
            }
            Self::Body {
                received,
                expected: Some(expected),
            } => {
                write!(
                    f,
                    "the payload of the response broke off after {received} of {expected} bytes"
                )
            }
            Self::Body {
                received,
                expected: None,
            } => {
                write!(f, "the payload of the response broke off after {received} bytes")
            }
            Self::Checksum(algorithm) => {
                write!(
                    f,
                    "the payload of the response does not have the {algorithm} checksum that came with it"
                )
            }
            Self::Service { code, message, .. } => {
                match status.map(|status| status.as_u16()) {
                    Some(status) if *code == status.to_string() => write!(f, "HTTP {code}")?,
                    Some(status) => write!(f, "{} ({status})", OneLine(code))?,
                    None => write!(f, "{}", OneLine(code))?,
                }
                if message.is_empty() {
                    Ok(())
                } else {
                    write!(f, ": {}", OneLine(message))
                }
            }
            Self::Location { member, problem } => write!(f, "the member `{member}` {problem}"),
            #[cfg(feature = "objects")]
            Self::Failure { text, uri } if text.trim().is_empty() => write!(f, "{uri} reports a failure"),
            #[cfg(feature = "objects")]
            Self::Failure { text, uri } => write!(f, "{uri} reports a failure: {}", OneLine(text)),
            Self::NoResult {
                limit, rounds, places, ..
            } => {
                let end = if *rounds == 1 { "" } else { "s" };
                write!(
                    f,
                    "no result after {} and {rounds} round{end}: {places}",
                    Spelled(*limit)
                )
            }
            Self::RepeatedToken => f.write_str("the service returned the same token for the next page twice"),
            Self::Waiter {
                name,
                waited,
                calls,
                state,
            } => {
                write!(f, "the waiter {name} {waited} {calls} call")?;
                f.write_str(if *calls == 1 { "" } else { "s" })?;
                state.iter().try_for_each(|state| write!(f, ": {}", OneLine(state)))
            }
        }
    }
}

/// `3.1 of 8.0 MB`, or `3.1 MB` where the end is not known.
impl fmt::Display for Sent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (tenth, unit) = match self.of.unwrap_or(self.bytes) {
            1_000_000.. => (100_000, "MB"),
            1000.. => (100, "KB"),
            _ => (0, "bytes"),
        };
        let amount = |f: &mut fmt::Formatter<'_>, bytes: u64| match tenth {
            0 => write!(f, "{bytes} "),
            // Without the tables that numbers with a fraction take.
            _ => write!(f, "{}.{} ", bytes / tenth / 10, bytes / tenth % 10),
        };
        amount(f, self.bytes)?;
        if let Some(all) = self.of {
            f.write_str("of ")?;
            amount(f, all)?;
        }
        f.write_str(unit)
    }
}

impl fmt::Display for Waited {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLong(limit) => write!(f, "timed out after {} and", Spelled(*limit)),
            Self::InVain => f.write_str("failed after"),
        }
    }
}

impl fmt::Display for TimedOut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Read => "read timeout: no data for",
            Self::Attempt => "attempt timed out after",
            Self::Operation => "call timed out after",
        })
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Payload => "while reading the payload of the request",
            Self::Permit => "while waiting for a permit of `max_in_flight`",
            Self::Credentials => "while waiting for credentials",
            Self::Connecting => "while connecting",
            Self::Sending => "while sending the request",
            Self::Head => "while waiting for the response",
            Self::Body => "while reading the response",
        })
    }
}

/// What of making a connection failed.
fn failed(phase: Connecting) -> &'static str {
    match phase {
        Connecting::Resolve => "DNS lookup failed",
        Connecting::Tcp => "TCP connect failed",
        Connecting::WithoutIo => "the tokio runtime has no I/O",
        Connecting::ForeignProxy => "the URL of the proxy does not begin with `http://`",
        Connecting::Proxy => "the proxy cannot be reached",
        Connecting::Tunnel | Connecting::Refused(_) => "the proxy did not open a tunnel",
        Connecting::Tls => "TLS handshake failed",
        Connecting::Certificate(distrust) => match distrust {
            Distrust::UnknownIssuer => "its certificate is signed by an untrusted authority",
            Distrust::OtherHost => "its certificate is for another host",
            Distrust::Expired => "its certificate has expired",
            Distrust::NotYetValid => "its certificate is not valid yet",
            Distrust::Other => "its certificate is not trusted",
        },
    }
}

/// Which part of making a connection took too long.
fn unfinished(phase: Connecting) -> &'static str {
    match phase {
        Connecting::Resolve => "during the DNS lookup",
        Connecting::Tcp | Connecting::WithoutIo => "during the TCP handshake",
        Connecting::Proxy | Connecting::ForeignProxy => "while connecting to the proxy",
        Connecting::Tunnel | Connecting::Refused(_) => "while waiting for the tunnel of the proxy",
        Connecting::Tls | Connecting::Certificate(_) => "during the TLS handshake",
    }
}
