//! Any text in any member: it arrives as it was given, or the call fails before anything is sent.

use std::sync::{Arc, Mutex};

use percent_encoding::percent_decode_str;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use sagemaker_runtime::operation::invoke_endpoint::InvokeEndpointInput;
use sagemaker_runtime::operation::invoke_endpoint_async::InvokeEndpointAsyncInput;
use sagemaker_runtime::operation::invoke_endpoint_with_response_stream::InvokeEndpointWithResponseStreamInput;
use sagemaker_runtime::{Client, Error};
use tests::server::Recorded;
use tests::sigv4;

use crate::measure::Alone;
use crate::peer::{Answer, Peer, client, keys};

/// Members in headers, and the headers.
const INVOKE: [&str; 11] = [
    "content-type",
    "accept",
    "x-amzn-sagemaker-custom-attributes",
    "x-amzn-sagemaker-target-model",
    "x-amzn-sagemaker-target-variant",
    "x-amzn-sagemaker-target-container-hostname",
    "x-amzn-sagemaker-inference-id",
    "x-amzn-sagemaker-enable-explanations",
    "x-amzn-sagemaker-inference-component",
    "x-amzn-sagemaker-session-id",
    "x-amzn-sagemaker-prefix-aware-id",
];
const QUEUE: [&str; 9] = [
    "x-amzn-sagemaker-content-type",
    "x-amzn-sagemaker-accept",
    "x-amzn-sagemaker-custom-attributes",
    "x-amzn-sagemaker-inference-id",
    "x-amzn-sagemaker-inputlocation",
    "x-amzn-sagemaker-s3outputpathextension",
    "x-amzn-sagemaker-filename",
    "x-amzn-sagemaker-requestttlseconds",
    "x-amzn-sagemaker-invocationtimeoutseconds",
];
const STREAM: [&str; 9] = [
    "content-type",
    "x-amzn-sagemaker-accept",
    "x-amzn-sagemaker-custom-attributes",
    "x-amzn-sagemaker-target-variant",
    "x-amzn-sagemaker-target-container-hostname",
    "x-amzn-sagemaker-inference-id",
    "x-amzn-sagemaker-inference-component",
    "x-amzn-sagemaker-session-id",
    "x-amzn-sagemaker-prefix-aware-id",
];

/// What means something in a path, in a header or to HTTP.
const AWKWARD: [&str; 26] = [
    "\r\n",
    "\n",
    "\r",
    "\0",
    "\u{7f}",
    "\t",
    " ",
    "/",
    "//",
    "..",
    ".",
    "%",
    "%2F",
    "%0d%0a",
    "?",
    "#",
    "&",
    "=",
    "+",
    "\\",
    "\"",
    ":",
    "X-Forged: 1",
    "é",
    "\u{202e}",
    "日本",
];

pub(crate) fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        2 => "[!-~]{1,30}",
        1 => "[ -~]{0,30}",
        1 => any::<String>(),
        1 => vec(select(&AWKWARD[..]), 0..5).prop_map(|pieces| pieces.concat()),
        1 => ("[a-z]{1,5}", select(&AWKWARD[..]), "[a-z]{1,5}").prop_map(|(a, b, c)| format!("{a}{b}{c}")),
    ]
}

/// Text for all members. Mostly few of them are set, so that one that is refused does not hide the others.
fn texts(members: usize) -> impl Strategy<Value = Vec<Option<String>>> {
    prop_oneof![
        vec(option::weighted(0.15, text()), members),
        vec(option::weighted(0.9, "[!-~]([ -~]{0,20}[!-~])?"), members),
    ]
}

/// A service that keeps the last request.
struct Last {
    client: Client,
    request: Arc<Mutex<Option<Recorded>>>,
    _peer: Peer,
}

impl Last {
    async fn start() -> Self {
        let request = Arc::new(Mutex::new(None));
        let last = request.clone();
        let peer = Peer::start(move |request, _| {
            *last.lock().unwrap() = Some(request);
            async { Answer::whole("{}") }
        })
        .await;
        Self {
            client: client(&peer.url),
            request,
            _peer: peer,
        }
    }

    /// What was given is what arrived, or nothing arrived.
    fn check(
        &self,
        result: Result<(), Error>,
        name: &str,
        members: impl Iterator<Item = (&'static str, Option<String>)>,
        body: &[u8],
    ) -> Result<(), TestCaseError> {
        let request = self.request.lock().unwrap().take();
        let request = match (result, request) {
            (Ok(()), Some(request)) => request,
            (Err(error), None) if error.is_input() => return Ok(()),
            (result, request) => {
                return Err(TestCaseError::fail(format!("{result:?}, but {request:?} arrived")));
            }
        };
        let path: Vec<&str> = request.target.split('/').collect();
        prop_assert!(matches!(path[..], ["", "endpoints", _, _]), "{}", request.target);
        prop_assert_eq!(percent_decode_str(path[2]).decode_utf8().unwrap(), name);
        for (header, given) in members {
            let arrived: Vec<&[u8]> = request.headers_named(header).collect();
            match given {
                Some(given) => prop_assert_eq!(arrived, [given.as_bytes()], "{}", header),
                // A payload has a type, whether one is given or not.
                None if header == "content-type" => {}
                None => prop_assert!(arrived.is_empty(), "{} is {:?}", header, arrived),
            }
        }
        prop_assert!(request.header("x-forged").is_none());
        prop_assert_eq!(&request.body[..], body);
        let signed = sigv4::verify(&request, &keys(), "sagemaker");
        prop_assert!(signed.is_ok(), "{:?}", signed);
        Ok(())
    }
}

#[test]
fn of_invoke_endpoint() {
    let alone = Alone::new();
    let last = alone.run(Last::start());
    let given = (text(), texts(INVOKE.len()), vec(any::<u8>(), 0..100));
    alone.property(4, given, |(name, texts, body)| {
        let mut input = InvokeEndpointInput::builder()
            .endpoint_name(&*name)
            .body(&*body)
            .build();
        [
            input.content_type,
            input.accept,
            input.custom_attributes,
            input.target_model,
            input.target_variant,
            input.target_container_hostname,
            input.inference_id,
            input.enable_explanations,
            input.inference_component_name,
            input.session_id,
            input.prefix_aware_id,
        ] = <[_; 11]>::try_from(texts.clone()).unwrap();
        let result = alone.run(async {
            let output = last.client.call(input).await?;
            output.body.bytes().await.map(drop)
        });
        last.check(result, &name, INVOKE.into_iter().zip(texts), &body)
    });
}

#[test]
fn of_invoke_endpoint_async() {
    let alone = Alone::new();
    let last = alone.run(Last::start());
    let given = (
        text(),
        texts(7),
        option::of(any::<i32>()),
        option::of(any::<i32>()),
        vec(any::<u8>(), 1..100),
    );
    alone.property(3, given, |(name, texts, ttl, timeout, body)| {
        let mut input = InvokeEndpointAsyncInput::builder().endpoint_name(&*name).build();
        [
            input.content_type,
            input.accept,
            input.custom_attributes,
            input.inference_id,
            input.input_location,
            input.s3_output_path_extension,
            input.filename,
        ] = <[_; 7]>::try_from(texts.clone()).unwrap();
        input.request_ttl_seconds = ttl;
        input.invocation_timeout_seconds = timeout;
        input.body = Some(body.as_slice().into());
        let result = alone.run(async { last.client.call(input).await.map(drop) });
        let numbers = [ttl, timeout].map(|number| number.map(|number| number.to_string()));
        last.check(
            result,
            &name,
            QUEUE.into_iter().zip(texts.into_iter().chain(numbers)),
            &body,
        )
    });
}

#[test]
fn of_invoke_endpoint_with_response_stream() {
    let alone = Alone::new();
    let last = alone.run(Last::start());
    let given = (text(), texts(STREAM.len()), vec(any::<u8>(), 0..100));
    alone.property(3, given, |(name, texts, body)| {
        let mut input = InvokeEndpointWithResponseStreamInput::builder()
            .endpoint_name(&*name)
            .body(&*body)
            .build();
        [
            input.content_type,
            input.accept,
            input.custom_attributes,
            input.target_variant,
            input.target_container_hostname,
            input.inference_id,
            input.inference_component_name,
            input.session_id,
            input.prefix_aware_id,
        ] = <[_; 9]>::try_from(texts.clone()).unwrap();
        let result = alone.run(async { last.client.call(input).await.map(drop) });
        last.check(result, &name, STREAM.into_iter().zip(texts), &body)
    });
}
