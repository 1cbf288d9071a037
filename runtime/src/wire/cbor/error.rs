//! What is wrong with CBOR.

use std::fmt;

/// What is wrong with CBOR, and where; never what it says, because a payload must not reach logs.
///
/// It is as large as a pointer: every value that is read could be one.
#[derive(Debug)]
pub struct Error(Box<Problem>);

#[derive(Debug)]
struct Problem {
    what: &'static str,
    at: usize,
}

impl Error {
    /// A problem at a byte, counted from 0.
    #[cold]
    pub(super) fn new(what: &'static str, at: usize) -> Self {
        Self(Box::new(Problem { what, at }))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Problem { what, at } = &*self.0;
        write!(f, "CBOR: {what} (byte {at})")
    }
}

impl std::error::Error for Error {}
