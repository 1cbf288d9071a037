//! The types that members have: structures, enums, unions and errors.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::Result;
use serde_json::Value;

use super::description::{Place, is_enum, is_true, members, squeezed};
use super::rust::{self, File, Function};
use super::{Comparison, sources};

impl<'d> Comparison<'d> {
    /// Compares the types that operations and errors reach.
    pub(super) fn types(&mut self, client: &Path, operations: &[&'d Value]) -> Result<()> {
        let mut files = BTreeMap::new();
        for path in sources(&client.join("src/types"))? {
            if path.ends_with("types/error.rs") {
                continue;
            }
            let file = rust::read(&path)?;
            let names: Vec<String> = file.types.keys().cloned().collect();
            if let Some(name) = names.iter().find(|name| !name.ends_with("Builder") || names.len() == 1) {
                files.insert(squeezed(name), (name.clone(), file));
            }
        }
        let inputs = operations.iter().map(|operation| &operation["input"]);
        let sent = self.nested(inputs);
        let outputs = operations.iter().map(|operation| &operation["output"]);
        let exceptions = self
            .description
            .shapes()
            .filter(|(_, shape)| is_true(shape, "exception"));
        let mut received = self.nested(outputs);
        received.extend(self.nested_in(exceptions.map(|(_, shape)| shape)));
        for name in sent.union(&received) {
            let shape = self.description.shape(name);
            let is_type = match shape["type"].as_str() {
                Some("string") => is_enum(shape),
                Some("structure") => !is_true(shape, "document") && !is_true(shape, "exception"),
                _ => false,
            };
            if !is_type {
                continue;
            }
            match files.get(&squeezed(name)) {
                Some((ty, file)) => self.definition(ty, shape, file, (sent.contains(name), received.contains(name))),
                // Errors may be those of operations that are left out.
                None if !sent.contains(name) => {}
                None => self.problems.push(format!("{name}: there is no such type")),
            }
        }
        Ok(())
    }

    /// The shapes within structures, not counting the structures themselves.
    fn nested(&self, references: impl Iterator<Item = &'d Value>) -> BTreeSet<&'d str> {
        self.nested_in(references.map(|reference| self.description.target(reference)))
    }

    fn nested_in(&self, shapes: impl Iterator<Item = &'d Value>) -> BTreeSet<&'d str> {
        let members = shapes.flat_map(|shape| members(shape).filter_map(|(_, member)| member["shape"].as_str()));
        self.description.reached(members)
    }

    fn definition(&mut self, ty: &str, shape: &'d Value, file: &File, (sent, received): (bool, bool)) {
        if is_enum(shape) {
            let values: Vec<&str> = shape["enum"]
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(Value::as_str)
                .collect();
            self.counts.values += values.len();
            let is_same = values.iter().collect::<BTreeSet<_>>().into_iter().eq(file
                .values
                .iter()
                .map(String::as_str)
                .collect::<BTreeSet<_>>()
                .iter());
            self.expect(is_same, || {
                format!("{ty}: the values are {:?}, not {values:?}", file.values)
            });
            return;
        }
        let Some(fields) = file.types.get(ty) else {
            return;
        };
        let fields: Vec<_> = fields.iter().collect();
        if is_true(shape, "union") || is_true(shape, "eventstream") {
            self.variants(ty, shape, &fields);
            return;
        }
        let place = Place::Structure { only_received: !sent };
        let nothing = Function::default();
        let function = |names: [&str; 4]| {
            names
                .iter()
                .find_map(|name| file.functions.get(*name))
                .unwrap_or(&nothing)
        };
        let write = function(["to_json", "to_cbor", "to_xml", "to_form"]);
        let read = function(["from_json", "from_cbor", "from_xml", "from_event"]);
        self.fields(ty, shape, &fields, place, |comparison, member, reference, field| {
            let is_event = is_true(reference, "eventpayload") || is_true(reference, "eventheader");
            if is_event || is_true(shape, "event") {
                return true;
            }
            comparison.counts.places += usize::from(sent) + usize::from(received);
            let wire_name = comparison.description.wire_name(member, reference, false);
            let is_attribute = is_true(reference, "xmlAttribute");
            (!sent || is_attribute || comparison.is_in_body(member, reference, field, write))
                && (!received || is_attribute || read.reads(&wire_name, field))
        });
    }

    /// Compares the variants of a union with its members. Exceptions among events are errors.
    fn variants(&mut self, ty: &str, shape: &'d Value, variants: &[&(String, String)]) {
        let mut left: BTreeMap<String, &(String, String)> = BTreeMap::new();
        for variant in variants {
            left.insert(squeezed(&variant.0), variant);
        }
        left.remove("unknown");
        for (member, reference) in members(shape) {
            if is_true(self.description.target(reference), "exception") {
                continue;
            }
            self.counts.members += 1;
            let key = squeezed(member);
            let variant = left.remove(&key).or_else(|| left.remove(&format!("{key}_")));
            match variant {
                None if key == "unknown" => {}
                None => self.problems.push(format!("{ty}: there is no variant for `{member}`")),
                Some((variant, content)) => {
                    let place = Place::Structure { only_received: false };
                    // One that says nothing but its name has no type.
                    let fits = content.is_empty() || self.description.fits(content, reference, false, place);
                    self.expect(fits, || {
                        format!("{ty}::{variant}: `{content}` is not the type of `{member}`")
                    });
                }
            }
        }
        for (variant, _) in left.values() {
            self.problems
                .push(format!("{ty}::{variant}: the union has no such member"));
        }
    }

    pub(super) fn errors(&mut self, client: &Path) -> Result<()> {
        let types = rust::read(&client.join("src/types/error.rs"))?.types;
        let types: BTreeMap<String, (String, Vec<(String, String)>)> = types
            .into_iter()
            .map(|(name, fields)| (squeezed(&name), (name, fields)))
            .collect();
        for (name, shape) in self
            .description
            .shapes()
            .filter(|(_, shape)| is_true(shape, "exception"))
        {
            // Those of operations that are left out are not there.
            let Some((ty, fields)) = types.get(&squeezed(name)) else {
                continue;
            };
            // The message has the name `message`, whatever the service calls it.
            let has = |name: &str| members(shape).any(|(member, _)| squeezed(member) == name);
            let renamed = ["errordescription", "error"].into_iter().find(|name| has(name));
            let fields: Vec<(String, String)> = fields
                .iter()
                .map(|(field, ty)| match (field.as_str(), renamed) {
                    ("message", Some(name)) if !has("message") => (name.to_owned(), ty.clone()),
                    _ => (field.clone(), ty.clone()),
                })
                .collect();
            let fields: Vec<_> = fields.iter().collect();
            self.fields(ty, shape, &fields, Place::Error, |_, _, _, _| true);
        }
        Ok(())
    }
}
