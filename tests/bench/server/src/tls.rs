//! A certificate that is made for the run.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use pem::Pem;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;
use workload::BoxError;

/// Accepts TLS with a certificate from an authority created here.
///
/// Writes the authority into a file, together with the platform's roots: a client that trusts this file reads as many
/// certificates as elsewhere.
pub(crate) fn acceptor(trusted: &Path) -> Result<TlsAcceptor, BoxError> {
    let mut params = CertificateParams::default();
    params
        .distinguished_name
        .push(DnType::CommonName, "the authority of this run");
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority = CertifiedIssuer::self_signed(params, KeyPair::generate()?)?;
    let mut pem = authority.pem();
    for root in rustls_native_certs::load_native_certs().certs {
        pem += &pem::encode(&Pem::new("CERTIFICATE", root.as_ref()));
    }
    fs::write(trusted, pem)?;

    let key = KeyPair::generate()?;
    let certificate = CertificateParams::new(["127.0.0.1".to_owned()])?.signed_by(&key, &authority)?;
    let key = PrivateKeyDer::try_from(key.serialize_der())?;
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], key)?;
    Ok(TlsAcceptor::from(Arc::new(config)))
}
