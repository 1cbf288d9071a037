//! Providers of the official SDK.

use std::borrow::Cow;

use aws_credential_types::provider::ProvideCredentials;
use aws_credential_types::provider::error::CredentialsError as ProviderError;

use super::context::LoadContext;
use super::error::CredentialsError;
use super::source::CredentialsSource;
use crate::auth::credentials::Credentials;

impl<P: ProvideCredentials + 'static> CredentialsSource for P {
    async fn load(&self, _: &LoadContext) -> Result<Credentials, CredentialsError> {
        let provided = self.provide_credentials().await;
        provided.map(Credentials::from).map_err(CredentialsError::from)
    }

    fn name(&self) -> Cow<'static, str> {
        "provider".into()
    }
}

/// What went wrong is kept as the cause: the text of a provider may say anything.
impl From<ProviderError> for CredentialsError {
    fn from(error: ProviderError) -> Self {
        let problem = "there are no credentials to sign with, because their provider failed";
        let ours = match error {
            ProviderError::CredentialsNotLoaded(_) => Self::not_configured(problem),
            _ => Self::failed(problem),
        };
        ours.with_source(error)
    }
}

/// Keeps the account as well.
impl From<aws_credential_types::Credentials> for Credentials {
    fn from(theirs: aws_credential_types::Credentials) -> Self {
        let ours = Self::new(
            theirs.access_key_id(),
            theirs.secret_access_key(),
            theirs.session_token().map(str::to_owned),
            theirs.expiry(),
            "aws-credential-types",
        );
        match theirs.account_id() {
            Some(account_id) => ours.with_account_id(account_id.as_str()),
            None => ours,
        }
    }
}

impl From<Credentials> for aws_credential_types::Credentials {
    fn from(ours: Credentials) -> Self {
        let mut theirs = Self::builder()
            .access_key_id(ours.access_key_id())
            .secret_access_key(ours.secret_access_key())
            .provider_name(ours.provider_name());
        theirs.set_session_token(ours.session_token().map(str::to_owned));
        theirs.set_expiry(ours.expiry());
        theirs.set_account_id(ours.account_id().map(Into::into));
        theirs.build()
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, UNIX_EPOCH};

    use super::*;

    #[test]
    fn they_become_those_of_the_official_sdk_and_back() {
        let expiry = Some(UNIX_EPOCH + Duration::from_secs(1_000_000_000));
        let ours = Credentials::new("AKID", "SECRET", Some("TOKEN".to_owned()), expiry, "test");
        let theirs = aws_credential_types::Credentials::from(ours.with_account_id("123456789012"));
        assert_eq!(theirs.access_key_id(), "AKID");
        assert_eq!(theirs.secret_access_key(), "SECRET");
        assert_eq!(theirs.session_token(), Some("TOKEN"));
        assert_eq!(theirs.expiry(), expiry);
        assert_eq!(theirs.account_id().map(|id| id.as_str()), Some("123456789012"));
        let ours = Credentials::from(theirs);
        assert_eq!(ours.access_key_id(), "AKID");
        assert_eq!(ours.secret_access_key(), "SECRET");
        assert_eq!(ours.session_token(), Some("TOKEN"));
        assert_eq!(ours.expiry(), expiry);
        assert_eq!(ours.account_id(), Some("123456789012"));
    }
}
