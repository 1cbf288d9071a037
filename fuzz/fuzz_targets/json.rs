//! Any bytes as JSON, judged by serde_json: what is JSON, and what its values are.

#![no_main]

use std::collections::HashMap;

use bytes::Bytes;
use lean_aws_runtime::DateTime;
use lean_aws_runtime::support::json::{FromJson, Reader, to_bytes};
use lean_aws_runtime::support::timestamp::{self, Format};
use libfuzzer_sys::fuzz_target;
use serde::de::IgnoredAny;
use serde_json::Value;

/// How deep serde_json goes.
const MAX_DEPTH: usize = 127;

fuzz_target!(|data: &[u8]| {
    let brackets = data.iter().filter(|byte| matches!(byte, b'{' | b'[')).count();
    if brackets <= MAX_DEPTH {
        check_document(data);
    }
    check_values(data);
    if let Ok(text) = std::str::from_utf8(data) {
        check_time(text);
    }
});

/// A value that is the whole text.
fn read<T: FromJson>(data: &[u8]) -> Option<T> {
    let mut json = Reader::new(data);
    let value = json.read().ok()?;
    json.end().ok().map(|()| value)
}

fn check_document(data: &[u8]) {
    let mut json = Reader::new(data);
    let is_json = json.skip().and_then(|()| json.end()).is_ok();
    let expected = std::str::from_utf8(data).is_ok() && serde_json::from_slice::<IgnoredAny>(data).is_ok();
    assert_eq!(is_json, expected);
    let value: Option<Value> = read(data);
    assert_eq!(value, serde_json::from_slice(data).ok());
    let Some(value) = value else { return };
    assert_eq!(read(&to_bytes(&value)), Some(value.clone()));
    match &value {
        Value::Bool(value) => assert_eq!(read(data), Some(*value)),
        Value::String(value) => assert_eq!(read(data), Some(value.clone())),
        Value::Number(number) => check_number(data, number),
        _ => {}
    }
}

fn check_number(data: &[u8], number: &serde_json::Number) {
    let float = number.as_f64().expect("a float has room for all that serde_json reads");
    assert_eq!(read::<f64>(data).map(f64::to_bits), Some(float.to_bits()));
    let whole: Option<i64> = read(data);
    if number.is_f64() {
        // A float is rounded, a whole number is not.
        let is_near = |whole: i64| (whole as f64 - float.trunc()).abs() <= 1.0_f64.max(float.abs() * 1e-15);
        match whole {
            Some(whole) => assert!(is_near(whole), "{whole}, not {float}"),
            None => assert!(float.abs() > 9.2e18, "{float} has room"),
        }
    } else {
        assert_eq!(whole, number.as_i64());
    }
    assert_eq!(read(data), whole.and_then(|whole| i8::try_from(whole).ok()));
    assert_eq!(read(data), whole.and_then(|whole| i16::try_from(whole).ok()));
    assert_eq!(read(data), whole.and_then(|whole| i32::try_from(whole).ok()));
}

/// What has no judge must come to an end.
fn check_values(data: &[u8]) {
    _ = read::<f32>(data);
    _ = read::<Bytes>(data);
    _ = read::<DateTime>(data);
    _ = read::<HashMap<String, Vec<Option<Vec<i32>>>>>(data);
    let mut json = Reader::new(data);
    // A caller that asks for what is not there.
    while json.next_member().is_ok_and(|name| name.is_some()) && json.skip().is_ok() {}
    while json.next_element().is_ok_and(|is_there| is_there) && json.skip().is_ok() {}
}

/// A time that is written is read as the same one, to the millisecond.
fn check_time(text: &str) {
    let Ok(time) = text.parse::<DateTime>() else { return };
    let seconds = timestamp::text(&time, Format::EpochSeconds);
    let again: DateTime = seconds.parse().expect("seconds are a time");
    assert_eq!(again.secs(), time.secs(), "{text}: {seconds}");
    assert_eq!(
        again.subsec_nanos() / 1_000_000,
        time.subsec_nanos() / 1_000_000,
        "{text}: {seconds}"
    );
    for format in [Format::DateTime, Format::HttpDate] {
        let written = timestamp::text(&time, format);
        let again: DateTime = written.parse().expect("what is written is a time");
        assert_eq!(again.secs(), time.secs(), "{text}: {written}");
    }
}
