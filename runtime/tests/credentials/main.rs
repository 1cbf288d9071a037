//! Replays cases of other SDKs, and compares credentials, requests and kinds of errors.
//!
//! The cases are not a part of the project: they are in `credentials` of the folder that `PUBLISHED_CASES` names, by
//! default `../shared` beside the workspace. Without that folder there is nothing to do; with it, finding no case is a
//! failure.

mod altered;
mod cases;
mod decisions;
mod errors;
mod faults;
#[cfg(unix)]
mod find;
mod folders;
mod live;
#[cfg(unix)]
mod processes;
mod replay;
mod tables;

use std::path::PathBuf;

use self::cases::{Case, Tally};

/// The published cases, if they are there.
fn cases() -> Vec<Case> {
    let folder = match std::env::var_os("PUBLISHED_CASES").filter(|value| !value.is_empty()) {
        Some(folder) => PathBuf::from(folder).join("credentials"),
        None => PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/credentials")),
    };
    if !folder.is_dir() {
        return Vec::new();
    }
    let cases = Case::find(&folder).expect("cases that can be read");
    assert!(!cases.is_empty(), "there are no cases in {}", folder.display());
    cases
}

#[tokio::test]
async fn all_cases() {
    let mut tally = Tally::default();
    for case in &cases() {
        tally.count(case).await;
    }
    assert_eq!(tally.failed, 0, "{tally}");
}

#[tokio::test]
async fn altered_expectations_are_seen() {
    let mut tally = Tally::default();
    for case in &cases() {
        tally.count_altered(case).await;
    }
    assert_eq!(tally.failed, 0, "{tally}");
}

#[tokio::test]
async fn what_is_no_case_fails() {
    for content in [serde_json::json!({}), serde_json::json!({"env": 1, "result": 2})] {
        let case = Case {
            name: "none".to_owned(),
            format: cases::Format::of(&content),
            content,
        };
        let mut tally = Tally::default();
        tally.count(&case).await;
        assert_eq!((tally.passed, tally.failed), (0, 1));
    }
    assert!(Case::find("no such file".as_ref()).is_err());
}
