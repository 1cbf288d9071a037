//! Authentication: credentials and their sources, signatures, and the clock that they use.
//!
//! [`CredentialChain`] asks several [sources](CredentialsSource) one after the other, and [`SharedCredentials`] keeps what
//! they find. The feature `credential-chain` brings the sources; without it there are only those of the user.

#[cfg(feature = "credential-chain")]
mod chain;
pub(crate) mod clock;
#[cfg_attr(not(feature = "credential-chain"), path = "auth/context/without_chain.rs")]
mod context;
pub(crate) mod credentials;
#[cfg(feature = "credential-chain")]
mod endpoint;
mod error;
#[cfg(feature = "credential-chain")]
mod exchange;
#[cfg(feature = "credential-chain")]
mod json;
#[cfg(feature = "credential-chain")]
#[doc(hidden)]
pub mod profile;
#[cfg(feature = "sdk-config")]
mod provider;
#[cfg(feature = "credential-chain")]
mod settings;
mod shared;
pub mod signing;
mod source;
#[cfg(feature = "credential-chain")]
mod sources;
#[cfg(feature = "credential-chain")]
mod sts;
#[cfg(feature = "credential-chain")]
#[doc(hidden)]
pub mod system;
#[cfg(all(test, feature = "credential-chain"))]
pub(crate) mod testing;
#[cfg(feature = "credential-chain")]
mod time;
#[cfg(feature = "credential-chain")]
mod xml;

#[cfg(feature = "credential-chain")]
pub use self::chain::CredentialChain;
pub use self::context::{LoadContext, SourceConfig};
pub use self::error::{CredentialsError, Place};
pub use self::shared::SharedCredentials;
pub(crate) use self::shared::{ask, expired};
pub(crate) use self::source::{AnySource, Loading};
pub use self::source::{CredentialsSource, SourceFn, source_fn};
#[cfg(feature = "credential-chain")]
pub use self::sources::{AssumeRole, Container, Environment, InstanceMetadata, Profile, WebIdentity};
