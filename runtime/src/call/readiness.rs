//! Waiting until a service is ready.

use std::time::Duration;

use crate::call::CallOptions;
use crate::call::retry::Retries;

impl Retries {
    /// Tries again while the service says that it is not ready yet, until this long after the call began.
    ///
    /// Default: such an answer counts as throttling, and takes one of the attempts. With this, it takes none, even where
    /// there is only one; all other errors are treated as before. The pauses are those of throttling, and the last one
    /// ends with the time. Then the call fails with the answer of the service. An operation
    /// timeout ends the call if it is shorter.
    pub fn wait_until_ready(mut self, limit: Duration) -> Self {
        self.ready_within = Some(limit);
        self
    }
}

impl CallOptions {
    /// Tries again while the service says that it is not ready yet, until this long after the call began; see
    /// [`Retries::wait_until_ready`].
    pub fn wait_until_ready(self, limit: Duration) -> Self {
        self.retries(Retries::new().wait_until_ready(limit))
    }
}
