//! What the tests share: a server on loopback, a verifier of signatures and a writer of events that know nothing of the
//! client, and the ends of the wire for protocol tests.

pub mod calls;
pub mod frame;
pub mod package;
pub mod protocol;
pub mod server;
pub mod sigv4;

/// The programs of the README compile.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;

/// So do those about credentials.
#[cfg(doctest)]
#[doc = include_str!("../../docs/credentials.md")]
struct CredentialsDocs;

/// So do those for users of boto3 and the official SDK.
#[cfg(doctest)]
#[doc = include_str!("../../docs/migrating.md")]
struct MigratingDocs;
