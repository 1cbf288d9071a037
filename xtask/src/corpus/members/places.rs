//! Where members travel: what writes them into a request, and what reads them from a response.

use serde_json::Value;

use super::Comparison;
use super::description::{Protocol, is_true};
use super::rust::{self, Function};

impl Comparison<'_> {
    /// Whether a member of an input is written to its place.
    pub(super) fn is_written(
        &self,
        shape: &Value,
        member: &str,
        reference: &Value,
        field: &str,
        write: &Function,
    ) -> bool {
        let name = reference["locationName"].as_str().unwrap_or(member);
        let target = self.description.target(reference);
        let is_stream = is_true(target, "eventstream");
        let this = format!("self.{field}");
        if shape["payload"] == member || is_stream {
            return rust::mentions(&write.text, &this);
        }
        let binds = matches!(self.description.protocol, Protocol::RestJson | Protocol::RestXml);
        match reference["location"].as_str().filter(|_| binds) {
            Some("uri") => write.writes(
                &["label", "greedy_label", "host_label", "label_in_endpoint"],
                member,
                field,
            ),
            Some("querystring") if target["type"] == "map" => write.writes(&["query_map"], member, field),
            Some("querystring") => write.writes(&["query"], name, field),
            Some("headers") => write.writes(
                &["prefix_headers", "sensitive_prefix_headers"],
                &name.to_lowercase(),
                field,
            ),
            Some("header") => write.calls.iter().any(|(method, arguments)| {
                let is_header = matches!(&**method, "header" | "sensitive_header");
                let is_name = arguments.first().is_some_and(|constant| self.is_header(constant, name));
                is_header && is_name && arguments.iter().any(|argument| rust::mentions(argument, &this))
            }),
            _ => self.is_in_body(member, reference, field, write),
        }
    }

    pub(super) fn is_in_body(&self, member: &str, reference: &Value, field: &str, write: &Function) -> bool {
        let wire_name = self.description.wire_name(member, reference, true);
        let literal = format!("{wire_name:?}");
        // Some codecs write a member in several steps.
        let mut calls = write.calls.iter();
        calls.any(|(_, arguments)| arguments.first() == Some(&literal))
            && rust::mentions(&write.text, &format!("self.{field}"))
    }

    pub(super) fn is_read(&self, shape: &Value, member: &str, reference: &Value, field: &str, read: &Function) -> bool {
        let is_stream = is_true(self.description.target(reference), "eventstream");
        if shape["payload"] == member || is_stream {
            return rust::mentions(&read.text, field);
        }
        let name = reference["locationName"].as_str().unwrap_or(member);
        let binds = matches!(self.description.protocol, Protocol::RestJson | Protocol::RestXml);
        match reference["location"].as_str().filter(|_| binds) {
            Some("statusCode") => rust::mentions(&read.text, field) && read.text.contains(".status_code()"),
            Some("headers") => read
                .text
                .contains(&format!(".prefix_headers({:?})", name.to_lowercase())),
            Some("header") => self.headers.iter().any(|(constant, header)| {
                let is_read = |text: &str| {
                    let read = [
                        format!("header(&header::{constant})"),
                        format!("json_header(&header::{constant})"),
                    ];
                    read.iter().any(|read| text.contains(read.as_str()))
                };
                let assigned = [format!("{field}:"), format!("{field}=")];
                header.eq_ignore_ascii_case(name)
                    && assigned.iter().any(|start| {
                        let mut starts = read.text.match_indices(start.as_str());
                        starts.any(|(at, _)| is_read(read.text[at..].split([',', ';']).next().unwrap_or_default()))
                    })
            }),
            _ => read.reads(&self.description.wire_name(member, reference, false), field),
        }
    }

    /// Whether a constant is that of a header.
    fn is_header(&self, constant: &str, name: &str) -> bool {
        let constant = constant.rsplit("::").next().unwrap_or_default();
        self.headers
            .get(constant)
            .is_some_and(|header| header.eq_ignore_ascii_case(name))
    }

    /// Compares the method, the path and the query of the description.
    pub(super) fn path(&mut self, name: &str, operation: &Value, write: &Function) {
        let input = self.description.target(&operation["input"]);
        let mut path = String::new();
        let mut expected = operation["http"]["requestUri"].as_str().unwrap_or_default().to_owned();
        for (method, arguments) in &write.calls {
            let first = arguments
                .first()
                .map(|argument| argument.trim_matches('"'))
                .unwrap_or_default();
            let label = input["members"][first]["locationName"].as_str().unwrap_or(first);
            match &**method {
                "literal" => path += first,
                "label" => path += &format!("{{{label}}}"),
                "greedy_label" => path += &format!("{{{label}+}}"),
                "label_in_endpoint" if input["members"][first]["contextParam"].is_object() => {
                    expected = without_first(&expected, label);
                }
                _ => {}
            }
        }
        self.expect(path == expected, || {
            format!("{name}: the path is `{path}`, not `{expected}`")
        });
        let method = match write.text.contains("request.query_as_form()") {
            true => "POST",
            false => operation["http"]["method"].as_str().unwrap_or_default(),
        };
        let has_method = write.text.contains(&format!("Method::{method},"));
        self.expect(has_method, || format!("{name}: the method is not {method}"));
    }
}

/// A path without the label that it begins with: the endpoint has it already.
fn without_first(path: &str, label: &str) -> String {
    match path.strip_prefix(&format!("/{{{label}}}")) {
        Some(rest) if rest.starts_with('/') => rest.to_owned(),
        Some(rest) => format!("/{rest}"),
        None => path.to_owned(),
    }
}
