//! Roles for the holder of a token, as in pods of EKS.

use std::borrow::Cow;
use std::path::{Path, PathBuf};
use std::time::Duration;

use zeroize::Zeroizing;

use crate::auth::context::LoadContext;
use crate::auth::credentials::Credentials;
use crate::auth::error::CredentialsError;
use crate::auth::source::{CredentialsSource, Loading};
use crate::auth::sts::{self, Form};

const TOKEN_FILE: &str = "AWS_WEB_IDENTITY_TOKEN_FILE";
const ROLE_ARN: &str = "AWS_ROLE_ARN";
const SESSION_NAME: &str = "AWS_ROLE_SESSION_NAME";

/// How large the token may be, in bytes.
const MAX_TOKEN: usize = 64 * 1024;

/// A role, assumed with a token from a file: a web identity, as in EKS pods.
///
/// The file is read for each request, because such tokens are rotated. [`from_env`](Self::from_env) uses these variables:
///
/// | variable | meaning |
/// |---|---|
/// | `AWS_WEB_IDENTITY_TOKEN_FILE` | the file with the token |
/// | `AWS_ROLE_ARN` | the role; required with the file |
/// | `AWS_ROLE_SESSION_NAME` | the session name |
///
/// It needs the feature `credential-chain`, which is on by default.
#[derive(Clone, Debug, Default)]
pub struct WebIdentity {
    role: Option<(String, PathBuf)>,
    session_name: Option<String>,
    duration: Option<Duration>,
}

impl WebIdentity {
    /// Creates a source that uses the environment.
    pub fn from_env() -> Self {
        Self::default()
    }

    /// Creates a source for this role and the token in this file.
    pub fn new(role_arn: impl Into<String>, token_file: impl Into<PathBuf>) -> Self {
        Self {
            role: Some((role_arn.into(), token_file.into())),
            ..Self::default()
        }
    }

    /// Sets the session name, which AWS CloudTrail shows. Default: the name of this crate and the time.
    pub fn session_name(mut self, name: impl Into<String>) -> Self {
        self.session_name = Some(name.into());
        self
    }

    /// Sets how long the session lasts: 15 minutes to 12 hours, within what the role allows. Default: 1 hour.
    pub fn duration(mut self, duration: Duration) -> Self {
        self.duration = Some(duration);
        self
    }
}

impl CredentialsSource for WebIdentity {
    async fn load(&self, context: &LoadContext) -> Result<Credentials, CredentialsError> {
        let session_name = self.session_name.as_deref();
        if let Some((role_arn, token_file)) = &self.role {
            return load(context, role_arn, token_file.clone(), session_name, self.duration).await;
        }
        let Some(token_file) = context.path_variable(TOKEN_FILE) else {
            return Err(CredentialsError::not_configured(format!("`{TOKEN_FILE}` is not set")));
        };
        let Some(role_arn) = context.variable(ROLE_ARN)? else {
            return Err(CredentialsError::failed(format!(
                "`{TOKEN_FILE}` is set, but not `{ROLE_ARN}`"
            )));
        };
        let variable = context.variable(SESSION_NAME)?;
        let session_name = session_name.or(variable.as_deref());
        load(context, &role_arn, token_file, session_name, self.duration).await
    }

    fn name(&self) -> Cow<'static, str> {
        "web identity".into()
    }
}

/// Asks for the role.
pub(super) fn load<'a>(
    context: &'a LoadContext,
    role_arn: &'a str,
    token_file: PathBuf,
    session_name: Option<&'a str>,
    duration: Option<Duration>,
) -> Loading<'a> {
    Box::pin(async move {
        let token = token(context, &token_file).await?;
        let default_name = sts::session_name(context.now());
        let form = Form::new("AssumeRoleWithWebIdentity")
            .field("RoleArn", role_arn)
            .field("RoleSessionName", session_name.unwrap_or(&default_name))
            .optional("DurationSeconds", seconds(duration).as_deref())
            .field("WebIdentityToken", &token);
        let loaded = sts::assume(context, &form, None, "web identity").await;
        loaded.map_err(|error| error.within(format_args!("the role `{role_arn}`")))
    })
}

/// A duration as forms have it.
pub(super) fn seconds(duration: Option<Duration>) -> Option<String> {
    duration.map(|duration| duration.as_secs().to_string())
}

async fn token(context: &LoadContext, path: &Path) -> Result<Zeroizing<String>, CredentialsError> {
    let fails =
        |problem: String| CredentialsError::failed(format!("the web identity token `{}` {problem}", path.display()));
    let token = context.read(path, MAX_TOKEN).await;
    let token = token.map_err(|error| fails(format!("cannot be read: {error}")))?;
    match std::str::from_utf8(&token).map(str::trim) {
        Ok("") => Err(fails("is empty".to_owned())),
        Ok(token) => Ok(Zeroizing::new(token.to_owned())),
        Err(_) => Err(fails("is not UTF-8".to_owned())),
    }
}
