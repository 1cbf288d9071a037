//! Single requests over connections of their own.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use bytes::Bytes;
use http::{Request, Uri};
use http_body_util::BodyExt;
use hyper::body::Incoming;
use tokio::net::{TcpStream, lookup_host};
use tokio::time::timeout;
use zeroize::Zeroizing;

use super::{Answer, Exchange, NoAnswer, NoAnswerKind, Route, SecretBytes, is_container_agent};
use crate::error::BoxError;
use crate::transport::connect::{Connected, Connector};
use crate::transport::connection::Connection;
use crate::transport::{CaBundle, ConnectionSettings, Home, Phase, TransportError};
use crate::words::task::blocking;

/// How large the body of an answer may be, in bytes. Credentials have some thousand.
const MAX_BODY: usize = 256 * 1024;

/// Sends a request and reads its answer.
pub(super) async fn exchange(exchange: Exchange) -> Result<Answer, NoAnswer> {
    let limit = exchange.limit;
    timeout(limit, exchange_for_long(exchange, resolve))
        .await
        .unwrap_or_else(|late| Err(no_answer(NoAnswerKind::Timeout, late)))
}

/// Looks up the addresses of a host.
async fn resolve(host: String, port: u16) -> io::Result<Vec<SocketAddr>> {
    Ok(lookup_host((host, port)).await?.collect())
}

/// The resolver is for the agents of containers.
async fn exchange_for_long<F>(exchange: Exchange, resolve: impl FnOnce(String, u16) -> F) -> Result<Answer, NoAnswer>
where
    F: Future<Output = io::Result<Vec<SocketAddr>>>,
{
    let Exchange {
        request,
        route,
        ca_bundle,
        connect_limit,
        ..
    } = exchange;
    let uri = request.uri().clone();
    let connected = match (route, uri.scheme_str()) {
        (Route::ContainerAgent, Some("http")) => {
            let stream = timeout(connect_limit, connect_to_agent(&uri, resolve)).await;
            Connected {
                stream: Box::new(stream.map_err(|late| no_answer(NoAnswerKind::ConnectTimeout, late))??),
                forwarded: None,
            }
        }
        _ => {
            let connector = connector(&uri, route, ca_bundle).await?;
            let connected = connector.connect(&uri, Some(connect_limit)).await;
            connected.map_err(not_connected)?
        }
    };
    let mut connection = Connection::start(connected, &uri, Home::none())
        .await
        .map_err(not_connected)?;
    send(&mut connection, request).await
}

/// Trust stores and proxies are read anew: that happens as seldom as credentials are renewed.
async fn connector(uri: &Uri, route: Route, ca_bundle: Option<Arc<[u8]>>) -> Result<Connector, NoAnswer> {
    let impossible = |problem: String| no_answer(NoAnswerKind::Impossible, problem);
    let settings = ConnectionSettings {
        ca_bundle: ca_bundle.map(|pem| CaBundle {
            pem,
            origin: "the CA bundle".into(),
        }),
        ..ConnectionSettings::default()
    };
    let connector = Connector::new(route != Route::Usual, &settings).map_err(impossible)?;
    if uri.scheme_str() != Some("https") {
        return Ok(connector);
    }
    // The platform has its certificates in files.
    let prepared = blocking(move || connector.prepare_tls().map(|()| connector)).await;
    prepared
        .map_err(|lost| impossible(lost.to_string()))?
        .map_err(impossible)
}

/// Connects to an address that was checked. The resolver can be asked only once, so that a name cannot lead elsewhere
/// in between.
async fn connect_to_agent<F>(uri: &Uri, resolve: impl FnOnce(String, u16) -> F) -> Result<TcpStream, NoAnswer>
where
    F: Future<Output = io::Result<Vec<SocketAddr>>>,
{
    let host = uri.host().unwrap_or_default().trim_matches(['[', ']']);
    let failed = |error: io::Error| no_answer(NoAnswerKind::Connect, error);
    let addresses = resolve(host.to_owned(), uri.port_u16().unwrap_or(80)).await;
    let addresses = addresses.map_err(failed)?;
    if let Some(address) = addresses.iter().map(SocketAddr::ip).find(|ip| !is_container_agent(*ip)) {
        return Err(forbidden(host, address));
    }
    TcpStream::connect(&addresses[..]).await.map_err(failed)
}

fn forbidden(host: &str, address: IpAddr) -> NoAnswer {
    let problem = format!(
        "`http://` is allowed only for this machine and AWS's container agents, but `{host}` resolves to {address}"
    );
    no_answer(NoAnswerKind::Forbidden, problem)
}

fn not_connected(error: TransportError) -> NoAnswer {
    let kind = match error.phase {
        Phase::ConnectTimeout(_) => NoAnswerKind::ConnectTimeout,
        Phase::Connect(phase) if phase.is_final() => NoAnswerKind::Impossible,
        Phase::Broke(_) => NoAnswerKind::Broken,
        _ => NoAnswerKind::Connect,
    };
    no_answer(kind, error.source)
}

#[cold]
fn no_answer(kind: NoAnswerKind, source: impl Into<BoxError>) -> NoAnswer {
    NoAnswer {
        kind,
        source: source.into(),
    }
}

async fn send(connection: &mut Connection, request: Request<SecretBytes>) -> Result<Answer, NoAnswer> {
    let request = request.map(|body| Bytes::from_owner(body).into());
    let response = connection.request(request).await;
    let response = response.map_err(|error| no_answer(NoAnswerKind::Broken, error.into_error()))?;
    let (head, body) = response.into_parts();
    Ok(Answer {
        status: head.status,
        headers: head.headers,
        body: read(body).await?,
    })
}

/// Reads a body that is not too long.
async fn read(mut body: Incoming) -> Result<SecretBytes, NoAnswer> {
    // With room for most answers, no copy is left behind by growing.
    let mut content = Zeroizing::new(Vec::with_capacity(8 * 1024));
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|error| no_answer(NoAnswerKind::Broken, error))?;
        if let Ok(piece) = frame.into_data() {
            if content.len() + piece.len() > MAX_BODY {
                let problem = format!("the answer has more than {MAX_BODY} bytes");
                return Err(no_answer(NoAnswerKind::TooLong, problem));
            }
            append(&mut content, &piece);
        }
    }
    Ok(content)
}

/// Appends to a secret. What it grows out of is overwritten.
fn append(content: &mut SecretBytes, piece: &[u8]) {
    let length = content.len() + piece.len();
    if content.capacity() < length {
        let mut larger = Zeroizing::new(Vec::with_capacity(2 * length));
        larger.extend_from_slice(content);
        *content = larger;
    }
    content.extend_from_slice(piece);
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpListener;

    use super::*;
    use crate::words::limits::MAX_HEAD;

    const LIMIT: Duration = Duration::from_secs(5);

    fn request(url: &str, route: Route) -> Exchange {
        let body = Zeroizing::new(b"secret".to_vec());
        Exchange {
            request: Request::post(url)
                .header("content-length", 6)
                .body(body)
                .expect("a request"),
            route,
            ca_bundle: None,
            connect_limit: LIMIT,
            limit: LIMIT,
        }
    }

    /// What becomes of a request to a peer that says this and closes the connection, and what the peer was told.
    async fn ask(host: &str, route: Route, answer: &[u8]) -> (Result<Answer, NoAnswer>, String) {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let port = listener.local_addr().expect("an address").port();
        let url = format!("http://{host}:{port}/path?query");
        let peer = async {
            let (mut stream, _) = listener.accept().await.expect("a connection");
            let mut heard = Vec::new();
            while !heard.ends_with(b"secret") {
                heard.push(stream.read_u8().await.expect("a request"));
            }
            // Of what is too long, the client does not read all.
            let _ = stream.write_all(answer).await;
            String::from_utf8(heard)
                .expect("text")
                .replace(&port.to_string(), "PORT")
        };
        tokio::join!(exchange(request(&url, route)), peer)
    }

    fn kind(answer: Result<Answer, NoAnswer>) -> NoAnswerKind {
        answer.map(|_| ()).expect_err("no answer").kind
    }

    #[tokio::test]
    async fn a_whole_answer() {
        for (host, route) in [
            ("127.0.0.1", Route::Direct),
            ("127.0.0.1", Route::ContainerAgent),
            ("localhost", Route::ContainerAgent),
        ] {
            let answer = b"HTTP/1.1 302 Found\r\nlocation: http://other/\r\ncontent-length: 3\r\n\r\nabc";
            let (answer, heard) = ask(host, route, answer).await;
            let answer = answer.unwrap_or_else(|error| panic!("{error}"));
            // Nobody goes to the other place.
            assert_eq!(answer.status, 302);
            assert_eq!(*answer.body, b"abc");
            let expected = format!("POST /path?query HTTP/1.1\r\ncontent-length: 6\r\nhost: {host}:PORT\r\n\r\nsecret");
            assert_eq!(heard, expected);
        }
    }

    #[tokio::test]
    async fn an_answer_without_a_length_ends_with_the_connection() {
        let (answer, _) = ask("127.0.0.1", Route::Direct, b"HTTP/1.1 200 OK\r\n\r\nabc").await;
        assert_eq!(*answer.unwrap_or_else(|error| panic!("{error}")).body, b"abc");
    }

    #[tokio::test]
    async fn half_an_answer_is_none() {
        for answer in [
            &b""[..],
            b"HTTP/1.1 200",
            b"HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nabc",
            b"SSH-2.0-OpenSSH\r\n",
            b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n",
        ] {
            let (answer, _) = ask("127.0.0.1", Route::Direct, answer).await;
            assert_eq!(kind(answer), NoAnswerKind::Broken);
        }
    }

    #[tokio::test]
    async fn an_answer_that_is_too_long() {
        let long = [b"HTTP/1.1 200 OK\r\n\r\n".as_slice(), &vec![b'a'; MAX_BODY + 1]].concat();
        let (answer, _) = ask("127.0.0.1", Route::Direct, &long).await;
        assert_eq!(kind(answer), NoAnswerKind::TooLong);
        let (answer, _) = ask("127.0.0.1", Route::Direct, &long[..long.len() - 1]).await;
        assert_eq!(answer.unwrap_or_else(|error| panic!("{error}")).body.len(), MAX_BODY);
        let head = [b"HTTP/1.1 200 OK\r\na: ".as_slice(), &vec![b'a'; MAX_HEAD]].concat();
        let (answer, _) = ask("127.0.0.1", Route::Direct, &head).await;
        assert_eq!(kind(answer), NoAnswerKind::Broken);
    }

    #[tokio::test(start_paused = true)]
    async fn a_peer_that_is_silent() {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let url = format!("http://{}/", listener.local_addr().expect("an address"));
        let (answer, _stream) = tokio::join!(exchange(request(&url, Route::Direct)), listener.accept());
        assert_eq!(kind(answer), NoAnswerKind::Timeout);
    }

    #[tokio::test]
    async fn a_peer_that_is_not_there() {
        let socket = tokio::net::TcpSocket::new_v4().expect("a socket");
        socket
            .bind("127.0.0.1:0".parse().expect("an address"))
            .expect("a free port");
        let url = format!("http://{}/", socket.local_addr().expect("an address"));
        for route in [Route::Direct, Route::ContainerAgent] {
            assert_eq!(kind(exchange(request(&url, route)).await), NoAnswerKind::Connect);
        }
    }

    #[tokio::test]
    async fn a_token_for_an_agent_goes_nowhere_else() {
        for host in ["10.0.0.1", "169.254.169.254", "[2001:db8::1]"] {
            let url = format!("http://{host}/");
            let error = exchange(request(&url, Route::ContainerAgent))
                .await
                .map(|_| ())
                .unwrap_err();
            assert_eq!(error.kind, NoAnswerKind::Forbidden);
            assert!(
                error
                    .to_string()
                    .starts_with("`http://` is allowed only for this machine"),
                "{error}"
            );
        }
    }

    /// What becomes of a request to an agent with a name that resolves to its listener and to these addresses.
    async fn ask_agent_called(others: &[IpAddr]) -> (Result<Answer, NoAnswer>, TcpListener) {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let url = format!("http://agent.invalid:{}/", address.port());
        let all = [address.ip()].into_iter().chain(others.iter().copied());
        let all = all.map(|ip| SocketAddr::new(ip, address.port())).collect();
        let resolve = async |host: String, _| {
            assert_eq!(host, "agent.invalid");
            Ok(all)
        };
        let peer = async {
            let Ok((mut stream, _)) = listener.accept().await else {
                return;
            };
            let mut heard = Vec::new();
            while !heard.ends_with(b"secret") {
                heard.push(stream.read_u8().await.expect("a request"));
            }
            let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n";
            stream.write_all(answer).await.expect("a client");
        };
        let answer = tokio::select! {
            answer = exchange_for_long(request(&url, Route::ContainerAgent), resolve) => answer,
            () = async { peer.await; std::future::pending().await } => unreachable!(),
        };
        (answer, listener)
    }

    #[tokio::test]
    async fn no_address_of_an_agent_may_be_elsewhere() {
        for other in ["10.0.0.1", "169.254.169.254", "2001:db8::1"] {
            let other = other.parse().expect("an address");
            let (answer, listener) = ask_agent_called(&[other]).await;
            let error = answer.map(|_| ()).expect_err(&other.to_string());
            assert_eq!(error.kind, NoAnswerKind::Forbidden);
            let problem = format!("but `agent.invalid` resolves to {other}");
            assert!(error.to_string().ends_with(&problem), "{error}");
            // Not even the allowed address was connected to.
            let listener = listener.into_std().expect("an open socket");
            let nobody = listener.accept().expect_err("no connection");
            assert_eq!(nobody.kind(), io::ErrorKind::WouldBlock);
        }
    }

    /// The name leads nowhere when it is looked up again.
    #[tokio::test]
    async fn the_name_of_an_agent_is_looked_up_once() {
        let (answer, _) = ask_agent_called(&[]).await;
        assert_eq!(answer.unwrap_or_else(|error| panic!("{error}")).status, 200);
    }
}
