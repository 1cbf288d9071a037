//! Payloads in other formats than JSON.

use bytes::Bytes;

use super::event;
use crate::answer::event_stream::{Frame, Malformed};

/// Reads the event with this payload, which should be a list of numbers.
fn numbers(
    payload: &[u8],
    read: impl FnOnce(&Frame<'_>) -> Result<Vec<i32>, Malformed>,
) -> Result<Vec<i32>, &'static str> {
    let bytes = Bytes::from(event("numbers", payload));
    let frame = Frame::read(&bytes).expect("a frame");
    read(&frame).map_err(|malformed| match malformed {
        Malformed::Payload { format, .. } => format,
        Malformed::Text | Malformed::Header(_) => "another problem",
    })
}

#[test]
#[cfg(feature = "cbor")]
fn cbor() {
    let value = |payload| numbers(payload, |event| event.cbor());
    assert_eq!(value(b"\x82\x01\x20"), Ok(vec![1, -1]));
    assert_eq!(value(b""), Ok(Vec::new()));
    // A text, an item that is cut off, and one too many.
    for malformed in [&b"\x61a"[..], b"\x82\x01", b"\x80\x80"] {
        assert_eq!(value(malformed), Err("CBOR"), "{malformed:x?}");
    }
    let member = |payload| {
        numbers(payload, |event| {
            let mut numbers = Vec::new();
            event.read_cbor(|cbor| {
                cbor.begin_object()?;
                while let Some(name) = cbor.next_member()? {
                    match &*name {
                        "n" => cbor.fill(&mut numbers)?,
                        _ => cbor.skip()?,
                    }
                }
                Ok(())
            })?;
            Ok(numbers)
        })
    };
    assert_eq!(member(b"\xa2\x61m\xf6\x61n\x81\x07"), Ok(vec![7]));
    assert_eq!(member(b"\xbf\x61n\x81\x07\xff"), Ok(vec![7]));
    assert_eq!(member(b""), Ok(Vec::new()));
    for malformed in [&b"\x80"[..], b"\xa1\x61n", b"\xa0\x00"] {
        assert_eq!(member(malformed), Err("CBOR"), "{malformed:x?}");
    }
}

#[test]
#[cfg(feature = "xml")]
fn xml() {
    let member = |payload| {
        numbers(payload, |event| {
            let mut number = None;
            event.read_xml(|xml| {
                while let Some(name) = xml.next_child()? {
                    match name {
                        "n" => xml.fill(&mut number)?,
                        _ => xml.skip()?,
                    }
                }
                Ok(())
            })?;
            Ok(number.into_iter().collect())
        })
    };
    assert_eq!(member(b"<Numbers><m/><n>7</n></Numbers>"), Ok(vec![7]));
    assert_eq!(member(b"<any><n>7</n></any>"), Ok(vec![7]));
    assert_eq!(member(b""), Ok(Vec::new()));
    for malformed in [&b"<a><n>seven</n></a>"[..], b"<a><n>7</n>", b"7"] {
        assert_eq!(member(malformed), Err("XML"));
    }
}
