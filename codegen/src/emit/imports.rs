//! The `use` lines of a file: one for each name from elsewhere that it mentions.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::format::unindented;

/// Names, the modules that they come from, and what they are there.
const IMPORTS: &[(&str, &str, &str)] = &[
    ("HashMap", "std::collections", "HashMap"),
    ("fmt", "std::fmt", "self"),
    ("Duration", "std::time", "Duration"),
    ("DateTime", "aws_smithy_types", "DateTime"),
    ("Bytes", "bytes", "Bytes"),
    ("HeaderName", "http", "HeaderName"),
    ("Method", "http", "Method"),
    ("Request", "http", "Request"),
    ("Response", "http", "Response"),
    ("Value", "serde_json", "Value"),
    ("OperationParams", "crate::endpoint", "OperationParams"),
    ("header_name", "crate::header_name", "self"),
    ("required", "crate::required", "self"),
    ("unset", "crate::required", "unset"),
    ("Body", "crate::runtime::body", "Body"),
    ("ByteStream", "crate::runtime::byte_stream", "ByteStream"),
    ("CallOptions", "crate::runtime::call", "CallOptions"),
    ("checksum", "crate::runtime::features::checksum", "self"),
    ("Caller", "crate::runtime::client", "Caller"),
    ("Client", "crate::runtime::client", "Client"),
    ("Sending", "crate::runtime::client", "Sending"),
    ("compression", "crate::runtime::features::compression", "self"),
    ("Endpoint", "crate::runtime::endpoint", "Endpoint"),
    ("Error", "crate::runtime::error", "Error"),
    ("event_stream", "crate::runtime::features::event_stream", "self"),
    ("EventStream", "crate::runtime::features::event_stream", "EventStream"),
    ("jmespath", "crate::runtime::features::jmespath", "self"),
    ("Pages", "crate::runtime::features::paginator", "Pages"),
    ("Paginated", "crate::runtime::features::paginator", "Paginated"),
    (
        "PaginatedItems",
        "crate::runtime::features::paginator",
        "PaginatedItems",
    ),
    ("unknown_member", "crate::runtime::features::unknown_member", "self"),
    ("required_length", "crate::runtime::features::required_length", "self"),
    ("timestamp", "crate::runtime::features::timestamp", "self"),
    ("Waiter", "crate::runtime::features::waiter", "Waiter"),
    ("Waiting", "crate::runtime::features::waiter", "Waiting"),
    ("hidden", "crate::runtime::hidden", "self"),
    ("idempotency", "crate::runtime::features::idempotency", "self"),
    ("json", "crate::runtime::json", "self"),
    ("OneLine", "crate::runtime::one_line", "OneLine"),
    ("Auth", "crate::runtime::operation", "Auth"),
    ("Operation", "crate::runtime::operation", "Operation"),
    ("RequestSettings", "crate::runtime::operation", "RequestSettings"),
    ("Json", "crate::runtime::request", "Json"),
    ("RequestWriter", "crate::runtime::request", "RequestWriter"),
    ("header", "crate::runtime::request", "header"),
    ("prefix_headers", "crate::runtime::request", "prefix_headers"),
    ("sensitive_header", "crate::runtime::request", "sensitive_header"),
    (
        "sensitive_prefix_headers",
        "crate::runtime::request",
        "sensitive_prefix_headers",
    ),
    ("response", "crate::runtime::response", "self"),
    ("ErrorResponse", "crate::runtime::response", "ErrorResponse"),
    ("ResponseMetadata", "crate::runtime::response", "ResponseMetadata"),
    ("Success", "crate::runtime::response", "Success"),
    ("RetryKind", "crate::runtime::retry", "RetryKind"),
    ("string_enum", "crate::runtime::string_enum", "string_enum"),
    ("unknown", "crate::runtime::unknown", "self"),
    ("types", "crate::types", "self"),
];

/// The imports of a file with these items, which are formatted: a line each, however long. It has items of the names
/// `own` itself.
pub(super) fn imports(items: &str, own: &[String]) -> Vec<String> {
    let mut found = vec![false; IMPORTS.len()];
    items.lines().for_each(|line| mark(line, &mut found));
    let mut modules: BTreeMap<usize, (&str, Vec<&str>)> = BTreeMap::new();
    for (index, (name, module, item)) in IMPORTS.iter().enumerate() {
        if found[index] && !own.iter().any(|own| own == name) {
            let first = IMPORTS
                .iter()
                .position(|(_, other, _)| other == module)
                .unwrap_or(index);
            modules.entry(first).or_insert((module, Vec::new())).1.push(item);
        }
    }
    modules
        .values()
        .map(|(module, items)| use_line(module, items))
        .collect()
}

fn use_line(module: &str, items: &[&str]) -> String {
    match items {
        ["self"] => format!("use {module};"),
        [item] => format!("use {module}::{item};"),
        items => format!("use {module}::{{{}}};", items.join(", ")),
    }
}

/// Marks the names that a line uses, and that are not fields, methods, or inside a path.
fn mark(line: &str, found: &mut [bool]) {
    let line = unindented(line);
    if line.starts_with("//") {
        return;
    }
    let bytes = line.as_bytes();
    let mut before = "";
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => at = end_of_text(bytes, at),
            b'\'' => at = end_of_quote(bytes, at),
            b'a'..=b'z' | b'A'..=b'Z' | b'_' => {
                let is_inner = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
                let end = at + bytes[at..].iter().take_while(|byte| is_inner(byte)).count();
                let name = &line[at..end];
                // Most names are neither: fields, variables and keywords.
                let may_be_imported = byte.is_ascii_uppercase() || matches!(bytes.get(end), Some(b':' | b'(' | b'!'));
                if may_be_imported && before != "fn" && is_first(&line[..at]) {
                    mark_name(name, &line[end..], found);
                }
                before = name;
                at = end;
            }
            _ => at += 1,
        }
    }
}

/// The end of a string, of whose content nothing counts.
fn end_of_text(bytes: &[u8], start: usize) -> usize {
    let mut at = start + 1;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'\\' => at += 2,
            b'"' => return at + 1,
            _ => at += 1,
        }
    }
    bytes.len()
}

/// The end of a character or lifetime.
fn end_of_quote(bytes: &[u8], start: usize) -> usize {
    match bytes.get(start + 1..) {
        Some([b'\\', _, rest @ ..]) => {
            let rest = rest.iter().take_while(|byte| **byte != b'\'').count();
            start + 4 + rest
        }
        Some([_, b'\'', ..]) => start + 3,
        _ => start + 2,
    }
}

/// Whether a name begins a path, with this before it on the line.
fn is_first(before: &str) -> bool {
    (!before.ends_with('.') || before.ends_with("..")) && !before.ends_with("::") && !before.ends_with("r#")
}

/// A module is meant only where a path goes on, a function where it is called; a type always is.
fn mark_name(name: &str, after: &str, found: &mut [bool]) {
    let Some(index) = position(name) else {
        return;
    };
    let (import, _, item) = IMPORTS[index];
    let is_type = import.starts_with(|c: char| c.is_ascii_uppercase());
    let is_macro = import == "string_enum";
    let is_module = item == "self" || import == "unset";
    found[index] |= match after.as_bytes().first() {
        _ if is_type => true,
        Some(b':') => is_module && after.starts_with("::"),
        Some(b'(') => !is_module && !is_macro,
        Some(b'!') => is_macro,
        _ => false,
    };
}

/// The place of a name in the table.
fn position(name: &str) -> Option<usize> {
    /// The places of the names that begin with each letter.
    static BY_LETTER: LazyLock<[Vec<usize>; 128]> = LazyLock::new(|| {
        let begins = |index: &usize, letter| IMPORTS[*index].0.as_bytes().first() == Some(&letter);
        std::array::from_fn(|letter| (0..IMPORTS.len()).filter(|index| begins(index, letter as u8)).collect())
    });
    let places = BY_LETTER.get(usize::from(*name.as_bytes().first()?))?;
    places.iter().copied().find(|place| IMPORTS[*place].0 == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(items: &str) -> String {
        imports(items, &["Own".to_owned(), "Value".to_owned()])
            .concat()
            .replace(' ', "")
    }

    #[test]
    fn what_is_used_is_imported() {
        assert_eq!(of("let x: Bytes = y;"), "usebytes::Bytes;");
        assert_eq!(of("impl json::ToJson for X {"), "usecrate::runtime::json;");
        assert_eq!(of("header(&mut request, 1)?;"), "usecrate::runtime::request::header;");
        assert_eq!(
            of("impl<C> XBuilder<C, unset::A> where A: required::A<String>"),
            "usecrate::required::{self,unset};"
        );
        assert_eq!(of("..Request::new()"), "usehttp::Request;");
    }

    #[test]
    fn what_only_looks_so_is_not() {
        for line in [
            "/// A Bytes and json::X.",
            "self.header(1)",
            "pub fn header(self)",
            "types::Bytes",
            "let json = 1; json.member()",
            "\"Bytes \\\" json::X\"",
            "x: &'a Own, v: Value",
            "'B' '\\'' '\"'",
            "r#json::x",
        ] {
            let found = of(line).replace("usecrate::types;", "");
            assert_eq!(found, "", "{line}");
        }
    }
}
