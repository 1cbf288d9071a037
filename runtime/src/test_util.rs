//! Fakes of services, for tests of programs that call them.
//!
//! A generated client has these as its module `test`, with its own types.

mod answers;
mod body;
#[cfg(feature = "test-util-tls")]
mod certificate;
mod document;
#[cfg(feature = "event-stream")]
mod event;
mod fake;
#[cfg(feature = "form")]
mod form;
#[cfg(feature = "event-stream")]
mod frame;
mod metadata;
mod operation;
mod protocol;
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
    pub use super::document::Document;
    #[cfg(feature = "event-stream")]
    pub use super::event::{FakeEvent, FakeStream};
    #[cfg(feature = "event-stream")]
    pub use super::frame::FrameWriter;
    pub use super::operation::{FakeError, FakeOperation, FakeOperationInfo, FakeService, ProtocolOf};
    pub use super::protocol::*;
    pub use super::request::{ReceivedRequest, required};
    pub use super::response::ResponseWriter;
    pub use super::route::{PathPart, Route};

    /// Forms, read back.
    #[cfg(feature = "form")]
    pub mod form {
        pub use crate::test_util::form::{Error, FromForm, Read, ReadMember, Reader};
    }
}
