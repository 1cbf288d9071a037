//! Types that the description names.

use std::collections::BTreeSet;

use super::rust::{Owner, encoding, value_type};
use super::{Aspect, Group, HIDDEN, Level, Recorder, matched};
use crate::ir::{EnumValue, EventStream, Form, Member, Service, Type, TypeDefinition, Variant};

impl Recorder {
    pub(super) fn types(&mut self, old: &Service, new: &Service) {
        let matched = matched(old.types.values(), new.types.values(), |definition| &definition.name);
        for (before, after) in matched.both {
            let first = self.changes.len();
            self.definition(before, after);
            // It takes a walk through all types to know the group, and most types do not change.
            if self.changes.len() > first {
                let group = group(new, after);
                self.changes[first..]
                    .iter_mut()
                    .for_each(|change| change.group = group.clone());
            }
        }
        for definition in matched.added {
            self.group = group(new, definition);
            self.api(Level::Minor, format!("the type `{}` is new", definition.name));
        }
        for definition in matched.removed {
            self.group = group(old, definition);
            self.api(Level::Major, format!("the type `{}` is gone", definition.name));
        }
    }

    fn definition(&mut self, old: &TypeDefinition, new: &TypeDefinition) {
        let name = &new.name;
        match (&old.form, &new.form) {
            (Form::Structure(before), Form::Structure(after)) => self.structure((old, before), (new, after)),
            (Form::Union(before), Form::Union(after)) => self.union(name, before, after),
            (Form::Enum(before), Form::Enum(after)) => self.enumeration(name, before, after),
            (Form::EventStream(before), Form::EventStream(after)) => self.event_stream(name, before, after),
            (before, after) => {
                let text = format!("`{name}` becomes {}, was {}", noun(after), noun(before));
                self.api(Level::Major, text);
            }
        }
        let all = format!("all of `{name}` is");
        self.fact(Aspect::Behavior, (&all, HIDDEN), old.sensitive, new.sensitive);
    }

    fn structure(&mut self, (old, before): (&TypeDefinition, &[Member]), (new, after): (&TypeDefinition, &[Member])) {
        let name = &new.name;
        let owner = |definition: &TypeDefinition| Owner::Structure { sent: definition.sent };
        self.members(name, (before, owner(old)), (after, owner(new)));
        match (old.sent, new.sent) {
            (true, false) => self.api(Level::Major, format!("`{name}` no longer has a builder")),
            (false, true) => self.api(Level::Minor, format!("`{name}` now has a builder")),
            _ => {}
        }
        // What a request must have is set in the builder.
        let has_default = |definition: &TypeDefinition, members: &[Member]| {
            definition.received || members.iter().all(|m| !m.required)
        };
        match (has_default(old, before), has_default(new, after)) {
            (true, false) => self.api(Level::Major, format!("`{name}` no longer implements `Default`")),
            (false, true) => self.api(Level::Minor, format!("`{name}` now implements `Default`")),
            _ => {}
        }
    }

    fn union(&mut self, ty: &str, old: &[Variant], new: &[Variant]) {
        let matched = matched(old, new, |variant| &variant.wire_name);
        for variant in matched.removed {
            self.api(Level::Major, format!("`{ty}` loses the variant `{}`", variant.name));
        }
        for variant in matched.added {
            let text = format!("`{ty}` gains the variant `{}`: `{}`", variant.name, content(variant));
            self.api(Level::Minor, text);
        }
        for (old, new) in matched.both {
            let subject = format!("`{ty}::{}`", new.name);
            if old.name != new.name {
                self.api(Level::Major, format!("{subject} is renamed, was `{}`", old.name));
            }
            let (before, after) = (content(old), content(new));
            if before != after {
                self.api(Level::Major, format!("{subject} becomes `{after}`, was `{before}`"));
            }
            let written = |variant: &Variant| variant.ty.as_ref().map_or("as usual", encoding);
            let is = format!("{subject} is");
            self.value(Aspect::Wire, &format!("{is} now written"), written(old), written(new));
            self.fact(Aspect::Behavior, (&is, HIDDEN), old.sensitive, new.sensitive);
            self.deprecation(&subject, old.deprecated.as_deref(), new.deprecated.as_deref());
        }
    }

    fn enumeration(&mut self, ty: &str, old: &[EnumValue], new: &[EnumValue]) {
        let matched = matched(old, new, |value| &value.name);
        for value in matched.removed {
            self.api(Level::Major, format!("`{ty}` loses the value `{}`", value.name));
        }
        for value in matched.added {
            let text = format!("`{ty}` gains the value `{}`, `{}` on the wire", value.name, value.value);
            self.api(Level::Minor, text);
        }
        for (old, new) in &matched.both {
            let beginning = format!("`{ty}::{}` on the wire is now", new.name);
            let [before, after] = [old, new].map(|value| format!("`{}`", value.value));
            self.value(Aspect::Wire, &beginning, &before, &after);
        }
        let in_both = |value: &&EnumValue| matched.both.iter().any(|(_, both)| both.name == value.name);
        let order = |values: &[EnumValue]| -> Vec<String> {
            let kept = values.iter().filter(in_both);
            kept.map(|value| value.name.clone()).collect()
        };
        if order(old) != order(new) {
            let text = format!("`{ty}::values` returns the values in another order");
            self.hidden(Aspect::Behavior, text);
        }
    }

    fn event_stream(&mut self, ty: &str, old: &EventStream, new: &EventStream) {
        let matched = matched(&old.events, &new.events, |event| &event.wire_name);
        for event in matched.removed {
            self.api(Level::Major, format!("`{ty}` loses the event `{}`", event.name));
        }
        for event in matched.added {
            let text = format!("`{ty}` gains the event `{}`: `{}`", event.name, event.structure);
            self.api(Level::Minor, text);
        }
        for (old, new) in matched.both {
            let (before, after) = (&old.structure, &new.structure);
            if before != after {
                let text = format!("`{ty}::{}` becomes `{after}`, was `{before}`", new.name);
                self.api(Level::Major, text);
            }
            if old.name != new.name {
                let text = format!("`{ty}::{}` is renamed, was `{}`", new.name, old.name);
                self.api(Level::Major, text);
            }
        }
        let exceptions = |stream: &EventStream| -> Vec<String> {
            let exceptions = stream.exceptions.iter();
            exceptions.map(|(name, code)| format!("`{name}` is {code}")).collect()
        };
        self.value(
            Aspect::Behavior,
            &format!("the errors that end `{ty}` are now"),
            &exceptions(old).join(", "),
            &exceptions(new).join(", "),
        );
    }
}

fn noun(form: &Form) -> &'static str {
    match form {
        Form::Structure(_) => "a structure",
        Form::Union(_) => "a union",
        Form::Enum(_) => "an enum of texts",
        Form::EventStream(_) => "a stream of events",
    }
}

/// What a variant holds.
fn content(variant: &Variant) -> String {
    match &variant.ty {
        None => "()".to_owned(),
        Some(ty) if variant.boxed => format!("Box<{}>", value_type(ty)),
        Some(ty) => value_type(ty),
    }
}

fn group(service: &Service, definition: &TypeDefinition) -> Group {
    let reaching = service.operations.iter().filter(|operation| {
        let members = operation.input.iter().chain(&operation.output);
        reaches(service, members.map(|member| &member.ty), &definition.name)
    });
    Group::Type {
        name: definition.name.clone(),
        operations: reaching.map(|operation| operation.name.clone()).collect(),
    }
}

/// Whether a type is among some types, or in one of them.
fn reaches<'s>(service: &'s Service, from: impl Iterator<Item = &'s Type>, wanted: &str) -> bool {
    let mut waiting: Vec<&Type> = from.collect();
    let mut seen = BTreeSet::new();
    while let Some(ty) = waiting.pop() {
        match ty {
            Type::List { element, .. } => waiting.push(element),
            Type::Map { key, value, .. } => waiting.extend([&**key, &**value]),
            Type::Enum(name) | Type::Structure(name) | Type::Union(name) | Type::EventStream(name) => {
                waiting.extend(enter(service, name, wanted, &mut seen).into_iter().flatten());
            }
            _ => {}
        }
    }
    seen.contains(wanted)
}

/// The types in a type that has not been seen yet.
fn enter<'s>(service: &'s Service, name: &'s str, wanted: &str, seen: &mut BTreeSet<&'s str>) -> Option<Vec<&'s Type>> {
    if seen.contains(wanted) || !seen.insert(name) {
        return None;
    }
    match &service.types.get(name)?.form {
        Form::Structure(members) => Some(members.iter().map(|member| &member.ty).collect()),
        Form::Union(variants) => Some(variants.iter().filter_map(|variant| variant.ty.as_ref()).collect()),
        Form::Enum(_) => None,
        Form::EventStream(stream) => {
            let mut types = Vec::new();
            for event in &stream.events {
                types.extend(enter(service, &event.structure, wanted, seen).into_iter().flatten());
            }
            Some(types)
        }
    }
}
