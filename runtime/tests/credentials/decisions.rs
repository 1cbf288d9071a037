//! Where the project has decided otherwise than the case, and why.

use lean_aws_runtime::Credentials;
use lean_aws_runtime::credentials::CredentialsError;
use serde_json::Value;

/// A decision: its reason, what of our error tells of it, and whether the expected result is the one that differs.
struct Decision {
    reason: &'static str,
    error: &'static str,
    expects: fn(&Value) -> bool,
}

const DECISIONS: &[Decision] = &[
    Decision {
        reason: "a selected profile that does not exist ends the search: going on may take the role of the machine",
        error: "selects the profile",
        expects: |_| true,
    },
    Decision {
        reason: "a role whose base has no credentials is a failure, and not the same as nothing being configured",
        error: "has no credentials for its role",
        expects: is_not_enabled,
    },
    Decision {
        reason: "one variable of a pair that belongs together is a failure",
        error: "is set, but not `AWS_",
        expects: |_| true,
    },
    Decision {
        reason: "a source profile that does not exist is a failure",
        error: "has the `source_profile`",
        expects: |expected| expected.get("Ok").is_some() || is_not_enabled(expected),
    },
    Decision {
        reason: "an SSO profile that lacks a property is a failure",
        error: "uses SSO, but has no",
        expects: |expected| expected.get("Ok").is_some() || is_not_enabled(expected),
    },
    Decision {
        reason: "a role that needs an MFA code is an error before anything is sent, if nothing asks for the code",
        error: "needs a code from the MFA device",
        expects: |_| true,
    },
    Decision {
        reason: "`duration_seconds` that cannot be is an error with file and line",
        error: "for `duration_seconds`",
        expects: |_| true,
    },
];

fn is_not_enabled(expected: &Value) -> bool {
    let text = expected["ErrorContains"].as_str();
    text.is_some_and(|text| text.contains("was not enabled"))
}

/// The reason why a result differs, if that was decided.
pub(crate) fn of_folder(case: &Value, result: &Result<Credentials, CredentialsError>) -> Option<&'static str> {
    let error = result.as_ref().err()?;
    let decisions = DECISIONS.iter();
    let mut fitting =
        decisions.filter(|decision| error.problem().contains(decision.error) && (decision.expects)(&case["result"]));
    fitting.next().map(|decision| decision.reason)
}
