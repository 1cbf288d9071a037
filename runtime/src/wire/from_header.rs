//! Values in the headers of a response.

use std::borrow::Cow;
use std::collections::HashMap;
use std::hash::Hash;

use base64::prelude::{BASE64_STANDARD, Engine};
use http::HeaderMap;
use http::header::HeaderName;

use crate::words::header_map::{first, values};
use crate::words::text::{Enum, FromText};

/// A type that a header can hold.
pub trait FromHeader: Sized {
    /// Whether several headers of the same name are one value.
    const IS_LIST: bool = false;

    /// Reads the text of a header. `None` is no value, as of an empty header that should be a number.
    ///
    /// # Errors
    ///
    /// What is wrong with the text, as the rest of a sentence about the header.
    fn from_header(text: Cow<'_, str>) -> Result<Option<Self>, String>;
}

/// A type that a list in a header can hold.
pub trait FromElement: FromText {
    /// Whether one value can have commas without quotes.
    const HAS_COMMAS: bool = false;
}

/// The value of a header, if it is there.
///
/// # Errors
///
/// What is wrong with its text, as the rest of a sentence about the header.
pub(crate) fn read<T: FromHeader>(headers: &HeaderMap, name: &HeaderName) -> Result<Option<T>, String> {
    let value = if T::IS_LIST {
        joined(headers, name)
    } else {
        single(headers, name)
    };
    value.map_or(Ok(None), T::from_header)
}

/// The first header of a name. Without type parameters: else each client would compile the map of headers once more.
fn single<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Option<Cow<'h, str>> {
    first(headers, name).map(|value| text(value.as_bytes()))
}

/// All headers of a name as one.
fn joined<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Option<Cow<'h, str>> {
    let mut lines = values(headers, name).map(|value| text(value.as_bytes()));
    let first = lines.next()?;
    Some(lines.fold(first, |all, line| format!("{all}, {line}").into()))
}

/// The headers with this prefix, whose names without it are the keys; `None` if there are none.
pub(crate) fn with_prefix<K, V>(headers: &HeaderMap, prefix: &str) -> Option<HashMap<K, V>>
where
    K: FromText + Eq + Hash,
    V: FromText,
{
    let prefix = prefix.to_ascii_lowercase();
    let entries = headers.keys().filter_map(|name| {
        let key = name.as_str().strip_prefix(&prefix)?;
        let value = joined(headers, name)?;
        Some((K::from_text(key.into())?, V::from_text(value)?))
    });
    let map: HashMap<K, V> = entries.collect();
    (!map.is_empty()).then_some(map)
}

/// UTF-8 where it is; else each byte is one character, as HTTP once had it.
pub(crate) fn text(bytes: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => bytes.iter().copied().map(char::from).collect(),
    }
}

/// JSON that stands in a header in base64, as text.
pub(crate) struct Json(pub(crate) String);

impl FromHeader for Json {
    fn from_header(text: Cow<'_, str>) -> Result<Option<Self>, String> {
        let Ok(bytes) = BASE64_STANDARD.decode(text.trim()) else {
            return Err("is not base64".to_owned());
        };
        match String::from_utf8(bytes) {
            Ok(text) if text.is_empty() => Ok(None),
            Ok(text) => Ok(Some(Self(text))),
            Err(_) => Err("is not text in base64".to_owned()),
        }
    }
}

impl FromHeader for String {
    fn from_header(text: Cow<'_, str>) -> Result<Option<Self>, String> {
        Ok(Some(text.into_owned()))
    }
}

impl<E: Enum> FromHeader for E {
    fn from_header(text: Cow<'_, str>) -> Result<Option<Self>, String> {
        Ok(Some((&*text).into()))
    }
}

impl FromElement for String {}

impl<E: Enum> FromElement for E {}

/// A value in a header. An empty one is none.
///
/// # Errors
///
/// What is wrong with the text, as the rest of a sentence about the header.
pub fn value_from_header<T: FromText>(text: Cow<'_, str>) -> Result<Option<T>, String> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    let value = T::from_text(text);
    value.map(Some).ok_or_else(|| format!("is not {}", T::EXPECTED))
}

macro_rules! from_text {
    ($($ty:ty)*) => {$(
        impl FromHeader for $ty {
            fn from_header(text: Cow<'_, str>) -> Result<Option<Self>, String> {
                value_from_header(text)
            }
        }
    )*};
}

from_text!(bool i8 i16 i32 i64 f32 f64);

impl FromElement for bool {}
impl FromElement for i8 {}
impl FromElement for i16 {}
impl FromElement for i32 {}
impl FromElement for i64 {}
impl FromElement for f32 {}
impl FromElement for f64 {}

impl<T: FromElement> FromHeader for Vec<T> {
    const IS_LIST: bool = true;

    fn from_header(text: Cow<'_, str>) -> Result<Option<Self>, String> {
        let mut list = Self::new();
        let mut rest = &*text;
        while !rest.is_empty() {
            let (element, after) = first_element(rest);
            rest = after;
            let is_nothing = matches!(&element, Cow::Borrowed(text) if text.is_empty());
            if is_nothing {
                continue;
            }
            let value = match T::from_text(element.clone()) {
                // The other half of a date is behind the next comma.
                None if T::HAS_COMMAS => {
                    let (other, after) = first_element(rest);
                    rest = after;
                    T::from_text(format!("{element}, {other}").into())
                }
                value => value,
            };
            list.push(value.ok_or_else(|| format!("has an element that is not {}", T::EXPECTED))?);
        }
        Ok(Some(list))
    }
}

/// Sparse lists have no form for null in a header.
impl<T: FromElement> FromHeader for Vec<Option<T>> {
    const IS_LIST: bool = true;

    fn from_header(text: Cow<'_, str>) -> Result<Option<Self>, String> {
        let list = Vec::<T>::from_header(text)?;
        Ok(list.map(|list| list.into_iter().map(Some).collect()))
    }
}

/// The first element of a list, and what is behind its comma. One in quotes is owned, also if it is empty.
fn first_element(list: &str) -> (Cow<'_, str>, &str) {
    if let Some((text, rest)) = list.trim_start().strip_prefix('"').and_then(quoted) {
        return (text.into(), rest);
    }
    let (element, rest) = list.split_once(',').unwrap_or((list, ""));
    (element.trim().into(), rest)
}

/// Reads on after a quote: the text, and what is behind the comma after it. `None` if the quotes do not fit.
fn quoted(list: &str) -> Option<(String, &str)> {
    let mut text = String::new();
    let mut chars = list.chars();
    loop {
        match chars.next()? {
            '"' => break,
            '\\' => text.push(chars.next()?),
            c => text.push(c),
        }
    }
    let rest = chars.as_str().trim_start();
    if rest.is_empty() {
        return Some((text, rest));
    }
    Some((text, rest.strip_prefix(',')?))
}
