//! Waiting for a result that a service writes to Amazon S3.

use std::fmt;
use std::future::IntoFuture;
use std::marker::PhantomData;
use std::time::Duration;

use http::StatusCode;
use tokio::time::{Instant, sleep, timeout_at};

use super::store::{ObjectStore, Objects, Place};
use crate::answer::byte_stream::ByteStream;
use crate::answer::operation::{self, Operation};
use crate::answer::response_body::ResponseBody;
use crate::client::Sending;
use crate::error::{Error, Kind};
use crate::words::one_line::OneLine;
use crate::words::s3_uri::S3Uri;
use crate::words::service::OperationInfo;

/// The pause after the first round. It doubles up to [`LONGEST`].
const SHORTEST: Duration = Duration::from_secs(1);

const LONGEST: Duration = Duration::from_secs(15);

/// How much time is left to the last round before the deadline.
const LAST_ROUND: Duration = Duration::from_secs(2);

/// How long to wait by default.
const DEFAULT_LIMIT: Duration = Duration::from_secs(60 * 60);

/// A deadline that is never reached.
const NEVER: Duration = Duration::from_secs(60 * 60 * 24 * 365 * 30);

/// How much of a failure object is read, in bytes.
const MAX_FAILURE: usize = 64 * 1024;

/// A result that a service will write to Amazon S3. Await it.
///
/// It polls the object of the result and, if there is one, that of the failure, with pauses that grow from 1 s to 15 s. A
/// status of 404 means that the object is not there yet. So does 403, which is what S3 returns for a missing object if the
/// caller may not list the bucket; the error at the deadline says so, with the message of S3. A bucket in another region is polled there.
///
/// It yields
///
/// - the result, as a stream of bytes that is read as it arrives;
/// - an error whose [message](Error::message) is the text of the failure object, as soon as that exists;
/// - a timeout that names both objects, after [`timeout`](Self::timeout);
/// - any other error of S3, after the retries of its client. Waiting again is safe: polling changes nothing.
///
/// Any process can wait for a result, with [`PendingResult::new`] and the two addresses.
///
/// It needs the feature `objects` of the runtime, which is `async-result` in clients.
#[must_use = "a result is fetched when it is awaited"]
pub struct PendingResult<E = Error> {
    store: Objects,
    operation: Option<OperationInfo>,
    output: Result<S3Uri, Kind>,
    failure: Result<Option<S3Uri>, Kind>,
    limit: Duration,
    error: PhantomData<fn() -> E>,
}

impl<E: From<Error> + 'static> PendingResult<E> {
    /// Waits for the result at this address.
    pub fn new(store: &impl ObjectStore, output: S3Uri) -> Self {
        Self {
            store: Objects::of(store),
            operation: None,
            output: Ok(output),
            failure: Ok(None),
            limit: DEFAULT_LIMIT,
            error: PhantomData,
        }
    }

    /// Waits for the result of a call, at the addresses that its output names.
    #[doc(hidden)]
    pub fn of<O: Operation>(
        store: &impl ObjectStore,
        (output_member, output): (&'static str, Option<&str>),
        (failure_member, failure): (&'static str, Option<&str>),
    ) -> Self {
        let missing = Kind::Location {
            member: output_member,
            problem: "is missing in the response".to_owned(),
        };
        Self {
            store: Objects::of(store),
            operation: Some(operation::info::<O>()),
            output: output.map_or(Err(missing), |uri| parse(output_member, uri)),
            failure: failure.map(|uri| parse(failure_member, uri)).transpose(),
            limit: DEFAULT_LIMIT,
            error: PhantomData,
        }
    }

    /// The address of the object that the service writes instead of a result if it fails. Default: none is polled.
    pub fn failure(mut self, failure: S3Uri) -> Self {
        self.failure = Ok(Some(failure));
        self
    }

    /// How long to wait. Default: 1 hour.
    pub fn timeout(mut self, limit: Duration) -> Self {
        self.limit = limit;
        self
    }
}

/// The address in a member of an output.
fn parse(member: &'static str, uri: &str) -> Result<S3Uri, Kind> {
    uri.parse().map_err(|error| Kind::Location {
        member,
        problem: format!("cannot be used: {error}"),
    })
}

impl<E: From<Error> + Send + 'static> IntoFuture for PendingResult<E> {
    type Output = Result<ByteStream<E>, E>;
    type IntoFuture = Sending<ByteStream<E>, E>;

    fn into_future(self) -> Self::IntoFuture {
        let operation = self.operation;
        let wait = wait(Wait::new(self), operation);
        Sending::new(async { Ok(wait.await?.into()) })
    }
}

impl<E> fmt::Debug for PendingResult<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PendingResult")
            .field("output", &self.output)
            .field("failure", &self.failure)
            .field("timeout", &self.limit)
            .finish_non_exhaustive()
    }
}

/// Boxed, so that this crate alone compiles it.
fn wait(wait: Result<Wait, Kind>, operation: Option<OperationInfo>) -> Sending<ResponseBody> {
    Sending::new(async move {
        let result = match wait {
            Ok(wait) => wait.run().await,
            Err(kind) => Err(Error::new(kind)),
        };
        result.map_err(|error| match operation {
            // An error of S3 names its own operation.
            Some(operation) if error.operation().is_none() => error.in_operation(operation),
            _ => error,
        })
    })
}

/// A wait on its way.
struct Wait {
    output: Asked,
    failure: Option<Asked>,
    limit: Duration,
    rounds: u32,
}

/// An object, and why it could not be read last.
struct Asked {
    place: Place,
    answer: Option<Error>,
}

impl Wait {
    fn new<E>(result: PendingResult<E>) -> Result<Self, Kind> {
        let store = result.store;
        let asked = |uri| Asked {
            place: Place::new(uri, store.clone()),
            answer: None,
        };
        Ok(Self {
            output: asked(result.output?),
            failure: result.failure?.map(asked),
            limit: result.limit,
            rounds: 0,
        })
    }

    async fn run(mut self) -> Result<ResponseBody, Error> {
        let deadline = Instant::now() + self.limit.min(NEVER);
        let mut pause = SHORTEST;
        loop {
            self.rounds += 1;
            match timeout_at(deadline, self.ask()).await {
                Ok(Ok(Some(result))) => return Ok(result),
                Ok(Ok(None)) => {}
                Ok(Err(error)) => return Err(error),
                Err(_) => return Err(self.too_late()),
            }
            // The last round comes early enough to be answered.
            let left = deadline.saturating_duration_since(Instant::now());
            let next = pause.min(left.saturating_sub(LAST_ROUND.min(pause)));
            if next.is_zero() {
                return Err(self.too_late());
            }
            sleep(next).await;
            pause = (pause * 2).min(LONGEST);
        }
    }

    /// Asks for both objects: the result, nothing yet, or the failure.
    async fn ask(&mut self) -> Result<Option<ResponseBody>, Error> {
        if let Some(result) = self.output.ask().await? {
            return Ok(Some(result));
        }
        let Some(failure) = &mut self.failure else {
            return Ok(None);
        };
        match failure.ask().await? {
            None => Ok(None),
            Some(text) => Err(Error::new(Kind::Failure {
                text: beginning(text).await?,
                uri: failure.place.uri.clone(),
            })),
        }
    }

    fn too_late(self) -> Error {
        let asked = [Some(&self.output), self.failure.as_ref()];
        let asked: Vec<&Asked> = asked.into_iter().flatten().collect();
        Error::new(Kind::NoResult {
            limit: self.limit,
            rounds: self.rounds,
            places: asked
                .iter()
                .map(|asked| asked.to_string())
                .collect::<Vec<_>>()
                .join(", "),
            is_forbidden: asked.iter().any(|asked| asked.forbidden().is_some()),
        })
    }
}

impl Asked {
    /// Asks for the object, in another region if the service names one.
    async fn ask(&mut self) -> Result<Option<ResponseBody>, Error> {
        loop {
            match self.place.get().await {
                Ok(content) => return Ok(Some(content)),
                Err(error) if self.place.follow(&error) => {}
                Err(error) if is_not_yet(&error) => {
                    self.answer = Some(error);
                    return Ok(None);
                }
                Err(error) => return Err(error),
            }
        }
    }

    /// The last answer, if it says that the object may not be read.
    fn forbidden(&self) -> Option<&Error> {
        let answer = self.answer.as_ref();
        answer.filter(|error| error.status() == Some(StatusCode::FORBIDDEN))
    }
}

/// Whether the object may still appear: it is missing, or S3 hides that from a caller who may not list the bucket.
fn is_not_yet(error: &Error) -> bool {
    match error.status() {
        Some(StatusCode::NOT_FOUND) => error.code() != Some("NoSuchBucket"),
        Some(StatusCode::FORBIDDEN) => matches!(error.code(), Some("AccessDenied" | "403")),
        _ => false,
    }
}

impl fmt::Display for Asked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ", self.place.uri)?;
        match (self.forbidden(), &self.answer) {
            (Some(error), _) => {
                f.write_str("does not exist, or may not be read (403")?;
                match error.message() {
                    Some(message) if !message.is_empty() => write!(f, ": {})", OneLine(message)),
                    _ => f.write_str(")"),
                }
            }
            (None, Some(_)) => f.write_str("does not exist"),
            (None, None) => f.write_str("has not been answered for"),
        }
    }
}

/// The beginning of a text, as much of it as an error may hold.
async fn beginning(mut body: ResponseBody) -> Result<String, Error> {
    let mut text = Vec::new();
    while text.len() < MAX_FAILURE
        && let Some(chunk) = body.chunk().await?
    {
        text.extend_from_slice(&chunk[..chunk.len().min(MAX_FAILURE - text.len())]);
    }
    Ok(String::from_utf8_lossy(&text).into_owned())
}
