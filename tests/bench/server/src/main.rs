//! Answers every client alike, with as little work as possible: so it is not what is measured.
//!
//! The name of the endpoint in a request says what the response is; a request without one is for AWS STS. Its argument is the file for the certificates that its
//! clients have to trust. Prints two addresses, without TLS and with it, and runs until it is killed.

mod tls;

use std::collections::HashMap;
use std::io;
use std::rc::Rc;
use std::{cell::RefCell, str};

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::LocalSet;
use workload::{BoxError, Response};

/// Heads of requests are smaller; more of a payload is read at a time.
const BUFFER: usize = 256 * 1024;

type Responses = Rc<RefCell<HashMap<String, Rc<Response>>>>;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), BoxError> {
    let trusted = std::env::args_os()
        .nth(1)
        .ok_or("the argument is a file for certificates")?;
    let acceptor = tls::acceptor(trusted.as_ref())?;
    let plain = TcpListener::bind("127.0.0.1:0").await?;
    let secure = TcpListener::bind("127.0.0.1:0").await?;
    println!("http://{}", plain.local_addr()?);
    println!("https://{}", secure.local_addr()?);
    let responses = Responses::default();
    // A client that goes away is the end of its connection, and no error.
    let serve = async {
        loop {
            tokio::select! {
                accepted = plain.accept() => {
                    let stream = without_delay(accepted?.0)?;
                    tokio::task::spawn_local(connection(stream, Rc::clone(&responses)));
                }
                accepted = secure.accept() => {
                    let handshake = acceptor.accept(without_delay(accepted?.0)?);
                    let responses = Rc::clone(&responses);
                    tokio::task::spawn_local(async move { connection(handshake.await?, responses).await });
                }
            }
        }
    };
    LocalSet::new().run_until(serve).await
}

fn without_delay(stream: TcpStream) -> io::Result<TcpStream> {
    stream.set_nodelay(true)?;
    Ok(stream)
}

async fn connection(mut stream: impl AsyncRead + AsyncWrite + Unpin, responses: Responses) -> io::Result<()> {
    let mut buffer = vec![0; BUFFER];
    loop {
        let mut filled = 0;
        let request = loop {
            match stream.read(&mut buffer[filled..]).await? {
                0 => return Ok(()),
                read => filled += read,
            }
            if let Some(request) = Request::parse(&buffer[..filled])? {
                break request;
            }
        };
        let mut left = (request.head + request.payload).saturating_sub(filled);
        while left > 0 {
            let space = left.min(BUFFER);
            match stream.read(&mut buffer[..space]).await? {
                0 => return Ok(()),
                read => left -= read,
            }
        }
        let known = responses.borrow().get(&request.endpoint).map(Rc::clone);
        let response = match known {
            Some(response) => response,
            None => {
                let response = match request.endpoint.as_str() {
                    "" => Response::role(),
                    endpoint => Response::of(endpoint).ok_or(io::ErrorKind::InvalidData)?,
                };
                let response = Rc::new(response);
                responses.borrow_mut().insert(request.endpoint, Rc::clone(&response));
                response
            }
        };
        stream.write_all(&response.head).await?;
        for _ in 0..response.body.times {
            stream.write_all(&response.body.block).await?;
        }
        stream.flush().await?;
    }
}

struct Request {
    endpoint: String,
    /// Lengths in bytes.
    head: usize,
    payload: usize,
}

impl Request {
    /// Nothing if the head has not arrived as a whole.
    fn parse(bytes: &[u8]) -> io::Result<Option<Self>> {
        let mut headers = [httparse::EMPTY_HEADER; 64];
        let mut request = httparse::Request::new(&mut headers);
        let head = match request.parse(bytes).map_err(io::Error::other)? {
            httparse::Status::Partial => return Ok(None),
            httparse::Status::Complete(head) => head,
        };
        // `/endpoints/NAME/invocations`, or `/`
        let endpoint = request.path.and_then(|path| path.split('/').nth(2)).unwrap_or_default();
        let length = request
            .headers
            .iter()
            .find(|header| header.name.eq_ignore_ascii_case("content-length"));
        let payload = length.and_then(|header| str::from_utf8(header.value).ok()?.parse().ok());
        Ok(Some(Self {
            endpoint: endpoint.to_owned(),
            head,
            payload: payload.unwrap_or(0),
        }))
    }
}
