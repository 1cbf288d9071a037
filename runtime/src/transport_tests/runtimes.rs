//! One client in several runtimes.

use std::time::Duration;

use super::{Client, Peer, answering, body, request, settle};
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
