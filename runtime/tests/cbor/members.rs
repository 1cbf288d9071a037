//! Structures, unions and their members.

use lean_aws_runtime::support::cbor::{Members, to_bytes};

use super::{Order, State, bytes, read, read_bytes, refused, rich, write};

#[test]
fn structures() {
    // {"id": null, "count": 1, "count": undefined, "new": [{}], 5: 6, "tags": ["a"], "tags": ["b"]}
    let order = "bf 626964f6 65636f756e7401 65636f756e74f7 636e657781a0 0506 6474616773816161 6474616773816162 ff";
    let order: Order = read(order).unwrap();
    assert_eq!(
        (&*order.id, order.count, order.tags.unwrap()),
        ("", None, vec!["b".to_owned()])
    );
    assert_eq!(write(&Order::default()), "bf6269646065706172747380ff");
    assert_eq!(read::<Order>("a0").unwrap(), Order::default());
    // A name may come in chunks.
    assert_eq!(read::<Order>("a17f61696164ff6178").unwrap().id, "x");
    refused::<Order>(&["80", "f6", "626964", "a162696401"], "a value is of another type");
    refused::<Order>(&["a000"], "it goes on after its end");
    // A break in the place of a value.
    refused::<Order>(&["bf626964ff", "bf636e6577ff", "bf05ff"], "it is not valid");
}

#[test]
fn unions() {
    for (hex, expected) in [
        ("a1647061696405", State::Paid(5)),
        ("bf 665f5f74797065615 3 64676f6e65f6 647061696405 ff", State::Paid(5)),
        ("a164676f6e65a0", State::Gone),
        ("a1636e6577a1616101", State::Unknown("new".to_owned())),
        ("a2647061696405647061696406", State::Paid(6)),
    ] {
        assert_eq!(read::<State>(hex).unwrap(), expected, "{hex}");
    }
    refused::<State>(
        &[
            "a0",
            "a16470616964f6",
            "a1665f5f747970656153",
            "a264706169640564676f6e65a0",
        ],
        "a union has not exactly one member",
    );
    assert_eq!(write(&State::Gone), "bf64676f6e65a0ff");
}

#[test]
fn what_is_written_can_be_read() {
    let written = to_bytes(&rich());
    assert_eq!(read_bytes::<Order>(&written).unwrap(), rich());
}

#[test]
fn members_by_name() {
    let body = bytes("a4 665f5f7479706563612362 65636f756e746161 626964f6 626964613 1");
    let members = Members::read(&body).unwrap();
    assert_eq!(members.text("__type").unwrap(), "a#b");
    assert_eq!(members.get::<i32>("count"), None);
    assert_eq!(members.text("id").unwrap(), "1");
    assert_eq!(members.text("none"), None);
    assert_eq!(Members::read(b"").unwrap().text("id"), None);
    for body in [&b"{}"[..], b"<html>", b"\xa1", b"\x80", b"\xa0\xa0"] {
        assert!(Members::read(body).is_err(), "{body:?}");
    }
}
