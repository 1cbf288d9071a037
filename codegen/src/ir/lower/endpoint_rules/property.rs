//! Properties of an endpoint. Those that say how to sign are understood, all others are kept for tests.

use indexmap::IndexMap;
use serde_json::{Map, Value};

use super::{Lowering, Scope};
use crate::ir::endpoint::{Expression, Property, Signing};
use crate::source::JsonPath;

impl Lowering<'_, '_, '_> {
    pub(super) fn properties(
        &mut self,
        properties: &IndexMap<String, Value>,
        at: &JsonPath,
        scope: &Scope,
    ) -> Option<Vec<(String, Property)>> {
        let properties: Vec<_> = properties
            .iter()
            .map(|(name, value)| Some((name.clone(), self.property(value, &at.key(name), scope)?)))
            .collect();
        properties.into_iter().collect()
    }

    fn property(&mut self, value: &Value, at: &JsonPath, scope: &Scope) -> Option<Property> {
        match value {
            Value::String(template) => self.template(template, at, scope).map(Property::Text),
            Value::Bool(value) => Some(Property::Boolean(*value)),
            Value::Number(number) if number.is_i64() => number.as_i64().map(Property::Integer),
            Value::Array(values) => {
                let values: Vec<_> = values
                    .iter()
                    .enumerate()
                    .map(|(index, value)| self.property(value, &at.index(index), scope))
                    .collect();
                let values = values.into_iter().collect::<Option<_>>()?;
                Some(Property::List(values))
            }
            Value::Object(values) => {
                let values: Vec<_> = values
                    .iter()
                    .map(|(name, value)| Some((name.clone(), self.property(value, &at.key(name), scope)?)))
                    .collect();
                let values = values.into_iter().collect::<Option<_>>()?;
                Some(Property::Map(values))
            }
            Value::Number(_) | Value::Null => {
                self.wrong_type(at, "text, true or false, a whole number, a list or an object")
            }
        }
    }

    /// What `authSchemes` says for Signature Version 4. Schemes that the client does not have change nothing, unless
    /// version 4A is all there is.
    pub(super) fn signing(
        &mut self,
        properties: &IndexMap<String, Value>,
        at: &JsonPath,
        scope: &Scope,
    ) -> Option<Signing> {
        let Some(schemes) = properties.get("authSchemes") else {
            return Some(Signing::AsUsual);
        };
        let at = at.key("authSchemes");
        let Some(schemes) = schemes.as_array() else {
            return self.wrong_type(&at, "a list of authentication schemes");
        };
        let mut named = Vec::new();
        for (index, scheme) in schemes.iter().enumerate() {
            let at = at.index(index);
            match scheme.as_object().zip(scheme.get("name").and_then(Value::as_str)) {
                Some((scheme, name)) => named.push((name, scheme, at)),
                None => return self.wrong_type(&at, "an authentication scheme with a `name`"),
            }
        }
        match named.iter().find(|(name, ..)| *name == "sigv4") {
            Some((_, scheme, at)) => self.sigv4(scheme, at, scope),
            None if named.iter().any(|(name, ..)| *name == "sigv4a") => Some(Signing::SigV4a),
            None if named.iter().any(|(name, ..)| *name == "sigv4-s3express") => Some(Signing::S3Express),
            None => Some(Signing::AsUsual),
        }
    }

    fn sigv4(&mut self, scheme: &Map<String, Value>, at: &JsonPath, scope: &Scope) -> Option<Signing> {
        let name = self.scheme_text(scheme, "signingName", at, scope);
        let region = self.scheme_text(scheme, "signingRegion", at, scope);
        let keeps_encoding = self.scheme_flag(scheme, "disableDoubleEncoding", at);
        let keeps_path = self.scheme_flag(scheme, "disableNormalizePath", at);
        Some(match (name?, region?, keeps_encoding?, keeps_path?) {
            (None, None, false, false) => Signing::AsUsual,
            (name, region, keeps_encoding, keeps_path) => Signing::SigV4 {
                name,
                region,
                double_encode: !keeps_encoding,
                normalize_path: !keeps_path,
            },
        })
    }

    fn scheme_text(
        &mut self,
        scheme: &Map<String, Value>,
        key: &str,
        at: &JsonPath,
        scope: &Scope,
    ) -> Option<Option<Expression>> {
        match scheme.get(key) {
            None => Some(None),
            Some(Value::String(template)) => self.template(template, &at.key(key), scope).map(Some),
            Some(_) => self.wrong_type(&at.key(key), "text"),
        }
    }

    fn scheme_flag(&mut self, scheme: &Map<String, Value>, key: &str, at: &JsonPath) -> Option<bool> {
        match scheme.get(key) {
            None => Some(false),
            Some(Value::Bool(value)) => Some(*value),
            Some(_) => self.wrong_type(&at.key(key), "true or false"),
        }
    }
}
