//! Types that contain themselves: those that no finite value has, and those that need a pointer.

mod components;

use std::collections::{BTreeMap, BTreeSet};

use indexmap::IndexMap;

pub(super) use self::components::Components;
use self::components::Graph;
use super::Lowering;
use super::ty::DEEPEST;
use crate::model::service::{Reference, Shape, ShapeType};

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

    /// Whether a structure or union would contain itself by way of a member, which needs a pointer then.
    pub(super) fn contains_itself(&self, container: &str, member: &Reference) -> bool {
        self.containment.is_cyclic(container, &member.shape)
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

/// Which structures and unions lie in which: a value of one is part of a value of the other. The elements of lists and
/// maps lie elsewhere.
pub(super) fn containment(shapes: &IndexMap<String, Shape>) -> Components<'_> {
    let is_container = |shape: &&Shape| shape.r#type == ShapeType::Structure && !(shape.document || shape.eventstream);
    let containers = shapes.iter().filter(|(_, shape)| is_container(shape));
    let contained = containers.map(|(name, shape)| {
        let members = shape.members.values().map(|member| member.shape.as_str());
        (name.as_str(), members.collect())
    });
    Components::of(&contained.collect())
}
