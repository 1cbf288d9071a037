//! Members in the path and the query.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use percent_encoding::{AsciiSet, utf8_percent_encode};

use super::RequestWriter;
use crate::wire::body::Body;
use crate::words::percent::{UNRESERVED, UNRESERVED_OR_SLASH};
use crate::words::text::ToText;

/// The longest path and query that HTTP clients take, in bytes.
const MAX_LENGTH: usize = u16::MAX as usize - 1;

/// A member in the URL: one text, those of a list, or none.
pub trait ToUrl {
    /// Gives each text to `write`.
    fn each_text(&self, write: &mut dyn FnMut(&str));
}

impl<T: ToText + ?Sized> ToUrl for T {
    fn each_text(&self, write: &mut dyn FnMut(&str)) {
        write(&self.to_text());
    }
}

impl<T: ToUrl> ToUrl for Option<T> {
    fn each_text(&self, write: &mut dyn FnMut(&str)) {
        self.iter().for_each(|value| value.each_text(write));
    }
}

impl<T: ToUrl> ToUrl for Vec<T> {
    fn each_text(&self, write: &mut dyn FnMut(&str)) {
        self.iter().for_each(|value| value.each_text(write));
    }
}

impl RequestWriter<'_> {
    /// Appends to the path what the description has there, as it is. What follows a `?` is the query.
    pub fn literal(&mut self, text: &str) {
        if let Some(at) = text.find('?').filter(|_| self.query.is_none()) {
            self.query = Some(self.path.len() + at + 1);
        }
        self.path.push_str(text);
    }

    /// Appends a member to the path as one segment.
    ///
    /// The request fails if there is no value, or it is empty, `.` or `..`: HTTP and signatures take those for other paths.
    /// It also fails if the URL becomes too long.
    pub fn label(&mut self, member: &'static str, value: &(impl ToUrl + ?Sized)) {
        self.encode_label(member, value, UNRESERVED);
    }

    /// Appends a member to the path, with its slashes.
    ///
    /// The request fails if there is no value, it is empty, one of its segments is `.` or `..`, or the URL becomes too long.
    pub fn greedy_label(&mut self, member: &'static str, value: &(impl ToUrl + ?Sized)) {
        self.encode_label(member, value, UNRESERVED_OR_SLASH);
    }

    /// Makes sure that there is a member which the endpoint has already.
    ///
    /// The request fails if the value is empty: it would be for something else.
    pub fn label_in_endpoint(&mut self, member: &'static str, value: &(impl ToUrl + ?Sized)) {
        let mut is_empty = true;
        value.each_text(&mut |text| is_empty &= text.is_empty());
        if is_empty {
            self.refuse(member, "is empty, but is part of the URL");
        }
    }

    fn encode_label(&mut self, member: &'static str, value: &(impl ToUrl + ?Sized), set: &'static AsciiSet) {
        let start = self.path.len();
        let mut is_set = false;
        value.each_text(&mut |text| {
            is_set = true;
            self.path.extend(utf8_percent_encode(text, set));
        });
        let label = &self.path[start..];
        if !is_set {
            return self.refuse(member, "is not set, but is part of the URL");
        }
        if label.is_empty() {
            return self.refuse(member, "is empty, but is part of the URL");
        }
        // S3 takes the path as it is sent.
        let is_normalized = !self.operation.service.s3_signatures;
        if is_normalized && label.split('/').any(|segment| matches!(segment, "." | "..")) {
            return self.refuse(member, "is `.` or `..`, which would change the path of the URL");
        }
        self.check_length(member);
    }

    /// Appends a member to the query: nothing where it is not set, a pair for each element of a list.
    ///
    /// The request fails if the URL becomes too long.
    pub fn query(&mut self, name: &str, member: &'static str, value: &(impl ToUrl + ?Sized)) {
        let name = encode(name);
        value.each_text(&mut |text| self.pair(&name, text));
        self.check_length(member);
    }

    /// Appends the entries of a map to the query. Names that the query has already win over those of the map.
    ///
    /// The request fails if the URL becomes too long.
    pub fn query_map<'m, K: ToText + 'm, V: ToUrl + 'm>(
        &mut self,
        member: &'static str,
        map: impl Into<Option<&'m HashMap<K, V>>>,
    ) {
        let Some(map) = map.into() else { return };
        let query = self.query.map_or("", |start| &self.path[start..]).to_owned();
        // A query without pairs takes no name; a pair with an empty name does.
        let pairs = query.split('&').filter(|pair| !pair.is_empty());
        let taken: HashSet<&str> = pairs.filter_map(|pair| pair.split('=').next()).collect();
        let mut entries: Vec<(String, &V)> = map
            .iter()
            .map(|(key, value)| (encode(&key.to_text()).into_owned(), value))
            .collect();
        // The order of the map differs from run to run; that of the URL should not.
        entries.sort_by(|(one, _), (other, _)| one.cmp(other));
        for (name, value) in entries {
            if !taken.contains(&*name) {
                value.each_text(&mut |text| self.pair(&name, text));
            }
        }
        self.check_length(member);
    }

    fn pair(&mut self, encoded_name: &str, value: &str) {
        self.path.push(if self.query.is_some() { '&' } else { '?' });
        self.query.get_or_insert(self.path.len());
        self.path.push_str(encoded_name);
        self.path.push('=');
        self.path.extend(utf8_percent_encode(value, UNRESERVED));
    }

    /// Sends the query as a form in the body, where it may be longer than a URL.
    pub fn query_as_form(&mut self) {
        self.form = true;
    }

    pub(super) fn move_query(&mut self) {
        let mut form = String::new();
        if let Some(start) = self.query.take() {
            form = self.path.split_off(start);
            // The `?`.
            self.path.pop();
        }
        self.payload(Body::from(form), "application/x-www-form-urlencoded");
    }

    fn check_length(&mut self, member: &'static str) {
        if self.path.len() > MAX_LENGTH && !self.form {
            self.refuse(member, "makes the URL longer than HTTP can carry");
        }
    }
}

fn encode(text: &str) -> Cow<'_, str> {
    utf8_percent_encode(text, UNRESERVED).into()
}
