//! What the client takes from outside: environment variables, profile files, roles, containers, proxies and trusted
//! certificates.
//!
//! Variables belong to a whole process, so each test starts a program of its own, with nothing in its environment but
//! what the test puts there. Whatever such a program prints is searched for secrets.

mod containers;
mod process;
mod profiles;
mod programs;
mod proxies;
mod roles;
mod sdk_http;
mod service;
#[path = "../support/tls.rs"]
mod tls;
mod tokens;
mod trust;
#[cfg(unix)]
mod unreadable;
