//! What is wrong with XML.

use std::borrow::Cow;
use std::fmt;

/// What is wrong with XML, and where; never what it says, because a payload must not reach logs.
///
/// It is as large as a pointer: every value that is read could be one.
#[derive(Debug)]
pub struct Error(Box<Problem>);

#[derive(Debug)]
struct Problem {
    what: Cow<'static, str>,
    line: usize,
    column: usize,
}

impl Error {
    /// A problem at a byte of the text.
    #[cold]
    pub(super) fn new(what: impl Into<Cow<'static, str>>, text: &str, at: usize) -> Self {
        let before = &text.as_bytes()[..at.min(text.len())];
        let line_start = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
        Self(Box::new(Problem {
            what: what.into(),
            line: 1 + before.iter().filter(|byte| **byte == b'\n').count(),
            column: 1 + before.len() - line_start,
        }))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Problem { what, line, column } = &*self.0;
        write!(f, "XML: {what} (line {line}, column {column})")
    }
}

impl std::error::Error for Error {}
