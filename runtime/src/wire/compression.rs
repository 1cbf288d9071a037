//! Compressed requests.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use http::Request;
use http::header::{CONTENT_ENCODING, HeaderValue};

use crate::error::BoxError;
use crate::error::{Error, Kind};
use crate::wire::body::Body;
use crate::wire::request::RequestSettings;

/// Compresses the body of a request, if the settings say so, and adds to `Content-Encoding` that it did.
///
/// # Errors
///
/// When the body cannot be read.
pub async fn gzip(request: &mut Request<Body>, settings: RequestSettings) -> Result<(), Error> {
    let Some(smallest) = settings.compress_from else {
        return Ok(());
    };
    let length = request.body().length().await.map_err(unreadable)?;
    if length.is_none_or(|length| length > 0 && length >= smallest) {
        compress(request).await.map_err(unreadable)?;
    }
    Ok(())
}

/// The same for a payload that is a stream in the description: however short it is.
///
/// # Errors
///
/// When the body cannot be read.
pub async fn gzip_stream(request: &mut Request<Body>, settings: RequestSettings) -> Result<(), Error> {
    let compress_from = settings.compress_from.map(|_| 1);
    gzip(
        request,
        RequestSettings {
            compress_from,
            ..settings
        },
    )
    .await
}

async fn compress(request: &mut Request<Body>) -> Result<(), BoxError> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    let mut result = Ok(());
    request
        .body_mut()
        .read(&mut |bytes| {
            if result.is_ok() {
                result = encoder.write_all(bytes);
            }
        })
        .await?;
    result?;
    *request.body_mut() = encoder.finish()?.into();
    let encodings = match request.headers().get(CONTENT_ENCODING) {
        Some(others) => HeaderValue::from_bytes(&[others.as_bytes(), b", gzip"].concat())?,
        None => HeaderValue::from_static("gzip"),
    };
    request.headers_mut().insert(CONTENT_ENCODING, encodings);
    Ok(())
}

fn unreadable(error: impl Into<BoxError>) -> Error {
    Error::new(Kind::Payload).with_source(error)
}
