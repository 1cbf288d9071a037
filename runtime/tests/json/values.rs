//! Values of each type, as they are read.

use std::collections::HashMap;

use bytes::Bytes;
use lean_aws_runtime::DateTime;
use lean_aws_runtime::support::json::ToJson;
use lean_aws_runtime::support::timestamp::{DateTimeText, EpochSeconds, HttpDate};
use serde_json::{Value, json};

use super::{read, refused, write};

#[test]
fn whole_numbers() {
    for (text, expected) in [
        ("0", 0),
        ("-0", 0),
        ("2147483647", i32::MAX),
        ("-2147483648", i32::MIN),
        ("1.5", 1),
        ("-1.9", -1),
        ("1e3", 1000),
        ("2147483647.9", i32::MAX),
        ("100e-2", 1),
        ("-0.00123E+5", -123),
        ("12e-2", 0),
        ("0.0e999", 0),
        // Exponents that no integer has room for.
        ("0e-9223372036854775808", 0),
        ("0e99999999999999999999", 0),
        ("-0.0E+99999999999999999999", 0),
        ("7e-9223372036854775808", 0),
        ("7e-99999999999999999999", 0),
        ("10.01e-9223372036854775808", 0),
        (r#""12""#, 12),
        (r#"" -7 ""#, -7),
        (r#""1.5""#, 1),
        (" \n 5 \t", 5),
    ] {
        assert_eq!(read::<i32>(text).unwrap(), expected, "{text}");
    }
    refused::<i32>(&[
        "2147483648",
        "-2147483649",
        "1e10",
        "7e9223372036854775807",
        "-7.5e99999999999999999999",
        "0.007e9223372036854775807",
        r#""""#,
        r#""1e+-5""#,
        r#""1e""#,
        r#""1e-""#,
        r#""x""#,
        r#""NaN""#,
        "true",
        "[]",
        "null",
    ]);
    refused::<i32>(&["01", "1.", ".5", "+1", "-", "1e", "1e+", "0x1", "1 2"]);
    assert_eq!(read::<i8>("-128.5").unwrap(), -128);
    assert_eq!(read::<i16>("32767").unwrap(), i16::MAX);
    refused::<i8>(&["128", "-129"]);
    refused::<i16>(&["32768"]);
    assert_eq!(read::<i64>("9223372036854775807").unwrap(), i64::MAX);
    assert_eq!(read::<i64>("-9223372036854775808").unwrap(), i64::MIN);
    assert_eq!(read::<i64>("-9223372036854775808.0").unwrap(), i64::MIN);
    assert_eq!(read::<i64>("9223372036854775807.0").unwrap(), i64::MAX);
    refused::<i64>(&[
        "9223372036854775808",
        "9223372036854775808.0",
        "-9223372036854777857",
        "1e999",
    ]);
}

#[test]
fn floats() {
    for (text, expected) in [
        ("1", 1.0),
        ("0.1", 0.1),
        ("-1.5E-3", -0.0015),
        (r#""2.5""#, 2.5),
        (r#""Infinity""#, f64::INFINITY),
        (r#""-Infinity""#, f64::NEG_INFINITY),
    ] {
        assert_eq!(read::<f64>(text).unwrap(), expected, "{text}");
    }
    assert!(read::<f64>(r#""NaN""#).unwrap().is_nan());
    assert!(read::<f32>(r#""NaN""#).unwrap().is_nan());
    assert_eq!(read::<f32>("16777217").unwrap(), 16_777_216.0);
    refused::<f64>(&[
        "NaN",
        "Infinity",
        "-Infinity",
        r#""""#,
        r#""1,5""#,
        "true",
        "{}",
        "null",
    ]);
}

#[test]
fn booleans_and_strings() {
    for (text, expected) in [
        ("true", true),
        ("false", false),
        (r#""TRUE""#, true),
        (r#""false""#, false),
        (r#""yes""#, false),
    ] {
        assert_eq!(read::<bool>(text).unwrap(), expected, "{text}");
    }
    refused::<bool>(&["1", "tru", "truex", "null", "[]"]);
    let text = r#""a\"\\\/\b\f\n\r\t\u00e9\u20AC\ud83e\udd80é🦀""#;
    assert_eq!(read::<String>(text).unwrap(), "a\"\\/\u{8}\u{c}\n\r\té€🦀é🦀");
    refused::<String>(&[
        "1",
        "true",
        "\"",
        "\"a",
        "\"\n\"",
        r#""\x""#,
        r#""\u12""#,
        r#""\u12g4""#,
        r#""\"#,
    ]);
    // Half of a pair is no character.
    refused::<String>(&[
        r#""\ud83e""#,
        r#""\udd80""#,
        r#""\ud83e\ud83e""#,
        r#""\ud83ex""#,
        r#""\udd80\ud83e""#,
    ]);
    assert!(read::<String>(b"\"\xff\"").is_err());
}

#[test]
fn blobs() {
    for (text, expected) in [
        (r#""""#, &b""[..]),
        (r#""aGk=""#, b"hi"),
        (r#""/+8=""#, b"\xff\xef"),
        // Characters that are not in the alphabet are left out.
        (r#""aG\nk=\n""#, b"hi"),
        (r#""_/+8-=""#, b"\xff\xef"),
    ] {
        assert_eq!(read::<Bytes>(text).unwrap(), expected, "{text}");
    }
    refused::<Bytes>(&[r#""aGk""#, r#""a""#, r#""=aGk""#, "true", "[]"]);
    assert_eq!(write(&Bytes::from_static(b"\xff\xef")), r#""/+8=""#);
}

#[test]
fn times() {
    let time = |seconds, nanos| DateTime::from_secs_and_nanos(seconds, nanos);
    for (text, expected) in [
        ("1576540098", time(1_576_540_098, 0)),
        ("1576540098.52", time(1_576_540_098, 520_000_000)),
        ("1.576540098018E9", time(1_576_540_098, 18_000_000)),
        ("-0.5", time(-1, 500_000_000)),
        (r#""1576540098""#, time(1_576_540_098, 0)),
        (r#""2019-12-16T23:48:18Z""#, time(1_576_540_098, 0)),
        (r#""2019-12-16T23:48:18.123456789Z""#, time(1_576_540_098, 123_456_789)),
        (r#""2019-12-16T22:48:18-01:00""#, time(1_576_540_098, 0)),
        (r#""2019-12-17T00:48:18.5+0100""#, time(1_576_540_098, 500_000_000)),
        // Without an offset it is UTC.
        (r#""2019-12-16 23:48:18""#, time(1_576_540_098, 0)),
        (r#""2019-12-16T23:48:18.5""#, time(1_576_540_098, 500_000_000)),
        (r#""2019-12-16""#, time(1_576_454_400, 0)),
        (r#""Mon, 16 Dec 2019 23:48:18 GMT""#, time(1_576_540_098, 0)),
        (
            r#""Mon, 16 Dec 2019 23:48:18.25 GMT""#,
            time(1_576_540_098, 250_000_000),
        ),
    ] {
        assert_eq!(read::<DateTime>(text).unwrap(), expected, "{text}");
    }
    refused::<DateTime>(&[
        r#""""#,
        r#""soon""#,
        r#""2019-13-16T23:48:18Z""#,
        "1e999",
        "-1e300",
        "true",
        r#""NaN""#,
    ]);
    refused::<DateTime>(&[
        r#""2019-12-1éT23:48:18+0é""#,
        r#""2019-12-16T23:48:18+01é0""#,
        r#""2019-12-16T""#,
        // Nothing between date and time.
        r#""2019-12-1623:48:18Z""#,
        r#""9892-03-2907:00:01""#,
        r#""2019-12-16Z""#,
    ]);

    let moment = time(1_576_540_098, 123_999_999);
    assert_eq!(write(&moment), "1576540098.123");
    assert_eq!(write(&time(1_576_540_098, 999_999)), "1576540098");
    assert_eq!(write(&time(-1, 500_000_000)), "-0.5");
    assert_eq!(write(&DateTimeText(&moment)), r#""2019-12-16T23:48:18.123Z""#);
    assert_eq!(write(&HttpDate(&moment)), r#""Mon, 16 Dec 2019 23:48:18 GMT""#);
    assert_eq!(write(&EpochSeconds(&vec![moment])), "[1576540098.123]");
    assert_eq!(
        write(&HttpDate(&vec![Some(moment), None])),
        r#"["Mon, 16 Dec 2019 23:48:18 GMT",null]"#
    );
    assert_eq!(
        write(&DateTimeText(&HashMap::from([("a".to_owned(), Box::new(moment))]))),
        r#"{"a":"2019-12-16T23:48:18.123Z"}"#
    );
    assert!(DateTimeText(&None::<DateTime>).is_absent());
    // No format but seconds has these.
    for far in [time(i64::MAX, 999_999_999), time(i64::MIN, 0)] {
        assert_eq!(read::<DateTime>(write(&far)).unwrap().secs(), far.secs());
        assert_eq!(HttpDate(&far).to_string(), EpochSeconds(&far).to_string());
    }
}

#[test]
fn lists_and_maps() {
    assert_eq!(read::<Vec<i32>>("[1,null, 2 ]").unwrap(), [1, 2]);
    assert_eq!(read::<Vec<Option<i32>>>("[1,null]").unwrap(), [Some(1), None]);
    assert_eq!(read::<Vec<Value>>("[1,null]").unwrap(), [json!(1), json!(null)]);
    assert_eq!(read::<Vec<Vec<i32>>>("[[],[1]]").unwrap(), [vec![], vec![1]]);
    let map = |pairs: &[(&str, i32)]| pairs.iter().map(|(key, value)| ((*key).to_owned(), *value)).collect();
    let dense: HashMap<String, i32> = map(&[("a", 1)]);
    assert_eq!(read::<HashMap<String, i32>>(r#"{"a":1,"b":null}"#).unwrap(), dense);
    assert_eq!(
        read::<HashMap<String, i32>>(r#"{"b":2,"a":2,"a":1,"b":null}"#).unwrap(),
        dense
    );
    let sparse = HashMap::from([("a".to_owned(), None)]);
    assert_eq!(read::<HashMap<String, Option<i32>>>(r#"{"a":null}"#).unwrap(), sparse);
    assert_eq!(write(&sparse), r#"{"a":null}"#);
    assert_eq!(write(&vec![None, Some(1)]), "[null,1]");
    refused::<Vec<i32>>(&["[1,]", "[,1]", "[1 2]", "[", "[1", "[1,", "[1}", "]", "{}", "1", "null"]);
    refused::<HashMap<String, i32>>(&[
        r#"{"a":1,}"#,
        r#"{"a"}"#,
        r#"{"a" 1}"#,
        "{1:1}",
        "{",
        r#"{"a":1]"#,
        "[]",
    ]);
}

#[test]
fn documents_are_kept() {
    for text in [
        "null",
        r#"{"a":[1,-2,18446744073709551615,0.1,1e300,true,null,"é"],"b":{}}"#,
        "2.2250738585072011e-308",
        "1.7976931348623157e308",
    ] {
        let value = read::<Value>(text).unwrap();
        assert_eq!(value, text.parse::<Value>().unwrap());
        assert_eq!(read::<Value>(write(&value)).unwrap(), value);
    }
    // The nearest number, not one next to it.
    assert_eq!(
        read::<Value>("9007199254740993e-5").unwrap(),
        json!(9_007_199_254_740_993e-5_f64)
    );
}
