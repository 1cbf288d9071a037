//! Settings for one call.

use std::fmt;

use http::HeaderMap;
use http::header::{HeaderName, HeaderValue};

use crate::auth::CredentialsSource;
use crate::auth::credentials::Source;
use crate::call::retry::Retries;
use crate::call::timeouts::Timeouts;
use crate::error::{Error, Kind};
use crate::words::header_names::is_set_by_client;

/// Settings for one call, in place of the client's.
#[derive(Clone, Default)]
pub struct CallOptions {
    pub(super) timeouts: Timeouts,
    pub(super) retries: Retries,
    pub(super) credentials: Option<Source>,
    pub(super) headers: HeaderMap,
}

impl CallOptions {
    /// Sets nothing: the client's settings apply.
    pub fn new() -> Self {
        Self::default()
    }

    /// How long this call may take. What the argument leaves unset comes from the client.
    pub fn timeouts(mut self, timeouts: Timeouts) -> Self {
        self.timeouts = timeouts.or(self.timeouts);
        self
    }

    /// How this call is retried. What the argument leaves unset comes from the client.
    pub fn retries(mut self, retries: Retries) -> Self {
        self.retries = retries.or(self.retries);
        self
    }

    /// What this call is signed with. A source is asked for each attempt, and has 120 s for its answer;
    /// [`SharedCredentials`](crate::credentials::SharedCredentials) keep what it finds.
    pub fn credentials(mut self, source: impl CredentialsSource) -> Self {
        self.credentials = Some(source.into_source());
        self
    }

    /// Adds a header. It replaces one of the same name that the input sets. Spaces and tabs at both ends of the
    /// value are left out, as HTTP does not keep them.
    ///
    /// It is signed like the others, except for those that proxies and other hops may change: `keep-alive`,
    /// `proxy-authenticate`, `proxy-authorization`, `te`, `trailer`, `upgrade` and `x-amzn-trace-id`.
    ///
    /// The call fails if it is one that the client sets itself: `amz-sdk-..`, `authorization`, `connection`,
    /// `content-length`, `expect`, `host`, `transfer-encoding`, `user-agent`, `x-amz-content-sha256`, `x-amz-date`,
    /// `x-amz-security-token` or `x-amz-user-agent`; and if the value has a tab in it, which proxies may change.
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.insert(name, trimmed(value));
        self
    }
}

fn trimmed(value: HeaderValue) -> HeaderValue {
    let bytes = value.as_bytes().trim_ascii();
    if bytes.len() == value.len() {
        return value;
    }
    let Ok(mut trimmed) = HeaderValue::from_bytes(bytes) else {
        return value;
    };
    trimmed.set_sensitive(value.is_sensitive());
    trimmed
}

impl CallOptions {
    /// # Errors
    ///
    /// If a header is one that the client sets itself, or has a value that may not arrive as it was signed.
    pub(super) fn check(&self) -> Result<(), Error> {
        for (name, value) in &self.headers {
            let problem = if is_set_by_client(name.as_str()) {
                "is set by the client, so the options of a call cannot set it"
            } else if value.as_bytes().contains(&b'\t') {
                "has a tab in its value: proxies may change it, which breaks the signature"
            } else {
                continue;
            };
            return Err(Error::new(Kind::Configuration(format!(
                "the header `{name}` {problem}"
            ))));
        }
        Ok(())
    }
}

impl fmt::Debug for CallOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The values of headers may be secrets.
        let names: Vec<&str> = self.headers.keys().map(HeaderName::as_str).collect();
        f.debug_struct("CallOptions")
            .field("timeouts", &self.timeouts)
            .field("retries", &self.retries)
            .field("headers", &names)
            .finish_non_exhaustive()
    }
}
