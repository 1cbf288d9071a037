//! When a connection has to be there.

use std::time::Duration;

use tokio::time::{Instant, timeout_at};

use super::phase::{Phase, TransportError};
use crate::error::{BoxError, Connecting};

/// Says at what a connection failed.
pub(super) fn at(phase: Connecting) -> impl FnOnce(BoxError) -> TransportError {
    move |source| TransportError {
        phase: Phase::Connect(phase),
        source,
    }
}

/// When a connection has to be there.
#[derive(Clone, Copy)]
pub(crate) struct Limit(Option<Instant>);

impl Limit {
    pub(crate) fn new(limit: Option<Duration>) -> Self {
        Self(limit.and_then(|limit| Instant::now().checked_add(limit)))
    }

    /// Does one part of the work, and says that it was this one if it fails or does not end in time.
    pub(crate) async fn within<T, E: Into<BoxError>>(
        self,
        phase: Connecting,
        work: impl Future<Output = Result<T, E>>,
    ) -> Result<T, TransportError> {
        let result = match self.0 {
            Some(limit) => timeout_at(limit, work).await.map_err(|late| TransportError {
                phase: Phase::ConnectTimeout(phase),
                source: late.into(),
            })?,
            None => work.await,
        };
        result.map_err(|error| at(phase)(error.into()))
    }
}
