//! What all generated clients stand on.
//!
//! What differs between services is data: [`Service`](runtime::operation::Service).

#[cfg(test)]
extern crate self as lean_aws_runtime;

#[cfg(test)]
mod error_tests;
#[cfg(all(test, feature = "event-stream", feature = "timestamp"))]
mod event_stream_tests;
#[cfg(test)]
mod retry_tests;
pub mod runtime;
#[cfg(test)]
mod transport_tests;
#[cfg(test)]
#[allow(unreachable_pub, dead_code, missing_docs, reason = "other tests have it, too")]
#[path = "../tests/support/weather.rs"]
mod weather;

pub use runtime::body::Body;
pub use runtime::byte_stream::ByteStream;
pub use runtime::call::CallOptions;
pub use runtime::client::{Caller, Sending};
pub use runtime::config::{ClientBuilder, Config, ConfigBuilder};
pub use runtime::credentials::{Credentials, CredentialsSource};
pub use runtime::endpoint::Endpoint;
pub use runtime::error::{CallError, Error};
#[cfg(feature = "event-stream")]
pub use runtime::features::event_stream::{EventStream, UnknownEvent};
#[cfg(feature = "paginator")]
pub use runtime::features::paginator::{Items, Pages, Paginated, PaginatedItems};
#[cfg(feature = "document")]
pub use runtime::features::unknown_member::UnknownMember;
#[cfg(feature = "waiter")]
pub use runtime::features::waiter::{Verdict, Waiter, Waiting};
pub use runtime::metadata::ResponseMetadata;
pub use runtime::operation::{Auth, Operation};
pub use runtime::request::RequestSettings;
pub use runtime::retry::Retries;
pub use runtime::timeouts::Timeouts;
pub use runtime::transport::Pool;
pub use runtime::unknown::UnknownValue;

// Types of other crates that clients of all services have in their interface.
#[cfg(feature = "sdk-config")]
pub use aws_credential_types::provider::ProvideCredentials;
#[cfg(feature = "timestamp")]
pub use aws_smithy_types::DateTime;
#[cfg(feature = "sdk-config")]
pub use aws_types::SdkConfig;
#[cfg(feature = "document")]
pub use serde_json::{Value, json};

/// What generated code calls. It changes without notice: nothing else should use it.
#[doc(hidden)]
pub mod support {
    pub use crate::runtime::client::{CoreClient, ServiceClient};
    pub use crate::runtime::endpoint::{EndpointParams, SigningScope, refuse, refuse_sigv4a};
    pub use crate::runtime::endpoint_rules;
    pub use crate::runtime::error::ModeledError;
    #[cfg(feature = "checksum")]
    pub use crate::runtime::features::checksum;
    #[cfg(feature = "compression")]
    pub use crate::runtime::features::compression;
    #[cfg(feature = "event-stream")]
    pub use crate::runtime::features::event_stream;
    #[cfg(feature = "timestamp")]
    pub use crate::runtime::features::timestamp;
    #[cfg(feature = "document")]
    pub use crate::runtime::features::unknown_member;
    pub use crate::runtime::features::{idempotency, jmespath, required_length};
    pub use crate::runtime::hidden;
    pub use crate::runtime::json;
    pub use crate::runtime::one_line::OneLine;
    pub use crate::runtime::operation::Service;
    pub use crate::runtime::request::{self, RequestWriter};
    pub use crate::runtime::response::{self, ErrorResponse, Success};
    pub use crate::runtime::response_body::ResponseBody;
    pub use crate::runtime::service::{Hint, OperationInfo, RetryKind, ServiceInfo};
    pub use crate::runtime::signing;
    pub use crate::runtime::unknown;
    pub use crate::string_enum;
}
