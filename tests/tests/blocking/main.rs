//! The client for programs that are not asynchronous.

mod threads;

use std::io::{self, BufRead, BufReader, Read};
use std::panic::catch_unwind;
use std::sync::{LazyLock, OnceLock};
use std::thread;

use sagemaker_runtime::blocking::{self, Client};
use sagemaker_runtime::operation::invoke_endpoint::{InvokeEndpointInput, InvokeEndpointOutput};
use sagemaker_runtime::operation::invoke_endpoint_with_response_stream::InvokeEndpointWithResponseStreamInput;
use sagemaker_runtime::test::Fake;
use sagemaker_runtime::types::error::{ModelNotReadyException, ModelStreamError};
use sagemaker_runtime::{CallOptions, Credentials, Error, Retries};
use tests::server::{Reply, Server};
use tokio::runtime::Runtime;

fn ask(client: &Client, endpoint: &str) -> Result<InvokeEndpointOutput, Error> {
    client.invoke_endpoint().endpoint_name(endpoint).body("1,2").send()
}

/// A server of an asynchronous program, which runs on threads of its own.
fn server() -> (Runtime, Server) {
    let runtime = Runtime::new().unwrap();
    let answer = |body: &str| Reply::new(200).body(body.to_owned());
    let server = runtime.block_on(Server::start(move |request| match &*request.target {
        "/endpoints/lines/invocations" => answer("one\ntwo\n"),
        "/endpoints/large/invocations" => answer(&"x".repeat(1 << 20)),
        target => answer(target),
    }));
    (runtime, server)
}

fn client(server: &Server) -> Client {
    Client::builder()
        .region("us-east-1")
        .credentials(Credentials::new("AKIDEXAMPLE", "a secret", None, None, "test"))
        .endpoint_url(server.url())
        .no_proxy()
        .build()
        .unwrap()
}

#[test]
fn calls_over_a_socket() {
    let (_runtime, server) = server();
    let client = client(&server);
    let output = ask(&client, "one").unwrap();
    assert_eq!(
        blocking::wait(output.body.text()).unwrap(),
        "/endpoints/one/invocations"
    );
    let lines = BufReader::new(ask(&client, "lines").unwrap().body).lines();
    assert_eq!(lines.collect::<io::Result<Vec<_>>>().unwrap(), ["one", "two"]);
    let lines = blocking::iter(ask(&client, "lines").unwrap().body.lines());
    assert_eq!(lines.collect::<Result<Vec<_>, _>>().unwrap(), ["one", "two"]);
    let mut buffer = [0; 3];
    let mut body = ask(&client, "lines").unwrap().body;
    body.read_exact(&mut buffer).unwrap();
    assert_eq!(
        (&buffer, io::read_to_string(body).unwrap().as_str()),
        (b"one", "\ntwo\n")
    );
    let input = InvokeEndpointInput::builder().endpoint_name("two").body("").build();
    let output = client
        .call_with(input, CallOptions::new().retries(Retries::none()))
        .unwrap();
    assert_eq!(io::read_to_string(output.body).unwrap(), "/endpoints/two/invocations");
    // One after the other, they have one connection.
    assert_eq!(server.connections(), 1);
}

#[test]
fn a_client_serves_threads_at_once() {
    static SERVER: LazyLock<(Runtime, Server)> = LazyLock::new(server);
    static CLIENT: LazyLock<Client> = LazyLock::new(|| client(&SERVER.1));
    let threads: Vec<_> = (0..8)
        .map(|thread| {
            thread::spawn(move || {
                for call in 0..20 {
                    let endpoint = format!("{thread}-{call}");
                    let output = ask(&CLIENT, &endpoint).unwrap();
                    let text = io::read_to_string(output.body).unwrap();
                    assert_eq!(text, format!("/endpoints/{endpoint}/invocations"));
                }
            })
        })
        .collect();
    for thread in threads {
        thread.join().unwrap();
    }
    // Payloads are read, and dropped, in other threads than those of their calls.
    let body = ask(&CLIENT, "large").unwrap().body;
    let length = thread::spawn(move || io::read_to_string(body).unwrap().len());
    assert_eq!(length.join().unwrap(), 1 << 20);
    let body = ask(&CLIENT, "large").unwrap().body;
    thread::spawn(move || drop(body)).join().unwrap();
    assert!(ask(&CLIENT, "after").is_ok());
}

#[test]
fn errors_retries_and_events() {
    let fake = Fake::new();
    fake.on::<InvokeEndpointInput>()
        .fail(ModelNotReadyException::default())
        .answer(|_| InvokeEndpointOutput::of("0.5"));
    fake.on::<InvokeEndpointWithResponseStreamInput>()
        .events(["a", "b"])
        .then_fail(ModelStreamError::default());
    let client = Client::from(fake.client());
    assert_eq!(ask(&client, "churn").unwrap().response_metadata.attempts(), 2);
    let call = client
        .invoke_endpoint_with_response_stream()
        .endpoint_name("chat")
        .body("");
    let events: Vec<_> = blocking::iter(call.send().unwrap().body).collect();
    assert!(matches!(&events[..], [Ok(_), Ok(_), Err(error)] if error.code() == Some("ModelStreamError")));
}

#[test]
fn an_error_of_a_payload_is_inside_of_that_of_io() {
    let fake = Fake::new();
    fake.on::<InvokeEndpointInput>()
        .answer(|_| InvokeEndpointOutput::of("0.25"))
        .cut_after(2);
    let body = ask(&Client::from(fake.client()), "churn").unwrap().body;
    let error = io::read_to_string(body).unwrap_err();
    let error: &Error = error.get_ref().unwrap().downcast_ref().unwrap();
    assert!(error.is_response());
}

/// It says what is wrong instead of waiting for ever.
#[test]
fn in_an_asynchronous_function() {
    static FAKE: OnceLock<Fake> = OnceLock::new();
    let fake = FAKE.get_or_init(Fake::new);
    fake.on::<InvokeEndpointInput>()
        .answer(|_| InvokeEndpointOutput::of("0.5"));
    let client = Client::from(fake.client());
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let says_it = |text: &str| {
        let expected = "would block the thread of an asynchronous function: call the asynchronous client there, or wait \
            in `tokio::task::spawn_blocking`";
        assert!(text.contains(expected), "{text}");
    };
    let error = runtime.block_on(async { ask(&client, "churn").unwrap_err() });
    assert!(error.is_configuration());
    says_it(&error.to_string());
    let asking = client.clone();
    let error = runtime.block_on(async { tokio::spawn(async move { ask(&asking, "churn") }).await });
    says_it(&error.unwrap().unwrap_err().to_string());
    let panic = runtime.block_on(async { catch_unwind(|| blocking::wait(std::future::pending::<()>())) });
    says_it(&panic.unwrap_err().downcast::<String>().unwrap());
    assert!(fake.requests().is_empty());

    let output = runtime.block_on(async { tokio::task::spawn_blocking(move || ask(&client, "churn")).await });
    assert_eq!(io::read_to_string(output.unwrap().unwrap().body).unwrap(), "0.5");
}
