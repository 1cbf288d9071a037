//! The files of the folder, and the choice of operations.

use std::fs;
use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
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
fn a_file_instead_of_a_folder() {
    let folder = Folder::good();
    let text = codegen::model::Model::load(&folder.0.join(SERVICE))
        .unwrap_err()
        .to_string();
    assert_snapshot!(text.replace(&format!("{}", folder.0.display()), "models/things"), @r"
    error: `models/things/service-2.json` is a file, and not the folder of a model
     |
     = help: name the folder that it is in: `models/things`

    1 error
    ");
}

#[test]
fn a_file_that_is_no_description() {
    for (text, expected) in [
        (
            "{\"smithy\": \"2.0\", \"shapes\": {",
            "error: `service.json` is not valid JSON: EOF while parsing an object at line 1 column 29\n",
        ),
        ("{}", "error: `service.json` is not a description in Smithy's form\n"),
    ] {
        let folder = Folder::good().write("service.json", text);
        let error = codegen::model::Model::load(&folder.0.join("service.json")).unwrap_err();
        let text = error.to_string().replace(&format!("{}/", folder.0.display()), "");
        assert!(text.starts_with(expected), "{text}");
    }
}

const SMITHY: &str = "{\"smithy\": \"2.0\", \"shapes\": {}}";

#[test]
fn a_smithy_file_with_the_name_of_another() {
    assert_snapshot!(Folder::good().remove(RULES).write(SERVICE, SMITHY).diagnostics(), @r"
    error: `service-2.json` is a description in Smithy's form, and the name is that of botocore's form
     |
     = help: rename the file, or name the file itself instead of its folder

    1 error
    ");
}

#[test]
fn several_smithy_files() {
    let folder = Folder::good().remove(SERVICE).remove(RULES);
    let folder = folder.write("queues.json", SMITHY).write("things.json", SMITHY);
    assert_snapshot!(folder.diagnostics(), @r"
    error: the folder has 2 descriptions in Smithy's form
     |
     = help: name one of the files: `queues.json`, `things.json`

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

/// Botocore's package on PyPI has its files so.
#[test]
fn files_compressed_with_gzip() {
    let mut folder = Folder::good();
    let plain = folder.lower(None).unwrap();
    for file in [SERVICE, RULES] {
        let text = fs::read(folder.0.join(file)).unwrap();
        folder = folder.remove(file).write(&format!("{file}.gz"), gzip(&text));
    }
    let packed = folder.lower(None).unwrap();
    assert_eq!(format!("{packed:?}"), format!("{plain:?}"));

    let text = folder.write("service-2.json.gz", gzip(b"{\n  oops }")).diagnostics();
    assert_snapshot!(text, @r"
    error: not valid JSON: key must be a string
     --> service-2.json.gz:2:3
      |
    2 |   oops }
      |   ^
      |
      = help: correct the syntax at this place or just before it

    1 error
    ");
}

#[test]
fn a_file_that_only_looks_compressed() {
    let folder = Folder::good()
        .remove(SERVICE)
        .write("service-2.json.gz", "{ \"version\": \"2.0\" }");
    assert_snapshot!(folder.diagnostics(), @r"
    error: cannot read `service-2.json.gz`: invalid gzip header
     |
     = help: make it a readable file in UTF-8

    1 error
    ");
}

#[test]
fn a_file_and_the_same_one_compressed() {
    let folder = Folder::good().write("service-2.json.gz", gzip(b"{}"));
    assert_snapshot!(folder.diagnostics(), @r"
    warning: `service-2.json.gz` is not read: it is also there without `.gz`
     |
     = help: remove one of the two files

    1 warning
    ");
}

fn gzip(text: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(text).unwrap();
    encoder.finish().unwrap()
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
    assert_eq!(service.package.name, "lean-aws-things");
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
