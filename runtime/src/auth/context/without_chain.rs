//! What sources are told where there is no chain: nothing but the time.

use std::time::SystemTime;

/// What a client tells the sources that it asks.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct SourceConfig;

impl SourceConfig {
    /// Nothing set.
    pub fn new() -> Self {
        Self
    }

    pub(crate) fn now(&self) -> SystemTime {
        SystemTime::now()
    }
}

/// One search for credentials.
#[derive(Debug)]
pub struct LoadContext(SourceConfig);

impl LoadContext {
    /// A search that begins now.
    pub fn new(config: SourceConfig) -> Self {
        Self(config)
    }

    /// The time.
    pub fn now(&self) -> SystemTime {
        self.0.now()
    }

    pub(crate) fn config(&self) -> &SourceConfig {
        &self.0
    }
}
