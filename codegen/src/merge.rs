//! Takes over the facts of a newer description, and keeps the prose of an older one.
//!
//! Facts are what clients are made of; prose is `documentation` and its like. What others have written is never copied: a new
//! place gets an empty text, for which the generator warns until somebody writes a sentence.

mod selection;

use serde_json::{Map, Value};

pub use self::selection::only;
use crate::source::File;

/// A description with the facts of one and the prose of another.
#[derive(Debug, PartialEq)]
pub struct Merged {
    /// The document. Keys keep their order; new ones follow, or stand where an alphabetical order has them.
    pub document: Value,
    /// The places without prose, as JSON pointers.
    pub unwritten: Vec<String>,
    /// Prose whose place is gone: where it would be in the document, and the text.
    pub homeless: Vec<(String, String)>,
}

/// Merges a document of `theirs` into that of `ours`, if there is one.
pub fn merge(file: File, ours: Option<&Value>, theirs: &Value) -> Merged {
    let mut merging = Merging {
        prose: prose_keys(file),
        unwritten: Vec::new(),
        homeless: Vec::new(),
    };
    let document = merging.value(ours, theirs, Keys::Words, "");
    Merged {
        document,
        unwritten: merging.unwritten,
        homeless: merging.homeless,
    }
}

/// A document without its prose.
pub fn strip(file: File, document: &Value) -> Value {
    strip_keys(document, prose_keys(file), Keys::Words)
}

fn strip_keys(value: &Value, prose: &[&str], keys: Keys) -> Value {
    match value {
        Value::Object(entries) => {
            let facts = entries
                .iter()
                .filter(|(key, _)| keys == Keys::Names || !prose.contains(&key.as_str()));
            let facts = facts.map(|(key, value)| (key.clone(), strip_keys(value, prose, kind(key, keys))));
            Value::Object(facts.collect())
        }
        Value::Array(elements) => {
            let elements = elements.iter();
            Value::Array(
                elements
                    .map(|element| strip_keys(element, prose, Keys::Words))
                    .collect(),
            )
        }
        fact => fact.clone(),
    }
}

/// The keys that hold prose.
fn prose_keys(file: File) -> &'static [&'static str] {
    match file {
        File::Service | File::EndpointRules => &["documentation", "deprecatedMessage"],
        File::Waiters => &["description", "documentation"],
        File::Partitions | File::Paginators | File::Examples | File::Client => &[],
    }
}

/// The keys whose values are objects with names for keys: there, `documentation` is somebody's name for something.
const NAMED: [&str; 9] = [
    "clientContextParams",
    "members",
    "operationContextParams",
    "operations",
    "pagination",
    "parameters",
    "shapes",
    "staticContextParams",
    "waiters",
];

/// What the keys of an object are.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Keys {
    /// Words of the dialect.
    Words,
    /// Names of the service's.
    Names,
}

struct Merging {
    prose: &'static [&'static str],
    unwritten: Vec<String>,
    homeless: Vec<(String, String)>,
}

impl Merging {
    fn value(&mut self, ours: Option<&Value>, theirs: &Value, keys: Keys, path: &str) -> Value {
        match (ours, theirs) {
            (Some(Value::Object(ours)), Value::Object(theirs)) => {
                Value::Object(self.object(Some(ours), theirs, keys, path))
            }
            (Some(Value::Array(ours)), Value::Array(theirs)) => Value::Array(self.array(ours, theirs, path)),
            (ours, theirs) => {
                if let Some(ours) = ours {
                    self.evict(ours, keys, path);
                }
                match theirs {
                    Value::Object(theirs) => Value::Object(self.object(None, theirs, keys, path)),
                    Value::Array(theirs) => Value::Array(self.array(&[], theirs, path)),
                    fact => fact.clone(),
                }
            }
        }
    }

    fn object(
        &mut self,
        ours: Option<&Map<String, Value>>,
        theirs: &Map<String, Value>,
        keys: Keys,
        path: &str,
    ) -> Map<String, Value> {
        let mut merged = Map::new();
        for (key, our_value) in ours.into_iter().flatten() {
            let place = step(path, key);
            if self.is_prose(key, keys) {
                merged.insert(key.clone(), our_value.clone());
            } else if let Some(their_value) = theirs.get(key) {
                merged.insert(
                    key.clone(),
                    self.value(Some(our_value), their_value, kind(key, keys), &place),
                );
            } else {
                self.evict(our_value, kind(key, keys), &place);
            }
        }
        for (key, their_value) in theirs {
            if merged.contains_key(key) {
                continue;
            }
            let place = step(path, key);
            if !self.is_prose(key, keys) {
                merged.insert(key.clone(), self.value(None, their_value, kind(key, keys), &place));
            } else if ours.is_none() && key == self.prose[0] {
                merged.insert(key.clone(), Value::String(String::new()));
            }
        }
        if ours.is_some_and(is_sorted) {
            merged.sort_keys();
        }
        let is_unwritten = |key: &&&str| merged.get(**key) == Some(&Value::String(String::new()));
        if keys == Keys::Words && self.prose.iter().any(|key| is_unwritten(&key)) {
            self.unwritten.push(path.to_owned());
        }
        merged
    }

    /// Elements of the same shape belong together, else those at the same place.
    fn array(&mut self, ours: &[Value], theirs: &[Value], path: &str) -> Vec<Value> {
        let mut homeless: Vec<Option<&Value>> = ours.iter().map(Some).collect();
        let mut merged = Vec::new();
        for (index, element) in theirs.iter().enumerate() {
            let counterpart = match element.get("shape") {
                Some(shape) => ours.iter().position(|ours| ours.get("shape") == Some(shape)),
                None => Some(index),
            };
            let counterpart = counterpart.and_then(|index| homeless.get_mut(index)?.take());
            merged.push(self.value(counterpart, element, Keys::Words, &step(path, &index.to_string())));
        }
        for (index, element) in homeless.into_iter().enumerate() {
            if let Some(element) = element {
                self.evict(element, Keys::Words, &step(path, &index.to_string()));
            }
        }
        merged
    }

    fn is_prose(&self, key: &str, keys: Keys) -> bool {
        keys == Keys::Words && self.prose.contains(&key)
    }

    /// Notes the prose in what is gone.
    fn evict(&mut self, value: &Value, keys: Keys, path: &str) {
        match value {
            Value::Object(entries) => {
                for (key, value) in entries {
                    let place = step(path, key);
                    match value {
                        Value::String(text) if self.is_prose(key, keys) => {
                            if !text.is_empty() {
                                self.homeless.push((place, text.clone()));
                            }
                        }
                        value => self.evict(value, kind(key, keys), &place),
                    }
                }
            }
            Value::Array(elements) => {
                for (index, element) in elements.iter().enumerate() {
                    self.evict(element, Keys::Words, &step(path, &index.to_string()));
                }
            }
            _ => {}
        }
    }
}

/// Whether the keys are in alphabetical order, which new ones then respect.
fn is_sorted(object: &Map<String, Value>) -> bool {
    object.len() > 1 && object.keys().is_sorted()
}

/// What the keys of the value of a key are.
fn kind(key: &str, keys: Keys) -> Keys {
    match keys {
        Keys::Words if NAMED.contains(&key) => Keys::Names,
        Keys::Words | Keys::Names => Keys::Words,
    }
}

/// A JSON pointer to a key.
fn step(path: &str, key: &str) -> String {
    format!("{path}/{}", key.replace('~', "~0").replace('/', "~1"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn facts_are_theirs_and_prose_is_ours() {
        let ours = json!({
            "documentation": "Ours.",
            "operations": { "Get": { "name": "Get", "documentation": "Gets." }, "Gone": { "documentation": "Went." } },
            "shapes": {
                "In": { "type": "structure", "members": {
                    "Id": { "shape": "Text", "documentation": "Which." },
                    "documentation": { "shape": "Text" },
                } },
                "Text": { "type": "string", "max": 5 },
            },
        });
        let theirs = json!({
            "documentation": "Theirs.",
            "operations": { "Get": { "name": "Get", "documentation": "Theirs.", "readonly": true } },
            "shapes": {
                "Text": { "type": "string", "max": 9, "documentation": "Theirs." },
                "In": { "type": "structure", "members": {
                    "documentation": { "shape": "Text", "location": "header" },
                    "New": { "shape": "Text", "documentation": "Theirs." },
                    "Id": { "shape": "Text", "documentation": "Theirs." },
                } },
            },
        });
        let merged = merge(File::Service, Some(&ours), &theirs);
        assert_eq!(
            merged.document,
            json!({
                "documentation": "Ours.",
                "operations": { "Get": { "name": "Get", "documentation": "Gets.", "readonly": true } },
                "shapes": {
                    "In": { "type": "structure", "members": {
                        "Id": { "shape": "Text", "documentation": "Which." },
                        "documentation": { "shape": "Text", "location": "header" },
                        "New": { "shape": "Text", "documentation": "" },
                    } },
                    "Text": { "type": "string", "max": 9 },
                },
            })
        );
        assert_eq!(merged.unwritten, ["/shapes/In/members/New"]);
        let homeless = ("/operations/Gone/documentation".to_owned(), "Went.".to_owned());
        assert_eq!(merged.homeless, [homeless]);
        // Once more changes nothing, and what is not written yet is told again.
        let again = merge(File::Service, Some(&merged.document), &theirs);
        assert_eq!((again.document, again.unwritten), (merged.document, merged.unwritten));
        assert_eq!(again.homeless, []);
    }

    #[test]
    fn regions_have_descriptions_that_are_facts() {
        let theirs =
            json!({ "partitions": [{ "id": "aws", "regions": { "me-west-1": { "description": "Middle East" } } }] });
        assert_eq!(merge(File::Partitions, None, &theirs).document, theirs);
    }
}
