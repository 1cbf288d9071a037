//! The places where credentials may be found, a module for each.

mod assume_role;
mod container;
mod dpop;
mod environment;
mod instance;
pub(super) mod json_keys;
mod login;
mod process;
mod profile;
mod sso;
mod token_cache;
mod web_identity;

pub use self::assume_role::AssumeRole;
pub use self::container::Container;
pub use self::environment::Environment;
pub use self::instance::InstanceMetadata;
pub use self::profile::Profile;
pub use self::web_identity::WebIdentity;

#[cfg(test)]
mod tests;
