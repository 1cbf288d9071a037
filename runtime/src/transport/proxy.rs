//! Proxies from the environment, and tunnels through them.

use std::env;
use std::ffi::OsString;
use std::fmt;
use std::io;

use http::Uri;
use http::header::HeaderValue;
use http::uri::Authority;
use hyper_util::client::proxy::matcher::{Intercept, Matcher};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

use crate::error::BoxError;
use crate::words::host;

/// How much a proxy may say before a tunnel begins, in bytes.
const HEAD_LIMIT: usize = 16 * 1024;

/// Which proxies there are.
pub(super) struct Proxies(Matcher);

impl Proxies {
    pub(super) fn none() -> Self {
        Self(Matcher::builder().build())
    }

    /// `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY`, else the same in lower case.
    ///
    /// # Errors
    ///
    /// When one is no proxy, or not UTF-8. To connect directly then may be what it is there to prevent.
    pub(super) fn from_env() -> Result<Self, String> {
        // In a CGI program, `HTTP_PROXY` is a header of somebody's request.
        let is_cgi = env::var_os("REQUEST_METHOD").is_some();
        // The matcher takes this for all names of hosts, and not for their addresses.
        let is_everything = |(_, hosts): (_, String)| hosts.trim() == "*";
        if is_cgi || variable(["NO_PROXY", "no_proxy"])?.is_some_and(is_everything) {
            return Ok(Self::none());
        }
        for names in [
            ["HTTPS_PROXY", "https_proxy"],
            ["HTTP_PROXY", "http_proxy"],
            ["ALL_PROXY", "all_proxy"],
        ] {
            let Some((name, value)) = variable(names)? else {
                continue;
            };
            // The value may hold a password, which must not be shown.
            if !value.is_empty() {
                check(&value).map_err(|problem| format!("`{name}` is not the URL of a proxy: {problem}"))?;
            }
        }
        Ok(Self(Matcher::from_env()))
    }

    #[cfg(test)]
    pub(super) fn all(proxy: &str, except: &str) -> Self {
        Self(Matcher::builder().all(proxy).no(except).build())
    }

    /// The proxy on the way to a URL, if there is one.
    pub(super) fn find(&self, uri: &Uri) -> Option<Proxy> {
        self.0.intercept(uri).map(Proxy)
    }
}

/// The first of these variables that is set, as the matcher reads them.
///
/// The matcher would take one that is not UTF-8 for one that is not set.
fn variable(names: [&'static str; 2]) -> Result<Option<(&'static str, String)>, String> {
    let set = names.into_iter().find_map(|name| Some((name, env::var_os(name)?)));
    let read = |(name, value): (_, OsString)| match value.into_string() {
        Ok(value) => Ok((name, value)),
        Err(_) => Err(format!("`{name}` is not UTF-8")),
    };
    set.map(read).transpose()
}

/// Checks that the matcher understands the URL as it is meant. Else it may take a part of the password for the host, which
/// is looked up and shown.
///
/// # Errors
///
/// What is wrong, and nothing of the URL.
fn check(url: &str) -> Result<(), String> {
    const SHOULD: &str = "it should look like `http://host:port`, with user and password percent-encoded";
    let authority = understood(url).ok_or(SHOULD)?;
    host::check(authority.host()).map_err(|problem| format!("it {problem}; {SHOULD}"))
}

/// Host and port of a proxy, if it is clear what they are.
fn understood(url: &str) -> Option<Authority> {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let (user, host) = rest.rsplit_once('@').unwrap_or(("", rest));
    let matcher = Matcher::builder().all(url).build();
    let proxy = matcher.intercept(&Uri::from_static("http://localhost"));
    let authority = proxy?.uri().authority()?.clone();
    let has_port = authority.port_u16().is_some() || authority == authority.host();
    let is_clear = host.split('/').next() == Some(authority.as_str()) && !user.contains(['@', '/', '?', '#']);
    (has_port && is_clear).then_some(authority)
}

/// A proxy.
pub(super) struct Proxy(Intercept);

impl Proxy {
    /// Where it is.
    ///
    /// # Errors
    ///
    /// When it is not reached by plain HTTP.
    pub(super) fn address(&self) -> Result<(&str, u16), BoxError> {
        let uri = self.0.uri();
        match (uri.scheme_str(), uri.host()) {
            (Some("http"), Some(host)) => Ok((host, uri.port_u16().unwrap_or(80))),
            _ => Err("only proxies with `http://` are supported".into()),
        }
    }

    /// What the proxy is told to let the client in: a secret.
    pub(super) fn authorization(&self) -> Option<&HeaderValue> {
        self.0.basic_auth()
    }

    /// Puts the proxy before the reason why it cannot be reached, because the error names another host.
    pub(super) fn unreachable(&self, source: BoxError) -> BoxError {
        Box::new(Unreachable {
            proxy: self.0.uri().authority().map(ToString::to_string).unwrap_or_default(),
            source,
        })
    }
}

#[derive(Debug)]
struct Unreachable {
    proxy: String,
    source: BoxError,
}

impl fmt::Display for Unreachable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the proxy {} cannot be reached", self.proxy)
    }
}

impl std::error::Error for Unreachable {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&*self.source)
    }
}

/// What a proxy answered that gives no tunnel: a status.
#[derive(Debug)]
struct Refused(u16);

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the proxy refused a tunnel ({})", self.0)
    }
}

impl std::error::Error for Refused {}

/// The status with which the proxy refused a tunnel, if that is what was wrong.
pub(super) fn refusal(error: &BoxError) -> Option<u16> {
    error.downcast_ref().map(|Refused(status)| *status)
}

/// Asks a proxy to hand on all bytes to a host from now on.
pub(super) async fn tunnel<S>(
    mut stream: S,
    (host, port): (&str, u16),
    authorization: Option<&HeaderValue>,
) -> Result<S, BoxError>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let mut request = format!("CONNECT {host}:{port} HTTP/1.1\r\nHost: {host}:{port}\r\n").into_bytes();
    if let Some(value) = authorization {
        request.extend_from_slice(b"Proxy-Authorization: ");
        request.extend_from_slice(value.as_bytes());
        request.extend_from_slice(b"\r\n");
    }
    request.extend_from_slice(b"\r\n");
    stream.write_all(&request).await?;

    let mut answer = Vec::with_capacity(512);
    let end = loop {
        if let Some(end) = answer.windows(4).position(|bytes| bytes == b"\r\n\r\n") {
            break end + 4;
        }
        if answer.len() >= HEAD_LIMIT {
            return Err("the answer of the proxy has too long a head".into());
        }
        if stream.read_buf(&mut answer).await? == 0 {
            return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "the proxy closed the connection").into());
        }
    };
    match status(&answer) {
        // The host says nothing before it has been spoken to, so a tunnel begins with the end of the head.
        Some(200..=299) if answer.len() == end => Ok(stream),
        Some(200..=299) => Err("the answer of the proxy is not that of a tunnel".into()),
        Some(status) => Err(Refused(status).into()),
        None => Err("the answer of the proxy is not HTTP".into()),
    }
}

/// The status in a head: `HTTP/1.1 200 ..`.
fn status(head: &[u8]) -> Option<u16> {
    let rest = head
        .strip_prefix(b"HTTP/1.1 ")
        .or_else(|| head.strip_prefix(b"HTTP/1.0 "))?;
    let (digits, rest) = rest.split_at_checked(3)?;
    let ends = rest.first().is_some_and(|byte| byte.is_ascii_whitespace());
    std::str::from_utf8(digits).ok()?.parse().ok().filter(|_| ends)
}

#[cfg(test)]
mod tests {
    use tokio::io::duplex;

    use super::*;

    /// What a client says for a tunnel, and what becomes of it when the proxy answers with these bytes.
    async fn ask(authorization: Option<&str>, answer: &[u8]) -> (String, Result<(), String>) {
        let (client, mut proxy) = duplex(64 * 1024);
        let authorization = authorization.map(|text| HeaderValue::from_str(text).expect("a value"));
        let asking = tunnel(client, ("service.example", 443), authorization.as_ref());
        let answering = async {
            let mut head = Vec::new();
            while !head.ends_with(b"\r\n\r\n") {
                head.push(proxy.read_u8().await.expect("the head of a request"));
            }
            // Of what is too long, the client does not read all.
            let _ = proxy.write_all(answer).await;
            drop(proxy);
            String::from_utf8(head).expect("text")
        };
        let (result, head) = tokio::join!(asking, answering);
        (head, result.map(drop).map_err(|error| error.to_string()))
    }

    #[tokio::test]
    async fn a_tunnel_is_asked_for() {
        let (head, result) = ask(None, b"HTTP/1.1 200 Connection established\r\n\r\n").await;
        assert_eq!(
            head,
            "CONNECT service.example:443 HTTP/1.1\r\nHost: service.example:443\r\n\r\n"
        );
        assert_eq!(result, Ok(()));

        let (head, result) = ask(Some("Basic dXNlcjpzZWNyZXQ="), b"HTTP/1.0 200\r\nVia: 1.1 a\r\n\r\n").await;
        assert!(
            head.ends_with("\r\nProxy-Authorization: Basic dXNlcjpzZWNyZXQ=\r\n\r\n"),
            "{head}"
        );
        assert_eq!(result, Ok(()));
    }

    #[tokio::test]
    async fn a_tunnel_that_is_refused() {
        let long = [b"HTTP/1.1 200 OK\r\n".as_slice(), &b"a: b\r\n".repeat(HEAD_LIMIT)].concat();
        for (answer, expected) in [
            (
                b"HTTP/1.1 403 Forbidden\r\n\r\n".as_slice(),
                "the proxy refused a tunnel (403)",
            ),
            (
                b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n",
                "the proxy refused a tunnel (407)",
            ),
            (b"HTTP/1.1 2000 OK\r\n\r\n", "the answer of the proxy is not HTTP"),
            (b"SSH-2.0-OpenSSH\r\n\r\n", "the answer of the proxy is not HTTP"),
            (b"HTTP/1.1 200 OK\r\n", "the proxy closed the connection"),
            (
                b"HTTP/1.1 200 OK\r\n\r\n\x16\x03",
                "the answer of the proxy is not that of a tunnel",
            ),
            // A page for those who use a browser.
            (
                b"HTTP/1.1 403 Forbidden\r\ncontent-length: 4\r\n\r\nSTOP",
                "the proxy refused a tunnel (403)",
            ),
            (&long, "the answer of the proxy has too long a head"),
        ] {
            let (_, result) = ask(Some("Basic dXNlcjpzZWNyZXQ="), answer).await;
            assert_eq!(result.expect_err("there is no tunnel"), expected);
        }
    }

    #[test]
    fn urls_of_proxies() {
        for url in [
            "http://proxy.example",
            "http://proxy.example:3128/",
            "https://proxy.example",
            "socks5://proxy.example:1080",
            "proxy.example:3128",
            "user:secret@proxy.example:3128",
            "http://user:se%40cret@[::1]:3128",
        ] {
            assert_eq!(check(url), Ok(()), "{url}");
        }
        let should = "it should look like `http://host:port`, with user and password percent-encoded";
        for url in [
            "http://",
            "http://user:sec@ret@proxy.example",
            "http://user:sec/ret@proxy.example",
            "http://user:123/ret@proxy.example",
            "http://user:123?ret@proxy.example",
            "http://user:123#ret@proxy.example",
            "http://user:secret",
            "http://proxy.example:65536",
            "http://proxy example",
            "ftp://proxy.example",
        ] {
            assert_eq!(check(url), Err(should.to_owned()), "{url}");
        }
        for (url, reason) in [
            (":2", "it has no host"),
            ("http://:3128", "it has no host"),
            ("http://user:secret@:3128", "it has no host"),
            ("[]", "it has a host in brackets that is not an IPv6 address"),
            (
                "http://[]:3128",
                "it has a host in brackets that is not an IPv6 address",
            ),
            (".1", "it has a host with nothing between two dots, or before the first"),
            (
                "xn--:3128",
                "it has a host with a part that begins or ends with a hyphen",
            ),
            (
                "http://1.2.3:3128",
                "it has a host that ends in a number, but is not an IPv4 address",
            ),
        ] {
            assert_eq!(check(url), Err(format!("{reason}; {should}")), "{url}");
        }
    }

    #[test]
    fn other_proxies_are_refused_and_exceptions_are_kept() {
        let uri = Uri::from_static("https://service.example/");
        for proxy in ["https://proxy.example", "socks5://proxy.example"] {
            let proxy = Proxies::all(proxy, "").find(&uri).expect("a proxy");
            let refused = proxy.address().expect_err("it is not supported").to_string();
            assert_eq!(refused, "only proxies with `http://` are supported");
        }
        let proxies = Proxies::all("http://user:secret@proxy.example", "direct.example");
        assert!(proxies.find(&Uri::from_static("https://direct.example/")).is_none());
        let proxy = proxies.find(&uri).expect("a proxy");
        assert_eq!(proxy.address().expect("an address"), ("proxy.example", 80));
        // `user:secret` in base64.
        assert_eq!(proxy.authorization().expect("a header"), "Basic dXNlcjpzZWNyZXQ=");
        let error = proxy.unreachable("refused".into());
        assert_eq!(error.to_string(), "the proxy proxy.example cannot be reached");
        assert!(!format!("{error:?}").contains("secret"), "{error:?}");
    }
}
