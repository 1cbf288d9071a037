//! The cases of `cases.json`: inputs of calls, and what the stand-in answers where that matters.

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

use bytes::Bytes;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use tests::frame;
use tests::server::Reply;

use crate::Result;

/// All cases.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Cases {
    /// Those whose requests are recorded.
    pub(crate) recorded: Vec<Case>,
    pub(crate) moto: MotoCases,
}

/// Calls to moto, in this order, after its queues have been filled.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct MotoCases {
    /// The results in each of moto's queues, whose names are the last part of a URL.
    pub(crate) queues: BTreeMap<String, Vec<Value>>,
    pub(crate) cases: Vec<Case>,
}

/// One call.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Case {
    pub(crate) operation: Operation,
    pub(crate) name: String,
    /// The token of temporary credentials.
    pub(crate) session_token: Option<String>,
    pub(crate) input: Input,
    /// Whether neither side sends this.
    #[serde(default)]
    pub(crate) refused: bool,
    /// What the stand-in answers instead of its usual answer.
    answer: Option<Answer>,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[allow(clippy::enum_variant_names, reason = "these are the service's names")]
pub(crate) enum Operation {
    InvokeEndpoint,
    InvokeEndpointAsync,
    InvokeEndpointWithResponseStream,
}

/// Members by their names in the service's description.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Input {
    pub(crate) endpoint_name: String,
    pub(crate) body: Option<Payload>,
    /// Texts and numbers.
    #[serde(flatten)]
    pub(crate) others: Map<String, Value>,
}

/// Bytes, written as text, as `{"hex": ..}` or as `{"repeat": .., "times": ..}`.
#[derive(Deserialize)]
#[serde(try_from = "WrittenPayload")]
pub(crate) struct Payload(pub(crate) Bytes);

#[derive(Deserialize)]
#[serde(untagged)]
enum WrittenPayload {
    Text(String),
    Hex { hex: String },
    Repeated { repeat: String, times: usize },
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Answer {
    status: u16,
    headers: BTreeMap<String, String>,
    body: String,
}

impl Cases {
    pub(crate) fn read(file: &Path) -> Result<Self> {
        let text = std::fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))?;
        Ok(serde_json::from_str(&text).map_err(|error| format!("{}: {error}", file.display()))?)
    }
}

impl Case {
    /// The members as the other side takes them.
    pub(crate) fn members(&self) -> Value {
        let Input {
            endpoint_name,
            body,
            others,
        } = &self.input;
        let mut members = others.clone();
        members.insert("EndpointName".to_owned(), json!(endpoint_name));
        if let Some(Payload(bytes)) = body {
            members.insert("Body".to_owned(), json!({ "hex": hex::encode(bytes) }));
        }
        members.into()
    }

    /// Whether there is such a text among the members that are sent as headers.
    pub(crate) fn has_header_text(&self, is_such: fn(&str) -> bool) -> bool {
        self.input.others.values().filter_map(Value::as_str).any(is_such)
    }

    /// Whether the stand-in's answer has this in its body.
    pub(crate) fn answers_with(&self, text: &str) -> bool {
        self.answer.as_ref().is_some_and(|answer| answer.body.contains(text))
    }

    /// Whether the stand-in answers with an error that has a status, but neither code nor message.
    pub(crate) fn answers_with_bare_server_error(&self) -> bool {
        let answer = self.answer.as_ref();
        answer.is_some_and(|answer| answer.status >= 500 && !answer.body.starts_with('{'))
    }

    /// What the stand-in answers. Usually that is every member that an answer can have, and the request's own body.
    pub(crate) fn reply(&self) -> Reply {
        if let Some(Answer { status, headers, body }) = &self.answer {
            let reply = Reply::new(*status).body(body.clone());
            return headers
                .iter()
                .fold(reply, |reply, (name, value)| reply.header(name, value.as_bytes()));
        }
        match self.operation {
            Operation::InvokeEndpoint => {
                let echo = self.input.body.as_ref().map(|body| body.0.clone());
                Reply::new(200)
                    .header("x-amzn-RequestId", "4e1bd3a1-6a1e-4d5b-9a58-8a2b9f6f6c11")
                    .header("Content-Type", "text/csv; charset=utf-8")
                    .header("x-Amzn-Invoked-Production-Variant", "blue")
                    .header("X-Amzn-SageMaker-Custom-Attributes", "trace=8f3a; c=7")
                    .header("X-Amzn-SageMaker-New-Session-Id", "s-1; Expires=2025-03-01T12:30:00Z")
                    .header("X-Amzn-SageMaker-Closed-Session-Id", "s-0")
                    .body(echo.unwrap_or_default())
            }
            Operation::InvokeEndpointAsync => Reply::new(202)
                .header("x-amzn-RequestId", "4e1bd3a1-6a1e-4d5b-9a58-8a2b9f6f6c12")
                .header("Content-Type", "application/json")
                .header("X-Amzn-SageMaker-OutputLocation", "s3://bucket/out/1.out")
                .header("X-Amzn-SageMaker-FailureLocation", "s3://bucket/failed/1.out")
                .body(r#"{"InferenceId": "order-4711"}"#),
            Operation::InvokeEndpointWithResponseStream => {
                let part = |bytes: &[u8]| Bytes::from(frame::event("PayloadPart", bytes));
                // The parts need not be what is written at once.
                let echo = self.input.body.as_ref().map(|body| body.0.chunks(1000).map(part));
                Reply::new(200)
                    .header("x-amzn-RequestId", "4e1bd3a1-6a1e-4d5b-9a58-8a2b9f6f6c13")
                    .header("Content-Type", frame::MEDIA_TYPE)
                    .header("X-Amzn-SageMaker-Content-Type", "text/plain")
                    .header("x-Amzn-Invoked-Production-Variant", "blue")
                    .header("X-Amzn-SageMaker-Custom-Attributes", "trace=8f3a; c=7")
                    .chunks(echo.into_iter().flatten().collect())
            }
        }
    }
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::InvokeEndpoint => "InvokeEndpoint",
            Self::InvokeEndpointAsync => "InvokeEndpointAsync",
            Self::InvokeEndpointWithResponseStream => "InvokeEndpointWithResponseStream",
        })
    }
}

impl TryFrom<WrittenPayload> for Payload {
    type Error = hex::FromHexError;

    fn try_from(written: WrittenPayload) -> Result<Self, Self::Error> {
        let bytes = match written {
            WrittenPayload::Text(text) => text.into_bytes(),
            WrittenPayload::Hex { hex } => hex::decode(hex)?,
            WrittenPayload::Repeated { repeat, times } => repeat.repeat(times).into_bytes(),
        };
        Ok(Self(bytes.into()))
    }
}
