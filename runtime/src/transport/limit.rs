//! When a connection has to be there.

use std::pin::pin;
use std::time::Duration;

use tokio::time::Instant;

use super::phase::{Phase, TransportError};
use super::timer::{Deadline, unless};
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
        let mut deadline = Deadline::new(self.0);
        match unless(pin!(work), |context| deadline.poll(context)).await {
            Ok(result) => result.map_err(|error| at(phase)(error.into())),
            Err(()) => Err(TransportError {
                phase: Phase::ConnectTimeout(phase),
                source: "deadline has elapsed".into(),
            }),
        }
    }
}
