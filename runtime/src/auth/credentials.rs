//! What requests are signed with.

use std::error::Error as _;
use std::fmt;
use std::sync::Arc;
use std::time::SystemTime;

use zeroize::Zeroizing;

use super::clock::Times;
use super::{AnySource, CredentialsError, LoadContext, Loading, SharedCredentials, SourceConfig, ask, expired};
use crate::error::{Error, Flaw, Kind, Origin, Part};
use crate::words::hidden::Hidden;
use crate::words::metrics::Stopwatch;

/// An access key and its secret, which sign requests.
///
/// Temporary credentials also have a session token.
///
/// They do not change. [`CredentialsSource`](crate::CredentialsSource) lists what finds and renews them.
///
/// Clones share their memory, which is overwritten when the last of them is dropped. `Debug` shows neither the secret nor
/// the token.
#[derive(Clone)]
pub struct Credentials(Arc<Keys>);

#[derive(Clone)]
struct Keys {
    access_key_id: Zeroizing<String>,
    secret_access_key: Zeroizing<String>,
    session_token: Option<Zeroizing<String>>,
    expires_after: Option<SystemTime>,
    account_id: Option<String>,
    origin: Origin,
    /// Why they cannot sign.
    flaw: Option<Flaw>,
    found: Stopwatch,
}

impl Credentials {
    /// Creates credentials.
    ///
    /// Without `expires_after` they never expire. With expired credentials, calls fail without sending anything
    /// ([`Error::is_credentials`](crate::Error::is_credentials)). `Debug` and errors show the name of the provider.
    ///
    /// White space around the three texts is removed, such as the line break at the end of a file. An empty token counts as
    /// none. Invalid credentials are rejected when a client is built with them, or before a request is sent: an empty ID or
    /// secret, control characters, and in ID and token anything but visible ASCII.
    pub fn new(
        access_key_id: impl Into<String>,
        secret_access_key: impl Into<String>,
        session_token: Option<String>,
        expires_after: Option<SystemTime>,
        provider_name: &'static str,
    ) -> Self {
        let (id, secret) = (access_key_id.into(), secret_access_key.into());
        Self::of(
            Origin::Provider(provider_name),
            id,
            secret,
            session_token,
            expires_after,
        )
    }

    /// Those in the variables of the environment.
    pub(crate) fn from_variables(id: String, secret: String, token: Option<String>) -> Self {
        Self::of(Origin::Variables, id, secret, token, None)
    }

    /// Creates credentials that are a bearer token, for operations that take one instead of a signature.
    ///
    /// Such a token comes from a login or from the console of the service. Without `expires_after` it never expires. White
    /// space around it is removed. An empty token, or one with anything but visible ASCII, is rejected when a client is
    /// built with it, or before a request is sent. Other operations need an access key: [`Credentials::new`].
    #[cfg(feature = "bearer-auth")]
    pub fn from_bearer_token(
        token: impl Into<String>,
        expires_after: Option<SystemTime>,
        provider_name: &'static str,
    ) -> Self {
        let token = trimmed(token.into());
        let origin = Origin::Provider(provider_name);
        let part = Part::SessionToken;
        let flaw = part.problem_of(&token).map(|problem| Flaw { part, problem, origin });
        Self(Arc::new(Keys {
            access_key_id: Zeroizing::default(),
            secret_access_key: Zeroizing::default(),
            session_token: Some(token),
            expires_after,
            account_id: None,
            origin,
            flaw,
            found: Stopwatch::start(),
        }))
    }

    fn of(origin: Origin, id: String, secret: String, token: Option<String>, expiry: Option<SystemTime>) -> Self {
        let mut keys = Keys {
            access_key_id: trimmed(id),
            secret_access_key: trimmed(secret),
            session_token: token.map(trimmed).filter(|token| !token.is_empty()),
            expires_after: expiry,
            account_id: None,
            origin,
            flaw: None,
            found: Stopwatch::start(),
        };
        keys.flaw = keys.find_flaw();
        Self(Arc::new(keys))
    }

    /// Sets the ID of the account that they belong to.
    pub fn with_account_id(self, account_id: impl Into<String>) -> Self {
        Self(Arc::new(Keys {
            account_id: Some(account_id.into()),
            ..Arc::unwrap_or_clone(self.0)
        }))
    }

    /// The bearer token that they are, if they are one. An access key without an ID is flawed and never gets here.
    #[cfg(feature = "bearer-auth")]
    pub(crate) fn bearer_token(&self) -> Option<&str> {
        self.session_token().filter(|_| self.access_key_id().is_empty())
    }

    /// Returns the ID of the access key, which every signed request contains.
    pub fn access_key_id(&self) -> &str {
        &self.0.access_key_id
    }

    /// Returns the secret access key.
    pub fn secret_access_key(&self) -> &str {
        &self.0.secret_access_key
    }

    /// Returns the session token of temporary credentials.
    pub fn session_token(&self) -> Option<&str> {
        self.0.session_token.as_ref().map(|token| token.as_str())
    }

    /// Returns the ID of the account that they belong to, if their source supplies it. Requests do not depend on it.
    pub fn account_id(&self) -> Option<&str> {
        self.0.account_id.as_deref()
    }

    /// Returns when they expire; `None` if they never do.
    pub fn expiry(&self) -> Option<SystemTime> {
        self.0.expires_after
    }

    /// The time since they were found.
    pub(crate) fn found(&self) -> Stopwatch {
        self.0.found
    }

    #[cfg(feature = "sdk-config")]
    pub(crate) fn provider_name(&self) -> &'static str {
        self.0.origin.name()
    }

    /// Why they cannot sign, if they cannot.
    pub(crate) fn flaw(&self) -> Option<Flaw> {
        self.0.flaw
    }

    pub(crate) fn is_valid_at(&self, time: SystemTime) -> bool {
        self.expiry().is_none_or(|expiry| expiry > time)
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials")
            .field("provider_name", &self.0.origin.name())
            .field("access_key_id", &self.access_key_id())
            .field("secret_access_key", &Hidden)
            .field("session_token", &self.session_token().map(|_| Hidden))
            .field("account_id", &self.account_id())
            .field("expires_after", &self.expiry())
            .finish()
    }
}

/// A text without white space around it, in the memory that it has.
fn trimmed(text: String) -> Zeroizing<String> {
    let mut text = Zeroizing::new(text);
    let end = text.trim_end().len();
    text.truncate(end);
    let start = text.len() - text.trim_start().len();
    text.drain(..start);
    text
}

impl Keys {
    fn find_flaw(&self) -> Option<Flaw> {
        let id = (Part::AccessKeyId, &self.access_key_id);
        let secret = (Part::SecretAccessKey, &self.secret_access_key);
        let token = self.session_token.as_ref().map(|token| (Part::SessionToken, token));
        [Some(id), Some(secret), token]
            .into_iter()
            .flatten()
            .find_map(|(part, text)| {
                Some(Flaw {
                    part,
                    problem: part.problem_of(text)?,
                    origin: self.origin,
                })
            })
    }
}

/// Where credentials come from.
#[doc(hidden)]
#[derive(Clone)]
pub enum Source {
    /// They are here.
    Static(Credentials),
    /// A source that is asked each time.
    Plain(Arc<dyn AnySource>),
    /// A source that is asked when what it found last is about to expire.
    Shared(SharedCredentials),
}

impl Source {
    /// The source for many calls, which keeps what it finds.
    pub(crate) fn cached(self) -> Self {
        match self {
            Self::Plain(source) => Self::Shared(SharedCredentials::of(source)),
            Self::Static(_) | Self::Shared(_) => self,
        }
    }

    /// Why these credentials cannot sign, as far as that is known without asking for them.
    pub(crate) fn flaw(&self) -> Option<Flaw> {
        match self {
            Self::Static(credentials) => credentials.flaw(),
            Self::Plain(_) | Self::Shared(_) => None,
        }
    }

    /// Credentials that are valid now, and can sign. The clock is read only if they may expire.
    pub(crate) async fn get(
        &self,
        now: &(dyn Fn() -> Times + Sync),
        config: &SourceConfig,
    ) -> Result<Credentials, Error> {
        let found = match self {
            Self::Static(credentials) => {
                let is_valid = || credentials.expiry().is_none_or(|expiry| expiry > now().earlier);
                return match credentials.flaw() {
                    Some(flaw) => Err(Error::new(Kind::BadCredentials(flaw))),
                    None if is_valid() => Ok(credentials.clone()),
                    None => Err(Error::new(Kind::ExpiredCredentials)),
                };
            }
            Self::Plain(source) => get_plain(&**source, now(), config).await,
            Self::Shared(shared) => shared.get_at(now(), config).await,
        };
        found.map_err(|error| not_found(&error))
    }

    /// Forgets credentials that a service has refused as expired. Returns whether there may be others.
    pub(crate) fn refuse(&self, credentials: &Credentials) -> bool {
        match self {
            Self::Static(_) => false,
            Self::Plain(_) => true,
            Self::Shared(shared) => {
                shared.refused(credentials);
                true
            }
        }
    }
}

/// Asks a source that keeps nothing. Boxed, so that other calls do not have room for it.
fn get_plain<'a>(source: &'a dyn AnySource, now: Times, config: &'a SourceConfig) -> Loading<'a> {
    Box::pin(async move {
        let credentials = ask(source, &LoadContext::new(config.clone())).await?;
        match credentials.is_valid_at(now.earlier) {
            true => Ok(credentials),
            false => Err(expired()),
        }
    })
}

/// The error of calls that get no credentials. The report of the source is its text, and the cause of that its cause.
fn not_found(error: &CredentialsError) -> Error {
    if let Some(flaw) = error.source().and_then(|cause| cause.downcast_ref()) {
        return Error::new(Kind::BadCredentials(*flaw));
    }
    let failed = Error::new(Kind::Credentials {
        none_found: error.is_not_configured(),
        report: error.to_string(),
    });
    match error.cause() {
        Some(cause) => failed.with_source(Arc::clone(cause)),
        None => failed,
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, UNIX_EPOCH};

    use super::*;
    use crate::auth::CredentialsSource;

    fn temporary(expiry: Option<SystemTime>) -> Credentials {
        Credentials::new("AKID", "SECRET", Some("TOKEN".to_owned()), expiry, "test")
    }

    #[test]
    fn debug_hides_secrets() {
        let shown = format!("{:?}", temporary(None));
        assert!(shown.contains("AKID") && shown.contains("test"), "{shown}");
        assert!(!shown.contains("SECRET") && !shown.contains("TOKEN"), "{shown}");
    }

    #[tokio::test]
    async fn static_credentials_end_with_their_expiry() {
        let expiry = UNIX_EPOCH + Duration::from_secs(1_000_000_000);
        let (before, after) = (expiry - Duration::from_nanos(1), expiry + Duration::from_secs(1));
        let source = temporary(Some(expiry)).into_source().cached();
        for later in [before, expiry, after] {
            let times = Times { earlier: before, later };
            let credentials = source
                .get(&|| times, &SourceConfig::new())
                .await
                .expect("they are valid by one clock");
            assert_eq!(credentials.session_token(), Some("TOKEN"));
        }
        for earlier in [expiry, after] {
            let times = Times { earlier, later: after };
            let error = source
                .get(&|| times, &SourceConfig::new())
                .await
                .expect_err("they have expired by both clocks");
            assert!(error.is_credentials(), "{error}");
        }
        let source = temporary(None).into_source().cached();
        let times = Times {
            earlier: expiry,
            later: after,
        };
        source
            .get(&|| times, &SourceConfig::new())
            .await
            .expect("they never expire");
    }
}
