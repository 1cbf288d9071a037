//! `cargo xtask corpus --members`: each member of a description against the client, without the generator.
//!
//! The description is read as plain JSON and the client as text, by code that shares nothing with the generator: names, types,
//! whether a member may be missing, and where it travels. So are pages and waiters: what is called, looked at and waited for.

mod description;
mod repeats;
mod rust;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::ops::AddAssign;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde_json::Value;

use self::description::{Description, Place, Protocol, inside, is_enum, is_true, members, squeezed};
use self::rust::{File, Function};

/// How much has been compared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Counts {
    pub(super) operations: usize,
    pub(super) members: usize,
    pub(super) places: usize,
    pub(super) values: usize,
    pub(super) pages: usize,
    pub(super) waiters: usize,
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.operations += other.operations;
        self.members += other.members;
        self.places += other.places;
        self.values += other.values;
        self.pages += other.pages;
        self.waiters += other.waiters;
    }
}

/// Compares the client in a folder with the description in another. Returns what differs. A description that is not of
/// botocore's form is left alone.
pub(super) fn compare(model: &Path, client: &Path) -> Result<(Counts, Vec<String>)> {
    let Some(description) = Description::read(model)? else {
        return Ok((Counts::default(), Vec::new()));
    };
    let mut comparison = Comparison {
        description: &description,
        headers: headers(client)?,
        counts: Counts::default(),
        problems: Vec::new(),
    };
    let operations = comparison.operations(client)?;
    comparison.types(client, &operations)?;
    comparison.errors(client)?;
    Ok((comparison.counts, comparison.problems))
}

/// Whether the README lists an operation as one that the client does not have.
fn is_left_out(readme: &str, operation: &str) -> bool {
    readme.contains(&format!("- `{operation}`: it "))
}

/// A path without the label that it begins with: the endpoint has it already.
fn without_first(path: &str, label: &str) -> String {
    match path.strip_prefix(&format!("/{{{label}}}")) {
        Some(rest) if rest.starts_with('/') => rest.to_owned(),
        Some(rest) => format!("/{rest}"),
        None => path.to_owned(),
    }
}

/// The names of headers by their constants.
fn headers(client: &Path) -> Result<BTreeMap<String, String>> {
    let file = rust::read(&client.join("src/header_name.rs"))?;
    let constants = file.constants.into_iter();
    let names = constants.filter_map(|(constant, value)| Some((constant, value.split('"').nth(1)?.to_owned())));
    Ok(names.collect())
}

/// The files of Rust in a folder, if it is there.
fn sources(folder: &Path) -> Result<Vec<PathBuf>> {
    let Ok(entries) = fs::read_dir(folder) else {
        return Ok(Vec::new());
    };
    let mut paths = Vec::new();
    for entry in entries {
        let path = entry
            .with_context(|| format!("cannot read {}", folder.display()))?
            .path();
        paths.extend(
            path.extension()
                .is_some_and(|extension| extension == "rs")
                .then_some(path.clone()),
        );
    }
    paths.sort();
    Ok(paths)
}

struct Comparison<'d> {
    description: &'d Description,
    headers: BTreeMap<String, String>,
    counts: Counts,
    problems: Vec<String>,
}

impl<'d> Comparison<'d> {
    fn expect(&mut self, holds: bool, problem: impl FnOnce() -> String) {
        if !holds {
            self.problems.push(problem());
        }
    }

    /// Compares all operations. Returns those that the client has.
    fn operations(&mut self, client: &Path) -> Result<Vec<&'d Value>> {
        let mut files = BTreeMap::new();
        for path in sources(&client.join("src/operation"))? {
            let file = rust::read(&path)?;
            if let Some(name) = file.constants.get("NAME") {
                files.insert(name.trim_matches('"').to_owned(), file);
            }
        }
        let readme = fs::read_to_string(client.join("README.md")).context("the client has no README.md")?;
        let mut operations = Vec::new();
        for (name, operation) in self.description.operations() {
            match files.remove(name) {
                Some(file) => {
                    self.counts.operations += 1;
                    self.operation(name, operation, &file);
                    self.pages(name, operation, &file);
                    operations.push(operation);
                }
                None => {
                    self.expect(is_left_out(&readme, name), || {
                        format!("{name}: it is neither there nor left out")
                    });
                }
            }
        }
        for name in files.keys() {
            self.problems.push(format!("{name}: the service has no such operation"));
        }
        self.waiters(client, &readme)?;
        Ok(operations)
    }

    fn operation(&mut self, name: &str, operation: &'d Value, file: &File) {
        let nothing = Function::default();
        let function = |name: &str| file.functions.get(name).unwrap_or(&nothing);
        let (write, read) = (function("into_request"), function("parse_response"));
        for (key, suffix, place) in [("input", "Input", Place::Input), ("output", "Output", Place::Output)] {
            let shape = self.description.target(&operation[key]);
            let structure = file.types.iter().find(|(ty, _)| ty.ends_with(suffix));
            let Some((ty, fields)) = structure else {
                self.problems.push(format!("{name}: there is no {suffix}"));
                continue;
            };
            let fields: Vec<_> = fields
                .iter()
                .filter(|(field, _)| field != "response_metadata")
                .collect();
            self.fields(ty, shape, &fields, place, |comparison, member, reference, field| {
                comparison.counts.places += 1;
                match place {
                    Place::Input => comparison.is_written(shape, member, reference, field, write),
                    _ => comparison.is_read(shape, member, reference, field, read),
                }
            });
        }
        if matches!(self.description.protocol, Protocol::RestJson | Protocol::RestXml) {
            self.path(name, operation, write);
        }
    }

    /// Compares the fields of a structure with the members of its shape.
    fn fields(
        &mut self,
        ty: &str,
        shape: &'d Value,
        fields: &[&(String, String)],
        place: Place,
        is_in_place: impl Fn(&mut Self, &str, &'d Value, &str) -> bool,
    ) {
        let mut left: BTreeMap<String, &(String, String)> = BTreeMap::new();
        for field in fields {
            left.insert(squeezed(&field.0), field);
        }
        for (member, reference) in members(shape) {
            self.counts.members += 1;
            let Some((field, field_type)) = left.remove(&squeezed(member)) else {
                self.problems.push(format!("{ty}: there is no field for `{member}`"));
                continue;
            };
            let is_payload = shape["payload"] == member.as_str();
            let plain = self.description.is_plain(shape, member, reference, place);
            let inner = if plain {
                Some(field_type.as_str())
            } else {
                inside(field_type, "Option")
            };
            let fits = inner.is_some_and(|inner| self.description.fits(inner, reference, is_payload, place));
            self.expect(fits, || {
                format!("{ty}::{field}: `{field_type}` is not the type of `{member}`")
            });
            let is_there = is_in_place(self, member, reference, field);
            self.expect(is_there, || {
                format!("{ty}::{field}: `{member}` does not travel where it should")
            });
        }
        for (field, _) in left.values() {
            self.problems
                .push(format!("{ty}::{field}: the shape has no such member"));
        }
    }

    /// Whether a member of an input is written to its place.
    fn is_written(&self, shape: &Value, member: &str, reference: &Value, field: &str, write: &Function) -> bool {
        let name = reference["locationName"].as_str().unwrap_or(member);
        let target = self.description.target(reference);
        let is_stream = is_true(target, "eventstream");
        let this = format!("self.{field}");
        if shape["payload"] == member || is_stream {
            return rust::mentions(&write.text, &this);
        }
        let binds = matches!(self.description.protocol, Protocol::RestJson | Protocol::RestXml);
        match reference["location"].as_str().filter(|_| binds) {
            Some("uri") => write.writes(
                &["label", "greedy_label", "host_label", "label_in_endpoint"],
                member,
                field,
            ),
            Some("querystring") if target["type"] == "map" => write.writes(&["query_map"], member, field),
            Some("querystring") => write.writes(&["query"], name, field),
            Some("headers") => write.writes(
                &["prefix_headers", "sensitive_prefix_headers"],
                &name.to_lowercase(),
                field,
            ),
            Some("header") => write.calls.iter().any(|(method, arguments)| {
                let is_header = matches!(&**method, "header" | "sensitive_header");
                let is_name = arguments.first().is_some_and(|constant| self.is_header(constant, name));
                is_header && is_name && arguments.iter().any(|argument| rust::mentions(argument, &this))
            }),
            _ => self.is_in_body(member, reference, field, write),
        }
    }

    fn is_in_body(&self, member: &str, reference: &Value, field: &str, write: &Function) -> bool {
        let wire_name = self.description.wire_name(member, reference, true);
        let literal = format!("{wire_name:?}");
        // Some codecs write a member in several steps.
        let mut calls = write.calls.iter();
        calls.any(|(_, arguments)| arguments.first() == Some(&literal))
            && rust::mentions(&write.text, &format!("self.{field}"))
    }

    fn is_read(&self, shape: &Value, member: &str, reference: &Value, field: &str, read: &Function) -> bool {
        let is_stream = is_true(self.description.target(reference), "eventstream");
        if shape["payload"] == member || is_stream {
            return rust::mentions(&read.text, field);
        }
        let name = reference["locationName"].as_str().unwrap_or(member);
        let binds = matches!(self.description.protocol, Protocol::RestJson | Protocol::RestXml);
        match reference["location"].as_str().filter(|_| binds) {
            Some("statusCode") => rust::mentions(&read.text, field) && read.text.contains(".status_code()"),
            Some("headers") => read
                .text
                .contains(&format!(".prefix_headers({:?})", name.to_lowercase())),
            Some("header") => self.headers.iter().any(|(constant, header)| {
                let is_read = |text: &str| {
                    let read = [
                        format!("header(&header_name::{constant})"),
                        format!("json_header(&header_name::{constant})"),
                    ];
                    read.iter().any(|read| text.contains(read.as_str()))
                };
                let assigned = [format!("{field}:"), format!("{field}=")];
                header.eq_ignore_ascii_case(name)
                    && assigned.iter().any(|start| {
                        let mut starts = read.text.match_indices(start.as_str());
                        starts.any(|(at, _)| is_read(read.text[at..].split([',', ';']).next().unwrap_or_default()))
                    })
            }),
            _ => read.reads(&self.description.wire_name(member, reference, false), field),
        }
    }

    /// Whether a constant is that of a header.
    fn is_header(&self, constant: &str, name: &str) -> bool {
        let constant = constant.rsplit("::").next().unwrap_or_default();
        self.headers
            .get(constant)
            .is_some_and(|header| header.eq_ignore_ascii_case(name))
    }

    /// Compares the method, the path and the query of the description.
    fn path(&mut self, name: &str, operation: &Value, write: &Function) {
        let input = self.description.target(&operation["input"]);
        let mut path = String::new();
        let mut expected = operation["http"]["requestUri"].as_str().unwrap_or_default().to_owned();
        for (method, arguments) in &write.calls {
            let first = arguments
                .first()
                .map(|argument| argument.trim_matches('"'))
                .unwrap_or_default();
            let label = input["members"][first]["locationName"].as_str().unwrap_or(first);
            match &**method {
                "literal" => path += first,
                "label" => path += &format!("{{{label}}}"),
                "greedy_label" => path += &format!("{{{label}+}}"),
                "label_in_endpoint" if input["members"][first]["contextParam"].is_object() => {
                    expected = without_first(&expected, label);
                }
                _ => {}
            }
        }
        self.expect(path == expected, || {
            format!("{name}: the path is `{path}`, not `{expected}`")
        });
        let method = match write.text.contains("request.query_as_form()") {
            true => "POST",
            false => operation["http"]["method"].as_str().unwrap_or_default(),
        };
        let has_method = write.text.contains(&format!("Method::{method},"));
        self.expect(has_method, || format!("{name}: the method is not {method}"));
    }

    /// Compares the types that operations and errors reach.
    fn types(&mut self, client: &Path, operations: &[&'d Value]) -> Result<()> {
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

    fn errors(&mut self, client: &Path) -> Result<()> {
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

#[cfg(test)]
mod tests {
    use codegen::Options;

    use super::*;

    /// A client of a description, with one text of one of its files replaced.
    fn compared(model: &str, change: Option<(&str, &str, &str)>) -> (Counts, Vec<String>) {
        let model = crate::root().join(model);
        let folder = tempfile::tempdir().expect("a folder");
        let generated = codegen::generate(&model, &Options::default()).expect("a client");
        for (path, text) in &generated.files {
            let file = folder.path().join(path);
            fs::create_dir_all(file.parent().expect("a folder")).expect("folders");
            let text = match change {
                Some((changed, from, to)) if changed == path => {
                    assert!(text.contains(from), "{path} has no {from}");
                    text.replace(from, to)
                }
                _ => text.clone(),
            };
            fs::write(file, text).expect("written");
        }
        compare(&model, folder.path()).expect("it can be read")
    }

    const HARBOUR: &str = "tests/models/harbour";
    const SAGEMAKER: &str = "models/sagemaker-runtime";
    const S3: &str = "models/s3";

    #[test]
    fn clients_have_what_their_descriptions_say() {
        let (counts, problems) = compared(HARBOUR, None);
        assert_eq!(problems, Vec::<String>::new());
        assert_eq!((counts.operations, counts.values), (4, 5));
        assert_eq!((counts.pages, counts.waiters), (3, 6));
        assert!(counts.members > 30 && counts.places > 30, "{counts:?}");
        let (counts, problems) = compared(SAGEMAKER, None);
        assert_eq!(problems, Vec::<String>::new());
        assert_eq!(counts.operations, 3);
        let (counts, problems) = compared(S3, None);
        assert_eq!(problems, Vec::<String>::new());
        assert_eq!(counts.operations, 9);
    }

    #[test]
    fn whatever_differs_is_found() {
        let crane = "src/types/crane.rs";
        let ships = "src/operation/list_ships.rs";
        let (client, waiter) = ("src/client.rs", "src/waiter.rs");
        let invoke = "src/operation/invoke_endpoint.rs";
        let list = "src/operation/list_objects_v2.rs";
        let get = "src/operation/get_object.rs";
        for (model, file, from, to) in [
            (HARBOUR, crane, "pub load: Option<i32>", "pub load: Option<i64>"),
            (HARBOUR, crane, "pub load: Option<i32>", "pub load: i32"),
            (HARBOUR, crane, "pub name: String", "pub name: Option<String>"),
            (
                HARBOUR,
                crane,
                "pub hooks: Vec<types::Hook>",
                "pub hooks: Vec<types::Crane>",
            ),
            (HARBOUR, crane, "pub hooks: ", "pub hook: "),
            (HARBOUR, crane, "\"Load\" =>", "\"load\" =>"),
            (
                HARBOUR,
                crane,
                "json.fill(&mut value.load)",
                "json.fill(&mut value.name)",
            ),
            (HARBOUR, "src/types/state.rs", "\"AT_SEA\"", "\"AT SEA\""),
            (HARBOUR, ships, "query(\"limit\"", "query(\"Limit\""),
            (HARBOUR, ships, "&self.limit)", "&self.token)"),
            (HARBOUR, ships, "Method::GET", "Method::PUT"),
            (HARBOUR, ships, "Paginated for", "Numbered for"),
            (HARBOUR, ships, "&mut self.token,", "&mut self.limit,"),
            (HARBOUR, ships, "page.next_token", "page.token"),
            (HARBOUR, ships, "        page.ships\n", "        page.boats\n"),
            (HARBOUR, client, "wait_until_ship_gone", "wait_until_ship_left"),
            (HARBOUR, client, "\"ship_gone\",", ""),
            (
                HARBOUR,
                waiter,
                "const NAME: &'static str = \"ShipGone\"",
                "const NAME: &'static str = \"Gone\"",
            ),
            (
                HARBOUR,
                waiter,
                "type Operation = DescribeShipInput",
                "type Operation = ListShipsInput",
            ),
            (HARBOUR, waiter, "from_secs(10)", "from_secs(11)"),
            (HARBOUR, waiter, "Some(\"SUNK\")", "Some(\"SANK\")"),
            (HARBOUR, waiter, "Some(\"ShipMissing\")", "Some(\"ShipThere\")"),
            (HARBOUR, waiter, "output.cranes", "output.crates"),
            (HARBOUR, ships, "\"/ships\"", "\"/ship\""),
            (
                HARBOUR,
                ships,
                "const NAME: &'static str = \"ListShips\"",
                "const NAME: &'static str = \"ListShip\"",
            ),
            (
                HARBOUR,
                "src/types/error.rs",
                "pub message: Option<String>",
                "pub text: Option<String>",
            ),
            (SAGEMAKER, invoke, "\"EndpointName\", &self", "\"Endpoint\", &self"),
            (
                SAGEMAKER,
                invoke,
                "ACCEPT, \"Accept\", self.accept",
                "CONTENT_TYPE, \"Accept\", self.accept",
            ),
            (SAGEMAKER, invoke, "payload(self.body", "payload(self.accept"),
            (SAGEMAKER, invoke, "pub body: Body", "pub body: Bytes"),
            (SAGEMAKER, invoke, "X_AMZN_INVOKED_PRODUCTION_VARIANT)", "CONTENT_TYPE)"),
            (S3, get, "label_in_endpoint(\"Bucket\"", "label_in_endpoint(\"Key\""),
            (S3, get, "request.label_in_endpoint(\"Bucket\", &self.bucket)?;", ""),
            (S3, list, "literal(\"/\")", "literal(\"\")"),
            (S3, list, "?list-type=2", "?list-type=1"),
        ] {
            let (_, problems) = compared(model, Some((file, from, to)));
            assert!(!problems.is_empty(), "{from} to {to} in {file} is not noticed");
        }
    }
}
