//! The named types: structures, unions, enums and streams of events.

use insta::assert_snapshot;

use super::{Folder, SERVICE, with_shapes};

/// The good model with these shapes, the first of which, `Kind`, the output of `GetThing` has.
fn folder(shapes: &str) -> Folder {
    with_shapes(shapes).replace(
        SERVICE,
        r#""Size": { "shape": "Count" }"#,
        r#""Size": { "shape": "Kind" }"#,
    )
}

fn types(shapes: &str) -> String {
    folder(shapes).diagnostics()
}

#[test]
fn types_of_the_same_name_in_rust() {
    let text = types(
        r#""Kind": { "type": "structure", "members": { "A": { "shape": "kind" } } },
    "kind": { "type": "string", "enum": ["a"] }"#,
    );
    assert_snapshot!(text, @r#"
    error: `Kind` and `kind` both become `Kind` in Rust
      --> service-2.json:82:5
       |
    82 |     "kind": { "type": "string", "enum": ["a"] },
       |     ^^^^^^
       |
       = at /shapes/kind
       = help: rename one of them: the names of shapes are not sent

    1 error
    "#);
}

#[test]
fn types_of_the_same_module_in_rust() {
    let text = types(
        r#""Kind": { "type": "structure", "members": { "A": { "shape": "A1B" }, "B": { "shape": "A1b" } } },
    "A1B": { "type": "structure", "members": {} },
    "A1b": { "type": "structure", "members": {} }"#,
    );
    assert_snapshot!(text, @r#"
    error: `A1b` and `A1B` both become `A1b` in Rust
      --> service-2.json:82:5
       |
    82 |     "A1B": { "type": "structure", "members": {} },
       |     ^^^^^
       |
       = at /shapes/A1B
       = help: rename one of them: the names of shapes are not sent

    1 error
    "#);
}

#[test]
fn a_type_without_a_name_in_rust() {
    let text = types(
        r#""Kind": { "type": "structure", "members": { "A": { "shape": "Größe" } } },
    "Größe": { "type": "string", "enum": ["a"] }"#,
    );
    assert_snapshot!(text, @r#"
    error: no Rust name can be made of the shape `Größe`
      --> service-2.json:82:5
       |
    82 |     "Größe": { "type": "string", "enum": ["a"] },
       |     ^^^^^^^
       |
       = at /shapes/Größe
       = help: rename it to ASCII letters and digits: the names of shapes are not sent

    1 error
    "#);
}

#[test]
fn a_structure_with_members_of_the_same_name() {
    let text = types(
        r#""Kind": { "type": "structure", "members": { "Key": { "shape": "Text" }, "key": { "shape": "Text" } } }"#,
    );
    assert_snapshot!(text, @r#"
    error: `Key` and `key` both become `key` in Rust
      --> service-2.json:81:77
       |
    81 |     "Kind": { "type": "structure", "members": { "Key": { "shape": "Text" }, "key": { "shape": "Text" } } },
       |                                                                             ^^^^^
       |
       = at /shapes/Kind/members/key
       = help: rename one of them and keep its name on the wire as `locationName`

    1 error
    "#);
}

#[test]
fn variants_of_the_same_name_in_rust() {
    let text = types(
        r#""Kind": { "type": "structure", "union": true, "members": {
      "Key": { "shape": "Text" },
      "key": { "shape": "Text" }
    } }"#,
    );
    assert_snapshot!(text, @r#"
    error: `Key` and `key` both become `Key` in Rust
      --> service-2.json:83:7
       |
    83 |       "key": { "shape": "Text" }
       |       ^^^^^
       |
       = at /shapes/Kind/members/key
       = help: rename one of them and keep its name on the wire as `locationName`

    1 error
    "#);
}

#[test]
fn variants_of_the_same_name_on_the_wire() {
    let text = types(
        r#""Kind": { "type": "structure", "union": true, "members": {
      "Key": { "shape": "Text" },
      "Name": { "shape": "Text", "locationName": "Key" }
    } }"#,
    );
    assert_snapshot!(text, @r#"
    error: `Key` and `Name` are both called `Key` on the wire
      --> service-2.json:83:50
       |
    83 |       "Name": { "shape": "Text", "locationName": "Key" }
       |                                                  ^^^^^
       |
       = at /shapes/Kind/members/Name/locationName
       = help: give one of them another name there

    1 error
    "#);
}

#[test]
fn a_variant_without_a_name_in_rust() {
    let text = types(
        r#""Kind": { "type": "structure", "union": true, "members": {
      "Größe": { "shape": "Text" }
    } }"#,
    );
    assert_snapshot!(text, @r#"
    error: no Rust name can be made of the member `Größe`
      --> service-2.json:82:7
       |
    82 |       "Größe": { "shape": "Text" }
       |       ^^^^^^^
       |
       = at /shapes/Kind/members/Größe
       = help: rename it to ASCII letters and digits, and keep its name on the wire as `locationName`

    1 error
    "#);
}

#[test]
fn a_variant_that_cannot_be_in_json() {
    let text = types(
        r#""Kind": { "type": "structure", "union": true, "members": {
      "Stream": { "shape": "Stream" },
      "Time": { "shape": "Time", "timestampFormat": "rfc3339" }
    } },
    "Time": { "type": "timestamp" },
    "Stream": { "type": "structure", "eventstream": true, "members": {} }"#,
    );
    assert_snapshot!(text, @r#"
    error: union `Kind` has the event stream `Stream` in JSON, where it cannot be
      --> service-2.json:82:28
       |
    82 |       "Stream": { "shape": "Stream" },
       |                            ^^^^^^^^
       |
       = at /shapes/Kind/members/Stream/shape
       = help: name another shape: an event stream is the payload of an output

    error: `rfc3339` is not a known timestamp format
      --> service-2.json:83:53
       |
    83 |       "Time": { "shape": "Time", "timestampFormat": "rfc3339" }
       |                                                     ^^^^^^^^^
       |
       = at /shapes/Kind/members/Time/timestampFormat
       = help: use one of iso8601, rfc822, unixTimestamp

    2 errors
    "#);
}

/// The good model, whose `GetThing` answers with a stream of these events.
fn events(events: &str, shapes: &str) -> String {
    let output = r#""GetThingOutput": {
      "type": "structure",
      "members": {"#;
    with_shapes(&format!(
        r#""Events": {{ "type": "structure", "eventstream": true, "members": {{
      {events}
    }} }},
    {shapes}"#
    ))
    .replace(
        SERVICE,
        output,
        r#""GetThingOutput": {
      "type": "structure",
      "payload": "Events",
      "members": {
        "Events": { "shape": "Events" },"#,
    )
    .replace(
        SERVICE,
        r#""Size": { "shape": "Count" }"#,
        r#""Size": { "shape": "Count", "location": "header", "locationName": "X-Size" }"#,
    )
    .diagnostics()
}

const EVENT: &str = r#""Chunk": { "type": "structure", "event": true, "members": { "Bytes": { "shape": "Data", "eventpayload": true } } }"#;

#[test]
fn a_stream_of_events() {
    let text = events(
        r#""Chunk": { "shape": "Chunk" }, "Lost": { "shape": "ThingMissing" }"#,
        EVENT,
    );
    assert_eq!(text, "nothing is wrong");
}

#[test]
fn an_event_that_is_no_structure() {
    let text = events(r#""Chunk": { "shape": "Text" }, "Other": { "shape": "Data" }"#, EVENT);
    assert_snapshot!(text, @r#"
    error: the event `Chunk` is a string
      --> service-2.json:84:27
       |
    84 |       "Chunk": { "shape": "Text" }, "Other": { "shape": "Data" }
       |                           ^^^^^^
       |
       = at /shapes/Events/members/Chunk/shape
       = help: name a shape of the type `structure` with `"event": true`

    error: the event `Other` is a blob
      --> service-2.json:84:57
       |
    84 |       "Chunk": { "shape": "Text" }, "Other": { "shape": "Data" }
       |                                                         ^^^^^^
       |
       = at /shapes/Events/members/Other/shape
       = help: name a shape of the type `structure` with `"event": true`

    2 errors
    "#);
}

#[test]
fn a_structure_that_is_no_event() {
    let text = events(r#""Chunk": { "shape": "PutThingInput" }"#, EVENT);
    assert_snapshot!(text, @r#"
    error: the structure `PutThingInput` is not an event
      --> service-2.json:84:27
       |
    84 |       "Chunk": { "shape": "PutThingInput" }
       |                           ^^^^^^^^^^^^^^^
       |
       = at /shapes/Events/members/Chunk/shape
       = help: add `"event": true` to the shape, or name another one

    1 error
    "#);
}

#[test]
fn events_of_the_same_name() {
    let text = events(
        r#""Chunk": { "shape": "Chunk" },
      "chunk": { "shape": "Chunk", "locationName": "Chunk" }"#,
        EVENT,
    );
    assert_snapshot!(text, @r#"
    error: `Chunk` and `chunk` both become `Chunk` in Rust
      --> service-2.json:85:7
       |
    85 |       "chunk": { "shape": "Chunk", "locationName": "Chunk" }
       |       ^^^^^^^
       |
       = at /shapes/Events/members/chunk
       = help: rename one of them and keep its name on the wire as `locationName`

    error: `Chunk` and `chunk` are both called `Chunk` on the wire
      --> service-2.json:85:52
       |
    85 |       "chunk": { "shape": "Chunk", "locationName": "Chunk" }
       |                                                    ^^^^^^^
       |
       = at /shapes/Events/members/chunk/locationName
       = help: give one of them another name there

    2 errors
    "#);
}

#[test]
fn parts_of_an_event_that_cannot_be() {
    let text = events(
        r#""Chunk": { "shape": "Chunk" }"#,
        r#""Texts": { "type": "list", "member": { "shape": "Text" } },
    "Chunk": { "type": "structure", "event": true, "members": {
      "Header": { "shape": "Texts", "eventheader": true },
      "Payload": { "shape": "Count", "eventpayload": true }
    } }"#,
    );
    assert_snapshot!(text, @r#"
    error: structure `Chunk` has the list `Header` in a header, where it cannot be
      --> service-2.json:88:28
       |
    88 |       "Header": { "shape": "Texts", "eventheader": true },
       |                            ^^^^^^^
       |
       = at /shapes/Chunk/members/Header/shape
       = help: name another shape: a header of an event is a string, a whole number, a boolean, a timestamp or a blob

    error: structure `Chunk` has the integer `Payload` as its payload, where it cannot be
      --> service-2.json:89:29
       |
    89 |       "Payload": { "shape": "Count", "eventpayload": true }
       |                             ^^^^^^^
       |
       = at /shapes/Chunk/members/Payload/shape
       = help: name another shape: a payload is a blob, a string, a structure, a union or a document

    2 errors
    "#);
}

#[test]
fn two_payloads_of_one_event() {
    let text = events(
        r#""Chunk": { "shape": "Chunk" }"#,
        r#""Chunk": { "type": "structure", "event": true, "members": {
      "Payload": { "shape": "Data", "eventpayload": true },
      "Other": { "shape": "Data", "eventpayload": true },
      "Rest": { "shape": "Text" }
    } }"#,
    );
    assert_snapshot!(text, @r#"
    error: `Other` has no place: the payload `Payload` is the whole body of the event
      --> service-2.json:88:7
       |
    88 |       "Other": { "shape": "Data", "eventpayload": true },
       |       ^^^^^^^
       |
       = at /shapes/Chunk/members/Other
       = help: make it an `eventheader`, or remove `eventpayload` from both

    error: `Rest` has no place: the payload `Payload` is the whole body of the event
      --> service-2.json:89:7
       |
    89 |       "Rest": { "shape": "Text" }
       |       ^^^^^^
       |
       = at /shapes/Chunk/members/Rest
       = help: make it an `eventheader`, or remove `eventpayload` from both

    2 errors
    "#);
}

#[test]
fn values_of_an_enum_that_become_one() {
    let text = types(r#""Kind": { "type": "string", "enum": ["a b", "a_b", "aB", "c", "c"] }"#);
    assert_snapshot!(text, @r#"
    warning: `a b` and `a_b` both become `AB` in Rust
      --> service-2.json:81:49
       |
    81 |     "Kind": { "type": "string", "enum": ["a b", "a_b", "aB", "c", "c"] },
       |                                                 ^^^^^
       |
       = at /shapes/Kind/enum/1
       = help: keep both: the variant of `a_b` is `ABU61U5fU62`

    warning: `a b` and `aB` both become `AB` in Rust
      --> service-2.json:81:56
       |
    81 |     "Kind": { "type": "string", "enum": ["a b", "a_b", "aB", "c", "c"] },
       |                                                        ^^^^
       |
       = at /shapes/Kind/enum/2
       = help: keep both: the variant of `aB` is `ABU61U42`

    warning: `c` is listed twice
      --> service-2.json:81:67
       |
    81 |     "Kind": { "type": "string", "enum": ["a b", "a_b", "aB", "c", "c"] },
       |                                                                   ^^^
       |
       = at /shapes/Kind/enum/4
       = help: remove one of the two: both are the same variant

    3 warnings
    "#);
}

#[test]
fn xml_has_neither_documents_nor_nulls() {
    for kind in [
        r#""Kind": { "type": "structure", "document": true, "members": {} }"#,
        r#""Kind": { "type": "list", "sparse": true, "member": { "shape": "Text" } }"#,
    ] {
        let text = folder(kind)
            .replace(SERVICE, r#""rest-json""#, r#""rest-xml""#)
            .diagnostics();
        let problem = text.lines().next().unwrap_or_default();
        assert!(problem.starts_with("error: operation `GetThing` has "), "{text}");
        assert!(problem.ends_with(" in `Size`, which XML cannot hold"), "{text}");
    }
}
