//! The work that every client is given, and the measuring of it.
//!
//! A client is a process: it gets [`Work`] as JSON in its only argument, does it, on one thread unless it says otherwise, and
//! prints a [`Report`].

#[expect(
    dead_code,
    unreachable_pub,
    reason = "a file of the tests, which have more kinds of frames"
)]
#[path = "../../../src/frame.rs"]
mod frame;
mod measure;
mod page;
mod response;
mod run;
mod work;

pub use measure::{cpu, peak_memory};
pub use page::Page;
pub use response::{Blocks, Response};
pub use run::{main, main_of_pages};
pub use stats_alloc;
pub use work::{Length, Report, Work, bytes_endpoint, events_endpoint};

/// Anything that went wrong. It ends the process.
pub type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// What is compared.
pub trait Client: Clone + Send + Sync + Sized + 'static {
    /// Makes a client with static credentials.
    fn new(url: &str) -> Result<Self, BoxError>;

    /// Makes a client that gets each response from memory, if it can read events.
    fn in_memory(response: Blocks) -> Option<Self>;

    /// Sends a request and reads the whole response. Returns its length.
    fn call(&self, endpoint: &str, payload: Vec<u8>) -> impl Future<Output = Result<u64, BoxError>> + Send;

    /// The same without async. Only clients that can are asked.
    fn call_blocking(&self, _endpoint: &str, _payload: Vec<u8>) -> Result<u64, BoxError> {
        Err("this client is asynchronous".into())
    }

    /// Sends a request and reads the response in pieces, as far as the client can. Returns its length.
    fn stream(&self, endpoint: &str) -> impl Future<Output = Result<u64, BoxError>> + Send;

    /// Sends a request and reads events. Returns the length of their payloads.
    fn events(&self, endpoint: &str) -> impl Future<Output = Result<u64, BoxError>> + Send;

    /// Sends a request and reads server-sent events. Returns the length of their data. Only clients that get responses from
    /// memory are asked.
    fn sse(&self) -> impl Future<Output = Result<u64, BoxError>> + Send {
        std::future::ready(Err("this client reads no events".into()))
    }
}

/// What is compared at reading pages.
pub trait PageReader: Sized {
    /// Makes a client with static credentials that gets this response from memory, whatever it asks.
    fn new(page: Page, response: Blocks) -> Result<Self, BoxError>;

    /// Asks for the page. Returns the number of its items.
    fn read(&self) -> impl Future<Output = Result<u64, BoxError>>;
}
