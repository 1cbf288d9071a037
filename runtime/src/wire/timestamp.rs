//! Points in time: written in one of three formats, read in any.

mod bindings;

use std::collections::HashMap;
use std::fmt;

use crate::wire::json::{Error, FromJson, Reader, ToJson, Writer};
use crate::words::date_time::DateTime;
use crate::words::zero::Zero;

/// The formats in which services take a time.
#[derive(Clone, Copy, Debug)]
pub enum Format {
    /// `2019-12-16T23:48:18.52Z`.
    DateTime,
    /// `Mon, 16 Dec 2019 23:48:18 GMT`.
    HttpDate,
    /// Seconds since 1970: `1576540098.52`.
    EpochSeconds,
}

/// Writes a time, to the millisecond where the format has fractions of a second.
///
/// Years before 1 and after 9999 have no other form than seconds since 1970.
pub fn text(time: &DateTime, format: Format) -> String {
    let time = time.in_millis();
    let text = match format {
        Format::DateTime => time.rfc3339(),
        Format::HttpDate => time.http_date(),
        Format::EpochSeconds => None,
    };
    text.unwrap_or_else(|| time.epoch_seconds())
}

impl FromJson for DateTime {
    /// Takes a time in any format.
    fn from_json(json: &mut Reader<'_>) -> Result<Self, Error> {
        let place = json.place();
        let time = DateTime::parse(&json.text()?);
        time.ok_or_else(|| json.error("a value is no time", place))
    }
}

impl Zero for DateTime {
    /// The beginning of 1970.
    fn zero() -> Self {
        Self::from_secs(0)
    }
}

impl ToJson for DateTime {
    /// Writes the seconds since 1970.
    fn to_json(&self, json: &mut Writer) {
        json.raw(&text(self, Format::EpochSeconds));
    }
}

/// Times, or a value made of times, whose format is not the one that its place has by itself.
pub trait Times {
    /// Writes the value as JSON.
    fn write(&self, json: &mut Writer, format: Format);

    /// Whether there is no value.
    fn is_absent(&self) -> bool {
        false
    }
}

impl Times for DateTime {
    fn write(&self, json: &mut Writer, format: Format) {
        match format {
            Format::EpochSeconds => self.to_json(json),
            _ => json.string(&text(self, format)),
        }
    }
}

impl<T: Times> Times for Option<T> {
    fn write(&self, json: &mut Writer, format: Format) {
        match self {
            Some(time) => time.write(json, format),
            None => json.null(),
        }
    }

    fn is_absent(&self) -> bool {
        self.is_none()
    }
}

impl<T: Times> Times for Box<T> {
    fn write(&self, json: &mut Writer, format: Format) {
        (**self).write(json, format);
    }

    fn is_absent(&self) -> bool {
        (**self).is_absent()
    }
}

/// A part of a list or map, with the format of the whole.
struct Part<'a, T>(&'a T, Format);

impl<T: Times> ToJson for Part<'_, T> {
    fn to_json(&self, json: &mut Writer) {
        self.0.write(json, self.1);
    }
}

impl<T: Times> Times for Vec<T> {
    fn write(&self, json: &mut Writer, format: Format) {
        json.begin_array();
        for time in self {
            json.element(&Part(time, format));
        }
        json.end_array();
    }
}

impl<K: AsRef<str>, T: Times> Times for HashMap<K, T> {
    fn write(&self, json: &mut Writer, format: Format) {
        json.begin_object();
        for (key, time) in self {
            json.name(key.as_ref());
            time.write(json, format);
        }
        json.end_object();
    }
}

macro_rules! formats {
    ($($(#[$docs:meta])* $name:ident $format:expr;)*) => {$(
        $(#[$docs])*
        #[derive(Clone, Copy, Debug)]
        pub struct $name<'a, T>(pub &'a T);

        impl<T: Times> ToJson for $name<'_, T> {
            fn to_json(&self, json: &mut Writer) {
                self.0.write(json, $format);
            }

            fn is_absent(&self) -> bool {
                self.0.is_absent()
            }
        }

        impl fmt::Display for $name<'_, DateTime> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&text(self.0, $format))
            }
        }
    )*};
}

formats! {
    /// Times as `2019-12-16T23:48:18.52Z`.
    DateTimeText Format::DateTime;
    /// Times as `Mon, 16 Dec 2019 23:48:18 GMT`.
    HttpDate Format::HttpDate;
    /// Times as seconds since 1970: `1576540098.52`.
    EpochSeconds Format::EpochSeconds;
}
