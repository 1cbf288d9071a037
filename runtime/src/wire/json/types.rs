//! How the types of a description look in JSON.

use std::collections::HashMap;
use std::hash::Hash;
use std::num::IntErrorKind;

use base64::prelude::{BASE64_STANDARD, Engine};
use bytes::Bytes;

use super::{Error, Reader, Writer};
use crate::words::text::ToText;

/// A type that can be read from JSON.
pub trait FromJson: Sized {
    /// Takes a value of this type.
    ///
    /// # Errors
    ///
    /// When the value is of another type.
    fn from_json(json: &mut Reader<'_>) -> Result<Self, Error>;

    /// The value of a required member that is missing.
    fn zero() -> Self;

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

    fn zero() -> Self {
        Self::new()
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

    fn zero() -> Self {
        false
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
    let text = text.trim();
    let number = text.parse().ok().or_else(|| whole_part(text));
    match number {
        Some(number) if (min..=max).contains(&number) => Ok(number),
        _ => Err(json.error("a value is no whole number, or out of range", place)),
    }
}

/// The whole part of a number such as `1.0` or `1e3`, if an `i64` has room for it.
///
/// Digit by digit: reading it as a float would be less exact, and its tables are large.
fn whole_part(text: &str) -> Option<i64> {
    let (sign, number) = match text.strip_prefix('-') {
        Some(number) => (-1, number),
        None => (1, text),
    };
    let (number, exponent) = number.split_once(['e', 'E']).unwrap_or((number, "0"));
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let digits = || whole.bytes().chain(fraction.bytes());
    if whole.is_empty() || !digits().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    // Digits of the whole part, after the first that is not zero; a number with more than these has no room.
    let zeros = digits().take_while(|digit| *digit == b'0').count();
    let places = (whole.len() as i64 - zeros as i64).saturating_add(bounded(exponent)?);
    if zeros == whole.len() + fraction.len() || places <= 0 {
        return Some(0);
    }
    let digits = digits().skip(zeros).chain(std::iter::repeat(b'0'));
    (0..places).zip(digits).try_fold(0_i64, |number, (_, digit)| {
        number.checked_mul(10)?.checked_add(sign * i64::from(digit - b'0'))
    })
}

/// An exponent; one that an `i64` has no room for counts as the nearest that it has.
fn bounded(exponent: &str) -> Option<i64> {
    match exponent.parse::<i64>() {
        Ok(exponent) => Some(exponent),
        Err(error) => match error.kind() {
            IntErrorKind::PosOverflow => Some(i64::MAX),
            IntErrorKind::NegOverflow => Some(i64::MIN),
            _ => None,
        },
    }
}

macro_rules! whole_number {
    ($($ty:ty)*) => {$(
        impl FromJson for $ty {
            fn from_json(json: &mut Reader<'_>) -> Result<Self, Error> {
                whole_number(json, Self::MIN.into(), Self::MAX.into()).map(|number| number as Self)
            }

            fn zero() -> Self {
                0
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
                number.map_err(|_| json.error("a value is no number", place))
            }

            fn zero() -> Self {
                0.0
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

    fn zero() -> Self {
        Self::new()
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

    fn zero() -> Self {
        None
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

    fn zero() -> Self {
        Self::new(T::zero())
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

    fn zero() -> Self {
        Self::new()
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

    fn zero() -> Self {
        Self::new()
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
