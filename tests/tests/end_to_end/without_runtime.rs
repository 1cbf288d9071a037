//! Calls that no tokio runtime can make: an error says what is needed.

use std::pin::pin;
use std::task::{Context, Poll, Waker};

use sagemaker_runtime::{Client, Error, ErrorKind};
use tokio::runtime::Builder;

use crate::service::{builder, invoke};

fn client() -> Client {
    builder("http://127.0.0.1:9").build().unwrap()
}

fn assert_says(error: &Error, text: &str) {
    assert_eq!(error.to_string(), format!("InvokeEndpoint failed: {text}"));
    assert_eq!(error.kind(), ErrorKind::Configuration);
    assert!(!error.may_have_executed());
}

#[test]
fn without_a_runtime() {
    let client = client();
    let call = pin!(invoke(&client));
    let Poll::Ready(result) = call.poll(&mut Context::from_waker(Waker::noop())) else {
        panic!("it waits");
    };
    assert_says(
        &result.unwrap_err(),
        "there is no tokio runtime: await the call in one, such as that of `#[tokio::main]`, or use the client of the \
         feature `blocking`",
    );
}

#[test]
fn without_timers() {
    let runtime = Builder::new_current_thread().enable_io().build().unwrap();
    let error = runtime.block_on(invoke(&client())).unwrap_err();
    assert_says(
        &error,
        "the tokio runtime has no timers: call `enable_all` on its builder",
    );
}

#[test]
fn without_io() {
    let runtime = Builder::new_current_thread().enable_time().build().unwrap();
    let error = runtime.block_on(invoke(&client())).unwrap_err();
    assert_says(
        &error,
        "cannot connect to 127.0.0.1:9: the tokio runtime has no I/O [1 attempt, hint: call `enable_all` on the builder of \
         the runtime]",
    );
}
