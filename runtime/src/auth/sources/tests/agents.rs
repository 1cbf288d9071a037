use std::time::{Duration, UNIX_EPOCH};

use super::{failure, keys, load, reason};
use crate::auth::sources::{Container, InstanceMetadata};
use crate::auth::system::{Exchange, NoAnswerKind, Route};
use crate::auth::testing::{Fake, answer, no_answer};

const KEYS: &str = r#"{"Code": "Success", "accesskeyid": "id", "SecretAccessKey": "secret", "Token": "token",
    "Expiration": "2030-01-01T00:00:00Z", "AccountId": "1"}"#;

const RELATIVE: &str = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI";
const FULL: &str = "AWS_CONTAINER_CREDENTIALS_FULL_URI";
const TOKEN_FILE: &str = "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE";

fn header(exchange: &Exchange, name: &str) -> String {
    let value = exchange.request.headers().get(name);
    value.map_or("-", |value| value.to_str().expect("text")).to_owned()
}

#[tokio::test]
async fn a_container_shows_its_token() {
    let fake = Fake::new()
        .variable(FULL, "http://[fd00:ec2::23]/v1/credentials")
        .variable("AWS_CONTAINER_AUTHORIZATION_TOKEN", "of the variable");
    let asked = |fake: Fake| {
        fake.peer(|exchange| {
            assert_eq!(exchange.route, Route::ContainerAgent);
            assert_eq!(header(exchange, "accept"), "application/json");
            let token = header(exchange, "authorization");
            answer(200, &KEYS.replace("id\", ", &format!("{token}\", ")))
        })
    };
    let expected = |id: &str| [id, "secret", "token", "1"].map(str::to_owned);
    assert_eq!(
        keys(&asked(fake.clone()), Container::new()).await,
        expected("of the variable")
    );
    // The file goes first, and is read anew each time.
    let fake = asked(fake.variable(TOKEN_FILE, "/token").file("/token", " of the file\r\n"));
    assert_eq!(keys(&fake, Container::new()).await, expected("of the file"));
    let fake = fake.file("/token", "renewed");
    assert_eq!(keys(&fake, Container::new()).await, expected("renewed"));
}

#[tokio::test]
async fn tokens_that_cannot_be_sent() {
    let fake = Fake::new().variable(RELATIVE, "/c").variable(TOKEN_FILE, "/token");
    for (content, expected) in [
        (
            None,
            "`/token`, which `AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE` names, cannot be read: ",
        ),
        (
            Some(""),
            "`/token`, which `AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE` names, is empty",
        ),
        (
            Some("S3\r\nCR3T"),
            "the token for the container agent has a character that a header cannot carry",
        ),
    ] {
        let fake = match content {
            Some(content) => fake.clone().file("/token", content),
            None => fake.clone(),
        };
        let text = failure(&fake, Container::new()).await;
        assert!(text.starts_with(expected) && !text.contains("CR3T"), "{text}");
        assert!(fake.requests().is_empty());
    }
    // Without an agent to send it to, nobody looks at it.
    let fake = Fake::new().variable(TOKEN_FILE, "/none");
    let text = reason(&fake, Container::new()).await;
    assert_eq!(text, format!("neither `{RELATIVE}` nor `{FULL}` is set"));
    assert!(fake.reads().is_empty());
}

#[tokio::test]
async fn places_where_no_agent_is() {
    for (variable, url, expected) in [
        (RELATIVE, "@evil.example/", "is not a path that begins with a slash"),
        (RELATIVE, "/a b", "is not a path that begins with a slash"),
        (FULL, "/path", "is not a URL with a host"),
        (FULL, "http://", "is not a URL"),
        (FULL, "ftp://localhost/", "must begin with `https://` or `http://`"),
        (
            FULL,
            "http://user@localhost/",
            "is a URL with a user, which is not supported",
        ),
        (FULL, "http://169.254.169.254/", "may use `http://` only for"),
        (FULL, "http://10.0.0.1/", "may use `http://` only for"),
        (FULL, "http://[::]/", "may use `http://` only for"),
    ] {
        let fake = Fake::new().variable(variable, url);
        let text = failure(&fake, Container::new()).await;
        assert!(text.starts_with(&format!("`{variable}` {expected}")), "{url}: {text}");
        assert!(fake.requests().is_empty());
    }
}

#[tokio::test]
async fn containers_are_asked_again_after_transient_errors() {
    for transient in [
        answer(500, ""),
        answer(429, "{\"message\": \"slow\"}"),
        answer(200, "{\"AccessKeyId\": "),
        Err(no_answer(NoAnswerKind::Connect)),
        Err(no_answer(NoAnswerKind::Timeout)),
    ] {
        let fake = Fake::new().variable(RELATIVE, "/c");
        let fake = fake.answers(vec![transient, answer(503, ""), answer(200, KEYS)]);
        assert_eq!(keys(&fake, Container::new()).await[0], "id");
        assert_eq!(fake.requests(), ["GET http://169.254.170.2/c"; 3]);
        assert_eq!(fake.slept(), [Duration::from_millis(500), Duration::from_secs(1)]);
    }
    let fake = Fake::new()
        .variable(RELATIVE, "/c")
        .peer(|_| answer(404, "{\"code\": \"x\", \"message\": \"no\\nrole\"}"));
    let text = failure(&fake, Container::new()).await;
    let expected = "the container agent at http://169.254.170.2/c returned no credentials: 404 Not Found: no role";
    assert_eq!(text, expected);
    assert_eq!(fake.requests().len(), 1);
}

#[tokio::test]
async fn outages_of_agents() {
    let container = Fake::new().variable(RELATIVE, "/c");
    for (reply, expected) in [
        (None, true),
        (Some((503, "")), true),
        (Some((404, "")), false),
        (Some((200, "{}")), false),
    ] {
        let fake = container.clone().peer(move |_| match reply {
            Some((status, body)) => answer(status, body),
            None => Err(no_answer(NoAnswerKind::Connect)),
        });
        let error = load(&fake, Container::new()).await.map(|_| ()).unwrap_err();
        assert_eq!(error.is_outage(), expected, "{error}");
    }
}

/// During an outage, agents go on with old credentials, which services accept.
#[tokio::test]
async fn expired_credentials_of_agents_are_used_for_some_minutes() {
    let old = KEYS.replace("2030", "1970");
    let fake = Fake::new()
        .variable(RELATIVE, "/c")
        .peer(move |_| answer(200, &old))
        .now(3600);
    let expiry = load(&fake, Container::new()).await.expect("credentials").expiry();
    let left = expiry
        .and_then(|expiry| expiry.duration_since(UNIX_EPOCH).ok())
        .expect("a time");
    // Renewal begins five minutes before that.
    let minutes = |minutes: u64| Duration::from_secs(3600 + minutes * 60);
    assert!((minutes(10)..=minutes(15)).contains(&left), "{left:?}");
}

#[tokio::test]
async fn answers_of_agents_without_a_part() {
    for name in ["accesskeyid", "SecretAccessKey", "Token", "Expiration"] {
        let body = KEYS.replace(name, "Other");
        let fake = Fake::new().variable(RELATIVE, "/c").peer(move |_| answer(200, &body));
        let text = failure(&fake, Container::new()).await;
        assert!(text.contains("unusable answer: it has no `"), "{text}");
    }
    let fake = Fake::new()
        .variable(RELATIVE, "/c")
        .peer(|_| answer(200, &KEYS.replace("2030-01", "2030-13")));
    let text = failure(&fake, Container::new()).await;
    assert!(
        text.ends_with("its `Expiration` is not a time: `2030-13-01T00:00:00Z`"),
        "{text}"
    );
}

/// An instance with a role.
fn instance() -> Fake {
    Fake::new().peer(|exchange| {
        assert_eq!(exchange.route, Route::Direct);
        match exchange.request.uri().path() {
            "/latest/api/token" => {
                assert_eq!(header(exchange, "x-aws-ec2-metadata-token-ttl-seconds"), "21600");
                answer(200, "T0K3N")
            }
            path => {
                assert_eq!(header(exchange, "x-aws-ec2-metadata-token"), "T0K3N");
                match path {
                    "/latest/meta-data/iam/security-credentials/" => answer(200, "web\n"),
                    _ => answer(200, KEYS),
                }
            }
        }
    })
}

#[tokio::test]
async fn an_instance_gives_its_role() {
    let fake = instance();
    assert_eq!(
        keys(&fake, InstanceMetadata::new()).await,
        ["id", "secret", "token", "1"]
    );
    let expected = [
        "PUT http://169.254.169.254/latest/api/token",
        "GET http://169.254.169.254/latest/meta-data/iam/security-credentials/",
        "GET http://169.254.169.254/latest/meta-data/iam/security-credentials/web",
    ];
    assert_eq!(fake.requests(), expected);
}

#[tokio::test]
async fn a_machine_without_the_service_loses_no_time() {
    for (kind, expected) in [
        (
            NoAnswerKind::ConnectTimeout,
            "http://169.254.169.254: no answer within 1s",
        ),
        (
            NoAnswerKind::Connect,
            "http://169.254.169.254: no connection: nobody is there",
        ),
        (
            NoAnswerKind::Timeout,
            "http://169.254.169.254: no answer within 1s [hint: in a container the hop limit of the instance must be 2]",
        ),
    ] {
        let fake = Fake::new().peer(move |_| Err(no_answer(kind)));
        assert_eq!(reason(&fake, InstanceMetadata::new()).await, expected);
        assert_eq!(fake.requests().len(), 1);
        assert!(fake.slept().is_empty());
    }
    let fake = Fake::new().variable("AWS_EC2_METADATA_DISABLED", "True");
    let text = reason(&fake, InstanceMetadata::new()).await;
    assert_eq!(text, "disabled by `AWS_EC2_METADATA_DISABLED`");
    assert!(fake.requests().is_empty() && fake.reads().is_empty());
}

#[tokio::test]
async fn what_is_no_token_says_nothing_of_an_instance() {
    for (reply, expected) in [
        (answer(403, ""), "disabled for this instance (403 Forbidden)"),
        (answer(404, "<html>"), "no token (404 Not Found)"),
        (answer(400, ""), "no token (400 Bad Request)"),
        (answer(200, "<html>a b</html>"), "the token is not valid"),
        (answer(200, ""), "no token (200 OK)"),
    ] {
        let fake = Fake::new().answers(vec![reply]);
        let text = reason(&fake, InstanceMetadata::new()).await;
        assert_eq!(text, format!("http://169.254.169.254: {expected}"));
    }
}

#[tokio::test]
async fn faults_of_an_instance() {
    let token = || answer(200, "T0K3N");
    let failed = r#"{"Code": "AssumeRoleUnauthorizedAccess", "Message": "no\ntrust"}"#;
    for (replies, expected) in [
        (
            vec![token(), answer(200, "web"), answer(200, failed)],
            "AssumeRoleUnauthorizedAccess: no trust [hint: the trust",
        ),
        (
            vec![token(), answer(200, "web"), answer(200, "{")],
            "cannot be used: JSON: it ends too early",
        ),
        (
            vec![token(), answer(200, "web"), answer(404, "")],
            "http://169.254.169.254: 404 Not Found",
        ),
        (
            vec![token(), answer(200, "../x"), token()],
            "the name of the role is not valid",
        ),
        (
            vec![token(), answer(401, ""), token(), answer(401, "")],
            "http://169.254.169.254: 401 Unauthorized",
        ),
        (
            vec![token(), Err(no_answer(NoAnswerKind::Broken))],
            "the answer broke off: nobody is there",
        ),
    ] {
        let fake = Fake::new().answers(replies);
        let text = failure(&fake, InstanceMetadata::new()).await;
        assert!(text.contains(expected), "{text}");
    }
    for list in [answer(404, ""), answer(200, "\n")] {
        let fake = Fake::new().answers(vec![token(), list]);
        let text = reason(&fake, InstanceMetadata::new()).await;
        let expected = "http://169.254.169.254: the instance has no role [hint: attach an IAM role to the instance]";
        assert_eq!(text, expected);
    }
}

#[tokio::test]
async fn an_instance_is_asked_again_after_transient_errors() {
    let fake = Fake::new().answers(vec![
        answer(503, ""),
        answer(500, ""),
        answer(200, "T0K3N"),
        // It has forgotten the token.
        answer(401, ""),
        answer(200, "T0K3N"),
        answer(200, "web"),
        answer(503, ""),
        answer(200, KEYS),
    ]);
    assert_eq!(keys(&fake, InstanceMetadata::new()).await[0], "id");
    assert_eq!(fake.requests().len(), 8);
    assert_eq!(fake.slept(), [100, 200, 100].map(Duration::from_millis));
    let fake = Fake::new().peer(|_| answer(503, ""));
    let error = load(&fake, InstanceMetadata::new()).await.map(|_| ()).unwrap_err();
    assert!(error.is_outage(), "{error}");
    assert_eq!(fake.requests().len(), 4);
}
