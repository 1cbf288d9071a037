//! Untrusted text in a line of ours.

use std::fmt::{self, Write as _};

/// The longest untrusted text that is shown, in characters. The whole text is kept elsewhere.
const MAX_LENGTH: usize = 2048;

/// Untrusted text, kept on one line: line breaks and tabs become a blank, and are dropped at both ends. What else does not
/// show is escaped, and what is too long is cut.
pub struct OneLine<'a, T: ?Sized>(pub &'a T);

impl<T: fmt::Display + ?Sized> fmt::Display for OneLine<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(Line::new(f, MAX_LENGTH, false), "{}", self.0)
    }
}

/// A value in backticks. Everything in it that does not show is escaped, even line breaks: they may be what is wrong with it.
pub(crate) struct Quoted<T>(pub(crate) T);

impl<T: fmt::Display> fmt::Display for Quoted<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_char('`')?;
        write!(Line::new(f, MAX_LENGTH, true), "{}", self.0)?;
        f.write_char('`')
    }
}

/// A line of ours as a whole, of any length, so that nothing in it can break out of it.
pub(crate) struct WholeLine<T>(pub(crate) T);

impl<T: fmt::Display> fmt::Display for WholeLine<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(Line::new(f, usize::MAX, false), "{}", self.0)
    }
}

struct Line<'a, 'b> {
    f: &'a mut fmt::Formatter<'b>,
    /// How many characters may follow.
    room: usize,
    is_cut: bool,
    /// Whether line breaks are escaped like everything else.
    escapes_breaks: bool,
    /// Whether anything has been written.
    begun: bool,
    /// Whether a blank comes before the next character.
    blank: bool,
}

impl<'a, 'b> Line<'a, 'b> {
    fn new(f: &'a mut fmt::Formatter<'b>, room: usize, escapes_breaks: bool) -> Self {
        Self {
            f,
            room,
            is_cut: false,
            escapes_breaks,
            begun: false,
            blank: false,
        }
    }

    fn push(&mut self, c: char) -> fmt::Result {
        match self.room.checked_sub(1) {
            Some(room) => self.room = room,
            None if std::mem::replace(&mut self.is_cut, true) => return Ok(()),
            None => return self.f.write_str(".."),
        }
        self.begun = true;
        if std::mem::take(&mut self.blank) {
            self.f.write_char(' ')?;
        }
        self.f.write_char(c)
    }
}

impl fmt::Write for Line<'_, '_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for c in text.chars() {
            if is_break(c) && !self.escapes_breaks {
                self.blank = self.begun;
            } else if is_break(c) || does_not_show(c) {
                c.escape_default().try_for_each(|c| self.push(c))?;
            } else {
                self.push(c)?;
            }
        }
        Ok(())
    }
}

/// Whether some take a character for the end of a line, or jump within it.
fn is_break(c: char) -> bool {
    matches!(c, '\t'..='\r' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// Whether a character steers a terminal or turns the direction of the text.
fn does_not_show(c: char) -> bool {
    c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_joined_and_cut() {
        let joined = OneLine("\n one\r\n two\u{1b}[31m\tthree\u{2028}\n").to_string();
        assert_eq!(joined, r" one  two\u{1b}[31m three");
        assert_eq!(OneLine("").to_string(), "");
        let long = OneLine(&"x".repeat(10_000)).to_string();
        assert_eq!(long, "x".repeat(MAX_LENGTH) + "..");
        let long = OneLine(&"\u{7}".repeat(10_000)).to_string();
        assert_eq!(long, r"\u{7}".repeat(MAX_LENGTH)[..MAX_LENGTH].to_owned() + "..");
    }

    #[test]
    fn quotes_show_all() {
        let shown = Quoted("\n\u{7}a\u{202e} \u{e9}\n").to_string();
        assert_eq!(shown, r"`\n\u{7}a\u{202e} é\n`");
        let long = Quoted(&"x".repeat(10_000)).to_string();
        assert_eq!(long, format!("`{}..`", "x".repeat(MAX_LENGTH)));
    }
}
