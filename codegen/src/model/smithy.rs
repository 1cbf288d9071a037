//! Smithy's JSON form of a service, as AWS publishes it, into the documents of a model folder.
//!
//! Both forms say the same in different words. What Smithy says in traits stands here beside the keys of the other form, so
//! that everything after it needs to know one form alone. `CONTRIBUTING.md` lists where the two differ.

mod operation;
mod shape;
mod waiter;

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::service::Protocol;
use super::word::{Vocabulary, Word};
use crate::source::{File, Layer};

/// What a description becomes, or why it cannot be used: the problem and what would be right.
pub(super) type Converted = Result<Vec<(File, Value)>, (String, String)>;

/// Whether a text is Smithy's, as far as a look at it tells.
pub(super) fn is_smithy(document: &Value) -> bool {
    document.get("smithy").is_some_and(Value::is_string) && document.get("shapes").is_some_and(Value::is_object)
}

/// The traits that name protocols, and what the other form calls them.
const PROTOCOLS: [(&str, Protocol); 7] = [
    ("aws.protocols#awsJson1_1", Protocol::Json),
    ("aws.protocols#awsJson1_0", Protocol::Json),
    ("aws.protocols#restJson1", Protocol::RestJson),
    ("aws.protocols#restXml", Protocol::RestXml),
    ("smithy.protocols#rpcv2Cbor", Protocol::RpcV2Cbor),
    ("aws.protocols#awsQuery", Protocol::Query),
    ("aws.protocols#ec2Query", Protocol::Ec2),
];

const QUERY_COMPATIBLE: &str = "aws.protocols#awsQueryCompatible";
const XML_NAMESPACE: &str = "smithy.api#xmlNamespace";
const ENDPOINT_RULES: &str = "smithy.rules#endpointRuleSet";

/// The documents of a model folder. `preferred` is the protocol that `client.json` names. Endpoint rules are needed unless
/// they are in a file of their own.
pub(super) fn convert(document: &Value, preferred: Option<&str>, needs_rules: bool) -> Converted {
    let smithy = Smithy::new(document, preferred.and_then(Protocol::of))?;
    let mut documents = vec![(File::Service, smithy.document())];
    match smithy.service_trait(ENDPOINT_RULES) {
        Value::Null if needs_rules => return Err(without_rules(smithy.service)),
        Value::Null => {}
        rules => documents.push((File::EndpointRules, rules.clone())),
    }
    documents.extend(smithy.paginators().map(|document| (File::Paginators, document)));
    documents.extend(smithy.waiters().map(|document| (File::Waiters, document)));
    Ok(documents)
}

/// What `service-2.json` would say of a description in Smithy's form if the service spoke this protocol alone, such as
/// `aws.protocols#restXml`.
///
/// # Errors
///
/// What is wrong with the description, in a line.
pub fn service_document(description: &Value, protocol: &str) -> Result<Value, String> {
    let known = PROTOCOLS.iter().find(|(name, _)| *name == protocol);
    let &(_, protocol) = known.ok_or_else(|| format!("`{protocol}` is not a known protocol"))?;
    let smithy = Smithy::new(description, Some(protocol)).map_err(|(problem, help)| format!("{problem}: {help}"))?;
    let mut document = smithy.document();
    document["metadata"]["protocol"] = Word::Known(protocol).to_string().into();
    document["metadata"]["protocols"] = json!([document["metadata"]["protocol"]]);
    Ok(document)
}

/// The endpoint rules of a description alone.
pub(super) fn endpoint_rules(document: &Value) -> Result<Value, (String, String)> {
    let service = service(document).map_or(&Value::Null, |(_, _, service)| service);
    let rules = service["traits"].get(ENDPOINT_RULES);
    rules.cloned().ok_or_else(|| without_rules(service))
}

fn without_rules(service: &Value) -> (String, String) {
    match service["traits"].get("smithy.rules#endpointBdd") {
        Some(_) => (
            "the endpoint rules are compiled into a decision diagram (`endpointBdd`), which is not read".to_owned(),
            format!(
                "use a file with `{ENDPOINT_RULES}`, or put `{}` beside it",
                File::EndpointRules.name(Layer::Base)
            ),
        ),
        None => (
            format!("the service has no `{ENDPOINT_RULES}`"),
            "use a description with endpoint rules, as AWS publishes them".to_owned(),
        ),
    }
}

/// Whether the service speaks the protocol that most services speak.
pub(super) fn speaks_rest_json(document: &Value) -> bool {
    service(document).is_some_and(|(_, _, service)| protocols(service).contains(&Protocol::RestJson))
}

/// All shapes, and the only service among them with its identifier.
fn service(document: &Value) -> Option<(&Map<String, Value>, &str, &Value)> {
    let shapes = document["shapes"].as_object()?;
    let mut services = shapes.iter().filter(|(_, shape)| shape["type"] == "service");
    let (id, service) = services.next()?;
    services.next().is_none().then_some((shapes, id.as_str(), service))
}

/// The protocols of a service, the preferred one first.
fn protocols(service: &Value) -> Vec<Protocol> {
    let speaks = |protocol: &Protocol| {
        let mut traits = PROTOCOLS.iter().filter(|(_, other)| other == protocol);
        traits.any(|(name, _)| service["traits"].get(name).is_some())
    };
    Protocol::ORDER.into_iter().filter(speaks).collect()
}

/// A description in Smithy's form.
struct Smithy<'d> {
    /// By their absolute identifiers.
    shapes: &'d Map<String, Value>,
    /// The identifier of the service.
    id: &'d str,
    service: &'d Value,
    /// The one that the client speaks. Names of members depend on it.
    protocol: Protocol,
}

impl<'d> Smithy<'d> {
    /// The service that a file describes, or what is wrong with the file.
    fn new(document: &'d Value, preferred: Option<Protocol>) -> Result<Self, (String, String)> {
        let version = document["smithy"].as_str().unwrap_or_default();
        if !version.starts_with('2') {
            return Err((
                format!("the description is of Smithy {version}"),
                "convert it to Smithy 2.0 with the tools of Smithy".to_owned(),
            ));
        }
        let Some((shapes, id, service)) = service(document) else {
            return Err((
                "the description has no service, or more than one".to_owned(),
                "name a file with one shape of the type `service`".to_owned(),
            ));
        };
        let protocols = protocols(service);
        let preferred = preferred.filter(|protocol| protocols.contains(protocol));
        let Some(protocol) = preferred.or(protocols.first().copied()) else {
            return Err((
                "the service speaks no protocol that this generator knows".to_owned(),
                format!(
                    "use a service with one of {}",
                    PROTOCOLS.map(|(name, _)| name).join(", ")
                ),
            ));
        };
        Ok(Self {
            shapes,
            id,
            service,
            protocol,
        })
    }

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
        let protocols = protocols(self.service).into_iter();
        let protocols: Vec<String> = protocols.map(|protocol| Word::Known(protocol).to_string()).collect();
        insert(&mut metadata, "protocol", &json!(protocols.first()));
        insert(&mut metadata, "protocols", &json!(protocols));
        for (name, version) in [("aws.protocols#awsJson1_1", "1.1"), ("aws.protocols#awsJson1_0", "1.0")] {
            if traits.get(name).is_some() {
                insert(&mut metadata, "jsonVersion", &json!(version));
                break;
            }
        }
        if matches!(self.protocol, Protocol::Json | Protocol::RpcV2Cbor) {
            insert(&mut metadata, "targetPrefix", &json!(local(self.id)));
        }
        insert(&mut metadata, "awsQueryCompatible", &traits[QUERY_COMPATIBLE]);
        insert(&mut metadata, "xmlNamespace", &traits[XML_NAMESPACE]);
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
