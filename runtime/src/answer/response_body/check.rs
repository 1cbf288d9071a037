//! Payloads that have a checksum.

use http::{HeaderMap, StatusCode};

use super::ResponseBody;
use crate::error::{Error, Kind};
use crate::wire::http_checksum::{Algorithm, Hasher, of_response};

/// What a payload is checked by.
pub(super) struct Check {
    algorithm: Algorithm,
    hasher: Hasher,
    expected: String,
}

impl ResponseBody {
    /// Checks the payload by the checksum in these headers, if there is one of all of it. A mismatch is an error at its end.
    pub(crate) fn check_by(&mut self, status: StatusCode, headers: &HeaderMap) {
        let checksum = of_response(headers).filter(|_| status != StatusCode::PARTIAL_CONTENT);
        self.check = checksum.map(|(algorithm, expected)| {
            Box::new(Check {
                algorithm,
                hasher: algorithm.hasher(),
                expected: expected.to_owned(),
            })
        });
    }

    pub(super) fn update_check(&mut self, bytes: &[u8]) {
        if let Some(check) = &mut self.check {
            check.hasher.update(bytes);
        }
    }

    pub(super) fn end_check(&mut self) -> Result<(), Error> {
        let Some(check) = self.check.take() else {
            return Ok(());
        };
        let Check {
            algorithm,
            hasher,
            expected,
        } = *check;
        match hasher.finish() == expected {
            true => Ok(()),
            false => Err(self.error(Kind::Checksum(algorithm.name()))),
        }
    }
}
