//! The functions of the endpoint rules, as Smithy's rules engine defines them.
//!
//! This file needs nothing else of the runtime, so that a resolver can be tested by itself.

use std::net::{Ipv4Addr, Ipv6Addr};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// Everything but the unreserved characters of RFC 3986.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// A group of regions with a DNS suffix of its own.
#[derive(Debug)]
pub struct Partition {
    /// Its name, such as `aws`.
    pub name: &'static str,
    /// The suffix of its hosts.
    pub dns_suffix: &'static str,
    /// The suffix of its hosts that speak IPv4 and IPv6.
    pub dual_stack_dns_suffix: &'static str,
    /// Whether it has endpoints validated by FIPS 140.
    pub supports_fips: bool,
    /// Whether it has endpoints for IPv4 and IPv6.
    pub supports_dual_stack: bool,
    /// The region that stands for all of it.
    pub implicit_global_region: &'static str,
    /// Its regions.
    pub regions: &'static [&'static str],
    /// What regions of it that are not listed begin with: `us` for `us-word-1`.
    pub region_prefixes: &'static [&'static str],
}

impl Partition {
    /// The partition of a region; the first one for regions that no partition knows.
    pub fn of_region(partitions: &'static [Self], region: &str) -> Option<&'static Self> {
        let known = partitions.iter().find(|partition| partition.regions.contains(&region));
        let alike = || partitions.iter().find(|partition| partition.has_alike(region));
        known.or_else(alike).or(partitions.first())
    }

    /// Whether a region looks like one of this partition: prefix, word, number.
    fn has_alike(&self, region: &str) -> bool {
        self.region_prefixes.iter().any(|prefix| {
            let rest = region.strip_prefix(prefix).and_then(|rest| rest.strip_prefix('-'));
            rest.and_then(|rest| rest.split_once('-'))
                .is_some_and(|(word, number)| {
                    let is_word = !word.is_empty() && word.chars().all(|c| c.is_alphanumeric() || c == '_');
                    is_word && !number.is_empty() && number.chars().all(|c| c.is_ascii_digit())
                })
        })
    }
}

/// The parts of a URL.
#[derive(Debug, PartialEq, Eq)]
pub struct Url<'a> {
    /// `http` or `https`.
    pub scheme: &'a str,
    /// Host and port, as they are written.
    pub authority: &'a str,
    /// As it is written; empty where there is none.
    pub path: &'a str,
    /// The path, with a slash at both ends.
    pub normalized_path: String,
    /// Whether the host is an address of IPv4 or IPv6.
    pub is_ip: bool,
}

/// Takes a URL apart. There is none with another scheme, without a host, or with a query or a fragment.
pub fn parse_url(url: &str) -> Option<Url<'_>> {
    let (scheme, rest) = url.split_once("://")?;
    if !matches!(scheme, "http" | "https") || rest.contains(['?', '#']) {
        return None;
    }
    let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let authority = authority.rsplit_once('@').map_or(authority, |(_user, host)| host);
    let (host, port) = match authority.rfind(']') {
        Some(end) => authority.split_at(end + 1),
        None => authority.split_at(authority.find(':').unwrap_or(authority.len())),
    };
    let port_is_valid = match port.strip_prefix(':') {
        Some(number) => number.is_empty() || number.parse::<u16>().is_ok(),
        None => port.is_empty(),
    };
    if host.is_empty() || !port_is_valid {
        return None;
    }
    let slash = if path.ends_with('/') { "" } else { "/" };
    Some(Url {
        scheme,
        authority,
        path,
        normalized_path: [path, slash].concat(),
        is_ip: is_ip(host),
    })
}

fn is_ip(host: &str) -> bool {
    match host.strip_prefix('[').and_then(|host| host.strip_suffix(']')) {
        // A zone, as in `fe80::1%25eth0`, is not a part of the address.
        Some(host) => host
            .split('%')
            .next()
            .is_some_and(|address| address.parse::<Ipv6Addr>().is_ok()),
        None => host.parse::<Ipv4Addr>().is_ok(),
    }
}

/// The parts of an Amazon Resource Name.
#[derive(Debug, PartialEq, Eq)]
pub struct Arn<'a> {
    /// Such as `aws`.
    pub partition: &'a str,
    /// Such as `s3`.
    pub service: &'a str,
    /// Empty where the resource belongs to no region.
    pub region: &'a str,
    /// Empty where the resource belongs to no account.
    pub account_id: &'a str,
    /// The parts of the resource, which `:` and `/` separate.
    pub resource_id: Vec<&'a str>,
}

/// Takes an Amazon Resource Name apart. It must have a partition, a service and a resource.
pub fn parse_arn(arn: &str) -> Option<Arn<'_>> {
    let mut parts = arn.strip_prefix("arn:")?.splitn(5, ':');
    let mut next = || parts.next();
    let (partition, service, region, account_id, resource) = (next()?, next()?, next()?, next()?, next()?);
    let is_complete = !partition.is_empty() && !service.is_empty() && !resource.is_empty();
    is_complete.then(|| Arn {
        partition,
        service,
        region,
        account_id,
        resource_id: resource.split([':', '/']).collect(),
    })
}

/// An element of a list; a negative index counts from its end, which is -1.
pub fn element<'a>(list: &[&'a str], index: isize) -> Option<&'a str> {
    let index = match usize::try_from(index) {
        Ok(index) => index,
        Err(_) => list.len().checked_sub(index.unsigned_abs())?,
    };
    list.get(index).copied()
}

/// The parts of a text between delimiters, at most `limit` of them unless that is 0. There are none without a delimiter.
pub fn split<'a>(text: &'a str, delimiter: &str, limit: usize) -> Option<Vec<&'a str>> {
    if delimiter.is_empty() {
        return None;
    }
    let limit = if limit == 0 { usize::MAX } else { limit };
    Some(text.splitn(limit, delimiter).collect())
}

/// The characters from `start` to before `stop`, which count from the end of the text if `reverse` is set. There are none
/// if the text is shorter or not ASCII.
pub fn substring(text: &str, start: usize, stop: usize, reverse: bool) -> Option<&str> {
    if start >= stop || stop > text.len() || !text.is_ascii() {
        return None;
    }
    if reverse {
        text.get(text.len() - stop..text.len() - start)
    } else {
        text.get(start..stop)
    }
}

/// Percent-encodes everything but letters, digits, `-`, `.`, `_` and `~`.
pub fn uri_encode(text: &str) -> String {
    utf8_percent_encode(text, RESERVED).to_string()
}

/// Whether a text can be a label of a host's name, or several with dots between them if that is allowed.
pub fn is_valid_host_label(text: &str, allow_subdomains: bool) -> bool {
    match allow_subdomains {
        true => text.split('.').all(is_label),
        false => is_label(text),
    }
}

fn is_label(text: &str) -> bool {
    let allowed = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    allowed && (1..=63).contains(&text.len()) && !text.starts_with('-') && !text.ends_with('-')
}

/// Whether a bucket of S3 can be a label of a host's name, or several if that is allowed: 3 to 63 characters, in lower
/// case, and no address.
pub fn is_virtual_hostable_s3_bucket(text: &str, allow_subdomains: bool) -> bool {
    (3..=63).contains(&text.len())
        && !text.bytes().any(|byte| byte.is_ascii_uppercase())
        && !is_dotted_numbers(text)
        && is_valid_host_label(text, allow_subdomains)
}

/// Whether a text looks like an address of IPv4, in range or not.
fn is_dotted_numbers(text: &str) -> bool {
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    text.split('.').count() == 4 && text.split('.').all(is_number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls() {
        let parse = |text| {
            let url: Url<'_> = parse_url(text)?;
            Some((url.scheme, url.authority, url.path, url.normalized_path, url.is_ip))
        };
        let url = |scheme, authority, path, normalized: &str, is_ip| {
            Some((scheme, authority, path, normalized.to_owned(), is_ip))
        };
        // The table of the specification, where the path of `https://example.com` is `/`: botocore's is empty, as here.
        for (text, expected) in [
            ("https://example.com", url("https", "example.com", "", "/", false)),
            ("https://example.com:8443?foo=bar&faz=baz", None),
            (
                "http://example.com:80/foo/bar",
                url("http", "example.com:80", "/foo/bar", "/foo/bar/", false),
            ),
            ("https://127.0.0.1", url("https", "127.0.0.1", "", "/", true)),
            ("https://[fe80::1]", url("https", "[fe80::1]", "", "/", true)),
            (
                "https://[fe80::1%25en0]:443/",
                url("https", "[fe80::1%25en0]:443", "/", "/", true),
            ),
            (
                "http://10.0.0.1:8080/a/",
                url("http", "10.0.0.1:8080", "/a/", "/a/", true),
            ),
            ("http://10.0.0.256", url("http", "10.0.0.256", "", "/", false)),
            (
                "https://user:secret@example.com",
                url("https", "example.com", "", "/", false),
            ),
            ("http://99_ab-.com", url("http", "99_ab-.com", "", "/", false)),
            ("http://example.com:port", None),
            ("http://example.com:70000", None),
            ("http://[fe80::1]x", None),
            ("ftp://example.com", None),
            ("https://", None),
            ("example.com", None),
            ("", None),
        ] {
            assert_eq!(parse(text), expected, "{text}");
        }
    }

    #[test]
    fn arns() {
        let arn = |account_id, resource_id| {
            Some(Arn {
                partition: "aws",
                service: "s3",
                region: "",
                account_id,
                resource_id,
            })
        };
        for (text, expected) in [
            ("arn:aws:s3:::bucket", arn("", vec!["bucket"])),
            ("arn:aws:s3::1:a/b:c", arn("1", vec!["a", "b", "c"])),
            ("arn:aws:s3:::a::b/", arn("", vec!["a", "", "b", ""])),
            ("arn:aws:s3:::", None),
            ("arn:aws::::bucket", None),
            ("arn::s3:::bucket", None),
            ("arn:aws:s3::bucket", None),
            ("aws:aws:s3:::bucket", None),
            ("", None),
        ] {
            assert_eq!(parse_arn(text), expected, "{text}");
        }
    }

    #[test]
    fn elements() {
        let list = ["a", "b", "c"];
        for (index, expected) in [(0, "a"), (2, "c"), (-1, "c"), (-3, "a")] {
            assert_eq!(element(&list, index), Some(expected), "{index}");
        }
        for index in [3, -4, isize::MAX, isize::MIN] {
            assert_eq!(element(&list, index), None, "{index}");
        }
        assert_eq!(element(&[], -1), None);
    }

    #[test]
    fn parts() {
        // The table of the specification.
        for (text, limit, expected) in [
            ("a--b--c", 0, vec!["a", "b", "c"]),
            ("a--b--c", 2, vec!["a", "b--c"]),
            ("a--b--c", 1, vec!["a--b--c"]),
            ("", 0, vec![""]),
            ("--", 0, vec!["", ""]),
            ("----", 0, vec!["", "", ""]),
            ("--b--", 0, vec!["", "b", ""]),
            ("--x-s3--azid--suffix", 0, vec!["", "x-s3", "azid", "suffix"]),
            ("--x-s3--azid--suffix", 2, vec!["", "x-s3--azid--suffix"]),
            ("abc", 0, vec!["abc"]),
        ] {
            assert_eq!(split(text, "--", limit), Some(expected), "{text} {limit}");
        }
        assert_eq!(split("abc", "", 0), None);
    }

    #[test]
    fn substrings() {
        for (text, start, stop, reverse, expected) in [
            ("abcdefg", 0, 4, false, Some("abcd")),
            ("abcdefg", 0, 4, true, Some("defg")),
            ("abcdefg", 1, 3, true, Some("ef")),
            ("abcd", 0, 4, false, Some("abcd")),
            ("abcd", 0, 4, true, Some("abcd")),
            ("abc", 0, 4, false, None),
            ("abcdefg", 4, 4, false, None),
            ("abcdefg", 5, 4, false, None),
            ("a\u{e9}cdefg", 0, 4, false, None),
            ("abcdef\u{7f}", 0, 4, false, Some("abcd")),
            ("", 0, 1, false, None),
        ] {
            assert_eq!(
                substring(text, start, stop, reverse),
                expected,
                "{text} {start}..{stop} {reverse}"
            );
        }
    }

    #[test]
    fn encoded_text() {
        assert_eq!(uri_encode("aZ09-._~"), "aZ09-._~");
        assert_eq!(uri_encode("/:,?#[]{}|@!"), "%2F%3A%2C%3F%23%5B%5D%7B%7D%7C%40%21");
        assert_eq!(
            uri_encode(" $&'()*+;=%<>\"^`\\"),
            "%20%24%26%27%28%29%2A%2B%3B%3D%25%3C%3E%22%5E%60%5C"
        );
        assert_eq!(uri_encode("\u{e9}\n"), "%C3%A9%0A");
    }

    #[test]
    fn host_labels() {
        let longest = "a".repeat(63);
        for label in ["a", "A-9", "0", "a--b", &longest] {
            assert!(is_valid_host_label(label, false), "{label}");
            assert!(is_valid_host_label(label, true), "{label}");
            assert!(is_valid_host_label(&format!("{label}.b"), true), "{label}");
            assert!(!is_valid_host_label(&format!("{label}.b"), false), "{label}");
        }
        for label in [
            "",
            "-a",
            "a-",
            "a_b",
            "a b",
            "\u{e9}",
            "a.",
            ".a",
            "a..b",
            &format!("{longest}a"),
        ] {
            assert!(!is_valid_host_label(label, false), "{label}");
            assert!(!is_valid_host_label(label, true), "{label}");
        }
    }

    #[test]
    fn buckets() {
        let longest = "a".repeat(63);
        for bucket in ["abc", "bucket-1", "b--use1-az1--x-s3", "123", &longest] {
            assert!(is_virtual_hostable_s3_bucket(bucket, false), "{bucket}");
            assert!(is_virtual_hostable_s3_bucket(bucket, true), "{bucket}");
        }
        for bucket in ["a.b", "1.2.3", "1.2.3.4.5"] {
            assert!(is_virtual_hostable_s3_bucket(bucket, true), "{bucket}");
            assert!(!is_virtual_hostable_s3_bucket(bucket, false), "{bucket}");
        }
        for bucket in [
            "",
            "ab",
            "Abc",
            "a_c",
            "-bc",
            "ab-",
            "a..b",
            "1.2.3.4",
            "999.0.0.1",
            &format!("{longest}a"),
        ] {
            assert!(!is_virtual_hostable_s3_bucket(bucket, true), "{bucket}");
        }
    }
}
