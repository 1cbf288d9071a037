//! Connections: TCP, proxies from the environment, TLS.

use std::fmt;
use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll};
use std::time::Duration;

use http::Uri;
use hyper_util::client::legacy::connect::proxy::Tunnel;
use hyper_util::client::legacy::connect::{Connected, Connection as HyperConnection, HttpConnector};
use hyper_util::client::proxy::matcher::{Intercept, Matcher};
use hyper_util::rt::TokioIo;
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, RootCertStore};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tower_service::Service;

use super::BoxError;

tokio::task_local! {
    /// The connect timeout of the call that wants a connection.
    pub(crate) static CONNECT_LIMIT: Option<Duration>;
}

/// Makes connections for the pool.
#[derive(Clone)]
pub(crate) struct Connector {
    tcp: HttpConnector,
    tls: TlsConnector,
    proxies: Arc<Matcher>,
}

impl Connector {
    /// # Errors
    ///
    /// When the platform has no certificates to trust, and one is needed.
    pub(crate) fn new(https: bool, no_proxy: bool) -> Result<Self, String> {
        let tls = if https {
            platform_tls()?
        } else {
            Arc::new(tls_config(RootCertStore::empty())?)
        };
        let mut tcp = HttpConnector::new();
        tcp.enforce_http(false);
        // Requests are written in whole, so waiting for more to send only costs time.
        tcp.set_nodelay(true);
        let proxies = if no_proxy {
            Matcher::builder().build()
        } else {
            Matcher::from_env()
        };
        Ok(Self {
            tcp,
            tls: tls.into(),
            proxies: Arc::new(proxies),
        })
    }

    /// The proxy on the way to a URL, if there is one.
    pub(crate) fn proxy(&self, uri: &Uri) -> Option<Intercept> {
        self.proxies.intercept(uri)
    }

    async fn connect(mut self, uri: Uri) -> Result<Connection, BoxError> {
        let proxy = self.proxy(&uri);
        if proxy
            .as_ref()
            .is_some_and(|proxy| proxy.uri().scheme_str() != Some("http"))
        {
            return Err("only proxies with `http://` are supported".into());
        }
        let https = uri.scheme_str() == Some("https");
        let tcp = match &proxy {
            None => self.tcp.call(uri.clone()).await?,
            // The proxy reads plain requests and sends them on.
            Some(proxy) if !https => self.tcp.call(proxy.uri().clone()).await?,
            Some(proxy) => {
                let mut tunnel = Tunnel::new(proxy.uri().clone(), self.tcp);
                if let Some(auth) = proxy.basic_auth() {
                    tunnel = tunnel.with_auth(auth.clone());
                }
                tunnel.call(uri.clone()).await?
            }
        };
        let tcp = tcp.into_inner();
        let stream = if https {
            let host = uri.host().unwrap_or_default().trim_matches(['[', ']']);
            let name = ServerName::try_from(host.to_owned())?;
            Stream::Tls(Box::new(self.tls.connect(name, tcp).await?))
        } else {
            Stream::Plain(tcp)
        };
        Ok(Connection {
            stream,
            answered: Answered::default(),
            forwarded: proxy.is_some() && !https,
        })
    }
}

impl Service<Uri> for Connector {
    type Response = TokioIo<Connection>;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<TokioIo<Connection>, BoxError>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        // The pool asks for a connection inside the future of the call that needs it.
        let limit = CONNECT_LIMIT.try_with(|limit| *limit).ok().flatten();
        let connecting = self.clone().connect(uri);
        Box::pin(async move {
            let connection = match limit {
                Some(limit) => timeout(limit, connecting).await.unwrap_or(Err(ConnectTimedOut.into())),
                None => connecting.await,
            };
            Ok(TokioIo::new(connection?))
        })
    }
}

/// The connect timeout has passed.
#[derive(Debug)]
pub(crate) struct ConnectTimedOut;

impl fmt::Display for ConnectTimedOut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the connect timeout passed")
    }
}

impl std::error::Error for ConnectTimedOut {}

/// The certificates that the platform trusts are read once: that takes longer than many calls.
fn platform_tls() -> Result<Arc<ClientConfig>, String> {
    static TLS: OnceLock<Result<Arc<ClientConfig>, String>> = OnceLock::new();
    TLS.get_or_init(|| {
        let found = rustls_native_certs::load_native_certs();
        let mut roots = RootCertStore::empty();
        let (added, _unreadable) = roots.add_parsable_certificates(found.certs);
        match (added, found.errors.first()) {
            (0, Some(error)) => Err(format!("the platform's trusted certificates cannot be read: {error}")),
            (0, None) => Err("the platform has no trusted certificates: install its `ca-certificates`".to_owned()),
            _ => tls_config(roots).map(Arc::new),
        }
    })
    .clone()
}

fn tls_config(roots: RootCertStore) -> Result<ClientConfig, String> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| format!("TLS cannot be set up: {error}"))?;
    Ok(config.with_root_certificates(roots).with_no_client_auth())
}

/// A connection that knows whether an answer has begun.
pub(crate) struct Connection {
    stream: Stream,
    answered: Answered,
    /// Whether a proxy reads the requests and sends them on.
    forwarded: bool,
}

enum Stream {
    Plain(TcpStream),
    Tls(Box<TlsStream<TcpStream>>),
}

/// How far the answer to the current request has come.
///
/// An answer may begin before all of its request has left. So sending more does not mean that there is none: only what
/// is sent after a whole head has been handed on is taken for another request.
#[derive(Clone, Debug, Default)]
pub(crate) struct Answered(Arc<AtomicU8>);

impl Answered {
    const SILENT: u8 = 0;
    const BEGUN: u8 = 1;
    const HANDED_ON: u8 = 2;

    /// Whether any byte of the answer has arrived.
    pub(crate) fn get(&self) -> bool {
        self.0.load(Ordering::Relaxed) != Self::SILENT
    }

    /// The head of the answer is complete, and its receiver has it.
    pub(crate) fn hand_on(&self) {
        self.0.store(Self::HANDED_ON, Ordering::Relaxed);
    }

    fn received(&self) {
        self.change(Self::SILENT, Self::BEGUN);
    }

    fn sending(&self) {
        self.change(Self::HANDED_ON, Self::SILENT);
    }

    fn change(&self, from: u8, to: u8) {
        // In any other state there is nothing to change.
        let _ = self.0.compare_exchange(from, to, Ordering::Relaxed, Ordering::Relaxed);
    }
}

impl HyperConnection for Connection {
    fn connected(&self) -> Connected {
        Connected::new().proxy(self.forwarded).extra(self.answered.clone())
    }
}

impl AsyncRead for Connection {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let result = match &mut self.stream {
            Stream::Plain(stream) => Pin::new(stream).poll_read(context, buffer),
            Stream::Tls(stream) => Pin::new(stream).poll_read(context, buffer),
        };
        if buffer.filled().len() > before {
            self.answered.received();
        }
        result
    }
}

impl AsyncWrite for Connection {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.answered.sending();
        match &mut self.stream {
            Stream::Plain(stream) => Pin::new(stream).poll_write(context, bytes),
            Stream::Tls(stream) => Pin::new(stream).poll_write(context, bytes),
        }
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.answered.sending();
        match &mut self.stream {
            Stream::Plain(stream) => Pin::new(stream).poll_write_vectored(context, slices),
            Stream::Tls(stream) => Pin::new(stream).poll_write_vectored(context, slices),
        }
    }

    fn is_write_vectored(&self) -> bool {
        match &self.stream {
            Stream::Plain(stream) => stream.is_write_vectored(),
            Stream::Tls(stream) => stream.is_write_vectored(),
        }
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.stream {
            Stream::Plain(stream) => Pin::new(stream).poll_flush(context),
            Stream::Tls(stream) => Pin::new(stream).poll_flush(context),
        }
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.stream {
            Stream::Plain(stream) => Pin::new(stream).poll_shutdown(context),
            Stream::Tls(stream) => Pin::new(stream).poll_shutdown(context),
        }
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpListener;

    use super::*;

    fn connector(proxy: &str) -> Connector {
        let proxies = Arc::new(Matcher::builder().all(proxy).no("direct.example").build());
        let connector = Connector::new(false, true).expect("no certificates are needed");
        Connector { proxies, ..connector }
    }

    async fn listen() -> (TcpListener, String) {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        (listener, address.to_string())
    }

    #[tokio::test]
    async fn a_plain_request_is_given_to_the_proxy() {
        let (listener, address) = listen().await;
        let connecting = connector(&format!("http://{address}")).connect(Uri::from_static("http://service.example/"));
        let (connection, accepted) = tokio::join!(connecting, listener.accept());
        accepted.expect("a connection to the proxy");
        assert!(connection.expect("a connection").connected().is_proxied());
    }

    #[tokio::test]
    async fn an_encrypted_request_asks_the_proxy_for_a_tunnel() {
        let (listener, address) = listen().await;
        let proxy = format!("http://user:secret@{address}");
        let connecting = tokio::spawn(connector(&proxy).connect(Uri::from_static("https://service.example/")));
        let (mut stream, _) = listener.accept().await.expect("a connection to the proxy");
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(stream.read_u8().await.expect("the head of a request"));
        }
        let head = String::from_utf8_lossy(&head).into_owned();
        assert!(head.starts_with("CONNECT service.example:443 HTTP/1.1\r\n"), "{head}");
        // `user:secret` in base64.
        assert!(
            head.contains("Proxy-Authorization: Basic dXNlcjpzZWNyZXQ=\r\n"),
            "{head}"
        );

        stream
            .write_all(b"HTTP/1.1 403 Forbidden\r\n\r\n")
            .await
            .expect("an answer");
        let refused = connecting.await.expect("no panic").err().expect("there is no tunnel");
        assert!(!format!("{refused} {refused:?}").contains("secret"));
    }

    #[tokio::test]
    async fn other_proxies_are_refused_and_exceptions_are_kept() {
        for proxy in ["https://proxy.example", "socks5://proxy.example"] {
            let result = connector(proxy)
                .connect(Uri::from_static("http://service.example/"))
                .await;
            let refused = result.err().expect("there is no connection").to_string();
            assert_eq!(refused, "only proxies with `http://` are supported");
        }
        let connector = connector("http://proxy.example");
        assert!(connector.proxy(&Uri::from_static("https://direct.example/")).is_none());
        assert!(connector.proxy(&Uri::from_static("https://service.example/")).is_some());
    }
}
