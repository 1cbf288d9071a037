//! Connections that cannot be made, or break before an answer.

use std::time::Duration;

use sagemaker_runtime::{CallOptions, Retries};
use tests::server::{Reply, Server};
use tokio::net::TcpSocket;

use super::scene::{Call, Outcome, Scene, each, invoke_with, make, secret_builder};
use super::{Does, Injected, Row, rows};
use crate::early_answers::upload;
use crate::idle::{self, Then};
use crate::logs::record;
use crate::peer::{Accepted, Peer, Scheme};
use crate::service::{listen, skip};

const SECOND: Duration = Duration::from_secs(1);

rows! {
    refused: Row {
        fault: "the connection is refused",
        does: Does::Retries,
        why: "nothing was sent",
        requests: 0,
        is: &["is_connect"],
        says: "cannot connect to HOST: TCP connect failed: connection refused [3 attempts, hint: check host and port of the endpoint URL, and \
               that something listens there]",
        inject: || Box::pin(async {
            // Nobody listens on a port that is merely bound.
            let socket = TcpSocket::new_v4().unwrap();
            socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
            let url = format!("http://{}", socket.local_addr().unwrap());
            vec![unreachable(&url).await]
        }),
    };
    name_not_found: Row {
        fault: "the host name cannot be resolved",
        does: Does::Retries,
        why: "nothing was sent",
        requests: 0,
        is: &["is_connect"],
        says: "cannot connect to HOST: DNS lookup failed [3 attempts, hint: check the region, the endpoint \
               URL and the name server]",
        inject: || Box::pin(async {
            // DNS has no labels of more than 63 bytes, so that nobody need be asked.
            vec![unreachable(&format!("http://{}.invalid", "n".repeat(64))).await]
        }),
    };
    tls_not_spoken: Row {
        fault: "the peer does not speak TLS",
        does: Does::Retries,
        why: "nothing was sent",
        requests: 0,
        is: &["is_connect"],
        says: "cannot connect to HOST: TLS handshake failed: received corrupt message of type InvalidContentType [3 attempts, hint: check that the port of the endpoint URL speaks TLS]",
        inject: || Box::pin(async {
            let server = Server::start(|_| Reply::new(200)).await;
            let outcome = unreachable(&server.url().replace("http:", "https:")).await;
            assert_eq!(server.connections(), 3);
            vec![Outcome { requests: server.requests().len(), ..outcome }]
        }),
    };
    no_connection_in_time: Row {
        fault: "the connect timeout passes",
        does: Does::Retries,
        why: "nothing was sent",
        requests: 0,
        is: &["is_timeout", "is_connect"],
        says: "connecting to HOST timed out after 5 s during the TLS handshake [3 attempts, hint: check that \
               the port of the endpoint URL speaks TLS]",
        inject: || Box::pin(async {
            let (listener, url) = listen().await;
            tokio::time::pause();
            let outcome = unreachable(&url.replace("http:", "https:")).await;
            vec![Outcome { requests: listener.requests(), ..outcome }]
        }),
    };
    closed_before_an_answer: Row {
        fault: "a new connection is closed or reset before the first byte of a response",
        does: Does::Retries,
        why: "no byte of a response arrived",
        requests: 3,
        is: &["is_connection"],
        says: "the connection to HOST broke before a response arrived [3 attempts]",
        inject: || each(Call::Invoke, vec![Reply::close(), Reply::close().reset()]),
    };
    closed_once: Row {
        fault: "the same, once",
        does: Does::Retries,
        why: "no byte of a response arrived",
        requests: 2,
        is: &[],
        says: "",
        inject: || Box::pin(async {
            let mut outcomes = Vec::new();
            for reply in [Reply::close(), Reply::close().reset()] {
                outcomes.push(Scene::new(vec![reply, Reply::new(200)]).await.meet(Call::Invoke).await);
            }
            outcomes
        }),
    };
    closed_while_sending: Row {
        fault: "a connection is closed or reset while the request is still being sent",
        does: Does::Retries,
        why: "no byte of a response arrived",
        requests: 3,
        is: &["is_connection"],
        says: "the connection to HOST broke before a response arrived, after 3.1 of 8.0 MB of the request had been sent [3 attempts]",
        inject: || Box::pin(async {
            let mut outcomes = Vec::new();
            for scheme in Scheme::ALL {
                outcomes.push(cut_off(scheme).await);
            }
            outcomes
        }),
    };
    closed_late: Row {
        fault: "any connection is closed or reset before the first byte of a response, 2 s or more after the whole \
                request was sent",
        does: Does::Fails,
        why: "the service may be at work on it",
        requests: 1,
        is: &["is_connection"],
        says: "the connection to HOST broke without a response while the service may have been at work [1 attempt, hint: \
               make the call again only if the service may do its work twice; see `Retries::after_timeout`]",
        inject: || going_away(CallOptions::new(), 1),
    };
    closed_late_and_again: Row {
        fault: "the same with `Retries::after_timeout(true)`",
        does: Does::Retries,
        why: "the caller allows it",
        requests: 3,
        is: &["is_connection"],
        says: "the connection to HOST broke without a response while the service may have been at work [3 attempts, hint: \
               make the call again only if the service may do its work twice; see `Retries::after_timeout`]",
        inject: || going_away(CallOptions::new().retries(Retries::new().after_timeout(true)), 3),
    };
    idle_connection_used_up: Row {
        fault: "an idle connection is closed, or bytes arrive on it (a second response, a 408, anything but HTTP), \
                while the runtime is idle: the next call takes another connection",
        does: Does::Succeeds,
        why: "",
        requests: 1,
        is: &[],
        says: "",
        inject: || Box::pin(async {
            let mut outcomes = Vec::new();
            for scheme in Scheme::ALL {
                for then in [Then::Close, Then::Answer, Then::TimeOut, Then::Garbage] {
                    outcomes.push(used_up(scheme, then).await);
                }
            }
            outcomes
        }),
    };
    idle_connection_closed: Row {
        fault: "an idle connection is closed or reset just as the request is sent",
        does: Does::Retries,
        why: "no byte of a response arrived",
        requests: 2,
        is: &[],
        says: "",
        inject: || Box::pin(async {
            let mut outcomes = Vec::new();
            for reply in [Reply::close(), Reply::close().reset()] {
                let scene = Scene::new(vec![Reply::new(200), reply, Reply::new(200)]).await;
                make(&scene.client, Call::Invoke).await.unwrap();
                outcomes.push(scene.meet(Call::Invoke).await);
            }
            outcomes
        }),
    };
}

/// A service that has the whole request for a while and then goes away, so many times. The first of its connections has
/// served a call before, or has not.
fn going_away(options: CallOptions, requests: usize) -> Injected {
    Box::pin(async move {
        let mut outcomes = Vec::new();
        for (was_used, reply) in [
            (false, Reply::close()),
            (false, Reply::close().reset()),
            (true, Reply::close()),
            (true, Reply::close().reset()),
        ] {
            let late = reply.after(5 * SECOND);
            let replies = if was_used {
                vec![Reply::new(200), late]
            } else {
                vec![late]
            };
            let Scene { server, client, .. } = Scene::new(replies).await;
            if was_used {
                make(&client, Call::Invoke).await.unwrap();
            }
            let before = server.requests().len();
            let (result, log) = record(async {
                let call = invoke_with(&client, options.clone());
                let call = tokio::spawn(async move { call.await.map(drop) });
                for request in 1..=requests {
                    server.wait_for(before + request).await;
                    skip(5 * SECOND).await;
                }
                call.await.unwrap()
            })
            .await;
            outcomes.push(Outcome::new(
                server.url(),
                server.requests().len() - before,
                result,
                &log,
            ));
        }
        outcomes
    })
}

/// A call after whose predecessor the server has done this to the connection.
async fn used_up(scheme: Scheme, then: Then) -> Outcome {
    let peer = idle::serve(scheme, then);
    let client = peer.trusted_by(secret_builder(peer.url()));
    let client = client.retries(Retries::none()).build().unwrap();
    make(&client, Call::Invoke).await.unwrap();
    peer.go_on();
    // Nothing happens in the runtime meanwhile.
    assert_eq!(peer.wait(), 0);
    let (result, log) = record(make(&client, Call::Invoke)).await;
    Outcome::new(peer.url(), peer.requests() - 1, result, &log)
}

/// A call of which only a part is read. How much has left depends on the operating system, and is another number in the
/// outcome.
async fn cut_off(scheme: Scheme) -> Outcome {
    let peer = Peer::start(scheme, |mut accepted: Accepted| async move {
        accepted.read_head().await;
        // The connection is reset, because there is more to read.
    });
    let client = peer.trusted_by(secret_builder(peer.url())).build().unwrap();
    let (result, log) = record(upload(&client, vec![0; 8_000_000])).await;
    let mut outcome = Outcome::new(peer.url(), peer.requests(), result, &log);
    let text = &mut outcome.failure.as_mut().unwrap().text;
    let (before, rest) = text.split_once(", after ").unwrap();
    let (sent, rest) = rest.split_once(" of ").unwrap();
    assert!(sent.parse::<f64>().unwrap() < 8.0, "{sent}");
    *text = format!("{before}, after 3.1 of {rest}");
    outcome
}

/// A call to where nobody takes requests.
async fn unreachable(url: &str) -> Outcome {
    let client = secret_builder(url).build().unwrap();
    let (result, log) = record(make(&client, Call::Invoke)).await;
    Outcome::new(url, 0, result, &log)
}
