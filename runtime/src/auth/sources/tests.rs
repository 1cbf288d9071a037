//! Each source against a system that is made up. What other SDKs have recorded is replayed by `tests/credentials/`.

mod agents;
mod login;
mod process;
mod roles;
mod sso;

use crate::auth::credentials::Credentials;
use crate::auth::error::CredentialsError;
use crate::auth::source::CredentialsSource;
use crate::auth::system::{Answer, NoAnswer};
use crate::auth::testing::{Fake, answer};

async fn load(fake: &Fake, source: impl CredentialsSource) -> Result<Credentials, CredentialsError> {
    source.load(&fake.context()).await
}

/// Id, secret, token and account of credentials.
async fn keys(fake: &Fake, source: impl CredentialsSource) -> [String; 4] {
    let keys = load(fake, source).await.unwrap_or_else(|error| panic!("{error}"));
    [
        Some(keys.access_key_id()),
        Some(keys.secret_access_key()),
        keys.session_token(),
        keys.account_id(),
    ]
    .map(|text| text.unwrap_or("-").to_owned())
}

/// The text of a failure. Secrets of these tests are marked, and must not be in it.
async fn failure(fake: &Fake, source: impl CredentialsSource) -> String {
    let error = load(fake, source).await.map(|_| ()).unwrap_err();
    assert!(!error.is_not_configured(), "{error}");
    let shown = format!("{error} {error:?}");
    for secret in ["S3CR3T", "R3FR3SH", "J.W.T", "secret of base"] {
        assert!(!shown.contains(secret), "{shown}");
    }
    error.to_string()
}

/// The text of a source that has nothing to say.
async fn reason(fake: &Fake, source: impl CredentialsSource) -> String {
    let error = load(fake, source).await.map(|_| ()).unwrap_err();
    assert!(error.is_not_configured(), "{error}");
    error.to_string()
}

/// An answer of STS with these keys.
fn role(id: &str) -> Result<Answer, NoAnswer> {
    answer(
        200,
        &format!(
            "<AssumeRoleResponse><AssumeRoleResult><AssumedRoleUser><Arn>arn:aws:sts::123456789012:assumed-role/r/s</Arn>\
             </AssumedRoleUser><Credentials><AccessKeyId>{id}</AccessKeyId><SecretAccessKey>secret of {id}\
             </SecretAccessKey><SessionToken>token-of-{id}</SessionToken><Expiration>2030-01-01T00:00:00Z</Expiration>\
             </Credentials></AssumeRoleResult></AssumeRoleResponse>"
        ),
    )
}
