//! What the tests share: a server on loopback, and a verifier of signatures that knows nothing of the client.

pub mod server;
pub mod sigv4;
