//! What can be measured: the names on the command line, in the order of the page.
//!
//! `xtask` reads this file too, so that it knows them before it builds anything.

pub(crate) const NAMES: [&str; 12] = [
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
    "pages",
    "generator",
];

/// What a quick run leaves out unless it is asked for: what takes minutes to build.
const SLOW: [&str; 2] = ["build", "pages"];

/// What is to be measured: what was asked for, else all.
pub(crate) fn wanted(names: &[String], quick: bool) -> Vec<&str> {
    if !names.is_empty() {
        return names.iter().map(String::as_str).collect();
    }
    let all = NAMES.into_iter();
    all.filter(|name| !(quick && SLOW.contains(name))).collect()
}
