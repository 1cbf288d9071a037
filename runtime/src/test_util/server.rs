//! A fake behind a socket, for programs in other processes and languages.

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use bytes::Bytes;
use http::request::Parts;
use http::{HeaderValue, Request, Response, StatusCode};
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinHandle, JoinSet};

use super::answers::Reply;
use super::fake::{Fake, credentials};
use super::operation::FakeService;
use super::request::ReceivedRequest;
use super::state::State;
use crate::answer::error_response::ERROR_TYPE;
use crate::answer::operation::Auth;
use crate::auth::credentials::Credentials;
use crate::auth::signing::verify::verify;
use crate::wire::json;

/// A [`Fake`] that listens on the loopback interface, without TLS: for programs in other processes and other languages.
///
/// It has the rules of the fake, and verifies signatures: a request that is not signed as the service wants it gets an
/// `InvalidSignatureException`, which says why. Requests that no rule is for get the error `UnexpectedRequest`. A rule that
/// refuses connections breaks them here, because a server has accepted them by then.
///
/// Dropping the server closes its connections, and drops the fake, which then checks its rules.
pub struct FakeServer<C> {
    fake: Fake<C>,
    address: SocketAddr,
    credentials: Credentials,
    acceptor: JoinHandle<()>,
}

impl<C: FakeService> FakeServer<C> {
    /// Listens on a free port. Requests are signed with the access key `AKIDFAKE` and the secret `fake`.
    ///
    /// # Errors
    ///
    /// When there is no free port.
    pub async fn start(fake: Fake<C>) -> io::Result<Self> {
        Self::listen(fake, 0, credentials()).await
    }

    /// Listens on a port, 0 for a free one, for requests that are signed with these credentials.
    ///
    /// # Errors
    ///
    /// When the port is not free.
    pub async fn listen(fake: Fake<C>, port: u16, credentials: Credentials) -> io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", port)).await?;
        let address = listener.local_addr()?;
        let service = Arc::new(Service {
            state: Arc::clone(&fake.state),
            credentials: credentials.clone(),
            signing_name: C::SERVICE.info.signing_name,
        });
        let acceptor = tokio::spawn(accept(listener, service));
        Ok(Self {
            fake,
            address,
            credentials,
            acceptor,
        })
    }

    /// The URL to send requests to, without a slash at the end.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The fake: what it was asked, and more rules.
    pub fn fake(&self) -> &Fake<C> {
        &self.fake
    }

    /// A client of the server.
    ///
    /// # Panics
    ///
    /// When the environment names certificates that cannot be used.
    pub fn client(&self) -> C {
        let builder = crate::ClientBuilder::new().region("us-east-1").no_proxy();
        match builder
            .credentials(self.credentials.clone())
            .endpoint_url(self.url())
            .build()
        {
            Ok(client) => client,
            Err(error) => panic!("{error}"),
        }
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
    signing_name: &'static str,
}

async fn accept(listener: TcpListener, service: Arc<Service>) {
    let mut connections = JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        connections.spawn(serve(stream, Arc::clone(&service)));
        while connections.try_join_next().is_some() {}
    }
}

/// Serves requests until either side closes the connection. A peer that goes away is no concern of the server.
async fn serve(stream: TcpStream, service: Arc<Service>) {
    let _ = stream.set_nodelay(true);
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
        if let Err(problem) = signature {
            return Ok(refusal(403, "InvalidSignatureException", &problem));
        }
        match self.state.reply(ReceivedRequest::new(parts, body)).await {
            Ok(Reply::Response(response)) => Ok(response.map(|body| body.map_err(io::Error::other).boxed_unsync())),
            Ok(Reply::Broken | Reply::Refused) => Err(io::ErrorKind::ConnectionReset.into()),
            Ok(Reply::Never) => std::future::pending().await,
            Err(unexpected) => Ok(refusal(400, "UnexpectedRequest", &unexpected)),
        }
    }

    fn verify(&self, parts: &Parts, body: &[u8]) -> Result<(), String> {
        let (method, path) = (parts.method.as_str(), parts.uri.path());
        let query = parts.uri.query().unwrap_or_default();
        let auth = self
            .state
            .find(method, path, query)
            .map_or(Auth::SigV4, |(operation, _)| operation.auth);
        let allows_unsigned_payload = auth == Auth::SigV4UnsignedPayload;
        match auth {
            Auth::None => Ok(()),
            Auth::SigV4 | Auth::SigV4UnsignedPayload => verify(
                parts,
                body,
                &self.credentials,
                self.signing_name,
                allows_unsigned_payload,
            ),
        }
    }
}

/// An error of the server itself.
fn refusal(status: u16, code: &'static str, message: &str) -> Answer {
    let mut json = json::Writer::new();
    json.begin_object();
    json.member("message", message);
    json.end_object();
    let body = Full::from(json.into_bytes()).map_err(|never| match never {});
    let mut response = Response::new(body.boxed_unsync());
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or_default();
    let code = HeaderValue::from_static(code);
    response.headers_mut().insert(ERROR_TYPE, code);
    response
}
