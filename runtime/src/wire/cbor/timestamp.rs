//! Points in time in CBOR: seconds since 1970, with a tag that says so.

use super::{Error, FromCbor, Number, Reader, ToCbor, Writer};
use crate::words::date_time::DateTime;

/// The tag of seconds since 1970.
const EPOCH: u64 = 1;

impl FromCbor for DateTime {
    /// Takes a number of any form, even without a tag.
    fn from_cbor(cbor: &mut Reader<'_>) -> Result<Self, Error> {
        let place = cbor.place();
        let time = match cbor.number()? {
            Number::Integer(seconds) => seconds.try_into().ok().map(Self::from_secs),
            Number::Float(seconds) => Self::from_secs_f64(seconds),
        };
        time.ok_or_else(|| cbor.error("a value is no time", place))
    }
}

impl ToCbor for DateTime {
    /// Writes an integer, or a float where there are milliseconds.
    fn to_cbor(&self, cbor: &mut Writer) {
        cbor.tag(EPOCH);
        match self.subsec_nanos() / 1_000_000 {
            0 => cbor.integer(self.secs()),
            millis => {
                let millis = i128::from(self.secs()) * 1000 + i128::from(millis);
                cbor.double(millis as f64 / 1000.0);
            }
        }
    }
}
