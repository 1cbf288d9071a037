//! Responses by the names of endpoints.

use std::convert::Infallible;
use std::future::{Ready, ready};
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http::Request;
use http_body::{Body, Frame, SizeHint};
use tower_service::Service;

use crate::frame;

/// What is written at a time, at most.
const BLOCK: usize = 1 << 20;
/// The same for events, so that many of them arrive together, as from a fast model.
const EVENTS: usize = 1 << 16;

/// A response as the server writes it.
pub struct Response {
    /// The head, and the first bytes of the body.
    pub head: Vec<u8>,
    /// What follows.
    pub body: Blocks,
}

/// The same bytes several times, as a body that needs no network.
#[derive(Clone, Debug)]
pub struct Blocks {
    pub block: Bytes,
    pub times: usize,
}

impl Blocks {
    /// Events of a size, with so many bytes together.
    #[must_use]
    pub fn events(event: usize, bytes: usize) -> Self {
        let events = (EVENTS / event).max(1);
        Self {
            block: frame::event("PayloadPart", &vec![b'x'; event]).repeat(events).into(),
            times: bytes / (events * event),
        }
    }
}

/// A server-sent event, of a length whose multiples fill parts of 64 bytes without a rest.
const SSE_EVENT: &[u8; 40] = b"data: {\"token\":\"some words, \",\"n\":123}\n\n";

impl Blocks {
    /// Server-sent events, cut into parts of a size without regard to where one ends, in as many events of a stream.
    #[must_use]
    pub fn sse(part: usize, bytes: usize) -> Self {
        let text = SSE_EVENT.repeat(EVENTS / SSE_EVENT.len() / part * part);
        let parts = text.chunks(part).flat_map(|part| frame::event("PayloadPart", part));
        Self {
            block: parts.collect::<Vec<u8>>().into(),
            times: bytes / text.len(),
        }
    }
}

impl Body for Blocks {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let next = self.times.checked_sub(1).map(|left| {
            self.times = left;
            Ok(Frame::data(self.block.clone()))
        });
        Poll::Ready(next)
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact((self.block.len() * self.times) as u64)
    }
}

/// A transport that answers from memory.
impl<B> Service<Request<B>> for Blocks {
    type Response = http::Response<Self>;
    type Error = Infallible;
    type Future = Ready<Result<Self::Response, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: Request<B>) -> Self::Future {
        ready(Ok(http::Response::new(self.clone())))
    }
}

impl Response {
    /// Of `bytes-N`, with N bytes, or `events-SIZE-N`, with N bytes in events of SIZE; of `churn`, a prediction.
    #[must_use]
    pub fn of(endpoint: &str) -> Option<Self> {
        let mut parts = endpoint.split('-');
        let kind = parts.next()?;
        let mut number = || parts.next()?.parse::<usize>().ok();
        match kind {
            "bytes" => {
                let bytes = number()?;
                let block = bytes.clamp(1, BLOCK);
                // A length that is no multiple begins with the rest.
                let first = vec![b'x'; bytes % block];
                Some(Self::new("text/csv", first, vec![b'x'; block], bytes / block))
            }
            "events" => {
                let (event, bytes) = (number()?, number()?);
                let Blocks { block, times } = Blocks::events(event, bytes);
                Some(Self::new(frame::MEDIA_TYPE, Vec::new(), block.into(), times))
            }
            "churn" => Some(Self::new("text/csv", b"0.5".to_vec(), Vec::new(), 0)),
            _ => None,
        }
    }

    /// Of AWS STS, with credentials of a role that do not expire soon.
    #[must_use]
    pub fn role() -> Self {
        let body = "<AssumeRoleResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><AssumeRoleResult>\
            <AssumedRoleUser><AssumedRoleId>AROA:bench</AssumedRoleId>\
            <Arn>arn:aws:sts::123456789012:assumed-role/bench/bench</Arn></AssumedRoleUser>\
            <Credentials><AccessKeyId>ASIAIOSFODNN7EXAMPLE</AccessKeyId>\
            <SecretAccessKey>wJalrXUtnFEMI/K7MDENG/bPxRfiCYzEXAMPLEKEY</SecretAccessKey>\
            <SessionToken>AQoEXAMPLEH4aoAH0gNCAPy</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration>\
            </Credentials></AssumeRoleResult></AssumeRoleResponse>";
        Self::new("text/xml", body.as_bytes().to_vec(), Vec::new(), 0)
    }

    fn new(media_type: &str, first: Vec<u8>, block: Vec<u8>, blocks: usize) -> Self {
        let length = first.len() + block.len() * blocks;
        // What is short is written at once.
        let (first, blocks) = match length <= BLOCK {
            true => ([first, block.repeat(blocks)].concat(), 0),
            false => (first, blocks),
        };
        let head = format!(
            "HTTP/1.1 200 OK\r\ncontent-type: {media_type}\r\ncontent-length: {length}\r\n\
            x-amzn-requestid: f81d4fae-7dec-41d0-a765-00a0c91e6bf6\r\n\
            x-amzn-invoked-production-variant: AllTraffic\r\n\r\n"
        );
        Self {
            head: [head.into_bytes(), first].concat(),
            body: Blocks {
                block: block.into(),
                times: blocks,
            },
        }
    }
}
