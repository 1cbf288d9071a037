//! Types that contain themselves: those that no finite value has, and those that need a pointer.

mod components;

use std::collections::{BTreeMap, BTreeSet};

use indexmap::IndexMap;

use self::components::{Components, Graph};
use super::Lowering;
use super::ty::DEEPEST;
use crate::ir::{Form, Type, TypeDefinition};
use crate::model::service::Shape;

impl<'m> Lowering<'m> {
    pub(super) fn check_recursion(&mut self) {
        self.check_endless_lists();
        let endless = self.endless_structures();
        let mut visited = BTreeSet::new();
        for &start in endless.keys() {
            let mut trail = Vec::new();
            let mut name = start;
            while visited.insert(name) {
                let (member, target) = endless[name];
                trail.push((name, member));
                name = target;
            }
            if let Some(cycle) = trail.iter().position(|(visited, _)| *visited == name) {
                self.report_cycle(&trail[cycle..]);
            }
        }
    }

    /// Lists and maps of nothing but themselves, and those that are too deep: Rust has no such type.
    fn check_endless_lists(&mut self) {
        let shapes = &self.model.service.shapes;
        let elements: Graph<'_> = shapes
            .iter()
            .map(|(name, shape)| (name.as_str(), element(shape).into_iter().collect()))
            .collect();
        let components = Components::of(&elements);
        // Those that end, and how many lists and maps each of them is.
        let mut depths = BTreeMap::new();
        for name in components.targets_first() {
            let depth = match *elements[name] {
                [inner] if components.is_cyclic(name, inner) => {
                    self.error(
                        &self.shape_path(name).name(),
                        format!("`{name}` is a list or map of nothing but itself"),
                        "put a structure in between",
                    );
                    continue;
                }
                [inner] if !shapes.contains_key(inner) => 1,
                [inner] => match depths.get(inner) {
                    Some(depth) => depth + 1,
                    None => continue,
                },
                _ => 0,
            };
            depths.insert(name, depth);
            if depth >= DEEPEST {
                self.error(
                    &self.shape_path(name).name(),
                    format!("`{name}` is {depth} lists and maps, one in the other"),
                    format!("put a structure in between: fewer than {DEEPEST} can be generated"),
                );
            }
        }
    }

    /// The structures that require a structure that requires a structure, without end, each with the first member and
    /// structure on that way.
    fn endless_structures(&self) -> IndexMap<&'m str, (&'m str, &'m str)> {
        let shapes = &self.model.service.shapes;
        let required: Graph<'_> = shapes
            .iter()
            .map(|(name, shape)| {
                (
                    name.as_str(),
                    required_members(shape).map(|(_, target)| target).collect(),
                )
            })
            .collect();
        let components = Components::of(&required);
        let mut endless = BTreeSet::new();
        for name in components.targets_first() {
            let mut targets = required[name].iter();
            if targets.any(|target| endless.contains(target) || components.is_cyclic(name, target)) {
                endless.insert(name);
            }
        }
        let way = |(name, shape): (&'m String, &'m Shape)| {
            let mut members = required_members(shape);
            let way = members.find(|(_, target)| endless.contains(target))?;
            Some((name.as_str(), way))
        };
        shapes.iter().filter_map(way).collect()
    }

    fn report_cycle(&mut self, cycle: &[(&str, &str)]) {
        if let [(first, _), .., (last, member)] | [(first @ last, member)] = cycle {
            let names: Vec<&str> = cycle.iter().map(|(name, _)| *name).collect();
            let names = names.join("` -> `");
            let path = self.shape_path(last).key("members").key(member);
            self.error(
                &path.key("shape"),
                format!("the structure requires itself: `{names}` -> `{first}`"),
                format!("remove `{member}` from the `required` of `{last}`: no finite value has it"),
            );
        }
    }
}

/// What a list or map has in it.
fn element(shape: &Shape) -> Option<&str> {
    let reference = shape.member.as_ref().or(shape.value.as_ref())?;
    Some(reference.shape.as_str())
}

/// The members that every value of a structure has, with their shapes.
fn required_members(shape: &Shape) -> impl Iterator<Item = (&str, &str)> {
    let members = shape.required.iter().filter(|_| !shape.union);
    let members = members.filter_map(|name| Some((name.as_str(), shape.members.get(name)?)));
    members.map(|(name, reference)| (name, reference.shape.as_str()))
}

/// Puts a pointer wherever a structure or union would contain itself.
pub(super) fn box_cycles(types: &mut BTreeMap<String, TypeDefinition>) {
    let contained: Graph<'_> = types
        .iter()
        .map(|(name, definition)| (name.as_str(), contained_types(definition).collect()))
        .collect();
    let components = Components::of(&contained);
    let boxed: Vec<(String, String)> = contained
        .iter()
        .flat_map(|(outer, inner)| inner.iter().map(move |inner| (*outer, *inner)))
        .filter(|(outer, inner)| components.is_cyclic(outer, inner))
        .map(|(outer, inner)| (outer.to_owned(), inner.to_owned()))
        .collect();
    for (outer, inner) in boxed {
        let Some(definition) = types.get_mut(&outer) else {
            continue;
        };
        match &mut definition.form {
            Form::Structure(members) => {
                let members = members
                    .iter_mut()
                    .filter(|member| contained_type(&member.ty) == Some(&inner));
                members.for_each(|member| member.boxed = true);
            }
            Form::Union(variants) => {
                let is_inner = |ty: &Option<Type>| ty.as_ref().and_then(contained_type) == Some(&inner);
                let variants = variants.iter_mut().filter(|variant| is_inner(&variant.ty));
                variants.for_each(|variant| variant.boxed = true);
            }
            Form::Enum(_) | Form::EventStream(_) => {}
        }
    }
}

/// The types whose values lie inside a value of a type.
fn contained_types(definition: &TypeDefinition) -> impl Iterator<Item = &str> {
    let types: Vec<&Type> = match &definition.form {
        Form::Structure(members) => members.iter().map(|member| &member.ty).collect(),
        Form::Union(variants) => variants.iter().filter_map(|variant| variant.ty.as_ref()).collect(),
        Form::Enum(_) | Form::EventStream(_) => Vec::new(),
    };
    types.into_iter().filter_map(contained_type)
}

fn contained_type(ty: &Type) -> Option<&str> {
    match ty {
        Type::Structure(name) | Type::Union(name) => Some(name),
        // The elements of lists and maps lie elsewhere.
        _ => None,
    }
}
