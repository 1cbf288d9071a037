//! What is wrong with JSON.

use std::fmt;

/// What is wrong with JSON, and where; not what stands there, because a payload must not get into logs.
///
/// It is as large as a pointer: every value that is read could be one.
#[derive(Debug)]
pub struct Error(Box<Problem>);

#[derive(Debug)]
struct Problem {
    what: &'static str,
    line: usize,
    column: usize,
}

impl Error {
    /// A problem that has been found elsewhere; lines and columns count from 1.
    #[cfg(feature = "json")]
    pub(crate) fn at(what: &'static str, line: usize, column: usize) -> Self {
        Self(Box::new(Problem { what, line, column }))
    }

    /// A problem at a byte of the text.
    #[cold]
    pub(super) fn new(what: &'static str, text: &[u8], at: usize) -> Self {
        let before = &text[..at.min(text.len())];
        let line_start = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
        Self(Box::new(Problem {
            what,
            line: 1 + before.iter().filter(|byte| **byte == b'\n').count(),
            column: 1 + before.len() - line_start,
        }))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Problem { what, line, column } = &*self.0;
        write!(f, "JSON: {what} (line {line}, column {column})")
    }
}

impl std::error::Error for Error {}
