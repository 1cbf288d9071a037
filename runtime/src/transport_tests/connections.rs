//! Which connection serves a request, and how long it is kept.

use std::time::Duration;

use tokio::io::AsyncWriteExt;

use super::{Client, LETTER, Peer, answer_with, body, body_text, closed, is_open, request, settle, skip};
use crate::transport::Pool;

#[tokio::test]
async fn a_request_has_a_path_and_a_host() {
    let (client, peer) = (Client::unlimited(), Peer::listen().await);
    let sending = client.spawn(&peer);
    let mut stream = peer.accept().await;
    let address = peer.listener.local_addr().unwrap();
    assert_eq!(
        request(&mut stream).await,
        format!("GET /path?query HTTP/1.1\r\nhost: {address}\r\n\r\n")
    );
    stream.write_all(LETTER).await.unwrap();
    assert_eq!(body(sending.await.unwrap()).text().await.unwrap(), "a");
}

#[tokio::test]
async fn what_has_ended_leaves_its_connection_to_the_next() {
    let endings: [(&[u8], usize); 5] = [
        // The announced length, without asking for the end.
        (LETTER, 1),
        (b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n", 0),
        (b"HTTP/1.1 204 No Content\r\n\r\n", 0),
        (
            b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n",
            2,
        ),
        (b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n", 1),
    ];
    for (answer, chunks) in endings {
        let (client, peer) = (Client::unlimited(), Peer::listen().await);
        let (mut body, mut stream) = client.first(&peer, answer).await;
        for _ in 0..chunks {
            body.chunk().await.unwrap();
        }
        settle().await;
        client.again(&peer, &mut stream).await;
        assert!(peer.is_idle().await);
        drop(body);
        assert!(peer.is_idle().await);
    }
}

#[tokio::test]
async fn what_has_not_ended_closes_its_connection() {
    let endings: [(&[u8], usize); 4] = [
        (b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\na", 1),
        (b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nab", 0),
        (b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1\r\na\r\n", 1),
        // The end is there, but nobody has asked for it.
        (
            b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n",
            1,
        ),
    ];
    for (answer, chunks) in endings {
        let (client, peer) = (Client::unlimited(), Peer::listen().await);
        let (mut body, stream) = client.first(&peer, answer).await;
        for _ in 0..chunks {
            body.chunk().await.unwrap();
        }
        drop(body);
        closed(stream).await;
        client.first(&peer, LETTER).await;
    }
}

#[tokio::test]
async fn a_connection_that_the_peer_closes_is_not_kept() {
    let (client, peer) = (Client::unlimited(), Peer::listen().await);
    let last = b"HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 1\r\n\r\na";
    let (body, stream) = client.first(&peer, last).await;
    assert_eq!(body.text().await.unwrap(), "a");
    closed(stream).await;
    client.first(&peer, LETTER).await;
}

/// What is used last is least likely to be dropped by the peer, and the others come to rest.
#[tokio::test]
async fn the_connection_used_last_goes_first() {
    let (client, peer) = (Client::unlimited(), Peer::listen().await);
    let (a, mut first) = client.first(&peer, LETTER).await;
    let (b, mut second) = client.first(&peer, LETTER).await;
    b.text().await.unwrap();
    a.text().await.unwrap();
    settle().await;
    let one = client.again(&peer, &mut first).await;
    let two = client.again(&peer, &mut second).await;
    assert!(peer.is_idle().await);
    drop((one, two));
}

#[tokio::test]
async fn hosts_do_not_share_connections() {
    let (client, one, two) = (Client::unlimited(), Peer::listen().await, Peer::listen().await);
    let (body, mut stream) = client.first(&one, LETTER).await;
    body.text().await.unwrap();
    client.first(&two, LETTER).await.0.text().await.unwrap();
    settle().await;
    client.again(&one, &mut stream).await;
}

#[tokio::test]
async fn idle_connections_are_closed_in_time() {
    let pool = Pool::new().idle_timeout(Duration::from_secs(20));
    for (pool, seconds) in [(Pool::new(), 50), (pool, 20)] {
        let (client, peer) = (Client::new(pool, None), Peer::listen().await);
        let (older, mut first) = client.first(&peer, LETTER).await;
        let (newer, mut second) = client.first(&peer, LETTER).await;
        older.text().await.unwrap();
        settle().await;
        skip(Duration::from_secs(1)).await;
        newer.text().await.unwrap();
        skip(Duration::from_secs(seconds - 2)).await;
        assert!(is_open(&mut first).await);
        skip(Duration::from_secs(1)).await;
        // No call has asked for it.
        closed(first).await;
        assert!(is_open(&mut second).await);
        skip(Duration::from_secs(1)).await;
        closed(second).await;

        // There is another reaper for the next ones.
        let (body, stream) = client.first(&peer, LETTER).await;
        body.text().await.unwrap();
        settle().await;
        skip(Duration::from_secs(seconds)).await;
        closed(stream).await;
    }
}

/// The reaper may not have had its turn yet.
#[tokio::test]
async fn an_old_connection_is_not_used() {
    let (client, peer) = (Client::unlimited(), Peer::listen().await);
    let (body, _stream) = client.first(&peer, LETTER).await;
    body.text().await.unwrap();
    settle().await;
    tokio::time::pause();
    // The call goes before the task that waits for this point in time.
    let sending = client.spawn(&peer);
    tokio::time::advance(Duration::from_secs(50)).await;
    tokio::time::resume();
    answer_with(&mut peer.accept().await, LETTER).await;
    body_text(sending).await;
}

#[tokio::test]
async fn a_pool_has_a_size() {
    let (client, peer) = (Client::new(Pool::new().max_idle(1), None), Peer::listen().await);
    let (a, first) = client.first(&peer, LETTER).await;
    let (b, mut second) = client.first(&peer, LETTER).await;
    a.text().await.unwrap();
    b.text().await.unwrap();
    closed(first).await;
    client.again(&peer, &mut second).await;

    for pool in [Pool::new().max_idle(0), Pool::new().idle_timeout(Duration::ZERO)] {
        let (client, peer) = (Client::new(pool, None), Peer::listen().await);
        let (body, stream) = client.first(&peer, LETTER).await;
        body.text().await.unwrap();
        closed(stream).await;
    }
}

#[tokio::test]
async fn connections_end_with_their_client() {
    let (client, peer) = (Client::unlimited(), Peer::listen().await);
    let (a, first) = client.first(&peer, LETTER).await;
    let (b, mut second) = client.first(&peer, LETTER).await;
    a.text().await.unwrap();
    settle().await;
    drop(client);
    closed(first).await;
    // What is being read is read to its end.
    assert!(is_open(&mut second).await);
    assert_eq!(b.text().await.unwrap(), "a");
    closed(second).await;
}
