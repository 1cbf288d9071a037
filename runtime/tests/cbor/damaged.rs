//! Data that is cut off, too deep, or anything at all: the verdict is that of RFC 8949.

use std::collections::BTreeMap;

use lean_aws_runtime::support::cbor::{Members, Reader, to_bytes};

use super::{Order, bytes, read, read_bytes, refused, rich, skip};

#[test]
fn cut_off_anywhere() {
    let data = to_bytes(&rich());
    assert!(skip(&data).is_ok());
    for end in 0..data.len() {
        for error in [read_bytes::<Order>(&data[..end]).err(), skip(&data[..end]).err()] {
            let problem = error.expect("it is cut off").to_string();
            let is_early = problem.contains("it ends too early") || problem.contains("a length is beyond its end");
            assert!(is_early, "{end}: {problem}");
        }
    }
}

#[test]
fn depth_is_bounded() {
    let nest = |depth: usize, open: &str, close: &str| bytes(&format!("{}{}", open.repeat(depth), close.repeat(depth)));
    for (open, inner, close) in [
        ("81", "00", ""),
        ("9f", "", "ff"),
        ("bf00", "00", "ff"),
        ("a100", "00", ""),
        ("c181", "80", ""),
    ] {
        let nested = |depth: usize| [nest(depth, open, ""), bytes(inner), nest(depth, close, "")].concat();
        let deepest = if inner == "80" { 127 } else { 128 };
        assert!(skip(&nested(deepest)).is_ok(), "{open}");
        for data in [nested(deepest + 1), nested(100_000), nest(100_000, open, "")] {
            let problem = skip(&data).unwrap_err().to_string();
            assert!(
                problem.starts_with("CBOR: maps and arrays are nested too deeply"),
                "{problem}"
            );
        }
    }
    let parents = |depth: usize| format!("{}a0{}", "bf66706172656e74".repeat(depth), "ff".repeat(depth));
    assert!(read::<Order>(&parents(127)).is_ok());
    refused::<Order>(
        &[&parents(128), &parents(100_000)],
        "maps and arrays are nested too deeply",
    );
}

#[test]
fn lengths_are_checked_before_anything_is_allocated() {
    refused::<String>(
        &[
            "7b7fffffffffffffff61",
            "7bffffffffffffffff61",
            "7a0000000261",
            "7f7affffffff61ff",
        ],
        "a length is beyond its end",
    );
    refused::<Vec<i32>>(
        &["9b7fffffffffffffff00", "9bffffffffffffffff", "8300"],
        "a length is beyond its end",
    );
    refused::<Order>(
        &["bb8000000000000000", "bbffffffffffffffff", "a2626964", "a1"],
        "a length is beyond its end",
    );
    // Half of the items are there.
    refused::<Order>(&["a3626964613105"], "it ends too early");
    assert!(skip(&bytes("9b00000000000000ff00")).is_err());
}

/// Any well-formed item.
fn any_item(random: &mut fastrand::Rng, depth: usize, data: &mut Vec<u8>) {
    match random.u8(..if depth == 0 { 5 } else { 10 }) {
        kind @ (0 | 1) => {
            let argument = random.u8(..);
            head(random, kind, argument, data);
        }
        kind @ (2 | 3) if random.bool() => any_chunk(random, kind, data),
        kind @ (2 | 3) => {
            data.push(kind << 5 | 31);
            for _ in 0..random.usize(..3) {
                any_chunk(random, kind, data);
            }
            data.push(0xff);
        }
        4 => {
            let bits = random.u64(..).to_be_bytes();
            match random.u8(..4) {
                0 => data.push(0xe0 | random.u8(20..24)),
                1 => data.extend([0xf9].iter().chain(&bits[..2])),
                2 => data.extend([0xfa].iter().chain(&bits[..4])),
                _ => data.extend([0xfb].iter().chain(&bits)),
            }
        }
        5 => {
            let tag = random.u8(..6);
            head(random, 6, tag, data);
            any_item(random, depth - 1, data);
        }
        other => {
            let kind = 4 + other % 2;
            let length = random.u8(..4);
            let is_endless = random.bool();
            match is_endless {
                true => data.push(kind << 5 | 31),
                false => head(random, kind, length, data),
            }
            for _ in 0..length * (kind - 3) {
                any_item(random, depth - 1, data);
            }
            if is_endless {
                data.push(0xff);
            }
        }
    }
}

fn any_chunk(random: &mut fastrand::Rng, kind: u8, data: &mut Vec<u8>) {
    let text = &b"abc"[..random.usize(..4)];
    head(random, kind, text.len() as u8, data);
    data.extend_from_slice(text);
}

/// The beginning of an item, not always as short as it can be.
fn head(random: &mut fastrand::Rng, kind: u8, argument: u8, data: &mut Vec<u8>) {
    let kind = kind << 5;
    match random.u8(..8) {
        0 => data.extend_from_slice(&[kind | 27, 0, 0, 0, 0, 0, 0, 0, argument]),
        1 => data.extend_from_slice(&[kind | 26, 0, 0, 0, argument]),
        2 => data.extend_from_slice(&[kind | 25, 0, argument]),
        _ if argument < 24 => data.push(kind | argument),
        _ => data.extend_from_slice(&[kind | 24, argument]),
    }
}

fn mutate(random: &mut fastrand::Rng, data: &mut Vec<u8>) {
    const LIKELY: &[u8] =
        b"\x00\x18\x1b\x40\x41\x5f\x60\x61\x62\x7f\x80\x81\x9f\xa0\xa1\xbf\xc1\xc2\xf4\xf6\xf8\xf9\xfb\xff";
    for _ in 0..random.usize(1..4) {
        let at = random.usize(..=data.len());
        match random.u8(..4) {
            0 if at < data.len() => _ = data.remove(at),
            1 if at < data.len() => data[at] = LIKELY[random.usize(..LIKELY.len())],
            2 => data.truncate(at),
            _ => data.insert(at, LIKELY[random.usize(..LIKELY.len())]),
        }
    }
}

/// Whether data is one well-formed item: the algorithm of RFC 8949, appendix C.
fn is_well_formed(data: &[u8]) -> bool {
    let mut rest = data;
    item(&mut rest, false).is_some() && rest.is_empty()
}

const ENDLESS: u8 = 8;
const BREAK: u8 = 9;

/// Takes an item, and returns its kind; `None` where it is malformed.
fn item(rest: &mut &[u8], takes_break: bool) -> Option<u8> {
    let first = *take(rest, 1)?.first()?;
    let (kind, info) = (first >> 5, first & 0x1f);
    let argument = match info {
        0..24 => info.into(),
        24..28 => take(rest, 1 << (info - 24))?
            .iter()
            .fold(0, |value, byte| value << 8 | u64::from(*byte)),
        31 if kind == 7 => return takes_break.then_some(BREAK),
        31 => {
            match kind {
                2 | 3 => while item_of(rest, kind)? {},
                4 => while item(rest, true)? != BREAK {},
                5 => {
                    while item(rest, true)? != BREAK {
                        item(rest, false)?;
                    }
                }
                _ => return None,
            }
            return Some(ENDLESS);
        }
        _ => return None,
    };
    match kind {
        2 | 3 => _ = take(rest, argument)?,
        4 => (0..argument).try_for_each(|_| item(rest, false).map(drop))?,
        5 => (0..argument.checked_mul(2)?).try_for_each(|_| item(rest, false).map(drop))?,
        6 => _ = item(rest, false)?,
        _ => {}
    }
    Some(kind)
}

/// Takes a chunk of this kind, or a break.
fn item_of(rest: &mut &[u8], kind: u8) -> Option<bool> {
    match item(rest, true)? {
        BREAK => Some(false),
        other => (other == kind).then_some(true),
    }
}

fn take<'a>(rest: &mut &'a [u8], length: u64) -> Option<&'a [u8]> {
    let (taken, after) = rest.split_at_checked(length.try_into().ok()?)?;
    *rest = after;
    Some(taken)
}

#[test]
fn the_verdict_is_that_of_the_standard() {
    let mut random = fastrand::Rng::with_seed(20_191_216);
    let mut verdicts = BTreeMap::new();
    for round in 0..60_000 {
        let mut data = Vec::new();
        any_item(&mut random, 4, &mut data);
        if round % 4 != 0 {
            mutate(&mut random, &mut data);
        }
        let expected = is_well_formed(&data);
        assert_eq!(
            skip(&data).is_ok(),
            expected,
            "{}: {:?}",
            super::hex(&data),
            skip(&data)
        );
        *verdicts.entry(expected).or_insert(0) += 1;
        // It may be an order or none; it must come to an end.
        _ = read_bytes::<Order>(&data);
        _ = Members::read(&data);
    }
    assert!(verdicts[&true] > 15_000 && verdicts[&false] > 15_000, "{verdicts:?}");
}

#[test]
fn orders_that_were_damaged() {
    let mut random = fastrand::Rng::with_seed(7);
    let order = to_bytes(&rich());
    for _ in 0..40_000 {
        let mut data = order.clone();
        mutate(&mut random, &mut data);
        if read_bytes::<Order>(&data).is_ok() {
            assert!(is_well_formed(&data), "{}", super::hex(&data));
        }
    }
}

#[test]
fn any_bytes() {
    let mut random = fastrand::Rng::with_seed(1);
    for _ in 0..100_000 {
        let mut data = vec![0; random.usize(..40)];
        random.fill(&mut data);
        assert!(skip(&data).is_err() || is_well_formed(&data), "{}", super::hex(&data));
        _ = read_bytes::<Order>(&data);
        _ = Members::read(&data);
        _ = Reader::new(&data).union(|cbor, _| cbor.skip());
    }
}
