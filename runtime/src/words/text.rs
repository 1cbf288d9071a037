//! Values as text, as URLs and headers hold them.

use std::borrow::Cow;
use std::num::IntErrorKind;

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

    /// Whether empty text is such a value. Otherwise it stands for no value.
    const TAKES_EMPTY: bool = false;

    /// Reads the text.
    fn from_text(text: Cow<'_, str>) -> Option<Self>;
}

/// Removes what precedes an ID up to the last `/`, as in `/hostedzone/Z1`.
pub fn bare_id(text: &mut String) {
    if let Some(slash) = text.rfind('/') {
        text.drain(..=slash);
    }
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
    const TAKES_EMPTY: bool = true;

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
    ($($ty:ty)*, |$text:ident| $parse:expr) => {$(
        impl FromText for $ty {
            const EXPECTED: &'static str = "the number that it should be";

            fn from_text(text: Cow<'_, str>) -> Option<Self> {
                let $text = text.trim();
                $parse
            }
        }
    )*};
}

whole_numbers!(i8 i16 i32 i64);
fractions!(f32 f64);
numbers_from_text!(i8 i16 i32, |text| whole_number(text)?.try_into().ok());
numbers_from_text!(i64, |text| whole_number(text));
numbers_from_text!(f32 f64, |text| text.parse().ok());

/// Reads a whole number. A fraction is dropped.
pub(crate) fn whole_number(text: &str) -> Option<i64> {
    text.parse().ok().or_else(|| whole_part(text))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_without_their_path() {
        for (given, bare) in [
            ("Z1", "Z1"),
            ("/hostedzone/Z1", "Z1"),
            ("change/C1", "C1"),
            ("/", ""),
            ("", ""),
            ("/é/ö", "ö"),
        ] {
            let mut id = given.to_owned();
            bare_id(&mut id);
            assert_eq!(id, bare, "{given}");
        }
    }

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
        assert_eq!(i16::from_text("-3e2".into()), Some(-300));
        assert_eq!(i64::from_text("9223372036854775807.5".into()), Some(i64::MAX));
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
