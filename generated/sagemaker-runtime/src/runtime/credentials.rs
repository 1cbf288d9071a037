//! Credentials, kept until shortly before they expire.

use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard};
use std::time::{Duration, SystemTime};

use aws_credential_types::Credentials;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider};
use tokio::sync::Mutex;
use tokio::time::Instant;

/// Credentials are renewed when less than this is left of them.
const RENEW_BEFORE: Duration = Duration::from_secs(5 * 60);

/// While credentials are valid, the provider is not asked for newer ones more often than this.
const PAUSE: Duration = Duration::from_secs(30);

/// A provider and what it gave last.
#[derive(Debug)]
pub(crate) struct CredentialsCache {
    provider: SharedCredentialsProvider,
    last: RwLock<Renewal>,
    // Held while the provider is asked, so that many calls at once ask it once.
    renewing: Mutex<()>,
}

/// The state after the provider was asked.
#[derive(Clone, Debug, Default)]
struct Renewal {
    /// Counts how often the provider was asked.
    number: u64,
    time: Option<Instant>,
    credentials: Option<Credentials>,
    /// Why it had no new ones, if it had none.
    failure: Option<Arc<CredentialsError>>,
}

impl Renewal {
    /// The credentials, if they are still valid then.
    fn valid_at(&self, time: SystemTime) -> Option<Credentials> {
        let valid = |credentials: &&Credentials| credentials.expiry().is_none_or(|expiry| expiry > time);
        self.credentials.as_ref().filter(valid).cloned()
    }
}

impl CredentialsCache {
    pub(crate) fn new(provider: SharedCredentialsProvider) -> Self {
        Self {
            provider,
            last: RwLock::default(),
            renewing: Mutex::new(()),
        }
    }

    /// Credentials that are valid at this time.
    pub(crate) async fn get(&self, now: SystemTime) -> Result<Credentials, Arc<CredentialsError>> {
        if let Some(credentials) = self.last().valid_at(now + RENEW_BEFORE) {
            return Ok(credentials);
        }
        let before = self.last().clone();
        let usable = before.valid_at(now);
        let just_asked = before.time.is_some_and(|time| time.elapsed() < PAUSE);
        let _renewing = match usable {
            Some(credentials) if just_asked => return Ok(credentials),
            // One call renews them, the others go on with what is left of the old ones.
            Some(credentials) => match self.renewing.try_lock() {
                Ok(renewing) => renewing,
                Err(_) => return Ok(credentials),
            },
            None => self.renewing.lock().await,
        };
        if self.last().number == before.number {
            self.renew().await;
        }
        // Calls that waited share what the provider said, also if that was no.
        let last = self.last();
        match (last.valid_at(now), &last.failure) {
            (Some(credentials), _) => Ok(credentials),
            (None, Some(failure)) => Err(failure.clone()),
            (None, None) => Err(Arc::new(CredentialsError::invalid_configuration(
                "the provider gave credentials that have expired",
            ))),
        }
    }

    async fn renew(&self) {
        let result = self.provider.provide_credentials().await;
        let mut last = self.last.write().unwrap_or_else(PoisonError::into_inner);
        last.number += 1;
        last.time = Some(Instant::now());
        match result {
            Ok(credentials) => {
                last.credentials = Some(credentials);
                last.failure = None;
            }
            Err(failure) => last.failure = Some(Arc::new(failure)),
        }
    }

    fn last(&self) -> RwLockReadGuard<'_, Renewal> {
        self.last.read().unwrap_or_else(PoisonError::into_inner)
    }
}
