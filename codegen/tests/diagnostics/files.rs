//! The files of the folder, and the choice of operations.

use insta::assert_snapshot;

use super::{CLIENT, Folder, RULES, SERVICE};

#[test]
fn no_folder() {
    let folder = Folder::good();
    let missing = folder.0.join("none");
    let text = codegen::model::Model::load(&missing).unwrap_err().to_string();
    assert_snapshot!(text.replace(&format!("{}/", folder.0.display()), ""), @r"
    error: there is no folder `none`
     |
     = help: name a folder that holds `service-2.json` and `endpoint-rule-set-1.json`

    1 error
    ");
}

#[test]
fn no_description_and_no_rules() {
    let text = Folder::good().remove(SERVICE).remove(RULES).diagnostics();
    assert_snapshot!(text, @r"
    error: there is no `service-2.json`
     |
     = help: put the service's `service-2.json` there, as botocore publishes it

    error: there is no `endpoint-rule-set-1.json`
     |
     = help: put the service's `endpoint-rule-set-1.json` there, as botocore publishes it

    2 errors
    ");
}

#[test]
fn packed_files() {
    let folder = Folder::good().remove(SERVICE).write("service-2.json.gz", "");
    let help = folder
        .lower(None)
        .unwrap_err()
        .iter()
        .map(|d| d.help.clone())
        .collect::<String>();
    assert!(help.starts_with("unpack the files: `gunzip "), "{help}");
}

#[test]
fn a_folder_of_versions() {
    let folder = Folder::good().remove(SERVICE);
    std::fs::create_dir(folder.0.join("2026-01-01")).unwrap();
    let folder = folder.write("2026-01-01/service-2.json", "{}");
    let text = folder.diagnostics();
    assert_snapshot!(text, @r"
    error: there is no `service-2.json`
     |
     = help: did you mean the folder `2026-01-01`?

    1 error
    ");
}

#[test]
fn a_file_that_is_not_utf8() {
    let text = Folder::good().write(CLIENT, b"\xff\xfe").diagnostics();
    assert_snapshot!(text, @r"
    error: cannot read `client.json`: stream did not contain valid UTF-8
     |
     = help: make it a readable file in UTF-8

    1 error
    ");
}

#[test]
fn files_that_are_not_read() {
    let folder = Folder::good()
        .write("smoke-2.json", "{}")
        .write("waiters-2.sdk-extras.json", "{}");
    assert_snapshot!(folder.diagnostics(), @r"
    warning: `smoke-2.json` is not read
     |
     = help: remove the file if it is not needed

    warning: `waiters-2.sdk-extras.json` is not read: there is nothing to merge it into
     |
     = help: add `waiters-2.json` or remove the overlay

    2 warnings
    ");
}

#[test]
fn a_folder_without_client_json_is_fine() {
    let service = Folder::good().remove(CLIENT).lower(None).unwrap();
    assert_eq!(service.package.name, "things");
    assert_eq!(service.package.version, "0.1.0");
    assert_eq!(service.package.description, "Client for Amazon Things");
    assert_eq!(service.read_timeout.as_secs(), 60);
    assert!(service.example.is_none());
}

#[test]
fn a_fault_in_an_overlay() {
    let overlay = r#"{ "version": 1.0, "merge": { "shapes": { "Text": { "max": "9" } } } }"#;
    let text = Folder::good().write("service-2.sdk-extras.json", overlay).diagnostics();
    assert_snapshot!(text, @r#"
    error: expected a number, found the string "9"
     --> service-2.sdk-extras.json:1:59
      |
    1 | { "version": 1.0, "merge": { "shapes": { "Text": { "max": "9" } } } }
      |                                                           ^^^
      |
      = at /shapes/Text/max
      = help: write a number here

    1 error
    "#);
}

#[test]
fn an_overlay_of_an_unknown_version() {
    let overlay = r#"{ "version": 2.0, "merge": {} }"#;
    let text = Folder::good().write("service-2.sdk-extras.json", overlay).diagnostics();
    assert_snapshot!(text, @r#"
    error: overlays of version 2 are not known
     --> service-2.sdk-extras.json:1:14
      |
    1 | { "version": 2.0, "merge": {} }
      |              ^^^
      |
      = at /version
      = help: only version 1.0 can be merged

    1 error
    "#);
}

#[test]
fn an_overlay_adds_and_replaces() {
    let overlay = r#"{ "version": 1.0, "merge": { "metadata": { "serviceId": "Other Things", "signingName": "t" } } }"#;
    let service = Folder::good()
        .write("service-2.sdk-extras.json", overlay)
        .lower(None)
        .unwrap();
    assert_eq!((&*service.id, &*service.signing_name), ("Other Things", "t"));
    assert_eq!(service.full_name, "Amazon Things");
}

#[test]
fn paginators_and_waiters() {
    let paginators = r#"{ "pagination": {
  "GetThing": { "input_token": "Name", "output_token": "Size" },
  "ListThings": { "input_token": "Name", "output_token": "Size" }
} }"#;
    let waiters = r#"{ "version": 2, "waiters": {
  "ThingReady": { "operation": "GetThing", "delay": 1, "maxAttempts": 2, "acceptors": [] }
} }"#;
    let folder = Folder::good()
        .write("paginators-1.json", paginators)
        .write("waiters-2.json", waiters);
    assert_snapshot!(folder.diagnostics(), @r#"
    error: operation `GetThing` has a paginator, which cannot be generated yet
     --> paginators-1.json:2:3
      |
    2 |   "GetThing": { "input_token": "Name", "output_token": "Size" },
      |   ^^^^^^^^^^
      |
      = at /pagination/GetThing
      = help: leave the operation out: name those to generate, `--operations First,Second`; or remove the entry from this file

    error: the service has no operation `ListThings`
     --> paginators-1.json:3:3
      |
    3 |   "ListThings": { "input_token": "Name", "output_token": "Size" }
      |   ^^^^^^^^^^^^
      |
      = at /pagination/ListThings
      = help: name an operation of the service, or remove the entry

    error: operation `GetThing` has the waiter `ThingReady`, which cannot be generated yet
     --> waiters-2.json:2:32
      |
    2 |   "ThingReady": { "operation": "GetThing", "delay": 1, "maxAttempts": 2, "acceptors": [] }
      |                                ^^^^^^^^^^
      |
      = at /waiters/ThingReady/operation
      = help: leave the operation out: name those to generate, `--operations First,Second`; or remove the entry from this file

    3 errors
    "#);
}

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
