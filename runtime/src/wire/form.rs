//! Forms, as requests of query and ec2 have them: a pair of key and value for each leaf, whose key is its path.
//!
//! Generated code calls the [`Writer`] once a member. The path grows and shrinks in one buffer, so that writing allocates
//! nothing but the form.

use std::collections::HashMap;
use std::fmt::Write as _;

use base64::prelude::{BASE64_STANDARD, Engine};
use bytes::Bytes;
use percent_encoding::utf8_percent_encode;

use crate::words::percent::UNRESERVED;
use crate::words::text::ToText;

/// A type that can be written to a form.
pub trait ToForm {
    /// Writes the value at the path where the writer is.
    fn to_form(&self, form: &mut Writer);

    /// Whether there is no value, so that a member is left out.
    fn is_absent(&self) -> bool {
        false
    }
}

/// How the value at a path is written: [`ToForm::to_form`], or a closure where more is to be said.
pub type Write<T> = fn(&T, &mut Writer);

/// Writes a form.
pub struct Writer {
    text: String,
    /// The key of the next pair, encoded.
    path: String,
}

impl Writer {
    /// A form that asks for an operation.
    pub fn new(operation: &str, api_version: &str) -> Self {
        let mut form = Self {
            text: "Action=".to_owned(),
            path: String::new(),
        };
        form.encode(operation);
        form.text.push_str("&Version=");
        form.encode(api_version);
        form
    }

    /// What has been written.
    pub fn into_bytes(self) -> Vec<u8> {
        self.text.into_bytes()
    }

    /// Writes a pair, with the path as its key.
    pub fn value(&mut self, text: &str) {
        self.text.push('&');
        self.text.push_str(&self.path);
        self.text.push('=');
        self.encode(text);
    }

    /// Writes a member, unless there is no value.
    pub fn member<T: ToForm>(&mut self, name: &str, value: &T) {
        if !value.is_absent() {
            self.inside(name, |form| value.to_form(form));
        }
    }

    /// Writes a member with this content, unless there is no value.
    pub fn member_with<T>(&mut self, name: &str, value: Option<&T>, content: Write<T>) {
        if let Some(value) = value {
            self.inside(name, |form| content(value, form));
        }
    }

    /// Writes the member of a union that has no value of its own: nothing.
    pub fn unit(&mut self, name: &str) {
        let _ = name;
    }

    /// Writes a list whose elements have a name of their own (`Tags.member.1`), unless there is no value. An empty list is
    /// a pair without a value.
    pub fn list<'a, T: 'a>(
        &mut self,
        name: &str,
        element: &str,
        list: impl Into<Option<&'a Vec<T>>>,
        content: Write<T>,
    ) {
        if let Some(list) = list.into() {
            self.inside(name, |form| form.elements(element, list, content));
        }
    }

    /// Writes the elements of a list that is at the path itself. An empty list is a pair without a value.
    pub fn elements<T>(&mut self, element: &str, list: &Vec<T>, content: Write<T>) {
        match list.is_empty() {
            true => self.value(""),
            false => self.each(element, list, content),
        }
    }

    /// Writes a list whose elements have the name of the member (`Tag.1`), unless there is no value. An empty list is a
    /// pair without a value.
    pub fn flat_list<'a, T: 'a>(&mut self, name: &str, list: impl Into<Option<&'a Vec<T>>>, content: Write<T>) {
        match list.into() {
            Some(list) if list.is_empty() => self.inside(name, |form| form.value("")),
            list => self.each(name, list, content),
        }
    }

    /// Writes the elements of a list with this name and a number. An empty list is nothing: so are all lists of ec2.
    pub fn each<'a, T: 'a>(&mut self, name: &str, list: impl Into<Option<&'a Vec<T>>>, content: Write<T>) {
        if let Some(list) = list.into() {
            self.inside(name, |form| form.numbered(list, content));
        }
    }

    /// Writes the elements of a list that is at the path itself, with a number alone (`Grid.1.1`): so are lists in lists
    /// of ec2.
    pub fn numbered<T>(&mut self, list: &[T], content: Write<T>) {
        for (index, value) in list.iter().enumerate() {
            self.at(index, |form| content(value, form));
        }
    }

    /// Writes the entries of a map with this name and a number, sorted by their keys, each with this content. An empty map
    /// is nothing.
    pub fn entries<'a, K: AsRef<str> + 'a, V: 'a>(
        &mut self,
        name: &str,
        map: impl Into<Option<&'a HashMap<K, V>>>,
        content: fn(&K, &V, &mut Self),
    ) {
        if let Some(map) = map.into() {
            let mut entries: Vec<(&K, &V)> = map.iter().collect();
            // The order of the map differs from run to run; that of the form should not.
            entries.sort_by(|(one, _), (other, _)| one.as_ref().cmp(other.as_ref()));
            self.inside(name, |form| {
                for (index, (key, value)) in entries.into_iter().enumerate() {
                    form.at(index, |form| content(key, value, form));
                }
            });
        }
    }

    fn inside(&mut self, name: &str, write: impl FnOnce(&mut Self)) {
        let outside = self.path.len();
        if outside > 0 {
            self.path.push('.');
        }
        self.path.extend(utf8_percent_encode(name, UNRESERVED));
        write(self);
        self.path.truncate(outside);
    }

    fn at(&mut self, index: usize, write: impl FnOnce(&mut Self)) {
        let outside = self.path.len();
        // A string takes everything.
        _ = write!(self.path, ".{}", index + 1);
        write(self);
        self.path.truncate(outside);
    }

    fn encode(&mut self, text: &str) {
        self.text.extend(utf8_percent_encode(text, UNRESERVED));
    }
}

impl<T: ToText + ?Sized> ToForm for T {
    fn to_form(&self, form: &mut Writer) {
        form.value(&self.to_text());
    }
}

impl ToForm for Bytes {
    fn to_form(&self, form: &mut Writer) {
        form.value(&BASE64_STANDARD.encode(self));
    }
}

impl<T: ToForm> ToForm for Option<T> {
    fn to_form(&self, form: &mut Writer) {
        if let Some(value) = self {
            value.to_form(form);
        }
    }

    fn is_absent(&self) -> bool {
        self.is_none()
    }
}
