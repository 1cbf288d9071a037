//! `blocking::Client::new` without the feature `sdk-config`.

use sagemaker_runtime::blocking::Client;

pub struct SdkConfig;

pub fn client(config: &SdkConfig) -> Client {
    Client::new(config)
}
