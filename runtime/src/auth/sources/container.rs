//! Credentials of containers: ECS, EKS Pod Identity, Greengrass and others that do as they do.

use std::borrow::Cow;
use std::net::IpAddr;
use std::time::Duration;

use http::header::{ACCEPT, AUTHORIZATION};
use http::{HeaderValue, Uri};
use zeroize::Zeroizing;

use super::json_keys::read_of_agent;
use crate::auth::context::LoadContext;
use crate::auth::credentials::Credentials;
use crate::auth::error::CredentialsError;
use crate::auth::exchange::{Outgoing, Policy, describe, is_transient_status, send};
use crate::auth::json::{self, Object};
use crate::auth::source::CredentialsSource;
use crate::auth::system::{Answer, Route, is_container_agent};

const RELATIVE_URI: &str = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI";
const FULL_URI: &str = "AWS_CONTAINER_CREDENTIALS_FULL_URI";
const TOKEN_FILE: &str = "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE";
const TOKEN: &str = "AWS_CONTAINER_AUTHORIZATION_TOKEN";

/// Where the agent of ECS is.
const ECS_HOST: &str = "http://169.254.170.2";

/// How large the token may be, in bytes.
const MAX_TOKEN: usize = 64 * 1024;

const POLICY: Policy = Policy {
    attempts: 3,
    pause: Duration::from_secs(1),
    retries_silence: true,
    connect_limit: Duration::from_secs(2),
    limit: Duration::from_secs(5),
};

/// The credentials endpoint of a container: ECS, EKS Pod Identity, Greengrass.
///
/// | variable | meaning |
/// |---|---|
/// | `AWS_CONTAINER_CREDENTIALS_RELATIVE_URI` | the path on the ECS agent |
/// | `AWS_CONTAINER_CREDENTIALS_FULL_URI` | else, the URL: `http://` only for this machine, `169.254.170.2`, `169.254.170.23` and `[fd00:ec2::23]` |
/// | `AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE` | the file with a token for the endpoint, read each time |
/// | `AWS_CONTAINER_AUTHORIZATION_TOKEN` | else, that token |
///
/// Requests never use a proxy and follow no redirects. Transient errors are retried, up to 3 attempts of 5 s. While the
/// endpoint is unreachable, expired credentials stay in use.
///
/// It needs the feature `credential-chain`, which is on by default.
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub struct Container;

impl Container {
    /// Creates the source.
    pub fn new() -> Self {
        Self
    }
}

impl CredentialsSource for Container {
    async fn load(&self, context: &LoadContext) -> Result<Credentials, CredentialsError> {
        let (url, route) = url(context)?;
        let failed = |problem: String| CredentialsError::failed(format!("the container agent at {url} {problem}"));
        let mut outgoing = Outgoing::get(&url)?
            .route(route)
            .header(ACCEPT, HeaderValue::from_static("application/json"));
        if let Some(token) = token(context).await? {
            outgoing = outgoing.secret_header(AUTHORIZATION, &token, "the token for the container agent")?;
        }
        let answer = send(context, POLICY, &outgoing, is_transient).await.map_err(|error| {
            let may_pass = error.kind.may_pass();
            let failure = failed(format!("cannot be reached: {error}")).with_source(error);
            if may_pass { failure.in_outage() } else { failure }
        })?;
        if !answer.status.is_success() {
            let problem = describe(&answer, json::message(&answer.body).as_deref());
            let failure = failed(format!("returned no credentials: {problem}"));
            return Err(match is_transient_status(&answer) {
                true => failure.in_outage(),
                false => failure,
            });
        }
        let unusable = |problem: String| failed(format!("returned an unusable answer: {problem}"));
        let object = Object::read(&answer.body).map_err(|error| unusable(error.to_string()))?;
        read_of_agent(context, &object, "container").map_err(unusable)
    }

    fn name(&self) -> Cow<'static, str> {
        "container".into()
    }
}

/// Where the agent is, and how to get there.
fn url(context: &LoadContext) -> Result<(String, Route), CredentialsError> {
    let invalid = |name: &str, problem: &str| CredentialsError::failed(format!("`{name}` {problem}"));
    if let Some(path) = context.variable(RELATIVE_URI)? {
        let url = format!("{ECS_HOST}{path}");
        // Without the slash, it could be a part of the host.
        if !path.starts_with('/') || url.parse::<Uri>().is_err() {
            return Err(invalid(RELATIVE_URI, "is not a path that begins with a slash"));
        }
        return Ok((url, Route::ContainerAgent));
    }
    let Some(url) = context.variable(FULL_URI)? else {
        let reason = format!("neither `{RELATIVE_URI}` nor `{FULL_URI}` is set");
        return Err(CredentialsError::not_configured(reason));
    };
    let uri: Uri = url.parse().map_err(|_| invalid(FULL_URI, "is not a URL"))?;
    let (Some(scheme), Some(host)) = (uri.scheme_str(), uri.host()) else {
        return Err(invalid(FULL_URI, "is not a URL with a host"));
    };
    if uri
        .authority()
        .is_some_and(|authority| authority.as_str().contains('@'))
    {
        return Err(invalid(FULL_URI, "is a URL with a user, which is not supported"));
    }
    let route = match scheme {
        "https" => Route::Direct,
        "http" => Route::ContainerAgent,
        _ => return Err(invalid(FULL_URI, "must begin with `https://` or `http://`")),
    };
    let address: Option<IpAddr> = host.trim_matches(['[', ']']).parse().ok();
    if route == Route::ContainerAgent && address.is_some_and(|address| !is_container_agent(address)) {
        let problem = "may use `http://` only for this machine, 169.254.170.2, 169.254.170.23 and [fd00:ec2::23]";
        return Err(invalid(FULL_URI, problem).with_hint("use `https://` for other hosts"));
    }
    Ok((url, route))
}

/// What the agent is told to let the client in.
async fn token(context: &LoadContext) -> Result<Option<Zeroizing<String>>, CredentialsError> {
    let Some(path) = context.path_variable(TOKEN_FILE) else {
        return Ok(context.variable(TOKEN)?.map(Zeroizing::new));
    };
    let token = context.read(&path, MAX_TOKEN).await.map_err(|error| {
        let problem = format!(
            "`{}`, which `{TOKEN_FILE}` names, cannot be read: {error}",
            path.display()
        );
        CredentialsError::failed(problem)
    })?;
    match std::str::from_utf8(&token).map(str::trim) {
        Ok("") => Err(CredentialsError::failed(format!(
            "`{}`, which `{TOKEN_FILE}` names, is empty",
            path.display()
        ))),
        Ok(token) => Ok(Some(Zeroizing::new(token.to_owned()))),
        Err(_) => Err(CredentialsError::failed(format!(
            "`{}`, which `{TOKEN_FILE}` names, is not UTF-8",
            path.display()
        ))),
    }
}

/// Agents that have just started may give half an answer.
fn is_transient(answer: &Answer) -> bool {
    match answer.status.is_success() {
        true => Object::read(&answer.body).is_err(),
        false => is_transient_status(answer),
    }
}
