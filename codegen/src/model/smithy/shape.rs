//! Shapes and their members.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::{
    Protocol, QUERY_COMPATIBLE, Smithy, XML_NAMESPACE, insert, insert_deprecation, insert_flags, local, target, targets,
};

const XML_NAME: &str = "smithy.api#xmlName";
const PAYLOAD: &str = "smithy.api#httpPayload";

/// Traits without a value, and the keys for them.
const FLAGS: [(&str, &str); 9] = [
    ("smithy.api#xmlAttribute", "xmlAttribute"),
    ("smithy.api#xmlFlattened", "flattened"),
    ("smithy.api#idempotencyToken", "idempotencyToken"),
    ("smithy.api#hostLabel", "hostLabel"),
    ("smithy.api#eventHeader", "eventheader"),
    ("smithy.api#eventPayload", "eventpayload"),
    ("smithy.api#sensitive", "sensitive"),
    ("smithy.api#sparse", "sparse"),
    ("smithy.api#requiresLength", "requiresLength"),
];

/// Where members travel: the trait, the location, and whether the trait's value is the name there.
const LOCATIONS: [(&str, &str, bool); 6] = [
    ("smithy.api#httpLabel", "uri", false),
    ("smithy.api#httpQuery", "querystring", true),
    ("smithy.api#httpQueryParams", "querystring", false),
    ("smithy.api#httpHeader", "header", true),
    ("smithy.api#httpPrefixHeaders", "headers", true),
    ("smithy.api#httpResponseCode", "statusCode", false),
];

impl<'d> Smithy<'d> {
    /// All shapes that operations reach.
    pub(super) fn converted_shapes(&self, operations: &[(&'d str, &'d Value)]) -> Value {
        let reached = self.reached(operations);
        let events = self.events(&reached);
        let inputs: BTreeSet<_> = operations.iter().filter_map(|(_, it)| target(&it["input"])).collect();
        let mut shapes = BTreeMap::new();
        for id in &reached {
            let (name, shape) = match self.shape(id) {
                Some(shape) => {
                    let mut converted = self.converted_shape(shape, events.contains(id));
                    if inputs.contains(id) {
                        self.insert_payload_namespace(&mut converted, shape);
                    }
                    (local(id), converted)
                }
                None => (*id, prelude(local(id))),
            };
            shapes.insert(name.to_owned(), shape);
        }
        json!(shapes)
    }

    fn reached(&self, operations: &[(&'d str, &'d Value)]) -> BTreeSet<&'d str> {
        let mut waiting: Vec<&'d str> = targets(&self.service["errors"]).collect();
        for (_, operation) in operations {
            waiting.extend(
                ["input", "output"]
                    .into_iter()
                    .filter_map(|key| target(&operation[key])),
            );
            waiting.extend(targets(&operation["errors"]));
        }
        let mut reached = BTreeSet::new();
        while let Some(id) = waiting.pop() {
            if id == "smithy.api#Unit" || !reached.insert(id) {
                continue;
            }
            if let Some(shape) = self.shape(id) {
                let members = shape["members"].as_object().into_iter().flat_map(Map::values);
                let elements = ["member", "key", "value"].into_iter().map(|key| &shape[key]);
                let is_enum = is_enum(shape);
                waiting.extend(members.filter(|_| !is_enum).chain(elements).filter_map(target));
            }
        }
        reached
    }

    /// The structures that are events of a stream.
    fn events(&self, reached: &BTreeSet<&'d str>) -> BTreeSet<&'d str> {
        let streams = reached
            .iter()
            .filter_map(|id| self.shape(id))
            .filter(|shape| is_event_stream(shape));
        let members = streams.flat_map(|shape| shape["members"].as_object().into_iter().flat_map(Map::values));
        let is_event = |id: &&str| {
            self.shape(id)
                .is_some_and(|shape| shape["traits"].get("smithy.api#error").is_none())
        };
        members.filter_map(target).filter(is_event).collect()
    }

    fn converted_shape(&self, shape: &Value, is_event: bool) -> Value {
        let traits = &shape["traits"];
        let mut converted = Map::new();
        converted.insert("type".to_owned(), json!(type_word(shape)));
        match shape["type"].as_str().unwrap_or_default() {
            "structure" | "union" => self.insert_members(&mut converted, shape),
            "document" => {
                converted.insert("document".to_owned(), json!(true));
                converted.insert("members".to_owned(), json!({}));
            }
            _ => {
                for key in ["member", "key", "value"] {
                    if shape.get(key).is_some() {
                        converted.insert(key.to_owned(), self.reference(key, &shape[key]));
                    }
                }
            }
        }
        if let Some(values) = enum_values(shape) {
            converted.insert("enum".to_owned(), json!(values));
        }
        let is_stream = is_event_stream(shape);
        for (is_so, key) in [
            (shape["type"] == "union" && !is_stream, "union"),
            (is_stream, "eventstream"),
            (is_event, "event"),
            (
                shape["type"] == "blob" && traits.get("smithy.api#streaming").is_some(),
                "streaming",
            ),
        ] {
            if is_so {
                converted.insert(key.to_owned(), json!(true));
            }
        }
        self.insert_error(&mut converted, traits);
        if self.has_xml() {
            insert(&mut converted, "locationName", &traits[XML_NAME]);
        }
        insert_common(&mut converted, traits);
        Value::Object(converted)
    }

    /// Whether members travel in parts of HTTP other than the body. Descriptions may say where, even if no client asks.
    fn binds_http(&self) -> bool {
        matches!(self.protocol, Protocol::RestJson | Protocol::RestXml)
    }

    /// Whether members are elements of XML, or of forms with the same names.
    fn has_xml(&self) -> bool {
        matches!(self.protocol, Protocol::RestXml | Protocol::Query | Protocol::Ec2)
    }

    /// The namespace of the element around the members of an input, if there is such an element.
    pub(super) fn root_namespace(&self, input: &str) -> Option<&'d Value> {
        let is_in_body = |member: &Value| !LOCATIONS.iter().any(|(name, ..)| member["traits"].get(name).is_some());
        let mut members = self.shape(input)?["members"].as_object()?.values();
        let has_payload = members.clone().any(|member| member["traits"].get(PAYLOAD).is_some());
        let has_root = !has_payload && members.any(is_in_body);
        has_root.then(|| self.namespace_of(input))?
    }

    /// The namespace of a root, which is the service's unless the shape has one of its own.
    fn namespace_of(&self, id: &str) -> Option<&'d Value> {
        let own = self.shape(id)?["traits"].get(XML_NAMESPACE);
        let of_service = self.service["traits"].get(XML_NAMESPACE);
        of_service.filter(|_| self.protocol == Protocol::RestXml && own.is_none())
    }

    /// The payload of an input is a root, too.
    fn insert_payload_namespace(&self, converted: &mut Value, shape: &Value) {
        let members = shape["members"].as_object().into_iter().flatten();
        for (name, member) in members.filter(|(_, member)| member["traits"].get(PAYLOAD).is_some()) {
            let id = target(member).unwrap_or_default();
            let kind = self.shape(id).and_then(|shape| shape["type"].as_str());
            if matches!(kind, Some("structure" | "union"))
                && member["traits"].get(XML_NAMESPACE).is_none()
                && let Some(namespace) = self.namespace_of(id)
            {
                converted["members"][name]["xmlNamespace"] = namespace.clone();
            }
        }
    }

    fn insert_members(&self, converted: &mut Map<String, Value>, shape: &Value) {
        let mut members = Map::new();
        let mut required = Vec::new();
        for (name, member) in shape["members"].as_object().into_iter().flatten() {
            let traits = &member["traits"];
            if traits.get("smithy.api#required").is_some() {
                required.push(name.as_str());
            }
            if self.binds_http() && traits.get(PAYLOAD).is_some() {
                converted.insert("payload".to_owned(), json!(name));
            }
            members.insert(name.clone(), self.reference(name, member));
        }
        converted.insert("members".to_owned(), Value::Object(members));
        if !required.is_empty() {
            converted.insert("required".to_owned(), json!(required));
        }
    }

    fn insert_error(&self, object: &mut Map<String, Value>, traits: &Value) {
        let Some(kind) = traits.get("smithy.api#error") else {
            return;
        };
        object.insert("exception".to_owned(), json!(true));
        let mut error = Map::new();
        insert(&mut error, "httpStatusCode", &traits["smithy.api#httpError"]);
        // Where the service does not speak `query`, and never has, nobody sends these codes.
        if self.protocol == Protocol::Query || self.service["traits"].get(QUERY_COMPATIBLE).is_some() {
            let of_query = &traits["aws.protocols#awsQueryError"];
            insert(&mut error, "code", &of_query["code"]);
            insert(&mut error, "httpStatusCode", &of_query["httpResponseCode"]);
        }
        if kind == "client" {
            error.insert("senderFault".to_owned(), json!(true));
        } else {
            object.insert("fault".to_owned(), json!(true));
        }
        object.insert("error".to_owned(), Value::Object(error));
        if let Some(retryable) = traits.get("smithy.api#retryable") {
            let throttling = retryable["throttling"].as_bool().unwrap_or_default();
            object.insert("retryable".to_owned(), json!({ "throttling": throttling }));
        }
    }

    /// A use of a shape.
    fn reference(&self, name: &str, member: &Value) -> Value {
        let id = target(member).unwrap_or_default();
        let traits = &member["traits"];
        let shape = self.shape(id);
        let key = if shape.is_some() { local(id) } else { id };
        let mut reference = Map::new();
        reference.insert("shape".to_owned(), json!(key));
        let wire_name = match self.protocol {
            Protocol::RestJson => &traits["smithy.api#jsonName"],
            _ if self.has_xml() => &traits[XML_NAME],
            _ => &Value::Null,
        };
        insert(&mut reference, "locationName", wire_name);
        // Elements of a flattened list have the name of the member, whatever the list calls them.
        if self.has_xml() && wire_name.is_null() && traits.get("smithy.api#xmlFlattened").is_some() {
            reference.insert("locationName".to_owned(), json!(name));
        }
        insert(&mut reference, "queryName", &traits["aws.protocols#ec2QueryName"]);
        for (trait_name, location, is_named) in LOCATIONS {
            let Some(value) = traits.get(trait_name).filter(|_| self.binds_http()) else {
                continue;
            };
            reference.insert("location".to_owned(), json!(location));
            let location_name = if is_named { value.clone() } else { json!(name) };
            reference.insert("locationName".to_owned(), location_name);
        }
        let media_type = shape.map(|shape| &shape["traits"]["smithy.api#mediaType"]);
        if traits.get("smithy.api#httpHeader").is_some() && media_type.is_some_and(|ty| *ty == "application/json") {
            reference.insert("jsonvalue".to_owned(), json!(true));
        }
        insert(&mut reference, "contextParam", &traits["smithy.rules#contextParam"]);
        insert_common(&mut reference, traits);
        Value::Object(reference)
    }
}

/// What shapes and their uses may both have.
fn insert_common(object: &mut Map<String, Value>, traits: &Value) {
    insert(object, "documentation", &traits["smithy.api#documentation"]);
    insert(object, "xmlNamespace", &traits[XML_NAMESPACE]);
    insert(object, "pattern", &traits["smithy.api#pattern"]);
    for bounds in ["smithy.api#length", "smithy.api#range"] {
        insert(object, "min", &traits[bounds]["min"]);
        insert(object, "max", &traits[bounds]["max"]);
    }
    let format = match traits["smithy.api#timestampFormat"].as_str() {
        Some("date-time") => json!("iso8601"),
        Some("http-date") => json!("rfc822"),
        Some("epoch-seconds") => json!("unixTimestamp"),
        other => json!(other),
    };
    insert(object, "timestampFormat", &format);
    insert_flags(object, traits, &FLAGS);
    insert_deprecation(object, traits);
}

fn is_event_stream(shape: &Value) -> bool {
    shape["type"] == "union" && shape["traits"].get("smithy.api#streaming").is_some()
}

fn is_enum(shape: &Value) -> bool {
    matches!(shape["type"].as_str(), Some("enum" | "intEnum"))
}

/// The texts of an enum, in both of its forms.
fn enum_values(shape: &Value) -> Option<Vec<Value>> {
    if shape["type"] == "enum" {
        let members = shape["members"].as_object()?.iter();
        let value = |(name, member): (&String, &Value)| {
            let value = member["traits"].get("smithy.api#enumValue");
            value.cloned().unwrap_or_else(|| json!(name))
        };
        return Some(members.map(value).collect());
    }
    let values = shape["traits"].get("smithy.api#enum")?.as_array()?.iter();
    Some(values.map(|value| value["value"].clone()).collect())
}

/// The type in the words of the other form. One that it does not have stays as it is, and is reported as unknown.
fn type_word(shape: &Value) -> &str {
    match shape["type"].as_str().unwrap_or_default() {
        "enum" => "string",
        "intEnum" => "integer",
        "set" => "list",
        "union" | "document" => "structure",
        other => other,
    }
}

/// A shape of Smithy's own, such as `String` and `PrimitiveLong`.
fn prelude(name: &str) -> Value {
    match name.trim_start_matches("Primitive") {
        "Document" => json!({ "type": "structure", "document": true, "members": {} }),
        name => {
            let mut word = name.to_owned();
            if let Some(first) = word.get_mut(..1) {
                first.make_ascii_lowercase();
            }
            json!({ "type": word })
        }
    }
}
