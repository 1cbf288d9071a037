//! Replays cases of other SDKs, and compares credentials, requests and kinds of errors.
//!
//! The cases are not a part of the project: `CREDENTIAL_CASES` names their folder, which is `../shared/credentials` beside
//! the workspace by default. Without that folder there is nothing to do; with it, finding no case is a failure.

mod altered;
mod cases;
mod decisions;
mod errors;
mod folders;
mod live;
mod replay;
mod tables;

use std::path::PathBuf;

use self::cases::{Case, Verdict};

fn folder() -> Option<PathBuf> {
    if let Some(folder) = std::env::var_os("CREDENTIAL_CASES") {
        return Some(folder.into());
    }
    let workspace = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."));
    let folder = workspace.join("../shared/credentials");
    folder.is_dir().then_some(folder)
}

#[tokio::test]
async fn all_cases() {
    let Some(folder) = folder() else {
        eprintln!("no cases: set `CREDENTIAL_CASES`");
        return;
    };
    let cases = Case::find(&folder);
    assert!(!cases.is_empty(), "there are no cases in {}", folder.display());
    let (mut passed, mut failed) = (0, 0);
    for case in &cases {
        match case.run().await {
            Verdict::Passed => passed += 1,
            Verdict::Decided(reason) => {
                passed += 1;
                println!("{}: decided otherwise: {reason}", case.name);
            }
            Verdict::Failed(problem) => {
                failed += 1;
                println!("{}: {problem}", case.name);
            }
        }
    }
    println!("{passed} passed, {failed} failed");
    assert_eq!(failed, 0);
}

/// Each case with something else expected must fail.
#[tokio::test]
async fn altered_expectations_are_seen() {
    let Some(folder) = folder() else {
        return;
    };
    let mut altered = 0;
    for case in Case::find(&folder) {
        if !matches!(case.run().await, Verdict::Passed) {
            continue;
        }
        for (what, case) in altered::alter(&case) {
            altered += 1;
            let verdict = case.run().await;
            assert!(
                matches!(verdict, Verdict::Failed(_)),
                "{}: {what} is not seen",
                case.name
            );
        }
    }
    println!("{altered} alterations seen");
    assert_ne!(altered, 0);
}
