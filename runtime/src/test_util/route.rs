//! Which operation a request is for.

use percent_encoding::percent_decode_str;

/// The method and the URL of an operation's requests.
#[derive(Clone, Copy, Debug)]
pub struct Route {
    /// The HTTP method.
    pub method: &'static str,
    /// The path, in parts.
    pub path: &'static [PathPart],
    /// What the description itself has in the query, without `?`.
    pub query: Option<&'static str>,
}

/// A part of a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PathPart {
    /// As it is.
    Literal(&'static str),
    /// The value of a member, in one segment.
    Label,
    /// The value of a member, with its slashes.
    GreedyLabel,
}

impl Route {
    /// The labels of a request for this operation, decoded and in the order of the path; `None` if it is for another.
    pub(super) fn labels(&self, method: &str, path: &str, query: &str) -> Option<Vec<String>> {
        let has = |wanted: &str| {
            query
                .split('&')
                .any(|pair| pair == wanted || pair.strip_suffix('=') == Some(wanted))
        };
        let mut fixed = self.query.iter().flat_map(|query| query.split('&'));
        if method != self.method || !fixed.all(has) {
            return None;
        }
        let mut labels = Vec::new();
        read(self.path, path, &mut labels).then_some(labels)
    }

    /// How much of the request is fixed: of two operations that fit, the one with more of it is meant.
    pub(super) fn weight(&self) -> usize {
        let parts = self.path.iter().map(|part| match part {
            PathPart::Literal(text) => text.len(),
            PathPart::Label | PathPart::GreedyLabel => 0,
        });
        parts.sum::<usize>() + self.query.map_or(0, str::len)
    }
}

/// Reads the parts of a path. A label takes as little as it can.
fn read(parts: &[PathPart], path: &str, labels: &mut Vec<String>) -> bool {
    let Some((part, parts)) = parts.split_first() else {
        return path.is_empty();
    };
    let is_greedy = match part {
        PathPart::Literal(text) => return path.strip_prefix(text).is_some_and(|rest| read(parts, rest, labels)),
        PathPart::Label => false,
        PathPart::GreedyLabel => true,
    };
    let length = match is_greedy {
        true => path.len(),
        false => path.find('/').unwrap_or(path.len()),
    };
    let before = labels.len();
    for end in (1..=length).filter(|end| path.is_char_boundary(*end)) {
        labels.push(percent_decode_str(&path[..end]).decode_utf8_lossy().into_owned());
        if read(parts, &path[end..], labels) {
            return true;
        }
        labels.truncate(before);
    }
    false
}

#[cfg(test)]
mod tests {
    use super::PathPart::{GreedyLabel, Label, Literal};
    use super::*;

    fn labels(path: &'static [PathPart], url: &str) -> Option<Vec<String>> {
        let (path_of_url, query) = url.split_once('?').unwrap_or((url, ""));
        let route = Route {
            method: "GET",
            path,
            query: None,
        };
        route.labels("GET", path_of_url, query)
    }

    #[test]
    fn labels_are_decoded() {
        let path = &[Literal("/endpoints/"), Label, Literal("/invocations")];
        let found = |labels: &[&str]| Some(labels.iter().map(|label| (*label).to_owned()).collect::<Vec<_>>());
        assert_eq!(
            labels(path, "/endpoints/a%2Fb%20%E4%BA%AC/invocations"),
            found(&["a/b 京"])
        );
        assert_eq!(labels(path, "/endpoints/a/b/invocations"), None);
        assert_eq!(labels(path, "/endpoints//invocations"), None);
        assert_eq!(labels(path, "/endpoints/a/invocations/more"), None);
        assert_eq!(
            labels(&[Literal("/"), GreedyLabel, Literal("/end")], "/a/b/end"),
            found(&["a/b"])
        );
        assert_eq!(
            labels(&[Literal("/"), Label, Literal("."), Label], "/a.b.c"),
            found(&["a", "b.c"])
        );
    }

    #[test]
    fn the_method_and_the_fixed_query_count() {
        let route = Route {
            method: "POST",
            path: &[Literal("/")],
            query: Some("acl&x=1"),
        };
        assert!(route.labels("POST", "/", "x=1&acl=&y=2").is_some());
        assert!(route.labels("POST", "/", "x=1").is_none());
        assert!(route.labels("GET", "/", "x=1&acl").is_none());
    }
}
