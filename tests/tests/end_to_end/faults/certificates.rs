//! Peers that are not known to be the service. Nothing is sent to them.

use tests::server::Reply;

use super::scene::{Call, Outcome, make, secret_builder};
use super::{Does, Injected, Row, rows};
use crate::logs::{self, record};
use crate::service::service_for;
use crate::tls::{Authority, Identity, TlsServer, Valid};

rows! {
    unknown_authority: Row {
        fault: "the certificate is signed by an untrusted authority",
        does: Does::Fails,
        why: "it would fail again",
        requests: 0,
        is: &["is_connect"],
        says: "cannot connect to HOST: its certificate is signed by an untrusted authority [1 attempt, hint: check the \
               endpoint URL, or trust a certificate authority of your own with `AWS_CA_BUNDLE` or `.ca_bundle(..)`]",
        inject: || shown(|_| Authority::new("another authority").issue("localhost", Valid::Now)),
    };
    other_host: Row {
        fault: "the certificate is for another host",
        does: Does::Fails,
        why: "it would fail again",
        requests: 0,
        is: &["is_connect"],
        says: "cannot connect to HOST: its certificate is for another host [1 attempt, hint: check the host of the \
               endpoint URL]",
        inject: || shown(|authority| authority.issue("other.example", Valid::Now)),
    };
    expired: Row {
        fault: "the certificate has expired",
        does: Does::Fails,
        why: "it would fail again",
        requests: 0,
        is: &["is_connect"],
        says: "cannot connect to HOST: its certificate has expired [1 attempt, hint: check the clock of this machine; if \
               it is right, the host needs a new certificate]",
        inject: || shown(|authority| authority.issue("localhost", Valid::Before)),
    };
    not_valid_yet: Row {
        fault: "the certificate is not valid yet",
        does: Does::Fails,
        why: "it would fail again",
        requests: 0,
        is: &["is_connect"],
        says: "cannot connect to HOST: its certificate is not valid yet [1 attempt, hint: check the clock of this \
               machine; if it is right, the host needs a new certificate]",
        inject: || shown(|authority| authority.issue("localhost", Valid::Later)),
    };
    forged: Row {
        fault: "something else is wrong with the certificate, such as its signature",
        does: Does::Fails,
        why: "it would fail again",
        requests: 0,
        is: &["is_connect"],
        says: "cannot connect to HOST: its certificate is not trusted [1 attempt, hint: the cause of the error says what \
               is wrong with it]",
        // It only bears the name of the authority that is trusted.
        inject: || shown(|_| Authority::new("an authority").issue("localhost", Valid::Now)),
    };
}

/// A service that shows a certificate to a client which trusts one authority.
fn shown(issue: fn(&Authority) -> Identity) -> Injected {
    Box::pin(async move {
        let authority = Authority::new("an authority");
        let service = service_for(logs::secret_keys(), |_| Reply::new(200)).await;
        let server = TlsServer::start(issue(&authority), service).await;
        let url = server.url("localhost");
        let client = secret_builder(&url).ca_bundle(authority.pem()).build().unwrap();
        let (result, log) = record(make(&client, Call::Invoke)).await;
        assert_eq!(server.connections(), 1);
        vec![Outcome::new(&url, server.server().requests().len(), result, &log)]
    })
}
