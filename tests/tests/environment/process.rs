//! Starting the programs of this test, which are in [`programs`](crate::programs).

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use serde::{Deserialize, Serialize};
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, BufReader};
use tokio::process::{Child, ChildStdout, Command};

/// What no program prints: the mark that stands in all secrets, as text and as bytes in `Debug`, and the
/// password of a proxy in base64.
const SECRETS: [&str; 3] = ["MARK-", "77, 65, 82, 75, 45", PASSWORD_IN_BASE64];

/// `user:MARK-password` as a proxy is told.
pub(crate) const PASSWORD_IN_BASE64: &str = "dXNlcjpNQVJLLXBhc3N3b3Jk";

/// What the caller prints of its call, behind this word.
const OUTCOME: &str = "outcome ";

/// This program once more, with one of its ignored tests, and without any variables.
fn program(name: &str) -> Command {
    let mut command = Command::new(std::env::current_exe().expect("a program has a path"));
    command
        .args(["--exact", &format!("programs::{name}")])
        .args(["--ignored", "--nocapture"])
        .env_clear()
        .env("PROGRAM", name)
        .kill_on_drop(true);
    command
}

/// What became of the call of a [`Caller`].
#[derive(Debug, Deserialize, Serialize)]
pub(crate) struct Outcome {
    /// Where requests go, or why that is not known.
    pub(crate) endpoint: Result<String, String>,
    /// The payload of the response to the last call, or what went wrong.
    pub(crate) call: Result<String, Failure>,
    /// Whether a secret access key is in the memory of the process, with the client and after it: by request alone.
    pub(crate) remembers: [bool; 2],
}

/// An error, as far as a test asks.
#[derive(Debug, Deserialize, Serialize)]
pub(crate) struct Failure {
    pub(crate) text: String,
    /// All causes in `Display`, joined by a colon.
    pub(crate) causes: String,
    pub(crate) attempts: u32,
    pub(crate) status: Option<u16>,
    pub(crate) is_configuration: bool,
    pub(crate) is_connect: bool,
    pub(crate) is_credentials: bool,
}

impl Outcome {
    /// Shows this to the test that has started the program.
    pub(crate) fn print(&self) {
        let outcome = serde_json::to_string(self).expect("it is made of texts and numbers");
        // Behind a line of its own, because the harness has begun one.
        println!("\n{OUTCOME}{outcome}");
    }

    /// The payload of the response.
    #[track_caller]
    pub(crate) fn payload(self) -> String {
        self.call.unwrap_or_else(|failure| panic!("{failure:?}"))
    }

    /// What went wrong.
    #[track_caller]
    pub(crate) fn failure(self) -> Failure {
        match self.call {
            Ok(payload) => panic!("the call succeeded: {payload}"),
            Err(failure) => failure,
        }
    }
}

/// What reads profiles, and asks containers and STS.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Reader {
    /// `Client::from_env`.
    Own,
    /// `aws_config::defaults` and `Client::new`.
    AwsConfig,
}

impl Reader {
    pub(crate) const BOTH: [Self; 2] = [Self::Own, Self::AwsConfig];
}

/// A program that makes a client of its environment, and calls InvokeEndpoint.
pub(crate) struct Caller {
    command: Command,
    home: TempDir,
}

impl Caller {
    /// Uses `Client::from_env`.
    pub(crate) fn from_env() -> Self {
        Self::new("from_env")
    }

    /// Has profiles, but no EC2 instance.
    pub(crate) fn reading(reader: Reader) -> Self {
        let caller = match reader {
            Reader::Own => Self::from_env(),
            Reader::AwsConfig => Self::new("aws_config"),
        };
        let caller = caller.env("AWS_EC2_METADATA_DISABLED", "true");
        let (config, credentials) = (caller.path("config"), caller.path("credentials"));
        caller
            .env("AWS_CONFIG_FILE", config.to_str().expect("a path in UTF-8"))
            .env(
                "AWS_SHARED_CREDENTIALS_FILE",
                credentials.to_str().expect("a path in UTF-8"),
            )
    }

    /// Selects the profile `other` in code.
    pub(crate) fn profile() -> Self {
        Self::new("profile").env("AWS_EC2_METADATA_DISABLED", "true")
    }

    fn new(source: &str) -> Self {
        let home = tempfile::tempdir().expect("a temporary folder");
        let mut command = program("caller");
        command.env("HOME", home.path()).env("SOURCE", source);
        Self { command, home }
    }

    /// Sets a variable.
    pub(crate) fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    /// Writes `~/.aws/config`, which is somewhere else in truth.
    pub(crate) fn config(self, text: &str) -> Self {
        self.file("config", text)
    }

    /// The same for `~/.aws/credentials`.
    pub(crate) fn credentials(self, text: &str) -> Self {
        self.file("credentials", text)
    }

    /// Writes a file into the home folder.
    pub(crate) fn file(self, name: &str, content: &str) -> Self {
        std::fs::write(self.path(name), content).expect("a temporary folder can be written to");
        self
    }

    /// A path in the home folder.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }

    /// Makes so many calls, one after the other, instead of one.
    pub(crate) fn calls(self, calls: u32) -> Self {
        self.env("CALLS", calls.to_string())
    }

    /// Looks for secret access keys in the memory of the program.
    #[cfg(target_os = "linux")]
    pub(crate) fn remember(self) -> Self {
        self.env("REMEMBER", "1")
    }

    /// Runs the program to its end.
    pub(crate) async fn run(mut self) -> Outcome {
        let output = self
            .command
            .stdin(Stdio::null())
            .output()
            .await
            .expect("this program can be started again");
        let printed = String::from_utf8_lossy(&output.stdout);
        let logged = String::from_utf8_lossy(&output.stderr);
        for line in printed.lines().chain(logged.lines()) {
            for secret in SECRETS {
                assert!(!line.contains(secret), "a secret is shown: {line}");
            }
        }
        // Had the program not logged, nothing would have been searched.
        assert!(logged.contains("TRACE"), "{printed}{logged}");
        let outcome = printed.lines().find_map(|line| line.strip_prefix(OUTCOME));
        let outcome = outcome.unwrap_or_else(|| panic!("the program has ended early: {printed}{logged}"));
        serde_json::from_str(outcome).expect("what `print` writes")
    }
}

/// A program that is an HTTP proxy. It ends when nobody holds its standard input any more.
pub(crate) struct Proxy {
    child: Child,
    lines: BufReader<ChildStdout>,
    address: String,
}

impl Proxy {
    /// A proxy for everyone.
    pub(crate) async fn start() -> Self {
        Self::start_with("").await
    }

    /// A proxy that wants this value in `Proxy-Authorization`, if there is any.
    pub(crate) async fn start_with(authorization: &str) -> Self {
        let mut program = program("proxy");
        program.env("AUTHORIZATION", authorization);
        Self::listening(program).await
    }

    /// The proxy of the package `proxy.py`, in this virtual environment of Python, for this user.
    pub(crate) async fn of_python(environment: &Path, user_and_password: &str) -> Self {
        let mut program = Command::new(environment.join("bin/python"));
        program
            .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/interop/http_proxy.py"))
            .arg(user_and_password);
        Self::listening(program).await
    }

    /// Starts a program that says where it listens.
    async fn listening(mut program: Command) -> Self {
        let mut child = program
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the program is there");
        let stdout = child.stdout.take().expect("it is piped");
        let mut lines = BufReader::new(stdout);
        let mut line = String::new();
        let address = loop {
            line.clear();
            let read = lines.read_line(&mut line).await.expect("what a proxy prints is text");
            assert!(read > 0, "the proxy has ended early");
            if let Some(address) = line.strip_prefix("listening ") {
                break address.trim().to_owned();
            }
        };
        Self { child, lines, address }
    }

    /// Host and port.
    pub(crate) fn address(&self) -> &str {
        &self.address
    }

    /// Ends the proxy; returns method and target of each request, as far as it tells.
    pub(crate) async fn stop(mut self) -> Vec<String> {
        drop(self.child.stdin.take());
        let mut rest = String::new();
        self.lines.read_to_string(&mut rest).await.expect("it prints text");
        self.child.wait().await.expect("it has ended");
        let requests = rest.lines().filter_map(|line| line.strip_prefix("request "));
        requests.map(str::to_owned).collect()
    }
}
