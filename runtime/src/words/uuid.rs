//! Random identifiers.

use ring::error::Unspecified;
use ring::rand::{SecureRandom, SystemRandom};

use super::hex;

/// Returns a random UUID (version 4) in lower case, as ASCII.
///
/// Its bytes are the operating system's, read for each one: a generator of the process would repeat itself in forks, in
/// virtual machines restored from one snapshot, and where seeds are alike.
///
/// # Errors
///
/// When the operating system has no random bytes.
pub(crate) fn random() -> Result<[u8; 36], Unspecified> {
    let mut bytes = [0; 16];
    SystemRandom::new().fill(&mut bytes)?;
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
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text() -> String {
        String::from_utf8(random().expect("there are random bytes").to_vec()).expect("it is ASCII")
    }

    #[test]
    fn form() {
        for _ in 0..1000 {
            let id = text();
            let groups: Vec<&str> = id.split('-').collect();
            assert_eq!(
                groups.iter().map(|group| group.len()).collect::<Vec<_>>(),
                [8, 4, 4, 4, 12]
            );
            assert!(groups[2].starts_with('4'), "{id}");
            assert!(groups[3].starts_with(['8', '9', 'a', 'b']), "{id}");
            assert!(id.bytes().all(|byte| matches!(byte, b'-' | b'0'..=b'9' | b'a'..=b'f')));
        }
    }

    /// Processes that start alike have equal generators of jitter.
    #[test]
    fn equal_seeds_do_not_make_equal_identifiers() {
        let seeded = || {
            fastrand::seed(7);
            text()
        };
        assert_ne!(seeded(), seeded());
    }
}
