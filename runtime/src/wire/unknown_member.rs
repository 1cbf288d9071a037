//! Members of unions that the service may send although its description, when this crate was generated, did not have
//! them.

use std::fmt;

use serde_json::Value;

use crate::wire::json::{Error, Reader, Writer};
use crate::words::hidden::Hidden;

/// A union's member that this crate does not know. It is sent back as it came.
///
/// `Debug` shows the name, but not the value: that may be sensitive.
#[derive(Clone, PartialEq)]
pub struct UnknownMember {
    name: String,
    value: Value,
}

impl UnknownMember {
    /// Reads the member with a name.
    ///
    /// # Errors
    ///
    /// When it is not JSON.
    #[doc(hidden)]
    pub fn read(name: &str, json: &mut Reader<'_>) -> Result<Self, Error> {
        Ok(Self {
            name: name.to_owned(),
            value: json.read()?,
        })
    }

    /// A member of which only the name is kept: its value is not JSON.
    #[cfg(any(feature = "cbor", feature = "xml"))]
    #[doc(hidden)]
    pub fn named(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            value: Value::Null,
        }
    }

    /// What stands for a union that had to be there and is not. It has no name.
    #[doc(hidden)]
    pub fn missing() -> Self {
        Self {
            name: String::new(),
            value: Value::Null,
        }
    }

    /// Whether this stands for a union that had to be there and is not.
    #[doc(hidden)]
    pub fn is_missing(&self) -> bool {
        self.name.is_empty()
    }

    /// Writes the member, inside the union's object.
    #[doc(hidden)]
    pub fn write(&self, json: &mut Writer) {
        if !self.is_missing() {
            json.member(&self.name, &self.value);
        }
    }

    /// The member's name. It is empty where the service left out a union that it says is always there.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The member's value.
    pub fn value(&self) -> &Value {
        &self.value
    }
}

impl fmt::Debug for UnknownMember {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UnknownMember")
            .field("name", &self.name)
            .field("value", &Hidden)
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_member_is_sent_back_as_it_came() {
        let text = r#"{"new":{"secret":[1.5,null]}}"#;
        let member = Reader::new(text.as_bytes())
            .union(|json, name| UnknownMember::read(name, json))
            .expect("it can be read");
        assert_eq!(member.name(), "new");
        assert_eq!(member.value(), &serde_json::json!({"secret": [1.5, null]}));
        assert_eq!(
            format!("{member:?}"),
            r#"UnknownMember { name: "new", value: *** hidden *** }"#
        );
        let mut json = Writer::new();
        json.begin_object();
        member.write(&mut json);
        UnknownMember::missing().write(&mut json);
        json.end_object();
        assert_eq!(json.into_bytes(), text.as_bytes());
    }
}
