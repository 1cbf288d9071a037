//! The writer: each call appends a piece to the document.

use std::collections::HashMap;
use std::fmt::{self, Write as _};

use super::ToXml;
use crate::words::text::ToText;

/// How the content of an element is written: [`ToXml::to_xml`], or a closure where more is to be said.
pub type Write<T> = fn(&T, &mut Writer);

/// Writes XML without a declaration and without indentation.
#[derive(Default)]
pub struct Writer {
    text: String,
    /// The names of the open elements, the root's first.
    open: Vec<&'static str>,
    /// Whether the last start tag may still get attributes.
    takes_attributes: bool,
    /// Whether the root has attributes or content.
    has_content: bool,
    /// The first value that XML cannot hold.
    unwritable: Option<Unwritable>,
}

impl Writer {
    /// An empty document.
    pub fn new() -> Self {
        Self::default()
    }

    /// The document.
    ///
    /// # Errors
    ///
    /// When a value has a character that XML cannot hold, such as U+0000.
    pub fn finish(self) -> Result<Vec<u8>, Unwritable> {
        match self.unwritable {
            None => Ok(self.text.into_bytes()),
            Some(unwritable) => Err(unwritable),
        }
    }

    /// Begins an element. Its namespaces and attributes are next, then its content.
    pub fn begin(&mut self, name: &'static str) {
        self.end_start_tag();
        self.text.push('<');
        self.text.push_str(name);
        self.takes_attributes = true;
        self.open.push(name);
    }

    /// Ends the innermost element.
    pub fn end(&mut self) {
        let name = self.open.pop().unwrap_or_default();
        if std::mem::take(&mut self.takes_attributes) {
            self.text.push_str("/>");
        } else {
            self.text.push_str("</");
            self.text.push_str(name);
            self.text.push('>');
        }
    }

    /// Whether there are elements to end.
    #[cfg(feature = "test-util")]
    pub(crate) fn is_open(&self) -> bool {
        !self.open.is_empty()
    }

    /// Whether the document is a root without attributes and content.
    pub(crate) fn is_empty(&self) -> bool {
        !self.has_content
    }

    /// Declares a namespace; an empty prefix makes it that of the element and what is in it.
    pub fn namespace(&mut self, prefix: &str, uri: &str) {
        self.text.push_str(" xmlns");
        if !prefix.is_empty() {
            self.text.push(':');
            self.text.push_str(prefix);
        }
        self.quoted(uri);
    }

    /// Writes an attribute, unless there is no value.
    pub fn attribute<T: ToText>(&mut self, name: &'static str, value: Option<&T>) {
        if let Some(value) = value {
            self.has_content = true;
            self.text.push(' ');
            self.text.push_str(name);
            self.open.push(name);
            self.quoted(&value.to_text());
            self.open.pop();
        }
    }

    /// Writes text into the innermost element.
    pub fn text(&mut self, text: &str) {
        self.end_start_tag();
        self.escaped(text, |c| matches!(c, '\0'..='\u{1f}' if c != '\t'));
    }

    /// Writes a member as an element, unless there is no value.
    pub fn member<T: ToXml>(&mut self, name: &'static str, value: &T) {
        if !value.is_absent() {
            self.begin(name);
            value.to_xml(self);
            self.end();
        }
    }

    /// Writes a member as an element with this content, unless there is no value.
    pub fn member_with<T>(&mut self, name: &'static str, value: Option<&T>, content: Write<T>) {
        if let Some(value) = value {
            self.begin(name);
            content(value, self);
            self.end();
        }
    }

    /// Writes the member of a union that has no value of its own: an empty element.
    pub fn unit(&mut self, name: &'static str) {
        self.begin(name);
        self.end();
    }

    /// Writes a list as an element around the elements of the list, unless there is no value.
    pub fn list<'a, T: 'a>(
        &mut self,
        name: &'static str,
        element: &'static str,
        list: impl Into<Option<&'a Vec<T>>>,
        content: Write<T>,
    ) {
        if let Some(list) = list.into() {
            self.begin(name);
            self.each(element, list, content);
            self.end();
        }
    }

    /// Writes the elements of a list side by side: all of a flattened list, and the content of any other.
    pub fn each<'a, T: 'a>(&mut self, element: &'static str, list: impl Into<Option<&'a Vec<T>>>, content: Write<T>) {
        for value in list.into().into_iter().flatten() {
            self.begin(element);
            content(value, self);
            self.end();
        }
    }

    /// Writes the entries of a map side by side, sorted by their keys, each as an element with this content: all of a
    /// flattened map, and the content of any other.
    pub fn entries<'a, K: AsRef<str> + 'a, V: 'a>(
        &mut self,
        entry: &'static str,
        map: impl Into<Option<&'a HashMap<K, V>>>,
        content: fn(&K, &V, &mut Self),
    ) {
        let mut entries: Vec<(&K, &V)> = map.into().into_iter().flatten().collect();
        // The order of the map differs from run to run; that of the document should not.
        entries.sort_by(|(one, _), (other, _)| one.as_ref().cmp(other.as_ref()));
        for (key, value) in entries {
            self.begin(entry);
            content(key, value, self);
            self.end();
        }
    }

    fn end_start_tag(&mut self) {
        if std::mem::take(&mut self.takes_attributes) {
            self.text.push('>');
            self.has_content = true;
        }
    }

    fn quoted(&mut self, value: &str) {
        self.text.push_str("=\"");
        self.escaped(value, |c| matches!(c, '\0'..='\u{1f}' | '"'));
        self.text.push('"');
    }

    /// Writes text; `is_special` says which characters do not stand for themselves, besides those that never do.
    fn escaped(&mut self, text: &str, is_special: fn(char) -> bool) {
        let never = |c: char| matches!(c, '&' | '<' | '>' | '\u{85}' | '\u{2028}' | '\u{fffe}' | '\u{ffff}');
        let mut rest = text;
        while let Some(plain) = rest.find(|c| never(c) || is_special(c)) {
            self.text.push_str(&rest[..plain]);
            let mut after = rest[plain..].chars();
            self.escape(after.next().unwrap_or_default());
            rest = after.as_str();
        }
        self.text.push_str(rest);
    }

    fn escape(&mut self, character: char) {
        match character {
            '&' => self.text.push_str("&amp;"),
            '<' => self.text.push_str("&lt;"),
            '>' => self.text.push_str("&gt;"),
            '"' => self.text.push_str("&quot;"),
            // A parser would normalize line ends, and white space in attributes.
            '\t' | '\n' | '\r' | '\u{85}' | '\u{2028}' => {
                // A string takes everything.
                _ = write!(self.text, "&#x{:X};", u32::from(character));
            }
            _ => {
                let open = &self.open;
                self.unwritable.get_or_insert_with(|| Unwritable {
                    member: open.get(1).or(open.first()).copied().unwrap_or_default(),
                    path: open.join("."),
                    character,
                });
            }
        }
    }
}

/// A value that XML cannot hold, because of a character.
#[derive(Debug, PartialEq, Eq)]
pub struct Unwritable {
    /// The member of the root that has the value.
    pub(crate) member: &'static str,
    /// The elements around the value, such as `Tagging.TagSet.Tag.Value`.
    path: String,
    character: char,
}

impl fmt::Display for Unwritable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { path, character, .. } = self;
        let code = u32::from(*character);
        write!(f, "has the character U+{code:04X} in `{path}`, which XML cannot hold")
    }
}

impl std::error::Error for Unwritable {}
