//! Any bytes as CBOR: what is not CBOR is an error, and nothing takes more memory or stack than the bytes allow.

#![no_main]

use std::collections::HashMap;

use bytes::Bytes;
use lean_aws_runtime::DateTime;
use lean_aws_runtime::support::cbor::{FromCbor, Reader};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let is_cbor = {
        let mut cbor = Reader::new(data);
        cbor.skip().and_then(|()| cbor.end()).is_ok()
    };
    for is_value in [
        is_value::<String>(data),
        is_value::<f64>(data),
        is_value::<i32>(data),
        is_value::<bool>(data),
        is_value::<Bytes>(data),
        is_value::<DateTime>(data),
        is_value::<Vec<Vec<String>>>(data),
        is_value::<HashMap<String, Vec<i64>>>(data),
    ] {
        assert!(is_cbor || !is_value);
    }
});

/// Whether the bytes are a value of this type.
fn is_value<T: FromCbor>(data: &[u8]) -> bool {
    let mut cbor = Reader::new(data);
    let value: Result<T, _> = cbor.read();
    value.is_ok() && cbor.end().is_ok()
}
