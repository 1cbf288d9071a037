//! Where the values of a JSON document stand in its text.

use std::ops::Range;

use serde::de::{DeserializeOwned, IgnoredAny};

/// JSON parsers go no deeper, so no path does.
const MAX_DEPTH: usize = 128;

/// The places of a value and of all values in it.
#[derive(Debug)]
pub(super) struct Positions {
    /// The key of the value, with its quotes, unless it is an element.
    key: Option<Range<usize>>,
    value: Range<usize>,
    /// By key or index.
    children: Vec<(String, Positions)>,
    is_container: bool,
}

impl Positions {
    /// Of a text that is no valid JSON, what can be understood.
    pub(super) fn of(text: &str) -> Self {
        let whole = Self {
            key: None,
            value: 0..text.len(),
            children: Vec::new(),
            is_container: false,
        };
        Cursor { text, at: 0 }.value(None, 0).unwrap_or(whole)
    }

    /// Follows a path as far as it leads, and tells whether that is its end. When a key occurs twice the last one
    /// counts, as it does for JSON parsers.
    pub(super) fn find<'k>(&self, path: impl IntoIterator<Item = &'k str>) -> (&Self, bool) {
        let mut found = self;
        for key in path {
            match found.children.iter().rfind(|(name, _)| name == key) {
                Some((_, child)) => found = child,
                None => return (found, false),
            }
        }
        (found, true)
    }

    /// What to point at: a scalar by itself, an object or an array by its key, since it may span many lines.
    pub(super) fn range(&self, names_key: bool) -> Range<usize> {
        match &self.key {
            Some(key) if names_key || self.is_container => key.clone(),
            _ => self.value.clone(),
        }
    }
}

struct Cursor<'t> {
    text: &'t str,
    at: usize,
}

impl Cursor<'_> {
    fn rest(&self) -> &str {
        &self.text[self.at..]
    }

    /// What stands between two values needs no closer look: the parser has accepted it.
    fn skip_separators(&mut self) {
        let separators = [' ', '\t', '\r', '\n', ',', ':'];
        let rest = self.rest().trim_start_matches(separators);
        self.at = self.text.len() - rest.len();
    }

    fn skip_if(&mut self, character: char) -> bool {
        self.skip_separators();
        let is_there = self.rest().starts_with(character);
        self.at += if is_there { character.len_utf8() } else { 0 };
        is_there
    }

    fn scalar<T: DeserializeOwned>(&mut self) -> Option<(T, Range<usize>)> {
        self.skip_separators();
        let start = self.at;
        let mut values = serde_json::Deserializer::from_str(self.rest()).into_iter();
        let value = values.next()?.ok()?;
        let length = values.byte_offset();
        self.at += length;
        Some((value, start..self.at))
    }

    fn value(&mut self, key: Option<Range<usize>>, depth: usize) -> Option<Positions> {
        self.skip_separators();
        let start = self.at;
        let mut children = Vec::new();
        let is_object = self.skip_if('{');
        let is_container = is_object || self.skip_if('[');
        if depth == MAX_DEPTH {
            return None;
        }
        if is_container {
            let end = if is_object { '}' } else { ']' };
            while !self.skip_if(end) {
                let child = if is_object {
                    self.entry(depth)
                } else {
                    let name = children.len().to_string();
                    self.value(None, depth + 1).map(|value| (name, value))
                };
                match child {
                    Some(child) => children.push(child),
                    None => break,
                }
            }
        } else {
            self.scalar::<IgnoredAny>()?;
        }
        Some(Positions {
            key,
            value: start..self.at,
            children,
            is_container,
        })
    }

    fn entry(&mut self, depth: usize) -> Option<(String, Positions)> {
        let (name, key) = self.scalar()?;
        Some((name, self.value(Some(key), depth + 1)?))
    }
}
