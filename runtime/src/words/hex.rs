//! Bytes as lowercase hexadecimal digits.

/// Both digits of a byte.
pub(crate) fn digits(byte: u8) -> [u8; 2] {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    [DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]]
}

/// The 64 digits of a hash or a signature.
pub(crate) fn of_hash(bytes: &[u8]) -> [u8; 64] {
    let mut text = [0; 64];
    for (place, byte) in text.chunks_exact_mut(2).zip(bytes) {
        place.copy_from_slice(&digits(*byte));
    }
    text
}
