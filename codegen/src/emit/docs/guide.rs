//! The chapters of the crate's documentation. What a service does not have, its crate does not speak of.

use std::collections::BTreeSet;

use super::crate_docs::left_out;
use super::events;
use crate::emit::{fake, paginator, payload, runtime, uses, waiter};
use crate::ir::{Form, Member, Retry, Service, Signing, Type};

/// What can be left out of the crate.
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

/// All chapters, in the words of a user of this client.
pub(super) fn guide(service: &Service) -> String {
    let chapters = [
        Some(configuration(service)),
        Some(format!(
            include_str!("guide/sharing.md"),
            crate_name = service.package.crate_name
        )),
        Some(features(service)),
        inputs(service),
        payloads(service),
        events(service),
        payload::guide(service),
        paginator::guide(service),
        waiter::guide(service),
        values(service),
        Some(format!(
            include_str!("guide/errors.md"),
            crate_name = service.package.crate_name,
            operation = service.operations.first().map_or("Call", |operation| &operation.name)
        )),
        Some(retries(service)),
        service.faults.as_ref().map(|table| format!("# Faults\n\n{table}")),
        Some(include_str!("guide/connections.md").to_owned()),
        left_out(service).map(|list| format!("# What is left out\n\n{list}")),
        fake::is_possible(service).then(|| include_str!("guide/tests.md").to_owned()),
        Some(include_str!("guide/closing.md").to_owned()),
    ];
    let chapters: Vec<String> = chapters.into_iter().flatten().collect();
    paragraphs(&chapters)
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
    text.extend(unsigned(service));
    if service
        .operations
        .iter()
        .any(|operation| !operation.host_prefix.is_empty())
    {
        text.push(
            "The hosts of some operations have a prefix before the endpoint's, even where the endpoint is set in code.\n\
             [`ClientBuilder::disable_host_prefix`] leaves it out, for endpoints of your own that have no such names."
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
    paragraphs(&text)
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
    let mut text =
        vec!["# Inputs\n\nEach operation has a builder with a setter for each member of its input.".to_owned()];
    if members.any(is_required) || structures().any(|(_, members)| members.iter().any(is_required)) {
        text.push(
            "The service insists on some members. Leaving one out is a compile error that names it. Where the value of another\n\
             member is an `Option` already, build the input, set its field, and give it to [`Client::call`]."
                .to_owned(),
        );
    }
    let with_required = structures().find(|(_, members)| members.iter().any(is_required));
    if let Some((structure, _)) = with_required.or(structures().next()) {
        text.push(format!(
            "Structures inside of inputs have builders, too, such as\n[`types::{}::builder`].",
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
    (!sentences.is_empty()).then(|| format!("# Payloads\n\n{}", sentences.join(" ")))
}

fn events(service: &Service) -> Option<String> {
    let program = events::program(service)?;
    Some(format!(include_str!("guide/events.md"), program = program.trim_end()))
}

/// What is worth knowing of the types of members.
fn values(service: &Service) -> Option<String> {
    let has_type = |is_such: fn(&Type) -> bool| uses::has_type(service, is_such);
    let has_form = |is_such: fn(&Form) -> bool| uses::has_form(service, is_such);
    let items = [
        (
            has_type(|ty| matches!(ty, Type::Timestamp(_))),
            "A timestamp is a [`DateTime`]. It is sent in milliseconds at most; what is finer is cut off.",
        ),
        (
            has_type(|ty| *ty == Type::Blob),
            "Bytes inside of structures are [`Bytes`], which are cheap to clone.",
        ),
        (
            has_type(|ty| *ty == Type::Document),
            "A document, which is any JSON, is a [`Value`]. The macro [`json!`] writes one.",
        ),
        (
            has_form(|form| matches!(form, Form::Enum(_))),
            "An enumeration is made from any text. A value that this crate does not know is an [`UnknownValue`], and is sent\n  \
             back as it came.",
        ),
        (
            has_form(|form| matches!(form, Form::Union(_))),
            "A union is one of its members. One that this crate does not know is an [`UnknownMember`], and is sent back as it\n  \
             came.",
        ),
        (
            uses::receives_required(service),
            "What the service says is always in an answer is a plain field. Should it be missing all the same, the field is\n  \
             empty or zero.",
        ),
    ];
    let items: String = items
        .into_iter()
        .filter(|(is_there, _)| *is_there)
        .map(|(_, text)| format!("\n- {text}"))
        .collect();
    (!items.is_empty()).then(|| format!("# Values\n{items}"))
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
            "Some inputs have a token by which the service knows that two requests are the same one. Where it is not set, each\n\
             call makes one and sends it with all its attempts. [`ClientBuilder::idempotency_tokens`] says how."
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
        "What is not ready yet ({}) may need minutes.\n\
         [`CallOptions::wait_until_ready`] waits for it that long, counted from the beginning of the call, and\n\
         [`Retries::wait_until_ready`] does so in all calls of a client, even where there is one attempt alone. These\n\
         attempts take nothing from the number or the quota.",
        codes.join(", ")
    )
}
