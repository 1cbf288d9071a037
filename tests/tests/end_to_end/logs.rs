//! What a call tells through `tracing`, and what it never tells.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt::{self, Write as _};
use std::sync::{Mutex, Once};

use http::{HeaderName, HeaderValue};
use sagemaker_runtime::operation::invoke_endpoint::InvokeEndpointInput;
use sagemaker_runtime::operation::invoke_endpoint_async::InvokeEndpointAsyncInput;
use sagemaker_runtime::{Body, CallOptions, Client, Retries};
use tests::server::Reply;
use tests::sigv4::Keys;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::{Context, SubscriberExt as _};
use tracing_subscriber::registry::{LookupSpan, Registry};

use crate::service::{
    BoxError, ServiceFn, builder, chain, client, credentials, failure, invoke, scripted, service_for,
};

#[tokio::test]
async fn a_call_is_a_span_and_an_attempt_an_event() {
    let server = scripted(vec![
        failure(503, "ServiceUnavailable"),
        Reply::close(),
        Reply::new(200)
            .header("x-amzn-RequestId", "req-3")
            .header("x-amz-id-2", "host-3"),
    ])
    .await;
    let client = client(&server);
    let (result, log) = record(invoke(&client)).await;
    result.unwrap();

    let [span] = &log.spans("call").collect::<Vec<_>>()[..] else {
        panic!("not one span: {log:?}")
    };
    assert!(span.target.starts_with("lean_aws_runtime"), "{span:?}");
    assert_eq!(span.field("otel.name"), "SageMaker Runtime.InvokeEndpoint");
    assert_eq!(span.field("otel.kind"), "client");
    assert_eq!(span.get("otel.status_code"), None);
    assert_eq!(span.field("http.response.status_code"), "200");
    assert_eq!(span.field("aws.request_id"), "req-3");
    assert_eq!(span.field("aws.extended_request_id"), "host-3");
    assert_eq!(span.field("cloud.region"), "eu-central-1");
    assert_eq!(span.field("rpc.system"), "aws-api");
    assert_eq!(span.field("rpc.service"), "SageMaker Runtime");
    assert_eq!(span.field("rpc.method"), "InvokeEndpoint");
    assert_eq!(span.field("server.address"), "127.0.0.1");

    let attempts: Vec<&Entry> = log.events("attempt").collect();
    for (number, (status, request_id)) in [(503, "req-1"), (0, ""), (200, "req-3")].into_iter().enumerate() {
        let event = attempts[number];
        assert_eq!(event.parent.as_deref(), Some("call"));
        assert_eq!(event.field("rpc.method"), "InvokeEndpoint");
        assert_eq!(event.field("server.address"), "127.0.0.1");
        assert_eq!(event.field("attempt"), (number + 1).to_string());
        event.field("duration_ms").parse::<u64>().unwrap();
        let status = if status == 0 { String::new() } else { status.to_string() };
        assert_eq!(event.get("http.response.status_code").unwrap_or_default(), status);
        assert_eq!(event.get("aws.request_id").unwrap_or_default(), request_id);
        assert_eq!(event.get("error.type").is_some(), number < 2, "{event:?}");
    }
    assert_eq!(attempts.len(), 3);
    assert_eq!(attempts[0].field("error.type"), "ServiceUnavailable");
    assert_eq!(attempts[1].field("error.type"), "connection");
    let fields = ["retry.again", "retry.reason", "retry.safe"];
    let decisions = attempts.iter().map(|event| fields.map(|name| event.get(name)));
    let expected = [
        [Some("true"), Some("transient"), Some("the service says that it failed")],
        [Some("true"), Some("transient"), Some("no byte of a response arrived")],
        [None; 3],
    ];
    assert!(decisions.eq(expected), "{attempts:?}");
    let again: Vec<&Entry> = log.events("retrying").collect();
    for (event, [_, reason, safe]) in again.iter().zip(expected) {
        assert_eq!(event.get("retry.reason"), reason);
        assert_eq!(event.get("retry.safe"), safe);
        assert_eq!(event.field("pause_ms"), "0");
    }
    assert_eq!(again.len(), 2);
}

/// Each attempt that fails tells whether another one follows, and why that does no harm, or why there is none.
#[tokio::test]
async fn decisions_tell_their_reasons() {
    const REFUSED: Option<&str> = Some("the service refused the request");
    let garbage = Reply::raw("HTTP/1.1 2", tests::server::Then::Close);
    for (reply, again, reason, safe) in [
        (failure(400, "ThrottlingException"), true, "throttling", REFUSED),
        (failure(429, "ModelNotReadyException"), true, "throttling", REFUSED),
        (Reply::close(), true, "transient", Some("no byte of a response arrived")),
        (failure(424, "ModelError"), false, "the error is final", None),
        (garbage, false, "the response had begun", None),
    ] {
        let server = scripted(vec![reply]).await;
        let client = builder(server.url())
            .retries(Retries::new().max_attempts(2))
            .build()
            .unwrap();
        let (result, log) = record(invoke(&client)).await;
        result.unwrap_err();
        let first = log.events("attempt").next().unwrap();
        assert_eq!(first.field("retry.again"), again.to_string());
        assert_eq!(first.field("retry.reason"), reason);
        assert_eq!(first.get("retry.safe"), safe);
        let last = log.events("attempt").last().unwrap();
        let reason = if again { "no attempts are left" } else { reason };
        assert_eq!(last.field("retry.again"), "false");
        assert_eq!(last.field("retry.reason"), reason);
        assert_eq!(last.get("retry.safe"), None);
        assert_eq!(log.events("retrying").count(), usize::from(again));
    }
}

/// The model may have run: that is why a timeout ends the call.
#[tokio::test(start_paused = true)]
async fn a_timeout_tells_why_it_is_final() {
    let transport = ServiceFn(|_| std::future::pending::<Result<http::Response<String>, BoxError>>());
    let client = builder("http://model").transport(transport).build().unwrap();
    for (again, reason, safe) in [
        (false, "the service may be at work on it", None),
        (true, "transient", Some("the caller allows it")),
    ] {
        let retries = Retries::new().after_timeout(again);
        let call = client.invoke_endpoint().endpoint_name("model").body("1");
        let call = call.options(CallOptions::new().retries(retries));
        let (result, log) = record(call.send()).await;
        assert!(result.unwrap_err().is_timeout());
        let first = log.events("attempt").next().unwrap();
        assert_eq!(first.field("retry.again"), again.to_string());
        assert_eq!(first.field("retry.reason"), reason);
        assert_eq!(first.get("retry.safe"), safe);
    }
}

#[tokio::test]
async fn calls_at_once_have_spans_of_their_own() {
    let server = scripted(vec![Reply::new(200)]).await;
    let client = client(&server);
    let (_, log) = record(async {
        let synchronous = async { invoke(&client).await.map(drop) };
        let queued = async {
            client
                .invoke_endpoint_async()
                .endpoint_name("slow")
                .send()
                .await
                .map(drop)
        };
        tokio::join!(synchronous, queued)
    })
    .await;
    let methods: Vec<&str> = log.spans("call").map(|span| span.field("rpc.method")).collect();
    assert_eq!(methods, ["InvokeEndpoint", "InvokeEndpointAsync"]);
    assert_eq!(log.events("attempt").count(), 2);
}

/// Marks that stand in secrets alone.
const SECRETS: [&str; 11] = [
    "MARK-SECRET-KEY",
    "MARK-SESSION-TOKEN",
    "MARK-REQUEST-BODY",
    "MARK-RESPONSE-BODY",
    "MARK-REQUEST-ATTRIBUTES",
    "MARK-RESPONSE-ATTRIBUTES",
    "MARK-EXTRA-HEADER",
    "MARK-ERROR-BODY",
    "MARK-SESSION-ID",
    "MARK-PROXY-PASSWORD",
    // `user:MARK-PROXY-PASSWORD` as a proxy is told.
    "dXNlcjpNQVJLLVBST1hZLVBBU1NXT1JE",
];

pub(crate) fn secret_keys() -> Keys {
    Keys {
        access_key: "AKIDEXAMPLE".to_owned(),
        secret_key: "MARK-SECRET-KEY".to_owned(),
        session_token: Some("MARK-SESSION-TOKEN".to_owned()),
    }
}

fn secret_input() -> InvokeEndpointInput {
    let input = InvokeEndpointInput::builder()
        .endpoint_name("model")
        .body("MARK-REQUEST-BODY");
    input.custom_attributes("MARK-REQUEST-ATTRIBUTES").build()
}

fn secret_options() -> CallOptions {
    let extra = HeaderName::from_static("x-extra");
    let value = HeaderValue::from_static("MARK-EXTRA-HEADER");
    CallOptions::new()
        .header(extra, value)
        .credentials(credentials(secret_keys()))
}

#[track_caller]
pub(crate) fn assert_hidden(shown: &str) {
    for secret in SECRETS {
        assert!(!shown.contains(secret), "{secret} is in {shown}");
        let bytes = format!("{:?}", secret.as_bytes());
        assert!(
            !shown.contains(bytes.trim_matches(['[', ']'])),
            "{secret} is in {shown}"
        );
    }
}

/// At the finest level, in the log of the client and in those of all crates beneath it.
#[tokio::test]
async fn no_secret_is_in_any_log() {
    let mut replies = vec![
        Reply::new(500).body("{\"internal\":\"MARK-ERROR-BODY\"}"),
        Reply::raw(
            "HTTP/1.1 200 OK\r\ncontent-length: x\r\n\r\nMARK-RESPONSE-BODY",
            tests::server::Then::Close,
        ),
        Reply::new(200)
            .header("X-Amzn-SageMaker-Custom-Attributes", "MARK-RESPONSE-ATTRIBUTES")
            .body("MARK-RESPONSE-BODY"),
        Reply::new(200).body("MARK-RESPONSE-BODY").close_after(5),
    ]
    .into_iter();
    let replies = Mutex::new(move || replies.next().unwrap_or_else(|| Reply::new(599)));
    let server = service_for(secret_keys(), move |_| (replies.lock().unwrap())()).await;
    let client = builder(server.url())
        .credentials(credentials(secret_keys()))
        .build()
        .unwrap();

    let ((), log) = record(async {
        let broken = client.call_with(secret_input(), secret_options()).await.unwrap_err();
        assert_hidden(&chain(&broken));
        let output = client.call_with(secret_input(), secret_options()).await.unwrap();
        assert_hidden(&format!("{output:?}"));
        assert_eq!(output.custom_attributes.as_deref(), Some("MARK-RESPONSE-ATTRIBUTES"));
        assert_eq!(output.body.text().await.unwrap(), "MARK-RESPONSE-BODY");
        let output = client.call_with(secret_input(), secret_options()).await.unwrap();
        let cut_off = output.body.bytes().await.unwrap_err();
        assert_hidden(&chain(&cut_off));
    })
    .await;
    assert_eq!(server.requests().len(), 4);
    // The recorder is not deaf.
    assert_eq!(log.events("attempt").count(), 4, "{log:?}");
    assert_hidden(&format!("{log:?}"));
}

/// What a model says may hold what it was asked. The text of an error has it, because that is what the text is for; logs
/// do not.
#[tokio::test]
async fn no_message_of_an_error_is_in_any_log() {
    let server = scripted(vec![
        Reply::new(400).header("content-type", "text/plain").body("MARK-PLAIN"),
        Reply::new(424)
            .header("x-amzn-ErrorType", "ModelError")
            .body(r#"{"Message":"MARK-MESSAGE","OriginalMessage":"MARK-ORIGINAL"}"#),
    ])
    .await;
    let client = client(&server);
    let ((), log) = record(async {
        let plain = invoke(&client).await.unwrap_err();
        assert!(plain.to_string().contains("MARK-PLAIN"));
        let modeled = invoke(&client).await.unwrap_err();
        assert!(modeled.to_string().contains("MARK-ORIGINAL"));
    })
    .await;
    assert_eq!(log.events("attempt").count(), 2);
    assert!(!format!("{log:?}").contains("MARK-"), "{log:?}");
}

#[tokio::test]
async fn no_secret_is_in_debug_output() {
    let unsent = builder("http://model").credentials(credentials(secret_keys()));
    assert_hidden(&format!("{unsent:?}"));
    let client: Client = unsent.build().unwrap();
    assert_hidden(&format!("{client:?}"));
    assert_hidden(&format!("{:?}", secret_options()));
    assert_hidden(&format!("{:?} {:?}", secret_input(), Body::from("MARK-REQUEST-BODY")));

    let call = client
        .invoke_endpoint()
        .endpoint_name("model")
        .body("MARK-REQUEST-BODY");
    let call = call
        .custom_attributes("MARK-REQUEST-ATTRIBUTES")
        .options(secret_options());
    assert_hidden(&format!("{call:?}"));
    assert_hidden(&format!("{:?}", call.send()));

    let queued = InvokeEndpointAsyncInput::builder()
        .endpoint_name("slow")
        .body("MARK-REQUEST-BODY");
    assert_hidden(&format!(
        "{:?}",
        queued.custom_attributes("MARK-REQUEST-ATTRIBUTES").build()
    ));
}

/// What is refused is named, and not shown.
#[tokio::test]
async fn no_secret_is_in_an_error() {
    let server = service_for(secret_keys(), |_| Reply::new(400).body("{\"a\":\"MARK-ERROR-BODY\"}")).await;
    let client = builder(server.url())
        .credentials(credentials(secret_keys()))
        .build()
        .unwrap();

    let rejected = client.call(secret_input()).await.unwrap_err();
    assert_eq!(rejected.raw_body().unwrap(), "{\"a\":\"MARK-ERROR-BODY\"}");
    assert_hidden(&chain(&rejected));

    let mut input = secret_input();
    input.custom_attributes = Some("MARK-REQUEST-ATTRIBUTES\n".to_owned());
    assert_hidden(&chain(&client.call(input).await.unwrap_err()));

    let mut keys = secret_keys();
    keys.session_token = Some("MARK-SESSION-TOKEN\nMARK-SESSION-TOKEN".to_owned());
    let options = CallOptions::new().credentials(credentials(keys));
    assert_hidden(&chain(&client.call_with(secret_input(), options).await.unwrap_err()));

    let mut value = HeaderValue::from_bytes(b"MARK-EXTRA-HEADER\xff").unwrap();
    value.set_sensitive(true);
    let options = CallOptions::new().header(HeaderName::from_static("x-extra"), value);
    assert_hidden(&chain(&client.call_with(secret_input(), options).await.unwrap_err()));
    // A header need not be UTF-8: the last of these requests was sent, like the first.
    assert_eq!(server.requests().len(), 2);
}

thread_local! {
    /// What is being recorded on this thread.
    static LOG: RefCell<Option<Log>> = const { RefCell::new(None) };
}

/// Sends the logs of all tests to recorders.
///
/// It has to be done before the first call: where a thread meets a log statement for the first time just while another
/// one sets a subscriber, `tracing` may take the statement for one that nobody wants.
pub(crate) fn install() {
    static INSTALLED: Once = Once::new();
    INSTALLED.call_once(|| {
        let recorders = Registry::default().with(Recorder);
        tracing::subscriber::set_global_default(recorders).expect("nobody else sets one");
    });
}

/// Runs a future and records everything that is logged, by the client and by all that it is made of.
///
/// It records what happens on this thread, and so all of a test in a runtime of one thread.
pub(crate) async fn record<F: Future>(future: F) -> (F::Output, Log) {
    install();
    LOG.set(Some(Log::default()));
    let output = future.await;
    (output, LOG.take().unwrap())
}

/// All spans and events.
#[derive(Debug, Default)]
pub(crate) struct Log {
    entries: Vec<Entry>,
}

#[derive(Debug)]
pub(crate) struct Entry {
    /// The name of a span or the message of an event.
    text: String,
    /// Of a span; `None` for an event.
    id: Option<Id>,
    target: &'static str,
    /// The span around it.
    parent: Option<String>,
    fields: BTreeMap<&'static str, String>,
}

impl Log {
    /// The events of the client with this message.
    pub(crate) fn events(&self, message: &str) -> impl Iterator<Item = &Entry> {
        self.of_client(false, message)
    }

    fn spans(&self, name: &str) -> impl Iterator<Item = &Entry> {
        self.of_client(true, name)
    }

    fn of_client(&self, is_span: bool, text: &str) -> impl Iterator<Item = &Entry> {
        let found = move |entry: &&Entry| {
            entry.id.is_some() == is_span && entry.text == text && entry.target.starts_with("lean_aws_runtime")
        };
        self.entries.iter().filter(found)
    }
}

impl Entry {
    #[track_caller]
    pub(crate) fn field(&self, name: &str) -> &str {
        self.get(name)
            .unwrap_or_else(|| panic!("there is no {name} in {self:?}"))
    }

    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.fields.get(name).map(|value| &**value)
    }
}

struct Recorder;

impl Recorder {
    fn push(entry: Entry) {
        LOG.with_borrow_mut(|log| log.as_mut().map(|log| log.entries.push(entry)));
    }
}

#[derive(Default)]
struct Fields(BTreeMap<&'static str, String>);

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        let mut text = String::new();
        let _ = write!(text, "{value:?}");
        self.0.insert(field.name(), text);
    }

    /// OpenTelemetry has no such numbers, so its exporters make text of them.
    fn record_u64(&mut self, field: &Field, value: u64) {
        let name = field.name();
        assert!(!["http.response.status_code", "server.port"].contains(&name), "{name}");
        self.record_debug(field, &value);
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.0.insert(field.name(), value.to_owned());
    }
}

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Recorder {
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let mut fields = Fields::default();
        attributes.record(&mut fields);
        Self::push(Entry {
            text: attributes.metadata().name().to_owned(),
            id: Some(id.clone()),
            target: attributes.metadata().target(),
            parent: context.lookup_current().map(|span| span.name().to_owned()),
            fields: fields.0,
        });
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, _: Context<'_, S>) {
        let mut fields = Fields::default();
        values.record(&mut fields);
        LOG.with_borrow_mut(|log| {
            let mut entries = log.iter_mut().flat_map(|log| &mut log.entries);
            if let Some(span) = entries.rfind(|entry| entry.id.as_ref() == Some(id)) {
                // Exporters keep both values of a field that is recorded twice.
                let twice = fields.0.keys().find(|name| span.fields.contains_key(*name));
                assert_eq!(twice, None);
                span.fields.extend(fields.0);
            }
        });
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        let mut fields = Fields::default();
        event.record(&mut fields);
        Self::push(Entry {
            text: fields.0.get("message").cloned().unwrap_or_default(),
            id: None,
            target: event.metadata().target(),
            parent: context.event_span(event).map(|span| span.name().to_owned()),
            fields: fields.0,
        });
    }
}
