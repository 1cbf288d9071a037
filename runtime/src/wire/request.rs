//! Writing requests: one call a member.
//!
//! The order is that of the URL: the parts of the path, then the members of the query, then the map that goes there.
//! Headers of their own come before those of a map, and the payload last.
//!
//! A member that HTTP cannot carry fails the whole request in the end: a way out after each member would be most of the code
//! of an operation with many.

mod header;
mod payload;
pub(crate) mod url;

use http::header::{HeaderName, HeaderValue};
use http::uri::{Authority, Parts, PathAndQuery};
use http::{HeaderMap, Method, Request, Uri};

use super::body::Body;
use super::endpoint::Endpoint;
use crate::error::{Error, Kind};
use crate::words::host;
use crate::words::service::OperationInfo;

pub use self::header::{Json, ToElement, ToHeader, list_header};
pub use self::payload::ToPayload;
pub use self::url::ToUrl;

/// There is room for so many headers before there are any, with those that the client adds; and for so many bytes of path
/// and query.
const USUAL_HEADERS: usize = 12;
const USUAL_PATH: usize = 120;

/// An HTTP request in the making.
#[derive(Debug)]
pub struct RequestWriter<'a> {
    operation: OperationInfo,
    endpoint: &'a Endpoint,
    /// The scheme and the authority.
    origin: Parts,
    /// What the operation has in front of the endpoint's host.
    host_prefix: String,
    /// The path and the query.
    path: String,
    /// Where in the path the query begins, if it does.
    query: Option<usize>,
    /// Whether the path ends in a slash even if it is that of the endpoint alone.
    pub(super) keeps_slash: bool,
    /// Whether the query is sent as a form in the body.
    form: bool,
    request: Request<Body>,
    /// The first member that cannot be sent, and why.
    problem: Option<Error>,
}

impl<'a> RequestWriter<'a> {
    /// Begins a request to an endpoint.
    pub(crate) fn of(operation: OperationInfo, method: Method, endpoint: &'a Endpoint) -> Self {
        let mut request = Request::new(Body::empty());
        *request.method_mut() = method;
        let mut headers = HeaderMap::with_capacity(USUAL_HEADERS);
        for (name, value) in endpoint.headers() {
            headers.append(name.clone(), value.clone());
        }
        *request.headers_mut() = headers;
        let mut path = String::with_capacity(USUAL_PATH);
        path.push_str(endpoint.path());
        Self {
            operation,
            endpoint,
            origin: endpoint.to_parts(),
            host_prefix: String::new(),
            path,
            query: None,
            keeps_slash: false,
            form: false,
            request,
            problem: None,
        }
    }

    /// Sets a header that is the same for every request of the operation.
    pub fn fixed_header(&mut self, name: HeaderName, value: &'static str) {
        self.request.headers_mut().insert(name, HeaderValue::from_static(value));
    }

    /// Sends the request to the scheme, host and port of a member, not to those of the endpoint.
    ///
    /// The request fails if the value is not a URL with `https` or `http` and a host.
    pub fn origin(&mut self, member: &'static str, url: &(impl ToUrl + ?Sized)) {
        url.each_text(&mut |url| match Endpoint::parse(url) {
            Ok(endpoint) => self.origin = endpoint.to_parts(),
            Err(_) => self.refuse(
                member,
                "must be a URL like `https://host`, because the request is sent there",
            ),
        });
    }

    /// Appends to the prefix of the host what the description has there.
    pub fn host(&mut self, text: &str) {
        self.host_prefix.push_str(text);
    }

    /// Appends a member to the prefix of the host.
    ///
    /// The request fails if the value is not set or empty, or has other characters than letters, digits, hyphens and periods.
    pub fn host_label(&mut self, member: &'static str, value: &(impl ToUrl + ?Sized)) {
        let start = self.host_prefix.len();
        value.each_text(&mut |text| self.host_prefix.push_str(text));
        let label = &self.host_prefix[start..];
        if label.is_empty() {
            return self.refuse(member, "is empty or not set, but is a part of the host");
        }
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.');
        if !label.bytes().all(allowed) {
            let problem = "must contain only letters, digits, hyphens and periods, because it is a part of the host";
            self.refuse(member, problem);
        }
    }

    /// The request.
    ///
    /// # Errors
    ///
    /// When a member cannot be sent: the first one. When the URL is longer than HTTP clients take (65,534 bytes), or the
    /// endpoint's host cannot take the prefix.
    pub fn finish(mut self) -> Result<Request<Body>, Error> {
        if let Some(problem) = self.problem {
            return Err(problem);
        }
        if self.form {
            self.move_query();
        }
        let path = self.take_path();
        let path = PathAndQuery::try_from(path)
            .map_err(|error| self.unusable("the URL of the request is not one that HTTP can carry", error))?;
        let mut parts = std::mem::take(&mut self.origin);
        parts.path_and_query = Some(path);
        let has_prefix = !self.host_prefix.is_empty() && self.endpoint.takes_host_prefixes();
        if let Some(authority) = parts.authority.as_mut().filter(|_| has_prefix) {
            let prefixed = [&self.host_prefix, authority.as_str()].concat();
            let problem = "the endpoint's host cannot take the prefix of the operation";
            *authority = Authority::try_from(prefixed).map_err(|error| self.unusable(problem, error))?;
            host::check(authority.host()).map_err(|error| self.unusable(problem, format!("the URL {error}")))?;
        }
        *self.request.uri_mut() = Uri::from_parts(parts)
            .map_err(|error| self.unusable("the endpoint is not a URL that HTTP can carry", error))?;
        Ok(self.request)
    }

    /// The path and query; an operation at `/` is at the path of the endpoint, if that has one.
    fn take_path(&mut self) -> String {
        let mut path = std::mem::take(&mut self.path);
        let start = self.endpoint.path().len();
        let end = self.query.map_or(path.len(), |query| query - 1);
        match &path[start..end] {
            "/" if start > 0 && !self.keeps_slash => {
                path.remove(start);
            }
            "" if start == 0 => path.insert(0, '/'),
            _ => {}
        }
        path
    }

    fn unusable(&self, problem: &str, source: impl Into<crate::error::BoxError>) -> Error {
        Error::new(Kind::Configuration(problem.to_owned()))
            .in_operation(self.operation)
            .with_source(source)
    }

    /// Makes the request fail because of a member, unless it does already.
    #[cold]
    fn refuse(&mut self, member: &'static str, problem: impl Into<String>) {
        let (operation, problem) = (self.operation, problem.into());
        let error = || Error::new(Kind::Input { member, problem }).in_operation(operation);
        self.problem.get_or_insert_with(error);
    }
}

/// What the settings of a client change about the requests of [`Operation::prepare`](crate::Operation::prepare).
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct RequestSettings {
    /// From which size on payloads are compressed, in bytes; `None` for never. Default 10240.
    pub compress_from: Option<u64>,
    /// Whether requests have a checksum wherever the operation can take one, not only where it needs one. Default true.
    pub checksums_of_requests: bool,
    /// Whether responses are asked for their checksum, and checked. Default true.
    pub checksums_of_responses: bool,
}

impl Default for RequestSettings {
    fn default() -> Self {
        Self {
            compress_from: Some(10_240),
            checksums_of_requests: true,
            checksums_of_responses: true,
        }
    }
}
