//! Certificates that are made in the test, and a service that shows them.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, date_time_ymd};
use tests::server::Server;
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};

/// Who issues certificates.
pub(crate) struct Authority(CertifiedIssuer<'static, KeyPair>);

/// When a certificate is valid, in years.
#[derive(Clone, Copy)]
pub(crate) enum Valid {
    Now,
    Before,
    Later,
}

/// A certificate with its key.
pub(crate) struct Identity {
    certificate: CertificateDer<'static>,
    key: KeyPair,
}

impl Authority {
    pub(crate) fn new(name: &str) -> Self {
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().expect("ring makes keys");
        Self(CertifiedIssuer::self_signed(params, key).expect("nothing is missing"))
    }

    /// What others have to trust.
    pub(crate) fn pem(&self) -> String {
        self.0.pem()
    }

    /// A certificate for this host name or address.
    pub(crate) fn issue(&self, host: &str, valid: Valid) -> Identity {
        let mut params = CertificateParams::new([host.to_owned()]).expect("a host");
        let (from, to) = match valid {
            Valid::Now => (2000, 2999),
            Valid::Before => (2000, 2001),
            Valid::Later => (2998, 2999),
        };
        params.not_before = date_time_ymd(from, 1, 1);
        params.not_after = date_time_ymd(to, 1, 1);
        let key = KeyPair::generate().expect("ring makes keys");
        let certificate = params.signed_by(&key, &self.0).expect("nothing is missing");
        Identity {
            certificate: certificate.der().clone(),
            key,
        }
    }
}

impl Identity {
    /// What shows the certificate to those who connect.
    pub(crate) fn acceptor(self) -> TlsAcceptor {
        let key = PrivateKeyDer::try_from(self.key.serialize_der()).expect("a key in PKCS#8");
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .expect("ring has them")
            .with_no_client_auth()
            .with_single_cert(vec![self.certificate], key)
            .expect("they belong together");
        TlsAcceptor::from(Arc::new(config))
    }
}

/// TLS in front of a server.
pub(crate) struct TlsServer {
    server: Server,
    port: u16,
    connections: Arc<AtomicUsize>,
    acceptor: JoinHandle<()>,
}

impl TlsServer {
    pub(crate) async fn start(identity: Identity, server: Server) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let port = listener.local_addr().expect("a bound socket has an address").port();
        let connections = Arc::new(AtomicUsize::new(0));
        let plain = server.url().trim_start_matches("http://").to_owned();
        let accepting = accept(listener, identity.acceptor(), plain, Arc::clone(&connections));
        Self {
            server,
            port,
            connections,
            acceptor: tokio::spawn(accepting),
        }
    }

    /// The URL by which a host of this name is reached.
    pub(crate) fn url(&self, host: &str) -> String {
        format!("https://{host}:{}", self.port)
    }

    /// How many connections were begun.
    pub(crate) fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }

    /// What is behind the TLS.
    pub(crate) fn server(&self) -> &Server {
        &self.server
    }
}

impl Drop for TlsServer {
    fn drop(&mut self) {
        self.acceptor.abort();
    }
}

async fn accept(listener: TcpListener, acceptor: TlsAcceptor, plain: String, connections: Arc<AtomicUsize>) {
    while let Ok((stream, _)) = listener.accept().await {
        connections.fetch_add(1, Ordering::SeqCst);
        // A peer that does not trust the server goes away.
        tokio::spawn(forward(acceptor.clone(), stream, plain.clone()));
    }
}

async fn forward(acceptor: TlsAcceptor, stream: TcpStream, plain: String) -> io::Result<()> {
    let mut stream = acceptor.accept(stream).await?;
    let mut server = TcpStream::connect(plain).await?;
    copy_bidirectional(&mut stream, &mut server).await.map(drop)
}
