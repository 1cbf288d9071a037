//! A service that fails as told, a client whose secrets are marked, and what comes of their meeting.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use http::{HeaderName, HeaderValue};
use sagemaker_runtime::operation::Sending;
use sagemaker_runtime::operation::invoke_endpoint::InvokeEndpointOutput;
use sagemaker_runtime::operation::invoke_endpoint_with_response_stream::InvokeEndpointWithResponseStreamOutput;
use sagemaker_runtime::{CallOptions, Client, ClientBuilder, Error};
use serde::{Deserialize, Serialize};
use tests::server::{Recorded, Reply, Server};

use super::Injected;
use crate::logs::{self, Log, record};
use crate::service::{self, builder, chain, credentials};

/// What a fault led to.
#[derive(Deserialize, Serialize)]
pub(crate) struct Outcome {
    /// The host with its port.
    pub(crate) host: String,
    pub(crate) requests: usize,
    /// Why the first attempt was followed by another one, or by none, as the client logs it.
    pub(crate) why: String,
    /// What the client logs as the reason for each attempt but the first.
    pub(crate) reasons: Vec<String>,
    pub(crate) failure: Option<Failure>,
}

/// An error, as far as a row tells of it.
#[derive(Deserialize, Serialize)]
pub(crate) struct Failure {
    pub(crate) text: String,
    /// The predicates that hold.
    pub(crate) is: Vec<String>,
}

impl Outcome {
    /// Nothing that is secret may be in what the client logged or in its error.
    pub(crate) fn new(url: &str, requests: usize, result: Result<(), Error>, log: &Log) -> Self {
        logs::assert_hidden(&format!("{log:?}"));
        let failure = result.err().map(|error| {
            logs::assert_hidden(&chain(&error));
            Failure {
                text: error.to_string(),
                is: predicates(&error),
            }
        });
        Self {
            host: url.split_once("://").unwrap().1.to_owned(),
            requests,
            why: why(log),
            reasons: log
                .events("retrying")
                .map(|event| event.field("retry.reason").to_owned())
                .collect(),
            failure,
        }
    }
}

/// Which predicates hold.
fn predicates(error: &Error) -> Vec<String> {
    type Predicate = fn(&Error) -> bool;
    let all: [(&str, Predicate); 9] = [
        ("is_service", Error::is_service),
        ("is_throttling", Error::is_throttling),
        ("is_timeout", Error::is_timeout),
        ("is_connect", Error::is_connect),
        ("is_connection", Error::is_connection),
        ("is_response", Error::is_response),
        ("is_input", Error::is_input),
        ("is_credentials", Error::is_credentials),
        ("is_configuration", Error::is_configuration),
    ];
    let holds = all.into_iter().filter(|(_, holds)| holds(error));
    holds.map(|(name, _)| name.to_owned()).collect()
}

/// What the first attempt tells of what follows it.
fn why(log: &Log) -> String {
    let Some(attempt) = log.events("attempt").next() else {
        return String::new();
    };
    let field = match attempt.get("retry.again") {
        Some("true") => "retry.safe",
        _ => "retry.reason",
    };
    attempt.get(field).unwrap_or_default().to_owned()
}

/// Which operation is called.
#[derive(Clone, Copy)]
pub(crate) enum Call {
    Invoke,
    Queue,
    Stream,
}

pub(crate) struct Scene {
    pub(crate) server: Server,
    pub(crate) client: Client,
    healthy: Arc<AtomicBool>,
}

impl Scene {
    /// A service that answers the n-th request with the n-th reply, and the last one from then on.
    pub(crate) async fn new(replies: Vec<Reply>) -> Self {
        Self::with(replies, |builder| builder).await
    }

    /// The same with another client.
    pub(crate) async fn with(replies: Vec<Reply>, configure: impl FnOnce(ClientBuilder) -> ClientBuilder) -> Self {
        let next = AtomicUsize::new(0);
        let reply = move |_: &Recorded| {
            let next = next.fetch_add(1, Ordering::Relaxed);
            replies[next.min(replies.len() - 1)].clone()
        };
        Self::answering(reply, configure).await
    }

    /// A service that looks at the request.
    pub(crate) async fn answering(
        reply: impl Fn(&Recorded) -> Reply + Send + Sync + 'static,
        configure: impl FnOnce(ClientBuilder) -> ClientBuilder,
    ) -> Self {
        let healthy = Arc::new(AtomicBool::new(false));
        let is_healthy = Arc::clone(&healthy);
        let server = service::service_for(logs::secret_keys(), move |request| {
            match is_healthy.load(Ordering::Relaxed) {
                true => Reply::new(200).body("fine"),
                false => reply(request),
            }
        })
        .await;
        let client = configure(secret_builder(server.url())).build().unwrap();
        Self {
            server,
            client,
            healthy,
        }
    }

    /// Makes the call and reads its output. The client is of further use then.
    pub(crate) async fn meet(self, call: Call) -> Outcome {
        let client = self.client.clone();
        self.outcome(make(&client, call)).await
    }

    /// The same with a call that does more than that.
    pub(crate) async fn outcome(self, call: impl Future<Output = Result<(), Error>>) -> Outcome {
        let before = self.server.requests().len();
        let (result, log) = record(call).await;
        let requests = self.server.requests().len() - before;
        self.healthy.store(true, Ordering::Relaxed);
        let next = invoke(&self.client).await.expect("the next call");
        assert_eq!(next.body.text().await.unwrap(), "fine");
        Outcome::new(self.server.url(), requests, result, &log)
    }
}

/// What a client is made from, all of whose secrets are marked.
pub(crate) fn secret_builder(url: &str) -> ClientBuilder {
    builder(url).credentials(credentials(logs::secret_keys()))
}

/// A call all of whose secrets are marked.
pub(crate) fn invoke(client: &Client) -> Sending<InvokeEndpointOutput> {
    invoke_with(client, CallOptions::new())
}

/// The same with options.
pub(crate) fn invoke_with(client: &Client, options: CallOptions) -> Sending<InvokeEndpointOutput> {
    let call = client
        .invoke_endpoint()
        .endpoint_name("model")
        .body("MARK-REQUEST-BODY");
    call.custom_attributes("MARK-REQUEST-ATTRIBUTES")
        .session_id("MARK-SESSION-ID")
        .options(secret(options))
        .send()
}

fn secret(options: CallOptions) -> CallOptions {
    options.header(
        HeaderName::from_static("x-extra"),
        HeaderValue::from_static("MARK-EXTRA-HEADER"),
    )
}

/// Makes a call and reads its output to the end.
pub(crate) async fn make(client: &Client, call: Call) -> Result<(), Error> {
    match call {
        Call::Invoke => {
            let output = invoke(client).await?;
            logs::assert_hidden(&format!("{output:?}"));
            output.body.bytes().await?;
        }
        Call::Queue => {
            let call = client.invoke_endpoint_async().endpoint_name("model");
            call.body("MARK-REQUEST-BODY")
                .custom_attributes("MARK-REQUEST-ATTRIBUTES")
                .options(secret(CallOptions::new()))
                .send()
                .await?;
        }
        Call::Stream => {
            let mut output = start(client).await?;
            let mut result = Ok(());
            loop {
                match output.body.recv().await {
                    Ok(Some(event)) => logs::assert_hidden(&format!("{event:?}")),
                    // Nothing comes after an error, so that this ends.
                    Ok(None) => return result,
                    Err(error) => {
                        assert!(result.is_ok(), "an error after another: {error}");
                        result = Err(error);
                    }
                }
            }
        }
    }
    Ok(())
}

/// Begins a stream of events.
pub(crate) fn start(client: &Client) -> Sending<InvokeEndpointWithResponseStreamOutput> {
    let call = client.invoke_endpoint_with_response_stream().endpoint_name("model");
    call.body("MARK-REQUEST-BODY")
        .custom_attributes("MARK-REQUEST-ATTRIBUTES")
        .session_id("MARK-SESSION-ID")
        .options(secret(CallOptions::new()))
        .send()
}

/// A service that always fails in this way.
pub(crate) fn always(reply: Reply) -> Injected {
    each(Call::Invoke, vec![reply])
}

/// A service that always fails in one of these ways.
pub(crate) fn each(call: Call, replies: Vec<Reply>) -> Injected {
    Box::pin(async move {
        let mut outcomes = Vec::new();
        for reply in replies {
            outcomes.push(Scene::new(vec![reply]).await.meet(call).await);
        }
        outcomes
    })
}

/// A service that gives these replies, the last one again and again.
pub(crate) fn scripted(replies: Vec<Reply>) -> Injected {
    Box::pin(async { vec![Scene::new(replies).await.meet(Call::Invoke).await] })
}
