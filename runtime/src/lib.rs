//! What all generated clients stand on.
//!
//! Use it through a client, which exports what its users need. Depend on it directly for code that serves several clients,
//! such as a function that takes the [`Error`] of any service. The [`guide`] says how clients work.

#[cfg(test)]
extern crate self as lean_aws_runtime;

pub mod guide;

// The modules are floors. Each names only those below it in this list. What differs between services is data:
// `support::Service`.

#[cfg(feature = "test-util")]
pub mod test_util;

mod client;

mod call;

mod auth;

mod answer;

mod transport;

mod wire;

mod error;

mod words;

#[cfg(test)]
mod error_tests;
#[cfg(all(test, feature = "event-stream", feature = "timestamp"))]
mod event_stream_tests;
#[cfg(test)]
mod retry_tests;
#[cfg(test)]
mod transport_tests;
#[cfg(test)]
#[allow(unreachable_pub, dead_code, missing_docs, reason = "other tests have it, too")]
#[path = "../tests/support/weather.rs"]
mod weather;

pub use self::answer::byte_stream::ByteStream;
#[cfg(feature = "event-stream")]
pub use self::answer::event_stream::{EventStream, UnknownEvent};
pub use self::answer::operation::{Auth, Operation, OperationOutput};
#[cfg(feature = "json")]
pub use self::answer::split::JsonLines;
pub use self::answer::split::{Lines, Split, SseEvent, SseStream, TextChunks};
pub use self::auth::CredentialsSource;
pub use self::auth::credentials::Credentials;
pub use self::call::CallOptions;
#[cfg(feature = "bearer-token")]
pub use self::call::bearer_token::BearerToken;
pub use self::call::presign::PresignedRequest;
pub use self::call::retry::Retries;
pub use self::call::timeouts::Timeouts;
#[cfg(feature = "blocking")]
pub use self::client::blocking;
pub use self::client::config::{ClientBuilder, Config, ConfigBuilder};
#[cfg(feature = "objects")]
pub use self::client::objects::{ObjectStore, PendingResult, Uploading};
#[cfg(feature = "paginator")]
pub use self::client::paginator::{Items, Pages, Paginated, PaginatedItems};
#[cfg(feature = "waiter")]
pub use self::client::waiter::{Verdict, Waiter, Waiting};
pub use self::client::{Caller, Sending};
pub use self::error::metadata::ResponseMetadata;
pub use self::error::{CallError, Error, ErrorKind};
pub use self::transport::Pool;
pub use self::wire::body::{Body, IntoBody};
pub use self::wire::endpoint::Endpoint;
pub use self::wire::request::RequestSettings;
#[cfg(feature = "document")]
pub use self::wire::unknown_member::UnknownMember;
pub use self::words::date_time::{DateTime, DateTimeOutOfRange, InvalidDateTime};
#[cfg(feature = "objects")]
pub use self::words::s3_uri::{InvalidS3Uri, S3Uri};
pub use self::words::unknown::UnknownValue;

// Types of other crates that clients of all services have in their interface.
#[cfg(feature = "sdk-config")]
pub use aws_credential_types::provider::ProvideCredentials;
#[cfg(feature = "sdk-config")]
pub use aws_types::SdkConfig;
#[cfg(feature = "document")]
pub use serde_json::{Value, json};

/// Sources of credentials, chains of sources, and credentials that several clients share.
///
/// By default a client uses the chain that [`CredentialChain`](credentials::CredentialChain) describes.
pub mod credentials {
    pub use crate::auth::credentials::Credentials;
    #[cfg(feature = "credential-chain")]
    pub use crate::auth::{
        AssumeRole, Container, CredentialChain, Environment, InstanceMetadata, Profile, WebIdentity,
    };
    pub use crate::auth::{
        CredentialsError, CredentialsSource, LoadContext, Place, SharedCredentials, SourceConfig, SourceFn, source_fn,
    };
}

#[cfg(feature = "metrics")]
#[doc = include_str!("metrics.md")]
pub mod metrics {}

/// What generated code calls. It changes without notice: nothing else should use it.
#[doc(hidden)]
pub mod support {
    pub use crate::answer::error_response::ErrorResponse;
    #[cfg(feature = "event-stream")]
    pub use crate::answer::event_stream;
    pub use crate::answer::idempotency;
    pub use crate::answer::response::{self, Success};
    pub use crate::answer::response_body::ResponseBody;
    pub use crate::answer::service::Service;
    pub use crate::auth::signing;
    #[cfg(feature = "credential-chain")]
    pub use crate::auth::{profile, system};
    #[cfg(feature = "bearer-token")]
    pub use crate::call::bearer_token::TokenForm;
    pub use crate::call::presign::PresignedPayload;
    #[cfg(feature = "paginator")]
    pub use crate::client::paginator::NextPage;
    pub use crate::client::{CoreClient, MakesCalls, ServiceClient};
    pub use crate::error::{Details, ModeledError};
    pub use crate::string_enum;
    #[cfg(feature = "test-util")]
    pub use crate::test_util::generated as fake;
    #[cfg(feature = "cbor")]
    pub use crate::wire::cbor;
    #[cfg(feature = "checksum")]
    pub use crate::wire::checksum;
    #[cfg(feature = "compression")]
    pub use crate::wire::compression;
    pub use crate::wire::endpoint::{
        EndpointParams, EndpointSetting, SigningScope, refuse, refuse_s3_express, refuse_sigv4a,
    };
    pub use crate::wire::endpoint_rules;
    #[cfg(feature = "form")]
    pub use crate::wire::form;
    #[cfg(feature = "http-checksum")]
    pub use crate::wire::http_checksum;
    pub use crate::wire::json;
    pub use crate::wire::partitions::PARTITIONS;
    pub use crate::wire::request::{self, RequestWriter};
    #[cfg(feature = "timestamp")]
    pub use crate::wire::timestamp;
    #[cfg(feature = "tree-hash")]
    pub use crate::wire::tree_hash;
    #[cfg(feature = "document")]
    pub use crate::wire::unknown_member;
    #[cfg(feature = "xml")]
    pub use crate::wire::xml;
    pub use crate::wire::{jmespath, required_length};
    pub use crate::words::hidden;
    pub use crate::words::one_line::OneLine;
    pub use crate::words::service::{ErrorFormat, Hint, OperationInfo, RetryKind, ServiceInfo};
    pub use crate::words::text;
    pub use crate::words::typestate::{SdkConfigFeature, Sealed, Set, Unset};
    pub use crate::words::unknown;
    pub use crate::words::zero::Zero;
    #[cfg(feature = "json")]
    pub use serde_core::Serialize;
}
