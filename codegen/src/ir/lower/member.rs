//! Members of inputs, outputs, errors and structures: where they travel and what they are.

use super::name::wire_name;
use super::ty::{fits, noun};
use super::{Lowering, deprecation, docs};
use crate::header_names::is_set_by_client;
use crate::ir::{Codec, Limits, Location, Member, Name, Type};
use crate::model::client;
use crate::model::service::{Location as Written, Reference, Shape, ShapeType};
use crate::model::word::Word;
use crate::naming::{self, Scope};
use crate::source::JsonPath;

/// The structure that members belong to.
pub(super) struct Owner<'m> {
    pub(super) side: Side,
    /// What messages call it, such as ``operation `InvokeEndpoint` ``.
    pub(super) subject: String,
    pub(super) name: &'m str,
    pub(super) shape: &'m Shape,
    /// Whether only the service makes it.
    pub(super) only_received: bool,
}

/// What the structure is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Input,
    Output,
    Error,
    /// An event of an event stream.
    Event,
    /// A value in JSON.
    Structure,
}

impl Owner<'_> {
    fn is_payload(&self, member: &str) -> bool {
        self.shape.payload.as_deref() == Some(member)
    }

    /// Whether it is a type of its own, which others may hold.
    fn is_type(&self) -> bool {
        matches!(self.side, Side::Event | Side::Structure)
    }

    fn field(&self, member: &str) -> Option<String> {
        match self.side {
            Side::Input => naming::input_field(member),
            Side::Output => naming::output_field(member),
            Side::Error => naming::error_field(member),
            Side::Event | Side::Structure => naming::structure_field(member),
        }
    }
}

impl<'m> Lowering<'m> {
    /// All members that can be lowered. What is wrong with the others has been reported.
    pub(super) fn members(&mut self, owner: &Owner<'m>) -> Vec<Member> {
        let mut scopes = Scopes::default();
        let mut members = Vec::new();
        for (name, reference) in &owner.shape.members {
            let path = self.shape_path(owner.name).key("members").key(name);
            let Some(member) = self.member(owner, name, reference, &path) else {
                continue;
            };
            let shares = members.iter().any(|other| self.share_elements(other, &member));
            if !shares {
                self.claim_names(owner, &member, name, &mut scopes, &path);
            }
            members.push(member);
        }
        members
    }

    /// Whether two members are the same elements on purpose, as in three of S3's: one is all of them, the other the last.
    fn share_elements(&self, one: &Member, other: &Member) -> bool {
        let has = |list: &Member, value: &Member| match &list.ty {
            Type::List { element, .. } => list.flattened && **element == value.ty,
            _ => false,
        };
        self.protocol.reader() == Codec::Xml
            && matches!(one.location, Location::Body(_))
            && one.location == other.location
            && (has(one, other) || has(other, one))
    }

    /// Reports names that two members would share.
    fn claim_names(
        &mut self,
        owner: &Owner<'m>,
        member: &Member,
        name: &'m str,
        scopes: &mut Scopes<'m>,
        path: &JsonPath,
    ) {
        let rename = "rename one of them and keep its name on the wire as `locationName`";
        if let Some(other) = scopes.fields.claim(&member.field, name) {
            let message = format!("`{other}` and `{name}` both become `{}` in Rust", member.field);
            self.error(&path.name(), message, rename);
        }
        if member.required
            && !owner.only_received
            && let Some(other) = scopes.markers.claim(&naming::marker(name), name)
        {
            let marker = naming::marker(name);
            let message = format!("the required members `{other}` and `{name}` both become `{marker}` in Rust");
            self.error(&path.name(), message, rename);
        }
        let (scope, what, place) = match &member.location {
            Location::Body(_) => (&mut scopes.body, "called", " in the body"),
            Location::Header(_) => (&mut scopes.headers, "bound to the header", ""),
            Location::Query(_) => (&mut scopes.query, "bound to the query parameter", ""),
            _ => return,
        };
        if let Location::Body(Name {
            received: wire_name, ..
        })
        | Location::Header(wire_name)
        | Location::Query(wire_name) = &member.location
            && let Some(other) = scope.claim(wire_name, name)
        {
            let message = format!("`{other}` and `{name}` are both {what} `{wire_name}`{place}");
            self.error(
                &path.key("locationName"),
                message,
                "give one of them another name there",
            );
        }
    }

    fn member(&mut self, owner: &Owner<'m>, name: &str, reference: &Reference, path: &JsonPath) -> Option<Member> {
        let shape = self.shape(reference)?;
        let field = owner.field(name);
        if field.is_none() {
            let message = format!("no Rust name can be made of the member `{name}`");
            let help = "rename it to ASCII letters and digits, and keep its name on the wire as `locationName`";
            self.error(&path.name(), message, help);
        }
        let location = self.location(owner, name, reference, path)?;
        let ty = self.member_type(owner, name, reference, &location, path)?;
        let is_given_text = owner.side == Side::Input && ty == Type::String;
        let is_token = is_given_text && reference.idempotency_token;
        let default = (is_given_text && location == Location::Uri)
            .then(|| self.model.client.defaults.get(name).cloned())
            .flatten();
        let required = owner.shape.required.iter().any(|required| required == name) && default.is_none();
        let caveat = match owner.side {
            Side::Input => client::caveat(&self.model.service.metadata.service_id, name),
            _ => None,
        };
        let mut docs = self.reference_docs(reference, shape, shape.deprecated && !reference.deprecated);
        if let Some(caveat) = caveat {
            let gap = if docs.is_empty() { "" } else { "\n\n" };
            docs = format!("{docs}{gap}{}.", capitalized(caveat));
        }
        Some(Member {
            name: name.to_owned(),
            field: field?,
            docs,
            caveat,
            deprecated: deprecation(reference.deprecated, reference.deprecated_message.as_deref()),
            location,
            flattened: self.is_flattened(reference),
            namespace: self.namespace(reference),
            boxed: owner.is_type() && self.contains_itself(owner.name, reference),
            // The client makes a token where the caller gives none. A list or map that does not come is an empty one.
            required: (required && !is_token) || (owner.only_received && ty.is_collection()),
            ty,
            sensitive: owner.shape.sensitive || self.is_sensitive(reference),
            idempotency_token: is_token,
            default,
            bare_id: is_given_text && self.model.client.bare_ids.contains(&reference.shape),
            origin: is_given_text && self.model.client.origins.contains(&reference.shape),
            lenient: owner.side == Side::Output && self.is_lenient(reference),
            limits: Limits {
                min: reference.min.or(shape.min),
                max: reference.max.or(shape.max),
                pattern: reference.pattern.as_ref().or(shape.pattern.as_ref()).cloned(),
            },
        })
    }

    /// Whether the header of a member may hold anything.
    fn is_lenient(&self, reference: &Reference) -> bool {
        let header = reference
            .location_name
            .as_ref()
            .map(|header| header.to_ascii_lowercase());
        header.is_some_and(|header| self.habits().lenient_headers.contains(&header.as_str()))
    }

    /// Whether a reference names a stream of events.
    pub(super) fn is_event_stream(&self, reference: &Reference) -> bool {
        self.shape(reference).is_some_and(|shape| shape.eventstream)
    }

    /// The documentation of a use of a shape: its own, or the shape's.
    pub(super) fn reference_docs(&self, reference: &Reference, shape: &Shape, deprecated: bool) -> String {
        let own = reference.documentation.as_deref();
        docs(
            own.or(shape.documentation.as_deref()),
            deprecated,
            shape.deprecated_message.as_deref(),
        )
    }

    /// Whether a value must not be shown, or something in it.
    pub(super) fn is_sensitive(&self, reference: &Reference) -> bool {
        let mut waiting = vec![reference];
        let mut seen = Vec::new();
        while let Some(reference) = waiting.pop() {
            let Some(shape) = self.shape(reference) else {
                continue;
            };
            if reference.sensitive || shape.sensitive {
                return true;
            }
            // Structures look after their members themselves.
            if !seen.contains(&&reference.shape) {
                seen.push(&reference.shape);
                waiting.extend([&shape.member, &shape.key, &shape.value].into_iter().flatten());
            }
        }
        false
    }

    fn location(&mut self, owner: &Owner<'m>, name: &str, reference: &Reference, path: &JsonPath) -> Option<Location> {
        if reference.xml_attribute && self.protocol.writer() == Codec::Xml {
            return Some(Location::Attribute(wire_name(name, reference).to_owned()));
        }
        let body = || Some(Location::Body(self.body_name(name, reference)));
        match owner.side {
            Side::Event if reference.eventheader => Some(Location::EventHeader(wire_name(name, reference).to_owned())),
            Side::Event if reference.eventpayload => Some(Location::EventPayload),
            // Where a member would travel in HTTP means nothing inside JSON.
            Side::Event | Side::Structure => body(),
            _ if !self.protocol.binds_http() => match self.is_event_stream(reference) {
                true => Some(Location::Payload),
                false => body(),
            },
            Side::Input | Side::Output | Side::Error if owner.is_payload(name) => Some(Location::Payload),
            Side::Input | Side::Output | Side::Error => match &reference.location {
                Some(location) => self.http_location(location.known()?, owner, name, reference, path),
                // There is no room beside the payload.
                None if owner.shape.payload.is_some() => None,
                None => body(),
            },
        }
    }

    /// The place in a request or response, but for the body.
    fn http_location(
        &mut self,
        location: Written,
        owner: &Owner<'m>,
        name: &str,
        reference: &Reference,
        path: &JsonPath,
    ) -> Option<Location> {
        let is_input = owner.side == Side::Input;
        let (message, help) = match location {
            Written::Uri if is_input => return Some(Location::Uri),
            Written::QueryString if is_input => {
                let is_map = self
                    .shape(reference)
                    .is_some_and(|shape| shape.r#type == ShapeType::Map);
                return Some(match is_map {
                    true => Location::QueryMap,
                    false => Location::Query(wire_name(name, reference).to_owned()),
                });
            }
            Written::StatusCode if !is_input => return Some(Location::StatusCode),
            Written::Header => return self.header(owner, name, reference, path),
            Written::Headers => return self.prefix_headers(reference, path),
            // A response has no URL: there, it is read where members are that say nothing of their place.
            Written::Uri | Written::QueryString if owner.shape.payload.is_none() => {
                return Some(Location::Body(self.body_name(name, reference)));
            }
            Written::Uri | Written::QueryString => (
                format!(
                    "{}: a response has no `{}` for `{name}`",
                    owner.subject,
                    Word::Known(location)
                ),
                "use `header` or `statusCode`: the payload is the whole body",
            ),
            Written::StatusCode => (
                format!("{}: a request has no status for `{name}`", owner.subject),
                "use `uri`, `querystring` or `header`, or none for the body",
            ),
        };
        self.error(&path.key("location"), message, help);
        None
    }

    fn prefix_headers(&mut self, reference: &Reference, path: &JsonPath) -> Option<Location> {
        let prefix = reference.location_name.as_deref().unwrap_or_default();
        if !prefix.is_empty() && !is_token(prefix) {
            self.error_header_name(prefix, path);
            return None;
        }
        Some(Location::PrefixHeaders(prefix.to_ascii_lowercase()))
    }

    fn header(&mut self, owner: &Owner<'m>, name: &str, reference: &Reference, path: &JsonPath) -> Option<Location> {
        let header = wire_name(name, reference);
        if !is_token(header) {
            self.error_header_name(header, path);
            return None;
        }
        let header = header.to_ascii_lowercase();
        let is_length = || header == "content-length" && self.has_blob_payload(owner);
        if owner.side == Side::Input && is_reserved(&header) && !is_length() {
            let message = format!("`{name}` is bound to the header `{header}`, which the client sets");
            let help = "bind it to another header, or remove the member";
            self.error(&path.key("locationName"), message, help);
            return None;
        }
        Some(Location::Header(header))
    }

    /// Whether the payload is a blob, whose length the caller may have to tell.
    fn has_blob_payload(&self, owner: &Owner<'m>) -> bool {
        let payload = owner.shape.payload.as_ref();
        let payload = payload.and_then(|payload| self.shape(owner.shape.members.get(payload)?));
        payload.is_some_and(|payload| payload.r#type == ShapeType::Blob)
    }

    fn error_header_name(&mut self, header: &str, path: &JsonPath) {
        let message = format!("`{header}` is not a valid header name");
        let help = "use only letters, digits and !#$%&'*+-.^_`|~";
        self.error(&path.key("locationName"), message, help);
    }

    /// Reports what formats other than JSON cannot hold.
    fn check_elements(&mut self, owner: &Owner<'m>, name: &str, ty: &Type, path: &JsonPath) -> Option<()> {
        let (codec, has_nulls) = match self.protocol.reader() {
            Codec::Cbor => ("CBOR", true),
            _ => ("XML", false),
        };
        let Some(what) = only_in_json(ty, has_nulls) else {
            return Some(());
        };
        let message = format!("{} has {what} in `{name}`, which {codec} cannot hold", owner.subject);
        self.error(&path.key("shape"), message, "name a shape of another type");
        None
    }

    pub(super) fn member_type(
        &mut self,
        owner: &Owner<'m>,
        name: &str,
        reference: &Reference,
        location: &Location,
        path: &JsonPath,
    ) -> Option<Type> {
        let ty = self.ty(reference, location)?;
        if self.protocol.reader() != Codec::Json && matches!(location, Location::Body(_) | Location::Payload) {
            self.check_elements(owner, name, &ty, path)?;
        }
        if fits(&ty, location) {
            return Some(ty);
        }
        let (place, legal) = match location {
            Location::Uri => ("in its path", "a label is a string, a number, a boolean or a timestamp"),
            Location::Query(_) => (
                "in its query",
                "a query parameter is a string, a number, a boolean, a timestamp or a list of these",
            ),
            Location::QueryMap => ("in its query", "a map there has strings or lists of strings"),
            Location::Header(_) => (
                "in a header",
                "a header is a string, a number, a boolean, a timestamp or a list of these",
            ),
            Location::PrefixHeaders(_) => ("in its headers", "a map of strings goes there"),
            Location::Payload | Location::EventPayload => (
                "as its payload",
                "a payload is a blob, a string, a structure, a union or a document",
            ),
            Location::StatusCode => ("as its status", "the status is an integer"),
            Location::Attribute(_) => (
                "in an attribute",
                "an attribute is a string, a number, a boolean or a timestamp",
            ),
            Location::Body(_) => ("in JSON", "an event stream is the payload of an output"),
            Location::EventHeader(_) => (
                "in a header",
                "a header of an event is a string, a whole number, a boolean, a timestamp or a blob",
            ),
        };
        let message = format!(
            "{} has the {} `{name}` {place}, where it cannot be",
            owner.subject,
            noun(&ty)
        );
        self.error(&path.key("shape"), message, format!("name another shape: {legal}"));
        None
    }
}

fn capitalized(text: &str) -> String {
    let mut chars = text.chars();
    let first = chars.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(chars).collect()
}

/// What only JSON has, or JSON and CBOR.
fn only_in_json(ty: &Type, has_nulls: bool) -> Option<&'static str> {
    match ty {
        Type::Document => Some("a document"),
        Type::List { sparse: true, .. } | Type::Map { sparse: true, .. } if !has_nulls => Some("nulls"),
        Type::List { element: inner, .. } | Type::Map { value: inner, .. } => only_in_json(inner, has_nulls),
        _ => None,
    }
}

/// The names that members of one structure have taken.
#[derive(Default)]
struct Scopes<'m> {
    fields: Scope<'m>,
    markers: Scope<'m>,
    body: Scope<'m>,
    headers: Scope<'m>,
    query: Scope<'m>,
}

/// Whether no member may be bound to this header. It may be the hash of a payload that the caller knows.
pub(super) fn is_reserved(header: &str) -> bool {
    is_set_by_client(header) && header != "x-amz-content-sha256"
}

/// Whether a text is a token of RFC 9110.
pub(super) fn is_token(text: &str) -> bool {
    let is_token_char = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
    !text.is_empty() && text.chars().all(is_token_char)
}
