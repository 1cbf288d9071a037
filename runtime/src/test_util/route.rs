//! Which operation a request is for.

use percent_encoding::percent_decode_str;

use super::request::ReceivedRequest;

/// What tells the requests of an operation from those of others.
#[derive(Clone, Copy, Debug)]
pub enum Route {
    /// The method and the URL.
    Url {
        /// The HTTP method.
        method: &'static str,
        /// The path, in parts.
        path: &'static [PathPart],
        /// What the description itself has in the query, without `?`.
        query: Option<&'static str>,
        /// The parameters of the query and the headers that the operation requires. Some operations differ in these alone.
        required: &'static [&'static str],
    },
    /// The header `x-amz-target`.
    Target(&'static str),
    /// The parameter `Action` of a form.
    Action(&'static str),
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
    /// The value of a member that the endpoint has: in front of the host's label with this beginning, or in a segment.
    InEndpoint(&'static str),
}

impl Route {
    /// The method and path of an operation.
    pub const fn url(method: &'static str, path: &'static [PathPart]) -> Self {
        Self::Url {
            method,
            path,
            query: None,
            required: &[],
        }
    }

    /// The same for an operation whose description has this in the query.
    #[must_use]
    pub const fn with_query(self, query: &'static str) -> Self {
        match self {
            Self::Url {
                method, path, required, ..
            } => Self::Url {
                method,
                path,
                query: Some(query),
                required,
            },
            other => other,
        }
    }

    /// The same for an operation that requires these parameters of the query and these headers.
    #[must_use]
    pub const fn with_required(self, required: &'static [&'static str]) -> Self {
        match self {
            Self::Url {
                method, path, query, ..
            } => Self::Url {
                method,
                path,
                query,
                required,
            },
            other => other,
        }
    }

    /// The labels of a request for this operation, decoded and in the order of the path; `None` if it is for another.
    pub(super) fn labels(&self, request: &ReceivedRequest) -> Option<Vec<String>> {
        match *self {
            Self::Url {
                method, path, query, ..
            } => {
                let has = |wanted: &str| request.query_has(wanted);
                let mut fixed = query.iter().flat_map(|query| query.split('&'));
                if request.parts.method.as_str() != method || !fixed.all(has) {
                    return None;
                }
                let mut labels = Vec::new();
                read(path, request.path(), request.host(), &mut labels).then_some(labels)
            }
            Self::Target(target) => (request.target() == Some(target)).then(Vec::new),
            Self::Action(action) => (request.action().as_deref() == Some(action)).then(Vec::new),
        }
    }

    /// How much of the request is that of the operation: of two that fit, the one with more of it is meant.
    pub(super) fn weight(&self, request: &ReceivedRequest) -> isize {
        let Self::Url {
            path, query, required, ..
        } = self
        else {
            return 0;
        };
        let parts = path.iter().map(|part| match part {
            PathPart::Literal(text) => text.len(),
            PathPart::Label | PathPart::GreedyLabel => 0,
            PathPart::InEndpoint(_) => 1,
        });
        let fixed = parts.sum::<usize>() + query.map_or(0, str::len);
        let required = required.iter().map(|name| match request.has(name) {
            true => 1,
            // It can still be meant, and lack what it needs.
            false => -1000,
        });
        isize::try_from(fixed).unwrap_or(isize::MAX) + required.sum::<isize>()
    }
}

/// Reads the parts of a path. A label takes as little as it can.
fn read(parts: &[PathPart], path: &str, host: &str, labels: &mut Vec<String>) -> bool {
    let Some((part, parts)) = parts.split_first() else {
        return path.is_empty();
    };
    let is_greedy = match *part {
        PathPart::Literal(text) => {
            return path
                .strip_prefix(text)
                .is_some_and(|rest| read(parts, rest, host, labels));
        }
        PathPart::InEndpoint(label) => return read_endpoint(label, parts, path, host, labels),
        PathPart::Label => false,
        PathPart::GreedyLabel => true,
    };
    let length = match is_greedy {
        true => path.len(),
        false => path.find('/').unwrap_or(path.len()),
    };
    let before = labels.len();
    for end in (1..=length).filter(|end| path.is_char_boundary(*end)) {
        labels.push(decode(&path[..end]));
        if read(parts, &path[end..], host, labels) {
            return true;
        }
        labels.truncate(before);
    }
    false
}

/// Reads a label that is in the host or else the first segment of the path, and what follows it.
fn read_endpoint(label: &str, parts: &[PathPart], path: &str, host: &str, labels: &mut Vec<String>) -> bool {
    let in_host = host.rfind(&format!(".{label}")).map(|end| &host[..end]);
    if let Some(value) = in_host {
        labels.push(decode(value));
        return read(parts, path, host, labels);
    }
    let Some((segment, rest)) = path.strip_prefix('/').map(|path| {
        let end = path.find('/').unwrap_or(path.len());
        path.split_at(end)
    }) else {
        return false;
    };
    if segment.is_empty() {
        return false;
    }
    labels.push(decode(segment));
    // The URL of the endpoint need not end in a slash.
    let rest = if rest.is_empty() { "/" } else { rest };
    read(parts, rest, host, labels)
}

fn decode(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use http::Request;

    use super::PathPart::{GreedyLabel, InEndpoint, Label, Literal};
    use super::*;

    fn request(method: &str, url: &str) -> ReceivedRequest {
        let request = Request::builder().method(method).uri(url).header("x-copied", "1");
        let (parts, ()) = request.body(()).expect("a request").into_parts();
        ReceivedRequest::new(parts, Bytes::new())
    }

    fn labels(path: &'static [PathPart], url: &str) -> Option<Vec<String>> {
        Route::url("GET", path).labels(&request("GET", url))
    }

    fn found(labels: &[&str]) -> Option<Vec<String>> {
        Some(labels.iter().map(|label| (*label).to_owned()).collect())
    }

    #[test]
    fn labels_are_decoded() {
        let path = &[Literal("/endpoints/"), Label, Literal("/invocations")];
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
    fn a_label_is_in_the_host_or_in_the_path() {
        let object = &[InEndpoint("s3"), Literal("/"), GreedyLabel];
        for (url, expected) in [
            ("https://jars.s3.us-east-1.amazonaws.com/a//b", found(&["jars", "a//b"])),
            (
                "https://my.jars.s3-fips.us-east-1.amazonaws.com/a",
                found(&["my.jars", "a"]),
            ),
            ("https://s3.us-east-1.amazonaws.com/jars/a/b", found(&["jars", "a/b"])),
            ("http://127.0.0.1:8080/jars/a", found(&["jars", "a"])),
            ("http://127.0.0.1:8080/jars", None),
        ] {
            assert_eq!(labels(object, url), expected, "{url}");
        }
        let bucket = &[InEndpoint("s3"), Literal("/")];
        for url in [
            "https://jars.s3.us-east-1.amazonaws.com/",
            "http://127.0.0.1:8080/jars",
            "http://127.0.0.1:8080/jars/",
        ] {
            assert_eq!(labels(bucket, url), found(&["jars"]), "{url}");
        }
        assert_eq!(labels(bucket, "http://127.0.0.1:8080/"), None);
    }

    #[test]
    fn the_method_and_the_fixed_query_count() {
        let route = Route::url("POST", &[Literal("/")]).with_query("acl&x=1");
        assert!(route.labels(&request("POST", "/?x=1&acl=&y=2")).is_some());
        assert!(route.labels(&request("POST", "/?x=1")).is_none());
        assert!(route.labels(&request("GET", "/?x=1&acl")).is_none());
    }

    #[test]
    fn headers_and_forms_name_operations() {
        let request = |url: &str, body: &'static str| {
            let request = Request::builder()
                .method("POST")
                .uri(url)
                .header("x-amz-target", "Shelf.Put");
            let (parts, ()) = request.body(()).expect("a request").into_parts();
            ReceivedRequest::new(parts, body.into())
        };
        let form = request("/", "Action=Put+Jar&Version=1");
        assert!(Route::Action("Put Jar").labels(&form).is_some());
        assert!(Route::Action("Put").labels(&form).is_none());
        let presigned = request("/?Version=1&Action=Put", "");
        assert!(Route::Action("Put").labels(&presigned).is_some());
        assert!(Route::Target("Shelf.Put").labels(&form).is_some());
        assert!(Route::Target("Shelf.Pu").labels(&form).is_none());
    }

    #[test]
    fn what_an_operation_requires_tells_it_from_others() {
        let put = Route::url("PUT", &[Literal("/"), GreedyLabel]);
        let copy = put.with_required(&["x-copied"]);
        let part = put.with_required(&["part", "upload"]);
        let weights = |url| [put, copy, part].map(|route| route.weight(&request("PUT", url)));
        let [put, copy, part] = weights("/a");
        assert!(copy > put && put > part);
        let [put, copy, part] = weights("/a?part=1&upload=u");
        assert!(part > copy && copy > put);
    }
}
