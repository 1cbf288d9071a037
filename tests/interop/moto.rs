//! A moto server: a service that others wrote.

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use serde_json::json;
use tokio::io::{AsyncBufReadExt, AsyncRead, BufReader};
use tokio::process::{Child, Command};
use tokio::time::timeout;

use crate::cases::MotoCases;
use crate::other_side::OtherSide;
use crate::{REGION, Result};

/// Importing moto takes seconds.
const START: Duration = Duration::from_secs(60);

/// What stands before the port in the log.
const RUNNING: &str = "Running on http://127.0.0.1:";

/// A server that is killed when it is dropped.
pub(crate) struct Moto {
    pub(crate) url: String,
    _process: Child,
}

impl Moto {
    /// Starts moto and waits until it listens.
    pub(crate) async fn start(environment: &Path) -> Result<Self> {
        // Port 0 lets the system choose a free one. A port that was found free beforehand may be taken by now.
        let mut process = Command::new(environment.join("bin/moto_server"))
            .args(["-H", "127.0.0.1", "-p", "0"])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .map_err(|error| format!("cannot start moto_server in {}: {error}", environment.display()))?;
        let Some(log) = process.stderr.take() else {
            unreachable!("it is piped");
        };
        let port = timeout(START, port(log)).await;
        let port = port.map_err(|_| format!("moto does not listen after {} s", START.as_secs()))??;
        Ok(Self {
            url: format!("http://127.0.0.1:{port}"),
            _process: process,
        })
    }

    /// Brings the server into the state in which all its answers are known, also those that it makes up.
    pub(crate) async fn reset(&self, boto3: &mut OtherSide, cases: &MotoCases) -> Result<()> {
        self.clear(boto3).await?;
        let api = format!("{}/moto-api", self.url);
        boto3.post(&format!("{api}/seed?a=42"), json!({})).await?;
        for (name, results) in &cases.queues {
            let url = format!("{api}/static/sagemaker/{name}");
            boto3.post(&url, json!({"region": REGION, "results": results})).await?;
        }
        Ok(())
    }

    /// Takes everything away that has been made.
    pub(crate) async fn clear(&self, boto3: &mut OtherSide) -> Result<()> {
        boto3.post(&format!("{}/moto-api/reset", self.url), json!({})).await
    }

    /// Verifies signatures and permissions of all requests after so many.
    pub(crate) async fn authenticate(&self, boto3: &mut OtherSide, after: u32) -> Result<()> {
        let url = format!("{}/moto-api/reset-auth", self.url);
        boto3.post(&url, json!(after)).await
    }
}

/// Reads the port from the log, which comes to stand there once the server listens.
async fn port(log: impl AsyncRead + Unpin + Send + 'static) -> Result<u16> {
    let mut lines = BufReader::new(log).lines();
    let mut seen = String::new();
    while let Some(line) = lines.next_line().await? {
        if let Some((_, port)) = line.split_once(RUNNING) {
            // A full pipe would stop the server.
            tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
            return Ok(port.trim().parse()?);
        }
        seen = seen + &line + "\n";
    }
    Err(format!("moto has ended:\n{seen}").into())
}
