//! Operations and their pages.

use serde_json::{Map, Value, json};

use super::{Smithy, insert, insert_deprecation, insert_flags, local, target, targets};

const UNIT: &str = "smithy.api#Unit";

/// Traits of operations without a value, and the keys for them.
const FLAGS: [(&str, &str); 4] = [
    ("smithy.api#readonly", "readonly"),
    ("smithy.api#idempotent", "idempotent"),
    ("smithy.api#httpChecksumRequired", "httpChecksumRequired"),
    ("aws.auth#unsignedPayload", "unsignedPayload"),
];

/// Traits of operations whose values are the same in both forms, and the keys for them.
const SAME: [(&str, &str); 5] = [
    ("smithy.api#documentation", "documentation"),
    ("aws.protocols#httpChecksum", "httpChecksum"),
    ("smithy.api#requestCompression", "requestcompression"),
    ("smithy.rules#staticContextParams", "staticContextParams"),
    ("smithy.rules#operationContextParams", "operationContextParams"),
];

impl Smithy<'_> {
    pub(super) fn operation(&self, id: &str, operation: &Value) -> Value {
        let traits = &operation["traits"];
        let mut converted = Map::new();
        converted.insert("name".to_owned(), json!(local(id)));
        converted.insert("http".to_owned(), http(traits));
        for key in ["input", "output"] {
            if let Some(id) = target(&operation[key]).filter(|id| *id != UNIT) {
                let mut reference = json!({ "shape": local(id) });
                if key == "input"
                    && let Some(namespace) = self.root_namespace(id)
                {
                    reference["xmlNamespace"] = namespace.clone();
                }
                converted.insert(key.to_owned(), reference);
            }
        }
        let errors: Vec<Value> = targets(&operation["errors"])
            .chain(targets(&self.service["errors"]))
            .map(|id| json!({ "shape": local(id) }))
            .collect();
        if !errors.is_empty() {
            converted.insert("errors".to_owned(), Value::Array(errors));
        }
        for (name, key) in SAME {
            insert(&mut converted, key, &traits[name]);
        }
        insert_flags(&mut converted, traits, &FLAGS);
        insert_deprecation(&mut converted, traits);
        if let Some(endpoint) = traits.get("smithy.api#endpoint") {
            let endpoint = json!({ "hostPrefix": endpoint["hostPrefix"] });
            converted.insert("endpoint".to_owned(), endpoint);
        }
        if let Some(discovery) = traits.get("aws.api#clientDiscoveredEndpoint") {
            let discovery = json!({ "required": discovery["required"] });
            converted.insert("endpointdiscovery".to_owned(), discovery);
        }
        insert_auth(&mut converted, traits);
        Value::Object(converted)
    }

    /// What `paginators-1.json` says, if any operation has pages.
    pub(super) fn paginators(&self) -> Option<Value> {
        let of_all = self.service_trait("smithy.api#paginated");
        let mut pagination = Map::new();
        for (id, operation) in self.operations() {
            let Some(paginated) = operation["traits"].get("smithy.api#paginated") else {
                continue;
            };
            let mut paginator = Map::new();
            for (name, key) in [
                ("inputToken", "input_token"),
                ("outputToken", "output_token"),
                ("items", "result_key"),
                ("pageSize", "limit_key"),
            ] {
                insert(&mut paginator, key, paginated.get(name).unwrap_or(&of_all[name]));
            }
            pagination.insert(local(id).to_owned(), Value::Object(paginator));
        }
        (!pagination.is_empty()).then(|| json!({ "pagination": pagination }))
    }
}

/// Protocols that have one path for all operations need no trait for it.
fn http(traits: &Value) -> Value {
    let Some(http) = traits.get("smithy.api#http") else {
        return json!({ "method": "POST", "requestUri": "/" });
    };
    let mut converted = Map::new();
    insert(&mut converted, "method", &http["method"]);
    insert(&mut converted, "requestUri", &http["uri"]);
    insert(&mut converted, "responseCode", &http["code"]);
    Value::Object(converted)
}

/// An operation that asks for no signature, or for others than the service does.
fn insert_auth(operation: &mut Map<String, Value>, traits: &Value) {
    let schemes = traits.get("smithy.api#auth").and_then(Value::as_array);
    let is_anonymous = schemes.is_some_and(Vec::is_empty) || traits.get("smithy.api#optionalAuth").is_some();
    if is_anonymous {
        operation.insert("authtype".to_owned(), json!("none"));
        operation.insert("auth".to_owned(), json!(["smithy.api#noAuth"]));
    } else if let Some(schemes) = schemes {
        operation.insert("auth".to_owned(), json!(schemes));
    }
}
