//! Verifies signatures, as services do.

use std::time::{Duration, SystemTime};

use http::request::Parts;
use percent_encoding::percent_decode_str;
use ring::digest::{SHA256, digest};

use super::canonical::{write_path, write_query, write_value};
use super::key::SigningKey;
use super::{ALGORITHM, CONTENT_SHA256, DATE, SECURITY_TOKEN, Scope, UNSIGNED_PAYLOAD, date};
use crate::auth::credentials::Credentials;
use crate::words::hex;
use crate::words::service::ServiceInfo;

/// Why a service refuses a signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// There is none.
    Unsigned,
    /// The service does not know the access key.
    UnknownKey,
    /// The session token is not that of the access key.
    OtherToken,
    /// The signature does not match the request, or cannot be read.
    NotMatching,
    /// The time of a presigned URL is over.
    Expired,
}

/// What a request says of its signature: in headers, or in the query of a presigned URL.
struct Authorization {
    access_key_id: String,
    day: String,
    region: String,
    service: String,
    date: String,
    token: Option<String>,
    signed_headers: String,
    signature: String,
    is_presigned: bool,
}

impl Authorization {
    fn of(parts: &Parts) -> Result<Self, (Refused, String)> {
        let unreadable = |what: &str| {
            let problem = format!("{what} is not one of Signature Version 4");
            (Refused::NotMatching, problem)
        };
        let owned = |name: &str| header(parts, name).map(str::to_owned);
        if let Some(authorization) = header(parts, "authorization") {
            let fields = authorization.strip_prefix("AWS4-HMAC-SHA256").unwrap_or_default();
            let field = |name: &str| {
                let mut fields = fields.split(',').map(str::trim);
                Some(
                    fields
                        .find_map(|field| field.strip_prefix(name)?.strip_prefix('='))?
                        .to_owned(),
                )
            };
            let date = owned(DATE.as_str());
            let date = date.ok_or_else(|| {
                (
                    Refused::NotMatching,
                    "the request has no header `x-amz-date`".to_owned(),
                )
            })?;
            let fields = [
                field("Credential"),
                Some(date),
                field("SignedHeaders"),
                field("Signature"),
            ];
            let token = owned(SECURITY_TOKEN.as_str());
            return Self::new(fields, token, false).ok_or_else(|| unreadable("the header `authorization`"));
        }
        let parameter = |name: &str| parameter(parts, name);
        let Some(signature) = parameter("X-Amz-Signature") else {
            return Err((Refused::Unsigned, "the request is not signed".to_owned()));
        };
        let fields = [
            parameter("X-Amz-Credential"),
            parameter("X-Amz-Date"),
            parameter("X-Amz-SignedHeaders"),
            Some(signature),
        ];
        let token = parameter("X-Amz-Security-Token");
        Self::new(fields, token, true).ok_or_else(|| unreadable("the signature in the URL"))
    }

    fn new(fields: [Option<String>; 4], token: Option<String>, is_presigned: bool) -> Option<Self> {
        let [credential, date, signed_headers, signature] = fields;
        let credential = credential?;
        let credential: Vec<&str> = credential.split('/').collect();
        let [access_key_id, day, region, service, "aws4_request"] = credential[..] else {
            return None;
        };
        let [access_key_id, day, region, service] = [access_key_id, day, region, service].map(str::to_owned);
        Some(Self {
            access_key_id,
            day,
            region,
            service,
            date: date?,
            token,
            signed_headers: signed_headers?,
            signature: signature?,
            is_presigned,
        })
    }
}

/// Checks that a request is signed with these credentials for a service.
///
/// # Errors
///
/// Why the signature is refused, in words as well; they contain the canonical request if that is signed otherwise.
pub(crate) fn verify(
    parts: &Parts,
    body: &[u8],
    credentials: &Credentials,
    service: &ServiceInfo,
    allows_unsigned_payload: bool,
) -> Result<(), (Refused, String)> {
    let authorization = Authorization::of(parts)?;
    if authorization.access_key_id != credentials.access_key_id() {
        let problem = format!("the access key is not {}", credentials.access_key_id());
        return Err((Refused::UnknownKey, problem));
    }
    if authorization.token.as_deref() != credentials.session_token() {
        let problem = "the session token is not that of the access key".to_owned();
        return Err((Refused::OtherToken, problem));
    }
    if authorization.is_presigned && is_over(parts, &authorization.date) {
        return Err((Refused::Expired, "the URL has expired".to_owned()));
    }
    let payload = match authorization.is_presigned && service.s3_signatures {
        true => Ok(UNSIGNED_PAYLOAD.to_owned()),
        false => payload_hash(parts, body, allows_unsigned_payload),
    };
    let matching = payload.and_then(|payload| match_signature(&authorization, parts, &payload, credentials, service));
    matching.map_err(|problem| (Refused::NotMatching, problem))
}

/// Checks the signature itself.
fn match_signature(
    authorization: &Authorization,
    parts: &Parts,
    payload: &str,
    credentials: &Credentials,
    service: &ServiceInfo,
) -> Result<(), String> {
    let name = service.signing_name;
    if authorization.service != name || authorization.region.is_empty() {
        return Err(format!("the signature is not one for `{name}` in a region"));
    }
    if !authorization.date.starts_with(&authorization.day) {
        return Err("the signature is for another day than `x-amz-date` says".to_owned());
    }
    let canonical = canonical(parts, &authorization.signed_headers, payload, service.s3_signatures)?;
    if authorization.signature != signature(authorization, &canonical, credentials) {
        let canonical = String::from_utf8_lossy(&canonical);
        return Err(format!(
            "the signature is not that of the canonical request:\n{canonical}"
        ));
    }
    Ok(())
}

/// Whether the time of a presigned URL is over. Dates of this form are in the order of their text.
fn is_over(parts: &Parts, signed_at: &str) -> bool {
    let seconds = parameter(parts, "X-Amz-Expires").and_then(|seconds| seconds.parse().ok());
    let earliest = SystemTime::now().checked_sub(Duration::from_secs(seconds.unwrap_or(0)));
    let earliest = earliest.and_then(|time| date::text(time).ok());
    earliest.is_none_or(|earliest| signed_at.as_bytes() < &earliest[..])
}

/// A parameter of the query, decoded.
fn parameter(parts: &Parts, name: &str) -> Option<String> {
    let mut pairs = parts.uri.query()?.split('&');
    let value = pairs.find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='))?;
    Some(percent_decode_str(value).decode_utf8().ok()?.into_owned())
}

fn header<'r>(parts: &'r Parts, name: &str) -> Option<&'r str> {
    parts.headers.get(name)?.to_str().ok()
}

/// The hash of the payload in the canonical request.
fn payload_hash(parts: &Parts, body: &[u8], allows_unsigned_payload: bool) -> Result<String, String> {
    let hash = hex::of_hash(digest(&SHA256, body).as_ref());
    let hash = String::from_utf8_lossy(&hash).into_owned();
    match header(parts, CONTENT_SHA256.as_str()) {
        Some(UNSIGNED_PAYLOAD) if allows_unsigned_payload => Ok(UNSIGNED_PAYLOAD.to_owned()),
        Some(UNSIGNED_PAYLOAD) => Err("the payload is not signed".to_owned()),
        Some(stated) if stated != hash => {
            Err("the payload has another hash than `x-amz-content-sha256` says".to_owned())
        }
        _ => Ok(hash),
    }
}

fn canonical(parts: &Parts, signed_headers: &str, payload_hash: &str, of_s3: bool) -> Result<Vec<u8>, String> {
    let mut text = format!("{}\n", parts.method).into_bytes();
    let scope = Scope {
        region: "",
        service: "",
        double_encode: !of_s3,
        normalize_path: !of_s3,
    };
    write_path(parts.uri.path(), scope, &mut text);
    text.push(b'\n');
    let query = parts.uri.query().unwrap_or_default().split('&');
    // A signature in the query is not of itself.
    let signed: Vec<&str> = query.filter(|pair| !pair.starts_with("X-Amz-Signature=")).collect();
    write_query(&signed.join("&"), &mut text);
    text.push(b'\n');
    for name in signed_headers.split(';') {
        let values: Vec<_> = parts.headers.get_all(name).iter().collect();
        if values.is_empty() {
            return Err(format!("the signed header `{name}` is not there"));
        }
        text.extend_from_slice(name.as_bytes());
        let mut before = b':';
        for value in values {
            text.push(before);
            write_value(value.as_bytes(), &mut text);
            before = b',';
        }
        text.push(b'\n');
    }
    text.extend_from_slice(format!("\n{signed_headers}\n{payload_hash}").as_bytes());
    Ok(text)
}

fn signature(authorization: &Authorization, canonical: &[u8], credentials: &Credentials) -> String {
    let Authorization {
        day,
        region,
        service,
        date,
        ..
    } = authorization;
    let scope = Scope {
        region,
        service,
        double_encode: true,
        normalize_path: true,
    };
    let hash = hex::of_hash(digest(&SHA256, canonical).as_ref());
    let scope_text = format!("\n{date}\n{day}/{region}/{service}/aws4_request\n");
    let key = SigningKey::derive(credentials, day.as_bytes(), scope);
    let signature = key.sign(&[ALGORITHM, scope_text.as_bytes(), &hash]);
    String::from_utf8_lossy(&hex::of_hash(signature.as_ref())).into_owned()
}
