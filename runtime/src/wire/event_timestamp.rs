//! Points in time in the headers of events.

use crate::wire::frame::{FromEventHeader, Value};
use crate::words::date_time::DateTime;

impl FromEventHeader for DateTime {
    fn from_value(value: Value<'_>) -> Option<Self> {
        match value {
            Value::Timestamp(millis) => Some(Self::from_millis(millis)),
            _ => None,
        }
    }
}
