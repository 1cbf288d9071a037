//! The programs that the tests start. None of these is a test: run by themselves, they do nothing.

use std::error::Error as _;
use std::io::{self, Write as _};
use std::time::Duration;

use sagemaker_runtime::{CallOptions, Client, Error, Retries};
use tokio::io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use tracing_subscriber::Layer as _;
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

use crate::process::{Failure, Outcome};
use crate::sdk_http;

/// Whether this process is that program, and not a run of all ignored tests.
fn started_as(name: &str) -> bool {
    std::env::var("PROGRAM").is_ok_and(|program| program == name)
}

/// Makes a client of the environment, and calls.
#[tokio::test]
#[ignore = "a program that other tests start"]
async fn caller() {
    if !started_as("caller") {
        return;
    }
    log_everything();
    let client = match std::env::var("SOURCE").as_deref() {
        Ok("aws_config") => Ok(Client::new(&sdk_http::load().await)),
        Ok("profile") => Client::builder().profile("other").build(),
        _ => Client::from_env(),
    };
    let mut outcome = match &client {
        Ok(client) => Outcome {
            endpoint: client
                .endpoint()
                .map(ToString::to_string)
                .map_err(|error| error.to_string()),
            call: call(client).await.map_err(|error| failure(&error)),
            remembers: [false; 2],
        },
        Err(error) => Outcome {
            endpoint: Err(error.to_string()),
            call: Err(failure(error)),
            remembers: [false; 2],
        },
    };
    #[cfg(target_os = "linux")]
    if std::env::var_os("REMEMBER").is_some() {
        let before = memory::has_secrets();
        drop(client);
        outcome.remembers = [before, memory::has_secrets()];
    }
    outcome.print();
}

/// What this process has written into its memory.
#[cfg(target_os = "linux")]
mod memory {
    use std::fs::{self, File};
    use std::os::unix::fs::FileExt;

    /// What secret access keys begin with, and private keys in base64.
    const SECRETS: [&[u8]; 2] = [b"MARK-secret", b"MHcCAQEE"];

    /// Looks for such keys in everything that can be written to: heap and stacks, but not the program.
    pub(super) fn has_secrets() -> bool {
        let maps = fs::read_to_string("/proc/self/maps").expect("a list of what is in memory");
        let memory = File::open("/proc/self/mem").expect("this process may read itself");
        let mut looked = 0;
        let found = maps.lines().filter(|line| line.contains(" rw-p ")).any(|line| {
            let (range, _) = line.split_once(' ').expect("a range");
            let (start, end) = range.split_once('-').expect("two addresses");
            let [start, end] = [start, end].map(|text| u64::from_str_radix(text, 16).expect("an address"));
            // The range may have become smaller since.
            let mut content = vec![0; usize::try_from(end - start).expect("a length")];
            let length = memory.read_at(&mut content, start).unwrap_or(0);
            looked += length;
            let has = |secret: &[u8]| content[..length].windows(secret.len()).any(|window| window == secret);
            let found = SECRETS.into_iter().any(has);
            // What was found must not be found again because it was looked for.
            content.fill(0);
            std::hint::black_box(&content);
            found
        });
        assert!(looked > 0, "nothing was looked at");
        found
    }
}

/// Writes the log to the standard error output.
fn log_everything() {
    // At its finest level, the runtime of `aws-config` shows what STS and containers answer.
    let levels = Targets::new()
        .with_default(LevelFilter::TRACE)
        .with_target("aws_smithy_runtime", LevelFilter::DEBUG);
    let log = tracing_subscriber::fmt::layer().with_writer(io::stderr);
    tracing_subscriber::registry().with(log.with_filter(levels)).init();
    tracing::trace!("the log is written");
}

async fn call(client: &Client) -> Result<String, Error> {
    let calls: u32 = std::env::var("CALLS").map_or(1, |calls| calls.parse().expect("a number"));
    let mut payload = String::new();
    for _ in 0..calls {
        // There is nothing to wait for on loopback.
        let options = CallOptions::new().retries(Retries::new().max_backoff(Duration::ZERO));
        let call = client.invoke_endpoint().endpoint_name("model").body("1,2");
        payload = call.options(options).send().await?.body.text().await?;
    }
    Ok(payload)
}

fn failure(error: &Error) -> Failure {
    let causes = std::iter::successors(error.source(), |&error| error.source());
    let causes: Vec<String> = causes.map(ToString::to_string).collect();
    // What `Debug` shows is searched for secrets, too.
    println!("{error:?} {error:#?}");
    Failure {
        text: error.to_string(),
        causes: causes.join(": "),
        attempts: error.attempts(),
        status: error.status().map(|status| status.as_u16()),
        is_configuration: error.is_configuration(),
        is_connect: error.is_connect(),
        is_credentials: error.is_credentials(),
    }
}

/// A proxy: it opens tunnels, and sends plain requests on. All names are those of this machine, so that whoever gets an
/// answer has left it to the proxy to look them up.
#[tokio::test]
#[ignore = "a program that other tests start"]
async fn proxy() {
    if !started_as("proxy") {
        return;
    }
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("a bound socket has an address");
    print_line(&format!("\nlistening {address}"));
    let mut input = tokio::io::stdin();
    loop {
        tokio::select! {
            // A peer that goes away is no concern of the proxy.
            accepted = listener.accept() => drop(tokio::spawn(serve(accepted.expect("a connection").0))),
            _ = input.read_u8() => return,
        }
    }
}

/// Prints now, and not when a buffer is full.
fn print_line(line: &str) {
    println!("{line}");
    io::stdout().flush().expect("somebody reads it");
}

async fn serve(mut client: TcpStream) -> io::Result<()> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(client.read_u8().await?);
    }
    let head = String::from_utf8(head).map_err(io::Error::other)?;
    let mut lines = head.trim_end().split("\r\n");
    let mut request = lines.next().unwrap_or_default().split(' ');
    let (method, target) = (request.next().unwrap_or_default(), request.next().unwrap_or_default());
    print_line(&format!("request {method} {target}"));

    let (own, others): (Vec<&str>, Vec<&str>) = lines.partition(|line| is_for_proxy(line));
    let wanted = std::env::var("AUTHORIZATION").unwrap_or_default();
    let given = own.iter().filter_map(|line| line.split_once(": "));
    if !wanted.is_empty() && !given.clone().any(|(_, value)| value == wanted) {
        let refusal =
            b"HTTP/1.1 407 Proxy Authentication Required\r\nproxy-authenticate: Basic\r\ncontent-length: 4\r\n\r\nstop";
        return client.write_all(refusal).await;
    }
    let path = target
        .strip_prefix("http://")
        .map(|rest| rest.split_once('/').unwrap_or((rest, "")));
    let (authority, path) = path.unwrap_or((target, ""));
    let (_, port) = authority.rsplit_once(':').unwrap_or((authority, "80"));
    let mut server = TcpStream::connect(format!("127.0.0.1:{port}")).await?;
    if method == "CONNECT" {
        client.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n").await?;
    } else {
        let others = others.join("\r\n");
        let head = format!("{method} /{path} HTTP/1.1\r\n{others}\r\nconnection: close\r\n\r\n");
        server.write_all(head.as_bytes()).await?;
    }
    copy_bidirectional(&mut client, &mut server).await.map(drop)
}

/// Whether a header is not to be sent on.
fn is_for_proxy(line: &str) -> bool {
    let name = line.split(':').next().unwrap_or_default();
    name.eq_ignore_ascii_case("proxy-authorization") || name.eq_ignore_ascii_case("connection")
}
