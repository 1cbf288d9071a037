//! Signatures in the query of a URL, for requests that others send.

use std::time::SystemTime;

use http::uri::PathAndQuery;
use http::{Request, Uri};
use percent_encoding::percent_encode;
use ring::digest::{SHA256, digest};

use super::canonical::CanonicalRequest;
use super::{ALGORITHM, Scope, Signer, UNSIGNED_PAYLOAD, date};
use crate::auth::credentials::Credentials;
use crate::error::BoxError;
use crate::words::percent::UNRESERVED;
use crate::words::{hex, host};

impl Signer {
    /// Signs a request in the query of its URL. The signature holds for so many seconds from `time` on.
    ///
    /// Without a hash, any payload may be sent. Every header that the request has now is signed, except those that may
    /// change on the way: whoever sends the request has to send the same ones.
    ///
    /// # Errors
    ///
    /// When the URL has no host or becomes longer than HTTP can carry, the time is not of the years 1970 to 9999, or the
    /// credentials cannot sign. The request stays as it was.
    pub fn presign<B>(
        &self,
        request: &mut Request<B>,
        payload_sha256: Option<&[u8; 32]>,
        credentials: &Credentials,
        scope: Scope<'_>,
        time: SystemTime,
        seconds: u64,
    ) -> Result<(), BoxError> {
        if let Some(flaw) = credentials.flaw() {
            return Err(flaw.into());
        }
        let time = date::text(time)?;
        host::header(request.uri()).ok_or("the URL has no host")?;
        let unsigned = request.uri().clone();
        let query = query(request, credentials, scope, &time, seconds);
        *request.uri_mut() = with_query(&unsigned, &query)?;

        let hash = payload_sha256.map(|hash| hex::of_hash(hash));
        let hash = hash.as_ref().map_or(UNSIGNED_PAYLOAD.as_bytes(), |hash| hash);
        let canonical = CanonicalRequest::new(request, hash, scope);
        let signature = self.signature(&canonical, credentials, scope, &time);
        let signature = String::from_utf8_lossy(&signature).into_owned();
        match with_query(request.uri(), &format!("X-Amz-Signature={signature}")) {
            Ok(signed) => *request.uri_mut() = signed,
            Err(too_long) => {
                *request.uri_mut() = unsigned;
                return Err(too_long);
            }
        }
        Ok(())
    }
}

/// The hash of a payload without bytes.
pub fn empty_sha256() -> [u8; 32] {
    let mut hash = [0; 32];
    hash.copy_from_slice(digest(&SHA256, b"").as_ref());
    hash
}

/// What the query says of the signature.
fn query<B>(
    request: &Request<B>,
    credentials: &Credentials,
    scope: Scope<'_>,
    time: &[u8; 16],
    seconds: u64,
) -> String {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let (time, day) = (text(&time[..]), text(&time[..8]));
    let Scope { region, service, .. } = scope;
    let credential = format!("{}/{day}/{region}/{service}/aws4_request", credentials.access_key_id());
    // They do not depend on the query.
    let signed_headers = text(CanonicalRequest::new(request, b"", scope).signed_headers());
    let mut query = format!("X-Amz-Algorithm={}", text(ALGORITHM));
    let mut add = |name: &str, value: &str| {
        query.push_str(name);
        query.extend(percent_encode(value.as_bytes(), UNRESERVED));
    };
    add("&X-Amz-Credential=", &credential);
    add("&X-Amz-Date=", &time);
    add("&X-Amz-Expires=", &seconds.to_string());
    add("&X-Amz-SignedHeaders=", &signed_headers);
    if let Some(token) = credentials.session_token() {
        add("&X-Amz-Security-Token=", token);
    }
    query
}

/// The same URL with more at the end of its query.
pub(crate) fn with_query(uri: &Uri, more: &str) -> Result<Uri, BoxError> {
    let (path, before) = match uri.query() {
        Some(query) if !query.is_empty() => (uri.path(), format!("{query}&")),
        _ => (uri.path(), String::new()),
    };
    let mut parts = uri.clone().into_parts();
    parts.path_and_query = Some(PathAndQuery::try_from(format!("{path}?{before}{more}"))?);
    Ok(Uri::from_parts(parts)?)
}
