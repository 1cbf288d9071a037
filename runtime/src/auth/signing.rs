//! AWS Signature Version 4.
//!
//! The tests compare it with aws-sigv4, request by request. It is code of our own because that is most of what a client
//! does for a request: aws-sigv4 derives the key each time, and copies headers and path several times.

mod canonical;
pub(crate) mod date;
mod key;
mod presign;
#[cfg(feature = "test-util")]
pub(crate) mod verify;

use std::sync::{PoisonError, RwLock};
use std::time::SystemTime;

use http::Request;
use http::header::{AUTHORIZATION, HeaderName, HeaderValue};

use self::canonical::CanonicalRequest;
use self::key::SigningKey;
pub use self::presign::empty_sha256;
pub(crate) use self::presign::with_query;
use super::credentials::Credentials;
use crate::error::BoxError;
use crate::words::header_map::first;
use crate::words::{hex, host};

const DATE: HeaderName = HeaderName::from_static("x-amz-date");
const SECURITY_TOKEN: HeaderName = HeaderName::from_static("x-amz-security-token");
pub(crate) const CONTENT_SHA256: HeaderName = HeaderName::from_static("x-amz-content-sha256");

const ALGORITHM: &[u8] = b"AWS4-HMAC-SHA256";

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
    /// Without a hash the payload is not signed, and `x-amz-content-sha256` says so; what that header has already stays.
    /// Every header that the request has now is signed, except those that may change on the way.
    ///
    /// # Errors
    ///
    /// When the URL has no host, the time is not of the years 1970 to 9999, or the credentials cannot sign: a part of them
    /// is empty, or has characters that cannot be. The request stays as it was.
    pub fn sign<B>(
        &self,
        request: &mut Request<B>,
        payload_sha256: Option<&[u8; 32]>,
        credentials: &Credentials,
        scope: Scope<'_>,
        time: SystemTime,
    ) -> Result<(), BoxError> {
        if let Some(flaw) = credentials.flaw() {
            return Err(flaw.into());
        }
        let token = security_token(credentials)?;
        let time = date::text(time)?;
        let date = HeaderValue::from_bytes(&time)?;
        host::header(request.uri()).ok_or("the URL has no host")?;

        let headers = request.headers_mut();
        headers.insert(DATE, date);
        if let Some(token) = token {
            headers.insert(SECURITY_TOKEN, token);
        } else if first(headers, &SECURITY_TOKEN).is_some() {
            headers.remove(SECURITY_TOKEN);
        }
        let canonical = match payload_sha256 {
            Some(hash) => CanonicalRequest::new(request, &hex::of_hash(hash), scope),
            None => {
                let unsigned = || HeaderValue::from_static(UNSIGNED_PAYLOAD);
                let word = headers.entry(CONTENT_SHA256).or_insert_with(unsigned).clone();
                CanonicalRequest::new(request, word.as_bytes(), scope)
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
        time: &[u8; 16],
    ) -> Result<HeaderValue, BoxError> {
        let id = credentials.access_key_id().as_bytes();
        let text = self.with_key(credentials, time, scope, |key| {
            let signature = key.signature(canonical, time);
            #[rustfmt::skip]
            let text = [
                ALGORITHM, b" Credential=", id, b"/", key.scope(), b", SignedHeaders=", canonical.signed_headers(),
                b", Signature=", &signature,
            ];
            text.concat()
        });
        Ok(HeaderValue::try_from(text)?)
    }

    /// The signature, in hexadecimal digits.
    fn signature(
        &self,
        canonical: &CanonicalRequest,
        credentials: &Credentials,
        scope: Scope<'_>,
        time: &[u8; 16],
    ) -> [u8; 64] {
        self.with_key(credentials, time, scope, |key| key.signature(canonical, time))
    }

    /// Uses the kept key if it is the right one, else one that is kept from then on.
    fn with_key<T>(
        &self,
        credentials: &Credentials,
        time: &[u8; 16],
        scope: Scope<'_>,
        sign: impl FnOnce(&SigningKey) -> T,
    ) -> T {
        let day = &time[..8];
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

/// The session token as a header's value.
fn security_token(credentials: &Credentials) -> Result<Option<HeaderValue>, BoxError> {
    let Some(token) = credentials.session_token() else {
        return Ok(None);
    };
    let mut token = HeaderValue::from_str(token)?;
    token.set_sensitive(true);
    Ok(Some(token))
}
