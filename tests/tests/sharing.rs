//! Clients of two services in one program share what they can, and one function handles both.

mod scratch;

use codegen::Files;
use scratch::{Workspace, client, root};

fn user() -> Files {
    let root = root();
    let root = root.display();
    let manifest = format!(
        r#"
        [package]
        name = "user"
        edition = "2024"

        [dev-dependencies]
        aws-credential-types = "1.3"
        http = "1"
        lean-aws-runtime = {{ path = '{root}/runtime', features = ["sdk-config"] }}
        library = {{ path = "../library" }}
        rcgen = {{ version = "0.14", default-features = false, features = ["crypto", "pem", "ring"] }}
        sagemaker-runtime = {{ path = '{root}/generated/sagemaker-runtime' }}
        tests = {{ path = '{root}/tests' }}
        tokio = {{ version = "1", features = ["io-util", "macros", "net", "rt"] }}
        tokio-rustls = {{ version = "0.26", default-features = false, features = ["ring"] }}
        "#
    );
    let files = [
        ("Cargo.toml", manifest.as_str()),
        ("src/lib.rs", "//! Nothing but tests.\n"),
        ("tests/user.rs", include_str!("sharing/user.rs")),
        (
            "tests/support/mod.rs",
            "#[allow(dead_code, reason = \"other tests have it, too\")]\npub(crate) mod tls;\n",
        ),
        ("tests/support/tls.rs", include_str!("support/tls.rs")),
    ];
    files.map(|(path, text)| (path.to_owned(), text.to_owned())).into()
}

#[test]
fn clients_of_two_services_share_one_configuration() {
    let workspace = Workspace::new("sharing", &[("library", &client("library")), ("user", &user())]);
    workspace.test("user");
}
