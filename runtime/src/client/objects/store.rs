//! Reading and writing objects.

use crate::answer::operation::Operation;
use crate::answer::response_body::ResponseBody;
use crate::answer::service::Service;
use crate::client::{Caller, CoreClient, Sending};
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

/// An [`ObjectStore`] whose type is forgotten, so that waits and uploads are compiled once.
#[derive(Clone)]
pub(super) struct Objects {
    pub(super) client: CoreClient,
    service: &'static Service,
    get: fn(&CoreClient, &S3Uri) -> Sending<ResponseBody>,
    put: fn(&CoreClient, &S3Uri, Body) -> Sending<()>,
}

impl Objects {
    pub(super) fn of<S: ObjectStore>(store: &S) -> Self {
        Self {
            client: store.core().clone(),
            service: S::Get::SERVICE,
            get: |client, uri| {
                let call = Caller::new(client).call::<S::Get, Error>(S::get(uri.bucket(), uri.key()));
                Sending::new(async { Ok(S::content(call.await?)) })
            },
            put: |client, uri, body| {
                let call = Caller::new(client).call::<S::Put, Error>(S::put(uri.bucket(), uri.key(), body));
                Sending::new(async { call.await.map(drop) })
            },
        }
    }
}

/// An object, and a client of the region that its bucket is in, as far as that is known.
pub(super) struct Place {
    pub(super) uri: S3Uri,
    store: Objects,
    /// Whether the service has said where the bucket is.
    is_redirected: bool,
}

impl Place {
    pub(super) fn new(uri: S3Uri, store: Objects) -> Self {
        Self {
            uri,
            store,
            is_redirected: false,
        }
    }

    pub(super) fn get(&self) -> Sending<ResponseBody> {
        (self.store.get)(&self.store.client, &self.uri)
    }

    pub(super) fn put(&self, body: Body) -> Sending<()> {
        (self.store.put)(&self.store.client, &self.uri, body)
    }

    /// Switches to the region that the service named, once: two regions may each name the other.
    pub(super) fn follow(&mut self, error: &Error) -> bool {
        let region = error.right_region().filter(|_| !self.is_redirected);
        let elsewhere = region.and_then(|region| self.store.client.in_region(region, self.store.service));
        if let Some(client) = elsewhere {
            self.store.client = client;
            self.is_redirected = true;
            return true;
        }
        false
    }
}
