//! Reading and writing objects.

use crate::answer::operation::Operation;
use crate::answer::response_body::ResponseBody;
use crate::client::CoreClient;
use crate::error::Error;
use crate::wire::body::Body;
use crate::words::s3_uri::S3Uri;
use crate::words::typestate::Sealed;

/// A client of Amazon S3 that fetches results and uploads inputs for other services, such as that of the crate `s3`.
///
/// It needs the feature `objects` of the runtime, which is `async-result` in clients.
pub trait ObjectStore: Sealed {
    #[doc(hidden)]
    type Get: Operation + 'static;

    #[doc(hidden)]
    type Put: Operation + 'static;

    #[doc(hidden)]
    fn core(&self) -> &CoreClient;

    /// The call that returns an object.
    #[doc(hidden)]
    fn get(bucket: &str, key: &str) -> Self::Get;

    /// The object.
    #[doc(hidden)]
    fn content(output: <Self::Get as Operation>::Output) -> ResponseBody;

    /// The call that writes an object.
    #[doc(hidden)]
    fn put(bucket: &str, key: &str, body: Body) -> Self::Put;
}

/// An object, and a client of the region that its bucket is in, as far as that is known.
pub(super) struct Place {
    pub(super) uri: S3Uri,
    pub(super) client: CoreClient,
}

impl Place {
    /// Switches to the region that the service named, unless it was tried already.
    pub(super) fn follow<S: ObjectStore>(&mut self, error: &Error) -> bool {
        let elsewhere = error
            .right_region()
            .and_then(|region| self.client.in_region(region, S::Get::SERVICE));
        let is_elsewhere = elsewhere.is_some();
        if let Some(client) = elsewhere {
            self.client = client;
        }
        is_elsewhere
    }
}
