//! What enums of texts do.

/// Completes an enum by its table: each variant with its text, but for `Unknown`, which keeps all other texts.
#[macro_export]
#[doc(hidden)]
macro_rules! string_enum {
    ($name:ident { $($variant:ident = $text:literal,)* }) => {
        impl $name {
            /// The text that travels.
            #[inline]
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $text,)*
                    Self::Unknown(value) => value.as_str(),
                }
            }

            /// The texts that this version of the crate knows, in the order of the description.
            pub const fn values() -> &'static [&'static str] {
                &[$($text),*]
            }
        }

        impl ::std::convert::From<&str> for $name {
            #[inline]
            fn from(text: &str) -> Self {
                match text {
                    $($text => Self::$variant,)*
                    text => Self::Unknown($crate::support::unknown::UnknownValue::new(text)),
                }
            }
        }

        impl ::std::cmp::PartialEq<str> for $name {
            #[inline]
            fn eq(&self, text: &str) -> bool {
                self.as_str() == text
            }
        }

        impl ::std::cmp::PartialEq<&str> for $name {
            #[inline]
            fn eq(&self, text: &&str) -> bool {
                self.as_str() == *text
            }
        }

        /// By text: an order that does not change when the service adds values.
        impl ::std::cmp::Ord for $name {
            #[inline]
            fn cmp(&self, other: &Self) -> ::std::cmp::Ordering {
                self.as_str().cmp(other.as_str())
            }
        }

        impl ::std::cmp::PartialOrd for $name {
            #[inline]
            fn partial_cmp(&self, other: &Self) -> ::std::option::Option<::std::cmp::Ordering> {
                Some(::std::cmp::Ord::cmp(self, other))
            }
        }

        impl ::std::fmt::Display for $name {
            #[inline]
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl ::std::convert::AsRef<str> for $name {
            #[inline]
            fn as_ref(&self) -> &str {
                self.as_str()
            }
        }

        impl ::std::convert::From<::std::string::String> for $name {
            #[inline]
            fn from(text: ::std::string::String) -> Self {
                Self::from(text.as_str())
            }
        }

        impl ::std::str::FromStr for $name {
            type Err = ::std::convert::Infallible;

            #[inline]
            fn from_str(text: &str) -> ::std::result::Result<Self, ::std::convert::Infallible> {
                Ok(Self::from(text))
            }
        }

        impl $crate::support::text::Enum for $name {
            #[inline]
            fn as_str(&self) -> &str {
                self.as_str()
            }
        }

        impl $crate::support::Zero for $name {
            #[inline]
            fn zero() -> Self {
                Self::from("")
            }
        }

        impl $crate::support::json::FromJson for $name {
            #[inline]
            fn from_json(
                json: &mut $crate::support::json::Reader<'_>,
            ) -> ::std::result::Result<Self, $crate::support::json::Error> {
                json.string().map(|text| Self::from(&*text))
            }
        }

        impl $crate::support::json::ToJson for $name {
            #[inline]
            fn to_json(&self, json: &mut $crate::support::json::Writer) {
                json.string(self.as_str());
            }
        }
    };
}

#[cfg(test)]
#[allow(unreachable_pub, reason = "enums of generated crates are public")]
mod tests {
    use std::collections::HashMap;

    use crate::wire::json::{Reader, ToJson, Writer};
    use crate::words::unknown::UnknownValue;
    use crate::words::zero::Zero;

    #[derive(Clone, Debug, PartialEq, Eq, Hash)]
    enum Colour {
        Red,
        Azure,
        Unknown(UnknownValue),
    }

    string_enum! {
        Colour { Red = "RED", Azure = "AZURE", }
    }

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

    #[test]
    fn values_compare_with_texts_and_are_ordered_by_them() {
        assert_eq!(Colour::values(), ["RED", "AZURE"]);
        let new = Colour::from("teal");
        assert!(Colour::Red == *"RED" && Colour::Red == "RED" && new == "teal");
        assert_ne!(Colour::Red, "AZURE");
        let mut colours = ["teal", "RED", "BLUE", "AZURE"].map(Colour::from);
        colours.sort();
        assert_eq!(
            colours.map(|colour| colour.to_string()),
            ["AZURE", "BLUE", "RED", "teal"]
        );
    }
}
