//! Any bytes as XML: what is not XML is an error, and nothing takes more memory or stack than the bytes allow.

#![no_main]

use std::collections::HashMap;

use bytes::Bytes;
use lean_aws_runtime::DateTime;
use lean_aws_runtime::support::xml::{ErrorBody, FromXml, Reader, request_id};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let skipped = skip(data);
    // What can be skipped can be walked through, and the other way round.
    assert_eq!(walk(data), skipped);
    _ = read::<String>(data);
    _ = read::<f64>(data);
    _ = read::<i32>(data);
    _ = read::<bool>(data);
    _ = read::<Bytes>(data);
    _ = read::<DateTime>(data);
    _ = read::<Vec<Vec<String>>>(data);
    _ = read::<HashMap<String, Vec<i64>>>(data);
    let error = ErrorBody::read(data, &|code| code == "Error");
    assert!(error.is_err() || skipped);
    _ = request_id(data);
});

/// The root as a value.
fn read<T: FromXml>(data: &[u8]) -> Option<T> {
    let mut xml = Reader::new(data);
    xml.next_child().ok()??;
    let value = xml.read().ok()?;
    xml.end().ok().and(value)
}

/// Whether a document with a root is whole.
fn skip(data: &[u8]) -> bool {
    let mut xml = Reader::new(data);
    matches!(xml.next_child(), Ok(Some(_))) && xml.skip().is_ok() && xml.end().is_ok()
}

/// The same, element by element.
fn walk(data: &[u8]) -> bool {
    let mut xml = Reader::new(data);
    let mut depth = 0;
    loop {
        match xml.next_child() {
            Ok(Some(_)) => depth += 1,
            Ok(None) if depth > 1 => depth -= 1,
            Ok(None) => return depth == 1 && xml.end().is_ok(),
            Err(_) => return false,
        }
    }
}
