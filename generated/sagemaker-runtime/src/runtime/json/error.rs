//! What is wrong with JSON.

use std::fmt;

use serde_json::error::Category;

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

impl From<serde_json::Error> for Error {
    fn from(error: serde_json::Error) -> Self {
        let what = match error.classify() {
            Category::Eof => "it ends too early",
            Category::Data => "a value is missing or of another type",
            Category::Io | Category::Syntax => "it is not valid",
        };
        Self(Box::new(Problem {
            what,
            line: error.line(),
            column: error.column(),
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
