//! Checksums of requests and responses, in one of several algorithms.

mod algorithm;
mod chunked;
mod crc;

use http::header::{CONTENT_ENCODING, CONTENT_LENGTH, HeaderName, HeaderValue};
use http::uri::Scheme;
use http::{HeaderMap, Request};

use self::chunked::Chunked;
use crate::error::{BoxError, Error, Kind};
use crate::wire::body::Body;
use crate::wire::request::RequestSettings;

pub(crate) use self::algorithm::{Algorithm, Hasher};

const ALGORITHM: HeaderName = HeaderName::from_static("x-amz-sdk-checksum-algorithm");
const MODE: HeaderName = HeaderName::from_static("x-amz-checksum-mode");
const TRAILER: HeaderName = HeaderName::from_static("x-amz-trailer");
const DECODED_LENGTH: HeaderName = HeaderName::from_static("x-amz-decoded-content-length");
const CONTENT_SHA256: HeaderName = HeaderName::from_static("x-amz-content-sha256");

/// What stands for the hash of a payload that is not signed and has its checksum behind it.
const UNSIGNED_WITH_TRAILER: HeaderValue = HeaderValue::from_static("STREAMING-UNSIGNED-PAYLOAD-TRAILER");

/// Adds the checksum of the body, unless the caller has given one: in the algorithm that a header names, else in CRC32 if
/// the operation needs one or the settings say so. `named` is whether a header tells the service about CRC32, too.
///
/// The checksum is in a header. That of a stream which TLS protects follows the payload: it is sent as it comes.
///
/// # Errors
///
/// When the body cannot be read, the algorithm is not one of ours, or the length of a stream is not known.
pub async fn add(
    request: &mut Request<Body>,
    settings: RequestSettings,
    required: bool,
    named: bool,
) -> Result<(), Error> {
    if request.headers().keys().any(|name| is_checksum(name.as_str())) {
        return Ok(());
    }
    let algorithm = match request.headers().get(&ALGORITHM) {
        Some(name) => Algorithm::named(name.as_bytes()).ok_or_else(unknown_algorithm)?,
        None if required || settings.checksums_of_requests => {
            let algorithm = Algorithm::Crc32;
            if named {
                let name = HeaderValue::from_static(algorithm.name());
                request.headers_mut().insert(ALGORITHM, name);
            }
            algorithm
        }
        None => return Ok(()),
    };
    let is_https = request.uri().scheme() == Some(&Scheme::HTTPS);
    match is_https && !request.body().is_replayable() {
        true => add_trailer(request, algorithm),
        false => add_header(request, algorithm).await,
    }
}

/// Asks for a checksum of the response, unless the settings say otherwise.
pub fn ask(request: &mut Request<Body>, settings: RequestSettings) {
    if settings.checksums_of_responses {
        let enabled = HeaderValue::from_static("ENABLED");
        request.headers_mut().entry(MODE).or_insert(enabled);
    }
}

/// The checksum that a response has, in the cheapest of the algorithms, and its algorithm. A checksum of checksums of parts
/// says nothing of the whole.
pub(crate) fn of_response(headers: &HeaderMap) -> Option<(Algorithm, &str)> {
    Algorithm::ALL.into_iter().find_map(|algorithm| {
        let value = headers.get(algorithm.header())?.to_str().ok()?;
        (!value.contains('-')).then_some((algorithm, value))
    })
}

async fn add_header(request: &mut Request<Body>, algorithm: Algorithm) -> Result<(), Error> {
    let mut hasher = algorithm.hasher();
    let read = request.body_mut().read(&mut |bytes| hasher.update(bytes)).await;
    read.map_err(unreadable)?;
    let checksum = HeaderValue::try_from(hasher.finish()).map_err(unreadable)?;
    request.headers_mut().insert(algorithm.header(), checksum);
    Ok(())
}

fn add_trailer(request: &mut Request<Body>, algorithm: Algorithm) -> Result<(), Error> {
    let announced = request.headers_mut().remove(CONTENT_LENGTH);
    let announced = announced.and_then(|length| length.to_str().ok()?.parse().ok());
    let Some(length) = request.body().known_length().or(announced) else {
        let problem = "the length of the stream is not known: set the content length, or give bytes or a file";
        return Err(unreadable(problem));
    };
    let body = std::mem::take(request.body_mut());
    *request.body_mut() = Body::from_http_body(Chunked::new(body, length, algorithm));
    let headers = request.headers_mut();
    let encodings = match headers.get(CONTENT_ENCODING) {
        Some(others) => HeaderValue::from_bytes(&[others.as_bytes(), b",aws-chunked"].concat()).map_err(unreadable)?,
        None => HeaderValue::from_static("aws-chunked"),
    };
    headers.insert(CONTENT_ENCODING, encodings);
    headers.insert(TRAILER, HeaderValue::from_static(algorithm.header_name()));
    headers.insert(DECODED_LENGTH, length.into());
    headers.insert(CONTENT_SHA256, UNSIGNED_WITH_TRAILER);
    Ok(())
}

/// Whether a header has a checksum, in whatever algorithm.
fn is_checksum(name: &str) -> bool {
    let algorithm = name.strip_prefix("x-amz-checksum-");
    algorithm.is_some_and(|algorithm| !matches!(algorithm, "algorithm" | "mode" | "type"))
}

fn unknown_algorithm() -> Error {
    Error::new(Kind::Input {
        member: "ChecksumAlgorithm",
        problem:
            "is not one that the client computes: use CRC32, CRC32C, CRC64NVME, SHA1 or SHA256, or give the checksum"
                .to_owned(),
    })
}

fn unreadable(error: impl Into<BoxError>) -> Error {
    Error::new(Kind::Payload).with_source(error)
}
