//! Where clients find the runtime: in this repository, or in a copy of their own.

use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};

use anyhow::{Context, Result};
use codegen::{Files, Runtime};

use crate::output::{self, MARK, Owned, Plan};

/// Its folder, in this repository and in clients that have a copy.
const FOLDER: &str = "runtime";
/// What its manifest takes from this workspace, which a copy is not part of.
const INHERITED: &str = "\n[lints]\nworkspace = true\n";

/// The runtime of this repository, for clients that stay on this machine.
pub(crate) fn here() -> Runtime {
    Runtime::Path(folder().display().to_string())
}

/// Reads `--runtime`: a version, or a folder that becomes a path as seen from the client in `out`.
///
/// # Errors
///
/// When the text is neither a version nor a folder with the runtime.
pub(crate) fn choose(text: &str, out: &Path) -> Result<Runtime> {
    if codegen::is_version(text) {
        return Ok(Runtime::Version(text.to_owned()));
    }
    let folder = fs::canonicalize(text).ok().filter(|folder| is_runtime(folder));
    let folder = folder.with_context(|| {
        format!(
            "`--runtime {text}`: give a version, such as `0.1.0`, or a folder that holds the package `{}`",
            codegen::RUNTIME
        )
    })?;
    Ok(Runtime::Path(relative(&folder, &resolve(out)?)))
}

/// Brings the copy in a client's folder up to date, or removes it from a client that finds the runtime elsewhere.
pub(crate) fn plan(client: &Path, runtime: &Runtime) -> Result<Option<Plan>> {
    let folder = client.join(FOLDER);
    match runtime {
        Runtime::Inside => Plan::owning(Owned::RUNTIME, &folder, &copy()?).map(Some),
        Runtime::Path(path) if path == FOLDER => Ok(None),
        Runtime::Path(_) | Runtime::Version(_) if output::is_generated(&folder) => {
            Plan::owning(Owned::RUNTIME, &folder, &Files::new()).map(Some)
        }
        Runtime::Path(_) | Runtime::Version(_) => Ok(None),
    }
}

fn folder() -> PathBuf {
    crate::root().join(FOLDER)
}

/// The files of a copy. It inherits nothing, and is marked as generated.
fn copy() -> Result<Files> {
    let folder = folder();
    let notice = format!("{MARK}. It is a copy: change the original instead.");
    let mut files = Files::new();
    for path in Owned::RUNTIME.files(&folder)? {
        let file = folder.join(&path);
        let mut text = fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
        if path == "Cargo.toml" {
            let own = text.strip_suffix(INHERITED);
            let own = own.with_context(|| format!("{} does not end with `[lints]`", file.display()))?;
            text = format!("# {notice}\n\n{own}");
        } else if path.ends_with(".rs") {
            text.insert_str(0, &format!("// {notice}\n\n"));
        } else if path.starts_with("src/") {
            // A chapter of documentation, whose first line is its summary.
            text.push_str(&format!("\n<!-- {notice} -->\n"));
        }
        files.insert(path, text);
    }
    Ok(files)
}

fn is_runtime(folder: &Path) -> bool {
    let name = format!("name = \"{}\"", codegen::RUNTIME);
    fs::read_to_string(folder.join("Cargo.toml")).is_ok_and(|manifest| manifest.lines().any(|line| line == name))
}

/// The absolute path of a folder that need not exist yet, without links.
///
/// # Errors
///
/// When it cannot be read, or `..` follows a folder that does not exist.
pub(crate) fn resolve(folder: &Path) -> Result<PathBuf> {
    let folder = std::path::absolute(folder)?;
    match (fs::canonicalize(&folder), folder.parent(), folder.file_name()) {
        (Err(error), Some(parent), Some(name)) if error.kind() == io::ErrorKind::NotFound => {
            Ok(resolve(parent)?.join(name))
        }
        (result, ..) => result.with_context(|| format!("cannot find {}", folder.display())),
    }
}

/// A path as seen from a folder, as manifests write it. Both are absolute.
fn relative(to: &Path, from: &Path) -> String {
    let common = to
        .components()
        .zip(from.components())
        .take_while(|(a, b)| a == b)
        .count();
    // They are on different drives.
    if common == 0 {
        return to.display().to_string();
    }
    let up = from.components().skip(common).map(|_| Component::ParentDir);
    let parts = up.chain(to.components().skip(common));
    let parts: Vec<_> = parts.map(|part| part.as_os_str().to_string_lossy()).collect();
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_inherits_nothing_and_has_all_that_a_package_needs() {
        let files = copy().expect("a copy");
        let manifest = &files["Cargo.toml"];
        assert!(manifest.starts_with(&format!("# {MARK}")), "{manifest}");
        assert!(!manifest.contains("workspace"), "{manifest}");
        for file in ["LICENSE", "README.md", "src/lib.rs", "tests/requests.rs"] {
            assert!(files.contains_key(file), "{file}");
        }
    }

    #[test]
    fn its_license_is_that_of_the_repository() {
        let license = |folder: PathBuf| fs::read_to_string(folder.join("LICENSE")).expect("a license");
        assert!(license(folder()) == license(crate::root()));
    }

    #[test]
    fn the_runtime_is_a_version_or_a_folder_seen_from_the_client() {
        let temporary = tempfile::tempdir().expect("a folder");
        let root = temporary.path();
        let write = |folder: &str, package: &str| {
            let folder = root.join(folder);
            fs::create_dir_all(&folder).expect("folders");
            let manifest = format!("[package]\nname = \"{package}\"\n");
            fs::write(folder.join("Cargo.toml"), manifest).expect("written");
            folder.display().to_string()
        };
        let (runtime, other) = (write("vendor/runtime", codegen::RUNTIME), write("other", "hyper"));

        let choose = |text: &str, out: &str| choose(text, &root.join(out)).map_err(|error| error.to_string());
        let path = |path: &str| Ok(Runtime::Path(path.to_owned()));
        assert_eq!(choose("0.2.0", "client"), Ok(Runtime::Version("0.2.0".to_owned())));
        assert_eq!(choose(&runtime, "client"), path("../vendor/runtime"));
        assert_eq!(choose(&runtime, "vendor/clients/new"), path("../../runtime"));
        assert_eq!(choose(&runtime, "vendor"), path("runtime"));
        let error = format!(
            "`--runtime {other}`: give a version, such as `0.1.0`, or a folder that holds the package `lean-aws-runtime`"
        );
        assert_eq!(choose(&other, "client"), Err(error));
        assert!(choose("0.2", "client").is_err());
        assert!(
            choose(&runtime, "new/../client").is_err(),
            "it cannot be known where this leads"
        );
    }

    #[test]
    fn a_copy_comes_goes_and_leaves_what_is_not_ours() {
        let client = tempfile::tempdir().expect("a folder");
        let folder = client.path().join(FOLDER);
        let elsewhere = Runtime::Version("0.1.0".to_owned());
        let carry_out = |runtime: &Runtime| {
            let plan = plan(client.path(), runtime)?;
            plan.map_or(Ok(()), |plan| plan.carry_out())
        };
        carry_out(&Runtime::Inside).expect("written");
        let notes = folder.join("notes.md");
        fs::write(&notes, "").expect("written");
        for orphan in ["src/orphan.rs", "tests/orphan.rs"] {
            fs::write(folder.join(orphan), format!("// {MARK}")).expect("written");
        }
        carry_out(&Runtime::Inside).expect("written");
        let orphans = ["src/orphan.rs", "tests/orphan.rs"];
        assert!(orphans.iter().all(|orphan| !folder.join(orphan).exists()));
        assert!(notes.exists());

        carry_out(&Runtime::Path(FOLDER.to_owned())).expect("left alone");
        assert!(folder.join("src/lib.rs").exists(), "the client still depends on it");
        carry_out(&elsewhere).expect("removed");
        let left = fs::read_dir(&folder).expect("a folder").count();
        assert!(notes.exists() && left == 1);

        // Now it is a folder of others.
        assert!(carry_out(&Runtime::Inside).is_err());
        carry_out(&elsewhere).expect("left alone");
        assert!(notes.exists());
    }
}
