//! Answers that are none, or not whole. From their first byte on the model may have run, so nothing is sent again.

use tests::server::{Reply, Then};
use tokio::io::AsyncReadExt;
use tokio::sync::oneshot;

use super::scene::{Call, Outcome, Scene, each, invoke, secret_builder};
use super::{Does, Injected, Row, rows};
use crate::early_answers::{self, LARGE, upload};
use crate::logs::record;
use crate::peer::Scheme;
use crate::service::{accept_head, answer, listen};

rows! {
    head_cut_off: Row {
        fault: "the response head is cut off",
        does: Does::Fails,
        why: "the response had begun",
        requests: 1,
        is: &["is_connection"],
        says: "the response of HOST broke off or is not HTTP [1 attempt]",
        inject: || raw(&["H", "HTTP/1.1 200 OK\r\nContent-Le", "HTTP/1.1 100 Continue\r\n\r\n"]),
    };
    head_too_large: Row {
        fault: "the response head is too large: more than 100 headers, or more than 256 KiB",
        does: Does::Fails,
        why: "the service has responded",
        requests: 1,
        is: &["is_response"],
        says: "the response head of HOST is too large: it has more than 100 header lines or 256 KiB [1 attempt]",
        inject: || raw(&[
            &format!("HTTP/1.1 200 OK\r\n{}\r\n", "a: b\r\n".repeat(101)),
            &format!("HTTP/1.1 200 OK\r\na: {}\r\n\r\n", "b".repeat(300 << 10)),
        ]),
    };
    folded_head: Row {
        fault: "the response head has headers that continue on the next line (obs-fold)",
        does: Does::Succeeds,
        why: "",
        requests: 1,
        is: &[],
        says: "",
        inject: || raw(&["HTTP/1.1 200 OK\r\na: b\r\n  c\r\ncontent-length: 0\r\n\r\n"]),
    };
    not_http: Row {
        fault: "the response is not HTTP/1.1, or states two lengths",
        does: Does::Fails,
        why: "the response had begun",
        requests: 1,
        is: &["is_connection"],
        says: "the response of HOST broke off or is not HTTP [1 attempt]",
        inject: || raw(&[
            "SSH-2.0-OpenSSH_9.6\r\n",
            "HTTP/1.1 2000 Fine\r\n\r\n",
            "HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab",
        ]),
    };
    payload_cut_off: Row {
        fault: "the payload is cut off",
        does: Does::Fails,
        why: "",
        requests: 1,
        is: &["is_response"],
        says: "the payload of the response broke off after 4 of 18 bytes [request id req-1, 1 attempt]",
        inject: || each(Call::Invoke, vec![whole().close_after(4)]),
    };
    connection_reset: Row {
        fault: "the connection is reset in the middle of the payload",
        does: Does::Fails,
        why: "",
        requests: 1,
        is: &["is_response"],
        says: "the payload of the response broke off after 4 of 18 bytes [request id req-1, 1 attempt]",
        inject: reset_within_a_payload,
    };
    chunks_cut_off: Row {
        fault: "a payload without a length is cut off",
        does: Does::Fails,
        why: "",
        requests: 1,
        is: &["is_response"],
        says: "the payload of the response broke off after 4 bytes [request id req-1, 1 attempt]",
        inject: || each(Call::Invoke, vec![
            chunked(b"4\r\nMARK\r\n"),
            chunked(b"4\r\nMARK\r\n0\r\n"),
            chunked(b"12\r\nMARK"),
        ]),
    };
    chunk_too_long: Row {
        fault: "a chunk is longer than its stated size",
        does: Does::Fails,
        why: "",
        requests: 1,
        is: &["is_response"],
        says: "the payload of the response broke off after 4 bytes [request id req-1, 1 attempt]",
        inject: || each(Call::Invoke, vec![chunked(b"4\r\nMARK-RESPONSE-BODY\r\n0\r\n\r\n")]),
    };
    payload_too_long: Row {
        fault: "more bytes than the announced length have arrived when the payload ends. Bytes that arrive later \
                cause no error, and belong to no response",
        does: Does::Fails,
        why: "",
        requests: 1,
        is: &["is_response"],
        says: "the payload of the response continues after the announced 4 bytes [1 attempt]",
        inject: || Box::pin(async {
            let reply = "HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nMARK-RESPONSE-BODY\
                         HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\nforged";
            let scene = Scene::new(vec![Reply::raw(reply, Then::KeepOpen)]).await;
            let client = scene.client.clone();
            vec![scene.outcome(async move {
                let mut body = invoke(&client).await?.body;
                assert_eq!(body.chunk().await?.unwrap(), "MARK");
                body.chunk().await.map(drop)
            }).await]
        }),
    };
    output_cut_off: Row {
        fault: "the JSON of an output is cut off",
        does: Does::Fails,
        why: "the response had begun",
        requests: 1,
        is: &["is_response"],
        says: "the payload of the response broke off after 6 of 22 bytes [request id req-1, 1 attempt]",
        inject: || each(Call::Queue, vec![queued(r#"{"InferenceId":"MARK"}"#).close_after(6)]),
    };
    output_of_another_form: Row {
        fault: "the JSON of an output does not match the description",
        does: Does::Fails,
        why: "the service has responded",
        requests: 1,
        is: &["is_response"],
        says: "the payload of the response is not the JSON object that the service describes [request id req-1, 1 attempt]",
        inject: || each(Call::Queue, ["[]", "{", "\"MARK-RESPONSE-BODY\"", r#"{"InferenceId":7}"#].map(queued).into()),
    };
    output_of_another_type: Row {
        fault: "the same with another content type, such as a page of HTML with a success status",
        does: Does::Fails,
        why: "the service has responded",
        requests: 1,
        is: &["is_response"],
        says: "the payload of the response is not the JSON object that the service describes [content type text/html, \
               request id req-1, 1 attempt]",
        inject: || each(Call::Queue, vec![queued("<html>MARK-RESPONSE-BODY").header("Content-Type", "text/html")]),
    };
    early_error: Row {
        fault: "an error arrives before the whole request has been sent; the connection is then kept open, closed or \
                reset",
        does: Does::Fails,
        why: "the error is final",
        requests: 1,
        is: &["is_service"],
        says: "HTTP 413: too large [1 attempt, hint: send at most 6 MiB, or use InvokeEndpointAsync, which takes larger \
               input from S3]",
        inject: early_error_,
    };
    early_answer_cut_off: Row {
        fault: "a response begins before the whole request has been sent, and is cut off",
        does: Does::Fails,
        why: "the response had begun",
        requests: 1,
        is: &["is_connection"],
        says: "the response of HOST broke off or is not HTTP [1 attempt]",
        inject: early_answer_cut_off_,
    };
}

fn whole() -> Reply {
    Reply::new(200)
        .header("x-amzn-RequestId", "req-1")
        .body("MARK-RESPONSE-BODY")
}

fn queued(json: &'static str) -> Reply {
    Reply::new(202).header("x-amzn-RequestId", "req-1").body(json)
}

/// Chunks that are as they should not be.
fn chunked(body: &[u8]) -> Reply {
    let head = "HTTP/1.1 200 OK\r\nx-amzn-RequestId: req-1\r\ntransfer-encoding: chunked\r\n\r\n";
    Reply::raw([head.as_bytes(), body].concat(), Then::Close)
}

fn raw(answers: &[&str]) -> Injected {
    let answers = answers.iter().map(|&answer| Reply::raw(answer.to_owned(), Then::Close));
    each(Call::Invoke, answers.collect())
}

/// A reset overtakes the bytes before it, unless they have been read.
fn reset_within_a_payload() -> Injected {
    Box::pin(async {
        let (listener, url) = listen().await;
        let client = secret_builder(&url).build().unwrap();
        let (result, log) = record(async {
            let (read, has_read) = oneshot::channel();
            let reading = tokio::spawn(async move {
                let mut body = invoke(&client).await?.body;
                assert_eq!(body.chunk().await?.unwrap(), "MARK");
                read.send(()).unwrap();
                body.chunk().await.map(drop)
            });
            let mut connection = accept_head(&listener).await;
            let head = "HTTP/1.1 200 OK\r\nx-amzn-RequestId: req-1\r\ncontent-length: 18\r\n\r\nMARK";
            answer(&mut connection, head).await;
            has_read.await.unwrap();
            connection.set_zero_linger().unwrap();
            drop(connection);
            reading.await.unwrap()
        })
        .await;
        vec![Outcome::new(&url, listener.requests(), result, &log)]
    })
}

/// A service that refuses a payload answers before all of it has arrived.
fn early_error_() -> Injected {
    Box::pin(async {
        let mut outcomes = Vec::new();
        for scheme in Scheme::ALL {
            for then in [Then::KeepOpen, Then::Close, Then::Reset] {
                let peer = early_answers::refusing(scheme, then);
                let client = peer.trusted_by(secret_builder(peer.url())).build().unwrap();
                let (result, log) = record(upload(&client, vec![0; LARGE])).await;
                outcomes.push(Outcome::new(peer.url(), peer.requests(), result, &log));
            }
        }
        outcomes
    })
}

/// The rest of the request arrives behind the start of the answer: it has begun all the same.
fn early_answer_cut_off_() -> Injected {
    Box::pin(async {
        let (listener, url) = listen().await;
        let client = secret_builder(&url).build().unwrap();
        let (result, log) = record(async {
            let call = client.invoke_endpoint().endpoint_name("model").body(vec![0; LARGE]);
            let call = tokio::spawn(async move { call.send().await.map(drop) });
            let mut connection = accept_head(&listener).await;
            answer(&mut connection, "HTTP/1.1 2").await;
            let mut rest = vec![0; LARGE];
            connection.read_exact(&mut rest).await.unwrap();
            drop(connection);
            tokio::select! {
                result = call => result.unwrap(),
                _ = listener.accept() => panic!("the request was sent again"),
            }
        })
        .await;
        vec![Outcome::new(&url, listener.requests(), result, &log)]
    })
}
