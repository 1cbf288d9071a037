//! Types without values: what only the compiler looks at.

/// The state of a builder's required member that has been set.
#[derive(Clone, Copy, Debug)]
pub struct Set;

/// The state of a builder's required member that has not been set.
#[derive(Clone, Copy, Debug)]
pub struct Unset;

/// Keeps traits to generated code, so that they can grow without breaking users.
pub trait Sealed {}

/// What `Client::new` asks for without the feature that it needs. Nothing implements it.
#[diagnostic::on_unimplemented(
    message = "`Client::new` needs the feature `sdk-config`",
    label = "the client takes this only with the feature `sdk-config`",
    note = "add `features = [\"sdk-config\"]` to the client's line in `Cargo.toml`",
    note = "`Client::from_env()` needs no feature, and finds a region and credentials as `aws-config` does"
)]
pub trait SdkConfigFeature {
    /// Any value, as there is none to call it on.
    fn cannot_be<T>(&self) -> T;
}
