//! What the tests share: a server on loopback, a verifier of signatures and a writer of events that know nothing of the
//! client, and the ends of the wire for protocol tests.

pub mod frame;
pub mod protocol;
pub mod server;
pub mod sigv4;

use std::fmt::Display;
use std::io::Write;

/// Says why a test does nothing. What tests print is captured, so this goes around it.
pub fn skipped(why: impl Display) {
    // Not being able to say so is no reason to fail.
    let _ = writeln!(std::io::stderr(), "skipped: {why}");
}

/// The programs of the README compile.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;
