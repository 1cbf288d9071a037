//! Credentials that `aws login` has left, and AWS Sign-In renews.

use std::time::{Duration, SystemTime};

use http::header::CONTENT_TYPE;
use http::{HeaderName, HeaderValue};
use ring::digest::{SHA256, digest};
use zeroize::Zeroizing;

use super::dpop::Key;
use super::token_cache::{Token, TokenFile};
use crate::auth::context::LoadContext;
use crate::auth::credentials::Credentials;
use crate::auth::endpoint::TokenService;
use crate::auth::error::CredentialsError;
use crate::auth::exchange::{Outgoing, Policy, describe, is_transient_status, send};
use crate::auth::json::{self, Object};
use crate::auth::shared::RENEW_BEFORE;
use crate::auth::system::Answer;
use crate::auth::time;
use crate::words::hex;

const CACHE_DIRECTORY: &str = "AWS_LOGIN_CACHE_DIRECTORY";

const DPOP: HeaderName = HeaderName::from_static("dpop");
const JSON: HeaderValue = HeaderValue::from_static("application/json");

/// Gets the credentials of a login, renewed if they are about to expire.
pub(super) async fn load(context: &LoadContext, session: &str, profile: &str) -> Result<Credentials, CredentialsError> {
    let file = token_file(context, session, profile)?;
    let login: Login = file.read().await?;
    let now = context.now();
    let left = login.expiry.duration_since(now).ok().filter(|left| !left.is_zero());
    if left.is_some_and(|left| left > RENEW_BEFORE) {
        return Ok(login.credentials());
    }
    match renew(&file, &login).await {
        Ok(login) => Ok(login.credentials()),
        Err(error) => match (file.renewed_elsewhere(&login).await, left) {
            (Some(login), _) => Ok(login.credentials()),
            (None, Some(_)) => {
                tracing::warn!("{error}; the old credentials stay in use");
                Ok(login.credentials())
            }
            (None, None) => Err(error),
        },
    }
}

fn token_file<'a>(context: &'a LoadContext, session: &str, profile: &str) -> Result<TokenFile<'a>, CredentialsError> {
    let hash = hex::of_hash(digest(&SHA256, session.trim().as_bytes()).as_ref());
    let name = format!("{}.json", String::from_utf8_lossy(&hash));
    let locations = context.locations();
    let path = match context.path_variable(CACHE_DIRECTORY) {
        Some(folder) => Some(locations.join(locations.expand(folder).as_os_str(), &[&name])),
        None => locations.in_home(&[".aws", "login", "cache", &name]),
    };
    let path = path.ok_or_else(|| {
        CredentialsError::failed("`login_session` needs a home folder, and no variable says where it is")
    })?;
    Ok(TokenFile {
        context,
        path,
        what: "the login",
        login: format!("aws login --profile {profile}"),
    })
}

/// What the file says.
struct Login {
    object: Object,
    access_key_id: Zeroizing<String>,
    secret_access_key: Zeroizing<String>,
    session_token: Zeroizing<String>,
    account_id: Option<Zeroizing<String>>,
    expiry: SystemTime,
    refresh_token: Zeroizing<String>,
    client_id: Zeroizing<String>,
    key: Key,
}

impl Token for Login {
    fn read(object: Object) -> Result<Self, String> {
        let missing = |name| format!("it has no `{name}`");
        let keys = object.object("accessToken").ok_or_else(|| missing("accessToken"))?;
        let key = |name: &'static str| keys.text(name).ok_or_else(|| missing(name));
        let text = |name: &'static str| object.text(name).ok_or_else(|| missing(name));
        let expiry = keys.time("expiresAt").map_err(|_| "its `expiresAt` is not a time")?;
        Ok(Self {
            access_key_id: key("accessKeyId")?,
            secret_access_key: key("secretAccessKey")?,
            session_token: key("sessionToken")?,
            account_id: keys.text("accountId"),
            expiry: expiry.ok_or_else(|| missing("expiresAt"))?,
            refresh_token: text("refreshToken")?,
            client_id: text("clientId")?,
            key: Key::from_pem(&text("dpopKey")?).ok_or("its `dpopKey` is not a key of the curve P-256")?,
            object,
        })
    }

    fn expiry(&self) -> SystemTime {
        self.expiry
    }

    fn differs_from(&self, other: &Self) -> bool {
        self.session_token != other.session_token
    }
}

impl Login {
    fn credentials(&self) -> Credentials {
        let credentials = Credentials::new(
            self.access_key_id.as_str(),
            self.secret_access_key.as_str(),
            Some(self.session_token.to_string()),
            Some(self.expiry),
            "login",
        );
        match &self.account_id {
            Some(account_id) => credentials.with_account_id(account_id.as_str()),
            None => credentials,
        }
    }

    /// The login with new credentials, as AWS Sign-In answers. What it does not tell stays.
    fn renewed(&self, answer: &Object, now: SystemTime) -> Option<Self> {
        let new_keys = answer.object("accessToken")?;
        let seconds = u64::try_from(answer.number("expiresIn")?).ok()?;
        let expiry = now.checked_add(Duration::from_secs(seconds))?;
        let mut object = self.object.clone();
        let mut keys = object.object("accessToken")?;
        for name in ["accessKeyId", "secretAccessKey", "sessionToken"] {
            keys.set(name, &new_keys.text(name)?);
        }
        keys.set("expiresAt", &time::format(expiry)?);
        object.set_object("accessToken", &keys);
        object.set("refreshToken", &answer.text("refreshToken")?);
        Self::read(object).ok()
    }
}

/// Gets new credentials, and writes them where the old ones were.
async fn renew(file: &TokenFile<'_>, login: &Login) -> Result<Login, CredentialsError> {
    let context = file.context;
    let region = match login.object.text("signInRegion") {
        Some(region) => region.to_string(),
        None => context.region().await?.ok_or_else(|| {
            let error = CredentialsError::failed("the login cannot be renewed, because no region is set");
            error.with_hint("set `AWS_REGION` or `region` in the profile")
        })?,
    };
    let url = format!("{}/v1/token", TokenService::SignIn.url(context, &region).await?);
    let mut form = Object::default();
    form.set("clientId", &login.client_id);
    form.set("grantType", "refresh_token");
    form.set("refreshToken", &login.refresh_token);
    let proof = login.key.proof(&url, context).map_err(|error| {
        CredentialsError::failed(format!("the login cannot be renewed: its key cannot sign: {error}"))
    })?;
    let outgoing = Outgoing::post(&url, form.to_json())?
        .header(CONTENT_TYPE, JSON)
        .secret_header(DPOP, &proof, "the proof of the login")?;
    let answer = send(context, Policy::SERVICE, &outgoing, is_transient_status).await;
    let answer = answer.map_err(|error| {
        let problem = format!("the login cannot be renewed: {url}: {error}");
        CredentialsError::failed(problem).with_source(error)
    })?;
    if !answer.status.is_success() {
        return Err(refusal(file, &answer));
    }
    let renewed = Object::read(&answer.body).ok();
    let renewed = renewed.and_then(|answer| login.renewed(&answer, context.now()));
    let renewed = renewed.ok_or_else(|| {
        CredentialsError::failed(format!(
            "the login cannot be renewed: the answer of {url} has no credentials"
        ))
    })?;
    file.write(&renewed.object).await;
    Ok(renewed)
}

fn refusal(file: &TokenFile<'_>, answer: &Answer) -> CredentialsError {
    let code = Object::read(&answer.body).ok().and_then(|body| body.text("error"));
    let problem = match code.as_deref().map(String::as_str) {
        Some("TOKEN_EXPIRED") => "has expired".to_owned(),
        Some("USER_CREDENTIALS_CHANGED") => "is no longer valid because the password was changed".to_owned(),
        Some("INSUFFICIENT_PERMISSIONS") => {
            let error = file.log_in_again("cannot be renewed: a permission is missing (INSUFFICIENT_PERMISSIONS)");
            return error.with_hint("allow the user `signin:CreateOAuth2Token`");
        }
        _ => format!(
            "cannot be renewed: {}",
            describe(answer, json::message(&answer.body).as_deref())
        ),
    };
    file.log_in_again(problem)
}
