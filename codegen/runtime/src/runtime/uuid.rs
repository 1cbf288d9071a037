//! Random identifiers.

/// A random UUID (version 4) in lower case.
pub(crate) fn random() -> String {
    let version_4 = 0x4000 | fastrand::u16(..) & 0x0fff;
    let variant_1 = 0x8000 | fastrand::u16(..) & 0x3fff;
    let (start, middle, end) = (fastrand::u32(..), fastrand::u16(..), fastrand::u64(..) >> 16);
    format!("{start:08x}-{middle:04x}-{version_4:04x}-{variant_1:04x}-{end:012x}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn form() {
        for _ in 0..1000 {
            let id = random();
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
