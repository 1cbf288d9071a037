//! As much XML as the answers of STS need.
//!
//! There are no document types, and so no entities but those that every document has: nothing grows, and nothing is read
//! from elsewhere.

use std::fmt;

use zeroize::Zeroizing;

/// How deep elements may be nested.
const MAX_DEPTH: usize = 32;

/// What is wrong with a document; not what stands there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Malformed(&'static str);

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "XML: {}", self.0)
    }
}

impl std::error::Error for Malformed {}

const ENDS: Malformed = Malformed("it ends too early");
const INVALID: Malformed = Malformed("it is not valid");

/// Reads a document, and shows the text of each element that has no others in it: with the names of those that it is
/// in, and its own as the last. Names are without prefixes.
pub(crate) fn read<'a>(
    document: &'a [u8],
    mut show: impl FnMut(&[&'a str], Zeroizing<String>),
) -> Result<(), Malformed> {
    let text = std::str::from_utf8(document).map_err(|_| Malformed("it is not UTF-8"))?;
    let mut rest = text.strip_prefix('\u{feff}').unwrap_or(text).trim_ascii_start();
    if rest.is_empty() {
        return Err(ENDS);
    }
    let mut open: Vec<&str> = Vec::new();
    let mut names: Vec<&str> = Vec::new();
    let mut is_leaf = false;
    let mut value = Zeroizing::new(String::new());
    let mut has_root = false;
    while !rest.is_empty() {
        let (before, after) = rest.split_at(rest.find('<').unwrap_or(rest.len()));
        if open.is_empty() {
            if !before.trim_ascii().is_empty() {
                return Err(INVALID);
            }
        } else if is_leaf {
            append_text(&mut value, before)?;
        }
        rest = after;
        if rest.is_empty() {
            break;
        }
        if let Some(comment) = rest.strip_prefix("<!--") {
            rest = after_end(comment, "-->")?.1;
        } else if let Some(section) = rest.strip_prefix("<![CDATA[") {
            let (section, after) = after_end(section, "]]>")?;
            if open.is_empty() {
                return Err(INVALID);
            }
            if is_leaf {
                append(&mut value, section);
            }
            rest = after;
        } else if let Some(instruction) = rest.strip_prefix("<?") {
            rest = after_end(instruction, "?>")?.1;
        } else if rest.starts_with("<!") {
            return Err(Malformed("it has a document type"));
        } else if let Some(tag) = rest.strip_prefix("</") {
            let (name, after) = after_end(tag, ">")?;
            let own = open.pop().ok_or(INVALID)?;
            if own != name.trim_ascii_end() {
                return Err(INVALID);
            }
            if is_leaf {
                show(&names, std::mem::take(&mut value));
            }
            names.pop();
            is_leaf = false;
            rest = after;
        } else {
            let tag = Tag::read(&rest[1..])?;
            if has_root && open.is_empty() {
                return Err(INVALID);
            }
            if open.len() == MAX_DEPTH {
                return Err(Malformed("it is nested too deeply"));
            }
            has_root = true;
            names.push(tag.local_name());
            if tag.is_empty {
                show(&names, Zeroizing::default());
                names.pop();
            } else {
                open.push(tag.name);
                value = Zeroizing::default();
            }
            is_leaf = !tag.is_empty;
            rest = tag.rest;
        }
    }
    if open.is_empty() && has_root { Ok(()) } else { Err(ENDS) }
}

/// A tag that opens an element.
struct Tag<'a> {
    name: &'a str,
    /// Whether it closes the element as well.
    is_empty: bool,
    rest: &'a str,
}

impl<'a> Tag<'a> {
    /// Reads what follows a `<`.
    fn read(text: &'a str) -> Result<Self, Malformed> {
        let is_end = |c: char| c.is_ascii_whitespace() || matches!(c, '/' | '>');
        let (name, mut rest) = text.split_at(text.find(is_end).ok_or(ENDS)?);
        let is_name = |name: &str| {
            let starts = name.starts_with(|c: char| c.is_alphabetic() || c == '_');
            starts && name.chars().all(|c| c.is_alphanumeric() || "_-.:".contains(c))
        };
        if !is_name(name) {
            return Err(INVALID);
        }
        loop {
            let trimmed = rest.trim_ascii_start();
            if let Some(rest) = trimmed.strip_prefix("/>") {
                return Ok(Self {
                    name,
                    is_empty: true,
                    rest,
                });
            }
            if let Some(rest) = trimmed.strip_prefix('>') {
                return Ok(Self {
                    name,
                    is_empty: false,
                    rest,
                });
            }
            // Attributes mean nothing here, but their values may have a `>`.
            let (attribute, value) = trimmed.split_once('=').ok_or(ENDS)?;
            if trimmed.len() == rest.len() || !is_name(attribute.trim_ascii_end()) {
                return Err(INVALID);
            }
            let value = value.trim_ascii_start();
            let quote = value.chars().next().ok_or(ENDS)?;
            if !matches!(quote, '"' | '\'') {
                return Err(INVALID);
            }
            let (value, after) = value[1..].split_once(quote).ok_or(ENDS)?;
            if value.contains('<') {
                return Err(INVALID);
            }
            rest = after;
        }
    }

    fn local_name(&self) -> &'a str {
        self.name.rsplit(':').next().unwrap_or_default()
    }
}

fn after_end<'a>(text: &'a str, end: &str) -> Result<(&'a str, &'a str), Malformed> {
    text.split_once(end).ok_or(ENDS)
}

/// Appends a text with its references to characters.
fn append_text(value: &mut Zeroizing<String>, text: &str) -> Result<(), Malformed> {
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        append(value, before);
        let (reference, after) = after.split_once(';').ok_or(INVALID)?;
        let character = character(reference).ok_or(INVALID)?;
        append(value, character.encode_utf8(&mut [0; 4]));
        rest = after;
    }
    append(value, rest);
    Ok(())
}

/// Appends a text. What the value grows out of is overwritten.
fn append(value: &mut Zeroizing<String>, text: &str) {
    let length = value.len() + text.len();
    if value.capacity() < length {
        let mut larger = Zeroizing::new(String::with_capacity(2 * length));
        larger.push_str(value);
        *value = larger;
    }
    value.push_str(text);
}

/// The character that a reference stands for.
fn character(reference: &str) -> Option<char> {
    let code = match reference {
        "lt" => return Some('<'),
        "gt" => return Some('>'),
        "amp" => return Some('&'),
        "apos" => return Some('\''),
        "quot" => return Some('"'),
        _ => reference.strip_prefix('#')?,
    };
    let (digits, radix) = match code.strip_prefix('x') {
        Some(digits) => (digits, 16),
        None => (code, 10),
    };
    // A sign is none of the digits.
    let all_digits = digits.chars().all(|c| c.is_digit(radix));
    u32::from_str_radix(digits, radix)
        .ok()
        .filter(|_| all_digits)
        .and_then(char::from_u32)
        .filter(|c| *c != '\0')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn leaves(document: &str) -> Result<Vec<(String, String)>, Malformed> {
        let mut leaves = Vec::new();
        read(document.as_bytes(), |path, value| {
            leaves.push((path.join("/"), value.to_string()));
        })?;
        Ok(leaves)
    }

    #[test]
    fn texts_of_elements() {
        let document = "<?xml version=\"1.0\"?>\n<!-- a --><R xmlns='https://sts/' b = \"x>y\"><a:A>\n <Id>AK&amp;ID</Id><Empty/>\
            <Text> &lt;&#65;&#x42;&gt;&quot;&apos; <![CDATA[<&>]]><!-- b -->!</Text></a:A><Id>2</Id></R>\n";
        let expected = [
            ("R/A/Id", "AK&ID"),
            ("R/A/Empty", ""),
            ("R/A/Text", " <AB>\"' <&>!"),
            ("R/Id", "2"),
        ];
        let leaves = leaves(document).expect("XML");
        let leaves: Vec<_> = leaves
            .iter()
            .map(|(path, value)| (path.as_str(), value.as_str()))
            .collect();
        assert_eq!(leaves, expected);
    }

    #[test]
    fn every_beginning_ends_too_early() {
        let document = "<R a=\"b\"><A>x&amp;</A><B/><!-- c --><![CDATA[d]]></R>";
        for end in 0..document.len() {
            assert!(leaves(&document[..end]).is_err(), "{}", &document[..end]);
        }
        leaves(document).expect("XML");
    }

    #[test]
    fn hostile_documents() {
        for document in [
            "<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>",
            "<a>&b;</a>",
            "<a>&#x110000;</a>",
            "<a>&#+65;</a>",
            "<a>&#0;</a>",
            "<a>&#;</a>",
            "<a></b>",
            "<a/><b/>",
            "text",
            "<a/>text",
            "text<a/>",
            "<a b=c></a>",
            "<a b='<'></a>",
            "<a b='1'c='2'></a>",
            "< a></a>",
            "<></>",
            "<a/",
            "</a>",
            "<![CDATA[a]]>",
            "{\"a\": 1}",
        ] {
            assert!(leaves(document).is_err(), "{document}");
        }
        let deep = "<a>".repeat(10_000) + &"</a>".repeat(10_000);
        assert_eq!(leaves(&deep), Err(Malformed("it is nested too deeply")));
        assert!(read(b"<a>\xff</a>", |_, _| ()).is_err());
    }

    #[test]
    fn any_bytes_are_read_or_refused() {
        let document = "<?xml?><R a=\"b\"><A>x&amp;&#65;</A><B/><!-- c --><![CDATA[d]]></R>";
        let mut random = fastrand::Rng::with_seed(5);
        for _ in 0..100_000 {
            let mut bytes = document.as_bytes().to_vec();
            for _ in 0..random.usize(1..5) {
                let place = random.usize(..bytes.len());
                match random.u8(..3) {
                    0 => bytes[place] = random.u8(..),
                    1 => _ = bytes.remove(place),
                    _ => bytes.insert(place, *random.choice(b"<>/&;!?-[]\"'= ").expect("a byte")),
                }
            }
            let _ = read(&bytes, |_, _| ());
        }
    }
}
