//! What `client.json` says of the package, of timeouts and of errors.

use std::time::Duration;

use indexmap::IndexMap;

use super::{Lowering, registry};
use crate::diagnostics::{Diagnostic, did_you_mean};
use crate::ir::{self, BearerToken, Member, Method, Package};
use crate::model::service::{Location, Reference, ShapeType};
use crate::naming;
use crate::source::{File, JsonPath};

const GOOD_NAME: &str = "a letter and then letters, digits, `-` and `_`, at most 64 in all, but not a keyword, a standard \
                         crate of Rust, or a crate that clients depend on";

const DEFAULT_READ_SECONDS: u64 = 60;

fn root() -> JsonPath {
    JsonPath::root(File::Client)
}

fn bad_name(name: &str) -> String {
    format!("`{}` is not a valid package name", name.escape_debug())
}

impl<'m> Lowering<'m> {
    pub(super) fn package(&mut self) -> Package {
        let path = root().key("package");
        let package = &self.model.client.package;
        let metadata = &self.model.service.metadata;
        let name = self.package_name();
        let version = package.version.clone().unwrap_or_else(|| "0.1.0".to_owned());
        if !registry::is_version(&version) {
            let message = format!("`{version}` is not a semantic version");
            self.error(
                &path.key("version"),
                message,
                "write three numbers, such as `1.0.0` or `1.0.0-rc.1`",
            );
        }
        let default_description = || format!("Client for {}", metadata.service_full_name);
        if let Some(description) = &package.description {
            self.check_one_line(description, &path.key("description"));
        }
        for (index, category) in package.categories.iter().enumerate() {
            self.check_one_line(category, &path.key("categories").index(index));
        }
        self.check_keywords(&package.keywords, &path.key("keywords"));
        Package {
            crate_name: naming::crate_name(&name),
            name,
            version,
            description: package.description.clone().unwrap_or_else(default_description),
            keywords: package.keywords.clone(),
            categories: package.categories.clone(),
        }
    }

    /// The name that the caller has chosen, else that of `client.json`, else one of the service's identifier.
    fn package_name(&mut self) -> String {
        let model = self.model;
        let (name, path) = match (&self.options.name, &model.client.package.name) {
            (Some(name), _) => {
                if !registry::is_package_name(name) {
                    self.reporter.extend([Diagnostic::general_error(
                        bad_name(name),
                        format!("give `--name` {GOOD_NAME}"),
                    )]);
                }
                return name.clone();
            }
            (None, Some(name)) => (name.clone(), root().key("package").key("name")),
            (None, None) => (
                naming::package(&model.service.metadata.service_id),
                JsonPath::root(File::Service).key("metadata").key("serviceId"),
            ),
        };
        if !registry::is_package_name(&name) {
            self.error(
                &path,
                bad_name(&name),
                format!("set `package.name` in client.json to {GOOD_NAME}"),
            );
        }
        name
    }

    /// The registry refuses packages with others.
    fn check_keywords(&mut self, keywords: &[String], path: &JsonPath) {
        if keywords.len() > 5 {
            let message = format!("there are {} keywords", keywords.len());
            self.error(path, message, "keep five: the registry takes no more");
        }
        for (index, keyword) in keywords.iter().enumerate() {
            if !registry::is_keyword(keyword) {
                self.error(
                    &path.index(index),
                    format!("`{keyword}` is not a keyword that the registry accepts"),
                    "use at most 20 ASCII letters, digits, `-`, `_` and `+`, a letter or digit first",
                );
            }
        }
    }

    pub(super) fn read_timeout(&mut self) -> Duration {
        let Some(seconds) = self.model.client.timeouts.read_seconds else {
            return Duration::from_secs(DEFAULT_READ_SECONDS);
        };
        let in_range = u64::try_from(seconds)
            .ok()
            .filter(|seconds| (1..=86_400).contains(seconds));
        if in_range.is_none() {
            self.error(
                &root().key("timeouts").key("read_seconds"),
                format!("{seconds} seconds is not a valid read timeout"),
                "use a whole number from 1 to 86400, a day",
            );
        }
        Duration::from_secs(in_range.unwrap_or(DEFAULT_READ_SECONDS))
    }

    /// The names of operations and members that differ from what the description says.
    pub(super) fn check_requests(&mut self) {
        let (client, service) = (&self.model.client, &self.model.service);
        for (index, name) in client.forms.iter().enumerate() {
            if !service.operations.contains_key(name) {
                let suggestion = self.similar_operation(name);
                self.error(
                    &root().key("forms").index(index),
                    format!("the service has no operation `{name}`"),
                    format!("name one of its operations{suggestion}, or remove the entry"),
                );
            }
        }
        for (key, names) in [("bare_ids", &client.bare_ids), ("origins", &client.origins)] {
            for (index, name) in names.iter().enumerate() {
                if !service.has_input_string(name) {
                    let suggestion = did_you_mean(name, service.input_strings());
                    self.error(
                        &root().key(key).index(index),
                        format!("no input has a string of the shape `{name}`"),
                        format!("name the shape of a string in an input{suggestion}, or remove the entry"),
                    );
                }
            }
        }
        for (name, value) in &client.defaults {
            let path = root().key("defaults").key(name);
            let inputs = service
                .operations
                .values()
                .filter_map(|operation| operation.input.as_ref());
            let mut members = inputs.filter_map(|input| self.shape(input)?.members.get(name));
            let is_label = |reference: &Reference| {
                let shape = self.shape(reference);
                let is_text = shape.is_some_and(|shape| shape.r#type == ShapeType::String);
                is_text
                    && reference
                        .location
                        .as_ref()
                        .is_some_and(|location| *location == Location::Uri)
            };
            if !members.any(is_label) {
                let message = format!("no operation has the string `{name}` in its path");
                self.error(
                    &path.name(),
                    message,
                    "name a member with the location `uri`, or remove the entry",
                );
            }
            if value.is_empty() {
                let message = format!("the default of `{name}` is empty, which no part of a path can be");
                self.error(&path, message, "write the value that the service takes");
            }
        }
    }

    /// Whether the query of an operation is sent as a form. That needs a body which is free.
    pub(super) fn is_form(&mut self, operation: &str, method: Option<Method>, input: &[Member]) -> bool {
        let forms = &self.model.client.forms;
        let Some(index) = forms.iter().position(|form| form == operation) else {
            return false;
        };
        let is_in_body = |member: &Member| matches!(member.location, ir::Location::Body(_) | ir::Location::Payload);
        if method != Some(Method::Get) || input.iter().any(is_in_body) {
            let message = format!("`{operation}` cannot send its query as a form");
            let help = "name an operation with the method GET and without a body";
            self.error(&root().key("forms").index(index), message, help);
        }
        true
    }

    /// The tokens that stand for credentials.
    pub(super) fn bearer_token(&mut self) -> Option<BearerToken> {
        let token = self.model.client.bearer_token.as_ref()?;
        let path = root().key("bearer_token");
        for (key, text) in [("purpose", &token.purpose), ("prefix", &token.prefix)] {
            self.check_one_line(text, &path.key(key));
        }
        let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '.' || c == '-';
        for (key, text) in [("host", &token.host), ("action", &token.action)] {
            if text.is_empty() || !text.chars().all(is_plain) {
                self.error(
                    &path.key(key),
                    format!("`{}` cannot stand in a URL as it is", text.escape_debug()),
                    "use ASCII letters, digits, `.` and `-`",
                );
            }
        }
        let max_seconds = u64::try_from(token.max_seconds)
            .ok()
            .filter(|seconds| (3600..=604_800).contains(seconds));
        if max_seconds.is_none() {
            self.error(
                &path.key("max_seconds"),
                format!("no token is valid for up to {} seconds", token.max_seconds),
                "use a whole number from 3600, an hour, to 604800, a week",
            );
        }
        Some(BearerToken {
            purpose: token.purpose.clone(),
            host: token.host.clone(),
            action: token.action.clone(),
            prefix: token.prefix.clone(),
            max_seconds: max_seconds?,
        })
    }

    /// The names of errors and of their members.
    pub(super) fn check_error_names(&mut self) {
        let client = &self.model.client;
        let retries = root().key("retries");
        let mut listed = IndexMap::new();
        for (list, names) in [
            ("throttling", &client.retries.throttling),
            ("transient", &client.retries.transient),
            ("not_ready", &client.retries.not_ready),
        ] {
            for (index, name) in names.iter().enumerate() {
                let path = retries.key(list).index(index);
                self.check_error_name(name, &path);
                if let Some(other) = listed.insert(name, list).filter(|other| *other != list) {
                    self.error(
                        &path,
                        format!("`{name}` is both `{other}` and `{list}`"),
                        "keep it in one of the two lists",
                    );
                }
            }
        }
        for (index, name) in client.error_message.iter().enumerate() {
            if !self.model.service.has_error_member(name) {
                self.error(
                    &root().key("error_message").index(index),
                    format!("no error of the service has the member `{name}`"),
                    "name a member of errors that holds their message, or remove the entry",
                );
            }
        }
        for (name, members) in &client.error_details {
            let path = root().key("error_details").key(name);
            self.check_error_name(name, &path.name());
            self.check_detail_names(name, members.keys(), &path);
        }
    }

    pub(super) fn check_error_name(&mut self, name: &str, path: &JsonPath) {
        let shapes = &self.model.service.shapes;
        if !shapes.get(name).is_some_and(|shape| shape.exception) {
            let errors = shapes.iter().filter(|(_, shape)| shape.exception);
            let suggestion = did_you_mean(name, errors.map(|(name, _)| name.as_str()));
            self.error(
                path,
                format!("the service has no error `{name}`"),
                format!("name a shape with `\"exception\": true`{suggestion}, or remove the entry"),
            );
        }
    }

    fn check_detail_names(&mut self, error: &str, members: impl Iterator<Item = &'m String>, path: &JsonPath) {
        let Some(shape) = self.model.service.shapes.get(error) else {
            return;
        };
        for name in members.filter(|name| !shape.members.contains_key(*name)) {
            let suggestion = did_you_mean(name, shape.members.keys().map(String::as_str));
            self.error(
                &path.key(name).name(),
                format!("the error `{error}` has no member `{name}`"),
                format!("name one of its members{suggestion}, or remove the entry"),
            );
        }
    }
}
