//! A JSON value into its mirror: everything that does not fit is reported in one go, in words for people.
//!
//! serde stops at the first error. So a value of a wrong type is noted and replaced by an empty one of the right type,
//! and a missing key by one that stands for it, until the whole document has been read.

use std::cell::RefCell;
use std::fmt;

use serde::de::value::{MapDeserializer, SeqDeserializer};
use serde::de::{self, DeserializeOwned, Deserializer, IntoDeserializer, Visitor};
use serde::forward_to_deserialize_any;
use serde_json::{Map, Number, Value};

use crate::diagnostics::{Reporter, did_you_mean};
use crate::source::{File, JsonPath, Step};

/// How many missing keys are reported in one go: the document is read once more for each of them.
const MOST_MISSING: usize = 50;

/// Reads a document, or reports all that is wrong with it.
pub(super) fn read<T: DeserializeOwned>(mut value: Value, root: &JsonPath, reporter: &mut Reporter<'_>) -> Option<T> {
    let mut reading = Reading::default();
    let mirror = loop {
        let node = Node {
            value: &value,
            place: Step::Root(root),
            siblings: &[],
            reading: &reading,
        };
        match T::deserialize(node) {
            Ok(mirror) => break Some(mirror),
            Err(Failure::Missing(..)) if reading.missing == MOST_MISSING => break None,
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
    /// How many keys were missing.
    missing: usize,
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
        self.missing += 1;
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
#[derive(Clone, Copy)]
struct Node<'a, 'p> {
    value: &'a Value,
    place: Step<'p>,
    /// The keys that the object around it may have.
    siblings: &'static [&'static str],
    reading: &'p Reading,
}

impl<'a> Node<'a, '_> {
    /// Notes that the value has a wrong type, unless it stands for a missing one.
    fn mismatch(&self, expected: &str) {
        let path = self.place.path();
        if !self.reading.supplied.contains(&path) {
            let message = format!("expected {expected}, found {}", describe(self.value));
            let help = format!("write {expected} here");
            self.reading.note(&path, &message, &help);
        }
    }

    fn visit_elements<V: Visitor<'a>>(&self, items: &'a [Value], visitor: V) -> Result<V::Value, Failure> {
        let nodes = items.iter().enumerate().map(|(index, value)| Node {
            value,
            place: Step::Index(&self.place, index),
            siblings: &[],
            reading: self.reading,
        });
        visitor.visit_seq(SeqDeserializer::new(nodes))
    }

    fn visit_entries<V: Visitor<'a>>(
        &self,
        entries: Option<&'a Map<String, Value>>,
        keys: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Failure> {
        let nodes = entries.into_iter().flatten().map(|(key, value)| {
            let node = Node {
                value,
                place: Step::Key(&self.place, key),
                siblings: keys,
                reading: self.reading,
            };
            (key.as_str(), node)
        });
        visitor
            .visit_map(MapDeserializer::new(nodes))
            .map_err(|failure| failure.within(&self.place))
    }
}

/// Whatever is asked for, integers stay integers.
fn visit_number<'a, V: Visitor<'a>>(number: &Number, visitor: V) -> Result<V::Value, Failure> {
    match (number.as_u64(), number.as_i64()) {
        (Some(value), _) => visitor.visit_u64(value),
        (None, Some(value)) => visitor.visit_i64(value),
        (None, None) => visitor.visit_f64(number.as_f64().unwrap_or_default()),
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

impl<'de> Deserializer<'de> for Node<'de, '_> {
    type Error = Failure;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Failure> {
        let result = match self.value {
            Value::Null => visitor.visit_unit(),
            Value::Bool(value) => visitor.visit_bool(*value),
            Value::String(text) => visitor.visit_borrowed_str(text),
            Value::Array(items) => self.visit_elements(items, visitor),
            Value::Object(entries) => self.visit_entries(Some(entries), &[], visitor),
            Value::Number(number) => visit_number(number, visitor),
        };
        result.map_err(|failure| failure.within(&self.place))
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
        match self.value {
            Value::Number(number) => visit_number(number, visitor),
            _ => {
                self.mismatch("a number");
                visitor.visit_f64(0.0)
            }
        }
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
        self.visit_elements(items, visitor)
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
        let key = self.place.last_key();
        let message = format!("the key `{key}` is not known here");
        let suggestion = did_you_mean(&key, self.siblings.iter().copied());
        let path = self.place.path().name();
        let way_out = match path.file() {
            File::Client => format!("there can be {}", self.siblings.join(", ")),
            _ => "if the dialect has a new key, add it to codegen's `model`".to_owned(),
        };
        let help = format!("remove the key or correct its name{suggestion}; {way_out}");
        self.reading.note(&path, &message, &help);
        visitor.visit_unit()
    }

    forward_to_deserialize_any! {
        i8 i16 i32 u8 u16 u32 u64 f32 char str bytes byte_buf unit unit_struct newtype_struct tuple tuple_struct enum
        identifier
    }
}

impl<'de> IntoDeserializer<'de, Failure> for Node<'de, '_> {
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
    fn within(self, place: &Step<'_>) -> Self {
        match self {
            Self::Missing(None, key) => Self::Missing(Some(place.path()), key),
            Self::Other(None, message) => Self::Other(Some(place.path()), message),
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
