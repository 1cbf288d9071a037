//! Credentials in environment variables.

use std::borrow::Cow;
use std::future::ready;

use crate::auth::context::LoadContext;
use crate::auth::credentials::Credentials;
use crate::auth::error::CredentialsError;
use crate::auth::source::CredentialsSource;

const ACCESS_KEY_ID: &str = "AWS_ACCESS_KEY_ID";
const SECRET_ACCESS_KEY: &str = "AWS_SECRET_ACCESS_KEY";
const SESSION_TOKEN: &str = "AWS_SESSION_TOKEN";
const ACCOUNT_ID: &str = "AWS_ACCOUNT_ID";

/// The environment variables `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_SESSION_TOKEN` and `AWS_ACCOUNT_ID`.
///
/// Empty and blank variables count as not set. Setting only one of the first two is an error.
///
/// It needs the feature `credential-chain`, which is on by default.
#[derive(Clone, Copy, Debug, Default)]
pub struct Environment {
    yields_to_profile: bool,
}

impl Environment {
    /// Creates the source.
    pub fn new() -> Self {
        Self::default()
    }

    /// The source in the default chain, where a profile that the code selects goes before it.
    pub(crate) fn of_chain() -> Self {
        Self {
            yields_to_profile: true,
        }
    }
}

impl CredentialsSource for Environment {
    fn load(&self, context: &LoadContext) -> impl Future<Output = Result<Credentials, CredentialsError>> + Send {
        let profile = context.config().profile.as_ref();
        ready(match profile.filter(|_| self.yields_to_profile) {
            None => load(context),
            Some(profile) => Err(CredentialsError::not_configured(format!(
                "not asked, because the code selects the profile `{profile}`"
            ))),
        })
    }

    fn name(&self) -> Cow<'static, str> {
        "environment".into()
    }
}

fn load(context: &LoadContext) -> Result<Credentials, CredentialsError> {
    let (id, secret) = match (context.variable(ACCESS_KEY_ID)?, context.variable(SECRET_ACCESS_KEY)?) {
        (Some(id), Some(secret)) => (id, secret),
        (None, None) => {
            let reason = format!("neither `{ACCESS_KEY_ID}` nor `{SECRET_ACCESS_KEY}` is set");
            return Err(CredentialsError::not_configured(reason));
        }
        (Some(_), None) => return Err(half(ACCESS_KEY_ID, SECRET_ACCESS_KEY)),
        (None, Some(_)) => return Err(half(SECRET_ACCESS_KEY, ACCESS_KEY_ID)),
    };
    let credentials = Credentials::new(id, secret, context.variable(SESSION_TOKEN)?, None, "environment");
    Ok(match context.variable(ACCOUNT_ID)? {
        Some(account_id) => credentials.with_account_id(account_id),
        None => credentials,
    })
}

fn half(set: &str, missing: &str) -> CredentialsError {
    CredentialsError::failed(format!("`{set}` is set, but not `{missing}`"))
}
