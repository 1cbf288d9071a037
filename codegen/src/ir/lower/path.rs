//! The paths of operations: labels are bound to members, both ways, and none may be left over.

use indexmap::IndexMap;

use super::Lowering;
use super::member::Owner;
use super::name::wire_name;
use super::uri::{self, Part};
use crate::diagnostics::did_you_mean;
use crate::ir::{Member, PathPart, Type};
use crate::model::service::{Location, Operation};
use crate::source::JsonPath;

/// The members that no label has been found for yet, by label.
type Unbound<'m> = IndexMap<&'m str, &'m str>;

impl<'m> Lowering<'m> {
    /// The parts of an operation's path, and its query.
    pub(super) fn bind_path(
        &mut self,
        name: &str,
        operation: &Operation,
        input: Option<&Owner<'m>>,
        members: &[Member],
    ) -> Option<(Vec<PathPart>, Option<String>)> {
        let at = self.operation_path(name).key("http").key("requestUri");
        let template = match uri::parse(&operation.http.request_uri) {
            Ok(template) => template,
            Err(malformed) => {
                self.error(&at, malformed.message, malformed.help);
                return None;
            }
        };
        let query = template.query.map(str::to_owned);
        if input.is_none() && operation.input.is_some() {
            // The input could not be lowered, which has been reported.
            return None;
        }
        let mut unbound = input.map_or_else(Unbound::new, |owner| self.label_members(name, owner));
        let mut bound = Vec::new();
        let mut parts = Vec::new();
        let mut template = template.parts;
        if let [Part::Literal("/"), Part::Label { name: label, .. }, ..] = template[..]
            && Some(label) == self.habits().label_in_endpoint
        {
            template.drain(..2);
            let label = self.bind_label((label, false), &mut unbound, members, &at);
            parts.extend(label.map(|part| match part {
                PathPart::Label { member, .. } => PathPart::InEndpoint(member),
                part => part,
            }));
            if template.is_empty() {
                template.push(Part::Literal("/"));
            }
        }
        for part in template {
            match part {
                Part::Literal(text) => parts.push(PathPart::Literal(text.to_owned())),
                Part::Label { name, .. } if bound.contains(&name) => {
                    let message = format!("the path has the label `{name}` twice");
                    self.error(&at, message, "rename one of the two, and bind it to another member");
                }
                Part::Label { name, greedy } => {
                    bound.push(name);
                    parts.extend(self.bind_label((name, greedy), &mut unbound, members, &at));
                }
            }
        }
        if let Some(owner) = input {
            self.report_unbound(name, owner, &unbound);
        }
        Some((parts, query))
    }

    fn bind_label(
        &mut self,
        (label, greedy): (&str, bool),
        unbound: &mut Unbound<'m>,
        members: &[Member],
        at: &JsonPath,
    ) -> Option<PathPart> {
        let Some(name) = unbound.shift_remove(label) else {
            let suggestion = did_you_mean(label, unbound.keys().copied());
            self.error(
                at,
                format!("the label `{label}` has no member"),
                format!("give a member of the input the location `uri` and the locationName `{label}`{suggestion}"),
            );
            return None;
        };
        // A member that is not there could not be lowered, which has been reported.
        let member = members.iter().position(|member| member.name == name)?;
        if greedy && members[member].ty != Type::String {
            let message = format!("the greedy label `{label}` is not a string");
            self.error(at, message, format!("remove the `+`: write `{{{label}}}`"));
        }
        Some(PathPart::Label { member, greedy })
    }

    fn label_members(&mut self, operation: &str, owner: &Owner<'m>) -> Unbound<'m> {
        let mut labels = Unbound::new();
        for (name, reference) in &owner.shape.members {
            if !reference
                .location
                .as_ref()
                .is_some_and(|location| *location == Location::Uri)
            {
                continue;
            }
            let path = self.shape_path(owner.name).key("members").key(name);
            let label = wire_name(name, reference);
            if let Some(other) = labels.insert(label, name.as_str()) {
                self.error(
                    &path.key("locationName"),
                    format!("`{other}` and `{name}` are both bound to the label `{label}`"),
                    "give one of them another `locationName`, with a label of its own",
                );
            }
            if !owner.shape.required.contains(name) {
                self.error(
                    &path.name(),
                    format!("`{name}` is part of the path of `{operation}`, but not required"),
                    format!("add `{name}` to the `required` of `{}`", owner.name),
                );
            }
        }
        labels
    }

    fn report_unbound(&mut self, operation: &str, owner: &Owner<'m>, unbound: &Unbound<'m>) {
        let members = self.shape_path(owner.name).key("members");
        for (label, name) in unbound {
            self.error(
                &members.key(name).key("location"),
                format!("`{name}` has no label in the path of `{operation}`"),
                format!("add `{{{label}}}` to the `requestUri`, or give `{name}` another location"),
            );
        }
    }
}
