//! Operations: how they are called, with what, and what comes back.

use indexmap::IndexMap;

use super::member::{Owner, Side};
use super::selection::Selection;
use super::ty::fits;
use super::types::Types;
use super::{Lowering, deprecation, docs};
use crate::diagnostics::did_you_mean;
use crate::ir::endpoint::RuleSet;
use crate::ir::{
    Checksum, Codec, ElementName, ErrorShape, HostPart, Location, Member, Method, Operation, PresignedPayload, Signing,
    Type,
};
use crate::model::service::{self, Shape, ShapeType};
use crate::naming::{self, Scope};
use crate::source::JsonPath;

/// The header for the tree hash of a payload.
const TREE_HASH: &str = "x-amz-sha256-tree-hash";

/// The errors to generate, by shape.
pub(super) type Errors<'m> = IndexMap<&'m str, ErrorShape>;

/// What operations refer to.
#[derive(Clone, Copy)]
pub(super) struct Surroundings<'a, 'm> {
    pub(super) errors: &'a Errors<'m>,
    pub(super) types: &'a Types,
    /// `None` where something is wrong with the rules, which has been reported.
    pub(super) endpoint: Option<&'a RuleSet>,
}

impl<'m> Lowering<'m> {
    pub(super) fn operations(
        &mut self,
        selection: &Selection<'m>,
        surroundings: Surroundings<'_, 'm>,
    ) -> Vec<Operation> {
        let mut functions = Scope::default();
        let mut types = Scope::default();
        let mut operations = Vec::new();
        for (&name, &(operation, signing)) in selection {
            let Some(operation) = self.operation(name, operation, signing, surroundings) else {
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
        signing: Signing,
        surroundings: Surroundings<'_, 'm>,
    ) -> Option<Operation> {
        let path = self.operation_path(name);
        let fn_name = naming::operation_fn(name);
        if fn_name.is_none() {
            let message = format!("no Rust name can be made of the operation `{name}`");
            let help = "rename it to ASCII letters and digits: its name is not sent";
            self.error(&path.name(), message, help);
        }
        let http_path = path.key("http");
        let success_status = self.success_status(&operation.http, &http_path);

        let input = self.structure(name, &operation.input, Side::Input, &path.key("input"));
        let output = self.structure(name, &operation.output, Side::Output, &path.key("output"));
        let input_members = input.as_ref().map_or_else(Vec::new, |owner| self.members(owner));
        let output_members = output.as_ref().map_or_else(Vec::new, |owner| self.members(owner));
        let method = self.check_word(&operation.http.method, &http_path.key("method"));
        let (method, parts, query) = match self.protocol.binds_http() {
            true => {
                let (parts, query) = self.bind_path(name, operation, input.as_ref(), &input_members)?;
                (method, parts, query)
            }
            false => (Some(Method::Post), self.fixed_path(name), None),
        };
        let form = self.is_form(name, method, &input_members);
        let method = if form { Some(Method::Post) } else { method };
        let root = self.root_of_input(operation.input.as_ref());
        let tree_hash = has_tree_hash(&input_members);
        Some(Operation {
            name: name.to_owned(),
            fn_name: fn_name?,
            type_name: naming::operation_type(name)?,
            docs: docs(operation.documentation.as_deref(), false, None),
            deprecated: deprecation(operation.deprecated, operation.deprecated_message.as_deref()),
            method: method?,
            path: parts,
            literal_query: query,
            form,
            host_prefix: self.host_prefix(name, operation, &input_members),
            endpoint_params: self.context_params(name, operation, &input_members, surroundings.endpoint),
            example: self.call_example(name, &input_members, surroundings.types),
            paginator: self.paginator(name, &input_members, &output_members, surroundings.types),
            locations: self.locations(name, &input_members, &output_members),
            success_status: success_status?,
            result_wrapper: self.result_wrapper(name, &output_members),
            root,
            has_input: operation.input.is_some(),
            errors: self.error_indices(operation, surroundings.errors, &path.key("errors")),
            presigned: self.presigned(signing, &input_members).filter(|_| !form),
            signing: self.signing_of_payload(signing, &input_members),
            compressed: is_compressed(operation),
            checksum: self.checksum(operation),
            validates: validates(operation),
            unwrapped: self.habits().unwrapped.contains(&name),
            requires_length: input.as_ref().is_some_and(|owner| self.requires_length(owner)),
            input: input_members,
            output: output_members,
            tree_hash,
        })
    }

    /// The root of the body, where it is XML: of the payload, or of the input that all its members lie in.
    fn root_of_input(&self, input: Option<&service::Reference>) -> Option<ElementName> {
        let input = input.filter(|_| self.protocol.writer() == Codec::Xml)?;
        let shape = self.shape(input)?;
        match &shape.payload {
            Some(payload) => Some(self.root(shape.members.get(payload)?, true)),
            None => Some(self.root(input, false)),
        }
    }

    /// The element around the members of an answer. Events have none.
    fn result_wrapper(&self, name: &str, output: &[Member]) -> Option<String> {
        let has_events = output.iter().any(|member| matches!(member.ty, Type::EventStream(_)));
        (self.protocol.wraps_results() && !has_events).then(|| format!("{name}Result"))
    }

    /// How a request is signed, with its payload in mind: S3 takes those that TLS protects without a hash.
    fn signing_of_payload(&self, signing: Signing, input: &[Member]) -> Signing {
        let streams = input.iter().any(Member::is_stream);
        match signing {
            Signing::SigV4 if streams && self.has_s3_signatures() => Signing::UnsignedOverTls,
            signing => signing,
        }
    }

    fn checksum(&self, operation: &service::Operation) -> Option<Checksum> {
        let named = |checksum: &&service::HttpChecksum| checksum.request_algorithm_member.is_some();
        let checksum = operation.http_checksum.as_ref();
        let is_required =
            operation.http_checksum_required || checksum.is_some_and(|checksum| checksum.request_checksum_required);
        match checksum.filter(named) {
            Some(checksum) => Some(Checksum::Flexible {
                required: checksum.request_checksum_required,
                named: true,
            }),
            None if !is_required => None,
            None => Some(match self.has_s3_signatures() {
                true => Checksum::Flexible {
                    required: true,
                    named: false,
                },
                false => Checksum::Md5,
            }),
        }
    }

    /// What presigned requests say of the payload. There are none of operations that are not signed, or whose payload would
    /// have to be.
    fn presigned(&self, signing: Signing, input: &[Member]) -> Option<PresignedPayload> {
        if matches!(signing, Signing::Bearer | Signing::None) {
            return None;
        }
        if !self.protocol.binds_http() {
            let is_form = matches!(self.protocol.writer(), Codec::Form { .. });
            return is_form.then_some(PresignedPayload::InQuery);
        }
        let is_free = signing == Signing::UnsignedPayload || self.has_s3_signatures();
        let mut payload = PresignedPayload::Empty;
        for member in input {
            match member.location {
                Location::Body(_) | Location::Attribute(_) => return None,
                Location::Payload if is_free && member.is_stream() => payload = PresignedPayload::Unsigned,
                Location::Payload => return None,
                _ => {}
            }
        }
        Some(payload)
    }

    fn requires_length(&self, owner: &Owner<'m>) -> bool {
        let payload = owner.shape.payload.as_ref();
        let reference = payload.and_then(|payload| owner.shape.members.get(payload));
        reference
            .and_then(|reference| self.shape(reference))
            .is_some_and(|shape| shape.requires_length)
    }

    /// What goes before the host, with the members that its labels name.
    fn host_prefix(&mut self, name: &str, operation: &service::Operation, members: &[Member]) -> Vec<HostPart> {
        let Some(endpoint) = operation
            .endpoint
            .as_ref()
            .filter(|_| !self.habits().host_prefix_in_endpoint)
        else {
            return Vec::new();
        };
        let path = self.operation_path(name).key("endpoint").key("hostPrefix");
        let mut parts = Vec::new();
        let mut rest = endpoint.host_prefix.as_str();
        while let Some(brace) = rest.find(['{', '}']) {
            let (literal, after) = rest.split_at(brace);
            let Some((label, after)) = after.strip_prefix('{').and_then(|after| after.split_once('}')) else {
                let message = "the braces of the host prefix are not balanced";
                self.error(&path, message, "write each label as `{Name}`");
                return parts;
            };
            parts.push(HostPart::Literal(literal.to_owned()));
            let can_be_label = |member: &&Member| member.required && fits(&member.ty, &Location::Uri);
            let is_label = |member: &Member| member.name == label && can_be_label(&member);
            match members.iter().position(is_label) {
                Some(member) => parts.push(HostPart::Label(member)),
                None => {
                    let labels = members.iter().filter(can_be_label);
                    let suggestion = did_you_mean(label, labels.map(|member| member.name.as_str()));
                    self.error(
                        &path,
                        format!("the host label `{label}` is not a required string of the input"),
                        format!("name a required member with `\"hostLabel\": true`{suggestion}"),
                    );
                }
            }
            rest = after;
        }
        let is_host = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '.';
        let literals = parts.iter().filter_map(|part| match part {
            HostPart::Literal(text) => Some(text.as_str()),
            HostPart::Label(_) => None,
        });
        if !literals.chain([rest]).all(|text| text.chars().all(is_host)) {
            let message = format!("`{}` cannot begin a host", endpoint.host_prefix);
            self.error(&path, message, "use letters, digits, `-`, `.` and labels");
        }
        parts.push(HostPart::Literal(rest.to_owned()));
        parts.retain(|part| !matches!(part, HostPart::Literal(text) if text.is_empty()));
        parts
    }

    fn success_status(&mut self, http: &service::Http, path: &JsonPath) -> Option<u16> {
        let code = http.response_code.unwrap_or(200);
        let status = u16::try_from(code).ok().filter(|status| (200..300).contains(status));
        if status.is_none() {
            self.error(
                &path.key("responseCode"),
                format!("{code} is not a success status"),
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
            only_received: side == Side::Output,
        };
        let path = path.key("shape");
        let what = if side == Side::Input { "input" } else { "output" };
        if shape.r#type != ShapeType::Structure {
            let kind = &shape.r#type;
            self.error(
                &path,
                format!("the {what} of `{operation}` has the type `{kind}`"),
                "name a shape of the type `structure`",
            );
            return None;
        }
        if !is_plain_structure(shape) {
            self.error(
                &path,
                format!("the {what} of `{operation}` is a union, a document or an event stream"),
                "name a plain structure, and make that a member of it",
            );
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
                    format!("the error `{}` is not an exception", reference.shape),
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

/// Whether a shape is a structure, and nothing else that has the same type.
pub(super) fn is_plain_structure(shape: &Shape) -> bool {
    shape.r#type == ShapeType::Structure && !(shape.union || shape.document || shape.eventstream)
}

/// Whether the client says the tree hash of a payload, unless the caller does.
fn has_tree_hash(input: &[Member]) -> bool {
    let is_header = |member: &Member| matches!(&member.location, Location::Header(name) if name == TREE_HASH);
    let is_payload = |member: &Member| member.location == Location::Payload && member.ty == Type::Blob;
    input.iter().any(is_header) && input.iter().any(is_payload)
}

/// Whether clients compress the body: `gzip` is the one way that they know.
fn is_compressed(operation: &service::Operation) -> bool {
    let compression = operation.requestcompression.as_ref();
    compression.is_some_and(|compression| compression.encodings.iter().any(|encoding| encoding == "gzip"))
}

/// Whether clients ask for a checksum of the response. Bodies that are read as a whole have a length to be checked by.
fn validates(operation: &service::Operation) -> bool {
    let checksum = operation.http_checksum.as_ref();
    checksum.is_some_and(|checksum| checksum.request_validation_mode_member.is_some())
}
