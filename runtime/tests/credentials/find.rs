//! Says what the default chain finds, in one line: the id of the key, or why there is none.
//!
//! `cargo xtask interop` compares that with what boto3 and the official SDK find.

use lean_aws_runtime::credentials::{CredentialChain, CredentialsSource, LoadContext, SourceConfig};

#[tokio::main(flavor = "current_thread")]
pub(crate) async fn main() {
    let context = LoadContext::new(SourceConfig::new());
    match CredentialChain::default().load(&context).await {
        Ok(credentials) => println!("found {}", credentials.access_key_id()),
        Err(error) if error.is_not_configured() => println!("none {error}"),
        Err(error) => println!("failed {error}"),
    }
}
