//! The key of a day.

use ring::hmac::{Context, HMAC_SHA256, Key, Tag, sign};
use zeroize::Zeroizing;

use super::Scope;
use crate::auth::credentials::Credentials;

/// A key for the requests of a day to one service in one region.
pub(super) struct SigningKey {
    /// What the key is derived from.
    credentials: Credentials,
    day: Vec<u8>,
    region: String,
    service: String,
    key: Key,
}

impl SigningKey {
    /// The key for a day such as `20150830`.
    pub(super) fn derive(credentials: &Credentials, day: &[u8], scope: Scope<'_>) -> Self {
        let secret = Zeroizing::new(format!("AWS4{}", credentials.secret_access_key()));
        let steps = [day, scope.region.as_bytes(), scope.service.as_bytes(), b"aws4_request"];
        let key = steps.iter().fold(hmac_key(secret.as_bytes()), |key, step| {
            hmac_key(sign(&key, step).as_ref())
        });
        Self {
            credentials: credentials.clone(),
            day: day.to_owned(),
            region: scope.region.to_owned(),
            service: scope.service.to_owned(),
            key,
        }
    }

    /// Whether it would be derived from these.
    pub(super) fn is_of(&self, credentials: &Credentials, day: &[u8], scope: Scope<'_>) -> bool {
        self.credentials.secret_access_key() == credentials.secret_access_key()
            && self.day == day
            && self.region == scope.region
            && self.service == scope.service
    }

    /// Signs a text that is in pieces.
    pub(super) fn sign(&self, text: &[&[u8]]) -> Tag {
        let mut context = Context::with_key(&self.key);
        text.iter().for_each(|piece| context.update(piece));
        context.sign()
    }
}

fn hmac_key(bytes: &[u8]) -> Key {
    Key::new(HMAC_SHA256, bytes)
}
