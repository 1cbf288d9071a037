//! The parameters of a case, as JSON.

use serde_json::{Map, Value};

/// Values by name.
pub(crate) struct Values<'a>(pub(crate) &'a Map<String, Value>);

impl<'a> Values<'a> {
    pub(crate) fn text(&self, name: &str) -> Result<Option<&'a str>, String> {
        self.get(name, "a string", Value::as_str)
    }

    pub(crate) fn flag(&self, name: &str) -> Result<Option<bool>, String> {
        self.get(name, "`true` or `false`", Value::as_bool)
    }

    pub(crate) fn list(&self, name: &str) -> Result<Option<Vec<&'a str>>, String> {
        self.get(name, "a list of strings", |value| {
            value.as_array()?.iter().map(Value::as_str).collect()
        })
    }

    fn get<T>(
        &self,
        name: &str,
        wanted: &str,
        read: impl Fn(&'a Value) -> Option<T>,
    ) -> Result<Option<T>, String> {
        match self.0.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(value) => match read(value) {
                Some(value) => Ok(Some(value)),
                None => Err(format!("the parameter `{name}` is {value}, but must be {wanted}")),
            },
        }
    }
}
