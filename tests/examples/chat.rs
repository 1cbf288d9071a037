//! Words out of a language model while it writes them: `cargo run --example chat`.
//!
//! Most models send server-sent events with JSON in them, and end with a text of their own: here `[DONE]`, as vLLM and TGI
//! do. A stand-in for the service listens on this machine; it cuts the answer wherever it likes, as the service does.

use std::io::{self, Write as _};

use sagemaker_runtime::{ByteStream, Client, Credentials};
use serde_json::Value;
use tests::frame;
use tests::server::{Reply, Server};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let stand_in = Server::start(|_| answer()).await;
    let client = Client::builder()
        .region("us-east-1")
        .credentials(Credentials::new("AKIDEXAMPLE", "a secret", None, None, "chat"))
        .endpoint_url(stand_in.url())
        .no_proxy()
        .build()?;

    let output = client
        .invoke_endpoint_with_response_stream()
        .endpoint_name("chat")
        .content_type("application/json")
        .body(r#"{"messages": [{"role": "user", "content": "What do crabs do?"}], "stream": true}"#)
        .send()
        .await?;
    print_words(output.body.into_bytes()).await?;
    Ok(())
}

/// Prints the words as they come.
async fn print_words(answer: ByteStream) -> Result<(), Box<dyn std::error::Error>> {
    let mut events = answer.sse();
    while let Some(event) = events.next().await? {
        // The model's way to say that it has finished.
        if event.data() == "[DONE]" {
            break;
        }
        let chunk: Value = event.json()?;
        if let Some(word) = chunk["choices"][0]["delta"]["content"].as_str() {
            print!("{word}");
            io::stdout().flush()?;
        }
    }
    println!();
    Ok(())
}

fn answer() -> Reply {
    let words = ["Crabs ", "\u{1f980} ", "walk ", "side", "ways."];
    let event = |word| format!("data: {{\"choices\":[{{\"delta\":{{\"content\":\"{word}\"}}}}]}}\n\n");
    let text = words.map(event).concat() + "data: [DONE]\n\n";
    let parts = text.as_bytes().chunks(7);
    Reply::new(200)
        .header("Content-Type", frame::MEDIA_TYPE)
        .chunks(parts.map(|part| frame::event("PayloadPart", part).into()).collect())
}
