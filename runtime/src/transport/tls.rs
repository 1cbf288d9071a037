//! TLS, and whom it trusts.

mod provider;

use std::env;
use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::Path;
use std::sync::{Arc, OnceLock};

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{CertificateError, ClientConfig, Error as TlsError, RootCertStore};
use socket2::SockRef;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use super::limit::Limit;
use super::options::CaBundle;
use super::phase::{Phase, TransportError};
use super::stream::Stream;
use crate::error::BoxError;
use crate::error::{Connecting, Distrust};
use crate::words::once::get_or_try_init;
use crate::words::one_line::Quoted;

/// Names a file with certificates that replace those of the platform.
const CA_BUNDLE: &str = "AWS_CA_BUNDLE";

/// Makes connections secret, with those that are to be trusted. Sessions are resumed as long as it lives.
#[derive(Clone)]
pub(super) struct Tls(TlsConnector);

impl Tls {
    /// Trusts the certificates of a bundle, else those of the file that `AWS_CA_BUNDLE` names, else the platform's.
    ///
    /// # Errors
    ///
    /// When there are no certificates to trust.
    pub(super) fn new(ca_bundle: Option<&CaBundle>) -> Result<Self, String> {
        let file = env::var_os(CA_BUNDLE).filter(|path| !path.to_string_lossy().trim().is_empty());
        let config = match (ca_bundle, file) {
            (Some(bundle), _) => Arc::new(trusting_bundle(&bundle.pem, &bundle.origin)?),
            (None, Some(path)) => Arc::new(trusting_file(&path)?),
            (None, None) => trusting_platform()?,
        };
        Ok(Self(config.into()))
    }

    pub(super) async fn connect(
        &self,
        host: &str,
        tcp: TcpStream,
        limit: Limit,
    ) -> Result<TlsStream<TcpStream>, TransportError> {
        let name = ServerName::try_from(host.trim_matches(['[', ']']).to_owned());
        // Proxies take any name, but no certificate can be for this one.
        let name = name.map_err(|error| TransportError {
            phase: Phase::Connect(Connecting::Resolve),
            source: error.into(),
        })?;
        let connecting = limit.within(Connecting::Tls, self.0.connect(name, tcp));
        connecting.await.map_err(|error| match distrust(&error.source) {
            Some(distrust) => TransportError {
                phase: Phase::Connect(Connecting::Certificate(distrust)),
                ..error
            },
            None => error,
        })
    }
}

impl Stream for TlsStream<TcpStream> {
    fn has_unread(&self) -> bool {
        self.get_ref().0.has_unread()
    }

    /// Session tickets and new keys may come at any time, and HTTP does not see them. What the system has is taken in,
    /// behind Tokio's back.
    fn is_quiet(&mut self) -> bool {
        let (tcp, session) = self.get_mut();
        let socket = SockRef::from(&*tcp);
        loop {
            match session.read_tls(&mut &*socket) {
                Ok(1..) => {}
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return true,
                Ok(0) | Err(_) => return false,
            }
            match session.process_new_packets() {
                Ok(state) if state.plaintext_bytes_to_read() == 0 && !state.peer_has_closed() => {}
                Ok(_) | Err(_) => return false,
            }
        }
    }
}

/// What is wrong with the certificate of the peer, if that is why there is no connection.
fn distrust(error: &BoxError) -> Option<Distrust> {
    let cause = error.downcast_ref().and_then(io::Error::get_ref)?;
    match cause.downcast_ref()? {
        TlsError::InvalidCertificate(error) => Some(match error {
            CertificateError::UnknownIssuer => Distrust::UnknownIssuer,
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => Distrust::OtherHost,
            CertificateError::Expired | CertificateError::ExpiredContext { .. } => Distrust::Expired,
            CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => Distrust::NotYetValid,
            _ => Distrust::Other,
        }),
        TlsError::NoCertificatesPresented => Some(Distrust::Other),
        _ => None,
    }
}

/// The certificates of the platform are read once: that takes longer than many calls.
fn trusting_platform() -> Result<Arc<ClientConfig>, String> {
    static TLS: OnceLock<Arc<ClientConfig>> = OnceLock::new();
    get_or_try_init(&TLS, read_platform).cloned()
}

fn read_platform() -> Result<Arc<ClientConfig>, String> {
    let found = rustls_native_certs::load_native_certs();
    let mut roots = RootCertStore::empty();
    let (added, _unreadable) = roots.add_parsable_certificates(found.certs);
    match (added, found.errors.first()) {
        (0, Some(error)) => Err(format!("the platform's trusted certificates cannot be read: {error}")),
        (0, None) => Err(
            "the platform has no trusted certificates: install its `ca-certificates`, or give some with \
             `.ca_bundle(..)` or `AWS_CA_BUNDLE`"
                .to_owned(),
        ),
        _ => trusting(roots).map(Arc::new),
    }
}

fn trusting_file(path: &OsStr) -> Result<ClientConfig, String> {
    let what = format!(
        "the file {}, which `{CA_BUNDLE}` names,",
        Quoted(Path::new(path).display())
    );
    let pem = fs::read(path).map_err(|error| format!("{what} cannot be read: {error}"))?;
    trusting_bundle(&pem, &what)
}

fn trusting_bundle(pem: &[u8], what: &str) -> Result<ClientConfig, String> {
    let certificates: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
    let certificates = certificates.map_err(|error| format!("{what} is not PEM: {error}"))?;
    let mut roots = RootCertStore::empty();
    match roots.add_parsable_certificates(certificates) {
        (0, _) => Err(format!("{what} holds no certificate: it must have some in PEM")),
        _ => trusting(roots),
    }
}

fn trusting(roots: RootCertStore) -> Result<ClientConfig, String> {
    let provider = Arc::new(provider::provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| format!("TLS cannot be set up: {error}"))?;
    Ok(config.with_root_certificates(roots).with_no_client_auth())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bundle_without_certificates_is_refused() {
        for pem in [
            &b""[..],
            b"hello",
            b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
        ] {
            let refused = trusting_bundle(pem, "`.ca_bundle(..)`").expect_err("nothing to trust");
            assert_eq!(
                refused,
                "`.ca_bundle(..)` holds no certificate: it must have some in PEM"
            );
        }
        let broken = b"-----BEGIN CERTIFICATE-----\n####\n-----END CERTIFICATE-----\n";
        let refused = trusting_bundle(broken, "`.ca_bundle(..)`").expect_err("nothing to trust");
        assert!(refused.starts_with("`.ca_bundle(..)` is not PEM: "), "{refused}");
    }

    #[test]
    fn a_file_that_cannot_be_read_is_named() {
        let refused = trusting_file(OsStr::new("/no/such/file.pem")).expect_err("no such file");
        let expected = "the file `/no/such/file.pem`, which `AWS_CA_BUNDLE` names, cannot be read: ";
        assert!(refused.starts_with(expected), "{refused}");
        let refused = trusting_file(OsStr::new("/no/such\n\u{1b}/file.pem")).expect_err("no such file");
        let expected = "the file `/no/such\\n\\u{1b}/file.pem`, which `AWS_CA_BUNDLE` names, cannot be read: ";
        assert!(refused.starts_with(expected), "{refused}");
    }
}
