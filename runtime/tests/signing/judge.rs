//! Signatures by aws-sigv4, for the tests and the fuzz target that compare ours with them.

use std::borrow::Cow;
use std::time::{Duration, SystemTime};

use aws_sigv4::http_request::{
    PercentEncodingMode, SignableBody, SignableRequest, SignatureLocation, SigningSettings, UriPathNormalizationMode,
    sign,
};
use aws_sigv4::sign::v4::SigningParams;
use http::{HeaderValue, Request};
use lean_aws_runtime::Credentials;
use lean_aws_runtime::support::signing::Scope;

/// The same request with the signature of aws-sigv4; `None` where that cannot sign it.
pub(crate) fn sign_by_aws(
    mut request: Request<()>,
    hash: Option<&[u8; 32]>,
    credentials: &Credentials,
    scope: Scope<'_>,
    time: SystemTime,
) -> Option<Request<()>> {
    if hash.is_none() {
        let unsigned = HeaderValue::from_static("UNSIGNED-PAYLOAD");
        request.headers_mut().insert("x-amz-content-sha256", unsigned);
    }
    sign_with(request, hash, credentials, scope, time, settings(scope))
}

/// The same request with the signature of aws-sigv4 in the query; `None` where that cannot sign it.
#[allow(dead_code, reason = "the fuzz target signs in headers alone")]
pub(crate) fn presign_by_aws(
    request: Request<()>,
    hash: Option<&[u8; 32]>,
    credentials: &Credentials,
    scope: Scope<'_>,
    time: SystemTime,
    seconds: u64,
) -> Option<Request<()>> {
    let mut settings = settings(scope);
    settings.signature_location = SignatureLocation::QueryParams;
    settings.expires_in = Some(Duration::from_secs(seconds));
    sign_with(request, hash, credentials, scope, time, settings)
}

fn settings(scope: Scope<'_>) -> SigningSettings {
    let mut settings = SigningSettings::default();
    let unsigned = [
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
    settings.excluded_headers = Some(unsigned.map(Cow::Borrowed).to_vec());
    settings.percent_encoding_mode = match scope.double_encode {
        true => PercentEncodingMode::Double,
        false => PercentEncodingMode::Single,
    };
    settings.uri_path_normalization_mode = match scope.normalize_path {
        true => UriPathNormalizationMode::Enabled,
        false => UriPathNormalizationMode::Disabled,
    };
    settings
}

fn sign_with(
    mut request: Request<()>,
    hash: Option<&[u8; 32]>,
    credentials: &Credentials,
    scope: Scope<'_>,
    time: SystemTime,
    settings: SigningSettings,
) -> Option<Request<()>> {
    let body = match hash {
        Some(hash) => SignableBody::Precomputed(hash.iter().map(|byte| format!("{byte:02x}")).collect()),
        None => SignableBody::UnsignedPayload,
    };
    let token = credentials.session_token().map(str::to_owned);
    let (id, secret) = (credentials.access_key_id(), credentials.secret_access_key());
    let identity = aws_credential_types::Credentials::new(id, secret, token, None, "judge").into();
    let params = SigningParams::builder()
        .identity(&identity)
        .region(scope.region)
        .name(scope.service)
        .time(time)
        .settings(settings)
        .build()
        .ok()?
        .into();
    let headers: Option<Vec<(&str, &str)>> = request
        .headers()
        .iter()
        .map(|(name, value)| Some((name.as_str(), value.to_str().ok()?)))
        .collect();
    let signable = SignableRequest::new(
        request.method().as_str(),
        request.uri().to_string(),
        headers?.into_iter(),
        body,
    );
    let (instructions, _) = sign(signable.ok()?, &params).ok()?.into_parts();
    instructions.apply_to_request_http1x(&mut request);
    Some(request)
}
