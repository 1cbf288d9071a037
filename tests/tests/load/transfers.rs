//! Payloads that are larger than the memory may be.

use bytes::Bytes;
use sagemaker_runtime::Body;
use sagemaker_runtime::types::ResponseStream;
use tests::frame;

use crate::measure::{Alone, Memory, amount};
use crate::peer::{Answer, Peer, client};

const MB: u64 = 1 << 20;

/// What may be on the way at once, in bytes.
const ON_THE_WAY: usize = 4 << 20;

#[test]
fn a_response_passes_through() {
    let alone = Alone::new();
    alone.run(async {
        let length = amount(256 * MB, 4096 * MB);
        let peer = Peer::start(move |_, _| async move {
            let piece = Bytes::from(vec![b'-'; 64 * 1024]);
            let times = length / piece.len() as u64;
            Answer::repeated(piece, times)
        })
        .await;
        let client = client(&peer.url);
        let memory = Memory::watch();
        let call = client.invoke_endpoint().endpoint_name("model").body("");
        let mut body = call.send().await.expect("an answer").body;
        let mut received = 0;
        while let Some(piece) = body.chunk().await.expect("the rest of the payload") {
            received += piece.len() as u64;
        }
        assert_eq!(received, length);
        assert!(memory.peak() < ON_THE_WAY, "{} bytes", memory.peak());
    });
}

#[test]
fn events_pass_through() {
    let alone = Alone::new();
    alone.run(async {
        let times = amount(10_000, 200_000);
        let peer = Peer::start(move |_, _| async move {
            Answer::repeated(frame::event("PayloadPart", &[b'-'; 16 * 1024]).into(), times)
        })
        .await;
        let client = client(&peer.url);
        let memory = Memory::watch();
        let call = client.invoke_endpoint_with_response_stream().endpoint_name("model");
        let mut events = call.body("").send().await.expect("an answer").body;
        let mut received = 0;
        while let Some(event) = events.recv().await.expect("the rest of the stream") {
            assert!(matches!(event, ResponseStream::PayloadPart(_)));
            received += 1;
        }
        assert_eq!(received, times);
        assert!(memory.peak() < ON_THE_WAY, "{} bytes", memory.peak());
    });
}

/// The file has no blocks: it is large only for who reads it.
#[test]
fn a_file_is_never_held_whole() {
    let alone = Alone::new();
    alone.run(async {
        let length = amount(32 * MB, 2048 * MB);
        let file = tempfile::NamedTempFile::new().expect("a file");
        file.as_file().set_len(length).expect("a sparse file");
        let peer = Peer::start(|_, length| async move { Answer::whole(length.to_string()) }).await;
        let client = client(&peer.url);
        let memory = Memory::watch();
        let call = client.invoke_endpoint().endpoint_name("model");
        let output = call.body(Body::from_path(file.path())).send().await.expect("an answer");
        assert_eq!(output.body.text().await.expect("a payload"), length.to_string());
        assert!(memory.peak() < ON_THE_WAY, "{} bytes", memory.peak());
    });
}
