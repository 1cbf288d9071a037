//! What the events of a stream become.

use crate::words::date_time::DateTime;
use bytes::Bytes;

use super::{Probe, Sky, Wind, crc, event, photo, raw_frame, raw_header, read_bytes, text_header};
use crate::answer::event_stream::EventStream;

#[test]
fn frames_are_written_as_the_format_says() {
    // The check value of CRC-32 and the smallest frame, as published.
    assert_eq!(crc(b"123456789"), [0xcb, 0xf4, 0x39, 0x26]);
    let smallest = [0, 0, 0, 16, 0, 0, 0, 0, 0x05, 0xc2, 0x48, 0xeb, 0x7d, 0x98, 0xc8, 0xff];
    assert_eq!(raw_frame(&[], &[]), smallest);
}

#[tokio::test]
async fn events_of_each_kind() {
    let station = [
        text_header(":message-type", "event"),
        text_header(":event-type", "wind"),
        text_header("station", "K2"),
    ];
    let bytes = [
        event("photo", b"\xff\x00"),
        event("photo", b""),
        event("report", "wolkenlos, 7°".as_bytes()),
        raw_frame(
            &station.concat(),
            br#"{"speed": 12, "station": "body", "other": [1, {}]}"#,
        ),
        event("wind", b""),
    ];
    let (events, error) = read_bytes(bytes.concat()).await;
    assert!(error.is_none());
    let expected = [
        Sky::Photo(Bytes::from_static(b"\xff\x00")),
        photo(""),
        Sky::Report("wolkenlos, 7°".to_owned()),
        Sky::Wind(Wind {
            station: Some("K2".to_owned()),
            speed: Some(12),
        }),
        Sky::Wind(Wind::default()),
    ];
    assert_eq!(events, expected);
}

#[tokio::test]
async fn headers_of_each_type() {
    let headers = [
        text_header(":message-type", "event"),
        text_header(":event-type", "probe"),
        raw_header("on", 0, &[]),
        raw_header("off", 1, &[]),
        raw_header("byte", 2, &[0x80]),
        raw_header("short", 3, &(-20_000_i16).to_be_bytes()),
        raw_header("int", 4, &500_000_i32.to_be_bytes()),
        raw_header("long", 5, &i64::MIN.to_be_bytes()),
        raw_header("blob", 6, b"\x00\x02\xff\x00"),
        text_header("text", "Grüße"),
        raw_header("time", 8, &1_500_i64.to_be_bytes()),
        raw_header("uuid", 9, &[7; 16]),
    ];
    let (events, error) = read_bytes(raw_frame(&headers.concat(), b"ignored")).await;
    assert!(error.is_none());
    let expected = Probe {
        on: Some(true),
        off: Some(false),
        byte: Some(-128),
        short: Some(-20_000),
        int: Some(500_000),
        long: Some(i64::MIN),
        blob: Some(Bytes::from_static(b"\xff\x00")),
        text: Some("Grüße".to_owned()),
        time: Some(DateTime::from_millis(1_500)),
        missing: None,
    };
    assert_eq!(events, [Sky::Probe(Box::new(expected))]);
}

#[tokio::test]
async fn a_stream_without_events() {
    assert!(matches!(read_bytes([]).await, (events, None) if events.is_empty()));
    assert!(matches!(EventStream::<Sky>::default().recv().await, Ok(None)));
}

#[tokio::test]
async fn an_initial_response_is_skipped() {
    let bytes = [event("initial-response", b"{}"), event("photo", b"a")];
    assert!(matches!(read_bytes(bytes.concat()).await, (events, None) if events == [photo("a")]));
}

#[tokio::test]
async fn an_unknown_event_is_kept() {
    let (events, error) = read_bytes([event("aurora", b"secret"), event("photo", b"a")].concat()).await;
    assert!(error.is_none());
    let [Sky::Unknown(unknown), Sky::Photo(_)] = &events[..] else {
        panic!("{events:?}");
    };
    assert_eq!((unknown.name(), &unknown.payload()[..]), ("aurora", &b"secret"[..]));
    let shown = format!("{unknown:?}");
    assert!(shown.contains("aurora") && !shown.contains("secret"), "{shown}");
}
