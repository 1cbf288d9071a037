//! The headers that the client has a say in: one list for requests, signatures and the generator.

/// A header that is not simply the caller's.
#[derive(Debug)]
pub(crate) struct KnownHeader {
    /// Its name, in lower case.
    pub(crate) name: &'static str,
    /// Whether the client sets it, so that inputs and options may not.
    pub(crate) set_by_client: bool,
    /// Whether a signature covers it. Proxies and HTTP clients change those that none covers.
    pub(crate) signed: bool,
}

/// Sorted by name.
pub(crate) const KNOWN_HEADERS: &[KnownHeader] = &[
    KnownHeader::new("amz-sdk-invocation-id", true, true),
    KnownHeader::new("amz-sdk-request", true, true),
    KnownHeader::new("authorization", true, false),
    KnownHeader::new("connection", true, false),
    KnownHeader::new("content-length", true, true),
    KnownHeader::new("expect", true, false),
    KnownHeader::new("host", true, true),
    KnownHeader::new("keep-alive", false, false),
    KnownHeader::new("proxy-authenticate", false, false),
    KnownHeader::new("proxy-authorization", false, false),
    KnownHeader::new("te", false, false),
    KnownHeader::new("trailer", false, false),
    KnownHeader::new("transfer-encoding", true, false),
    KnownHeader::new("upgrade", false, false),
    KnownHeader::new("user-agent", true, false),
    KnownHeader::new("x-amz-content-sha256", true, true),
    KnownHeader::new("x-amz-date", true, true),
    KnownHeader::new("x-amz-security-token", true, true),
    KnownHeader::new("x-amz-user-agent", true, true),
    KnownHeader::new("x-amzn-trace-id", false, false),
];

impl KnownHeader {
    const fn new(name: &'static str, set_by_client: bool, signed: bool) -> Self {
        Self {
            name,
            set_by_client,
            signed,
        }
    }
}

/// What is known of a header, by its name in lower case.
fn known(name: &str) -> Option<&'static KnownHeader> {
    // Few have the same length, so few are compared: that is faster than a binary search.
    KNOWN_HEADERS.iter().find(|header| header.name == name)
}

/// Whether the client sets this header: from anyone else it would spoil the signature.
pub(crate) fn is_set_by_client(name: &str) -> bool {
    known(name).is_some_and(|header| header.set_by_client)
}

/// Whether a signature covers this header.
pub(crate) fn is_signed(name: &str) -> bool {
    known(name).is_none_or(|header| header.signed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_are_found_by_name() {
        assert!(KNOWN_HEADERS.is_sorted_by(|one, next| one.name < next.name));
        assert!(is_set_by_client("host") && is_signed("host"));
        assert!(is_set_by_client("user-agent") && !is_signed("user-agent"));
        assert!(!is_set_by_client("te") && !is_signed("te"));
        assert!(!is_set_by_client("x-amzn-sagemaker-accept") && is_signed("x-amzn-sagemaker-accept"));
    }
}
