//! Documentation: of items, of the crate, and the crate's README.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

use crate::ir::{Example, Limits, Location, Member, Operation, Service, Type};

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
    let Service {
        package,
        full_name,
        api_version,
        ..
    } = service;
    let opening = opening(service);
    let name = &package.name;
    let operations: String = service
        .operations
        .iter()
        .map(|operation| {
            let function = operation.fn_name.trim_start_matches("r#");
            let what = summary(&operation.docs).replace('\n', " ");
            format!("| `{}` | `client.{function}()` | {what} |\n", operation.name)
        })
        .collect();
    format!(
        "# {name}\n\n{opening}\n\n## Operations\n\n| operation | call | what it does |\n|---|---|---|\n{operations}\n\
         ## More\n\nThe crate's documentation (`cargo doc --open`) tells about configuration, errors, timeouts, retries, \
         payloads and\ntests. The crate is generated from the service's description, version {api_version} of \
         {full_name}.\n\n## License\n\nApache-2.0\n"
    )
}

/// What the crate is, and the shortest program that uses it.
fn opening(service: &Service) -> String {
    let description = service.package.description.trim_end_matches('.');
    let mut text = format!("{description}.");
    if let Some(example) = &service.example {
        text.push_str("\n\n```no_run\n# #[tokio::main(flavor = \"current_thread\")]\n");
        text.push_str("# async fn main() -> Result<(), Box<dyn std::error::Error>> {\n");
        text.push_str(&format!(
            "let client = {}::Client::from_env()?;\n\n",
            service.package.crate_name
        ));
        text.push_str(&example_call(service, example));
        text.push_str("# Ok(())\n# }\n```");
    }
    text
}

fn example_call(service: &Service, example: &Example) -> String {
    let operation = &service.operations[example.operation];
    let mut text = format!("let output = client\n    .{}()\n", operation.fn_name);
    for (index, value) in &example.members {
        let member = &operation.input[*index];
        let value = match member.ty {
            Type::String | Type::Blob => format!("{value:?}"),
            _ => value.clone(),
        };
        text.push_str(&format!("    .{}({value})\n", member.field));
    }
    text.push_str("    .send()\n    .await?;\n\n");
    match streamed_payload(operation) {
        Some(payload) => text.push_str(&format!(
            "println!(\"{{}}\", output.{}.text().await?);\n",
            payload.field
        )),
        None => text.push_str("println!(\"{output:?}\");\n"),
    }
    text
}

/// The member that is the whole body of a response.
pub(super) fn streamed_payload(operation: &Operation) -> Option<&Member> {
    operation
        .output
        .iter()
        .find(|member| member.location == Location::Payload)
}

/// What all clients have in common, in the words of a user of this one.
fn guide(service: &Service) -> String {
    let seconds = service.read_timeout.as_secs();
    let variable = format!(
        "AWS_ENDPOINT_URL_{}",
        service.id.replace([' ', '-'], "_").to_uppercase()
    );
    format!(
        r#"# Configuration

| client | reads |
|---|---|
| [`Client::from_env`] | environment variables: region, access keys, `AWS_ENDPOINT_URL`, `{variable}` |
| [`Client::new`] | what the `aws-config` crate has loaded: profiles, SSO, roles, containers, instances |
| [`Client::builder`] | nothing; everything is set in code |

With `aws-config`, the default chain of credentials is
`Client::new(&aws_config::load_defaults(BehaviorVersion::latest()).await)`. Settings for a single call are
[`CallOptions`], given to the `options` method of its builder.

# Required members

The service insists on some members. Leaving one out is a compile error that names it.

# Payloads

The payload of a request is a [`Body`]: text, bytes, a file or a stream. The payload of a response is a [`ByteStream`]
that is read as it arrives: whole, as text, as JSON, or piece by piece.

# Errors

[`Error`] says everything in one line, has methods for what programs ask (is it a timeout, may it be tried again, which
request was it), and holds the service's own error with all its fields:

```
use {crate_name}::{{Error, ServiceError}};

fn explain(error: &Error) -> String {{
    match error.service_error() {{
        Some(known) => format!("the service says {{}}: {{:?}}", known.code(), known.message()),
        None if error.is_timeout() => "too slow".to_owned(),
        None => error.to_string(),
    }}
}}
# let _ = explain;
```

# Timeouts and retries

Connecting may take 5 s and a silence {seconds} s; there is no other limit unless [`Timeouts`] sets one. A call is made
up to three times when it is certain or likely that the service did not work on it: no connection, a connection lost
before the first byte of an answer, a status of 500, 502, 503 or 504, or a request for patience. It is never made again
by itself after a timeout or an answer that breaks off. [`Retries`] changes that.

# Other HTTP clients, middleware and tests

[`ClientBuilder::transport`] takes any tower service. Beneath the client, each input is an [`Operation`] that writes an
`http::Request` and reads an `http::Response`, without any I/O.

# Logs

Each call is a `tracing` span named `call`, each attempt an event in it with the operation, host, attempt, status,
request id and duration. Payloads, credentials and sensitive members are in no log, error or `Debug` output."#,
        crate_name = service.package.crate_name
    )
}
