//! The algorithms.

use base64::prelude::{BASE64_STANDARD, Engine};
use http::header::HeaderName;
use ring::digest::{Context, SHA1_FOR_LEGACY_USE_ONLY, SHA256};

use super::crc::{CRC32C, CRC64_NVME, Crc};

/// An algorithm that checksums are computed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Algorithm {
    Crc32,
    Crc32c,
    Crc64Nvme,
    Sha1,
    Sha256,
}

impl Algorithm {
    /// All of them, the cheapest first.
    pub(crate) const ALL: [Self; 5] = [Self::Crc32, Self::Crc64Nvme, Self::Crc32c, Self::Sha1, Self::Sha256];

    /// The algorithm that a service calls so.
    pub(super) fn named(name: &[u8]) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|algorithm| algorithm.name().as_bytes() == name)
    }

    /// What services call it.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Crc32 => "CRC32",
            Self::Crc32c => "CRC32C",
            Self::Crc64Nvme => "CRC64NVME",
            Self::Sha1 => "SHA1",
            Self::Sha256 => "SHA256",
        }
    }

    pub(super) const fn header_name(self) -> &'static str {
        match self {
            Self::Crc32 => "x-amz-checksum-crc32",
            Self::Crc32c => "x-amz-checksum-crc32c",
            Self::Crc64Nvme => "x-amz-checksum-crc64nvme",
            Self::Sha1 => "x-amz-checksum-sha1",
            Self::Sha256 => "x-amz-checksum-sha256",
        }
    }

    /// The header that has the checksum.
    pub(super) fn header(self) -> HeaderName {
        HeaderName::from_static(self.header_name())
    }

    pub(crate) fn hasher(self) -> Hasher {
        match self {
            Self::Crc32 => Hasher::Crc32(crc32fast::Hasher::new()),
            Self::Crc32c => Hasher::Crc(Crc::new(&CRC32C)),
            Self::Crc64Nvme => Hasher::Crc(Crc::new(&CRC64_NVME)),
            Self::Sha1 => Hasher::Sha(Box::new(Context::new(&SHA1_FOR_LEGACY_USE_ONLY))),
            Self::Sha256 => Hasher::Sha(Box::new(Context::new(&SHA256))),
        }
    }
}

/// A checksum in the making.
#[derive(Clone)]
pub(crate) enum Hasher {
    Crc32(crc32fast::Hasher),
    Crc(Crc),
    // Boxed: it is much larger than the others.
    Sha(Box<Context>),
}

impl Hasher {
    pub(crate) fn update(&mut self, bytes: &[u8]) {
        match self {
            Self::Crc32(hasher) => hasher.update(bytes),
            Self::Crc(crc) => crc.update(bytes),
            Self::Sha(context) => context.update(bytes),
        }
    }

    /// The checksum, as headers have it.
    pub(crate) fn finish(self) -> String {
        match self {
            Self::Crc32(hasher) => BASE64_STANDARD.encode(hasher.finalize().to_be_bytes()),
            Self::Crc(crc) => BASE64_STANDARD.encode(crc.finish()),
            Self::Sha(context) => BASE64_STANDARD.encode(context.finish()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The checksums of `123456789` that the catalogues of CRCs have, and those that `sha1sum` and `sha256sum` print.
    #[test]
    fn known_checksums() {
        for (algorithm, expected) in [
            (Algorithm::Crc32, "y/Q5Jg=="),
            (Algorithm::Crc32c, "4waSgw=="),
            (Algorithm::Crc64Nvme, "rosUhgp5mIg="),
            (Algorithm::Sha1, "98O8HYCOBHMq32eZZczDTKeuNEE="),
            (Algorithm::Sha256, "FeKw08M4keuw8e9gnsQZQgwg4yDOlMZfvIwzEkSOsiU="),
        ] {
            let mut hasher = algorithm.hasher();
            hasher.update(b"123456789");
            assert_eq!(hasher.finish(), expected, "{algorithm:?}");
        }
    }

    #[test]
    fn pieces_make_no_difference() {
        let bytes: Vec<u8> = (0..1000u32).map(|number| (number * 7 + number / 256) as u8).collect();
        for algorithm in Algorithm::ALL {
            let mut whole = algorithm.hasher();
            whole.update(&bytes);
            let whole = whole.finish();
            for at in [1, 7, 8, 9, 500, 999] {
                let mut hasher = algorithm.hasher();
                hasher.update(&bytes[..at]);
                hasher.update(&bytes[at..]);
                assert_eq!(hasher.finish(), whole, "{algorithm:?} at {at}");
            }
        }
    }
}
