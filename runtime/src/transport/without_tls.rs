//! In place of TLS, for a client without the feature `tls`.

use tokio::net::TcpStream;

use super::limit::Limit;
use super::options::CaBundle;
use super::phase::TransportError;

/// There is none.
pub(super) enum Tls {}

impl Tls {
    /// # Errors
    ///
    /// Always.
    pub(super) fn new(_ca_bundle: Option<&CaBundle>) -> Result<Self, String> {
        Err("`https://` needs the feature `tls` of this crate: switch it on, set an `http://` endpoint URL, or give the \
            client a `.transport(..)`"
            .to_owned())
    }

    pub(super) async fn connect(&self, _: &str, _: TcpStream, _: Limit) -> Result<TcpStream, TransportError> {
        match *self {}
    }
}

#[cfg(test)]
mod tests {
    use crate::weather::Client;
    use crate::{ClientBuilder, Credentials};

    fn builder() -> ClientBuilder<Client> {
        let credentials = Credentials::new("id", "secret", None, None, "test");
        ClientBuilder::new().region("eu-west-1").credentials(credentials)
    }

    #[test]
    fn an_encrypted_endpoint_is_refused_with_the_way_out() {
        let error = builder().endpoint_url("https://localhost").build().unwrap_err();
        assert!(error.is_configuration());
        let text = error.to_string();
        assert!(text.contains("needs the feature `tls`"), "{text}");
    }

    #[test]
    fn a_plain_endpoint_needs_no_tls() {
        builder().endpoint_url("http://localhost").build().expect("a client");
    }
}
