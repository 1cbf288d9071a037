//! Fakes of services, for tests of programs that call them.
//!
//! A generated client has these as its module `test`, with its own types.

mod answers;
mod body;
#[cfg(feature = "test-util-tls")]
mod certificate;
#[cfg(feature = "event-stream")]
mod event;
mod fake;
mod metadata;
mod operation;
mod request;
mod response;
mod route;
mod rule;
mod server;
mod state;
mod transport;

pub use self::fake::Fake;
pub use self::metadata::{With, error, metadata};
pub use self::operation::{FakeOperation, FakeService, read_input, write_output};
pub use self::rule::Rule;
pub use self::server::FakeServer;

/// What generated code calls. It changes without notice: nothing else should use it.
#[doc(hidden)]
pub mod generated {
    #[cfg(feature = "event-stream")]
    pub use super::event::{FakeEvent, FakeStream, FrameWriter};
    pub use super::operation::{FakeError, FakeOperation, FakeOperationInfo, FakeOutput, FakeService};
    pub use super::request::{ReceivedRequest, required};
    pub use super::response::{ResponseWriter, to_json};
    pub use super::route::{PathPart, Route};
}
