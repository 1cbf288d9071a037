//! A chat with an endpoint through `async-openai`: `cargo run --manifest-path tests/openai/Cargo.toml`.
//!
//! A stand-in has the endpoint's OpenAI-compatible route, and checks the bearer token. A program that talks to SageMaker has
//! `https://runtime.sagemaker.REGION.amazonaws.com` in place of its URL, and credentials from `Client::from_env()`.

mod stand_in;

use std::error::Error;
use std::io::Write;
use std::time::Duration;

use async_openai::config::OpenAIConfig;
use async_openai::types::chat::{ChatCompletionRequestUserMessage, CreateChatCompletionRequestArgs};
use futures_util::StreamExt;
use sagemaker_runtime::{Client, Credentials};
use stand_in::StandIn;

const ACCESS_KEY: &str = "AKIDEXAMPLE";
const SECRET_KEY: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let stand_in = StandIn::start(ACCESS_KEY, SECRET_KEY).await;
    let credentials = Credentials::new(ACCESS_KEY, SECRET_KEY, None, None, "example");
    let client = Client::builder().region("eu-west-1").credentials(credentials).build()?;

    let token = client.bearer_token(Duration::from_secs(3600)).await?;
    chat(stand_in.url(), token.as_str()).await?;

    // A token that another secret key signed is refused.
    let credentials = Credentials::new(ACCESS_KEY, "another", None, None, "example");
    let client = Client::builder().region("eu-west-1").credentials(credentials).build()?;
    let token = client.bearer_token(Duration::from_secs(3600)).await?;
    match chat(stand_in.url(), token.as_str()).await {
        Ok(()) => Err("a token of another key was accepted".into()),
        Err(refused) => {
            println!("with another key: {refused}");
            Ok(())
        }
    }
}

/// Prints the pieces of an answer as they arrive.
async fn chat(url: &str, token: &str) -> Result<(), Box<dyn Error>> {
    let config = OpenAIConfig::new()
        .with_api_base(format!("{url}/endpoints/chat/openai/v1"))
        .with_api_key(token);
    let openai = async_openai::Client::with_config(config);
    let request = CreateChatCompletionRequestArgs::default()
        .model("chat")
        .messages([ChatCompletionRequestUserMessage::from("Who are you?").into()])
        .build()?;
    let mut answer = openai.chat().create_stream(request).await?;
    while let Some(chunk) = answer.next().await {
        for choice in chunk?.choices {
            print!("{}", choice.delta.content.unwrap_or_default());
            std::io::stdout().flush()?;
        }
    }
    println!();
    Ok(())
}
