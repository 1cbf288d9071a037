//! Times in URLs and headers.

use std::borrow::Cow;

use http::HeaderValue;

use super::{DateTimeText, EpochSeconds, HttpDate};
use crate::wire::from_header::{FromElement, FromHeader, value_from_header};
use crate::wire::request::{ToElement, ToHeader, ToUrl, list_header};
use crate::words::date_time::DateTime;
use crate::words::text::{FromText, ToText};

impl ToText for DateTime {
    fn to_text(&self) -> Cow<'_, str> {
        DateTimeText(self).to_string().into()
    }
}

impl FromText for DateTime {
    const EXPECTED: &'static str = "a time";

    fn from_text(text: Cow<'_, str>) -> Option<Self> {
        Self::parse(&text)
    }
}

impl ToHeader for DateTime {
    fn to_header(self) -> Result<Option<HeaderValue>, String> {
        HttpDate(&self).to_header()
    }
}

/// The comma in a date needs no quotes: all readers of such lists expect it.
impl ToElement for DateTime {
    fn to_element(&self) -> Option<Cow<'_, str>> {
        Some(HttpDate(self).to_string().into())
    }
}

impl FromHeader for DateTime {
    fn from_header(text: Cow<'_, str>) -> Result<Option<Self>, String> {
        value_from_header(text)
    }
}

impl FromElement for DateTime {
    const HAS_COMMAS: bool = true;
}

macro_rules! forms {
    ($($form:ident)*) => {$(
        impl ToText for $form<'_, DateTime> {
            fn to_text(&self) -> Cow<'_, str> {
                self.to_string().into()
            }
        }

        impl ToHeader for $form<'_, DateTime> {
            fn to_header(self) -> Result<Option<HeaderValue>, String> {
                self.to_string().to_header()
            }
        }

        impl ToElement for $form<'_, DateTime> {
            fn to_element(&self) -> Option<Cow<'_, str>> {
                Some(self.to_text())
            }
        }

        impl<'a, T> ToUrl for $form<'a, Option<T>>
        where
            $form<'a, T>: ToUrl,
        {
            fn each_text(&self, write: &mut dyn FnMut(&str)) {
                self.0.iter().for_each(|time| $form(time).each_text(write));
            }
        }

        impl<'a, T> ToUrl for $form<'a, Vec<T>>
        where
            $form<'a, T>: ToUrl,
        {
            fn each_text(&self, write: &mut dyn FnMut(&str)) {
                self.0.iter().for_each(|time| $form(time).each_text(write));
            }
        }

        impl<'a, T> ToHeader for $form<'a, Option<T>>
        where
            $form<'a, T>: ToHeader,
        {
            fn to_header(self) -> Result<Option<HeaderValue>, String> {
                self.0.as_ref().map($form).to_header()
            }
        }

        impl<'a, T> ToHeader for $form<'a, Vec<T>>
        where
            $form<'a, T>: ToElement,
        {
            fn to_header(self) -> Result<Option<HeaderValue>, String> {
                let elements = self.0.iter().filter_map(|time| {
                    let text = $form(time).to_element()?.into_owned();
                    Some(Cow::Owned(text))
                });
                list_header(elements)
            }
        }

        impl<'a, T> ToElement for $form<'a, Option<T>>
        where
            $form<'a, T>: ToElement,
        {
            fn to_element(&self) -> Option<Cow<'_, str>> {
                let text = $form(self.0.as_ref()?).to_element()?.into_owned();
                Some(text.into())
            }
        }
    )*};
}

forms!(DateTimeText HttpDate EpochSeconds);
