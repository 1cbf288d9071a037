//! The key of a day.

use ring::digest::{SHA256, digest};
use ring::hmac::{Context, HMAC_SHA256, Key, Tag, sign};
use zeroize::Zeroizing;

use super::Scope;
use super::canonical::CanonicalRequest;
use crate::auth::credentials::Credentials;
use crate::words::hex;

/// The first line of what is signed.
const ALGORITHM_LINE: &[u8] = b"AWS4-HMAC-SHA256\n";

/// A key for the requests of a day to one service in one region.
pub(super) struct SigningKey {
    /// What the key is derived from.
    credentials: Credentials,
    day: Vec<u8>,
    region: String,
    service: String,
    /// All but the credentials, as signatures name it: `20150830/us-east-1/iam/aws4_request`. It stands on a line of its own,
    /// as in what is signed.
    scope_line: Vec<u8>,
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
            scope_line: [b"\n", &*steps.join(&b'/'), b"\n"].concat(),
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

    /// What it signs for, without the credentials.
    pub(super) fn scope(&self) -> &[u8] {
        self.scope_line.trim_ascii()
    }

    /// The signature of a request at a time of the key's day, in hexadecimal digits.
    pub(super) fn signature(&self, canonical: &CanonicalRequest, time: &[u8; 16]) -> [u8; 64] {
        let hash = hex::of_hash(digest(&SHA256, canonical.text()).as_ref());
        let signature = self.sign(&[ALGORITHM_LINE, time, &self.scope_line, &hash]);
        hex::of_hash(signature.as_ref())
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
