//! What members, elements and entries are called in bodies.

use super::Lowering;
use crate::ir::{ElementName, Name, Namespace, Protocol};
use crate::model::service::{Reference, Shape, ShapeType, XmlNamespace};

/// What a list or map calls its parts where it does not say.
const ELEMENT: &str = "member";
const KEY: &str = "key";
const VALUE: &str = "value";

impl Lowering<'_> {
    /// The name of a member of a body.
    pub(super) fn body_name(&self, member: &str, reference: &Reference) -> Name {
        match (&self.protocol, self.shape(reference)) {
            (Protocol::RestXml | Protocol::Query, Some(shape)) => same(element_name(member, reference, shape)),
            (Protocol::Ec2, Some(shape)) => Name {
                sent: ec2_name(member, reference),
                received: element_name(member, reference, shape).to_owned(),
            },
            _ => same(wire_name(member, reference)),
        }
    }

    /// Whether the elements of a list or map lie beside the other members.
    pub(super) fn is_flattened(&self, reference: &Reference) -> bool {
        self.shape(reference)
            .is_some_and(|shape| is_flattened(reference, shape))
    }

    /// The namespace that the element of a use of a shape declares.
    pub(super) fn namespace(&self, reference: &Reference) -> Option<Namespace> {
        let shape = self.shape(reference);
        let written = reference.xml_namespace.as_ref();
        written.or_else(|| shape?.xml_namespace.as_ref()).map(namespace)
    }

    /// What the elements of a list are called.
    pub(super) fn element(&self, reference: Option<&Reference>) -> ElementName {
        self.part(reference, ELEMENT)
    }

    /// What the key and the value of an entry are called.
    pub(super) fn entry(&self, shape: &Shape) -> [ElementName; 2] {
        [
            self.part(shape.key.as_ref(), KEY),
            self.part(shape.value.as_ref(), VALUE),
        ]
    }

    fn part(&self, reference: Option<&Reference>, default: &str) -> ElementName {
        let own = reference.and_then(|reference| reference.location_name.as_deref());
        ElementName {
            name: own.unwrap_or(default).to_owned(),
            namespace: reference.and_then(|reference| self.namespace(reference)),
        }
    }

    /// The root of an XML body: a structure, named by the use of it or by itself.
    pub(super) fn root(&self, reference: &Reference, is_payload: bool) -> ElementName {
        let own = reference.location_name.as_ref();
        let shape = self.shape(reference).and_then(|shape| shape.location_name.as_ref());
        // The name of an input is that of its shape first.
        let names = if is_payload { [own, shape] } else { [shape, own] };
        let name = names.into_iter().flatten().next();
        ElementName {
            name: name.unwrap_or(&reference.shape).clone(),
            namespace: self.namespace(reference),
        }
    }
}

/// The name of a member where its type does not matter.
pub(super) fn wire_name<'n>(name: &'n str, reference: &'n Reference) -> &'n str {
    reference.location_name.as_deref().unwrap_or(name)
}

/// The name of a member's element. A list or map may have a name for it; structures have one only for roots.
fn element_name<'n>(member: &'n str, reference: &'n Reference, shape: &'n Shape) -> &'n str {
    let from_shape = || {
        let is_container = shape.r#type == ShapeType::List || shape.r#type == ShapeType::Map;
        let of_elements = || shape.member.as_ref()?.location_name.as_ref();
        let flattened = shape.flattened.then(of_elements).flatten();
        flattened.or(shape.location_name.as_ref()).filter(|_| is_container)
    };
    reference
        .location_name
        .as_ref()
        .or_else(from_shape)
        .map_or(member, |name| name)
}

/// The name of a member in requests of EC2, which begins with a capital.
fn ec2_name(member: &str, reference: &Reference) -> String {
    if let Some(name) = &reference.query_name {
        return name.clone();
    }
    let mut chars = wire_name(member, reference).chars();
    let first = chars.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(chars).collect()
}

fn is_flattened(reference: &Reference, shape: &Shape) -> bool {
    let is_container = shape.r#type == ShapeType::List || shape.r#type == ShapeType::Map;
    is_container && (reference.flattened || shape.flattened)
}

fn same(name: &str) -> Name {
    Name {
        sent: name.to_owned(),
        received: name.to_owned(),
    }
}

fn namespace(written: &XmlNamespace) -> Namespace {
    let (prefix, uri) = match written {
        XmlNamespace::Uri(uri) => (None, uri),
        XmlNamespace::Full { uri, prefix } => (prefix.as_ref(), uri),
    };
    Namespace {
        prefix: prefix.cloned().unwrap_or_default(),
        uri: uri.clone(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn names(reference: Value, shape: Value) -> (String, String) {
        let reference: Reference = serde_json::from_value(reference).expect("a reference");
        let shape: Shape = serde_json::from_value(shape).expect("a shape");
        let element = element_name("someName", &reference, &shape).to_owned();
        (element, ec2_name("someName", &reference))
    }

    #[test]
    fn the_use_names_an_element_first() {
        let list = json!({ "type": "list", "flattened": true, "locationName": "OfList", "member": { "shape": "S", "locationName": "OfElement" } });
        let wrapped = json!({ "type": "list", "locationName": "OfList", "member": { "shape": "S", "locationName": "OfElement" } });
        let plain = json!({ "type": "list", "member": { "shape": "S", "locationName": "OfElement" } });
        let structure = json!({ "type": "structure", "locationName": "OfStructure" });
        let (bare, named) = (json!({ "shape": "X" }), json!({ "shape": "X", "locationName": "own" }));
        for (reference, shape, element, sent) in [
            (&named, &list, "own", "Own"),
            (&bare, &list, "OfElement", "SomeName"),
            (&bare, &wrapped, "OfList", "SomeName"),
            (&bare, &plain, "someName", "SomeName"),
            (
                &json!({ "shape": "X", "flattened": true }),
                &plain,
                "someName",
                "SomeName",
            ),
            (&bare, &structure, "someName", "SomeName"),
            (
                &json!({ "shape": "X", "locationName": "own", "queryName": "query" }),
                &plain,
                "own",
                "query",
            ),
        ] {
            let expected = (element.to_owned(), sent.to_owned());
            assert_eq!(names(reference.clone(), shape.clone()), expected, "{reference} {shape}");
        }
    }
}
