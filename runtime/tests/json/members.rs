//! Structures, unions and their members.

use lean_aws_runtime::support::Zero;
use lean_aws_runtime::support::json::{Error, Members};

use super::{Order, State, read, refused, write};

#[test]
fn structures() {
    let order: Order =
        read(r#"{"id":null,"count":1,"count":null,"parts":null,"x":[{}],"tags":["a"],"tags":["b"]}"#).unwrap();
    assert_eq!(order.id, "");
    assert_eq!((order.count, order.parts), (None, vec![]));
    assert_eq!(order.tags.unwrap(), ["b"]);
    assert_eq!(write(&Order::zero()), r#"{"id":"","parts":[]}"#);
    assert_eq!(read::<Order>(r#"{"\u0069d":"x"}"#).unwrap().id, "x");
    refused::<Order>(&["null", "[]", "", r#"{"id":"a"} x"#, r#"{"id":1}"#, r#"{"count":[]}"#]);
}

#[test]
fn unions() {
    for (text, expected) in [
        (r#"{"paid":5}"#, State::Paid(5)),
        (r#"{"__type":"State","gone":null,"paid":5}"#, State::Paid(5)),
        (r#"{"gone":{}}"#, State::Gone),
        (r#"{"new":{"a":[1]}}"#, State::Other("new".to_owned())),
        (r#"{"paid":5,"paid":6}"#, State::Paid(6)),
    ] {
        assert_eq!(read::<State>(text).unwrap(), expected, "{text}");
    }
    for text in ["{}", r#"{"paid":null}"#, r#"{"__type":"x"}"#, r#"{"paid":5,"gone":{}}"#] {
        let error = read::<State>(text).unwrap_err().to_string();
        assert!(
            error.starts_with("JSON: a union has not exactly one member (line 1"),
            "{error}"
        );
    }
    assert_eq!(write(&State::Gone), r#"{"gone":{}}"#);
}

#[test]
fn errors_tell_the_place_but_not_the_text() {
    for (text, expected) in [
        (
            "{\n \"count\": \"secret\"}",
            "a value is not a whole number, or out of range (line 2, column 11)",
        ),
        ("{\"count\":[]}", "a value is of another type (line 1, column 10)"),
        ("{\"count\":5", "it ends too early (line 1, column 11)"),
        ("{\"count\":?}", "it is not valid (line 1, column 10)"),
        ("{\"open\":tr", "it ends too early (line 1, column 11)"),
        ("{}\n\n}", "it is not valid (line 3, column 1)"),
        ("{\"placed\":\"secret\"}", "a value is no time (line 1, column 11)"),
        ("{\"photo\":\"se-cret\"}", "a value is not Base64 (line 1, column 10)"),
        ("{\"price\":\"secret\"}", "a value is not a number (line 1, column 10)"),
    ] {
        let error = read::<Order>(text).unwrap_err();
        assert_eq!(error.to_string(), format!("JSON: {expected}"), "{text}");
        assert!(!format!("{error:?}").contains("cret"));
    }
    let error = read::<Order>(b"{\"x\":\"\xff\"}").unwrap_err();
    assert_eq!(error.to_string(), "JSON: it is not UTF-8 (line 1, column 7)");
    assert_eq!(size_of::<Result<(), Error>>(), size_of::<usize>());
}

#[test]
fn members_by_name() {
    let members = Members::read(br#" {"a":1,"b":"x","a":2,"c":null,"d":[1]} "#).unwrap();
    assert_eq!(members.get::<i32>("a"), Some(2));
    assert_eq!(members.get::<i32>("b"), None);
    assert_eq!(members.get::<String>("c"), None);
    assert_eq!(members.get::<Vec<i32>>("d"), Some(vec![1]));
    assert_eq!(members.get::<i32>("missing"), None);
    assert_eq!(members.text("a").as_deref(), Some("2"));
    assert_eq!(members.text("d"), None);
    assert!(Members::read(b" \n").unwrap().get::<i32>("a").is_none());
    assert!(Members::read(b"[]").is_err());
    assert!(Members::read(b"{}x").is_err());
}
