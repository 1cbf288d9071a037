//! Tokens by which the service knows a repeated request.

use std::sync::Arc;

use crate::runtime::config::ClientBuilder;
use crate::runtime::uuid;

impl ClientBuilder {
    /// Where the tokens come from by which the service knows that two requests are the same one, for inputs that have
    /// none. Each call asks once; its attempts share the answer.
    ///
    /// Default: random UUIDs (version 4).
    pub fn idempotency_tokens(mut self, tokens: impl Fn() -> String + Send + Sync + 'static) -> Self {
        self.idempotency_tokens = Some(Arc::new(tokens));
        self
    }
}

/// A token for requests that are made without a client.
pub fn random_token() -> String {
    uuid::random().map(char::from).iter().collect()
}
