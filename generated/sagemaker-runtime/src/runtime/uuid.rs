//! Random identifiers.

use super::hex;

/// A random UUID (version 4) in lower case, as ASCII.
pub(crate) fn random() -> [u8; 36] {
    let mut bytes = fastrand::u128(..).to_be_bytes();
    bytes[6] = 0x40 | bytes[6] & 0x0f;
    bytes[8] = 0x80 | bytes[8] & 0x3f;
    let mut text = [b'-'; 36];
    let mut digits = 0;
    for byte in bytes {
        // The hyphens are there already.
        digits += usize::from(matches!(digits, 8 | 13 | 18 | 23));
        text[digits..digits + 2].copy_from_slice(&hex::digits(byte));
        digits += 2;
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn form() {
        for _ in 0..1000 {
            let id = String::from_utf8(random().to_vec()).expect("it is ASCII");
            let groups: Vec<&str> = id.split('-').collect();
            assert_eq!(
                groups.iter().map(|group| group.len()).collect::<Vec<_>>(),
                [8, 4, 4, 4, 12]
            );
            assert!(groups[2].starts_with('4'), "{id}");
            assert!(groups[3].starts_with(['8', '9', 'a', 'b']), "{id}");
            assert!(id.bytes().all(|byte| matches!(byte, b'-' | b'0'..=b'9' | b'a'..=b'f')));
        }
        assert_ne!(random(), random());
    }
}
