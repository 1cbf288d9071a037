//! Values of each type.

use std::collections::HashMap;

use bytes::Bytes;
use lean_aws_runtime::DateTime;

use super::{Colour, read, refused, write};

#[test]
fn whole_numbers() {
    for (hex, expected) in [
        ("00", 0),
        ("17", 23),
        ("1818", 24),
        ("18ff", 255),
        ("190100", 256),
        ("19ffff", 65_535),
        ("1a00010000", 65_536),
        ("1affffffff", u32::MAX.into()),
        ("1b0000000100000000", 1 << 32),
        ("1b7fffffffffffffff", i64::MAX),
        ("20", -1),
        ("37", -24),
        ("3818", -25),
        ("3903e7", -1000),
        ("3b7fffffffffffffff", i64::MIN),
    ] {
        assert_eq!(read::<i64>(hex).unwrap(), expected, "{hex}");
        assert_eq!(write(&expected), hex);
    }
    // Longer than they have to be, floats, big numbers, and tags that mean nothing here.
    for (hex, expected) in [
        ("1800", 0),
        ("1b0000000000000001", 1),
        ("3a00000000", -1),
        ("f93c00", 1),
        ("fa47c35000", 100_000),
        ("fbc010666666666666", -4),
        ("c24101", 1),
        ("c2480000000000000007", 7),
        ("c340", -1),
        ("c34107", -8),
        ("c25f41014102ff", 0x102),
        ("c105", 5),
        ("d9d9f7c1c105", 5),
        ("c2540000000000000000000000000000000000000001", 1),
    ] {
        assert_eq!(read::<i32>(hex).unwrap(), expected, "{hex}");
    }
    refused::<i64>(
        &[
            "1b8000000000000000",
            "3b8000000000000000",
            "fb43e0000000000000",
            "f97c00",
            "f97e00",
            "c249010000000000000000",
            "c25104000000000000000000000000000000 00",
        ],
        "a number is out of range",
    );
    refused::<i32>(&["1a80000000", "3a80000000"], "a number is out of range");
    refused::<i8>(&["1880", "3880"], "a number is out of range");
    refused::<i64>(
        &["f4", "f6", "60", "6131", "40", "4101", "c14101", "80", "a0", "bfff"],
        "a value is of another type",
    );
    assert_eq!(read::<i8>("387f").unwrap(), i8::MIN);
    assert_eq!(read::<i64>("fbc3e0000000000000").unwrap(), i64::MIN);
    assert_eq!(write(&-128_i8), "387f");
    assert_eq!(write(&i32::MAX), "1a7fffffff");
}

#[test]
fn floats() {
    for (hex, expected) in [
        ("f90000", 0.0),
        ("f93c00", 1.0),
        ("f93e00", 1.5),
        ("f97bff", 65_504.0),
        ("fa47c35000", 100_000.0),
        ("fa7f7fffff", f32::MAX.into()),
        ("fb7e37e43c8800759c", 1e300),
        ("f90001", 5.960_464_477_539_063e-8),
        ("f90400", 0.000_061_035_156_25),
        ("f903ff", 6.097_555_160_522_461e-5),
        ("f9c400", -4.0),
        ("fbc010666666666666", -4.1),
        ("f97c00", f64::INFINITY),
        ("f9fc00", f64::NEG_INFINITY),
        ("fa7f800000", f64::INFINITY),
        ("fbfff0000000000000", f64::NEG_INFINITY),
        ("05", 5.0),
        ("3903e7", -1000.0),
        ("1bffffffffffffffff", 18_446_744_073_709_551_615.0),
        ("c249010000000000000000", 18_446_744_073_709_551_616.0),
        ("c349010000000000000000", -18_446_744_073_709_551_617.0),
        ("c25101000000000000000000000000000000 00", 2_f64.powi(128)),
    ] {
        assert_eq!(read::<f64>(hex).unwrap(), expected, "{hex}");
    }
    assert!(read::<f64>("f98000").unwrap().is_sign_negative());
    for hex in ["f97e00", "fa7fc00000", "fb7ff8000000000000"] {
        assert!(read::<f64>(hex).unwrap().is_nan() && read::<f32>(hex).unwrap().is_nan());
    }
    assert_eq!(read::<f32>("fb3ff199999999999a").unwrap(), 1.1);
    refused::<f64>(&["f4", "f7", "6131", "f820", "f0"], "a value is of another type");
    assert_eq!(write(&1.0_f64), "fb3ff0000000000000");
    assert_eq!(write(&1.5_f32), "fa3fc00000");
    assert_eq!(write(&f64::NAN), "fb7ff8000000000000");
    assert_eq!(write(&f32::NEG_INFINITY), "faff800000");
}

#[test]
fn booleans_and_nulls() {
    assert!(!read::<bool>("f4").unwrap());
    assert!(read::<bool>("c1f5").unwrap());
    refused::<bool>(
        &["00", "f6", "f7", "f0", "f814", "6474727565"],
        "a value is of another type",
    );
    for hex in ["f6", "f7", "c1f6"] {
        assert_eq!(read::<Option<bool>>(hex).unwrap(), None);
    }
    assert_eq!(read::<Option<bool>>("f4").unwrap(), Some(false));
    assert_eq!(
        (write(&true), write(&false), write(&None::<bool>)),
        ("f5".into(), "f4".into(), "f6".into())
    );
}

#[test]
fn text_and_bytes() {
    for (hex, expected) in [
        ("60", ""),
        ("6161", "a"),
        ("62c3a9", "é"),
        ("7fff", ""),
        ("7f6161606162ff", "ab"),
        // A chunk may end in the middle of a character.
        ("7f61c361a9ff", "é"),
        ("c16161", "a"),
        ("780161", "a"),
    ] {
        assert_eq!(read::<String>(hex).unwrap(), expected, "{hex}");
    }
    refused::<String>(&["61ff", "7f61c3ff"], "text is not UTF-8");
    refused::<String>(&["4161", "f6", "00", "a0"], "a value is of another type");
    refused::<String>(&["7f4161ff", "7f7f6161ffff", "7fc16161ff", "7f00ff"], "it is not valid");
    assert_eq!(write(&"é".to_owned()), "62c3a9");
    assert_eq!(write(&"x".repeat(24))[..6], *"781878");
    assert_eq!(write(&"x".repeat(256))[..8], *"79010078");
    assert_eq!(write(&"x".repeat(65_536))[..12], *"7a0001000078");

    for (hex, expected) in [
        ("40", &b""[..]),
        ("4200ff", b"\0\xff"),
        ("5f41004041ffff", b"\0\xff"),
        ("5fff", b""),
    ] {
        assert_eq!(read::<Bytes>(hex).unwrap(), expected, "{hex}");
    }
    refused::<Bytes>(&["60", "6161", "f6", "80"], "a value is of another type");
    assert_eq!(write(&Bytes::from_static(b"\0\xff")), "4200ff");

    assert_eq!(read::<Colour>("63524544").unwrap(), Colour::Red);
    assert_eq!(read::<Colour>("60").unwrap(), Colour::Unknown(String::new()));
    assert_eq!(write(&Colour::Red), "63524544");
}

#[test]
fn times() {
    for (hex, millis) in [
        ("c11a5e0be100", 1_577_836_800_000),
        ("c1fb41d782f840200000", 1_577_836_800_500),
        ("c100", 0),
        ("c120", -1000),
        ("c1fbbf50624dd2f1a9fc", -1),
        ("c1fb41d782f8400fbe77", 1_577_836_800_246),
    ] {
        assert_eq!(read::<DateTime>(hex).unwrap(), DateTime::from_millis(millis), "{hex}");
        assert_eq!(write(&DateTime::from_millis(millis)), hex);
    }
    // Without a tag, in other forms, and more exact than is written.
    for hex in ["1a5e0be100", "c1fb41d782f840000000", "fa4ebc17c2", "c1c1c2445e0be100"] {
        assert_eq!(
            read::<DateTime>(hex).unwrap(),
            DateTime::from_secs(1_577_836_800),
            "{hex}"
        );
    }
    let exact = DateTime::from_secs_and_nanos(-2, 1_999_999);
    assert_eq!(write(&exact), write(&DateTime::from_millis(-1999)));
    refused::<DateTime>(
        &[
            "c1f97e00",
            "c1f97c00",
            "c1fb7e37e43c8800759c",
            "c1c2510100000000000000000000000000000000",
        ],
        "a value is no time",
    );
    refused::<DateTime>(&["c16161", "c1f6", "f4"], "a value is of another type");
}

#[test]
fn lists_and_maps() {
    for hex in [
        "83010203",
        "9f010203ff",
        "85f601f70203",
        "9ff60102f603ff",
        "c183c10102 03",
        "9b0000000000000003010203",
    ] {
        assert_eq!(read::<Vec<i32>>(hex).unwrap(), [1, 2, 3], "{hex}");
    }
    assert_eq!(read::<Vec<Option<i32>>>("9f01f6f7ff").unwrap(), [Some(1), None, None]);
    assert_eq!(read::<Vec<Vec<i32>>>("829fff8101").unwrap(), [vec![], vec![1]]);
    assert_eq!(write(&vec![vec![1], vec![]]), "82810180");
    assert_eq!(write(&vec![Some(1), None]), "8201f6");
    refused::<Vec<i32>>(&["a0", "00", "f6"], "a value is of another type");

    let map = HashMap::from([("a".to_owned(), 1)]);
    for hex in [
        "a1616101",
        "bf616101ff",
        "a2616102616101",
        // A null, and keys that are not text, even where they are maps themselves.
        "a26161016162f6",
        "a3616101010282a103049f05ff06",
        "bf41ff00616101bfff80ff",
    ] {
        assert_eq!(read::<HashMap<String, i32>>(hex).unwrap(), map, "{hex}");
    }
    assert_eq!(read::<HashMap<String, i32>>("a26161016161f6").unwrap(), HashMap::new());
    assert_eq!(
        read::<HashMap<Key, Option<i32>>>("a163524544f6")
            .unwrap()
            .into_values()
            .next(),
        Some(None)
    );
    assert_eq!(write(&map), "a1616101");
    refused::<HashMap<String, i32>>(&["80", "00", "f6"], "a value is of another type");
}

/// An enum as the key of a map.
#[derive(PartialEq, Eq, Hash)]
struct Key(String);

impl From<String> for Key {
    fn from(text: String) -> Self {
        Self(text)
    }
}
