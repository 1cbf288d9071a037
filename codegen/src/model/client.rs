//! `client.json`: what the description of a service cannot say. Everything in it is optional.

use indexmap::IndexMap;
use serde::Deserialize;

use super::service::Protocol;
use super::word::Word;

/// The whole file.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Client {
    /// The crate to write.
    pub package: Package,
    /// The protocol to speak, where the service speaks several.
    pub protocol: Option<Word<Protocol>>,
    /// How long to wait.
    pub timeouts: Timeouts,
    /// Which errors may be retried, besides those that the description marks.
    pub retries: Retries,
    /// What the text of an error calls a member: error, member, words.
    pub error_details: IndexMap<String, IndexMap<String, String>>,
    /// What to do about errors, for the end of their texts. The first that fits is shown.
    pub hints: Vec<Hint>,
    /// The call that the crate's documentation opens with.
    pub example: Option<Example>,
}

/// The crate's manifest.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Package {
    /// Such as `sagemaker-runtime`. Default: `lean-aws-` and the service's identifier.
    pub name: Option<String>,
    /// A semantic version, `0.1.0` by default.
    pub version: Option<String>,
    /// One line.
    pub description: Option<String>,
    /// For the registry.
    pub keywords: Vec<String>,
    /// For the registry.
    pub categories: Vec<String>,
}

/// How long to wait.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Timeouts {
    /// For a silence on the wire, 60 by default.
    pub read_seconds: Option<i64>,
}

/// Which errors may be retried.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Retries {
    /// Errors that ask for fewer requests.
    pub throttling: Vec<String>,
    /// Errors that pass by themselves.
    pub transient: Vec<String>,
    /// Errors that end when the service is ready, which may take minutes: a caller can wait for that.
    pub not_ready: Vec<String>,
}

/// What to do about an error. It fits errors that are all that it says.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Hint {
    /// The operation's name.
    pub operation: Option<String>,
    /// The error's name.
    pub code: Option<String>,
    /// The HTTP status.
    pub status: Option<i64>,
    /// Texts that are all in the message of the error.
    pub message_contains: Vec<String>,
    /// What to do: a short clause in the imperative.
    pub hint: String,
}

/// A call.
#[derive(Debug, Deserialize)]
pub struct Example {
    /// The operation's name.
    pub operation: String,
    /// The members that are set, with their values.
    #[serde(default)]
    pub members: IndexMap<String, String>,
}
