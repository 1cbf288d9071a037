//! Lints and documents clients with warnings as errors.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::Stdio;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use super::generate::{Client, Generated, Outcome};
use super::progress;
use crate::cargo;

/// Clippy finds what `cargo check` finds, and more.
const COMMANDS: [(&str, &[&str], &[&str]); 2] = [
    ("clippy", &["--workspace"], &["--", "-D", "warnings"]),
    ("doc", &["--workspace", "--no-deps"], &[]),
];

/// Checks those of the clients in `crates` of a folder that are wanted. What is wrong becomes part of them.
pub(super) fn all(folder: &Path, generated: &mut [Generated<'_>], is_wanted: impl Fn(&str) -> bool) -> Result<()> {
    let mut clients: BTreeMap<&str, &mut Client> = BTreeMap::new();
    for generated in generated {
        if let (Outcome::Good(client), true) = (&mut generated.outcome, is_wanted(&generated.service.name)) {
            clients.insert(&generated.service.name, client);
        }
    }
    for members in workspaces(&clients) {
        write_workspace(&folder.join("crates"), &members)?;
        for (command, arguments, lints) in COMMANDS {
            let mut problems = run(folder, command, arguments, lints, members.len())?;
            for name in &members {
                if let Some(client) = clients.get_mut(name.as_str()) {
                    client.checked = true;
                    client.problems.extend(problems.remove(name).unwrap_or_default());
                }
            }
        }
    }
    Ok(())
}

/// Compiles the examples of those of the clients in `crates` of a folder that are wanted. What is wrong becomes part of them.
pub(super) fn examples(folder: &Path, generated: &mut [Generated<'_>], is_wanted: impl Fn(&str) -> bool) -> Result<()> {
    let bar = progress(generated.len());
    bar.set_message("cargo test --doc");
    for generated in generated {
        bar.inc(1);
        let (Outcome::Good(client), true) = (&mut generated.outcome, is_wanted(&generated.service.name)) else {
            continue;
        };
        let crates = folder.join("crates");
        write_workspace(&crates, std::slice::from_ref(&generated.service.name))?;
        let output = cargo()
            .args(["test", "--doc", "--quiet", "--target-dir"])
            .arg(folder.join("target"))
            .current_dir(&crates)
            .output()
            .context("cannot start cargo")?;
        client.checked = true;
        if !output.status.success() {
            let texts = [output.stdout, output.stderr].map(|text| String::from_utf8_lossy(&text).into_owned());
            client.problems.push(texts.concat());
        }
    }
    bar.finish_and_clear();
    Ok(())
}

/// Cargo checks the members of a workspace at the same time, if no two have one name. Botocore has two descriptions of
/// one service.
fn workspaces(clients: &BTreeMap<&str, &mut Client>) -> Vec<Vec<String>> {
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    let mut workspaces: Vec<Vec<String>> = Vec::new();
    for (name, client) in clients {
        let before = seen.entry(&client.package).or_default();
        if workspaces.len() == *before {
            workspaces.push(Vec::new());
        }
        workspaces[*before].push((*name).to_owned());
        *before += 1;
    }
    workspaces
}

fn write_workspace(crates: &Path, members: &[String]) -> Result<()> {
    let manifest = format!("[workspace]\nresolver = \"3\"\nmembers = {members:?}\n\n[profile.dev]\ndebug = false\n");
    let write = |name: &str, content: &[u8]| {
        let file = crates.join(name);
        fs::write(&file, content).with_context(|| format!("cannot write {}", file.display()))
    };
    write("Cargo.toml", manifest.as_bytes())?;
    // The clients are checked with the dependencies that this repository is tested with.
    let lock = crate::root().join("Cargo.lock");
    let lock = fs::read(&lock).with_context(|| format!("cannot read {}", lock.display()))?;
    write("Cargo.lock", &lock)
}

/// Runs cargo on the workspace. Returns what is wrong, by folder.
fn run(
    folder: &Path,
    command: &str,
    arguments: &[&str],
    lints: &[&str],
    members: usize,
) -> Result<BTreeMap<String, Vec<String>>> {
    let crates = folder.join("crates");
    // What cargo itself says, which only matters where it says nothing about a client.
    let log_path = folder.join("cargo.log");
    let log = File::create(&log_path).with_context(|| format!("cannot write {}", log_path.display()))?;
    let mut child = cargo()
        .arg(command)
        .args(arguments)
        .args(["--keep-going", "--quiet", "--message-format", "json", "--target-dir"])
        .arg(folder.join("target"))
        .args(lints)
        .env("RUSTDOCFLAGS", "-D warnings")
        .current_dir(&crates)
        .stdout(Stdio::piped())
        .stderr(log)
        .spawn()
        .context("cannot start cargo")?;

    let bar = progress(members);
    bar.set_message(format!("cargo {command}"));
    let mut problems: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for line in BufReader::new(child.stdout.take().context("cargo has no output")?).lines() {
        let message: Value = serde_json::from_str(&line?).context("cargo does not write JSON")?;
        let Some(member) = member(&message, &crates) else {
            continue;
        };
        match message["reason"].as_str() {
            Some("compiler-message") => problems.entry(member).or_default().extend(problem(&message)),
            Some("compiler-artifact") => bar.inc(1),
            _ => {}
        }
    }
    bar.finish_and_clear();
    let status = child.wait().context("cargo got lost")?;
    if !status.success() && problems.values().all(Vec::is_empty) {
        let log = fs::read_to_string(&log_path).unwrap_or_default();
        bail!("`cargo {command}` failed in {}:\n{log}", crates.display());
    }
    Ok(problems)
}

/// The member that a message is about.
fn member(message: &Value, crates: &Path) -> Option<String> {
    let manifest = Path::new(message["manifest_path"].as_str()?);
    let folder = manifest.parent()?.strip_prefix(crates).ok()?;
    Some(folder.to_string_lossy().into_owned())
}

/// The text of a message, unless it only counts others.
fn problem(message: &Value) -> Option<String> {
    let message = &message["message"];
    let counts = message["code"].is_null() && message["spans"].as_array().is_none_or(Vec::is_empty);
    (!counts).then(|| message["rendered"].as_str().unwrap_or_default().to_owned())
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;
    use std::time::Duration;

    use super::*;
    use crate::models::Service;

    fn client(package: &str) -> Client {
        Client {
            package: package.to_owned(),
            protocol: "rest-json".to_owned(),
            operations: 1,
            lines: 1,
            warnings: Vec::new(),
            caveats: Vec::new(),
            checked: false,
            problems: Vec::new(),
        }
    }

    #[test]
    fn what_the_compiler_clippy_and_rustdoc_say_is_found() {
        let folder = tempfile::tempdir().expect("a folder");
        let folder = folder.path().canonicalize().expect("a path");
        let crates = [
            ("compiler", "fn main() { let unused = 1; }"),
            ("clippy", "fn main() { assert!(true == true); }"),
            ("rustdoc", "//! See [nothing]\nfn main() {}"),
            ("good", "fn main() {}"),
            ("unwanted", "no Rust"),
        ];
        for (name, source) in crates {
            let root = folder.join("crates").join(name);
            fs::create_dir_all(root.join("src")).expect("folders");
            let manifest = format!("[package]\nname = \"corpus-{name}\"\nedition = \"2024\"\n");
            fs::write(root.join("Cargo.toml"), manifest).expect("written");
            fs::write(root.join("src/main.rs"), source).expect("written");
        }
        let services = crates.map(|(name, _)| Service {
            name: name.to_owned(),
            model: PathBuf::new(),
            bytes: 0,
        });
        let mut generated: Vec<_> = services
            .iter()
            .map(|service| Generated {
                service,
                outcome: Outcome::Good(client(&format!("corpus-{}", service.name))),
                time: Duration::ZERO,
            })
            .collect();
        all(&folder, &mut generated, |name| name != "unwanted").expect("cargo runs");

        let said = |at: usize| {
            generated[at]
                .client()
                .map(|client| client.problems.concat())
                .unwrap_or_default()
        };
        assert!(said(0).contains("unused variable: `unused`"), "{}", said(0));
        assert!(said(1).contains("clippy::"), "{}", said(1));
        assert!(said(2).contains("unresolved link to `nothing`"), "{}", said(2));
        assert_eq!([3, 4].map(|at| generated[at].result()), ["checked", "ok"]);
        assert!(generated[3].is_good() && !generated[0].is_good());
    }

    #[test]
    fn packages_of_one_name_are_checked_apart() {
        let (mut a, mut b, mut c) = (client("one"), client("two"), client("one"));
        let clients = BTreeMap::from([("a", &mut a), ("b", &mut b), ("c", &mut c)]);
        assert_eq!(workspaces(&clients), [vec!["a", "b"], vec!["c"]]);
    }
}
