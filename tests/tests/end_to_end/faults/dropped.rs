//! Calls that their caller drops. `cancellation` drops them at every point where they wait.

use std::pin::Pin;

use sagemaker_runtime::Client;
use tokio::sync::oneshot;

use super::scene::{Outcome, invoke, secret_builder};
use super::{Does, Injected, Row, rows};
use crate::logs::record;
use crate::service::{accept_head, answer, gone, listen};

rows! {
    while_it_waits: Row {
        fault: "the call is dropped while it waits for a response",
        does: Does::Closes,
        why: "",
        requests: 1,
        is: &[],
        says: "",
        inject: || dropped(|client, _| Box::pin(async move { invoke(&client).await.map(drop).unwrap() }), ""),
    };
    half_read: Row {
        fault: "the output is dropped before its payload has been read",
        does: Does::Closes,
        why: "",
        requests: 1,
        is: &[],
        says: "",
        inject: || dropped(
            |client, read| Box::pin(async move {
                let mut output = invoke(&client).await.unwrap();
                assert_eq!(output.body.chunk().await.unwrap().unwrap(), "half");
                read.send(()).unwrap();
                std::future::pending().await
            }),
            "HTTP/1.1 200 OK\r\ncontent-length: 8\r\n\r\nhalf",
        ),
    };
}

type Reading = fn(Client, oneshot::Sender<()>) -> Pin<Box<dyn Future<Output = ()> + Send>>;

/// Drops a call after this part of an answer, and makes another one.
fn dropped(call: Reading, part: &'static str) -> Injected {
    Box::pin(async move {
        let (listener, url) = listen().await;
        let client = secret_builder(&url).build().unwrap();
        let ((), log) = record(async {
            let (read, has_read) = oneshot::channel();
            let abandoned = tokio::spawn(call(client.clone(), read));
            let mut connection = accept_head(&listener).await;
            if !part.is_empty() {
                answer(&mut connection, part).await;
                has_read.await.unwrap();
            }
            abandoned.abort();
            gone(connection).await;
            assert!(abandoned.await.unwrap_err().is_cancelled());

            let next = tokio::spawn(async move { invoke(&client).await.unwrap().body.text().await });
            let mut connection = accept_head(&listener).await;
            answer(&mut connection, "HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nfine").await;
            assert_eq!(next.await.unwrap().unwrap(), "fine");
        })
        .await;
        // The next call has made one of the requests.
        vec![Outcome::new(&url, listener.requests() - 1, Ok(()), &log)]
    })
}
