//! `cargo xtask interop`: the same inputs through boto3 and through this client.

use anyhow::Result;

pub(crate) fn run() -> Result<()> {
    Ok(())
}
