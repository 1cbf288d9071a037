//! A program of one client and a program of two, for the cost of the second one.

use std::path::PathBuf;

use anyhow::Result;

use super::workspace::{Workspace, dependency};

/// Writes the workspace. `tests/bench/` has the model, both programs, and the versions of dependencies.
pub(super) fn write() -> Result<()> {
    let bench = crate::root().join("tests/bench");
    let mut workspace = Workspace::new(folder());
    let parcels = workspace.client(&bench.join("second-client/model"), None, "parcels")?;
    // Clients with nothing but TLS, as for `hello/ours`.
    let first = dependency(
        "sagemaker-runtime",
        &crate::root().join("generated/sagemaker-runtime"),
        &["tls"],
    );
    let second = dependency("parcels", &parcels, &["tls"]);
    let tokio = "tokio = { version = \"1\", features = [\"macros\", \"rt\"] }\n".to_owned();
    let one = bench.join("hello/ours/src/main.rs");
    workspace.program("one-client", &one, &[first.clone(), tokio.clone()]);
    let two = bench.join("second-client/main.rs");
    workspace.program("two-clients", &two, &[first, second, tokio]);
    workspace.write()
}

/// Where the workspace is; the runner builds what is there.
pub(super) fn folder() -> PathBuf {
    super::target().join("second-client")
}
