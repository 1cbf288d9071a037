//! JSON objects that may hold secrets.

use std::borrow::Cow;
use std::mem;
use std::time::SystemTime;

use zeroize::Zeroizing;

use super::system::SecretBytes;
use super::time;
use crate::wire::json::{Error, Reader, Writer};

/// The members of an object as they stand, in their order. They are overwritten when it is dropped.
#[derive(Clone, Default)]
pub(crate) struct Object(Vec<(String, Zeroizing<String>)>);

impl Object {
    /// Reads an object.
    pub(crate) fn read(text: &[u8]) -> Result<Self, Error> {
        let mut json = Reader::new(text);
        json.begin_object()?;
        let mut members = Vec::new();
        while let Some(name) = json.next_member()? {
            // The reader gives only what is UTF-8.
            let value = String::from_utf8_lossy(json.raw()?).into_owned();
            members.push((name.into_owned(), Zeroizing::new(value)));
        }
        json.end()?;
        Ok(Self(members))
    }

    /// The member of this name, in upper or lower case; the last one if there are several.
    fn get(&self, name: &str) -> Option<&str> {
        let mut members = self.0.iter();
        let (_, value) = members.rfind(|(key, _)| key.eq_ignore_ascii_case(name))?;
        Some(value)
    }

    /// The text of a string, unless it is empty.
    pub(crate) fn text(&self, name: &str) -> Option<Zeroizing<String>> {
        let json = self.get(name)?.as_bytes();
        // With room for all of it, no copy is left behind by growing.
        let mut text = Zeroizing::new(String::with_capacity(json.len()));
        Reader::new(json).append_string(&mut text).ok()?;
        (!text.is_empty()).then_some(text)
    }

    /// A whole number.
    pub(crate) fn number(&self, name: &str) -> Option<i64> {
        Reader::new(self.get(name)?.as_bytes()).read().ok()
    }

    /// An object in this object.
    pub(crate) fn object(&self, name: &str) -> Option<Self> {
        Self::read(self.get(name)?.as_bytes()).ok()
    }

    /// A point in time that is written as a date. The error is the text that is none.
    pub(crate) fn time(&self, name: &str) -> Result<Option<SystemTime>, Zeroizing<String>> {
        match self.text(name) {
            Some(text) => time::parse(&text).map(Some).ok_or(text),
            None => Ok(None),
        }
    }

    /// Sets a member to a string, at its place if it has one.
    pub(crate) fn set(&mut self, name: &str, text: &str) {
        // With room for all of it, even if each letter is escaped, no copy is left behind by growing.
        let mut json = Writer::with_capacity(6 * text.len() + 2);
        json.string(text);
        self.set_raw(name, json.into_bytes());
    }

    /// Sets a member to a number.
    pub(crate) fn set_number(&mut self, name: &str, number: u64) {
        self.set_raw(name, number.to_string().into_bytes());
    }

    /// Sets a member to an object.
    pub(crate) fn set_object(&mut self, name: &str, object: &Self) {
        self.set_raw(name, mem::take(&mut object.to_json()));
    }

    fn set_raw(&mut self, name: &str, json: Vec<u8>) {
        // The writer makes UTF-8 alone.
        let json = Zeroizing::new(String::from_utf8(json).unwrap_or_default());
        match self.0.iter_mut().rfind(|(key, _)| key.eq_ignore_ascii_case(name)) {
            Some((_, value)) => *value = json,
            None => self.0.push((name.to_owned(), json)),
        }
    }

    /// The object as text.
    pub(crate) fn to_json(&self) -> SecretBytes {
        let size: usize = self
            .0
            .iter()
            .map(|(name, value)| 6 * name.len() + value.len() + 4)
            .sum();
        // With room for all of it, no copy is left behind by growing.
        let mut text = Zeroizing::new(Vec::with_capacity(size + 2));
        text.push(b'{');
        for (number, (name, value)) in self.0.iter().enumerate() {
            if number > 0 {
                text.push(b',');
            }
            let mut json = Writer::new();
            json.string(name);
            text.extend_from_slice(&json.into_bytes());
            text.push(b':');
            text.extend_from_slice(value.as_bytes());
        }
        text.push(b'}');
        text
    }
}

/// What the body of an error says, in the member that is called so.
pub(crate) fn message(body: &[u8]) -> Option<Cow<'static, str>> {
    let object = Object::read(body).ok()?;
    let names = ["message", "error_description", "error"];
    let message = names.iter().find_map(|name| object.text(name))?;
    Some(message.to_string().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_members_stay_where_they_are() {
        let mut object = Object::read(br#"{"a": [1, {"b": 2}], "Token":"x", "c": null}"#).expect("an object");
        assert_eq!(object.text("token").expect("a text").as_str(), "x");
        assert!(object.text("c").is_none() && object.text("a").is_none() && object.text("d").is_none());
        object.set("token", "\"y\"\n");
        object.set("d", "z");
        let json = object.to_json();
        let expected = r#"{"a":[1, {"b": 2}],"Token":"\"y\"\n","c":null,"d":"z"}"#;
        assert_eq!(std::str::from_utf8(&json).expect("text"), expected);
        let again = Object::read(&json).expect("an object");
        assert_eq!(again.text("TOKEN").expect("a text").as_str(), "\"y\"\n");
    }

    #[test]
    fn what_is_not_an_object() {
        for text in ["", "[]", "{", "{\"a\":1} x", "\"a\"", "null", "{\"a\":\"\u{1}\"}"] {
            assert!(Object::read(text.as_bytes()).is_err(), "{text}");
        }
        assert!(Object::read(b"{\"a\":\"\xff\"}").is_err());
    }
}
