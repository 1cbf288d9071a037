//! Nothing is set: neither in a call, nor in an input.

use sagemaker_runtime::Client;
use sagemaker_runtime::operation::invoke_endpoint_async::InvokeEndpointAsyncInput;

pub fn predict(client: &Client) {
    let input = InvokeEndpointAsyncInput::builder().build();
    drop((client.invoke_endpoint().send(), client.call(input)));
}
