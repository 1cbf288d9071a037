//! What the server answers, faults included.

use std::time::Duration;

use bytes::Bytes;

/// What happens to the connection after a reply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Then {
    /// It serves the next request.
    KeepOpen,
    /// It is closed in good order.
    Close,
    /// It is reset: the peer gets an error, not an end of file.
    Reset,
    /// It stays open and silent until the server is dropped.
    Hang,
}

/// The answer to one request.
#[derive(Clone, Debug)]
pub struct Reply {
    head: Option<Head>,
    body: Body,
    /// How much of the body is sent.
    limit: usize,
    pub(super) then: Then,
    /// How long the server takes before it sends anything.
    pub(super) delay: Duration,
}

#[derive(Clone, Debug)]
struct Head {
    status: u16,
    headers: Vec<(String, Vec<u8>)>,
}

#[derive(Clone, Debug)]
enum Body {
    Whole(Bytes),
    Chunks(Vec<Bytes>),
}

impl Reply {
    /// A response without a body, after which the connection can be used again.
    #[must_use]
    pub fn new(status: u16) -> Self {
        let head = Head {
            status,
            headers: Vec::new(),
        };
        Self {
            head: Some(head),
            ..Self::raw(Bytes::new(), Then::KeepOpen)
        }
    }

    /// Bytes that need not be HTTP at all.
    #[must_use]
    pub fn raw(bytes: impl Into<Bytes>, then: Then) -> Self {
        Self {
            head: None,
            body: Body::Whole(bytes.into()),
            limit: usize::MAX,
            then,
            delay: Duration::ZERO,
        }
    }

    /// No answer, ever.
    #[must_use]
    pub fn hang() -> Self {
        Self::raw(Bytes::new(), Then::Hang)
    }

    /// The end of the connection instead of an answer.
    #[must_use]
    pub fn close() -> Self {
        Self::raw(Bytes::new(), Then::Close)
    }

    /// Adds a header. `Content-Length` and `Transfer-Encoding` are added by themselves, unless given here.
    #[must_use]
    pub fn header(mut self, name: &str, value: impl Into<Vec<u8>>) -> Self {
        if let Some(head) = &mut self.head {
            head.headers.push((name.to_owned(), value.into()));
        }
        self
    }

    /// Sets a body of known length.
    #[must_use]
    pub fn body(mut self, body: impl Into<Bytes>) -> Self {
        self.body = Body::Whole(body.into());
        self
    }

    /// Sets a body in chunked transfer encoding, each chunk sent on its own.
    #[must_use]
    pub fn chunks(mut self, chunks: Vec<Bytes>) -> Self {
        self.body = Body::Chunks(chunks);
        self
    }

    /// Sends only the first `length` bytes of the body, counted as on the wire, and closes the connection.
    #[must_use]
    pub fn close_after(mut self, length: usize) -> Self {
        self.limit = length;
        self.then(Then::Close)
    }

    /// Lets the server take its time before it sends anything.
    #[must_use]
    pub fn after(mut self, delay: Duration) -> Self {
        self.delay = delay;
        self
    }

    /// Resets the connection after all that is to be sent.
    #[must_use]
    pub fn reset(self) -> Self {
        self.then(Then::Reset)
    }

    /// Sets what happens after all that is to be sent.
    #[must_use]
    pub fn then(mut self, then: Then) -> Self {
        self.then = then;
        self
    }

    /// The writes that make up the reply.
    pub(super) fn writes(&self, method: &str) -> Vec<Bytes> {
        let mut writes: Vec<Bytes> = self.head.iter().map(|head| head.render(&self.body)).collect();
        if self.head.is_some() && method == "HEAD" {
            return writes;
        }
        let mut left = self.limit;
        for part in self.body.render() {
            let part = part.slice(..part.len().min(left));
            left -= part.len();
            writes.push(part);
        }
        writes
    }
}

impl Head {
    fn render(&self, body: &Body) -> Bytes {
        let mut head = format!("HTTP/1.1 {} \r\n", self.status).into_bytes();
        for (name, value) in &self.headers {
            head.extend([name.as_bytes(), b": ", value, b"\r\n"].concat());
        }
        if let Some(framing) = self.framing(body) {
            head.extend(framing.into_bytes());
        }
        head.extend(b"\r\n");
        head.into()
    }

    fn framing(&self, body: &Body) -> Option<String> {
        let framed = |name: &str| ["content-length", "transfer-encoding"].contains(&name.to_ascii_lowercase().as_str());
        if self.headers.iter().any(|(name, _)| framed(name)) {
            return None;
        }
        match body {
            Body::Chunks(_) => Some("Transfer-Encoding: chunked\r\n".to_owned()),
            // These statuses never have a body.
            Body::Whole(body) if body.is_empty() && matches!(self.status, 100..200 | 204 | 304) => None,
            Body::Whole(body) => Some(format!("Content-Length: {}\r\n", body.len())),
        }
    }
}

impl Body {
    fn render(&self) -> Vec<Bytes> {
        match self {
            Self::Whole(body) => vec![body.clone()],
            Self::Chunks(chunks) => {
                let chunk = |chunk: &Bytes| {
                    [format!("{:x}\r\n", chunk.len()).as_bytes(), chunk, b"\r\n"]
                        .concat()
                        .into()
                };
                chunks
                    .iter()
                    .map(chunk)
                    .chain([Bytes::from_static(b"0\r\n\r\n")])
                    .collect()
            }
        }
    }
}
