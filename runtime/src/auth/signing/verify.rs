//! Verifies signatures, as services do.

use http::request::Parts;
use ring::digest::{SHA256, digest};

use super::canonical::{write_path, write_query, write_value};
use super::key::SigningKey;
use super::{ALGORITHM, CONTENT_SHA256, DATE, SECURITY_TOKEN, Scope, UNSIGNED_PAYLOAD};
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
}

/// What a request says of its signature.
struct Authorization<'r> {
    access_key_id: &'r str,
    day: &'r str,
    region: &'r str,
    service: &'r str,
    signed_headers: &'r str,
    signature: &'r str,
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
    let Some(header) = header(parts, "authorization") else {
        return Err((Refused::Unsigned, "the request is not signed".to_owned()));
    };
    let not_matching = |problem: String| (Refused::NotMatching, problem);
    let authorization = read(header)
        .ok_or("the header `authorization` is not one of Signature Version 4".to_owned())
        .map_err(not_matching)?;
    if authorization.access_key_id != credentials.access_key_id() {
        let problem = format!("the access key is not {}", credentials.access_key_id());
        return Err((Refused::UnknownKey, problem));
    }
    if self::header(parts, SECURITY_TOKEN.as_str()) != credentials.session_token() {
        let problem = "the session token is not that of the access key".to_owned();
        return Err((Refused::OtherToken, problem));
    }
    let matching = match_signature(
        &authorization,
        parts,
        body,
        credentials,
        service,
        allows_unsigned_payload,
    );
    matching.map_err(not_matching)
}

/// Checks the signature itself.
fn match_signature(
    authorization: &Authorization<'_>,
    parts: &Parts,
    body: &[u8],
    credentials: &Credentials,
    service: &ServiceInfo,
    allows_unsigned_payload: bool,
) -> Result<(), String> {
    let date = header(parts, DATE.as_str()).ok_or("the request has no header `x-amz-date`")?;
    let name = service.signing_name;
    if authorization.service != name || authorization.region.is_empty() {
        return Err(format!("the signature is not one for `{name}` in a region"));
    }
    if !date.starts_with(authorization.day) {
        return Err("the signature is for another day than `x-amz-date` says".to_owned());
    }
    let payload = payload_hash(parts, body, allows_unsigned_payload)?;
    let canonical = canonical(parts, authorization.signed_headers, &payload, service.s3_signatures)?;
    if authorization.signature != signature(authorization, date, &canonical, credentials) {
        let canonical = String::from_utf8_lossy(&canonical);
        return Err(format!(
            "the signature is not that of the canonical request:\n{canonical}"
        ));
    }
    Ok(())
}

fn read(header: &str) -> Option<Authorization<'_>> {
    let fields = header.strip_prefix("AWS4-HMAC-SHA256")?;
    let field = |name: &str| {
        let mut fields = fields.split(',').map(str::trim);
        fields.find_map(|field| field.strip_prefix(name)?.strip_prefix('='))
    };
    let credential: Vec<&str> = field("Credential")?.split('/').collect();
    let [access_key_id, day, region, service, "aws4_request"] = credential[..] else {
        return None;
    };
    Some(Authorization {
        access_key_id,
        day,
        region,
        service,
        signed_headers: field("SignedHeaders")?,
        signature: field("Signature")?,
    })
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
    write_query(parts.uri.query().unwrap_or_default(), &mut text);
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

fn signature(authorization: &Authorization<'_>, date: &str, canonical: &[u8], credentials: &Credentials) -> String {
    let Authorization {
        day, region, service, ..
    } = *authorization;
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
