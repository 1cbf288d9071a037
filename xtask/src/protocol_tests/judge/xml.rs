//! Documents that mean the same.

use roxmltree::{Document, Node};

/// What counts of an element: its name, what it declares, its attributes, and its children or its text.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Element {
    name: (Option<String>, String),
    namespaces: Vec<(Option<String>, String)>,
    attributes: Vec<(Option<String>, String, String)>,
    children: Vec<Element>,
    /// Of elements without children: white space between elements means nothing.
    text: Option<String>,
}

/// The root of a document; `None` if it is no XML.
pub(super) fn root(text: &str) -> Option<Element> {
    Some(element(Document::parse(text).ok()?.root_element()))
}

fn element(node: Node<'_, '_>) -> Element {
    let owned = |text: Option<&str>| text.map(str::to_owned);
    let attributes = node.attributes();
    let attributes = attributes.map(|it| (owned(it.namespace()), it.name().to_owned(), it.value().to_owned()));
    let namespaces = node.namespaces().map(|it| (owned(it.name()), it.uri().to_owned()));
    let (mut attributes, mut namespaces): (Vec<_>, Vec<_>) = (attributes.collect(), namespaces.collect());
    attributes.sort();
    namespaces.sort();
    let mut children: Vec<Element> = node.children().filter(Node::is_element).map(element).collect();
    if are_entries(&children) {
        children.sort_by(|one, other| one.key().cmp(&other.key()));
    }
    let texts = node.children().filter(Node::is_text).filter_map(|text| text.text());
    Element {
        name: (owned(node.tag_name().namespace()), node.tag_name().name().to_owned()),
        namespaces,
        attributes,
        text: children.is_empty().then(|| texts.collect()),
        children,
    }
}

impl Element {
    /// What the element is found by, if it is an entry of a map.
    fn key(&self) -> Option<&str> {
        match self.children.as_slice() {
            [key, _] => key.text.as_deref(),
            _ => None,
        }
    }
}

/// Whether elements are the entries of a map, whose order does not count: each has a key of its own.
fn are_entries(elements: &[Element]) -> bool {
    let mut keys: Vec<Option<&str>> = elements.iter().map(Element::key).collect();
    keys.sort_unstable();
    let names = elements.windows(2).all(|pair| pair[0].name == pair[1].name);
    names && keys.iter().all(Option::is_some) && keys.windows(2).all(|pair| pair[0] != pair[1])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn space_between_elements_does_not_count() {
        assert_eq!(root("<a><b> x</b></a>"), root("<a>\n  <b> x</b>\n</a>"));
        assert_ne!(root("<a><b> x</b></a>"), root("<a><b>x</b></a>"));
        assert_ne!(root("<a/>"), root("<a xmlns='urn:b'/>"));
        assert_ne!(root("<a b='1'/>"), root("<a b='2'/>"));
        assert!(root("text").is_none());
    }

    #[test]
    fn entries_of_maps_have_no_order() {
        let entry = |key: &str| format!("<e><key>{key}</key><value/></e>");
        let entries = |keys: [&str; 2]| root(&format!("<a>{}{}</a>", entry(keys[0]), entry(keys[1])));
        assert_eq!(entries(["x", "y"]), entries(["y", "x"]));
        assert_ne!(root("<a><b>1</b><b>2</b></a>"), root("<a><b>2</b><b>1</b></a>"));
    }
}
