//! What is to be done, and what came of it.

use serde::{Deserialize, Serialize};

use crate::Page;

/// What a client is to do.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "work", rename_all = "kebab-case")]
pub enum Work {
    /// Calls with this many bytes both ways, some of them at the same time.
    Calls {
        url: String,
        bytes: u64,
        in_flight: u64,
        warm_up: Length,
        measured: Length,
    },
    /// The same with a thread for each core, as `#[tokio::main]` has them.
    ParallelCalls {
        url: String,
        bytes: u64,
        in_flight: u64,
        warm_up: Length,
        measured: Length,
    },
    /// The same by a client that is not asynchronous, on this many threads.
    BlockingCalls {
        url: String,
        bytes: u64,
        threads: u64,
        warm_up: Length,
        measured: Length,
    },
    /// One call whose response is read in pieces.
    Stream { url: String, bytes: u64 },
    /// Reads a stream of events again and again.
    Events {
        url: String,
        event: u64,
        bytes: u64,
        warm_up: Length,
        measured: Length,
    },
    /// The same without a server: every stream is in memory.
    EventsInMemory {
        event: u64,
        bytes: u64,
        warm_up: Length,
        measured: Length,
    },
    /// Reads server-sent events from a stream of events that has parts of them, from memory.
    Sse {
        part: u64,
        bytes: u64,
        warm_up: Length,
        measured: Length,
    },
    /// Reads a page of a list again and again, from memory.
    Page {
        page: Page,
        warm_up: Length,
        measured: Length,
    },
    /// Makes clients.
    Create { url: String, times: u64 },
}

/// When to stop.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Length {
    Calls(u64),
    Milliseconds(u64),
}

/// What came of it.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Report {
    /// Calls that were measured.
    pub calls: u64,
    /// Bytes of responses, or of the payloads of events.
    pub bytes: u64,
    /// User and system time of the process, in seconds.
    pub cpu: f64,
    /// Time that passed, in seconds.
    pub wall: f64,
    /// Allocations, where the program counts them.
    pub allocations: u64,
    /// Bytes of these.
    pub allocated: u64,
    /// The most memory that the process had, in bytes.
    pub peak_memory: u64,
    /// How long each of some things took, in seconds.
    pub times: Vec<f64>,
}

/// The name of an endpoint whose responses have so many bytes.
#[must_use]
pub fn bytes_endpoint(bytes: u64) -> String {
    format!("bytes-{bytes}")
}

/// The name of an endpoint that answers with events of `event` bytes, `bytes` together.
#[must_use]
pub fn events_endpoint(event: u64, bytes: u64) -> String {
    format!("events-{event}-{bytes}")
}
