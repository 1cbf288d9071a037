//! Forms, read back: the other direction of what the client writes.
//!
//! [`Reader`] has the interface of that of XML. It enters the parts of the keys one after the other: `Tags.member.1.Key` is a
//! member with a list, whose first element has a member.

use std::collections::HashMap;
use std::fmt;
use std::hash::Hash;

use base64::prelude::{BASE64_STANDARD, Engine};
use bytes::Bytes;

use crate::words::text::FromText;
use crate::words::zero::Zero;

/// How deep members may be nested.
const MAX_DEPTH: usize = 128;

/// A type that can be read from a form.
pub trait FromForm: Zero + Sized {
    /// Takes the part that was just entered; `None` where it holds no value, such as a number without digits.
    ///
    /// # Errors
    ///
    /// When a value is of another type.
    fn from_form(form: &mut Reader<'_>) -> Result<Option<Self>, Error>;
}

/// How a part is read where [`FromForm`] does not know its names.
pub type Read<T> = fn(&mut Reader<'_>) -> Result<Option<T>, Error>;

/// How a member of a union with this name is read; `None` where there is no such member, and nothing has been read.
pub type ReadMember<T> = fn(&mut Reader<'_>, &str) -> Result<Option<Option<T>>, Error>;

/// What is wrong with a form.
#[derive(Debug)]
pub struct Error(String);

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A form as a tree: a node for each part of a key.
#[derive(Debug, Default)]
pub(super) struct Form {
    text: Option<String>,
    children: Vec<(String, Self)>,
}

impl Form {
    pub(super) fn of(pairs: impl Iterator<Item = (String, String)>) -> Result<Self, Error> {
        let mut root = Self::default();
        for (key, text) in pairs {
            let mut node = &mut root;
            for (depth, part) in key.split('.').enumerate() {
                if depth == MAX_DEPTH {
                    return Err(Error(format!("a key has more than {MAX_DEPTH} parts")));
                }
                node = node.child(part);
            }
            node.text = Some(text);
        }
        Ok(root)
    }

    fn child(&mut self, name: &str) -> &mut Self {
        // Keys with the same beginning follow each other.
        let found = self.children.iter().rposition(|(child, _)| child == name);
        let index = found.unwrap_or_else(|| {
            self.children.push((name.to_owned(), Self::default()));
            self.children.len() - 1
        });
        &mut self.children[index].1
    }

    pub(super) fn reader(&self) -> Reader<'_> {
        let root = Open {
            name: "",
            node: self,
            next: 0,
        };
        Reader { open: vec![root] }
    }
}

/// Reads a form.
///
/// [`next_child`](Self::next_child) enters a part, which is then taken as a whole: its children one by one until there are
/// none, or by any other function.
#[derive(Debug)]
pub struct Reader<'f> {
    open: Vec<Open<'f>>,
}

#[derive(Debug)]
struct Open<'f> {
    name: &'f str,
    node: &'f Form,
    next: usize,
}

impl<'f> Reader<'f> {
    /// Enters the next child, and returns its name; `None` at the end of the part, which is left.
    ///
    /// # Errors
    ///
    /// None; so the interface is that of XML.
    pub fn next_child(&mut self) -> Result<Option<&'f str>, Error> {
        let Some(open) = self.open.last_mut() else {
            return Ok(None);
        };
        let Some((name, node)) = open.node.children.get(open.next) else {
            self.open.pop();
            return Ok(None);
        };
        open.next += 1;
        self.open.push(Open { name, node, next: 0 });
        Ok(Some(name))
    }

    /// Leaves the part that was just entered.
    ///
    /// # Errors
    ///
    /// None; so the interface is that of XML.
    pub fn skip(&mut self) -> Result<(), Error> {
        self.open.pop();
        Ok(())
    }

    /// Takes the text of the part that was just entered.
    fn text(&mut self) -> &'f str {
        let open = self.open.pop();
        open.and_then(|open| open.node.text.as_deref()).unwrap_or_default()
    }

    fn not_a(&self, name: &str, expected: &str) -> Error {
        let names = self.open.iter().map(|open| open.name).chain([name]);
        let key: Vec<&str> = names.filter(|name| !name.is_empty()).collect();
        Error(format!("`{}` is not {expected}", key.join(".")))
    }

    fn name(&self) -> &'f str {
        self.open.last().map_or("", |open| open.name)
    }

    /// Takes a member into its field. Where there is no value, the field stays as it is.
    ///
    /// # Errors
    ///
    /// When a value is of another type.
    pub fn fill<T: FromForm>(&mut self, field: &mut T) -> Result<(), Error> {
        self.fill_with(field, T::from_form)
    }

    /// Takes a member into its field, as `read` does.
    ///
    /// # Errors
    ///
    /// When a value is of another type.
    pub fn fill_with<T, F: From<T>>(&mut self, field: &mut F, read: Read<T>) -> Result<(), Error> {
        if let Some(value) = read(self)? {
            *field = F::from(value);
        }
        Ok(())
    }

    /// Takes the elements of a list that have the name of the member and a number.
    ///
    /// # Errors
    ///
    /// When an element is of another type.
    pub fn push<T: FromForm>(&mut self, list: &mut Vec<T>) -> Result<(), Error> {
        self.push_with(list, T::from_form)
    }

    /// Takes the elements of a list that have the name of the member and a number, as `read` does.
    ///
    /// # Errors
    ///
    /// When an element is of another type.
    pub fn push_with<T>(&mut self, list: &mut Vec<T>, read: Read<T>) -> Result<(), Error> {
        while self.next_child()?.is_some() {
            list.extend(read(self)?);
        }
        Ok(())
    }

    /// Takes a list whose elements have a number alone.
    ///
    /// # Errors
    ///
    /// When an element is of another type.
    pub fn numbered<T>(&mut self, element: Read<T>) -> Result<Option<Vec<T>>, Error> {
        let mut list = Vec::new();
        self.push_with(&mut list, element)?;
        Ok(Some(list))
    }

    /// Takes a list whose elements have a name, whatever it is, and a number.
    ///
    /// # Errors
    ///
    /// When an element is of another type.
    pub fn list<T>(&mut self, element: Read<T>) -> Result<Option<Vec<T>>, Error> {
        let mut list = Vec::new();
        while self.next_child()?.is_some() {
            self.push_with(&mut list, element)?;
        }
        Ok(Some(list))
    }

    /// Takes a map whose entries have a name, whatever it is, and a number. An entry has its key and value in children of
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

    /// Takes the entries of a map that have the name of the member and a number. One without a key or value is left out.
    ///
    /// # Errors
    ///
    /// When a value is of another type.
    pub fn entry<K, V>(&mut self, map: &mut HashMap<K, V>, key: &str, value: &str, read: Read<V>) -> Result<(), Error>
    where
        K: From<String> + Eq + Hash,
    {
        while self.next_child()?.is_some() {
            let mut entry = (None, None);
            while let Some(name) = self.next_child()? {
                if name == key {
                    entry.0 = Some(self.text().to_owned());
                } else if name == value {
                    entry.1 = read(self)?;
                } else {
                    self.skip()?;
                }
            }
            if let (Some(key), Some(value)) = entry {
                map.insert(key.into(), value);
            }
        }
        Ok(())
    }

    /// Takes a union. The first child that `member` knows counts. Where it knows none, `unknown` gets the name of the first.
    ///
    /// # Errors
    ///
    /// When a member is of another type.
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
    /// When it is of another type.
    pub fn read<T: FromForm>(&mut self) -> Result<Option<T>, Error> {
        T::from_form(self)
    }
}

impl<T: FromText + Zero> FromForm for T {
    fn from_form(form: &mut Reader<'_>) -> Result<Option<Self>, Error> {
        let name = form.name();
        let text = form.text();
        if !T::TAKES_EMPTY && text.trim_ascii().is_empty() {
            return Ok(None);
        }
        let value = T::from_text(text.into());
        value.map(Some).ok_or_else(|| form.not_a(name, T::EXPECTED))
    }
}

impl FromForm for Bytes {
    fn from_form(form: &mut Reader<'_>) -> Result<Option<Self>, Error> {
        let name = form.name();
        let bytes = BASE64_STANDARD.decode(form.text());
        let bytes = bytes.map_err(|_| form.not_a(name, "Base64"))?;
        Ok(Some(bytes.into()))
    }
}

impl<T: FromForm> FromForm for Option<T> {
    fn from_form(form: &mut Reader<'_>) -> Result<Option<Self>, Error> {
        T::from_form(form).map(Some)
    }
}

impl<T: FromForm> FromForm for Vec<T> {
    fn from_form(form: &mut Reader<'_>) -> Result<Option<Self>, Error> {
        form.list(T::from_form)
    }
}

/// A map whose entries have the usual names.
impl<K: From<String> + Eq + Hash, V: FromForm> FromForm for HashMap<K, V> {
    fn from_form(form: &mut Reader<'_>) -> Result<Option<Self>, Error> {
        form.map("key", "value", V::from_form)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read<T: FromForm>(pairs: &[(&str, &str)]) -> Result<Option<T>, String> {
        let pairs = pairs.iter().map(|(key, text)| ((*key).to_owned(), (*text).to_owned()));
        let form = Form::of(pairs).map_err(|error| error.to_string())?;
        form.reader().read().map_err(|error| error.to_string())
    }

    #[test]
    fn lists_and_maps() {
        let lists: Option<Vec<Vec<i32>>> =
            read(&[("member.1.member.1", "7"), ("member.1.member.2", "8"), ("member.2", "")]).expect("a list");
        assert_eq!(lists, Some(vec![vec![7, 8], Vec::new()]));
        let map: Option<HashMap<String, bool>> =
            read(&[("entry.1.key", "a"), ("entry.1.value", "true"), ("entry.2.key", "b")]).expect("a map");
        assert_eq!(map, Some(HashMap::from([("a".to_owned(), true)])));
    }

    #[test]
    fn an_error_has_the_key() {
        let list = read::<Vec<i32>>(&[("member.1", "1"), ("member.2", "two")]);
        let problem = "`member.2` is not the number that it should be";
        assert_eq!(list.expect_err("not a number"), problem);
        let deep = "a.".repeat(200);
        assert!(read::<Vec<i32>>(&[(&deep, "")]).is_err());
    }
}
