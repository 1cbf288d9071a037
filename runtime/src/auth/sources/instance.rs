//! Credentials of EC2 instances: the role of the machine, as its metadata service tells it.

use std::borrow::Cow;
use std::time::Duration;

use http::{HeaderName, HeaderValue, Method};
use zeroize::Zeroizing;

use super::json_keys::read_of_agent;
use crate::auth::context::LoadContext;
use crate::auth::credentials::Credentials;
use crate::auth::error::CredentialsError;
use crate::auth::exchange::{Outgoing, Policy, describe, is_transient_status, send};
use crate::auth::json::Object;
use crate::auth::source::CredentialsSource;
use crate::auth::system::{Answer, NoAnswer, NoAnswerKind, Route, SecretBytes};
use crate::wire::endpoint::Endpoint;
use crate::words::one_line::OneLine;

const DISABLED: &str = "AWS_EC2_METADATA_DISABLED";
const ENDPOINT: &str = "AWS_EC2_METADATA_SERVICE_ENDPOINT";
const ENDPOINT_MODE: &str = "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE";

const IPV4: &str = "http://169.254.169.254";
const IPV6: &str = "http://[fd00:ec2::254]";

const ROLES: &str = "/latest/meta-data/iam/security-credentials/";

const TOKEN: HeaderName = HeaderName::from_static("x-aws-ec2-metadata-token");
const TOKEN_TTL: HeaderName = HeaderName::from_static("x-aws-ec2-metadata-token-ttl-seconds");

/// Six hours: as long as a token can be.
const TTL: HeaderValue = HeaderValue::from_static("21600");

/// A machine that has no such service must not keep its programs waiting.
const POLICY: Policy = Policy {
    attempts: 4,
    pause: Duration::from_millis(200),
    retries_silence: false,
    connect_limit: Duration::from_secs(1),
    limit: Duration::from_secs(1),
};

/// The role of an EC2 instance, from its metadata service (IMDSv2; never IMDSv1).
///
/// | variable | property | meaning |
/// |---|---|---|
/// | `AWS_EC2_METADATA_DISABLED` | - | `true`: skip this source |
/// | `AWS_EC2_METADATA_SERVICE_ENDPOINT` | `ec2_metadata_service_endpoint` | its URL |
/// | `AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE` | `ec2_metadata_service_endpoint_mode` | `IPv4` (default) or `IPv6` |
///
/// Nothing indicates in advance that the service exists, so no answer within 1 s counts as not configured. Requests never
/// use a proxy. While the service is unreachable, expired credentials stay in use.
///
/// It needs the feature `credential-chain`, which is on by default.
#[derive(Clone, Debug, Default)]
pub struct InstanceMetadata {
    endpoint: Option<String>,
    is_ipv6: bool,
}

impl InstanceMetadata {
    /// Creates the source.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the URL of the service, which takes precedence over environment and profile.
    pub fn endpoint(mut self, url: impl Into<String>) -> Self {
        self.endpoint = Some(url.into());
        self
    }

    /// Uses the IPv6 address, unless an endpoint is set.
    pub fn ipv6(mut self) -> Self {
        self.is_ipv6 = true;
        self
    }

    /// Where the service is, without a slash at the end.
    async fn url(&self, context: &LoadContext) -> Result<String, CredentialsError> {
        let lookup = context.lookup().await?;
        let set = match &self.endpoint {
            Some(url) => Some((url.clone(), None)),
            None => lookup
                .text(ENDPOINT, "ec2_metadata_service_endpoint")
                .map(|setting| (setting.value, Some(setting.origin))),
        };
        if let Some((url, origin)) = set {
            return match Endpoint::parse(&url) {
                Ok(endpoint) => Ok(endpoint.to_string()),
                Err(problem) => {
                    let error = CredentialsError::failed(format!("the instance metadata service: {problem}"));
                    Err(match origin {
                        Some(origin) => origin.mark(error),
                        None => error,
                    })
                }
            };
        }
        if self.is_ipv6 {
            return Ok(IPV6.to_owned());
        }
        let Some(mode) = lookup.text(ENDPOINT_MODE, "ec2_metadata_service_endpoint_mode") else {
            return Ok(IPV4.to_owned());
        };
        match mode.value.to_ascii_lowercase().as_str() {
            "ipv4" => Ok(IPV4.to_owned()),
            "ipv6" => Ok(IPV6.to_owned()),
            _ => {
                let problem = format!("{} is `{}`, but must be `IPv4` or `IPv6`", mode.origin, mode.value);
                Err(CredentialsError::failed(problem))
            }
        }
    }
}

impl CredentialsSource for InstanceMetadata {
    async fn load(&self, context: &LoadContext) -> Result<Credentials, CredentialsError> {
        if context
            .variable(DISABLED)?
            .is_some_and(|value| value.eq_ignore_ascii_case("true"))
        {
            return Err(CredentialsError::not_configured(format!("disabled by `{DISABLED}`")));
        }
        let service = Service {
            context,
            url: self.url(context).await?,
        };
        let token = service.token().await?;
        let (role, keys) = match service.role_and_keys(&token).await {
            // It has forgotten the token.
            Err(Failure::Unauthorized) => {
                let token = service.token().await?;
                service
                    .role_and_keys(&token)
                    .await
                    .map_err(|failure| service.error(failure))?
            }
            result => result.map_err(|failure| service.error(failure))?,
        };
        service.read(&role, &keys)
    }

    fn name(&self) -> Cow<'static, str> {
        "instance metadata".into()
    }
}

/// The metadata service.
struct Service<'a> {
    context: &'a LoadContext,
    url: String,
}

/// Why a path of the service could not be read.
enum Failure {
    Unauthorized,
    NoRole,
    Answer(Answer),
    NoAnswer(NoAnswer),
    Other(CredentialsError),
}

impl Service<'_> {
    /// Gets a token. Before there is one, nothing says that this is an instance.
    async fn token(&self) -> Result<Zeroizing<String>, CredentialsError> {
        let url = format!("{}/latest/api/token", self.url);
        let outgoing = Outgoing::new(Method::PUT, &url, SecretBytes::default())?
            .route(Route::Direct)
            .header(TOKEN_TTL, TTL);
        let answer = send(self.context, POLICY, &outgoing, is_transient).await;
        let answer = answer.map_err(|error| self.is_not_there(error))?;
        let token = std::str::from_utf8(&answer.body).map(str::trim).ok();
        match token.filter(|token| !token.is_empty() && answer.status.is_success()) {
            Some(token) if token.bytes().all(|byte| byte.is_ascii_graphic()) => Ok(Zeroizing::new(token.to_owned())),
            Some(_) => Err(self.goes_on("the token is not valid")),
            None if answer.status == 403 => Err(self.goes_on("disabled for this instance (403 Forbidden)")),
            None => {
                let error = self.goes_on(&format!("no token ({})", answer.status));
                Err(if is_transient_status(&answer) {
                    error.in_outage()
                } else {
                    error
                })
            }
        }
    }

    /// There are no credentials, and no sign that there should be.
    fn goes_on(&self, why: &str) -> CredentialsError {
        CredentialsError::not_configured(format!("{}: {why}", self.url))
    }

    /// The service does not answer: usually because this is not an instance.
    fn is_not_there(&self, error: NoAnswer) -> CredentialsError {
        let reason = match error.kind {
            NoAnswerKind::ConnectTimeout | NoAnswerKind::Timeout => format!("no answer within {:?}", POLICY.limit),
            _ => error.to_string(),
        };
        let failure = self.goes_on(&reason).in_outage();
        match error.kind {
            // The answer to the request for a token gets lost, if it may pass one router only.
            NoAnswerKind::Timeout => failure.with_hint("in a container the hop limit of the instance must be 2"),
            _ => failure,
        }
    }

    async fn role_and_keys(&self, token: &str) -> Result<(String, SecretBytes), Failure> {
        let roles = match self.get(ROLES, token).await {
            Err(Failure::Answer(answer)) if answer.status == 404 => return Err(Failure::NoRole),
            roles => roles?,
        };
        let role = std::str::from_utf8(&roles)
            .ok()
            .and_then(|roles| roles.trim().lines().next());
        let is_name = |role: &str| {
            let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"_+=,.@-".contains(&byte);
            role.bytes().all(allowed)
        };
        let Some(role) = role.map(str::trim).filter(|role| !role.is_empty()) else {
            return Err(Failure::NoRole);
        };
        if !is_name(role) {
            let problem = format!("{}: the name of the role is not valid", self.url);
            return Err(Failure::Other(CredentialsError::failed(problem)));
        }
        let keys = self.get(&format!("{ROLES}{role}"), token).await?;
        Ok((role.to_owned(), keys))
    }

    async fn get(&self, path: &str, token: &str) -> Result<SecretBytes, Failure> {
        let outgoing = Outgoing::get(&format!("{}{path}", self.url)).map_err(Failure::Other)?;
        let outgoing = outgoing.route(Route::Direct);
        let outgoing = outgoing
            .secret_header(TOKEN, token, "the token of the instance metadata service")
            .map_err(Failure::Other)?;
        let answer = send(self.context, POLICY, &outgoing, is_transient).await;
        let answer = answer.map_err(Failure::NoAnswer)?;
        match answer.status.as_u16() {
            200 => Ok(answer.body),
            401 => Err(Failure::Unauthorized),
            _ => Err(Failure::Answer(answer)),
        }
    }

    /// After there has been a token, this is an instance.
    fn error(&self, failure: Failure) -> CredentialsError {
        match failure {
            Failure::Other(error) => error,
            Failure::NoRole => self
                .goes_on("the instance has no role")
                .with_hint("attach an IAM role to the instance"),
            Failure::Unauthorized => CredentialsError::failed(format!("{}: 401 Unauthorized", self.url)),
            Failure::NoAnswer(error) => CredentialsError::failed(format!("{}: {error}", self.url))
                .with_source(error)
                .in_outage(),
            Failure::Answer(answer) => {
                let error = CredentialsError::failed(format!("{}: {}", self.url, describe(&answer, None)));
                if is_transient_status(&answer) {
                    error.in_outage()
                } else {
                    error
                }
            }
        }
    }

    fn read(&self, role: &str, keys: &[u8]) -> Result<Credentials, CredentialsError> {
        let failed = |problem: String| {
            let problem = format!(
                "{}: the credentials of the role `{role}` cannot be used: {problem}",
                self.url
            );
            CredentialsError::failed(problem)
        };
        let object = Object::read(keys).map_err(|error| failed(error.to_string()))?;
        match object.text("Code").as_deref().map(String::as_str) {
            None | Some("Success") => {}
            Some(code) => {
                let message = object.text("Message");
                let message = message
                    .as_ref()
                    .map_or(String::new(), |message| format!(": {}", OneLine(message.as_str())));
                let error = failed(format!("{}{message}", OneLine(code)));
                return Err(match code {
                    "AssumeRoleUnauthorizedAccess" => {
                        error.with_hint("the trust policy of the role must allow `ec2.amazonaws.com` to assume it")
                    }
                    _ => error,
                });
            }
        }
        read_of_agent(self.context, &object, "instance metadata").map_err(failed)
    }
}

fn is_transient(answer: &Answer) -> bool {
    answer.status.is_server_error()
}
