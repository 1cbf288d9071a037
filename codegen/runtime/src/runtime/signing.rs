//! AWS Signature Version 4.
//!
//! The tests compare it with aws-sigv4, request by request. It is code of our own because that is most of what a client
//! does for a request: aws-sigv4 derives the key each time, and copies headers and path several times.

mod canonical;
mod date;
mod key;

use std::sync::{PoisonError, RwLock};
use std::time::SystemTime;

use http::Request;
use http::header::{AUTHORIZATION, HeaderName, HeaderValue};
use ring::digest::{SHA256, digest};

use self::canonical::CanonicalRequest;
use self::key::SigningKey;
use super::BoxError;
use super::credentials::Credentials;

const DATE: HeaderName = HeaderName::from_static("x-amz-date");
const SECURITY_TOKEN: HeaderName = HeaderName::from_static("x-amz-security-token");
const CONTENT_SHA256: HeaderName = HeaderName::from_static("x-amz-content-sha256");

const ALGORITHM: &str = "AWS4-HMAC-SHA256";

/// What stands for the hash of a payload that is not signed.
const UNSIGNED_PAYLOAD: &str = "UNSIGNED-PAYLOAD";

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

/// Signs requests. Keeps the key that was derived last: it is the same for all requests of a day.
#[derive(Default)]
pub struct Signer {
    key: RwLock<Option<SigningKey>>,
}

impl Signer {
    /// Signs a request: sets `x-amz-date`, `x-amz-security-token` where there is a token, and `authorization`.
    ///
    /// Without a hash the payload is not signed, and `x-amz-content-sha256` says so. Every header that the request has
    /// now is signed, except those that may change on the way.
    ///
    /// # Errors
    ///
    /// When the URL has no host, the time is not of the years 1970 to 9999, or the credentials have characters that a header
    /// cannot carry. The request stays as it was.
    pub fn sign<B>(
        &self,
        request: &mut Request<B>,
        payload_sha256: Option<&[u8; 32]>,
        credentials: &Credentials,
        scope: Scope<'_>,
        time: SystemTime,
    ) -> Result<(), BoxError> {
        let token = check(credentials)?;
        let time = date::text(time)?;
        let date = HeaderValue::from_str(&time)?;
        let host = canonical::host(request.uri()).ok_or("the URL has no host")?.to_owned();

        let headers = request.headers_mut();
        headers.insert(DATE, date);
        match token {
            Some(token) => headers.insert(SECURITY_TOKEN, token),
            None => headers.remove(SECURITY_TOKEN),
        };
        let canonical = match payload_sha256 {
            Some(hash) => CanonicalRequest::new(request, &host, &hex(hash), scope),
            None => {
                headers.insert(CONTENT_SHA256, HeaderValue::from_static(UNSIGNED_PAYLOAD));
                CanonicalRequest::new(request, &host, UNSIGNED_PAYLOAD.as_bytes(), scope)
            }
        };
        let authorization = self.authorization(&canonical, credentials, scope, &time)?;
        request.headers_mut().insert(AUTHORIZATION, authorization);
        Ok(())
    }

    fn authorization(
        &self,
        canonical: &CanonicalRequest,
        credentials: &Credentials,
        scope: Scope<'_>,
        time: &str,
    ) -> Result<HeaderValue, BoxError> {
        let Scope { region, service, .. } = scope;
        let day = &time[..8];
        let hash = hex(digest(&SHA256, canonical.text()).as_ref());
        let scope_text = format!("{day}/{region}/{service}/aws4_request");
        let to_sign = [ALGORITHM.as_bytes(), time.as_bytes(), scope_text.as_bytes(), &hash];
        let signature = self.with_key(credentials, day, scope, |key| key.sign(&to_sign.join(&b'\n')));
        let mut text = Vec::with_capacity(512);
        for part in [
            ALGORITHM.as_bytes(),
            b" Credential=",
            credentials.access_key_id().as_bytes(),
            b"/",
            scope_text.as_bytes(),
            b", SignedHeaders=",
            canonical.signed_headers(),
            b", Signature=",
            &hex(signature.as_ref()),
        ] {
            text.extend_from_slice(part);
        }
        Ok(HeaderValue::try_from(text)?)
    }

    /// Uses the kept key if it is the right one, else one that is kept from then on.
    fn with_key<T>(
        &self,
        credentials: &Credentials,
        day: &str,
        scope: Scope<'_>,
        sign: impl FnOnce(&SigningKey) -> T,
    ) -> T {
        let kept = self.key.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(key) = kept.as_ref().filter(|key| key.is_of(credentials, day, scope)) {
            return sign(key);
        }
        drop(kept);
        let key = SigningKey::derive(credentials, day, scope);
        let result = sign(&key);
        *self.key.write().unwrap_or_else(PoisonError::into_inner) = Some(key);
        result
    }
}

/// Refuses credentials that cannot sign or be sent, and gives their token as a header's value.
fn check(credentials: &Credentials) -> Result<Option<HeaderValue>, BoxError> {
    if credentials.access_key_id().is_empty() || credentials.secret_access_key().is_empty() {
        return Err("the credentials have an empty access key id or secret access key".into());
    }
    let carried = |text: &str| text.bytes().all(|byte| byte.is_ascii_graphic());
    if !carried(credentials.access_key_id()) {
        return Err("the access key id has a character that a header cannot carry".into());
    }
    let Some(token) = credentials.session_token() else {
        return Ok(None);
    };
    if !carried(token) {
        return Err("the session token has a character that a header cannot carry".into());
    }
    let mut token = HeaderValue::from_str(token)?;
    token.set_sensitive(true);
    Ok(Some(token))
}

/// The 32 bytes of a hash or a signature as lowercase digits.
fn hex(bytes: &[u8]) -> [u8; 64] {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut text = [0; 64];
    for (digits, byte) in text.chunks_exact_mut(2).zip(bytes) {
        digits[0] = DIGITS[usize::from(byte >> 4)];
        digits[1] = DIGITS[usize::from(byte & 15)];
    }
    text
}
