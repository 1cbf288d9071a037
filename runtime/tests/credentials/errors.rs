//! What kinds of errors the texts of other projects stand for.

use lean_aws_runtime::credentials::CredentialsError;

/// What of an expected text means what in ours.
const KINDS: &[(&str, Kind)] = &[
    ("the credential provider was not enabled", Kind::NotConfigured("")),
    (
        "will resolve an access token instead of credentials",
        Kind::NotConfigured("bearer token"),
    ),
    (
        "did not contain credential information",
        Kind::Any("has no credentials"),
    ),
    ("IMDS is disabled", Kind::Any("403")),
    ("failed to read", Kind::Failed("is missing")),
    (
        "`web_identity_token_file` was specified but",
        Kind::Failed("no `role_arn`"),
    ),
    ("InvalidIdentityTokenException", Kind::Failed("InvalidIdentityToken")),
    (
        "external process exited with code",
        Kind::Failed("failed with exit code"),
    ),
    (
        "from external process, could not parse response",
        Kind::Failed("printed unusable output"),
    ),
    ("could not parse profile file", Kind::AtALine),
    (
        "profile missing aws_access_key_id",
        Kind::Failed("no `aws_access_key_id`"),
    ),
    (
        "profile missing aws_secret_access_key",
        Kind::Failed("no `aws_secret_access_key`"),
    ),
    (
        "could not find source profile",
        Kind::Failed("has the `source_profile`"),
    ),
    (
        "then `sso_account_id` must also be set",
        Kind::Failed("no `sso_account_id`"),
    ),
    (
        "then `sso_role_name` must also be set",
        Kind::Failed("no `sso_role_name`"),
    ),
    (
        "can only be specified in the [sso-session] config",
        Kind::Failed("belongs into the section"),
    ),
    ("sso-session named", Kind::Failed("there is no section `[sso-session")),
    ("formed an infinite loop", Kind::Failed("form a cycle")),
    (
        "contained both source_profile and credential_source",
        Kind::Failed("has both"),
    ),
    ("but neither were defined", Kind::Failed("but neither")),
    (
        "Expected a section definition",
        Kind::Failed("before the first section"),
    ),
    (
        "Expected a profile definition",
        Kind::Failed("before the first section"),
    ),
    ("definition must end with ']'", Kind::Failed("must end in `]`")),
    (
        "Property did not have a name in sub-property",
        Kind::Failed("an indented property needs a name"),
    ),
    (
        "Sub-property did not have a name",
        Kind::Failed("an indented property needs a name"),
    ),
    ("Property did not have a name", Kind::Failed("a property needs a name")),
    (
        "sign defining a property in sub-property",
        Kind::Failed("an indented property needs a `=`"),
    ),
    (
        "sign defining a sub-property",
        Kind::Failed("an indented property needs a `=`"),
    ),
    ("sign defining a property", Kind::Failed("a property needs a `=`")),
    ("Expected a property definition", Kind::Failed("continues a property")),
    (
        "No environment variables were set to configure ECS",
        Kind::NotConfigured("is set"),
    ),
    ("URI did not specify a host", Kind::Failed("not a URL with a host")),
    ("is not a valid endpoint mode", Kind::Failed("must be `IPv4` or `IPv6`")),
    ("invalid uri character", Kind::Failed("is not a URL")),
];

enum Kind {
    /// Nothing is configured, with this in the text.
    NotConfigured(&'static str),
    /// Something has failed, with this in the text.
    Failed(&'static str),
    /// One of these, with this in the text.
    Any(&'static str),
    /// A line of a file is at fault.
    AtALine,
}

/// Whether an error is of the kind that a text stands for. A text that is not known stands for any error.
pub(crate) fn compare(expected: &str, error: &CredentialsError) -> Result<(), String> {
    let Some((_, kind)) = KINDS.iter().find(|(text, _)| expected.contains(text)) else {
        return Ok(());
    };
    let holds = match kind {
        Kind::NotConfigured(text) => error.is_not_configured() && error.problem().contains(text),
        Kind::Failed(text) => !error.is_not_configured() && error.problem().contains(text),
        Kind::Any(text) => error.problem().contains(text),
        Kind::AtALine => error.place().is_some(),
    };
    match holds {
        true => Ok(()),
        false => Err(format!("the error should be of the kind of `{expected}`")),
    }
}
