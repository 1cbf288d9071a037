//! The lock files of the repository: one for each of its workspaces, all with the versions of the runtime and the clients.

use std::path::Path;

use anyhow::Result;

use crate::cargo;

/// The workspaces that `cargo xtask test` builds, from the root of the repository.
const WORKSPACES: [&str; 3] = ["", "fuzz", "tests/bench"];

/// Examples whose dependencies nothing else needs, so that cargo may have to ask the registry about them.
const EXAMPLES: [&str; 2] = ["tests/openai", "tests/telemetry"];

/// Takes over new versions of the packages of this repository. Versions of others stay.
///
/// # Errors
///
/// If a workspace needs a crate that cargo has not downloaded, or if the registry cannot be reached.
pub(crate) fn refresh() -> Result<()> {
    let refresh = |workspaces: &[&str], options: &[&str]| {
        let mut workspaces = workspaces.iter();
        workspaces.try_for_each(|workspace| refresh_in(&crate::root().join(workspace), options))
    };
    refresh(&WORKSPACES, &["--offline"])?;
    refresh(&EXAMPLES, &[])
}

fn refresh_in(workspace: &Path, options: &[&str]) -> Result<()> {
    let mut update = cargo();
    update.args(["update", "--workspace", "--quiet", "--manifest-path"]);
    crate::run(update.arg(workspace.join("Cargo.toml")).args(options))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    /// A package in a folder, and the line that it needs of a workspace or of a dependency.
    fn write(folder: &Path, name: &str, version: &str, more: &str) {
        fs::create_dir_all(folder.join("src")).expect("a folder");
        fs::write(folder.join("src/lib.rs"), "").expect("written");
        let manifest = format!("[package]\nname = \"{name}\"\nversion = \"{version}\"\nedition = \"2024\"\n{more}\n");
        fs::write(folder.join("Cargo.toml"), manifest).expect("written");
    }

    /// Whether cargo accepts the lock file as it is.
    fn is_fresh(workspace: &Path) -> bool {
        let mut metadata = cargo();
        metadata.args([
            "metadata",
            "--format-version=1",
            "--locked",
            "--offline",
            "--manifest-path",
        ]);
        let output = metadata
            .arg(workspace.join("Cargo.toml"))
            .output()
            .expect("cargo starts");
        output.status.success()
    }

    #[test]
    fn a_lock_file_takes_over_the_version_of_a_client_outside_of_its_workspace() {
        let folder = tempfile::tempdir().expect("a folder");
        let (client, workspace) = (folder.path().join("client"), folder.path().join("fuzz"));
        write(&client, "client", "0.1.0", "");
        let dependency = "[workspace]\n[dependencies]\nclient = { path = \"../client\" }";
        write(&workspace, "fuzz", "0.0.0", dependency);
        refresh_in(&workspace, &["--offline"]).expect("nothing is to be downloaded");
        assert!(is_fresh(&workspace));

        write(&client, "client", "0.1.1", "");
        assert!(!is_fresh(&workspace), "the gate would not notice");
        refresh_in(&workspace, &["--offline"]).expect("nothing is to be downloaded");
        assert!(is_fresh(&workspace));
    }

    #[test]
    fn every_workspace_is_there() {
        for workspace in WORKSPACES.into_iter().chain(EXAMPLES) {
            assert!(
                crate::root().join(workspace).join("Cargo.lock").is_file(),
                "{workspace}"
            );
        }
    }
}
