//! The template of an operation's path and query.

/// A parsed `requestUri`.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Template<'t> {
    pub(super) parts: Vec<Part<'t>>,
    /// What stands after the `?`.
    pub(super) query: Option<&'t str>,
}

#[derive(Debug, PartialEq, Eq)]
pub(super) enum Part<'t> {
    Literal(&'t str),
    Label { name: &'t str, greedy: bool },
}

/// Why a template cannot be parsed, and what would be right.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Malformed {
    pub(super) message: String,
    pub(super) help: &'static str,
}

impl Malformed {
    fn new(message: impl Into<String>, help: &'static str) -> Self {
        let message = message.into();
        Self { message, help }
    }
}

/// Parses a template such as `/things/{Name}/parts/{Path+}?kind=all`.
pub(super) fn parse(uri: &str) -> Result<Template<'_>, Malformed> {
    if !uri.starts_with('/') {
        let message = format!("the path `{uri}` does not start with a slash");
        return Err(Malformed::new(message, "begin it with `/`"));
    }
    if let Some(character) = uri.chars().find(|c| !is_allowed(*c)) {
        return Err(Malformed::new(
            format!("a path cannot have the character {character:?}"),
            "percent-encode it, such as `%20` for a space",
        ));
    }
    if uri.split('%').skip(1).any(|rest| !is_encoded(rest.as_bytes())) {
        return Err(Malformed::new(
            "a path has a `%` that encodes nothing",
            "write two hexadecimal digits behind it, or `%25` for a percent sign",
        ));
    }
    let (path, query) = match uri.split_once('?') {
        Some((path, query)) => (path, Some(query)),
        None => (uri, None),
    };
    if query.is_some_and(|query| query.contains(['{', '}'])) {
        return Err(Malformed::new(
            "the query has a label",
            "give the member the location `querystring` and remove the label",
        ));
    }
    let parts = parse_path(path)?;
    Ok(Template { parts, query })
}

/// What RFC 3986 allows in a path and a query, and what makes labels.
fn is_allowed(c: char) -> bool {
    c.is_ascii_alphanumeric() || "/?-._~!$&'()*+,;=:@%{}".contains(c)
}

/// Whether the text behind a percent sign begins with a byte.
fn is_encoded(rest: &[u8]) -> bool {
    rest.first_chunk::<2>()
        .is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
}

fn parse_path(path: &str) -> Result<Vec<Part<'_>>, Malformed> {
    let unbalanced = || {
        Malformed::new(
            "the braces of the path are not balanced",
            "write each label as `{Name}`, or `{Name+}` to keep slashes",
        )
    };
    let mut parts = Vec::new();
    let mut rest = path;
    while let Some((literal, after)) = rest.split_once('{') {
        let (label, after) = after.split_once('}').ok_or_else(unbalanced)?;
        if literal.contains('}') || label.contains('{') {
            return Err(unbalanced());
        }
        if !literal.is_empty() {
            parts.push(Part::Literal(literal));
        }
        parts.push(parse_label(label)?);
        rest = after;
    }
    if rest.contains('}') {
        return Err(unbalanced());
    }
    if !rest.is_empty() {
        parts.push(Part::Literal(rest));
    }
    Ok(parts)
}

fn parse_label(label: &str) -> Result<Part<'_>, Malformed> {
    let (name, greedy) = match label.strip_suffix('+') {
        Some(name) => (name, true),
        None => (label, false),
    };
    if name.is_empty() {
        let help = "put the name of a member between the braces";
        return Err(Malformed::new("a label of the path has no name", help));
    }
    Ok(Part::Label { name, greedy })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_literals_and_a_query() {
        let template = parse("/a(b+)/{Name}-{Path+}/?delete&x=y?z");
        let expected = Template {
            parts: vec![
                Part::Literal("/a(b+)/"),
                Part::Label {
                    name: "Name",
                    greedy: false,
                },
                Part::Literal("-"),
                Part::Label {
                    name: "Path",
                    greedy: true,
                },
                Part::Literal("/"),
            ],
            query: Some("delete&x=y?z"),
        };
        assert_eq!(template, Ok(expected));
    }

    #[test]
    fn what_is_malformed_is_refused() {
        for uri in [
            "", "a", "/{", "/}", "/{a", "/a}", "/{a{b}}", "/}{a}", "/{}", "/{+}", "/a b", "/ä", "/a#b", "/a?b={c}",
        ] {
            assert!(parse(uri).is_err(), "{uri}");
        }
    }
}
