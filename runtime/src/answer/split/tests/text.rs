//! Text in pieces.

use super::*;

/// The pieces put together: how many there are depends on how they arrive.
fn text(payload: &[u8]) -> (String, Option<String>) {
    however_it_arrives(payload, |body| {
        let (pieces, error) = drain(body.text_chunks());
        assert!(pieces.iter().all(|piece| !piece.is_empty()));
        (pieces.concat(), error)
    })
}

#[test]
fn characters_stay_whole() {
    let parts: &[&[u8]] = &[b"a", "é".as_bytes(), "京".as_bytes(), "🦀".as_bytes(), b"\r\n"];
    for payload in random(parts) {
        let expected = String::from_utf8(payload.clone()).expect("text");
        assert_eq!(text(&payload), (expected, None));
    }
}

#[test]
fn what_is_not_utf8_is_an_error_after_what_is() {
    let expected = "the payload of the response is not UTF-8 text".to_owned();
    for (payload, before) in [
        (&b"ab\xffcd"[..], "ab"),
        (b"\xff", ""),
        (b"a\xe4\xbaz", "a"),
        // It ends within a character.
        ("京🦀".as_bytes().split_last().expect("bytes").1, "京"),
    ] {
        assert_eq!(text(payload), (before.to_owned(), Some(expected.clone())));
    }
}

#[test]
fn pieces_come_as_they_arrive() {
    let (pieces, error) = drain(in_pieces(["ab".as_bytes(), b"\xe4\xba", b"\xac c"]).text_chunks());
    assert_eq!((pieces, error), (vec!["ab".to_owned(), "京 c".to_owned()], None));
}
