//! Maps of which a few members are wanted.

use std::borrow::Cow;

use super::{Error, FromCbor, Reader};

/// The members of a map, for looking up a few by name.
#[derive(Debug)]
pub struct Members<'a>(Vec<(Cow<'a, str>, &'a [u8])>);

impl<'a> Members<'a> {
    /// Reads a map. An empty body is an empty map.
    ///
    /// # Errors
    ///
    /// When the bytes are not a CBOR map.
    pub fn read(body: &'a [u8]) -> Result<Self, Error> {
        let mut members = Vec::new();
        if !body.is_empty() {
            let mut cbor = Reader::new(body);
            cbor.begin_object()?;
            while let Some(name) = cbor.next_member()? {
                members.push((name, cbor.raw()?));
            }
            cbor.end()?;
        }
        Ok(Self(members))
    }

    /// The member with this very name, the last one if there are several; `None` where it is null or of another type.
    pub fn get<T: FromCbor>(&self, name: &str) -> Option<T> {
        let (_, value) = self.0.iter().rfind(|(key, _)| key == name)?;
        Reader::new(value).read::<Option<T>>().ok()?
    }

    /// The text of a member.
    pub fn text(&self, name: &str) -> Option<String> {
        self.get(name)
    }
}
