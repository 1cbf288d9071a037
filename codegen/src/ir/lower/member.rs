//! Members of inputs, outputs and errors: where they travel and what they are.

use super::kind::{Fit, Kind};
use super::{LEAVE_OUT, Lowering, docs};
use crate::ir::{Limits, Location, Member, Type};
use crate::model::service::{Reference, Shape};
use crate::naming::{self, Scope};
use crate::source::JsonPath;

/// Headers that the client sets itself.
const CLIENT_HEADERS: &[&str] = &[
    "amz-sdk-invocation-id",
    "amz-sdk-request",
    "authorization",
    "connection",
    "content-length",
    "expect",
    "host",
    "transfer-encoding",
    "user-agent",
    "x-amz-content-sha256",
    "x-amz-date",
    "x-amz-security-token",
    "x-amz-user-agent",
];

/// The structure that members belong to.
pub(super) struct Owner<'m> {
    pub(super) side: Side,
    /// What messages call it, such as ``operation `InvokeEndpoint` ``.
    pub(super) subject: String,
    pub(super) name: &'m str,
    pub(super) shape: &'m Shape,
}

/// Which way the structure travels.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Input,
    Output,
    Error,
}

impl Owner<'_> {
    /// How to do without what cannot be generated yet.
    fn way_out(&self) -> &'static str {
        match self.side {
            Side::Input | Side::Output => LEAVE_OUT,
            Side::Error => {
                "remove the member from the description, or leave out the operations with this error: name \
                            the others, `--operations First,Second`"
            }
        }
    }

    fn is_payload(&self, member: &str) -> bool {
        self.shape.payload.as_deref() == Some(member)
    }

    fn field(&self, member: &str) -> Option<String> {
        match self.side {
            Side::Input => naming::input_field(member),
            Side::Output => naming::output_field(member),
            Side::Error => naming::error_field(member),
        }
    }
}

impl<'m> Lowering<'m> {
    /// All members that can be lowered. What is wrong with the others has been reported.
    pub(super) fn members(&mut self, owner: &Owner<'m>) -> Vec<Member> {
        let has_json_body = owner.side == Side::Input && self.refuse_json_body(owner);
        let mut fields = Scope::default();
        let mut markers = Scope::default();
        let mut in_body = Scope::default();
        let mut headers = Scope::default();
        let mut members = Vec::new();
        for (name, reference) in &owner.shape.members {
            if has_json_body && reference.location.is_none() {
                continue;
            }
            let path = self.shape_path(owner.name).key("members").key(name);
            let Some(member) = self.member(owner, name, reference, &path) else {
                continue;
            };
            if let Some(other) = fields.claim(&member.field, name) {
                self.error(
                    &path.name(),
                    format!("`{other}` and `{name}` both become `{}` in Rust", member.field),
                    "rename one of them and keep its name on the wire as `locationName`",
                );
            }
            if member.required
                && owner.side == Side::Input
                && let Some(other) = markers.claim(&naming::marker(name), name)
            {
                self.error(
                    &path.name(),
                    format!(
                        "the required members `{other}` and `{name}` both become `{}` in Rust",
                        naming::marker(name)
                    ),
                    "rename one of them and keep its name on the wire as `locationName`",
                );
            }
            if let Location::Body(wire_name) = &member.location
                && let Some(other) = in_body.claim(wire_name, name)
            {
                self.error(
                    &path.key("locationName"),
                    format!("`{other}` and `{name}` are both called `{wire_name}` in the body"),
                    "give one of them another name there",
                );
            }
            if let Location::Header(header) = &member.location
                && let Some(other) = headers.claim(header, name)
            {
                self.error(
                    &path.key("locationName"),
                    format!("`{other}` and `{name}` are both bound to the header `{header}`"),
                    "give one of them another header",
                );
            }
            members.push(member);
        }
        members
    }

    /// Refuses an input with members in a JSON body, once for all of them.
    fn refuse_json_body(&mut self, owner: &Owner<'m>) -> bool {
        let mut members = owner.shape.members.values();
        let has_body = owner.shape.payload.is_none() && members.any(|m| m.location.is_none());
        if has_body {
            let path = self.shape_path(owner.name).key("members");
            self.not_yet(&path, &owner.subject, "a JSON request body", LEAVE_OUT);
        }
        has_body
    }

    fn member(&mut self, owner: &Owner<'m>, name: &str, reference: &Reference, path: &JsonPath) -> Option<Member> {
        let shape = self.shape(reference)?;
        self.refuse_member_traits(owner, name, reference, shape, path);
        let field = owner.field(name);
        if field.is_none() {
            let message = format!("no Rust name can be made of the member `{name}`");
            let help = "rename it to ASCII letters and digits, and keep its name on the wire as `locationName`";
            self.error(&path.name(), message, help);
        }
        let location = self.location(owner, name, reference, path)?;
        let ty = self.ty(owner, name, &location, Kind::of(shape, reference)?, path)?;
        Some(Member {
            name: name.to_owned(),
            field: field?,
            docs: docs(
                reference.documentation.as_deref().or(shape.documentation.as_deref()),
                reference.deprecated || shape.deprecated,
                reference
                    .deprecated_message
                    .as_deref()
                    .or(shape.deprecated_message.as_deref()),
            ),
            location,
            ty,
            required: owner.shape.required.iter().any(|required| required == name),
            sensitive: reference.sensitive || shape.sensitive,
            limits: Limits {
                min: reference.min.or(shape.min),
                max: reference.max.or(shape.max),
                pattern: reference.pattern.as_ref().or(shape.pattern.as_ref()).cloned(),
            },
        })
    }

    fn refuse_member_traits(
        &mut self,
        owner: &Owner<'m>,
        name: &str,
        reference: &Reference,
        shape: &Shape,
        path: &JsonPath,
    ) {
        let is_input = owner.side == Side::Input;
        let in_header = reference.location.as_deref() == Some("header");
        let refused = [
            (
                is_input && reference.idempotency_token,
                "idempotencyToken",
                "the idempotency token",
            ),
            (is_input && reference.host_label, "hostLabel", "the label of its host"),
            (
                is_input && reference.context_param.is_some(),
                "contextParam",
                "the endpoint parameter",
            ),
            (
                is_input && shape.requires_length,
                "shape",
                "the body of required length",
            ),
            (in_header && reference.jsonvalue, "jsonvalue", "the JSON text"),
        ];
        for (is_present, key, feature) in refused {
            if is_present {
                let feature = format!("{feature} `{name}`");
                self.not_yet(&path.key(key), &owner.subject, &feature, owner.way_out());
            }
        }
    }

    fn location(&mut self, owner: &Owner<'m>, name: &str, reference: &Reference, path: &JsonPath) -> Option<Location> {
        let is_input = owner.side == Side::Input;
        match (reference.location.as_deref(), is_input) {
            _ if owner.is_payload(name) => Some(Location::Payload),
            // It has been reported that there is no room beside the payload.
            (None, _) if owner.shape.payload.is_some() => None,
            (None, _) => Some(Location::Body(wire_name(name, reference).to_owned())),
            (Some("uri"), true) => Some(Location::Uri),
            (Some("statusCode"), false) => Some(Location::StatusCode),
            (Some("header"), _) => self.header(owner, name, reference, path),
            (Some("querystring"), true) => {
                let feature = format!("the query parameter `{name}`");
                self.not_yet(&path.key("location"), &owner.subject, &feature, LEAVE_OUT);
                None
            }
            (Some("headers"), _) => {
                let feature = format!("the map of headers `{name}`");
                self.not_yet(&path.key("location"), &owner.subject, &feature, owner.way_out());
                None
            }
            (Some(location @ ("uri" | "querystring")), false) => {
                self.error(
                    &path.key("location"),
                    format!("{}: a response has no `{location}` for `{name}`", owner.subject),
                    "use `header` or `statusCode`, or none for the body",
                );
                None
            }
            (Some("statusCode"), true) => {
                self.error(
                    &path.key("location"),
                    format!("{}: a request has no status for `{name}`", owner.subject),
                    "use `uri`, `querystring` or `header`, or none for the body",
                );
                None
            }
            // It has been reported that the location is not known.
            (Some(_), _) => None,
        }
    }

    fn header(&mut self, owner: &Owner<'m>, name: &str, reference: &Reference, path: &JsonPath) -> Option<Location> {
        let header = wire_name(name, reference);
        let path = path.key("locationName");
        if !is_token(header) {
            let message = format!("`{header}` is no name of a header");
            self.error(&path, message, "use only letters, digits and !#$%&'*+-.^_`|~");
            return None;
        }
        let header = header.to_ascii_lowercase();
        if owner.side == Side::Input && CLIENT_HEADERS.contains(&header.as_str()) {
            let message = format!("`{name}` is bound to the header `{header}`, which the client sets");
            self.error(&path, message, "bind it to another header, or remove the member");
            return None;
        }
        Some(Location::Header(header))
    }

    fn ty(&mut self, owner: &Owner<'m>, name: &str, location: &Location, kind: Kind, path: &JsonPath) -> Option<Type> {
        let (place, legal) = match location {
            Location::Uri => ("in its path", "a label is a string, a number, a boolean or a timestamp"),
            Location::Header(_) => (
                "in a header",
                "a header is a string, a number, a boolean, a timestamp or a list",
            ),
            Location::Payload => (
                "as its payload",
                "a payload is a blob, a string, a structure, a union or a document",
            ),
            Location::StatusCode => ("as its status", "the status is an integer"),
            Location::Body(_) => ("in its JSON body", "a body has every type"),
        };
        let (noun, path) = (kind.noun(), path.key("shape"));
        match kind.fit(location) {
            Fit::Type(ty) => return Some(ty),
            Fit::NotYet => {
                let feature = format!("the {noun} `{name}` {place}");
                self.not_yet(&path, &owner.subject, &feature, owner.way_out());
            }
            Fit::Never => {
                let subject = &owner.subject;
                let message = format!("{subject} has the {noun} `{name}` {place}, where it cannot be");
                self.error(&path, message, format!("name another shape: {legal}"));
            }
        }
        None
    }
}

/// The name of a member on the wire.
pub(super) fn wire_name<'n>(name: &'n str, reference: &'n Reference) -> &'n str {
    reference.location_name.as_deref().unwrap_or(name)
}

/// Whether a text is a token of RFC 9110.
fn is_token(text: &str) -> bool {
    let is_token_char = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
    !text.is_empty() && text.chars().all(is_token_char)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The runtime has a list of its own, of headers that the options of a call cannot set.
    #[test]
    fn the_runtime_knows_the_same_headers() {
        let runtime = include_str!("../../../runtime/src/runtime/call.rs");
        let (_, list) = runtime.split_once("const OWN_HEADERS").unwrap_or_default();
        let (list, _) = list.split_once("];").unwrap_or_default();
        let listed: Vec<&str> = list.split('"').skip(1).step_by(2).collect();
        assert_eq!(listed, CLIENT_HEADERS);
    }
}
