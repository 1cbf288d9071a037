//! Frames of event streams, written byte by byte as the format says, and not by code that the client shares.

/// The media type of a response that is such a stream.
pub const MEDIA_TYPE: &str = "application/vnd.amazon.eventstream";

/// An event with a payload of bytes.
#[must_use]
pub fn event(name: &str, payload: &[u8]) -> Vec<u8> {
    let headers = [
        (":event-type", name),
        (":content-type", "application/octet-stream"),
        (":message-type", "event"),
    ];
    frame(&headers, payload)
}

/// An error that the service's description knows, or should know.
#[must_use]
pub fn exception(name: &str, json: &str) -> Vec<u8> {
    let headers = [
        (":exception-type", name),
        (":content-type", "application/json"),
        (":message-type", "exception"),
    ];
    frame(&headers, json.as_bytes())
}

/// An error without a type.
#[must_use]
pub fn error(code: &str, message: &str) -> Vec<u8> {
    let headers = [
        (":error-code", code),
        (":error-message", message),
        (":message-type", "error"),
    ];
    frame(&headers, &[])
}

/// A frame with headers that are text.
///
/// # Panics
///
/// If a part is too long for the field that holds its length.
#[must_use]
pub fn frame(headers: &[(&str, &str)], payload: &[u8]) -> Vec<u8> {
    let headers: Vec<u8> = headers.iter().flat_map(|(name, value)| header(name, value)).collect();
    raw(&headers, payload)
}

/// A frame with any bytes as its headers.
///
/// # Panics
///
/// If a part is too long for the field that holds its length.
#[must_use]
pub fn raw(headers: &[u8], payload: &[u8]) -> Vec<u8> {
    let length = |bytes: usize| u32::try_from(bytes).expect("lengths have 32 bits");
    let mut frame = prelude(length(16 + headers.len() + payload.len()), length(headers.len())).to_vec();
    frame.extend(headers);
    frame.extend(payload);
    frame.extend(crc32(&frame));
    frame
}

/// The start of a frame: its length and that of its headers, which nothing here has to keep to, and their checksum.
#[must_use]
pub fn prelude(frame: u32, headers: u32) -> [u8; 12] {
    let mut prelude = [0; 12];
    prelude[..4].copy_from_slice(&frame.to_be_bytes());
    prelude[4..8].copy_from_slice(&headers.to_be_bytes());
    let checksum = crc32(&prelude[..8]);
    prelude[8..].copy_from_slice(&checksum);
    prelude
}

/// A header with a value of text.
///
/// # Panics
///
/// If a part is too long for the field that holds its length.
#[must_use]
pub fn header(name: &str, value: &str) -> Vec<u8> {
    const TEXT: u8 = 7;
    let name_length = u8::try_from(name.len()).expect("lengths of names have 8 bits");
    let length = u16::try_from(value.len()).expect("lengths of values have 16 bits");
    [
        &[name_length],
        name.as_bytes(),
        &[TEXT],
        &length.to_be_bytes(),
        value.as_bytes(),
    ]
    .concat()
}

/// CRC-32 of IEEE 802.3, bit by bit.
fn crc32(bytes: &[u8]) -> [u8; 4] {
    const POLYNOMIAL: u32 = 0xedb8_8320;
    let crc = bytes.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            (crc >> 1) ^ if crc & 1 == 1 { POLYNOMIAL } else { 0 }
        })
    });
    (!crc).to_be_bytes()
}

#[cfg(test)]
mod tests {
    use super::{crc32, frame};

    /// The check value of the algorithm, and a frame without anything in it.
    #[test]
    fn published_values() {
        assert_eq!(crc32(b"123456789"), 0xcbf4_3926_u32.to_be_bytes());
        let empty = [0, 0, 0, 16, 0, 0, 0, 0, 0x05, 0xc2, 0x48, 0xeb, 0x7d, 0x98, 0xc8, 0xff];
        assert_eq!(frame(&[], &[]), empty);
    }

    /// A frame of `shared/eventstream`'s kind, as AWS publishes it: a header of text and a payload of JSON.
    #[test]
    fn a_header_and_a_payload() {
        let bytes = frame(&[("content-type", "application/json")], b"{'foo':'bar'}");
        assert_eq!(&bytes[..8], [0, 0, 0, 61, 0, 0, 0, 32]);
        assert_eq!(&bytes[12..44], b"\x0ccontent-type\x07\x00\x10application/json");
        assert_eq!(&bytes[44..57], b"{'foo':'bar'}");
    }
}
