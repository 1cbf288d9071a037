//! Tokens by which the service recognizes a repeated request.

use std::cell::Cell;
use std::sync::Arc;

use crate::runtime::config::ClientBuilder;
use crate::runtime::error::Error;
use crate::runtime::operation::Operation;
use crate::runtime::uuid;

impl<C> ClientBuilder<C> {
    /// Sets the source of idempotency tokens, for inputs without one: by its token, the service recognizes a repeated
    /// request. Each call asks once; its attempts share the answer.
    ///
    /// Default: random UUIDs (version 4), from the operating system's source.
    pub fn idempotency_tokens(mut self, tokens: impl Fn() -> String + Send + Sync + 'static) -> Self {
        self.settings.idempotency_tokens = Some(Arc::new(tokens));
        self
    }
}

/// Fills an input's tokens that are not set with random ones.
///
/// # Errors
///
/// When the operating system has no random bytes.
pub fn fill_random_tokens(input: &mut impl Operation) -> Result<(), Error> {
    let failure = Cell::new(None);
    input.fill_idempotency_tokens(&|| match uuid::random() {
        Ok(token) => token.map(char::from).iter().collect(),
        Err(error) => {
            failure.set(Some(error));
            String::new()
        }
    });
    failure.take().map_or(Ok(()), Err)
}
