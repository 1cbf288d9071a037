//! Proxies that give no tunnel. Variables name them, and those belong to a whole process: so the client is in one of its
//! own, which is this program once more.

use std::process::Stdio;

use tests::server::{Reply, Server, Then};
use tokio::net::TcpSocket;
use tokio::process::Command;

use super::scene::{Call, Outcome, make};
use super::{Does, Injected, Row, rows};
use crate::logs::{self, record};
use crate::service::{credentials, proxied};

/// What the other program prints of its call, behind this word.
const OUTCOME: &str = "outcome ";

rows! {
    tunnel_refused: Row {
        fault: "the proxy refuses a tunnel to the host with a status below 500",
        does: Does::Fails,
        why: "it would fail again",
        requests: 0,
        is: &["is_connect"],
        says: "cannot connect to HOST: the proxy refused a tunnel (403) [1 attempt, hint: check that the proxy allows the \
               host and its port, or add the host to `NO_PROXY`]",
        inject: || refused(403, 1),
    };
    password_wanted: Row {
        fault: "the proxy rejects the password",
        does: Does::Fails,
        why: "it would fail again",
        requests: 0,
        is: &["is_connect"],
        says: "cannot connect to HOST: the proxy refused a tunnel (407) [1 attempt, hint: set user and password in the URL \
               of the proxy, percent-encoded]",
        inject: || refused(407, 1),
    };
    no_way_from_the_proxy: Row {
        fault: "the proxy cannot reach the host: 502, or any other status of 500 or above",
        does: Does::Retries,
        why: "nothing was sent",
        requests: 0,
        is: &["is_connect"],
        says: "cannot connect to HOST: the proxy refused a tunnel (502) [3 attempts, hint: check that the proxy can reach \
               the host, or add the host to `NO_PROXY`]",
        inject: || refused(502, 3),
    };
    tunnel_cut_off: Row {
        fault: "the proxy closes the connection, or its response is not HTTP",
        does: Does::Retries,
        why: "nothing was sent",
        requests: 0,
        is: &["is_connect"],
        says: "cannot connect to HOST: the proxy did not open a tunnel [3 attempts, hint: check the proxy that `HTTPS_PROXY`, \
               `HTTP_PROXY` or `ALL_PROXY` names, or add the host to `NO_PROXY`]",
        inject: || answered(vec![Reply::close(), Reply::raw("SSH-2.0-OpenSSH_9.6\r\n\r\n", Then::Close)], 3),
    };
    no_proxy_there: Row {
        fault: "the proxy cannot be reached",
        does: Does::Retries,
        why: "nothing was sent",
        requests: 0,
        is: &["is_connect"],
        says: "cannot connect to HOST: the proxy cannot be reached: connection refused [3 attempts, hint: check the proxy that `HTTPS_PROXY`, \
               `HTTP_PROXY` or `ALL_PROXY` names, or add the host to `NO_PROXY`]",
        inject: || Box::pin(async {
            // Nobody listens on a port that is merely bound.
            let socket = TcpSocket::new_v4().unwrap();
            socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
            vec![behind(&socket.local_addr().unwrap().to_string()).await]
        }),
    };
}

/// A proxy that answers so many requests for a tunnel with this status.
fn refused(status: u16, times: usize) -> Injected {
    answered(vec![Reply::new(status).body("MARK-ERROR-BODY")], times)
}

/// A proxy that answers so many requests for a tunnel in one of these ways.
fn answered(replies: Vec<Reply>, times: usize) -> Injected {
    Box::pin(async move {
        let mut outcomes = Vec::new();
        for reply in replies {
            let proxy = Server::start(move |_| reply.clone()).await;
            let outcome = behind(proxy.url().trim_start_matches("http://")).await;
            let (asked, sent): (Vec<_>, Vec<_>) = proxy
                .requests()
                .into_iter()
                .partition(|request| request.method == "CONNECT");
            let targets: Vec<_> = asked.iter().map(|request| &*request.target).collect();
            assert_eq!(targets, vec!["service.invalid:443"; times]);
            outcomes.push(Outcome {
                requests: sent.len(),
                ..outcome
            });
        }
        outcomes
    })
}

/// Makes a call behind the proxy of this address, in another process. That one does not know what arrives.
async fn behind(proxy: &str) -> Outcome {
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "faults::proxies::caller", "--ignored", "--nocapture"])
        .env_clear()
        .env("PROGRAM", "caller")
        .env("HTTPS_PROXY", format!("http://user:MARK-PROXY-PASSWORD@{proxy}"))
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .output()
        .await
        .unwrap();
    let printed = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap());
    let printed = printed.concat();
    logs::assert_hidden(&printed);
    let outcome = printed.lines().find_map(|line| line.strip_prefix(OUTCOME));
    let outcome = outcome.unwrap_or_else(|| panic!("the program has ended early: {printed}"));
    serde_json::from_str(outcome).unwrap()
}

/// Makes a call to a host that only a proxy could find, and prints what came of it.
#[tokio::test]
#[ignore = "a program that other tests start"]
async fn caller() {
    if std::env::var("PROGRAM").as_deref() != Ok("caller") {
        return;
    }
    let url = "https://service.invalid";
    let client = proxied(url)
        .credentials(credentials(logs::secret_keys()))
        .build()
        .unwrap();
    let (result, log) = record(make(&client, Call::Invoke)).await;
    let outcome = serde_json::to_string(&Outcome::new(url, 0, result, &log)).unwrap();
    // Behind a line of its own, because the harness has begun one.
    println!("\n{OUTCOME}{outcome}");
}
