//! A fake behind a socket, for other processes and languages.

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use bytes::Bytes;
use http::request::Parts;
use http::{HeaderValue, Request, Response};
use http_body_util::BodyExt;
use http_body_util::combinators::UnsyncBoxBody;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;
use tokio::task::{JoinHandle, JoinSet};
#[cfg(feature = "test-util-tls")]
use tokio_rustls::TlsAcceptor;

use super::answers::Reply;
#[cfg(feature = "test-util-tls")]
use super::certificate::identity;
use super::fake::{Fake, credentials, settings};
use super::operation::{FakeError, FakeService, other_error_response};
use super::protocol::Protocol as _;
use super::request::ReceivedRequest;
use super::state::State;
use crate::answer::byte_stream::ByteStream;
use crate::answer::operation::Auth;
use crate::answer::response_body::ResponseBody;
use crate::auth::credentials::Credentials;
use crate::auth::signing::verify::{Refused, verify};
use crate::client::config::ClientBuilder;
use crate::error::Error;
use crate::error::metadata::REQUEST_ID;
use crate::words::service::ServiceInfo;

/// A [`Fake`] that listens on the loopback interface, for programs in other processes and other languages.
///
/// It follows the rules of the fake, and verifies signatures, even those of presigned URLs. A request that is not signed
/// with its credentials gets the error that the service would send, such as `InvalidSignatureException`, with a message that
/// says why. A request without a rule gets the error `UnexpectedRequest`. A rule that refuses connections breaks them here,
/// because a server has accepted them by then.
///
/// Dropping the server closes its connections, and drops the fake, which then checks its rules.
pub struct FakeServer<C> {
    fake: Fake<C>,
    address: SocketAddr,
    credentials: Credentials,
    acceptor: JoinHandle<()>,
    /// Where it speaks TLS.
    ca_pem: Option<String>,
}

impl<C: FakeService> FakeServer<C> {
    /// Listens on a free port. Requests are signed with the access key `AKIDFAKE` and the secret `fake`.
    ///
    /// # Errors
    ///
    /// When there is no free port.
    pub async fn start(fake: Fake<C>) -> io::Result<Self> {
        Self::listen(fake, 0, credentials(C::OPERATIONS)).await
    }

    /// Listens on a port, or a free one if it is 0, for requests that are signed with these credentials.
    ///
    /// # Errors
    ///
    /// When the port is not free.
    pub async fn listen(fake: Fake<C>, port: u16, credentials: Credentials) -> io::Result<Self> {
        Self::listen_as(fake, port, credentials, Protocol::Http, None).await
    }

    /// Listens like [`listen`](Self::listen), with TLS and a certificate for `localhost` and `127.0.0.1`.
    ///
    /// Clients must trust [`ca_pem`](Self::ca_pem); that of [`client`](Self::client) does. Needs the feature
    /// `test-util-tls`.
    ///
    /// # Errors
    ///
    /// When the port is not free, or the operating system has no random bytes.
    #[cfg(feature = "test-util-tls")]
    pub async fn listen_tls(fake: Fake<C>, port: u16, credentials: Credentials) -> io::Result<Self> {
        let (acceptor, ca_pem) = identity()?;
        Self::listen_as(fake, port, credentials, Protocol::Https(acceptor), Some(ca_pem)).await
    }

    async fn listen_as(
        fake: Fake<C>,
        port: u16,
        credentials: Credentials,
        protocol: Protocol,
        ca_pem: Option<String>,
    ) -> io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", port)).await?;
        let address = listener.local_addr()?;
        let service = Arc::new(Service {
            state: Arc::clone(&fake.state),
            credentials: credentials.clone(),
            service: &C::SERVICE.info,
            error: other_error_response::<C::ServiceError>,
            refusal: |refused| <C::ServiceError as FakeError>::PROTOCOL.refusal(refused),
        });
        let acceptor = tokio::spawn(accept(listener, protocol, service));
        Ok(Self {
            fake,
            address,
            credentials,
            acceptor,
            ca_pem,
        })
    }

    /// The URL to send requests to, without a slash at the end.
    pub fn url(&self) -> String {
        let scheme = if self.ca_pem.is_some() { "https" } else { "http" };
        format!("{scheme}://{}", self.address)
    }

    /// The certificate of the issuer that clients must trust, in PEM; `None` without TLS.
    pub fn ca_pem(&self) -> Option<&str> {
        self.ca_pem.as_deref()
    }

    /// The fake: what it was asked, and more rules.
    pub fn fake(&self) -> &Fake<C> {
        &self.fake
    }

    /// A client of the server. Pauses between attempts take a millisecond at most.
    ///
    /// # Panics
    ///
    /// When the environment names certificates that cannot be used.
    pub fn client(&self) -> C {
        match self.builder().build() {
            Ok(client) => client,
            Err(error) => panic!("{error}"),
        }
    }

    /// Configures a client of the server, with timeouts and retries of its own for example.
    pub fn builder(&self) -> ClientBuilder<C> {
        let builder = settings().credentials(self.credentials.clone()).no_proxy();
        let builder = builder.endpoint_url(self.url());
        #[cfg(feature = "test-util-tls")]
        let builder = match &self.ca_pem {
            Some(pem) => builder.ca_bundle(pem.clone()),
            None => builder,
        };
        builder
    }
}

impl<C> Drop for FakeServer<C> {
    fn drop(&mut self) {
        self.acceptor.abort();
    }
}

impl<C> fmt::Debug for FakeServer<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FakeServer")
            .field("fake", &self.fake)
            .field("address", &self.address)
            .finish_non_exhaustive()
    }
}

/// What connections have in common.
struct Service {
    state: Arc<State>,
    credentials: Credentials,
    service: &'static ServiceInfo,
    /// Writes an error of the server itself: its status, code and message, and the identifier of the request.
    error: WriteError,
    /// The status and the code of an error about a signature.
    refusal: fn(Refused) -> (u16, &'static str),
}

type WriteError = fn(u16, &str, &str, &str) -> Result<Response<ResponseBody>, String>;

/// What a server speaks.
#[derive(Clone)]
enum Protocol {
    Http,
    #[cfg(feature = "test-util-tls")]
    Https(TlsAcceptor),
}

async fn accept(listener: TcpListener, protocol: Protocol, service: Arc<Service>) {
    let mut connections = JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        let (protocol, service) = (protocol.clone(), Arc::clone(&service));
        connections.spawn(async move {
            let _ = stream.set_nodelay(true);
            match protocol {
                Protocol::Http => serve(stream, service).await,
                #[cfg(feature = "test-util-tls")]
                Protocol::Https(acceptor) => {
                    if let Ok(stream) = acceptor.accept(stream).await {
                        serve(stream, service).await;
                    }
                }
            }
        });
        while connections.try_join_next().is_some() {}
    }
}

/// Serves requests until either side closes the connection. A peer that goes away is not an error.
async fn serve(stream: impl AsyncRead + AsyncWrite + Unpin, service: Arc<Service>) {
    let answer = service_fn(move |request| {
        let service = Arc::clone(&service);
        async move { service.answer(request).await }
    });
    let connection = http1::Builder::new().serve_connection(TokioIo::new(stream), answer);
    let _ = connection.await;
}

type Answer = Response<UnsyncBoxBody<Bytes, io::Error>>;

impl Service {
    /// Answers a request. An error closes the connection.
    async fn answer(&self, request: Request<Incoming>) -> io::Result<Answer> {
        let (parts, body) = request.into_parts();
        let body = body.collect().await.map_err(io::Error::other)?.to_bytes();
        let signature = self.verify(&parts, &body);
        if let Err((refused, problem)) = signature {
            let (status, code) = (self.refusal)(refused);
            return self.refuse(status, code, &problem);
        }
        match self.state.reply(ReceivedRequest::new(parts, body)).await {
            Ok(Reply::Response(response)) => Ok(response.map(|body| body.map_err(io::Error::other).boxed_unsync())),
            Ok(Reply::Broken | Reply::Refused) => Err(io::ErrorKind::ConnectionReset.into()),
            Ok(Reply::Never) => std::future::pending().await,
            Err(unexpected) => self.refuse(400, "UnexpectedRequest", &unexpected),
        }
    }

    fn verify(&self, parts: &Parts, body: &Bytes) -> Result<(), (Refused, String)> {
        let request = ReceivedRequest::new(parts.clone(), body.clone());
        let auth = self
            .state
            .find(&request)
            .map_or(Auth::SigV4, |(operation, _)| operation.auth);
        let allows_unsigned_payload = matches!(auth, Auth::SigV4UnsignedPayload | Auth::SigV4UnsignedOverTls);
        match auth {
            Auth::None => Ok(()),
            #[cfg(feature = "bearer-auth")]
            Auth::Bearer => verify_token(&parts.headers, &self.credentials),
            Auth::SigV4 | Auth::SigV4UnsignedPayload | Auth::SigV4UnsignedOverTls => {
                verify(parts, body, &self.credentials, self.service, allows_unsigned_payload)
            }
        }
    }

    /// An error of the server itself.
    fn refuse(&self, status: u16, code: &str, message: &str) -> io::Result<Answer> {
        let mut response = (self.error)(status, code, message, "fake").map_err(io::Error::other)?;
        response
            .headers_mut()
            .insert(REQUEST_ID, HeaderValue::from_static("fake"));
        Ok(response.map(|body| ByteStream::<Error>::from(body).map_err(io::Error::other).boxed_unsync()))
    }
}

/// Checks the token of a request. Where the server was given an access key, any token will do.
#[cfg(feature = "bearer-auth")]
fn verify_token(headers: &http::HeaderMap, credentials: &Credentials) -> Result<(), (Refused, String)> {
    let header = headers.get(http::header::AUTHORIZATION);
    let token = header.and_then(|header| header.to_str().ok()?.strip_prefix("Bearer "));
    match (token, credentials.bearer_token()) {
        (None, _) => Err((Refused::Unsigned, "the request has no bearer token".to_owned())),
        (Some(token), Some(expected)) if token != expected => {
            Err((Refused::OtherToken, "the bearer token is another one".to_owned()))
        }
        (Some(_), _) => Ok(()),
    }
}
