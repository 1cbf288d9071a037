//! How a stream arrives: in pieces, slowly, not to its end.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use futures_core::Stream;
use http_body::{Body, Frame as HttpFrame};

use super::{Sky, event, photo, raw_frame, read, stream_of, three_events};
use crate::answer::event_stream::EventStream;
use crate::answer::response_body::ResponseBody;
use crate::error::BoxError;

#[tokio::test]
async fn pieces_of_any_size_give_the_same_events() {
    let (bytes, _, expected) = three_events();
    for size in 1..=bytes.len() {
        let stream = stream_of(bytes.chunks(size).map(<[u8]>::to_vec), false);
        assert!(
            matches!(read(stream).await, (events, None) if events == expected),
            "pieces of {size}"
        );
    }
    for at in 0..=bytes.len() {
        let (head, tail) = bytes.split_at(at);
        let stream = stream_of([head.to_vec(), tail.to_vec()], false);
        assert!(
            matches!(read(stream).await, (events, None) if events == expected),
            "cut at {at}"
        );
    }
}

#[tokio::test]
async fn a_stream_that_ends_within_a_frame_is_cut_off() {
    let (bytes, ends, expected) = three_events();
    for length in 0..=bytes.len() {
        for size in [1, 7, bytes.len()] {
            let stream = stream_of(bytes[..length].chunks(size).map(<[u8]>::to_vec), false);
            let (events, error) = read(stream).await;
            let whole = ends.iter().filter(|end| **end <= length).count();
            assert_eq!(events, expected[..whole], "{length} bytes");
            if length == 0 || ends.contains(&length) {
                assert!(error.is_none(), "{length} bytes");
                continue;
            }
            let error = error.expect("cut off");
            assert!(error.is_response() && error.is_retryable());
            let text = format!("Watch failed: the payload of the response broke off after {length} bytes [");
            assert!(error.to_string().starts_with(&text), "{error}");
        }
    }
}

#[tokio::test]
async fn a_connection_that_breaks_is_told_after_the_events_before() {
    struct Breaks(Option<Bytes>);
    impl Body for Breaks {
        type Data = Bytes;
        type Error = BoxError;

        fn poll_frame(
            mut self: Pin<&mut Self>,
            _: &mut Context<'_>,
        ) -> Poll<Option<Result<HttpFrame<Bytes>, BoxError>>> {
            let first = self.0.take().map(HttpFrame::data);
            Poll::Ready(Some(first.ok_or_else(|| "reset by peer".into())))
        }
    }
    let body = Breaks(Some(event("photo", b"a").into()));
    let (events, error) = read(ResponseBody::from_http_body(body).into()).await;
    assert_eq!(events, [photo("a")]);
    let error = error.expect("broken");
    assert!(error.is_retryable());
    let source = std::error::Error::source(&error).expect("the cause");
    assert_eq!(source.to_string(), "reset by peer");
}

#[tokio::test(start_paused = true)]
async fn silence_ends_with_the_read_timeout() {
    let (bytes, ends, _) = three_events();
    for length in [0, 5, ends[0], ends[0] + 20] {
        let started = tokio::time::Instant::now();
        let (events, error) = read(stream_of([bytes[..length].to_vec()], true)).await;
        assert_eq!(events.len(), usize::from(length >= ends[0]));
        let error = error.expect("timed out");
        assert!(error.is_timeout() && !error.is_retryable());
        assert_eq!(
            error.to_string(),
            "Watch failed: read timeout: no data for 60 s while reading the response [request id 1f2e, 2 attempts, hint: allow a longer silence with `Timeouts::read` if the service needs it]"
        );
        assert_eq!(started.elapsed().as_secs(), 60);
    }
}

#[tokio::test(start_paused = true)]
async fn a_dropped_recv_loses_nothing() {
    let (bytes, _, expected) = three_events();
    let mut stream = stream_of(bytes.chunks(50).map(<[u8]>::to_vec), true);
    let mut events = Vec::new();
    while let Ok(event) = tokio::time::timeout(Duration::from_secs(1), stream.recv()).await {
        events.extend(event.expect("no error"));
    }
    assert_eq!(events, expected);
    assert_eq!(
        format!("{stream:?}"),
        format!("EventStream({} bytes read)", bytes.len())
    );
}

#[tokio::test]
async fn it_is_a_stream() {
    let mut stream = stream_of([[event("photo", b"a"), raw_frame(b"", b"")].concat()], false);
    let mut next = async || std::future::poll_fn(|context| Pin::new(&mut stream).poll_next(context)).await;
    assert!(matches!(next().await, Some(Ok(event)) if event == photo("a")));
    assert!(matches!(next().await, Some(Err(_))));
    assert!(next().await.is_none());
}

#[tokio::test]
async fn payloads_are_not_copied() {
    let bytes = Bytes::from(event("photo", b"payload"));
    let mut stream: EventStream<Sky> = ResponseBody::from(bytes.clone()).into();
    let Ok(Some(Sky::Photo(payload))) = stream.recv().await else {
        panic!("an event");
    };
    assert!(bytes.as_ptr_range().contains(&payload.as_ptr()));
}

#[test]
fn streams_can_be_shared_and_moved() {
    fn check<T: Send + Sync + Unpin + 'static>() {}
    check::<EventStream<Sky>>();
}
