//! Waiting in a thread other than the one that made the call.

use std::cell::RefCell;
use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{self, Sender};
use std::thread;
use std::time::{Duration, SystemTime};

use hyper_util::client::legacy::Client as HyperClient;
use hyper_util::rt::TokioExecutor;
use sagemaker_runtime::blocking::{self, Client};
use sagemaker_runtime::credentials::{CredentialsError, CredentialsSource, LoadContext};
use sagemaker_runtime::operation::invoke_endpoint::InvokeEndpointInput;
use sagemaker_runtime::{Body, ByteStream, CallOptions, Credentials, Timeouts};
use tests::server::Server;
use tokio::runtime::Runtime;
use tokio::sync::Semaphore;
use tokio::task::yield_now;

use super::{ask, client, server};

const SECOND: Duration = Duration::from_secs(1);

/// Two payloads of calls that were in flight at once, so that each has its own runtime. Their second lines come when the
/// sender is dropped.
fn two_unfinished() -> ([ByteStream; 2], Sender<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let (sender, receiver) = mpsc::channel::<()>();
    thread::spawn(move || {
        let both = [(); 2].map(|()| listener.accept().unwrap().0);
        let both = both.map(|mut stream| {
            read_request(&mut stream);
            stream
        });
        let answer = |mut stream: &TcpStream, text: &[u8]| stream.write_all(text).unwrap();
        for stream in &both {
            answer(stream, b"HTTP/1.1 200 OK\r\ncontent-length: 8\r\n\r\none\n");
        }
        let _dropped = receiver.recv();
        for stream in &both {
            answer(stream, b"two\n");
        }
    });
    let client = Client::builder()
        .region("us-east-1")
        .credentials(Credentials::new("AKIDEXAMPLE", "a secret", None, None, "test"))
        .endpoint_url(url)
        .no_proxy()
        // In place of waiting for ever.
        .timeouts(Timeouts::new().read(10 * SECOND))
        .build()
        .unwrap();
    let calls = [(); 2].map(|()| {
        let client = client.clone();
        thread::spawn(move || ask(&client, "two").unwrap().body)
    });
    (calls.map(|call| call.join().unwrap()), sender)
}

fn read_request(stream: &mut TcpStream) {
    let mut read = Vec::new();
    while !read.ends_with(b"\r\n\r\n1,2") {
        let mut byte = [0];
        stream.read_exact(&mut byte).unwrap();
        read.extend(byte);
    }
}

/// Nothing reads the connection between the calls.
#[test]
fn a_connection_that_the_server_closed_is_not_used_again() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let (closed, closes) = mpsc::channel();
    let server = thread::spawn(move || {
        for _ in 0..3 {
            let mut stream = listener.accept().unwrap().0;
            read_request(&mut stream);
            let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\n0.5";
            stream.write_all(answer).unwrap();
            drop(stream);
            closed.send(()).unwrap();
        }
    });
    let client = Client::builder()
        .region("us-east-1")
        .credentials(Credentials::new("AKIDEXAMPLE", "a secret", None, None, "test"))
        .endpoint_url(url)
        .no_proxy()
        .build()
        .unwrap();
    for _ in 0..3 {
        let output = ask(&client, "churn").unwrap();
        assert_eq!(io::read_to_string(output.body).unwrap(), "0.5");
        assert_eq!(output.response_metadata.attempts(), 1);
        closes.recv().unwrap();
    }
    server.join().unwrap();
}

/// Reads both to their end, after this thread has begun to.
fn read_both<T>(read: impl Fn(ByteStream) -> T) -> [T; 2] {
    let (bodies, sender) = two_unfinished();
    thread::spawn(move || drop(sender));
    bodies.map(read)
}

#[test]
fn payloads_are_read_in_another_thread() {
    assert_eq!(read_both(|body| io::read_to_string(body).unwrap()), ["one\ntwo\n"; 2]);
    assert_eq!(
        read_both(|body| blocking::wait(body.text()).unwrap()),
        ["one\ntwo\n"; 2]
    );
    let lines = read_both(|body| blocking::iter(body.lines()).collect::<Result<Vec<_>, _>>().unwrap());
    assert_eq!(lines, [["one", "two"], ["one", "two"]]);
}

/// Neither runtime is that of the thread, and both must go on.
#[test]
fn payloads_of_two_calls_are_awaited_at_once() {
    let ([first, second], sender) = two_unfinished();
    thread::spawn(move || drop(sender));
    let (first, second) = blocking::wait(async { tokio::join!(first.text(), second.text()) });
    assert_eq!(
        (first.unwrap(), second.unwrap()),
        ("one\ntwo\n".into(), "one\ntwo\n".into())
    );
}

#[test]
fn a_payload_is_sent_on_in_another_call() {
    let ([first, _second], sender) = two_unfinished();
    let (_runtime, server) = server();
    thread::spawn(move || drop(sender));
    let call = client(&server).invoke_endpoint().endpoint_name("echo");
    call.body(Body::from_http_body(first)).send().unwrap();
    assert_eq!(server.requests()[0].body, "one\ntwo\n");
}

#[test]
fn payloads_are_awaited_in_an_asynchronous_program() {
    let runtime = Runtime::new().unwrap();
    let texts = read_both(|body| runtime.block_on(body.text()).unwrap());
    assert_eq!(texts, ["one\ntwo\n"; 2]);
}

/// Its connections are pooled without regard to runtimes.
#[test]
fn a_custom_transport_serves_all_threads() {
    let (_runtime, server) = server();
    let transport = HyperClient::builder(TokioExecutor::new()).build_http();
    let client = sagemaker_runtime::Client::builder()
        .region("us-east-1")
        .credentials(Credentials::new("AKIDEXAMPLE", "a secret", None, None, "test"))
        .endpoint_url(server.url())
        .transport(transport)
        .timeouts(Timeouts::new().read(10 * SECOND))
        .build()
        .unwrap();
    // As many threads at once as it takes for each to have its own runtime.
    let (bodies, sender) = two_unfinished();
    drop((bodies, sender));
    let call = move |endpoint: &str| {
        let output = ask(&Client::from(client.clone()), endpoint).unwrap();
        assert_eq!(io::read_to_string(output.body).unwrap().len(), 1 << 20);
        let call = client.invoke_endpoint().endpoint_name(endpoint).body("1,2").send();
        let text = blocking::wait(async { call.await.unwrap().body.text().await });
        assert_eq!(text.unwrap().len(), 1 << 20);
    };
    let threads = [(); 4].map(|()| {
        thread::spawn({
            let call = call.clone();
            move || call("large")
        })
    });
    threads.into_iter().for_each(|thread| thread.join().unwrap());
}

/// Answers when the gate is open, counts how often it is asked, and tells when it has answered.
struct Gated {
    gate: Arc<Semaphore>,
    asked: Arc<AtomicUsize>,
    answered: Sender<()>,
}

impl CredentialsSource for Gated {
    async fn load(&self, _: &LoadContext) -> Result<Credentials, CredentialsError> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        for _ in 0..100 {
            yield_now().await;
        }
        self.gate.acquire().await.unwrap().forget();
        let _ = self.answered.send(());
        let expiry = SystemTime::now() + 3600 * SECOND;
        Ok(Credentials::new("AKIDEXAMPLE", "a secret", None, Some(expiry), "test"))
    }
}

fn with_source(server: &Server, source: Gated) -> Client {
    Client::builder()
        .region("us-east-1")
        .credentials(source)
        .endpoint_url(server.url())
        .no_proxy()
        .build()
        .unwrap()
}

#[test]
fn a_source_of_credentials_is_asked_once_by_all_threads() {
    let (_runtime, server) = server();
    let (asked, (answered, _answers)) = (Arc::<AtomicUsize>::default(), mpsc::channel());
    let gate = Arc::new(Semaphore::new(8));
    let source = Gated {
        gate,
        asked: Arc::clone(&asked),
        answered,
    };
    let client = with_source(&server, source);
    let threads = [(); 8].map(|()| {
        let client = client.clone();
        thread::spawn(move || ask(&client, "one").map(drop))
    });
    threads.into_iter().for_each(|thread| thread.join().unwrap().unwrap());
    assert_eq!(asked.load(Ordering::SeqCst), 1);
}

/// No thread waits any more, and the next call has them.
#[test]
fn credentials_come_after_the_call_that_wanted_them() {
    let (_runtime, server) = server();
    let (asked, (answered, answers)) = (Arc::<AtomicUsize>::default(), mpsc::channel());
    let gate = Arc::new(Semaphore::new(0));
    let source = Gated {
        gate: Arc::clone(&gate),
        asked,
        answered,
    };
    let client = with_source(&server, source);
    let limit = CallOptions::new().timeouts(Timeouts::new().operation(SECOND / 1000));
    let input = InvokeEndpointInput::builder().endpoint_name("one").body("").build();
    assert!(client.call_with(input, limit).unwrap_err().is_timeout());
    gate.add_permits(1);
    answers.recv_timeout(60 * SECOND).expect("the source goes on");
    ask(&client, "two").unwrap();
}

#[test]
fn all_of_it_ends_with_its_thread() {
    thread_local! {
        static KEPT: RefCell<Option<(Client, ByteStream)>> = const { RefCell::new(None) };
    }
    let (_runtime, server) = server();
    let client = client(&server);
    thread::spawn(move || {
        let body = ask(&client, "large").unwrap().body;
        KEPT.set(Some((client, body)));
    })
    .join()
    .unwrap();
}
