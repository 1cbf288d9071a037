//! Server-sent events: the rules of the HTML standard, one by one.

use std::time::Duration;

use super::*;

/// The type, the data, the id and the pause in milliseconds of each event.
type Event = (String, String, String, Option<u128>);

fn read(body: ByteStream) -> (Vec<Event>, Option<String>) {
    let (events, error) = drain(body.sse().max_length(64));
    let event = |event: super::super::SseEvent| {
        let (name, id) = (event.event().to_owned(), event.id().to_owned());
        let retry = event.retry().map(|pause| pause.as_millis());
        (name, event.into_data(), id, retry)
    };
    (events.into_iter().map(event).collect(), error)
}

/// Messages without an id.
fn messages(payload: &str) -> Vec<String> {
    let (events, error) = however_it_arrives(payload.as_bytes(), read);
    assert_eq!(error, None, "{payload:?}");
    let data = events.into_iter().map(|(name, data, id, retry)| {
        assert_eq!((&*name, &*id, retry), ("message", "", None), "{payload:?}");
        data
    });
    data.collect()
}

#[test]
fn data() {
    let cases: [(&str, &[&str]); _] = [
        ("", &[]),
        ("\n\n", &[]),
        ("data: a\n\n", &["a"]),
        ("data:a\n\ndata:b\n\n", &["a", "b"]),
        // One space is taken off, and no more.
        ("data:  a \n\n", &[" a "]),
        ("data:\ta\n\n", &["\ta"]),
        ("data: a: b\n\n", &["a: b"]),
        // The examples of the standard.
        ("data: YHOO\ndata: +2\ndata: 10\n\n", &["YHOO\n+2\n10"]),
        ("data\n\ndata\ndata\n\ndata:", &["", "\n", ""]),
        ("data:test\n\ndata: test\n\n", &["test", "test"]),
        ("data: 東京\ndata: 🦀é\n\n", &["東京\n🦀é"]),
        // A line of blanks is a field without meaning, and does not end the event.
        ("data: a\n \ndata: b\n\n", &["a\nb"]),
        ("data: [DONE]\n\n", &["[DONE]"]),
    ];
    for (payload, expected) in cases {
        assert_eq!(messages(payload), expected, "{payload:?}");
        assert_eq!(
            messages(&payload.replace('\n', "\r\n")),
            expected,
            "{payload:?} with CRLF"
        );
        assert_eq!(messages(&payload.replace('\n', "\r")), expected, "{payload:?} with CR");
    }
}

#[test]
fn ends_of_lines_may_differ() {
    assert_eq!(
        messages("data: a\rdata: b\n\r\ndata: c\r\n\rdata: d\n\n"),
        ["a\nb", "c", "d"]
    );
    // CR LF is one end, LF CR are two.
    assert_eq!(messages("data: a\r\ndata: b\n\rdata: c\n\n"), ["a\nb", "c"]);
}

#[test]
fn the_last_event_needs_no_blank_line() {
    for payload in ["data: a\n\ndata: b", "data: a\n\ndata: b\n", "data: a\n\ndata: b\r"] {
        assert_eq!(messages(payload), ["a", "b"], "{payload:?}");
    }
    // What is there is no data.
    assert_eq!(messages("data: a\n\nevent: x"), ["a"]);
    assert_eq!(messages("data: a\n\n: end"), ["a"]);
}

#[test]
fn a_byte_order_mark_is_left_out_at_the_beginning_alone() {
    assert_eq!(messages("\u{feff}data: a\n\n"), ["a"]);
    assert_eq!(messages("\u{feff}\u{feff}data: a\n\ndata: b\n\n"), ["b"]);
    assert_eq!(messages("data: a\n\n\u{feff}data: b\n\ndata: c\n\n"), ["a", "c"]);
    assert_eq!(messages("data: \u{feff}a\n\n"), ["\u{feff}a"]);
}

#[test]
fn comments_and_unknown_fields() {
    assert_eq!(messages(": hello\n\n:\ndata: a\n: more\n\n"), ["a"]);
    assert_eq!(messages("Data: a\n data: b\ndat: c\ndata x: d\n\ndata: e\n\n"), ["e"]);
}

#[test]
fn types_ids_and_pauses() {
    let event = |name: &str, data: &str, id: &str, retry| (name.to_owned(), data.to_owned(), id.to_owned(), retry);
    let cases: [(&str, Vec<Event>); _] = [
        (
            "event: add\ndata: a\n\ndata: b\n\n",
            vec![event("add", "a", "", None), event("message", "b", "", None)],
        ),
        // The last one counts, and an empty one is none.
        ("event: x\nevent: y\ndata: a\n\n", vec![event("y", "a", "", None)]),
        ("event: x\nevent\ndata: a\n\n", vec![event("message", "a", "", None)]),
        // A block without data is no event, and its type is forgotten; its id is not.
        ("event: x\nid: 7\n\ndata: a\n\n", vec![event("message", "a", "7", None)]),
        (
            "id: 1\ndata: a\n\ndata: b\n\nid\ndata: c\n\n",
            vec![
                event("message", "a", "1", None),
                event("message", "b", "1", None),
                event("message", "c", "", None),
            ],
        ),
        (
            "id: 1\ndata: a\n\nid: x\0y\ndata: b\n\n",
            vec![event("message", "a", "1", None), event("message", "b", "1", None)],
        ),
        (
            "retry: 1500\n\ndata: a\n\ndata: b\n\n",
            vec![event("message", "a", "", Some(1500)), event("message", "b", "", None)],
        ),
        (
            "retry: 1.5\nretry:\nretry: -1\nretry: 1s\ndata: a\n\n",
            vec![event("message", "a", "", None)],
        ),
        (
            "retry: 99999999999999999999\ndata: a\n\n",
            vec![event(
                "message",
                "a",
                "",
                Some(Duration::from_millis(u64::MAX).as_millis()),
            )],
        ),
    ];
    for (payload, expected) in cases {
        assert_eq!(
            however_it_arrives(payload.as_bytes(), read),
            (expected, None),
            "{payload:?}"
        );
    }
}

#[test]
fn however_events_arrive_they_are_the_same() {
    let parts: &[&[u8]] = &[
        b"data: ",
        b"data",
        b":",
        b"\n",
        b"\r",
        b"\r\n",
        b"id: ",
        b"event: ",
        b"retry: 1",
        b"\xef\xbb\xbf",
        "京".as_bytes(),
        "🦀".as_bytes(),
        b"x",
        b"\0",
        b"\xff",
    ];
    for payload in random(parts) {
        however_it_arrives(&payload, read);
    }
}

#[test]
fn lines_and_events_have_a_limit() {
    let too_long = |what| Some(format!("a {what} of the response exceeds the limit of 64 bytes"));
    let line = "x".repeat(65);
    let (events, error) = however_it_arrives(format!("data: a\n\n:{line}").as_bytes(), read);
    assert_eq!((events.len(), error), (1, too_long("line")));
    let data = "data: 0123456789\n".repeat(7);
    let (events, error) = however_it_arrives(format!("data: a\n\n{data}\n").as_bytes(), read);
    assert_eq!((events.len(), error), (1, too_long("server-sent event")));
}

#[test]
fn what_is_not_utf8_is_an_error() {
    for payload in [
        &b"data: a\n\ndata: \xff\n\n"[..],
        b"data: a\n\n:\xff\n\n",
        b"data: a\n\ndata: \xe4\xba",
    ] {
        let (events, error) = however_it_arrives(payload, read);
        assert_eq!(events.len(), 1);
        assert_eq!(error.as_deref(), Some("the payload of the response is not UTF-8 text"));
    }
}

#[cfg(feature = "json")]
#[test]
fn events_hold_json() {
    let mut events = in_pieces([&b"data: [1,\ndata: 2]\n\ndata: [\"secret\"]\n\n"[..]]).sse();
    let event = now(events.next()).expect("it can be read").expect("an event");
    assert_eq!(event.json::<Vec<u8>>().expect("numbers"), [1, 2]);
    let event = now(events.next()).expect("it can be read").expect("an event");
    let error = text_of(event.json::<Vec<u8>>());
    assert_eq!(error, "the payload of the response is not JSON of the wanted form");
    assert_eq!(format!("{event:?}"), "SseEvent(10 bytes of data)");
    assert!(matches!(now(events.next()), Ok(None)));
}
