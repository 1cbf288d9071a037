//! CBOR that means the same.

use std::collections::BTreeMap;

/// The tag of seconds since 1970.
const EPOCH: u64 = 1;

/// An item, however it is written: lengths may be definite or not, floats of any size, and NaN is NaN.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Item {
    Unsigned(u64),
    Negative(u64),
    Bytes(Vec<u8>),
    Text(Vec<u8>),
    Array(Vec<Item>),
    Map(BTreeMap<Item, Item>),
    Tagged(u64, Box<Item>),
    Simple(u64),
    /// The bits of the number as a double.
    Float(u64),
}

/// The item that the bytes are; `None` if they are something else.
pub(super) fn item(bytes: &[u8]) -> Option<Item> {
    let mut rest = bytes;
    let item = take(&mut rest)?;
    rest.is_empty().then_some(item)
}

fn take(rest: &mut &[u8]) -> Option<Item> {
    let first = bytes(rest, 1)?[0];
    let (kind, info) = (first >> 5, first & 31);
    let argument = match info {
        0..24 => Some(info.into()),
        24..28 => {
            let digits = bytes(rest, 1 << (info - 24))?.iter();
            Some(digits.fold(0, |number: u64, digit| number << 8 | u64::from(*digit)))
        }
        _ => None,
    };
    Some(match (kind, argument) {
        (0, Some(number)) => Item::Unsigned(number),
        (1, Some(number)) => Item::Negative(number),
        (2, length) => Item::Bytes(string(rest, length)?),
        (3, length) => Item::Text(string(rest, length)?),
        (4, length) => Item::Array(items(rest, length)?),
        (5, length) => {
            let mut items = items(rest, length.map(|length| length * 2))?.into_iter();
            let pairs = std::iter::from_fn(|| items.next().zip(items.next()));
            Item::Map(pairs.collect())
        }
        // Whole seconds may be an integer or a float.
        (6, Some(tag)) => Item::Tagged(
            tag,
            Box::new(match take(rest)? {
                Item::Unsigned(seconds) if tag == EPOCH => float(seconds as f64),
                item => item,
            }),
        ),
        (7, Some(bits)) => match info {
            25 => float(half(bits)),
            26 => float(f32::from_bits(bits as u32).into()),
            27 => float(f64::from_bits(bits)),
            _ => Item::Simple(bits),
        },
        _ => return None,
    })
}

fn bytes<'a>(rest: &mut &'a [u8], length: usize) -> Option<&'a [u8]> {
    let (taken, after) = rest.split_at_checked(length)?;
    *rest = after;
    Some(taken)
}

/// A string, or its chunks; a break follows the last one.
fn string(rest: &mut &[u8], length: Option<u64>) -> Option<Vec<u8>> {
    if let Some(length) = length {
        return bytes(rest, length.try_into().ok()?).map(<[u8]>::to_vec);
    }
    let mut joined = Vec::new();
    for chunk in items(rest, None)? {
        match chunk {
            Item::Bytes(chunk) | Item::Text(chunk) => joined.extend(chunk),
            _ => return None,
        }
    }
    Some(joined)
}

/// So many items, or all before a break.
fn items(rest: &mut &[u8], length: Option<u64>) -> Option<Vec<Item>> {
    let mut items = Vec::new();
    loop {
        match length {
            Some(length) if items.len() as u64 == length => return Some(items),
            None if rest.first() == Some(&0xff) => {
                bytes(rest, 1)?;
                return Some(items);
            }
            _ => items.push(take(rest)?),
        }
    }
}

fn float(number: f64) -> Item {
    Item::Float(if number.is_nan() { f64::NAN } else { number }.to_bits())
}

fn half(bits: u64) -> f64 {
    let (exponent, fraction) = ((bits >> 10 & 31) as i32, (bits & 1023) as f64);
    let number = match exponent {
        0 => fraction * 2f64.powi(-24),
        31 if fraction == 0.0 => f64::INFINITY,
        31 => f64::NAN,
        _ => (1.0 + fraction / 1024.0) * 2f64.powi(exponent - 15),
    };
    if bits >> 15 == 1 { -number } else { number }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_in_which_it_is_written_does_not_count() {
        let same: [(&[u8], &[u8]); _] = [
            (b"\xa1\x61a\x01", b"\xbf\x61a\x18\x01\xff"),
            (b"\x82\x01\x02", b"\x9f\x01\x02\xff"),
            (b"\x62ab", b"\x7f\x61a\x61b\xff"),
            (b"\xf9\x3c\x00", b"\xfb\x3f\xf0\0\0\0\0\0\0"),
            (b"\xf9\x7e\x00", b"\xfa\x7f\xc0\0\0"),
        ];
        for (one, other) in same {
            assert!(item(one).is_some());
            assert_eq!(item(one), item(other));
        }
        for (one, other) in [
            (&b"\x01"[..], &b"\x02"[..]),
            (b"\x61a", b"\x41a"),
            (b"\xf4", b"\xf5"),
            (b"\x80", b"\xa0"),
        ] {
            assert_ne!(item(one), item(other));
        }
        assert_eq!(item(b"\x82\x01"), None);
    }
}
