//! Snapshots of the requests that inputs become, through the public API and without a network.

mod bodies;
#[path = "../support/described.rs"]
mod described;
#[path = "../support/http_text.rs"]
mod http_text;
mod members;
mod secrets;
mod urls;

use lean_aws_runtime::support::Set;
use sagemaker_runtime::operation::invoke_endpoint::{InvokeEndpointBuilder, InvokeEndpointInput};
use sagemaker_runtime::operation::invoke_endpoint_async::{InvokeEndpointAsyncBuilder, InvokeEndpointAsyncInput};
use sagemaker_runtime::operation::invoke_endpoint_with_response_stream::{
    InvokeEndpointWithResponseStreamBuilder, InvokeEndpointWithResponseStreamInput,
};

type Invoke = InvokeEndpointBuilder<(), (Set, Set)>;
type InvokeAsync = InvokeEndpointAsyncBuilder<(), (Set,)>;
type InvokeStream = InvokeEndpointWithResponseStreamBuilder<(), (Set, Set)>;
type Setter<Builder> = fn(Builder, &str) -> Builder;

fn invoke() -> Invoke {
    InvokeEndpointInput::builder().endpoint_name("churn").body("1,2")
}

fn invoke_async() -> InvokeAsync {
    InvokeEndpointAsyncInput::builder().endpoint_name("churn")
}

fn invoke_stream() -> InvokeStream {
    InvokeEndpointWithResponseStreamInput::builder()
        .endpoint_name("churn")
        .body("1,2")
}
