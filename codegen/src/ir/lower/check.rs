//! Whether the shapes make sense, whatever is generated from them: no reference leads nowhere, anywhere in the model.

use super::Lowering;
use crate::diagnostics::did_you_mean;
use crate::ir::Bound;
use crate::model::service::{Reference, Shape, ShapeType};
use crate::model::word::{Vocabulary, Word};
use crate::source::JsonPath;

impl<'m> Lowering<'m> {
    /// Checks all operations and shapes, also those that nothing is generated from.
    pub(super) fn check_model(&mut self) {
        for (name, operation) in &self.model.service.operations {
            let path = self.operation_path(name);
            // CloudFront appends the version of its API. What is sent is the key.
            if !operation.name.starts_with(name) {
                let message = format!("the operation `{name}` has the name `{}`", operation.name);
                let help = "give the key and the `name` the same value";
                self.error(&path.key("name"), message, help);
            }
            self.check_prose(
                operation.documentation.as_deref(),
                &format!("the operation `{name}`"),
                &path,
            );
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
        let Some(kind) = self.check_word(&shape.r#type, &path.key("type")) else {
            return;
        };
        self.check_parts(kind, shape, &path);
        if let Some(format) = &shape.timestamp_format {
            self.check_word(format, &path.key("timestampFormat"));
        }
        self.check_limits(shape.min, shape.max, &path);
        self.check_prose(shape.documentation.as_deref(), &format!("`{name}`"), &path);
        for (member, reference) in &shape.members {
            let path = path.key("members").key(member);
            self.check_reference(reference, &path);
            let subject = format!("`{member}` of `{name}`");
            self.check_prose(reference.documentation.as_deref(), &subject, &path);
            if let Some(location) = &reference.location {
                self.check_word(location, &path.key("location"));
            }
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

    /// Warns where `cargo xtask update` has left room for a sentence.
    fn check_prose(&mut self, documentation: Option<&str>, subject: &str, path: &JsonPath) {
        if documentation.is_some_and(|text| text.trim().is_empty()) {
            let message = format!("{subject} has no documentation yet");
            let help = "write a sentence of your own, or remove the empty `documentation`";
            self.reporter.warning(&path.key("documentation"), message, help);
        }
    }

    /// The parts that a list and a map must have, and that others must not.
    fn check_parts(&mut self, kind: ShapeType, shape: &Shape, path: &JsonPath) {
        use ShapeType::{List, Map, Structure};

        for (key, owner, reference) in [
            ("member", List, &shape.member),
            ("key", Map, &shape.key),
            ("value", Map, &shape.value),
        ] {
            match reference {
                Some(reference) => self.check_reference(reference, &path.key(key)),
                None if kind == owner => self.error(
                    path,
                    format!("the {} has no `{key}`", Word::Known(owner)),
                    format!("add `\"{key}\": {{\"shape\": ...}}`"),
                ),
                None => {}
            }
        }
        let present = [
            ("member", List, shape.member.is_some()),
            ("key", Map, shape.key.is_some()),
            ("value", Map, shape.value.is_some()),
            ("members", Structure, !shape.members.is_empty()),
            ("required", Structure, !shape.required.is_empty()),
            ("payload", Structure, shape.payload.is_some()),
        ];
        for (key, owner, is_present) in present {
            if is_present && kind != owner {
                self.error(
                    &path.key(key).name(),
                    format!("a shape of the type `{}` cannot have `{key}`", shape.r#type),
                    format!("remove it, or make the shape a {}", Word::Known(owner)),
                );
            }
        }
        let key_type = shape.key.as_ref().and_then(|key| self.shape(key));
        if kind == Map && key_type.is_some_and(|key| key.r#type != ShapeType::String) {
            self.error(
                &path.key("key").key("shape"),
                "the keys of the map are not strings",
                "name a shape of the type `string`: JSON has no other keys",
            );
        }
    }

    fn check_reference(&mut self, reference: &Reference, path: &JsonPath) {
        self.check_limits(reference.min, reference.max, path);
        if let Some(format) = &reference.timestamp_format {
            self.check_word(format, &path.key("timestampFormat"));
        }
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

    pub(super) fn check_word<T: Vocabulary>(&mut self, word: &Word<T>, path: &JsonPath) -> Option<T> {
        word.check(path, &mut self.reporter)
    }

    fn check_limits(&mut self, min: Option<Bound>, max: Option<Bound>, path: &JsonPath) {
        if let (Some(min), Some(max)) = (min, max)
            && min > max
        {
            let message = format!("the minimum {min} is greater than the maximum {max}");
            self.error(&path.key("min"), message, "lower `min` or raise `max`");
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
