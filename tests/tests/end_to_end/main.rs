//! The generated client against a server on loopback: real sockets, real faults, signatures verified by independent
//! code.
//!
//! It is one program with a module for each concern, because linking the client takes longer than running all of these
//! tests. None of them sleeps or measures time: what has to wait is made to wait for an event or for a paused clock.

mod bodies;
mod calls;
mod cancellation;
mod clock_skew;
mod connecting;
mod connections;
mod credentials;
mod early_answers;
mod errors;
mod event_streams;
mod faults;
mod idle;
mod logs;
mod off_ec2;
mod options;
mod peer;
mod readiness;
mod redirects;
mod retries;
mod service;
mod timeouts;
#[path = "../support/tls.rs"]
mod tls;
mod transports;
mod without_runtime;
