//! Roles of IAM Identity Center: a login that the AWS CLI has made, and a portal that gives credentials for it.

use std::time::{Duration, SystemTime};

use http::header::CONTENT_TYPE;
use http::{HeaderName, HeaderValue};
use percent_encoding::utf8_percent_encode;
use ring::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};
use zeroize::Zeroizing;

use super::token_cache::{Token, TokenFile};
use crate::auth::context::LoadContext;
use crate::auth::credentials::Credentials;
use crate::auth::endpoint::TokenService;
use crate::auth::error::CredentialsError;
use crate::auth::exchange::{Outgoing, Policy, describe, is_transient_status, send};
use crate::auth::json::{self, Object};
use crate::auth::profile::SsoBase;
use crate::auth::shared::RENEW_BEFORE;
use crate::auth::system::{Answer, SecretBytes};
use crate::auth::time;
use crate::words::hex;
use crate::words::percent::UNRESERVED;

const BEARER_TOKEN: HeaderName = HeaderName::from_static("x-amz-sso_bearer_token");
const JSON: HeaderValue = HeaderValue::from_static("application/json");

/// Gets the credentials of a role, for the holder of the token in the cache of the AWS CLI.
pub(super) async fn load(context: &LoadContext, sso: &SsoBase, profile: &str) -> Result<Credentials, CredentialsError> {
    let Some((account, role)) = &sso.role else {
        let reason = format!(
            "the profile `{profile}` has an SSO session, but neither `sso_account_id` nor `sso_role_name`: it leads to a \
             bearer token instead of credentials"
        );
        return Err(CredentialsError::not_configured(reason));
    };
    let file = token_file(context, sso, profile)?;
    let portal = Portal {
        context,
        sso,
        account,
        role,
    };
    let token = valid_token(&file, sso).await?;
    match portal.credentials(&token).await? {
        Reply::Credentials(credentials) => Ok(credentials),
        // It may have been revoked when somebody logged in anew.
        Reply::Unauthorized => match file.renewed_elsewhere(&token).await {
            Some(token) => match portal.credentials(&token).await? {
                Reply::Credentials(credentials) => Ok(credentials),
                Reply::Unauthorized => Err(file.log_in_again("is no longer accepted (401 Unauthorized)")),
            },
            None => Err(file.log_in_again("is no longer accepted (401 Unauthorized)")),
        },
    }
}

/// The file is named by the session, and by the start URL where there is none.
fn token_file<'a>(context: &'a LoadContext, sso: &SsoBase, profile: &str) -> Result<TokenFile<'a>, CredentialsError> {
    let key = sso.session.as_ref().unwrap_or(&sso.start_url);
    let hash = digest(&SHA1_FOR_LEGACY_USE_ONLY, key.as_bytes());
    let name: String = hash
        .as_ref()
        .iter()
        .flat_map(|byte| hex::digits(*byte))
        .map(char::from)
        .collect();
    let path = context
        .locations()
        .in_home(&[".aws", "sso", "cache", &format!("{name}.json")]);
    let path =
        path.ok_or_else(|| CredentialsError::failed("SSO needs a home folder, and no variable says where it is"))?;
    Ok(TokenFile {
        context,
        path,
        what: "the SSO token",
        login: format!("aws sso login --profile {profile}"),
    })
}

struct SsoToken {
    object: Object,
    access_token: Zeroizing<String>,
    expiry: SystemTime,
}

impl Token for SsoToken {
    fn read(object: Object) -> Result<Self, String> {
        let access_token = object.text("accessToken").ok_or("it has no `accessToken`")?;
        let expiry = object.time("expiresAt").map_err(|_| "its `expiresAt` is not a time")?;
        Ok(Self {
            expiry: expiry.ok_or("it has no `expiresAt`")?,
            access_token,
            object,
        })
    }

    fn expiry(&self) -> SystemTime {
        self.expiry
    }

    fn differs_from(&self, other: &Self) -> bool {
        self.access_token != other.access_token
    }
}

impl SsoToken {
    /// What it is renewed with, where that is there and still valid.
    fn renewal(&self, now: SystemTime) -> Option<Renewal> {
        let text = |name| self.object.text(name);
        // Without a date the registration may have expired; the service knows.
        let registered_until = self.object.time("registrationExpiresAt").ok()?;
        registered_until.is_none_or(|end| end > now).then_some(())?;
        Some(Renewal {
            client_id: text("clientId")?,
            client_secret: text("clientSecret")?,
            refresh_token: text("refreshToken")?,
        })
    }
}

struct Renewal {
    client_id: Zeroizing<String>,
    client_secret: Zeroizing<String>,
    refresh_token: Zeroizing<String>,
}

/// The token, renewed if it is about to expire.
async fn valid_token(file: &TokenFile<'_>, sso: &SsoBase) -> Result<SsoToken, CredentialsError> {
    let token: SsoToken = file.read().await?;
    let now = file.context.now();
    let left = token.expiry.duration_since(now).ok().filter(|left| !left.is_zero());
    if left.is_some_and(|left| left > RENEW_BEFORE) {
        return Ok(token);
    }
    // Logins without a session cannot be renewed.
    let renewal = sso.session.as_ref().and_then(|_| token.renewal(now));
    let Some(renewal) = renewal else {
        return match left {
            Some(_) => Ok(token),
            None => Err(expired(file, &token, now)),
        };
    };
    match renew(file, sso, &token, &renewal).await {
        Ok(token) => Ok(token),
        Err(error) => match (file.renewed_elsewhere(&token).await, left) {
            (Some(token), _) => Ok(token),
            (None, Some(_)) => {
                tracing::warn!("{error}; the old one stays in use");
                Ok(token)
            }
            (None, None) => Err(error),
        },
    }
}

fn expired(file: &TokenFile<'_>, token: &SsoToken, now: SystemTime) -> CredentialsError {
    let since = now.duration_since(token.expiry).unwrap_or_default();
    file.log_in_again(format_args!("expired {} ago", time::rough(since)))
}

/// Gets a new token for an old one, and writes it where the old one was.
async fn renew(
    file: &TokenFile<'_>,
    sso: &SsoBase,
    token: &SsoToken,
    renewal: &Renewal,
) -> Result<SsoToken, CredentialsError> {
    let context = file.context;
    let url = TokenService::SsoOidc.url(context, &sso.region).await?;
    let mut form = Object::default();
    form.set("clientId", &renewal.client_id);
    form.set("clientSecret", &renewal.client_secret);
    form.set("grantType", "refresh_token");
    form.set("refreshToken", &renewal.refresh_token);
    let outgoing = Outgoing::post(&format!("{url}/token"), form.to_json())?.header(CONTENT_TYPE, JSON);
    let answer = send(context, Policy::SERVICE, &outgoing, is_transient_status).await;
    let answer = answer.map_err(|error| {
        let problem = format!("{} cannot be renewed: {url}: {error}", file.what);
        CredentialsError::failed(problem).with_source(error)
    })?;
    let renewed = match answer.status.is_success() {
        true => Object::read(&answer.body).ok(),
        false => {
            let problem = describe(&answer, json::message(&answer.body).as_deref());
            return Err(file.log_in_again(format_args!("cannot be renewed: {problem}")));
        }
    };
    let texts = renewed.as_ref().and_then(|renewed| {
        let seconds = u64::try_from(renewed.number("expiresIn")?).ok()?;
        let expiry = context.now().checked_add(Duration::from_secs(seconds))?;
        Some((renewed.text("accessToken")?, expiry, time::format(expiry)?))
    });
    let (Some(renewed), Some((access_token, expiry, expires_at))) = (&renewed, texts) else {
        let problem = format!("{} cannot be renewed: the answer of {url} has no token", file.what);
        return Err(CredentialsError::failed(problem));
    };
    let mut object = token.object.clone();
    object.set("accessToken", &access_token);
    object.set("expiresAt", &expires_at);
    if let Some(refresh_token) = renewed.text("refreshToken") {
        object.set("refreshToken", &refresh_token);
    }
    file.write(&object).await;
    Ok(SsoToken {
        object,
        access_token,
        expiry,
    })
}

/// What gives credentials for a token.
struct Portal<'a> {
    context: &'a LoadContext,
    sso: &'a SsoBase,
    account: &'a str,
    role: &'a str,
}

enum Reply {
    Credentials(Credentials),
    Unauthorized,
}

impl Portal<'_> {
    async fn credentials(&self, token: &SsoToken) -> Result<Reply, CredentialsError> {
        let url = TokenService::Sso.url(self.context, &self.sso.region).await?;
        let [role, account] = [self.role, self.account].map(|text| utf8_percent_encode(text, UNRESERVED));
        let path = format!("{url}/federation/credentials?role_name={role}&account_id={account}");
        let outgoing = Outgoing::get(&path)?.secret_header(BEARER_TOKEN, &token.access_token, "the SSO token")?;
        let answer = send(self.context, Policy::SERVICE, &outgoing, is_transient_status).await;
        let answer = answer.map_err(|error| {
            let problem = format!("the request to the SSO portal ({url}) failed: {error}");
            CredentialsError::failed(problem).with_source(error)
        })?;
        match answer.status.as_u16() {
            200 => self.read(&answer.body).map(Reply::Credentials).map_err(|problem| {
                CredentialsError::failed(format!("the answer of the SSO portal ({url}) is unusable: {problem}"))
            }),
            401 => Ok(Reply::Unauthorized),
            _ => Err(self.refusal(&answer)),
        }
    }

    fn refusal(&self, answer: &Answer) -> CredentialsError {
        let problem = describe(answer, json::message(&answer.body).as_deref());
        let (role, account) = (self.role, self.account);
        let error = CredentialsError::failed(format!(
            "the SSO portal refused the role `{role}` of the account {account}: {problem}"
        ));
        match answer.status.as_u16() {
            403 | 404 => {
                error.with_hint("check `sso_account_id` and `sso_role_name`, and that the role is assigned to you")
            }
            _ => error,
        }
    }

    fn read(&self, body: &SecretBytes) -> Result<Credentials, String> {
        let object = Object::read(body).map_err(|error| error.to_string())?;
        let keys = object.object("roleCredentials").ok_or("it has no `roleCredentials`")?;
        let text = |name: &str| keys.text(name).ok_or_else(|| format!("it has no `{name}`"));
        let (id, secret, token) = (text("accessKeyId")?, text("secretAccessKey")?, text("sessionToken")?);
        let expiry = keys.number("expiration").and_then(|millis| u64::try_from(millis).ok());
        let expiry = expiry.and_then(|millis| SystemTime::UNIX_EPOCH.checked_add(Duration::from_millis(millis)));
        let expiry = expiry.ok_or("its `expiration` is not a time")?;
        let credentials = Credentials::new(
            id.as_str(),
            secret.as_str(),
            Some(token.to_string()),
            Some(expiry),
            "SSO",
        );
        Ok(credentials.with_account_id(self.account))
    }
}
