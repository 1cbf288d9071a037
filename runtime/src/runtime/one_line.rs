//! Text of others in a line of ours.

use std::fmt::{self, Write as _};

/// The longest text of others that is shown, in characters. The whole text is kept elsewhere.
const MAX_LENGTH: usize = 2048;

/// Text of others, kept on one line: control characters become a blank, and are dropped at both ends. What is too long
/// is cut.
pub struct OneLine<'a, T: ?Sized>(pub &'a T);

impl<T: fmt::Display + ?Sized> fmt::Display for OneLine<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut line = Line {
            f,
            length: 0,
            blank: false,
        };
        write!(line, "{}", self.0)
    }
}

struct Line<'a, 'b> {
    f: &'a mut fmt::Formatter<'b>,
    /// In characters.
    length: usize,
    /// Whether a blank comes before the next character.
    blank: bool,
}

impl fmt::Write for Line<'_, '_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for c in text.chars() {
            if c.is_control() {
                self.blank = self.length > 0;
                continue;
            }
            self.length += 1;
            match self.length {
                ..=MAX_LENGTH => {}
                length if length == MAX_LENGTH + 1 => return self.f.write_str(".."),
                _ => return Ok(()),
            }
            if std::mem::take(&mut self.blank) {
                self.f.write_char(' ')?;
            }
            self.f.write_char(c)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_joined_and_cut() {
        assert_eq!(OneLine("\n one\r\n two\u{1b}[31m\n").to_string(), " one  two [31m");
        assert_eq!(OneLine("").to_string(), "");
        let long = OneLine(&"x".repeat(10_000)).to_string();
        assert_eq!(long, "x".repeat(MAX_LENGTH) + "..");
    }
}
