//! How the types of a description look in XML.

use std::collections::HashMap;
use std::hash::Hash;

use base64::prelude::{BASE64_STANDARD, Engine};
use bytes::Bytes;

use super::{Error, Reader, Writer};
use crate::words::text::{FromText, ToText};
use crate::words::zero::Zero;

/// A type that can be read from the content of an element.
pub trait FromXml: Zero + Sized {
    /// Takes the rest of the element that was just entered; `None` where it holds no value, such as a number without
    /// digits.
    ///
    /// # Errors
    ///
    /// When the content is of another type.
    fn from_xml(xml: &mut Reader<'_>) -> Result<Option<Self>, Error>;
}

/// A type that can be written as the content of an element.
pub trait ToXml {
    /// Writes attributes and content of the element that was just begun.
    fn to_xml(&self, xml: &mut Writer);

    /// Whether there is no value, so that a member is left out.
    fn is_absent(&self) -> bool {
        false
    }
}

/// How an element's content is read where [`FromXml`] does not know its names.
pub type Read<T> = fn(&mut Reader<'_>) -> Result<Option<T>, Error>;

/// How a member of a union with this name is read; `None` where there is no such member, and nothing has been read.
pub type ReadMember<T> = fn(&mut Reader<'_>, &str) -> Result<Option<Option<T>>, Error>;

const OTHER_TYPE: &str = "a value is of another type";

impl Reader<'_> {
    /// Takes the content of a member's element into its field. Where there is no value, the field stays as it is.
    ///
    /// This compiles faster than an assignment, whose code would be repeated for each member.
    ///
    /// # Errors
    ///
    /// When the content is of another type.
    #[inline(never)]
    pub fn fill<T: FromXml>(&mut self, field: &mut T) -> Result<(), Error> {
        if let Some(value) = T::from_xml(self)? {
            *field = value;
        }
        Ok(())
    }

    /// Takes the content of a member's element into its field, as `read` does.
    ///
    /// # Errors
    ///
    /// When the content is of another type.
    pub fn fill_with<T, F: From<T>>(&mut self, field: &mut F, read: Read<T>) -> Result<(), Error> {
        if let Some(value) = read(self)? {
            *field = F::from(value);
        }
        Ok(())
    }

    /// An attribute of the element that was just entered, if it is there.
    ///
    /// # Errors
    ///
    /// When the value is of another type.
    pub fn read_attribute<T: FromText>(&self, local_name: &str) -> Result<Option<T>, Error> {
        let Some(text) = self.attribute(local_name)? else {
            return Ok(None);
        };
        match T::from_text(text) {
            Some(value) => Ok(Some(value)),
            None => Err(self.error(OTHER_TYPE, self.place())),
        }
    }

    /// Takes an attribute of the element that was just entered into its field. Where there is none, the field stays as it is.
    ///
    /// # Errors
    ///
    /// When the value is of another type.
    pub fn fill_attribute<T: FromText>(&self, local_name: &str, field: &mut T) -> Result<(), Error> {
        if let Some(value) = self.read_attribute(local_name)? {
            *field = value;
        }
        Ok(())
    }

    /// Takes one of the elements that a flattened list consists of.
    ///
    /// # Errors
    ///
    /// When the content is of another type.
    #[inline(never)]
    pub fn push<T: FromXml>(&mut self, list: &mut Vec<T>) -> Result<(), Error> {
        // `extend` would take much longer to compile, for each type of list.
        if let Some(value) = T::from_xml(self)? {
            list.push(value);
        }
        Ok(())
    }

    /// Takes one of the elements that a flattened list consists of, as `read` does.
    ///
    /// # Errors
    ///
    /// When the content is of another type.
    pub fn push_with<T>(&mut self, list: &mut Vec<T>, read: Read<T>) -> Result<(), Error> {
        list.extend(read(self)?);
        Ok(())
    }

    /// Takes a list whose elements are the children, whatever their names.
    ///
    /// # Errors
    ///
    /// When an element is of another type.
    pub fn list<T>(&mut self, element: Read<T>) -> Result<Option<Vec<T>>, Error> {
        let mut list = Vec::new();
        while self.next_child()?.is_some() {
            if let Some(value) = element(self)? {
                list.push(value);
            }
        }
        Ok(Some(list))
    }

    /// Takes a map whose entries are the children, whatever their names. An entry has its key and value in children of
    /// these names.
    ///
    /// # Errors
    ///
    /// When a value is of another type.
    pub fn map<K, V>(&mut self, key: &str, value: &str, read: Read<V>) -> Result<Option<HashMap<K, V>>, Error>
    where
        K: From<String> + Eq + Hash,
    {
        let mut map = HashMap::new();
        while self.next_child()?.is_some() {
            self.entry(&mut map, key, value, read)?;
        }
        Ok(Some(map))
    }

    /// Takes one of the entries that a flattened map consists of. One without a key or value is left out.
    ///
    /// # Errors
    ///
    /// When the value is of another type.
    pub fn entry<K, V>(&mut self, map: &mut HashMap<K, V>, key: &str, value: &str, read: Read<V>) -> Result<(), Error>
    where
        K: From<String> + Eq + Hash,
    {
        let mut entry = (None, None);
        while let Some(name) = self.next_child()? {
            if name == key {
                entry.0 = Some(self.text()?.into_owned());
            } else if name == value {
                entry.1 = read(self)?;
            } else {
                self.skip()?;
            }
        }
        if let (Some(key), Some(value)) = entry {
            map.insert(key.into(), value);
        }
        Ok(())
    }

    /// Takes a union. The first child that `member` knows counts. Where it knows none, `unknown` gets the name of the first.
    ///
    /// # Errors
    ///
    /// When the content of a member is of another type.
    pub fn union<T>(&mut self, member: ReadMember<T>, unknown: fn(&str) -> T) -> Result<Option<T>, Error> {
        let mut known = None;
        let mut first_unknown = None;
        while let Some(name) = self.next_child()? {
            if known.is_none() {
                known = member(self, name)?;
                if known.is_some() {
                    continue;
                }
                first_unknown = first_unknown.or(Some(name));
            }
            self.skip()?;
        }
        Ok(known.unwrap_or_else(|| first_unknown.map(unknown)))
    }

    /// Takes a value of this type.
    ///
    /// # Errors
    ///
    /// When the content is of another type.
    pub fn read<T: FromXml>(&mut self) -> Result<Option<T>, Error> {
        T::from_xml(self)
    }
}

impl<T: FromText + Zero> FromXml for T {
    fn from_xml(xml: &mut Reader<'_>) -> Result<Option<Self>, Error> {
        let place = xml.place();
        let text = xml.text()?;
        if !T::TAKES_EMPTY && text.trim_ascii().is_empty() {
            return Ok(None);
        }
        match T::from_text(text) {
            Some(value) => Ok(Some(value)),
            None => Err(xml.error(OTHER_TYPE, place)),
        }
    }
}

impl<T: ToText + ?Sized> ToXml for T {
    fn to_xml(&self, xml: &mut Writer) {
        xml.text(&self.to_text());
    }
}

impl FromXml for Bytes {
    fn from_xml(xml: &mut Reader<'_>) -> Result<Option<Self>, Error> {
        let place = xml.place();
        let text = xml.text()?;
        let bytes = BASE64_STANDARD.decode(&*text).or_else(|_| {
            let without_breaks: Vec<u8> = text.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
            BASE64_STANDARD.decode(without_breaks)
        });
        match bytes {
            Ok(bytes) => Ok(Some(bytes.into())),
            Err(_) => Err(xml.error("a value is not Base64", place)),
        }
    }
}

impl ToXml for Bytes {
    fn to_xml(&self, xml: &mut Writer) {
        xml.text(&BASE64_STANDARD.encode(self));
    }
}

/// An empty element where a number should be is a field without a value.
impl<T: FromXml> FromXml for Option<T> {
    fn from_xml(xml: &mut Reader<'_>) -> Result<Option<Self>, Error> {
        T::from_xml(xml).map(Some)
    }
}

impl<T: ToXml> ToXml for Option<T> {
    fn to_xml(&self, xml: &mut Writer) {
        if let Some(value) = self {
            value.to_xml(xml);
        }
    }

    fn is_absent(&self) -> bool {
        self.is_none()
    }
}

impl<T: FromXml> FromXml for Vec<T> {
    fn from_xml(xml: &mut Reader<'_>) -> Result<Option<Self>, Error> {
        xml.list(T::from_xml)
    }
}

/// A map whose entries have the usual names.
impl<K: From<String> + Eq + Hash, V: FromXml> FromXml for HashMap<K, V> {
    fn from_xml(xml: &mut Reader<'_>) -> Result<Option<Self>, Error> {
        xml.map("key", "value", V::from_xml)
    }
}
