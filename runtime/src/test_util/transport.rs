//! What a fake is to the client: something that sends requests.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use http::{Request, Response};
use http_body_util::BodyExt;
use tower_service::Service;

use super::answers::Reply;
use super::body::FakeBody;
use super::request::ReceivedRequest;
use super::state::State;
use crate::error::BoxError;
use crate::error::{Broke, Connecting};
use crate::transport::{FakeFailure, Phase};
use crate::wire::body::Body;

/// Sends requests to a fake.
#[derive(Clone)]
pub(super) struct FakeTransport(pub(super) Arc<State>);

impl Service<Request<Body>> for FakeTransport {
    type Response = Response<FakeBody>;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<Response<FakeBody>, BoxError>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        let state = Arc::clone(&self.0);
        Box::pin(async move {
            let (parts, body) = request.into_parts();
            let body = body.collect().await?.to_bytes();
            match state.reply(ReceivedRequest::new(parts, body)).await {
                Ok(Reply::Response(response)) => Ok(response),
                Ok(Reply::Broken) => Err(FakeFailure::boxed(
                    Phase::Broke(Broke::Silent),
                    "the fake broke the connection",
                )),
                Ok(Reply::Refused) => Err(FakeFailure::boxed(
                    Phase::Connect(Connecting::Tcp),
                    "the fake refused the connection",
                )),
                Ok(Reply::Never) => std::future::pending().await,
                Err(unexpected) => Err(FakeFailure::boxed(Phase::Unexpected, unexpected)),
            }
        })
    }
}
