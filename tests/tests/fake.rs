//! The fake of the service, as its users have it in their tests.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use bytes::Bytes;
use http::Response;
use insta::assert_snapshot;
use sagemaker_runtime::operation::invoke_endpoint::{InvokeEndpointInput, InvokeEndpointOutput};
use sagemaker_runtime::operation::invoke_endpoint_async::{InvokeEndpointAsyncInput, InvokeEndpointAsyncOutput};
use sagemaker_runtime::operation::invoke_endpoint_with_response_stream::{
    InvokeEndpointWithResponseStreamInput, InvokeEndpointWithResponseStreamOutput,
};
use sagemaker_runtime::test::{self, Fake, With};
use sagemaker_runtime::types::ResponseStream;
use sagemaker_runtime::types::error::{ModelError, ModelNotReadyException, ModelStreamError};
use sagemaker_runtime::{Client, Error, EventStream, Retries, ServiceError, Timeouts};

async fn ask(client: &Client, endpoint: &str) -> Result<String, Error> {
    let call = client.invoke_endpoint().endpoint_name(endpoint).body("1,2");
    call.send().await?.body.text().await
}

async fn stream(client: &Client) -> Result<InvokeEndpointWithResponseStreamOutput, Error> {
    let call = client.invoke_endpoint_with_response_stream();
    call.endpoint_name("chat").body("Hi").send().await
}

/// What a fake says when it is dropped.
fn complaint(fake: Fake) -> String {
    let panic = catch_unwind(AssertUnwindSafe(|| drop(fake))).expect_err("a complaint");
    *panic.downcast::<String>().expect("text")
}

#[tokio::test]
async fn an_output_of_the_input() {
    let fake = Fake::new();
    fake.on::<InvokeEndpointInput>()
        .answer(|input| InvokeEndpointOutput::of(format!("of {}", input.endpoint_name)));
    let client = fake.client();
    assert_eq!(ask(&client, "one").await.unwrap(), "of one");
    assert_eq!(ask(&client, "two").await.unwrap(), "of two");
}

#[tokio::test]
async fn a_sequence_and_what_was_asked() {
    let fake = Fake::new();
    fake.on::<InvokeEndpointInput>()
        .fail(ModelNotReadyException::default())
        .times(2)
        .answer(|_| InvokeEndpointOutput::of("0.5").with(|output| output.content_type = Some("text/csv".to_owned())));
    let client = fake.client();
    let call = client
        .invoke_endpoint()
        .endpoint_name("churn")
        .body("1,2")
        .session_id("s-1");
    let output = call.send().await.unwrap();
    assert_eq!(output.response_metadata.attempts(), 3);
    assert_eq!(output.response_metadata.request_id(), Some("fake-3"));
    assert_eq!(output.content_type.as_deref(), Some("text/csv"));
    assert_eq!(output.body.text().await.unwrap(), "0.5");

    let calls = fake.calls::<InvokeEndpointInput>();
    assert_eq!(calls.len(), 3);
    assert_eq!(calls[2].endpoint_name, "churn");
    assert_eq!(calls[2].session_id.as_deref(), Some("s-1"));
    assert_eq!(calls[2].content_type, None);
    let requests = fake.requests();
    assert_eq!(requests[0].body(), "1,2");
    assert!(requests[0].headers().contains_key("authorization"));
}

#[tokio::test]
async fn an_error_with_its_members() {
    let fake = Fake::new();
    let error = ModelError::default().with(|error| {
        error.message = Some("it broke".to_owned());
        error.original_status_code = Some(500);
    });
    fake.on::<InvokeEndpointInput>().fail(error.clone());
    let reported = ask(&fake.client(), "churn").await.unwrap_err();
    assert_snapshot!(reported, @"InvokeEndpoint failed: ModelError (424): it broke [original status 500, request id fake-1, 1 attempt]");
    assert_eq!(reported.service_error(), Some(&ServiceError::ModelError(error)));
}

#[tokio::test]
async fn an_output_or_an_error_of_the_input() {
    let fake = Fake::new();
    fake.on::<InvokeEndpointInput>()
        .try_answer(|input| match &*input.endpoint_name {
            "churn" => Ok(InvokeEndpointOutput::of("0.5")),
            _ => Err(ModelError::default()),
        });
    let client = fake.client();
    assert_eq!(ask(&client, "churn").await.unwrap(), "0.5");
    assert_eq!(ask(&client, "other").await.unwrap_err().code(), Some("ModelError"));
    assert_eq!(ask(&client, "churn").await.unwrap(), "0.5");
}

#[tokio::test]
async fn an_error_that_the_description_does_not_know() {
    let fake = Fake::new();
    fake.on::<InvokeEndpointInput>()
        .fail_with(400, "ThrottlingException", "slow down")
        .fail_with(403, "AccessDeniedException", "not you");
    let error = ask(&fake.client(), "churn").await.unwrap_err();
    assert_eq!(error.code(), Some("AccessDeniedException"));
    assert_eq!((error.message(), error.attempts()), (Some("not you"), 2));
}

#[tokio::test]
async fn three_events_and_then_an_error() {
    let fake = Fake::new();
    fake.on::<InvokeEndpointWithResponseStreamInput>()
        .events(["a", "b", "c"].map(String::from))
        .then_fail(ModelStreamError::default().with(|error| error.error_code = Some("StreamBroken".to_owned())));
    let mut parts = stream(&fake.client()).await.unwrap().body.into_bytes();
    for part in ["a", "b", "c"] {
        assert_eq!(parts.chunk().await.unwrap().unwrap(), part);
    }
    let error = parts.chunk().await.unwrap_err();
    assert_snapshot!(error, @"InvokeEndpointWithResponseStream failed: ModelStreamError [in the event stream, error code StreamBroken, request id fake-1, 1 attempt]");
}

#[tokio::test(start_paused = true)]
async fn delays_take_no_time_on_a_paused_clock() {
    let fake = Fake::new();
    fake.on::<InvokeEndpointWithResponseStreamInput>()
        .events(["a", "b"])
        .after(Duration::from_secs(50))
        .every(Duration::from_secs(30))
        .every(Duration::from_secs(60));
    let client = fake
        .builder()
        .timeouts(Timeouts::new().read(Duration::from_secs(90)))
        .build()
        .unwrap();
    let start = tokio::time::Instant::now();
    let mut parts = stream(&client).await.unwrap().body.into_bytes();
    assert_eq!(parts.chunk().await.unwrap().unwrap(), "a");
    assert_eq!(parts.chunk().await.unwrap().unwrap(), "b");
    assert!((110..180).contains(&start.elapsed().as_secs()), "{:?}", start.elapsed());

    let hanging = Fake::new();
    hanging.on::<InvokeEndpointInput>().hang();
    let error = ask(&hanging.client(), "churn").await.unwrap_err();
    assert!(error.is_timeout());
}

#[tokio::test]
async fn connections_that_break() {
    let fake = Fake::new();
    fake.on::<InvokeEndpointInput>()
        .refuse_connection()
        .break_connection()
        .answer(|_| InvokeEndpointOutput::of("0.5"));
    assert_eq!(ask(&fake.client(), "churn").await.unwrap(), "0.5");

    let fake = Fake::new();
    fake.on::<InvokeEndpointInput>().break_connection();
    let client = fake.builder().retries(Retries::none()).build().unwrap();
    let error = ask(&client, "churn").await.unwrap_err();
    assert!(error.is_connection() && error.is_retryable(), "{error}");
    let fake = Fake::new();
    fake.on::<InvokeEndpointInput>().refuse_connection();
    assert!(ask(&fake.client(), "churn").await.unwrap_err().is_connect());
}

#[tokio::test]
async fn an_answer_that_is_cut() {
    let fake = Fake::new();
    fake.on::<InvokeEndpointInput>()
        .answer(|_| InvokeEndpointOutput::of("0.25"))
        .cut_after(2);
    let error = ask(&fake.client(), "churn").await.unwrap_err();
    assert_snapshot!(error, @"InvokeEndpoint failed: the payload of the response broke off after 2 of 4 bytes [request id fake-1, 1 attempt]");

    let fake = Fake::new();
    fake.on::<InvokeEndpointWithResponseStreamInput>()
        .events(["one", "two"])
        .cut_after(150);
    let mut parts = stream(&fake.client()).await.unwrap().body;
    assert!(parts.recv().await.unwrap().is_some());
    assert!(parts.recv().await.unwrap_err().is_response());
}

#[tokio::test]
async fn raw_responses() {
    let fake = Fake::new();
    let page = Response::builder()
        .status(502)
        .body("<html>Bad Gateway</html>")
        .unwrap();
    fake.on::<InvokeEndpointInput>().respond(page);
    let error = ask(&fake.client(), "churn").await.unwrap_err();
    assert_eq!(error.status().unwrap(), 502);
    assert_eq!(error.attempts(), 3);
}

#[tokio::test]
async fn rules_that_look_at_the_input() {
    let fake = Fake::new();
    fake.on::<InvokeEndpointInput>()
        .when(|input| input.endpoint_name == "one")
        .answer(|_| InvokeEndpointOutput::of("first"))
        .times(1);
    fake.on::<InvokeEndpointInput>()
        .answer(|_| InvokeEndpointOutput::of("other"));
    fake.on::<InvokeEndpointAsyncInput>()
        .answer(|input| InvokeEndpointAsyncOutput::default().with(|output| output.inference_id = input.input_location));
    let client = fake.client();
    let mut answers = Vec::new();
    for endpoint in ["two", "one", "one"] {
        answers.push(ask(&client, endpoint).await.unwrap());
    }
    assert_eq!(answers, ["other", "first", "other"]);
    let call = client
        .invoke_endpoint_async()
        .endpoint_name("slow")
        .input_location("s3://in");
    let queued = call.send().await.unwrap();
    assert_eq!(queued.inference_id.as_deref(), Some("s3://in"));
    assert_eq!(queued.response_metadata.status(), 202);
}

#[tokio::test]
async fn all_conditions_of_a_rule_hold() {
    let fake = Fake::new();
    fake.on::<InvokeEndpointInput>()
        .when(|input| input.endpoint_name == "one")
        .when(|input| input.session_id.is_some())
        .answer(|_| InvokeEndpointOutput::of("both"));
    fake.on::<InvokeEndpointInput>()
        .answer(|_| InvokeEndpointOutput::of("other"));
    let client = fake.client();
    let call = client.invoke_endpoint().endpoint_name("two").body("").session_id("s-1");
    assert_eq!(call.send().await.unwrap().body.text().await.unwrap(), "other");
    assert_eq!(ask(&client, "one").await.unwrap(), "other");
    let call = client.invoke_endpoint().endpoint_name("one").body("").session_id("s-1");
    assert_eq!(call.send().await.unwrap().body.text().await.unwrap(), "both");
}

#[test]
#[should_panic(expected = "a rule for InvokeEndpoint says how an answer is given before it has one")]
fn the_answer_comes_first() {
    let fake = Fake::new();
    fake.on::<InvokeEndpointInput>()
        .times(2)
        .answer(|_| InvokeEndpointOutput::of("0.5"));
}

#[tokio::test]
async fn an_unexpected_call() {
    let fake = Fake::new();
    fake.on::<InvokeEndpointInput>()
        .when(|input| input.endpoint_name == "one")
        .answer(|_| InvokeEndpointOutput::of("1"))
        .optional();
    let client = fake.client();
    let call = client
        .invoke_endpoint()
        .endpoint_name("two")
        .body("secret")
        .custom_attributes("secret");
    let error = call.send().await.unwrap_err();
    assert!(error.is_configuration() && !error.is_retryable());
    assert_snapshot!(error, @r#"InvokeEndpoint failed: no rule of the fake answers InvokeEndpointInput { endpoint_name: "two", body: Body(6 bytes), content_type: None, accept: None, custom_attributes: Some(*** hidden ***), target_model: None, target_variant: None, target_container_hostname: None, inference_id: None, enable_explanations: None, inference_component_name: None, session_id: None, prefix_aware_id: None }; its rules are: InvokeEndpoint, if the input fits: an output (0 of any number) [1 attempt]"#);
    let error = stream(&client).await.unwrap_err().to_string();
    assert!(
        error.contains("there are no rules for InvokeEndpointWithResponseStream"),
        "{error}"
    );
    let complaint = complaint(fake);
    assert_eq!(complaint.matches("unexpected:").count(), 2, "{complaint}");
}

#[tokio::test]
async fn answers_that_were_not_given() {
    let fake = Fake::new();
    fake.on::<InvokeEndpointInput>()
        .fail(ModelNotReadyException::default())
        .times(2)
        .answer(|_| InvokeEndpointOutput::of("0.5"));
    let client = fake.builder().retries(Retries::none()).build().unwrap();
    ask(&client, "churn").await.unwrap_err();
    let report = complaint(fake);
    assert_snapshot!(report, @r"
    the fake was not called as its rules say:
      not used up: InvokeEndpoint: ModelNotReadyException (1 of 2); an output (0 of any number)
    ");

    let fake = Fake::new();
    fake.on::<InvokeEndpointInput>();
    assert!(complaint(fake).contains("InvokeEndpoint: no answer"));
    let fake = Fake::new();
    fake.on::<InvokeEndpointInput>()
        .answer(|_| InvokeEndpointOutput::of("0.5"));
    fake.allow_unused();
}

/// `mockall`, `thread_local!` and `tracing_subscriber` have methods of the same name.
#[test]
fn setting_fields_leaves_other_methods_alone() {
    #[derive(Default)]
    struct Expectation(Vec<u8>);

    impl Expectation {
        fn with(&mut self, argument: u8) {
            self.0.push(argument);
        }
    }

    thread_local!(static NUMBER: u8 = const { 7 });
    let mut expectation = Expectation::default();
    expectation.with(NUMBER.with(|number| *number));
    assert_eq!(expectation.0, [7]);
}

/// What traits of users and `mockall` need.
#[tokio::test]
async fn values_made_by_hand() {
    let error: Error = test::error::<InvokeEndpointInput>(ModelError::default());
    assert_snapshot!(error, @"InvokeEndpoint failed: ModelError (424) [request id fake, 1 attempt]");
    assert!(matches!(error.service_error(), Some(ServiceError::ModelError(_))));

    let output = InvokeEndpointOutput::of("0.5").with(|output| output.response_metadata = test::metadata(200, "1f2e"));
    assert_eq!(output.response_metadata.request_id(), Some("1f2e"));

    let mut stream: EventStream<ResponseStream> = EventStream::from_events(["a"]);
    assert_eq!(stream.recv().await.unwrap(), Some("a".into()));
    let output = InvokeEndpointWithResponseStreamOutput::of([Bytes::from_static(b"a"), Bytes::from_static(b"b")]);
    assert_eq!(output.body.into_bytes().text().await.unwrap(), "ab");
    let events: [&str; 0] = [];
    let mut stream: EventStream<ResponseStream> =
        EventStream::from_events_and_error(events, ModelStreamError::default());
    assert_eq!(stream.recv().await.unwrap_err().code(), Some("ModelStreamError"));
}
