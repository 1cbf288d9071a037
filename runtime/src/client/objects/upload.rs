//! Calls whose input is uploaded to Amazon S3 first.

use std::fmt;
use std::future::IntoFuture;
use std::marker::PhantomData;

use super::store::{ObjectStore, Place};
use crate::answer::operation::{self, Operation};
use crate::client::{Caller, CoreClient, Sending};
use crate::error::{Error, Kind};
use crate::wire::body::Body;
use crate::words::s3_uri::S3Uri;
use crate::words::uuid;

/// A call whose input is uploaded to Amazon S3 first. [`send`](Self::send), or awaiting it, does both.
///
/// One request streams the object, which has at most 5 GB and whose size must be known, as that of a file is. If its bucket
/// turns out to be in another region, a body that can be read twice is sent again.
#[must_use = "nothing is uploaded or sent before it is awaited"]
pub struct Uploading<O, S> {
    caller: Caller,
    input: O,
    member: &'static str,
    set: fn(&mut O, String),
    client: CoreClient,
    body: Body,
    to: String,
    store: PhantomData<fn() -> S>,
}

impl<O: Operation + 'static, S: ObjectStore + 'static> Uploading<O, S> {
    #[doc(hidden)]
    pub fn new(
        (caller, input): (Caller, O),
        store: &S,
        body: Body,
        to: String,
        (member, set): (&'static str, fn(&mut O, String)),
    ) -> Self {
        Self {
            caller,
            input,
            member,
            set,
            client: store.core().clone(),
            body,
            to,
            store: PhantomData,
        }
    }

    /// Uploads the input, then makes the call.
    ///
    /// # Errors
    ///
    /// If the address is not an S3 URI, if the object cannot be written, or if the call fails.
    pub fn send(self) -> Sending<O::Output, O::Error> {
        Sending::new(async move {
            let Self {
                caller,
                mut input,
                member,
                ..
            } = self;
            let place = place(&self.to, self.client)
                .map_err(|problem| Error::new(Kind::Input { member, problem }).in_operation(operation::info::<O>()))?;
            let uri = put::<S>(place, self.body).await?;
            (self.set)(&mut input, uri.into());
            caller.send(input).await
        })
    }
}

impl<O: Operation + 'static, S: ObjectStore + 'static> IntoFuture for Uploading<O, S> {
    type Output = Result<O::Output, O::Error>;
    type IntoFuture = Sending<O::Output, O::Error>;

    fn into_future(self) -> Self::IntoFuture {
        self.send()
    }
}

/// Where the object goes. An address that ends with a slash gets a random name below it.
fn place(to: &str, client: CoreClient) -> Result<Place, String> {
    let mut uri: S3Uri = to.parse().map_err(|error| format!("cannot be uploaded: {error}"))?;
    if uri.key().is_empty() || uri.key().ends_with('/') {
        let name =
            uuid::random().map_err(|_| "cannot be named: the operating system has no random bytes".to_owned())?;
        let name = String::from_utf8_lossy(&name);
        uri = S3Uri::new(uri.bucket(), &format!("{}{name}", uri.key())).map_err(|error| error.to_string())?;
    }
    Ok(Place { uri, client })
}

/// Writes the object, in another region if the service names one.
async fn put<S: ObjectStore>(mut place: Place, mut body: Body) -> Result<S3Uri, Error> {
    loop {
        let again = body.is_replayable().then(|| body.replay(None));
        let call = S::put(place.uri.bucket(), place.uri.key(), body);
        match (Caller::new(&place.client).call::<S::Put, Error>(call).await, again) {
            (Ok(_), _) => return Ok(place.uri),
            (Err(error), Some(again)) if place.follow::<S>(&error) => body = again,
            (Err(error), _) => return Err(error),
        }
    }
}

impl<O, S> fmt::Debug for Uploading<O, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Uploading")
            .field("member", &self.member)
            .field("to", &self.to)
            .field("body", &self.body)
            .finish_non_exhaustive()
    }
}
