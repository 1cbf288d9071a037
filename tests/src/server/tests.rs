use std::io::ErrorKind;

use bytes::Bytes;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::{Reply, Server, Then};

async fn connect(server: &Server) -> TcpStream {
    TcpStream::connect(server.url().strip_prefix("http://").unwrap())
        .await
        .unwrap()
}

/// Sends all and returns what comes until the end of the connection.
async fn converse(server: &Server, request: &str) -> String {
    let mut stream = connect(server).await;
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer
}

async fn read(stream: &mut TcpStream, length: usize) -> String {
    let mut answer = vec![0; length];
    stream.read_exact(&mut answer).await.unwrap();
    String::from_utf8(answer).unwrap()
}

const GET: &str = "GET / HTTP/1.1\r\nhost: x\r\n\r\n";
const EMPTY: &str = "HTTP/1.1 200 \r\nContent-Length: 0\r\n\r\n";

#[tokio::test]
async fn a_request_is_recorded_as_it_came() {
    let server = Server::scripted(vec![Reply::close()]).await;
    let request = "POST //a%20b/./?c=d&&e HTTP/1.1\r\nHost: x\r\nX-One:  1 \r\nx-one: 2\r\nX-Bytes: \u{fc}\r\n\
                   Content-LENGTH: 4\r\n\r\nbody";
    assert_eq!(converse(&server, request).await, "");

    let [request] = &server.requests()[..] else {
        panic!("not one request")
    };
    assert_eq!(request.connection, 0);
    assert_eq!(request.method, "POST");
    assert_eq!(request.target, "//a%20b/./?c=d&&e");
    let names: Vec<&str> = request.headers.iter().map(|(name, _)| &**name).collect();
    assert_eq!(names, ["Host", "X-One", "x-one", "X-Bytes", "Content-LENGTH"]);
    assert_eq!(request.header("x-one"), Some("1"));
    assert_eq!(request.header("x-two"), None);
    assert_eq!(request.headers_named("X-ONE").collect::<Vec<_>>(), [b"1", b"2"]);
    assert_eq!(request.header("x-bytes"), Some("\u{fc}"));
    assert_eq!(request.body, "body");
}

#[tokio::test]
async fn a_chunked_request_is_put_together() {
    let server = Server::start(|request| Reply::new(200).body(request.body.clone()).then(Then::Close)).await;
    let request = "POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n\
                   4;ext=1\r\nwiki\r\nA\r\n\r\n\r\npedia.\r\n0\r\ntrailer: x\r\n\r\n";
    let answer = converse(&server, request).await;
    assert_eq!(answer, "HTTP/1.1 200 \r\nContent-Length: 14\r\n\r\nwiki\r\n\r\npedia.");
    assert_eq!(server.requests()[0].body, "wiki\r\n\r\npedia.");
}

#[tokio::test]
async fn a_request_may_come_byte_by_byte() {
    let server = Server::start(|_| Reply::close()).await;
    let mut stream = connect(&server).await;
    stream.set_nodelay(true).unwrap();
    for byte in *b"PUT / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n" {
        stream.write_all(&[byte]).await.unwrap();
        tokio::task::yield_now().await;
    }
    assert_eq!(server.wait_for(1).await[0].body, "ab");
}

#[tokio::test]
async fn connections_are_kept_alive_and_counted() {
    let server = Server::start(|_| Reply::new(200)).await;
    let mut first = connect(&server).await;
    for _ in 0..2 {
        first.write_all(GET.as_bytes()).await.unwrap();
        assert_eq!(read(&mut first, EMPTY.len()).await, EMPTY);
    }
    let mut second = connect(&server).await;
    // Two requests at once are answered one after the other.
    second.write_all([GET, GET].concat().as_bytes()).await.unwrap();
    assert_eq!(read(&mut second, 2 * EMPTY.len()).await, [EMPTY, EMPTY].concat());

    assert_eq!(server.connections(), 2);
    let connections: Vec<usize> = server.requests().iter().map(|request| request.connection).collect();
    assert_eq!(connections, [0, 0, 1, 1]);
}

#[tokio::test]
async fn a_client_can_ask_for_the_end() {
    let server = Server::start(|_| Reply::new(200)).await;
    assert_eq!(
        converse(&server, "GET / HTTP/1.1\r\nConnection: Close\r\n\r\n").await,
        EMPTY
    );
}

#[tokio::test]
async fn a_script_runs_out() {
    let server = Server::scripted(vec![Reply::new(204).header("X-One", "1").header("x-TWO", b"\xff")]).await;
    let mut stream = connect(&server).await;
    stream
        .write_all([GET, "GET / HTTP/1.1\r\nconnection: close\r\n\r\n"].concat().as_bytes())
        .await
        .unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    assert_eq!(
        answer,
        b"HTTP/1.1 204 \r\nX-One: 1\r\nx-TWO: \xff\r\n\r\n\
          HTTP/1.1 599 \r\nContent-Length: 40\r\n\r\nthe script has no reply for this request"
    );
}

#[tokio::test]
async fn bodies_are_framed() {
    for (reply, expected) in [
        (
            Reply::new(200).body("abc"),
            "HTTP/1.1 200 \r\nContent-Length: 3\r\n\r\nabc",
        ),
        (
            Reply::new(200).chunks(vec!["abc".into(), "0123456789abcdefg".into()]),
            "HTTP/1.1 200 \r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n11\r\n0123456789abcdefg\r\n0\r\n\r\n",
        ),
        (
            Reply::new(200).header("content-LENGTH", "9").body("abc"),
            "HTTP/1.1 200 \r\ncontent-LENGTH: 9\r\n\r\nabc",
        ),
        (
            Reply::new(200).body("abc").close_after(2),
            "HTTP/1.1 200 \r\nContent-Length: 3\r\n\r\nab",
        ),
        (
            Reply::new(200).chunks(vec!["abc".into(), "def".into()]).close_after(12),
            "HTTP/1.1 200 \r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n3\r\nd",
        ),
        (Reply::raw("not HTTP", Then::Close), "not HTTP"),
        (Reply::close(), ""),
    ] {
        let server = Server::scripted(vec![reply.then(Then::Close)]).await;
        assert_eq!(converse(&server, GET).await, expected);
    }
}

#[tokio::test]
async fn head_has_no_body() {
    let server = Server::start(|_| Reply::new(200).body("abc").then(Then::Close)).await;
    assert_eq!(
        converse(&server, "HEAD / HTTP/1.1\r\n\r\n").await,
        "HTTP/1.1 200 \r\nContent-Length: 3\r\n\r\n"
    );
}

#[tokio::test]
async fn raw_bytes_may_keep_the_connection_open() {
    let server = Server::scripted(vec![Reply::raw("abc", Then::KeepOpen), Reply::raw("def", Then::Close)]).await;
    assert_eq!(converse(&server, &[GET, GET].concat()).await, "abcdef");
}

#[tokio::test]
async fn a_reset_is_an_error_for_the_client() {
    let server = Server::start(|_| Reply::new(200).body("abc").close_after(1).reset()).await;
    let mut stream = connect(&server).await;
    stream.write_all(GET.as_bytes()).await.unwrap();
    let error = stream.read_to_end(&mut Vec::new()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ConnectionReset);
}

#[tokio::test]
async fn a_hanging_connection_ends_with_the_server() {
    let server = Server::start(|_| Reply::new(200).body("abc").close_after(1).then(Then::Hang)).await;
    let mut stream = connect(&server).await;
    stream.write_all(GET.as_bytes()).await.unwrap();
    let start = "HTTP/1.1 200 \r\nContent-Length: 3\r\n\r\na";
    assert_eq!(read(&mut stream, start.len()).await, start);
    // Others are served all the while.
    let mut other = connect(&server).await;
    other.write_all(GET.as_bytes()).await.unwrap();
    assert_eq!(server.wait_for(2).await.len(), 2);

    drop(server);
    assert_eq!(stream.read(&mut [0]).await.unwrap(), 0);
}

#[tokio::test]
async fn a_malformed_request_is_refused_and_not_recorded() {
    let server = Server::start(|_| Reply::new(200)).await;
    for request in [
        "GET\r\n\r\n",
        "POST / HTTP/1.1\r\ncontent-length: x\r\n\r\n",
        "POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\nx\r\n",
    ] {
        let answer = converse(&server, request).await;
        assert!(answer.starts_with("HTTP/1.1 400 \r\n"), "{answer}");
    }
    let mut stream = connect(&server).await;
    stream
        .write_all(b"POST / HTTP/1.1\r\ncontent-length: 10\r\n\r\nabc")
        .await
        .unwrap();
    stream.shutdown().await.unwrap();
    assert_eq!(stream.read_to_end(&mut Vec::new()).await.unwrap(), 0);
    assert!(server.requests().is_empty());
    assert_eq!(server.connections(), 4);
}

#[tokio::test]
async fn a_large_body_goes_both_ways() {
    let server = Server::start(|request| Reply::new(200).body(request.body.clone()).then(Then::Close)).await;
    let (mut reader, mut writer) = connect(&server).await.into_split();
    let body = Bytes::from("0123456789".repeat(1_000_000));
    let head = format!("POST / HTTP/1.1\r\ncontent-length: {}\r\n\r\n", body.len());
    writer.write_all(head.as_bytes()).await.unwrap();
    writer.write_all(&body).await.unwrap();
    let mut answer = Vec::new();
    reader.read_to_end(&mut answer).await.unwrap();
    assert!(answer.ends_with(&body));
}
