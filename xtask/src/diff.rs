//! `cargo xtask diff`: what changes for users between two descriptions, and the release that it needs.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Result, bail, ensure};
use codegen::diff::{Diff, Level};
use serde_json::json;

use crate::{flags, models, show};

/// Prints the differences. Returns the release that they need.
pub(crate) fn run(flags: &flags::Diff) -> Result<Option<Level>> {
    let (old, new) = (services(&flags.old)?, services(&flags.new)?);
    let compared = compare(&old, &new)?;
    // Whoever reads may have read enough.
    let _ = std::io::stdout().write_all(report(&compared, flags.json).as_bytes());
    let failed = compared
        .iter()
        .filter(|(_, compared)| matches!(compared, Compared::Unreadable));
    match failed.count() {
        0 => Ok(compared.iter().filter_map(|(_, compared)| compared.verdict()).max()),
        1 => bail!("a service could not be compared"),
        failed => bail!("{failed} services could not be compared"),
    }
}

/// What is printed of all services.
fn report(compared: &[(String, Compared)], as_json: bool) -> String {
    let verdict = compared.iter().filter_map(|(_, compared)| compared.verdict()).max();
    if as_json {
        let services: serde_json::Map<_, _> = compared
            .iter()
            .map(|(name, compared)| (name.clone(), compared.json()))
            .collect();
        return format!("{:#}\n", json!({ "verdict": verdict, "services": services }));
    }
    if let [(_, Compared::Both(diff))] = compared {
        return format!("{diff}\n");
    }
    let mut text = String::new();
    for (name, compared) in compared {
        let changes = match compared {
            // Only what changes is of interest among many.
            Compared::Both(diff) if diff.changes.is_empty() => continue,
            Compared::Both(diff) => diff.to_string(),
            Compared::Added => "verdict: minor, because the service is new".to_owned(),
            Compared::Removed => "verdict: major, because the service is gone".to_owned(),
            Compared::Unreadable => continue,
        };
        text.push_str(&format!("{name}\n\n{changes}\n\n"));
    }
    let changed = compared.iter().filter(|(_, compared)| compared.verdict().is_some());
    let noun = if compared.len() == 1 { "service" } else { "services" };
    text.push_str(&format!(
        "{} {noun}, {} of them change\n",
        compared.len(),
        changed.count()
    ));
    text
}

/// What a release does to the exit code: 0 is for none, 1 and 2 for errors.
pub(crate) fn exit_code(verdict: Option<Level>) -> ExitCode {
    ExitCode::from(match verdict {
        None => 0,
        Some(Level::Patch) => 10,
        Some(Level::Minor) => 11,
        Some(Level::Major) => 12,
    })
}

/// What became of a service.
enum Compared {
    Both(Diff),
    Added,
    Removed,
    /// What is wrong has been shown.
    Unreadable,
}

impl Compared {
    fn verdict(&self) -> Option<Level> {
        match self {
            Self::Both(diff) => diff.verdict(),
            Self::Added => Some(Level::Minor),
            Self::Removed => Some(Level::Major),
            Self::Unreadable => None,
        }
    }

    fn json(&self) -> serde_json::Value {
        let (status, changes) = match self {
            Self::Both(diff) => ("compared", diff.changes.as_slice()),
            Self::Added => ("added", [].as_slice()),
            Self::Removed => ("removed", [].as_slice()),
            Self::Unreadable => ("unreadable", [].as_slice()),
        };
        let because = match self {
            Self::Both(diff) => diff.decisive(),
            Self::Added | Self::Removed | Self::Unreadable => None,
        };
        json!({ "status": status, "verdict": self.verdict(), "because": because, "changes": changes })
    }
}

/// The model folders by the names of services. A folder that is one itself has no name.
fn services(folder: &Path) -> Result<BTreeMap<String, PathBuf>> {
    ensure!(folder.exists(), "there is no folder `{}`", folder.display());
    // What is wrong with a file is said when it is compared.
    if folder.is_file() || models::is_model(folder)? {
        return Ok(BTreeMap::from([(String::new(), folder.to_owned())]));
    }
    let services = models::services(folder, None)?.into_iter();
    Ok(services.map(|service| (service.name, service.model)).collect())
}

fn compare(old: &BTreeMap<String, PathBuf>, new: &BTreeMap<String, PathBuf>) -> Result<Vec<(String, Compared)>> {
    ensure!(
        old.contains_key("") == new.contains_key(""),
        "one folder is the description of a service, the other has many: name the folder of the service"
    );
    let mut compared = Vec::new();
    let names: std::collections::BTreeSet<_> = old.keys().chain(new.keys()).collect();
    for name in names {
        let result = match (old.get(name), new.get(name)) {
            (Some(old), Some(new)) => match codegen::compare(old, new) {
                Ok(diff) => Compared::Both(diff),
                Err(diagnostics) => {
                    if !name.is_empty() {
                        eprintln!("`{name}` cannot be compared:\n");
                    }
                    show(&diagnostics);
                    Compared::Unreadable
                }
            },
            (None, _) => Compared::Added,
            (_, None) => Compared::Removed,
        };
        compared.push((name.clone(), result));
    }
    Ok(compared)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    /// Puts a description of this repository there, with a text replaced.
    fn put(folder: &Path, from: &str, to: &str) {
        let base = crate::root().join("tests/evolution/base");
        fs::create_dir_all(folder).expect("a folder");
        for name in ["service-2.json", "endpoint-rule-set-1.json"] {
            let text = fs::read_to_string(base.join(name)).expect("a description");
            fs::write(folder.join(name), text.replace(from, to)).expect("written");
        }
    }

    fn verdict(old: &Path, new: &Path) -> Result<Option<Level>> {
        run(&flags::Diff {
            old: old.to_owned(),
            new: new.to_owned(),
            json: false,
        })
    }

    #[test]
    fn folders_of_many_services_are_compared_service_by_service() {
        let folder = tempfile::tempdir().expect("a folder");
        let (old, new) = (folder.path().join("old"), folder.path().join("new"));
        put(&old.join("same/2026-01-01"), "", "");
        put(&old.join("changed/2026-01-01"), "", "");
        put(&old.join("gone/2026-01-01"), "", "");
        put(&new.join("same"), "", "");
        put(&new.join("changed/2025-01-01"), "\"READY\", ", "");
        put(&new.join("changed/2026-01-01"), "\"SOLD\"", "\"SOLD\", \"LOST\"");
        put(&new.join("added/2026-01-01"), "", "");

        let compared = compare(&services(&old).expect("services"), &services(&new).expect("services"));
        let compared = compared.expect("both can be read");
        let verdicts: Vec<_> = compared
            .iter()
            .map(|(name, compared)| (name.as_str(), compared.verdict()))
            .collect();
        assert_eq!(
            verdicts,
            [
                ("added", Some(Level::Minor)),
                ("changed", Some(Level::Minor)),
                ("gone", Some(Level::Major)),
                ("same", None),
            ]
        );
        let json = compared[1].1.json();
        assert_eq!(
            json["because"]["text"],
            "`ItemState` gains the value `Lost`, `LOST` on the wire"
        );
        assert_eq!(json["changes"][0]["part"], "type");
        assert_eq!(
            json["changes"][0]["operations"],
            json!(["CreateItem", "GetItem", "ListItems", "Watch"])
        );
        assert_eq!(verdict(&old, &new).expect("both can be read"), Some(Level::Major));
        let one = verdict(&old.join("changed/2026-01-01"), &new.join("changed/2026-01-01"));
        assert_eq!(one.expect("both can be read"), Some(Level::Minor));
    }

    #[test]
    fn what_cannot_be_compared_is_an_error() {
        let folder = tempfile::tempdir().expect("a folder");
        let one = folder.path().join("one");
        put(&one, "", "");
        let error = |old: &Path, new: &Path| verdict(old, new).expect_err("an error").to_string();
        assert!(error(&folder.path().join("none"), &one).starts_with("there is no folder "));
        assert!(error(folder.path(), &one).starts_with("one folder is the description of a service"));
        let file = folder.path().join("broken.json");
        fs::write(&file, "{").expect("written");
        assert_eq!(error(&one, &file), "a service could not be compared");
        let unreadable = folder.path().join("unreadable");
        put(&unreadable, "{", "");
        let path = unreadable.join("service-2.json");
        let expected = format!("`{}` is not a description: ", path.display());
        assert!(
            error(&one, &unreadable).starts_with(&expected),
            "{}",
            error(&one, &unreadable)
        );
        let broken = folder.path().join("broken");
        put(&broken, "\"blob\"", "\"bolb\"");
        assert_eq!(error(&one, &broken), "a service could not be compared");
        // The others are compared all the same.
        let (old, new) = (folder.path().join("old"), folder.path().join("new"));
        for (side, changed) in [(&old, "\"SOLD\""), (&new, "\"SOLD\", \"LOST\"")] {
            put(&side.join("fine/2026-01-01"), "\"SOLD\"", changed);
            put(&side.join("broken/2026-01-01"), "\"blob\"", "\"bolb\"");
        }
        let compared = compare(&services(&old).expect("services"), &services(&new).expect("services"));
        let compared = compared.expect("folders");
        assert_eq!(compared[0].1.json()["status"], "unreadable");
        assert_eq!(compared[1].1.verdict(), Some(Level::Minor));
        assert_eq!(error(&old, &new), "a service could not be compared");
    }
}
