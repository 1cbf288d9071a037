//! Sources, one after the other.

use std::borrow::Cow;
use std::fmt;

use super::context::LoadContext;
use super::error::CredentialsError;
use super::source::{AnySource, CredentialsSource};
use super::sources::{Container, Environment, InstanceMetadata, Profile, WebIdentity};
use crate::auth::credentials::Credentials;
use crate::error::BoxError;

/// Sources of credentials, tried one after the other until one finds credentials or fails.
///
/// The default is the order of the official SDK: [`Environment`], [`Profile`], [`WebIdentity`], [`Container`],
/// [`InstanceMetadata`]. With [`ClientBuilder::profile`](crate::ClientBuilder::profile) it begins with the profile.
///
/// A source that is not configured is skipped. A source that is configured and fails ends the search: continuing could
/// silently pick up the role of the machine. If no source is configured, the error is one line that says where each of them
/// looked.
///
/// ```
/// use lean_aws_runtime::credentials::{Container, CredentialChain, Environment};
///
/// let chain = CredentialChain::new().then(Environment::new()).then(Container::new());
/// ```
///
/// It needs the feature `credential-chain`, which is on by default.
pub struct CredentialChain {
    sources: Vec<Box<dyn AnySource>>,
}

impl CredentialChain {
    /// Creates a chain without sources.
    pub fn new() -> Self {
        Self { sources: Vec::new() }
    }

    /// Creates the default chain with a callback for the codes of MFA devices; see [`Profile::mfa_code`].
    pub fn with_mfa_code<F, Fut>(code: F) -> Self
    where
        F: Fn(String) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<String, BoxError>> + Send + 'static,
    {
        Self::around(Profile::new().mfa_code(code))
    }

    fn around(profile: Profile) -> Self {
        Self::new()
            .then(Environment::of_chain())
            .then(profile)
            .then(WebIdentity::from_env())
            .then(Container::new())
            .then(InstanceMetadata::new())
    }

    /// Appends a source.
    pub fn then(mut self, source: impl CredentialsSource) -> Self {
        self.sources.push(Box::new(source));
        self
    }
}

/// The default chain.
impl Default for CredentialChain {
    fn default() -> Self {
        Self::around(Profile::new())
    }
}

impl fmt::Debug for CredentialChain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = self.sources.iter().map(|source| source.label());
        f.debug_tuple("CredentialChain")
            .field(&names.collect::<Vec<_>>())
            .finish()
    }
}

impl CredentialsSource for CredentialChain {
    async fn load(&self, context: &LoadContext) -> Result<Credentials, CredentialsError> {
        let mut report = Report::default();
        for source in &self.sources {
            match source.load_boxed(context).await {
                Ok(credentials) => {
                    tracing::debug!(source = &*source.label(), "credentials found");
                    return Ok(credentials);
                }
                Err(error) if error.is_not_configured() => report.add(source.label(), error),
                Err(error) => return Err(error),
            }
        }
        Err(report.into_error())
    }

    fn name(&self) -> Cow<'static, str> {
        "chain".into()
    }
}

/// Why each source has no credentials.
#[derive(Default)]
struct Report(Vec<(Cow<'static, str>, CredentialsError)>);

impl Report {
    fn add(&mut self, name: Cow<'static, str>, error: CredentialsError) {
        self.0.push((name, error));
    }

    fn into_error(self) -> CredentialsError {
        if self.0.is_empty() {
            return CredentialsError::not_configured("no credentials: the chain has no sources");
        }
        let reasons = self.0.iter().map(|(name, error)| match error.hint() {
            Some(hint) => format!("{name}: {} ({hint})", error.problem()),
            None => format!("{name}: {}", error.problem()),
        });
        let problem = format!("no credentials found: {}", reasons.collect::<Vec<_>>().join("; "));
        let error = CredentialsError::not_configured(problem);
        match self.0.iter().any(|(_, error)| error.is_outage()) {
            true => error.in_outage(),
            false => error,
        }
    }
}

#[cfg(test)]
mod tests;
