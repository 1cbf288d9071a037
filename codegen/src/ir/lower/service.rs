//! The service as a whole.

use super::operation::Surroundings;
use super::{Lowering, docs, endpoint_rules};
use crate::diagnostics::did_you_mean;
use crate::ir::{Protocol, Service};
use crate::markdown::is_printable;
use crate::source::{File, JsonPath};

impl<'m> Lowering<'m> {
    pub(super) fn service(&mut self) -> Option<Service> {
        self.check_model();
        self.check_dialect();
        let protocol = self.protocol();
        self.protocol = protocol.clone().unwrap_or(Protocol::RestJson);
        self.check_metadata();
        let settings = self.own_settings();
        let (rules, partitions) = (&self.model.endpoint_rules, &self.model.partitions);
        let unset = endpoint_rules::unset(rules, &settings);
        let endpoint = endpoint_rules::lower(rules, partitions, &settings, &unset, &mut self.reporter);
        let (selection, left_out) = self.select(endpoint.as_ref());
        self.check_extras();
        self.check_error_names();
        self.check_requests();
        self.check_results();

        let types = self.types(&selection);
        let errors = self.errors(&selection);
        let surroundings = Surroundings {
            errors: &errors,
            types: &types,
            endpoint: endpoint.as_ref(),
        };
        let operations = self.operations(&selection, surroundings);
        let waiters = self.waiters(&operations, &types);
        let example = self.example(&operations);
        let object_store = self.object_store(&operations);
        let package = self.package();
        let hints = self.hints(&errors, &operations);
        let description = &self.model.service;
        let metadata = &description.metadata;
        let signing_name = metadata.signing_name.as_ref();
        let mut service = Service {
            package,
            fixed_headers: self.fixed_headers(),
            error_message: self.model.client.error_message.clone(),
            id: metadata.service_id.clone(),
            full_name: metadata.service_full_name.clone(),
            api_version: metadata.api_version.clone(),
            protocol: protocol?,
            query_compatible: self.is_query_compatible(),
            signing_name: signing_name.unwrap_or(&metadata.endpoint_prefix).clone(),
            s3_signatures: self.has_s3_signatures(),
            codes_by_status: self.habits().codes_by_status,
            region_header: self.habits().region_header,
            docs: docs(
                description.documentation.as_deref(),
                description.deprecated,
                description.deprecated_message.as_deref(),
            ),
            operations,
            left_out,
            types,
            waiters,
            hints,
            errors: errors.into_values().collect(),
            endpoint: endpoint?,
            read_timeout: self.read_timeout(),
            object_store,
            bearer_token: self.bearer_token(),
            example,
        };
        crate::ir::links::link(&mut service);
        Some(service)
    }

    fn check_dialect(&mut self) {
        let root = JsonPath::root(File::Service);
        let description = &self.model.service;
        if let Some(version) = &description.version
            && version != "2.0"
        {
            let message = format!("the dialect's version `{version}` is not known");
            self.error(&root.key("version"), message, "only version 2.0 can be generated");
        }
        for name in description.client_context_params.keys() {
            let rules = &self.model.endpoint_rules;
            if !rules.parameters.contains_key(name) {
                let suggestion = did_you_mean(name, rules.parameters.keys().map(String::as_str));
                self.error(
                    &root.key("clientContextParams").key(name).name(),
                    format!("the endpoint rules have no parameter `{name}`"),
                    format!("name one of their `parameters`{suggestion}, or remove this"),
                );
            }
        }
    }

    /// Texts that go into code and files as they are.
    fn check_metadata(&mut self) {
        let path = JsonPath::root(File::Service).key("metadata");
        let metadata = &self.model.service.metadata;
        let is_inner = |c: char| c.is_ascii_alphanumeric() || c == ' ' || c == '-';
        let id = &metadata.service_id;
        if !id.starts_with(|c: char| c.is_ascii_alphabetic()) || !id.chars().all(is_inner) {
            self.error(
                &path.key("serviceId"),
                format!("`{}` is not a service identifier", id.escape_debug()),
                "use a letter, then letters, digits, spaces and `-`: it becomes the name of a variable of the environment",
            );
        }
        let mut texts = vec![
            ("serviceFullName", &metadata.service_full_name),
            ("apiVersion", &metadata.api_version),
            ("endpointPrefix", &metadata.endpoint_prefix),
        ];
        texts.extend(metadata.signing_name.as_ref().map(|name| ("signingName", name)));
        for (key, text) in texts {
            self.check_one_line(text, &path.key(key));
        }
    }

    /// Reports a text that is more than a line, or has what does not show.
    pub(super) fn check_one_line(&mut self, text: &str, path: &JsonPath) {
        if let Some(c) = text.chars().find(|&c| c.is_control() || !is_printable(c)) {
            self.error(
                path,
                format!("the text has the character U+{:04X}, which does not show", u32::from(c)),
                "remove the character: the text goes into files as it is",
            );
        }
    }

    /// What comes in files of its own names operations that there are.
    fn check_extras(&mut self) {
        let model = self.model;
        let paginators = JsonPath::root(File::Paginators).key("pagination");
        for name in model.paginators.pagination.keys() {
            self.check_extra(&paginators.key(name).name(), name);
        }
        let waiters = JsonPath::root(File::Waiters).key("waiters");
        for (name, waiter) in &model.waiters.waiters {
            self.check_extra(&waiters.key(name).key("operation"), &waiter.operation);
        }
    }

    fn check_extra(&mut self, path: &JsonPath, operation: &str) {
        if !self.model.service.operations.contains_key(operation) {
            let suggestion = self.similar_operation(operation);
            self.error(
                path,
                format!("the service has no operation `{operation}`"),
                format!("name an operation of the service{suggestion}, or remove the entry"),
            );
        }
    }
}
