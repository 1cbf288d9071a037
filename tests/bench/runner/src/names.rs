//! What can be measured: the names on the command line, in the order of the page.
//!
//! `xtask` reads this file too, so that it knows them before it builds anything.

pub(crate) const NAMES: [&str; 11] = [
    "build",
    "calls",
    "blocking",
    "payloads",
    "tls",
    "allocations",
    "instructions",
    "start",
    "memory",
    "events",
    "generator",
];
