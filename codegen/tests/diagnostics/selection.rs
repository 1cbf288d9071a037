//! Operations that are named with `--operations`, and what comes with them.

use insta::assert_snapshot;

use super::{CLIENT, Folder, SERVICE, options, with_shapes};

#[test]
fn an_operation_that_does_not_exist() {
    assert_snapshot!(Folder::good().diagnostics_of(Some(&["PutThing", "GetThin"])), @r"
    error: the service has no operation `GetThin`
     |
     = help: give `--operations` names of the service's operations (did you mean `GetThing`?)

    1 error
    ");
}

#[test]
fn operations_that_are_left_out_may_have_anything() {
    let folder = Folder::good().replace(SERVICE, r#""PUT""#, r#""POTS""#).replace(
        SERVICE,
        r#""Body": { "shape": "Data" }"#,
        r#""Body": { "shape": "GetThingOutput" }"#,
    );
    assert_eq!(
        folder.diagnostics_of(Some(&["GetThing", "GetThing"])),
        "nothing is wrong"
    );
    let service = folder.lower(Some(&["GetThing"])).unwrap();
    assert!(
        service.example.is_none(),
        "the example is of an operation that is left out"
    );
}

#[test]
fn errors_that_only_other_operations_have_are_left_out() {
    let service = Folder::good().lower(Some(&["PutThing"])).unwrap();
    let codes: Vec<_> = service.errors.iter().map(|error| error.code.as_str()).collect();
    assert_eq!(codes, ["ThingBusy"], "no operation lists it, so any may return it");
}

/// Types, errors and their files come with the operations that reach them, whichever way.
#[test]
fn types_that_only_other_operations_have_are_left_out() {
    let folder = with_shapes(
        r#""Lamp": { "type": "structure", "members": { "Colours": { "shape": "Colours" } } },
    "Colours": { "type": "list", "member": { "shape": "Colour" } },
    "Colour": { "type": "string", "enum": ["red"] },
    "Place": { "type": "structure", "union": true, "members": { "Room": { "shape": "Room" }, "Lamp": { "shape": "Lamp" } } },
    "Room": { "type": "structure", "members": {} },
    "Nowhere": { "type": "structure", "members": { "Colour": { "shape": "Colour" } } }"#,
    )
    .replace(SERVICE, r#""Size": { "shape": "Count" }"#, r#""Size": { "shape": "Lamp" }"#)
    .replace(SERVICE, r#""Body": { "shape": "Data" }"#, r#""Body": { "shape": "Place" }"#)
    .remove(CLIENT)
    .write(CLIENT, "{}");
    let types = |only: &[&str]| {
        let service = folder
            .lower(Some(only))
            .unwrap_or_else(|diagnostics| panic!("{diagnostics}"));
        let types = service.types.values();
        let types = types.map(|ty| format!("{} {}{}", ty.name, u8::from(ty.sent), u8::from(ty.received)));
        types.collect::<Vec<_>>().join(", ")
    };
    assert_eq!(types(&["GetThing"]), "Colour 01, Lamp 01");
    assert_eq!(types(&["PutThing"]), "Colour 10, Lamp 10, Place 10, Room 10");
    assert_eq!(
        types(&["GetThing", "PutThing"]),
        "Colour 11, Lamp 11, Place 10, Room 10"
    );

    let client = codegen::generate(&folder.0, &options(Some(&["GetThing"]))).unwrap();
    let files: Vec<_> = client
        .files
        .keys()
        .filter(|path| path.starts_with("src/types/"))
        .collect();
    assert_eq!(
        files,
        ["src/types/colour.rs", "src/types/error.rs", "src/types/lamp.rs"]
    );
    assert!(
        !client.files["src/types/lamp.rs"].contains("ToJson"),
        "it is only received"
    );
}
