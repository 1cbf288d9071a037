//! Operations that want to be told the length of a payload before it comes.

use http::Request;

use crate::error::{Error, Kind};
use crate::wire::body::Body;

/// Reads a stream whose length is not known into memory.
///
/// # Errors
///
/// When the body cannot be read.
pub async fn required_length(request: &mut Request<Body>) -> Result<(), Error> {
    let failed = || Error::new(Kind::Payload);
    let body = request.body_mut();
    let length = body.length().await.map_err(|error| failed().with_source(error))?;
    if length.is_none() {
        let read = body.read(&mut |_| {}).await;
        read.map_err(|error| failed().with_source(error))?;
    }
    Ok(())
}
