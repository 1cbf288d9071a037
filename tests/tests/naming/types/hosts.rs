//! Where requests go.

use std::convert::Infallible;
use std::future::{Ready, ready};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::Empty;
use serde_json::json;
use tower_service::Service;
use type_course::operation::hosted::HostedInput;
use type_course::types::Colour;
use type_course::{Body, Client, Endpoint, Operation};

use crate::{headers_of, json_of, request};

#[tokio::test]
async fn hosts_have_prefixes() {
    let input = HostedInput::builder().account("me").shard(7).build();
    assert_eq!(headers_of(input.clone())["x-account"], "me");
    assert_eq!(request(input.clone()).uri().host(), Some("me.data-7.example.com"));
    assert_eq!(json_of(input).await, json!({"Shard": 7}));
    let endpoint = Endpoint::new("https://example.com").unwrap();
    let bad = HostedInput::builder().account("not/a label").shard(7).build();
    assert!(bad.into_request(&endpoint).is_err());
}

/// A transport that only remembers where requests go.
#[derive(Clone, Default)]
struct Hosts(Arc<Mutex<Vec<String>>>);

impl Service<Request<Body>> for Hosts {
    type Response = Response<Empty<Bytes>>;
    type Error = Infallible;
    type Future = Ready<Result<Self::Response, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        let host = request.uri().host().unwrap_or_default().to_owned();
        self.0.lock().unwrap().push(host);
        ready(Ok(Response::new(Empty::new())))
    }
}

#[tokio::test]
async fn operations_and_members_choose_the_endpoint() {
    let hosts = Hosts::default();
    let credentials = type_course::Credentials::new("key", "secret", None, None, "test");
    let client = Client::builder()
        .region("eu-west-1")
        .credentials(credentials)
        .transport(hosts.clone())
        .build()
        .unwrap();
    client.context().send().await.unwrap();
    client.context().bucket("b").accelerate(true).send().await.unwrap();
    client.context().kind(Colour::Red).send().await.unwrap();
    client.context().hosts(["first", "second"]).send().await.unwrap();
    client.static_context().send().await.unwrap();
    let required = client.required_context().bucket("mine").accelerate(true);
    required.hosts(Vec::<String>::new()).kind("k").send().await.unwrap();
    client.required_events().send().await.unwrap();
    let expected = [
        "type-course.example.com",
        "b.fast.example.com",
        "red.example.com",
        "first.example.com",
        "a.example.com",
        "mine.fast.example.com",
        "type-course.example.com",
    ];
    assert_eq!(*hosts.0.lock().unwrap(), expected);
}
