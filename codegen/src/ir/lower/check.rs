//! Whether the shapes make sense, whatever is generated from them: no reference leads nowhere, anywhere in the model.

use super::Lowering;
use super::ty::named_timestamp_format;
use crate::diagnostics::did_you_mean;
use crate::ir::Bound;
use crate::model::service::{Reference, Shape};
use crate::source::JsonPath;

const SHAPE_TYPES: &[&str] = &[
    "structure",
    "list",
    "map",
    "string",
    "character",
    "blob",
    "boolean",
    "byte",
    "short",
    "integer",
    "long",
    "float",
    "double",
    "timestamp",
];

const LOCATIONS: &[&str] = &["uri", "querystring", "header", "headers", "statusCode"];

impl<'m> Lowering<'m> {
    /// Checks all operations and shapes, also those that nothing is generated from.
    pub(super) fn check_model(&mut self) {
        for (name, operation) in &self.model.service.operations {
            let path = self.operation_path(name);
            if *name != operation.name {
                let message = format!("the operation `{name}` has the name `{}`", operation.name);
                let help = "give the key and the `name` the same value";
                self.error(&path.key("name"), message, help);
            }
            for (key, reference) in [("input", &operation.input), ("output", &operation.output)] {
                if let Some(reference) = reference {
                    self.check_reference(reference, &path.key(key));
                }
            }
            for (index, reference) in operation.errors.iter().enumerate() {
                self.check_reference(reference, &path.key("errors").index(index));
            }
        }
        for (name, shape) in &self.model.service.shapes {
            self.check_shape(name, shape);
        }
        self.check_recursion();
    }

    fn check_shape(&mut self, name: &str, shape: &Shape) {
        let path = self.shape_path(name);
        if !SHAPE_TYPES.contains(&shape.r#type.as_str()) {
            let suggestion = did_you_mean(&shape.r#type, SHAPE_TYPES.iter().copied());
            self.error(
                &path.key("type"),
                format!("shapes of the type `{}` are not known", shape.r#type),
                format!("use one of {}{suggestion}", SHAPE_TYPES.join(", ")),
            );
            return;
        }
        self.check_parts(shape, &path);
        if let Some(format) = &shape.timestamp_format
            && named_timestamp_format(format).is_none()
        {
            self.error_timestamp_format(format, &path);
        }
        self.check_limits(shape.min, shape.max, &path);
        for (member, reference) in &shape.members {
            let path = path.key("members").key(member);
            self.check_reference(reference, &path);
            self.check_location(reference, &path);
        }
        for (index, required) in shape.required.iter().enumerate() {
            self.check_member_exists(name, shape, required, &path.key("required").index(index));
        }
        if let Some(payload) = &shape.payload {
            self.check_member_exists(name, shape, payload, &path.key("payload"));
            if shape.members.contains_key(payload) {
                self.check_payload(shape, payload, &path);
            }
        }
        if shape.event {
            self.check_event_payload(shape, &path);
        }
    }

    /// The parts that a list and a map must have, and that others must not.
    fn check_parts(&mut self, shape: &Shape, path: &JsonPath) {
        let kind = shape.r#type.as_str();
        for (key, owner, reference) in [
            ("member", "list", &shape.member),
            ("key", "map", &shape.key),
            ("value", "map", &shape.value),
        ] {
            match reference {
                Some(reference) => self.check_reference(reference, &path.key(key)),
                None if kind == owner => self.error(
                    path,
                    format!("the {owner} has no `{key}`"),
                    format!("add `\"{key}\": {{\"shape\": ...}}`"),
                ),
                None => {}
            }
        }
        let present = [
            ("member", "list", shape.member.is_some()),
            ("key", "map", shape.key.is_some()),
            ("value", "map", shape.value.is_some()),
            ("members", "structure", !shape.members.is_empty()),
            ("required", "structure", !shape.required.is_empty()),
            ("payload", "structure", shape.payload.is_some()),
        ];
        for (key, owner, is_present) in present {
            if is_present && kind != owner {
                self.error(
                    &path.key(key).name(),
                    format!("a shape of the type `{kind}` cannot have `{key}`"),
                    format!("remove it, or make the shape a {owner}"),
                );
            }
        }
        let key_type = shape.key.as_ref().and_then(|key| self.shape(key));
        if kind == "map" && key_type.is_some_and(|key| key.r#type != "string") {
            self.error(
                &path.key("key").key("shape"),
                "the keys of the map are no strings",
                "name a shape of the type `string`: JSON has no other keys",
            );
        }
    }

    fn check_reference(&mut self, reference: &Reference, path: &JsonPath) {
        self.check_limits(reference.min, reference.max, path);
        if self.shape(reference).is_none() {
            let name = &reference.shape;
            let known = self.model.service.shapes.keys().map(String::as_str);
            let suggestion = did_you_mean(name, known);
            self.error(
                &path.key("shape"),
                format!("shape `{name}` does not exist"),
                format!("define `{name}` under `shapes`, or name one that is there{suggestion}"),
            );
        }
    }

    fn check_limits(&mut self, min: Option<Bound>, max: Option<Bound>, path: &JsonPath) {
        if let (Some(min), Some(max)) = (min, max)
            && min > max
        {
            let message = format!("the minimum {min} is greater than the maximum {max}");
            self.error(&path.key("min"), message, "lower `min` or raise `max`");
        }
    }

    fn check_location(&mut self, reference: &Reference, path: &JsonPath) {
        if let Some(location) = reference.location.as_deref()
            && !LOCATIONS.contains(&location)
        {
            let suggestion = did_you_mean(location, LOCATIONS.iter().copied());
            self.error(
                &path.key("location"),
                format!("the location `{location}` is not known"),
                format!("use one of {}{suggestion}, or none for the body", LOCATIONS.join(", ")),
            );
        }
    }

    fn check_member_exists(&mut self, name: &str, shape: &Shape, member: &str, path: &JsonPath) {
        if !shape.members.contains_key(member) {
            let suggestion = did_you_mean(member, shape.members.keys().map(String::as_str));
            self.error(
                path,
                format!("`{name}` has no member `{member}`"),
                format!("add the member, or name one of those that are there{suggestion}"),
            );
        }
    }

    fn check_payload(&mut self, shape: &Shape, payload: &str, path: &JsonPath) {
        for (name, reference) in &shape.members {
            let path = path.key("members").key(name);
            match (&reference.location, name == payload) {
                (Some(_), true) => self.error(
                    &path.key("location"),
                    format!("the payload `{name}` also has a location"),
                    "remove the `location`: the payload is the whole body",
                ),
                (None, false) => self.error(
                    &path.name(),
                    format!("`{name}` has no place: the payload `{payload}` is the whole body"),
                    "give it a `location`, or remove `payload` from the structure",
                ),
                _ => {}
            }
        }
    }

    /// What is the payload of an event has no others beside it but headers.
    fn check_event_payload(&mut self, shape: &Shape, path: &JsonPath) {
        let mut members = shape.members.iter();
        let Some((payload, _)) = members.find(|(_, reference)| reference.eventpayload) else {
            return;
        };
        let others = shape.members.iter().filter(|(name, _)| *name != payload);
        for (name, _) in others.filter(|(_, reference)| !reference.eventheader) {
            self.error(
                &path.key("members").key(name).name(),
                format!("`{name}` has no place: the payload `{payload}` is the whole body of the event"),
                "make it an `eventheader`, or remove `eventpayload` from both",
            );
        }
    }
}
