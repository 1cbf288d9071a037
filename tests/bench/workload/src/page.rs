//! Pages of lists, as services write them.

mod instances;
mod objects;

use serde::{Deserialize, Serialize};

use crate::Blocks;

/// A page of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Page {
    /// Of ListObjectsV2, with as many keys as S3 returns at most.
    Objects,
    /// Of DescribeInstances, two instances in a reservation.
    Instances,
}

impl Page {
    /// How many objects or instances it lists.
    #[must_use]
    pub fn items(self) -> u64 {
        match self {
            Self::Objects => 1000,
            Self::Instances => 100,
        }
    }

    /// The body of the response.
    pub(crate) fn response(self) -> Blocks {
        let text = match self {
            Self::Objects => objects::page(self.items()),
            Self::Instances => instances::page(self.items()),
        };
        Blocks {
            block: text.into(),
            times: 1,
        }
    }
}

/// Writes elements, each on a line of its own if they are indented.
struct Xml {
    text: String,
    is_indented: bool,
    depth: usize,
}

impl Xml {
    fn new(is_indented: bool) -> Self {
        Self {
            text: "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n".to_owned(),
            is_indented,
            depth: 0,
        }
    }

    /// An element with text that needs no escaping.
    fn text(&mut self, name: &str, text: impl std::fmt::Display) {
        self.start_line();
        self.text += &format!("<{name}>{text}</{name}>");
        self.end_line();
    }

    /// An element without content.
    fn empty(&mut self, name: &str) {
        self.start_line();
        self.text += &format!("<{name}/>");
        self.end_line();
    }

    /// An element with children. The tag may have attributes.
    fn element(&mut self, tag: &str, children: impl FnOnce(&mut Self)) {
        self.start_line();
        self.text += &format!("<{tag}>");
        self.end_line();
        self.depth += 1;
        children(self);
        self.depth -= 1;
        self.start_line();
        let name = tag.split(' ').next().unwrap_or(tag);
        self.text += &format!("</{name}>");
        self.end_line();
    }

    fn start_line(&mut self) {
        if self.is_indented {
            self.text += &"    ".repeat(self.depth);
        }
    }

    fn end_line(&mut self) {
        if self.is_indented {
            self.text += "\n";
        }
    }
}

/// Digits that look like an identifier, the same for the same number.
fn hexadecimal(number: u64, digits: usize) -> String {
    let mixed = u128::from(number + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835);
    format!("{mixed:032x}")[32 - digits..].to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_has_its_items() {
        for (page, item, bytes) in [
            (Page::Objects, "<Contents>", 300_000),
            (Page::Instances, "<instanceId>", 600_000),
        ] {
            let response = page.response();
            let text = std::str::from_utf8(&response.block).unwrap();
            assert_eq!(text.matches(item).count() as u64, page.items(), "{page:?}");
            assert!(text.len() > bytes, "{page:?} has {} bytes", text.len());
        }
    }
}
