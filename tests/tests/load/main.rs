//! The client under load and with input that nobody would think of: how much memory and how many connections it takes,
//! and that nothing breaks it.
//!
//! It is a program of its own because of its allocator, which counts. Everything is done in small here; `cargo xtask
//! soak` does the same at length. The tests run one after the other, so that they do not count each other's memory.

mod bytes;
mod calls;
mod events;
mod measure;
mod members;
mod outputs;
mod peer;
mod transfers;
mod urls;
#[allow(dead_code, reason = "only the service itself is needed")]
#[path = "../../../runtime/tests/support/weather.rs"]
mod weather;
