//! Cyclic redundancy checks of up to 64 bits, eight bytes at a time.

use std::sync::LazyLock;

/// A check: its tables, and how many bytes it has.
#[derive(Debug)]
pub(super) struct Kind {
    tables: [[u64; 256]; 8],
    bytes: usize,
}

/// CRC-32C, of Castagnoli's polynomial.
///
/// Its tables are computed at the first use, which takes some microseconds. They are boxed: room for them in the static
/// would be 16 KB of the program's file.
pub(super) static CRC32C: LazyLock<Box<Kind>> = LazyLock::new(|| Kind::new(0x82F6_3B78, 4));

/// CRC-64/NVME, of the NVM Express specification.
pub(super) static CRC64_NVME: LazyLock<Box<Kind>> = LazyLock::new(|| Kind::new(0x9A6C_9329_AC4B_C9B5, 8));

impl Kind {
    /// A check of a polynomial in reflected form.
    fn new(polynomial: u64, bytes: usize) -> Box<Self> {
        let mut tables = [[0; 256]; 8];
        for (byte, entry) in (0..256).zip(&mut tables[0]) {
            *entry = (0..8).fold(byte, |crc, _| match crc & 1 {
                1 => (crc >> 1) ^ polynomial,
                _ => crc >> 1,
            });
        }
        // The table of what a byte does when more bytes follow it.
        for following in 1..8 {
            for byte in 0..256 {
                let before = tables[following - 1][byte];
                tables[following][byte] = (before >> 8) ^ tables[0][(before & 0xff) as usize];
            }
        }
        Box::new(Self { tables, bytes })
    }

    /// All bits of the check.
    fn mask(&self) -> u64 {
        u64::MAX >> (64 - 8 * self.bytes)
    }
}

/// A check in the making.
#[derive(Clone, Debug)]
pub(crate) struct Crc {
    kind: &'static Kind,
    state: u64,
}

impl Crc {
    pub(super) fn new(kind: &'static Kind) -> Self {
        Self {
            kind,
            state: kind.mask(),
        }
    }

    pub(super) fn update(&mut self, bytes: &[u8]) {
        let tables = &self.kind.tables;
        let mut state = self.state;
        let mut words = bytes.chunks_exact(8);
        for word in &mut words {
            let mut eight = [0; 8];
            eight.copy_from_slice(word);
            let mixed = (state ^ u64::from_le_bytes(eight)).to_le_bytes();
            state = 0;
            for (place, byte) in mixed.into_iter().enumerate() {
                state ^= tables[7 - place][usize::from(byte)];
            }
        }
        for byte in words.remainder() {
            state = (state >> 8) ^ tables[0][usize::from(state as u8 ^ byte)];
        }
        self.state = state;
    }

    /// The check, its highest byte first.
    pub(super) fn finish(&self) -> Vec<u8> {
        let crc = self.state ^ self.kind.mask();
        crc.to_be_bytes()[8 - self.kind.bytes..].to_vec()
    }
}
