//! Requests to those that give credentials, with a few attempts each.

use std::time::Duration;

use http::header::USER_AGENT;
use http::{HeaderName, HeaderValue, Method, Request, Uri};

use super::context::LoadContext;
use super::error::CredentialsError;
use super::system::{Answer, Exchange, NoAnswer, NoAnswerKind, Pending, Route, SecretBytes};
use crate::words::one_line::OneLine;

/// Names this crate.
const AGENT: &str = concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION"));

/// Timeouts and retries for a peer.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Policy {
    /// How many requests are sent at most.
    pub(crate) attempts: u32,
    /// The longest pause after the first one. It doubles each time.
    pub(crate) pause: Duration,
    /// Whether a request without an answer is retried.
    pub(crate) retries_silence: bool,
    /// How long connecting may take.
    pub(crate) connect_limit: Duration,
    /// How long each request may take, connecting included.
    pub(crate) limit: Duration,
}

impl Policy {
    /// For services of AWS.
    pub(crate) const SERVICE: Self = Self {
        attempts: 3,
        pause: Duration::from_secs(1),
        retries_silence: true,
        connect_limit: Duration::from_secs(5),
        limit: Duration::from_secs(15),
    };
}

/// A request that can be sent several times.
pub(crate) struct Outgoing {
    pub(crate) method: Method,
    pub(crate) url: Uri,
    pub(crate) headers: Vec<(HeaderName, HeaderValue)>,
    pub(crate) body: SecretBytes,
    pub(crate) route: Route,
}

impl Outgoing {
    /// A request without a body.
    pub(crate) fn get(url: &str) -> Result<Self, CredentialsError> {
        Self::new(Method::GET, url, SecretBytes::default())
    }

    /// A request with a body.
    pub(crate) fn post(url: &str, body: SecretBytes) -> Result<Self, CredentialsError> {
        Self::new(Method::POST, url, body)
    }

    pub(crate) fn new(method: Method, url: &str, body: SecretBytes) -> Result<Self, CredentialsError> {
        let url = url
            .parse()
            .map_err(|error| CredentialsError::failed(format!("a URL is not valid: {error}")))?;
        Ok(Self {
            method,
            url,
            headers: Vec::new(),
            body,
            route: Route::Usual,
        })
    }

    pub(crate) fn route(mut self, route: Route) -> Self {
        self.route = route;
        self
    }

    pub(crate) fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.push((name, value));
        self
    }

    /// Adds a header that must not be shown. What it holds is called so in an error.
    pub(crate) fn secret_header(
        self,
        name: HeaderName,
        value: &str,
        what: &'static str,
    ) -> Result<Self, CredentialsError> {
        let value = HeaderValue::try_from(value);
        let mut value = value
            .map_err(|_| CredentialsError::failed(format!("{what} has a character that a header cannot carry")))?;
        value.set_sensitive(true);
        Ok(self.header(name, value))
    }

    fn request(&self) -> Request<SecretBytes> {
        let mut request = Request::new(self.body.clone());
        *request.method_mut() = self.method.clone();
        *request.uri_mut() = self.url.clone();
        let headers = request.headers_mut();
        headers.insert(USER_AGENT, HeaderValue::from_static(AGENT));
        for (name, value) in &self.headers {
            headers.append(name.clone(), value.clone());
        }
        if self.method != Method::GET {
            headers.insert(http::header::CONTENT_LENGTH, self.body.len().into());
        }
        request
    }
}

/// Sends a request until there is an answer that is not transient, or no attempts are left.
pub(crate) fn send<'a>(
    context: &'a LoadContext,
    policy: Policy,
    outgoing: &'a Outgoing,
    is_transient: fn(&Answer) -> bool,
) -> Pending<'a, Result<Answer, NoAnswer>> {
    send_signed(context, policy, outgoing, &|_| Ok(()), is_transient)
}

/// Signs a request, or says why it cannot be sent.
type Sign<'a> = &'a (dyn Fn(&mut Request<SecretBytes>) -> Result<(), NoAnswer> + Sync);

/// The same with a signature for each attempt. It is boxed and has no type parameters, so that it is compiled once.
pub(crate) fn send_signed<'a>(
    context: &'a LoadContext,
    policy: Policy,
    outgoing: &'a Outgoing,
    sign: Sign<'a>,
    is_transient: fn(&Answer) -> bool,
) -> Pending<'a, Result<Answer, NoAnswer>> {
    Box::pin(send_unboxed(context, policy, outgoing, sign, is_transient))
}

async fn send_unboxed(
    context: &LoadContext,
    policy: Policy,
    outgoing: &Outgoing,
    sign: Sign<'_>,
    is_transient: fn(&Answer) -> bool,
) -> Result<Answer, NoAnswer> {
    let is_https = outgoing.url.scheme_str() == Some("https");
    let ca_bundle = match is_https {
        true => context.ca_bundle().await.map_err(|error| NoAnswer {
            kind: NoAnswerKind::Impossible,
            source: error.into(),
        })?,
        false => None,
    };
    let route = match outgoing.route {
        Route::Usual if context.config().no_proxy => Route::Direct,
        route => route,
    };
    let mut attempt = 1;
    loop {
        let mut request = outgoing.request();
        sign(&mut request)?;
        let answer = context.system().exchange(Exchange {
            request,
            route,
            ca_bundle: ca_bundle.clone(),
            connect_limit: policy.connect_limit,
            limit: policy.limit,
        });
        let answer = answer.await;
        let again = match &answer {
            Ok(answer) => is_transient(answer),
            Err(error) => policy.retries_silence && error.kind.may_pass(),
        };
        if !again || attempt >= policy.attempts {
            return answer;
        }
        let longest = policy.pause * (1 << (attempt - 1).min(8));
        context.system().sleep(longest.mul_f64(random_fraction(context))).await;
        attempt += 1;
    }
}

/// A number from 0.5 to 1.
fn random_fraction(context: &LoadContext) -> f64 {
    let mut byte = [0];
    // Without random bytes all wait equally long, which does no harm.
    let _ = context.system().random(&mut byte);
    0.5 + f64::from(byte[0]) / 510.0
}

/// The status of an answer in words, with what a JSON body says of it.
pub(crate) fn describe(answer: &Answer, message: Option<&str>) -> String {
    let status = answer.status;
    match message {
        Some(message) => format!("{status}: {}", OneLine(message)),
        None => status.to_string(),
    }
}

/// Whether a status is one of a fault that passes.
pub(crate) fn is_transient_status(answer: &Answer) -> bool {
    matches!(answer.status.as_u16(), 429 | 500 | 502 | 503 | 504)
}
