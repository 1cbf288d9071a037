//! Everything that is exchanged for credentials: tokens of web identities, of IAM Identity Center, of logins, of
//! containers and of instances, and what a process prints. All that is secret is marked.

use serde_json::{Value, json};
use tests::server::{Recorded, Reply, Server};
use tests::sigv4::Keys;

use crate::process::{Caller, Proxy, Reader};
use crate::roles::assumed;
use crate::service::{REGION, keys, service};

/// SHA-1 of the session `s`, and SHA-256 of the login `me`.
const SSO_CACHE: &str = ".aws/sso/cache/a0f1490a20d0211c997b44bc357e1972deab8ae3.json";
const LOGIN_CACHE: &str = ".aws/login/cache/2744ccd10c7533bd736ad890f9dd5cab2adb27b07d500b9493f29cdc420cb2e0.json";

const SSO: &str = "[default]\nsso_session = s\nsso_account_id = 1\nsso_role_name = r\n[sso-session s]\n\
    sso_region = eu-central-1\nsso_start_url = u\n";

/// Made by `openssl ecparam -name prime256v1 -genkey -noout`.
const KEY: &str = "-----BEGIN EC PRIVATE KEY-----\n\
    MHcCAQEEII1iFU/iG0UUXloQZk7olK8UEkc+P0T1U/wk6sqm+N3voAoGCCqGSM49\n\
    AwEHoUQDQgAE+J6uAF3RtEP80iEPA6jWIab3Vvg89vD/1ypOmctAKZB5jv8KMk3O\n\
    a130IpFWjUDgea4uNY3zO4y/FC4z1anuOg==\n\
    -----END EC PRIVATE KEY-----\n";

/// Everyone who gives credentials, and only for the right token.
async fn peers() -> Server {
    Server::start(|request| {
        let path = request.target.split('?').next().unwrap_or_default();
        let token = |name| request.header(name).unwrap_or_default();
        match (path, &*request.method) {
            ("/", _) if has(request, "WebIdentityToken=MARK-jwt") => assumed("WEB"),
            ("/token", _) if has(request, "MARK-refresh") && has(request, "MARK-client") => {
                let renewed = json!({"accessToken": "MARK-access", "refreshToken": "MARK-next", "expiresIn": 3600});
                Reply::new(200).body(renewed.to_string())
            }
            ("/federation/credentials", _) if token("x-amz-sso_bearer_token") == "MARK-access" => {
                let mut keys = lower_case("SSO");
                keys["expiration"] = json!(4_070_908_800_000_u64);
                Reply::new(200).body(json!({"roleCredentials": keys}).to_string())
            }
            ("/v1/token", _) if has(request, "MARK-refresh") && token("dpop").split('.').count() == 3 => {
                let keys = lower_case("LOGIN");
                let renewed = json!({"accessToken": keys, "refreshToken": "MARK-next", "expiresIn": 900});
                Reply::new(200).body(renewed.to_string())
            }
            ("/container", _) if token("authorization") == "MARK-container" => agent("CONTAINER"),
            ("/latest/api/token", "PUT") => Reply::new(200).body("MARK-instance"),
            (_, "GET") if token("x-aws-ec2-metadata-token") == "MARK-instance" => match path {
                "/latest/meta-data/iam/security-credentials/" => Reply::new(200).body("role"),
                _ => agent("INSTANCE"),
            },
            _ => Reply::new(401).body(r#"{"message":"who are you?"}"#),
        }
    })
    .await
}

fn has(request: &Recorded, text: &str) -> bool {
    String::from_utf8_lossy(&request.body).contains(text)
}

/// Keys as IAM Identity Center and AWS Sign-In write them.
fn lower_case(name: &str) -> Value {
    let keys = keys(name);
    json!({
        "accessKeyId": keys.access_key,
        "secretAccessKey": keys.secret_key,
        "sessionToken": keys.session_token,
    })
}

/// Keys as agents and processes write them.
fn upper_case(name: &str, token: &str) -> Value {
    let keys = keys(name);
    json!({
        "Version": 1,
        "AccessKeyId": keys.access_key,
        "SecretAccessKey": keys.secret_key,
        token: keys.session_token,
        "Expiration": "2099-01-01T00:00:00Z",
    })
}

fn agent(name: &str) -> Reply {
    Reply::new(200).body(upper_case(name, "Token").to_string())
}

/// A caller that asks these peers, and nobody else.
fn caller(peers: &Server, service: &Server) -> Caller {
    let names = ["STS", "SSO", "SSO_OIDC", "SIGNIN"].map(|name| format!("AWS_ENDPOINT_URL_{name}"));
    let caller = Caller::reading(Reader::Own)
        .env("AWS_REGION", REGION)
        .env("AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME", service.url());
    names.iter().fold(caller, |caller, name| caller.env(name, peers.url()))
}

/// Makes calls with what is right, and with what is not. Each caller is searched for marks. Requests have theirs in headers
/// and bodies, where neither proxies nor logs of others look.
async fn check(name: &'static str, has_requests: bool, prepare: impl Fn(Caller, &Server, bool) -> Caller) {
    let service = service(keys(name), REGION).await;
    let peers = peers().await;
    let outcome = prepare(caller(&peers, &service), &peers, true).run().await;
    assert_eq!(outcome.payload(), "prediction", "{name}");
    let failure = prepare(caller(&peers, &service), &peers, false).run().await.failure();
    assert!(failure.is_credentials && failure.attempts == 0, "{name}: {failure:?}");
    assert_eq!(service.requests().len(), 1);

    let requests = peers.requests();
    assert_eq!(!requests.is_empty(), has_requests, "{name}");
    for request in &requests {
        assert!(!request.target.contains("MARK-"), "{}", request.target);
    }
    if has_requests {
        let in_header = |request: &Recorded| request.headers.iter().any(|(_, value)| value.starts_with(b"MARK-"));
        let is_marked = |request| in_header(request) || has(request, "MARK-");
        assert!(requests.iter().any(is_marked), "{name}: nothing was searched");
    }
}

/// A login that expires then.
fn login(keys: Value, expires_at: &str, refresh_token: &str) -> Value {
    let mut keys = keys;
    keys["expiresAt"] = json!(expires_at);
    json!({
        "accessToken": keys,
        "refreshToken": refresh_token,
        "clientId": "MARK-id",
        "idToken": "MARK-jwt",
        "dpopKey": KEY,
    })
}

/// Writes a file into a folder of the home folder.
fn with_cache(caller: Caller, path: &str, content: &Value) -> Caller {
    let file = caller.path(path);
    std::fs::create_dir_all(file.parent().expect("a folder")).expect("a temporary folder can be written to");
    caller.file(path, &content.to_string())
}

#[tokio::test]
async fn a_web_identity() {
    check("WEB", true, |caller, _, is_right| {
        let caller = caller.file("jwt", if is_right { "MARK-jwt\n" } else { "MARK-wrong" });
        let file = caller.path("jwt");
        caller
            .env("AWS_WEB_IDENTITY_TOKEN_FILE", file)
            .env("AWS_ROLE_ARN", "arn:aws:iam::123456789012:role/WEB")
    })
    .await;
}

#[tokio::test]
async fn a_token_of_iam_identity_center() {
    check("SSO", true, |caller, _, is_right| {
        let token = json!({
            "accessToken": "MARK-old",
            "expiresAt": "2020-01-01T00:00:00Z",
            "clientId": "MARK-id",
            "clientSecret": "MARK-client",
            "registrationExpiresAt": "2099-01-01T00:00:00Z",
            "refreshToken": if is_right { "MARK-refresh" } else { "MARK-wrong" },
        });
        with_cache(caller.config(SSO), SSO_CACHE, &token)
    })
    .await;
}

#[tokio::test]
async fn a_login() {
    check("LOGIN", true, |caller, _, is_right| {
        let token = if is_right { "MARK-refresh" } else { "MARK-wrong" };
        let login = login(lower_case("OLD"), "2020-01-01T00:00:00Z", token);
        with_cache(caller.config("[default]\nlogin_session = me\n"), LOGIN_CACHE, &login)
    })
    .await;
}

#[tokio::test]
async fn a_container() {
    check("CONTAINER", true, |caller, peers, is_right| {
        caller
            .env(
                "AWS_CONTAINER_CREDENTIALS_FULL_URI",
                format!("{}/container", peers.url()),
            )
            .env(
                "AWS_CONTAINER_AUTHORIZATION_TOKEN",
                if is_right { "MARK-container" } else { "MARK-wrong" },
            )
    })
    .await;
}

#[tokio::test]
async fn an_instance() {
    check("INSTANCE", true, |caller, peers, is_right| {
        let nowhere = format!("{}/elsewhere", peers.url());
        caller.env("AWS_EC2_METADATA_DISABLED", "false").env(
            "AWS_EC2_METADATA_SERVICE_ENDPOINT",
            if is_right { peers.url() } else { &nowhere },
        )
    })
    .await;
}

/// Its arguments may be secret as well.
#[cfg(unix)]
#[tokio::test]
async fn a_process() {
    check("PROCESS", false, |caller, _, is_right| {
        let printed = upper_case("PROCESS", "SessionToken").to_string();
        let caller = caller.file("printed", &printed);
        let file = caller.path("printed");
        let command = match is_right {
            true => format!("cat {}; true MARK-argument", file.display()),
            false => "cat /no/such/MARK-argument".to_owned(),
        };
        caller.config(&format!("[default]\ncredential_process = {command}\n"))
    })
    .await;
}

/// What they are told and tell is for this machine alone. What services of AWS are told goes through the proxy.
#[tokio::test]
async fn agents_are_asked_without_a_proxy() {
    for (name, way) in [("CONTAINER", "agent"), ("INSTANCE", "agent"), ("WEB", "service")] {
        let service = service(keys(name), REGION).await;
        let peers = peers().await;
        let proxy = Proxy::start().await;
        let caller = caller(&peers, &service)
            .file("jwt", "MARK-jwt")
            .env("HTTP_PROXY", proxy.address());
        let jwt = caller.path("jwt");
        let caller = match name {
            "CONTAINER" => caller
                .env(
                    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
                    format!("{}/container", peers.url()),
                )
                .env("AWS_CONTAINER_AUTHORIZATION_TOKEN", "MARK-container"),
            "INSTANCE" => caller
                .env("AWS_EC2_METADATA_DISABLED", "false")
                .env("AWS_EC2_METADATA_SERVICE_ENDPOINT", peers.url()),
            _ => caller
                .env("AWS_WEB_IDENTITY_TOKEN_FILE", jwt)
                .env("AWS_ROLE_ARN", "WEB"),
        };
        assert_eq!(caller.run().await.payload(), "prediction", "{name}");
        let call = format!("POST {}/endpoints/model/invocations", service.url());
        let expected = match way {
            "agent" => vec![call],
            _ => vec![format!("POST {}/", peers.url()), call],
        };
        assert_eq!(proxy.stop().await, expected, "{name}");
    }
}

/// When the last client is gone, so are secret access keys and private keys, wherever they were on the way: in files, in
/// output, in JSON.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn keys_are_overwritten() {
    let service = service(keys("MEMORY"), REGION).await;
    let peers = peers().await;
    let caller = || caller(&peers, &service);
    let Keys {
        access_key,
        secret_key,
        session_token,
    } = keys("MEMORY");
    let of_profile = caller().credentials(&format!(
        "[default]\naws_access_key_id = {access_key}\naws_secret_access_key = {secret_key}\naws_session_token = {}\n",
        session_token.unwrap_or_default()
    ));
    let of_process = caller().file("printed", &upper_case("MEMORY", "SessionToken").to_string());
    let command = format!("credential_process = cat {}", of_process.path("printed").display());
    let of_process = of_process.config(&format!("[default]\n{command}\n"));
    let of_login = caller().config("[default]\nlogin_session = me\n");
    let login = login(lower_case("MEMORY"), "2099-01-01T00:00:00Z", "MARK-refresh");
    let of_login = with_cache(of_login, LOGIN_CACHE, &login);
    for (name, caller) in [("profile", of_profile), ("process", of_process), ("login", of_login)] {
        let outcome = caller.remember().run().await;
        assert_eq!(outcome.remembers, [true, false], "{name}");
        assert_eq!(outcome.payload(), "prediction");
    }
    assert!(
        peers.requests().is_empty(),
        "what comes from the network passes through buffers of hyper"
    );
}
