//! Verifies AWS Signature Version 4 as a service would, independently of the signer under test.

mod canonical;
#[cfg(test)]
mod tests;
pub mod vectors;

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

use self::canonical::canonical_request;
use crate::server::Recorded;

const ALGORITHM: &str = "AWS4-HMAC-SHA256";

/// Headers that the connection, a retry or a proxy may change or add after signing.
const NEVER_SIGNED: [&str; 10] = [
    "amz-sdk-invocation-id",
    "amz-sdk-request",
    "authorization",
    "connection",
    "content-length",
    "expect",
    "te",
    "transfer-encoding",
    "user-agent",
    "x-amzn-trace-id",
];

/// The credentials that a request is to be signed with.
#[derive(Clone, Debug)]
pub struct Keys {
    /// The access key id.
    pub access_key: String,
    /// The secret access key.
    pub secret_key: String,
    /// The token of temporary credentials.
    pub session_token: Option<String>,
}

/// What a valid signature is good for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scope {
    /// When it was signed, as in `20150830T123600Z`.
    pub timestamp: String,
    /// The region.
    pub region: String,
    /// The signing name of the service.
    pub service: String,
    /// The names of the signed headers, in lower case and sorted.
    pub signed_headers: Vec<String>,
}

/// Checks that the request is signed with these keys for this service, and that what matters is signed while what may
/// change on the way is not.
///
/// The path on the wire is encoded once more for the signature, as all services but S3 want it.
///
/// # Errors
///
/// What is wrong. If it is the signature itself, with the canonical request and the string to sign that were expected.
pub fn verify(request: &Recorded, keys: &Keys, service: &str) -> Result<Scope, String> {
    let authorization = Authorization::of(request)?;
    authorization.check_scope(request, keys, service)?;
    check_token(request, keys)?;
    check_signed_headers(request, &authorization.signed_headers)?;
    authorization.check_signature(request, keys)
}

/// The same for a signer that may sign whatever it wants: not the one under test.
///
/// # Errors
///
/// Like [`verify`].
pub fn verify_signature(request: &Recorded, keys: &Keys, service: &str) -> Result<Scope, String> {
    let authorization = Authorization::of(request)?;
    authorization.check_scope(request, keys, service)?;
    check_token(request, keys)?;
    authorization.check_signature(request, keys)
}

/// What the request says about its signature.
struct Authorization<'a> {
    timestamp: &'a str,
    access_key: &'a str,
    date: &'a str,
    region: &'a str,
    service: &'a str,
    signed_headers: Vec<&'a str>,
    signature: &'a str,
}

impl<'a> Authorization<'a> {
    fn of(request: &'a Recorded) -> Result<Self, String> {
        let timestamp = only(request, "x-amz-date")?;
        let value = only(request, "authorization")?;
        let malformed = || format!("malformed authorization: {value}");

        let fields = value
            .strip_prefix(ALGORITHM)
            .and_then(|rest| rest.strip_prefix(' '))
            .ok_or_else(malformed)?;
        let fields: Vec<&str> = fields.split(", ").collect();
        let [credential, signed_headers, signature] = fields[..] else {
            return Err(malformed());
        };
        let credential = credential.strip_prefix("Credential=").ok_or_else(malformed)?;
        let credential: Vec<&str> = credential.split('/').collect();
        let [access_key, date, region, service, "aws4_request"] = credential[..] else {
            return Err(malformed());
        };
        let signed_headers = signed_headers.strip_prefix("SignedHeaders=").ok_or_else(malformed)?;
        let signature = signature.strip_prefix("Signature=").ok_or_else(malformed)?;
        let signed_headers = signed_headers.split(';').collect();
        Ok(Self {
            timestamp,
            access_key,
            date,
            region,
            service,
            signed_headers,
            signature,
        })
    }

    fn check_scope(&self, request: &Recorded, keys: &Keys, service: &str) -> Result<(), String> {
        let Self {
            timestamp,
            date,
            region,
            ..
        } = self;
        if self.access_key != keys.access_key {
            return Err(format!(
                "signed with access key {}, expected {}",
                self.access_key, keys.access_key
            ));
        }
        if self.service != service {
            return Err(format!("signed for service {}, expected {service}", self.service));
        }
        if region.is_empty() {
            return Err("signed for no region".to_owned());
        }
        if !is_timestamp(timestamp) || !timestamp.starts_with(date) {
            return Err(format!("signed for date {date} at {timestamp}"));
        }
        if request.headers_named("x-amz-content-sha256").next().is_some() {
            return Err("x-amz-content-sha256 is present".to_owned());
        }
        Ok(())
    }

    fn check_signature(self, request: &Recorded, keys: &Keys) -> Result<Scope, String> {
        let canonical = canonical_request(request, &self.signed_headers)?;
        let to_sign = self.string_to_sign(&canonical);
        let expected = self.sign(&to_sign, keys);
        if self.signature != expected {
            let signature = self.signature;
            return Err(format!(
                "the signature is {signature}, expected {expected}\n\n\
                 canonical request:\n{canonical}\n\nstring to sign:\n{to_sign}"
            ));
        }
        Ok(Scope {
            timestamp: self.timestamp.to_owned(),
            region: self.region.to_owned(),
            service: self.service.to_owned(),
            signed_headers: self.signed_headers.iter().map(|&name| name.to_owned()).collect(),
        })
    }

    fn string_to_sign(&self, canonical: &str) -> String {
        let Self {
            timestamp,
            date,
            region,
            service,
            ..
        } = self;
        let hash = hex::encode(Sha256::digest(canonical));
        format!("{ALGORITHM}\n{timestamp}\n{date}/{region}/{service}/aws4_request\n{hash}")
    }

    fn sign(&self, to_sign: &str, keys: &Keys) -> String {
        let mut key = format!("AWS4{}", keys.secret_key).into_bytes();
        for part in [self.date, self.region, self.service, "aws4_request", to_sign] {
            let mut mac = Hmac::<Sha256>::new_from_slice(&key).expect("HMAC takes keys of any length");
            mac.update(part.as_bytes());
            key = mac.finalize().into_bytes().to_vec();
        }
        hex::encode(key)
    }
}

/// The value of a header that must be there once.
fn only<'a>(request: &'a Recorded, name: &str) -> Result<&'a str, String> {
    let values: Vec<&[u8]> = request.headers_named(name).collect();
    let [value] = values[..] else {
        return Err(format!("{} headers {name}, expected one", values.len()));
    };
    str::from_utf8(value).map_err(|_| format!("{name} is not UTF-8"))
}

fn is_timestamp(text: &str) -> bool {
    let pattern = b"00000000T000000Z";
    let fits = |(actual, expected): (u8, &u8)| actual == *expected || (*expected == b'0' && actual.is_ascii_digit());
    text.len() == pattern.len() && text.bytes().zip(pattern).all(fits)
}

fn check_token(request: &Recorded, keys: &Keys) -> Result<(), String> {
    let tokens: Vec<&[u8]> = request.headers_named("x-amz-security-token").collect();
    let expected: Vec<&[u8]> = keys.session_token.iter().map(String::as_bytes).collect();
    if tokens != expected {
        let tokens: Vec<_> = tokens.iter().map(|token| token.escape_ascii().to_string()).collect();
        return Err(format!(
            "x-amz-security-token is {tokens:?}, expected {:?}",
            keys.session_token
        ));
    }
    Ok(())
}

fn check_signed_headers(request: &Recorded, signed: &[&str]) -> Result<(), String> {
    if !signed.is_sorted_by(|one, other| one < other) {
        return Err(format!("the signed headers are not sorted, or not unique: {signed:?}"));
    }
    let present: Vec<String> = request
        .headers
        .iter()
        .map(|(name, _)| name.to_ascii_lowercase())
        .collect();
    let must = |name: &str| {
        ["accept", "content-type"].contains(&name)
            || ["x-amz-", "x-amzn-sagemaker-"]
                .iter()
                .any(|prefix| name.starts_with(prefix))
    };
    let required = present
        .iter()
        .map(String::as_str)
        .filter(|name| must(name))
        .chain(["host", "x-amz-date"]);
    for name in required {
        if !signed.contains(&name) {
            return Err(format!("{name} is not signed"));
        }
    }
    for &name in signed {
        if NEVER_SIGNED.contains(&name) {
            return Err(format!("{name} is signed, though it may change on the way"));
        }
        if !present.iter().any(|present| present == name) {
            return Err(format!("{name} is signed, but not there"));
        }
    }
    Ok(())
}
