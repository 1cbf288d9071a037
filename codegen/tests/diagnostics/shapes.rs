//! Shapes that make no sense, whatever is generated from them.

use insta::assert_snapshot;

use super::{SERVICE, change, with_shapes};

#[test]
fn a_shape_that_does_not_exist() {
    let text = change(
        SERVICE,
        r#""Body": { "shape": "Data" }"#,
        r#""Body": { "shape": "Dat" }"#,
    );
    assert_snapshot!(text, @r#"
    error: shape `Dat` does not exist
      --> service-2.json:59:28
       |
    59 |         "Body": { "shape": "Dat" }
       |                            ^^^^^
       |
       = at /shapes/PutThingInput/members/Body/shape
       = help: define `Dat` under `shapes`, or name one that is there (did you mean `Data`?)

    1 error
    "#);
}

#[test]
fn an_error_that_does_not_exist() {
    let text = change(
        SERVICE,
        r#"{ "shape": "ThingMissing" }"#,
        r#"{ "shape": "ThingIsMissing" }"#,
    );
    assert_snapshot!(text, @r#"
    error: shape `ThingIsMissing` does not exist
      --> service-2.json:22:20
       |
    22 |         { "shape": "ThingIsMissing" }
       |                    ^^^^^^^^^^^^^^^^
       |
       = at /operations/GetThing/errors/0/shape
       = help: define `ThingIsMissing` under `shapes`, or name one that is there (did you mean `ThingMissing`?)

    1 error
    "#);
}

#[test]
fn a_type_that_does_not_exist() {
    let text = change(SERVICE, r#""boolean""#, r#""bolb""#);
    assert_snapshot!(text, @r#"
    error: `bolb` is not a known shape type
      --> service-2.json:81:24
       |
    81 |     "Spare": { "type": "bolb" },
       |                        ^^^^^^
       |
       = at /shapes/Spare/type
       = help: use one of structure, list, map, string, character, blob, boolean, byte, short, integer, long, float, double, timestamp (did you mean `blob`?)

    1 error
    "#);
}

#[test]
fn a_location_that_does_not_exist() {
    let text = change(
        SERVICE,
        r#""location": "header", "locationName": "X-Trace""#,
        r#""location": "heder", "locationName": "X-Trace""#,
    );
    assert_snapshot!(text, @r#"
    error: `heder` is not a known location
      --> service-2.json:41:49
       |
    41 |         "Trace": { "shape": "Text", "location": "heder", "locationName": "X-Trace" },
       |                                                 ^^^^^^^
       |
       = at /shapes/GetThingInput/members/Trace/location
       = help: use one of uri, querystring, header, headers, statusCode (did you mean `header`?)

    1 error
    "#);
}

#[test]
fn a_required_member_that_does_not_exist() {
    let text = change(
        SERVICE,
        r#"["Name", "Version", "Body"]"#,
        r#"["Name", "Version", "Body", "Vresion"]"#,
    );
    assert_snapshot!(text, @r#"
    error: `PutThingInput` has no member `Vresion`
      --> service-2.json:54:47
       |
    54 |       "required": ["Name", "Version", "Body", "Vresion"],
       |                                               ^^^^^^^^^
       |
       = at /shapes/PutThingInput/required/3
       = help: add the member, or name one of those that are there (did you mean `Version`?)

    1 error
    "#);
}

#[test]
fn a_payload_that_does_not_exist() {
    let text = change(SERVICE, r#""payload": "Body""#, r#""payload": "Bdy""#);
    assert_snapshot!(text, @r#"
    error: `PutThingInput` has no member `Bdy`
      --> service-2.json:55:18
       |
    55 |       "payload": "Bdy",
       |                  ^^^^^
       |
       = at /shapes/PutThingInput/payload
       = help: add the member, or name one of those that are there (did you mean `Body`?)

    1 error
    "#);
}

#[test]
fn a_payload_with_a_location() {
    let text = change(
        SERVICE,
        r#""Body": { "shape": "Data" }"#,
        r#""Body": { "shape": "Data", "location": "header" }"#,
    );
    assert_snapshot!(text, @r#"
    error: the payload `Body` also has a location
      --> service-2.json:59:48
       |
    59 |         "Body": { "shape": "Data", "location": "header" }
       |                                                ^^^^^^^^
       |
       = at /shapes/PutThingInput/members/Body/location
       = help: remove the `location`: the payload is the whole body

    1 error
    "#);
}

#[test]
fn a_member_beside_the_payload_without_a_location() {
    let text = change(
        SERVICE,
        r#""Body": { "shape": "Data" }"#,
        r#""Body": { "shape": "Data" },
        "Note": { "shape": "Text" }"#,
    );
    assert_snapshot!(text, @r#"
    error: `Note` has no place: the payload `Body` is the whole body
      --> service-2.json:60:9
       |
    60 |         "Note": { "shape": "Text" }
       |         ^^^^^^
       |
       = at /shapes/PutThingInput/members/Note
       = help: give it a `location`, or remove `payload` from the structure

    1 error
    "#);
}

#[test]
fn a_minimum_above_the_maximum() {
    let text = change(SERVICE, r#""min": 1, "max": 9"#, r#""min": 10, "max": 9"#);
    assert_snapshot!(text, @r#"
    error: the minimum 10 is greater than the maximum 9
      --> service-2.json:78:42
       |
    78 |     "Count": { "type": "integer", "min": 10, "max": 9 },
       |                                          ^^
       |
       = at /shapes/Count/min
       = help: lower `min` or raise `max`

    1 error
    "#);
}

#[test]
fn a_list_without_elements() {
    let text = change(SERVICE, r#""boolean""#, r#""list""#);
    assert_snapshot!(text, @r#"
    error: the list has no `member`
      --> service-2.json:81:5
       |
    81 |     "Spare": { "type": "list" },
       |     ^^^^^^^
       |
       = at /shapes/Spare
       = help: add `"member": {"shape": ...}`

    1 error
    "#);
}

#[test]
fn a_map_without_keys_and_values() {
    let text = change(SERVICE, r#""boolean""#, r#""map""#);
    assert_snapshot!(text, @r#"
    error: the map has no `key`
      --> service-2.json:81:5
       |
    81 |     "Spare": { "type": "map" },
       |     ^^^^^^^
       |
       = at /shapes/Spare
       = help: add `"key": {"shape": ...}`

    error: the map has no `value`
      --> service-2.json:81:5
       |
    81 |     "Spare": { "type": "map" },
       |     ^^^^^^^
       |
       = at /shapes/Spare
       = help: add `"value": {"shape": ...}`

    2 errors
    "#);
}

#[test]
fn a_map_whose_keys_are_no_strings() {
    let text = change(
        SERVICE,
        r#"{ "type": "boolean" }"#,
        r#"{ "type": "map", "key": { "shape": "Count" }, "value": { "shape": "Text" } }"#,
    );
    assert_snapshot!(text, @r#"
    error: the keys of the map are not strings
      --> service-2.json:81:49
       |
    81 |     "Spare": { "type": "map", "key": { "shape": "Count" }, "value": { "shape": "Text" } },
       |                                                 ^^^^^^^
       |
       = at /shapes/Spare/key/shape
       = help: name a shape of the type `string`: JSON has no other keys

    1 error
    "#);
}

#[test]
fn a_string_with_members() {
    let text = change(
        SERVICE,
        r#""Text": { "type": "string" }"#,
        r#""Text": { "type": "string", "members": { "A": { "shape": "Text" } } }"#,
    );
    assert_snapshot!(text, @r#"
    error: a shape of the type `string` cannot have `members`
      --> service-2.json:82:33
       |
    82 |     "Text": { "type": "string", "members": { "A": { "shape": "Text" } } }
       |                                 ^^^^^^^^^
       |
       = at /shapes/Text/members
       = help: remove it, or make the shape a structure

    1 error
    "#);
}

#[test]
fn a_structure_that_requires_itself() {
    let text = change(
        SERVICE,
        r#"{ "type": "boolean" }"#,
        r#"{ "type": "structure", "required": ["Inner"], "members": { "Inner": { "shape": "Spare" } } }"#,
    );
    assert_snapshot!(text, @r#"
    error: the structure requires itself: `Spare` -> `Spare`
      --> service-2.json:81:93
       |
    81 |     "Spare": { "type": "structure", "required": ["Inner"], "members": { "Inner": { "shape": "Spare" } } },
       |                                                                                             ^^^^^^^
       |
       = at /shapes/Spare/members/Inner/shape
       = help: remove `Inner` from the `required` of `Spare`: no finite value has it

    1 error
    "#);
}

#[test]
fn structures_that_require_each_other() {
    let text = change(
        SERVICE,
        r#"{ "type": "boolean" }"#,
        r#"{ "type": "structure", "required": ["Egg"], "members": { "Egg": { "shape": "Egg" } } },
    "Egg": { "type": "structure", "required": ["Hen"], "members": { "Hen": { "shape": "Spare" } } }"#,
    );
    assert_snapshot!(text, @r#"
    error: the structure requires itself: `Spare` -> `Egg` -> `Spare`
      --> service-2.json:82:87
       |
    82 |     "Egg": { "type": "structure", "required": ["Hen"], "members": { "Hen": { "shape": "Spare" } } },
       |                                                                                       ^^^^^^^
       |
       = at /shapes/Egg/members/Hen/shape
       = help: remove `Hen` from the `required` of `Egg`: no finite value has it

    1 error
    "#);
}

#[test]
fn a_list_of_nothing_but_itself() {
    let text = with_shapes(r#""Spares": { "type": "list", "member": { "shape": "Spares" } }"#).diagnostics();
    assert_snapshot!(text, @r#"
    error: `Spares` is a list or map of nothing but itself
      --> service-2.json:81:5
       |
    81 |     "Spares": { "type": "list", "member": { "shape": "Spares" } },
       |     ^^^^^^^^
       |
       = at /shapes/Spares
       = help: put a structure in between

    1 error
    "#);
}

#[test]
fn a_list_and_a_map_of_nothing_but_each_other() {
    let text = with_shapes(
        r#""Hens": { "type": "list", "member": { "shape": "Eggs" } },
    "Eggs": { "type": "map", "key": { "shape": "Text" }, "value": { "shape": "Hens" } }"#,
    )
    .diagnostics();
    assert_snapshot!(text, @r#"
    error: `Hens` is a list or map of nothing but itself
      --> service-2.json:81:5
       |
    81 |     "Hens": { "type": "list", "member": { "shape": "Eggs" } },
       |     ^^^^^^
       |
       = at /shapes/Hens
       = help: put a structure in between

    error: `Eggs` is a list or map of nothing but itself
      --> service-2.json:82:5
       |
    82 |     "Eggs": { "type": "map", "key": { "shape": "Text" }, "value": { "shape": "Hens" } },
       |     ^^^^^^
       |
       = at /shapes/Eggs
       = help: put a structure in between

    2 errors
    "#);
}

#[test]
fn lists_that_are_too_deep() {
    let list = |depth: u32| match depth {
        0 => r#""L0": { "type": "boolean" }"#.to_owned(),
        _ => format!(
            r#""L{depth}": {{ "type": "list", "member": {{ "shape": "L{}" }} }}"#,
            depth - 1
        ),
    };
    let lists = |depth: u32| (0..=depth).map(list).collect::<Vec<_>>().join(",\n    ");
    assert_eq!(with_shapes(&lists(31)).diagnostics(), "nothing is wrong");
    assert_snapshot!(with_shapes(&lists(32)).diagnostics(), @r#"
    error: `L32` is 32 lists and maps, one in the other
       --> service-2.json:113:5
        |
    113 |     "L32": { "type": "list", "member": { "shape": "L31" } },
        |     ^^^^^
        |
        = at /shapes/L32
        = help: put a structure in between: fewer than 32 can be generated

    1 error
    "#);
}

#[test]
fn an_unknown_format_of_timestamps() {
    let text = with_shapes(r#""Time": { "type": "timestamp", "timestampFormat": "rfc" }"#).diagnostics();
    assert_snapshot!(text, @r#"
    error: `rfc` is not a known timestamp format
      --> service-2.json:81:55
       |
    81 |     "Time": { "type": "timestamp", "timestampFormat": "rfc" },
       |                                                       ^^^^^
       |
       = at /shapes/Time/timestampFormat
       = help: use one of iso8601, rfc822, unixTimestamp

    1 error
    "#);
}

/// What each structure contains is looked at once, not again for each that contains it.
#[test]
fn a_long_chain_of_structures() {
    let structure = |number: usize, inner: &str| {
        format!(
            r#""S{number}": {{ "type": "structure", "required": ["Next"], "members": {{ "Next": {{ "shape": "{inner}" }} }} }}"#
        )
    };
    let chain = |last: &str| {
        let structures = (0..10_000).map(|number| structure(number, &format!("S{}", number + 1)));
        let structures: Vec<String> = structures.collect();
        let spare = r#""Spare": { "type": "structure", "members": { "First": { "shape": "S0" } } }"#;
        with_shapes(&format!(
            "{spare}, {}, {}",
            structures.join(", "),
            structure(10_000, last)
        ))
        .replace(
            SERVICE,
            r#""Parent": { "shape": "Text""#,
            r#""First": { "shape": "Spare" }, "Parent": { "shape": "Text""#,
        )
    };
    let service = chain("Text").lower(None).unwrap();
    assert_eq!(service.types.len(), 10_002);
    assert!(chain("S0").diagnostics().contains("the structure requires itself"));
}

#[test]
fn documentation_that_nobody_has_written_yet() {
    let text = change(
        SERVICE,
        r#""Place": { "shape": "Text" }"#,
        r#""Place": { "shape": "Text", "documentation": "" }"#,
    );
    assert_snapshot!(text, @r#"
    warning: `Place` of `ThingMissing` has no documentation yet
      --> service-2.json:68:54
       |
    68 |         "Place": { "shape": "Text", "documentation": "" }
       |                                                      ^^
       |
       = at /shapes/ThingMissing/members/Place/documentation
       = help: write a sentence of your own, or remove the empty `documentation`

    1 warning
    "#);
}
