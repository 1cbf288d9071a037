//! Credentials of providers, kept until shortly before they expire.

use std::error::Error as StdError;
use std::sync::{Arc, Mutex, PoisonError, RwLock, RwLockReadGuard};
use std::time::{Duration, SystemTime};

use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider};
use tokio::runtime::{Handle, Id};
use tokio::sync::watch;
use tokio::time::{Instant, timeout};

use super::{Credentials, CredentialsSource, Source};
use crate::auth::clock::Times;
use crate::error::BoxError;
use crate::error::{Error, Kind};

/// Credentials are renewed when less than this is left of them.
const RENEW_BEFORE: Duration = Duration::from_secs(5 * 60);

/// While credentials are valid, the provider is not asked for newer ones more often than this.
const PAUSE: Duration = Duration::from_secs(30);

/// How long the provider may take. One that never answers must not hold up all calls for ever.
const LIMIT: Duration = Duration::from_secs(60);

/// How long calls wait for the task that asks the provider. A provider that blocks its thread keeps that from ending in
/// time; any other has ended by then.
const LIMIT_OF_WAIT: Duration = Duration::from_secs(61);

/// A provider, asked each time or when it is time.
#[derive(Clone)]
pub enum Provider {
    /// Each time.
    Plain(SharedCredentialsProvider),
    /// When what it gave last is about to expire.
    Cached(Arc<CredentialsCache>),
}

impl Provider {
    pub(super) fn cached(self) -> Self {
        match self {
            Self::Plain(provider) => Self::Cached(Arc::new(CredentialsCache::new(provider))),
            Self::Cached(cache) => Self::Cached(cache),
        }
    }

    /// Credentials that are valid now.
    pub(super) async fn get(&self, now: Times) -> Result<Credentials, Error> {
        match self {
            Self::Plain(provider) => match ask(provider).await {
                Ok(credentials) if credentials.is_valid_at(now.earlier) => Ok(credentials),
                Ok(_) => Err(failed(expired())),
                Err(error) => Err(failed(error)),
            },
            Self::Cached(cache) => cache.get(now).await.map_err(failed),
        }
    }
}

impl<P: ProvideCredentials + 'static> CredentialsSource for P {
    fn into_source(self) -> Source {
        Source::Provider(Provider::Plain(SharedCredentialsProvider::new(self)))
    }
}

/// A provider and what it gave last.
pub struct CredentialsCache {
    shared: Arc<Shared>,
}

/// What calls share with the task that asks the provider.
struct Shared {
    provider: SharedCredentialsProvider,
    last: RwLock<Renewal>,
    tasks: Mutex<Tasks>,
}

/// The tasks that ask the provider: one at most for each runtime.
///
/// A task works only while its runtime does, so calls do not wait for that of another: nobody may be in its `block_on`.
#[derive(Default)]
struct Tasks {
    at_work: Vec<Task>,
    last_start: Option<Instant>,
}

struct Task {
    runtime: Id,
    /// Closed when the task has ended, in whatever manner.
    end: watch::Receiver<()>,
}

impl Tasks {
    fn of(&mut self, runtime: Id) -> Option<watch::Receiver<()>> {
        self.at_work.retain(|task| task.end.has_changed().is_ok());
        let task = self.at_work.iter().find(|task| task.runtime == runtime);
        task.map(|task| task.end.clone())
    }

    fn has_just_started_one(&self) -> bool {
        self.last_start.is_some_and(|start| start.elapsed() < PAUSE)
    }
}

/// The state after the provider was asked.
#[derive(Clone, Default)]
struct Renewal {
    /// Counts how often the provider was asked.
    number: u64,
    credentials: Option<Credentials>,
    /// Why it had no new ones, if it had none.
    failure: Option<Arc<CredentialsError>>,
}

impl Renewal {
    /// The credentials, if they are still valid then.
    fn valid_at(&self, time: SystemTime) -> Option<Credentials> {
        self.with_left(Duration::ZERO, time)
    }

    /// The credentials, if they last for longer than this from a time on.
    fn with_left(&self, enough: Duration, time: SystemTime) -> Option<Credentials> {
        let credentials = self.credentials.as_ref();
        credentials
            .filter(|credentials| credentials.has_left(enough, time))
            .cloned()
    }
}

/// What a provider gives, if it does so in time and one can sign with it.
async fn ask(provider: &SharedCredentialsProvider) -> Result<Credentials, CredentialsError> {
    let answer = timeout(LIMIT, provider.provide_credentials()).await;
    let answer = answer.unwrap_or_else(|_| Err(CredentialsError::provider_timed_out(LIMIT)));
    let credentials = answer.map(Credentials::from)?;
    match credentials.flaw() {
        None => Ok(credentials),
        Some(flaw) => Err(CredentialsError::invalid_configuration(flaw)),
    }
}

/// The error of calls that get no credentials.
fn failed(error: impl Into<BoxError>) -> Error {
    let error = error.into();
    match error.source().and_then(|cause| cause.downcast_ref()) {
        Some(flaw) => Error::new(Kind::BadCredentials(*flaw)),
        None => {
            let none_found = found_none(&*error);
            Error::new(Kind::Credentials { none_found }).with_source(error)
        }
    }
}

fn expired() -> CredentialsError {
    CredentialsError::invalid_configuration("the provider gave credentials that have expired")
}

/// Whether an error says that a provider looked for credentials and found none.
fn found_none(error: &(dyn StdError + 'static)) -> bool {
    let shared = error.downcast_ref::<Arc<CredentialsError>>().map(|error| &**error);
    let error = error.downcast_ref().or(shared);
    matches!(error, Some(CredentialsError::CredentialsNotLoaded(_)))
}

/// What they have beside keys and expiry, such as the id of an account, is of no use here.
impl From<aws_credential_types::Credentials> for Credentials {
    fn from(theirs: aws_credential_types::Credentials) -> Self {
        Self::new(
            theirs.access_key_id(),
            theirs.secret_access_key(),
            theirs.session_token().map(str::to_owned),
            theirs.expiry(),
            "aws-credential-types",
        )
    }
}

impl From<Credentials> for aws_credential_types::Credentials {
    fn from(ours: Credentials) -> Self {
        Self::new(
            ours.access_key_id(),
            ours.secret_access_key(),
            ours.session_token().map(str::to_owned),
            ours.expiry(),
            ours.0.origin.name(),
        )
    }
}

impl CredentialsCache {
    fn new(provider: SharedCredentialsProvider) -> Self {
        Self {
            shared: Arc::new(Shared {
                provider,
                last: RwLock::default(),
                tasks: Mutex::default(),
            }),
        }
    }

    /// Credentials that are valid now.
    async fn get(&self, now: Times) -> Result<Credentials, Arc<CredentialsError>> {
        if let Some(credentials) = self.shared.last().with_left(RENEW_BEFORE, now.later) {
            return Ok(credentials);
        }
        let before = self.shared.last().clone();
        if let Some(credentials) = before.valid_at(now.later) {
            // They are renewed in time, and nobody waits for it.
            self.renew_after(before.number, Need::Soon);
            return Ok(credentials);
        }
        let has_ended = match self.renew_after(before.number, Need::Now) {
            // Nothing is sent: what ends the wait is that the task has gone.
            Some(mut end) => timeout(LIMIT_OF_WAIT, end.changed()).await.is_ok(),
            None => true,
        };
        // Calls that waited share what the provider said, even if that was no.
        let last = self.shared.last();
        match (last.valid_at(now.earlier), &last.failure) {
            (Some(credentials), _) => Ok(credentials),
            (None, _) if !has_ended => Err(Arc::new(CredentialsError::provider_timed_out(LIMIT_OF_WAIT))),
            (None, Some(failure)) => Err(failure.clone()),
            (None, None) => Err(Arc::new(match last.number == before.number {
                true => CredentialsError::invalid_configuration("the provider stopped without an answer"),
                false => expired(),
            })),
        }
    }

    /// The task of this runtime that asks the provider: the one at work, or else a new one. `None` if the provider has been
    /// asked since it was the time of this number, or need not be asked yet.
    ///
    /// It is a task of its own, so that a call that is dropped or has no more time does not take the answer with it.
    fn renew_after(&self, number: u64, need: Need) -> Option<watch::Receiver<()>> {
        let mut tasks = self.shared.tasks.lock().unwrap_or_else(PoisonError::into_inner);
        if self.shared.last().number != number {
            return None;
        }
        let runtime = Handle::current().id();
        if let Some(end) = tasks.of(runtime) {
            return Some(end);
        }
        if need == Need::Soon && tasks.has_just_started_one() {
            return None;
        }
        let (at_work, end) = watch::channel(());
        let shared = Arc::clone(&self.shared);
        tokio::spawn(async move {
            shared.renew().await;
            drop(at_work);
        });
        tasks.last_start = Some(Instant::now());
        tasks.at_work.push(Task {
            runtime,
            end: end.clone(),
        });
        Some(end)
    }
}

/// When new credentials are needed.
#[derive(PartialEq)]
enum Need {
    /// Before those at hand expire.
    Soon,
    /// There are none.
    Now,
}

impl Shared {
    async fn renew(&self) {
        let result = ask(&self.provider).await;
        let mut last = self.last.write().unwrap_or_else(PoisonError::into_inner);
        last.number += 1;
        match result {
            Ok(credentials) => {
                // A runtime that has been at rest may bring an old answer.
                let end = credentials.expiry();
                if end.is_none_or(|end| last.valid_at(end).is_none()) {
                    last.credentials = Some(credentials);
                }
                last.failure = None;
            }
            Err(failure) => last.failure = Some(Arc::new(failure)),
        }
    }

    fn last(&self) -> RwLockReadGuard<'_, Renewal> {
        self.last.read().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::time::UNIX_EPOCH;

    use super::*;

    #[test]
    fn a_provider_that_found_nothing_is_told_from_one_that_failed() {
        let nothing = failed(Arc::new(CredentialsError::not_loaded("nothing in the chain")));
        assert!(
            matches!(nothing.kind(), Kind::Credentials { none_found: true }),
            "{nothing:?}"
        );
        let failure = failed(CredentialsError::provider_error("the token has expired"));
        assert!(
            matches!(failure.kind(), Kind::Credentials { none_found: false }),
            "{failure:?}"
        );
    }

    #[test]
    fn they_become_those_of_the_official_sdk_and_back() {
        let expiry = Some(UNIX_EPOCH + Duration::from_secs(1_000_000_000));
        let theirs = aws_credential_types::Credentials::from(Credentials::new(
            "AKID",
            "SECRET",
            Some("TOKEN".to_owned()),
            expiry,
            "test",
        ));
        let same = |id: &str, secret: &str, token: Option<&str>, end: Option<SystemTime>| {
            assert_eq!((id, secret, token, end), ("AKID", "SECRET", Some("TOKEN"), expiry));
        };
        same(
            theirs.access_key_id(),
            theirs.secret_access_key(),
            theirs.session_token(),
            theirs.expiry(),
        );
        let ours = Credentials::from(theirs);
        same(
            ours.access_key_id(),
            ours.secret_access_key(),
            ours.session_token(),
            ours.expiry(),
        );
    }
}
