//! Credentials that many calls share, renewed before they expire.

use std::borrow::Cow;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError, RwLock, RwLockReadGuard};
use std::time::{Duration, SystemTime};

use tokio::runtime::Id;
use tokio::sync::watch;
use tokio::time::{Instant, timeout};

use super::context::{LoadContext, SourceConfig};
use super::error::CredentialsError;
use super::source::{AnySource, CredentialsSource, Loading};
use crate::auth::clock::Times;
use crate::auth::credentials::{Credentials, Source};
use crate::transport::Home;

/// Credentials are renewed when less than this is left of them.
pub(crate) const RENEW_BEFORE: Duration = Duration::from_secs(5 * 60);

/// While credentials are valid, their source is not asked for newer ones more often than this.
const PAUSE: Duration = Duration::from_secs(30);

/// How long expired credentials are used during an outage before the source is asked again, at most.
const OUTAGE_PAUSE: Duration = Duration::from_secs(10 * 60);

/// How long a source may take. One that never answers must not hold up all calls for ever. People may have to find a code.
const LIMIT: Duration = Duration::from_secs(120);

/// How long calls wait for the task that asks the source. A source that blocks its thread keeps that from ending in
/// time; any other has ended by then.
const WAIT_LIMIT: Duration = Duration::from_secs(121);

/// A source together with the credentials that it found last.
///
/// Clones share both, so several clients can use one. The source is asked if there are no credentials, or if they expire
/// within five minutes: once, however many calls wait. Calls use the old credentials while they are valid. After a failure,
/// the next call asks again.
///
/// If several tokio runtimes share it, each asks the source itself when there are no credentials: a request makes progress
/// only while its own runtime runs.
#[derive(Clone)]
pub struct SharedCredentials(Arc<Shared>);

/// What calls share with the task that asks the source.
struct Shared {
    source: Arc<dyn AnySource>,
    last: RwLock<Renewal>,
    tasks: Mutex<Tasks>,
}

/// The tasks that ask the source: one at most for each runtime.
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

/// The state after the source was asked.
#[derive(Clone, Default)]
struct Renewal {
    /// Counts how often the source was asked.
    number: u64,
    credentials: Option<Credentials>,
    /// Until when they are used even if they have expired, because the source cannot be reached.
    during_outage: Option<SystemTime>,
    /// Why there are no new ones, if there are none.
    failure: Option<CredentialsError>,
}

impl Renewal {
    /// The credentials, if they are still valid then.
    fn valid_at(&self, time: SystemTime) -> Option<&Credentials> {
        self.credentials
            .as_ref()
            .filter(|credentials| credentials.is_valid_at(time) || self.during_outage.is_some_and(|end| end > time))
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

impl SharedCredentials {
    /// Creates shared credentials that this source finds when they are needed.
    pub fn new(source: impl CredentialsSource) -> Self {
        Self::of(Arc::new(source))
    }

    pub(crate) fn of(source: Arc<dyn AnySource>) -> Self {
        Self(Arc::new(Shared {
            source,
            last: RwLock::default(),
            tasks: Mutex::default(),
        }))
    }

    /// Returns credentials that are valid now.
    ///
    /// # Errors
    ///
    /// If the source has none, with the reason.
    pub async fn get(&self, config: &SourceConfig) -> Result<Credentials, CredentialsError> {
        let now = config.now();
        let times = Times {
            earlier: now,
            later: now,
        };
        self.get_at(times, config).await
    }

    /// The same by the clock of a client.
    pub(crate) async fn get_at(&self, now: Times, config: &SourceConfig) -> Result<Credentials, CredentialsError> {
        let before = {
            let last = self.0.last();
            if let Some(credentials) = last.valid_at(now.later + RENEW_BEFORE) {
                return Ok(credentials.clone());
            }
            last.clone()
        };
        self.get_renewed(before, now, config).await
    }

    /// The same where they have to be renewed. Boxed, so that calls which find valid ones do not have room for it.
    fn get_renewed<'a>(&'a self, before: Renewal, now: Times, config: &'a SourceConfig) -> Loading<'a> {
        Box::pin(async move {
            if let Some(credentials) = before.valid_at(now.later) {
                // They are renewed in time, and nobody waits for it.
                self.renew_after(before.number, &Need::Soon, config);
                return Ok(credentials.clone());
            }
            if let Some(mut end) = self.renew_after(before.number, &Need::Now, config) {
                // Nothing is sent: what ends the wait is that the task has gone.
                if timeout(WAIT_LIMIT, end.changed()).await.is_err() {
                    return Err(late());
                }
            }
            // Calls that waited share what the source said, even if that was no.
            let last = self.0.last();
            match (last.valid_at(now.earlier), &last.failure) {
                (Some(credentials), _) => Ok(credentials.clone()),
                (None, Some(failure)) => Err(failure.clone()),
                (None, None) if last.number == before.number => Err(CredentialsError::failed(
                    "the credentials source stopped without an answer",
                )),
                (None, None) => Err(expired()),
            }
        })
    }

    /// Drops these credentials if they are still the current ones, because a service has reported them as expired. The next
    /// attempt asks the source.
    pub fn refused(&self, refused: &Credentials) {
        let mut last = self.0.last.write().unwrap_or_else(PoisonError::into_inner);
        let is_same = |kept: &Credentials| {
            kept.access_key_id() == refused.access_key_id() && kept.session_token() == refused.session_token()
        };
        if last.credentials.as_ref().is_some_and(is_same) {
            last.credentials = None;
            last.during_outage = None;
        }
    }

    /// The task of this runtime that asks the source: the one at work, or else a new one. `None` if the source has been
    /// asked since it was the time of this number, or need not be asked yet.
    ///
    /// It is a task of its own, so that a call that is dropped or has no more time does not take the answer with it.
    fn renew_after(&self, number: u64, need: &Need, config: &SourceConfig) -> Option<watch::Receiver<()>> {
        let mut tasks = self.0.tasks.lock().unwrap_or_else(PoisonError::into_inner);
        if self.0.last().number != number {
            return None;
        }
        let home = Home::common();
        let runtime = home.handle().id();
        if let Some(end) = tasks.of(runtime) {
            return Some(end);
        }
        if *need == Need::Soon && tasks.has_just_started_one() {
            return None;
        }
        let (at_work, end) = watch::channel(());
        let shared = Arc::clone(&self.0);
        let context = LoadContext::new(config.clone());
        home.spawn(async move {
            shared.renew(&context).await;
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

/// Other sources can be built on it, such as a role. They get what is kept.
impl CredentialsSource for SharedCredentials {
    async fn load(&self, context: &LoadContext) -> Result<Credentials, CredentialsError> {
        self.get(context.config()).await
    }

    fn name(&self) -> Cow<'static, str> {
        self.0.source.label()
    }

    fn into_source(self) -> Source {
        Source::Shared(self)
    }
}

impl fmt::Debug for SharedCredentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("SharedCredentials")
            .field(&self.0.source.label())
            .finish()
    }
}

impl Shared {
    async fn renew(&self, context: &LoadContext) {
        let loaded = ask(&*self.source, context).await;
        let mut last = self.last.write().unwrap_or_else(PoisonError::into_inner);
        last.number += 1;
        match loaded {
            Ok(credentials) => {
                // A runtime that has been idle may bring an old answer.
                let end = credentials.expiry();
                let lasts_longer =
                    |old: &Credentials| end.is_some_and(|end| old.expiry().is_none_or(|old_end| old_end > end));
                if !last.credentials.as_ref().is_some_and(lasts_longer) {
                    last.credentials = Some(credentials);
                }
                last.during_outage = None;
                last.failure = None;
            }
            Err(failure) => {
                if failure.is_outage() && last.credentials.is_some() {
                    tracing::warn!("cannot renew credentials, so the old ones stay in use: {failure}");
                    last.during_outage = Some(after_outage(context.now()));
                }
                last.failure = Some(failure);
            }
        }
    }

    fn last(&self) -> RwLockReadGuard<'_, Renewal> {
        self.last.read().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Asks a source for credentials that can sign.
pub(crate) async fn ask(source: &dyn AnySource, context: &LoadContext) -> Result<Credentials, CredentialsError> {
    let loaded = timeout(LIMIT, source.load_boxed(context)).await;
    let credentials = loaded.unwrap_or_else(|_| Err(late()))?;
    match credentials.flaw() {
        None => Ok(credentials),
        Some(flaw) => Err(CredentialsError::failed(flaw.to_string()).with_source(flaw)),
    }
}

pub(crate) fn expired() -> CredentialsError {
    CredentialsError::failed("the credentials source returned credentials that have already expired")
}

/// How long credentials are used that cannot be renewed. Renewal begins some minutes before that: five to ten from now.
pub(crate) fn after_outage(now: SystemTime) -> SystemTime {
    now + RENEW_BEFORE + OUTAGE_PAUSE.mul_f64(0.5 + fastrand::f64() / 2.0)
}

fn late() -> CredentialsError {
    CredentialsError::failed(format!("the credentials source timed out after {LIMIT:?}"))
}

#[cfg(all(test, feature = "credential-chain"))]
mod tests;
