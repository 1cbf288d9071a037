//! Headers by name.

use http::header::{HeaderMap, HeaderName, HeaderValue};

/// Returns the values of a header.
///
/// Compares the names one by one: a head has few of them, and hashing a long name, as the map does, takes longer.
pub(crate) fn values<'h>(headers: &'h HeaderMap, name: &HeaderName) -> impl Iterator<Item = &'h HeaderValue> {
    let is_of_name = move |(other, value)| (other == name).then_some(value);
    headers.iter().filter_map(is_of_name)
}

/// Returns the first value of a header.
#[inline(never)] // Each use would have a loop of its own.
pub(crate) fn first<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Option<&'h HeaderValue> {
    values(headers, name).next()
}
