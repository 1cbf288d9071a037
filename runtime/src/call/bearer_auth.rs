//! Calls that a bearer token authorizes, instead of a signature.

use http::header::AUTHORIZATION;
use http::{HeaderMap, HeaderValue};
use zeroize::Zeroizing;

use crate::answer::operation::Auth;
use crate::auth::credentials::Credentials;
use crate::error::{Error, Kind};

const NO_TOKEN: &str = "the operation takes a bearer token, and the credentials are an access key: \
    call `.credentials(Credentials::from_bearer_token(..))`";
const NO_KEY: &str = "the operation takes a signature, and the credentials are a bearer token: \
    call `.credentials(..)` with an access key or a source of one";

/// Checks that credentials are of the kind that an operation needs.
pub(super) fn check(auth: Auth, credentials: &Credentials) -> Result<(), Error> {
    let problem = match (auth, credentials.bearer_token()) {
        (Auth::Bearer, None) => NO_TOKEN,
        (Auth::Bearer, Some(_)) | (_, None) => return Ok(()),
        (_, Some(_)) => NO_KEY,
    };
    Err(Error::new(Kind::NoCredentials(problem.to_owned())))
}

/// Sets the header that carries the token.
pub(super) fn authorize(headers: &mut HeaderMap, credentials: &Credentials) -> Result<(), Error> {
    let token = credentials.bearer_token().unwrap_or_default();
    let text = Zeroizing::new(format!("Bearer {token}"));
    let mut value = HeaderValue::from_str(&text).map_err(|error| Error::new(Kind::Signing).with_source(error))?;
    value.set_sensitive(true);
    headers.insert(AUTHORIZATION, value);
    Ok(())
}
