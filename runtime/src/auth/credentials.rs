//! What requests are signed with.

#[cfg(feature = "sdk-config")]
pub(crate) mod provider;

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use zeroize::Zeroizing;

use super::clock::Times;
use crate::error::{Error, Flaw, Kind, Origin, Part};
use crate::words::hidden::Hidden;

/// What requests are signed with: an access key and its secret, for temporary ones also a session token.
///
/// They do not change. Those that a provider renews need the feature `sdk-config`: [`CredentialsSource`] tells more.
///
/// Clones share their memory, which is overwritten when the last of them is dropped. `Debug` shows neither the secret nor
/// the token.
#[derive(Clone)]
pub struct Credentials(Arc<Keys>);

struct Keys {
    access_key_id: Zeroizing<String>,
    secret_access_key: Zeroizing<String>,
    session_token: Option<Zeroizing<String>>,
    expires_after: Option<SystemTime>,
    origin: Origin,
    /// Why they cannot sign.
    flaw: Option<Flaw>,
}

impl Credentials {
    /// Credentials that are at hand.
    ///
    /// Without `expires_after` they never expire. When they have, calls fail without sending anything
    /// ([`Error::is_credentials`](crate::Error::is_credentials)). The name tells in `Debug` and in errors where they are
    /// from.
    ///
    /// White space around the three texts is left out: a line break comes with a file that is read whole. A token that is
    /// empty is none. Credentials with anything else that cannot be right are refused when a client is built with them, or
    /// before a request is sent: an empty id or secret, control characters, and in id and token all that is not visible
    /// ASCII.
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

    fn of(origin: Origin, id: String, secret: String, token: Option<String>, expiry: Option<SystemTime>) -> Self {
        let mut keys = Keys {
            access_key_id: trimmed(id),
            secret_access_key: trimmed(secret),
            session_token: token.map(trimmed).filter(|token| !token.is_empty()),
            expires_after: expiry,
            origin,
            flaw: None,
        };
        keys.flaw = keys.find_flaw();
        Self(Arc::new(keys))
    }

    /// The id of the access key, which every request shows.
    pub fn access_key_id(&self) -> &str {
        &self.0.access_key_id
    }

    /// The secret that belongs to the key.
    pub fn secret_access_key(&self) -> &str {
        &self.0.secret_access_key
    }

    /// The token that belongs to a temporary key.
    pub fn session_token(&self) -> Option<&str> {
        self.0.session_token.as_ref().map(|token| token.as_str())
    }

    /// The time from which on they are not valid; `None` if they always are.
    pub fn expiry(&self) -> Option<SystemTime> {
        self.0.expires_after
    }

    /// Why they cannot sign, if they cannot.
    pub(crate) fn flaw(&self) -> Option<Flaw> {
        self.0.flaw
    }

    fn is_valid_at(&self, time: SystemTime) -> bool {
        self.has_left(Duration::ZERO, time)
    }

    /// Whether they last for longer than this from a time on.
    fn has_left(&self, enough: Duration, time: SystemTime) -> bool {
        let has_left = |expiry: SystemTime| expiry.duration_since(time).is_ok_and(|left| left > enough);
        self.expiry().is_none_or(has_left)
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials")
            .field("provider_name", &self.0.origin.name())
            .field("access_key_id", &self.access_key_id())
            .field("secret_access_key", &Hidden)
            .field("session_token", &self.session_token().map(|_| Hidden))
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

/// What [`ClientBuilder::credentials`](crate::ClientBuilder::credentials) and
/// [`CallOptions::credentials`](crate::CallOptions::credentials) take:
///
/// - [`Credentials`];
/// - with the feature `sdk-config`, which is on by default, every provider of the official SDK: whatever implements
///   `ProvideCredentials` of the crate `aws-credential-types`, such as the providers of `aws-config` or a function in
///   `provide_credentials_fn`.
///
/// A source of your own implements `ProvideCredentials`, too, and then serves both clients.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no source of credentials",
    note = "`Credentials` of this crate are one; providers (`ProvideCredentials`) are with its feature `sdk-config`"
)]
pub trait CredentialsSource {
    /// What the client keeps of it.
    #[doc(hidden)]
    fn into_source(self) -> Source;
}

impl CredentialsSource for Credentials {
    fn into_source(self) -> Source {
        Source::Static(self)
    }
}

/// Where credentials come from.
#[derive(Clone)]
pub enum Source {
    /// They are here.
    Static(Credentials),
    /// They are asked for.
    #[cfg(feature = "sdk-config")]
    Provider(provider::Provider),
}

impl Source {
    /// The source for many calls: a provider is asked only when what it gave last is about to expire.
    pub(crate) fn cached(self) -> Self {
        match self {
            #[cfg(feature = "sdk-config")]
            Self::Provider(provider) => Self::Provider(provider.cached()),
            Self::Static(credentials) => Self::Static(credentials),
        }
    }

    /// Why these credentials cannot sign, as far as that is known without asking for them.
    pub(crate) fn flaw(&self) -> Option<Flaw> {
        match self {
            Self::Static(credentials) => credentials.flaw(),
            #[cfg(feature = "sdk-config")]
            Self::Provider(_) => None,
        }
    }

    /// Credentials that are valid now, and can sign.
    pub(crate) async fn get(&self, now: Times) -> Result<Credentials, Error> {
        if let Some(flaw) = self.flaw() {
            return Err(Error::new(Kind::BadCredentials(flaw)));
        }
        match self {
            Self::Static(credentials) if credentials.is_valid_at(now.earlier) => Ok(credentials.clone()),
            Self::Static(_) => Err(Error::new(Kind::ExpiredCredentials)),
            #[cfg(feature = "sdk-config")]
            Self::Provider(provider) => provider.get(now).await,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::UNIX_EPOCH;

    use super::*;

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
            let credentials = source.get(times).await.expect("they are valid by one clock");
            assert_eq!(credentials.session_token(), Some("TOKEN"));
        }
        for earlier in [expiry, after] {
            let times = Times { earlier, later: after };
            let error = source.get(times).await.expect_err("they have expired by both clocks");
            assert!(error.is_credentials(), "{error}");
        }
        let source = temporary(None).into_source().cached();
        let times = Times {
            earlier: expiry,
            later: after,
        };
        source.get(times).await.expect("they never expire");
    }
}
