//! What the rules say, as they say it: a client would understand the URL and drop most properties.

use std::collections::BTreeMap;

use serde_json::{Value, json};

/// What the rules say of where requests go.
#[derive(Debug)]
pub(crate) struct Endpoint {
    url: String,
    properties: Value,
    headers: BTreeMap<String, Vec<String>>,
}

impl Endpoint {
    pub(crate) fn parse(url: &str) -> Result<Self, String> {
        Ok(Self {
            url: url.to_owned(),
            properties: json!({}),
            headers: BTreeMap::new(),
        })
    }

    pub(crate) fn with_header(mut self, name: &str, value: &str) -> Result<Self, String> {
        self.headers.entry(name.to_owned()).or_default().push(value.to_owned());
        Ok(self)
    }

    pub(crate) fn with_properties(self, properties: Value) -> Self {
        Self { properties, ..self }
    }

    pub(crate) fn into_json(self) -> Value {
        json!({ "url": self.url, "properties": self.properties, "headers": self.headers })
    }
}

/// There is no endpoint, for this reason.
pub(crate) fn refuse(reason: &str) -> Result<Endpoint, String> {
    Err(reason.to_owned())
}

/// What the rules decide by.
#[derive(Debug, Default)]
pub(crate) struct EndpointParams<'a> {
    pub(crate) region: Option<&'a str>,
    pub(crate) use_fips: bool,
    pub(crate) use_dual_stack: bool,
    pub(crate) endpoint: Option<&'a str>,
}
