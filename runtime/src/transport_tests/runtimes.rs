//! One client in several runtimes.

use std::io::ErrorKind;
use std::sync::mpsc;
use std::time::Duration;

use super::{Client, LETTER, Peer, answer_with, answering, body, body_text, request, settle};
use crate::transport::Pool;

/// A runtime of one thread.
fn runtime() -> tokio::runtime::Builder {
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    runtime.enable_all();
    runtime
}

/// Whether another request may be sent, in a runtime where the clock jumps to the limit if nothing else happens.
fn has_turn(client: &Client) -> bool {
    let limit = Duration::from_secs(60);
    let permit = async { tokio::time::timeout(limit, client.acquire()).await.is_ok() };
    runtime().start_paused(true).build().unwrap().block_on(permit)
}

/// Whoever had the permit before has gone, and so has all that happens in its runtime.
#[test]
fn a_turn_ends_in_a_runtime_that_is_idle() {
    let first = runtime().build().unwrap();
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
    assert!(has_turn(&client));
}

/// The rest of the request has not been sent, and the connection is open.
#[test]
fn a_turn_ends_with_an_early_answer_in_a_runtime_that_is_idle() {
    let first = runtime().build().unwrap();
    let client = Client::new(Pool::new(), Some(1));
    let stream = first.block_on(async {
        let peer = Peer::listen().await;
        let sending = client.spawn_large(&peer);
        let mut stream = peer.accept().await;
        answer_with(&mut stream, LETTER).await;
        assert_eq!(body_text(sending).await, "a");
        stream
    });
    assert!(has_turn(&client));
    drop(stream);
}

/// What a connection does is done in the runtime that made it, and that one may do nothing any more.
#[test]
fn a_runtime_uses_connections_of_its_own() {
    let (first, second) = (runtime().build().unwrap(), runtime().build().unwrap());
    let mut streams = Vec::new();
    let (uri, peer) = answering(2, move |stream| streams.push(stream));
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

/// A connection that turned out to be closed says something of those that were idle as long, and nothing of others.
#[test]
fn a_stale_connection_closes_none_of_other_runtimes() {
    let (sender, streams) = mpsc::channel();
    let (uri, peer) = answering(3, move |stream| sender.send(stream).unwrap());
    let client = Client::unlimited();
    let call = async |fresh| {
        body(client.send(&uri, fresh).await).text().await.unwrap();
        settle().await;
    };
    let (first, second) = (runtime().build().unwrap(), runtime().build().unwrap());
    first.block_on(call(false));
    second.block_on(call(false));
    second.block_on(call(true));
    peer.join().unwrap();
    let is_open = |stream: std::net::TcpStream| {
        stream.set_nonblocking(true).unwrap();
        stream
            .peek(&mut [0])
            .is_err_and(|error| error.kind() == ErrorKind::WouldBlock)
    };
    assert_eq!(streams.iter().map(is_open).collect::<Vec<_>>(), [true, false, true]);
}
