//! Answers that come before the whole request has been sent.

use std::path::Path;

use http_body_util::StreamBody;
use sagemaker_runtime::{Body, Client, Error};
use tests::server::Then;
use tokio::io::AsyncWriteExt;

use crate::peer::{Accepted, Peer, Scheme};
use crate::service::builder;

/// More than the buffers of a connection hold.
pub(crate) const LARGE: usize = 8 << 20;

const TOO_LARGE: &str = "HTTP/1.1 413 Content Too Large\r\ncontent-type: application/json\r\ncontent-length: 23\r\n\r\n\
                         {\"message\":\"too large\"}";

/// A server that reads the head of a request and refuses the rest.
pub(crate) fn refusing(scheme: Scheme, then: Then) -> Peer {
    Peer::start(scheme, move |mut accepted: Accepted| async move {
        if accepted.read_head().await.is_none() {
            return;
        }
        accepted.send(TOO_LARGE).await;
        match then {
            Then::KeepOpen => std::future::pending().await,
            Then::Close => {
                // It goes on reading, so that nothing is lost.
                accepted.stream.shutdown().await.unwrap();
                let _ = tokio::io::copy(&mut accepted.stream, &mut tokio::io::sink()).await;
            }
            // A connection is reset that is closed with bytes to read.
            Then::Reset | Then::Hang => {}
        }
    })
}

/// A large payload, from each of the sources that there are.
fn bodies(file: &Path) -> [Body; 3] {
    let piece = |_| Ok::<_, Error>(http_body::Frame::data(bytes::Bytes::from(vec![0; 64 << 10])));
    let stream = StreamBody::new(Pieces((0..LARGE / (64 << 10)).map(piece)));
    [
        Body::from(vec![0; LARGE]),
        Body::from_path(file),
        Body::from_http_body(stream),
    ]
}

/// An iterator as a stream.
struct Pieces<I>(I);

impl<I: Iterator + Unpin> futures_core::Stream for Pieces<I> {
    type Item = I::Item;

    fn poll_next(
        mut self: std::pin::Pin<&mut Self>,
        _: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<I::Item>> {
        std::task::Poll::Ready(self.0.next())
    }
}

pub(crate) async fn upload(client: &Client, body: impl Into<Body>) -> Result<(), Error> {
    let call = client.invoke_endpoint().endpoint_name("model").body(body);
    call.send().await.map(drop)
}

/// A request that can no longer be sent is no reason to miss its answer.
#[tokio::test]
async fn an_answer_that_is_followed_by_a_reset_is_heard() {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(&file, vec![0; LARGE]).unwrap();
    for scheme in Scheme::ALL {
        let peer = refusing(scheme, Then::Reset);
        let client = peer.trusted_by(builder(peer.url())).build().unwrap();
        for number in 1..=20 {
            for (source, body) in bodies(file.path()).into_iter().enumerate() {
                let before = peer.requests();
                let error = upload(&client, body).await.unwrap_err();
                let context = format!("{scheme:?}, {source}, {number}: {error}");
                assert_eq!(error.status().map(|status| status.as_u16()), Some(413), "{context}");
                assert_eq!(error.message(), Some("too large"), "{context}");
                assert_eq!(error.attempts(), 1, "{context}");
                assert_eq!(peer.requests() - before, 1, "{context}");
            }
        }
    }
}

/// Without an answer, the reset is the error.
#[tokio::test]
async fn a_reset_without_an_answer_is_an_error() {
    for scheme in Scheme::ALL {
        let peer = Peer::start(scheme, |mut accepted: Accepted| async move {
            accepted.read_head().await;
        });
        let client = peer.trusted_by(builder(peer.url())).build().unwrap();
        let error = upload(&client, vec![0; LARGE]).await.unwrap_err();
        assert!(error.is_connection() && error.is_retryable(), "{error}");
        assert_eq!(peer.requests(), 3);
        let causes = std::iter::successors(std::error::Error::source(&error), |error| error.source());
        let reset = causes
            .filter_map(|error| error.downcast_ref::<std::io::Error>())
            .any(|error| {
                matches!(
                    error.kind(),
                    std::io::ErrorKind::ConnectionReset | std::io::ErrorKind::BrokenPipe
                )
            });
        assert!(reset, "{}", crate::service::chain(&error));
    }
}
