//! Streams of events that stop or cannot be read. What was received before stays good.

use std::time::Duration;

use bytes::Bytes;
use tests::frame;
use tests::server::{Reply, Then};
use tokio::time::timeout;

use super::scene::{Call, Scene, each, start};
use super::{Does, Row, rows};

rows! {
    another_content_type: Row {
        fault: "200 with a page of HTML, or any other content type than that of event streams. [`Error::raw_body`] \
                has the beginning",
        does: Does::Fails,
        why: "the service has responded",
        requests: 1,
        is: &["is_response"],
        says: "the event stream cannot be read: its content type is `text/html`, not \
               `application/vnd.amazon.eventstream` [request id req-1, 1 attempt]",
        inject: || Box::pin(async {
            let page = Reply::new(200).header("x-amzn-RequestId", "req-1").header("Content-Type", "text/html");
            let mut outcomes = Vec::new();
            for (page, beginning) in [
                (page.clone().body("MARK-RESPONSE-BODY"), "MARK-RESPONSE-BODY"),
                (page.clone().body("MARK-RESPONSE-BODY").close_after(4), "MARK"),
                (page, ""),
            ] {
                let scene = Scene::new(vec![page]).await;
                let client = scene.client.clone();
                outcomes.push(scene.outcome(async move {
                    let error = start(&client).await.unwrap_err();
                    assert_eq!(error.raw_body().unwrap(), beginning);
                    assert!(error.response_metadata().unwrap().headers().contains_key("content-type"));
                    Err(error)
                }).await);
            }
            outcomes
        }),
    };
    silence: Row {
        fault: "the read timeout passes within the stream",
        does: Does::EndsTheStream,
        why: "",
        requests: 1,
        is: &["is_timeout"],
        says: "read timeout: no data for 70 s while reading the response [request id req-1, 1 attempt, hint: allow a longer silence with `Timeouts::read` if the service needs it]",
        inject: || Box::pin(async {
            let mut outcomes = Vec::new();
            let whole = part().len();
            for sent in [0, 5, whole, whole + 20] {
                let reply = body([part(), part()].concat()).close_after(sent).then(Then::Hang);
                let scene = Scene::new(vec![reply]).await;
                let client = scene.client.clone();
                outcomes.push(scene.outcome(async move {
                    let mut events = start(&client).await?.body;
                    for _ in 0..sent / whole {
                        events.recv().await?.unwrap();
                    }
                    // Nothing else happens any more: the clock jumps to the timeout by itself.
                    tokio::time::pause();
                    let result = timeout(Duration::from_secs(3600), events.recv()).await.unwrap();
                    tokio::time::resume();
                    assert!(events.recv().await?.is_none());
                    result.map(drop)
                }).await);
            }
            outcomes
        }),
    };
    flipped_bit: Row {
        fault: "a bit of an event is flipped",
        does: Does::EndsTheStream,
        why: "",
        requests: 1,
        is: &["is_response"],
        says: "the event stream cannot be read: the checksum of a frame is wrong [request id req-1, 1 attempt]",
        inject: || each(Call::Stream, vec![stream(&[part(), flipped(part().len() - 5), part()])]),
    };
    flipped_bit_of_a_length: Row {
        fault: "a bit of an event's length is flipped",
        does: Does::EndsTheStream,
        why: "",
        requests: 1,
        is: &["is_response"],
        says: "the event stream cannot be read: the checksum of the lengths of a frame is wrong \
               [request id req-1, 1 attempt]",
        inject: || each(Call::Stream, (0..12).map(|at| stream(&[part(), flipped(at), part()])).collect()),
    };
    too_large: Row {
        fault: "an event is larger than 24 MiB and 128 KiB of headers, or than `EventStream::set_max_event_size`",
        does: Does::EndsTheStream,
        why: "",
        requests: 1,
        is: &["is_response"],
        says: "the event stream cannot be read: a frame of 4294967295 bytes exceeds the limit of 25296912 bytes \
               [request id req-1, 1 attempt]",
        inject: || each(Call::Stream, vec![stream(&[part(), frame::prelude(u32::MAX, 0).to_vec()])]),
    };
    cut_off: Row {
        fault: "the stream is cut off, within an event or between two",
        does: Does::EndsTheStream,
        why: "",
        requests: 1,
        is: &["is_response"],
        says: "the payload of the response broke off after 200 bytes [request id req-1, 1 attempt]",
        inject: || each(Call::Stream, vec![
            chunks([part(), part()].concat()[..200].to_vec()).close_after(b"c8\r\n".len() + 200),
            chunks(frame::event("PayloadPart", &[b'-'; 95])).close_after(b"c8\r\n".len() + 200),
        ]),
    };
    cut_off_with_a_length: Row {
        fault: "the same with a content length",
        does: Does::EndsTheStream,
        why: "",
        requests: 1,
        is: &["is_response"],
        says: "the payload of the response broke off after 200 of 246 bytes [request id req-1, 1 attempt]",
        inject: || each(Call::Stream, vec![body([part(), part()].concat()).close_after(200)]),
    };
    ends_within_an_event: Row {
        fault: "the stream ends within an event",
        does: Does::EndsTheStream,
        why: "",
        requests: 1,
        is: &["is_response"],
        says: "the payload of the response broke off after 122 bytes [request id req-1, 1 attempt]",
        inject: || each(Call::Stream, vec![
            chunks(part()[..122].to_vec()),
            body(part()[..122].to_vec()),
        ]),
    };
    exception: Row {
        fault: "an exception in the stream",
        does: Does::EndsTheStream,
        why: "",
        requests: 1,
        is: &["is_service"],
        says: "ModelStreamError: the model broke [in the event stream, error code Broken, request id req-1, 1 attempt]",
        inject: || {
            let json = r#"{"Message":"the model broke","ErrorCode":"Broken"}"#;
            each(Call::Stream, vec![stream(&[part(), frame::exception("ModelStreamError", json), part()])])
        },
    };
    error: Row {
        fault: "an error in the stream that the description does not know",
        does: Does::EndsTheStream,
        why: "",
        requests: 1,
        is: &["is_service"],
        says: "Overloaded: come back later [in the event stream, request id req-1, 1 attempt]",
        inject: || each(Call::Stream, vec![stream(&[part(), frame::error("Overloaded", "come back later"), part()])]),
    };
}

fn part() -> Vec<u8> {
    frame::event("PayloadPart", b"MARK-RESPONSE-BODY")
}

/// An event with a bit that should be another.
fn flipped(at: usize) -> Vec<u8> {
    let mut part = part();
    part[at] ^= 1;
    part
}

fn reply() -> Reply {
    Reply::new(200)
        .header("Content-Type", frame::MEDIA_TYPE)
        .header("x-amzn-RequestId", "req-1")
}

fn body(events: Vec<u8>) -> Reply {
    reply().body(events)
}

fn chunks(events: Vec<u8>) -> Reply {
    stream(&[events])
}

/// A chunk for each event.
fn stream(events: &[Vec<u8>]) -> Reply {
    reply().chunks(events.iter().map(|event| Bytes::from(event.clone())).collect())
}
