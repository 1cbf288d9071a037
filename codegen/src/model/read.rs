//! A JSON value into its mirror: everything that does not fit is reported in one go, in words for people.
//!
//! serde stops at the first error. So a value of a wrong type is noted and replaced by an empty one of the right type,
//! and a missing key by one that stands for it, until the whole document has been read.

use std::cell::RefCell;
use std::fmt;

use serde::de::value::{MapDeserializer, SeqDeserializer};
use serde::de::{self, DeserializeOwned, Deserializer, IntoDeserializer, Visitor};
use serde::forward_to_deserialize_any;
use serde_json::{Map, Value};

use crate::diagnostics::{Reporter, did_you_mean};
use crate::source::JsonPath;

/// Reads a document, or reports all that is wrong with it.
pub(super) fn read<T: DeserializeOwned>(mut value: Value, root: &JsonPath, reporter: &mut Reporter<'_>) -> Option<T> {
    let mut reading = Reading::default();
    let mirror = loop {
        let node = Node {
            value: &value,
            path: root.clone(),
            siblings: &[],
            reading: &reading,
        };
        match T::deserialize(node) {
            Ok(mirror) => break Some(mirror),
            Err(Failure::Missing(object, key)) => {
                let object = object.unwrap_or_else(|| root.clone());
                if reading.supply(&mut value, &object, key).is_none() {
                    break None;
                }
            }
            Err(Failure::Other(path, message)) => {
                let help = "write it in one of the ways that this place allows";
                reading.note(path.as_ref().unwrap_or(root), &message, help);
                break None;
            }
        }
    };
    let problems = reading.problems.into_inner();
    let mirror = mirror.filter(|_| problems.is_empty());
    for problem in problems {
        reporter.error(&problem.at, problem.message, problem.help);
    }
    mirror
}

struct Problem {
    at: JsonPath,
    message: String,
    help: String,
}

/// What has been found so far.
#[derive(Default)]
struct Reading {
    problems: RefCell<Vec<Problem>>,
    /// What has been put into the document: nothing is said about these values.
    supplied: Vec<JsonPath>,
}

impl Reading {
    fn note(&self, at: &JsonPath, message: &str, help: &str) {
        let mut problems = self.problems.borrow_mut();
        if !problems.iter().any(|p| p.at == *at && p.message == message) {
            problems.push(Problem {
                at: at.clone(),
                message: message.to_owned(),
                help: help.to_owned(),
            });
        }
    }

    /// Notes that a key is missing, and puts `null` there, so that reading can go on.
    fn supply(&mut self, document: &mut Value, object: &JsonPath, key: &'static str) -> Option<()> {
        let value = document.pointer_mut(&object.to_string())?;
        if !value.is_object() {
            // It is missing itself or has a wrong type, which has been noted.
            *value = Value::Object(Map::new());
            self.supplied.push(object.clone());
        }
        value[key] = Value::Null;
        if !self.supplied.contains(object) {
            let help = format!("add `\"{key}\": ...`");
            self.note(object, &format!("the key `{key}` is missing"), &help);
        }
        self.supplied.push(object.key(key));
        Some(())
    }
}

/// A value with what its messages need.
#[derive(Clone)]
struct Node<'a> {
    value: &'a Value,
    path: JsonPath,
    /// The keys that the object around it may have.
    siblings: &'static [&'static str],
    reading: &'a Reading,
}

impl<'a> Node<'a> {
    fn child(&self, value: &'a Value, path: JsonPath, siblings: &'static [&'static str]) -> Self {
        Self {
            value,
            path,
            siblings,
            reading: self.reading,
        }
    }

    /// Notes that the value has a wrong type, unless it stands for a missing one.
    fn mismatch(&self, expected: &str) {
        if !self.reading.supplied.contains(&self.path) {
            let message = format!("expected {expected}, found {}", describe(self.value));
            let help = format!("write {expected} here");
            self.reading.note(&self.path, &message, &help);
        }
    }

    fn elements(&self, items: &'a [Value]) -> impl Iterator<Item = Self> {
        let indexed = items.iter().enumerate();
        indexed.map(|(index, item)| self.child(item, self.path.index(index), &[]))
    }

    fn visit_entries<V: Visitor<'a>>(
        &self,
        entries: Option<&'a Map<String, Value>>,
        keys: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Failure> {
        let entries = entries.into_iter().flatten();
        let nodes = entries.map(|(key, value)| (key.as_str(), self.child(value, self.path.key(key), keys)));
        visitor
            .visit_map(MapDeserializer::new(nodes))
            .map_err(|failure| failure.within(&self.path))
    }
}

fn describe(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(value) => value.to_string(),
        Value::Number(number) => format!("the number {number}"),
        Value::String(_) => format!("the string {value}"),
        Value::Array(_) => "an array".to_owned(),
        Value::Object(_) => "an object".to_owned(),
    }
}

impl<'de> Deserializer<'de> for Node<'de> {
    type Error = Failure;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Failure> {
        let result = match self.value {
            Value::Null => visitor.visit_unit(),
            Value::Bool(value) => visitor.visit_bool(*value),
            Value::String(text) => visitor.visit_borrowed_str(text),
            Value::Array(items) => visitor.visit_seq(SeqDeserializer::new(self.elements(items))),
            Value::Object(entries) => self.visit_entries(Some(entries), &[], visitor),
            Value::Number(number) => match (number.as_u64(), number.as_i64()) {
                (Some(value), _) => visitor.visit_u64(value),
                (None, Some(value)) => visitor.visit_i64(value),
                (None, None) => visitor.visit_f64(number.as_f64().unwrap_or_default()),
            },
        };
        result.map_err(|failure| failure.within(&self.path))
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Failure> {
        let value = self.value.as_bool();
        visitor.visit_bool(value.unwrap_or_else(|| {
            self.mismatch("`true` or `false`");
            false
        }))
    }

    fn deserialize_i64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Failure> {
        let value = self.value.as_i64();
        visitor.visit_i64(value.unwrap_or_else(|| {
            self.mismatch("an integer");
            0
        }))
    }

    fn deserialize_f64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Failure> {
        let value = self.value.as_f64();
        visitor.visit_f64(value.unwrap_or_else(|| {
            self.mismatch("a number");
            0.0
        }))
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Failure> {
        let value = self.value.as_str();
        visitor.visit_borrowed_str(value.unwrap_or_else(|| {
            self.mismatch("a string");
            ""
        }))
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Failure> {
        visitor.visit_some(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Failure> {
        let items = self.value.as_array();
        if items.is_none() {
            self.mismatch("an array");
        }
        let items = items.map_or(&[][..], Vec::as_slice);
        visitor.visit_seq(SeqDeserializer::new(self.elements(items)))
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Failure> {
        self.deserialize_struct("", &[], visitor)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        keys: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Failure> {
        let entries = self.value.as_object();
        if entries.is_none() {
            self.mismatch("an object");
        }
        self.visit_entries(entries, keys, visitor)
    }

    /// A key that no mirror has: nothing is dropped silently.
    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Failure> {
        let key = self.path.last_key();
        let message = format!("the key `{key}` is not known here");
        let suggestion = did_you_mean(key, self.siblings.iter().copied());
        let help = format!(
            "remove the key or correct its name{suggestion}; if the dialect has a new key, add it to codegen's `model`"
        );
        self.reading.note(&self.path.name(), &message, &help);
        visitor.visit_unit()
    }

    forward_to_deserialize_any! {
        i8 i16 i32 u8 u16 u32 u64 f32 char str bytes byte_buf unit unit_struct newtype_struct tuple tuple_struct enum
        identifier
    }
}

impl<'de> IntoDeserializer<'de, Failure> for Node<'de> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

/// Why a mirror could not be made.
#[derive(Debug)]
enum Failure {
    /// A key that the object must have.
    Missing(Option<JsonPath>, &'static str),
    /// A mirror's own objection.
    Other(Option<JsonPath>, String),
}

impl Failure {
    /// The innermost place counts.
    fn within(self, path: &JsonPath) -> Self {
        match self {
            Self::Missing(None, key) => Self::Missing(Some(path.clone()), key),
            Self::Other(None, message) => Self::Other(Some(path.clone()), message),
            placed => placed,
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing(_, key) => write!(f, "the key `{key}` is missing"),
            Self::Other(_, message) => f.write_str(message),
        }
    }
}

impl std::error::Error for Failure {}

impl de::Error for Failure {
    fn custom<M: fmt::Display>(message: M) -> Self {
        Self::Other(None, message.to_string())
    }

    fn missing_field(key: &'static str) -> Self {
        Self::Missing(None, key)
    }

    fn invalid_type(found: de::Unexpected<'_>, expected: &dyn de::Expected) -> Self {
        Self::custom(format_args!("expected {expected}, found {found}"))
    }
}
