//! Lines, and JSON in lines.

use super::*;

fn lines(payload: &[u8]) -> (Vec<String>, Option<String>) {
    however_it_arrives(payload, |body| drain(body.lines().max_length(8)))
}

#[test]
fn ends_of_lines() {
    let cases: [(&str, &[&str]); _] = [
        ("", &[]),
        ("\n", &[""]),
        ("a", &["a"]),
        ("a\nb\r\nc\n", &["a", "b", "c"]),
        ("a\n\n\r\nb", &["a", "", "", "b"]),
        // Only before a `\n` it is a part of the end.
        ("a\rb\n\rc\r\r\n", &["a\rb", "\rc\r"]),
        ("東京\n🦀\r\né", &["東京", "🦀", "é"]),
    ];
    for (payload, expected) in cases {
        let (lines, error) = lines(payload.as_bytes());
        assert_eq!(lines, expected, "{payload:?}");
        assert_eq!(error, None);
    }
}

#[test]
fn lines_are_those_of_the_standard_library() {
    let parts: &[&[u8]] = &[b"a", b"\n", b"\r\n", "京".as_bytes(), "🦀".as_bytes(), b" "];
    for payload in random(parts) {
        let (lines, error) = however_it_arrives(&payload, |body| drain(body.lines()));
        let text = String::from_utf8(payload).expect("text");
        assert_eq!(lines, text.lines().collect::<Vec<_>>());
        assert_eq!(error, None);
    }
}

#[test]
fn a_line_has_a_limit() {
    let too_long = Some("a line of the response exceeds the limit of 8 bytes".to_owned());
    let whole = |count| "x".repeat(count);
    assert_eq!(lines(b"xxxxxxxx"), (vec![whole(8)], None));
    assert_eq!(lines(b"xxxxxxxx\r\nxx"), (vec![whole(8), whole(2)], None));
    for payload in [
        "xx\nxxxxxxxxx",
        "xx\nxxxxxxxxx\nx",
        "xx\nxxxxxxxx\r",
        "xx\nxxxxxxxx\rx\n",
    ] {
        assert_eq!(
            lines(payload.as_bytes()),
            (vec![whole(2)], too_long.clone()),
            "{payload:?}"
        );
    }
}

#[test]
fn a_line_that_never_ends_hits_the_limit() {
    let forever = std::iter::repeat_n(&[b'x'; 1024][..], 17 * 1024);
    let (lines, error) = drain(in_pieces(forever).lines());
    assert!(lines.is_empty());
    let expected = "a line of the response exceeds the limit of 16777216 bytes";
    assert_eq!(error.as_deref(), Some(expected));
}

#[test]
fn what_is_not_utf8_is_an_error() {
    let expected = "the payload of the response is not UTF-8 text";
    for payload in [b"a\nb\xff\nc\n", b"a\n\xe6\x9d\nc\n", &b"a\nb\xf0\x9f\xa6"[..]] {
        let (lines, error) = lines(payload);
        assert_eq!(lines, ["a"]);
        assert_eq!(error.as_deref(), Some(expected));
    }
}

#[cfg(feature = "json")]
#[test]
fn json_in_lines() {
    let payload = "1\n\n 2 \r\n\t\n\"京🦀\"";
    let (values, error) = however_it_arrives(payload.as_bytes(), |body| {
        let body: Split<_> = body.json_lines::<serde_json::Value>();
        drain(body)
    });
    assert_eq!(
        values,
        [serde_json::json!(1), serde_json::json!(2), serde_json::json!("京🦀")]
    );
    assert_eq!(error, None);
}

#[cfg(feature = "json")]
#[test]
fn a_line_that_is_not_the_json_ends_the_stream() {
    use std::error::Error as _;

    let read = |body: ByteStream| {
        let mut numbers = body.json_lines::<i32>();
        let first = now(numbers.next()).expect("a number");
        let error = now(numbers.next()).expect_err("a word");
        assert!(matches!(now(numbers.next()), Ok(None)));
        (first, error.to_string(), error.source().map(ToString::to_string))
    };
    let (first, error, source) = however_it_arrives(b"1\n\n[\"secret\"]\n3\n", read);
    assert_eq!(first, Some(1));
    assert_eq!(error, "the payload of the response is not JSON of the wanted form");
    assert_eq!(
        source.as_deref(),
        Some("JSON: a value is missing or of another type (line 3, column 0)")
    );
}

#[cfg(feature = "json")]
#[test]
fn a_line_of_json_has_a_limit() {
    let (values, error) = however_it_arrives(b"[1]\n[1,2]\n", |body| {
        drain(body.json_lines::<Vec<u8>>().max_length(4))
    });
    assert_eq!(values, [[1]]);
    let expected = "a line of the response exceeds the limit of 4 bytes";
    assert_eq!(error.as_deref(), Some(expected));
}
