//! How long a call looks for credentials on a machine that is no EC2 instance and has nothing configured.

use std::ffi::OsString;
use std::future::pending;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, SystemTime};

use lean_aws_runtime::credentials::{CredentialChain, CredentialsError, CredentialsSource, LoadContext, SourceConfig};
use lean_aws_runtime::support::system::{
    Answer, Exchange, Local, NoAnswer, NoAnswerKind, Output, Pending, SecretBytes, System,
};
use sagemaker_runtime::Credentials;
use tests::server::Reply;
use tokio::net::TcpListener;
use tokio::time::{Instant, timeout};

use crate::service::{always, builder, invoke};

/// A machine with a folder for a home that is not there.
#[derive(Clone, Default)]
struct Machine {
    variable: Option<(&'static str, String)>,
    asked: Arc<AtomicUsize>,
}

/// The default chain on this machine.
impl CredentialsSource for Machine {
    async fn load(&self, _: &LoadContext) -> Result<Credentials, CredentialsError> {
        let context = LoadContext::new(SourceConfig::on(Arc::new(self.clone())));
        CredentialChain::default().load(&context).await
    }
}

impl System for Machine {
    fn variable(&self, name: &str) -> Option<OsString> {
        let (own, value) = self.variable.as_ref()?;
        (*own == name).then(|| value.into())
    }

    fn home(&self) -> Option<PathBuf> {
        Some("/no/such/folder".into())
    }

    fn now(&self) -> SystemTime {
        Local.now()
    }

    fn random(&self, bytes: &mut [u8]) -> io::Result<()> {
        Local.random(bytes)
    }

    fn sleep(&self, pause: Duration) -> Pending<'_, ()> {
        Local.sleep(pause)
    }

    fn read(&self, path: &Path, max: usize) -> io::Result<SecretBytes> {
        Local.read(path, max)
    }

    fn replace(&self, path: &Path, content: &[u8]) -> io::Result<()> {
        Local.replace(path, content)
    }

    fn run<'a>(&'a self, command: &'a str, limit: Duration) -> Pending<'a, io::Result<Output>> {
        Local.run(command, limit)
    }

    /// What is sent to the address of the service gets lost, as it does in most networks.
    fn exchange(&self, exchange: Exchange) -> Pending<'_, Result<Answer, NoAnswer>> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        if exchange.request.uri().host() != Some("169.254.169.254") {
            return Local.exchange(exchange);
        }
        Box::pin(async move {
            let lost = timeout(exchange.connect_limit.min(exchange.limit), pending::<()>()).await;
            Err(NoAnswer {
                kind: NoAnswerKind::ConnectTimeout,
                source: lost.expect_err("nothing comes").into(),
            })
        })
    }
}

/// Makes a call; returns what the error says, and how long that took.
async fn fail(machine: &Machine) -> (String, Duration) {
    let server = always(Reply::new(200)).await;
    let client = builder(server.url()).credentials(machine.clone()).build().unwrap();
    let started = Instant::now();
    let error = invoke(&client).await.unwrap_err();
    assert!(error.is_credentials(), "{error}");
    assert_eq!((error.attempts(), server.connections()), (0, 0));
    (error.to_string(), started.elapsed())
}

const LIMIT: Duration = Duration::from_millis(1100);

#[tokio::test(start_paused = true)]
async fn an_address_where_nobody_is_costs_a_second() {
    let machine = Machine::default();
    let (text, time) = fail(&machine).await;
    assert!(text.contains("http://169.254.169.254: no answer within 1s"), "{text}");
    assert!(time <= LIMIT, "{time:?}");
    assert_eq!(machine.asked.load(Ordering::SeqCst), 1);
}

/// As in a container that is one hop too far away.
#[tokio::test(start_paused = true)]
async fn an_address_that_is_silent_costs_a_second() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let machine = Machine {
        variable: Some(("AWS_EC2_METADATA_SERVICE_ENDPOINT", url)),
        ..Machine::default()
    };
    let (text, time) = fail(&machine).await;
    assert!(text.contains("no answer within 1s"), "{text}");
    assert!(time <= LIMIT, "{time:?}");
    assert_eq!(machine.asked.load(Ordering::SeqCst), 1);
}

#[tokio::test(start_paused = true)]
async fn a_service_that_is_switched_off_costs_nothing() {
    let machine = Machine {
        variable: Some(("AWS_EC2_METADATA_DISABLED", "true".to_owned())),
        ..Machine::default()
    };
    let (text, time) = fail(&machine).await;
    assert!(text.contains("disabled by `AWS_EC2_METADATA_DISABLED`"), "{text}");
    assert_eq!(time, Duration::ZERO);
    assert_eq!(machine.asked.load(Ordering::SeqCst), 0);
}
