use std::time::Duration;

use super::{failure, keys, reason};
use crate::auth::sources::Profile;
use crate::auth::system::NoAnswerKind;
use crate::auth::testing::{Fake, answer, no_answer};

const CONFIG: &str = "[profile dev]\nsso_session = s\nsso_account_id = 1\nsso_role_name = reader/a b\n[sso-session s]\n\
    sso_region = eu-west-1\nsso_start_url = https://x.awsapps.com/start#/\n";

/// SHA-1 of `s`.
const FILE: &str = "/home/a/.aws/sso/cache/a0f1490a20d0211c997b44bc357e1972deab8ae3.json";

const NOW: u64 = 1_763_510_400;

const PORTAL: &str = "GET https://portal.sso.eu-west-1.amazonaws.com/federation/credentials?\
    role_name=reader%2Fa%20b&account_id=1";

fn token(access: &str, expires_at: &str) -> String {
    format!(
        r#"{{"startUrl":"u","accessToken":"{access}","expiresAt":"{expires_at}","clientId":"c","clientSecret":"S3CR3T",
            "registrationExpiresAt":"2026-01-01T00:00:00Z","refreshToken":"R3FR3SH","mine":[1, 2]}}"#
    )
}

fn dev(token: &str) -> Fake {
    let fake = Fake::with_profiles(CONFIG, "").now(NOW).variable("AWS_PROFILE", "dev");
    if token.is_empty() { fake } else { fake.file(FILE, token) }
}

/// What the portal answers to this bearer of a token.
fn credentials(bearer: &str) -> String {
    format!(
        r#"{{"roleCredentials":{{"accessKeyId":"id of {bearer}","secretAccessKey":"secret","sessionToken":"token",
            "expiration":1763514000000}}}}"#
    )
}

/// A portal, and a service that renews tokens: with this answer.
fn answering(fake: Fake, status: u16, renewed: &'static str) -> Fake {
    fake.peer(move |exchange| {
        if exchange.request.uri().host() == Some("oidc.eu-west-1.amazonaws.com") {
            return answer(status, renewed);
        }
        let bearer = exchange.request.headers()["x-amz-sso_bearer_token"]
            .to_str()
            .expect("text");
        match bearer {
            "revoked" => answer(401, "{\"message\": \"Session token not found or invalid\"}"),
            bearer => answer(200, &credentials(bearer)),
        }
    })
}

const RENEWED: &str = r#"{"accessToken": "new", "expiresIn": 3600, "refreshToken": "N3XT", "tokenType": "Bearer"}"#;

#[tokio::test]
async fn a_valid_token_is_used() {
    let fake = answering(dev(&token("old", "2025-11-19T00:05:01Z")), 500, "");
    assert_eq!(keys(&fake, Profile::new()).await, ["id of old", "secret", "token", "1"]);
    assert_eq!(fake.requests(), [PORTAL]);
    // As old versions of the CLI wrote it.
    let fake = answering(
        dev("{\"ACCESSTOKEN\":\"a\",\"expiresAt\":\"2025-11-19T01:00:00UTC\"}"),
        500,
        "",
    );
    assert_eq!(keys(&fake, Profile::new()).await[0], "id of a");
}

#[tokio::test]
async fn a_token_is_renewed_and_written_back() {
    for expires_at in ["2025-11-19T00:05:00Z", "2020-01-01T00:00:00Z"] {
        let fake = answering(dev(&token("old", expires_at)), 200, RENEWED);
        assert_eq!(keys(&fake, Profile::new()).await[0], "id of new");
        let renewal = "POST https://oidc.eu-west-1.amazonaws.com/token {\"clientId\":\"c\",\"clientSecret\":\"S3CR3T\",\
            \"grantType\":\"refresh_token\",\"refreshToken\":\"R3FR3SH\"}";
        assert_eq!(fake.requests(), [renewal, PORTAL]);
        let expected = r#"{"startUrl":"u","accessToken":"new","expiresAt":"2025-11-19T01:00:00Z","clientId":"c","clientSecret":"S3CR3T","registrationExpiresAt":"2026-01-01T00:00:00Z","refreshToken":"N3XT","mine":[1, 2]}"#;
        assert_eq!(fake.content(FILE).expect("a file"), expected);
    }
    // Without a new one, the old token for renewals stays.
    let fake = answering(
        dev(&token("old", "2020-01-01T00:00:00Z")),
        200,
        r#"{"accessToken":"n","expiresIn":60}"#,
    );
    assert_eq!(keys(&fake, Profile::new()).await[0], "id of n");
    assert!(fake.content(FILE).expect("a file").contains("R3FR3SH"));
}

#[tokio::test]
async fn a_token_that_is_valid_is_used_if_it_cannot_be_renewed() {
    let fake = answering(
        dev(&token("old", "2025-11-19T00:04:00Z")),
        400,
        r#"{"error": "invalid_grant"}"#,
    );
    assert_eq!(keys(&fake, Profile::new()).await[0], "id of old");
    assert!(fake.content(FILE).expect("a file").contains("old"));
    let without_renewal = r#"{"accessToken":"old","expiresAt":"2025-11-19T00:01:00Z"}"#;
    let fake = answering(dev(without_renewal), 500, "");
    assert_eq!(keys(&fake, Profile::new()).await[0], "id of old");
    assert_eq!(fake.requests(), [PORTAL]);
}

#[tokio::test]
async fn a_login_that_is_over() {
    let place = format!("the SSO token in `{FILE}`");
    let hint = "[/home/a/.aws/config:2, hint: run `aws sso login --profile dev`]";
    for (token, expected) in [
        (
            token("old", "2025-11-18T22:00:00Z"),
            format!("{place} cannot be renewed: 400 Bad Request: invalid_grant {hint}"),
        ),
        (
            token("old", "2025-11-18T22:00:00Z").replace("2026", "2024"),
            format!("{place} expired 2 h ago {hint}"),
        ),
        (
            token("old", "2025-11-18T22:00:00Z").replace("refreshToken", "other"),
            format!("{place} expired 2 h ago {hint}"),
        ),
        (
            String::new(),
            format!("the SSO token is missing: there is no file `{FILE}` {hint}"),
        ),
        (
            "{".to_owned(),
            format!("{place} cannot be used: JSON: it ends too early (line 1, column 2) {hint}"),
        ),
        (
            "{}".to_owned(),
            format!("{place} cannot be used: it has no `accessToken` {hint}"),
        ),
        (
            token("old", "soon"),
            format!("{place} cannot be used: its `expiresAt` is not a time {hint}"),
        ),
        (
            token("revoked", "2030-01-01T00:00:00Z"),
            format!("{place} is no longer accepted (401 Unauthorized) {hint}"),
        ),
    ] {
        let fake = answering(dev(&token), 400, r#"{"error": "invalid_grant"}"#);
        let text = failure(&fake, Profile::new()).await;
        assert_eq!(text, expected);
        assert!(!text.contains("S3CR3T") && !text.contains("R3FR3SH"));
    }
}

/// Another process renews the token at the same time: the service accepts one of them only.
#[tokio::test]
async fn a_token_that_another_process_has_renewed() {
    for slow in [false, true] {
        let fake = dev(&token("old", "2025-11-18T22:00:00Z"));
        let other = fake.clone();
        let fake = fake.peer(move |exchange| {
            if exchange.request.uri().host() == Some("oidc.eu-west-1.amazonaws.com") {
                if !slow {
                    other.clone().file(FILE, token("theirs", "2025-11-19T01:00:00Z"));
                }
                return answer(400, r#"{"error": "invalid_grant"}"#);
            }
            let bearer = exchange.request.headers()["x-amz-sso_bearer_token"]
                .to_str()
                .expect("text");
            answer(200, &credentials(bearer))
        });
        if slow {
            // They write it while this one waits.
            let other = fake.clone();
            let fake = fake.on_sleep(move || drop(other.clone().file(FILE, token("theirs", "2025-11-19T01:00:00Z"))));
            assert_eq!(keys(&fake, Profile::new()).await[0], "id of theirs");
            assert_eq!(fake.slept(), [Duration::from_millis(250)]);
        } else {
            assert_eq!(keys(&fake, Profile::new()).await[0], "id of theirs");
        }
    }
    // A new login makes the old token invalid before it has expired.
    let fake = dev(&token("revoked", "2025-11-19T01:00:00Z"));
    let other = fake.clone();
    let fake = answering(fake, 500, "")
        .on_sleep(move || drop(other.clone().file(FILE, token("theirs", "2025-11-19T02:00:00Z"))));
    assert_eq!(keys(&fake, Profile::new()).await[0], "id of theirs");
}

#[tokio::test]
async fn the_portal_is_asked_again_after_transient_errors() {
    let fake = dev(&token("a", "2030-01-01T00:00:00Z")).answers(vec![
        answer(429, ""),
        Err(no_answer(NoAnswerKind::Connect)),
        answer(200, &credentials("a")),
    ]);
    assert_eq!(keys(&fake, Profile::new()).await[0], "id of a");
    let fake = dev(&token("a", "2030-01-01T00:00:00Z")).peer(|_| answer(403, "{\"message\": \"No access\"}"));
    let text = failure(&fake, Profile::new()).await;
    let expected = "the SSO portal refused the role `reader/a b` of the account 1: 403 Forbidden: No access \
        [/home/a/.aws/config:2, hint: check `sso_account_id`";
    assert!(text.starts_with(expected), "{text}");
    for (body, expected) in [
        ("{", "JSON: it ends"),
        ("{}", "no `roleCredentials`"),
        ("{\"roleCredentials\":{}}", "no `accessKeyId`"),
    ] {
        let fake = dev(&token("a", "2030-01-01T00:00:00Z")).peer(move |_| answer(200, body));
        let text = failure(&fake, Profile::new()).await;
        assert!(text.contains(expected), "{text}");
    }
}

#[tokio::test]
async fn the_legacy_form_is_never_renewed() {
    let config = CONFIG
        .split("[sso-session")
        .next()
        .expect("a part")
        .replace("sso_session = s", "sso_start_url = s\nsso_region = eu-west-1");
    let fake = Fake::with_profiles(&config, "").now(NOW).variable("AWS_PROFILE", "dev");
    let valid = answering(fake.file(FILE, token("a", "2025-11-19T00:01:00Z")), 500, "");
    assert_eq!(keys(&valid, Profile::new()).await[0], "id of a");
    let expired = valid.file(FILE, token("a", "2025-11-19T00:00:00Z"));
    let text = failure(&expired, Profile::new()).await;
    assert!(
        text.contains("expired 0 s ago") && text.contains("aws sso login --profile dev"),
        "{text}"
    );
}

#[tokio::test]
async fn a_session_for_a_bearer_token() {
    let config = CONFIG.replace("sso_account_id", "a").replace("sso_role_name", "b");
    let fake = Fake::with_profiles(&config, "").variable("AWS_PROFILE", "dev");
    let text = reason(&fake, Profile::new()).await;
    assert!(
        text.contains("it leads to a bearer token instead of credentials"),
        "{text}"
    );
}
