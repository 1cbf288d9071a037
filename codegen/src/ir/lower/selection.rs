//! Which operations are generated: those that are wanted, and that a client of this kind can have.

use indexmap::IndexMap;
use serde_json::Value;

use super::Lowering;
use crate::diagnostics::Diagnostic;
use crate::ir::endpoint::RuleSet;
use crate::ir::{LeftOut, Signing};
use crate::model::endpoint_rules::{Endpoint, Rule};
use crate::model::service::{Operation, Reference, Shape};

/// The authentication schemes that clients have.
const SIGV4: &str = "aws.auth#sigv4";
const NO_AUTH: &str = "smithy.api#noAuth";

/// The operations to generate, by name, with how each is signed.
pub(super) type Selection<'m> = IndexMap<&'m str, (&'m Operation, Signing)>;

impl<'m> Lowering<'m> {
    /// The operations to generate, and those that are left out although they are wanted.
    pub(super) fn select(&mut self, rules: Option<&RuleSet>) -> (Selection<'m>, Vec<LeftOut>) {
        let listed = self.model.client.operations.as_deref();
        let only = self.options.operations.as_deref().or(listed);
        let place = match self.options.operations {
            Some(_) => "`--operations`",
            None => "`operations` in client.json",
        };
        let operations = &self.model.service.operations;
        for name in only.unwrap_or_default() {
            if !operations.contains_key(name) {
                let suggestion = self.similar_operation(name);
                self.reporter.extend([Diagnostic::general_error(
                    format!("the service has no operation `{name}`"),
                    format!("give {place} names of the service's operations{suggestion}"),
                )]);
            }
        }
        let mut selection = Selection::new();
        let mut left_out = Vec::new();
        for (name, operation) in operations {
            if only.is_some_and(|only| !only.contains(name)) {
                continue;
            }
            match self
                .signing(operation)
                .and_then(|signing| self.check_stream(operation).map(|()| signing))
                .and_then(|signing| check_endpoint(operation, rules).map(|()| signing))
            {
                Ok(signing) => {
                    selection.insert(name.as_str(), (operation, signing));
                }
                Err(reason) => left_out.push(LeftOut {
                    operation: name.clone(),
                    reason,
                }),
            }
        }
        self.report_left_out(&left_out, selection.is_empty());
        (selection, left_out)
    }

    /// A client without some operations deserves a warning for each, one without any is useless.
    fn report_left_out(&mut self, left_out: &[LeftOut], are_all: bool) {
        if left_out.is_empty() {
            return;
        }
        if are_all {
            let mut reasons: Vec<&str> = left_out.iter().map(|left_out| left_out.reason).collect();
            reasons.sort_unstable();
            reasons.dedup();
            let reasons = reasons.join(", or ");
            self.reporter.extend([Diagnostic::general_error(
                "the client would have no operation",
                format!("generate no client of this service: each operation {reasons}"),
            )]);
            return;
        }
        self.reporter
            .extend(left_out.iter().map(|LeftOut { operation, reason }| {
                Diagnostic::general_warning(
                    format!("operation `{operation}` is left out: it {reason}"),
                    "the documentation of the crate says so, too",
                )
            }));
    }

    /// How an operation is signed, or why it cannot be.
    fn signing(&self, operation: &Operation) -> Result<Signing, &'static str> {
        let metadata = &self.model.service.metadata;
        let unsigned = operation.unsigned_payload || operation.authtype.as_deref() == Some("v4-unsigned-body");
        let sigv4 = if unsigned {
            Signing::UnsignedPayload
        } else {
            Signing::SigV4
        };
        if let Some(schemes) = operation.auth.as_deref().filter(|schemes| !schemes.is_empty()) {
            return by_schemes(schemes, sigv4);
        }
        match operation.authtype.as_deref() {
            Some("none") => return Ok(Signing::None),
            Some("v4" | "v4-unsigned-body") => return Ok(sigv4),
            Some("bearer") => return Ok(Signing::Bearer),
            Some(_) => return Err("has an authentication of its own"),
            None => {}
        }
        if !metadata.auth.is_empty() {
            return by_schemes(&metadata.auth, sigv4);
        }
        match metadata.signature_version.as_deref() {
            None | Some("v4" | "s3" | "s3v4") => Ok(sigv4),
            // The endpoint rules know better.
            Some("v2") if some_endpoint_takes_sigv4(&self.model.endpoint_rules.rules) => Ok(sigv4),
            Some("bearer") => Ok(Signing::Bearer),
            Some("v4a") => Err("takes only signatures of version 4a"),
            Some(_) => Err("has an authentication of its own"),
        }
    }

    /// Whether one request and one response can carry the operation.
    fn check_stream(&self, operation: &Operation) -> Result<(), &'static str> {
        if self.stream_in(operation.input.as_ref()).is_some() {
            return Err("sends a stream of events while it answers, which HTTP/1.1 cannot do");
        }
        Ok(())
    }

    /// The stream of events that is the payload of an input or output. Where bodies have no payload, it is a member like any
    /// other.
    pub(super) fn stream_in(&self, structure: Option<&Reference>) -> Option<&'m Shape> {
        let shape = self.shape(structure?)?;
        let can_be_payload = |name: &str| !self.protocol.binds_http() || shape.payload.as_deref() == Some(name);
        let mut members = shape.members.iter().filter(|(name, _)| can_be_payload(name));
        members.find_map(|(_, member)| self.shape(member).filter(|shape| shape.eventstream))
    }
}

/// Whether the endpoint is known before the call, from the members of its input.
fn check_endpoint(operation: &Operation, rules: Option<&RuleSet>) -> Result<(), &'static str> {
    let discovery = operation.endpointdiscovery.as_ref();
    if discovery.is_some_and(|discovery| discovery.required) {
        return Err("has to ask for its host first");
    }
    let is_asked = |name: &String| {
        let parameter = rules.and_then(|rules| rules.operation_parameter(name));
        parameter.is_none_or(|parameter| parameter.asked)
    };
    match operation.operation_context_params.keys().any(is_asked) {
        true => Err("has an endpoint that depends on what is deep inside its input"),
        false => Ok(()),
    }
}

/// Whether rules say of an endpoint that it takes signatures of version 4.
fn some_endpoint_takes_sigv4(rules: &[Rule]) -> bool {
    let takes_sigv4 = |endpoint: &Endpoint| {
        let schemes = endpoint.properties.get("authSchemes").and_then(Value::as_array);
        schemes.is_some_and(|schemes| schemes.iter().any(|scheme| scheme["name"] == "sigv4"))
    };
    rules.iter().any(|rule| {
        let inner = rule.rules.as_deref().unwrap_or_default();
        rule.endpoint.as_ref().is_some_and(takes_sigv4) || some_endpoint_takes_sigv4(inner)
    })
}

fn by_schemes(schemes: &[String], sigv4: Signing) -> Result<Signing, &'static str> {
    let has = |name: &str| schemes.iter().any(|scheme| scheme == name);
    if has(SIGV4) {
        Ok(sigv4)
    } else if has(NO_AUTH) {
        Ok(Signing::None)
    } else if has("smithy.api#httpBearerAuth") {
        Ok(Signing::Bearer)
    } else if has("aws.auth#sigv4a") {
        Err("takes only signatures of version 4a")
    } else {
        Err("has an authentication of its own")
    }
}
