//! The documentation of the crate as a whole, and its README.

use super::example::shown_operation;
use super::{events, example_setters, guide, plain_summary};
use crate::Runtime;
use crate::emit::runtime;
use crate::ir::{ErrorShape, Example, Location, Member, Operation, Service, Type};
use crate::markdown;

/// The crate's documentation: its front page. The guide has the rest.
pub(in crate::emit) fn crate_docs(service: &Service) -> String {
    let stream = events::call(service).map(|program| {
        let program = program.trim_end();
        format!("# A stream\n\n{program}\n\nMore in [`guide::events`] and [`guide::streams`].\n\n")
    });
    format!(
        include_str!("front_page.md"),
        opening = opening(service),
        stream = stream.unwrap_or_default()
    )
}

/// For a client that has the runtime inside.
const INSIDE: &str = "
`runtime/` contains `lean-aws-runtime`, the crate under all clients. The two form a workspace of their own: if this folder is
inside your workspace, list it under `exclude` there. Clients in one program need one runtime: generate the others with
`--runtime` and the path of this one.
";

/// The crate's README.
pub(in crate::emit) fn readme(service: &Service, runtime: &Runtime) -> String {
    let operations: String = service
        .operations
        .iter()
        .map(|operation| {
            let function = operation.fn_name.trim_start_matches("r#");
            let what = plain_summary(&operation.docs).unwrap_or_default().replace('|', r"\|");
            let pages = operation.paginator.as_ref().map_or("", |_| " In pages: `.paginate()`.");
            format!("| `{}` | `client.{function}()` | {what}{pages} |\n", operation.name)
        })
        .collect();
    let events = events::program(service).map(|program| format!("## A stream of events\n\n{program}\n"));
    let left_out = left_out(service).map(|list| format!("## What is left out\n\n{list}\n\n"));
    format!(
        include_str!("readme.md"),
        name = service.package.name,
        inside = if *runtime == Runtime::Inside { INSIDE } else { "" },
        rust_version = runtime::RUST_VERSION,
        opening = opening(service),
        features = guide::features(service),
        operations = operations,
        waiters = waiters(service),
        events = events.unwrap_or_default(),
        left_out = left_out.unwrap_or_default(),
        api_version = service.api_version,
        full_name = service.full_name,
    )
}

/// What can be waited for, if there is anything.
fn waiters(service: &Service) -> String {
    if service.waiters.is_empty() {
        return String::new();
    }
    let rows = service.waiters.iter().map(|waiter| {
        let operation = &service.operations[waiter.operation].name;
        format!("| `client.wait_until_{}()` | `{operation}` |\n", waiter.fn_name)
    });
    let rows: String = rows.collect();
    format!("## Waiters\n\n| call | operation that it polls |\n|---|---|\n{rows}\n")
}

/// The operations that the client does not have, if there are any.
pub(super) fn left_out(service: &Service) -> Option<String> {
    if service.left_out.is_empty() {
        return None;
    }
    let operations = service
        .left_out
        .iter()
        .map(|left_out| format!("\n- `{}`: it {}.", left_out.operation, left_out.reason));
    Some(format!(
        "The service has operations that this client cannot have:\n{}",
        operations.collect::<String>()
    ))
}

/// What the crate is, and a short program: a client, a call, its errors.
fn opening(service: &Service) -> String {
    // It is plain text elsewhere, so what Markdown would react to is escaped.
    let description = markdown::from_html(&service.package.description);
    let description = description.trim_end_matches('.');
    match &service.example {
        Some(example) => format!("{description}.\n\n{}", program(service, example).trim_end()),
        None => match inferred_program(service) {
            Some(program) => format!("{description}.\n\n{program}"),
            None => format!("{description}."),
        },
    }
}

/// The program of a service whose `client.json` has no example.
fn inferred_program(service: &Service) -> Option<String> {
    let operation = shown_operation(service)?;
    let setters = example_setters(service, operation, "        ")?;
    let setters = setters
        .strip_prefix('\n')
        .map_or_else(String::new, |setters| format!("{setters}\n"));
    Some(filled(service, operation, &setters))
}

fn program(service: &Service, example: &Example) -> String {
    let operation = &service.operations[example.operation];
    let members = example
        .members
        .iter()
        .map(|(index, value)| (&operation.input[*index], value.as_str()));
    filled(service, operation, &setters(members))
}

fn filled(service: &Service, operation: &Operation, setters: &str) -> String {
    let print = match payload(operation) {
        Some(payload) => format!("println!(\"{{}}\", output.{}.text().await?)", payload.field),
        None => "println!(\"{output:?}\")".to_owned(),
    };
    let error = telling_error(service, operation);
    let errors = match error {
        Some(error) => format!(include_str!("program/service_error.md"), type_name = error.type_name,),
        None => include_str!("program/throttling.md").to_owned(),
    };
    format!(
        include_str!("program.md"),
        crate_name = service.package.crate_name,
        imports = if error.is_some() {
            "{Client, ServiceError}"
        } else {
            "Client"
        },
        call = operation.fn_name,
        setters = setters,
        print = print,
        errors = errors.trim_end(),
    )
    .trim_end()
    .to_owned()
}

/// The error of an operation that a program most likely handles: the caller's, of something that is missing, with members.
fn telling_error<'s>(service: &'s Service, operation: &Operation) -> Option<&'s ErrorShape> {
    let errors = operation.errors.iter().map(|error| &service.errors[*error]);
    errors.min_by_key(|error| {
        let is_missing = error.code.contains("NotFound") || error.code.contains("NoSuch");
        (
            error.fault || error.retry.is_some(),
            !is_missing,
            error.members.is_empty(),
        )
    })
}

/// Calls of setters with values as they stand in `client.json`, each on a line of its own.
fn setters<'a>(members: impl Iterator<Item = (&'a Member, &'a str)>) -> String {
    members
        .map(|(member, value)| {
            let value = match member.ty {
                Type::String | Type::JsonText | Type::Blob | Type::Enum(_) => format!("{value:?}"),
                _ => value.to_owned(),
            };
            format!("        .{}({value})\n", member.field)
        })
        .collect()
}

/// The member that is the whole body of a response, where that is bytes.
fn payload(operation: &Operation) -> Option<&Member> {
    let mut output = operation.output.iter();
    output.find(|member| member.location == Location::Payload && member.is_stream() && member.ty == Type::Blob)
}
