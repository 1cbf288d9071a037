//! The text of any HTTP request, whose signature is judged by aws-sigv4, and the same texts as members of an input.
//!
//! The first byte says what the signature covers.

#![no_main]

#[path = "../../runtime/tests/signing/judge.rs"]
mod judge;

use std::time::{Duration, SystemTime};

use fuzz::{check_text, headers};
use http::{HeaderValue, Request};
use lean_aws_runtime::Credentials;
use lean_aws_runtime::support::signing::{Scope, Signer};
use libfuzzer_sys::fuzz_target;
use percent_encoding::percent_decode_str;
use sagemaker_runtime::operation::invoke_endpoint::InvokeEndpointInput;
use sagemaker_runtime::{Endpoint, Operation};

fuzz_target!(|data: &[u8]| {
    let Some((&mode, text)) = data.split_first() else {
        return;
    };
    let mut parsed = [httparse::EMPTY_HEADER; 32];
    let mut head = httparse::Request::new(&mut parsed);
    let Ok(httparse::Status::Complete(length)) = head.parse(text) else {
        return;
    };
    let (Some(method), Some(path)) = (head.method, head.path) else {
        return;
    };
    let values: Vec<&[u8]> = head.headers.iter().map(|header| header.value).collect();
    check_members(path, &values, &text[length..], mode);
    let Some(headers) = headers(head.headers) else { return };
    let request = Request::builder()
        .method(method)
        .uri(format!("https://host.example{path}"))
        .body(());
    if let Ok(mut request) = request {
        *request.headers_mut() = headers;
        check_signature(request, mode);
    }
});

/// A request that is made of these texts says what they say, and can be signed.
fn check_members(path: &str, values: &[&[u8]], body: &[u8], mode: u8) {
    let name = percent_decode_str(path.trim_start_matches('/')).decode_utf8_lossy();
    let value = |index: usize| {
        values
            .get(index)
            .map(|value| String::from_utf8_lossy(value).into_owned())
    };
    let mut input = InvokeEndpointInput::builder()
        .endpoint_name(&*name)
        .body(body.to_vec())
        .build();
    input.content_type = value(0);
    input.custom_attributes = value(1);
    input.session_id = value(2);
    input.prefix_aware_id = value(3);
    let expected = input.clone_texts();
    let endpoint = Endpoint::new("https://host.example/stage").expect("a URL");
    let request = match input.into_request(&endpoint) {
        Ok(request) => request,
        Err(error) => return check_text(&error),
    };
    let path = request.uri().path();
    let label = path
        .strip_prefix("/stage/endpoints/")
        .and_then(|path| path.strip_suffix("/invocations"));
    let label = label.unwrap_or_else(|| panic!("{path}"));
    assert!(!label.contains('/'), "{label}");
    assert_eq!(percent_decode_str(label).decode_utf8_lossy(), name);
    for (name, value) in expected {
        let header = request.headers().get(name).map(HeaderValue::as_bytes);
        assert_eq!(header, value.as_deref().map(str::as_bytes));
    }
    check_signature(request.map(|_| ()), mode);
}

/// The members that become headers as they are.
trait Texts {
    fn clone_texts(&self) -> [(&'static str, Option<String>); 3];
}

impl Texts for InvokeEndpointInput {
    fn clone_texts(&self) -> [(&'static str, Option<String>); 3] {
        [
            ("x-amzn-sagemaker-custom-attributes", self.custom_attributes.clone()),
            ("x-amzn-sagemaker-session-id", self.session_id.clone()),
            ("x-amzn-sagemaker-prefix-aware-id", self.prefix_aware_id.clone()),
        ]
    }
}

fn check_signature(request: Request<()>, mode: u8) {
    let token = (mode & 1 == 1).then(|| "TOKEN+/=".to_owned());
    let credentials = Credentials::new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG", token, None, "fuzz");
    let scope = Scope {
        region: "eu-central-1",
        service: "sagemaker",
        double_encode: mode & 2 == 0,
        normalize_path: mode & 4 == 0,
    };
    // The judge replaces bytes that are not UTF-8.
    let query = request.uri().query().unwrap_or_default();
    if percent_decode_str(query).decode_utf8().is_err() {
        return;
    }
    let hash = (mode & 8 == 0).then_some([mode; 32]);
    let time = SystemTime::UNIX_EPOCH + Duration::from_secs(1_576_540_098);
    let Some(expected) = judge::sign_by_aws(request.clone(), hash.as_ref(), &credentials, scope, time) else {
        return;
    };
    let mut signed = request;
    Signer::default()
        .sign(&mut signed, hash.as_ref(), &credentials, scope, time)
        .expect("the judge signs it");
    assert_eq!(signed.headers(), expected.headers(), "{}", signed.uri());
}
