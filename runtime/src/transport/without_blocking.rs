//! There are no runtimes of blocking clients without the feature `blocking`.

use tokio::runtime::Handle;
use tokio::task::JoinHandle;

use crate::words::task;

/// See the module `home`.
#[derive(Clone, Copy, Default)]
pub(crate) struct Home;

impl Home {
    pub(crate) fn here() -> Self {
        Self
    }

    #[cfg(feature = "credential-chain")]
    pub(crate) fn none() -> Self {
        Self
    }

    pub(crate) fn common() -> Self {
        Self
    }

    pub(crate) fn is_blocking(self) -> bool {
        false
    }

    pub(crate) fn is_elsewhere(self) -> bool {
        false
    }

    pub(crate) fn handle(self) -> Handle {
        Handle::current()
    }

    pub(crate) fn spawn(self, work: impl Future<Output = ()> + Send + 'static) -> JoinHandle<()> {
        task::spawn(work)
    }

    pub(crate) fn in_use(self) -> InUse {
        InUse
    }
}

/// See the module `home`.
#[derive(Default)]
pub(crate) struct InUse;

impl InUse {
    pub(crate) fn need(&self) {}
}
