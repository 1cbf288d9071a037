//! The service as a whole, and which of its operations are wanted.

use indexmap::IndexMap;

use super::{LEAVE_OUT, Lowering, SIGV4, docs, endpoint_rules};
use crate::diagnostics::Diagnostic;
use crate::ir::Service;
use crate::model::service::Operation;
use crate::source::{File, JsonPath};

/// The operations to generate, by name.
pub(super) type Selection<'m> = IndexMap<&'m str, &'m Operation>;

impl<'m> Lowering<'m> {
    pub(super) fn service(&mut self, only: Option<&[String]>) -> Option<Service> {
        let selection = self.select(only);
        self.check_model();
        self.check_protocol();
        self.check_extras(&selection);
        self.check_error_names();

        let errors = self.errors(&selection);
        let operations = self.operations(&selection, &errors);
        let example = self.example(&operations);
        let package = self.package();
        let endpoint = endpoint_rules::lower(&self.model.endpoint_rules, &self.model.partitions, &mut self.reporter)?;
        let description = &self.model.service;
        let metadata = &description.metadata;
        let signing_name = metadata.signing_name.as_ref();
        Some(Service {
            package,
            id: metadata.service_id.clone(),
            full_name: metadata.service_full_name.clone(),
            api_version: metadata.api_version.clone(),
            signing_name: signing_name.unwrap_or(&metadata.endpoint_prefix).clone(),
            docs: docs(
                description.documentation.as_deref(),
                description.deprecated,
                description.deprecated_message.as_deref(),
            ),
            operations,
            errors: errors.into_values().collect(),
            endpoint,
            read_timeout: self.read_timeout(),
            example,
        })
    }

    fn select(&mut self, only: Option<&[String]>) -> Selection<'m> {
        let operations = &self.model.service.operations;
        for name in only.unwrap_or_default() {
            if !operations.contains_key(name) {
                let suggestion = self.similar_operation(name);
                self.reporter.extend([Diagnostic::general_error(
                    format!("the service has no operation `{name}`"),
                    format!("give `--operations` names of the service's operations{suggestion}"),
                )]);
            }
        }
        operations
            .iter()
            .filter(|(name, _)| only.is_none_or(|only| only.contains(name)))
            .map(|(name, operation)| (name.as_str(), operation))
            .collect()
    }

    fn check_protocol(&mut self) {
        let root = JsonPath::root(File::Service);
        let description = &self.model.service;
        let metadata = &description.metadata;
        let path = root.key("metadata");
        if let Some(version) = &description.version
            && version != "2.0"
        {
            let message = format!("the dialect's version `{version}` is not known");
            self.error(&root.key("version"), message, "only version 2.0 can be generated");
        }
        let (key, speaks_rest_json) = match &metadata.protocols {
            Some(protocols) => ("protocols", protocols.iter().any(|protocol| protocol == "rest-json")),
            None => ("protocol", metadata.protocol == "rest-json"),
        };
        if !speaks_rest_json {
            self.error(
                &path.key(key),
                "the service does not speak `rest-json`",
                "only services that speak it can be generated",
            );
        }
        if let Some(version) = &metadata.signature_version
            && version != "v4"
        {
            self.error(
                &path.key("signatureVersion"),
                format!("requests are signed by `{version}`"),
                "only services that take Signature Version 4, `v4`, can be generated",
            );
        }
        if !metadata.auth.is_empty() && !metadata.auth.iter().any(|scheme| scheme == SIGV4) {
            self.error(
                &path.key("auth"),
                format!("the service does not take `{SIGV4}`"),
                "only services that take Signature Version 4 can be generated",
            );
        }
        for name in description.client_context_params.keys() {
            self.not_yet(
                &root.key("clientContextParams").key(name).name(),
                "the client",
                &format!("a setting `{name}` for the endpoint rules"),
                "remove it if no endpoint rule asks for it",
            );
        }
    }

    /// What comes in files of its own and goes on top of operations.
    fn check_extras(&mut self, selection: &Selection<'m>) {
        let model = self.model;
        let paginators = JsonPath::root(File::Paginators).key("pagination");
        for name in model.paginators.pagination.keys() {
            let path = paginators.key(name).name();
            self.check_extra(&path, name, "a paginator", selection);
        }
        let waiters = JsonPath::root(File::Waiters).key("waiters");
        for (name, waiter) in &model.waiters.waiters {
            let path = waiters.key(name).key("operation");
            let feature = format!("the waiter `{name}`");
            self.check_extra(&path, &waiter.operation, &feature, selection);
        }
    }

    fn check_extra(&mut self, path: &JsonPath, operation: &str, feature: &str, selection: &Selection<'m>) {
        if selection.contains_key(operation) {
            let subject = format!("operation `{operation}`");
            let help = format!("{LEAVE_OUT}; or remove the entry from this file");
            self.not_yet(path, &subject, feature, &help);
        } else if !self.model.service.operations.contains_key(operation) {
            let suggestion = self.similar_operation(operation);
            self.error(
                path,
                format!("the service has no operation `{operation}`"),
                format!("name an operation of the service{suggestion}, or remove the entry"),
            );
        }
    }
}
