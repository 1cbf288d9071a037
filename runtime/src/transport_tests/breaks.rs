//! What is known of a request whose connection breaks.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http::Request;
use http_body::{Body as HttpBody, Frame};
use tokio::io::AsyncWriteExt;
use tokio::task::yield_now;

use super::{
    Client, LETTER, Peer, answer_with, answering, body, body_text, closed, is_open, phase, request, settle, skip,
};
use crate::error::Broke;
use crate::transport::{NotAnswered, Phase};
use crate::wire::body::Body;

/// How far a request came decides whether it may be sent again.
#[tokio::test]
async fn what_breaks_says_how_far_it_came() {
    let (client, peer) = (Client::unlimited(), Peer::listen().await);
    let sending = client.spawn(&peer);
    let mut stream = peer.accept().await;
    request(&mut stream).await;
    drop(stream);
    assert_eq!(phase(sending.await.unwrap()), Phase::Broke(Broke::Silent));

    for answer in [&b"HTTP/1.1 200 OK\r\nconte"[..], b"H", b"SSH-2.0-OpenSSH\r\n"] {
        let sending = client.spawn(&peer);
        let mut stream = peer.accept().await;
        answer_with(&mut stream, answer).await;
        drop(stream);
        assert_eq!(phase(sending.await.unwrap()), Phase::Broke(Broke::Answering));
    }

    // Used before: what has come then counts no more.
    let (body, mut stream) = client.first(&peer, LETTER).await;
    body.text().await.unwrap();
    settle().await;
    let sending = client.spawn(&peer);
    request(&mut stream).await;
    drop(stream);
    assert_eq!(phase(sending.await.unwrap()), Phase::Broke(Broke::Stale));
}

/// A peer that has had the whole request for a while may be at work on it, whether it has served another before or not.
#[tokio::test]
async fn what_breaks_late_may_have_been_worked_on() {
    let (client, peer) = (Client::unlimited(), Peer::listen().await);
    for (wait, on_new, on_used) in [
        (Duration::ZERO, Phase::Broke(Broke::Silent), Phase::Broke(Broke::Stale)),
        (
            Duration::from_secs(2),
            Phase::Broke(Broke::Late),
            Phase::Broke(Broke::Late),
        ),
    ] {
        let sending = client.spawn(&peer);
        let mut stream = peer.accept().await;
        request(&mut stream).await;
        skip(wait).await;
        drop(stream);
        assert_eq!(phase(sending.await.unwrap()), on_new);

        let (body, mut stream) = client.first(&peer, LETTER).await;
        body.text().await.unwrap();
        settle().await;
        let sending = client.spawn(&peer);
        request(&mut stream).await;
        skip(wait).await;
        drop(stream);
        assert_eq!(phase(sending.await.unwrap()), on_used);
    }
}

/// Nobody works on a part of a request, however long it has been there.
#[tokio::test]
async fn what_breaks_within_a_request_was_not_worked_on() {
    let (client, peer) = (Client::unlimited(), Peer::listen().await);
    let sending = client.spawn_large(&peer);
    let mut stream = peer.accept().await;
    request(&mut stream).await;
    settle().await;
    skip(Duration::from_secs(10)).await;
    drop(stream);
    assert_eq!(phase(sending.await.unwrap()), Phase::Broke(Broke::Silent));
}

/// A peer that closes a connection before it has read a request resets it. Its answer has come before.
#[tokio::test]
async fn an_answer_survives_the_reset_behind_it() {
    let payloads: [fn() -> Body; 2] = [|| Body::from(vec![0; 16 << 20]), || Body::from_http_body(Pieces(256))];
    for payload in payloads {
        let client = Client::unlimited();
        // In another thread, so that the client goes on writing until it fails.
        let (uri, peer) = answering(10, drop);
        for _ in 0..10 {
            let request = Request::post(&uri).body(payload()).unwrap();
            let answer = client.request(request, false).await;
            assert_eq!(body(answer).text().await.unwrap(), "a");
        }
        peer.join().unwrap();
    }
}

/// So many pieces, and nobody knows how many.
struct Pieces(usize);

impl HttpBody for Pieces {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let piece = || Ok(Frame::data(Bytes::from(vec![0; 64 << 10])));
        let left = self.0.checked_sub(1);
        self.0 = left.unwrap_or_default();
        Poll::Ready(left.map(|_| piece()))
    }
}

/// Bytes that are too many for a head are an error, and not kept.
#[tokio::test]
async fn heads_are_bounded() {
    let head = |lines, length| {
        let lines = "a: b\r\n".repeat(lines);
        format!(
            "HTTP/1.1 200 OK\r\n{lines}long: {}\r\ncontent-length: 0\r\n\r\n",
            "b".repeat(length)
        )
    };
    for (head, is_good) in [
        (head(98, 0), true),
        (head(99, 0), false),
        (head(0, 250 << 10), true),
        (head(0, 300 << 10), false),
    ] {
        let (client, peer) = (Client::unlimited(), Peer::listen().await);
        let sending = client.spawn(&peer);
        let mut stream = peer.accept().await;
        request(&mut stream).await;
        // The client may not read it to the end.
        let _ = stream.write_all(head.as_bytes()).await;
        let answer = sending.await.unwrap();
        if is_good {
            body(answer);
        } else {
            assert_eq!(phase(answer), Phase::TooLarge);
            closed(stream).await;
        }
    }
}

/// A client must take header lines that go on in the next line (RFC 9112, section 5.2).
#[tokio::test]
async fn folded_header_lines_are_unfolded() {
    let (client, peer) = (Client::unlimited(), Peer::listen().await);
    let sending = client.spawn(&peer);
    let answer = b"HTTP/1.1 200 OK\r\nfolded: a\r\n  b;\r\n\tc\r\ncontent-length: 1\r\n\r\na";
    answer_with(&mut peer.accept().await, answer).await;
    let Ok(response) = sending.await.unwrap() else {
        panic!("no response");
    };
    assert_eq!(response.headers()["folded"], "a b; c");
    assert_eq!(response.into_body().text().await.unwrap(), "a");
}

/// The peer has closed several idle connections. One request finds out, and the next is on a fresh connection.
#[tokio::test]
async fn a_fresh_connection_gives_the_stale_ones_up() {
    let (client, peer) = (Client::unlimited(), Peer::listen().await);
    let mut opened = Vec::new();
    for _ in 0..3 {
        opened.push(client.first(&peer, LETTER).await);
    }
    let mut streams = Vec::new();
    for (body, stream) in opened {
        body.text().await.unwrap();
        streams.push(stream);
    }
    settle().await;
    let sending = client.spawn(&peer);
    request(&mut streams[2]).await;
    streams.pop();
    assert_eq!(phase(sending.await.unwrap()), Phase::Broke(Broke::Stale));

    let (again, uri) = (client.clone(), peer.uri.clone());
    let fresh = tokio::spawn(async move { again.send(&uri, true).await });
    answer_with(&mut peer.accept().await, LETTER).await;
    body_text(fresh).await;
    for stream in &mut streams {
        assert!(!is_open(stream).await);
    }
    drop(client);
}

/// Whatever Tokio knows of a connection that the peer has closed meanwhile: no byte of a request leaves on it.
#[tokio::test]
async fn a_connection_closed_meanwhile_is_found_out() {
    for permits in 0..4 {
        let (client, peer) = (Client::unlimited(), Peer::listen().await);
        let (body, stream) = client.first(&peer, LETTER).await;
        body.text().await.unwrap();
        settle().await;
        drop(stream);
        for _ in 0..permits {
            yield_now().await;
        }
        let sending = client.spawn(&peer);
        let answering = tokio::spawn(async move { answer_with(&mut peer.accept().await, LETTER).await });
        match sending.await.unwrap() {
            Err(NotAnswered::Failed(error)) => panic!("{error:?}"),
            Err(NotAnswered::GivenBack(back)) => assert_eq!(back.0.uri(), "/path?query"),
            Err(NotAnswered::Silent(limit)) => panic!("no answer within {limit:?}"),
            // It was known already.
            Ok(response) => assert_eq!(response.into_body().text().await.unwrap(), "a"),
        }
        answering.abort();
    }
}
