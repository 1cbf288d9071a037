//! Documents: JSON of any form, which is kept as a tree.

use serde_json::Value;

use crate::wire::json::{Error, FromJson, Reader, ToJson, Writer};
use crate::words::zero::Zero;

impl FromJson for Value {
    fn from_json(json: &mut Reader<'_>) -> Result<Self, Error> {
        let place = json.place();
        let text = json.raw()?;
        serde_json::from_slice(text).map_err(|_| json.error("it is not valid", place))
    }

    fn null() -> Option<Self> {
        Some(Self::Null)
    }
}

impl Zero for Value {
    fn zero() -> Self {
        Self::Null
    }
}

impl ToJson for Value {
    fn to_json(&self, json: &mut Writer) {
        json.raw(&self.to_string());
    }
}
