//! An input without a client lacks `Body`.

use sagemaker_runtime::operation::invoke_endpoint::InvokeEndpointInput;

pub fn input() -> InvokeEndpointInput {
    InvokeEndpointInput::builder().endpoint_name("churn").build()
}
