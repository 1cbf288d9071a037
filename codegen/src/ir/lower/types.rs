//! The named types that operations and errors reach: structures, unions, enums and event streams.

use std::collections::BTreeMap;

use indexmap::IndexMap;

use super::member::{Owner, Side};
use super::name::wire_name;
use super::selection::Selection;
use super::ty::{is_enum, noun};
use super::{Lowering, deprecation, docs};
use crate::ir::{EnumValue, Event, EventStream, Form, Location, Type, TypeDefinition, Variant};
use crate::model::service::{Reference, Shape, ShapeType};
use crate::naming::{self, Scope};

/// The shape that stands for nothing but its being there.
const UNIT: &str = "Unit";

/// Which way values of a shape travel.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Ways {
    pub(super) sent: bool,
    pub(super) received: bool,
}

impl Ways {
    pub(super) const SENT: Self = Self {
        sent: true,
        received: false,
    };
    pub(super) const RECEIVED: Self = Self {
        sent: false,
        received: true,
    };

    fn and(self, other: Self) -> Self {
        Self {
            sent: self.sent || other.sent,
            received: self.received || other.received,
        }
    }
}

/// The types, by their Rust names.
pub(super) type Types = BTreeMap<String, TypeDefinition>;

/// The shapes that are reached, and how.
type Reached<'m> = IndexMap<&'m str, Ways>;

impl<'m> Lowering<'m> {
    /// All shapes that the selected operations and the errors that may occur reach.
    fn reached(&self, selection: &Selection<'m>) -> Reached<'m> {
        let mut reached = Reached::default();
        for (name, shape) in &self.model.service.shapes {
            if shape.exception && self.can_occur(name, selection) {
                self.reach_members(shape, Ways::RECEIVED, &mut reached);
            }
        }
        for (operation, _) in selection.values() {
            for (reference, ways) in [(&operation.input, Ways::SENT), (&operation.output, Ways::RECEIVED)] {
                if let Some(shape) = reference.as_ref().and_then(|reference| self.shape(reference)) {
                    self.reach_members(shape, ways, &mut reached);
                }
            }
        }
        reached
    }

    /// Notes that the members of a structure travel, and all that they reach.
    fn reach_members(&self, shape: &'m Shape, ways: Ways, reached: &mut Reached<'m>) {
        let mut waiting: Vec<&'m Reference> = references(shape).collect();
        while let Some(reference) = waiting.pop() {
            let Some(shape) = self.shape(reference) else {
                continue;
            };
            let known = reached.entry(reference.shape.as_str()).or_default();
            let now = known.and(ways);
            if now != *known {
                *known = now;
                waiting.extend(references(shape));
            }
        }
    }

    /// All named types that the selected operations and the errors that may occur reach.
    pub(super) fn types(&mut self, selection: &Selection<'m>) -> Types {
        let mut names = Scope::default();
        let mut modules = Scope::default();
        let mut types = BTreeMap::new();
        for (name, ways) in self.reached(selection) {
            let Some(definition) = self.type_definition(name, ways) else {
                continue;
            };
            let holder = names.claim(&definition.name, name);
            if let Some(other) = holder.or(modules.claim(&definition.module, name)) {
                self.error(
                    &self.shape_path(name).name(),
                    format!("`{other}` and `{name}` both become `{}` in Rust", definition.name),
                    "rename one of them: the names of shapes are not sent",
                );
            }
            types.insert(definition.name.clone(), definition);
        }
        types
    }

    fn type_definition(&mut self, name: &'m str, ways: Ways) -> Option<TypeDefinition> {
        let shape = self.model.service.shapes.get(name)?;
        let is_structure = shape.r#type == ShapeType::Structure && !shape.document;
        // Errors that are events are among the errors.
        if !(is_structure || is_enum(shape)) || (shape.exception && self.is_event_alone(name)) {
            return None;
        }
        let (Some(type_name), Some(module)) = (naming::type_name(name), naming::type_module(name)) else {
            let message = format!("no Rust name can be made of the shape `{name}`");
            let help = "rename it to ASCII letters and digits: the names of shapes are not sent";
            self.error(&self.shape_path(name).name(), message, help);
            return None;
        };
        let form = if is_enum(shape) {
            Form::Enum(self.enum_values(name, shape.r#enum.as_deref().unwrap_or_default()))
        } else if shape.eventstream {
            Form::EventStream(self.event_stream(name, shape))
        } else if shape.union {
            Form::Union(self.variants(name, shape))
        } else {
            let owner = Owner {
                side: if shape.event { Side::Event } else { Side::Structure },
                subject: format!("structure `{name}`"),
                name,
                shape,
                only_received: !ways.sent,
            };
            Form::Structure(self.members(&owner))
        };
        Some(TypeDefinition {
            shape: name.to_owned(),
            name: type_name,
            module,
            docs: docs(
                shape.documentation.as_deref(),
                shape.deprecated,
                shape.deprecated_message.as_deref(),
            ),
            sensitive: shape.sensitive,
            sent: ways.sent,
            received: ways.received,
            event: shape.event,
            form,
        })
    }

    /// Whether an error is a member of event streams, and of nothing else.
    fn is_event_alone(&self, name: &str) -> bool {
        let mut shapes = self.model.service.shapes.values();
        !shapes.any(|shape| !shape.eventstream && references(shape).any(|reference| reference.shape == name))
    }

    fn variants(&mut self, name: &'m str, shape: &'m Shape) -> Vec<Variant> {
        let mut names = VariantNames::default();
        let mut variants = Vec::new();
        for (member, reference) in &shape.members {
            let wire_name = wire_name(member, reference);
            let name_in_body = self.body_name(member, reference);
            let location = Location::Body(name_in_body.clone());
            let Some(target) = self.shape(reference) else {
                continue;
            };
            let Some(ty) = self.union_type(name, member, reference, &location) else {
                continue;
            };
            let Some(variant) = self.variant_name(name, member, wire_name, &mut names) else {
                continue;
            };
            let is_unit = reference.shape == UNIT && target.members.is_empty() && matches!(ty, Type::Structure(_));
            variants.push(Variant {
                wire_name: name_in_body.received,
                namespace: self.namespace(reference),
                name: variant,
                docs: self.reference_docs(reference, target, false),
                deprecated: deprecation(reference.deprecated, reference.deprecated_message.as_deref()),
                ty: (!is_unit).then_some(ty),
                boxed: self.contains_itself(name, reference),
                sensitive: self.is_sensitive(reference),
            });
        }
        variants
    }

    /// The type of a union's member, which travels in JSON like that of a structure.
    fn union_type(&mut self, name: &'m str, member: &str, reference: &Reference, location: &Location) -> Option<Type> {
        let owner = Owner {
            side: Side::Structure,
            subject: format!("union `{name}`"),
            name,
            shape: self.model.service.shapes.get(name)?,
            only_received: false,
        };
        let path = self.shape_path(name).key("members").key(member);
        self.member_type(&owner, member, reference, location, &path)
    }

    /// The Rust name of a member of a union or of a stream of events, which no other member may have.
    fn variant_name(
        &mut self,
        shape: &str,
        member: &'m str,
        wire_name: &'m str,
        names: &mut VariantNames<'m>,
    ) -> Option<String> {
        let path = self.shape_path(shape).key("members").key(member);
        let Some(variant) = naming::variant(member) else {
            let message = format!("no Rust name can be made of the member `{member}`");
            let help = "rename it to ASCII letters and digits, and keep its name on the wire as `locationName`";
            self.error(&path.name(), message, help);
            return None;
        };
        if let Some(other) = names.variants.claim(&variant, member) {
            self.error(
                &path.name(),
                format!("`{other}` and `{member}` both become `{variant}` in Rust"),
                "rename one of them and keep its name on the wire as `locationName`",
            );
        }
        if let Some(other) = names.wire.claim(wire_name, member) {
            self.error(
                &path.key("locationName"),
                format!("`{other}` and `{member}` are both called `{wire_name}` on the wire"),
                "give one of them another name there",
            );
        }
        Some(variant)
    }

    /// The values of an enum. Where several have the same name, it belongs to the first of them in the order of their
    /// bytes, and the others have their characters in theirs: where a value stands means nothing.
    fn enum_values(&mut self, shape: &str, values: &'m [String]) -> Vec<EnumValue> {
        let path = self.shape_path(shape).key("enum");
        let mut holders: BTreeMap<String, &'m str> = BTreeMap::new();
        for value in values {
            let holder = holders.entry(naming::enum_variant(value)).or_insert(value);
            *holder = (*holder).min(value);
        }
        let mut names = Scope::default();
        let mut seen = Scope::default();
        let mut named = Vec::new();
        for (index, value) in values.iter().enumerate() {
            let path = path.index(index);
            if seen.claim(value, value).is_some() {
                let message = format!("`{value}` is listed twice");
                self.reporter
                    .warning(&path, message, "remove one of the two: both are the same variant");
                continue;
            }
            let common = naming::enum_variant(value);
            let mut name = common.clone();
            if let Some(holder) = holders.get(&common).filter(|holder| *holder != value) {
                name = naming::other_enum_variant(value);
                self.reporter.warning(
                    &path,
                    format!("`{holder}` and `{value}` both become `{common}` in Rust"),
                    format!("keep both: the variant of `{value}` is `{name}`"),
                );
            }
            // Nobody makes such values but by intent.
            while names.claim(&name, value).is_some() {
                name.push('_');
            }
            named.push(EnumValue {
                value: value.clone(),
                name,
            });
        }
        named
    }

    fn event_stream(&mut self, name: &'m str, shape: &'m Shape) -> EventStream {
        let mut names = VariantNames::default();
        let mut stream = EventStream {
            events: Vec::new(),
            exceptions: Vec::new(),
        };
        for (member, reference) in &shape.members {
            let wire_name = wire_name(member, reference);
            let Some(target) = self.shape(reference) else {
                continue;
            };
            if target.exception {
                let code = target.error.as_ref().and_then(|error| error.code.clone());
                let code = code.unwrap_or_else(|| reference.shape.clone());
                stream.exceptions.push((wire_name.to_owned(), code));
                continue;
            }
            let Some(Type::Structure(structure)) = self.event_structure(name, member, reference, target) else {
                continue;
            };
            let Some(variant) = self.variant_name(name, member, wire_name, &mut names) else {
                continue;
            };
            stream.events.push(Event {
                wire_name: wire_name.to_owned(),
                name: variant,
                docs: self.reference_docs(reference, target, false),
                structure,
            });
        }
        stream
    }

    /// The type of an event.
    fn event_structure(&mut self, stream: &str, member: &str, reference: &Reference, target: &Shape) -> Option<Type> {
        let path = self.shape_path(stream).key("members").key(member).key("shape");
        let ty = self.ty(reference, &Location::Body(self.body_name(member, reference)))?;
        if !matches!(ty, Type::Structure(_)) {
            let message = format!("the event `{member}` is a {}", noun(&ty));
            self.error(
                &path,
                message,
                "name a shape of the type `structure` with `\"event\": true`",
            );
            return None;
        }
        if !target.event {
            let message = format!("the structure `{}` is not an event", reference.shape);
            self.error(
                &path,
                message,
                "add `\"event\": true` to the shape, or name another one",
            );
            return None;
        }
        Some(ty)
    }
}

/// The names that members of a union or of a stream of events have taken.
#[derive(Default)]
struct VariantNames<'m> {
    variants: Scope<'m>,
    wire: Scope<'m>,
}

/// All references in a shape.
fn references(shape: &Shape) -> impl Iterator<Item = &Reference> {
    let parts = [&shape.member, &shape.key, &shape.value];
    shape.members.values().chain(parts.into_iter().flatten())
}
