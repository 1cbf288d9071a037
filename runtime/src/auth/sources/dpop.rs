//! Proofs that a request comes from the owner of a key (RFC 9449), as AWS Sign-In wants them.

use std::io;
use std::time::UNIX_EPOCH;

use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD, Engine};
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair};
use zeroize::Zeroizing;

use crate::auth::context::LoadContext;
use crate::auth::json::Object;
use crate::auth::system::no_random_bytes;
use crate::words::uuid;

/// A private key of the curve P-256.
pub(super) struct Key {
    pair: EcdsaKeyPair,
    /// The coordinates of the public key.
    point: [[u8; 32]; 2],
}

impl Key {
    /// Reads a key in PEM, as the AWS CLI writes it: `EC PRIVATE KEY` (RFC 5915).
    pub(super) fn from_pem(pem: &str) -> Option<Self> {
        let (_, rest) = pem.split_once("-----BEGIN EC PRIVATE KEY-----")?;
        let (body, _) = rest.split_once("-----END EC PRIVATE KEY-----")?;
        // With room for all of it, no copy is left behind by growing.
        let mut base64 = Zeroizing::new(String::with_capacity(body.len()));
        base64.extend(body.split_ascii_whitespace());
        let der = Zeroizing::new(BASE64_STANDARD.decode(base64.as_bytes()).ok()?);
        Self::from_der(&der)
    }

    fn from_der(der: &[u8]) -> Option<Self> {
        const SEQUENCE: u8 = 0x30;
        const INTEGER: u8 = 0x02;
        const OCTETS: u8 = 0x04;
        const PUBLIC_KEY: u8 = 0xa1;
        const BITS: u8 = 0x03;

        let mut rest = only(SEQUENCE, der)?;
        let version = take(INTEGER, &mut rest)?;
        let private = take(OCTETS, &mut rest)?;
        // The parameters, of which there is one choice here, may be in between.
        while *rest.first()? != PUBLIC_KEY {
            take(*rest.first()?, &mut rest)?;
        }
        let public = only(BITS, take(PUBLIC_KEY, &mut rest)?)?;
        // No unused bits, and a point that is not compressed.
        let coordinates = public.strip_prefix(&[0, 4])?;
        let (x, y) = coordinates.split_at_checked(32)?;
        if version != [1] || !rest.is_empty() {
            return None;
        }
        let algorithm = &ECDSA_P256_SHA256_FIXED_SIGNING;
        let pair =
            EcdsaKeyPair::from_private_key_and_public_key(algorithm, private, &public[1..], &SystemRandom::new());
        Some(Self {
            pair: pair.ok()?,
            point: [x.try_into().ok()?, y.try_into().ok()?],
        })
    }

    /// The value of the header for a POST to a URL, now.
    pub(super) fn proof(&self, url: &str, context: &LoadContext) -> io::Result<Zeroizing<String>> {
        let seconds = context.now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
        let [x, y] = self.point.map(|coordinate| BASE64_URL_SAFE_NO_PAD.encode(coordinate));
        let header =
            format!(r#"{{"typ":"dpop+jwt","alg":"ES256","jwk":{{"kty":"EC","x":"{x}","y":"{y}","crv":"P-256"}}}}"#);
        let mut payload = Object::default();
        let id = uuid::random().map_err(no_random_bytes)?;
        payload.set("jti", &String::from_utf8_lossy(&id));
        payload.set("htm", "POST");
        payload.set("htu", url);
        payload.set_number("iat", seconds);
        let mut text = Zeroizing::new(BASE64_URL_SAFE_NO_PAD.encode(header));
        text.push('.');
        text.push_str(&BASE64_URL_SAFE_NO_PAD.encode(payload.to_json()));
        let signature = self.pair.sign(&SystemRandom::new(), text.as_bytes());
        let signature = signature.map_err(no_random_bytes)?;
        text.push('.');
        text.push_str(&BASE64_URL_SAFE_NO_PAD.encode(signature));
        Ok(text)
    }
}

/// The content of a value of DER that is all there is.
fn only(tag: u8, der: &[u8]) -> Option<&[u8]> {
    let mut rest = der;
    let content = take(tag, &mut rest)?;
    rest.is_empty().then_some(content)
}

/// Takes a value of DER, and gives its content.
fn take<'a>(tag: u8, rest: &mut &'a [u8]) -> Option<&'a [u8]> {
    let (own, after) = rest.split_first()?;
    let (length, after) = after.split_first()?;
    let (length, after) = match length {
        ..=0x7f => (usize::from(*length), after),
        // Keys are shorter than 256 bytes.
        0x81 => {
            let (length, after) = after.split_first()?;
            (usize::from(*length), after)
        }
        0x80.. => return None,
    };
    let (content, after) = after.split_at_checked(length)?;
    *rest = after;
    (*own == tag).then_some(content)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use ring::signature::{ECDSA_P256_SHA256_FIXED, UnparsedPublicKey};

    use super::*;
    use crate::auth::context::SourceConfig;
    use crate::auth::testing::Fake;

    /// Made by `openssl ecparam -name prime256v1 -genkey -noout`.
    const PEM: &str = "-----BEGIN EC PRIVATE KEY-----\n\
        MHcCAQEEII1iFU/iG0UUXloQZk7olK8UEkc+P0T1U/wk6sqm+N3voAoGCCqGSM49\n\
        AwEHoUQDQgAE+J6uAF3RtEP80iEPA6jWIab3Vvg89vD/1ypOmctAKZB5jv8KMk3O\n\
        a130IpFWjUDgea4uNY3zO4y/FC4z1anuOg==\n\
        -----END EC PRIVATE KEY-----\n";

    fn der() -> Vec<u8> {
        let body: String = PEM.lines().filter(|line| !line.starts_with('-')).collect();
        BASE64_STANDARD.decode(body).expect("Base64")
    }

    #[test]
    fn a_proof_is_signed_by_the_key() {
        let key = Key::from_pem(PEM).expect("a key");
        let context = LoadContext::new(SourceConfig::on(Arc::new(Fake::new().now(1_763_510_400))));
        let url = "https://us-east-1.signin.aws.amazon.com/v1/token";
        let proof = key.proof(url, &context).expect("a proof");
        let (text, signature) = proof.rsplit_once('.').expect("three parts");
        let decode = |part: &str| BASE64_URL_SAFE_NO_PAD.decode(part).expect("Base64");
        let public = [&[4], &key.point[0][..], &key.point[1]].concat();
        UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, public)
            .verify(text.as_bytes(), &decode(signature))
            .expect("a signature");

        let (header, payload) = text.split_once('.').expect("two parts");
        let header = Object::read(&decode(header)).expect("JSON");
        assert_eq!(header.text("typ").expect("a text").as_str(), "dpop+jwt");
        assert_eq!(header.text("alg").expect("a text").as_str(), "ES256");
        let jwk = header.object("jwk").expect("an object");
        assert_eq!(decode(&jwk.text("x").expect("a text")), key.point[0]);
        assert_eq!(decode(&jwk.text("y").expect("a text")), key.point[1]);
        let payload = Object::read(&decode(payload)).expect("JSON");
        assert_eq!(payload.text("htm").expect("a text").as_str(), "POST");
        assert_eq!(payload.text("htu").expect("a text").as_str(), url);
        assert_eq!(payload.number("iat"), Some(1_763_510_400));
        assert_eq!(payload.text("jti").expect("a text").len(), 36);
        assert_ne!(proof, key.proof(url, &context).expect("a proof"));
    }

    #[test]
    fn what_is_not_a_key() {
        assert!(Key::from_pem("").is_none());
        assert!(Key::from_pem(&PEM.replace("EC PRIVATE", "PRIVATE")).is_none());
        assert!(Key::from_pem(&PEM.replace('\n', " ")).is_some());
        let der = der();
        assert!(Key::from_der(&der).is_some());
        for end in 0..der.len() {
            assert!(Key::from_der(&der[..end]).is_none(), "{end}");
        }
        let mut random = fastrand::Rng::with_seed(1);
        for _ in 0..20_000 {
            let mut other = der.clone();
            other[random.usize(..der.len())] = random.u8(..);
            let _ = Key::from_der(&other);
        }
    }
}
