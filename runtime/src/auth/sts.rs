//! Roles: the two requests to AWS Security Token Service that credentials need.

use std::borrow::Cow;
use std::time::SystemTime;

use http::header::CONTENT_TYPE;
use http::{HeaderValue, Request};
use percent_encoding::percent_encode;
use ring::digest::{SHA256, digest};
use zeroize::Zeroizing;

use super::context::LoadContext;
use super::endpoint::{TokenService, signing_region};
use super::error::CredentialsError;
use super::exchange::{Outgoing, Policy, describe, is_transient_status, send_signed};
use super::source::Loading;
use super::system::{Answer, NoAnswer, NoAnswerKind, SecretBytes};
use super::{time, xml};
use crate::auth::credentials::Credentials;
use crate::auth::signing::{Scope, Signer};
use crate::error::BoxError;
use crate::words::one_line::OneLine;
use crate::words::percent::UNRESERVED;

const FORM: HeaderValue = HeaderValue::from_static("application/x-www-form-urlencoded");

/// A form for STS. What its fields hold may be secret.
pub(crate) struct Form(Vec<(Cow<'static, str>, Zeroizing<String>)>);

impl Form {
    /// The form of an action.
    pub(crate) fn new(action: &str) -> Self {
        Self(Vec::new()).field("Action", action).field("Version", "2011-06-15")
    }

    /// Adds a field.
    pub(crate) fn field(mut self, name: impl Into<Cow<'static, str>>, value: &str) -> Self {
        self.0.push((name.into(), Zeroizing::new(value.to_owned())));
        self
    }

    /// Adds a field that may have no value.
    pub(crate) fn optional(self, name: &'static str, value: Option<&str>) -> Self {
        match value {
            Some(value) => self.field(name, value),
            None => self,
        }
    }

    /// The fields as the body of a request.
    fn encode(&self) -> SecretBytes {
        let size = self
            .0
            .iter()
            .map(|(name, value)| name.len() + 3 * value.len() + 2)
            .sum();
        // With room for all of it, no copy is left behind by growing.
        let mut text = Zeroizing::new(Vec::with_capacity(size));
        for (name, value) in &self.0 {
            if !text.is_empty() {
                text.push(b'&');
            }
            text.extend_from_slice(name.as_bytes());
            text.push(b'=');
            let parts = percent_encode(value.as_bytes(), UNRESERVED);
            parts.for_each(|part| text.extend_from_slice(part.as_bytes()));
        }
        text
    }
}

/// The name of a session that has none of its own.
pub(crate) fn session_name(now: SystemTime) -> String {
    let since = now.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    format!("{}-{}", env!("CARGO_PKG_NAME"), since.as_millis())
}

/// Sends a form, signed if there are credentials, and reads the credentials in the answer.
pub(crate) fn assume<'a>(
    context: &'a LoadContext,
    form: &'a Form,
    with: Option<&'a Credentials>,
    provider_name: &'static str,
) -> Loading<'a> {
    Box::pin(assume_unboxed(context, form, with, provider_name))
}

async fn assume_unboxed(
    context: &LoadContext,
    form: &Form,
    with: Option<&Credentials>,
    provider_name: &'static str,
) -> Result<Credentials, CredentialsError> {
    let region = context.region().await?.ok_or_else(|| {
        let error = CredentialsError::failed("no region is set for AWS STS");
        error.with_hint("set `AWS_REGION` or `region` in the profile")
    })?;
    let url = TokenService::Sts.url(context, &region).await?;
    let outgoing = Outgoing::post(&format!("{url}/"), form.encode())?.header(CONTENT_TYPE, FORM);
    let sign = |request: &mut Request<SecretBytes>| match with {
        Some(credentials) => sign(request, credentials, &region, context.now()),
        None => Ok(()),
    };
    let answer = send_signed(context, Policy::SERVICE, &outgoing, &sign, is_transient).await;
    let answer = answer.map_err(|error| {
        let problem = format!("the request to AWS STS ({url}) failed: {error}");
        CredentialsError::failed(problem).with_source(error)
    })?;
    if answer.status.is_success() {
        return read(&answer.body, provider_name).map_err(|problem| {
            let problem = format!("the answer of AWS STS ({url}) is unusable: {problem}");
            CredentialsError::failed(problem)
        });
    }
    Err(refusal(&answer))
}

fn sign(
    request: &mut Request<SecretBytes>,
    credentials: &Credentials,
    region: &str,
    time: SystemTime,
) -> Result<(), NoAnswer> {
    let mut hash = [0; 32];
    hash.copy_from_slice(digest(&SHA256, request.body()).as_ref());
    let scope = Scope {
        region: signing_region(region),
        service: "sts",
        double_encode: true,
        normalize_path: true,
    };
    let signed = Signer::default().sign(request, Some(&hash), credentials, scope, time);
    signed.map_err(|source: BoxError| NoAnswer {
        kind: NoAnswerKind::Impossible,
        source: format!("the request cannot be signed: {source}").into(),
    })
}

/// The credentials in an answer. The account stands in the name of the role's user.
fn read(body: &[u8], provider_name: &'static str) -> Result<Credentials, String> {
    let [mut id, mut secret, mut token, mut expiration, mut arn] = [const { None }; 5];
    let parsed = xml::read(body, |path, value| {
        let place = match path {
            [.., "Credentials", "AccessKeyId"] => &mut id,
            [.., "Credentials", "SecretAccessKey"] => &mut secret,
            [.., "Credentials", "SessionToken"] => &mut token,
            [.., "Credentials", "Expiration"] => &mut expiration,
            [.., "AssumedRoleUser", "Arn"] => &mut arn,
            _ => return,
        };
        *place = Some(value).filter(|value| !value.is_empty());
    });
    parsed.map_err(|error| error.to_string())?;
    let missing = |name: &str| format!("it has no `{name}`");
    let id = id.ok_or_else(|| missing("AccessKeyId"))?;
    let secret = secret.ok_or_else(|| missing("SecretAccessKey"))?;
    let token = token.ok_or_else(|| missing("SessionToken"))?;
    let expiration = expiration.ok_or_else(|| missing("Expiration"))?;
    let expiry = time::parse(&expiration).ok_or("its `Expiration` is not a time")?;
    let credentials = Credentials::new(
        id.as_str(),
        secret.as_str(),
        Some(token.to_string()),
        Some(expiry),
        provider_name,
    );
    // arn:aws:sts::123456789012:assumed-role/..
    let account_id = arn.as_ref().and_then(|arn| arn.split(':').nth(4));
    Ok(match account_id.filter(|id| !id.is_empty()) {
        Some(account_id) => credentials.with_account_id(account_id),
        None => credentials,
    })
}

/// Code and message of an error.
fn error_in(answer: &Answer) -> (Option<String>, Option<String>) {
    let (mut code, mut message) = (None, None);
    let parsed = xml::read(&answer.body, |path, value| match path {
        [.., "Error", "Code"] => code = Some(value.to_string()),
        [.., "Error", "Message"] => message = Some(value.to_string()),
        _ => {}
    });
    match parsed {
        Ok(()) => (code, message),
        Err(_) => (None, None),
    }
}

/// Whether another attempt may succeed.
fn is_transient(answer: &Answer) -> bool {
    if answer.status.is_success() {
        return false;
    }
    let (code, _) = error_in(answer);
    is_transient_status(answer) || code.is_some_and(|code| is_transient_code(&code))
}

fn is_transient_code(code: &str) -> bool {
    matches!(
        code,
        "IDPCommunicationError"
            | "IDPCommunicationErrorException"
            | "RequestLimitExceeded"
            | "RequestThrottled"
            | "RequestThrottledException"
            | "RequestTimeout"
            | "RequestTimeoutException"
            | "SlowDown"
            | "Throttling"
            | "ThrottlingException"
            | "ThrottledException"
            | "TooManyRequestsException"
    )
}

fn refusal(answer: &Answer) -> CredentialsError {
    let (code, message) = error_in(answer);
    let Some(code) = code else {
        return CredentialsError::failed(format!("AWS STS refused the role: {}", describe(answer, None)));
    };
    let status = answer.status.as_u16();
    let message = message.map_or(String::new(), |message| format!(": {}", OneLine(&message)));
    let problem = format!("AWS STS refused the role: {} ({status}){message}", OneLine(&code));
    let error = CredentialsError::failed(problem);
    match hint(&code) {
        Some(hint) => error.with_hint(hint),
        None => error,
    }
}

fn hint(code: &str) -> Option<&'static str> {
    Some(match code {
        "AccessDenied" | "AccessDeniedException" => {
            "check that the trust policy of the role allows these credentials, and that these may call `sts:AssumeRole`"
        }
        "ExpiredToken" | "ExpiredTokenException" => "renew the token or the credentials that the role is assumed with",
        "InvalidIdentityToken" => "check the identity provider in the account of the role",
        "InvalidClientTokenId" | "UnrecognizedClientException" => {
            "check that the access key that the role is assumed with is active"
        }
        "SignatureDoesNotMatch" | "RequestExpired" | "RequestTimeTooSkewed" => {
            "check the secret access key that the role is assumed with, and the clock of this machine"
        }
        "RegionDisabledException" => "activate AWS STS for this region in the account, or set another region",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::auth::testing;

    const ANSWER: &str = "<AssumeRoleResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><AssumeRoleResult>\
        <AssumedRoleUser><AssumedRoleId>ID:name</AssumedRoleId>\
        <Arn>arn:aws:sts::123456789012:assumed-role/role/name</Arn></AssumedRoleUser>\
        <Credentials><AccessKeyId>AKID</AccessKeyId><SecretAccessKey>SECRET</SecretAccessKey>\
        <SessionToken>TOKEN</SessionToken><Expiration>2009-02-13T23:31:30Z</Expiration></Credentials>\
        </AssumeRoleResult></AssumeRoleResponse>";

    fn answer(status: u16, body: &str) -> Answer {
        testing::answer(status, body).expect("an answer")
    }

    #[test]
    fn credentials_in_an_answer() {
        let credentials = read(ANSWER.as_bytes(), "test").expect("credentials");
        assert_eq!(credentials.access_key_id(), "AKID");
        assert_eq!(credentials.secret_access_key(), "SECRET");
        assert_eq!(credentials.session_token(), Some("TOKEN"));
        assert_eq!(credentials.account_id(), Some("123456789012"));
        let seconds = credentials
            .expiry()
            .and_then(|time| time.duration_since(SystemTime::UNIX_EPOCH).ok());
        assert_eq!(seconds.expect("a time").as_secs(), 1_234_567_890);
    }

    #[test]
    fn an_answer_without_a_part_of_them() {
        for name in ["AccessKeyId", "SecretAccessKey", "SessionToken", "Expiration"] {
            let other = ANSWER.replace(name, "Other");
            let problem = read(other.as_bytes(), "test").map(|_| ()).unwrap_err();
            assert_eq!(problem, format!("it has no `{name}`"));
        }
        let other = ANSWER.replace("2009-02-13", "2009-02-31");
        let problem = read(other.as_bytes(), "test").map(|_| ()).unwrap_err();
        assert_eq!(problem, "its `Expiration` is not a time");
        assert!(read(&ANSWER.as_bytes()[..ANSWER.len() - 1], "test").is_err());
    }

    #[test]
    fn refusals() {
        let body = "<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>not\n you</Message></Error>\
            <RequestId>1</RequestId></ErrorResponse>";
        let denied = answer(403, body);
        assert!(!is_transient(&denied));
        let error = refusal(&denied).to_string();
        let expected = "AWS STS refused the role: AccessDenied (403): not  you [hint: check that the trust policy";
        assert!(error.starts_with(expected), "{error}");
        for code in ["IDPCommunicationError", "Throttling"] {
            assert!(is_transient(&answer(400, &body.replace("AccessDenied", code))));
        }
        assert!(!is_transient(&answer(
            400,
            &body.replace("AccessDenied", "InvalidIdentityToken")
        )));
        let page = answer(502, "<html><p>Bad gateway</html>");
        assert!(is_transient(&page));
        assert_eq!(refusal(&page).to_string(), "AWS STS refused the role: 502 Bad Gateway");
    }

    #[test]
    fn values_of_forms_are_encoded() {
        let form = Form::new("AssumeRole")
            .field("RoleArn", "arn:aws:iam::1:role/a b+c")
            .optional("ExternalId", None);
        let expected = "Action=AssumeRole&Version=2011-06-15&RoleArn=arn%3Aaws%3Aiam%3A%3A1%3Arole%2Fa%20b%2Bc";
        assert_eq!(*form.encode(), expected.as_bytes());
    }
}
