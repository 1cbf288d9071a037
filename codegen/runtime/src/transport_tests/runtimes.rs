//! One client in several runtimes.

use std::io::{Read, Write};
use std::thread;
use std::time::Duration;

use http::Uri;

use super::{Client, LETTER, Peer, body, request, settle};
use crate::runtime::transport::Pool;

/// Whoever had the turn before has gone, and so has all that happens in its runtime.
#[test]
fn a_turn_ends_in_a_runtime_that_rests() {
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    let (first, second) = (
        runtime.enable_all().build().unwrap(),
        runtime.start_paused(true).build().unwrap(),
    );
    let client = Client::new(Pool::new(), Some(1));
    first.block_on(async {
        let peer = Peer::listen().await;
        let sending = client.send(&peer.uri, false);
        let arriving = async { request(&mut peer.accept().await).await };
        tokio::select! {
            _ = sending => panic!("nobody has answered"),
            _ = arriving => {}
        }
    });
    // The clock jumps there if nothing else happens.
    second.block_on(async {
        tokio::time::timeout(Duration::from_secs(60), client.0.turn())
            .await
            .unwrap()
    });
}

/// Answers one request on each of so many connections, from a thread of its own.
fn answering(connections: usize) -> (Uri, thread::JoinHandle<()>) {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let uri = format!("http://{}/", listener.local_addr().unwrap());
    let answering = thread::spawn(move || {
        let mut streams = Vec::new();
        for _ in 0..connections {
            let (mut stream, _) = listener.accept().unwrap();
            let mut head = Vec::new();
            while !head.ends_with(b"\r\n\r\n") {
                let mut byte = [0];
                stream.read_exact(&mut byte).unwrap();
                head.extend(byte);
            }
            stream.write_all(LETTER).unwrap();
            streams.push(stream);
        }
    });
    (uri.parse().unwrap(), answering)
}

/// What a connection does is done in the runtime that made it, and that one may do nothing any more.
#[test]
fn a_runtime_uses_connections_of_its_own() {
    let runtime = || {
        tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap()
    };
    let (first, second) = (runtime(), runtime());
    let (uri, peer) = answering(2);
    let client = Client::unlimited();
    let call = async || {
        let answer = tokio::time::timeout(Duration::from_secs(60), client.send(&uri, false)).await;
        body(answer.expect("an answer")).text().await.unwrap();
        settle().await;
    };
    for runtime in [&first, &second] {
        runtime.block_on(call());
    }
    peer.join().unwrap();
}
