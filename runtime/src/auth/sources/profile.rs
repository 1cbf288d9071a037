//! The selected profile, with everything that it can say of credentials.

use std::borrow::Cow;
use std::future::ready;

use super::assume_role::{MfaCode, RoleRequest};
use super::{Container, Environment, InstanceMetadata, login, process, sso, web_identity};
use crate::auth::context::LoadContext;
use crate::auth::credentials::Credentials;
use crate::auth::error::CredentialsError;
use crate::auth::profile::{Base, Plan, Role, Selected, SelectedBy};
use crate::auth::source::{AnySource, CredentialsSource, Loading};
use crate::error::BoxError;

/// A profile of `~/.aws/config` and `~/.aws/credentials`.
///
/// The profile is the one that the code selects, else `AWS_PROFILE`, else `default`. The first row that matches applies:
///
/// | properties | credentials |
/// |---|---|
/// | `role_arn` with `source_profile` or `credential_source` (`Environment`, `EcsContainer`, `Ec2InstanceMetadata`) | the role; `external_id`, `duration_seconds`, `role_session_name` and `mfa_serial` apply to it |
/// | `credential_source` | those of that source |
/// | `web_identity_token_file` with `role_arn` | the role, assumed with the token |
/// | `sso_session`, or `sso_start_url` and `sso_region`; with `sso_account_id` and `sso_role_name` | the role from IAM Identity Center, after `aws sso login` |
/// | `login_session` | those of `aws login` |
/// | `credential_process` | what the command prints |
/// | `aws_access_key_id`, `aws_secret_access_key`, `aws_session_token` | these keys |
///
/// A source profile can be of any kind; its own keys take precedence over its role. The files are read again for each
/// search.
///
/// It needs the feature `credential-chain`, which is on by default.
#[derive(Clone, Debug, Default)]
pub struct Profile {
    name: Option<String>,
    mfa_code: Option<MfaCode>,
}

impl Profile {
    /// Creates a source for the selected profile.
    pub fn new() -> Self {
        Self::default()
    }

    /// Creates a source for this profile, whatever else is selected.
    pub fn named(name: impl Into<String>) -> Self {
        Self {
            name: Some(name.into()),
            ..Self::default()
        }
    }

    /// Sets the callback for MFA codes. It receives the value of `mfa_serial` each time such a role is assumed.
    ///
    /// Without it, a role with `mfa_serial` is an error.
    pub fn mfa_code<F, Fut>(mut self, code: F) -> Self
    where
        F: Fn(String) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<String, BoxError>> + Send + 'static,
    {
        self.mfa_code = Some(MfaCode::new(code));
        self
    }

    fn selected(&self, context: &LoadContext) -> Selected {
        match &self.name {
            Some(name) => Selected {
                name: name.clone(),
                by: SelectedBy::Code,
            },
            None => context.selected(),
        }
    }

    /// Turns a role into a request.
    fn request(&self, role: &Role) -> Result<RoleRequest, CredentialsError> {
        let mfa = match (&role.mfa_serial, &self.mfa_code) {
            (Some(serial), Some(code)) => Some((serial.clone(), code.clone())),
            (Some(serial), None) => {
                let problem = format!(
                    "the profile `{}` needs a code from the MFA device `{serial}`, but no callback supplies one",
                    role.profile
                );
                let error = CredentialsError::failed(problem).at(&role.place);
                return Err(error.with_hint("set one with `.mfa_code(..)`"));
            }
            (None, _) => None,
        };
        Ok(RoleRequest {
            role_arn: role.role_arn.clone(),
            external_id: role.external_id.clone(),
            session_name: role.session_name.clone(),
            duration: role.duration,
            mfa,
            ..RoleRequest::default()
        })
    }
}

impl CredentialsSource for Profile {
    async fn load(&self, context: &LoadContext) -> Result<Credentials, CredentialsError> {
        let files = context.files().await?;
        let plan = Plan::resolve(files, &self.selected(context))?;
        // What cannot be is told before anything is sent.
        let requests: Vec<RoleRequest> = plan
            .roles
            .iter()
            .map(|role| self.request(role))
            .collect::<Result<_, _>>()?;
        let base = base(context, &plan).await;
        let mut credentials = match plan.roles.last() {
            None => base?,
            Some(role) => base.map_err(|error| {
                let error = error.into_failure().without_outage();
                error.within(format_args!(
                    "the profile `{}` has no credentials for its role",
                    role.profile
                ))
            })?,
        };
        for (role, request) in plan.roles.iter().zip(&requests) {
            let loaded = request.load(context, &credentials).await;
            credentials = loaded.map_err(|error| {
                error
                    .within(format_args!("the profile `{}`", role.profile))
                    .at(&role.place)
            })?;
        }
        Ok(credentials)
    }

    fn name(&self) -> Cow<'static, str> {
        match &self.name {
            Some(name) => format!("profile `{name}`").into(),
            None => "profile".into(),
        }
    }
}

/// The first credentials of a plan.
async fn base(context: &LoadContext, plan: &Plan) -> Result<Credentials, CredentialsError> {
    let profile = plan.base_profile.as_str();
    let loading: Loading<'_> = match &plan.base {
        Base::Keys(credentials) => Box::pin(ready(Ok(credentials.clone()))),
        Base::Environment => Box::pin(needed(Box::new(Environment::new()), context)),
        Base::Container => Box::pin(needed(Box::new(Container::new()), context)),
        Base::InstanceMetadata => Box::pin(needed(Box::new(InstanceMetadata::new()), context)),
        Base::WebIdentity(web) => {
            let token_file = context.locations().expand(&web.token_file);
            web_identity::load(
                context,
                &web.role_arn,
                token_file,
                web.session_name.as_deref(),
                web.duration,
            )
        }
        Base::Sso(sso) => Box::pin(sso::load(context, sso, profile)),
        Base::Login(session) => Box::pin(login::load(context, session, profile)),
        Base::Process(process) => Box::pin(process::load(context, process, profile)),
    };
    loading.await.map_err(|error| match error.is_not_configured() {
        true => error,
        false => error.at(&plan.base_place),
    })
}

/// The profile names this source, so it must have credentials.
async fn needed(source: Box<dyn AnySource>, context: &LoadContext) -> Result<Credentials, CredentialsError> {
    let loaded = source.load_boxed(context).await;
    loaded.map_err(CredentialsError::into_failure)
}
