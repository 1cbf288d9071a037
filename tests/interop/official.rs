//! Says what the default chain of the official SDK finds, in one line: the id of the key, or why there is none.
//!
//! `cargo xtask interop` compares that with what this project's chain finds, and builds this with all of `aws-config`.

#[path = "../tests/environment/sdk_http.rs"]
mod sdk_http;

use aws_credential_types::provider::ProvideCredentials;
use aws_credential_types::provider::error::CredentialsError;
use aws_smithy_types::error::display::DisplayErrorContext;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let config = sdk_http::load().await;
    let provider = config.credentials_provider().expect("the default chain");
    match provider.provide_credentials().await {
        Ok(credentials) => println!("found {}", credentials.access_key_id()),
        Err(error) => {
            let word = match error {
                CredentialsError::CredentialsNotLoaded(_) => "none",
                _ => "failed",
            };
            println!("{word} {}", DisplayErrorContext(error));
        }
    }
}
