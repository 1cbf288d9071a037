//! Finding everything that is not the same on both sides.

use std::collections::BTreeSet;
use std::fmt;

use serde_json::Value;
use tests::server::Recorded;
use tests::sigv4::{self, Keys};

use crate::cases::Case;
use crate::{ACCESS_KEY, SECRET_KEY, SERVICE};

/// How much of a long value is shown, in characters.
const SHOWN: usize = 300;

/// One thing that is not the same on both sides. `None`: that side does not have it.
pub(crate) struct Difference {
    pub(crate) what: String,
    pub(crate) boto3: Option<String>,
    pub(crate) ours: Option<String>,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let equal = match (&self.boto3, &self.ours) {
            (Some(boto3), Some(ours)) => boto3.chars().zip(ours.chars()).take_while(|(a, b)| a == b).count(),
            _ => 0,
        };
        let shown = |value: &Option<String>| match value {
            Some(value) => shorten(value, equal),
            None => "(nothing)".to_owned(),
        };
        writeln!(f, "    {}", self.what)?;
        writeln!(f, "      expected (boto3):     {}", shown(&self.boto3))?;
        write!(f, "      actual (this client): {}", shown(&self.ours))
    }
}

/// Of a long value, the part that differs and a little of what is before it.
fn shorten(value: &str, equal: usize) -> String {
    let length = value.chars().count();
    if length <= SHOWN {
        return value.escape_debug().to_string();
    }
    let start = equal.saturating_sub(SHOWN / 10);
    let part: String = value.chars().skip(start).take(SHOWN).collect();
    format!("{} (from character {start} of {length})", part.escape_debug())
}

/// Collects differences.
#[derive(Default)]
pub(crate) struct Differences(pub(crate) Vec<Difference>);

impl Differences {
    /// Notes what is not the same.
    pub(crate) fn compare<T: ToString + PartialEq>(
        &mut self,
        what: impl Into<String>,
        boto3: Option<T>,
        ours: Option<T>,
    ) {
        if boto3 != ours {
            self.0.push(Difference {
                what: what.into(),
                boto3: boto3.map(|value| value.to_string()),
                ours: ours.map(|value| value.to_string()),
            });
        }
    }

    /// Compares everything in two requests that the protocol gives a meaning to: neither the order of headers nor the
    /// case of their names.
    pub(crate) fn compare_requests(&mut self, boto3: &Recorded, ours: &Recorded, case: &Case) {
        self.compare("method", Some(&boto3.method), Some(&ours.method));
        let split = |request: &Recorded| match request.target.split_once('?') {
            Some((path, query)) => (path.to_owned(), Some(query.to_owned())),
            None => (request.target.clone(), None),
        };
        let ((boto3_path, boto3_query), (our_path, our_query)) = (split(boto3), split(ours));
        self.compare("path", Some(boto3_path), Some(our_path));
        self.compare("query", boto3_query, our_query);
        let mut one_sided = BTreeSet::new();
        for name in header_names(boto3).union(&header_names(ours)) {
            let (boto3, ours) = (header(boto3, name), header(ours, name));
            if boto3.is_some() != ours.is_some() {
                one_sided.insert(name.clone());
            }
            self.compare(format!("header {name}"), boto3, ours);
        }
        self.compare_signatures(boto3, ours, case, &one_sided);
        self.compare("body", Some(text(&boto3.body)), Some(text(&ours.body)));
    }

    /// Verifies both signatures and compares what they are for. That a header is there on one side only is a difference
    /// by itself, and no second one because it is signed.
    fn compare_signatures(&mut self, boto3: &Recorded, ours: &Recorded, case: &Case, one_sided: &BTreeSet<String>) {
        let keys = Keys {
            access_key: ACCESS_KEY.to_owned(),
            secret_key: SECRET_KEY.to_owned(),
            session_token: case.session_token.clone(),
        };
        let scope = |request| match sigv4::verify(request, &keys, SERVICE) {
            Ok(mut scope) => {
                scope.signed_headers.retain(|name| !one_sided.contains(name));
                format!(
                    "valid for {} in {}, signs {}",
                    scope.service,
                    scope.region,
                    scope.signed_headers.join(";")
                )
            }
            Err(problem) => problem,
        };
        self.compare("signature", Some(scope(boto3)), Some(scope(ours)));
    }

    /// Compares two JSON values, member by member.
    pub(crate) fn compare_outcomes(&mut self, what: &str, boto3: Option<&Value>, ours: Option<&Value>) {
        let (Some(Value::Object(boto3)), Some(Value::Object(ours))) = (boto3, ours) else {
            return self.compare(what, boto3, ours);
        };
        for name in boto3.keys().chain(ours.keys()).collect::<BTreeSet<_>>() {
            self.compare_outcomes(&format!("{what}.{name}"), boto3.get(name), ours.get(name));
        }
    }
}

fn header_names(request: &Recorded) -> BTreeSet<String> {
    request
        .headers
        .iter()
        .map(|(name, _)| name.to_ascii_lowercase())
        .collect()
}

/// All values of a header.
fn header(request: &Recorded, name: &str) -> Option<String> {
    let values: Vec<String> = request.headers_named(name).map(text).collect();
    (!values.is_empty()).then(|| values.join(" | "))
}

/// Different bytes give different texts.
fn text(bytes: &[u8]) -> String {
    match str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => format!("hex {}", hex::encode(bytes)),
    }
}
