//! A stand-in for SageMaker that verifies bearer tokens and streams one answer.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::json;
use sha2::{Digest, Sha256};
use tests::server::{Recorded, Reply, Server};

const ROUTE: &str = "/endpoints/chat/openai/v1/chat/completions";
const HOST: &str = "sagemaker.amazonaws.com";

pub(crate) struct StandIn(Server);

impl StandIn {
    /// Starts it; it accepts the tokens of one key.
    pub(crate) async fn start(access_key: &'static str, secret_key: &'static str) -> Self {
        Self(
            Server::start(move |request| match check(request, access_key, secret_key) {
                Ok(()) => answer(),
                Err(why) => refuse(why),
            })
            .await,
        )
    }

    pub(crate) fn url(&self) -> &str {
        self.0.url()
    }
}

/// The events of an answer, each in a chunk of its own.
fn answer() -> Reply {
    let mut events: Vec<String> = ["I am ", "a stand-in", "."]
        .iter()
        .map(|piece| {
            let choice = json!({"index": 0, "delta": {"role": "assistant", "content": piece}});
            let event = json!({
                "id": "1", "object": "chat.completion.chunk", "created": 0, "model": "chat", "choices": [choice],
            });
            format!("data: {event}\n\n")
        })
        .collect();
    events.push("data: [DONE]\n\n".to_owned());
    Reply::new(200)
        .header("content-type", "text/event-stream")
        .chunks(events.into_iter().map(Into::into).collect())
}

fn refuse(why: &str) -> Reply {
    let error = json!({"error": {"message": why, "type": "invalid_request_error", "param": null, "code": null}});
    Reply::new(401)
        .header("content-type", "application/json")
        .body(error.to_string())
}

/// Verifies that the request is for the chat route, with a token that this key signed.
fn check(request: &Recorded, access_key: &str, secret_key: &str) -> Result<(), &'static str> {
    if (&*request.method, &*request.target) != ("POST", ROUTE) {
        return Err("there is no such route");
    }
    let token = request
        .header("authorization")
        .and_then(|header| header.strip_prefix("Bearer sagemaker-api-key-"))
        .and_then(|token| STANDARD.decode(token).ok())
        .and_then(|url| String::from_utf8(url).ok())
        .ok_or("there is no token")?;
    let query = token
        .strip_prefix("sagemaker.amazonaws.com/?")
        .and_then(|query| query.strip_suffix("&Version=1"))
        .ok_or("the token is of another call")?;
    let (signed, signature) = query.split_once("&X-Amz-Signature=").ok_or("the token is not signed")?;
    let expected = signature_of(signed, access_key, secret_key).ok_or("the token is of another key")?;
    match signature == expected {
        true => Ok(()),
        false => Err("the signature of the token is wrong"),
    }
}

/// The Signature Version 4 of a token's query, if its credential is of this key.
fn signature_of(query: &str, access_key: &str, secret_key: &str) -> Option<String> {
    let mut parameters: Vec<&str> = query.split('&').collect();
    parameters.sort_unstable();
    let value = |name: &str| parameters.iter().find_map(|parameter| parameter.strip_prefix(name));
    let scope = value("X-Amz-Credential=")?.replace("%2F", "/");
    let scope = scope.strip_prefix(access_key)?.strip_prefix('/')?;
    let time = value("X-Amz-Date=")?;
    let nothing = hex::encode(Sha256::digest(b""));
    let canonical = format!("POST\n/\n{}\nhost:{HOST}\n\nhost\n{nothing}", parameters.join("&"));
    let hash = hex::encode(Sha256::digest(canonical));
    let key = scope
        .split('/')
        .fold(format!("AWS4{secret_key}").into_bytes(), |key, part| hmac(&key, part));
    Some(hex::encode(hmac(
        &key,
        &format!("AWS4-HMAC-SHA256\n{time}\n{scope}\n{hash}"),
    )))
}

fn hmac(key: &[u8], text: &str) -> Vec<u8> {
    let mut hmac = Hmac::<Sha256>::new_from_slice(key).expect("keys of any length are good");
    hmac.update(text.as_bytes());
    hmac.finalize().into_bytes().to_vec()
}
