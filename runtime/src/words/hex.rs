//! Bytes as lowercase hexadecimal digits.

/// Both digits of a byte. Without a table, so that the digits of a hash are computed side by side.
pub(crate) fn digits(byte: u8) -> [u8; 2] {
    [byte >> 4, byte & 15].map(|digit| digit + if digit < 10 { b'0' } else { b'a' - 10 })
}

/// The 64 digits of a hash or a signature.
pub(crate) fn of_hash(bytes: &[u8]) -> [u8; 64] {
    of(bytes)
}

/// So many digits, two for each byte.
pub(crate) fn of<const DIGITS: usize>(bytes: &[u8]) -> [u8; DIGITS] {
    let mut text = [0; DIGITS];
    for (place, byte) in text.chunks_exact_mut(2).zip(bytes) {
        place.copy_from_slice(&digits(*byte));
    }
    text
}
