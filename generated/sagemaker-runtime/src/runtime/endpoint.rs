//! Where requests go.

use std::fmt;

use http::Uri;
use http::uri::{Authority, Parts, Scheme};

use super::error::{Error, Kind};

/// A URL that requests are sent to: scheme, host, port and perhaps a path in front of the operations' own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint {
    scheme: Scheme,
    authority: Authority,
    /// Without a slash at its end.
    path: String,
}

impl Endpoint {
    /// An endpoint at a URL such as `https://host:port/path`.
    ///
    /// # Errors
    ///
    /// When it is no URL with `http` or `https`, or has a query or a user.
    pub fn new(url: &str) -> Result<Self, Error> {
        Self::parse(url).map_err(|problem| Error::new(Kind::Configuration(problem)))
    }

    /// The same, with what is wrong as text.
    pub(crate) fn parse(url: &str) -> Result<Self, String> {
        // First of all, because all other problems show the URL.
        let after_scheme = url.split_once("://").map_or(url, |(_, rest)| rest);
        let authority = after_scheme.split(['/', '?', '#']).next().unwrap_or_default();
        if authority.contains('@') {
            return Err("the endpoint URL holds a user name; credentials belong into `credentials`".to_owned());
        }
        // A query may hold secrets as well.
        if url.contains(['?', '#']) {
            return Err("the endpoint URL must not have a query or a fragment".to_owned());
        }
        let invalid = |problem: &str| Err(format!("the endpoint URL `{url}` {problem}"));
        if !url.is_ascii() {
            return invalid("has characters other than ASCII; percent-encode them");
        }
        let Ok(uri) = url.parse::<Uri>() else {
            return invalid("is not a URL; it should look like `https://host:port`");
        };
        let Parts {
            scheme,
            authority,
            path_and_query,
            ..
        } = uri.into_parts();
        let (Some(scheme), Some(authority)) = (scheme, authority) else {
            return invalid("needs a scheme and a host, like `https://host:port`");
        };
        if scheme != Scheme::HTTPS && scheme != Scheme::HTTP {
            return invalid("must begin with `https://` or `http://`");
        }
        let path = path_and_query.as_ref().map_or("", |path| path.path());
        let port = authority.as_str().strip_prefix(authority.host()).unwrap_or_default();
        if port.len() > 1 && authority.port_u16().is_none() {
            return invalid("has a port that is not a number up to 65535");
        }
        let path = path.strip_suffix('/').unwrap_or(path).to_owned();
        Ok(Self {
            scheme,
            authority,
            path,
        })
    }

    /// The host, without the port.
    pub fn host(&self) -> &str {
        self.authority.host()
    }

    /// Whether requests are encrypted on the way.
    pub fn is_https(&self) -> bool {
        self.scheme == Scheme::HTTPS
    }

    pub(crate) fn authority(&self) -> &str {
        self.authority.as_str()
    }

    pub(crate) fn path(&self) -> &str {
        &self.path
    }

    pub(crate) fn to_parts(&self) -> Parts {
        let mut parts = Parts::default();
        parts.scheme = Some(self.scheme.clone());
        parts.authority = Some(self.authority.clone());
        parts
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}{}", self.scheme, self.authority, self.path)
    }
}

/// What the rules say where there is no endpoint.
///
/// # Errors
///
/// Always, with this reason.
pub fn refuse(reason: &str) -> Result<Endpoint, String> {
    Err(reason.to_owned())
}

/// What the rules of a service decide by.
#[derive(Clone, Copy, Debug, Default)]
pub struct EndpointParams<'a> {
    /// The region, such as `us-east-1`.
    pub region: Option<&'a str>,
    /// Whether the endpoint must be validated by FIPS 140.
    pub use_fips: bool,
    /// Whether the endpoint must be reachable by IPv4 and IPv6.
    pub use_dual_stack: bool,
    /// A URL that the user has set.
    pub endpoint: Option<&'a str>,
}

/// A group of regions with a DNS suffix of its own.
#[derive(Debug)]
pub struct Partition {
    /// Its name, such as `aws`.
    pub name: &'static str,
    /// The suffix of its hosts.
    pub dns_suffix: &'static str,
    /// The suffix of its hosts that speak IPv4 and IPv6.
    pub dual_stack_dns_suffix: &'static str,
    /// Whether it has endpoints validated by FIPS 140.
    pub supports_fips: bool,
    /// Whether it has endpoints for IPv4 and IPv6.
    pub supports_dual_stack: bool,
    /// The region that stands for all of it.
    pub implicit_global_region: &'static str,
    /// Its regions.
    pub regions: &'static [&'static str],
    /// What regions of it that are not listed begin with: `us` for `us-word-1`.
    pub region_prefixes: &'static [&'static str],
}

impl Partition {
    /// The partition of a region; the first one for regions that no partition knows.
    pub fn of_region(partitions: &'static [Self], region: &str) -> Option<&'static Self> {
        let known = partitions.iter().find(|partition| partition.regions.contains(&region));
        let alike = || partitions.iter().find(|partition| partition.has_alike(region));
        known.or_else(alike).or(partitions.first())
    }

    /// Whether a region looks like one of this partition: prefix, word, number.
    fn has_alike(&self, region: &str) -> bool {
        self.region_prefixes.iter().any(|prefix| {
            let rest = region.strip_prefix(prefix).and_then(|rest| rest.strip_prefix('-'));
            rest.and_then(|rest| rest.split_once('-'))
                .is_some_and(|(word, number)| {
                    let is_word = !word.is_empty() && word.chars().all(|c| c.is_alphanumeric() || c == '_');
                    is_word && !number.is_empty() && number.chars().all(|c| c.is_ascii_digit())
                })
        })
    }
}
