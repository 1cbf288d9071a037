//! Calls whose input is uploaded to Amazon S3 first.

use std::fmt;
use std::future::IntoFuture;

use super::store::{ObjectStore, Objects, Place};
use crate::answer::operation::{self, Operation};
#[cfg(feature = "blocking")]
use crate::client::blocking;
use crate::client::{Caller, Sending};
use crate::error::{Error, Kind};
use crate::wire::body::Body;
use crate::words::s3_uri::S3Uri;
use crate::words::uuid;

/// A call whose input is uploaded to Amazon S3 first. [`send`](Self::send), or awaiting it, does both.
///
/// One request streams the object, which has at most 5 GB and whose size must be known, as that of a file is. If its bucket
/// turns out to be in another region, a body that can be read twice is sent again.
///
/// It needs the feature `objects` of the runtime, which is `async-result` in clients.
#[must_use = "nothing is uploaded before it is sent or awaited"]
pub struct Uploading<O, C = Caller> {
    caller: C,
    input: O,
    member: &'static str,
    location: fn(&mut O) -> &mut Option<String>,
    store: Objects,
    body: Body,
    to: String,
}

impl<O: Operation + 'static, C> Uploading<O, C> {
    #[doc(hidden)]
    pub fn new(
        (caller, input): (C, O),
        store: &impl ObjectStore,
        body: Body,
        to: String,
        (member, location): (&'static str, fn(&mut O) -> &mut Option<String>),
    ) -> Self {
        Self {
            caller,
            input,
            member,
            location,
            store: Objects::of(store),
            body,
            to,
        }
    }

    /// Uploads the input. Returns it with its location.
    async fn upload(mut self) -> Result<(C, O), Error> {
        let member = self.member;
        let location = (self.location)(&mut self.input);
        let place = match location {
            None => place(&self.to, self.store),
            Some(_) => Err("is set, and an upload sets it as well: use one of them".to_owned()),
        };
        let place = place
            .map_err(|problem| Error::new(Kind::Input { member, problem }).in_operation(operation::info::<O>()))?;
        *location = Some(put(place, self.body).await?.into());
        Ok((self.caller, self.input))
    }
}

impl<O: Operation + 'static> Uploading<O> {
    /// Uploads the input, then makes the call.
    ///
    /// # Errors
    ///
    /// If the address is not an S3 URI, if the input has a location already, if the object cannot be written, or if the call
    /// fails.
    pub fn send(self) -> Sending<O::Output, O::Error> {
        Sending::new(async move {
            let (caller, input) = self.upload().await?;
            caller.send(input).await
        })
    }
}

#[cfg(feature = "blocking")]
impl<O> Uploading<O, blocking::Caller>
where
    O: Operation<Output: 'static, Error: 'static> + 'static,
{
    /// Uploads the input, makes the call, and waits for its output.
    ///
    /// # Errors
    ///
    /// If the address is not an S3 URI, if the input has a location already, if the object cannot be written, or if the call
    /// fails. In an asynchronous function, whose thread it would block, nothing is sent.
    pub fn send(self) -> Result<O::Output, O::Error> {
        let (caller, store) = (self.caller.clone(), self.store.client.clone());
        caller.wait_for::<O, _>(Some(&store), |caller| {
            Sending::new(async move {
                let (_, input) = self.upload().await?;
                caller.send(input).await
            })
        })
    }
}

impl<O: Operation + 'static> IntoFuture for Uploading<O> {
    type Output = Result<O::Output, O::Error>;
    type IntoFuture = Sending<O::Output, O::Error>;

    fn into_future(self) -> Self::IntoFuture {
        self.send()
    }
}

/// Where the object goes. An address that ends with a slash gets a random name below it.
fn place(to: &str, store: Objects) -> Result<Place, String> {
    let mut uri: S3Uri = to.parse().map_err(|error| format!("cannot be uploaded: {error}"))?;
    if uri.key().is_empty() || uri.key().ends_with('/') {
        let name =
            uuid::random().map_err(|_| "cannot be named: the operating system has no random bytes".to_owned())?;
        let name = String::from_utf8_lossy(&name);
        uri = S3Uri::new(uri.bucket(), &format!("{}{name}", uri.key())).map_err(|error| error.to_string())?;
    }
    Ok(Place::new(uri, store))
}

/// Writes the object, in another region if the service names one. Boxed, so that this crate alone compiles it.
fn put(mut place: Place, mut body: Body) -> Sending<S3Uri> {
    Sending::new(async move {
        loop {
            let again = body.is_replayable().then(|| body.replay(None));
            match (place.put(body).await, again) {
                (Ok(()), _) => return Ok(place.uri),
                (Err(error), Some(again)) if place.follow(&error) => body = again,
                (Err(error), _) => return Err(error),
            }
        }
    })
}

impl<O, C> fmt::Debug for Uploading<O, C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Uploading")
            .field("member", &self.member)
            .field("to", &self.to)
            .field("body", &self.body)
            .finish_non_exhaustive()
    }
}
