//! Processes that renew the same token of IAM Identity Center at once.

use std::env;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::{Command, Stdio};
use std::sync::Arc;

use tokio::sync::{Barrier, Notify};
use tokio::task::spawn_blocking;

use crate::find;
use crate::live::{Machine, serve_in_time};

/// Set for processes that look for credentials instead of testing.
const IS_CHILD: &str = "FIND_CREDENTIALS";

const CONFIG: &str = "[default]\nsso_session = s\nsso_account_id = 1\nsso_role_name = r\n[sso-session s]\n\
    sso_region = eu-west-1\nsso_start_url = u\n";

const TOKEN: &str = r#"{"accessToken":"old","expiresAt":"2020-01-01T00:00:00Z","clientId":"c","clientSecret":"s",
    "registrationExpiresAt":"2100-01-01T00:00:00Z","refreshToken":"old"}"#;

/// What renews tokens, and gives credentials that are named after them.
struct Service {
    accepts_once: bool,
    /// Passed when both processes have sent the old token.
    both: Barrier,
    /// Told of each token that is used, which has been written by then.
    used: Notify,
}

impl Service {
    fn new(accepts_once: bool) -> Arc<Self> {
        Arc::new(Self {
            accepts_once,
            both: Barrier::new(2),
            used: Notify::new(),
        })
    }

    async fn answer(self: Arc<Self>, request: String) -> (u16, String) {
        if request.starts_with("POST /token ") {
            assert!(request.contains(r#""refreshToken":"old""#), "{request}");
            let name = match self.both.wait().await.is_leader() {
                true => "first",
                false if self.accepts_once => {
                    self.used.notified().await;
                    return (400, r#"{"error":"invalid_grant"}"#.to_owned());
                }
                false => "second",
            };
            let token = format!(r#"{{"accessToken":"{name}","refreshToken":"{name}","expiresIn":3600}}"#);
            return (200, token);
        }
        self.used.notify_one();
        let token = request
            .lines()
            .find_map(|line| line.strip_prefix("x-amz-sso_bearer_token: "));
        let keys = format!(
            r#"{{"roleCredentials":{{"accessKeyId":"{}","secretAccessKey":"s","sessionToken":"t","expiration":4102444800000}}}}"#,
            token.unwrap_or_default()
        );
        (200, keys)
    }
}

/// Runs two processes at once. Returns the keys that they found, in order, and the token that is left.
async fn renew_twice(service: Arc<Service>) -> ([String; 2], String) {
    let url = serve_in_time(move |request| Arc::clone(&service).answer(request)).await;
    let machine = Machine::new(CONFIG, &[]);
    let cache = machine.path(".aws/sso/cache");
    let path = cache.join("a0f1490a20d0211c997b44bc357e1972deab8ae3.json");
    fs::write(&path, TOKEN).expect("a file");
    let children = [(); 2].map(|()| {
        let child = Command::new(env::current_exe().expect("this program"))
            .args(["--exact", "processes::a_process_of_its_own", "--nocapture"])
            .env_clear()
            .envs([(IS_CHILD, "1"), ("AWS_ENDPOINT_URL", &url)])
            .env("HOME", machine.path(""))
            .stdout(Stdio::piped())
            .spawn()
            .expect("a process");
        spawn_blocking(|| child.wait_with_output())
    });
    let mut found = Vec::new();
    for child in children {
        let output = child.await.expect("no panic").expect("a process that ended");
        let text = String::from_utf8(output.stdout).expect("text");
        let id = text.lines().find_map(|line| Some(line.split_once("found ")?.1));
        found.push(id.unwrap_or_else(|| panic!("{text}")).to_owned());
    }
    found.sort();

    let files: Vec<_> = fs::read_dir(&cache).expect("a folder").collect();
    assert_eq!(files.len(), 1, "{files:?}");
    let mode = fs::metadata(&path).expect("a file").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let token: serde_json::Value = serde_json::from_slice(&fs::read(&path).expect("a file")).expect("JSON");
    assert_eq!(token["accessToken"], token["refreshToken"]);
    assert_eq!(token["clientSecret"], "s");
    let left = token["accessToken"].as_str().expect("a token").to_owned();
    (found.try_into().expect("two"), left)
}

/// Looks for credentials on this machine, if another test has started this program for that.
#[test]
fn a_process_of_its_own() {
    if env::var_os(IS_CHILD).is_some() {
        find::main();
    }
}

/// As IAM Identity Center may do.
#[tokio::test]
async fn the_service_accepts_a_token_once() {
    let (found, left) = renew_twice(Service::new(true)).await;
    assert_eq!(found, ["first", "first"]);
    assert_eq!(left, "first");
}

#[tokio::test]
async fn the_service_accepts_a_token_twice() {
    let (found, left) = renew_twice(Service::new(false)).await;
    assert_eq!(found, ["first", "second"]);
    assert!(found.contains(&left), "{left}");
}
