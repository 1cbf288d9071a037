use super::{failure, keys};
use crate::auth::sources::Profile;
use crate::auth::testing::{Fake, answer};

const CONFIG: &str = "[profile dev]\nregion = us-east-1\nlogin_session = me\n";

/// SHA-256 of `me`.
const NAME: &str = "2744ccd10c7533bd736ad890f9dd5cab2adb27b07d500b9493f29cdc420cb2e0.json";

const NOW: u64 = 1_763_510_400;

const KEY: &str = "-----BEGIN EC PRIVATE KEY-----\\nMHcCAQEEII1iFU/iG0UUXloQZk7olK8UEkc+P0T1U/wk6sqm+N3voAoGCCqGSM49\\n\
    AwEHoUQDQgAE+J6uAF3RtEP80iEPA6jWIab3Vvg89vD/1ypOmctAKZB5jv8KMk3O\\na130IpFWjUDgea4uNY3zO4y/FC4z1anuOg==\\n\
    -----END EC PRIVATE KEY-----\\n";

fn login(id: &str, expires_at: &str) -> String {
    format!(
        r#"{{"accessToken":{{"accessKeyId":"{id}","secretAccessKey":"S3CR3T","sessionToken":"token of {id}","accountId":"1",
            "expiresAt":"{expires_at}"}},"tokenType":"aws_sigv4","refreshToken":"R3FR3SH","clientId":"c","dpopKey":"{KEY}"}}"#
    )
}

fn path() -> String {
    format!("/home/a/.aws/login/cache/{NAME}")
}

fn dev(login: &str) -> Fake {
    let fake = Fake::with_profiles(CONFIG, "").now(NOW).variable("AWS_PROFILE", "dev");
    fake.file(&path(), login)
}

const RENEWED: &str = r#"{"accessToken":{"accessKeyId":"new","secretAccessKey":"s","sessionToken":"t"},
    "refreshToken":"N3XT","expiresIn":900}"#;

#[tokio::test]
async fn a_login_is_renewed_when_it_is_about_to_expire() {
    let fake = dev(&login("old", "2025-11-19T00:05:01Z"));
    assert_eq!(
        keys(&fake, Profile::new()).await,
        ["old", "S3CR3T", "token of old", "1"]
    );
    assert!(fake.requests().is_empty());

    let fake = dev(&login("old", "2025-11-19T00:05:00Z")).peer(|exchange| {
        let proof = exchange.request.headers()["dpop"].to_str().expect("text");
        assert_eq!(proof.split('.').count(), 3);
        answer(201, RENEWED)
    });
    assert_eq!(keys(&fake, Profile::new()).await, ["new", "s", "t", "1"]);
    let expected = "POST https://us-east-1.signin.aws.amazon.com/v1/token {\"clientId\":\"c\",\"grantType\":\"refresh_token\",\
        \"refreshToken\":\"R3FR3SH\"}";
    assert_eq!(fake.requests(), [expected]);
    let content = fake.content(&path()).expect("a file");
    assert!(
        content.contains("\"expiresAt\":\"2025-11-19T00:15:00Z\"") && content.contains("N3XT"),
        "{content}"
    );
    // It can be read again, and is valid now.
    assert_eq!(keys(&fake, Profile::new()).await[0], "new");
    assert_eq!(fake.requests().len(), 1);
}

#[tokio::test]
async fn the_region_of_the_login_goes_first() {
    let old =
        login("old", "2020-01-01T00:00:00Z").replace("\"tokenType\"", "\"signInRegion\":\"eu-west-1\",\"tokenType\"");
    let fake = dev(&old).peer(|_| answer(200, RENEWED));
    assert_eq!(keys(&fake, Profile::new()).await[0], "new");
    assert!(fake.requests()[0].starts_with("POST https://eu-west-1.signin.aws.amazon.com/v1/token"));
}

#[tokio::test]
async fn the_cache_may_be_elsewhere() {
    let fake = Fake::with_profiles(CONFIG, "").now(NOW).variable("AWS_PROFILE", "dev");
    let fake = fake.variable("AWS_LOGIN_CACHE_DIRECTORY", "~/logins");
    let fake = fake.file(&format!("/home/a/logins/{NAME}"), login("a", "2030-01-01T00:00:00Z"));
    assert_eq!(keys(&fake, Profile::new()).await[0], "a");
}

#[tokio::test]
async fn a_login_that_is_over() {
    let hint = "[/home/a/.aws/config:3, hint: run `aws login --profile dev`]";
    let place = format!("the login in `{}`", path());
    for (status, body, expected) in [
        (
            400,
            r#"{"error":"TOKEN_EXPIRED","message":"m"}"#,
            format!("{place} has expired {hint}"),
        ),
        (
            400,
            r#"{"error":"USER_CREDENTIALS_CHANGED"}"#,
            format!("{place} is no longer valid because the password was changed {hint}"),
        ),
        (
            403,
            r#"{"error":"INSUFFICIENT_PERMISSIONS"}"#,
            format!(
                "{place} cannot be renewed: a permission is missing (INSUFFICIENT_PERMISSIONS) [/home/a/.aws/config:3, \
                 hint: allow the user `signin:CreateOAuth2Token`]"
            ),
        ),
        (400, "", format!("{place} cannot be renewed: 400 Bad Request {hint}")),
        (
            200,
            "{}",
            "the login cannot be renewed: the answer of https://us-east-1.signin.aws.amazon.com/v1/token has no \
             credentials [/home/a/.aws/config:3]"
                .to_owned(),
        ),
    ] {
        let fake = dev(&login("old", "2020-01-01T00:00:00Z")).peer(move |_| answer(status, body));
        assert_eq!(failure(&fake, Profile::new()).await, expected);
    }
    let fake = dev(&login("old", "2030-01-01T00:00:00Z").replace("dpopKey", "other"));
    assert_eq!(
        failure(&fake, Profile::new()).await,
        format!("{place} cannot be used: it has no `dpopKey` {hint}")
    );
    // While they are valid, the old credentials are used.
    let fake = dev(&login("old", "2025-11-19T00:01:00Z")).peer(|_| answer(500, ""));
    assert_eq!(keys(&fake, Profile::new()).await[0], "old");
}

#[tokio::test]
async fn a_login_that_another_process_has_renewed() {
    let fake = dev(&login("old", "2020-01-01T00:00:00Z"));
    let other = fake.clone();
    let fake = fake.peer(move |_| {
        other.clone().file(&path(), login("theirs", "2030-01-01T00:00:00Z"));
        answer(400, r#"{"error":"TOKEN_EXPIRED"}"#)
    });
    assert_eq!(keys(&fake, Profile::new()).await[0], "theirs");
}
