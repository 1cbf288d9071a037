//! AWS Signature Version 4.

use std::borrow::Cow;
use std::time::SystemTime;

use aws_credential_types::Credentials;
use aws_sigv4::http_request::{
    PercentEncodingMode, SignableBody, SignableRequest, SigningSettings, UriPathNormalizationMode, sign as sign_request,
};
use aws_sigv4::sign::v4::SigningParams;
use http::Request;
use http::header::{HeaderName, HeaderValue};
use tracing::dispatcher::{self, Dispatch};

use super::BoxError;

/// Headers that proxies and HTTP clients change on the way.
const UNSIGNED_HEADERS: [&str; 12] = [
    "authorization",
    "connection",
    "expect",
    "keep-alive",
    "proxy-authenticate",
    "proxy-authorization",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "user-agent",
    "x-amzn-trace-id",
];

const CONTENT_SHA256: HeaderName = HeaderName::from_static("x-amz-content-sha256");

/// What stands for the hash of a payload that is not signed.
const UNSIGNED_PAYLOAD: HeaderValue = HeaderValue::from_static("UNSIGNED-PAYLOAD");

/// What a signature holds for.
#[derive(Clone, Copy, Debug)]
pub struct Scope<'a> {
    /// The region, such as `us-east-1`.
    pub region: &'a str,
    /// The signing name of the service, such as `sagemaker`.
    pub service: &'a str,
    /// Whether the path of the URL is percent-encoded again, as all services but S3 want it.
    pub double_encode: bool,
    /// Whether dot segments and empty segments are taken out of the path of the URL, as all services but S3 want it.
    pub normalize_path: bool,
}

/// Signs a request: sets `x-amz-date`, `x-amz-security-token` where there is a token, and `authorization`.
///
/// Without a hash the payload is not signed, and `x-amz-content-sha256` says so. Every header that the request has now is signed, except those that may change on the way.
///
/// # Errors
///
/// When a header is not UTF-8, the URL has no host, or the credentials have characters that a header cannot carry.
pub fn sign<B>(
    request: &mut Request<B>,
    payload_sha256: Option<&[u8; 32]>,
    credentials: &Credentials,
    scope: Scope<'_>,
    time: SystemTime,
) -> Result<(), BoxError> {
    check(credentials)?;
    let mut settings = SigningSettings::default();
    settings.excluded_headers = Some(UNSIGNED_HEADERS.map(Cow::Borrowed).to_vec());
    settings.percent_encoding_mode = match scope.double_encode {
        true => PercentEncodingMode::Double,
        false => PercentEncodingMode::Single,
    };
    settings.uri_path_normalization_mode = match scope.normalize_path {
        true => UriPathNormalizationMode::Enabled,
        false => UriPathNormalizationMode::Disabled,
    };
    let body = match payload_sha256 {
        Some(hash) => SignableBody::Precomputed(hex(hash)),
        None => {
            request.headers_mut().insert(CONTENT_SHA256, UNSIGNED_PAYLOAD);
            SignableBody::UnsignedPayload
        }
    };
    let identity = credentials.clone().into();
    let params = SigningParams::builder()
        .identity(&identity)
        .region(scope.region)
        .name(scope.service)
        .time(time)
        .settings(settings)
        .build()?
        .into();
    let headers = request
        .headers()
        .iter()
        .map(|(name, value)| Ok((name.as_str(), std::str::from_utf8(value.as_bytes())?)))
        .collect::<Result<Vec<_>, std::str::Utf8Error>>()?;
    let signable = SignableRequest::new(
        request.method().as_str(),
        request.uri().to_string(),
        headers.into_iter(),
        body,
    )?;
    // aws-sigv4 logs all headers, even those that hold what must not be shown.
    let signed = dispatcher::with_default(&Dispatch::none(), || sign_request(signable, &params))?;
    let (instructions, _signature) = signed.into_parts();
    instructions.apply_to_request_http1x(request);
    Ok(())
}

/// Refuses credentials that aws-sigv4 would panic on.
fn check(credentials: &Credentials) -> Result<(), BoxError> {
    if credentials.access_key_id().is_empty() || credentials.secret_access_key().is_empty() {
        return Err("the credentials have an empty access key id or secret access key".into());
    }
    let carried = |text: &str| text.bytes().all(|byte| byte.is_ascii_graphic());
    if !carried(credentials.access_key_id()) {
        return Err("the access key id has a character that a header cannot carry".into());
    }
    if !credentials.session_token().is_none_or(carried) {
        return Err("the session token has a character that a header cannot carry".into());
    }
    Ok(())
}

fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    digits.map(|digit| char::from(DIGITS[usize::from(digit)])).collect()
}
