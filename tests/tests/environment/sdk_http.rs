//! Loads configuration with `aws-config`, whose requests to fake services go over plain HTTP.

use aws_config::{BehaviorVersion, SdkConfig};
use aws_smithy_runtime_api::client::http::{HttpConnector, HttpConnectorFuture, SharedHttpConnector, http_client_fn};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_types::body::SdkBody;
use bytes::Bytes;
use http::Response;
use http_body_util::{BodyExt, Full};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector as Tcp;
use hyper_util::rt::TokioExecutor;

/// What an application has when it starts.
pub(crate) async fn load() -> SdkConfig {
    let http = PlainHttp(Client::builder(TokioExecutor::new()).build(Tcp::new()));
    let http = SharedHttpConnector::new(http);
    aws_config::defaults(BehaviorVersion::latest())
        .http_client(http_client_fn(move |_, _| http.clone()))
        .load()
        .await
}

/// hyper for `aws-config`. The client that it would have by itself brings TLS and HTTP/2, and they take long to compile.
#[derive(Debug)]
struct PlainHttp(Client<Tcp, Full<Bytes>>);

impl HttpConnector for PlainHttp {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let client = self.0.clone();
        HttpConnectorFuture::new(async move { send(client, request).await.map_err(ConnectorError::io) })
    }
}

async fn send(
    client: Client<Tcp, Full<Bytes>>,
    request: HttpRequest,
) -> Result<HttpResponse, Box<dyn std::error::Error + Send + Sync>> {
    let request = request.try_into_http1x()?;
    let request = request.map(|body| Full::from(body.bytes().unwrap_or_default().to_vec()));
    let (head, body) = client.request(request).await?.into_parts();
    let body = body.collect().await?.to_bytes();
    Ok(Response::from_parts(head, SdkBody::from(body)).try_into()?)
}
