//! Credentials, kept until shortly before they expire.

use std::sync::{PoisonError, RwLock};
use std::time::{Duration, SystemTime};

use aws_credential_types::Credentials;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider};
use tokio::sync::Mutex;

/// Credentials are renewed when less than this is left of them.
const RENEW_BEFORE: Duration = Duration::from_secs(5 * 60);

/// A provider and the credentials that it gave last.
#[derive(Debug)]
pub(crate) struct CredentialsCache {
    provider: SharedCredentialsProvider,
    current: RwLock<Option<Credentials>>,
    // Held while the provider is asked, so that many calls at once ask it once.
    renewal: Mutex<()>,
}

impl CredentialsCache {
    pub(crate) fn new(provider: SharedCredentialsProvider) -> Self {
        Self {
            provider,
            current: RwLock::new(None),
            renewal: Mutex::new(()),
        }
    }

    /// Credentials that are valid at this time.
    pub(crate) async fn get(&self, now: SystemTime) -> Result<Credentials, CredentialsError> {
        if let Some(current) = self.current(now + RENEW_BEFORE) {
            return Ok(current);
        }
        let _renewal = self.renewal.lock().await;
        // Another call may have renewed them while this one waited.
        if let Some(current) = self.current(now + RENEW_BEFORE) {
            return Ok(current);
        }
        match self.provider.provide_credentials().await {
            Ok(credentials) => {
                let mut current = self.current.write().unwrap_or_else(PoisonError::into_inner);
                Ok(current.insert(credentials).clone())
            }
            // What is left of the old ones will do, and the next call tries again.
            Err(error) => self.current(now).ok_or(error),
        }
    }

    /// The kept credentials, if they are valid at this time.
    fn current(&self, at: SystemTime) -> Option<Credentials> {
        let current = self.current.read().unwrap_or_else(PoisonError::into_inner);
        let valid = |credentials: &&Credentials| credentials.expiry().is_none_or(|expiry| expiry > at);
        current.as_ref().filter(valid).cloned()
    }
}
