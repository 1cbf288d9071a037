//! TCP connections to a host that may have several addresses.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use socket2::{SockRef, TcpKeepalive};
use tokio::net::{TcpStream, lookup_host};
use tokio::task::{JoinError, JoinSet};
use tokio::time::timeout;

use super::limit::Limit;
use super::phase::{Phase, TransportError};
use crate::error::Connecting;

/// How long one address is tried alone (RFC 8305, section 5).
const HEAD_START: Duration = Duration::from_millis(250);

/// How often TCP asks a peer that does not answer, and how many times before it gives the connection up.
const KEEPALIVE_INTERVAL: Duration = Duration::from_secs(15);
const KEEPALIVE_RETRIES: u32 = 4;

/// Connects to a name or an address. TCP asks whether the peer is still there after so much silence.
pub(super) async fn connect(
    host: &str,
    port: u16,
    keepalive: Option<Duration>,
    limit: Limit,
) -> Result<TcpStream, TransportError> {
    // An IPv6 address stands in brackets in a URL.
    let host = host.trim_matches(['[', ']']);
    let addresses = limit.within(Connecting::Resolve, resolve(host, port)).await?;
    let stream = limit.within(Connecting::Tcp, race(addresses)).await;
    let stream = stream.map_err(|error| match is_panic(&error) {
        true => TransportError {
            phase: Phase::Connect(Connecting::WithoutIo),
            ..error
        },
        false => error,
    })?;
    if let Some(time) = keepalive {
        // A system that does not know it has connections all the same.
        let _ = SockRef::from(&stream).set_tcp_keepalive(&keepalive_after(time));
    }
    Ok(stream)
}

fn keepalive_after(time: Duration) -> TcpKeepalive {
    let keepalive = TcpKeepalive::new().with_time(time);
    #[cfg(any(
        target_os = "android",
        target_os = "freebsd",
        target_os = "ios",
        target_os = "linux",
        target_os = "macos",
        target_os = "windows"
    ))]
    let keepalive = keepalive
        .with_interval(KEEPALIVE_INTERVAL)
        .with_retries(KEEPALIVE_RETRIES);
    keepalive
}

async fn resolve(host: &str, port: u16) -> io::Result<Vec<SocketAddr>> {
    let addresses: Vec<SocketAddr> = lookup_host((host, port)).await?.collect();
    if addresses.is_empty() {
        return Err(io::Error::new(io::ErrorKind::NotFound, "the name has no address"));
    }
    Ok(interleaved(addresses))
}

/// Both families by turns, beginning with the one that the resolver prefers: if one of them leads nowhere, only one
/// head start is lost.
fn interleaved(addresses: Vec<SocketAddr>) -> Vec<SocketAddr> {
    let first_is_v6 = addresses.first().is_some_and(SocketAddr::is_ipv6);
    let (preferred, other): (Vec<_>, Vec<_>) = addresses
        .into_iter()
        .partition(|address| address.is_ipv6() == first_is_v6);
    let (mut preferred, mut other) = (preferred.into_iter(), other.into_iter());
    let mut all = Vec::with_capacity(preferred.len() + other.len());
    while preferred.len() + other.len() > 0 {
        all.extend(preferred.next());
        all.extend(other.next());
    }
    all
}

/// Connects to the address that answers first. Each has a head start before the next one, which ends when it fails.
async fn race(addresses: Vec<SocketAddr>) -> io::Result<TcpStream> {
    let mut attempts = JoinSet::new();
    let mut addresses = addresses.into_iter();
    let mut failure = None;
    loop {
        let next = addresses.next();
        let is_last = next.is_none();
        if let Some(address) = next {
            attempts.spawn(open(address));
        }
        let ended = match is_last {
            false => timeout(HEAD_START, attempts.join_next()).await.ok(),
            true => Some(attempts.join_next().await),
        };
        match ended {
            Some(Some(Ok(Ok(stream)))) => return Ok(stream),
            Some(Some(Ok(Err(error)))) => failure = Some(error),
            Some(Some(Err(lost))) => failure = Some(io::Error::other(lost)),
            Some(None) if is_last => {
                return Err(failure.unwrap_or_else(|| io::ErrorKind::NotFound.into()));
            }
            Some(None) | None => {}
        }
    }
}

/// Whether connecting panicked, which it does in a runtime without I/O. tokio has no other way to ask.
fn is_panic(error: &TransportError) -> bool {
    let error: Option<&io::Error> = error.source.downcast_ref();
    let lost = error.and_then(|error| error.get_ref()?.downcast_ref::<JoinError>());
    lost.is_some_and(JoinError::is_panic)
}

async fn open(address: SocketAddr) -> io::Result<TcpStream> {
    let stream = TcpStream::connect(address).await?;
    // Requests are written in whole, so waiting for more to send only costs time.
    stream.set_nodelay(true)?;
    Ok(stream)
}

#[cfg(test)]
mod tests {
    use tokio::net::{TcpListener, TcpSocket};

    use super::*;

    fn unlimited() -> Limit {
        Limit::new(None)
    }

    async fn listen() -> (TcpListener, SocketAddr) {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        (listener, address)
    }

    /// An address where nobody listens as long as the socket is there.
    fn refusing() -> (TcpSocket, SocketAddr) {
        let socket = TcpSocket::new_v4().expect("a socket");
        socket
            .bind("127.0.0.1:0".parse().expect("an address"))
            .expect("a free port");
        let address = socket.local_addr().expect("an address");
        (socket, address)
    }

    #[test]
    fn families_take_turns() {
        let order = |addresses: &[&str]| {
            let addresses = addresses.iter().map(|text| text.parse().expect("an address"));
            let order = interleaved(addresses.collect());
            order.iter().map(ToString::to_string).collect::<Vec<_>>()
        };
        let (a, b, c) = ("[2001:db8::1]:443", "[2001:db8::2]:443", "[2001:db8::3]:443");
        let (x, y) = ("192.0.2.1:443", "192.0.2.2:443");
        assert_eq!(order(&[a, b, c, x, y]), [a, x, b, y, c]);
        assert_eq!(order(&[x, y, a]), [x, a, y]);
        assert_eq!(order(&[x, y]), [x, y]);
        assert!(order(&[]).is_empty());
    }

    #[tokio::test]
    async fn an_address_that_refuses_gives_way_to_the_next() {
        let (_socket, dead) = refusing();
        let (listener, alive) = listen().await;
        let stream = race(vec![dead, dead, alive]).await.expect("a connection");
        assert_eq!(stream.peer_addr().expect("an address"), alive);
        assert!(stream.nodelay().expect("an option"));
        drop(listener);
    }

    /// A listener whose queue is full says nothing to those who want more.
    #[tokio::test]
    #[cfg(target_os = "linux")]
    async fn an_address_that_is_silent_is_overtaken_after_its_head_start() {
        let socket = TcpSocket::new_v4().expect("a socket");
        socket
            .bind("127.0.0.1:0".parse().expect("an address"))
            .expect("a free port");
        let full = socket.listen(1).expect("a listener");
        let silent = full.local_addr().expect("an address");
        let waiting: Vec<_> = (0..16).map(|_| tokio::spawn(TcpStream::connect(silent))).collect();
        while waiting.iter().filter(|attempt| attempt.is_finished()).count() < 2 {
            tokio::task::yield_now().await;
        }
        let (listener, alive) = listen().await;
        tokio::time::pause();
        let start = tokio::time::Instant::now();
        let stream = race(vec![silent, alive]).await.expect("a connection");
        assert_eq!(stream.peer_addr().expect("an address"), alive);
        assert!(start.elapsed() >= HEAD_START);
        drop((full, waiting, listener));
    }

    #[tokio::test]
    async fn failures_name_what_was_being_done() {
        let (_socket, dead) = refusing();
        let refused = race(vec![dead, dead]).await.expect_err("nobody listens");
        assert_eq!(refused.kind(), io::ErrorKind::ConnectionRefused);

        let refused = connect("127.0.0.1", dead.port(), None, unlimited()).await;
        let refused = refused.expect_err("nobody listens");
        assert_eq!(refused.phase, Phase::Connect(Connecting::Tcp));

        // No resolver gives this name an address (RFC 6761).
        let unknown = connect("no-such-host.invalid", 80, None, unlimited()).await;
        let unknown = unknown.expect_err("there is no such host");
        assert_eq!(unknown.phase, Phase::Connect(Connecting::Resolve));
    }

    #[tokio::test]
    async fn tcp_asks_a_silent_peer_whether_it_is_there() {
        let (listener, address) = listen().await;
        let connect = |keepalive| connect("127.0.0.1", address.port(), keepalive, unlimited());
        let without = connect(None).await.expect("a connection");
        assert!(!SockRef::from(&without).keepalive().expect("an option"));
        let time = Duration::from_secs(60);
        let with = connect(Some(time)).await.expect("a connection");
        let socket = SockRef::from(&with);
        assert!(socket.keepalive().expect("an option"));
        #[cfg(target_os = "linux")]
        {
            assert_eq!(socket.tcp_keepalive_time().expect("an option"), time);
            assert_eq!(socket.tcp_keepalive_interval().expect("an option"), KEEPALIVE_INTERVAL);
            assert_eq!(socket.tcp_keepalive_retries().expect("an option"), KEEPALIVE_RETRIES);
        }
        drop(listener);
    }

    #[tokio::test]
    async fn an_address_in_brackets() {
        let Ok(listener) = TcpListener::bind("[::1]:0").await else {
            // A machine without IPv6.
            return;
        };
        let port = listener.local_addr().expect("an address").port();
        let stream = connect("[::1]", port, None, unlimited()).await.expect("a connection");
        assert!(stream.peer_addr().expect("an address").is_ipv6());
    }
}
