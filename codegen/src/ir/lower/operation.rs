//! Operations: how they are called, with what, and what comes back.

use indexmap::IndexMap;

use super::member::{Owner, Side};
use super::service::Selection;
use super::{LEAVE_OUT, Lowering, SIGV4, docs};
use crate::diagnostics::did_you_mean;
use crate::ir::{ErrorShape, Method, Operation};
use crate::model::service;
use crate::naming::{self, Scope};
use crate::source::JsonPath;

const METHODS: &[(&str, Method)] = &[
    ("DELETE", Method::Delete),
    ("GET", Method::Get),
    ("HEAD", Method::Head),
    ("PATCH", Method::Patch),
    ("POST", Method::Post),
    ("PUT", Method::Put),
];

/// The errors to generate, by shape.
pub(super) type Errors<'m> = IndexMap<&'m str, ErrorShape>;

impl<'m> Lowering<'m> {
    pub(super) fn operations(&mut self, selection: &Selection<'m>, errors: &Errors<'m>) -> Vec<Operation> {
        let mut functions = Scope::default();
        let mut types = Scope::default();
        let mut operations = Vec::new();
        for (&name, operation) in selection {
            let Some(operation) = self.operation(name, operation, errors) else {
                continue;
            };
            let other = functions.claim(&operation.fn_name, name);
            if let Some(other) = other.or(types.claim(&operation.type_name, name)) {
                self.error(
                    &self.operation_path(name).name(),
                    format!("`{other}` and `{name}` both become `{}` in Rust", operation.fn_name),
                    "rename one of them (its name is not sent), or leave one out with `--operations`",
                );
            }
            operations.push(operation);
        }
        operations
    }

    fn operation(
        &mut self,
        name: &'m str,
        operation: &'m service::Operation,
        errors: &Errors<'m>,
    ) -> Option<Operation> {
        let path = self.operation_path(name);
        self.refuse_operation_traits(name, operation, &path);
        let fn_name = naming::operation_fn(name);
        if fn_name.is_none() {
            let message = format!("no Rust name can be made of the operation `{name}`");
            let help = "rename it to ASCII letters and digits: its name is not sent";
            self.error(&path.name(), message, help);
        }
        let http_path = path.key("http");
        let method = self.method(&operation.http.method, &http_path);
        let success_status = self.success_status(&operation.http, &http_path);

        let input = self.structure(name, &operation.input, Side::Input, &path.key("input"));
        let output = self.structure(name, &operation.output, Side::Output, &path.key("output"));
        let input_members = input.as_ref().map_or_else(Vec::new, |owner| self.members(owner));
        let output_members = output.as_ref().map_or_else(Vec::new, |owner| self.members(owner));
        let (parts, query) = self.bind_path(name, operation, input.as_ref(), &input_members)?;
        Some(Operation {
            name: name.to_owned(),
            fn_name: fn_name?,
            type_name: naming::operation_type(name)?,
            docs: docs(
                operation.documentation.as_deref(),
                operation.deprecated,
                operation.deprecated_message.as_deref(),
            ),
            method: method?,
            path: parts,
            literal_query: query,
            success_status: success_status?,
            input: input_members,
            output: output_members,
            errors: self.error_indices(operation, errors, &path.key("errors")),
        })
    }

    fn refuse_operation_traits(&mut self, name: &str, operation: &service::Operation, path: &JsonPath) {
        let subject = format!("operation `{name}`");
        let schemes = operation.auth.as_deref().unwrap_or_default();
        let other_auth = !schemes.is_empty() && !schemes.iter().any(|scheme| scheme == SIGV4);
        let other_authtype = operation.authtype.as_deref().is_some_and(|kind| kind != "v4");
        let refused = [
            (operation.endpoint.is_some(), "endpoint", "a prefix of its host"),
            (other_authtype, "authtype", "an authentication of its own"),
            (other_auth, "auth", "an authentication of its own"),
            (operation.unsigned_payload, "unsignedPayload", "an unsigned body"),
            (
                !operation.static_context_params.is_empty(),
                "staticContextParams",
                "values for the endpoint rules",
            ),
            (
                !operation.operation_context_params.is_empty(),
                "operationContextParams",
                "values for the endpoint rules",
            ),
            (operation.http_checksum.is_some(), "httpChecksum", "checksums"),
            (operation.http_checksum_required, "httpChecksumRequired", "a checksum"),
            (
                operation.requestcompression.is_some(),
                "requestcompression",
                "a compressed body",
            ),
            (
                operation.endpointdiscovery.is_some(),
                "endpointdiscovery",
                "a host to ask for first",
            ),
            (
                operation.endpointoperation,
                "endpointoperation",
                "the hosts of others as its result",
            ),
        ];
        for (is_present, key, feature) in refused {
            if is_present {
                self.not_yet(&path.key(key), &subject, feature, LEAVE_OUT);
            }
        }
    }

    fn method(&mut self, name: &str, path: &JsonPath) -> Option<Method> {
        let method = METHODS.iter().find(|(known, _)| *known == name);
        if method.is_none() {
            let names: Vec<&str> = METHODS.iter().map(|(name, _)| *name).collect();
            let suggestion = did_you_mean(name, names.iter().copied());
            self.error(
                &path.key("method"),
                format!("the HTTP method `{name}` is not known"),
                format!("use one of {}{suggestion}", names.join(", ")),
            );
        }
        method.map(|(_, method)| *method)
    }

    fn success_status(&mut self, http: &service::Http, path: &JsonPath) -> Option<u16> {
        let code = http.response_code.unwrap_or(200);
        let status = u16::try_from(code).ok().filter(|status| (200..300).contains(status));
        if status.is_none() {
            self.error(
                &path.key("responseCode"),
                format!("{code} is no status of success"),
                "use a status from 200 to 299, or leave the key out for 200",
            );
        }
        status
    }

    /// The structure of an input or output.
    fn structure(
        &mut self,
        operation: &str,
        reference: &'m Option<service::Reference>,
        side: Side,
        path: &JsonPath,
    ) -> Option<Owner<'m>> {
        let reference = reference.as_ref()?;
        let shape = self.shape(reference)?;
        let owner = Owner {
            side,
            subject: format!("operation `{operation}`"),
            name: &reference.shape,
            shape,
        };
        let path = path.key("shape");
        let what = if side == Side::Input { "input" } else { "output" };
        if shape.r#type != "structure" {
            let kind = &shape.r#type;
            self.error(
                &path,
                format!("the {what} of `{operation}` has the type `{kind}`"),
                "name a shape of the type `structure`",
            );
            return None;
        }
        if shape.union || shape.document || shape.eventstream {
            let feature = format!("a union, a document or an event stream as its {what}");
            self.not_yet(&path, &owner.subject, &feature, LEAVE_OUT);
            return None;
        }
        Some(owner)
    }

    fn error_indices(&mut self, operation: &service::Operation, errors: &Errors<'m>, path: &JsonPath) -> Vec<usize> {
        let mut indices = Vec::new();
        for (index, reference) in operation.errors.iter().enumerate() {
            let is_exception = self.shape(reference).is_none_or(|shape| shape.exception);
            if !is_exception {
                self.error(
                    &path.index(index).key("shape"),
                    format!("the error `{}` is no exception", reference.shape),
                    "add `\"exception\": true` to the shape, or take it off the list",
                );
            }
            // One that is not there could not be lowered, which has been reported.
            let position = errors.get_index_of(reference.shape.as_str());
            indices.extend(position.filter(|position| !indices.contains(position)));
        }
        indices
    }
}
