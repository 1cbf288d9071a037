//! How the types of a description look in JSON.

use std::collections::HashMap;
use std::hash::Hash;

use base64::prelude::{BASE64_STANDARD, Engine};
use bytes::Bytes;

use super::{Error, Reader, Writer};
use crate::words::text::{ToText, whole_number as parse_whole_number};
use crate::words::zero::Zero;

/// A type that can be read from JSON.
pub trait FromJson: Zero + Sized {
    /// Takes a value of this type.
    ///
    /// # Errors
    ///
    /// When the value is of another type.
    fn from_json(json: &mut Reader<'_>) -> Result<Self, Error>;

    /// What null is as an element of a list or map. It is left out where it is nothing.
    fn null() -> Option<Self> {
        None
    }
}

/// A type that can be written as JSON.
pub trait ToJson {
    /// Writes the value.
    fn to_json(&self, json: &mut Writer);

    /// Whether there is no value, so that a member is left out.
    fn is_absent(&self) -> bool {
        false
    }
}

/// The JSON of a value.
pub fn to_bytes<T: ToJson>(value: &T) -> Vec<u8> {
    let mut json = Writer::new();
    value.to_json(&mut json);
    json.into_bytes()
}

impl FromJson for String {
    fn from_json(json: &mut Reader<'_>) -> Result<Self, Error> {
        json.string().map(Into::into)
    }
}

impl ToJson for String {
    fn to_json(&self, json: &mut Writer) {
        json.string(self);
    }
}

impl ToJson for str {
    fn to_json(&self, json: &mut Writer) {
        json.string(self);
    }
}

impl FromJson for bool {
    fn from_json(json: &mut Reader<'_>) -> Result<Self, Error> {
        json.boolean()
    }
}

impl ToJson for bool {
    fn to_json(&self, json: &mut Writer) {
        json.display(*self);
    }
}

/// Takes a whole number, also from a string. A fraction is dropped.
fn whole_number(json: &mut Reader<'_>, min: i64, max: i64) -> Result<i64, Error> {
    let place = json.place();
    let text = json.text()?;
    match parse_whole_number(text.trim()) {
        Some(number) if (min..=max).contains(&number) => Ok(number),
        _ => Err(json.error("a value is not a whole number, or out of range", place)),
    }
}

macro_rules! whole_number {
    ($($ty:ty)*) => {$(
        impl FromJson for $ty {
            fn from_json(json: &mut Reader<'_>) -> Result<Self, Error> {
                whole_number(json, Self::MIN.into(), Self::MAX.into()).map(|number| number as Self)
            }
        }

        impl ToJson for $ty {
            fn to_json(&self, json: &mut Writer) {
                json.display(*self);
            }
        }
    )*};
}

whole_number!(i8 i16 i32 i64);

macro_rules! float {
    ($($ty:ty)*) => {$(
        impl FromJson for $ty {
            /// Takes a number, also from a string, and `NaN`, `Infinity` and `-Infinity`.
            fn from_json(json: &mut Reader<'_>) -> Result<Self, Error> {
                let place = json.place();
                let number = json.text()?.trim().parse();
                number.map_err(|_| json.error("a value is not a number", place))
            }
        }

        impl ToJson for $ty {
            /// Writes the shortest text that is read as the same number again.
            fn to_json(&self, json: &mut Writer) {
                if self.is_finite() {
                    // Unlike `Display`, this has an exponent where there would be many zeros.
                    json.display(format_args!("{self:?}"));
                } else {
                    json.string(&self.to_text());
                }
            }
        }
    )*};
}

float!(f32 f64);

impl FromJson for Bytes {
    fn from_json(json: &mut Reader<'_>) -> Result<Self, Error> {
        let place = json.place();
        let text = json.string()?;
        let bytes = BASE64_STANDARD.decode(&*text).or_else(|_| {
            // botocore leaves out line breaks and whatever else Base64 does not have, too.
            let is_known = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '=');
            BASE64_STANDARD.decode(text.chars().filter(is_known).collect::<String>())
        });
        match bytes {
            Ok(bytes) => Ok(bytes.into()),
            Err(_) => Err(json.error("a value is not Base64", place)),
        }
    }
}

impl ToJson for Bytes {
    fn to_json(&self, json: &mut Writer) {
        json.string(&BASE64_STANDARD.encode(self));
    }
}

impl<T: FromJson> FromJson for Option<T> {
    fn from_json(json: &mut Reader<'_>) -> Result<Self, Error> {
        if json.null()? {
            return Ok(None);
        }
        T::from_json(json).map(Some)
    }

    fn null() -> Option<Self> {
        Some(None)
    }
}

impl<T: ToJson> ToJson for Option<T> {
    fn to_json(&self, json: &mut Writer) {
        match self {
            Some(value) => value.to_json(json),
            None => json.null(),
        }
    }

    fn is_absent(&self) -> bool {
        self.is_none()
    }
}

impl<T: FromJson> FromJson for Box<T> {
    fn from_json(json: &mut Reader<'_>) -> Result<Self, Error> {
        T::from_json(json).map(Self::new)
    }

    fn null() -> Option<Self> {
        T::null().map(Self::new)
    }
}

impl<T: ToJson + ?Sized> ToJson for Box<T> {
    fn to_json(&self, json: &mut Writer) {
        (**self).to_json(json);
    }

    fn is_absent(&self) -> bool {
        (**self).is_absent()
    }
}

impl<T: ToJson + ?Sized> ToJson for &T {
    fn to_json(&self, json: &mut Writer) {
        (**self).to_json(json);
    }

    fn is_absent(&self) -> bool {
        (**self).is_absent()
    }
}

impl<T: FromJson> FromJson for Vec<T> {
    fn from_json(json: &mut Reader<'_>) -> Result<Self, Error> {
        let mut list = Self::new();
        json.begin_array()?;
        while json.next_element()? {
            let value = if json.null()? {
                T::null()
            } else {
                Some(T::from_json(json)?)
            };
            // `extend` would take much longer to compile, for each type of list.
            if let Some(value) = value {
                list.push(value);
            }
        }
        Ok(list)
    }
}

impl<T: ToJson> ToJson for Vec<T> {
    fn to_json(&self, json: &mut Writer) {
        json.begin_array();
        for value in self {
            json.element(value);
        }
        json.end_array();
    }
}

impl<K: From<String> + Eq + Hash, V: FromJson> FromJson for HashMap<K, V> {
    fn from_json(json: &mut Reader<'_>) -> Result<Self, Error> {
        let mut map = Self::new();
        json.begin_object()?;
        while let Some(key) = json.next_member()? {
            let key = K::from(key.into_owned());
            let value = if json.null()? {
                V::null()
            } else {
                Some(V::from_json(json)?)
            };
            // The last one counts where a key comes several times, and it may be a null.
            match value {
                Some(value) => _ = map.insert(key, value),
                None => _ = map.remove(&key),
            }
        }
        Ok(map)
    }
}

impl<K: AsRef<str>, V: ToJson> ToJson for HashMap<K, V> {
    fn to_json(&self, json: &mut Writer) {
        json.begin_object();
        for (key, value) in self {
            json.name(key.as_ref());
            value.to_json(json);
        }
        json.end_object();
    }
}
