//! How clients are configured.

mod builder;
mod environment;
#[cfg(feature = "credential-chain")]
mod profile;
mod resolved;
#[cfg(feature = "sdk-config")]
mod sdk_config;
mod settings;

pub use self::builder::ClientBuilder;
pub(crate) use self::resolved::Incomplete;
pub(crate) use self::settings::Settings;

use std::fmt;

use crate::error::Error;

/// Settings and connections that clients of several services share.
///
/// They also share trusted certificates, credentials and the correction of the clock.
///
/// ```no_run
/// # fn f<A, B, E: From<lean_aws_runtime::Error>>(a: fn(&lean_aws_runtime::Config) -> Result<A, E>, b: fn(&lean_aws_runtime::Config) -> Result<B, E>) -> Result<(), E> {
/// let config = lean_aws_runtime::Config::from_env()?;
/// # a(&config)?;
/// # b(&config)?;
/// # Ok(())
/// # }
/// ```
///
/// Pass it to `Client::from_config` of each service. `Client::builder().config(&config)` does the same and lets that client
/// differ in some settings. Clones share everything as well.
///
/// What is shared:
///
/// - one pool of connections, with one limit of requests in flight ([`ClientBuilder::max_in_flight`]) and one trust store. A
///   client whose builder sets one of these or a proxy has connections of its own;
/// - credentials: a provider is asked once for all clients;
/// - the correction of the clock;
/// - the retry quota, if [`ClientBuilder::share_retry_quota`] says so. By default each client has its own, so that a service in
///   trouble does not use up the retries of the others.
#[derive(Clone)]
pub struct Config {
    pub(crate) settings: Settings,
}

/// Builds a [`Config`].
pub type ConfigBuilder = ClientBuilder<Config>;

impl Config {
    /// Loads the settings of the environment; [`ClientBuilder::from_env`] lists them.
    ///
    /// # Errors
    ///
    /// Lists every variable that is not valid. What is missing is reported when a client is built.
    pub fn from_env() -> Result<Self, Error> {
        ConfigBuilder::from_env().build()
    }

    /// Begins a configuration in code.
    pub fn builder() -> ConfigBuilder {
        ConfigBuilder::new()
    }
}

impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.settings.fmt_as("Config", f)
    }
}
