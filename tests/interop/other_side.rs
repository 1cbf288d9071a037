//! The other side: boto3 or the official SDK, in a process of its own.

use std::path::Path;
use std::process::Stdio;

use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};

use crate::Result;
use crate::cases::Case;
use crate::{ACCESS_KEY, REGION, SECRET_KEY};

/// A process that carries out orders, one after the other. It ends when this is dropped.
pub(crate) struct OtherSide {
    orders: ChildStdin,
    outcomes: Lines<BufReader<ChildStdout>>,
    _process: Child,
}

impl OtherSide {
    /// Starts the Python of an environment that has boto3.
    pub(crate) fn boto3(environment: &Path, script: &Path) -> Result<Self> {
        Self::start(Command::new(environment.join("bin/python")).arg("-I").arg(script))
    }

    /// Starts a program with the official SDK.
    pub(crate) fn official_sdk(program: &Path) -> Result<Self> {
        Self::start(&mut Command::new(program))
    }

    fn start(command: &mut Command) -> Result<Self> {
        let mut process = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .map_err(|error| format!("cannot start {command:?}: {error}"))?;
        let (Some(orders), Some(outcomes)) = (process.stdin.take(), process.stdout.take()) else {
            unreachable!("both are piped");
        };
        Ok(Self {
            orders,
            outcomes: BufReader::new(outcomes).lines(),
            _process: process,
        })
    }

    /// Makes a call; see `boto3_side.py` for its outcome.
    pub(crate) async fn call(&mut self, url: &str, case: &Case) -> Result<Value> {
        let settings = json!({
            "endpoint_url": url,
            "region_name": REGION,
            "aws_access_key_id": ACCESS_KEY,
            "aws_secret_access_key": SECRET_KEY,
            "aws_session_token": case.session_token,
        });
        let operation = case.operation.to_string();
        self.order(json!({"do": "call", "operation": operation, "settings": settings, "members": case.members()}))
            .await
    }

    /// Calls another service, and fails where that does. Returns what it answers.
    pub(crate) async fn ask(&mut self, url: &str, service: &str, operation: &str, members: Value) -> Result<Value> {
        let settings = json!({
            "endpoint_url": url,
            "region_name": REGION,
            "aws_access_key_id": ACCESS_KEY,
            "aws_secret_access_key": SECRET_KEY,
        });
        self.order(json!({
            "do": "ask", "service": service, "operation": operation, "settings": settings, "members": members,
        }))
        .await
    }

    /// The bearer token that `sagemaker-core` would have made when this one was.
    pub(crate) async fn bearer_token(&mut self, token: &str, session: Option<&str>, seconds: u64) -> Result<String> {
        let keys = [Some(ACCESS_KEY), Some(SECRET_KEY), session];
        let token = self
            .order(json!({"do": "bearer_token", "token": token, "keys": keys, "region": REGION, "seconds": seconds}))
            .await?;
        Ok(token.as_str().ok_or("Python has no token")?.to_owned())
    }

    /// Posts JSON, and fails unless the answer is a good one.
    pub(crate) async fn post(&mut self, url: &str, content: Value) -> Result<()> {
        self.order(json!({"do": "post", "url": url, "content": content}))
            .await?;
        Ok(())
    }

    async fn order(&mut self, order: Value) -> Result<Value> {
        self.orders.write_all(format!("{order}\n").as_bytes()).await?;
        let outcome = self.outcomes.next_line().await?;
        Ok(serde_json::from_str(
            &outcome.ok_or("the other side has ended; what it says is above")?,
        )?)
    }
}
