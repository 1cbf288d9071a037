//! Peers, processes and files that misbehave, on real sockets. Requests are counted.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use lean_aws_runtime::credentials::CredentialsError;
use socket2::SockRef;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::live::{Machine, is_whole};

/// What a peer does with a request that it has read.
#[derive(Clone)]
enum Act {
    /// Nothing, for ever.
    Hang,
    /// Breaks the connection.
    Reset,
    Answer(u16, String),
    /// Sends these bytes and closes.
    Raw(Vec<u8>),
    /// Sends a body of 100 MB.
    Flood,
}

use Act::{Flood, Hang, Reset};

impl Act {
    /// How long to wait for it: on a busy machine, what comes may be late.
    fn limit(&self) -> Duration {
        match self {
            Hang => Duration::from_millis(500),
            _ => Duration::from_secs(60),
        }
    }
}

fn answer(status: u16, body: &str) -> Act {
    Act::Answer(status, body.to_owned())
}

/// A peer that does one after the other, and the last one again and again.
struct Peer {
    url: String,
    requests: Arc<AtomicUsize>,
}

impl Peer {
    async fn start(acts: Vec<Act>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let requests = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&requests);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, acts.clone(), Arc::clone(&counted)));
            }
        });
        Self { url, requests }
    }

    fn requests(&self) -> usize {
        self.requests.load(Ordering::SeqCst)
    }
}

async fn serve(mut stream: TcpStream, acts: Vec<Act>, requests: Arc<AtomicUsize>) {
    let mut request = Vec::new();
    while !is_whole(&request) {
        match stream.read_buf(&mut request).await {
            Ok(1..) => {}
            _ => return,
        }
    }
    let number = requests.fetch_add(1, Ordering::SeqCst);
    let bytes = match &acts[number.min(acts.len() - 1)] {
        Hang => return std::future::pending().await,
        Reset => {
            let linger = SockRef::from(&stream).set_linger(Some(Duration::ZERO));
            return linger.expect("an open socket");
        }
        Act::Answer(status, body) => {
            format!("HTTP/1.1 {status} X\r\ncontent-length: {}\r\n\r\n{body}", body.len()).into_bytes()
        }
        Act::Raw(bytes) => bytes.clone(),
        Flood => {
            let head = b"HTTP/1.1 200 OK\r\ncontent-length: 100000000\r\n\r\n";
            let mut sent = stream.write_all(head).await;
            for _ in 0..100 {
                sent = sent.and(stream.write_all(&[b'<'; 1_000_000]).await);
            }
            return assert!(sent.is_err(), "the client has read it all");
        }
    };
    // A client that has heard enough is gone.
    let _ = stream.write_all(&bytes).await;
}

const KEYS: &str = r#"{"Code":"Success","AccessKeyId":"id","SecretAccessKey":"secret","Token":"token",
    "Expiration":"2100-01-01T00:00:00Z"}"#;

const HTML: &str = "<html><body>Welcome to the guest network</body></html>";

fn half() -> Act {
    Act::Raw(b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n{\"Acc".to_vec())
}

#[track_caller]
fn assert_fails(result: Result<String, CredentialsError>, part: &str, is_not_configured: bool) {
    let error = result.expect_err(part);
    assert!(error.to_string().contains(part), "{error}");
    assert_eq!(error.is_not_configured(), is_not_configured, "{error}");
    assert!(!error.to_string().contains("secret"), "{error}");
}

#[tokio::test]
async fn instances() {
    let token = || answer(200, "token");
    for (acts, part, goes_on, requests) in [
        (vec![Hang], "the hop limit of the instance must be 2", true, 1),
        (vec![Reset], "instance metadata: http://", true, 1),
        (vec![answer(401, "")], "no token (401", true, 1),
        (vec![answer(403, "")], "disabled for this instance", true, 1),
        (vec![answer(404, "")], "no token (404", true, 1),
        (vec![answer(503, "")], "no token (503", true, 4),
        (vec![answer(200, HTML)], "the token is not valid", true, 1),
        (vec![half()], "instance metadata: http://", true, 1),
        (vec![token(), Hang], "no answer in time", false, 2),
        (vec![token(), answer(404, "")], "the instance has no role", true, 2),
        (vec![token(), answer(401, "")], "no token (401", true, 3),
        (vec![token(), answer(503, "")], "503", false, 5),
        (
            vec![token(), answer(200, "role"), answer(200, HTML)],
            "cannot be used",
            false,
            3,
        ),
        (vec![token(), answer(200, "role"), half()], "broke off", false, 3),
    ] {
        let limit = acts[acts.len() - 1].limit();
        let peer = Peer::start(acts).await;
        let machine = Machine::new("", &[("AWS_EC2_METADATA_SERVICE_ENDPOINT", &peer.url)]).impatient(limit);
        assert_fails(machine.load().await, part, goes_on);
        assert_eq!(peer.requests(), requests, "{part}");
    }
    // The service has forgotten its token in between.
    let acts = [
        token(),
        answer(401, ""),
        token(),
        answer(200, "role"),
        answer(200, KEYS),
    ];
    let peer = Peer::start(acts.to_vec()).await;
    let machine = Machine::new("", &[("AWS_EC2_METADATA_SERVICE_ENDPOINT", &peer.url)]);
    assert_eq!(machine.load().await.expect("credentials"), "id");
    assert_eq!(peer.requests(), 5);
}

#[tokio::test]
async fn containers() {
    let redirect = Act::Raw(b"HTTP/1.1 302 Found\r\nlocation: /other\r\ncontent-length: 0\r\n\r\n".to_vec());
    for (act, part, requests) in [
        (redirect, "302 Found", 1),
        (answer(404, ""), "404 Not Found", 1),
        (answer(500, ""), "500", 3),
        (answer(200, HTML), "an unusable answer", 3),
        (answer(200, "{}"), "it has no `AccessKeyId`", 1),
        (Reset, "cannot be reached", 3),
        (Hang, "cannot be reached", 3),
        (half(), "cannot be reached", 3),
    ] {
        let limit = act.limit();
        let peer = Peer::start(vec![act]).await;
        let machine = Machine::new("", &[("AWS_CONTAINER_CREDENTIALS_FULL_URI", &peer.url)]).impatient(limit);
        assert_fails(machine.load().await, part, false);
        assert_eq!(peer.requests(), requests, "{part}");
    }
}

const ROLE: &str = "[default]\nregion = eu-west-1\nrole_arn = arn:aws:iam::1:role/r\nsource_profile = base\n\
    [profile base]\naws_access_key_id = a\naws_secret_access_key = b\n";

/// An error of STS.
fn refusal(code: &str) -> Act {
    answer(
        400,
        &format!("<ErrorResponse><Error><Code>{code}</Code><Message>no</Message></Error></ErrorResponse>"),
    )
}

#[tokio::test]
async fn sts() {
    let whole = "<R><Credentials><AccessKeyId>id</AccessKeyId><SecretAccessKey>secret</SecretAccessKey>\
        <SessionToken>t</SessionToken><Expiration>2100-01-01T00:00:00Z</Expiration></Credentials></R>";
    let entities = format!(
        "<!DOCTYPE R [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;&a;\">]>{}",
        whole.replace(">t<", ">&b;<")
    );
    let deep = format!("{}{}", "<a>".repeat(10_000), "</a>".repeat(10_000));
    for (act, part, requests) in [
        (refusal("Throttling"), "Throttling", 3),
        (refusal("IDPCommunicationError"), "IDPCommunicationError", 3),
        (refusal("ExpiredToken"), "ExpiredToken", 1),
        (refusal("AccessDenied"), "AccessDenied", 1),
        (answer(200, &whole[..whole.len() - 20]), "is unusable", 1),
        (answer(200, &entities), "is unusable", 1),
        (answer(200, &deep), "is unusable", 1),
        (answer(200, HTML), "is unusable", 1),
        (Flood, "the answer has more than 262144 bytes", 1),
        (Hang, "no answer in time", 3),
    ] {
        let limit = act.limit();
        let peer = Peer::start(vec![act]).await;
        let machine = Machine::new(ROLE, &[("AWS_ENDPOINT_URL_STS", &peer.url)]).impatient(limit);
        assert_fails(machine.load().await, part, false);
        assert_eq!(peer.requests(), requests, "{part}");
    }
    let peer = Peer::start(vec![refusal("Throttling"), answer(200, whole)]).await;
    let machine = Machine::new(ROLE, &[("AWS_ENDPOINT_URL_STS", &peer.url)]);
    assert_eq!(machine.load().await.expect("credentials"), "id");
    assert_eq!(peer.requests(), 2);
}

#[cfg(unix)]
#[tokio::test]
async fn processes() {
    for (command, part) in [
        ("yes secret", "printed too much"),
        ("exit 3", "failed with exit code 3"),
        ("true", "unusable output"),
        ("printf '{\"Version\":2}'", "its `Version` is 2"),
        ("/no/such/command secret", "failed with exit code 127"),
    ] {
        let machine = Machine::new(&format!("[default]\ncredential_process = {command}\n"), &[]);
        assert_fails(machine.load().await, part, false);
    }
}

/// What is at the usual place may be missing or no text; what a variable names must be right.
#[tokio::test]
async fn files() {
    let off = ("AWS_EC2_METADATA_DISABLED", "true");
    let machine = Machine::new("", &[off]);
    let (config, folder) = (machine.path(".aws/config"), machine.path(".aws"));
    for (content, part) in [
        (b"[default]\nregion = \xff\n".to_vec(), "it is not UTF-8"),
        (vec![b'#'; 17 * 1024 * 1024], "cannot be read"),
    ] {
        std::fs::write(&config, &content).expect("a file");
        assert_fails(machine.load().await, part, true);
    }
    std::fs::write(&config, "[default]\nregion\n").expect("a file");
    assert_fails(machine.load().await, "/.aws/config:2]", false);
    std::fs::remove_file(&config).expect("a file");
    assert_fails(machine.load().await, "/.aws/config` does not exist", true);

    let folder = folder.to_str().expect("text");
    let machine = Machine::new("", &[off, ("AWS_CONFIG_FILE", folder)]);
    assert_fails(machine.load().await, "cannot be read", false);
    let machine = Machine::new(
        "",
        &[
            off,
            ("AWS_WEB_IDENTITY_TOKEN_FILE", "/no/such/file"),
            ("AWS_ROLE_ARN", "r"),
        ],
    );
    assert_fails(machine.load().await, "/no/such/file", false);
}
