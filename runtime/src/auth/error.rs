//! Why a source has no credentials.

use std::borrow::Cow;
use std::fmt;
use std::path::Path;
use std::sync::Arc;

use crate::error::BoxError;
use crate::words::one_line::{OneLine, WholeLine};

/// Why a source has no credentials.
///
/// There are two kinds. If a source is *not configured*, a chain continues with the next one. If a source is configured and
/// *fails*, the chain ends: continuing could silently pick up the role of the machine.
///
/// `Display` is one line: what is wrong, the file and line that configure the source, and a hint if there is one. It never
/// shows a secret, a token or the arguments of a process.
#[derive(Clone)]
pub struct CredentialsError(Box<Inner>);

#[derive(Clone)]
struct Inner {
    is_configured: bool,
    problem: String,
    place: Option<Place>,
    hint: Option<Cow<'static, str>>,
    source: Option<Arc<dyn std::error::Error + Send + Sync>>,
    is_outage: bool,
}

impl CredentialsError {
    /// Creates the error of a source that is not configured, after which a chain continues.
    ///
    /// The reason says where the source looked, such as "`VAULT_ADDR` is not set".
    pub fn not_configured(reason: impl Into<String>) -> Self {
        Self::new(false, reason.into())
    }

    /// Creates the error of a source that is configured and has failed, which ends a chain.
    pub fn failed(problem: impl Into<String>) -> Self {
        Self::new(true, problem.into())
    }

    #[cold]
    fn new(is_configured: bool, problem: String) -> Self {
        Self(Box::new(Inner {
            is_configured,
            problem,
            place: None,
            hint: None,
            source: None,
            is_outage: false,
        }))
    }

    /// Sets a hint: what to do about it.
    pub fn with_hint(mut self, hint: impl Into<Cow<'static, str>>) -> Self {
        self.0.hint = Some(hint.into());
        self
    }

    /// Sets the cause, which [`source`](std::error::Error::source) returns.
    pub fn with_source(mut self, source: impl Into<BoxError>) -> Self {
        self.0.source = Some(source.into().into());
        self
    }

    pub(crate) fn cause(&self) -> Option<&Arc<dyn std::error::Error + Send + Sync>> {
        self.0.source.as_ref()
    }

    pub(crate) fn is_outage(&self) -> bool {
        self.0.is_outage
    }

    /// Whether the source is not configured, rather than failed.
    pub fn is_not_configured(&self) -> bool {
        !self.0.is_configured
    }

    /// Returns what is wrong, without the place and the hint.
    pub fn problem(&self) -> &str {
        &self.0.problem
    }

    /// Returns the file and line that configure the source, if a file does.
    pub fn place(&self) -> Option<&Place> {
        self.0.place.as_ref()
    }

    /// Returns the hint, if there is one.
    pub fn hint(&self) -> Option<&str> {
        self.0.hint.as_deref()
    }
}

#[cfg(feature = "credential-chain")]
impl CredentialsError {
    /// Says where the source is configured, unless that is known already.
    pub(crate) fn at(mut self, place: &Place) -> Self {
        self.0.place.get_or_insert_with(|| place.clone());
        self
    }

    /// Says what failed in front of why it did.
    pub(crate) fn within(mut self, context: impl fmt::Display) -> Self {
        self.0.problem = format!("{context}: {}", self.0.problem);
        self
    }

    /// The same as a failure: something else is configured to use this source.
    pub(crate) fn into_failure(mut self) -> Self {
        self.0.is_configured = true;
        self
    }

    /// Marks that the source cannot be reached, and that services accept its last credentials meanwhile, even those that
    /// have expired.
    pub(crate) fn in_outage(mut self) -> Self {
        self.0.is_outage = true;
        self
    }

    /// The same for credentials that services do not accept after they have expired.
    pub(crate) fn without_outage(mut self) -> Self {
        self.0.is_outage = false;
        self
    }
}

impl fmt::Display for CredentialsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", WholeLine(&self.0.problem))?;
        match (&self.0.place, &self.0.hint) {
            (Some(place), Some(hint)) => write!(f, " [{place}, hint: {}]", OneLine(hint)),
            (Some(place), None) => write!(f, " [{place}]"),
            (None, Some(hint)) => write!(f, " [hint: {}]", OneLine(hint)),
            (None, None) => Ok(()),
        }
    }
}

impl fmt::Debug for CredentialsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CredentialsError")
            .field("is_not_configured", &self.is_not_configured())
            .field("problem", &self.0.problem)
            .field("place", &self.0.place)
            .field("hint", &self.0.hint)
            .field("source", &self.0.source)
            .finish()
    }
}

impl std::error::Error for CredentialsError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.source.as_ref().map(|source| &**source as _)
    }
}

/// A line of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The file.
    pub file: Arc<Path>,
    /// The line, which counts from 1.
    pub line: u32,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", OneLine(&self.file.display()), self.line)
    }
}

#[cfg(all(test, feature = "credential-chain"))]
mod tests {
    use super::*;

    #[test]
    fn one_line_says_problem_place_and_hint() {
        let place = Place {
            file: Path::new("/home/a/.aws/config").into(),
            line: 7,
        };
        let error = CredentialsError::failed("the token\nhas expired");
        assert_eq!(error.to_string(), "the token has expired");
        let error = error.within("the profile `dev`").at(&place);
        assert_eq!(
            error.to_string(),
            "the profile `dev`: the token has expired [/home/a/.aws/config:7]"
        );
        let error = error.with_hint("run `aws sso login --profile dev`").at(&Place {
            line: 9,
            ..place.clone()
        });
        assert_eq!(
            error.to_string(),
            "the profile `dev`: the token has expired [/home/a/.aws/config:7, hint: run `aws sso login --profile dev`]"
        );
        assert_eq!(error.place(), Some(&place));
    }

    #[test]
    fn what_is_not_configured_becomes_a_failure_where_it_is_needed() {
        let error = CredentialsError::not_configured("`A` is not set");
        assert!(error.is_not_configured());
        assert!(!error.into_failure().is_not_configured());
    }
}
