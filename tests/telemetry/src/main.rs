//! Traces and metrics of calls on standard output: `cargo run --manifest-path tests/telemetry/Cargo.toml`.
//!
//! A fake of the service stands in for it, which is not ready at first. A program that sends them to a collector has an
//! exporter of `opentelemetry-otlp` in place of those of `opentelemetry-stdout`, and nothing else that is different.

use std::error::Error;

use opentelemetry::global;
use opentelemetry::trace::TracerProvider;
use opentelemetry_sdk::metrics::SdkMeterProvider;
use opentelemetry_sdk::trace::SdkTracerProvider;
use opentelemetry_stdout::{MetricExporter, SpanExporter};
use sagemaker_runtime::operation::invoke_endpoint::{InvokeEndpointInput, InvokeEndpointOutput};
use sagemaker_runtime::test::{Fake, FakeServer};
use sagemaker_runtime::types::error::ModelNotReadyException;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    // Before the first call: instruments belong to the provider that there is then.
    let metrics = SdkMeterProvider::builder()
        .with_periodic_exporter(MetricExporter::default())
        .build();
    global::set_meter_provider(metrics.clone());
    let traces = SdkTracerProvider::builder()
        .with_simple_exporter(SpanExporter::default())
        .build();
    let layer = tracing_opentelemetry::layer().with_tracer(traces.tracer("telemetry"));
    tracing_subscriber::registry().with(layer).init();

    call().await?;

    traces.shutdown()?;
    metrics.shutdown()?;
    Ok(())
}

async fn call() -> Result<(), Box<dyn Error>> {
    let fake = Fake::new();
    fake.on::<InvokeEndpointInput>()
        .fail(ModelNotReadyException::default())
        .answer(|_| InvokeEndpointOutput::of("0.5"));
    let server = FakeServer::start(fake).await?;
    let client = server.client();
    for _ in 0..3 {
        let call = client.invoke_endpoint().endpoint_name("churn").body("42,0,1");
        call.send().await?.body.text().await?;
    }
    Ok(())
}
