//! When the provider of credentials is asked, and what its answer does.

use std::error::Error as _;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use aws_credential_types::Credentials;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::future;
use sagemaker_runtime::{CallOptions, Client, ProvideCredentials, Timeouts};
use tests::server::{Recorded, Reply, Server};
use tests::sigv4::{self, Keys};
use tokio::runtime::{Builder, Runtime};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use crate::service::{always, builder, failure, invoke, scripted, skip};

const SECOND: Duration = Duration::from_secs(1);
const HOUR: Duration = Duration::from_secs(3600);

/// Gives what the script says, and counts how often it was asked. It takes a while for it.
#[derive(Clone, Debug, Default)]
struct Provider {
    asked: Arc<AtomicUsize>,
    answered: Arc<AtomicUsize>,
    script: Arc<Mutex<Vec<Answer>>>,
}

type Answer = Result<Credentials, &'static str>;

impl Provider {
    fn new(script: impl Into<Vec<Answer>>) -> Self {
        Self {
            script: Arc::new(Mutex::new(script.into())),
            ..Self::default()
        }
    }

    fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }

    /// Waits until it has been asked so often, and has answered.
    async fn answers(&self, times: usize) {
        while self.answered.load(Ordering::SeqCst) < times {
            tokio::task::yield_now().await;
        }
        assert_eq!(self.asked(), times);
    }
}

impl ProvideCredentials for Provider {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(async {
            self.asked.fetch_add(1, Ordering::SeqCst);
            for _ in 0..100 {
                tokio::task::yield_now().await;
            }
            let answer = self.script.lock().unwrap().remove(0);
            self.answered.fetch_add(1, Ordering::SeqCst);
            answer.map_err(CredentialsError::provider_error)
        })
    }
}

fn keys(name: &str) -> Keys {
    Keys {
        access_key: format!("AKID{name}"),
        secret_key: format!("secret of {name}"),
        session_token: None,
    }
}

/// Credentials that are good for so long.
fn lasting(name: &str, left: impl Into<Option<Duration>>) -> Answer {
    let Keys {
        access_key, secret_key, ..
    } = keys(name);
    let expiry = left.into().map(|left| SystemTime::now() + left);
    Ok(Credentials::new(access_key, secret_key, None, expiry, "test"))
}

async fn server() -> Server {
    Server::start(|_| Reply::new(200)).await
}

fn client(server: &Server, provider: &Provider) -> Client {
    builder(server.url()).credentials(provider.clone()).build().unwrap()
}

#[track_caller]
fn assert_signed_by(request: &Recorded, name: &str) {
    sigv4::verify(request, &keys(name), "sagemaker").unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn calls_at_once_ask_the_provider_once() {
    let server = server().await;
    let provider = Provider::new([lasting("1", HOUR)]);
    let client = client(&server, &provider);
    let mut calls = JoinSet::new();
    for _ in 0..64 {
        let client = client.clone();
        calls.spawn(async move { invoke(&client).await.map(drop) });
    }
    while let Some(result) = calls.join_next().await {
        result.unwrap().unwrap();
    }
    assert_eq!(provider.asked(), 1);
    let requests = server.requests();
    assert_eq!(requests.len(), 64);
    for request in &requests {
        assert_signed_by(request, "1");
    }
}

/// The call that finds them to be short-lived still uses them, and so do those that come while the provider is at work.
#[tokio::test]
async fn credentials_are_renewed_before_they_expire() {
    let server = server().await;
    let provider = Provider::new([lasting("short", Duration::from_secs(4 * 60)), lasting("long", HOUR)]);
    let client = client(&server, &provider);
    // A provider that has no better ones is not asked for each call.
    for (name, asked, later) in [("short", 1, 0), ("short", 1, 10), ("short", 2, 20), ("long", 2, 31)] {
        skip(Duration::from_secs(later)).await;
        invoke(&client).await.unwrap();
        assert_signed_by(server.requests().last().unwrap(), name);
        provider.answers(asked).await;
    }
}

/// Gives credentials that last for four minutes, and from the second time on none before it is allowed to.
#[derive(Clone, Debug)]
struct Gated {
    provider: Provider,
    gate: Arc<Semaphore>,
}

impl ProvideCredentials for Gated {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(async {
            self.gate.acquire().await.unwrap().forget();
            self.provider.provide_credentials().await
        })
    }
}

#[tokio::test]
async fn nobody_waits_while_there_are_valid_credentials() {
    let server = server().await;
    let provider = Provider::new([lasting("old", Duration::from_secs(4 * 60)), lasting("new", HOUR)]);
    let gate = Arc::new(Semaphore::new(1));
    let gated = Gated {
        provider: provider.clone(),
        gate: gate.clone(),
    };
    let client = builder(server.url()).credentials(gated).build().unwrap();
    invoke(&client).await.unwrap();
    skip(Duration::from_secs(31)).await;
    // The provider is asked for others now, and says nothing.
    for _ in 0..16 {
        invoke(&client).await.unwrap();
    }
    gate.add_permits(1);
    provider.answers(2).await;
    invoke(&client).await.unwrap();
    let requests = server.requests();
    assert_eq!(requests.len(), 18);
    for request in &requests[..17] {
        assert_signed_by(request, "old");
    }
    assert_signed_by(&requests[17], "new");
}

#[tokio::test]
async fn expired_credentials_are_not_used() {
    let server = server().await;
    let provider = Provider::new([lasting("expired", Duration::ZERO), lasting("new", HOUR)]);
    let client = client(&server, &provider);
    let error = invoke(&client).await.unwrap_err();
    assert!(error.is_credentials(), "{error}");
    assert_eq!(server.connections(), 0);
    invoke(&client).await.unwrap();
    assert_signed_by(&server.requests()[0], "new");
}

/// Calls that wait together share what the provider says, also when it has no credentials.
#[tokio::test]
async fn a_failure_is_shared_by_the_calls_that_wait_for_it() {
    let server = server().await;
    let provider = Provider::new([Err("the machine is busy"), lasting("new", HOUR)]);
    let client = client(&server, &provider);
    let mut calls = JoinSet::new();
    for _ in 0..16 {
        let client = client.clone();
        calls.spawn(async move { invoke(&client).await.map(drop) });
    }
    while let Some(result) = calls.join_next().await {
        assert!(result.unwrap().unwrap_err().is_credentials());
    }
    assert_eq!(provider.asked(), 1);
    invoke(&client).await.unwrap();
    assert_eq!(provider.asked(), 2);
}

#[tokio::test]
async fn credentials_without_an_end_are_kept() {
    let server = server().await;
    let provider = Provider::new([lasting("1", None)]);
    let client = client(&server, &provider);
    for _ in 0..3 {
        invoke(&client).await.unwrap();
    }
    assert_eq!(provider.asked(), 1);
}

/// While the old ones are valid, a provider that fails is no reason to fail calls.
#[tokio::test]
async fn credentials_are_used_to_their_end_when_there_are_no_others() {
    let server = server().await;
    let provider = Provider::new([
        lasting("old", Duration::from_secs(4 * 60)),
        Err("the machine is busy"),
        lasting("new", HOUR),
    ]);
    let client = client(&server, &provider);
    for (name, asked) in [("old", 1), ("old", 2), ("old", 3), ("new", 3)] {
        skip(Duration::from_secs(31)).await;
        invoke(&client).await.unwrap();
        assert_signed_by(server.requests().last().unwrap(), name);
        provider.answers(asked).await;
    }
}

#[tokio::test]
async fn without_credentials_nothing_is_sent() {
    let server = always(Reply::new(200)).await;
    let provider = Provider::new([Err("no role is attached"), lasting("1", HOUR)]);
    let client = client(&server, &provider);
    let error = invoke(&client).await.unwrap_err();
    assert!(error.is_credentials(), "{error}");
    assert!(!error.is_service() && !error.is_connect() && !error.is_timeout());
    assert_eq!(error.attempts(), 0);
    assert_eq!(error.status(), None);
    let text = error.to_string();
    assert!(
        text.starts_with("InvokeEndpoint failed: there are no credentials to sign with"),
        "{text}"
    );
    let causes: Vec<String> = std::iter::successors(error.source(), |&error| error.source())
        .map(ToString::to_string)
        .collect();
    assert_eq!(
        causes.last().map(String::as_str),
        Some("no role is attached"),
        "{causes:?}"
    );
    assert!(!text.contains("no role is attached"));
    assert_eq!(server.connections(), 0);
    assert_eq!(provider.asked(), 1, "the provider itself knows whether to try again");

    // The next call asks again.
    let _ = invoke(&client).await;
    assert_eq!(provider.asked(), 2);
    assert_eq!(server.requests().len(), 1);
}

/// A retry long after the first attempt may need other credentials, and says what was sent before if there are none.
#[tokio::test]
async fn each_attempt_is_signed_with_credentials_that_are_valid_then() {
    let server = Server::start(|_| failure(503, "ServiceUnavailable")).await;
    let provider = Provider::new([lasting("1", HOUR), lasting("2", HOUR), Err("the machine is gone")]);
    let client = client(&server, &Provider::new([]));
    let call = client.invoke_endpoint().endpoint_name("churn").body("1");
    let options = CallOptions::new().credentials(provider);
    let error = call.options(options).send().await.unwrap_err();
    assert!(error.is_credentials(), "{error}");
    assert_eq!(error.attempts(), 2);
    let requests = server.requests();
    assert_signed_by(&requests[0], "1");
    assert_signed_by(&requests[1], "2");
    assert_eq!(requests.len(), 2);
}

/// Also those of a single call, for which they are not kept.
#[tokio::test]
async fn expired_credentials_of_a_call_are_not_used() {
    let server = server().await;
    let client = client(&server, &Provider::new([]));
    let call = || client.invoke_endpoint().endpoint_name("churn").body("1");
    let expired = Provider::new([lasting("expired", Duration::ZERO)]);
    let result = call().options(CallOptions::new().credentials(expired)).send().await;
    assert!(result.unwrap_err().is_credentials());
    let expired = sagemaker_runtime::Credentials::from(lasting("expired", Duration::ZERO).unwrap());
    let result = call().options(CallOptions::new().credentials(expired)).send().await;
    assert!(result.unwrap_err().is_credentials());
    assert_eq!(server.connections(), 0);
}

/// What is wrong with credentials is said, and where they are from; a provider is asked again by the next call.
#[tokio::test]
async fn credentials_that_cannot_sign_are_not_used() {
    let server = server().await;
    let given = || Credentials::new("AKID1", "a secret\nof 1", None, None, "test");
    let whole = |error: &sagemaker_runtime::Error| {
        assert!(error.is_credentials() && !error.is_input(), "{error}");
        assert!(!error.is_configuration() && error.attempts() == 0);
        assert!(!format!("{error:?}").contains("of 1"));
        error.to_string()
    };
    let expected = |name: &str| {
        format!("InvokeEndpoint failed: the secret access key of the credentials from `{name}` has a control character")
    };
    let provider = Provider::new([Ok(given()), lasting("2", HOUR)]);
    let client = client(&server, &provider);
    let error = invoke(&client).await.unwrap_err();
    assert_eq!(whole(&error), expected("aws-credential-types"));
    invoke(&client).await.unwrap();
    assert_signed_by(&server.requests()[0], "2");

    // Those of a single call.
    let call = || client.invoke_endpoint().endpoint_name("churn").body("1");
    let options = CallOptions::new().credentials(Provider::new([Ok(given())]));
    let error = call().options(options).send().await.unwrap_err();
    assert_eq!(whole(&error), expected("aws-credential-types"));
    let given = sagemaker_runtime::Credentials::new("AKID1", "a secret\nof 1", None, None, "vault");
    let options = CallOptions::new().credentials(given);
    let error = call().options(options).send().await.unwrap_err();
    assert_eq!(whole(&error), expected("vault"));
    assert_eq!(server.requests().len(), 1);
}

/// A service may know that they have expired before the clock does: a laptop has slept, or somebody has revoked them.
#[tokio::test]
async fn credentials_that_the_service_refuses_as_expired_are_renewed_once() {
    let server = Server::start(
        |request| match sigv4::verify_signature(request, &keys("good"), "sagemaker") {
            Ok(_) => Reply::new(200),
            Err(_) => failure(403, "ExpiredTokenException"),
        },
    )
    .await;
    let provider = Provider::new([lasting("bad", HOUR), lasting("good", HOUR)]);
    let client = client(&server, &provider);
    invoke(&client).await.unwrap();
    invoke(&client).await.unwrap();
    assert_eq!((provider.asked(), server.requests().len()), (2, 3));

    // The same ones again are no help.
    let provider = Provider::new([lasting("bad", HOUR), lasting("bad", HOUR), lasting("good", HOUR)]);
    let client = self::client(&server, &provider);
    let error = invoke(&client).await.unwrap_err();
    assert_eq!(error.code(), Some("ExpiredTokenException"));
    assert_eq!((error.attempts(), provider.asked()), (2, 2));

    // Those in code cannot be renewed.
    let credentials = sagemaker_runtime::Credentials::from(lasting("bad", None).unwrap());
    let client = builder(server.url()).credentials(credentials).build().unwrap();
    assert_eq!(invoke(&client).await.unwrap_err().attempts(), 1);
}

/// Those that do not change have no provider that could have others.
#[tokio::test]
async fn static_credentials_are_used_until_they_expire() {
    let server = server().await;
    let client = |left| {
        let credentials = sagemaker_runtime::Credentials::from(lasting("1", left).unwrap());
        builder(server.url()).credentials(credentials).build().unwrap()
    };
    invoke(&client(Duration::from_secs(60))).await.unwrap();
    assert_signed_by(&server.requests()[0], "1");
    let error = invoke(&client(Duration::ZERO)).await.unwrap_err();
    assert!(error.is_credentials(), "{error}");
    assert_eq!(
        error.to_string(),
        "InvokeEndpoint failed: the credentials to sign with have expired [hint: get new credentials, or use a source that \
         renews them, such as a profile]"
    );
    assert_eq!((error.attempts(), server.requests().len()), (0, 1));
}

/// A call that is given up while it waits for the provider leaves the answer to the others.
#[tokio::test]
async fn a_dropped_call_does_not_take_the_answer_with_it() {
    let server = server().await;
    let provider = Provider::new([lasting("1", HOUR)]);
    let client = client(&server, &provider);
    let waiting = tokio::spawn({
        let client = client.clone();
        async move { invoke(&client).await.map(drop) }
    });
    while provider.asked() == 0 {
        tokio::task::yield_now().await;
    }
    waiting.abort();
    assert!(waiting.await.unwrap_err().is_cancelled());
    invoke(&client).await.unwrap();
    provider.answers(1).await;
}

/// Otherwise one lost connection to it would stop the client for ever.
#[tokio::test(start_paused = true)]
async fn a_provider_that_never_answers_is_given_up() {
    let server = server().await;
    let gate = Arc::new(Semaphore::new(0));
    let provider = Provider::new([lasting("1", HOUR)]);
    let gated = Gated {
        provider: provider.clone(),
        gate: gate.clone(),
    };
    let client = builder(server.url()).credentials(gated).build().unwrap();
    let started = tokio::time::Instant::now();
    let error = invoke(&client).await.unwrap_err();
    assert!(error.is_credentials(), "{error}");
    assert_eq!(started.elapsed().as_secs(), 120);
    assert_eq!(server.connections(), 0);
    gate.add_permits(1);
    tokio::time::resume();
    invoke(&client).await.unwrap();
}

/// Nor may it stop the calls that it is for.
#[tokio::test(start_paused = true)]
async fn a_provider_of_one_call_that_never_answers_is_given_up() {
    let server = server().await;
    let client = client(&server, &Provider::default());
    let late = OneLate::new(&Provider::default(), 0);
    let started = tokio::time::Instant::now();
    let call = client.invoke_endpoint().endpoint_name("churn").body("1");
    let options = CallOptions::new()
        .credentials(late)
        .timeouts(Timeouts::new().operation(3 * 60 * SECOND));
    let error = call.options(options).send().await.unwrap_err();
    assert!(error.is_credentials(), "{error}");
    assert_eq!(started.elapsed().as_secs(), 120);
    assert_eq!(server.connections(), 0);
}

/// Keeps one answer back until it is allowed to give it.
#[derive(Clone, Debug)]
struct OneLate {
    provider: Provider,
    asked: Arc<AtomicUsize>,
    late: usize,
    gate: Arc<Semaphore>,
}

impl OneLate {
    /// Late is the answer to the question of this number, from 0.
    fn new(provider: &Provider, late: usize) -> Self {
        Self {
            provider: provider.clone(),
            asked: Arc::default(),
            late,
            gate: Arc::new(Semaphore::new(0)),
        }
    }

    fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }

    /// Waits until it has been asked so often.
    async fn is_asked(&self, times: usize) {
        while self.asked() < times {
            tokio::task::yield_now().await;
        }
    }
}

impl ProvideCredentials for OneLate {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(async {
            if self.asked.fetch_add(1, Ordering::SeqCst) == self.late {
                self.gate.acquire().await.unwrap().forget();
            }
            self.provider.provide_credentials().await
        })
    }
}

fn runtime() -> Runtime {
    Builder::new_current_thread().enable_all().build().unwrap()
}

/// The question of the first runtime gets its answer only while somebody is in its `block_on`.
#[test]
fn calls_do_not_wait_for_a_runtime_that_rests() {
    let (resting, running) = (runtime(), runtime());
    let server = running.block_on(server());
    let provider = Provider::new([lasting("long", HOUR), lasting("short", HOUR / 2)]);
    let late = OneLate::new(&provider, 0);
    let client = builder(server.url()).credentials(late.clone()).build().unwrap();
    resting.block_on(async {
        let client = client.clone();
        tokio::spawn(async move { invoke(&client).await.map(drop) });
        late.is_asked(1).await;
    });
    running.block_on(invoke(&client)).unwrap();
    assert_eq!(late.asked(), 2);

    // What comes too late does not replace what lasts longer.
    late.gate.add_permits(1);
    resting.block_on(provider.answers(2));
    running.block_on(invoke(&client)).unwrap();
    let requests = server.requests();
    assert_eq!(requests.len(), 2);
    for request in &requests {
        assert_signed_by(request, "long");
    }
}

/// Nobody waits for it, so that runtimes need not all ask at once; another does when nothing has come for a while.
#[test]
fn a_renewal_in_time_is_a_matter_of_one_runtime() {
    let serving = Builder::new_multi_thread().worker_threads(1).enable_all().build();
    let server = serving.as_ref().unwrap().block_on(server());
    let (resting, running) = (runtime(), runtime());
    let short = lasting("short", Duration::from_secs(4 * 60));
    let provider = Provider::new([short, lasting("long", HOUR)]);
    let late = OneLate::new(&provider, 1);
    let client = builder(server.url()).credentials(late.clone()).build().unwrap();
    running.block_on(invoke(&client)).unwrap();
    resting.block_on(async {
        skip(Duration::from_secs(31)).await;
        invoke(&client).await.unwrap();
        late.is_asked(2).await;
    });
    running.block_on(async {
        invoke(&client).await.unwrap();
        skip(Duration::ZERO).await;
        assert_eq!(late.asked(), 2);
        // The clock of the other runtime is ahead by 31 s.
        skip(Duration::from_secs(62)).await;
        invoke(&client).await.unwrap();
        skip(Duration::ZERO).await;
        assert_eq!(late.asked(), 3);
        provider.answers(2).await;
        invoke(&client).await.unwrap();
    });
    let requests = server.requests();
    assert_eq!(requests.len(), 5);
    for request in &requests[..4] {
        assert_signed_by(request, "short");
    }
    assert_signed_by(&requests[4], "long");
}

#[derive(Debug)]
struct Broken;

impl ProvideCredentials for Broken {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(async { panic!("a bug of the provider") })
    }
}

#[tokio::test]
async fn a_provider_that_panics_is_an_error() {
    let server = server().await;
    let client = builder(server.url()).credentials(Broken).build().unwrap();
    for _ in 0..2 {
        let error = invoke(&client).await.unwrap_err();
        assert!(error.is_credentials(), "{error}");
    }
    assert_eq!(server.connections(), 0);
}

#[tokio::test]
async fn the_script_of_another_client_is_not_asked() {
    let server = scripted(vec![Reply::new(200)]).await;
    let unused = Provider::default();
    let _client = client(&server, &unused);
    invoke(&crate::service::client(&server)).await.unwrap();
    assert_eq!(unused.asked(), 0, "building a client asks nobody");
}
