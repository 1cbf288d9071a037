//! Payloads in chunks with a checksum behind them.

use bytes::Bytes;
use http::HeaderMap;
use http::header::{CONTENT_ENCODING, CONTENT_LENGTH, HeaderName, HeaderValue};

const TRAILER: HeaderName = HeaderName::from_static("x-amz-trailer");
const DECODED_LENGTH: HeaderName = HeaderName::from_static("x-amz-decoded-content-length");
const CODING: &str = "aws-chunked";

/// The payload as it was before the client cut it, with its checksum and length in headers. One that is not in chunks stays
/// as it is.
pub(super) fn decoded(headers: &mut HeaderMap, body: Bytes) -> Bytes {
    let codings = headers.get(CONTENT_ENCODING).and_then(|value| value.to_str().ok());
    let mut others: Vec<&str> = codings
        .into_iter()
        .flat_map(|codings| codings.split(','))
        .map(str::trim)
        .collect();
    if others.pop() != Some(CODING) {
        return body;
    }
    let Some((payload, trailers)) = without_chunks(&body) else {
        return body;
    };
    match HeaderValue::from_str(&others.join(",")) {
        Ok(others) if !others.is_empty() => _ = headers.insert(CONTENT_ENCODING, others),
        _ => _ = headers.remove(CONTENT_ENCODING),
    }
    headers.remove(TRAILER);
    if let Some(length) = headers.remove(DECODED_LENGTH) {
        headers.insert(CONTENT_LENGTH, length);
    }
    headers.extend(trailers);
    payload.into()
}

/// The payload of all chunks, and what follows them. A chunk may have a signature behind its length.
fn without_chunks(body: &[u8]) -> Option<(Vec<u8>, HeaderMap)> {
    let (mut payload, mut rest) = (Vec::new(), body);
    loop {
        let (head, chunk) = line(rest)?;
        let length = usize::from_str_radix(head.split(';').next()?.trim(), 16).ok()?;
        if length == 0 {
            rest = chunk;
            break;
        }
        payload.extend_from_slice(chunk.get(..length)?);
        rest = chunk.get(length..)?.strip_prefix(b"\r\n")?;
    }
    let mut trailers = HeaderMap::new();
    while let Some((trailer, others)) = line(rest).filter(|(trailer, _)| !trailer.is_empty()) {
        let (name, value) = trailer.split_once(':')?;
        let name = HeaderName::try_from(name.trim()).ok()?;
        trailers.insert(name, HeaderValue::from_str(value.trim()).ok()?);
        rest = others;
    }
    Some((payload, trailers))
}

/// A line of text, without its end, and what follows it.
fn line(bytes: &[u8]) -> Option<(&str, &[u8])> {
    let end = bytes.windows(2).position(|pair| pair == b"\r\n")?;
    let line = std::str::from_utf8(&bytes[..end]).ok()?;
    Some((line, &bytes[end + 2..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decode(codings: &'static str, body: &'static [u8]) -> (HeaderMap, Bytes) {
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_ENCODING, HeaderValue::from_static(codings));
        headers.insert(DECODED_LENGTH, HeaderValue::from_static("5"));
        let body = decoded(&mut headers, body.into());
        (headers, body)
    }

    #[test]
    fn chunks_are_joined() {
        let body = b"3;chunk-signature=0\r\nabc\r\n2\r\nde\r\n0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n";
        let (headers, body) = decode("gzip,aws-chunked", body);
        assert_eq!(body, "abcde");
        assert_eq!(headers[CONTENT_ENCODING], "gzip");
        assert_eq!(headers[CONTENT_LENGTH], "5");
        assert_eq!(headers["x-amz-checksum-crc32"], "AAAAAA==");
    }

    #[test]
    fn what_is_not_in_chunks_stays() {
        for body in [&b"9\r\nabc"[..], b"zz\r\n", b"", b"3\r\nabc"] {
            let (headers, decoded) = decode("aws-chunked", body);
            assert_eq!(
                (decoded, &headers[CONTENT_ENCODING]),
                (body.into(), &HeaderValue::from_static("aws-chunked"))
            );
        }
    }
}
