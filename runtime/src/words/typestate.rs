//! Types without values: what only the compiler looks at.

/// The state of a builder's required member that has been set.
#[derive(Clone, Copy, Debug)]
pub struct Set;

/// The state of a builder's required member that has not been set.
#[derive(Clone, Copy, Debug)]
pub struct Unset;

/// Keeps traits to generated code, so that they can grow without breaking users.
pub trait Sealed {}
