//! `paginators-1.json`: which operations return their results in pages.

use indexmap::IndexMap;
use serde::Deserialize;
use serde_json::Value;

/// The whole file.
#[derive(Debug, Default, Deserialize)]
pub struct Paginators {
    /// The version of the format.
    pub version: Option<String>,
    /// By operation.
    pub pagination: IndexMap<String, Paginator>,
}

/// How to get the next page. Expressions are JMESPath; a value is one of them or a list.
#[derive(Debug, Deserialize)]
pub struct Paginator {
    /// The input member that says where to go on.
    pub input_token: Value,
    /// The same in the output.
    pub output_token: Value,
    /// What is collected over the pages.
    pub result_key: Option<Value>,
    /// The input member for the number of results on a page.
    pub limit_key: Option<String>,
    /// Whether another page follows.
    pub more_results: Option<String>,
    /// What is the same on every page.
    #[serde(default)]
    pub non_aggregate_keys: Vec<String>,
}
