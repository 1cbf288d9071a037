//! Reading JSON objects straight from bytes, without a tree in between.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use serde_core::de::{Deserialize, Deserializer as _, MapAccess, Visitor};
use serde_json::error::Category;
use serde_json::value::RawValue;

/// Why a body is not the JSON that it should be.
pub type Error = serde_json::Error;

/// What is wrong with JSON, and where; not what stands there, because a payload must not get into logs.
#[derive(Debug)]
pub struct Problem {
    what: &'static str,
    line: usize,
    column: usize,
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        let what = match error.classify() {
            Category::Eof => "it ends too early",
            Category::Data => "a value is missing or of another type",
            Category::Io | Category::Syntax => "it is not valid",
        };
        Self {
            what,
            line: error.line(),
            column: error.column(),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { what, line, column } = self;
        write!(f, "JSON: {what} (line {line}, column {column})")
    }
}

impl std::error::Error for Problem {}

/// Gives each member of an object to `member`, by name and in order. An empty body is an empty object.
///
/// # Errors
///
/// When the bytes are no JSON object, or when `member` fails.
pub fn members<'a>(
    body: &'a [u8],
    mut member: impl FnMut(Cow<'a, str>, Value<'a>) -> Result<(), Error>,
) -> Result<(), Error> {
    if body.trim_ascii().is_empty() {
        return Ok(());
    }
    let mut json = serde_json::Deserializer::from_slice(body);
    json.deserialize_map(ObjectVisitor(&mut member))?;
    json.end()
}

/// The members of an object, for looking up a few by name.
#[derive(Debug)]
pub struct Members<'a>(Vec<(Cow<'a, str>, Value<'a>)>);

impl<'a> Members<'a> {
    /// Reads an object. An empty body is an empty object.
    ///
    /// # Errors
    ///
    /// When the bytes are no JSON object.
    pub fn read(body: &'a [u8]) -> Result<Self, Error> {
        let mut all = Vec::new();
        members(body, |name, value| {
            all.push((name, value));
            Ok(())
        })?;
        Ok(Self(all))
    }

    /// The member with this very name; the last one, if there are several.
    pub fn get(&self, name: &str) -> Option<Value<'a>> {
        self.0.iter().rfind(|(key, _)| key == name).map(|(_, value)| *value)
    }
}

/// A value that has been scanned, but not read yet.
#[derive(Clone, Copy, Debug)]
pub struct Value<'a>(&'a RawValue);

impl Value<'_> {
    /// The text; `None` for null.
    ///
    /// # Errors
    ///
    /// When the value is something else.
    pub fn string(self) -> Result<Option<String>, Error> {
        serde_json::from_str(self.0.get())
    }

    /// The number; `None` for null. Numbers in strings are taken, and fractions of whole numbers dropped.
    ///
    /// # Errors
    ///
    /// When the value is something else or out of range.
    pub fn number<T: Number>(self) -> Result<Option<T>, Error> {
        let text = match self.0.get() {
            "null" => return Ok(None),
            text if text.starts_with('"') => Cow::Owned(serde_json::from_str::<String>(text)?),
            text => Cow::Borrowed(text),
        };
        match T::from_text(&text) {
            Some(number) => Ok(Some(number)),
            None => Err(serde_core::de::Error::custom(format_args!("expected a {}", T::NAME))),
        }
    }

    /// True or false; `None` for null. The text `true` is taken, too.
    ///
    /// # Errors
    ///
    /// When the value is something else.
    pub fn boolean(self) -> Result<Option<bool>, Error> {
        match self.0.get() {
            text if text.starts_with('"') => {
                let text: String = serde_json::from_str(text)?;
                Ok(Some(text.eq_ignore_ascii_case("true")))
            }
            text => serde_json::from_str(text),
        }
    }

    /// The text of a string, or a number as text.
    pub(crate) fn text(self) -> Option<String> {
        match self.0.get().as_bytes() {
            [b'"', ..] => self.string().ok().flatten(),
            [b'-' | b'0'..=b'9', ..] => Some(self.0.get().to_owned()),
            _ => None,
        }
    }
}

/// A type of number in the description.
pub trait Number: FromStr {
    /// What it is called.
    const NAME: &'static str;

    /// Reads JSON's form of a number, or one of `NaN`, `Infinity` and `-Infinity`.
    fn from_text(text: &str) -> Option<Self>;
}

macro_rules! whole_number {
    ($($ty:ty, $name:literal;)*) => {$(
        impl Number for $ty {
            const NAME: &'static str = $name;

            fn from_text(text: &str) -> Option<Self> {
                text.parse().ok().or_else(|| {
                    let number = text.parse::<f64>().ok()?.trunc();
                    let in_range = number >= Self::MIN as f64 && number <= Self::MAX as f64;
                    in_range.then_some(number as Self)
                })
            }
        }
    )*};
}

macro_rules! fraction {
    ($($ty:ty, $name:literal;)*) => {$(
        impl Number for $ty {
            const NAME: &'static str = $name;

            fn from_text(text: &str) -> Option<Self> {
                text.parse().ok()
            }
        }
    )*};
}

whole_number! { i32, "32-bit integer"; i64, "64-bit integer"; }
fraction! { f32, "number"; f64, "number"; }

struct ObjectVisitor<'f, F>(&'f mut F);

impl<'de, F> Visitor<'de> for ObjectVisitor<'_, F>
where
    F: FnMut(Cow<'de, str>, Value<'de>) -> Result<(), Error>,
{
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(Name(name)) = map.next_key()? {
            let value = Value(map.next_value()?);
            // The error's own place is one in the value alone; without it, the place is one in the body.
            self.0(name, value).map_err(|_| serde_core::de::Error::custom("a value of another type"))?;
        }
        Ok(())
    }
}

/// The name of a member, borrowed from the text where it has no escapes.
struct Name<'a>(Cow<'a, str>);

impl<'de: 'a, 'a> Deserialize<'de> for Name<'a> {
    fn deserialize<D: serde_core::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct NameVisitor;

        impl<'de> Visitor<'de> for NameVisitor {
            type Value = Name<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("the name of a member")
            }

            fn visit_borrowed_str<E>(self, name: &'de str) -> Result<Name<'de>, E> {
                Ok(Name(Cow::Borrowed(name)))
            }

            fn visit_str<E>(self, name: &str) -> Result<Name<'de>, E> {
                Ok(Name(Cow::Owned(name.to_owned())))
            }
        }

        deserializer.deserialize_str(NameVisitor)
    }
}
