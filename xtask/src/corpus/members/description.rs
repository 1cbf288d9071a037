//! A description, as plain JSON: what it says of members, worked out here a second time.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::Read;
use std::path::Path;

use anyhow::{Context, Result};
use flate2::read::MultiGzDecoder;
use serde_json::Value;

/// The description of a service.
#[derive(Debug)]
pub(super) struct Description {
    document: Value,
    pages: Value,
    waiters: Value,
    pub(super) protocol: Protocol,
}

/// What a protocol means for the names of members.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Protocol {
    RestJson,
    RestXml,
    Json,
    Cbor,
    Query,
    Ec2,
}

/// Where members are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    Input,
    Output,
    Error,
    Structure { only_received: bool },
}

/// Members with a value where the caller gives none, by the identifier of the service: they are not required.
const DEFAULTS: [(&str, &str); 1] = [("Glacier", "accountId")];

impl Description {
    /// Reads the description in a folder, if it has one of botocore's form.
    pub(super) fn read(folder: &Path) -> Result<Option<Self>> {
        let Some(document) = with_extras(folder, "service-2")? else {
            return Ok(None);
        };
        let protocol = protocol(&document["metadata"]);
        let mut pages = with_extras(folder, "paginators-1")?.unwrap_or_default();
        let mut waiters = with_extras(folder, "waiters-2")?.unwrap_or_default();
        Ok(protocol.map(|protocol| Self {
            document,
            pages: pages["pagination"].take(),
            waiters: waiters["waiters"].take(),
            protocol,
        }))
    }

    /// The operations whose results come in pages, each with what it says of them.
    pub(super) fn pages(&self) -> impl Iterator<Item = (&String, &Value)> {
        self.pages.as_object().into_iter().flatten()
    }

    /// The waiters by name.
    pub(super) fn waiters(&self) -> impl Iterator<Item = (&String, &Value)> {
        self.waiters.as_object().into_iter().flatten()
    }

    pub(super) fn operations(&self) -> impl Iterator<Item = (&String, &Value)> {
        self.document["operations"].as_object().into_iter().flatten()
    }

    pub(super) fn shapes(&self) -> impl Iterator<Item = (&String, &Value)> {
        self.document["shapes"].as_object().into_iter().flatten()
    }

    pub(super) fn shape(&self, name: &str) -> &Value {
        &self.document["shapes"][name]
    }

    /// The shape that a reference names.
    pub(super) fn target(&self, reference: &Value) -> &Value {
        self.shape(reference["shape"].as_str().unwrap_or_default())
    }

    /// The structures and the like that are reached from these shapes.
    pub(super) fn reached<'d>(&'d self, from: impl IntoIterator<Item = &'d str>) -> BTreeSet<&'d str> {
        let mut waiting: Vec<&str> = from.into_iter().collect();
        let mut reached = BTreeSet::new();
        while let Some(name) = waiting.pop() {
            if !reached.insert(name) {
                continue;
            }
            let shape = self.shape(name);
            let members = members(shape).map(|(_, member)| member);
            let parts = ["member", "key", "value"].iter().map(|part| &shape[*part]);
            waiting.extend(members.chain(parts).filter_map(|reference| reference["shape"].as_str()));
        }
        reached
    }

    /// Whether a member always has a value in Rust.
    pub(super) fn is_plain(&self, shape: &Value, name: &str, member: &Value, place: Place) -> bool {
        let target = self.target(member);
        let kind = target["type"].as_str().unwrap_or_default();
        let is_collection = matches!(kind, "list" | "map");
        let is_payload = shape["payload"] == name;
        let required = shape["required"]
            .as_array()
            .into_iter()
            .flatten()
            .any(|required| required == name);
        let id = self.document["metadata"]["serviceId"].as_str().unwrap_or_default();
        match place {
            Place::Input => {
                let is_token = is_true(member, "idempotencyToken") && kind == "string" && !is_enum(target);
                required && !is_token && !DEFAULTS.contains(&(id, name))
            }
            Place::Output => {
                let is_stream = is_payload && kind == "blob" || is_true(target, "eventstream");
                required || is_collection || is_stream
            }
            // What an error lacks, it does not say.
            Place::Error => is_collection,
            Place::Structure { only_received } => required || only_received && is_collection,
        }
    }

    /// Whether a type of Rust, without the modules of its names, is that of a member.
    pub(super) fn fits(&self, ty: &str, member: &Value, is_payload: bool, place: Place) -> bool {
        let target = self.target(member);
        let ty = inside(ty, "Box").unwrap_or(ty);
        let named = || squeezed(ty) == squeezed(member["shape"].as_str().unwrap_or_default());
        let nested = |ty: &str, reference: &Value| {
            let ty = match is_true(target, "sparse") {
                true => inside(ty, "Option"),
                false => Some(ty),
            };
            ty.is_some_and(|ty| self.fits(ty, reference, false, place))
        };
        match target["type"].as_str().unwrap_or_default() {
            "string" | "character" if is_enum(target) => named(),
            "string" | "character" => ty == "String",
            "byte" => ty == "i8",
            "short" => ty == "i16",
            "integer" => ty == "i32",
            "long" => ty == "i64",
            "float" => ty == "f32",
            "double" => ty == "f64",
            "boolean" => ty == "bool",
            "timestamp" => ty == "DateTime",
            "blob" => match (is_payload, place) {
                (true, Place::Input) => ty == "Body",
                (true, Place::Output) => ty == "ByteStream",
                _ => ty == "Bytes",
            },
            "list" => inside(ty, "Vec").is_some_and(|ty| nested(ty, &target["member"])),
            "map" => inside(ty, "HashMap")
                .and_then(|entry| entry.split_once(','))
                .is_some_and(|(key, value)| {
                    self.fits(key, &target["key"], false, place) && nested(value, &target["value"])
                }),
            "structure" if is_true(target, "document") => ty == "Value",
            "structure" if is_true(target, "eventstream") => inside(ty, "EventStream")
                .is_some_and(|ty| squeezed(ty) == squeezed(member["shape"].as_str().unwrap_or_default())),
            "structure" => named(),
            _ => false,
        }
    }

    /// What a member is called in a body.
    pub(super) fn wire_name(&self, name: &str, member: &Value, is_sent: bool) -> String {
        let target = self.target(member);
        let own = member["locationName"].as_str();
        if !matches!(self.protocol, Protocol::RestXml | Protocol::Query | Protocol::Ec2) {
            return own.unwrap_or(name).to_owned();
        }
        if self.protocol == Protocol::Ec2 && is_sent {
            let query_name = member["queryName"].as_str().map(str::to_owned);
            return query_name.unwrap_or_else(|| capitalized(own.unwrap_or(name)));
        }
        own.or_else(|| element_of(target)).unwrap_or(name).to_owned()
    }
}

/// The members of a shape.
pub(super) fn members(shape: &Value) -> impl Iterator<Item = (&String, &Value)> {
    shape["members"].as_object().into_iter().flatten()
}

pub(super) fn is_true(value: &Value, key: &str) -> bool {
    value[key] == true
}

pub(super) fn is_enum(shape: &Value) -> bool {
    shape["enum"].as_array().is_some_and(|values| !values.is_empty())
}

/// A name without what Rust changes of it: case, underscores, the mark of a raw identifier.
pub(super) fn squeezed(name: &str) -> String {
    let name = name.strip_prefix("r#").unwrap_or(name);
    let letters = name.chars().filter(char::is_ascii_alphanumeric);
    letters.map(|c| c.to_ascii_lowercase()).collect()
}

/// What a type holds, if it is of this kind.
pub(super) fn inside<'t>(ty: &'t str, kind: &str) -> Option<&'t str> {
    ty.strip_prefix(kind)?.strip_prefix('<')?.strip_suffix('>')
}

/// The name that a list or map has for a member of XML.
fn element_of(target: &Value) -> Option<&str> {
    let is_flattened = is_true(target, "flattened");
    let of_elements = target["member"]["locationName"].as_str().filter(|_| is_flattened);
    let is_collection = matches!(target["type"].as_str(), Some("list" | "map"));
    of_elements
        .or(target["locationName"].as_str())
        .filter(|_| is_collection)
}

fn capitalized(name: &str) -> String {
    let (first, rest) = name.split_at(name.len().min(1));
    first.to_ascii_uppercase() + rest
}

/// The protocol that clients speak: the first of these that the service speaks.
fn protocol(metadata: &Value) -> Option<Protocol> {
    let all = [
        ("json", Protocol::Json),
        ("rest-json", Protocol::RestJson),
        ("rest-xml", Protocol::RestXml),
        ("smithy-rpc-v2-cbor", Protocol::Cbor),
        ("query", Protocol::Query),
        ("ec2", Protocol::Ec2),
    ];
    let spoken: Vec<&str> = match metadata["protocols"].as_array() {
        Some(protocols) => protocols.iter().filter_map(Value::as_str).collect(),
        None => metadata["protocol"].as_str().into_iter().collect(),
    };
    let mut all = all.into_iter();
    all.find(|(name, _)| spoken.contains(name))
        .map(|(_, protocol)| protocol)
}

/// A file of JSON with what its extras add; `None` if it is not there.
fn with_extras(folder: &Path, name: &str) -> Result<Option<Value>> {
    let Some(mut document) = json(folder, &format!("{name}.json"))? else {
        return Ok(None);
    };
    if let Some(mut extras) = json(folder, &format!("{name}.sdk-extras.json"))? {
        merge(&mut document, extras["merge"].take());
    }
    Ok(Some(document))
}

/// A file of JSON, plain or compressed; `None` if it is not there.
fn json(folder: &Path, name: &str) -> Result<Option<Value>> {
    let (plain, packed) = (folder.join(name), folder.join(format!("{name}.gz")));
    let text = if plain.exists() {
        fs::read_to_string(&plain).with_context(|| format!("cannot read {}", plain.display()))?
    } else if packed.exists() {
        let unreadable = || format!("cannot read {}", packed.display());
        let mut text = String::new();
        let file = File::open(&packed).with_context(unreadable)?;
        MultiGzDecoder::new(file)
            .read_to_string(&mut text)
            .with_context(unreadable)?;
        text
    } else {
        return Ok(None);
    };
    serde_json::from_str(&text)
        .with_context(|| format!("{name} of {} is not JSON", folder.display()))
        .map(Some)
}

/// Objects are merged key by key; everything else is replaced.
fn merge(base: &mut Value, other: Value) {
    match (base, other) {
        (Value::Object(base), Value::Object(other)) => {
            for (key, value) in other {
                merge(base.entry(key).or_insert(Value::Null), value);
            }
        }
        (base, other) => *base = other,
    }
}
