//! What a client leaves to its callers although other SDKs do it.

use codegen::Caveat;
use codegen::diagnostics::Diagnostics;
use insta::assert_snapshot;

use super::{Folder, SERVICE};

/// A service of which something is known, and an operation with the member that it is about.
fn folder(service_id: &str, member: &str) -> Folder {
    let input = r#""PutThingInput": {
      "type": "structure",
      "required": ["Name", "Version", "Body"],
      "payload": "Body",
      "members": {"#;
    let other = format!(r#"{input} "{member}": {{ "shape": "Text", "location": "header" }},"#);
    Folder::good()
        .replace(
            SERVICE,
            r#""serviceId": "Things""#,
            &format!(r#""serviceId": "{service_id}""#),
        )
        .replace(SERVICE, r#""Parent""#, &format!(r#""{member}""#))
        .replace(SERVICE, input, &other)
}

#[test]
fn callers_and_whoever_generates_the_client_are_told() {
    let service = folder("EC2", "PresignedUrl").lower(None).unwrap();
    let warnings: Diagnostics = service.caveats().iter().map(Caveat::warning).collect::<Vec<_>>().into();
    assert_snapshot!(warnings, @"
    warning: operations `GetThing`, `PutThing` leave something to the caller: to copy an encrypted snapshot from another region, presign the call with a client for that region, with `DestinationRegion`, and set `PresignedUrl`
     |
     = help: the documentation of the member says so, too

    1 warning
    ");
    let member = &service.operations[0].input[2];
    assert_eq!(member.name, "PresignedUrl");
    assert_snapshot!(
        member.docs,
        @"To copy an encrypted snapshot from another region, presign the call with a client for that region, with `DestinationRegion`, and set `PresignedUrl`."
    );
}

#[test]
fn only_operations_that_the_client_has_count() {
    let folder = folder("S3", "SSECustomerKey");
    let operations = |only: Option<&[&str]>| {
        let caveats = folder.lower(only).unwrap().caveats();
        caveats
            .into_iter()
            .flat_map(|caveat| caveat.operations)
            .collect::<Vec<_>>()
    };
    assert_eq!(operations(None), ["GetThing", "PutThing"]);
    assert_eq!(operations(Some(&["PutThing"])), ["PutThing"]);
}

#[test]
fn an_operation_is_named_once_for_two_members() {
    let folder = folder("RDS", "PreSignedUrl").replace(SERVICE, r#""Trace""#, r#""SourceRegion""#);
    let caveats = folder.lower(None).unwrap().caveats();
    assert_eq!(caveats.len(), 1);
    assert_eq!(caveats[0].operations, ["GetThing", "PutThing"]);
}

#[test]
fn other_services_have_members_of_the_same_name() {
    let service = folder("Things", "PresignedUrl").lower(None).unwrap();
    assert_eq!(service.caveats(), []);
}
