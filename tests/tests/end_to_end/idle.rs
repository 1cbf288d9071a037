//! Idle connections whose server does something while the client's runtime does not look: its only thread is busy, or
//! the program calls `block_on` for each call.

use sagemaker_runtime::Retries;
use tokio::io::AsyncWriteExt;

use crate::peer::{Accepted, Peer, Scheme};
use crate::service::{builder, invoke};

/// What a server does after the first answer on its first connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Then {
    /// It sends the answer to a request that nobody made.
    Answer,
    /// It says that it has waited for long enough.
    TimeOut,
    /// It sends something that is not HTTP.
    Garbage,
    Close,
    /// It sends what is none of the application's business: over TLS there is such.
    Keys,
    Nothing,
}

/// A server that answers with the number of the connection.
pub(crate) fn serve(scheme: Scheme, then: Then) -> Peer {
    Peer::start(scheme, move |mut accepted: Accepted| async move {
        let number = accepted.number.to_string();
        let mut is_first = accepted.number == 0;
        while accepted.read_request().await.is_some() {
            accepted.answer(&number).await;
            if is_first {
                accepted.permission().await;
                do_then(&mut accepted, then).await;
                accepted.signal();
                is_first = false;
            }
        }
    })
}

async fn do_then(accepted: &mut Accepted, then: Then) {
    match then {
        Then::Answer => accepted.answer("of somebody else").await,
        Then::TimeOut => {
            let answer = "HTTP/1.1 408 Request Timeout\r\nconnection: close\r\ncontent-length: 0\r\n\r\n";
            accepted.send(answer).await;
            accepted.stream.shutdown().await.unwrap();
        }
        Then::Garbage => accepted.send("garbage").await,
        Then::Close => accepted.stream.shutdown().await.unwrap(),
        Then::Keys => {
            accepted.stream.send_key_update();
            accepted.stream.flush().await.unwrap();
        }
        Then::Nothing => {}
    }
}

/// Makes two calls, each with a `block_on` of its own, and returns what the second one got.
fn second_answer(scheme: Scheme, then: Then) -> String {
    let peer = serve(scheme, then);
    let client = peer
        .trusted_by(builder(peer.url()))
        .retries(Retries::none())
        .build()
        .unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.unwrap();
    let call = || {
        runtime.block_on(async {
            let output = invoke(&client).await.unwrap();
            output.body.text().await.unwrap()
        })
    };
    assert_eq!(call(), "0");
    peer.go_on();
    assert_eq!(peer.wait(), 0);
    call()
}

/// Nothing that came before a request is its answer, and an end that came before it is no reason to fail.
#[test]
fn what_came_before_a_request_leads_to_another_connection() {
    for scheme in Scheme::ALL {
        for then in [Then::Answer, Then::TimeOut, Then::Garbage, Then::Close] {
            assert_eq!(second_answer(scheme, then), "1", "{scheme:?}, {then:?}");
        }
    }
}

/// Session tickets and new keys are no answers.
#[test]
fn what_is_for_tls_alone_leaves_a_connection_to_the_next_call() {
    for (scheme, then) in [
        (Scheme::Http, Then::Nothing),
        (Scheme::Https, Then::Nothing),
        (Scheme::Https, Then::Keys),
    ] {
        assert_eq!(second_answer(scheme, then), "0", "{scheme:?}, {then:?}");
    }
}
