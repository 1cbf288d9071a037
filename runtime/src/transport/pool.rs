//! The client's connections: one for each request in flight, kept for the next ones.

use std::pin::Pin;
use std::sync::{Arc, Weak};
use std::time::Duration;

use http::Uri;
use tokio::time::Instant;

use super::connect::Connector;
use super::connection::Connection;
use super::home::Home;
use super::idle::Idle;
use super::options::ConnectionSettings;
use super::phase::TransportError;

type Opening<'a> = Pin<Box<dyn Future<Output = Result<Box<Connection>, TransportError>> + Send + 'a>>;

/// All connections of a client.
pub(super) struct Connections {
    connector: Connector,
    idle: Arc<Idle>,
}

impl Connections {
    /// # Errors
    ///
    /// When a variable names no proxy.
    pub(super) fn new(no_proxy: bool, settings: &ConnectionSettings) -> Result<Self, String> {
        let (max_idle, idle_timeout) = settings.pool.idle_limits();
        Ok(Self {
            connector: Connector::new(no_proxy, settings)?,
            idle: Arc::new(Idle::new(max_idle, idle_timeout)),
        })
    }

    /// # Errors
    ///
    /// When there are no certificates to trust.
    pub(super) fn prepare_tls(&self) -> Result<(), String> {
        self.connector.prepare_tls()
    }

    /// Where connections go when their requests are done.
    pub(super) fn idle(&self) -> Weak<Idle> {
        Arc::downgrade(&self.idle)
    }

    /// The idle connection to the host of a URL that was used last, or a new one.
    ///
    /// A caller that wants a fresh one has found that one broken, so those of its runtime that are idle for longer are
    /// closed.
    pub(super) async fn get(
        &self,
        uri: &Uri,
        fresh: bool,
        limit: Option<Duration>,
    ) -> Result<Box<Connection>, TransportError> {
        if fresh {
            self.idle.close_all(uri);
        } else {
            while let Some(mut connection) = self.idle.take(uri) {
                if connection.is_ready().await {
                    return Ok(connection);
                }
            }
        }
        self.open(uri, limit).await
    }

    /// Boxed, so that calls which need no new connection do not have room for one; and without its type, or the crates of
    /// clients would compile connecting, TLS and HTTP again.
    fn open<'a>(&'a self, uri: &'a Uri, limit: Option<Duration>) -> Opening<'a> {
        Box::pin(self.open_unboxed(uri, limit))
    }

    async fn open_unboxed(&self, uri: &Uri, limit: Option<Duration>) -> Result<Box<Connection>, TransportError> {
        let started = Instant::now();
        let connected = self.connector.connect(uri, limit).await?;
        let duration = started.elapsed();
        tracing::debug!(
            server.address = uri.host(),
            server.port = uri.port_u16().map(i64::from),
            duration_ms = duration.as_millis() as u64,
            "connected"
        );
        let connection = Connection::start(connected, uri, Home::here()).await?;
        connection.measured.made_in(duration);
        Ok(connection)
    }
}
