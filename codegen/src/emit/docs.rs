//! Documentation: of items, of the crate, and the crate's README.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

use crate::ir::{Example, Limits, Location, Member, Operation, Service, Type};
use crate::markdown;

/// Documentation of an item.
pub(super) fn docs(markdown: &str) -> TokenStream {
    let lines = markdown.trim().lines().map(|line| {
        if line.is_empty() {
            String::new()
        } else {
            format!(" {line}")
        }
    });
    quote!(#(#[doc = #lines])*)
}

/// Documentation of a file or of the crate.
pub(super) fn inner_docs(markdown: &str) -> TokenStream {
    let lines = markdown.trim().lines().map(|line| {
        if line.is_empty() {
            String::new()
        } else {
            format!(" {line}")
        }
    });
    quote!(#(#![doc = #lines])*)
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
    if let Some(limits) = limits(&member.limits, member.ty) {
        text.push_str("\n\n");
        text.push_str(&limits);
    }
    text
}

fn limits(limits: &Limits, ty: Type) -> Option<String> {
    let unit = match ty {
        Type::String => " characters",
        Type::Blob => " bytes",
        Type::Integer | Type::Long | Type::Float | Type::Double | Type::Boolean => "",
    };
    let range = match (limits.min, limits.max) {
        (Some(min), Some(max)) if min == max => Some(format!("exactly {min}{unit}")),
        (Some(min), Some(max)) => Some(format!("{min} to {max}{unit}")),
        (Some(min), None) => Some(format!("at least {min}{unit}")),
        (None, Some(max)) => Some(format!("at most {max}{unit}")),
        (None, None) => None,
    };
    let pattern = limits
        .pattern
        .as_ref()
        .map(|pattern| format!("matching {}", code_span(pattern)));
    let parts: Vec<String> = range.into_iter().chain(pattern).collect();
    (!parts.is_empty()).then(|| format!("Limits: {}.", parts.join(", ")))
}

/// Text as a code span, with a fence longer than any run of backticks in it.
fn code_span(text: &str) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or_default();
    let fence = "`".repeat(longest + 1);
    let pad = if text.starts_with('`') || text.ends_with('`') {
        " "
    } else {
        ""
    };
    format!("{fence}{pad}{text}{pad}{fence}")
}

/// The crate's documentation.
pub(super) fn crate_docs(service: &Service) -> String {
    let opening = opening(service);
    let guide = guide(service);
    let docs = service.docs.trim();
    format!("{opening}\n\n# The service\n\n{docs}\n\n{guide}")
}

/// The crate's README.
pub(super) fn readme(service: &Service) -> String {
    let operations: String = service
        .operations
        .iter()
        .map(|operation| {
            let function = operation.fn_name.trim_start_matches("r#");
            let what = summary(&operation.docs).replace('\n', " ").replace('|', r"\|");
            format!("| `{}` | `client.{function}()` | {what} |\n", operation.name)
        })
        .collect();
    format!(
        include_str!("docs/readme.md"),
        name = service.package.name,
        version = service.package.version,
        opening = opening(service),
        operations = operations,
        api_version = service.api_version,
        full_name = service.full_name,
    )
}

/// What the crate is, and the shortest program that uses it.
fn opening(service: &Service) -> String {
    // It is plain text elsewhere, so what Markdown would react to is escaped.
    let description = markdown::from_html(&service.package.description);
    let description = description.trim_end_matches('.');
    match &service.example {
        Some(example) => format!("{description}.\n\n{}", program(service, example)),
        None => format!("{description}."),
    }
}

fn program(service: &Service, example: &Example) -> String {
    let operation = &service.operations[example.operation];
    let setters: String = example
        .members
        .iter()
        .map(|(index, value)| {
            let member = &operation.input[*index];
            let value = match member.ty {
                Type::String | Type::Blob => format!("{value:?}"),
                Type::Integer | Type::Long | Type::Float | Type::Double | Type::Boolean => value.clone(),
            };
            format!("        .{}({value})\n", member.field)
        })
        .collect();
    let print = match payload(operation) {
        Some(payload) => format!("println!(\"{{}}\", output.{}.text().await?);", payload.field),
        None => "println!(\"{output:?}\");".to_owned(),
    };
    format!(
        include_str!("docs/program.md"),
        crate_name = service.package.crate_name,
        call = operation.fn_name,
        setters = setters,
        print = print,
    )
}

/// The member that is the whole body of a response.
fn payload(operation: &Operation) -> Option<&Member> {
    operation
        .output
        .iter()
        .find(|member| member.location == Location::Payload)
}

/// What all clients have in common, in the words of a user of this one.
fn guide(service: &Service) -> String {
    format!(
        include_str!("docs/guide.md"),
        crate_name = service.package.crate_name,
        variable = service.endpoint_url_variable(),
        seconds = service.read_timeout.as_secs(),
    )
}
