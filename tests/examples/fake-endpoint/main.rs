//! Amazon SageMaker Runtime on this machine, for programs in any language: `cargo run --example fake-endpoint`.
//!
//! It verifies signatures: sign with the access key `AKIDFAKE` and the secret `fake`, for any region.
//! `cargo run --example fake-endpoint -- PORT` listens on a port of your choice.
//!
//! An endpoint that is named like an error of the service, such as `ModelNotReadyException`, answers with that error, those of
//! streams after two events; every other one answers with what it is asked.

mod rules;

use std::process::ExitCode;

use sagemaker_runtime::Credentials;
use sagemaker_runtime::test::FakeServer;

#[tokio::main]
async fn main() -> ExitCode {
    let port = std::env::args().nth(1).map_or(Ok(0), |port| port.parse());
    let Ok(port) = port else {
        eprintln!("usage: cargo run --example fake-endpoint [-- PORT]");
        return ExitCode::FAILURE;
    };
    let keys = Credentials::new("AKIDFAKE", "fake", None, None, "fake");
    match FakeServer::listen(rules::endpoints(), port, keys).await {
        Ok(server) => {
            println!("{}", server.url());
            std::future::pending().await
        }
        Err(error) => {
            eprintln!("error: port {port}: {error}");
            ExitCode::FAILURE
        }
    }
}
