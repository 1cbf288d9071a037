//! Tokens by which the service recognizes a repeated request.

use std::cell::Cell;

use crate::answer::operation::Operation;
use crate::error::Error;
use crate::words::uuid;

/// Fills an input's tokens that are not set with random ones.
///
/// # Errors
///
/// When the operating system has no random bytes.
pub fn fill_random_tokens(input: &mut impl Operation) -> Result<(), Error> {
    let failure = Cell::new(None);
    input.fill_idempotency_tokens(&|| match uuid::random() {
        Ok(token) => token.map(char::from).iter().collect(),
        Err(_) => {
            failure.set(Some(Error::no_random_bytes()));
            String::new()
        }
    });
    failure.take().map_or(Ok(()), Err)
}
