//! `Client::new` without the feature `sdk-config`.

use sagemaker_runtime::Client;

pub struct SdkConfig;

pub fn client(config: &SdkConfig) -> Client {
    Client::new(config)
}
