//! Documentation: of items, of the crate, and the crate's README.

mod crate_docs;
mod events;
mod guide;

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::quote;

use crate::ir::{Bound, Limits, Member, Operation, Type};
use crate::markdown::{code_span, longest_run, printable};

pub(super) use self::crate_docs::{crate_docs, readme};

/// Documentation of an item.
pub(super) fn docs(markdown: &str) -> TokenStream {
    lines(markdown).map(|line| quote!(#[doc = #line])).collect()
}

/// Documentation of a file or of the crate.
pub(super) fn inner_docs(markdown: &str) -> TokenStream {
    lines(markdown).map(|line| quote!(#![doc = #line])).collect()
}

/// What follows the slashes, line by line. All comments come through here, so what the compiler refuses in them is taken
/// out here: much of what they say is no HTML, and has been through nothing else.
fn lines(markdown: &str) -> impl Iterator<Item = Literal> {
    let markdown = printable(markdown.trim());
    // A carriage return alone ends a line, too.
    let lines: Vec<Literal> = markdown
        .lines()
        .flat_map(|line| line.split('\r'))
        .map(|line| match line.trim_end_matches(' ') {
            "" => raw(""),
            line => raw(&format!(" {line}")),
        })
        .collect();
    lines.into_iter()
}

/// A raw string, which is several times faster to make and to read than one with escapes.
fn raw(text: &str) -> Literal {
    let hashes = match text.contains('"') {
        true => "#".repeat(longest_run(text, '#') + 1),
        false => String::new(),
    };
    let literal = format!("r{hashes}\"{text}\"{hashes}").parse();
    // Whatever is printable can be in a raw string.
    literal.unwrap_or_else(|_| Literal::string(text))
}

/// An identifier that may be raw.
pub(super) fn ident(name: &str) -> Ident {
    match name.strip_prefix("r#") {
        Some(name) => Ident::new_raw(name, Span::call_site()),
        None => Ident::new(name, Span::call_site()),
    }
}

/// The first sentence or paragraph of a text.
pub(super) fn summary(markdown: &str) -> String {
    let lines: Vec<&str> = markdown.trim().lines().take_while(|line| !line.is_empty()).collect();
    lines.join("\n")
}

/// Documentation of a member: what the description says, and the limits in words.
pub(super) fn member(member: &Member) -> String {
    let mut text = match member.docs.trim() {
        "" => format!("The member `{}`.", member.name),
        docs => docs.to_owned(),
    };
    if let Some(limits) = limits(&member.limits, &member.ty) {
        text.push_str("\n\n");
        text.push_str(&limits);
    }
    text
}

/// What is not longer than this stands wherever it belongs, in lines.
const SHORT: usize = 4;

/// The first paragraph about a member, and where the rest is: much text stands once, where most people look for it.
pub(super) fn member_in_short(member: &Member, owner: &str, path: &str) -> String {
    let text = self::member(member);
    let short = summary(&text);
    if text.lines().count() <= SHORT || short == text.trim() {
        return text;
    }
    let field = member.field.trim_start_matches("r#");
    format!("{short}\n\nMore at [`{field}`]({path}{owner}::{field}).")
}

fn limits(limits: &Limits, ty: &Type) -> Option<String> {
    limits_in_words(limits, ty).map(|words| format!("Limits: {words}."))
}

/// Limits in words, such as `1 to 64 characters`.
pub(crate) fn limits_in_words(limits: &Limits, ty: &Type) -> Option<String> {
    let unit = match ty {
        Type::String | Type::JsonText | Type::Enum(_) => "character",
        Type::Blob => "byte",
        Type::List { .. } => "element",
        Type::Map { .. } => "entry",
        _ => "",
    };
    let range = match (limits.min, limits.max) {
        (Some(min), Some(max)) if min == max => Some(format!("exactly {}", quantity(min, unit))),
        (Some(min), Some(max)) => Some(format!("{} to {}", grouped(min), quantity(max, unit))),
        (Some(min), None) => Some(format!("at least {}", quantity(min, unit))),
        (None, Some(max)) => Some(format!("at most {}", quantity(max, unit))),
        (None, None) => None,
    };
    let pattern = limits
        .pattern
        .as_ref()
        .map(|pattern| format!("matching {}", code_span(pattern)));
    let parts: Vec<String> = range.into_iter().chain(pattern).collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

/// A number of things.
fn quantity(number: Bound, unit: &str) -> String {
    let number_text = grouped(number);
    match (unit, number) {
        ("", _) => number_text,
        (unit, Bound::Integer(1)) => format!("{number_text} {unit}"),
        ("entry", _) => format!("{number_text} entries"),
        (unit, _) => format!("{number_text} {unit}s"),
    }
}

/// A number as people read it: from five digits on with commas, such as `6,291,456`.
fn grouped(number: Bound) -> String {
    let text = number.to_string();
    let digits = text.trim_start_matches('-').len();
    if digits < 5 || !matches!(number, Bound::Integer(_)) {
        return text;
    }
    let mut grouped = String::new();
    for (index, digit) in text.chars().enumerate() {
        let following = text.len() - index;
        if following.is_multiple_of(3) && following < digits {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// Setters of an input's required members, each on a line of its own, if all of them take text.
pub(super) fn example_setters(operation: &Operation, indent: &str) -> Option<String> {
    let required = operation.input.iter().filter(|member| member.required);
    let setters = required.map(|member| match member.ty {
        Type::String | Type::Blob => Some(format!(
            "
{indent}.{}(\"...\")",
            member.field
        )),
        _ => None,
    });
    setters.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ir::ElementName;

    fn words(ty: Type, min: Option<Bound>, max: Option<Bound>) -> String {
        let pattern = None;
        limits(&Limits { min, max, pattern }, &ty).unwrap_or_default()
    }

    #[test]
    fn limits_in_words() {
        use Bound::{Decimal, Integer};
        let element_name = |name: &str| ElementName {
            name: name.to_owned(),
            namespace: None,
        };
        let list = || Type::List {
            element: Box::new(Type::String),
            sparse: false,
            name: Box::new(element_name("member")),
        };
        let map = || Type::Map {
            key: Box::new(Type::String),
            value: Box::new(Type::String),
            sparse: false,
            names: Box::new(["key", "value"].map(element_name)),
        };
        let cases = [
            (
                words(Type::String, Some(Integer(1)), Some(Integer(1024))),
                "1 to 1024 characters",
            ),
            (
                words(Type::String, Some(Integer(12)), Some(Integer(12))),
                "exactly 12 characters",
            ),
            (
                words(Type::Blob, None, Some(Integer(6_291_456))),
                "at most 6,291,456 bytes",
            ),
            (words(list(), Some(Integer(1)), None), "at least 1 element"),
            (words(map(), None, Some(Integer(50))), "at most 50 entries"),
            (words(map(), None, Some(Integer(1))), "at most 1 entry"),
            (
                words(Type::Integer, Some(Integer(-10_000)), Some(Integer(9999))),
                "-10,000 to 9999",
            ),
            (
                words(Type::Double, Some(Decimal(0.5)), Some(Decimal(12345.5))),
                "0.5 to 12345.5",
            ),
            // A float would make 9,223,372,036,854,775,808 of it.
            (
                words(Type::Long, None, Some(Integer(i64::MAX))),
                "at most 9,223,372,036,854,775,807",
            ),
        ];
        for (text, expected) in cases {
            assert_eq!(text, format!("Limits: {expected}."));
        }
        let pattern = Some("[a-z]`+".to_owned());
        let limits = limits(
            &Limits {
                pattern,
                ..Limits::default()
            },
            &Type::String,
        );
        assert_eq!(limits.as_deref(), Some("Limits: matching ``[a-z]`+``."));
    }
}
