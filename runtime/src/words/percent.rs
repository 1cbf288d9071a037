//! Which characters stand as they are in URLs, and which are percent-encoded.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC};

/// Leaves the unreserved characters of RFC 3986 as they are.
pub(crate) const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Leaves slashes as they are as well.
pub(crate) const UNRESERVED_OR_SLASH: &AsciiSet = &UNRESERVED.remove(b'/');
