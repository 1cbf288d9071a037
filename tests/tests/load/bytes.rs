//! Any bytes as an answer, over a socket: the call ends, with an output or an error, and takes no more memory than what
//! has arrived.

use std::sync::{Arc, Mutex};

use ::bytes::Bytes;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use sagemaker_runtime::{Client, Error};

use crate::measure::{Alone, Memory};
use crate::peer::{Answer, Peer, client};

/// What a call and its connection take, in bytes: buffers on both sides among it.
const CONSTANT: usize = 256 * 1024;

/// What answers are made of, and what they must not be made of.
const PIECES: [&str; 34] = [
    "HTTP/1.1 200 OK\r\n",
    "HTTP/1.0 200 OK\r\n",
    "HTTP/1.1 100 Continue\r\n\r\n",
    "HTTP/1.1 101 Switching Protocols\r\n",
    "HTTP/1.1 204 No Content\r\n",
    "HTTP/1.1 304 Not Modified\r\n",
    "HTTP/1.1 400 Bad\r\n",
    "HTTP/1.1 503 Busy\r\n",
    "HTTP/2 200\r\n",
    "HTTP/1.1 99999999999999999999 \r\n",
    "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "content-length: 5\r\n",
    "content-length: 18446744073709551615\r\n",
    "content-length: -1\r\n",
    "content-length: 5, 5\r\n",
    "transfer-encoding: chunked\r\n",
    "transfer-encoding: gzip, chunked\r\n",
    "connection: close\r\n",
    "content-type: application/vnd.amazon.eventstream\r\n",
    "x-amzn-errortype: ModelError\r\n",
    "x-amzn-requestid: \u{1}\r\n",
    "x-amz-retry-after: 99999999999999999999\r\n",
    ": \r\n",
    "a:",
    "\r\n",
    "\n",
    "\0",
    "0\r\n\r\n",
    "5\r\nhello\r\n",
    "5;a=b\r\nhello\r\n",
    "ffffffffffffffff\r\n",
    "fffffffffffffffff\r\n",
    "hello",
    r#"{"Message":"x"}"#,
];

fn piece() -> impl Strategy<Value = Bytes> {
    prop_oneof![
        6 => select(&PIECES[..]).prop_map(|piece| Bytes::from_static(piece.as_bytes())),
        1 => vec(any::<u8>(), 1..40).prop_map(Bytes::from),
        1 => ("[a-z]{1,4}", 1..3000_usize).prop_map(|(text, times)| text.repeat(times).into()),
    ]
}

/// A proper head, or none, and pieces behind it.
fn answer() -> impl Strategy<Value = Vec<Bytes>> {
    prop_oneof![
        2 => vec(piece(), 0..12),
        1 => vec(any::<u8>(), 0..300).prop_map(|bytes| vec![bytes.into()]),
        2 => (select(&PIECES[..9]), vec(select(&PIECES[11..23]), 0..4), vec(piece(), 0..8)).prop_map(
            |(status, headers, rest)| {
                let head = [status, &*headers.concat(), "\r\n"].concat();
                std::iter::once(head.into()).chain(rest).collect()
            }
        ),
    ]
}

/// A service that gives an answer and closes the connection.
async fn start() -> (Peer, Client, Arc<Mutex<(Vec<Bytes>, usize)>>) {
    let next = Arc::new(Mutex::new((Vec::new(), 0)));
    let answer = next.clone();
    let peer = Peer::start(move |_, _| {
        let mut next = answer.lock().unwrap();
        next.1 += 1;
        let answer = Answer::raw(next.0.clone());
        async { answer }
    })
    .await;
    let client = client(&peer.url);
    (peer, client, next)
}

fn ends<F: Future<Output = Result<(), Error>>>(percent: u32, call: impl Fn(Client) -> F) {
    let alone = Alone::new();
    let (_peer, client, next) = alone.run(start());
    alone.property(percent, answer(), |pieces| {
        let arrives: usize = pieces.iter().map(Bytes::len).sum();
        *next.lock().unwrap() = (pieces, 0);
        let memory = Memory::watch();
        let result = alone.run(call(client.clone()));
        let peak = memory.peak();
        prop_assert!(
            peak < CONSTANT + 4 * arrives,
            "{} bytes of memory for {}",
            peak,
            arrives
        );
        prop_assert_eq!(next.lock().unwrap().1, 1, "requests: {:?}", result);
        // Whatever it is, it can be told in one line.
        if let Err(error) = result {
            let text = error.to_string();
            prop_assert!(!text.contains(char::is_control), "{:?}", text);
        }
        Ok(())
    });
}

#[test]
fn as_a_response() {
    ends(3, async |client| {
        let call = client.invoke_endpoint().endpoint_name("model").body("");
        call.send().await?.body.bytes().await.map(drop)
    });
}

#[test]
fn as_an_output() {
    ends(2, async |client| {
        let call = client.invoke_endpoint_async().endpoint_name("model");
        call.send().await.map(drop)
    });
}

#[test]
fn as_a_stream_of_events() {
    ends(2, async |client| {
        let call = client.invoke_endpoint_with_response_stream().endpoint_name("model");
        let mut events = call.body("").send().await?.body;
        while events.recv().await?.is_some() {}
        Ok(())
    });
}
