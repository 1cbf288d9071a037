//! Bearer tokens made from the credentials of a client, for HTTP clients that cannot sign.

use std::fmt;
use std::time::{Duration, SystemTime};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::{Method, Request};
use zeroize::Zeroizing;

use super::resolved::Resolved;
use crate::answer::operation::Auth;
use crate::auth::credentials::Credentials;
use crate::auth::signing::{Scope, Signer, empty_sha256};
use crate::error::{BoxError, Error, Kind};
use crate::words::service::ServiceInfo;

/// The form of a service's tokens: the presigned URL of a call, encoded.
#[derive(Debug)]
pub struct TokenForm {
    /// The host of the URL.
    pub host: &'static str,
    /// The action in its query.
    pub action: &'static str,
    /// What stands before the encoded URL.
    pub prefix: &'static str,
    /// The longest time that the service accepts a token.
    pub max: Duration,
}

/// A bearer token, for the header `Authorization: Bearer ..`.
///
/// Anyone who has it can call the service with the rights of the credentials until it expires. Treat it like a password:
/// `Debug` does not show it, and it is wiped from memory when it is dropped.
#[derive(Clone)]
pub struct BearerToken {
    text: Zeroizing<String>,
    expires_at: SystemTime,
}

impl BearerToken {
    /// The token.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// When the service begins to refuse it.
    pub fn expires_at(&self) -> SystemTime {
        self.expires_at
    }
}

impl fmt::Debug for BearerToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BearerToken")
            .field("expires_at", &self.expires_at)
            .finish_non_exhaustive()
    }
}

/// Makes a token from the credentials of a client. It is valid no longer than they are.
pub(crate) async fn bearer_token(
    config: &Resolved,
    service: &'static ServiceInfo,
    form: &TokenForm,
    valid_for: Duration,
) -> Result<BearerToken, Error> {
    if !(Duration::from_secs(1)..=form.max).contains(&valid_for) {
        return Err(Error::new(Kind::ValidFor {
            given: valid_for,
            max: form.max,
        }));
    }
    let credentials = config.credentials(None, Auth::SigV4).await?;
    let now = config.clock.now();
    let left = credentials
        .expiry()
        .map(|expiry| expiry.duration_since(now).unwrap_or_default());
    let seconds = left.map_or(valid_for, |left| left.min(valid_for)).as_secs().max(1);
    let scope = scope(service.signing_name, &config.region);
    let text = encode(&config.signer, form, &credentials, scope, now, seconds);
    Ok(BearerToken {
        text: text.map_err(|error| Error::new(Kind::Signing).with_source(error))?,
        expires_at: now + Duration::from_secs(seconds),
    })
}

fn scope<'a>(service: &'a str, region: &'a str) -> Scope<'a> {
    Scope {
        region,
        service,
        double_encode: true,
        normalize_path: true,
    }
}

fn encode(
    signer: &Signer,
    form: &TokenForm,
    credentials: &Credentials,
    scope: Scope<'_>,
    time: SystemTime,
    seconds: u64,
) -> Result<Zeroizing<String>, BoxError> {
    let url = format!("https://{}/?Action={}", form.host, form.action);
    let mut request = Request::builder().method(Method::POST).uri(url).body(())?;
    signer.presign(&mut request, Some(&empty_sha256()), credentials, scope, time, seconds)?;
    let url = Zeroizing::new(format!("{}&Version=1", request.uri()));
    let url = url.strip_prefix("https://").unwrap_or(&url);
    Ok(Zeroizing::new(format!("{}{}", form.prefix, STANDARD.encode(url))))
}

#[cfg(test)]
mod tests {
    use super::*;

    const FORM: TokenForm = TokenForm {
        host: "sagemaker.amazonaws.com",
        action: "CallWithBearerToken",
        prefix: "sagemaker-api-key-",
        max: Duration::from_secs(12 * 60 * 60),
    };

    fn encoded(token: Option<&str>, seconds: u64) -> String {
        let credentials = Credentials::new(
            "AKIDEXAMPLE",
            "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
            token.map(str::to_owned),
            None,
            "test",
        );
        let time = SystemTime::UNIX_EPOCH + Duration::from_secs(1_772_366_400);
        let scope = scope("sagemaker", "eu-west-1");
        let text = encode(&Signer::default(), &FORM, &credentials, scope, time, seconds).unwrap();
        text.to_string()
    }

    /// What the Python package `sagemaker-core` makes of the same.
    #[test]
    fn tokens_are_those_of_sagemaker_core() {
        assert_eq!(encoded(None, 43_200), PLAIN);
        assert_eq!(encoded(Some("session/token+=="), 900), OF_A_SESSION);
    }

    const PLAIN: &str = "sagemaker-api-key-c2FnZW1ha2VyLmFtYXpvbmF3cy5jb20vP0FjdGlvbj1DYWxsV2l0aEJlYXJlclRva2VuJlgtQW16LUFsZ29yaXRobT1BV1M0LUhNQUMtU0hBMjU2JlgtQW16LUNyZWRlbnRpYWw9QUtJREVYQU1QTEUlMkYyMDI2MDMwMSUyRmV1LXdlc3QtMSUyRnNhZ2VtYWtlciUyRmF3czRfcmVxdWVzdCZYLUFtei1EYXRlPTIwMjYwMzAxVDEyMDAwMFomWC1BbXotRXhwaXJlcz00MzIwMCZYLUFtei1TaWduZWRIZWFkZXJzPWhvc3QmWC1BbXotU2lnbmF0dXJlPWUxNmU0MWY3OWViMzFjM2YzZTU3MjAzNGVmNzk2MDAyODQwODFlZDM4MGRiMGQ4NTY0MDU4NjViOGE1MGZkMWEmVmVyc2lvbj0x";

    const OF_A_SESSION: &str = "sagemaker-api-key-c2FnZW1ha2VyLmFtYXpvbmF3cy5jb20vP0FjdGlvbj1DYWxsV2l0aEJlYXJlclRva2VuJlgtQW16LUFsZ29yaXRobT1BV1M0LUhNQUMtU0hBMjU2JlgtQW16LUNyZWRlbnRpYWw9QUtJREVYQU1QTEUlMkYyMDI2MDMwMSUyRmV1LXdlc3QtMSUyRnNhZ2VtYWtlciUyRmF3czRfcmVxdWVzdCZYLUFtei1EYXRlPTIwMjYwMzAxVDEyMDAwMFomWC1BbXotRXhwaXJlcz05MDAmWC1BbXotU2lnbmVkSGVhZGVycz1ob3N0JlgtQW16LVNlY3VyaXR5LVRva2VuPXNlc3Npb24lMkZ0b2tlbiUyQiUzRCUzRCZYLUFtei1TaWduYXR1cmU9N2E5ZGMzZTZmYWYxYmE2MjkwN2VlOWYyY2ExNGE1ZmIyZjdlODJmY2QxM2RhZDhmZTUyZTcyODIxMGQ3Mzg3OCZWZXJzaW9uPTE=";
}
