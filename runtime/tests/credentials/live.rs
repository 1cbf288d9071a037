//! Chains on real sockets, files and processes. Only the variables are made up.

use std::ffi::OsString;
use std::fs;
use std::future::ready;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, SystemTime};

use lean_aws_runtime::credentials::{CredentialChain, CredentialsError, CredentialsSource, LoadContext, SourceConfig};
use lean_aws_runtime::support::system::{Answer, Exchange, Local, NoAnswer, Output, Pending, SecretBytes, System};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

/// This machine with other variables, and a home folder that is gone when it is dropped.
#[derive(Clone)]
pub(crate) struct Machine {
    home: Arc<Home>,
    limit: Duration,
    has_pauses: bool,
}

struct Home {
    variables: Vec<(&'static str, String)>,
    path: PathBuf,
}

impl Drop for Home {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.path);
    }
}

impl Machine {
    pub(crate) fn new(config: &str, variables: &[(&'static str, &str)]) -> Self {
        static NUMBER: AtomicUsize = AtomicUsize::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("credentials-{}-{number}", std::process::id()));
        fs::create_dir_all(path.join(".aws/sso/cache")).expect("a folder");
        fs::write(path.join(".aws/config"), config).expect("a file");
        let home = ("HOME", path.display().to_string());
        let variables = variables.iter().map(|(name, value)| (*name, (*value).to_owned()));
        Self {
            home: Arc::new(Home {
                variables: variables.chain([home]).collect(),
                path,
            }),
            limit: Duration::MAX,
            has_pauses: true,
        }
    }

    /// Retries at once, and waits only so long for answers.
    pub(crate) fn impatient(mut self, limit: Duration) -> Self {
        self.limit = limit;
        self.has_pauses = false;
        self
    }

    /// A path in the home folder.
    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.home.path.join(path)
    }

    /// The id of the key that the default chain finds.
    pub(crate) async fn load(&self) -> Result<String, CredentialsError> {
        let context = LoadContext::new(SourceConfig::on(Arc::new(self.clone())).no_proxy());
        let credentials = CredentialChain::default().load(&context).await?;
        Ok(credentials.access_key_id().to_owned())
    }
}

impl System for Machine {
    fn variable(&self, name: &str) -> Option<OsString> {
        let found = self.home.variables.iter().find(|(key, _)| *key == name);
        found.map(|(_, value)| value.into())
    }

    fn home(&self) -> Option<PathBuf> {
        None
    }

    fn now(&self) -> SystemTime {
        Local.now()
    }

    fn random(&self, bytes: &mut [u8]) -> io::Result<()> {
        Local.random(bytes)
    }

    fn sleep(&self, pause: Duration) -> Pending<'_, ()> {
        match self.has_pauses {
            true => Local.sleep(pause),
            false => Box::pin(tokio::task::yield_now()),
        }
    }

    fn read(&self, path: &Path, max: usize) -> io::Result<SecretBytes> {
        Local.read(path, max)
    }

    fn replace(&self, path: &Path, content: &[u8]) -> io::Result<()> {
        Local.replace(path, content)
    }

    fn run<'a>(&'a self, command: &'a str, limit: Duration) -> Pending<'a, io::Result<Output>> {
        Local.run(command, limit)
    }

    fn exchange(&self, mut exchange: Exchange) -> Pending<'_, Result<Answer, NoAnswer>> {
        exchange.limit = match self.has_pauses {
            true => exchange.limit,
            false => self.limit,
        };
        Local.exchange(exchange)
    }
}

/// A server that answers each request, which it sees as text, with a status and a body.
async fn serve(answer: impl Fn(&str) -> (u16, String) + Send + Sync + 'static) -> String {
    serve_in_time(move |request| ready(answer(&request))).await
}

/// The same, where an answer may have to wait.
pub(crate) async fn serve_in_time<F>(answer: impl Fn(String) -> F + Send + Sync + 'static) -> String
where
    F: Future<Output = (u16, String)> + Send,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    let answer = Arc::new(answer);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let answer = Arc::clone(&answer);
            tokio::spawn(async move {
                let mut request = Vec::new();
                while !is_whole(&request) {
                    match stream.read_buf(&mut request).await {
                        Ok(1..) => {}
                        _ => return,
                    }
                }
                let (status, body) = answer(String::from_utf8_lossy(&request).into_owned()).await;
                let head = format!("HTTP/1.1 {status} X\r\ncontent-length: {}\r\n\r\n", body.len());
                // The client may have gone.
                let _ = stream.write_all((head + &body).as_bytes()).await;
            });
        }
    });
    url
}

pub(crate) fn is_whole(request: &[u8]) -> bool {
    let text = String::from_utf8_lossy(request);
    let Some((head, body)) = text.split_once("\r\n\r\n") else {
        return false;
    };
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
    body.len() >= length.and_then(|length| length.parse().ok()).unwrap_or(0)
}

#[cfg(unix)]
#[tokio::test]
async fn a_role_over_a_process() {
    let sts = serve(|request| {
        assert!(request.starts_with("POST / HTTP/1.1\r\n"), "{request}");
        assert!(request.contains("Credential=base/"), "{request}");
        let body = "<R><Credentials><AccessKeyId>role</AccessKeyId><SecretAccessKey>s</SecretAccessKey>\
            <SessionToken>t</SessionToken><Expiration>2100-01-01T00:00:00Z</Expiration></Credentials></R>";
        (200, body.to_owned())
    })
    .await;
    let config = "[default]\nregion = eu-west-1\nrole_arn = R\nsource_profile = base\n[profile base]\n\
        credential_process = printf '{\"Version\":1,\"AccessKeyId\":\"%s\",\"SecretAccessKey\":\"s\"}' base\n";
    let machine = Machine::new(config, &[("AWS_ENDPOINT_URL_STS", &sts)]);
    assert_eq!(machine.load().await.unwrap(), "role");
}

#[tokio::test]
async fn an_agent_that_leads_elsewhere() {
    let agent = serve(|request| {
        assert!(!request.contains("/elsewhere"), "{request}");
        (302, "location: /elsewhere".to_owned())
    })
    .await;
    let agent = agent.replace("127.0.0.1", "localhost");
    let machine = Machine::new("", &[("AWS_CONTAINER_CREDENTIALS_FULL_URI", &agent)]);
    let error = machine.load().await.unwrap_err().to_string();
    assert_eq!(
        error,
        format!("the container agent at {agent} returned no credentials: 302 Found")
    );
}
