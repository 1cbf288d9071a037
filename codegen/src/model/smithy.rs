//! Smithy's JSON form of a service, as AWS publishes it, into the documents of a model folder.
//!
//! Both forms say the same in different words. What Smithy says in traits stands here beside the keys of the other form, so
//! that everything after it needs to know one form alone. `CONTRIBUTING.md` lists where the two differ.

mod operation;
mod shape;
mod waiter;

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use crate::source::File;

/// What a description becomes, or why it cannot be used: the problem and what would be right.
pub(super) type Converted = Result<Vec<(File, Value)>, (String, String)>;

/// Whether a text is Smithy's, as far as a look at it tells.
pub(super) fn is_smithy(document: &Value) -> bool {
    document.get("smithy").is_some_and(Value::is_string) && document.get("shapes").is_some_and(Value::is_object)
}

/// The documents of a model folder.
pub(super) fn convert(document: &Value) -> Converted {
    let version = document["smithy"].as_str().unwrap_or_default();
    if !version.starts_with('2') {
        return Err((
            format!("the description is of Smithy {version}"),
            "convert it to Smithy 2.0 with the tools of Smithy".to_owned(),
        ));
    }
    let shapes = document["shapes"].as_object().cloned().unwrap_or_default();
    let mut services = shapes.iter().filter(|(_, shape)| shape["type"] == "service");
    let (Some((id, service)), None) = (services.next(), services.next()) else {
        return Err((
            "the description has no service, or more than one".to_owned(),
            "name a file with one shape of the type `service`".to_owned(),
        ));
    };
    let is_xml = |protocol: &&str| matches!(*protocol, "rest-xml" | "query" | "ec2");
    if let Some(protocol) = protocols(&service["traits"]).next().filter(is_xml) {
        return Err((
            format!("the service speaks `{protocol}`, and names in XML are not read from Smithy's form"),
            "use the description in botocore's form".to_owned(),
        ));
    }
    let smithy = Smithy {
        shapes: &shapes,
        id,
        service,
    };
    let rules = smithy.service_trait("smithy.rules#endpointRuleSet");
    if rules.is_null() {
        return Err((
            "the service has no `smithy.rules#endpointRuleSet`".to_owned(),
            "use a description with endpoint rules; a decision diagram (`endpointBdd`) cannot be read".to_owned(),
        ));
    }
    let mut documents = vec![(File::Service, smithy.document()), (File::EndpointRules, rules.clone())];
    documents.extend(smithy.paginators().map(|document| (File::Paginators, document)));
    documents.extend(smithy.waiters().map(|document| (File::Waiters, document)));
    Ok(documents)
}

/// The protocol that clients of the service speak, in the words of the other form.
pub(super) fn speaks_rest_json(document: &Value) -> bool {
    let shapes = document["shapes"].as_object().into_iter().flatten();
    let mut services = shapes.filter(|(_, shape)| shape["type"] == "service");
    services.any(|(_, service)| protocols(&service["traits"]).any(|protocol| protocol == "rest-json"))
}

/// The protocols among traits, the preferred one first.
fn protocols(traits: &Value) -> impl Iterator<Item = &'static str> {
    const PROTOCOLS: [(&str, &str); 7] = [
        ("aws.protocols#restJson1", "rest-json"),
        ("aws.protocols#restXml", "rest-xml"),
        ("smithy.protocols#rpcv2Cbor", "smithy-rpc-v2-cbor"),
        ("aws.protocols#awsJson1_1", "json"),
        ("aws.protocols#awsJson1_0", "json"),
        ("aws.protocols#awsQuery", "query"),
        ("aws.protocols#ec2Query", "ec2"),
    ];
    PROTOCOLS
        .into_iter()
        .filter(|(name, _)| traits.get(name).is_some())
        .map(|(_, word)| word)
}

/// A description in Smithy's form.
struct Smithy<'d> {
    /// By their absolute identifiers.
    shapes: &'d Map<String, Value>,
    /// The identifier of the service.
    id: &'d str,
    service: &'d Value,
}

impl<'d> Smithy<'d> {
    fn service_trait(&self, name: &str) -> &'d Value {
        &self.service["traits"][name]
    }

    /// A shape of the description, and not of Smithy's prelude.
    fn shape(&self, id: &str) -> Option<&'d Value> {
        self.shapes.get(id)
    }

    /// What `service-2.json` says.
    fn document(&self) -> Value {
        let operations = self.operations();
        let mut document = Map::new();
        document.insert("version".to_owned(), json!("2.0"));
        document.insert("metadata".to_owned(), self.metadata());
        let mut converted = Map::new();
        for (id, operation) in &operations {
            converted.insert(local(id).to_owned(), self.operation(id, operation));
        }
        document.insert("operations".to_owned(), Value::Object(converted));
        document.insert("shapes".to_owned(), self.converted_shapes(&operations));
        let traits = &self.service["traits"];
        insert(&mut document, "documentation", &traits["smithy.api#documentation"]);
        insert_deprecation(&mut document, traits);
        let params = &traits["smithy.rules#clientContextParams"];
        insert(&mut document, "clientContextParams", params);
        Value::Object(document)
    }

    fn metadata(&self) -> Value {
        let traits = &self.service["traits"];
        let about = &traits["aws.api#service"];
        let mut metadata = Map::new();
        insert(&mut metadata, "apiVersion", &self.service["version"]);
        let namespace = &about["arnNamespace"];
        let prefix = about.get("endpointPrefix").unwrap_or(namespace);
        insert(&mut metadata, "endpointPrefix", prefix);
        let protocols: Vec<_> = protocols(traits).collect();
        insert(&mut metadata, "protocol", &json!(protocols.first()));
        insert(&mut metadata, "protocols", &json!(protocols));
        for (name, version) in [("aws.protocols#awsJson1_1", "1.1"), ("aws.protocols#awsJson1_0", "1.0")] {
            if traits.get(name).is_some() {
                insert(&mut metadata, "jsonVersion", &json!(version));
                insert(&mut metadata, "targetPrefix", &json!(local(self.id)));
                break;
            }
        }
        insert(&mut metadata, "serviceFullName", &traits["smithy.api#title"]);
        insert(&mut metadata, "serviceId", &about["sdkId"]);
        insert(&mut metadata, "uid", &about["docId"]);
        if let Some(sigv4) = traits.get("aws.auth#sigv4") {
            insert(&mut metadata, "signatureVersion", &json!("v4"));
            insert(&mut metadata, "signingName", &sigv4["name"]);
        }
        let auth: Vec<_> = ["aws.auth#sigv4", "aws.auth#sigv4a", "smithy.api#httpBearerAuth"]
            .into_iter()
            .filter(|scheme| traits.get(scheme).is_some())
            .collect();
        insert(
            &mut metadata,
            "auth",
            traits.get("smithy.api#auth").unwrap_or(&json!(auth)),
        );
        Value::Object(metadata)
    }

    /// All operations of the service and of its resources, by name.
    fn operations(&self) -> Vec<(&'d str, &'d Value)> {
        let mut found = BTreeSet::new();
        let mut waiting = vec![self.service];
        let mut seen = BTreeSet::new();
        while let Some(owner) = waiting.pop() {
            let lists = ["operations", "collectionOperations"]
                .into_iter()
                .flat_map(|key| targets(&owner[key]));
            let verbs = ["create", "put", "read", "update", "delete", "list"];
            found.extend(lists.chain(verbs.into_iter().filter_map(|verb| target(&owner[verb]))));
            let resources = targets(&owner["resources"]).filter(|id| seen.insert(*id));
            waiting.extend(resources.filter_map(|id| self.shape(id)));
        }
        let mut operations: Vec<_> = found.into_iter().filter_map(|id| Some((id, self.shape(id)?))).collect();
        operations.sort_by_key(|(id, _)| local(id));
        operations
    }
}

/// The name of a shape without its namespace.
fn local(id: &str) -> &str {
    id.rsplit_once('#').map_or(id, |(_, name)| name)
}

fn target(reference: &Value) -> Option<&str> {
    reference["target"].as_str()
}

fn targets(references: &Value) -> impl Iterator<Item = &str> {
    references.as_array().into_iter().flatten().filter_map(target)
}

/// Adds an entry, unless there is no value for it.
fn insert(object: &mut Map<String, Value>, key: &str, value: &Value) {
    if !value.is_null() {
        object.insert(key.to_owned(), value.clone());
    }
}

fn insert_deprecation(object: &mut Map<String, Value>, traits: &Value) {
    if let Some(deprecated) = traits.get("smithy.api#deprecated") {
        object.insert("deprecated".to_owned(), json!(true));
        insert(object, "deprecatedMessage", &deprecated["message"]);
        insert(object, "deprecatedSince", &deprecated["since"]);
    }
}

/// Adds `true` for each trait that is there.
fn insert_flags(object: &mut Map<String, Value>, traits: &Value, flags: &[(&str, &str)]) {
    for (name, key) in flags {
        if traits.get(name).is_some() {
            object.insert((*key).to_owned(), json!(true));
        }
    }
}
