//! Checksums of requests.

use base64::prelude::{BASE64_STANDARD, Engine};
use http::Request;
use http::header::{HeaderName, HeaderValue};
use md5::{Digest, Md5};

use crate::error::{Error, Kind};
use crate::wire::body::Body;

const CONTENT_MD5: HeaderName = HeaderName::from_static("content-md5");

/// Sets `Content-MD5` to the checksum of the body, unless the caller has given one.
///
/// # Errors
///
/// When the body cannot be read.
pub async fn content_md5(request: &mut Request<Body>) -> Result<(), Error> {
    if request.headers().contains_key(CONTENT_MD5) {
        return Ok(());
    }
    let failed = || Error::new(Kind::Payload);
    let mut hash = Md5::new();
    let read = request.body_mut().read(&mut |bytes| hash.update(bytes)).await;
    read.map_err(|error| failed().with_source(error))?;
    let checksum = HeaderValue::try_from(BASE64_STANDARD.encode(hash.finalize()));
    let checksum = checksum.map_err(|error| failed().with_source(error))?;
    request.headers_mut().insert(CONTENT_MD5, checksum);
    Ok(())
}
