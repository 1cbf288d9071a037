//! Values as text, as URLs and headers hold them.

use std::borrow::Cow;

/// An enum of the description: text, of which some values have names.
pub trait Enum: for<'a> From<&'a str> {
    /// The value on the wire.
    fn as_str(&self) -> &str;
}

/// A single value that has a form as text. A time has that of URLs.
pub trait ToText {
    /// The text.
    fn to_text(&self) -> Cow<'_, str>;
}

/// A single value that can be read from text.
pub trait FromText: Sized {
    /// What text must be to be such a value, as the end of a sentence.
    const EXPECTED: &'static str;

    /// Reads the text.
    fn from_text(text: Cow<'_, str>) -> Option<Self>;
}

impl<E: Enum> ToText for E {
    fn to_text(&self) -> Cow<'_, str> {
        self.as_str().into()
    }
}

impl<E: Enum> FromText for E {
    const EXPECTED: &'static str = "text";

    fn from_text(text: Cow<'_, str>) -> Option<Self> {
        Some((&*text).into())
    }
}

impl ToText for str {
    fn to_text(&self) -> Cow<'_, str> {
        self.into()
    }
}

impl ToText for String {
    fn to_text(&self) -> Cow<'_, str> {
        self.into()
    }
}

impl FromText for String {
    const EXPECTED: &'static str = "text";

    fn from_text(text: Cow<'_, str>) -> Option<Self> {
        Some(text.into_owned())
    }
}

impl ToText for bool {
    fn to_text(&self) -> Cow<'_, str> {
        if *self { "true" } else { "false" }.into()
    }
}

impl FromText for bool {
    const EXPECTED: &'static str = "`true` or `false`";

    /// Takes all other text for `false`, as botocore does: a call that the service has answered does not fail for it.
    fn from_text(text: Cow<'_, str>) -> Option<Self> {
        Some(text.trim().eq_ignore_ascii_case("true"))
    }
}

macro_rules! whole_numbers {
    ($($ty:ty)*) => {$(
        impl ToText for $ty {
            fn to_text(&self) -> Cow<'_, str> {
                self.to_string().into()
            }
        }
    )*};
}

macro_rules! fractions {
    ($($ty:ty)*) => {$(
        impl ToText for $ty {
            fn to_text(&self) -> Cow<'_, str> {
                match *self {
                    <$ty>::INFINITY => "Infinity".into(),
                    <$ty>::NEG_INFINITY => "-Infinity".into(),
                    number => number.to_string().into(),
                }
            }
        }
    )*};
}

macro_rules! numbers_from_text {
    ($($ty:ty)*) => {$(
        impl FromText for $ty {
            const EXPECTED: &'static str = "the number that it should be";

            fn from_text(text: Cow<'_, str>) -> Option<Self> {
                text.trim().parse().ok()
            }
        }
    )*};
}

whole_numbers!(i8 i16 i32 i64);
fractions!(f32 f64);
numbers_from_text!(i8 i16 i32 i64 f32 f64);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers() {
        assert_eq!(i64::MIN.to_text(), "-9223372036854775808");
        assert_eq!((-7i8).to_text(), "-7");
        assert_eq!(1.5f32.to_text(), "1.5");
        assert_eq!(f64::NAN.to_text(), "NaN");
        assert_eq!(f32::INFINITY.to_text(), "Infinity");
        assert_eq!(f64::NEG_INFINITY.to_text(), "-Infinity");
        assert_eq!(f64::from_text("-Infinity".into()), Some(f64::NEG_INFINITY));
        assert!(f32::from_text("NaN".into()).is_some_and(f32::is_nan));
        assert_eq!(i16::from_text(" 300 ".into()), Some(300));
        assert_eq!(i8::from_text("300".into()), None);
    }

    #[test]
    fn fractions_are_read_as_they_were_written() {
        let mut random = fastrand::Rng::with_seed(3);
        for _ in 0..10_000 {
            let number = f64::from_bits(random.u64(..));
            let read = f64::from_text(number.to_text()).expect("a number");
            assert!(read == number || read.is_nan() && number.is_nan(), "{number}");
        }
    }
}
