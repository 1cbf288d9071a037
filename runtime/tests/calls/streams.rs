//! Payloads that are there only once, and requests that break off.

use std::io::Read;

use super::*;

#[tokio::test]
async fn a_stream_is_sent_once() {
    let server = Server::new(&[503]);
    let client = server.signing_client().build().unwrap();
    let body = Some(stream("0123456789"));
    let error = client
        .call(Upload {
            body,
            ..Upload::default()
        })
        .await
        .unwrap_err();
    assert_eq!(server.sent().len(), 1);
    let expected = "not retried because its payload is a stream, which can be sent only once";
    assert!(error.to_string().contains(expected), "{error}");

    let server = Server::new(&[503, 503]);
    let client = server.signing_client().build().unwrap();
    let file = tempfile(b"content");
    let body = Some(Body::from_path(&file));
    client
        .call(Upload {
            body,
            ..Upload::default()
        })
        .await
        .unwrap();
    let sent = server.sent();
    assert_eq!(sent.len(), 3);
    assert!(sent.iter().all(|request| request.body == "content"));
    assert!(sent.iter().all(|request| request.header("content-length") == Some("7")));
    std::fs::remove_file(file).unwrap();
}

/// A body that goes on without end.
struct Endless;

impl HttpBody for Endless {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        self: std::pin::Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let piece = Bytes::from_static(&[0; 64 << 10]);
        Poll::Ready(Some(Ok(Frame::data(piece))))
    }
}

/// A server that goes away while it is sent to, and how far the request came, as the error tells.
async fn cut_off(body: Body) -> String {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let client = Client::builder()
        .region("eu-west-1")
        .endpoint_url(format!("http://{}", listener.local_addr().unwrap()))
        .credentials(Credentials::new("id", "secret", None, None, "test"))
        .disable_host_prefix(true)
        .no_proxy()
        .retries(Retries::none())
        .build()
        .unwrap();
    let serving = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        stream.read_exact(&mut [0; 1 << 20]).unwrap();
    });
    let call = Upload {
        body: Some(body),
        ..Upload::default()
    };
    let error = client.call(call).await.unwrap_err();
    serving.join().unwrap();
    assert!(error.is_connection(), "{error}");
    let text = error.to_string();
    let (_, far) = text.split_once("broke before a response arrived, after ").expect(&text);
    far.to_owned()
}

#[tokio::test]
async fn a_break_while_a_request_is_sent_tells_how_far_it_came() {
    let told = cut_off(vec![0; 64_000_000].into()).await;
    let (sent, rest) = told.split_once(" of ").unwrap();
    assert_eq!(rest, "64.0 MB of the request had been sent [1 attempt]");
    assert!((1.0..64.0).contains(&sent.parse().unwrap()), "{told}");

    let told = cut_off(Body::from_http_body(Endless)).await;
    let (sent, rest) = told.split_once(" MB ").unwrap();
    assert_eq!(rest, "of the request had been sent [1 attempt]");
    assert!(sent.parse::<f64>().unwrap() >= 1.0, "{told}");
}
