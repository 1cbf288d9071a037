//! What services need beyond their descriptions, as their `client.json` would say it. Other SDKs have code for it.

use super::Client;

/// What is known of the service with this identifier.
pub(super) fn of(service_id: &str) -> Client {
    let pairs = |pairs: &[(&str, &str)]| {
        let pairs = pairs.iter();
        pairs
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect()
    };
    let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    let nothing = Client::default();
    match service_id {
        // Without it, answers are HAL: other names, and lists in `_embedded`.
        "API Gateway" => Client {
            headers: pairs(&[("accept", "application/json")]),
            ..nothing
        },
        "CloudSearch Domain" => Client {
            forms: names(&["Search"]),
            ..nothing
        },
        "Glacier" => Client {
            headers: pairs(&[("x-amz-glacier-version", "2012-06-01")]),
            // The account of the credentials.
            defaults: pairs(&[("accountId", "-")]),
            ..nothing
        },
        // Models are asked where their real-time endpoints are.
        "Machine Learning" => Client {
            origins: names(&["VipURL"]),
            ..nothing
        },
        "Route 53" => Client {
            bare_ids: names(&["ResourceId", "DelegationSetId", "ChangeId"]),
            ..nothing
        },
        // The members that OAuth 2.0 has.
        "SSO OIDC" => Client {
            error_message: names(&["error_description", "error"]),
            ..nothing
        },
        _ => nothing,
    }
}

/// What callers have to do that other SDKs have code for: service, member of an input, and a sentence without its period.
const CAVEATS: &[(&str, &str, &str)] = &[
    ("DocDB", "PreSignedUrl", COPY_FROM_ANOTHER_REGION),
    (
        "EC2",
        "PresignedUrl",
        "to copy an encrypted snapshot from another region, presign the call with a client for that region, with \
         `DestinationRegion`, and set `PresignedUrl`",
    ),
    ("Neptune", "PreSignedUrl", COPY_FROM_ANOTHER_REGION),
    ("RDS", "PreSignedUrl", COPY_FROM_ANOTHER_REGION),
    (
        "S3",
        "CopySourceSSECustomerKey",
        "set `CopySourceSSECustomerKeyMD5` along with `CopySourceSSECustomerKey`, because the client does not compute it",
    ),
    (
        "S3",
        "EncodingType",
        "to list keys with characters that XML cannot hold, set `EncodingType` and decode the keys",
    ),
    (
        "S3",
        "SSECustomerKey",
        "set `SSECustomerKeyMD5` along with `SSECustomerKey`, because the client does not compute it",
    ),
];

const COPY_FROM_ANOTHER_REGION: &str = "to copy encrypted data from another region, set `PreSignedUrl`, which the client \
                                        does not make from `SourceRegion`";

/// What callers who may set this member of an input have to know.
pub fn caveat(service_id: &str, member: &str) -> Option<&'static str> {
    let caveat = CAVEATS
        .iter()
        .find(|(id, name, _)| (*id, *name) == (service_id, member));
    caveat.map(|(.., text)| *text)
}
