//! What services do, and other SDKs have code for, that descriptions do not say.

use super::Lowering;

/// What a service does.
#[derive(Debug)]
pub(super) struct Habits {
    /// The label that the path of most operations begins with, and that the endpoint rules put into the URL.
    pub(super) label_in_endpoint: Option<&'static str>,
    /// Whether the endpoint rules put what is in the prefixes of hosts into the URL.
    pub(super) host_prefix_in_endpoint: bool,
    /// The operations whose answer is one value: the root is the one member itself.
    pub(super) unwrapped: &'static [&'static str],
    /// The headers of answers that may hold anything, in lower case.
    pub(super) lenient_headers: &'static [&'static str],
    /// The codes of errors that come without a body, by status.
    pub(super) codes_by_status: &'static [(u16, &'static str)],
    /// The header of errors with the region that the request should have gone to, in lower case.
    pub(super) region_header: Option<&'static str>,
}

const NONE: Habits = Habits {
    label_in_endpoint: None,
    host_prefix_in_endpoint: false,
    unwrapped: &[],
    lenient_headers: &[],
    codes_by_status: &[],
    region_header: None,
};

/// By the identifier of the service.
const KNOWN: &[(&str, Habits)] = &[
    (
        "S3",
        Habits {
            label_in_endpoint: Some("Bucket"),
            unwrapped: &["GetBucketLocation"],
            // It is kept as the owner of an object has written it.
            lenient_headers: &["expires"],
            // The answers to HEAD have no body, and with it no code.
            codes_by_status: &[(404, "NotFound")],
            region_header: Some("x-amz-bucket-region"),
            ..NONE
        },
    ),
    (
        "S3 Control",
        Habits {
            // The prefix is the account, which is in the host that the rules give.
            host_prefix_in_endpoint: true,
            ..NONE
        },
    ),
];

impl Lowering<'_> {
    /// What the service does.
    pub(super) fn habits(&self) -> &'static Habits {
        let id = &self.model.service.metadata.service_id;
        let known = KNOWN.iter().find(|(service, _)| service == id);
        known.map_or(&NONE, |(_, habits)| habits)
    }

    /// Whether signatures are those of S3.
    pub(super) fn has_s3_signatures(&self) -> bool {
        let version = self.model.service.metadata.signature_version.as_deref();
        matches!(version, Some("s3" | "s3v4"))
    }
}
