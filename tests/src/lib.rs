//! What the tests share: a server on loopback, and a verifier of signatures that knows nothing of the client.

pub mod server;
pub mod sigv4;

/// The programs of the README compile.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;
