//! Random identifiers.

use std::hash::{BuildHasher, RandomState};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

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
    Ok(text(bytes))
}

/// Returns a UUID of the same form that only has to be unique, such as that of a call. It takes no system call.
///
/// It is a hash, with a key that the operating system made, of a count and of the time. The time is what tells apart forks
/// and virtual machines restored from one snapshot.
pub(crate) fn unique() -> [u8; 36] {
    static KEY: LazyLock<RandomState> = LazyLock::new(RandomState::new);
    static COUNT: AtomicU64 = AtomicU64::new(0);
    // A time before 1970 is as good as any.
    let time = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    text(hashed(
        &*KEY,
        COUNT.fetch_add(1, Ordering::Relaxed),
        time.as_nanos() as u64,
    ))
}

fn hashed(key: &impl BuildHasher, count: u64, nanoseconds: u64) -> [u8; 16] {
    let halves = [2 * count, 2 * count + 1].map(|half| key.hash_one((half, nanoseconds)));
    let mut bytes = [0; 16];
    for (place, half) in bytes.chunks_exact_mut(8).zip(halves) {
        place.copy_from_slice(&half.to_ne_bytes());
    }
    bytes
}

/// These bytes as a UUID of version 4.
fn text(mut bytes: [u8; 16]) -> [u8; 36] {
    bytes[6] = 0x40 | bytes[6] & 0x0f;
    bytes[8] = 0x80 | bytes[8] & 0x3f;
    let digits: [u8; 32] = hex::of(&bytes);
    // The hyphens are there already.
    let mut text = [b'-'; 36];
    for (group, (from, to)) in [(0, 8), (8, 12), (12, 16), (16, 20), (20, 32)].into_iter().enumerate() {
        text[from + group..to + group].copy_from_slice(&digits[from..to]);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made() -> [u8; 36] {
        random().expect("there are random bytes")
    }

    #[test]
    fn form() {
        for make in [made, unique].repeat(500) {
            let id = String::from_utf8(make().to_vec()).expect("it is ASCII");
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
            made()
        };
        assert_ne!(seeded(), seeded());
    }

    #[test]
    fn forks_differ_in_time_and_threads_in_the_count() {
        let key = RandomState::new();
        let id = hashed(&key, 1, 1_000);
        assert_eq!(id, hashed(&key, 1, 1_000));
        assert_ne!(id, hashed(&key, 1, 1_001), "the same call of a fork");
        assert_ne!(id, hashed(&key, 2, 1_000), "a call of another thread at the same time");
        assert_ne!(
            id,
            hashed(&RandomState::new(), 1, 1_000),
            "the same call of another process"
        );
        assert_ne!(id[..8], id[8..]);
    }
}
