//! The description of a suite, as a service that the generator takes.
//!
//! botocore lays what a reference says over what its shape says, whatever it is, and suites make use of that. Descriptions of
//! services do not: there, bindings are said by members alone, and payloads by structures. So that is where they are moved to.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::suite::{Case, Direction, Suite};

/// What only members say in descriptions of services.
const OF_MEMBERS: [&str; 6] = [
    "location",
    "locationName",
    "idempotencyToken",
    "hostLabel",
    "jsonvalue",
    "contextParam",
];

/// The path of operations whose answers alone matter.
pub(crate) const ANSWERED: &str = "/answered";

/// A suite's service.
#[derive(Clone, Debug)]
pub(crate) struct SuiteModel {
    pub(crate) metadata: Map<String, Value>,
    pub(crate) shapes: Map<String, Value>,
    /// No two are the same but for their names, and no two have one name.
    pub(crate) operations: Vec<Map<String, Value>>,
    /// For each case, its operation.
    pub(crate) cases: Vec<usize>,
}

/// Whether members are elements of XML, whose shapes may have names for them.
fn names_elements(metadata: &Map<String, Value>) -> bool {
    let protocol = metadata.get("protocol").and_then(Value::as_str);
    matches!(protocol, Some("rest-xml" | "query" | "ec2"))
}

/// Whether requests have names of shapes: those of roots.
pub(crate) fn sends_roots(metadata: &Map<String, Value>) -> bool {
    metadata.get("protocol").is_some_and(|protocol| protocol == "rest-xml")
}

/// Whether requests name their operation, so that it cannot be renamed.
pub(crate) fn sends_names(metadata: &Map<String, Value>) -> bool {
    let protocol = metadata.get("protocol").and_then(Value::as_str).unwrap_or_default();
    !protocol.starts_with("rest-")
}

impl SuiteModel {
    pub(crate) fn new(suite: &Suite) -> Self {
        let mut model = Self {
            metadata: metadata(&suite.metadata),
            shapes: suite.shapes.clone(),
            operations: Vec::new(),
            cases: Vec::new(),
        };
        for case in &suite.cases {
            let operation = model.operation(case);
            let index = model.add(operation);
            model.cases.push(index);
        }
        drop_slips(&mut model.shapes);
        bind_members(&mut model.shapes, names_elements(&model.metadata));
        let inputs = model.operations.iter().filter_map(|operation| {
            let shape = operation.get("input")?.get("shape")?.as_str()?;
            Some(shape.to_owned())
        });
        require_labels(&mut model.shapes, &inputs.collect());
        model
    }

    /// Where the case's operation is.
    fn add(&mut self, operation: Map<String, Value>) -> usize {
        if let Some(index) = self.operations.iter().position(|other| is_same(other, &operation)) {
            return index;
        }
        let wanted = name(&operation).to_owned();
        let is_taken = |name: &str| self.operations.iter().any(|other| self::name(other) == name);
        let free = std::iter::once(wanted.clone())
            .chain((2..).map(|number| format!("{wanted}{number}")))
            .find(|name| !is_taken(name));
        let mut operation = operation;
        operation.insert("name".to_owned(), free.into());
        self.operations.push(operation);
        self.operations.len() - 1
    }

    fn operation(&mut self, case: &Case) -> Map<String, Value> {
        let mut operation = case.given.clone();
        let http = operation.entry("http").or_insert_with(|| json!({}));
        for (key, value) in [("method", "POST"), ("requestUri", "/")] {
            if http.get(key).is_none() {
                http[key] = value.into();
            }
        }
        if let Direction::Output(_) = case.direction {
            // The case does not say how to make the request, only what the answer to it is.
            operation.remove("input");
            operation.remove("endpoint");
            let method = operation.get("http").and_then(|http| http.get("method"));
            let mut http = json!({ "method": method.cloned().unwrap_or("POST".into()), "requestUri": ANSWERED });
            if let Some(status) = operation.get("http").and_then(|http| http.get("responseCode")) {
                http["responseCode"] = status.clone();
            }
            operation.insert("http".to_owned(), http);
        }
        for side in ["input", "output"] {
            let Some(Value::Object(reference)) = operation.get(side).cloned() else {
                continue;
            };
            let reference = self.plain_reference(reference);
            operation.insert(side.to_owned(), reference);
        }
        operation
    }

    /// The same reference with nothing but the shape and the names of elements around it. What else it says becomes a shape of
    /// its own.
    fn plain_reference(&mut self, reference: Map<String, Value>) -> Value {
        let shape = reference.get("shape").cloned().unwrap_or_default();
        let mut overlay = reference;
        let mut plain = Map::new();
        plain.insert("shape".to_owned(), shape.clone());
        for key in ["locationName", "xmlNamespace", "resultWrapper"] {
            plain.extend(overlay.remove(key).map(|value| (key.to_owned(), value)));
        }
        overlay.remove("shape");
        overlay.remove("documentation");
        let base = shape
            .as_str()
            .and_then(|name| self.shapes.get(name))
            .and_then(Value::as_object);
        let (Some(base), false) = (base, overlay.is_empty()) else {
            return plain.into();
        };
        let mut merged = base.clone();
        merged.extend(overlay);
        let merged = Value::Object(merged);
        let base = shape.as_str().unwrap_or_default();
        let mut names = (2..).map(|number| format!("{base}{number}"));
        // The sequence has no end, and the shapes have.
        let name = names.find(|name| self.shapes.get(name).is_none_or(|other| *other == merged));
        let name = name.unwrap_or_default();
        self.shapes.insert(name.clone(), merged);
        plain.insert("shape".to_owned(), name.into());
        plain.into()
    }

    /// The names of the errors and of all that they are made of.
    pub(crate) fn exceptions(&self) -> Vec<&str> {
        let mut found: Vec<&str> = Vec::new();
        let mut open: Vec<&str> = self
            .shapes
            .iter()
            .filter(|(_, shape)| shape.get("exception") == Some(&Value::Bool(true)))
            .map(|(name, _)| name.as_str())
            .collect();
        while let Some(name) = open.pop() {
            if found.contains(&name) {
                continue;
            }
            found.push(name);
            open.extend(self.shapes.get(name).into_iter().flat_map(references));
        }
        found.sort_unstable();
        found
    }
}

/// Its name.
pub(crate) fn name(operation: &Map<String, Value>) -> &str {
    operation.get("name").and_then(Value::as_str).unwrap_or("OperationName")
}

fn is_same(one: &Map<String, Value>, other: &Map<String, Value>) -> bool {
    let nameless = |operation: &Map<String, Value>| {
        let mut operation = operation.clone();
        operation.remove("name");
        operation
    };
    nameless(one) == nameless(other)
}

/// The shapes that a shape names.
pub(crate) fn references(shape: &Value) -> Vec<&str> {
    let members = shape.get("members").and_then(Value::as_object);
    let members = members.into_iter().flat_map(Map::values);
    let parts = ["member", "key", "value"].into_iter().filter_map(|key| shape.get(key));
    members
        .chain(parts)
        .filter_map(|reference| reference.get("shape")?.as_str())
        .collect()
}

/// Suites leave out what has no influence on messages.
fn metadata(given: &Map<String, Value>) -> Map<String, Value> {
    let defaults = [
        ("apiVersion", "2014-01-01"),
        ("endpointPrefix", "protocol-tests"),
        ("serviceId", "Protocol Tests"),
        ("serviceFullName", "Protocol Tests"),
        ("signatureVersion", "v4"),
        ("targetPrefix", "ProtocolTests"),
    ];
    let mut metadata = given.clone();
    for (key, value) in defaults {
        metadata.entry(key).or_insert_with(|| value.into());
    }
    metadata.sort_keys();
    metadata
}

/// Drops what suites leave behind and descriptions of services do not have: parts of lists and maps in texts, a misspelt
/// key, and names of payloads that only repeat those of their members, which no expected body has.
fn drop_slips(shapes: &mut Map<String, Value>) {
    for shape in shapes.values_mut().filter_map(Value::as_object_mut) {
        if shape.get("type").is_some_and(|ty| ty == "string") {
            shape.retain(|key, _| !matches!(key.as_str(), "member" | "key" | "value"));
        }
        if let Some(element) = shape.get_mut("member").and_then(Value::as_object_mut) {
            element.shift_remove("LocationName");
        }
        let payload = shape
            .get("payload")
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned();
        let members = shape.get_mut("members").and_then(Value::as_object_mut);
        if let Some(member) = members.and_then(|members| members.get_mut(&payload)?.as_object_mut())
            && member.get("locationName").is_some_and(|name| *name == payload)
            && !member.contains_key("xmlNamespace")
        {
            member.shift_remove("locationName");
        }
    }
}

/// Moves what only members can say from shapes to the members that are of them.
fn bind_members(shapes: &mut Map<String, Value>, names_elements: bool) {
    let mut said: Map<String, Value> = Map::new();
    for (name, shape) in shapes.iter_mut() {
        let Some(shape) = shape.as_object_mut() else { continue };
        let is_element = names_elements && !shape.contains_key("location");
        let traits: Map<String, Value> = OF_MEMBERS
            .into_iter()
            // Names of elements have rules of their own, which the generator knows.
            .filter(|key| !is_element || *key != "locationName")
            .filter_map(|key| Some((key.to_owned(), shape.shift_remove(key)?)))
            .collect();
        if !traits.is_empty() {
            said.insert(name.clone(), traits.into());
        }
    }
    for shape in shapes.values_mut() {
        let members = shape.get_mut("members").and_then(Value::as_object_mut);
        for member in members.into_iter().flat_map(Map::values_mut) {
            let traits = member
                .get("shape")
                .and_then(Value::as_str)
                .and_then(|name| said.get(name));
            let (Some(Value::Object(traits)), Some(member)) = (traits.cloned(), member.as_object_mut()) else {
                continue;
            };
            for (key, value) in traits {
                member.entry(key).or_insert(value);
            }
        }
    }
}

/// There is no path without its labels, and no host. Suites take that for granted, and leave out what else is required
/// of an input.
fn require_labels(shapes: &mut Map<String, Value>, inputs: &BTreeSet<String>) {
    for (name, shape) in shapes.iter_mut() {
        let members = shape.get("members").and_then(Value::as_object);
        let is_label = |member: &Value| {
            member.get("location").is_some_and(|location| location == "uri")
                || member.get("hostLabel") == Some(&Value::Bool(true))
        };
        let labels = members.into_iter().flatten().filter(|(_, member)| is_label(member));
        let mut required: Vec<Value> = labels.map(|(name, _)| Value::from(name.as_str())).collect();
        let Some(shape) = shape.as_object_mut() else {
            continue;
        };
        if !inputs.contains(name) {
            let given = shape.get("required").and_then(Value::as_array).cloned();
            let given = given.unwrap_or_default();
            required.retain(|name| !given.contains(name));
            required = [given, required].concat();
        }
        match required.is_empty() {
            true => shape.remove("required"),
            false => shape.insert("required".to_owned(), required.into()),
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn model(suite: Value) -> SuiteModel {
        SuiteModel::new(&serde_json::from_value(suite).expect("a suite"))
    }

    #[test]
    fn what_references_and_shapes_say_goes_where_descriptions_have_it() {
        let model = model(json!({
            "shapes": {
                "In": { "type": "structure", "members": { "Tag": { "shape": "Tag" }, "Other": { "shape": "Tag", "location": "uri" } } },
                "Tag": { "type": "string", "location": "header", "locationName": "X-Tag" }
            },
            "cases": [{
                "given": { "name": "Do", "http": { "method": "PUT", "requestUri": "/" }, "input": { "shape": "In", "payload": "Tag" } },
                "params": {},
                "serialized": {}
            }]
        }));
        assert_eq!(model.operations[0]["input"], json!({ "shape": "In2" }));
        assert_eq!(model.shapes["In2"]["payload"], "Tag");
        assert_eq!(model.shapes["In"].get("payload"), None);
        assert_eq!(model.shapes["Tag"], json!({ "type": "string" }));
        let members = &model.shapes["In2"]["members"];
        assert_eq!(
            members["Tag"],
            json!({ "shape": "Tag", "location": "header", "locationName": "X-Tag" })
        );
        assert_eq!(members["Other"]["location"], "uri");
        assert_eq!(model.shapes["In2"]["required"], json!(["Other"]));
    }

    #[test]
    fn operations_with_one_name_are_told_apart() {
        let case = |uri: &str| json!({ "given": { "name": "Do", "http": { "method": "GET", "requestUri": uri } }, "serialized": {} });
        let model = model(json!({ "shapes": {}, "cases": [case("/a"), case("/b"), case("/a")] }));
        assert_eq!(model.cases, [0, 1, 0]);
        assert_eq!(model.operations.iter().map(name).collect::<Vec<_>>(), ["Do", "Do2"]);
    }

    #[test]
    fn cases_of_outputs_need_no_input() {
        let model = model(json!({
            "shapes": {},
            "cases": [{
                "given": { "name": "Do", "http": { "method": "GET", "requestUri": "/{Id}", "responseCode": 202 }, "input": { "shape": "In" } },
                "response": { "status_code": 202 },
                "result": {}
            }]
        }));
        let http = json!({ "method": "GET", "requestUri": ANSWERED, "responseCode": 202 });
        assert_eq!(model.operations[0]["http"], http);
        assert_eq!(model.operations[0].get("input"), None);
    }
}
