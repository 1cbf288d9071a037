//! The signature vectors of AWS, as the package `aws-sigv4` has them.

use std::fs;
use std::path::PathBuf;

use serde_json::Value;

use crate::package;

/// A request, and what becomes of it on the way to its signature.
#[derive(Debug)]
pub struct Vector {
    /// The name of its folder.
    pub name: String,
    /// Whether the path is signed without dots and empty segments.
    pub normalize: bool,
    /// Whether the hash of the body is sent and signed as a header.
    pub sign_body: bool,
    /// Whether the token is added when the request is signed already.
    pub omit_token: bool,
    /// The token of temporary credentials.
    pub token: Option<String>,
    folder: PathBuf,
}

impl Vector {
    /// All vectors with a signature, sorted by name.
    ///
    /// # Panics
    ///
    /// When they cannot be read, or have other keys and times than they had.
    #[must_use]
    pub fn all() -> Vec<Self> {
        let suite = package::folder("aws-sigv4").join("aws-signing-test-suite/v4");
        let folders = fs::read_dir(suite).expect("the package has vectors");
        let folders = folders.map(|folder| folder.expect("a folder").path());
        // Two have no context and no signature.
        let mut vectors: Vec<_> = folders
            .filter(|folder| folder.join("context.json").exists())
            .map(Self::read_context)
            .collect();
        vectors.sort_by(|left, right| left.name.cmp(&right.name));
        assert!(!vectors.is_empty(), "the package has no vectors");
        vectors
    }

    fn read_context(folder: PathBuf) -> Self {
        let context = fs::read(folder.join("context.json")).expect("the context can be read");
        let context: Value = serde_json::from_slice(&context).expect("the context is JSON");
        let keys = &context["credentials"];
        assert_eq!(keys["access_key_id"], "AKIDEXAMPLE");
        assert_eq!(keys["secret_access_key"], "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");
        assert_eq!(context["region"], "us-east-1");
        assert_eq!(context["service"], "service");
        assert_eq!(context["timestamp"], "2015-08-30T12:36:00Z");
        let is_set = |name: &str| context[name].as_bool().unwrap_or_default();
        let name = folder.file_name().expect("folders have names");
        Self {
            name: name.to_string_lossy().into_owned(),
            normalize: is_set("normalize"),
            sign_body: is_set("sign_body"),
            omit_token: is_set("omit_session_token"),
            token: keys["token"].as_str().map(str::to_owned),
            folder,
        }
    }

    /// One of its files: `request`, `header-canonical-request`, `header-string-to-sign`, `header-signed-request` ..
    ///
    /// # Panics
    ///
    /// When there is no such file.
    #[must_use]
    pub fn read(&self, file: &str) -> String {
        let path = self.folder.join(file).with_extension("txt");
        fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }
}
