use std::io;

use zeroize::Zeroizing;

use super::{failure, keys, load};
use crate::auth::sources::Profile;
use crate::auth::system::Output;
use crate::auth::testing::Fake;

const COMMAND: &str = "/opt/helper --secret S3CR3T";

fn printing(code: i32, stdout: &str, stderr: &str) -> Fake {
    let config = format!("[default]\ncredential_process = {COMMAND}\naws_account_id = 1\n");
    let (stdout, stderr) = (stdout.to_owned(), stderr.to_owned());
    Fake::with_profiles(&config, "").shell(move |command| {
        assert_eq!(command, COMMAND);
        Ok(Output {
            code: Some(code),
            stdout: Zeroizing::new(stdout.clone().into_bytes()),
            stderr: stderr.clone().into_bytes(),
        })
    })
}

#[tokio::test]
async fn keys_that_a_process_prints() {
    let fake = printing(
        0,
        r#"{"Version": 1, "AccessKeyId": "id", "SecretAccessKey": "secret"}"#,
        "a warning",
    );
    assert_eq!(keys(&fake, Profile::new()).await, ["id", "secret", "-", "1"]);
    let fake = printing(
        0,
        r#"{"Version": 1, "AccessKeyId": "id", "SecretAccessKey": "secret", "SessionToken": "token",
            "Expiration": "2030-01-01T00:00:00+00:00", "AccountId": 22}"#,
        "",
    );
    assert_eq!(keys(&fake, Profile::new()).await, ["id", "secret", "token", "22"]);
    assert!(
        load(&fake, Profile::new())
            .await
            .expect("credentials")
            .expiry()
            .is_some()
    );
}

#[tokio::test]
async fn what_can_be_wrong_with_a_process() {
    let start = "the `credential_process` of the profile `default` ";
    let unusable = "printed unusable output: ";
    for (fake, expected) in [
        (
            printing(0, "", ""),
            format!("{unusable}JSON: it ends too early (line 1, column 1)"),
        ),
        (
            printing(0, "{}", ""),
            format!("{unusable}it has no `Version`, which must be 1"),
        ),
        (
            printing(0, "{\"Version\": 2}", ""),
            format!("{unusable}its `Version` is 2, but must be 1"),
        ),
        (
            printing(0, "{\"Version\": 1}", ""),
            format!("{unusable}it has no `AccessKeyId`"),
        ),
        (
            printing(3, "{}", "the key S3CR3T\nwas wrong: S3CR3T\n"),
            "failed with exit code 3: was wrong: ***".to_owned(),
        ),
    ] {
        let text = failure(&fake, Profile::new()).await;
        assert_eq!(text, format!("{start}{expected} [/home/a/.aws/config:2]"));
    }
    for (kind, expected) in [
        (io::ErrorKind::TimedOut, "did not end within 60s"),
        (io::ErrorKind::FileTooLarge, "printed too much"),
        (io::ErrorKind::NotFound, "cannot be run: entity not found"),
    ] {
        let fake = printing(0, "", "").shell(move |_| Err(kind.into()));
        let text = failure(&fake, Profile::new()).await;
        assert_eq!(text, format!("{start}{expected} [/home/a/.aws/config:2]"));
    }
}
