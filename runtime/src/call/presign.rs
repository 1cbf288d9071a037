//! Presigned requests: the signature is in the URL, so that others can send them.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use http::header::CONTENT_TYPE;
use http::request::Parts;
use http::{HeaderMap, Method, Request};

use super::CallOptions;
use super::resolved::Resolved;
use crate::answer::operation::{Auth, Operation};
use crate::auth::credentials::Source;
use crate::auth::signing::{empty_sha256, with_query};
use crate::error::{BoxError, Error, Kind};
use crate::wire::body::Body;
use crate::wire::endpoint::Endpoint;
use crate::words::service::ServiceInfo;

/// The longest validity that services accept for a presigned URL: 7 days.
const MAX: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// What the signature of a presigned request says of the payload.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PresignedPayload {
    /// There is none.
    Empty,
    /// Nothing: any payload may be sent.
    Unsigned,
    /// The form that it would be is in the query.
    InQuery,
}

/// A presigned request: its signature is in the URL.
///
/// Anyone who has it can send it without credentials, any number of times, until it expires. Treat the URL like a password.
/// `Debug` shows neither the signature nor the session token in it.
pub struct PresignedRequest {
    request: Request<()>,
    expires_at: SystemTime,
}

impl PresignedRequest {
    /// The method to send it with.
    pub fn method(&self) -> &Method {
        self.request.method()
    }

    /// The URL, with the signature.
    pub fn url(&self) -> String {
        self.request.uri().to_string()
    }

    /// The headers to send. They are signed: the service refuses a request without them or with other values.
    pub fn headers(&self) -> &HeaderMap {
        self.request.headers()
    }

    /// When the service begins to refuse it.
    pub fn expires_at(&self) -> SystemTime {
        self.expires_at
    }

    /// The request, for any HTTP client.
    pub fn into_request(self) -> Request<()> {
        self.request
    }
}

impl fmt::Debug for PresignedRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.headers().keys().map(|name| name.as_str()).collect();
        f.debug_struct("PresignedRequest")
            .field("method", self.method())
            .field("host", &self.request.uri().host())
            .field("path", &self.request.uri().path())
            .field("headers", &names)
            .field("expires_at", &self.expires_at)
            .finish_non_exhaustive()
    }
}

/// An operation's request, to be signed in its URL.
pub(crate) struct Presigning {
    auth: Auth,
    service: &'static ServiceInfo,
    payload: PresignedPayload,
    endpoint: Arc<Endpoint>,
    credentials: Option<Source>,
    head: Parts,
    body: Body,
}

impl Presigning {
    /// Writes the request.
    pub(crate) fn new<O: Operation>(
        config: &Resolved,
        mut input: O,
        options: Option<Box<CallOptions>>,
        payload: PresignedPayload,
    ) -> Result<Self, Error> {
        let options = options.map(|options| *options).unwrap_or_default();
        options.check()?;
        let endpoint = config.endpoint_for(&input)?;
        if let Some(tokens) = &config.idempotency_tokens {
            input.fill_idempotency_tokens(&**tokens);
        }
        let (mut head, body) = input.into_request(&endpoint)?.into_parts();
        head.headers.extend(options.headers);
        Ok(Self {
            auth: O::AUTH,
            service: &O::SERVICE.info,
            payload,
            endpoint,
            credentials: options.credentials,
            head,
            body,
        })
    }

    /// Signs it.
    pub(crate) async fn sign(self, config: &Resolved, valid_for: Duration) -> Result<PresignedRequest, Error> {
        let (mut head, mut body) = (self.head, self.body);
        if !(Duration::from_secs(1)..=MAX).contains(&valid_for) {
            return Err(Error::new(Kind::ValidFor {
                given: valid_for,
                max: MAX,
            }));
        }
        if self.payload == PresignedPayload::InQuery {
            head.method = Method::GET;
            head.headers.remove(CONTENT_TYPE);
            head.uri = with_form(&head.uri, &mut body).await.map_err(unsigned)?;
        }
        let mut request = Request::from_parts(head, ());

        let credentials = config.credentials(self.credentials.as_ref(), self.auth).await?;
        let now = config.clock.now();
        let left = credentials
            .expiry()
            .map(|expiry| expiry.duration_since(now).unwrap_or_default());
        let valid = left.map_or(valid_for, |left| left.min(valid_for)).as_secs().max(1);
        let hash = match self.payload {
            // S3 knows the payloads of presigned requests only as unsigned.
            PresignedPayload::Empty | PresignedPayload::InQuery if !self.service.s3_signatures => Some(empty_sha256()),
            _ => None,
        };
        let scope = config.signing_scope(&self.endpoint, self.service);
        let signer = &config.signer;
        signer
            .presign(&mut request, hash.as_ref(), &credentials, scope, now, valid)
            .map_err(unsigned)?;
        Ok(PresignedRequest {
            request,
            expires_at: now + Duration::from_secs(valid),
        })
    }
}

/// The URL with a form in its query.
async fn with_form(uri: &http::Uri, body: &mut Body) -> Result<http::Uri, BoxError> {
    let mut form = Vec::new();
    body.read(&mut |bytes| form.extend_from_slice(bytes)).await?;
    with_query(uri, std::str::from_utf8(&form)?)
}

fn unsigned(error: BoxError) -> Error {
    Error::new(Kind::Signing).with_source(error)
}
