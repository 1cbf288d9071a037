//! `examples-1.json`: calls that show what operations are for.

use indexmap::IndexMap;
use serde::Deserialize;
use serde_json::{Map, Value};

/// The whole file.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Examples {
    /// The version of the format.
    pub version: Option<String>,
    /// By operation.
    pub examples: IndexMap<String, Vec<Example>>,
}

/// A call and its result.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Example {
    /// An identifier.
    pub id: Option<String>,
    /// What it is for, in a line.
    pub title: String,
    /// What it is for, in a paragraph.
    pub description: Option<String>,
    /// Members and their values.
    pub input: Map<String, Value>,
    /// The same of the result.
    pub output: Option<Value>,
    /// What is to be said of members.
    pub comments: Option<Value>,
}
