//! What all enums have in common.

/// Completes an enum that has a method `as_str` and is made `From<&str>`.
#[macro_export]
#[doc(hidden)]
macro_rules! string_enum {
    ($name:ident) => {
        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl ::std::convert::AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                self.as_str()
            }
        }

        impl ::std::convert::From<::std::string::String> for $name {
            fn from(text: ::std::string::String) -> Self {
                Self::from(text.as_str())
            }
        }

        impl ::std::str::FromStr for $name {
            type Err = ::std::convert::Infallible;

            fn from_str(text: &str) -> ::std::result::Result<Self, ::std::convert::Infallible> {
                Ok(Self::from(text))
            }
        }

        impl $crate::support::text::Enum for $name {
            fn as_str(&self) -> &str {
                self.as_str()
            }
        }

        impl $crate::support::Zero for $name {
            fn zero() -> Self {
                Self::from("")
            }
        }

        impl $crate::support::json::FromJson for $name {
            fn from_json(
                json: &mut $crate::support::json::Reader<'_>,
            ) -> ::std::result::Result<Self, $crate::support::json::Error> {
                json.string().map(|text| Self::from(&*text))
            }
        }

        impl $crate::support::json::ToJson for $name {
            fn to_json(&self, json: &mut $crate::support::json::Writer) {
                json.string(self.as_str());
            }
        }
    };
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use crate::wire::json::{Reader, ToJson, Writer};
    use crate::words::unknown::UnknownValue;
    use crate::words::zero::Zero;

    #[derive(Clone, Debug, PartialEq, Eq, Hash)]
    enum Colour {
        Red,
        Unknown(UnknownValue),
    }

    impl Colour {
        fn as_str(&self) -> &str {
            match self {
                Self::Red => "RED",
                Self::Unknown(value) => value.as_str(),
            }
        }
    }

    impl From<&str> for Colour {
        fn from(text: &str) -> Self {
            match text {
                "RED" => Self::Red,
                text => Self::Unknown(UnknownValue::new(text)),
            }
        }
    }

    string_enum!(Colour);

    #[test]
    fn a_value_is_kept_whether_it_is_known_or_not() {
        let text = r#"{"RED":["RED","teal"]}"#;
        let map: HashMap<Colour, Vec<Colour>> = Reader::new(text.as_bytes()).read().expect("it can be read");
        assert_eq!(map[&Colour::Red], [Colour::Red, Colour::from("teal")]);
        let mut json = Writer::new();
        map.to_json(&mut json);
        assert_eq!(json.into_bytes(), text.as_bytes());
    }

    #[test]
    fn to_text_and_back() {
        assert_eq!("RED".parse(), Ok(Colour::Red));
        assert_eq!(Colour::from("teal".to_owned()).to_string(), "teal");
        assert_eq!(Colour::Red.as_ref(), "RED");
        assert_eq!(Colour::zero().as_str(), "");
    }
}
