//! Making a connection: TCP, a proxy, TLS.

use std::pin::Pin;
use std::sync::OnceLock;
use std::time::Duration;

use http::Uri;
use http::header::HeaderValue;

use super::limit::{Limit, at};
use super::options::{CaBundle, ConnectionSettings};
use super::phase::{Phase, TransportError};
use super::proxy::{Proxies, refusal, tunnel};
use super::stream::Stream;
use super::tcp;
use super::tls::Tls;
use crate::error::Connecting;
use crate::words::once::get_or_try_init;

/// Makes connections.
pub(crate) struct Connector {
    proxies: Proxies,
    ca_bundle: Option<CaBundle>,
    /// From the first endpoint with `https` on: trusted certificates take longer to read than many calls.
    tls: OnceLock<Tls>,
    keepalive: Option<Duration>,
}

/// A connection just made.
pub(crate) struct Connected {
    pub(crate) stream: Box<dyn Stream>,
    pub(crate) forwarded: Option<Forwarded>,
}

/// There is a proxy at the other end, which reads requests and sends them on.
pub(crate) struct Forwarded {
    /// What it wants with each request: a secret.
    pub(crate) authorization: Option<HeaderValue>,
}

impl Connector {
    /// # Errors
    ///
    /// When a variable names no proxy.
    pub(crate) fn new(no_proxy: bool, settings: &ConnectionSettings) -> Result<Self, String> {
        let proxies = match no_proxy {
            true => Proxies::none(),
            false => Proxies::from_env()?,
        };
        Ok(Self {
            proxies,
            ca_bundle: settings.ca_bundle.clone(),
            tls: OnceLock::new(),
            keepalive: settings.pool.keepalive(),
        })
    }

    /// # Errors
    ///
    /// When there are no certificates to trust.
    pub(super) fn tls(&self) -> Result<&Tls, String> {
        get_or_try_init(&self.tls, || Tls::new(self.ca_bundle.as_ref()))
    }

    /// Reads the certificates to trust, which blocks the thread, instead of leaving that to the first connection.
    ///
    /// # Errors
    ///
    /// When there are none.
    pub(crate) fn prepare_tls(&self) -> Result<(), String> {
        self.tls().map(|_| ())
    }

    /// Connects to the host of a URL. Boxed, so that calls and requests for credentials share its code.
    pub(crate) fn connect<'a>(
        &'a self,
        uri: &'a Uri,
        limit: Option<Duration>,
    ) -> Pin<Box<dyn Future<Output = Result<Connected, TransportError>> + Send + 'a>> {
        Box::pin(self.connect_unboxed(uri, limit))
    }

    async fn connect_unboxed(&self, uri: &Uri, limit: Option<Duration>) -> Result<Connected, TransportError> {
        let limit = Limit::new(limit);
        let https = is_https(uri);
        let host = uri.host().unwrap_or_default();
        let port = uri.port_u16().unwrap_or(if https { 443 } else { 80 });
        let proxy = self.proxies.find(uri);
        let tcp = match &proxy {
            None => tcp::connect(host, port, self.keepalive, limit).await?,
            Some(proxy) => {
                let (proxy_host, proxy_port) = proxy.address().map_err(at(Connecting::ForeignProxy))?;
                let connecting = tcp::connect(proxy_host, proxy_port, self.keepalive, limit);
                let tcp = connecting.await.map_err(|error| TransportError {
                    phase: match error.phase {
                        Phase::ConnectTimeout(_) => Phase::ConnectTimeout(Connecting::Proxy),
                        without_io @ Phase::Connect(Connecting::WithoutIo) => without_io,
                        _ => Phase::Connect(Connecting::Proxy),
                    },
                    source: proxy.unreachable(error.source),
                })?;
                match https {
                    true => {
                        let tunnel = tunnel(tcp, (host, port), proxy.authorization());
                        let tunnel = limit.within(Connecting::Tunnel, tunnel).await;
                        tunnel.map_err(|error| match refusal(&error.source) {
                            Some(status) => at(Connecting::Refused(status))(error.source),
                            None => error,
                        })?
                    }
                    false => tcp,
                }
            }
        };
        let stream: Box<dyn Stream> = match https {
            false => Box::new(tcp),
            true => {
                let tls = self.tls().map_err(|problem| at(Connecting::Tls)(problem.into()))?;
                Box::new(tls.connect(host, tcp, limit).await?)
            }
        };
        Ok(Connected {
            stream,
            forwarded: proxy.filter(|_| !https).map(|proxy| Forwarded {
                authorization: proxy.authorization().cloned(),
            }),
        })
    }
}

pub(crate) fn is_https(uri: &Uri) -> bool {
    uri.scheme_str() == Some("https")
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::{TcpListener, TcpSocket};

    use super::*;

    fn connector(proxy: &str) -> Connector {
        let settings = ConnectionSettings::default();
        let connector = Connector::new(true, &settings).expect("no certificates are needed");
        Connector {
            proxies: Proxies::all(proxy, ""),
            ..connector
        }
    }

    async fn listen() -> (TcpListener, String) {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        (listener, address.to_string())
    }

    #[tokio::test]
    async fn a_plain_request_is_given_to_the_proxy() {
        let (listener, address) = listen().await;
        let connector = connector(&format!("http://user:secret@{address}"));
        let uri = Uri::from_static("http://service.example/");
        let (connected, accepted) = tokio::join!(connector.connect(&uri, None), listener.accept());
        accepted.expect("a connection to the proxy");
        let connected = connected.unwrap_or_else(|error| panic!("{error:?}"));
        let authorization = connected.forwarded.expect("a proxy").authorization.expect("a header");
        // `user:secret` in base64.
        assert_eq!(authorization, "Basic dXNlcjpzZWNyZXQ=");
        assert!(authorization.is_sensitive());
    }

    #[tokio::test]
    async fn an_encrypted_request_asks_the_proxy_for_a_tunnel() {
        let (listener, address) = listen().await;
        let connector = connector(&format!("http://user:secret@{address}"));
        let uri = Uri::from_static("https://service.example/");
        let connecting = connector.connect(&uri, None);
        let refusing = async {
            let (mut stream, _) = listener.accept().await.expect("a connection to the proxy");
            let mut line = [0; 37];
            stream.read_exact(&mut line).await.expect("a request");
            assert_eq!(&line, b"CONNECT service.example:443 HTTP/1.1\r");
            stream
                .write_all(b"HTTP/1.1 403 Forbidden\r\n\r\n")
                .await
                .expect("an answer");
            stream
        };
        let (connected, _stream) = tokio::join!(connecting, refusing);
        let refused = connected.err().expect("there is no tunnel");
        assert_eq!(refused.phase, Phase::Connect(Connecting::Refused(403)));
        assert!(!format!("{refused:?}").contains("secret"));
    }

    #[tokio::test]
    async fn a_proxy_that_is_not_there_is_named() {
        // Nobody listens on a port that is merely bound.
        let socket = TcpSocket::new_v4().expect("a socket");
        socket
            .bind("127.0.0.1:0".parse().expect("an address"))
            .expect("a free port");
        let address = socket.local_addr().expect("an address");
        let connector = connector(&format!("http://user:secret@{address}"));
        let connected = connector
            .connect(&Uri::from_static("https://service.example/"), None)
            .await;
        let refused = connected.err().expect("there is no proxy");
        assert_eq!(refused.phase, Phase::Connect(Connecting::Proxy));
        let expected = format!("the proxy {address} cannot be reached");
        assert_eq!(refused.source.to_string(), expected);
        assert!(!format!("{refused:?}").contains("secret"));
    }

    #[tokio::test(start_paused = true)]
    async fn a_proxy_that_is_silent_is_waited_for_until_the_limit() {
        let (listener, address) = listen().await;
        let connector = connector(&format!("http://{address}"));
        let limit = Some(Duration::from_secs(5));
        let connected = connector
            .connect(&Uri::from_static("https://service.example/"), limit)
            .await;
        let late = connected.err().expect("there is no tunnel");
        assert_eq!(late.phase, Phase::ConnectTimeout(Connecting::Tunnel));
        drop(listener);
    }
}
