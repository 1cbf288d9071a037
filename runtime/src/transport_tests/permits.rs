//! How many requests are in flight.

use std::io::Read;
use std::time::Duration;

use tokio::net::TcpStream;

use super::{Client, LETTER, Peer, answer_with, body, body_text, closed, request, settle};
use crate::transport::Pool;

/// The peer answers before it has read the whole request, and never does. The permit is given back with the answer, and so does the
/// connection: it is the one that is allowed.
#[tokio::test]
async fn an_early_answer_ends_its_turn_and_its_connection() {
    let (client, peer) = (Client::new(Pool::new(), Some(1)), Peer::listen().await);
    let sending = client.spawn_large(&peer);
    let mut stream = peer.accept().await;
    let waiting = client.spawn(&peer);
    answer_with(&mut stream, LETTER).await;
    assert_eq!(body_text(sending).await, "a");
    let mut next = peer.accept().await;
    assert!(is_closed(stream), "there are two connections");
    answer_with(&mut next, LETTER).await;
    assert_eq!(body_text(waiting).await, "a");
}

/// Whether the other side has closed the connection already. The system tells: meanwhile nothing happens in the runtime.
fn is_closed(stream: TcpStream) -> bool {
    let mut stream = stream.into_std().unwrap();
    stream.set_nonblocking(false).unwrap();
    // Nobody closes it any more.
    stream.set_read_timeout(Some(Duration::from_secs(1))).unwrap();
    let mut bytes = vec![0; 1 << 20];
    loop {
        match stream.read(&mut bytes) {
            Ok(1..) => {}
            Ok(0) => return true,
            Err(error) => return error.kind() == std::io::ErrorKind::ConnectionReset,
        }
    }
}

#[tokio::test]
async fn a_dropped_request_closes_its_connection() {
    let (client, peer) = (Client::new(Pool::new(), Some(1)), Peer::listen().await);
    // While it waits for the head of an answer, which comes too late.
    let sending = client.spawn(&peer);
    let mut stream = peer.accept().await;
    request(&mut stream).await;
    sending.abort();
    closed(stream).await;
    // While it waits for its permit.
    let (body, mut stream) = client.first(&peer, LETTER).await;
    let waiting = client.spawn(&peer);
    settle().await;
    waiting.abort();
    body.text().await.unwrap();
    settle().await;
    // The next one finds a connection and its permit.
    client.again(&peer, &mut stream).await;
}

#[tokio::test]
async fn turns_come_in_order() {
    let (client, peer) = (Client::new(Pool::new(), Some(2)), Peer::listen().await);
    let (a, mut first) = client.first(&peer, LETTER).await;
    let (b, mut second) = client.first(&peer, LETTER).await;
    let third = client.spawn(&peer);
    settle().await;
    let fourth = client.spawn(&peer);
    assert!(peer.is_idle().await);
    // The end of a payload lets the next one go, on its connection.
    b.text().await.unwrap();
    answer_with(&mut second, LETTER).await;
    let third = body(third.await.unwrap());
    assert!(!fourth.is_finished());
    assert_eq!(a.text().await.unwrap(), "a");
    answer_with(&mut first, LETTER).await;
    body_text(fourth).await;
    drop(third);
}

/// The next request must not connect while the connection is still open: then there would be one more than allowed.
#[tokio::test]
async fn a_turn_ends_when_the_connection_is_closed() {
    let (client, peer) = (Client::new(Pool::new(), Some(1)), Peer::listen().await);
    let (half, stream) = client
        .first(&peer, b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\na")
        .await;
    let waiting = client.spawn(&peer);
    assert!(peer.is_idle().await);
    drop(half);
    let mut next = peer.accept().await;
    assert!(is_closed(stream), "there are two connections");
    answer_with(&mut next, LETTER).await;
    body_text(waiting).await;
}

#[tokio::test]
async fn no_limit_below_one() {
    let (client, peer) = (Client::new(Pool::new(), Some(0)), Peer::listen().await);
    let (body, _stream) = client.first(&peer, LETTER).await;
    assert_eq!(body.text().await.unwrap(), "a");
}
