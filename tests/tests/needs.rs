//! A client holds only what its service uses: the runtime leaves out the parts that others need, with their crates.

mod scratch;

use std::collections::BTreeSet;

use codegen::RUNTIME;
use scratch::{Workspace, client, options, root, succeed};

/// The crates that the runtime needs for some services alone.
const CRATES: [&str; 4] = ["crc32fast", "flate2", "md-5", "serde_json"];

/// A service, the features of the runtime that it needs, and which of the crates these bring.
type Needs = (&'static str, &'static [&'static str], &'static [&'static str]);

const SERVICES: [Needs; 7] = [
    ("no-errors", &[], &[]),
    ("sagemaker-runtime", &["bearer-token", "event-stream"], &["crc32fast"]),
    ("harbour", &["paginator", "timestamp", "waiter"], &[]),
    (
        "library",
        &[
            "checksum",
            "compression",
            "document",
            "event-stream",
            "paginator",
            "timestamp",
            "waiter",
        ],
        &CRATES,
    ),
    // Queries are answered in XML.
    ("mailbox", &["form", "xml"], &[]),
    ("shelf", &["xml"], &[]),
    ("thermometer", &["cbor", "event-stream"], &["crc32fast"]),
];

#[test]
fn a_client_holds_what_its_service_uses() {
    let main = codegen::generate(&root().join("models/sagemaker-runtime"), &options(None));
    let main = main.unwrap_or_else(|diagnostics| panic!("{diagnostics}")).files;
    let models = SERVICES.map(|(service, ..)| service);
    let models = models.into_iter().filter(|service| *service != "sagemaker-runtime");
    let models: Vec<_> = models.map(|model| (model, client(model))).collect();
    let mut packages = vec![("sagemaker-runtime", &main)];
    packages.extend(models.iter().map(|(model, files)| (*model, files)));
    let workspace = Workspace::new("needs", &packages);

    for (service, features, crates) in SERVICES {
        let (used, dependencies) = tree(&workspace, service);
        assert_eq!(used, features, "{service}");
        let optional = CRATES.into_iter().filter(|name| dependencies.contains(*name));
        assert_eq!(optional.collect::<Vec<_>>(), crates, "{service}");
        // The rest compiles without them, and none of it is left unused.
        let mut check = workspace.cargo_offline("check");
        succeed(check.args(["--package", service, "--no-default-features"]));
    }
}

/// The features that a client's runtime has, but for those that users choose, and the names of all crates beneath the client.
fn tree(workspace: &Workspace, service: &str) -> (Vec<String>, BTreeSet<String>) {
    let mut tree = workspace.cargo_offline("tree");
    tree.args(["--package", service, "--no-default-features", "--edges", "normal"]);
    let output = succeed(tree.args(["--prefix", "none", "--format", "{p}|{f}"]));
    let output = String::from_utf8(output.stdout).expect("cargo prints text");
    // Such as `lean-aws-runtime v0.1.0 (/path)|checksum,waiter`.
    let lines = output.lines().filter_map(|line| {
        let (package, features) = line.split_once('|')?;
        Some((package.split(' ').next()?, features))
    });
    let features = lines.clone().find(|(name, _)| *name == RUNTIME);
    let (_, features) = features.expect("it has the runtime");
    // The line of a package that has been shown ends with a star.
    let features = features.trim_end_matches(" (*)").split(',');
    let features = features.filter(|feature| !feature.is_empty());
    (
        features.map(str::to_owned).collect(),
        lines.map(|(name, _)| name.to_owned()).collect(),
    )
}
