//! Who calls: credentials, signatures, and the clock that they go by.

pub(crate) mod clock;
pub(crate) mod credentials;
pub mod signing;
