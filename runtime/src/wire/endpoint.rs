//! Where requests go.

use std::fmt;

use http::uri::{Authority, Parts, Scheme};
use http::{HeaderMap, HeaderName, HeaderValue, Uri};

use crate::error::{Error, Kind};
use crate::words::host;
use crate::words::metrics::Peer;
use crate::words::one_line::Quoted;

/// The URL that requests are sent to.
///
/// It has a scheme, a host, a port, and perhaps a path in front of the operations' own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint {
    scheme: Scheme,
    authority: Authority,
    /// Without a slash at its end.
    path: String,
    host_prefixes: bool,
    signing: SigningScope,
    headers: HeaderMap,
    peer: Peer,
}

/// How requests to an endpoint are signed, where the endpoint rules differ from what the client would do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SigningScope<T = String> {
    /// The name of the service.
    pub name: Option<T>,
    /// The region.
    pub region: Option<T>,
    /// Whether the path of the URL is percent-encoded again.
    pub double_encode: bool,
    /// Whether dot segments and empty segments are taken out of the path of the URL.
    pub normalize_path: bool,
}

impl<T> Default for SigningScope<T> {
    fn default() -> Self {
        Self {
            name: None,
            region: None,
            double_encode: true,
            normalize_path: true,
        }
    }
}

impl Endpoint {
    /// An endpoint at a URL such as `https://host:port/path`.
    ///
    /// # Errors
    ///
    /// When it is not a URL with `http` or `https`, or has a query or a user.
    pub fn new(url: &str) -> Result<Self, Error> {
        Self::parse(url).map_err(|problem| Error::new(Kind::Configuration(problem)))
    }

    /// The same, with what is wrong as text.
    ///
    /// # Errors
    ///
    /// What is wrong with the URL.
    #[doc(hidden)]
    pub fn parse(url: &str) -> Result<Self, String> {
        let after_scheme = url.split_once("://").map_or(url, |(_, rest)| rest);
        let authority = after_scheme.split(['/', '?', '#']).next().unwrap_or_default();
        if authority.contains('@') {
            return Err("the endpoint URL holds a user name; credentials belong into `credentials`".to_owned());
        }
        if url.contains(['?', '#']) {
            return Err("the endpoint URL must not have a query or a fragment".to_owned());
        }
        let invalid = |problem: &str| match may_hold_secrets(url) {
            true => format!("the endpoint URL {problem}"),
            false => format!("the endpoint URL {} {problem}", Quoted(url)),
        };
        if !url.is_ascii() {
            return Err(invalid("has characters other than ASCII; percent-encode them"));
        }
        let Ok(uri) = url.parse::<Uri>() else {
            return Err(invalid("is not a URL; it should look like `https://host:port`"));
        };
        let Parts {
            scheme,
            authority,
            path_and_query,
            ..
        } = uri.into_parts();
        let (Some(scheme), Some(authority)) = (scheme, authority) else {
            return Err(invalid("needs a scheme and a host, like `https://host:port`"));
        };
        if scheme != Scheme::HTTPS && scheme != Scheme::HTTP {
            return Err(invalid("must begin with `https://` or `http://`"));
        }
        let path = path_and_query.as_ref().map_or("", |path| path.path());
        let Some(authority) = with_plain_port(authority) else {
            return Err(invalid("has a port that is not a number up to 65535"));
        };
        host::check(authority.host()).map_err(invalid)?;
        check_path(path).map_err(|problem| invalid(&problem))?;
        let path = path.strip_suffix('/').unwrap_or(path).to_owned();
        let peer = Peer::new(authority.host(), authority.port_u16(), scheme == Scheme::HTTPS);
        Ok(Self {
            scheme,
            authority,
            path,
            host_prefixes: true,
            signing: SigningScope::default(),
            headers: HeaderMap::new(),
            peer,
        })
    }

    /// The same endpoint for all operations, also for those that put a prefix in front of its host.
    pub fn without_host_prefixes(mut self) -> Self {
        self.host_prefixes = false;
        self
    }

    pub(crate) fn takes_host_prefixes(&self) -> bool {
        self.host_prefixes
    }

    /// The same, with requests to it signed so. Endpoint rules have a hundred such results: what each of them does is here.
    ///
    /// # Errors
    ///
    /// What is wrong with the URL.
    #[doc(hidden)]
    pub fn parse_signed(url: fmt::Arguments<'_>, signing: SigningScope<&str>) -> Result<Self, String> {
        let mut endpoint = Self::parse(&url.to_string())?;
        endpoint.signing = SigningScope {
            name: signing.name.map(str::to_owned),
            region: signing.region.map(str::to_owned),
            double_encode: signing.double_encode,
            normalize_path: signing.normalize_path,
        };
        Ok(endpoint)
    }

    /// The endpoint, with one more header for each request to it.
    ///
    /// # Errors
    ///
    /// When HTTP cannot carry it.
    #[doc(hidden)]
    pub fn with_header(mut self, name: &str, value: &str) -> Result<Self, String> {
        let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) else {
            return Err(format!(
                "the endpoint rules give the header {} a value that HTTP cannot carry",
                Quoted(name)
            ));
        };
        self.headers.append(name, value);
        Ok(self)
    }

    /// The host, without the port.
    pub fn host(&self) -> &str {
        self.authority.host()
    }

    /// Whether requests are encrypted on the way.
    pub fn is_https(&self) -> bool {
        self.scheme == Scheme::HTTPS
    }

    /// The host and the port, as metrics have them.
    pub(crate) fn peer(&self) -> &Peer {
        &self.peer
    }

    pub(crate) fn path(&self) -> &str {
        &self.path
    }

    pub(crate) fn signing(&self) -> &SigningScope {
        &self.signing
    }

    pub(crate) fn headers(&self) -> &HeaderMap {
        &self.headers
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

/// Whether a URL may have a user and a password or a query, so that it must not be shown. It need not be a good one.
pub(crate) fn may_hold_secrets(url: &str) -> bool {
    url.contains(['@', '?', '#'])
}

/// Checks that a path has no characters but those that HTTP allows there, which others would read differently.
fn check_path(path: &str) -> Result<(), String> {
    let is_digit = |at: usize| path.as_bytes().get(at).is_some_and(u8::is_ascii_hexdigit);
    for (at, c) in path.char_indices() {
        if c == '%' && !(is_digit(at + 1) && is_digit(at + 2)) {
            return Err("has a `%` in its path that encodes nothing; write `%25`".to_owned());
        }
        if !c.is_ascii_alphanumeric() && !"%/-._~!$&'()*+,;=:@".contains(c) {
            return Err(format!("has a `{c}` in its path; percent-encode it"));
        }
    }
    Ok(())
}

/// The same with its port as a number is usually written, since it is written again for the connection.
fn with_plain_port(authority: Authority) -> Option<Authority> {
    let host = authority.host();
    let port = authority.as_str().strip_prefix(host)?;
    if port.is_empty() {
        return Some(authority);
    }
    // A number may have a sign, but a port has none.
    let digits = port.strip_prefix(':').filter(|port| !port.starts_with('+'))?;
    let port: u16 = digits.parse().ok()?;
    Authority::try_from(format!("{host}:{port}")).ok()
}

/// What the rules say where there is no endpoint.
///
/// # Errors
///
/// Always, with this reason.
pub fn refuse(reason: &str) -> Result<Endpoint, String> {
    Err(reason.to_owned())
}

/// What this client says where the rules want signatures that it does not make.
///
/// # Errors
///
/// Always.
pub fn refuse_sigv4a() -> Result<Endpoint, String> {
    refuse(
        "requests to this endpoint need a SigV4a signature (AWS Signature Version 4A), which this client cannot make",
    )
}

/// What this client says where the rules want a session of S3 Express.
///
/// # Errors
///
/// Always.
pub fn refuse_s3_express() -> Result<Endpoint, String> {
    refuse(
        "requests to this bucket need a session of S3 Express, which this client does not make; with \
         `disable_s3_express_session_auth(true)` it signs them as others",
    )
}

/// A setting that only the clients of one service have, for its endpoint rules.
#[derive(Clone, Debug)]
pub enum EndpointSetting {
    /// True or false.
    Flag(bool),
    /// Text.
    Text(String),
}

impl From<bool> for EndpointSetting {
    fn from(flag: bool) -> Self {
        Self::Flag(flag)
    }
}

impl From<String> for EndpointSetting {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

/// What the rules of a service decide by, besides what an operation adds.
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
    /// Settings that only the clients of this service have, the latest of a name last.
    pub own: &'a [(&'static str, EndpointSetting)],
}

impl<'a> EndpointParams<'a> {
    /// A setting of this service that is true or false.
    pub fn own_flag(&self, name: &str) -> Option<bool> {
        match self.own_setting(name)? {
            EndpointSetting::Flag(flag) => Some(*flag),
            EndpointSetting::Text(_) => None,
        }
    }

    /// A setting of this service that is text.
    pub fn own_text(&self, name: &str) -> Option<&'a str> {
        match self.own_setting(name)? {
            EndpointSetting::Text(text) => Some(text),
            EndpointSetting::Flag(_) => None,
        }
    }

    fn own_setting(&self, name: &str) -> Option<&'a EndpointSetting> {
        let setting = self.own.iter().rev().find(|(set, _)| *set == name);
        setting.map(|(_, setting)| setting)
    }
}
