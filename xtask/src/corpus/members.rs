//! `cargo xtask corpus --members`: each member of a description against the client, without the generator.
//!
//! The description is read as plain JSON and the client as text, by code that shares nothing with the generator: names, types,
//! whether a member may be missing, and where it travels. So are pages and waiters: what is called, looked at and waited for.

mod description;
mod places;
mod repeats;
mod rust;
mod types;

use std::collections::BTreeMap;
use std::fs;
use std::ops::AddAssign;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde_json::Value;

use self::description::{Description, Place, Protocol, inside, members, squeezed};
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

/// The names of headers by their constants.
fn headers(client: &Path) -> Result<BTreeMap<String, String>> {
    let file = rust::read(&client.join("src/header.rs"))?;
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
        assert_eq!((counts.operations, counts.values), (6, 5));
        assert_eq!((counts.pages, counts.waiters), (3, 6));
        assert!(counts.members > 30 && counts.places > 30, "{counts:?}");
        let (counts, problems) = compared(SAGEMAKER, None);
        assert_eq!(problems, Vec::<String>::new());
        assert_eq!(counts.operations, 3);
        let (counts, problems) = compared(S3, None);
        assert_eq!(problems, Vec::<String>::new());
        assert_eq!(counts.operations, 12);
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
            (S3, get, "request.label_in_endpoint(\"Bucket\", &self.bucket);", ""),
            (S3, list, "literal(\"/\")", "literal(\"\")"),
            (S3, list, "?list-type=2", "?list-type=1"),
        ] {
            let (_, problems) = compared(model, Some((file, from, to)));
            assert!(!problems.is_empty(), "{from} to {to} in {file} is not noticed");
        }
    }
}
