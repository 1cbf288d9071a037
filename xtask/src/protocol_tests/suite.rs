//! Suites of protocol tests as botocore writes them: small descriptions of services, with cases. Those of Smithy become the
//! same.

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use serde::Deserialize;
use serde_json::{Map, Value};

use super::smithy;

/// A description of a service, and what is to be tried with it.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Suite {
    /// The file that it stands in.
    #[serde(skip)]
    pub(crate) file: String,
    #[serde(default)]
    pub(crate) description: String,
    #[serde(default)]
    pub(crate) metadata: Map<String, Value>,
    #[serde(default)]
    pub(crate) shapes: Map<String, Value>,
    /// The endpoint that the user has set.
    pub(crate) client_endpoint: Option<String>,
    pub(crate) cases: Vec<Case>,
}

/// One call.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Case {
    pub(crate) id: Option<String>,
    /// The operation.
    pub(crate) given: Map<String, Value>,
    /// The input. None is an empty one.
    #[serde(default)]
    pub(crate) params: Option<Map<String, Value>>,
    #[serde(flatten)]
    pub(crate) direction: Direction,
}

/// What a case is about.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub(crate) enum Direction {
    Input(Box<Input>),
    Output(Box<Output>),
}

/// What the input becomes.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Input {
    pub(crate) serialized: Serialized,
}

/// What becomes of the response.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Output {
    pub(crate) response: Response,
    /// The output, unless it is an error.
    pub(crate) result: Option<Value>,
    /// The members of the error.
    pub(crate) error: Option<Value>,
    pub(crate) error_code: Option<String>,
    pub(crate) error_message: Option<String>,
}

/// What a request must be. What is left out may be anything.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Serialized {
    pub(crate) method: Option<String>,
    /// Path and query.
    pub(crate) uri: Option<String>,
    /// The path alone, where the query may have more than these parameters.
    pub(crate) path: Option<String>,
    #[serde(default)]
    pub(crate) query_params: Vec<String>,
    #[serde(default)]
    pub(crate) forbid_query_params: Vec<String>,
    #[serde(default)]
    pub(crate) require_query_params: Vec<String>,
    #[serde(default)]
    pub(crate) headers: BTreeMap<String, String>,
    #[serde(default)]
    pub(crate) forbid_headers: Vec<String>,
    #[serde(default)]
    pub(crate) require_headers: Vec<String>,
    pub(crate) body: Option<String>,
    /// The authority; a base path may follow.
    pub(crate) host: Option<String>,
    /// What nothing is known of.
    #[serde(flatten)]
    pub(crate) others: Map<String, Value>,
}

/// What the service answers.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Response {
    #[serde(default = "ok")]
    pub(crate) status_code: u16,
    #[serde(default)]
    pub(crate) headers: BTreeMap<String, String>,
    /// A text. Anything else, such as nothing or an empty object, is an empty body.
    #[serde(default)]
    pub(crate) body: Value,
}

fn ok() -> u16 {
    200
}

impl Response {
    pub(crate) fn body(&self) -> &str {
        self.body.as_str().unwrap_or_default()
    }
}

/// The suites of a file.
pub(crate) fn read(file: &Path) -> Result<Vec<Suite>> {
    let name = file.strip_prefix(crate::root()).unwrap_or(file).display().to_string();
    let text = fs::read_to_string(file).with_context(|| format!("cannot read {name}"))?;
    let document: Value = serde_json::from_str(&text).with_context(|| format!("{name} is not JSON"))?;
    let mut suites: Vec<Suite> = match document.get("smithy") {
        Some(_) => smithy::suites(&document).with_context(|| format!("{name} cannot be used"))?,
        None => serde_json::from_value(document)
            .with_context(|| format!("{name} does not hold protocol tests in the format of botocore or Smithy"))?,
    };
    for suite in &mut suites {
        suite.file.clone_from(&name);
    }
    Ok(suites)
}

/// A case among many suites.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct CaseId {
    pub(crate) suite: usize,
    pub(crate) case: usize,
}

impl CaseId {
    /// All cases, in order.
    pub(crate) fn all(suites: &[Suite]) -> impl Iterator<Item = Self> + '_ {
        let cases = |(suite, it): (usize, &Suite)| (0..it.cases.len()).map(move |case| Self { suite, case });
        suites.iter().enumerate().flat_map(cases)
    }

    pub(crate) fn of(self, suites: &[Suite]) -> &Case {
        &suites[self.suite].cases[self.case]
    }

    /// What people find the case by.
    pub(crate) fn describe(self, suites: &[Suite]) -> String {
        let suite = &suites[self.suite];
        let id = self.of(suites).id.as_ref().map(|id| format!(" ({id})"));
        let number = self.case + 1;
        format!(
            "{}: {}, case {number}{}",
            suite.file,
            suite.description,
            id.unwrap_or_default()
        )
    }

    /// The module and file of its code, and what its observations are printed with.
    pub(crate) fn module(self) -> String {
        format!("suite_{}_case_{}", self.suite + 1, self.case + 1)
    }
}

impl fmt::Display for CaseId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.module())
    }
}
