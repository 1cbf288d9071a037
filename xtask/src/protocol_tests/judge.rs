//! What has been observed against what a case expects.

mod cbor;
mod form;
mod json;
mod request;
mod result;
mod xml;

use serde::Deserialize;
use serde_json::Value;

use super::client::Client;
use super::suite::{CaseId, Direction, Suite};

/// What a case has shown: a line of the program.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Observation {
    Request(request::Request),
    Output(Value),
    Error(result::Failure),
    /// There is neither, for this reason.
    Failure(String),
}

/// What is not as it should be.
#[derive(Debug, PartialEq)]
pub(crate) struct Difference {
    /// Where to look.
    pub(crate) what: String,
    pub(crate) expected: String,
    pub(crate) actual: String,
}

impl Difference {
    pub(crate) fn new(what: impl Into<String>, expected: impl Into<String>, actual: impl Into<String>) -> Self {
        Self {
            what: what.into(),
            expected: expected.into(),
            actual: actual.into(),
        }
    }

    /// The same, somewhere in particular.
    pub(crate) fn of(mut self, place: &str) -> Self {
        self.what = format!("{place}: {}", self.what);
        self
    }
}

/// All differences. None is what everybody hopes for.
pub(crate) fn judge(client: &Client, suites: &[Suite], id: CaseId, observation: &Observation) -> Vec<Difference> {
    let case = id.of(suites);
    let Some(operation) = client.operation(id) else {
        return vec![Difference::new("operation", "to be generated", "left out")];
    };
    match (&case.direction, observation) {
        (Direction::Input(input), Observation::Request(request)) => {
            let params = case.params.clone().unwrap_or_default();
            request::differences(client, operation, &params, &input.serialized, request)
        }
        (Direction::Output(output), Observation::Output(members)) => {
            result::of_output(client, operation, output, members)
        }
        (Direction::Output(output), Observation::Error(error)) => result::of_error(client, output, error),
        (_, Observation::Failure(reason)) => vec![Difference::new("call", "to be made", reason)],
        (_, observation) => vec![Difference::new("call", "something else", format!("{observation:?}"))],
    }
}
