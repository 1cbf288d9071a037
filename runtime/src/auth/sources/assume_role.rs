//! Roles, assumed with credentials that come from elsewhere.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::web_identity::seconds;
use crate::auth::context::LoadContext;
use crate::auth::credentials::Credentials;
use crate::auth::error::CredentialsError;
use crate::auth::source::CredentialsSource;
use crate::auth::sts::{self, Form};
use crate::auth::system::Pending;
use crate::error::BoxError;

/// Asks somebody for the code of an MFA device, whose serial number it is told.
#[derive(Clone)]
pub(super) struct MfaCode(Arc<Ask>);

type Ask = dyn Fn(String) -> Pending<'static, Result<String, BoxError>> + Send + Sync;

impl MfaCode {
    pub(super) fn new<F, Fut>(ask: F) -> Self
    where
        F: Fn(String) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<String, BoxError>> + Send + 'static,
    {
        Self(Arc::new(move |serial| Box::pin(ask(serial))))
    }

    async fn ask(&self, serial: &str) -> Result<String, CredentialsError> {
        let code = (self.0)(serial.to_owned()).await;
        code.map_err(|error| {
            let problem = format!("no code for the MFA device `{serial}`: {error}");
            CredentialsError::failed(problem).with_source(error)
        })
    }
}

impl fmt::Debug for MfaCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MfaCode")
    }
}

/// A role, assumed with the credentials from another source.
///
/// ```
/// use lean_aws_runtime::credentials::{AssumeRole, CredentialChain};
///
/// let source = AssumeRole::new("arn:aws:iam::123456789012:role/reader", CredentialChain::default()).external_id("42");
/// ```
///
/// It needs the feature `credential-chain`, which is on by default.
#[derive(Clone, Debug)]
pub struct AssumeRole<S> {
    base: S,
    request: RoleRequest,
}

/// What STS is asked for.
#[derive(Clone, Debug, Default)]
pub(super) struct RoleRequest {
    pub(super) role_arn: String,
    pub(super) external_id: Option<String>,
    pub(super) session_name: Option<String>,
    pub(super) duration: Option<Duration>,
    pub(super) mfa: Option<(String, MfaCode)>,
    pub(super) policy: Option<String>,
    pub(super) policy_arns: Vec<String>,
}

impl<S: CredentialsSource> AssumeRole<S> {
    /// Creates a source for the role with this ARN.
    pub fn new(role_arn: impl Into<String>, base: S) -> Self {
        Self {
            base,
            request: RoleRequest {
                role_arn: role_arn.into(),
                ..RoleRequest::default()
            },
        }
    }

    /// Sets the external ID that the role's trust policy requires.
    pub fn external_id(mut self, id: impl Into<String>) -> Self {
        self.request.external_id = Some(id.into());
        self
    }

    /// Sets the session name, which AWS CloudTrail shows. Default: the name of this crate and the time.
    pub fn session_name(mut self, name: impl Into<String>) -> Self {
        self.request.session_name = Some(name.into());
        self
    }

    /// Sets how long the session lasts: 15 minutes to 12 hours, within what the role allows.
    ///
    /// Default: 1 hour, which is also the maximum if the other source is a role.
    pub fn duration(mut self, duration: Duration) -> Self {
        self.request.duration = Some(duration);
        self
    }

    /// Sets the serial number of an MFA device and a callback for its codes, called each time the role is assumed or
    /// renewed.
    pub fn mfa<F, Fut>(mut self, serial: impl Into<String>, code: F) -> Self
    where
        F: Fn(String) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<String, BoxError>> + Send + 'static,
    {
        self.request.mfa = Some((serial.into(), MfaCode::new(code)));
        self
    }

    /// Sets a session policy in JSON, which restricts the session to less than the role allows.
    pub fn policy(mut self, json: impl Into<String>) -> Self {
        self.request.policy = Some(json.into());
        self
    }

    /// Adds a managed session policy, which restricts the session to less than the role allows.
    pub fn policy_arn(mut self, arn: impl Into<String>) -> Self {
        self.request.policy_arns.push(arn.into());
        self
    }
}

impl<S: CredentialsSource> CredentialsSource for AssumeRole<S> {
    async fn load(&self, context: &LoadContext) -> Result<Credentials, CredentialsError> {
        let base = self.base.load(context).await.map_err(|error| {
            let role_arn = &self.request.role_arn;
            // Services do not accept the role's credentials after they have expired, whatever those below are.
            let error = error.into_failure().without_outage();
            error.within(format_args!("the role `{role_arn}` cannot be assumed"))
        })?;
        self.request.load(context, &base).await
    }

    fn name(&self) -> Cow<'static, str> {
        "role".into()
    }
}

impl RoleRequest {
    /// Assumes the role with these credentials.
    pub(super) async fn load(
        &self,
        context: &LoadContext,
        with: &Credentials,
    ) -> Result<Credentials, CredentialsError> {
        let (serial, code) = match &self.mfa {
            Some((serial, code)) => (Some(serial.as_str()), Some(code.ask(serial).await?)),
            None => (None, None),
        };
        let default_name = sts::session_name(context.now());
        let session_name = self.session_name.as_deref().unwrap_or(&default_name);
        let mut form = Form::new("AssumeRole")
            .field("RoleArn", &self.role_arn)
            .field("RoleSessionName", session_name)
            .optional("DurationSeconds", seconds(self.duration).as_deref())
            .optional("ExternalId", self.external_id.as_deref())
            .optional("SerialNumber", serial)
            .optional("TokenCode", code.as_deref().map(str::trim))
            .optional("Policy", self.policy.as_deref());
        for (number, arn) in self.policy_arns.iter().enumerate() {
            form = form.field(format!("PolicyArns.member.{}.arn", number + 1), arn);
        }
        let loaded = sts::assume(context, &form, Some(with), "role").await;
        loaded.map_err(|error| error.within(format_args!("the role `{}`", self.role_arn)))
    }
}
