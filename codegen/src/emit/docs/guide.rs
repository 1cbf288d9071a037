//! The guide: a module for each chapter. What holds for all clients is in the chapters of the runtime; a client adds those on
//! its own service.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::quote;

use super::crate_docs::left_out;
use super::{docs, events, ident};
use crate::emit::{objects, paginator, runtime, uses, waiter};
use crate::ir::{Form, Member, Retry, Service, Signing, Type};

/// The chapters of the runtime, which all clients show.
const COMMON: [&str; 10] = [
    "blocking",
    "configuration",
    "connections",
    "credentials",
    "errors",
    "faults",
    "logs",
    "retries",
    "streams",
    "testing",
];

/// The features of the crate.
pub(super) fn features(service: &Service) -> String {
    format!(
        include_str!("guide/features.md"),
        rust_version = runtime::AWS_RUST_VERSION,
        optional = if objects::has_results(service) { "six" } else { "five" },
        results = match objects::has_results(service) {
            true =>
                "| `async-result` | inputs and results in Amazon S3, through a client such as that of the crate `s3` |\n",
            false => "",
        }
    )
}

/// The chapters of this client: module, summary and text.
fn chapters(service: &Service) -> impl Iterator<Item = (&'static str, &'static str, String)> {
    let chapters = [
        (
            "service",
            "The service, and what is particular to its client.",
            Some(paragraphs(&[service.docs.clone(), particulars(service)])),
        ),
        ("values", "Inputs, payloads and the types of members.", values(service)),
        ("events", "Events as they arrive.", events(service)),
        ("pages", "Results that come in pages.", paginator::guide(service)),
        ("waiters", "Calls that wait for a state.", waiter::guide(service)),
        ("features", "Features of the crate.", Some(features(service))),
        (
            "left_out",
            "Operations that the client does not have.",
            left_out(service),
        ),
    ];
    let chapters = chapters.into_iter();
    chapters.filter_map(|(module, summary, text)| Some((module, summary, text?)))
}

/// `src/guide.rs`: the chapters.
pub(in crate::emit) fn guide(service: &Service) -> TokenStream {
    let modules = chapters(service).map(|(module, summary, text)| {
        let docs = docs(&format!("{summary}\n\n{text}"));
        let module = ident(module);
        quote! {
            #docs
            pub mod #module {}
        }
    });
    let common = COMMON.map(ident);
    quote! {
        //! How to use this client, chapter by chapter.

        // What the chapters link to.
        #[cfg(doc)]
        use crate::*;

        #[doc(inline)]
        pub use crate::runtime::guide::{#(#common),*};

        #(#modules)*
    }
}

fn paragraphs(paragraphs: &[impl AsRef<str>]) -> String {
    let paragraphs = paragraphs.iter().map(|text| text.as_ref().trim());
    let paragraphs: Vec<&str> = paragraphs.filter(|text| !text.is_empty()).collect();
    paragraphs.join("\n\n")
}

/// What users of this client need to know besides the chapters of the runtime.
fn particulars(service: &Service) -> String {
    let mut items = vec![
        format!(
            "The variable `{}` sets the endpoint of this client, and takes precedence over `AWS_ENDPOINT_URL`.",
            service.endpoint_url_variable()
        ),
        format!(
            "Reading times out after {} s of silence, unless [`Timeouts::read`] sets another limit.",
            service.read_timeout.as_secs()
        ),
        format!("A status of {} is transient.", transient_statuses(service)),
    ];
    if service.becomes_ready() {
        items.push(readiness(service));
    }
    items.extend(with_token(service));
    items.extend(unsigned(service));
    let mut operations = service.operations.iter();
    if operations.any(|operation| !operation.host_prefix.is_empty()) {
        items.push(
            "The hosts of some operations have a prefix before the endpoint's, even if the endpoint is set in code.\n  \
             [`ClientBuilder::disable_host_prefix`] omits it, for endpoints of your own without such names."
                .to_owned(),
        );
    }
    let mut operations = service.operations.iter();
    if operations.any(|operation| operation.compressed) {
        items.push(
            "Large payloads of some operations are compressed. [`ClientBuilder::request_min_compression_size_bytes`]\n  and \
             [`ClientBuilder::disable_request_compression`] change that."
                .to_owned(),
        );
    }
    let mut members = service.operations.iter().flat_map(|operation| &operation.input);
    if members.any(|member| member.idempotency_token) {
        items.push(
            "Some inputs have a token by which the service recognizes a repeated request. If it is not set, each call makes\n  \
             one and sends it with all its attempts. [`ClientBuilder::idempotency_tokens`] changes how."
                .to_owned(),
        );
    }
    list(items)
}

fn list(items: impl IntoIterator<Item = String>) -> String {
    items.into_iter().map(|item| format!("- {item}\n")).collect()
}

/// The operations that take no credentials.
fn unsigned(service: &Service) -> Option<String> {
    let calls = calls_with(service, Signing::None);
    match calls.len() {
        0 => None,
        all if all == service.operations.len() => Some("The service takes no credentials.".to_owned()),
        _ => Some(format!(
            "A client without credentials can make the calls that need none:\n  {}.",
            calls.join(",\n  ")
        )),
    }
}

/// The operations that take a bearer token.
fn with_token(service: &Service) -> Option<String> {
    let calls = calls_with(service, Signing::Bearer);
    let which = match calls.len() {
        0 => return None,
        all if all == service.operations.len() => "All calls".to_owned(),
        _ => format!("The calls\n  {}", calls.join(",\n  ")),
    };
    Some(format!(
        "{which} need a bearer token instead of an access key: [`Credentials::from_bearer_token`]. Neither variables nor\n  \
         profiles are searched for one."
    ))
}

/// Links to the calls that are signed in a way.
fn calls_with(service: &Service, signing: Signing) -> Vec<String> {
    let operations = service.operations.iter();
    let operations = operations.filter(|operation| operation.signing == signing);
    operations
        .map(|operation| format!("[`Client::{}`]", operation.fn_name.trim_start_matches("r#")))
        .collect()
}

/// Inputs, payloads and types, each where the service has them.
fn values(service: &Service) -> Option<String> {
    let parts: Vec<String> = [inputs(service), payloads(service), types(service)]
        .into_iter()
        .flatten()
        .collect();
    (!parts.is_empty()).then(|| paragraphs(&parts))
}

/// Streams of events.
fn events(service: &Service) -> Option<String> {
    let program = events::program(service)?;
    Some(format!(include_str!("guide/events.md"), program = program.trim_end()))
}

fn inputs(service: &Service) -> Option<String> {
    let mut members = service
        .operations
        .iter()
        .flat_map(|operation| &operation.input)
        .peekable();
    members.peek()?;
    let is_required = |member: &Member| member.required;
    let structures = || {
        service.types.values().filter_map(|definition| match &definition.form {
            Form::Structure(members) if definition.sent => Some((definition, members)),
            _ => None,
        })
    };
    let mut text = vec!["Each operation has a builder with a setter for each member of its input.".to_owned()];
    if members.any(is_required) || structures().any(|(_, members)| members.iter().any(is_required)) {
        text.push(
            "Some members are required. Omitting one is a compile error that names it. The method `edit` of a builder sets\n\
             optional members from an `Option`."
                .to_owned(),
        );
    }
    let with_required = structures().find(|(_, members)| members.iter().any(is_required));
    if let Some((structure, _)) = with_required.or(structures().next()) {
        text.push(format!(
            "Structures inside inputs have builders as well, such as\n[`types::{}::builder`].",
            structure.name
        ));
    }
    Some(paragraphs(&text))
}

fn payloads(service: &Service) -> Option<String> {
    let is_payload = |member: &Member| member.is_stream() && member.ty == Type::Blob;
    let mut operations = service.operations.iter();
    let sent = operations.any(|operation| operation.input.iter().any(is_payload));
    let mut operations = service.operations.iter();
    let received = operations.any(|operation| operation.output.iter().any(is_payload));
    let sentences: Vec<&str> = [
        (
            sent,
            "The payload of a request is a [`Body`]: text, bytes, a file or a stream.",
        ),
        (
            received,
            "The payload of a response is a [`ByteStream`]\nthat is read as it arrives: whole, as text, as JSON, or piece by \
             piece.",
        ),
    ]
    .into_iter()
    .filter_map(|(is_there, sentence)| is_there.then_some(sentence))
    .collect();
    (!sentences.is_empty()).then(|| sentences.join(" "))
}

/// What is worth knowing about the types of members.
fn types(service: &Service) -> Option<String> {
    let has_type = |is_such: fn(&Type) -> bool| uses::has_type(service, is_such);
    let has_form = |is_such: fn(&Form) -> bool| uses::has_form(service, is_such);
    let items = [
        (
            has_type(|ty| matches!(ty, Type::Timestamp(_))),
            "A timestamp is a [`DateTime`], which converts from and into `SystemTime`. It is sent in milliseconds at most; finer\n  \
             parts are cut off.",
        ),
        (
            has_type(|ty| *ty == Type::Blob),
            "Bytes inside structures are [`Bytes`], which are cheap to clone.",
        ),
        (
            has_type(|ty| *ty == Type::Document),
            "A document, which is any JSON, is a [`Value`]. The macro [`json!`] builds one.",
        ),
        (
            has_form(|form| matches!(form, Form::Enum(_))),
            "An enumeration converts from any text. A value that this crate does not know is an [`UnknownValue`], and is sent\n  \
             back unchanged.",
        ),
        (
            has_form(|form| matches!(form, Form::Union(_))),
            "A union is one of its members. One that this crate does not know is an [`UnknownMember`], and is sent back\n  \
             unchanged.",
        ),
        (
            uses::receives_required(service),
            "A member that the service says is always in a response is a plain field. If it is missing all the same, the field\n  \
             is empty or zero.",
        ),
    ];
    let items = items.into_iter().filter(|(is_there, _)| *is_there);
    let items = list(items.map(|(_, text)| text.to_owned()));
    (!items.is_empty()).then_some(items)
}

/// `500, 502, 503 or 504`, with those that are the service's own.
fn transient_statuses(service: &Service) -> String {
    let mut statuses = BTreeSet::from([500, 502, 503, 504]);
    statuses.extend(service.transient_statuses());
    let last = statuses.pop_last().map(|status| format!(" or {status}"));
    let others: Vec<String> = statuses.iter().map(u16::to_string).collect();
    others.join(", ") + &last.unwrap_or_default()
}

fn readiness(service: &Service) -> String {
    let errors = service.errors.iter();
    let codes: Vec<String> = errors
        .filter(|error| error.retry == Some(Retry::NotReady))
        .map(|error| format!("[`{}`](crate::types::error::{})", error.code, error.type_name))
        .collect();
    format!(
        "An error of the service means that it is not ready yet, and may need minutes: {}.\n  \
         [`CallOptions::wait_until_ready`] waits until it is ready.",
        codes.join(", ")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clients_show_every_chapter_of_the_runtime() {
        let guide = include_str!("../../../../runtime/src/guide.rs");
        let modules = guide.lines().filter_map(|line| line.strip_prefix("pub mod "));
        let mut modules: Vec<&str> = modules.filter_map(|line| line.strip_suffix(" {}")).collect();
        modules.sort_unstable();
        assert_eq!(modules, COMMON);
    }
}
