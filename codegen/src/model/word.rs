//! Words from a fixed list of the dialect, such as the type of a shape. Each list stands once: here and below it are
//! what a word means, what may be written instead, and what messages call it.

use std::fmt;

use serde::{Deserialize, Deserializer};

use crate::diagnostics::{Reporter, did_you_mean};
use crate::source::JsonPath;

/// A word as a file has it. The check of the model reports those that are not known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Word<T> {
    /// One of the list.
    Known(T),
    /// Any other text.
    Unknown(String),
}

/// A list of words.
pub trait Vocabulary: Copy + 'static {
    /// What one of the words is, such as `location`.
    const NOUN: &'static str;
    /// The words with their meanings.
    const WORDS: &'static [(&'static str, Self)];
    /// Whether upper and lower case are the same.
    const ANY_CASE: bool = false;

    /// The meaning of a text, if it is one of the words.
    fn of(text: &str) -> Option<Self> {
        let is_text = |word: &str| match Self::ANY_CASE {
            true => word.eq_ignore_ascii_case(text),
            false => word == text,
        };
        let mut words = Self::WORDS.iter();
        words.find(|(word, _)| is_text(word)).map(|(_, meaning)| *meaning)
    }

    /// The words, to choose from.
    fn words() -> impl Iterator<Item = &'static str> + Clone {
        Self::WORDS.iter().map(|(word, _)| *word)
    }

    /// What to write in place of `text`, which is not one of the words.
    fn help(text: &str) -> String {
        let words: Vec<&str> = Self::words().collect();
        format!("use one of {}{}", words.join(", "), did_you_mean(text, Self::words()))
    }
}

impl<T: Copy> Word<T> {
    /// The meaning of a known word.
    pub fn known(&self) -> Option<T> {
        match self {
            Self::Known(meaning) => Some(*meaning),
            Self::Unknown(_) => None,
        }
    }
}

impl<T: Vocabulary> Word<T> {
    /// The meaning of a known word. One that is not known is reported.
    pub(crate) fn check(&self, at: &JsonPath, reporter: &mut Reporter<'_>) -> Option<T> {
        if let Self::Unknown(text) = self {
            reporter.error(at, format!("`{text}` is not a known {}", T::NOUN), T::help(text));
        }
        self.known()
    }
}

impl<T: PartialEq> PartialEq<T> for Word<T> {
    fn eq(&self, other: &T) -> bool {
        matches!(self, Self::Known(meaning) if meaning == other)
    }
}

impl<T: Vocabulary + PartialEq> fmt::Display for Word<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Known(meaning) => {
                let mut words = T::WORDS.iter();
                let word = words.find(|(_, other)| other == meaning);
                f.write_str(word.map_or("", |(word, _)| word))
            }
            Self::Unknown(text) => f.write_str(text),
        }
    }
}

impl<'de, T: Vocabulary> Deserialize<'de> for Word<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Ok(T::of(&text).map_or(Self::Unknown(text), Self::Known))
    }
}

/// Declares an enum of words.
macro_rules! vocabulary {
    (
        $(#[$attribute:meta])*
        pub enum $name:ident ($noun:literal $(, $any_case:ident)?) {
            $($(#[$word_attribute:meta])* $variant:ident = $word:literal,)*
        }
    ) => {
        $(#[$attribute])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $name {
            $($(#[$word_attribute])* $variant,)*
        }

        impl $crate::model::word::Vocabulary for $name {
            const NOUN: &'static str = $noun;
            const WORDS: &'static [(&'static str, Self)] = &[$(($word, Self::$variant)),*];
            $($crate::model::word::vocabulary!(@$any_case);)?
        }
    };
    (@any_case) => {
        const ANY_CASE: bool = true;
    };
}

pub(in crate::model) use vocabulary;

#[cfg(test)]
mod tests {
    use super::super::service::{Location, TimestampFormat};
    use super::*;

    #[test]
    fn words_have_meanings() {
        assert_eq!(Location::of("querystring"), Some(Location::QueryString));
        assert_eq!(Location::of("Header"), None);
        // Services write these in several ways.
        assert_eq!(
            TimestampFormat::of("UnixTimestamp"),
            Some(TimestampFormat::EpochSeconds)
        );
    }

    #[test]
    fn a_word_is_shown_as_it_is_written() {
        let words = ["header", "heder"].map(|text| Location::of(text).map_or(Word::Unknown(text.into()), Word::Known));
        assert_eq!(words.map(|word| word.to_string()), ["header", "heder"]);
        assert!(Location::help("heder").ends_with("statusCode (did you mean `header`?)"));
    }
}
