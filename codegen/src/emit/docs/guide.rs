//! The guide: the chapters of the crate's documentation, a module each. A client has only chapters on what its service has.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::quote;

use super::crate_docs::left_out;
use super::{docs, events, ident, inner_docs};
use crate::emit::{fake, paginator, payload, runtime, uses, waiter};
use crate::ir::{Form, Member, Retry, Service, Signing, Type};

/// The features of the crate.
pub(super) fn features(service: &Service) -> String {
    let test_util = match fake::is_possible(service) {
        true => "a fake of the service for tests: the module `test`",
        false => "nothing for this service, of which there is no fake yet",
    };
    format!(
        include_str!("guide/features.md"),
        rust_version = runtime::AWS_RUST_VERSION,
        test_util = test_util
    )
}

/// A page of the guide: a module without items.
pub(super) struct Chapter {
    pub(super) module: &'static str,
    /// The first line, which lists of modules show.
    pub(super) summary: &'static str,
    text: String,
}

/// All chapters, in the words of a user of this client.
pub(super) fn chapters(service: &Service) -> Vec<Chapter> {
    let chapters = [
        (
            "configuration",
            "Settings, and clients of several services.",
            Some(configuration(service)),
        ),
        (
            "credentials",
            "Where credentials come from.",
            Some(credentials(service)),
        ),
        ("values", "Inputs, payloads and the types of members.", values(service)),
        (
            "streams",
            "Events, lines, JSON and server-sent events as they arrive.",
            streams(service),
        ),
        ("pages", "Results that come in pages.", paginator::guide(service)),
        ("waiters", "Calls that wait for a state.", waiter::guide(service)),
        ("errors", "What an error says.", Some(errors(service))),
        ("retries", "Timeouts and retries.", Some(retries(service))),
        (
            "faults",
            "Every fault, and what the client does about it.",
            service.faults.clone(),
        ),
        (
            "connections",
            "Connections, middleware and other HTTP clients.",
            Some(include_str!("guide/connections.md").to_owned()),
        ),
        (
            "logs",
            "Spans and events of `tracing`.",
            Some(include_str!("guide/logs.md").to_owned()),
        ),
        (
            "testing",
            "Tests without a network.",
            fake::is_possible(service).then(|| include_str!("guide/tests.md").to_owned()),
        ),
        (
            "blocking",
            "Programs without async.",
            Some(include_str!("guide/blocking.md").to_owned()),
        ),
        ("features", "Features of the crate.", Some(features(service))),
        (
            "left_out",
            "Operations that the client does not have.",
            left_out(service),
        ),
    ];
    let chapters = chapters.into_iter();
    chapters
        .filter_map(|(module, summary, text)| {
            Some(Chapter {
                module,
                summary,
                text: text?,
            })
        })
        .collect()
}

/// `src/guide.rs`: the chapters.
pub(in crate::emit) fn guide(service: &Service) -> TokenStream {
    let chapters = chapters(service);
    let list: String = chapters
        .iter()
        .map(|chapter| format!("- [`{}`]: {}\n", chapter.module, chapter.summary))
        .collect();
    let intro = inner_docs(&format!("How to use this client, chapter by chapter.\n\n{list}"));
    let modules = chapters.iter().map(|chapter| {
        let docs = docs(&format!("{}\n\n{}", chapter.summary, chapter.text));
        let module = ident(chapter.module);
        quote! {
            #docs
            pub mod #module {}
        }
    });
    quote! {
        #intro

        // What the chapters link to.
        #[cfg(doc)]
        use crate::*;

        #(#modules)*
    }
}

fn paragraphs(paragraphs: &[impl AsRef<str>]) -> String {
    let paragraphs: Vec<&str> = paragraphs.iter().map(|text| text.as_ref().trim_end()).collect();
    paragraphs.join("\n\n")
}

fn configuration(service: &Service) -> String {
    let mut text = vec![format!(
        include_str!("guide/configuration.md"),
        variable = service.endpoint_url_variable()
    )];
    if service
        .operations
        .iter()
        .any(|operation| !operation.host_prefix.is_empty())
    {
        text.push(
            "The hosts of some operations have a prefix before the endpoint's, even if the endpoint is set in code.\n\
             [`ClientBuilder::disable_host_prefix`] omits it, for endpoints of your own without such names."
                .to_owned(),
        );
    }
    if service.operations.iter().any(|operation| operation.compressed) {
        text.push(
            "Large payloads of some operations are compressed. [`ClientBuilder::request_min_compression_size_bytes`] and\n\
             [`ClientBuilder::disable_request_compression`] change that."
                .to_owned(),
        );
    }
    text.push(format!(
        include_str!("guide/sharing.md"),
        crate_name = service.package.crate_name
    ));
    paragraphs(&text)
}

fn credentials(service: &Service) -> String {
    let mut text = vec![include_str!("guide/credentials.md").to_owned()];
    text.extend(unsigned(service));
    paragraphs(&text)
}

fn errors(service: &Service) -> String {
    let operation = service.operations.first().map_or("Call", |operation| &operation.name);
    format!(
        include_str!("guide/errors.md"),
        crate_name = service.package.crate_name,
        operation = operation
    )
}

/// The operations that take no credentials.
fn unsigned(service: &Service) -> Option<String> {
    let unsigned = service
        .operations
        .iter()
        .filter(|operation| operation.signing == Signing::None);
    let calls: Vec<String> = unsigned
        .map(|operation| format!("[`Client::{}`]", operation.fn_name.trim_start_matches("r#")))
        .collect();
    match calls.len() {
        0 => None,
        all if all == service.operations.len() => Some("The service takes no credentials.".to_owned()),
        _ => Some(format!(
            "A client without credentials can make the calls that need none:\n{}.",
            calls.join(",\n")
        )),
    }
}

/// Inputs, payloads and types, each where the service has them.
fn values(service: &Service) -> Option<String> {
    let parts: Vec<String> = [inputs(service), payloads(service), types(service)]
        .into_iter()
        .flatten()
        .collect();
    (!parts.is_empty()).then(|| paragraphs(&parts))
}

/// Event streams, and byte streams in pieces.
fn streams(service: &Service) -> Option<String> {
    let events =
        events::program(service).map(|program| format!(include_str!("guide/events.md"), program = program.trim_end()));
    let split = payload::guide(service);
    match (events, split) {
        (Some(events), Some(split)) => Some(format!("{events}\n\n# Lines, JSON and server-sent events\n\n{split}")),
        (events, split) => events.or(split),
    }
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
            "Some members are required. Omitting one is a compile error that names it. If you have an `Option` for an optional\n\
             member, build the input, set its field, and pass it to [`Client::call`]."
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
            "A timestamp is a [`DateTime`]. It is sent in milliseconds at most; finer parts are cut off.",
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
    let items: String = items
        .into_iter()
        .filter(|(is_there, _)| *is_there)
        .map(|(_, text)| format!("\n- {text}"))
        .collect();
    (!items.is_empty()).then_some(items)
}

fn retries(service: &Service) -> String {
    let mut text = vec![format!(
        include_str!("guide/retries.md"),
        seconds = service.read_timeout.as_secs(),
        statuses = transient_statuses(service)
    )];
    if service.becomes_ready() {
        text.push(readiness(service));
    }
    let mut members = service.operations.iter().flat_map(|operation| &operation.input);
    if members.any(|member| member.idempotency_token) {
        text.push(
            "Some inputs have a token by which the service recognizes a repeated request. If it is not set, each call makes one and\n\
             sends it with all its attempts. [`ClientBuilder::idempotency_tokens`] changes how."
                .to_owned(),
        );
    }
    paragraphs(&text)
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
        .map(|error| format!("`{}`", error.code))
        .collect();
    format!(
        "A service that is not ready yet ({}) may need minutes.\n\
         [`CallOptions::wait_until_ready`] waits for it that long, counted from the beginning of the call, and\n\
         [`Retries::wait_until_ready`] does so in all calls of a client, even with one attempt. These attempts do not\n\
         count against the limit or the quota.",
        codes.join(", ")
    )
}
