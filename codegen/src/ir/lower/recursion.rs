//! Structures that require themselves: no finite value has such a type.

use std::collections::BTreeSet;

use indexmap::IndexMap;

use super::Lowering;
use crate::model::service::Shape;

impl<'m> Lowering<'m> {
    pub(super) fn check_recursion(&mut self) {
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

    /// The structures that require a structure that requires a structure, without end, each with the first member and
    /// structure on that way.
    fn endless_structures(&self) -> IndexMap<&'m str, (&'m str, &'m str)> {
        let shapes = &self.model.service.shapes;
        let mut endless: BTreeSet<&str> = shapes.keys().map(String::as_str).collect();
        loop {
            let next: IndexMap<_, _> = shapes
                .iter()
                .filter(|(name, _)| endless.contains(name.as_str()))
                .filter_map(|(name, shape)| {
                    let mut required = required_members(shape);
                    let way = required.find(|(_, target)| endless.contains(target))?;
                    Some((name.as_str(), way))
                })
                .collect();
            if next.len() == endless.len() {
                return next;
            }
            endless = next.into_keys().collect();
        }
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

/// The members that every value of a structure has, with their shapes.
fn required_members(shape: &Shape) -> impl Iterator<Item = (&str, &str)> {
    let members = shape.required.iter().filter(|_| !shape.union);
    members.filter_map(|name| {
        let reference = shape.members.get(name)?;
        Some((name.as_str(), reference.shape.as_str()))
    })
}
