//! What is wrong with credentials that cannot sign.

use std::fmt;

/// Where credentials are from.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Origin {
    /// The provider of this name.
    Provider(&'static str),
    /// The variables of the environment.
    Variables,
}

impl Origin {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Provider(name) => name,
            Self::Variables => "environment",
        }
    }
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum Part {
    AccessKeyId,
    SecretAccessKey,
    SessionToken,
}

impl Part {
    fn variable(self) -> &'static str {
        match self {
            Self::AccessKeyId => "AWS_ACCESS_KEY_ID",
            Self::SecretAccessKey => "AWS_SECRET_ACCESS_KEY",
            Self::SessionToken => "AWS_SESSION_TOKEN",
        }
    }

    pub(crate) fn problem_of(self, text: &str) -> Option<&'static str> {
        let is_sent = !matches!(self, Self::SecretAccessKey);
        if text.is_empty() {
            Some("is empty")
        } else if text.contains(char::is_control) {
            Some("has a control character")
        } else if is_sent && !text.bytes().all(|byte| byte.is_ascii_graphic()) {
            Some("has a character that a header cannot carry")
        } else {
            None
        }
    }
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::AccessKeyId => "access key id",
            Self::SecretAccessKey => "secret access key",
            Self::SessionToken => "session token",
        })
    }
}

/// Why credentials cannot sign: which part of them, what is wrong with it, and where it is from, but nothing of it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Flaw {
    pub(crate) part: Part,
    pub(crate) problem: &'static str,
    pub(crate) origin: Origin,
}

impl fmt::Display for Flaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { part, problem, origin } = self;
        match origin {
            Origin::Provider(name) => write!(f, "the {part} of the credentials from `{name}` {problem}"),
            Origin::Variables => write!(f, "`{}` {problem}", part.variable()),
        }
    }
}

impl std::error::Error for Flaw {}
