//! Operations whose host begins with a prefix of their own.

use crate::runtime::config::ClientBuilder;

impl<C> ClientBuilder<C> {
    /// Whether all requests go to the host of the endpoint itself, also those of operations that put a prefix in front
    /// of it. Default false; [`from_env`](Self::from_env) reads `AWS_DISABLE_HOST_PREFIX_INJECTION`.
    ///
    /// Custom endpoints get the prefixes, too: set this where they have no such names.
    pub fn disable_host_prefix(mut self, disable: bool) -> Self {
        self.settings.disable_host_prefix = disable;
        self
    }
}
